"""Fetching one picture: what broke off is taken up where it ended, and what came stays on disk meanwhile."""

from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from sharpen_desktop.services.cloud.fetch_trouble import FetchBroken, FetchExpired, FetchFailed
from sharpen_desktop.services.cloud.messages import Incoming
from sharpen_desktop.services.cloud.pace import Pace
from sharpen_desktop.services.cloud.part_file import PartFile, length_of
from sharpen_desktop.services.cloud.spool_file import SpoolFull
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits, TransferStalled, TransferWatch

if TYPE_CHECKING:  # httpx comes with it, and the window starts without httpx
    from sharpen_desktop.services.cloud.api_client import ApiClient

BROKEN_WAITS_S = (1.0, 2.0, 4.0, 8.0)
NOT_THERE_WAITS_S = (5.0, 15.0, 35.0, 65.0)
"""A result may be announced a little before its server has it: five tries over two minutes."""

PROGRESS_BYTES = 1 << 20
"""A try that brought as much was no failure."""

_TRY_AGAIN = frozenset({408, 416, 425, 429})


class _NotThere(FetchBroken):
    """The server has nothing at this address (yet)."""


class Download:
    """Fetches pictures over one client; ``report`` gets the fraction, ``None`` when nobody knows."""

    def __init__(
        self,
        client: "ApiClient",
        limits: TransferLimits,
        pace: Pace,
        report: Callable[[float | None], None],
    ) -> None:
        self._client = client
        self._limits = limits
        self._pace = pace
        self._report = report

    async def fetch(self, url: str, part: PartFile) -> None:
        """Fetch what is missing of ``part``.

        Raises FetchExpired, FetchFailed, FetchBroken, or SpoolFailed when the bytes could not be stored.
        """
        broken, missing = list(BROKEN_WAITS_S), list(NOT_THERE_WAITS_S)
        until = self._pace.steady() + self._limits.download_s
        while not part.is_whole:
            before = part.size
            try:
                await self._tried(url, part, until - self._pace.steady())
            except _NotThere as error:
                if not missing:
                    raise FetchExpired(str(error)) from error
                await self._pace.sleep(missing.pop(0))
            except FetchBroken:
                if part.size - before >= PROGRESS_BYTES:
                    broken = list(BROKEN_WAITS_S)
                if not broken or self._pace.steady() >= until:
                    raise
                await self._pace.sleep(broken.pop(0))
            else:
                return

    async def _tried(self, url: str, part: PartFile, left_s: float) -> None:
        limits = self._limits
        try:
            async with (
                TransferWatch(limits.moving_s, max(left_s, 0.0), limits.slowest_bytes_s) as watch,
                self._client.incoming(url, part.wish) as incoming,
            ):
                await self._begin(incoming, part)
                async with aclosing(incoming.pieces) as pieces:
                    async for piece in pieces:
                        watch.moved(len(piece))
                        await part.add(piece)
                        self._report(min(1.0, part.size / part.facts.length) if part.facts.length else None)
        except TransferStalled as error:
            raise FetchBroken(f"the connection is too slow ({error})") from error
        except SpoolFull as error:
            raise FetchFailed("it is larger than any photo the service can have made") from error
        if part.facts.length and part.size != part.facts.length:
            await part.forget()
            raise FetchBroken("it came with another length than announced")

    async def _begin(self, incoming: Incoming, part: PartFile) -> None:
        """Decide whether the bytes to come go on or start anew; raise when there are none."""
        status = incoming.status
        if status == 206 and part.is_continued_by(incoming.headers):
            return
        if status in {206, 416}:
            await part.forget()
            raise FetchBroken("it has changed on its server")
        if status == 200:
            self._require_size(length_of(incoming.headers))
            await part.begin(incoming.headers)
            return
        if status == 404:
            raise _NotThere(f"its address leads nowhere (HTTP {status})")
        if 400 <= status < 500 and status not in _TRY_AGAIN:
            raise FetchExpired(f"its address has expired or leads nowhere (HTTP {status})")
        raise FetchBroken(f"its server failed (HTTP {status})")

    def _require_size(self, size: int) -> None:
        if size > self._limits.picture_bytes:
            raise FetchFailed(f"it is larger than any photo the service can have made ({size / 1e6:,.0f} MB)")
