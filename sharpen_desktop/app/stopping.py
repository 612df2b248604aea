"""Stopping runs: at once where nothing is billed, after a question where it may be, and never a lie about it."""

from sharpen_desktop.app.ordering import Orders
from sharpen_desktop.app.ports import Dialogs, Question
from sharpen_desktop.app.queue import Queue, task_name
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core import queue as queueing
from sharpen_desktop.core.errors import Charge
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.phrases import count_of
from sharpen_desktop.core.running import run_ended
from sharpen_desktop.core.runs import Outcome, Run
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import expected, price_of

STOPPED = "Stopped."
ASK = "stop"


class Stopper:
    """Stops and leaves runs."""

    def __init__(
        self, store: Store, queue: Queue, orders: Orders, dialogs: Dialogs, tasks: TaskScope
    ) -> None:
        self._store = store
        self._queue = queue
        self._orders = orders
        self._dialogs = dialogs
        self._tasks = tasks
        self._asked: tuple[str, ...] = ()
        store.subscribe(self._look)

    def stop(self) -> None:
        """Stop the shown photo's run: at once where nothing is billed; otherwise ask first."""
        state = self._store.state
        run = state.going or state.waiting_of(state.current_id)
        if run is not None:
            self._stop(run)
        else:
            self._orders.call_off()

    def stop_all(self) -> None:
        """Take everything out of the queue and stop what goes on; asks once about what is at the service."""
        self._orders.call_off()
        for run in queueing.waiting(self._store.state):
            self._stop(run)
        going = [run for run in self._store.state.runs if run.is_going]
        for run in going:
            if not run.is_at_service:
                self._stop(run)
        if risky := [run for run in going if run.is_at_service]:
            self._tasks.start(ASK, self._ask_to_leave(risky))

    def take_out(self, photo_id: str) -> None:
        """Take a photo that is being closed out of the queue."""
        waits = self._store.state.waiting_of(photo_id)
        if waits is not None:
            self._take_out(waits, "Closed before its turn.")

    def may_have_been_charged(self) -> bool:
        """Whether a cloud request is out whose answer has not come."""
        return any(run.is_busy and run.is_at_service for run in self._store.state.runs)

    def is_receiving(self) -> bool:
        """Whether a paid picture has come and is being opened: nothing may lose it now."""
        return any(run.is_busy and run.is_receiving for run in self._store.state.runs)

    def _stop(self, run: Run) -> None:
        if run.is_waiting:
            self._take_out(run, STOPPED)
        elif run.is_at_service:
            self._tasks.start(ASK, self._ask_to_leave([run]))
        elif not run.is_receiving:
            self._cancel(run)

    def _take_out(self, run: Run, reason: str) -> None:
        self._store.apply(queueing.run_taken_out, run.id)
        self._queue.note(run.id, Outcome(run.photo_id, self._name(run), reason))
        said = " Nothing was billed." if run.engine == "cloud" else ""
        self._store.apply(status_said, f"Taken out of the queue.{said}")

    def _cancel(self, run: Run) -> None:
        self._tasks.cancel(task_name(run.id))
        self._store.apply(run_ended, run.id)
        self._queue.note(run.id, Outcome(run.photo_id, self._name(run), STOPPED))
        said = "Stopped. Nothing was billed." if run.engine == "cloud" else "Stopped"
        self._store.apply(status_said, said)
        self._queue.fill()

    async def _ask_to_leave(self, runs: list[Run]) -> None:
        self._asked = tuple(run.id for run in runs)
        try:
            pressed = await self._dialogs.ask(self._leave_question(runs))
        finally:
            self._asked = ()
        for each in runs:
            run = self._store.state.run(each.id)
            if pressed != "stop" or run is None or not run.is_going:
                continue
            if run.is_at_service:
                self._leave(run)
            elif not run.is_receiving:
                self._cancel(run)  # refused in the meantime, and waiting for its next try

    def _look(self, state: AppState) -> None:
        """Take the question away when what it is about has ended: it is not true any more."""
        if self._asked and not any(run.is_going for run in state.runs if run.id in self._asked):
            self._asked = ()
            self._tasks.cancel(ASK)

    def _leave_question(self, runs: list[Run]) -> Question:
        state = self._store.state
        prices = [price_of(state, state.photo(run.photo_id)) for run in runs]
        usd = None if None in prices else sum(each for each in prices if each is not None)
        arrives = "it arrives, it is" if len(runs) == 1 else "the answers arrive, they are"
        return Question(
            "Stop waiting?" if len(runs) == 1 else f"Stop waiting for {count_of(len(runs), 'photo')}?",
            f"This may still cost {expected(usd)}. If {arrives} kept.",
            (("wait", "Keep waiting"), ("stop", "Stop waiting")),
            escape="wait",
        )

    def _leave(self, run: Run) -> None:
        self._store.apply(queueing.run_left, run.id, is_left=True)
        said = "No longer waited for. If the answer comes, it is kept."
        self._queue.note(run.id, Outcome(run.photo_id, self._name(run), said, charge=Charge.UNKNOWN))
        self._store.apply(status_said, said)

    def _name(self, run: Run) -> str:
        photo = self._store.state.photo(run.photo_id)
        return photo.name if photo else ""
