"""The queue: begins what may begin, and pauses when a refusal concerns everything that waits."""

import asyncio
import time
import uuid
from collections.abc import Callable

from sharpen_desktop.app.consent import Consent
from sharpen_desktop.app.notices import NoticeBoard, wishes_after
from sharpen_desktop.app.ports import Dialogs
from sharpen_desktop.app.reading import Reader
from sharpen_desktop.app.running import Runner
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core import queue as queueing
from sharpen_desktop.core.account import key_refused
from sharpen_desktop.core.errors import (
    AlreadyPaid,
    Charge,
    CreditExhausted,
    JournalFailed,
    KeyRefused,
    LimitReached,
    RunStopped,
    ServiceBusy,
    SharpenError,
    StoreFull,
    Unreachable,
)
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.core.phrases import count_of
from sharpen_desktop.core.running import run_ended
from sharpen_desktop.core.runs import Batch, Outcome, Pause, Run

PAUSES: tuple[tuple[type[SharpenError], Pause], ...] = (
    (KeyRefused, Pause.KEY),
    (CreditExhausted, Pause.CREDIT),
    (LimitReached, Pause.LIMIT),
    (StoreFull, Pause.DISK),
    (JournalFailed, Pause.DISK),
    (ServiceBusy, Pause.SERVICE),
    (Unreachable, Pause.SERVICE),
)
_BUG = "Something in the program went wrong."
Ended = Callable[[Run, SharpenError | None], None]


