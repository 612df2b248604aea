"""The cloud service behind the ports Engine and Cloud: runs that are never paid twice and never lost, and what is free."""

import time
import uuid
from collections.abc import Callable
from pathlib import Path

from sharpen_desktop.core.errors import AlreadyPaid, CloudError
from sharpen_desktop.core.jobs import Progress, SharpenRequest, SharpenResult
from sharpen_desktop.core.keys import KeyVerdict
from sharpen_desktop.core.money import Balance, Quote
from sharpen_desktop.core.paid import OPEN, TO_FETCH, PaidRun, Stage, asked_for
from sharpen_desktop.core.picture import Outgoing
from sharpen_desktop.services.api_key import clean_key
from sharpen_desktop.services.cloud.account import Account
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.cloud_progress import CloudProgress
from sharpen_desktop.services.cloud.cloud_tools import CloudTools
from sharpen_desktop.services.cloud.outgoing import outgoing_of
from sharpen_desktop.services.cloud.purchase import Purchase
from sharpen_desktop.services.cloud.same_request import Turns, has_files, refusal_of
from sharpen_desktop.services.cloud.settling import Settling
from sharpen_desktop.services.cloud.spool_file import SpoolFile
from sharpen_desktop.services.cloud.web_photo import fetch_web_photo

Report = Callable[[Progress], None]


class CloudEngine:
    """Sharpens through the service, and answers what can be asked of it for nothing.

    One object for the whole program: it lets equal requests through one after the other, and remembers answers
    that the disk did not take.
    """

    def __init__(self, tools: CloudTools) -> None:
        self._tools = tools
        self._held: dict[str, SpoolFile] = {}
        self._settling = Settling(tools, self._held)
        self._account = Account(tools.schema, tools.line, tools.places.prices, tools.pace)
        self._buying = Turns()
        self._being_settled = Turns(is_same=lambda one, other: one.run_id == other.run_id)
        self._under_way: set[str] = set()

    async def sharpen(self, request: SharpenRequest, report: Report) -> SharpenResult:
        """Return the stored result of the same request, or buy one.

        A run that was answered and not fetched is fetched. AlreadyPaid when an earlier one may have been charged
        and has no result; ``request.is_again`` looks at none of them. CloudError (KeyRefused, CreditExhausted,
        ServiceBusy, Unreachable, LimitReached, StoreFull) or JournalFailed with what it has cost, or what
        preparing the photo raises. Cancelling costs nothing until the whole request has left; whether it has is
        what the last report's ``is_paid_risk`` says. After that the run is settled later.
        """
        started = time.monotonic()
        draft = self._draft(request)
        async with self._buying.alone(draft):
            if not request.is_again:
                stored = await self._already(draft, report)
                if stored is not None:
                    return _result(stored, time.monotonic() - started, paid_on=stored.created_s)
            run, note = await self._bought(request, draft, report)
        return _result(run, time.monotonic() - started, note)

    async def settle(self, run_id: str, report: Report) -> PaidRun:
        """Bring a run that was cut short further by one step and return it.

        A run that is under way here or in another window stays as it is. CloudError when nothing could be found out
        or fetched now; ``problem`` of the run then says what to do.
        """
        run = await self._tools.journal.run(run_id)
        if run is None:
            raise CloudError("The record of paid runs does not know this run.", detail=run_id)
        if run_id in self._under_way:
            return run
        return await self._settled(run, report)

    async def quote(self) -> Quote | None:
        """Return the price of one run, ``None`` when the service does not say; never raises."""
        return await self._account.quote()

    async def usual_s(self) -> float | None:
        """Return how many seconds a run usually takes, ``None`` when nobody says; never raises."""
        return await self._account.usual_s()

    async def balance(self) -> Balance:
        """Return what is left in the account; CloudError when the service does not say."""
        return await self._account.balance(self._tools.key())

    async def check_key(self, key: str) -> KeyVerdict:
        """Ask the service about a key, the one in use for an empty text; costs nothing, never raises."""
        return await self._account.check_key(key.strip() or self._tools.key())

    async def outgoing(self, request: SharpenRequest) -> Outgoing:
        """Prepare a run and return what it would send; nothing is sent."""
        return await outgoing_of(self._tools, request)

    async def fetch_photo(self, url: str, target: Path) -> None:
        """Fetch a photo from a public web address; PhotoUnreadable when it does not come."""
        await fetch_web_photo(self._tools.line, url, target)

    def _draft(self, request: SharpenRequest) -> PaidRun:
        schema = self._tools.schema
        return PaidRun(
            run_id=request.run_id,
            stage=Stage.PREPARED,
            reference=f"sd-{uuid.uuid4()}",
            model=schema.model,
            asked=asked_for(schema, request.settings),
            fingerprint=request.fingerprint,
            settings=request.settings,
            photo_name=request.photo_name,
            photo_path=request.photo_path,
            width=request.source.width,
            height=request.source.height,
            created_s=self._tools.pace.now(),
            quote_usd=request.quote_usd,
            call_id=request.call_id,
        )

    async def _already(self, draft: PaidRun, report: Report) -> PaidRun | None:
        """Return the stored run that has answered the same, ``None`` when there is none to wait for or to respect."""
        runs = [
            run
            for run in await self._tools.journal.of_photo(draft.fingerprint)
            if run.is_for(draft.fingerprint, draft.model, draft.asked)
        ]
        for run in runs:
            if run.has_result and await in_thread(has_files, run):
                return run
        for place, run in enumerate(runs):
            if run.stage in TO_FETCH:
                runs[place] = fetched = await self._settled(run, report)
                if fetched.has_result:
                    return fetched
        refusal: AlreadyPaid | None = refusal_of(runs)
        if refusal is not None:
            raise refusal
        return None

    async def _bought(self, request: SharpenRequest, draft: PaidRun, report: Report) -> tuple[PaidRun, str]:
        key = clean_key(self._tools.key())
        self._under_way.add(draft.run_id)
        try:
            purchase = Purchase(self._tools, request, draft, key, CloudProgress(report), self._held)
            return await purchase.done()
        finally:
            self._under_way.discard(draft.run_id)

    async def _settled(self, run: PaidRun, report: Report) -> PaidRun:
        async with self._being_settled.alone(run):
            run = await self._tools.journal.run(run.run_id) or run
            if run.stage in OPEN and not await self._is_ours(run):
                return run
            return await self._settling.settled(run, CloudProgress(report))

    async def _is_ours(self, run: PaidRun) -> bool:
        """Return whether no other living process is at the run."""
        return any(each.run_id == run.run_id for each in await self._tools.journal.open_runs())


def _result(run: PaidRun, seconds: float, note: str = "", paid_on: float | None = None) -> SharpenResult:
    return SharpenResult(
        file=run.files[0],
        seconds=seconds,
        cost_usd=run.cost_usd,
        is_cost_estimated=run.is_cost_estimated,
        note=" ".join(part for part in (note, run.problem) if part),
        request_id=run.request_id or run.reference,
        others=run.files[1:],
        paid_on=paid_on,
    )
