"""Runs that were cut short: pictures that were answered are fetched, the service's log is asked about the rest.

Every run ends as fetched, as charged and lost, as not charged, or as unknown; each end is told with what can be
done next.
"""

import asyncio
import logging
import time
from collections.abc import Iterable

from sharpen_desktop.app.money import CloudLoader, Money
from sharpen_desktop.app.notices import SETTLE, NoticeBoard, Wishes
from sharpen_desktop.app.ports import Archive
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.stored import Stored
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core import retry, wording
from sharpen_desktop.core.account import open_runs_found, paid_run_changed, settling_changed
from sharpen_desktop.core.errors import Charge, CloudError, KeyRefused, SharpenError
from sharpen_desktop.core.jobs import Progress
from sharpen_desktop.core.paid import TO_FETCH, PaidRun, Stage
from sharpen_desktop.core.phrases import day
from sharpen_desktop.core.queue import doubt_changed
from sharpen_desktop.core.running import run_dismissed

log = logging.getLogger(__name__)
ASKED_AT_ONCE = 2
LOG_REACH_S = 86_400.0
LOAD_KEY = "load-key"
"""The task that looks for a kept key."""
UNCLEAR = frozenset({Stage.SENDING, Stage.UNKNOWN}) | TO_FETCH
"""Stages after which it is worth asking once more."""

_CHECK: Wishes = (("check", "Check again"),)
_KEY: Wishes = (("key", "Enter the key"), *_CHECK)
_AGAIN: Wishes = (("again", "Send again…"),)


class Settler:
    """Brings runs to an end that is known."""

    def __init__(
        self,
        store: Store,
        archive: Archive,
        cloud: CloudLoader,
        stored: Stored,
        money: Money,
        tasks: TaskScope,
        board: NoticeBoard,
    ) -> None:
        self._store = store
        self._archive = archive
        self._cloud = cloud
        self._stored = stored
        self._money = money
        self._tasks = tasks
        self._board = board
        self._turn = asyncio.Semaphore(ASKED_AT_ONCE)

    async def find(self) -> None:
        """Take up every run an earlier session has left open; JournalFailed when they cannot be read."""
        own = {run.id for run in self._store.state.runs}
        found = [run for run in await self._archive.open_runs() if run.run_id not in own]
        self._store.apply(open_runs_found, found)
        for run in found:
            if run.stage is Stage.PREPARED:
                self._tasks.start(f"settle-{run.run_id}", self._close_unsent(run.run_id))
            elif not _is_old_doubt(run):
                self._watch(run.run_id, run.changed_s, at_once=True)

    def key_changed(self) -> None:
        """Ask again about what is open: there may be a key now to ask with."""
        if self._store.state.open_runs:
            self._tasks.start("find", self._board.reporting(self.find))

    def watch(self, run_id: str) -> None:
        """Ask about a run whose answer was lost just now."""
        self._watch(run_id, time.time(), at_once=False)

    def check(self, run_id: str) -> None:
        """Ask about a run now; a failure is told."""
        self._tasks.start(f"check-{run_id}", self._check(run_id))

    def _watch(self, run_id: str, lost_s: float, *, at_once: bool) -> None:
        if not self._tasks.is_going(f"settle-{run_id}"):
            self._tasks.start(
                f"settle-{run_id}",
                self._settle(
                    run_id,
                    _waits(max(0.0, time.time() - lost_s), at_once=at_once),
                    is_untold=at_once,
                ),
            )

    async def _settle(self, run_id: str, waits: list[float], *, is_untold: bool) -> None:
        """Ask after each of the waits until the answer is clear, and tell it.

        ``is_untold``: nobody has heard of the run yet, so what is open is told before it is asked again. Without a
        key there is nothing to ask with: that is told, and ``key_changed`` begins anew.
        """
        run = None
        for asked, wait_s in enumerate(waits, start=1):
            await asyncio.sleep(wait_s)
            run, problem = await self._tried(run_id, run)
            if isinstance(problem, KeyRefused):
                await self._tell_keyless(run_id, problem)
                self._store.apply(doubt_changed, run_id, is_in_doubt=False)
                return
            if run is not None and problem is None and run.stage not in UNCLEAR:
                break
            if is_untold and asked < len(waits):
                is_untold = False
                await self._tell_open(run_id)
        run = run or await self._known(run_id)
        if run is not None:
            await self._tell(run)
        self._store.apply(doubt_changed, run_id, is_in_doubt=False)

    async def _tried(self, run_id: str, before: PaidRun | None) -> tuple[PaidRun | None, SharpenError | None]:
        """Ask, and return what is known of the run now, with what was in the way."""
        try:
            return await self._asked(run_id), None
        except SharpenError as error:
            log.warning("%s is not settled: %s (%s)", run_id, error.headline, error.detail)
            return before, error

    async def _tell_open(self, run_id: str) -> None:
        """Say of a run from before the start that it is still open, and that it is being looked into."""
        run = await self._known(run_id)
        if run is not None:
            self._board.withdraw(run_id)
            self._board.offer(_about(run, _still_open(run)), _CHECK, detail=_detail(run), run_id=run_id)

    async def _tell_keyless(self, run_id: str, problem: KeyRefused) -> None:
        """Say that a run cannot be asked about, unless a key is just being looked for."""
        run = await self._known(run_id)
        if run is None or self._tasks.is_going(LOAD_KEY):
            return
        self._board.withdraw(run_id)
        text = _about(run, "may have been billed. Enter your key, and the service is asked.")
        error = CloudError(text, detail="\n".join((problem.headline, _detail(run))))
        self._board.fail(error, wishes=_KEY, run_id=run_id)

    async def _close_unsent(self, run_id: str) -> None:
        """Settle a run of which nothing had left: nobody needs to hear of it."""
        try:
            await self._asked(run_id)
        except SharpenError as error:
            log.warning("%s is not settled: %s (%s)", run_id, error.headline, error.detail)

    async def _check(self, run_id: str) -> None:
        try:
            run = await self._asked(run_id)
        except SharpenError as error:
            self._board.fail(error, wishes=SETTLE, run_id=run_id)
            return
        await self._tell(run)
        self._store.apply(doubt_changed, run_id, is_in_doubt=run.stage in UNCLEAR)

    async def _asked(self, run_id: str) -> PaidRun:
        def report(progress: Progress) -> None:
            log.debug("%s: %s", run_id, progress)

        async with self._turn:
            self._store.apply(settling_changed, run_id, is_going=True)
            try:
                run = await (await self._cloud()).settle(run_id, report)
            finally:
                self._store.apply(settling_changed, run_id, is_going=False)
        self._store.apply(paid_run_changed, run)
        self._money.count()
        return run

    async def _known(self, run_id: str) -> PaidRun | None:
        try:
            runs: Iterable[PaidRun] = await self._archive.runs()
        except SharpenError as error:
            log.warning("%s is not known: %s", run_id, error.headline)
            runs = self._store.state.open_runs
        return next((run for run in runs if run.run_id == run_id), None)

    async def _tell(self, run: PaidRun) -> None:
        """Say how a run has ended, in place of what was said of it before."""
        self._board.withdraw(run.run_id)
        if run.has_result:
            await self._fetched(run)
        elif run.stage is Stage.REFUSED:
            self._board.offer(_about(run, "was not billed."), _AGAIN, detail=_detail(run), run_id=run.run_id)
        else:
            self._board.fail(_failure(run), wishes=_wishes(run), run_id=run.run_id)

    async def _fetched(self, run: PaidRun) -> None:
        """Add a result that has come after all to its photo, if that is open, and say where it is."""
        self._store.apply(run_dismissed, run.run_id)
        cost = wording.paid_run_cost(run)
        photo = self._stored.photo_of(run)
        if photo is not None:
            try:
                await self._stored.join(photo.id, run)
            except SharpenError as error:
                self._board.fail(error, run_id=run.run_id)
                return
        where = "It is among the photo's variants." if photo else "It is kept."
        text = f"The result of {run.photo_name} that was under way has come ({cost}). {where}"
        self._board.offer(text, (("show", "Show it"),), run_id=run.run_id)


