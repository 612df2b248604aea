"""Whether a picture file is whole: every checksum, every row, and what the decoder complains about in passing."""

import os
import tempfile
from pathlib import Path

from sharpen_desktop.core.errors import PhotoUnreadable
from sharpen_desktop.services.images.opening import opened, translated
from sharpen_desktop.services.images.photo_file import recognise

_COMPLAINT = "Corrupt JPEG data"
"""libjpeg goes on after damage in the middle of a file, and only says so."""

_STANDARD_ERROR = 2


def what_is_wrong(path: str) -> str:
    """Return what is wrong with the picture as a half-sentence with the decoder's words, empty when it is whole."""
    try:
        _decode(path)
    except PhotoUnreadable as error:
        why = error.headline.partition(" could not be opened: ")[2].removesuffix(".") or error.headline
        return f"{why} ({error.detail})" if error.detail else why
    return ""


def _decode(path: str) -> None:
    format_name = recognise(path)
    if format_name == "TIFF" and _is_whole_tiff(path):
        return
    with translated(path):
        if format_name == "PNG":
            with opened(path, format_name) as image:
                image.verify()  # its checksums, which decoding does not look at
        with opened(path, format_name) as image:
            image.load()
        if format_name == "JPEG" and (complaint := _complaint(path)):
            raise ValueError(complaint)


def _is_whole_tiff(path: str) -> bool:
    """Decode a TIFF at its full depth; False when it is one for Pillow."""
    from sharpen_desktop.services.images import tiff_reading

    if tiff_reading.look(path) is None:
        return False
    import tifffile

    with translated(path), tifffile.TiffFile(path) as tiff:
        tiff.pages[0].asarray()
    return True


def _complaint(path: str) -> str:
    """Return what libjpeg says about damage it has passed over; it says it on the standard error alone."""
    import cv2
    import numpy as np

    data = np.fromfile(Path(path), np.uint8)
    kept = os.dup(_STANDARD_ERROR)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), _STANDARD_ERROR)
        try:
            cv2.imdecode(data, cv2.IMREAD_REDUCED_GRAYSCALE_8)
        finally:
            os.dup2(kept, _STANDARD_ERROR)
            os.close(kept)
        said.seek(0)
        lines = said.read(1 << 16).decode("utf-8", "replace").splitlines()
    return next((line for line in lines if line.startswith(_COMPLAINT)), "")
