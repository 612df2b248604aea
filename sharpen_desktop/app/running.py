"""Runs: one at a time on the current photo, stopped truthfully."""

import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.opening import Opener
from sharpen_desktop.app.ports import Dialogs, Engine, Pictures, Question
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core import wording
from sharpen_desktop.core.errors import (
    Charge,
    CloudError,
    KeyRefused,
    PhotoUnreadable,
    RunStopped,
    SharpenError,
)
from sharpen_desktop.core.jobs import Phase, Progress, SharpenRequest, SharpenResult
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.picture import Master, OpenedPicture
from sharpen_desktop.core.settings import EngineName
from sharpen_desktop.core.state import (
    Run,
    key_asked,
    key_refused,
    result_arrived,
    run_ended,
    run_progressed,
    run_started,
    status_said,
)

EngineLoader = Callable[[], Awaitable[Engine]]
TASK = "run"


class Runner:
    """Starts and stops runs."""

    def __init__(
        self,
        store: Store,
        engines: Mapping[EngineName, EngineLoader],
        pictures: Pictures,
        opener: Opener,
        dialogs: Dialogs,
        tasks: TaskScope,
        board: NoticeBoard,
    ) -> None:
        self._store = store
        self._engines = engines
        self._pictures = pictures
        self._opener = opener
        self._dialogs = dialogs
        self._tasks = tasks
        self._board = board
        self._is_price_accepted = False

    def sharpen(self, engine: EngineName | None = None) -> None:
        """Start a run of the current photo; nothing while one is going on."""
        state = self._store.state
        chosen = engine or state.engine
        if state.current is None or self._tasks.is_going(TASK):
            return
        if chosen == "cloud" and not state.has_key:
            self._store.apply(key_asked)
            return
        is_elsewhere = chosen != state.engine
        self._tasks.start(TASK, self._sharpen(state.current.id, chosen, always_ask=is_elsewhere))

    def stop(self) -> None:
        """Stop at once where nothing is billed; otherwise ask first."""
        run = self._store.state.going
        if run is None:
            self._tasks.cancel(TASK)  # a run that is still waiting for its photo or an answer
        elif self.may_have_been_charged():
            self._tasks.start("stop", self._ask_to_stop(run.id))
        else:
            self._cancel(run)

    def may_have_been_charged(self) -> bool:
        """Whether a cloud request is out whose answer has not come."""
        run = self._store.state.going
        return run is not None and run.is_at_service

    def is_receiving(self) -> bool:
        """Whether a paid picture has come and is being opened: nothing may lose it now."""
        run = self._store.state.going
        return run is not None and run.is_receiving

    async def _ask_to_stop(self, run_id: str) -> None:
        pressed = await self._dialogs.ask(
            Question(
                "Stop waiting for the service?",
                "The photo has been sent, so this may still cost, and the answer will be lost.",
                (("wait", "Keep waiting"), ("stop", "Stop waiting")),
                escape="wait",
            )
        )
        run = self._store.state.going
        if pressed == "stop" and run is not None and run.id == run_id:
            self._cancel(run)

    def _cancel(self, run: Run) -> None:
        was_risky = self.may_have_been_charged()
        if run.is_receiving:
            return
        self._tasks.cancel(TASK)
        self._store.apply(run_ended, run.id)
        if run.engine == "cloud":
            cost = "It may have been billed." if was_risky else "Nothing was billed."
            self._store.apply(status_said, f"Stopped. {cost}")
        else:
            self._store.apply(status_said, "Stopped")

    async def _sharpen(self, photo_id: str, engine: EngineName, *, always_ask: bool) -> None:
        try:
            photo = await self._opener.ready(photo_id)
            if engine == "cloud" and not await self._is_cost_accepted(photo, always_ask=always_ask):
                return
            await self._run(await self._opener.ready(photo_id), engine)
        except RunStopped:
            return  # the photo was closed or left before anything began
        except SharpenError as error:
            if isinstance(error, KeyRefused):
                self._store.apply(key_refused)
            if error.charge in (Charge.UNKNOWN, Charge.BILLED):
                self._is_price_accepted = False  # look before paying again
            self._board.fail(error, retry="sharpen", photo_id=photo_id, engine=engine)

    async def _is_cost_accepted(self, photo: Photo, *, always_ask: bool) -> bool:
        if self._is_price_accepted and not always_ask:
            return True
        pressed = await self._dialogs.ask(
            Question(
                f"Send {photo.name} to the cloud service?",
                "This costs money. The price is not known before the service answers. Only the picture leaves "
                "this computer, without its name, place or other metadata.",
                (("cancel", "Cancel"), ("send", "Send")),
                escape="cancel",
            )
        )
        self._is_price_accepted = self._is_price_accepted or pressed == "send"
        return pressed == "send"

    async def _run(self, photo: Photo, engine: EngineName) -> None:
        master = photo.original.master if photo.original else None
        if master is None:
            return
        run = self._started(photo, engine)
        try:
            request = SharpenRequest(run.id, engine, run.settings, master)
            result = await (await self._engines[engine]()).sharpen(request, self._reporter(run.id))
            self._report(run.id, Progress(Phase.FINISHING, is_paid_risk=engine == "cloud"))
            await self._show(run, result, master)
        except SharpenError as error:
            self._store.apply(run_ended, run.id, error.sentence)
            raise
        finally:
            self._store.apply(run_ended, run.id, self._problem(run.id))

    def _problem(self, run_id: str) -> str:
        return next((run.problem for run in self._store.state.runs if run.id == run_id), "")

    def _started(self, photo: Photo, engine: EngineName) -> Run:
        settings = self._store.state.settings
        run = Run(
            uuid.uuid4().hex,
            photo.id,
            engine,
            wording.run_title(engine, settings),
            settings,
            Progress(Phase.PREPARING),
            time.monotonic(),
        )
        self._store.apply(status_said, "")
        self._store.apply(run_started, run)
        return run

    def _reporter(self, run_id: str) -> Callable[[Progress], None]:
        def report(progress: Progress) -> None:
            self._report(run_id, progress)

        return report

    def _report(self, run_id: str, progress: Progress) -> None:
        self._store.apply(run_progressed, run_id, progress)

    async def _show(self, run: Run, result: SharpenResult, source: Master) -> None:
        picture = await self._opened(run, result)
        variant = Variant(
            id=run.id,
            engine=run.engine,
            title=run.title,
            facts=picture.facts,
            display=picture.display,
            master=picture.master,
            made_with=run.settings,
            seconds=time.monotonic() - run.started_s,
            cost_usd=result.cost_usd,
            is_cost_estimated=result.is_cost_estimated,
            finding=result.finding,
            note=_note(result, source, picture.master),
            request_id=result.request_id,
            file=result.file,
        )
        self._store.apply(result_arrived, run, variant)
        self._store.apply(status_said, wording.done_text(variant))
        if variant.note:
            self._board.note(variant.note)

    async def _opened(self, run: Run, result: SharpenResult) -> OpenedPicture:
        try:
            return await self._pictures.open(Path(result.file))
        except PhotoUnreadable as error:
            if run.engine == "local":
                raise
            raise CloudError(
                "The service's picture cannot be read. The file is kept as it came, for support.",
                detail=f"{error.headline}\n{result.file}",
                charge=Charge.BILLED,
                request_id=result.request_id,
            ) from error


def _note(result: SharpenResult, source: Master, got: Master | None) -> str:
    """Return what the user should know: the engine's own note and a size that is not the one sent."""
    more = len(result.others)
    kept = f"The service sent {more} more; they are kept in the data folder." if more else ""
    said = " ".join(part for part in (result.note, kept) if part)
    if got is None or (got.width, got.height) == (source.width, source.height):
        return said
    size = f"The result is {got.width} × {got.height}, the photo {source.width} × {source.height}."
    return " ".join(part for part in (said, size) if part)
