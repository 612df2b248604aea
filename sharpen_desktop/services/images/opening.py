"""The one door through which Pillow gets to see a file: allow-listed, size-checked, errors translated."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from sharpen_desktop.services.images.photo_file import LARGEST_PIXELS, unreadable

# Sizes are checked here, right after the header and with a sentence; Pillow's own check only knows errors.
Image.MAX_IMAGE_PIXELS = None

DAMAGED = "the file is damaged or incomplete"
_ORIENTATION_TAG = 0x0112

FOREIGN_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    LookupError,
    TypeError,
    # Decoders written in Python stumble over fields that a broken file leaves out.
    AttributeError,
    ArithmeticError,
    AssertionError,
    # Covers RecursionError, NotImplementedError and the errors of imagecodecs.
    RuntimeError,
    zlib.error,
)
"""What decoders raise for damaged files; reliability.md 3."""


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Turn what decoders raise into PhotoUnreadable about ``path``."""
    try:
        yield
    except MemoryError as error:
        raise unreadable(path, "there is not enough memory for it", error) from error
    except FOREIGN_ERRORS as error:
        raise unreadable(path, DAMAGED, f"{type(error).__name__}: {error}") from error


@contextmanager
def opened(path: str, format_name: str) -> Iterator[Image.Image]:
    """Open ``path`` as ``format_name`` and nothing else; only its header has been read. Within translated()."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Path(path).open("rb") as file:
            if format_name == "WEBP":  # Pillow allocates the whole canvas when it opens one
                require_reasonable(path, *_webp_size(file.read(32)))
                file.seek(0)
            with Image.open(file, formats=(format_name,)) as image:
                require_reasonable(path, *image.size)
                yield image


def require_reasonable(path: str, width: int, height: int) -> None:
    """Refuse a picture that says it has no pixels, or more than LARGEST_PIXELS."""
    if width < 1 or height < 1:
        raise unreadable(path, DAMAGED, f"{width} × {height}")
    if width * height > LARGEST_PIXELS:
        megapixels, limit = round(width * height / 1e6), LARGEST_PIXELS // 1_000_000
        raise unreadable(path, f"it has {megapixels:,} megapixels, and more than {limit} cannot be worked on")


def orientation_of(image: Image.Image) -> int:
    """Return the EXIF orientation 1–8 that is still to be applied after loading; 1 when it is unreadable."""
    if image.format == "TIFF":  # Pillow turns TIFFs itself while loading
        return 1
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except FOREIGN_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def profile_bytes(image: Image.Image) -> bytes | None:
    """Return the embedded ICC file as it is."""
    data = image.info.get("icc_profile")
    return data if isinstance(data, bytes) and data else None


def _webp_size(head: bytes) -> tuple[int, int]:
    """Return the canvas size a WebP header declares; RFC 9649."""
    match head[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", head, 26)
            return width & 0x3FFF, height & 0x3FFF
    raise ValueError("no WebP")
