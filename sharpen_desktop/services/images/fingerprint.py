"""What tells one photo from another: the SHA-256 of its file's bytes and that of its decoded, upright pixels.

The file's counts only while it is still the one that the pixels were read from; so its marks (size, times,
number) are written down beside the pixels before it is opened.
"""

import hashlib
import logging
import os
import stat
from pathlib import Path
from typing import Any

from sharpen_desktop.core.picture import Fingerprint, Master
from sharpen_desktop.services.images import source_note

log = logging.getLogger(__name__)

_ROWS = 256


def take(master: Master, path: str | None) -> Fingerprint:
    """Return the fingerprint of an opened photo whose file is ``path``; SharpenError when its pixels are gone."""
    return Fingerprint(file=_of_file(Path(master.folder), path) if path else "", pixels=_of_pixels(master))


def _of_file(folder: Path, path: str) -> str:
    """Return the SHA-256 of the file's bytes, nothing when it is not the one that was read."""
    try:
        noted = source_note.noted(folder)
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would wait for ever
            return ""
        with Path(path).open("rb") as file:
            if source_note.marks(os.fstat(file.fileno())) != noted:
                return ""
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return digest if source_note.marks(os.fstat(file.fileno())) == noted else ""
    except (OSError, ValueError) as error:
        log.info("The photo's file has no fingerprint: %s", type(error).__name__)
        return ""


def _of_pixels(master: Master) -> str:
    """Return the SHA-256 of shape, depth, values, alpha and profile: equal only if all of them are."""
    from sharpen_desktop.services.images import picture_pixels

    picture = picture_pixels.load(master)
    digest = hashlib.sha256(b"pixels 1")
    _add_array(digest, picture.pixels)
    if picture.alpha is not None:
        _add_array(digest, picture.alpha)
    digest.update(b"profile" + (picture.profile or b""))
    return digest.hexdigest()


def _add_array(digest: "hashlib._Hash", array: Any) -> None:  # noqa: ANN401 - NumPy is not imported here
    digest.update(f"{array.shape} {array.dtype.str}".encode())
    for top in range(0, len(array), _ROWS):
        digest.update(array[top : top + _ROWS].data)
