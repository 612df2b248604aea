"""The pixel processes: *pictures*, *engine*, *study*, *mixing*, and *ahead*, which decodes what nobody has asked for yet.

So that the window stays at frame rate whatever runs, a decoder that crashes takes nothing with it, and
cancel can be a kill. The processes are of a pebble pool (start method spawn) and end when their parent
does, also when it was killed. Progress and the wish to stop travel through a small mapped file.
"""

import asyncio
import contextlib
import logging
import mmap
import multiprocessing
import multiprocessing.connection
import os
import signal
import struct
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError as FutureCancelled
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

T = TypeVar("T")
log = logging.getLogger(__name__)
GIGABYTE = 1 << 30
LOOK_S = 1.0
STOP_S = 1.5


class WorkerDied(Exception):
    """The process ended before it answered: a crash, or no memory."""


class WorkerTimeout(Exception):
    """The process did not answer in time and was killed."""


class Worker:
    """One process that does calls one after the other; started at the first call, again after a kill."""

    def __init__(self, name: str, memory_limit: int, niceness: int = 5) -> None:
        self._name = name
        self._memory_limit = memory_limit
        self._niceness = niceness
        self._is_stopped = self._is_started = False
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=1,
            context=multiprocessing.get_context("spawn"),
            initializer=_prepare_process,
            initargs=(self._memory_limit, self._niceness),
        )

    @property
    def is_broken(self) -> bool:
        """Whether something came from the process that was no answer; queued calls will never end then."""
        return not self._is_stopped and not self._pool.active

    def submit(self, function: Callable[..., T], *args: object, timeout_s: float | None = None) -> Future[T]:
        """Queue a call; the future's cancel() takes it from the queue or kills the process."""
        if self.is_broken:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self.join(STOP_S)
            self._pool = self._new_pool()
        future: Future[T] = self._pool.schedule(function, args=args, timeout=timeout_s)
        return future

    async def call(self, function: Callable[..., T], *args: object, timeout_s: float | None = None) -> T:
        """Return ``function(*args)`` from the process; cancelling the await kills the call.

        Raises WorkerDied, WorkerTimeout, or what the function raised.
        """
        await self.started()
        return await self.answer(self.submit(function, *args, timeout_s=timeout_s))

    async def started(self) -> None:
        """Start the process, in a thread: that takes the caller's longer than a frame."""
        if not self._is_started:
            await asyncio.to_thread(self.start)

    def start(self) -> None:
        """Start the process if it is not; a call does so by itself."""
        self._is_started = not self.is_broken

    async def answer(self, future: Future[T]) -> T:
        """Await a queued call; as ``call`` otherwise."""
        try:
            return await self._unless_broken(asyncio.wrap_future(future))
        except ProcessExpired as error:
            raise WorkerDied(f"The {self._name} process ended with {error.exitcode}.") from error
        except TimeoutError as error:
            raise WorkerTimeout(f"The {self._name} process gave no answer.") from error
        except FutureCancelled as error:
            raise asyncio.CancelledError from error

    async def _unless_broken(self, answer: "asyncio.Future[T]") -> T:
        try:
            while not answer.done():
                if self.is_broken:
                    raise WorkerDied(f"The {self._name} process sent something that is no answer.")
                await asyncio.wait({answer}, timeout=LOOK_S)
            return await answer
        finally:
            answer.cancel()  # kills the call when nobody waits for it any more

    def stop(self) -> None:
        """Kill the process; queued calls are cancelled."""
        self._is_stopped = True
        self._pool.stop()  # type: ignore[no-untyped-call]

    def join(self, timeout_s: float) -> None:
        """Wait until the process has ended."""
        try:
            self._pool.join(timeout_s)
        except TimeoutError:
            log.warning("The %s process did not end in time.", self._name)


class Workers:
    """All processes; each starts with its first call. What was asked for comes before what is only studied."""

    def __init__(self) -> None:
        self.pictures = Worker("pictures", 16 * GIGABYTE)
        self.engine = Worker("engine", 24 * GIGABYTE, niceness=10)
        self.study = Worker("study", 16 * GIGABYTE, niceness=15)
        self.mixing = Worker("mixing", 16 * GIGABYTE)
        self.ahead = Worker("ahead", 16 * GIGABYTE, niceness=19)

    def stop(self) -> None:
        """End them; at most some five seconds, usually none."""
        workers = (self.pictures, self.engine, self.study, self.mixing, self.ahead)
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join(STOP_S)


def _prepare_process(memory_limit: int, niceness: int) -> None:
    """Make a fresh process a good worker: low priority, bounded memory, gone with its parent."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C in a terminal is for the program, which then stops us
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    if sys.platform != "win32":
        os.nice(niceness)
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(0)


class ProgressBoard:
    """A few bytes both sides see: how far the engine is, and whether it should stop.

    ``path`` is made by the window's side and opened by the engine's.
    """

    _FORMAT = struct.Struct("<dBB")

    def __init__(self, path: Path, *, is_new: bool) -> None:
        if is_new:
            path.write_bytes(bytes(self._FORMAT.size))
        self.path = path
        with path.open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), self._FORMAT.size)

    def write(self, phase: int, fraction: float) -> None:
        """Note phase number ``phase``, 0–255, and the fraction of the whole, 0–1."""
        self._bytes[:9] = struct.pack("<dB", fraction, phase)

    def read(self) -> tuple[int, float]:
        """Return the phase number and the fraction."""
        fraction, phase, _ = self._FORMAT.unpack(self._bytes[:])
        return phase, fraction

    def ask_to_stop(self) -> None:
        """Ask the other side to stop."""
        self._bytes[9] = 1

    @property
    def is_stop_asked(self) -> bool:
        """Whether the other side asked to stop."""
        return self._bytes[9] != 0

    def close(self) -> None:
        """Give the mapping and the file back."""
        self._bytes.close()
        with contextlib.suppress(OSError):  # Windows: the other side may still look at it
            self.path.unlink(missing_ok=True)
