"""A file that takes up room on the disk, given up when the disk is full so that a paid run can still be noted."""

import errno
import logging
import os
import shutil
from contextlib import suppress
from pathlib import Path

from sharpen_desktop.services.durable import synced

log = logging.getLogger(__name__)

SIZE = 1 << 20
ROOM = 4 * SIZE
"""Free bytes that there must be for the file to be made: it shall help with a full disk, not fill it."""


class Reserve:
    """The reserve file ``path``; another process may make or release it at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def is_there(self) -> bool:
        """Whether the file is there whole."""
        try:
            return self._path.stat().st_size >= SIZE
        except OSError:
            return False

    def make(self) -> bool:
        """Make the file where there is room for it; whether it is there now."""
        if self.is_there:
            return True
        try:
            if shutil.disk_usage(self._path.parent).free >= ROOM:
                self._write()
        except OSError as error:
            log.warning("No reserve for a full disk: %s", error)
            self.release()
        return self.is_there

    def demand(self) -> None:
        """See to it that the file is there; OSError when there is no room for it."""
        if not self.make():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def release(self) -> bool:
        """Give the room back; whether there was any."""
        with suppress(OSError):
            self._path.unlink()
            return True
        return False

    def _write(self) -> None:
        with self._path.open("wb") as file:
            file.write(os.urandom(SIZE))  # nothing a file system could compress away
            file.flush()
            synced(file.fileno())
