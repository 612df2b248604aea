"""Questions to a worker process that can be called off: asked to stop, and killed only when they do not listen."""

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from sharpen_desktop.core.errors import EngineFailed, SharpenError
from sharpen_desktop.services.workers import ProgressBoard, Worker

STOP_GRACE_S = 0.4
"""A question that has begun and not stopped by itself after this long is killed, and what the process knew with it."""
LIMIT_S = 180.0
BEGUN = 1
"""The phase on its board by which a question says that it has begun, and listens from now on."""

T = TypeVar("T")


class Asking:
    """Asks one process. ``scratch``: where the boards lie. ``failed``: the sentence when there is no answer.

    ``throw_away`` is given an answer that came although nobody waited for it any more.
    """

    def __init__(
        self, worker: Worker, scratch: Path, failed: str, throw_away: Callable[[object], None]
    ) -> None:
        self._worker = worker
        self._scratch = scratch
        self._failed = failed
        self._throw_away = throw_away
        self._ending: set[asyncio.Task[None]] = set()

    async def answer(self, question: Callable[..., T], *args: object) -> T:
        """Return ``question(board's path, *args)`` from the process; EngineFailed when there is no answer.

        Cancelling the await calls the question off.
        """
        await self._worker.started()
        board = self._board()
        future = self._worker.submit(question, str(board.path), *args, timeout_s=LIMIT_S)
        answer = asyncio.ensure_future(self._worker.answer(future))
        answer.add_done_callback(lambda _: _put_away(answer, board))
        try:
            await asyncio.wait({answer})
        except asyncio.CancelledError:
            self._call_off(answer, board)
            raise
        try:
            return answer.result()
        except SharpenError:
            raise
        except Exception as error:  # whatever an odd picture does to the process disturbs nobody
            raise EngineFailed(self._failed, detail=repr(error)) from error

    def _board(self) -> ProgressBoard:
        try:
            return ProgressBoard(self._scratch / f"{uuid.uuid4().hex}.asked", is_new=True)
        except OSError as error:
            raise EngineFailed(self._failed, detail=repr(error)) from error

    def _call_off(self, answer: "asyncio.Future[T]", board: ProgressBoard) -> None:
        """Ask a question that nobody waits for any more to stop, and see to it that it does."""
        if not answer.done():
            board.ask_to_stop()
        ending = asyncio.ensure_future(self._end(answer, board))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def _end(self, answer: "asyncio.Future[T]", board: ProgressBoard) -> None:
        """Wait until a question has listened; kill it when it has had its time to and has not."""
        has_heard = False
        while not answer.done():
            if has_heard:
                answer.cancel()
            phase, _ = board.read()
            has_heard = phase == BEGUN
            await asyncio.wait({answer}, timeout=STOP_GRACE_S)
        if not answer.cancelled() and answer.exception() is None:
            self._throw_away(answer.result())


def _put_away(answer: "asyncio.Future[T]", board: ProgressBoard) -> None:
    """Close the board of a question that has its answer, and take note of a failure that nobody waits for."""
    board.close()
    if not answer.cancelled():
        answer.exception()


@contextlib.contextmanager
def begun(board_path: str) -> Iterator[Callable[[], bool]]:
    """Note on the board, in the process, that a question has begun; yields what tells whether to stop.

    Raises Stopped by itself.
    """
    from sharpen_desktop.engine.crew import Stopped

    board = ProgressBoard(Path(board_path), is_new=False)
    if board.is_stop_asked:
        raise Stopped
    board.write(BEGUN, 0.0)
    yield lambda: board.is_stop_asked
