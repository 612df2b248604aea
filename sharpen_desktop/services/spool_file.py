"""Bytes that arrive, on disk under a temporary name until they are whole."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, ParamSpec, Self, TypeVar

from sharpen_desktop.services.awaited_thread import in_thread

BUFFER_BYTES = 1 << 20

P = ParamSpec("P")
T = TypeVar("T")


class SpoolFailed(Exception):
    """The disk did not take the bytes; the text is the system's reason."""


class SpoolFull(Exception):
    """More bytes came than were allowed."""


class SpoolFile:
    """Takes bytes in order; ``keep_as`` makes them a file, anything else leaves nothing behind.

    An async context manager; raises SpoolFailed when the disk does not take them, SpoolFull beyond ``limit`` bytes.
    """

    def __init__(self, path: Path, limit: int) -> None:
        self.path = path
        self._limit = limit
        self._buffer = bytearray()
        self._file: BinaryIO | None = None
        self.size = 0

    async def __aenter__(self) -> Self:
        self._file = await _on_disk(_created, self.path)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._buffer.clear()
        self._close()
        with suppress(OSError):  # kept under another name, or held by a virus scanner
            self.path.unlink(missing_ok=True)

    async def add(self, piece: bytes) -> None:
        """Append ``piece``."""
        self.size += len(piece)
        if self.size > self._limit:
            raise SpoolFull(f"more than {self._limit} bytes")
        self._buffer += piece
        if len(self._buffer) >= BUFFER_BYTES:
            await self.flush()

    async def flush(self) -> None:
        """Hand everything taken so far to the operating system."""
        data, self._buffer = bytes(self._buffer), bytearray()
        if data:
            await _on_disk(_write, self._open_file(), data)

    async def keep_as(self, target: Path) -> Path:
        """Make the bytes the file ``target``, safe against a power cut, and return it."""
        await self.flush()
        await _on_disk(_settle, self._open_file())
        self._close()
        await _on_disk(_rename, self.path, target)
        return target

    def _open_file(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("the spool file is not open")
        return self._file

    def _close(self) -> None:
        if self._file:
            with suppress(OSError):  # nothing is buffered here; what mattered was settled before
                self._file.close()
            self._file = None


async def _on_disk(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return await in_thread(work, *args, **kwargs)
    except OSError as error:
        raise SpoolFailed(error.strerror or type(error).__name__) from error


def _created(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("wb", buffering=0)


def _write(file: BinaryIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _settle(file: BinaryIO) -> None:
    os.fsync(file.fileno())


def _rename(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            with suppress(OSError):  # some file systems cannot settle a folder
                os.fsync(folder)
        finally:
            os.close(folder)
