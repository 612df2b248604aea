"""Never paying twice: which runs of the journal ask the same, and one after the other when two ask it at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sharpen_desktop.core.errors import AlreadyPaid, Charge
from sharpen_desktop.core.paid import PaidRun, Stage
from sharpen_desktop.core.phrases import day

_EARLIER = {
    Stage.PAID_UNREADABLE: ("was answered, but no photo could be read from the answer", Charge.BILLED),
    Stage.EXPIRED: ("has a photo whose address at the service has expired", Charge.BILLED),
    Stage.LOST: ("lost its picture on the way", Charge.BILLED),
    Stage.UNTRACED: ("left no trace at the service, so it was probably not charged", Charge.UNKNOWN),
    Stage.SENDING: ("is not settled yet", Charge.UNKNOWN),
    Stage.UNKNOWN: ("is not settled yet", Charge.UNKNOWN),
}


def asks_the_same(one: PaidRun, other: PaidRun) -> bool:
    """Return whether both ask the same of the same photo."""
    return one.is_for(other.fingerprint, other.model, other.asked)


class Turns:
    """Lets runs that are the same (``is_same``) through one after the other."""

    def __init__(self, is_same: Callable[[PaidRun, PaidRun], bool] = asks_the_same) -> None:
        self._is_same = is_same
        self._going: list[tuple[PaidRun, asyncio.Event]] = []

    @asynccontextmanager
    async def alone(self, run: PaidRun) -> AsyncIterator[None]:
        """Wait until no other such run is on its way, and be the one until the block is left."""
        while others := [ended for other, ended in self._going if self._is_same(other, run)]:
            await others[0].wait()
        mine = (run, asyncio.Event())
        self._going.append(mine)
        try:
            yield
        finally:
            self._going.remove(mine)
            mine[1].set()


def has_files(run: PaidRun) -> bool:
    """Return whether the run's result is still in the store. Reads the disk."""
    return run.has_result and bool(run.files) and Path(run.files[0]).is_file()


def refusal_of(runs: list[PaidRun]) -> AlreadyPaid | None:
    """Return the error for a request that an earlier run may have been charged for without a result."""
    run = next((each for each in runs if each.stage in _EARLIER and not _was_deleted(each)), None)
    if run is None:
        return None
    what, charge = _EARLIER[run.stage]
    return AlreadyPaid(
        f"Nothing was sent now, because the same photo was sent with the same settings on {day(run.created_s)}, "
        f"and that run {what}.",
        detail=f"{run.problem}\nOur reference: {run.reference}".strip(),
        charge=charge,
        request_id=run.request_id or run.reference,
    )


def _was_deleted(run: PaidRun) -> bool:
    """Return whether the user has deleted what the run had brought."""
    return run.stage in {Stage.PAID_UNREADABLE, Stage.EXPIRED} and not (run.answer or run.files)
