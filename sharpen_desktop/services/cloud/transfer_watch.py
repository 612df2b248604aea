"""One watch over a whole transfer: that bytes still move, and that it ends at all.

A time-out for each read would neither stop a server that sends a byte now and then, nor be cheap: under
qasync each one leaves a live timer behind. So one task looks at the clock, and one cancel ends it all.
"""

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Self

LONGEST_STEP_S = 1.0


@dataclass(frozen=True, slots=True)
class TransferLimits:
    """Seconds and bytes a transfer may take; tests use smaller ones.

    ``moving_s``: how long fewer than ``slowest_bytes_s`` a second may come. ``ask_…``: small questions that cost nothing.
    """

    connect_s: float = 10
    pool_s: float = 30
    moving_s: float = 60
    answer_s: float = 600
    request_s: float = 900
    download_s: float = 1800
    ask_s: float = 20
    slowest_bytes_s: int = 1024
    picture_bytes: int = 500 << 20
    answer_bytes: int = 700 << 20
    ask_bytes: int = 4 << 20


class TransferStalled(Exception):
    """Nothing moved for ``waited_s`` seconds, or (``is_deadline``) the whole took longer than that."""

    def __init__(self, waited_s: float, *, is_deadline: bool) -> None:
        super().__init__(f"{'not finished' if is_deadline else 'nothing moved'} after {waited_s:g} s")
        self.waited_s = waited_s
        self.is_deadline = is_deadline


class TransferWatch:
    """Ends the code inside ``async with`` by TransferStalled when it stands still or takes too long.

    ``slowest_bytes_s``: fewer bytes a second than that, over the length of the allowed silence, count as
    standing still. Time the computer slept, or the program was held, does not count.
    """

    def __init__(self, quiet_s: float, deadline_s: float, slowest_bytes_s: int = 0) -> None:
        self._quiet_s = quiet_s
        self._deadline_s = deadline_s
        self._slowest_bytes_s = slowest_bytes_s
        self._came = self._gone = 0
        self._quiet = 0.0
        self._total = 0.0
        self._timeout = asyncio.timeout(None)
        self._watcher: asyncio.Task[None] | None = None

    def moved(self, size: int) -> None:
        """Note that ``size`` bytes went through."""
        self._came += size
        if self._came >= self._slowest_bytes_s * self._quiet_s:
            self._came = 0
            self._quiet = 0.0

    def reached(self, total: int) -> None:
        """Note that ``total`` bytes went through since the beginning."""
        self.moved(total - self._gone)
        self._gone = total

    def expect(self, quiet_s: float) -> None:
        """Start anew with another length of allowed silence."""
        self._quiet_s = quiet_s
        self._quiet = 0.0
        self._came = 0

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        self._watcher = asyncio.create_task(self._watch(), name="transfer watch")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._end_watching()
        finally:
            try:
                await self._timeout.__aexit__(kind, error, trace)
            except TimeoutError as late:
                raise self._stalled() from late

    async def _end_watching(self) -> None:
        if self._watcher:
            self._watcher.cancel()
            await asyncio.wait([self._watcher])

    async def _watch(self) -> None:
        clock = asyncio.get_running_loop().time
        last = clock()
        while self._quiet < self._quiet_s and self._total < self._deadline_s:
            step = min(LONGEST_STEP_S, self._quiet_s / 4, self._deadline_s / 4)
            await asyncio.sleep(step)
            passed = min(clock() - last, 2 * step)
            last = clock()
            self._quiet += passed
            self._total += passed
        self._timeout.reschedule(clock())

    def _stalled(self) -> TransferStalled:
        is_deadline = self._total >= self._deadline_s
        return TransferStalled(self._deadline_s if is_deadline else self._quiet_s, is_deadline=is_deadline)
