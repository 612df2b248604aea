"""One window for each configuration: a later start hands its files to the window that is open, and ends.

A start holds a lock while it looks for an open window or becomes it, so that of two at once one is second. The
socket of a program that was killed answers nobody; it is taken over.
"""

import hashlib
import json
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Qt, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

log = logging.getLogger(__name__)

LOCK_MS = 5000
CONNECT_MS = 2000
ANSWER_MS = 5000
"""An open window that is silent for longer hangs or is ending: the later start then opens one of its own."""
MOST_BYTES = 4 << 20
TAKEN = b"taken\n"
LONGEST_PATH = 100
"""Bytes; a socket's path ends at 104 or 108."""


def meeting_place(config: Path) -> tuple[str, Path]:
    """Return where the windows of a configuration meet: the socket, and the file to lock meanwhile.

    The socket lies in the configuration's own folder, where nobody else can put one, unless its path is longer
    than the system takes.
    """
    mark = hashlib.sha256(str(config.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    name, lock = f"sharpen-desktop-{mark}", config / "window.lock"
    if sys.platform == "win32":
        return name, lock
    beside = str(config.absolute() / "window.socket")
    is_short = len(os.fsencode(beside)) <= LONGEST_PATH
    return (beside if is_short else str(Path(tempfile.gettempdir()) / name)), lock


class OneInstance(QObject):
    """``place``: name or path of the socket, one for each configuration; ``lock``: the file to hold meanwhile.

    ``files_given``: a later start has handed over these files (paths, perhaps none) and wants the window seen.
    """

    files_given = Signal(tuple)

    def __init__(self, place: str, lock: Path) -> None:
        super().__init__()
        self._place = place
        self._lock = QLockFile(str(lock))
        self._lock.setStaleLockTime(0)  # only a dead holder's lock is stale
        self._server = QLocalServer(self)
        self._heard: dict[QLocalSocket, bytes] = {}
        self._trouble = ""

    def begin(self, files: Sequence[Path]) -> bool:
        """Become the open window; false when there is one and it has taken the files. Waits some seconds at most.

        Where neither is possible (no rights, a window that hangs) the program goes on as if it were alone.
        """
        is_alone = self._lock.tryLock(LOCK_MS)
        try:
            if _hand_over(self._place, files):
                return False
            if is_alone:
                self._listen()
        finally:
            self._lock.unlock()
        return True

    def welcome(self) -> None:
        """Take files from later starts from now on; those that came before have waited."""
        if self._trouble:
            log.warning("A later start will open a window of its own: %s", self._trouble)
        self._server.newConnection.connect(self._take_in)
        self._take_in()

    def end(self) -> None:
        """Stop listening; the next start becomes the open window."""
        for socket in tuple(self._heard):
            socket.abort()
        self._server.close()

    def _listen(self) -> None:
        if self._server.listen(self._place):
            return
        QLocalServer.removeServer(self._place)  # nobody answers there: its owner was killed
        if not self._server.listen(self._place):
            self._trouble = self._server.errorString()

    def _take_in(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            if socket.state() is _UNCONNECTED:  # it has waited too long, and opens its files itself
                socket.deleteLater()
                continue
            self._heard[socket] = b""
            socket.readyRead.connect(self._hear)
            socket.disconnected.connect(self._forget)
            self._read(socket)

    def _hear(self) -> None:
        for socket in tuple(self._heard):
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket not in self._heard:
            return
        self._heard[socket] += bytes(socket.readAll().data())
        line, end, _ = self._heard[socket].partition(b"\n")
        if not end:
            if len(line) > MOST_BYTES:
                socket.abort()
            return
        self._heard[socket] = b""
        files = _files_in(line)
        if files is not None:
            socket.write(TAKEN)  # where the caller has gone meanwhile this already ends the connection
            socket.flush()
            self.files_given.emit(files)
        socket.disconnectFromServer()

    def _forget(self) -> None:
        for socket in [each for each in self._heard if each.state() is _UNCONNECTED]:
            del self._heard[socket]
            socket.deleteLater()


_UNCONNECTED = QLocalSocket.LocalSocketState.UnconnectedState


def bring_to_front(window: QWidget) -> None:
    """Show a window over others, also when it was minimised."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def _hand_over(place: str, files: Sequence[Path]) -> bool:
    """Whether an open window has taken the files."""
    socket = QLocalSocket()
    socket.connectToServer(place)
    if not socket.waitForConnected(CONNECT_MS):
        return False
    socket.write(json.dumps([str(file.absolute()) for file in files]).encode() + b"\n")
    answer = b""
    while not answer.endswith(b"\n") and socket.waitForReadyRead(ANSWER_MS):
        answer += bytes(socket.readAll().data())
    socket.abort()
    return answer == TAKEN


def _files_in(line: bytes) -> tuple[Path, ...] | None:
    """Return the files of a message, ``None`` when it is none."""
    try:
        names = json.loads(line)
    except ValueError:
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return tuple(Path(name) for name in names)
