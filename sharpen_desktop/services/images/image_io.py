"""Reading and writing pictures: the surface. Everything here runs in a worker process.

Plain functions with picklable values; pixels stay in files. Errors leave as SharpenError. The picture
libraries are imported by the functions that need them, so that a first look need not wait for all.
"""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sharpen_desktop.core.arrival import Arrival, Mend
from sharpen_desktop.core.errors import PhotoUnreadable, SaveFailed, SharpenError
from sharpen_desktop.core.picture import (
    Display,
    Fingerprint,
    Master,
    OpenedPicture,
    PhotoFacts,
    Saved,
    SaveOptions,
    Upload,
)
from sharpen_desktop.services.images import fingerprint as fingerprints
from sharpen_desktop.services.images import photo_file, source_note
from sharpen_desktop.services.images.photo_file import FORMATS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sharpen_desktop.services.images.decoded import Decoded

__all__ = [
    "FORMATS",
    "compare_arrival",
    "decode_check",
    "fingerprint",
    "first_look",
    "mended",
    "open_photo",
    "plain_png",
    "prepare_upload",
    "readable_files",
    "save_photo",
    "store_result",
    "tone_curve",
]


def first_look(path: str, folder: str, edge_px: int) -> OpenedPicture | None:
    """Return a fast scaled look at a JPEG: one display level, its long edge about ``edge_px`` or more.

    ``None`` for formats without a quick way and for small files. Raises PhotoUnreadable.
    """
    from sharpen_desktop.services.images import quick_look

    try:
        return quick_look.look(path, folder, edge_px)
    except OSError as error:
        raise _no_room(path, error) from error


def open_photo(path: str, folder: str) -> OpenedPicture:
    """Decode the whole picture into ``folder``: pixels, alpha, profile, metadata and display levels.

    Raises PhotoUnreadable with a sentence that names the file and the reason; the folder is gone then.
    """
    try:
        return _opened(path, folder)
    except PhotoUnreadable:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _opened(path: str, folder: str) -> OpenedPicture:
    import cv2

    from sharpen_desktop.services.images import decoding, metadata
    from sharpen_desktop.services.images.pixel_files import NoRoom, write_levels

    format_name = photo_file.recognise(path)
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        source_note.note_source(place, path)
        decoded = decoding.decode(path, format_name, place)
        levels = write_levels(place, decoded.pixels, decoded.alpha, decoded.profile)
        carrier, notes = metadata.capture(path, format_name, place)
        master = _master(decoded, place, carrier)
    except (OSError, NoRoom) as error:
        raise _no_room(path, error) from error
    except (MemoryError, cv2.error) as error:
        raise photo_file.unreadable(path, "there is not enough memory for it", error) from error
    facts = PhotoFacts(
        photo_file.FRIENDLY.get(format_name, format_name),
        master.width,
        master.height,
        decoded.depth,
        decoded.profile_name,
        decoded.alpha is not None,
        (*decoded.notes, *notes),
    )
    display = Display(master.width, master.height, levels, decoded.alpha is not None)
    return OpenedPicture(facts, display, master)


def prepare_upload(
    master: Master, path: str, soft_cap: int = 10_000_000, hard_cap: int = 500_000_000
) -> Upload:
    """Write the file that would be sent: sRGB, 8 bit, nothing but pixels and the sRGB profile.

    PNG while its base64 stays within ``soft_cap`` bytes, else JPEG (alpha flattened on white), scaled down where
    it would be larger than ``hard_cap`` bytes or the service's longest side. Raises SharpenError.
    """
    from sharpen_desktop.services.images import outgoing_picture, picture_pixels
    from sharpen_desktop.services.images.opening import FOREIGN_ERRORS
    from sharpen_desktop.services.safe_file import write_bytes_whole

    try:
        source = picture_pixels.load(master)
        data, media_type, size, note = outgoing_picture.encoded(source, soft_cap, hard_cap)
    except (MemoryError, *FOREIGN_ERRORS) as error:
        raise SharpenError("The photo could not be made ready to send.", detail=repr(error)) from error
    write_bytes_whole(Path(path), data)
    return Upload(path, media_type, len(data), *size, note)


def store_result(pixels: "NDArray[Any]", source: Master, path: str) -> None:
    """Write the local engine's result (H×W or H×W×3, uint8 or uint16) as an uncompressed TIFF.

    With the source's alpha and profile; whole or not at all. Raises SaveFailed.
    """
    from sharpen_desktop.services.images import encoding, picture_pixels
    from sharpen_desktop.services.images.pixel_files import to_depth
    from sharpen_desktop.services.safe_file import write_whole

    before = picture_pixels.load(source)
    alpha = before.alpha
    if alpha is not None:
        alpha = to_depth(alpha, 8 * pixels.dtype.itemsize) if alpha.shape == pixels.shape[:2] else None
    result = picture_pixels.Picture(pixels, alpha, before.profile)
    size = pixels.nbytes + (alpha.nbytes if alpha is not None else 0)
    write_whole(Path(path), lambda file: encoding.write_tiff(file, result, is_compressed=False), size=size)


