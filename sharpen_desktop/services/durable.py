"""What makes a file outlive a power cut: its bytes on the disk, a rename that holds, a folder that knows of it.

Standard library only; the window's process imports this too.
"""

import errno
import os
import sys
import time
from pathlib import Path

BUSY_WINERRORS = frozenset({5, 32, 33})
"""Access denied, sharing and lock violation: virus scanners and indexers hold a new file open for a moment."""

REPLACE_PATIENCE_S = 2.5

_CANNOT_SETTLE = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
"""What file systems say, some network shares among them, that know no fsync."""


def synced(descriptor: int) -> bool:
    """Push the bytes of an open file to the disk; False where the file system cannot promise that."""
    try:
        _sync(descriptor)
    except OSError as error:
        if error.errno in _CANNOT_SETTLE:
            return False
        raise
    return True


def synced_file(path: Path) -> bool:
    """Push the bytes of a closed file to the disk; False where the file system cannot promise that."""
    with path.open("rb+") as file:
        return synced(file.fileno())


def synced_folder(folder: Path) -> bool:
    """Make what was renamed or created in ``folder`` durable; False where the system does not offer that."""
    if os.name != "posix":
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        return synced(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, so that they outlive a power cut, too."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        synced_folder(folder.parent)


def replace(part: Path, target: Path) -> None:
    """Rename over ``target``; on Windows wait a little for programs that hold it open."""
    deadline = time.monotonic() + REPLACE_PATIENCE_S
    pause_s = 0.01
    while True:
        try:
            os.replace(part, target)
        except OSError as error:
            if getattr(error, "winerror", None) not in BUSY_WINERRORS or time.monotonic() >= deadline:
                raise
        else:
            return
        _pause(pause_s)
        pause_s = min(2 * pause_s, 0.25)


def _sync(descriptor: int) -> None:
    """Do fsync; on macOS through the drive's own cache as well, which fsync leaves alone there."""
    if sys.platform == "darwin":
        import fcntl

        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError as error:
            if error.errno not in _CANNOT_SETTLE:
                raise
        else:
            return
    os.fsync(descriptor)


def _pause(pause_s: float) -> None:
    """Give the other program time: there is no event to wait for."""
    time.sleep(pause_s)  # noqa: TID251
