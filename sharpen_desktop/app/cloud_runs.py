"""The list of cloud runs: every one there was, what it cost, and what can still be done with it."""

from pathlib import Path

from sharpen_desktop.app.arriving import file_is_there
from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.opening import Opener
from sharpen_desktop.app.ordering import Orders
from sharpen_desktop.app.ports import Archive, Dialogs, Question
from sharpen_desktop.app.reading import Reader
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.stored import Stored
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core import wording
from sharpen_desktop.core.account import paid_runs_listed
from sharpen_desktop.core.errors import CloudError
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.paid import PaidRun
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.phrases import day
from sharpen_desktop.core.variants import variant_deleted, variant_removed


class CloudRuns:
    """What the user can do with runs of the journal, and with the variants that came of them."""

    def __init__(
        self,
        store: Store,
        archive: Archive,
        stored: Stored,
        orders: Orders,
        opener: Opener,
        reader: Reader,
        dialogs: Dialogs,
        tasks: TaskScope,
        board: NoticeBoard,
    ) -> None:
        self._store = store
        self._archive = archive
        self._stored = stored
        self._orders = orders
        self._opener = opener
        self._reader = reader
        self._dialogs = dialogs
        self._tasks = tasks
        self._board = board

    def list_all(self) -> None:
        """Read the journal for the list."""
        self._tasks.start("paid-runs", self._board.reporting(self._list))

    def show(self, run_id: str) -> None:
        """Show a stored result beside its photo, or by itself when the photo is gone."""
        self._tasks.start("show-run", self._board.reporting(self._show, run_id))

    def send_again(self, run_id: str) -> None:
        """Send what a run asked for once more, after a question."""
        self._tasks.start("send-again", self._board.reporting(self._send_again, run_id))

    def discard(self, run_id: str) -> None:
        """Delete a run's result for good, after a question."""
        self._tasks.start("discard", self._board.reporting(self._discard, run_id))

    def delete_variant(self, variant_id: str) -> None:
        """Take a variant of the shown photo away, to undo; asks about a paid one, which goes for good."""
        self._tasks.start("delete", self._board.reporting(self._delete_variant, variant_id))

    async def _list(self) -> None:
        runs, size = await self._archive.runs(), await self._archive.size_bytes()
        self._store.apply(paid_runs_listed, runs, size)

    async def _run(self, run_id: str) -> PaidRun:
        """Return a run of the journal; CloudError when it is not there."""
        state = self._store.state
        known = (
            *state.open_runs,
            *state.paid_runs,
            *(run for photo in state.photos for run in photo.paid_runs),
        )
        found = next((run for run in known if run.run_id == run_id), None)
        if found is None:
            found = next((run for run in await self._archive.runs() if run.run_id == run_id), None)
        if found is None:
            raise CloudError("This run is not in the journal any more.")
        return found

    async def _show(self, run_id: str) -> None:
        run = await self._run(run_id)
        if not (run.has_result and run.files):
            raise CloudError(f"There is no stored result of {run.photo_name}.")
        photo = self._stored.photo_of(run)
        if photo is None and await file_is_there(run.photo_path):
            photo_id = self._opener.listed([run.photo_path])[0]
            photo = self._store.state.photo(photo_id)
        if photo is None:
            self._opener.open_paths([Path(run.files[0])])
            return
        self._opener.show(photo.id)
        await self._stored.show(photo.id, run)

    async def _send_again(self, run_id: str) -> None:
        run = await self._run(run_id)
        if self._stored.photo_of(run) is None and not await file_is_there(run.photo_path):
            raise CloudError(f"{run.photo_name} is no longer where it was. Open it, then sharpen it again.")
        self._orders.send_again(run)

    async def _discard(self, run_id: str) -> None:
        run = await self._run(run_id)
        question = Question(*_discard_words(run), (("keep", "Keep"), ("delete", "Delete for good")), "keep")
        if await self._dialogs.ask(question) == "delete":
            await self._delete_stored(run_id)

    async def _delete_stored(self, run_id: str) -> None:
        await self._archive.discard(run_id)
        for photo in self._store.state.photos:
            if (variant := photo.variant(run_id)) is not None:
                self._remove(photo, variant)
            if any(run.run_id == run_id for run in photo.paid_runs):
                await self._stored.refresh(photo.id)
        await self._list()

    async def _delete_variant(self, variant_id: str) -> None:
        photo = self._store.state.current
        variant = photo.variant(variant_id) if photo else None
        if photo is None or variant is None or variant.is_original or variant_id == self._store.state.saving:
            return
        if variant.engine == "cloud":
            await self._discard(variant_id)
        else:
            self._store.apply(variant_deleted, photo.id, variant.id)
            said = f"“{variant.label}” was deleted. Undo brings it back, until the photo is closed."
            self._store.apply(status_said, said)

    def _remove(self, photo: Photo, variant: Variant) -> None:
        self._store.apply(variant_removed, photo.id, variant.id)
        self._reader.forget_variant(variant)


def _discard_words(run: PaidRun) -> tuple[str, str]:
    when = f"the run of {day(run.created_s)} ({wording.paid_run_cost(run)})"
    if not run.has_result:
        return (
            f"Delete what is kept of {run.photo_name}?",
            f"The answer to {when} is deleted, if one was kept. The run itself stays in the list.",
        )
    saved = f"The file you saved stays: {run.saved_to}" if run.saved_to else "It is in no file of yours."
    return (
        f"Delete the stored result of {run.photo_name}?",
        f"It came of {when}. This cannot be undone: to have it again it has to be paid for again. {saved}",
    )
