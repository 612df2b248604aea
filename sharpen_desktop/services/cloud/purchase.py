"""One paid run from the photo to the picture in the store, with the journal's row always a step ahead of the money."""

import hashlib
import logging
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sharpen_desktop.core.errors import (
    AlreadyPaid,
    Charge,
    CloudError,
    JournalFailed,
    SaveFailed,
    SharpenError,
    StoreFull,
)
from sharpen_desktop.core.jobs import SharpenRequest
from sharpen_desktop.core.paid import OPEN, TO_FETCH, PaidRun, Stage
from sharpen_desktop.core.picture import Upload
from sharpen_desktop.services.cloud.answering import Answering
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.cloud_progress import CloudProgress
from sharpen_desktop.services.cloud.collecting import Collecting
from sharpen_desktop.services.cloud.kept_answer import (
    remove_part,
)
from sharpen_desktop.services.cloud.part_file import BLOCK_BYTES
from sharpen_desktop.services.cloud.run_row import RunRow
from sharpen_desktop.services.cloud.same_request import asks_the_same, has_files, refusal_of
from sharpen_desktop.services.cloud.sending import Sending
from sharpen_desktop.services.cloud.spool_file import SpoolFile
from sharpen_desktop.services.safe_file import reason

if TYPE_CHECKING:  # httpx comes with it, and the window starts without httpx
    from sharpen_desktop.services.cloud.api_client import ApiClient
    from sharpen_desktop.services.cloud.cloud_tools import CloudTools
    from sharpen_desktop.services.cloud.transports import Chain

log = logging.getLogger(__name__)

SPARE_BYTES = 16 << 20
ELSEWHERE = "Another window of this program is sending the same photo with the same settings now."
STOPPED = "Stopped before the whole photo was sent."
PROGRAM_FAULT = "Something in the program went wrong."


