"""Write a file whole or not at all: whatever stood in its place stays until the new one is complete.

Standard library only; the window's process imports this too.
"""

import contextlib
import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from sharpen_desktop.core.errors import SaveFailed
from sharpen_desktop.services.durable import BUSY_WINERRORS, replace, synced, synced_folder

UNCONFIRMED = "The disk did not confirm that the file is safely stored."

_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than this disk allows",
    errno.EACCES: "there is no permission to write there",
    errno.EPERM: "there is no permission to write there",
    errno.EROFS: "the disk is read-only",
    errno.ENOENT: "the folder is not there",
    errno.ENOTDIR: "the folder is not there",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EISDIR: "a folder of that name is in the way",
    errno.EIO: "the disk reported an error",
    errno.ESTALE: "the network folder went away",
    errno.ETIMEDOUT: "the network folder does not answer",
    errno.ELOOP: "the link leads in a circle",
}


def write_whole(
    target: Path,
    write: Callable[[BinaryIO], None],
    check: Callable[[Path], None] | None = None,
    size: int = 0,
) -> list[str]:
    """Write ``target`` through ``write``, look at it with ``check``, and only then put it in place.

    ``write`` gets a seekable binary file; it must not write past it, through the descriptor. ``check`` gets
    the path of the finished temporary file and raises SaveFailed when it is not as it should be.
    ``size``: bytes expected, where known, so that a full disk is noticed before anything is written.
    Returns plain sentences about what could not be made sure of. Raises SaveFailed; then ``target`` is
    as it was and nothing is left beside it.
    """
    _refuse_bad_name(target)
    try:
        return _write_beside(Path(os.path.realpath(target)), write, check, size)
    except OSError as error:
        raise SaveFailed(
            f"{_printable(target)} could not be saved: {reason(error)}.", detail=str(error)
        ) from error


def write_bytes_whole(target: Path, data: bytes) -> list[str]:
    """Write ``data`` to ``target`` whole or not at all; as write_whole."""

    def write(file: BinaryIO) -> None:
        file.write(data)

    return write_whole(target, write, size=len(data))


def reason(error: OSError) -> str:
    """Return why a file operation failed, as a half-sentence for a person."""
    if getattr(error, "winerror", None) in BUSY_WINERRORS - {5}:
        return "another program is using the file"
    return _REASONS.get(error.errno or 0, "the system refused it")


def _refuse_bad_name(target: Path) -> None:
    """Refuse names that some system would bend or swallow, so that a photo folder stays portable."""
    name = target.name
    if name.split(".")[0].rstrip().upper() in _RESERVED:
        why = f"{name.split('.')[0]} is a name that Windows keeps for itself"
    elif not name or name in {".", ".."}:
        why = "it has no file name"
    elif name.endswith((".", " ")):
        why = "a name cannot end with a full stop or a space"
    elif any(ord(c) < 32 for c in name) or (sys.platform == "win32" and set(name) & set('<>:"/\\|?*')):
        why = "the name has a character that cannot be used"
    elif len(os.fsencode(name)) > 255:
        why = "the name is too long"
    else:
        return
    raise SaveFailed(f"{_printable(target) or target} could not be saved: {why}.")


def _printable(target: Path) -> str:
    """Return the name; what is no valid text in it becomes a question mark."""
    return target.name.encode(errors="replace").decode()


def _write_beside(
    target: Path, write: Callable[[BinaryIO], None], check: Callable[[Path], None] | None, size: int
) -> list[str]:
    """Do the work of write_whole; OSErrors leave as they are."""
    mode = _mode_for(target)
    if size and shutil.disk_usage(target.parent).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    part, descriptor = _temporary(target)
    try:
        os.close(descriptor)
        # A buffered Python file writes on after a short write and raises when the disk takes no more.
        with part.open("w+b") as file:
            write(file)
            file.flush()
            _set_mode(part, mode)
            confirmed = synced(file.fileno())
        if check is not None:
            check(part)
        replace(part, target)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    with contextlib.suppress(OSError):  # the file is already in place
        synced_folder(target.parent)
    return [] if confirmed else [UNCONFIRMED]


def _mode_for(target: Path) -> int:
    """Return the permission bits of the new file; refuse a target that must not be overwritten."""
    try:
        status = target.stat()
    except FileNotFoundError:
        if not target.parent.exists():
            raise
        return 0o666 & ~_umask()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    # A rename needs only the folder's permission: without this question a write-protected file would go.
    # The bits count for root too, who may write anything: the protection was meant.
    writable_by_anyone = status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    if not stat.S_ISREG(status.st_mode) or not writable_by_anyone or not os.access(target, os.W_OK):
        raise SaveFailed(f"{_printable(target)} could not be saved: the file there is write-protected.")
    return stat.S_IMODE(status.st_mode)


def _umask() -> int:
    """Return the process's umask, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _temporary(target: Path) -> tuple[Path, int]:
    """Create an empty file beside ``target``; the name is cut so that it fits beside a long one."""
    stem = os.fsencode(target.name)[:200].decode(errors="ignore")
    descriptor, name = tempfile.mkstemp(prefix=f".{stem}.", suffix=".part", dir=target.parent)
    return Path(name), descriptor


def _set_mode(part: Path, mode: int) -> None:
    """Give the file its permission bits; some network shares know none, and the picture matters more."""
    with contextlib.suppress(OSError):
        part.chmod(mode)