class Queue:
    """Owner of the runs. ``on_end`` hears of each cloud run that has ended, with its error."""

    def __init__(
        self,
        store: Store,
        runner: Runner,
        reader: Reader,
        consent: Consent,
        dialogs: Dialogs,
        tasks: TaskScope,
        board: NoticeBoard,
        on_end: Ended,
    ) -> None:
        self._store = store
        self._runner = runner
        self._reader = reader
        self._consent = consent
        self._dialogs = dialogs
        self._tasks = tasks
        self._board = board
        self._on_end = on_end

    # Adding and going on

    def add(self, runs: tuple[Run, ...], batch: Batch | None = None) -> None:
        """Put runs at the end of the queue; ``batch``: they are one, which ends with a table of results."""
        with self._store.at_once():
            if batch is not None:
                self._store.apply(queueing.batch_begun, batch)
            self._store.apply(status_said, "")
            self._store.apply(queueing.runs_queued, runs)
            self._tasks.start(f"marks-{uuid.uuid4().hex}", self._runner.note_files(runs))
            self.fill()
            is_held = any(run.engine == "cloud" for run in runs) or self._store.state.pause is Pause.USER
            if is_held:
                self._store.apply(status_said, self._store.state.pause.value)

    def pause(self) -> None:
        """Let nothing more begin; what goes on goes on."""
        self._store.apply(queueing.queue_paused, Pause.USER)

    def resume(self) -> None:
        """Go on."""
        self._store.apply(queueing.queue_paused, Pause.NONE)
        self.fill()

    def resume_after(self, pause: Pause) -> None:
        """Go on when this is why the queue stood still."""
        if self._store.state.pause is pause:
            self.resume()

    def fill(self) -> None:
        """Let begin what may."""
        state = self._store.state
        if self._tasks.is_closed:
            return
        for run in queueing.startable(state.runs, state.pause, is_cloud_proven=state.is_cloud_proven):
            self._store.apply(queueing.run_begun, run.id, time.monotonic())
            begun = self._store.state.run(run.id)
            if begun is not None:
                self._tasks.start(task_name(run.id), self._go(begun))

    async def _go(self, run: Run) -> None:
        photo = self._store.state.photo(run.photo_id)
        outcome: Outcome | None = Outcome(run.photo_id, photo.name if photo else "", _BUG)
        error: SharpenError | None = None
        try:
            outcome = await self._runner.run(run)
        except asyncio.CancelledError:
            outcome = None  # who stopped it has said so
            raise
        except SharpenError as failure:
            error = failure
            outcome = self._failed(run, failure)
        finally:
            self._ended(run, outcome)
            if run.engine == "cloud" and not self._tasks.is_closed:
                self._on_end(run, error)

    def _ended(self, run: Run, outcome: Outcome | None) -> None:
        now = self._store.state.run(run.id)
        with self._store.at_once():
            if now is not None and now.is_busy:
                self._store.apply(run_ended, run.id)
            if outcome is not None:
                self.note(run.id, outcome)
            self._reader.give_back()
            self.fill()

    # Failures

    def _failed(self, run: Run, error: SharpenError) -> Outcome | None:
        """Say what happened and return how the run ended; ``None`` when it waits again."""
        photo = self._store.state.photo(run.photo_id)
        name = photo.name if photo else ""
        if isinstance(error, RunStopped):
            return Outcome(run.photo_id, name, "Closed before its turn.")
        if isinstance(error, KeyRefused):
            self._store.apply(key_refused)
        if error.charge in (Charge.UNKNOWN, Charge.BILLED):
            self._consent.withdraw()
        pause = next((each for kind, each in PAUSES if isinstance(error, kind)), Pause.NONE)
        is_paused = pause is not Pause.NONE and self._paused(run, pause)
        if is_paused and run.in_batch:
            self._store.apply(queueing.run_returned, run.id)
        else:
            self._store.apply(run_ended, run.id, error.sentence)
        self._tell(run, error, is_paused=is_paused)
        returned = is_paused and run.in_batch
        return None if returned else Outcome(run.photo_id, name, error.sentence, None, error.charge)

    def _paused(self, run: Run, pause: Pause) -> bool:
        """Pause what waits; false when nothing does."""
        others = [each for each in queueing.waiting(self._store.state) if each.engine == "cloud"]
        if run.engine != "cloud" or not (run.in_batch or others):
            return False
        self._store.apply(queueing.queue_paused, pause)
        return True

    def _tell(self, run: Run, error: SharpenError, *, is_paused: bool) -> None:
        """Show a notice; of a batch's photos only what concerns more than the table at its end."""
        is_costly = error.charge in (Charge.UNKNOWN, Charge.BILLED)
        if run.in_batch and not (is_paused or is_costly):
            return
        wishes = wishes_after(error, is_paused=is_paused)
        run_id = self._doubtful(run) if isinstance(error, AlreadyPaid) else run.id
        self._board.fail(error, wishes=wishes, photo_id=run.photo_id, engine=run.engine, run_id=run_id)

    def _doubtful(self, run: Run) -> str:
        """Return the id of the earlier run that stands in a run's way: one without a result that may have cost."""
        photo = self._store.state.photo(run.photo_id)
        runs = photo.paid_runs if photo else ()
        free = (Stage.REFUSED, Stage.PREPARED)
        return next((each.run_id for each in runs if not each.has_result and each.stage not in free), run.id)

    # The end of a batch

    def show_results(self) -> None:
        """Show how the photos of the last batch have ended."""
        batch = self._store.state.batch
        if batch is not None:
            self._tasks.start("results", self._dialogs.show_results(batch))

    def note(self, run_id: str, outcome: Outcome) -> None:
        """Note how a run of a batch has ended; the last one shows the table."""
        before = self._store.state.batch
        self._store.apply(queueing.outcome_noted, run_id, outcome)
        batch = self._store.state.batch
        if batch is not None and batch is not before and batch.is_over:
            self._board.offer(_summary(batch), (("results", "Show the list"),))
            self.show_results()


def _summary(batch: Batch) -> str:
    count, failed = len(batch.outcomes), sum(bool(each.problem) for each in batch.outcomes)
    if not failed:
        return f"{count_of(count, 'photo')} sharpened."
    return f"{count - failed} of {count_of(count, 'photo')} sharpened, {failed} not."


def task_name(run_id: str) -> str:
    """Return the name of the task that does a run."""
    return f"run-{run_id}"
