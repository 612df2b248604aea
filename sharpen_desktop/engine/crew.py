"""Work on several threads while the caller's own thread reports progress and asks whether to stop."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from threading import Event
from types import TracebackType
from typing import Self, TypeVar

ASKED_EVERY_S = 0.05

Check = Callable[[], None]
Item = TypeVar("Item")
Result = TypeVar("Result")


class Stopped(Exception):
    """``should_stop`` said so; nothing was finished."""


class Crew:
    """Threads that stop soon after ``should_stop``, asked only on the caller's thread, says so."""

    def __init__(self, threads: int, should_stop: Callable[[], bool]) -> None:
        self.threads = max(1, threads)
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="sharpen")
        self._should_stop = should_stop
        self._stopped = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._pool.shutdown(cancel_futures=True)

    def check(self) -> None:
        """For the workers, between steps; raises ``Stopped``."""
        if self._stopped.is_set():
            raise Stopped

    def one(self, work: Callable[[], Result]) -> Result:
        """Return the result of one piece of work."""
        future = self._pool.submit(work)
        self._first_of({future})
        return future.result()

    def every(self, works: Iterable[Callable[[], object]], done: Callable[[int], None]) -> None:
        """Do all the works in any order; ``done`` hears how many are finished, on the caller's thread."""
        coming = iter(works)
        running: set[Future[object]] = {self._pool.submit(work) for work in islice(coming, 2 * self.threads)}
        finished = 0
        while running:
            ready = self._first_of(running)
            running -= ready
            for future in ready:
                future.result()
            running |= {self._pool.submit(work) for work in islice(coming, len(ready))}
            finished += len(ready)
            done(finished)

    def _first_of(self, running: "set[Future[Result]]") -> "set[Future[Result]]":
        """Those finished first; raises ``Stopped`` when told to stop while waiting."""
        while True:
            if self._should_stop():
                raise Stopped
            ready = wait(running, timeout=ASKED_EVERY_S, return_when=FIRST_COMPLETED).done
            if ready:
                return ready


def on_two(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return ``work`` of each item, in their order, from two threads. The first error is raised when both have ended."""
    with ThreadPoolExecutor(2, thread_name_prefix="sharpen") as pool:
        return list(pool.map(work, items))
