"""Prices, balance and what was spent: asked when they are wanted, never in the way."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Archive, Cloud
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.account import balance_read, quote_heard, spending_known, usual_heard
from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.state import AppState

log = logging.getLogger(__name__)
CloudLoader = Callable[[], Awaitable[Cloud]]
DAY_S = 86_400.0
LEDGER_LAG_S = 60.0
"""The service's ledger lags: the balance is not read sooner after a run."""
ASKED_AGAIN_S = 60.0
"""So long after a question that brought no price it is put again, when somebody looks."""
PRICE_PATIENCE_S = 5.0
"""A question of cost waits no longer than this for the price."""


class Money:
    """Keeps what the footer shows of money."""

    def __init__(
        self, store: Store, archive: Archive, cloud: CloudLoader, tasks: TaskScope, board: NoticeBoard
    ) -> None:
        self._store = store
        self._archive = archive
        self._cloud = cloud
        self._tasks = tasks
        self._board = board
        self._since_s = time.time()
        self._quote_asked_s: float | None = None
        self._last_run_s: float | None = None
        store.subscribe(self._look)

    def refresh(self) -> None:
        """Ask for the price and the balance now; a failure is told."""
        self._tasks.start("quote", self._ask_quote())
        self._tasks.start("balance", self._board.reporting(self._ask_balance))

    async def ask_price(self) -> None:
        """Ask for the price if none of today is known; the question that needs it does not wait long."""
        if self._is_quote_fresh(self._store.state):
            return
        self._quote_asked_s = time.monotonic()
        try:
            async with asyncio.timeout(PRICE_PATIENCE_S):
                await self._ask_quote()
        except TimeoutError:
            log.warning("No price: the service has not answered in time.")

    def run_ended(self) -> None:
        """Count what was spent anew: a cloud run has ended."""
        self._last_run_s = time.monotonic()
        self.count()

    def count(self) -> None:
        """Count what was spent anew."""
        self._tasks.start("spending", self._count())

    def _look(self, state: AppState) -> None:
        """Ask for the price when the cloud is chosen and the last one is older than a day."""
        if state.engine != "cloud" or self._is_quote_fresh(state):
            return
        self._quote_asked_s = time.monotonic()
        self._tasks.start("quote", self._ask_quote())

    def _is_quote_fresh(self, state: AppState) -> bool:
        lasts_s = DAY_S if state.quote else ASKED_AGAIN_S
        if self._quote_asked_s is not None and time.monotonic() - self._quote_asked_s < lasts_s:
            return True
        return state.quote is not None and 0 <= time.time() - state.quote.as_of_s < DAY_S

    async def _ask_quote(self) -> None:
        try:
            cloud = await self._cloud()
        except SharpenError as error:
            log.warning("No price: %s (%s)", error.headline, error.detail)
            return
        self._store.apply(quote_heard, await cloud.quote())
        self._store.apply(usual_heard, await cloud.usual_s())

    async def _ask_balance(self) -> None:
        wait_s = 0.0
        if self._last_run_s is not None:
            wait_s = self._last_run_s + LEDGER_LAG_S - time.monotonic()
        if wait_s > 0:
            said = f"The balance is read in {round(wait_s)} s: the service counts a run late."
            self._store.apply(status_said, said)
            await asyncio.sleep(wait_s)
        balance = await (await self._cloud()).balance()
        self._store.apply(balance_read, balance)

    async def _count(self) -> None:
        try:
            session = await self._archive.spending(self._since_s)
            day = await self._archive.spending(time.time() - DAY_S)
        except SharpenError as error:
            log.warning("Spending is not known: %s (%s)", error.headline, error.detail)
            return
        self._store.apply(spending_known, session, day)
