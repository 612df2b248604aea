"""A lock that lives as long as its process: how others tell a live session folder from a dead one."""

import sys
import time
from pathlib import Path
from typing import BinaryIO

NAME = "alive.lock"
YOUNG_S = 60.0
"""A folder without a lock may be one whose process is just about to take it."""


class SessionLock:
    """Held from its making until ``release`` or the end of the process, however it ends."""

    def __init__(self, folder: Path) -> None:
        file = (folder / NAME).open("wb")
        try:
            _lock(file)
        except OSError:
            file.close()
            raise
        self._file: BinaryIO | None = file

    def release(self) -> None:
        """Let go, so that the folder can be removed."""
        if self._file is not None:
            self._file.close()
            self._file = None


def is_dead(folder: Path) -> bool:
    """Whether no process holds the folder's lock any more."""
    try:
        if not (folder / NAME).exists():
            return time.time() - folder.stat().st_mtime > YOUNG_S
        with (folder / NAME).open("rb+") as file:
            _lock(file)
    except OSError:
        return False
    return True


def _lock(file: BinaryIO) -> None:
    """Take the lock at once or raise OSError."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
