"""Closing a photo or everything: what would be lost is asked about first."""

import asyncio

from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.opening import Opener
from sharpen_desktop.app.ports import Dialogs, Question
from sharpen_desktop.app.reading import Reader
from sharpen_desktop.app.saving import Saver
from sharpen_desktop.app.stopping import Stopper
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.photo import Photo
from sharpen_desktop.core.sides import side_chosen

CLOSE = "close"


class Closer:
    """Asks before something ends; ``closed`` is set when everything may."""

    def __init__(
        self,
        store: Store,
        opener: Opener,
        reader: Reader,
        stopper: Stopper,
        saver: Saver,
        dialogs: Dialogs,
        tasks: TaskScope,
        board: NoticeBoard,
    ) -> None:
        self._store = store
        self._opener = opener
        self._reader = reader
        self._stopper = stopper
        self._saver = saver
        self._dialogs = dialogs
        self._tasks = tasks
        self._board = board
        self.closed = asyncio.Event()

    def close(self) -> None:
        """Ask what must be asked, then set ``closed``."""
        if not self._tasks.is_going(CLOSE):
            self._tasks.start(CLOSE, self._close())

    def close_photo(self) -> None:
        """Take the current photo off the list, after a question when it has unsaved results."""
        self._tasks.start("close-photo", self._close_photo())

    def may_close_at_once(self) -> bool:
        """Whether closing now needs no question and loses nothing. What waits is offered at the next start."""
        is_busy = self._stopper.may_have_been_charged() or self._stopper.is_receiving()
        return not (is_busy or self._store.state.unsaved or self._tasks.is_going("save"))

    async def _close(self) -> None:
        # A paid picture is being opened, or a file written: both are soon over.
        while self._stopper.is_receiving() or self._tasks.is_going("save"):  # noqa: ASYNC110 - no one event
            await asyncio.sleep(0.05)
        if await self._may_leave_run() and await self._may_leave_unsaved():
            self.closed.set()

    async def _may_leave_run(self) -> bool:
        if not self._stopper.may_have_been_charged():
            return True
        question = Question(
            "A photo is still at the cloud service.",
            "It has been sent, so closing now does not save its cost, and its answer would be lost. The next start "
            "asks the service whether it was charged.",
            (("wait", "Wait"), ("close", "Close: it may still cost, and the answer is lost")),
            escape="wait",
        )
        return await self._dialogs.ask(question) == "close"

    async def _may_leave_unsaved(self) -> bool:
        unsaved = self._store.state.unsaved
        if not unsaved:
            return True
        pressed = await self._dialogs.ask(_unsaved_question(len(unsaved), "Close without saving"))
        if pressed == "save":
            return await self._save_unsaved()
        return pressed == "close"

    async def _save_unsaved(self) -> bool:
        for photo in self._store.state.photos:
            if not await self._save_results(photo):
                return False
        return True

    async def _save_results(self, photo: Photo) -> bool:
        """Save each unsaved result, shown while its name is asked for; false when the user thought better."""
        for unsaved in (each for each in photo.results if each.is_unsaved):
            self._opener.show(photo.id)
            self._store.apply(side_chosen, "b", unsaved.id)
            if not await self._is_readable(photo.id, unsaved.id):
                return False
            if not await self._saver.save_shown(photo.id, is_asked=False):
                return False
        return True

    async def _is_readable(self, photo_id: str, variant_id: str) -> bool:
        """Whether a result whose pixels may have been given back can be saved; what is wrong is told."""
        try:
            return await self._reader.result_pixels(photo_id, variant_id) is not None
        except SharpenError as error:
            self._board.fail(error, photo_id=photo_id)
            return False

    async def _close_photo(self) -> None:
        photo = self._store.state.current
        if photo is None or self._store.state.run_of(photo.id) is not None:
            return
        unsaved = [each for each in photo.results if each.is_unsaved]
        if unsaved:
            pressed = await self._dialogs.ask(_unsaved_question(len(unsaved), "Remove without saving"))
            if pressed == "cancel" or (pressed == "save" and not await self._save_results(photo)):
                return
        self._stopper.take_out(photo.id)
        self._opener.close(photo.id)


def _unsaved_question(count: int, leave: str) -> Question:
    text = "One result is not saved." if count == 1 else f"{count} results are not saved."
    return Question(
        text,
        "Results stay in the program's data folder. Saving puts a file of yours beside the photo.",
        (("save", "Save…"), ("close", leave), ("cancel", "Cancel")),
        escape="cancel",
    )
