"""The Study port over the *study* process: diagnosis, subject, faces and previews, called off cooperatively."""

import asyncio
import contextlib
import shutil
import sys
import threading
import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.errors import EngineFailed, SharpenError
from sharpen_desktop.core.picture import Level, Master
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.study import Area, Auto, Diagnosis, FaceBox, Preview, SubjectMask
from sharpen_desktop.services.workers import ProgressBoard, Worker

STOP_GRACE_S = 0.4
"""A question that has begun and not stopped by itself after this long is killed, and what was measured with it."""
LIMIT_S = 180.0
SHOWN = 2
"""So many previews, and as many masks of a picture, keep their files: the shown one and what takes its place."""
BEGUN = 1
"""The phase on its board by which a question says that it has begun, and listens from now on."""

T = TypeVar("T")
Shown = deque[tuple[Level, ...]]


class WorkerStudy:
    """Asks the study process, one question after the other. ``scratch``: where the boards lie.

    The process starts with the first question. A question nobody waits for any more is asked to stop: killing would
    lose what was measured of the picture, so that only one that does not listen is killed.
    """

    def __init__(self, worker: Worker, scratch: Path) -> None:
        self._worker = worker
        self._scratch = scratch
        self._known: set[str] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._previews: Shown = deque()
        self._masks: defaultdict[str, Shown] = defaultdict(deque)

    def warm(self) -> None:
        """Start the process and let it load what it needs, so that the first question is answered at once."""
        self._worker.submit(_warm)

    async def diagnose(self, picture: Master) -> Diagnosis:
        """Return what is the matter with a picture, and what Auto takes in the modes known by then."""
        return await self._answer(_diagnose, picture)

    async def auto(self, picture: Master, mode: str) -> Auto:
        """Return what Auto takes in a mode."""
        return await self._answer(_auto, picture, mode)

    async def subject(self, picture: Master, strokes: Strokes) -> SubjectMask:
        """Return its foreground, with what was painted on it."""
        mask = await self._answer(_subject, picture, strokes)
        _replace(self._masks[picture.folder], (mask.pixels,))
        return mask

    async def faces(self, picture: Master) -> tuple[FaceBox, ...]:
        """Return where it has faces."""
        return await self._answer(_faces, picture)

    async def preview(
        self, photo_id: str, picture: Master, settings: Settings, strokes: Strokes, area: Area
    ) -> Preview:
        """Return what a run would make of ``area`` and of what it costs nothing to add round it."""
        preview = await self._answer(_preview, picture, photo_id, settings, strokes, area)
        _replace(self._previews, preview.display.levels)
        return preview

    def forget(self, picture: Master) -> None:
        """Let the process give back what it keeps of a picture; its files go with the picture's folder."""
        if picture.folder in self._known:
            self._known.discard(picture.folder)
            self._masks.pop(picture.folder, None)
            self._worker.submit(_forget, picture.folder)

    async def _answer(self, question: Callable[..., T], picture: Master, *args: object) -> T:
        """Return the process's answer; EngineFailed when there is none."""
        board = self._board()
        self._known.add(picture.folder)
        future = self._worker.submit(question, str(board.path), picture, *args, timeout_s=LIMIT_S)
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
        except Exception as error:  # whatever an odd picture does to the engine disturbs nobody
            raise EngineFailed("The photo could not be examined.", detail=repr(error)) from error

    def _board(self) -> ProgressBoard:
        try:
            return ProgressBoard(self._scratch / f"{uuid.uuid4().hex}.study", is_new=True)
        except OSError as error:
            raise EngineFailed("The photo could not be examined.", detail=repr(error)) from error

    def _call_off(self, answer: "asyncio.Future[T]", board: ProgressBoard) -> None:
        """Ask a question that nobody waits for any more to stop, and see to it that it does."""
        if not answer.done():
            board.ask_to_stop()
        ending = asyncio.ensure_future(_end(answer, board))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)


def _put_away(answer: "asyncio.Future[T]", board: ProgressBoard) -> None:
    """Close the board of a question that has its answer, and take note of a failure that nobody waits for."""
    board.close()
    if not answer.cancelled():
        answer.exception()


async def _end(answer: "asyncio.Future[T]", board: ProgressBoard) -> None:
    """Wait until a question has listened; kill it when it has had its time to and has not."""
    has_heard = False
    while not answer.done():
        if has_heard:
            answer.cancel()
        phase, _ = board.read()
        has_heard = phase == BEGUN
        await asyncio.wait({answer}, timeout=STOP_GRACE_S)
    if answer.cancelled() or answer.exception() is not None:
        return
    came = answer.result()  # too late: nobody will show it
    if isinstance(came, Preview):
        _remove(came.display.levels)
    elif isinstance(came, SubjectMask):
        _remove((came.pixels,))


def _replace(shown: Shown, levels: tuple[Level, ...]) -> None:
    """Note what is shown next, and remove the files of what was shown before the last."""
    shown.append(levels)
    while len(shown) > SHOWN:
        _remove(shown.popleft())


def _remove(levels: tuple[Level, ...]) -> None:
    """Delete the folder of an answer, away from the caller's thread; Windows keeps what is still mapped."""
    folder = Path(levels[0].path).parent
    threading.Thread(target=shutil.rmtree, args=(folder, True), name="forget", daemon=True).start()


# What runs in the process; imported there, so that the window's process never loads the engine.


def _warm() -> None:
    from sharpen_desktop.services import surveys

    del surveys


def _diagnose(board_path: str, picture: Master) -> Diagnosis:
    from sharpen_desktop.services import surveys

    with _begun(board_path) as should_stop:
        return surveys.diagnose(picture, should_stop)


def _auto(board_path: str, picture: Master, mode: str) -> Auto:
    from sharpen_desktop.services import surveys

    with _begun(board_path) as should_stop:
        return surveys.auto(picture, mode, should_stop)


def _subject(board_path: str, picture: Master, strokes: Strokes) -> SubjectMask:
    from sharpen_desktop.services import surveys

    with _begun(board_path) as should_stop:
        return surveys.subject(picture, strokes, should_stop)


def _faces(board_path: str, picture: Master) -> tuple[FaceBox, ...]:
    from sharpen_desktop.services import surveys

    with _begun(board_path) as should_stop:
        return surveys.faces(picture, should_stop)


def _preview(
    board_path: str, picture: Master, photo_id: str, settings: Settings, strokes: Strokes, area: Area
) -> Preview:
    from sharpen_desktop.services import surveys

    with _begun(board_path) as should_stop:
        return surveys.preview(picture, photo_id, settings, strokes, area, should_stop)


def _forget(folder: str) -> None:
    surveys = sys.modules.get("sharpen_desktop.services.surveys")
    if surveys is not None:  # a process that has started anew knows of no picture
        surveys.forget(folder)


@contextlib.contextmanager
def _begun(board_path: str) -> Iterator[Callable[[], bool]]:
    """Note on the board that a question has begun; yields what tells whether to stop. Raises Stopped by itself."""
    from sharpen_desktop.engine.crew import Stopped

    board = ProgressBoard(Path(board_path), is_new=False)
    if board.is_stop_asked:
        raise Stopped
    board.write(BEGUN, 0.0)
    yield lambda: board.is_stop_asked
