"""Bytes that arrive, on disk under a temporary name until they are whole."""

import errno
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, ParamSpec, Self, TypeVar

from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.safe_file import reason

BUFFER_BYTES = 1 << 20

_CANNOT_SETTLE = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
"""What file systems say, some network shares among them, that know no fsync."""

_MOST_WAITS, _WAIT_S = (25, 0.1) if os.name == "nt" else (0, 0.0)
"""On Windows a virus scanner may hold a new file for a moment."""

P = ParamSpec("P")
T = TypeVar("T")


class SpoolFailed(Exception):
    """The disk did not take the bytes; the text says why, as half a sentence."""


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
        raise SpoolFailed(reason(error)) from error


def _created(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("wb", buffering=0)


def _write(file: BinaryIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _settle(file: BinaryIO) -> None:
    try:
        os.fsync(file.fileno())
    except OSError as error:
        if error.errno not in _CANNOT_SETTLE:
            raise


def _rename(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(_MOST_WAITS):
        try:
            source.replace(target)
            break
        except PermissionError:
            time.sleep(_WAIT_S)  # noqa: TID251  # in a thread; there is no event to wait for
    else:
        source.replace(target)
    if os.name == "posix":
        _settle_folder(target.parent)


def _settle_folder(folder: Path) -> None:
    with suppress(OSError):  # some file systems cannot; the file is in its place already
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
