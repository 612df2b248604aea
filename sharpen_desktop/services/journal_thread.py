"""A thread that does pieces of work one after the other, in the order they were given."""

import asyncio
import logging
import threading
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class OrderlyThread:
    """Begins with the first piece of work. A daemon: nothing waits for it when the program ends.

    Work that was given is done, also when nobody waits for its result any more. To be used from one thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._given: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return ``work(*args, **kwargs)``; raises what it raises."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[T] = loop.create_future()

        def piece() -> None:
            try:
                tell = partial(_succeed, waiter, work(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - whatever it is belongs to the one who waits
                tell = partial(_fail, waiter, error)
            try:
                loop.call_soon_threadsafe(tell)
            except RuntimeError:
                log.warning("The loop ended before %s was done", getattr(work, "__name__", work))

        self._give(piece)
        return await waiter

    def post(self, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have ``work(*args, **kwargs)`` done without waiting for it; a failure is logged."""

        def piece() -> None:
            try:
                work(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - nobody waits for it
                _log_unheard(error)

        self._give(piece)

    def end(self) -> None:
        """End the thread after what it was given; calling it twice is harmless."""
        if self._thread is not None:
            self._given.put(None)
            self._thread = None

    def _give(self, piece: Callable[[], None]) -> None:
        self._given.put(piece)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while (piece := self._given.get()) is not None:
            piece()


def _succeed(waiter: "asyncio.Future[T]", result: T) -> None:
    if not waiter.done():
        waiter.set_result(result)


def _fail(waiter: "asyncio.Future[T]", error: BaseException) -> None:
    if not waiter.done():
        waiter.set_exception(error)
    else:
        _log_unheard(error)


def _log_unheard(error: BaseException) -> None:
    log.warning("Failed when nobody waited for it: %s", error)