class Purchase:
    """Does one run; ``run`` is its row as it is to be, ``held`` takes an answer the disk did not take."""

    def __init__(
        self,
        tools: "CloudTools",
        request: SharpenRequest,
        run: PaidRun,
        key: str,
        progress: CloudProgress,
        held: dict[str, SpoolFile],
    ) -> None:
        self._tools = tools
        self._request = request
        self._row = RunRow(tools.journal, run)
        self._key = key
        self._progress = progress
        self._held = held
        self._folder = tools.places.spool / run.run_id
        self._has_row = True

    async def done(self) -> tuple[PaidRun, str]:
        """Do the run and return its row, stored, and what the user should know of the way it took.

        Raises CloudError or JournalFailed with what it has cost; the row then says the same. Cancelling before
        the whole request has left costs nothing; after that the row stays in doubt and is settled later.
        """
        try:
            self._progress.preparing()
            chain = self._tools.transports.chain(self._request, self._prepare, self._progress.uploading)
            async with await self._tools.line.client() as client:
                async with chain:
                    cut = await self._answered(client, chain)
                return await self._collected(client, cut), chain.note
        finally:
            await in_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def _collected(self, client: "ApiClient", cut: str) -> PaidRun:
        try:
            return await Collecting(self._tools, self._row, client, self._progress).collect(cut)
        except JournalFailed as error:
            error.charge = error.charge or Charge.BILLED
            raise

    async def _prepare(self) -> Upload:
        try:
            await in_thread(self._folder.mkdir, parents=True, exist_ok=True)
            return await self._tools.prepare_upload(
                self._request.source, str(self._folder / "photo"), self._request.most_bytes
            )
        except SaveFailed as error:
            await in_thread(self._require_room)
            raise _not_sent(f"The photo could not be made ready to send. {error.headline}") from error
        except OSError as error:
            await in_thread(self._require_room)
            raise _not_sent(f"The photo could not be made ready to send ({reason(error)}).") from error

    def _require_room(self) -> None:
        with suppress(OSError):
            if shutil.disk_usage(self._folder.parent).free < SPARE_BYTES:
                raise _no_room(f"The disk of {self._folder.parent} is too full to make the photo ready")

    async def _answered(self, client: "ApiClient", chain: "Chain") -> str:
        """Send and keep the raw answer; return why it ended early, if it did."""
        transport = await chain.first()
        upload = await transport.upload()
        self._row.run = await in_thread(self._ready, upload)
        answering = Answering(self._tools, self._row, self._held)
        sending = Sending(self._tools, client, self._row, self._key, self._progress, answering.heard)
        try:
            await self._written_down()
            await self._require_no_other()
            return await answering.received(sending, chain, transport)
        except BaseException as error:
            await self._close(error, is_at_risk=sending.is_at_risk)
            raise

    def _ready(self, upload: Upload | None) -> PaidRun:
        """Return the row with the upload's checksum; StoreFull when there is no room for a result."""
        results = self._tools.places.results
        size = upload.size if upload else self._row.run.width * self._row.run.height
        try:
            results.mkdir(parents=True, exist_ok=True)
            is_full = shutil.disk_usage(results).free < 2 * size + SPARE_BYTES
            digest = _sha256(Path(upload.path)) if upload else ""
        except OSError as error:
            raise _not_sent(f"The photo could not be made ready to send ({reason(error)}).") from error
        if is_full:
            raise _no_room("The disk is too full to keep the result")
        return replace(self._row.run, upload_sha256=digest)

    async def _written_down(self) -> None:
        request = self._request
        try:
            await self._tools.journal.add(self._row.run, request.limit_usd, request.call_limit_usd)
        except Exception:
            self._has_row = False
            raise

    async def _require_no_other(self) -> None:
        """Raise AlreadyPaid when another living process was about to buy the same, or has just bought it.

        Each has written down its own run before it looks, and the journal's own order says who was first: whatever
        their clocks say, all but the first of them see it.
        """
        own = self._row.run
        if self._request.is_again:
            return
        ours = {run.run_id for run in await self._tools.journal.open_runs()}
        runs = await self._tools.journal.of_photo(own.fingerprint)  # newest first
        place = next((place for place, run in enumerate(runs) if run.run_id == own.run_id), 0)
        for run in runs[place + 1 :]:
            if asks_the_same(run, own) and await in_thread(_is_in_the_way, run, run.run_id in ours):
                raise AlreadyPaid(ELSEWHERE, charge=Charge.NONE, request_id=run.reference)

    async def _close(self, error: BaseException, *, is_at_risk: bool) -> None:
        """Write down how a run ended that has no answer; a cancelled one that may cost money stays in doubt."""
        run = self._row.run
        if not self._has_row or run.stage not in {Stage.PREPARED, Stage.SENDING}:
            return
        told = error if isinstance(error, SharpenError) else None
        if isinstance(told, JournalFailed) and told.charge is None:
            told.charge = Charge.UNKNOWN if is_at_risk else Charge.NONE
        may_cost = told.charge is not Charge.NONE if told and told.charge else is_at_risk
        if may_cost and not isinstance(error, Exception):
            return
        untold = PROGRAM_FAULT if isinstance(error, Exception) else STOPPED
        problem = told.headline if told else untold
        try:
            if may_cost:
                await self._row.step(Stage.UNKNOWN, problem=problem)
            else:
                await self._row.step(Stage.REFUSED, problem=problem)
                await in_thread(remove_part, self._tools.places.answers, run.run_id)
        except JournalFailed as trouble:
            log.warning("The end of a run could not be noted: %s", trouble)


def _is_in_the_way(run: PaidRun, is_left: bool) -> bool:
    """Return whether a run keeps the same from being bought. ``is_left``: no living process is at it."""
    is_at_it = run.stage in OPEN and not is_left
    return is_at_it or run.stage in TO_FETCH or has_files(run) or refusal_of([run]) is not None


def _no_room(what: str) -> StoreFull:
    return StoreFull(
        f"{what}, so nothing was sent. Make some room first.", charge=Charge.NONE, retryable=True
    )


def _not_sent(headline: str) -> CloudError:
    return CloudError(headline, charge=Charge.NONE, retryable=True)


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
