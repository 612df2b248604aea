"""A run's request on its way: what cannot have cost anything is tried again by itself, nothing else ever is.

Once a whole request has left, only an answer that refuses it unprocessed (429, 503) is followed by another try.
"""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sharpen_desktop.core.errors import Charge, CloudError, CreditExhausted, KeyRefused, Unreachable
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.core.retry import UPLOAD_TRIES, busy_wait_s, connect_wait_s
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.cloud_progress import CloudProgress
from sharpen_desktop.services.cloud.cloud_refusal import BUSY, Refusal, explained, message_of, retry_after_s
from sharpen_desktop.services.cloud.connection_trouble import UploadBroken
from sharpen_desktop.services.cloud.content_coding import CodingRefused, uncoded
from sharpen_desktop.services.cloud.kept_answer import beginning
from sharpen_desktop.services.cloud.messages import Heard, Post, Received
from sharpen_desktop.services.cloud.run_row import RunRow
from sharpen_desktop.services.cloud.spool_file import SpoolFailed, SpoolFile
from sharpen_desktop.services.cloud.transport_memory import Objection
from sharpen_desktop.services.cloud.transports import Chain, Transport, objection_to
from sharpen_desktop.services.cloud.upload_body import UploadBody

if TYPE_CHECKING:  # httpx comes with it, and the window starts without httpx
    from sharpen_desktop.services.cloud.api_client import ApiClient
    from sharpen_desktop.services.cloud.cloud_tools import CloudTools

REFUSAL_BYTES = 1 << 16
LEAST_LEFT_S = 1e-3


class _Objected(Exception):
    """The service does not want the picture this way; ``error`` is what it comes to when there is no other."""

    def __init__(self, objection: Objection, error: CloudError) -> None:
        super().__init__(str(error))
        self.objection = objection
        self.error = error


class Sending:
    """Sends one run's request over a chain of transports until there is an answer or nothing more to try."""

    def __init__(
        self,
        tools: "CloudTools",
        client: "ApiClient",
        row: RunRow,
        key: str,
        progress: CloudProgress,
        heard: Heard,
    ) -> None:
        self._tools = tools
        self._client = client
        self._row = row
        self._key = key
        self._progress = progress
        self._heard = heard
        self._body: UploadBody | None = None
        self._failed = self._refused = 0

    @property
    def is_at_risk(self) -> bool:
        """Whether a whole request has left that nobody has refused."""
        return self._body is not None and self._body.is_complete

    async def answered(self, chain: Chain, transport: Transport, spool: SpoolFile) -> Received:
        """Return the service's success, its body in ``spool``; CloudError when it comes to something else.

        ``transport``: the chain's first.
        """
        while True:
            try:
                received = await self._over(transport, spool)
            except _Objected as objected:
                following = await chain.after_refusal(transport, objected.objection)
                if following is None:
                    if objected.objection is not Objection.KIND:
                        objected.error.smaller_bytes = transport.length * 3 // 8  # half of it, without base64
                    raise _advised(objected.error, chain.advice) from objected
                transport = following
            else:
                await chain.worked(transport)
                return received

    async def _over(self, transport: Transport, spool: SpoolFile) -> Received:
        """Try one transport as often as that is free; _Objected when another one may do."""
        broken = 0
        while True:
            try:
                received, refusal = await self._sent(transport, spool)
            except Unreachable as error:
                await self._reconnect(error)
                continue
            except UploadBroken as error:
                broken += 1
                if broken >= UPLOAD_TRIES:
                    raise _Objected(Objection.RESET, error) from error
                continue
            if refusal is None:
                return received
            await self._after(refusal)

    async def _sent(self, transport: Transport, spool: SpoolFile) -> tuple[Received, Refusal | None]:
        """Send once; the refusal when the answer is no success."""
        body = await transport.body()
        body.listeners.append(lambda: self._tell(body))
        await spool.restart()
        await self._row.step(Stage.SENDING, tries=self._row.run.tries + 1)
        self._body = body
        reference = self._row.run.reference
        post = Post(self._tools.schema.path, self._key, reference, body, self._heard)
        received = await self._client.post(post, spool)
        if 200 <= received.status < 300:
            return received, None
        with suppress(SpoolFailed):  # what counts is the status
            await spool.flush()
        text = await in_thread(
            _beginning, spool.path, spool.size, received.headers.get("content-encoding", "")
        )
        with suppress(SpoolFailed):  # a refusal may repeat what was sent, the key too: it does not stay
            await spool.restart()
        refusal = Refusal(
            received.status, received.headers, text, body.is_complete, reference, self._client.host, self._key
        )
        return received, refusal

    async def _after(self, refusal: Refusal) -> None:
        """Wait when the service is only busy; raise otherwise."""
        now = datetime.fromtimestamp(self._tools.pace.now(), UTC)
        error = explained(refusal, self._tools.schema, now)
        if refusal.status in BUSY:
            self._body = None
            self._refused += 1
            asked_s = retry_after_s(refusal.headers, now)
            wait_s = busy_wait_s(self._refused, asked_s, self._tools.pace.spread)
            if wait_s is None:
                raise error
            since_s = self._tools.pace.steady()
            await self._wait(wait_s, is_busy=True)
            self._require_open(since_s)
            return
        if isinstance(error, KeyRefused | CreditExhausted):
            self._tools.closed.error, self._tools.closed.at_s = error, self._tools.pace.steady()
        objection = objection_to(refusal.status, message_of(refusal), self._tools.schema.picture_field)
        if objection is None:
            raise error
        self._body = None
        raise _Objected(objection, error)

    def _require_open(self, since_s: float) -> None:
        """Raise what another run was told meanwhile of the key or the account: this one would be told the same."""
        closed = self._tools.closed
        if closed.error is not None and closed.at_s >= since_s:
            raise type(closed.error)(
                closed.error.headline,
                detail=closed.error.detail,
                charge=Charge.NONE,
                request_id=self._row.run.reference,
            )

    async def _reconnect(self, error: Unreachable) -> None:
        self._failed += 1
        wait_s = connect_wait_s(self._failed, self._tools.pace.spread) if error.retryable else None
        if wait_s is None:
            raise error
        await self._wait(wait_s, is_busy=False)

    async def _wait(self, seconds: float, *, is_busy: bool) -> None:
        """Wait, telling each second how long it still takes."""
        tell = self._progress.busy if is_busy else self._progress.interrupted
        left = seconds
        while left > LEAST_LEFT_S:
            tell(left)
            await self._tools.pace.sleep(min(1.0, left))
            left -= 1.0

    def _tell(self, body: UploadBody) -> None:
        if body.is_complete:
            self._progress.waiting()
        else:
            self._progress.uploading(body.sent / body.length)


def _beginning(file: Path, size: int, coding: str) -> bytes:
    try:
        return b"".join(uncoded([beginning(file, min(size, REFUSAL_BYTES))], coding, REFUSAL_BYTES))
    except CodingRefused:
        return b""


def _advised(error: CloudError, advice: str) -> CloudError:
    if advice:
        error.headline = f"{error.headline} {advice}"
    return error
