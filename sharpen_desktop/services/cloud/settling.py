"""Bringing a run that was cut short to its end: fetch what was answered, ask the service's log about the rest.

Nothing here ever sends a run again.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sharpen_desktop.core.errors import Charge, CloudError
from sharpen_desktop.core.paid import IN_DOUBT, TO_FETCH, PaidRun, Stage
from sharpen_desktop.core.phrases import amount
from sharpen_desktop.core.retry import SETTLE_AFTER_S
from sharpen_desktop.services.api_key import clean_key
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.cloud_progress import CloudProgress
from sharpen_desktop.services.cloud.collecting import Collecting, failed
from sharpen_desktop.services.cloud.kept_answer import answer_file, remove_part, rescued
from sharpen_desktop.services.cloud.run_row import RunRow
from sharpen_desktop.services.cloud.spool_file import SpoolFailed, SpoolFile
from sharpen_desktop.services.cloud.vendor_log import VendorLog, Verdict, Word
from sharpen_desktop.services.safe_file import reason

if TYPE_CHECKING:
    from sharpen_desktop.services.cloud.cloud_tools import CloudTools

FINAL_S = SETTLE_AFTER_S[-1] - 30.0
"""About so long after the loss of an answer the log has a row for it, or never gets one."""

CLOCKS_AGREE_S = 3600.0

NOT_SENT = "The program ended before anything was sent."
CUT_SHORT = (
    "The program ended before the answer of the service came. "
    "The service's log can tell whether it was billed: check this run again."
)
NOT_YET = (
    "The service's log does not show this run yet. It does so within ten minutes, if it was received: "
    "check it again then."
)
SILENT = (
    "The service does not tell whether this run was charged. Compare the balance of your account there; "
    "sending the photo again may charge again."
)
INCOMPLETE = (
    "The service's log does not reach back to this run, so nobody can tell whether it was charged. Compare the "
    "balance of your account there; sending the photo again may charge again."
)
NO_TRACE = (
    "The service's log for the key in use has no trace of this run: it probably never arrived. "
    "Sending the photo again is probably safe, but may charge again."
)
FAILED = "The service's log says that this run failed. Nothing was billed, and the photo can be sent again."


class Settling:
    """Settles one run after the other. ``held``: answers the disk did not take, by the run's id."""

    def __init__(self, tools: "CloudTools", held: dict[str, SpoolFile]) -> None:
        self._tools = tools
        self._held = held
        self._log = VendorLog()
        self._first_asked: dict[str, float] = {}

    async def settled(self, run: PaidRun, progress: CloudProgress) -> PaidRun:
        """Bring the run further by one step and return it; CloudError when that was not possible now."""
        row = RunRow(self._tools.journal, run)
        if run.stage is Stage.PREPARED:
            return await row.step(Stage.REFUSED, problem=NOT_SENT)
        if run.stage in TO_FETCH | {Stage.PAID_UNREADABLE, Stage.EXPIRED}:
            return await self._fetched(row, progress)
        if run.stage in IN_DOUBT | {Stage.LOST}:
            return await self._looked_into(row, progress)
        return run

    async def _fetched(self, row: RunRow, progress: CloudProgress) -> PaidRun:
        async with await self._tools.line.client() as client:
            try:
                return await Collecting(self._tools, row, client, progress).collect()
            except CloudError:
                if row.run.stage in TO_FETCH:
                    raise
                return row.run

    async def _looked_into(self, row: RunRow, progress: CloudProgress) -> PaidRun:
        waited_s = self._waited_s(row.run)
        answer = await self._late_answer(row)
        if answer is not None:
            await row.step(Stage.ANSWERED, answer=str(answer))
            return await self._fetched(row, progress)
        if row.run.stage is Stage.LOST:
            return row.run
        if row.run.stage is Stage.SENDING:
            await row.step(Stage.UNKNOWN, problem=CUT_SHORT)
        key = clean_key(self._tools.key())
        age_s = max(0.0, self._tools.pace.now() - row.run.created_s)
        async with await self._tools.line.client() as client:
            verdict = await self._log.verdict(client, key, row.run, age_s)
        return await self._judged(row, verdict, self._credible(row.run, waited_s, verdict))

    async def _late_answer(self, row: RunRow) -> Path | None:
        """Return the file of an answer the journal does not know of."""
        run, folder = row.run, self._tools.places.answers
        spool = self._held.get(run.run_id)
        try:
            if spool is None:
                return await in_thread(rescued, folder, run, self._tools.line.limits.answer_bytes)
            kept = await spool.keep_as(answer_file(folder, run.run_id))
        except (SpoolFailed, OSError) as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            headline = f"The answer of the service cannot be stored or read now ({why}). {run.problem}"
            raise failed(run, headline, Charge.UNKNOWN, is_retryable=True) from error
        del self._held[run.run_id]
        return kept

    def _waited_s(self, run: PaidRun) -> float:
        """Return how long ago, by this computer's clock, the last moment was at which an answer could have come."""
        lost_s = run.changed_s
        if run.stage is Stage.SENDING:
            lost_s += self._tools.line.limits.request_s
        return self._tools.pace.now() - lost_s

    def _credible(self, run: PaidRun, waited_s: float, verdict: Verdict) -> float:
        """Return how long the log has had for its row; this computer's clock counts only where the service's agrees."""
        first = self._first_asked.setdefault(run.run_id, self._tools.pace.steady())
        own_s, server_s = self._tools.pace.now(), verdict.server_s
        is_right = server_s is None or abs(server_s - own_s) < CLOCKS_AGREE_S
        seen_s = self._tools.pace.steady() - first
        return max(waited_s, seen_s) if is_right else seen_s

    async def _judged(self, row: RunRow, verdict: Verdict, waited_s: float) -> PaidRun:
        if verdict.word is Word.SUCCEEDED:
            return await self._lost(row, verdict)
        is_final = waited_s >= FINAL_S
        # An earlier try of the same run that was refused as "busy" may stand in the log as failed, too.
        if verdict.word is Word.FAILED and (is_final or verdict.failures >= row.run.tries):
            run = await row.step(Stage.REFUSED, problem=FAILED, request_id=verdict.request_id)
            await in_thread(remove_part, self._tools.places.answers, run.run_id)
            return run
        if verdict.word is Word.SILENT:
            return await row.note(problem=SILENT)
        if row.run.stage is Stage.UNTRACED:
            return row.run
        if not is_final:
            return await row.note(problem=NOT_YET)
        if not verdict.is_whole:
            return await row.note(problem=INCOMPLETE)
        return await row.step(Stage.UNTRACED, problem=NO_TRACE)

    async def _lost(self, row: RunRow, verdict: Verdict) -> PaidRun:
        usd = verdict.cost.usd
        run = row.run
        price = "this run" if usd is None else f"{amount(usd)} for this run"
        theirs = f"{verdict.request_id}, ours " if verdict.request_id else ""
        return await row.step(
            Stage.LOST,
            problem=f"The service has charged {price}, but the picture was lost on the way. Ask its support for it; "
            f"the reference is {theirs}{run.reference}.",
            cost_usd=run.cost_usd if usd is None else usd,
            is_cost_estimated=run.is_cost_estimated if usd is None else verdict.cost.is_estimated,
            request_id=verdict.request_id or run.request_id,
        )
