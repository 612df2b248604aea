"""Names of saved files: made from the photo's, never the photo's own."""

from collections.abc import Callable
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

SUFFIX_OF_FORMAT = {"jpeg": ".jpg", "png": ".png", "tiff": ".tif", "webp": ".webp"}
_SPELLINGS = {
    ".jpg": "jpeg", ".jpeg": "jpeg", ".jpe": "jpeg", ".jfif": "jpeg",
    ".png": "png", ".tif": "tiff", ".tiff": "tiff", ".webp": "webp",
}  # fmt: skip
READABLE_SUFFIXES = frozenset({
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".tif", ".tiff", ".webp", ".avif", ".bmp", ".dib", ".gif",
})  # fmt: skip
LABELS = {"jpeg": "JPEG", "png": "PNG", "tiff": "TIFF", "webp": "WebP"}
DEEP_FORMATS = frozenset({"png", "tiff"})
"""Formats that hold 16 bits a channel."""


def format_of_name(name: str) -> str | None:
    """Return the format a file name's ending asks for, ``None`` when it is not one that can be written."""
    return _SPELLINGS.get(PurePath(name).suffix.lower())


def looks_readable(name: str) -> bool:
    """Return whether a file of this name is likely a photo that can be read; its content decides in the end."""
    suffix = PurePath(name).suffix.lower()
    return not suffix or suffix in READABLE_SUFFIXES


def web_name(url: str) -> str:
    """Return a file name for the picture at a web address, at most 80 characters, with nothing a disk minds."""
    last = unquote(urlsplit(url).path.rpartition("/")[2])
    plain = "".join(letter if letter.isalnum() or letter in "-_. " else "_" for letter in last).strip(". ")
    stem, suffix = PurePath(plain).stem, PurePath(plain).suffix
    return f"{stem[:70] or 'picture'}{suffix[:9]}"


def format_for(wanted: str, source_format: str) -> str:
    """Return the format to save in: the wanted one, or for "same" the source's, PNG where that is not written.

    ``source_format`` as people name it ("JPEG", "BMP").
    """
    if wanted in SUFFIX_OF_FORMAT:
        return wanted
    same = source_format.lower()
    return same if same in SUFFIX_OF_FORMAT else "png"


def suggested_name(source_name: str, save_format: str, is_taken: Callable[[str], bool]) -> str:
    """Return "{name}-sharp.ext", numbered from 2 on while the name is taken."""
    stem = PurePath(source_name).stem or "photo"
    ending = SUFFIX_OF_FORMAT[save_format]
    name, number = f"{stem}-sharp{ending}", 2
    while is_taken(name):
        name, number = f"{stem}-sharp-{number}{ending}", number + 1
    return name


def with_ending(name: str, save_format: str) -> str:
    """Return the file name with an ending that can be written; one that is there already is kept."""
    return name if format_of_name(name) else f"{name}{SUFFIX_OF_FORMAT[save_format]}"
