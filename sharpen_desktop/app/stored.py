"""What was paid for before: known by the photo's fingerprint, and shown again at no cost."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

from sharpen_desktop.app.arriving import Arrivals, file_is_there
from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Archive, Pictures
from sharpen_desktop.app.reading import Reader
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core import wording
from sharpen_desktop.core.account import photo_known
from sharpen_desktop.core.errors import CloudError, RunStopped, SharpenError
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.paid import PaidRun
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.phrases import day
from sharpen_desktop.core.sides import side_chosen
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.variants import variant_added, variant_changed

log = logging.getLogger(__name__)


class Stored:
    """Finds and shows stored results."""

    def __init__(
        self,
        store: Store,
        pictures: Pictures,
        archive: Archive,
        reader: Reader,
        arrivals: Arrivals,
        tasks: TaskScope,
        board: NoticeBoard,
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._archive = archive
        self._reader = reader
        self._arrivals = arrivals
        self._tasks = tasks
        self._board = board
        self._one_at_a_time = asyncio.Lock()
        self._tried = ""
        store.subscribe(self._look)

    async def known(self, photo_id: str) -> Photo:
        """Return the photo with its fingerprint and its runs in the journal.

        Raises what reading it and the journal raise; RunStopped when the photo was closed.
        """
        photo = await self._reader.pixels(photo_id)
        async with self._one_at_a_time:
            now = self._store.state.photo(photo_id) or photo
            if now.fingerprint is None:
                await self._identify(now)
            else:
                await self.refresh(photo_id)
        found = self._store.state.photo(photo_id)
        if found is None:
            raise RunStopped("The photo was closed.")
        return found

    async def refresh(self, photo_id: str) -> None:
        """Read the photo's runs from the journal again."""
        photo = self._store.state.photo(photo_id)
        if photo is not None and photo.fingerprint is not None:
            runs = await self._archive.of_photo(photo.fingerprint)
            self._store.apply(photo_known, photo_id, photo.fingerprint, runs)

    def photo_of(self, run: PaidRun) -> Photo | None:
        """Return the open photo a run is about: by its fingerprint, else by its file."""
        photos = self._store.state.photos
        same = (each for each in photos if each.fingerprint and each.fingerprint.is_same(run.fingerprint))
        by_file = (each for each in photos if run.photo_path and each.path == run.photo_path)
        return next(same, None) or next(by_file, None)

    async def show(self, photo_id: str, run: PaidRun) -> None:
        """Put a stored result on side B of the photo, at no cost."""
        if not await self.join(photo_id, run, takes_side=True):
            return
        if self._store.state.current_id == photo_id:
            self._store.apply(side_chosen, "b", run.run_id)
        variant = self._variant(photo_id, run.run_id)
        if variant is not None:
            self._store.apply(status_said, wording.done_text(variant))

    async def join(self, photo_id: str, run: PaidRun, *, takes_side: bool = False) -> bool:
        """Add a stored result to the photo's variants; whether it is there.

        CloudError when its file has gone or cannot be read.
        """
        photo = await self._reader.pixels(photo_id)
        source = photo.original.master if photo.original else None
        if photo.variant(run.run_id) is not None:
            return True
        if source is None or not run.files:
            return False
        if not await file_is_there(run.files[0]):
            raise CloudError(gone_text(run), detail=run.files[0])
        variant = await self._arrivals.opened(stored_variant(run), source)
        if self._variant(photo_id, run.run_id) is not None:
            return True
        self._store.apply(variant_added, photo_id, variant, takes_side=takes_side)
        await self._check_saved(photo_id, variant)
        if variant.note:
            self._board.note(variant.note)
        return True

    async def _check_saved(self, photo_id: str, variant: Variant) -> None:
        """Say so when the file the user saved a result to has gone."""
        if not variant.saved_to or await file_is_there(variant.saved_to):
            return
        self._store.apply(variant_changed, photo_id, variant.id, _unsaved)
        name = Path(variant.saved_to).name
        self._board.note(f"{name} is no longer where it was saved. The result itself is kept.")

    def _variant(self, photo_id: str, variant_id: str) -> Variant | None:
        photo = self._store.state.photo(photo_id)
        return photo.variant(variant_id) if photo else None

    async def _identify(self, photo: Photo) -> None:
        master = photo.original.master if photo.original else None
        if master is None:
            return
        path = None if photo.is_pasted else Path(photo.path)
        fingerprint = await self._pictures.fingerprint(master, path)
        runs = await self._archive.of_photo(fingerprint)
        self._store.apply(photo_known, photo.id, fingerprint, runs)

    def _look(self, state: AppState) -> None:
        """Work out what was paid for the shown photo as soon as the cloud is chosen."""
        photo = state.current
        if state.engine != "cloud" or photo is None or photo.loading is not Loading.READY:
            return
        master = photo.original.master if photo.original else None
        if photo.fingerprint is None and master is not None and self._tried != master.folder:
            self._tried = master.folder
            self._tasks.start("identify", self._identify_quietly(photo.id))

    async def _identify_quietly(self, photo_id: str) -> None:
        try:
            await self.known(photo_id)
        except SharpenError as error:
            log.warning("Not known what was paid for: %s (%s)", error.headline, error.detail)


def gone_text(run: PaidRun) -> str:
    """Return what is said of a stored result whose file is not there any more."""
    return f"The result of {run.photo_name} that was paid for on {day(run.created_s)} is gone from the program's folder."


def stored_variant(run: PaidRun) -> Variant:
    """Return a stored result as a variant without pixels."""
    return Variant(
        id=run.run_id,
        engine="cloud",
        title=wording.run_title("cloud", run.settings),
        made_with=run.settings,
        cost_usd=run.cost_usd,
        is_cost_estimated=run.is_cost_estimated,
        request_id=run.request_id or run.reference,
        file=run.files[0],
        saved_to=run.saved_to,
        paid_on=run.created_s,
    )


def _unsaved(variant: Variant) -> Variant:
    return replace(variant, saved_to="")
