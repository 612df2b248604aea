"""The service's answer as it comes: received to the disk, made safe there, and written down before it is read."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sharpen_desktop.core.errors import Charge, CloudError, JournalFailed
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.cloud_refusal import LOOK_FIRST, page_text
from sharpen_desktop.services.cloud.collecting import failed
from sharpen_desktop.services.cloud.kept_answer import answer_file, answer_spool, beginning, is_page_file
from sharpen_desktop.services.cloud.messages import Received
from sharpen_desktop.services.cloud.run_row import RunRow
from sharpen_desktop.services.cloud.sending import Sending
from sharpen_desktop.services.cloud.spool_file import SpoolFailed, SpoolFile
from sharpen_desktop.services.cloud.wire import cost_of, request_id_of

if TYPE_CHECKING:
    from sharpen_desktop.services.cloud.cloud_tools import CloudTools
    from sharpen_desktop.services.cloud.transports import Chain, Transport

log = logging.getLogger(__name__)

KEEP_OPEN = "It is kept in memory: make room on the disk and check this run again before you end the program."


class Answering:
    """Receives the answer of one run. ``held`` takes one that the disk did not take, by the run's id."""

    def __init__(self, tools: "CloudTools", row: RunRow, held: dict[str, SpoolFile]) -> None:
        self._tools = tools
        self._row = row
        self._held = held

    async def received(self, sending: Sending, chain: "Chain", transport: "Transport") -> str:
        """Send, keep what is answered, and write down that it came; return why it ended early, if it did.

        CloudError when the service refuses, when no answer comes, or when it is none.
        """
        places, run_id, limits = self._tools.places, self._row.run.run_id, self._tools.line.limits
        spool = answer_spool(places.answers, run_id, limits.answer_bytes)
        try:
            async with spool:
                try:
                    received = await sending.answered(chain, transport, spool)
                    await self._keep(spool, received, is_at_risk=sending.is_at_risk)
                    return received.cut
                finally:
                    if not spool.size:
                        await spool.discard()
        except SpoolFailed as error:
            raise self._not_stored(error, is_at_risk=sending.is_at_risk) from error

    async def heard(self, status: int, headers: Mapping[str, str]) -> None:
        """Write down what a success has cost before its body comes; a failure to do so costs nothing but that."""
        if not 200 <= status < 300:
            return
        try:
            await self._row.note(**_said_in(headers))
        except JournalFailed as error:
            log.warning("The cost of a run could not be noted yet: %s", error)

    async def _keep(self, spool: SpoolFile, received: Received, *, is_at_risk: bool) -> None:
        """Put the raw answer on disk as it came and write that down; CloudError when it is no answer at all."""
        kept = answer_file(self._tools.places.answers, self._row.run.run_id)
        try:
            await spool.keep_as(kept)
        except SpoolFailed:
            self._held[self._row.run.run_id] = spool
            raise
        if await in_thread(is_page_file, kept, received.headers):
            await self._row.note(answer=str(kept))
            raise await in_thread(self._page, kept, is_at_risk=is_at_risk)
        await self._row.step(Stage.ANSWERED, answer=str(kept), **_said_in(received.headers))

    def _page(self, kept: Path, *, is_at_risk: bool) -> CloudError:
        may_be = Charge.UNKNOWN if is_at_risk else Charge.NONE
        return failed(
            self._row.run,
            "The network answered instead of the service: a web page came back. Open a web page in a browser to "
            f"see whether the network wants you to log in. {LOOK_FIRST} The page is kept as {kept}.",
            Charge.BILLED if self._row.run.cost_usd else may_be,
            page_text(beginning(kept)),
        )

    def _not_stored(self, error: SpoolFailed, *, is_at_risk: bool) -> CloudError:
        if not is_at_risk:
            return CloudError(
                f"There is no place to keep the answer of the service ({error}), so nothing was bought.",
                charge=Charge.NONE,
                retryable=True,
            )
        is_held = self._row.run.run_id in self._held
        return failed(
            self._row.run,
            f"The service answered, but its answer could not be stored ({error}). "
            + (KEEP_OPEN if is_held else LOOK_FIRST),
            Charge.UNKNOWN,
        )


def _said_in(headers: Mapping[str, str]) -> dict[str, Any]:
    """Return what the headers of a success say for the run's row."""
    cost = cost_of(None, headers)
    return {
        "cost_usd": cost.usd,
        "is_cost_estimated": cost.is_estimated,
        "request_id": request_id_of(None, headers),
        "coding": headers.get("content-encoding", ""),
    }