def fingerprint(picture: Master, path: str | None) -> Fingerprint:
    """Return what tells this photo from others; of the file ``path`` only if it is still the one that was read.

    Raises SharpenError when its pixels are gone.
    """
    return fingerprints.take(picture, path)


def compare_arrival(sent: Master, came: Master) -> Arrival:
    """Look whether a result fits the photo it was made from. Raises SharpenError when it cannot be looked at."""
    import cv2

    from sharpen_desktop.services.images import arrival
    from sharpen_desktop.services.images.opening import FOREIGN_ERRORS

    try:
        return arrival.compare(sent, came)
    except (MemoryError, cv2.error, *FOREIGN_ERRORS) as error:
        raise SharpenError("The result could not be compared with the photo.", detail=repr(error)) from error


def mended(sent: Master, came: Master, mend: Mend, target: str) -> None:
    """Write ``came``, moved or recoloured to fit ``sent``, as a lossless TIFF or PNG. Raises SharpenError."""
    import cv2

    from sharpen_desktop.services.images import mending
    from sharpen_desktop.services.images.opening import FOREIGN_ERRORS

    try:
        mending.mend(sent, came, mend, Path(target))
    except (MemoryError, cv2.error, *FOREIGN_ERRORS) as error:
        raise SaveFailed("The result could not be made to fit the photo.", detail=repr(error)) from error


def plain_png(picture: Master, path: str) -> None:
    """Write the pixels alone as a PNG: 8-bit sRGB, without metadata. Raises SaveFailed."""
    from sharpen_desktop.services.images import encoding, picture_pixels
    from sharpen_desktop.services.images.opening import FOREIGN_ERRORS
    from sharpen_desktop.services.safe_file import write_bytes_whole

    try:
        data = encoding.png(picture_pixels.in_srgb(picture_pixels.load(picture)))
    except (MemoryError, SharpenError, *FOREIGN_ERRORS) as error:
        raise SaveFailed("The picture could not be copied.", detail=repr(error)) from error
    write_bytes_whole(Path(path), data)


def decode_check(path: str) -> str:
    """Decode a whole file strictly; return what is wrong with it as a half-sentence, empty when nothing is."""
    from sharpen_desktop.services.images import strict_decoding

    return strict_decoding.what_is_wrong(path)


def tone_curve(master: Master) -> "NDArray[Any] | None":
    """Return linear light for 4096 encoded values over 0–1 by the profile's green or grey curve.

    ``None`` for sRGB's curve, without a profile, and for profiles that have no such curve.
    """
    from sharpen_desktop.services.images import colour

    return colour.decoding_curve(Path(master.profile).read_bytes()) if master.profile else None


def save_photo(
    picture: Master, metadata_of: Master, target: str, options: SaveOptions, received: str | None
) -> Saved:
    """Write ``picture`` with the other's metadata, whole or not at all. Raises SaveFailed.

    ``received``: the picture's own file as it came from the service; where it is of the wanted format its
    pixels stay as they came.
    """
    from sharpen_desktop.services.images import saving

    return saving.save(picture, metadata_of, Path(target), options, received)


def readable_files(paths: list[str]) -> list[str]:
    """Return files as given, folders replaced by the photos directly in them, in natural order."""
    return photo_file.readable_files(paths)


def _master(decoded: "Decoded", folder: Path, carrier: str) -> Master:
    """Return where the decoded picture lies; writes its profile beside it."""
    profile = folder / "profile.icc"
    if decoded.profile is not None:
        profile.write_bytes(decoded.profile.data)
    height, width = decoded.pixels.shape[:2]
    return Master(
        str(folder),
        width,
        height,
        8 * decoded.pixels.dtype.itemsize,
        is_grey=decoded.pixels.ndim == 2,
        pixels=str(folder / "pixels.npy"),
        alpha="" if decoded.alpha is None else str(folder / "alpha.npy"),
        profile="" if decoded.profile is None else str(profile),
        metadata=carrier,
        jpeg_quality=decoded.jpeg_quality,
    )


def _no_room(path: str, error: Exception) -> SharpenError:
    return photo_file.unreadable(
        path,
        "the disk for temporary files has no room for its pixels. Make some room, then open it again",
        error,
    )