def _is_old_doubt(run: PaidRun) -> bool:
    """Whether a run was asked about in vain and told, and the service's log reaches back no further."""
    return run.stage in (Stage.UNKNOWN, Stage.UNTRACED) and time.time() - run.changed_s > LOG_REACH_S


def _waits(elapsed_s: float, *, at_once: bool) -> list[float]:
    """Return the waits before each question of the ladder that is still to come, and one ``at_once``.

    The clock is not trusted for more than ``elapsed_s``: the waits themselves do not depend on it.
    """
    to_come = [at - elapsed_s for at in retry.SETTLE_AFTER_S if at > elapsed_s]
    if at_once:
        to_come = [0.0, *to_come]
    return [after - before for before, after in zip([0.0, *to_come], to_come, strict=False)]


def _about(run: PaidRun, end: str) -> str:
    return f"The cloud run of {run.photo_name or 'a photo'} of {day(run.created_s)} {end}"


def _still_open(run: PaidRun) -> str:
    """Return what is told of a run that was cut short while it is still being looked into."""
    if run.stage in TO_FETCH:
        return f"{_NOT_FETCHED} It is tried again by itself."
    return "was cut short and may have been billed. The service is asked again by itself."


_SUPPORT = "The details hold the reference for the service's support."
_NOT_FETCHED = "was billed, and its picture could not be fetched yet."
_ENDS = {
    Stage.LOST: f"was billed, and its picture was lost on the way. {_SUPPORT}",
    Stage.PAID_UNREADABLE: f"was answered without a picture. The answer is kept. {_SUPPORT}",
    Stage.EXPIRED: f"was billed, but the address of its picture no longer works. {_SUPPORT}",
    Stage.ANSWERED: _NOT_FETCHED,
    Stage.DOWNLOADING: _NOT_FETCHED,
    Stage.UNTRACED: "left no trace at the service. Sending it again is probably safe.",
}


def _failure(run: PaidRun) -> SharpenError:
    text = _ENDS.get(run.stage, "is not settled: the service does not say what became of it.")
    if run.cost_usd is not None:
        text = text.replace("was billed", f"was billed ({wording.paid_run_cost(run)})", 1)
    is_unclear = run.is_in_doubt or (run.stage is Stage.PAID_UNREADABLE and run.cost_usd is None)
    charge = Charge.UNKNOWN if is_unclear else None
    return CloudError(_about(run, text), detail=_detail(run), charge=charge)


def _wishes(run: PaidRun) -> Wishes:
    if run.stage is Stage.LOST:
        return _AGAIN
    return _CHECK if run.stage in TO_FETCH else SETTLE


def _detail(run: PaidRun) -> str:
    """Return what support asks for."""
    parts = (
        run.problem,
        f"Our reference: {run.reference}" if run.reference else "",
        f"The service's reference: {run.request_id}" if run.request_id else "",
        f"The answer as it came: {run.answer}" if run.answer else "",
        f"Cost: {wording.paid_run_cost(run)}",
    )
    return "\n".join(part for part in parts if part)
