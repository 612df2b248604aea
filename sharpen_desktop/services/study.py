"""The Study port over the *study* process: diagnosis, subject, faces, previews, sharpness; called off cooperatively."""

import shutil
import sys
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.picture import Level, Master
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.sharpness import Sharpness, SharpnessWish
from sharpen_desktop.core.study import Area, Auto, Diagnosis, FaceBox, Preview, SubjectMask
from sharpen_desktop.services.asking import Asking, begun
from sharpen_desktop.services.workers import Worker

SHOWN = 2
"""So many previews, and as many masks of a picture, keep their files: the shown one and what takes its place."""

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
        self._asking = Asking(worker, scratch, "The photo could not be examined.", _throw_away)
        self._known: set[str] = set()
        self._previews: Shown = deque()
        self._masks: defaultdict[str, Shown] = defaultdict(deque)
        self._marks: Shown = deque()

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

    async def sharpness(self, wish: SharpnessWish) -> Sharpness:
        """Return how sharp what is in view is, or what has changed there; from pixels of the screen alone."""
        found = await self._asking.answer(_sharpness, wish, str(self._scratch))
        _replace(self._marks, (found.marks,))
        return found

    def forget(self, picture: Master) -> None:
        """Let the process give back what it keeps of a picture; its files go with the picture's folder."""
        if picture.folder in self._known:
            self._known.discard(picture.folder)
            self._masks.pop(picture.folder, None)
            self._worker.submit(_forget, picture.folder)

    async def _answer(self, question: Callable[..., T], picture: Master, *args: object) -> T:
        """Return the process's answer; EngineFailed when there is none."""
        self._known.add(picture.folder)
        return await self._asking.answer(question, picture, *args)


def _throw_away(came: object) -> None:
    """Remove the files of an answer that nobody will show."""
    if isinstance(came, Preview):
        _remove(came.display.levels)
    elif isinstance(came, SubjectMask):
        _remove((came.pixels,))
    elif isinstance(came, Sharpness):
        _remove((came.marks,))


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

    with begun(board_path) as should_stop:
        return surveys.diagnose(picture, should_stop)


def _auto(board_path: str, picture: Master, mode: str) -> Auto:
    from sharpen_desktop.services import surveys

    with begun(board_path) as should_stop:
        return surveys.auto(picture, mode, should_stop)


def _subject(board_path: str, picture: Master, strokes: Strokes) -> SubjectMask:
    from sharpen_desktop.services import surveys

    with begun(board_path) as should_stop:
        return surveys.subject(picture, strokes, should_stop)


def _faces(board_path: str, picture: Master) -> tuple[FaceBox, ...]:
    from sharpen_desktop.services import surveys

    with begun(board_path) as should_stop:
        return surveys.faces(picture, should_stop)


def _preview(
    board_path: str, picture: Master, photo_id: str, settings: Settings, strokes: Strokes, area: Area
) -> Preview:
    from sharpen_desktop.services import surveys

    with begun(board_path) as should_stop:
        return surveys.preview(picture, photo_id, settings, strokes, area, should_stop)


def _sharpness(board_path: str, wish: SharpnessWish, folder: str) -> Sharpness:
    from sharpen_desktop.services import sharpness_view

    with begun(board_path) as should_stop:
        return sharpness_view.measured(wish, folder, should_stop)


def _forget(folder: str) -> None:
    surveys = sys.modules.get("sharpen_desktop.services.surveys")
    if surveys is not None:  # a process that has started anew knows of no picture
        surveys.forget(folder)
