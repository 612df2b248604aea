"""One save: encode, restore the metadata, put the file in place, and make sure that it reads back."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from sharpen_desktop.core.errors import PhotoUnreadable, SaveFailed, SharpenError
from sharpen_desktop.core.picture import Master, Saved, SaveOptions
from sharpen_desktop.services.images import encoding, metadata, picture_pixels
from sharpen_desktop.services.images.opening import FOREIGN_ERRORS, opened, orientation_of, translated
from sharpen_desktop.services.images.photo_file import FRIENDLY, printable_name, recognise
from sharpen_desktop.services.safe_file import reason, write_whole

_EIGHT_BIT = {"jpeg", "webp"}


def save(
    picture: Master, metadata_of: Master, target: Path, options: SaveOptions, received: str | None
) -> Saved:
    """Do the work of image_io.save_photo. Raises SaveFailed."""
    _refuse_too_long(picture, target, options.format)
    size = (picture.width, picture.height)
    try:
        with tempfile.TemporaryDirectory(prefix="save", dir=picture.folder) as folder:
            draft = Path(folder) / f"draft.{options.format}"
            notes = _draft(picture, metadata_of, draft, options, received)
            notes += metadata.restore(draft, options.format, metadata_of.metadata, size)
            notes += write_whole(target, _copying(draft), _reading_back(target, options.format, size))
    except SaveFailed:
        raise
    except OSError as error:
        raise _failed(target, f"{reason(error)} (temporary files)", error) from error
    except MemoryError as error:
        raise _failed(target, "there is not enough memory", error) from error
    except (SharpenError, *FOREIGN_ERRORS) as error:
        raise _failed(target, "its pixels could not be written in this format", error) from error
    return Saved(str(target), tuple(notes))


def _failed(target: Path, why: str, error: object = "") -> SaveFailed:
    return SaveFailed(f"{printable_name(str(target))} could not be saved: {why}.", detail=str(error))


def _refuse_too_long(picture: Master, target: Path, format_name: str) -> None:
    longest = max(picture.width, picture.height)
    limit = encoding.LONGEST_EDGE_PX.get(format_name, longest)
    if longest > limit:
        name = FRIENDLY.get(format_name.upper(), format_name.upper())
        raise _failed(
            target, f"{name} takes at most {limit:,} pixels on a side, and this picture has {longest:,}"
        )


def _draft(
    picture: Master, metadata_of: Master, draft: Path, options: SaveOptions, received: str | None
) -> list[str]:
    """Write the picture without metadata; return what could not be kept."""
    if received is not None and _is_kept_as_received(received, options.format, picture):
        shutil.copyfile(received, draft)
        return []
    loaded = picture_pixels.load(picture, metadata.resolution(metadata_of.metadata))
    draft.write_bytes(_encoded(loaded, options))
    return _losses(loaded, options.format)


def _encoded(loaded: picture_pixels.Picture, options: SaveOptions) -> bytes:
    match options.format:
        case "jpeg":
            return encoding.jpeg(loaded, options.quality)
        case "webp":
            return encoding.webp(loaded, options.quality)
        case "png":
            return encoding.png(loaded)
        case "tiff":
            return encoding.tiff(loaded)
    raise ValueError(f"no way to write {options.format}")


def _losses(loaded: picture_pixels.Picture, format_name: str) -> list[str]:
    """Say what the format cannot hold of this picture."""
    notes = []
    name = FRIENDLY.get(format_name.upper(), format_name.upper())
    if format_name in _EIGHT_BIT and loaded.pixels.dtype == np.uint16:
        notes.append(f"{name} keeps 8 of the 16 bits a channel.")
    if format_name == "jpeg" and loaded.alpha is not None and _is_see_through(loaded.alpha):
        notes.append("JPEG knows no transparency; see-through parts were put on white.")
    return notes


def _is_see_through(alpha: "np.typing.NDArray[np.unsignedinteger]") -> bool:
    return int(alpha.min()) < np.iinfo(alpha.dtype).max


def _is_kept_as_received(received: str, format_name: str, picture: Master) -> bool:
    """Whether the received file is of the wanted format, upright as it is, and this picture."""
    try:
        if recognise(received) != format_name.upper():
            return False
        with translated(received), opened(received, format_name.upper()) as image:
            is_upright = orientation_of(image) == 1
            if image.format == "TIFF":  # Pillow turns these itself, but the stored rows are what is kept
                is_upright = getattr(image, "tag_v2", {}).get(274, 1) == 1
            return is_upright and image.size == (picture.width, picture.height)
    except PhotoUnreadable:
        return False


def _copying(draft: Path) -> Callable[[BinaryIO], None]:
    def write(file: BinaryIO) -> None:
        with draft.open("rb") as source:
            shutil.copyfileobj(source, file, 1 << 20)

    return write


def _reading_back(target: Path, format_name: str, size: tuple[int, int]) -> Callable[[Path], None]:
    """Return a check that decodes the finished file and compares its size."""

    def check(part: Path) -> None:
        try:
            with translated(str(part)):
                found = _size_of_tiff(part) if format_name == "tiff" else _size_of(part, format_name)
        except PhotoUnreadable as error:
            raise _failed(target, "the written file could not be read back", error.detail) from error
        if found != size:
            raise _failed(target, "the written file has another size", f"{found}, not {size}")

    return check


def _size_of(part: Path, format_name: str) -> tuple[int, int]:
    with opened(str(part), format_name.upper()) as image:
        image.load()
        return image.size


def _size_of_tiff(part: Path) -> tuple[int, int]:
    import tifffile

    with tifffile.TiffFile(part) as tiff:
        height, width = tiff.pages[0].asarray().shape[:2]
    return width, height
