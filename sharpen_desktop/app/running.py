"""One run, from its photo's pixels to its variant. When runs begin is the queue's matter."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sharpen_desktop.app.arriving import Arrivals
from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Engine
from sharpen_desktop.app.reading import Reader
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.stored import Stored
from sharpen_desktop.core import wording
from sharpen_desktop.core.jobs import Phase, Progress, SharpenRequest, SharpenResult
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.paid import PaidRun
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.picture import Fingerprint, Master
from sharpen_desktop.core.queue import cloud_proven
from sharpen_desktop.core.running import result_arrived, run_progressed
from sharpen_desktop.core.runs import Outcome, Run
from sharpen_desktop.core.settings import EngineName
from sharpen_desktop.core.sides import side_chosen

EngineLoader = Callable[[], Awaitable[Engine]]
FileMark = tuple[int, int] | None
"""Time of change and size of a file, ``None`` when it is not there."""


class Runner:
    """Does runs."""

    def __init__(
        self,
        store: Store,
        engines: Mapping[EngineName, EngineLoader],
        reader: Reader,
        arrivals: Arrivals,
        stored: Stored,
        board: NoticeBoard,
    ) -> None:
        self._store = store
        self._engines = engines
        self._reader = reader
        self._arrivals = arrivals
        self._stored = stored
        self._board = board
        self._marks: dict[str, FileMark] = {}

    async def note_files(self, runs: Sequence[Run]) -> None:
        """Remember how the photos' files are now, so that a change until their turn can be told."""
        photos = {run.id: self._store.state.photo(run.photo_id) for run in runs}
        paths = {run_id: photo.path for run_id, photo in photos.items() if photo}
        self._marks |= await asyncio.to_thread(lambda: {name: _mark(path) for name, path in paths.items()})

    async def run(self, run: Run) -> Outcome:
        """Do a run and return how it ended well; SharpenError otherwise, RunStopped when its photo was closed."""
        photo = await self._reader.pixels(run.photo_id)
        if run.engine == "cloud":
            photo = await self._stored.known(photo.id)
        request = self.request_for(run, photo)
        self._report(run.id, Progress(Phase.PREPARING))
        result = await (await self._engines[run.engine]()).sharpen(request, self._reporter(run.id))
        if run.engine == "cloud":
            self._store.apply(cloud_proven)
        self._report(run.id, Progress(Phase.FINISHING, is_paid_risk=run.engine == "cloud"))
        return await self._arrived(run, photo, request.source, result)

    def request_for(self, run: Run, photo: Photo) -> SharpenRequest:
        """Return what the engine is given for a run of a photo whose pixels are there."""
        state, master = self._store.state, photo.original.master if photo.original else None
        if master is None:
            raise ValueError("a photo that is ready has its pixels")
        return SharpenRequest(
            run.id,
            run.engine,
            run.settings,
            master,
            strokes=run.strokes,
            fingerprint=photo.fingerprint or Fingerprint(),
            photo_name=photo.name,
            photo_path="" if photo.is_pasted else photo.path,
            quote_usd=wording.price_of(state, photo) if run.engine == "cloud" else None,
            is_again=run.is_again,
            limit_usd=state.prefs.limit,
            web_address="" if run.most_bytes else photo.web_address,
            most_bytes=run.most_bytes,
        )

    def _reporter(self, run_id: str) -> Callable[[Progress], None]:
        def report(progress: Progress) -> None:
            self._report(run_id, progress)

        return report

    def _report(self, run_id: str, progress: Progress) -> None:
        self._store.apply(run_progressed, run_id, progress)

    async def _arrived(self, run: Run, photo: Photo, source: Master, result: SharpenResult) -> Outcome:
        paid = await self._paid(photo.id, result) if run.engine == "cloud" else None
        bare = _variant(run, result, paid.run_id if paid else run.id)
        changed = await self._change_of_file(run, photo)
        bare = replace(bare, note=" ".join(part for part in (bare.note, changed) if part))
        outcome = Outcome(photo.id, photo.name, cost_usd=0.0 if bare.paid_on else bare.cost_usd)
        if self._store.state.photo(photo.id) is None:
            self._tell_kept(run, photo.name)
            return outcome
        variant = await self._arrivals.opened(bare, source)
        with self._store.at_once():
            self._show(run, photo, variant)
        return outcome

    async def _paid(self, photo_id: str, result: SharpenResult) -> PaidRun | None:
        """Return the journal's run that a result belongs to: an earlier one when it was paid for before."""
        await self._stored.refresh(photo_id)
        photo = self._store.state.photo(photo_id)
        runs = photo.paid_runs if photo else ()
        return next((run for run in runs if result.file in run.files), None)

    def _show(self, run: Run, photo: Photo, variant: Variant) -> None:
        was_left = (self._store.state.run(run.id) or run).is_left
        now = self._store.state.photo(photo.id)
        if now is None or now.variant(variant.id) is None:
            self._store.apply(result_arrived, run, variant)
        elif self._store.state.current_id == photo.id:
            self._store.apply(side_chosen, "b", variant.id)
        if was_left:
            said = wording.cost(variant)
            self._board.note(
                f"The answer for {photo.name} has come after all: it is among its variants ({said})."
            )
        elif not run.in_batch:
            self._store.apply(status_said, wording.done_text(variant))
        if variant.note and not run.in_batch:
            self._board.note(variant.note)

    def _tell_kept(self, run: Run, name: str) -> None:
        if run.engine == "cloud":
            text = f"The answer for {name}, which is no longer open, has come and is kept."
            self._board.offer(text, (("show", "Show it"),), run_id=run.id)

    async def _change_of_file(self, run: Run, photo: Photo) -> str:
        """Return a sentence when the photo's file is not the one that was there when the run was queued."""
        if run.id not in self._marks:
            return ""
        before, now = self._marks.pop(run.id), await asyncio.to_thread(_mark, photo.path)
        if now == before:
            return ""
        what = f"{photo.name} is no longer at its place" if now is None else f"{photo.name} was changed"
        return f"{what} since it was queued; the picture as it was read was sharpened."


def _mark(path: str) -> FileMark:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _variant(run: Run, result: SharpenResult, variant_id: str) -> Variant:
    more = len(result.others)
    kept = f"The service sent {more} more; they are kept in the data folder." if more else ""
    return Variant(
        id=variant_id,
        engine=run.engine,
        title=run.title,
        made_with=run.settings,
        seconds=time.monotonic() - run.started_s,
        cost_usd=result.cost_usd,
        is_cost_estimated=result.is_cost_estimated,
        finding=result.finding,
        note=" ".join(part for part in (result.note, kept) if part),
        request_id=result.request_id,
        file=result.file,
        paid_on=result.paid_on,
        strokes=run.strokes,
        took=result.took,
    )
