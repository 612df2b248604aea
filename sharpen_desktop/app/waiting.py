"""What waits in the queue outlives the program: kept at each change, offered again at the next start."""

import asyncio
import logging

from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Archive
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.phrases import count_of
from sharpen_desktop.core.queue import kept_counted, to_keep
from sharpen_desktop.core.runs import Run
from sharpen_desktop.core.state import AppState

log = logging.getLogger(__name__)
KEEP_TASK = "keep-queue"
KEEP_DELAY_S = 0.3


class Waiting:
    """Keeps the queue. ``left_over``: what waits since an earlier session and was not resumed."""

    def __init__(self, store: Store, archive: Archive, tasks: TaskScope, board: NoticeBoard) -> None:
        self._store = store
        self._archive = archive
        self._tasks = tasks
        self._board = board
        self._runs: tuple[Run, ...] = ()
        self._kept: tuple[WaitingPhoto, ...] | None = None  # nothing is written before it was read
        self.left_over: tuple[WaitingPhoto, ...] = ()
        store.subscribe(self._look)

    async def find(self) -> None:
        """Offer what waited when the program last ended; JournalFailed when that cannot be read."""
        self.left_over = self._kept = await self._archive.kept_queue()
        self._store.apply(kept_counted, len(self.left_over))
        if self.left_over:
            wait = "waits" if len(self.left_over) == 1 else "wait"
            text = f"{count_of(len(self.left_over), 'photo')} still {wait} from last time. Nothing was sent."
            self._board.offer(text, (("kept", "Resume"), ("forget_kept", "Forget")))
        self._keep_soon()  # what was queued before this was read

    def drop(self, photos: tuple[WaitingPhoto, ...]) -> None:
        """Take photos off what is left over: they were resumed, or are to be forgotten."""
        self.left_over = tuple(each for each in self.left_over if each not in photos)
        self._store.apply(kept_counted, len(self.left_over))
        self._keep_soon()

    async def write(self) -> None:
        """Keep what waits now; a failure is logged."""
        photos = (*self.left_over, *to_keep(self._store.state))
        if self._kept is None or photos == self._kept:
            return
        try:
            await self._archive.keep_queue(photos)
        except SharpenError as error:
            log.warning("The queue was not kept: %s (%s)", error.headline, error.detail)
            return
        self._kept = photos

    def _look(self, state: AppState) -> None:
        if state.runs is not self._runs:
            self._runs = state.runs
            self._keep_soon()

    def _keep_soon(self) -> None:
        if not self._tasks.is_going(KEEP_TASK):
            self._tasks.start(KEEP_TASK, self._write_soon())

    async def _write_soon(self) -> None:
        await asyncio.sleep(KEEP_DELAY_S)
        await self.write()
