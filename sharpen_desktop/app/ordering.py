"""From the press of a button to runs in the queue: is it there already, is there a key, is the cost agreed to."""

import functools
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from sharpen_desktop.app.arriving import file_is_there
from sharpen_desktop.app.batching import batch_plan, kept_plan
from sharpen_desktop.app.consent import Consent
from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.opening import Opener
from sharpen_desktop.app.ports import BatchPlan, Dialogs
from sharpen_desktop.app.queue import Queue
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.stored import Stored, gone_text
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.app.waiting import Waiting
from sharpen_desktop.core import wording
from sharpen_desktop.core.account import key_asked
from sharpen_desktop.core.errors import PhotoUnreadable, RunStopped, SharpenError
from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.paid import PaidRun
from sharpen_desktop.core.photo import Loading, Photo
from sharpen_desktop.core.queue import run_left, wanting
from sharpen_desktop.core.runs import Batch, Run
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.core.state import AppState

ASK = "ask"


class Orders:
    """Takes the user's orders for runs."""

    def __init__(
        self,
        store: Store,
        queue: Queue,
        consent: Consent,
        stored: Stored,
        opener: Opener,
        waiting: Waiting,
        dialogs: Dialogs,
        tasks: TaskScope,
        board: NoticeBoard,
        ask_price: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._queue = queue
        self._consent = consent
        self._stored = stored
        self._opener = opener
        self._waiting = waiting
        self._dialogs = dialogs
        self._tasks = tasks
        self._board = board
        self._ask_price = ask_price

    @property
    def is_asking(self) -> bool:
        """Whether an order waits for an answer, or for its photo."""
        return self._tasks.is_going(ASK)

    def call_off(self) -> None:
        """Give up the order that waits for an answer."""
        self._tasks.cancel(ASK)

    def sharpen(self, engine: EngineName | None = None) -> None:
        """Sharpen the shown photo; nothing while it is in the queue. A stored result is shown instead, free."""
        state = self._store.state
        chosen, photo = engine or state.engine, state.current
        if photo is None or self.is_asking or state.run_of(photo.id) or state.waiting_of(photo.id):
            return
        if photo.loading is Loading.FAILED:
            self._board.fail(PhotoUnreadable(photo.problem), photo_id=photo.id)
        elif chosen == "local":
            self._queue.add((_run_here(state, photo.id),))
        elif not self._wait_again(photo):
            is_elsewhere = chosen != state.engine
            order = functools.partial(self._send, photo.id, state.settings, always_ask=is_elsewhere)
            self._tasks.start(ASK, self._reporting(photo.id, order))

    def run_again(self) -> None:
        """Send the shown photo again although its result is stored; always asks."""
        state = self._store.state
        photo = state.current
        if photo is None or self.is_asking or state.run_of(photo.id) or state.waiting_of(photo.id):
            return
        order = functools.partial(self._send_again, photo.id, state.settings, state.stored_for(photo))
        self._tasks.start(ASK, self._reporting(photo.id, order))

    def send_again(self, run: PaidRun) -> None:
        """Send what a run of the journal asked for once more; always asks."""
        if self.is_asking:
            return
        photo = self._stored.photo_of(run)
        photo_id = photo.id if photo else self._opener.listed([run.photo_path])[0]
        self._opener.show(photo_id)
        order = functools.partial(self._send_again, photo_id, run.settings, run)
        self._tasks.start(ASK, self._reporting(photo_id, order))

    def sharpen_all(self) -> None:
        """Sharpen every photo that has no result for the present settings, after one question."""
        if not self.is_asking:
            self._tasks.start(ASK, self._sharpen_all())

    def resume_kept(self) -> None:
        """Put what waited when the program last ended back into the queue; the cloud asks first."""
        if not self.is_asking:
            self._tasks.start(ASK, self._resume_kept())

    def forget_kept(self) -> None:
        """Forget what waited when the program last ended."""
        self._waiting.drop(self._waiting.left_over)

    def _wait_again(self, photo: Photo) -> bool:
        """Wait again for a run of the same settings that was left, if there is one."""
        settings = self._store.state.settings
        for run in self._store.state.runs:
            if run.photo_id == photo.id and run.is_left and run.settings == settings:
                self._store.apply(run_left, run.id, is_left=False)
                self._store.apply(status_said, "Waiting for the answer again. Nothing more was sent.")
                return True
        return False

    async def _send(self, photo_id: str, settings: Settings, *, always_ask: bool) -> None:
        photo = await self._stored.known(photo_id)
        stored = self._store.state.stored_for(photo, settings)
        if stored is not None and await file_is_there(stored.files[0]):
            await self._stored.show(photo_id, stored)
            return
        if stored is not None:
            self._board.note(gone_text(stored))
        if not self._store.state.has_key:
            self._store.apply(key_asked)
            return
        await self._ask_price()
        if await self._consent.to_send(photo, always_ask=always_ask or stored is not None):
            self._queue_one(_run(photo_id, "cloud", settings))

    async def _send_again(self, photo_id: str, settings: Settings, earlier: PaidRun | None) -> None:
        photo = await self._stored.known(photo_id)
        if not self._store.state.has_key:
            self._store.apply(key_asked)
            return
        await self._ask_price()
        if await self._consent.to_send_again(photo, earlier):
            self._queue_one(_run(photo_id, "cloud", settings, is_again=True))

    def send_smaller(self, most_bytes: int) -> None:
        """Send the shown photo scaled down to so many bytes, after a question."""
        state = self._store.state
        photo = state.current
        if photo is None or self.is_asking or state.run_of(photo.id) or state.waiting_of(photo.id):
            return
        work = functools.partial(self._send_smaller, photo.id, state.settings, most_bytes)
        self._tasks.start(ASK, self._reporting(photo.id, work))

    async def _send_smaller(self, photo_id: str, settings: Settings, most_bytes: int) -> None:
        photo = await self._stored.known(photo_id)
        await self._ask_price()
        if await self._consent.to_send_smaller(photo):
            run = _run(photo_id, "cloud", settings)
            self._queue_one(replace(run, most_bytes=most_bytes))

    def _queue_one(self, run: Run) -> None:
        if self._store.state.photo(run.photo_id) is not None:
            self._queue.add((run,))

    async def _reporting(self, photo_id: str, order: Callable[[], Awaitable[None]]) -> None:
        try:
            await order()
        except RunStopped:
            return  # the photo was closed before anything began
        except SharpenError as error:
            self._board.fail(error, photo_id=photo_id)

    # Many photos

    async def _sharpen_all(self) -> None:
        state = self._store.state
        photos = wanting(state)
        if not photos:
            self._board.note("Every photo has a result for these settings, or is in the queue.")
        elif state.engine == "cloud" and not state.has_key:
            self._store.apply(key_asked)
        elif await self._dialogs.confirm_batch(plan := batch_plan(state, photos)):
            self._queue_batch([_batch_run(state, photo.id) for photo in photos], plan)

    def _queue_batch(self, runs: Sequence[Run], plan: BatchPlan) -> None:
        """Queue those whose photos are still open and not in the queue."""
        state = self._store.state
        taken = {run.photo_id for run in state.runs if run.is_waiting or run.is_going}
        here = {photo.id for photo in state.photos} - taken
        free = tuple(run for run in runs if run.photo_id in here)
        if free:
            self._queue.add(free, Batch(plan.engine, tuple(run.id for run in free), quote_usd=plan.quote_usd))

    async def _resume_kept(self) -> None:
        kept = self._waiting.left_over
        if free := tuple(each for each in kept if each.engine == "local"):
            self._resume(free, kept_plan(self._store.state, free))
        if not (paid := tuple(each for each in kept if each.engine == "cloud")):
            return
        if not self._store.state.has_key:
            self._store.apply(key_asked)
            return
        await self._ask_price()
        if await self._dialogs.confirm_batch(plan := kept_plan(self._store.state, paid)):
            self._resume(paid, plan)

    def _resume(self, kept: tuple[WaitingPhoto, ...], plan: BatchPlan) -> None:
        photo_ids = self._opener.listed([each.path for each in kept])
        if self._store.state.current is None:
            self._opener.show(photo_ids[0])
        pairs = zip(photo_ids, kept, strict=True)
        runs = [_run(photo_id, each.engine, each.settings, in_batch=True) for photo_id, each in pairs]
        self._queue_batch(runs, plan)
        self._waiting.drop(kept)


def _run_here(state: AppState, photo_id: str) -> Run:
    """Return a run on this computer: it takes what is painted on the subject, the service has no use for it."""
    run = _run(photo_id, "local", state.settings)
    return replace(run, strokes=state.history.present.strokes_in_force(photo_id))


def _batch_run(state: AppState, photo_id: str) -> Run:
    if state.engine == "local":
        return replace(_run_here(state, photo_id), in_batch=True)
    return _run(photo_id, "cloud", state.settings, in_batch=True)


def _run(
    photo_id: str,
    engine: EngineName,
    settings: Settings,
    *,
    is_again: bool = False,
    in_batch: bool = False,
) -> Run:
    title = wording.run_title(engine, settings)
    return Run(uuid.uuid4().hex, photo_id, engine, title, settings, is_again=is_again, in_batch=in_batch)
