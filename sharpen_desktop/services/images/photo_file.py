"""Photo files as the disk has them: which may be opened, of which format they are, and in which order.

Nothing here decodes. Light imports only.
"""

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from sharpen_desktop.core.errors import PhotoUnreadable
from sharpen_desktop.core.naming import READABLE_SUFFIXES

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "AVIF", "BMP", "GIF")
FRIENDLY = {"WEBP": "WebP"}
READABLE = "JPEG, PNG, TIFF, WebP, AVIF, BMP and GIF"
LARGEST_PIXELS = 200_000_000
"""More than this is refused before anything is decoded."""

_RAW_SUFFIXES = {
    ".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".kdc", ".mef", ".mos",
    ".mrw", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f",
}  # fmt: skip
_RAW_SENTENCE = "it is a camera raw file, which cannot be read yet; develop it to TIFF or JPEG first"
_STARTS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
)
_FOREIGN_STARTS = (
    (b"8BPS", "a Photoshop"),
    (b"%PDF", "a PDF"),
    (b"\xff\x0a", "a JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000"),
    (b"<svg", "an SVG"),
    (b"gimp xcf", "a GIMP"),
)
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}


def unreadable(path: str, why: str, detail: object = "") -> PhotoUnreadable:
    """Return the error that says ``path`` could not be opened because of ``why`` (a half-sentence)."""
    return PhotoUnreadable(f"{printable_name(path)} could not be opened: {why}.", detail=str(detail))


def printable_name(path: str) -> str:
    """Return the file's name; what is no valid text in it becomes a question mark."""
    return Path(path).name.encode(errors="replace").decode()


def recognise(path: str) -> str:
    """Return which of FORMATS the file is, by its content.

    Raises PhotoUnreadable for what is no regular file, empty, not permitted, or of another format; a
    FIFO or a device is never opened, so this cannot block.
    """
    _require_file(path)
    try:
        with Path(path).open("rb") as file:
            head = file.read(32)
    except OSError as error:
        raise unreadable(path, _why_not(error), error) from error
    found = _format_of(head)
    is_raw = Path(path).suffix.lower() in _RAW_SUFFIXES or head[8:10] == b"CR"
    if is_raw and found in {"TIFF", ""}:
        raise unreadable(path, _RAW_SENTENCE)
    if found not in FORMATS:
        what = f"it is {found} file" if found else "it is not a picture in a known format"
        raise unreadable(path, f"{what}; {READABLE} can be opened")
    return found


def readable_files(paths: Iterable[str]) -> list[str]:
    """Return files as given, folders replaced by the photos directly in them, in natural order.

    Hidden files and folders inside a folder are left out; so are files whose extension is of no photo.
    """
    found: list[str] = []
    for path in paths:
        found += _photos_in(path) if Path(path).is_dir() else [path]
    return found


def _photos_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            photos = [entry.path for entry in entries if _is_photo(entry)]
    except OSError as error:
        raise unreadable(folder, _why_not(error), error) from error
    return sorted(photos, key=_natural_order)


def _is_photo(entry: os.DirEntry[str]) -> bool:
    suffix = os.path.splitext(entry.name)[1].lower()
    try:
        return suffix in READABLE_SUFFIXES and not entry.name.startswith(".") and entry.is_file()
    except OSError:
        return False


def _natural_order(path: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return a key by which photo 2 comes before photo 10."""
    parts = re.split(r"([0-9]+)", Path(path).name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part], path


def _require_file(path: str) -> None:
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise unreadable(path, _why_not(error), error) from error
    if stat.S_ISDIR(status.st_mode):
        raise unreadable(path, "it is a folder")
    if not stat.S_ISREG(status.st_mode):
        raise unreadable(path, "it is not a regular file")
    if status.st_size == 0:
        raise unreadable(path, "the file is empty")


def _why_not(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return "the file is not there"
        case PermissionError():
            return "there is no permission to read it"
        case ValueError():
            return "the name is not a valid file name"
    return "the system could not read it"


def _format_of(head: bytes) -> str:
    """Return one of FORMATS, or another format's name with its article, or nothing."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        brands = {head[8:12], *(head[i : i + 4] for i in range(16, 32, 4))}
        return "AVIF" if brands & _AVIF_BRANDS else "a HEIC" if brands & _HEIF_BRANDS else ""
    for start, name in (*_STARTS, *_FOREIGN_STARTS):
        if head.startswith(start):
            return name
    return ""
