"""Bytes that arrive, on disk under a temporary name until they are whole."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, ParamSpec, Self, TypeVar

from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.durable import replace, synced, synced_folder
from sharpen_desktop.services.safe_file import reason

BUFFER_BYTES = 1 << 20

P = ParamSpec("P")
T = TypeVar("T")


class SpoolFailed(Exception):
    """The disk did not take the bytes; the text says why, as half a sentence."""


class SpoolFull(Exception):
    """More bytes came than were allowed."""


class SpoolFile:
    """Takes bytes in order; ``keep_as`` makes them a file under its own name.

    An async context manager. Left without ``keep_as`` it leaves nothing behind, or, when it ``lasts``, the bytes
    that came: opened anew, it goes on after them. ``patience``: how many bytes may wait in memory while the disk
    does not take them. ``reserve``: bytes taken on the disk beforehand, so that as many always fit.
    Raises SpoolFailed when the disk does not take the bytes, SpoolFull beyond ``limit`` of them.
    """

    def __init__(
        self, path: Path, limit: int, *, lasts: bool = False, patience: int = 0, reserve: int = 0
    ) -> None:
        self.path = path
        self.size = 0
        self._limit = limit
        self._lasts = lasts
        self._patience = patience
        self._reserve = reserve
        self._written = 0
        self._waiting: list[bytes] = []
        self._file: BinaryIO | None = None

    async def __aenter__(self) -> Self:
        self._file, self._written = await _on_disk(_opened, self.path, self._reserve, self._lasts)
        self.size = self._written
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lasts:
            with suppress(SpoolFailed):
                await self.flush()
        self._close()
        if not self._lasts:
            await self.discard()

    async def discard(self) -> None:
        """Remove the file; what was kept stays."""
        self._waiting.clear()
        self._close()
        with suppress(SpoolFailed):  # kept under another name, or held by a virus scanner
            await _on_disk(self.path.unlink, missing_ok=True)

    async def restart(self) -> None:
        """Forget every byte that came."""
        self._waiting.clear()
        self.size = self._written = 0
        await _on_disk(_blank, self._open_file(), self._reserve)

    async def add(self, piece: bytes) -> None:
        """Append ``piece``."""
        if self.size + len(piece) > self._limit:
            raise SpoolFull(f"more than {self._limit} bytes")
        self.size += len(piece)
        self._waiting.append(piece)
        if self.size - self._written < BUFFER_BYTES:
            return
        try:
            await self.flush()
        except SpoolFailed:
            if self.size - self._written > self._patience:
                raise

    async def flush(self) -> None:
        """Hand everything taken so far to the operating system."""
        if self._waiting:
            await _on_disk(_write, self._open_file(), self._written, *self._waiting)
            self._written += sum(map(len, self._waiting))
            self._waiting.clear()

    async def keep_as(self, target: Path) -> Path:
        """Make the bytes the file ``target``, safe against a power cut, and return it.

        After SpoolFailed it can be tried again, also when the block was left.
        """
        await self.settle()
        await _on_disk(_rename, self.path, target)
        return target

    async def settle(self) -> None:
        """Make the bytes safe against a power cut where they are, and close the file."""
        if self._file is None:
            self._file, size = await _on_disk(_opened, self.path, 0, self._lasts)
            if size < self._written:
                self._close()
                raise SpoolFailed("a part of it is gone")
        await self.flush()
        await _on_disk(_settle, self._open_file(), self._written)
        self._close()

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
        raise SpoolFailed(reason(error)) from error


def _opened(path: Path, reserve: int, lasts: bool) -> tuple[BinaryIO, int]:
    """Open the file and return it with how many bytes it holds already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("r+b" if lasts and path.exists() else "w+b", buffering=0)
    try:
        if reserve:
            _blank(file, reserve)
            synced(file.fileno())
        return file, 0 if reserve else file.seek(0, os.SEEK_END)
    except OSError:
        file.close()
        raise


def _blank(file: BinaryIO, size: int) -> None:
    _write(file, 0, bytes(size))
    file.truncate(size)


def _write(file: BinaryIO, offset: int, *pieces: bytes) -> None:
    file.seek(offset)
    for piece in pieces:
        rest = memoryview(piece)
        while rest:
            rest = rest[file.write(rest) :]


def _settle(file: BinaryIO, size: int) -> None:
    file.truncate(size)
    synced(file.fileno())


def _rename(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    replace(source, target)
    with suppress(OSError):  # the file is in its place already
        synced_folder(target.parent)
