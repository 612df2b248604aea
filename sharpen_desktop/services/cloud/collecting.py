"""From a kept answer to pictures in the store: from here on money is spent, so nothing that came may get lost.

A picture is checked before it counts. What cannot be used is kept all the same and named in the error, and the
journal's row says at each moment what is still to be done.
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sharpen_desktop.core.errors import Charge, CloudError, SharpenError
from sharpen_desktop.core.paid import PaidRun, Stage
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.cloud_progress import CloudProgress
from sharpen_desktop.services.cloud.content_coding import CodingRefused
from sharpen_desktop.services.cloud.kept_answer import facts_of, read_answer
from sharpen_desktop.services.cloud.picture_fetch import Picture, PictureFetch, Shortfall
from sharpen_desktop.services.cloud.run_row import RunRow
from sharpen_desktop.services.cloud.wire import Answer, AnswerUnreadable
from sharpen_desktop.services.log_redaction import redacted
from sharpen_desktop.services.safe_file import reason

if TYPE_CHECKING:  # httpx comes with it, and the window starts without httpx
    from sharpen_desktop.services.cloud.api_client import ApiClient
    from sharpen_desktop.services.cloud.cloud_tools import CloudTools
    from sharpen_desktop.services.result_store import ResultStore

log = logging.getLogger(__name__)


class Collecting:
    """Brings the pictures of one kept answer into the store."""

    def __init__(
        self, tools: "CloudTools", row: RunRow, client: "ApiClient", progress: CloudProgress
    ) -> None:
        self._tools = tools
        self._row = row
        self._client = client
        self._progress = progress

    async def collect(self, cut: str = "") -> PaidRun:
        """Fetch and store all pictures; return the stored run.

        ``cut``: why the answer ended early, where that is known. CloudError when there is no picture: the row
        then is at PAID_UNREADABLE or EXPIRED, or still at DOWNLOADING when another try can bring it.
        """
        answer = await self._read(cut)
        await self._row.step(Stage.DOWNLOADING, **facts_of(self._row.run, answer))
        pictures, shortfalls = await self._fetched(answer)
        if not pictures:
            raise await self._ended(shortfalls)
        return await self._stored(pictures, shortfalls, answer)

    async def _read(self, cut: str) -> Answer:
        run = self._row.run
        limit = self._tools.line.limits.answer_bytes
        try:
            return await in_thread(read_answer, Path(run.answer), run.coding, limit)
        except (AnswerUnreadable, CodingRefused) as error:
            what = "broke off" if cut else "holds no photo that can be read"
            headline = f"The service reported success, but its answer {what}. {_where(run)}"
            raise await self._unreadable(headline, f"{error}\n{cut}".strip()) from error
        except OSError as error:
            headline = f"The service's answer to this run cannot be read ({reason(error)}): {run.answer}"
            raise await self._unreadable(headline, str(error)) from error

    async def _unreadable(self, headline: str, detail: str) -> CloudError:
        run = await self._row.step(Stage.PAID_UNREADABLE, problem=headline)
        return failed(run, headline, Charge.BILLED if run.cost_usd else Charge.UNKNOWN, detail)

    async def _fetched(self, answer: Answer) -> tuple[list[Picture], list[Shortfall]]:
        pictures: list[Picture] = []
        shortfalls: list[Shortfall] = []
        fetch = PictureFetch(self._tools, self._row.run, self._client, self._progress)
        for place, picture in enumerate(answer.pictures):
            try:
                pictures.append(await fetch.bring(picture, place))
            except Shortfall as shortfall:
                shortfalls.append(shortfall)
        return pictures, shortfalls

    async def _stored(self, pictures: list[Picture], shortfalls: list[Shortfall], answer: Answer) -> PaidRun:
        notes = [picture.note for picture in pictures if picture.note]
        if shortfalls:
            notes.append(
                f"{len(shortfalls)} of {len(answer.pictures)} pictures of the answer could not be used; "
                f"the answer is kept as {self._row.run.answer}."
            )
        files = tuple(str(picture.file) for picture in pictures)
        run = await self._row.step(Stage.STORED, files=files, problem=" ".join(dict.fromkeys(notes)))
        await in_thread(noted_beside, self._tools.store, run)
        return run

    async def _ended(self, shortfalls: list[Shortfall]) -> CloudError:
        """Write down why there is no picture and return the error; what can still come weighs most."""
        worst = next((each for each in shortfalls if each.stage is Stage.DOWNLOADING), shortfalls[0])
        files = tuple(str(each.kept) for each in shortfalls if each.kept)
        run = await self._row.step(worst.stage, files=files, problem=worst.headline)
        if files:
            await in_thread(noted_beside, self._tools.store, run)
        can_continue = worst.stage is Stage.DOWNLOADING and bool(
            run.fingerprint.file or run.fingerprint.pixels
        )
        return failed(run, worst.headline, Charge.BILLED, worst.detail, is_retryable=can_continue)


def noted_beside(store: "ResultStore", run: PaidRun) -> None:
    """Write the run's record beside its result; a failure costs nothing but that record."""
    try:
        store.write_sidecar(run)
    except (OSError, SharpenError) as error:
        log.warning("The record beside a result could not be written: %s", error)


def failed(
    run: PaidRun, headline: str, charge: Charge, detail: str = "", *, is_retryable: bool = False
) -> CloudError:
    """Return the error of a run that was answered."""
    lines = (detail, f"Our reference: {run.reference}")
    return CloudError(
        headline,
        detail=redacted("\n".join(line for line in lines if line)),
        charge=charge,
        retryable=is_retryable,
        request_id=run.request_id or run.reference,
    )


def _where(run: PaidRun) -> str:
    return f"Its answer is kept as {run.answer}: show it to the service's support."
