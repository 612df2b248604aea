"""Which processes work with the journal: a name for each, and a lock that tells the living from the dead.

A process number would not do: the system gives it to another process later.
"""

import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

from sharpen_desktop.services.session_lock import SessionLock, is_dead

PATIENCE_S = 10.0
_PAUSE_S = 0.02
_HELD = (BlockingIOError, PermissionError) if sys.platform == "win32" else BlockingIOError
"""What a lock that another process holds is told by."""


class Owners:
    """The processes that work with the journal in ``folder``, this one among them once it has joined."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "owners"
        self._door = folder / "opening"
        self._lock: SessionLock | None = None
        self.own = ""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else open or mend the journal meanwhile; OSError when another does so for too long."""
        self._door.mkdir(parents=True, exist_ok=True)
        lock = _locked(self._door, monotonic() + PATIENCE_S)
        try:
            yield
        finally:
            lock.release()

    def join(self) -> None:
        """Be one of them from now on; only while ``alone``. Clears away what dead ones left."""
        if self._lock is not None:
            return
        for name in self._names():
            if not self.is_living(name):
                shutil.rmtree(self._folder / name, ignore_errors=True)
        name = uuid.uuid4().hex
        (self._folder / name).mkdir(parents=True, exist_ok=True)
        self._lock = SessionLock(self._folder / name)
        self.own = name

    def leave(self) -> None:
        """Be none of them any more."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
            shutil.rmtree(self._folder / self.own, ignore_errors=True)

    def is_living(self, name: str) -> bool:
        """Return whether the process of this name is at work, this one included."""
        folder = self._folder / name
        return bool(name) and folder.exists() and not is_dead(folder)

    def others(self) -> set[str]:
        """Return the names of the other living ones."""
        return {name for name in self._names() if name != self.own and self.is_living(name)}

    def _names(self) -> list[str]:
        return [each.name for each in self._folder.iterdir()] if self._folder.exists() else []


def _locked(door: Path, end: float) -> SessionLock:
    while True:
        try:
            return SessionLock(door)
        except _HELD:
            if monotonic() >= end:
                raise
        Event().wait(_PAUSE_S)
