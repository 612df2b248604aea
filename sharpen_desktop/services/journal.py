"""The journal: every paid run, written down before money can be spent and at each step it takes.

What a call has written when it returns outlives a crash and a power cut. A call that is cancelled is done
nevertheless, wholly, before whatever is asked next; nobody hears of its failure then but the log. Only a cancelled
``add`` is undone: nothing will be sent for it.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import Any, ParamSpec, TypeVar

from sharpen_desktop.core.errors import JournalFailed
from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.money import Spending
from sharpen_desktop.core.paid import PaidRun, Stage
from sharpen_desktop.core.picture import Fingerprint
from sharpen_desktop.services import journal_queries as queries
from sharpen_desktop.services.journal_database import JournalDatabase
from sharpen_desktop.services.journal_rows import row_of
from sharpen_desktop.services.journal_thread import OrderlyThread

P = ParamSpec("P")
T = TypeVar("T")


def _no_sidecars() -> Iterable[PaidRun]:
    return ()


class Journal:
    """The journal in ``folder``, which other processes may use at the same time.

    It is opened when it is first needed, and again after trouble with the disk. Every method raises JournalFailed
    when the disk does not take or give what it should. ``now``: seconds since 1970. ``sidecars`` returns the runs
    that are written down beside stored results; a journal that was lost is made from them.
    """

    def __init__(
        self,
        folder: Path,
        now: Callable[[], float] = time.time,
        sidecars: Callable[[], Iterable[PaidRun]] = _no_sidecars,
    ) -> None:
        self._now = now
        self._database = JournalDatabase(folder, now, sidecars)
        self._thread = OrderlyThread("journal")
        self._is_closed = False

    async def open(self) -> str:
        """Get ready; return a sentence when something had to be mended, else empty."""
        return await self._do(self._database.open)

    async def add(
        self, run: PaidRun, limit_usd: float | None = None, call_limit_usd: float | None = None
    ) -> None:
        """Write down a run that is prepared; its times are set where it has none.

        LimitReached when it would go over ``limit_usd`` together with the runs of the last 24 hours, or over
        ``call_limit_usd`` together with those of its call. ValueError when it is not new or cannot be written down.
        """
        if run.stage is not Stage.PREPARED:
            raise ValueError(f"a new run that is {run.stage.value}")
        now_s = self._now()
        run = replace(run, created_s=run.created_s or now_s, changed_s=run.changed_s or now_s)
        row_of(run, "")  # whatever cannot be written down shows before anything is begun
        added: list[str] = []

        def work(connection: Connection) -> None:
            queries.refuse_above_limits(connection, run, now_s, limit_usd, call_limit_usd)
            queries.insert(connection, run, self._database.owners.own)
            added.append(run.run_id)

        try:
            await self._do(self._database.write_unpaid, work)
        except asyncio.CancelledError:
            if not self._is_closed:
                self._thread.post(self._withdraw, added)
            raise

    async def step(self, run_id: str, stage: Stage, **changes: Any) -> PaidRun:  # noqa: ANN401 - PaidRun's fields
        """Commit a run's next stage together with changed facts and return it.

        ValueError for a step that is not allowed or a fact that cannot be written down.
        """
        work = self._change(run_id, queries.to_stage(stage, self._now(), changes))
        write = self._database.write_unpaid if stage is Stage.SENDING else self._database.write
        return await self._do(write, work)

    async def note(self, run_id: str, **changes: Any) -> PaidRun:  # noqa: ANN401 - PaidRun's fields
        """Commit changed facts and return the run; its stage stays, and since when it stands there."""
        return await self._do(self._database.write, self._change(run_id, queries.with_facts(changes)))

    async def run(self, run_id: str) -> PaidRun | None:
        """Return the run of this name."""
        return await self._do(self._database.read, partial(queries.run_with, run_id=run_id))

    async def runs(self, stages: Collection[Stage] = (), most: int = 500) -> tuple[PaidRun, ...]:
        """Return the newest runs that are in one of ``stages``, in any for none; newest first."""
        return await self._do(self._database.read, partial(queries.newest, stages=tuple(stages), most=most))

    async def of_photo(self, fingerprint: Fingerprint) -> tuple[PaidRun, ...]:
        """Return all runs of a photo, newest first."""
        return await self._do(self._database.read, partial(queries.of_photo, fingerprint=fingerprint))

    async def open_runs(self) -> tuple[PaidRun, ...]:
        """Return the runs that are not settled and that no other living process is at, oldest first."""
        owners = self._database.owners

        def is_elsewhere(owner: str) -> bool:
            return owner != owners.own and owners.is_living(owner)

        return await self._do(self._database.read, partial(queries.unfinished, is_worked_at=is_elsewhere))

    async def spending(self, since_s: float) -> Spending:
        """Return what the runs since then (seconds since 1970) have cost or may cost.

        Runs of more than a day ahead were written down by a clock that went wrong, and do not count.
        """
        until_s = self._now() + queries.DAY_S
        work = partial(queries.spending_between, since_s=since_s, until_s=until_s)
        return await self._do(self._database.read, work)

    async def keep_queue(self, photos: Sequence[WaitingPhoto]) -> None:
        """Keep what waits for the next start, in place of what was kept before."""
        work = partial(queries.put_waiting, photos=tuple(photos))
        await self._do(self._database.write_unpaid, work, "What waits could not be kept for the next start")

    async def kept_queue(self) -> tuple[WaitingPhoto, ...]:
        """Return what waited when the program last ended."""
        return await self._do(self._database.read, queries.waiting)

    async def close(self) -> None:
        """Let go of the database after all that was asked; calling it again is harmless."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            await self._thread.do(self._database.close)
        finally:
            self._thread.end()

    def _withdraw(self, added: Sequence[str]) -> None:
        """Take back a run that nobody waited for to be written down, so that nothing is set aside for it."""
        for run_id in added:
            self._database.write(partial(queries.remove_unsent, run_id=run_id))

    def _change(self, run_id: str, changed: Callable[[PaidRun], PaidRun]) -> Callable[[Connection], PaidRun]:
        """Return the work of a change; the run is this process's from then on."""
        return lambda connection: queries.change(connection, run_id, self._database.owners.own, changed)

    async def _do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._is_closed:
            raise JournalFailed("The record of paid runs is closed, because the program is ending.")
        return await self._thread.do(work, *args, **kwargs)
