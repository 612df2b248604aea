"""What tells one photo from another: the SHA-256 of its file's bytes and that of its decoded, upright pixels.

The file's counts only while it is still the one that the pixels were read from; so its marks (size, times,
number) are written down beside the pixels before it is opened.
"""

import contextlib
import hashlib
import json
import logging
import os
import stat
from pathlib import Path
from typing import Any

from sharpen_desktop.core.picture import Fingerprint, Master

log = logging.getLogger(__name__)

Marks = list[int]
"""Size, time of change of content and of entry, in ns, and number of a file."""

_NOTE = "source.json"
_ROWS = 256


def note_source(folder: Path, path: str) -> None:
    """Write the file's marks into the folder its pixels go to; before anything of it is read."""
    with contextlib.suppress(FileNotFoundError):  # the reading will say it
        (folder / _NOTE).write_text(json.dumps(_marks(os.stat(path))), encoding="ascii")


def take(master: Master, path: str | None) -> Fingerprint:
    """Return the fingerprint of an opened photo whose file is ``path``; SharpenError when its pixels are gone."""
    return Fingerprint(file=_of_file(Path(master.folder), path) if path else "", pixels=_of_pixels(master))


def _marks(status: os.stat_result) -> Marks:
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _of_file(folder: Path, path: str) -> str:
    """Return the SHA-256 of the file's bytes, nothing when it is not the one that was read."""
    try:
        noted = json.loads((folder / _NOTE).read_text(encoding="ascii"))
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would wait for ever
            return ""
        with Path(path).open("rb") as file:
            if _marks(os.fstat(file.fileno())) != noted:
                return ""
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return digest if _marks(os.fstat(file.fileno())) == noted else ""
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
