"""The service's own log: whether a request whose answer was lost has been charged.

Its rows are one a request, newest first. A service that has no such log, does not let the key read it, or has changed
it, is not asked again with that key; nothing is concluded from its silence.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sharpen_desktop.core.paid import PaidRun
from sharpen_desktop.services.cloud.connection_trouble import Attempt, TooSlow, question_unanswered
from sharpen_desktop.services.cloud.messages import Told
from sharpen_desktop.services.cloud.wire import (
    CREDITS_PER_DOLLAR,
    LONGEST_ID,
    AnswerUnreadable,
    Cost,
    amount_of,
    parse_json,
    plain,
)

if TYPE_CHECKING:  # httpx comes with it, and the window starts without httpx
    from sharpen_desktop.services.cloud.api_client import ApiClient

PATH = "/v2/logs"
ROWS = 100
MOST_PAGES = 10
DAY_S = 86_400.0
MOST_DAYS = 92
_NOT_NOW = frozenset({429, 503})


class Word(Enum):
    """What the log says of a run. ``SILENT``: nothing can be concluded."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ABSENT = "absent"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``failures``: how many rows say "failed". ``is_whole``: whether every row that could be the run's was seen.

    ``server_s``: the service's own clock, seconds since 1970, ``None`` when it does not tell.
    """

    word: Word
    cost: Cost = Cost()  # noqa: RUF009 - a frozen value
    request_id: str = ""
    failures: int = 0
    is_whole: bool = True
    server_s: float | None = None


class LogUnusable(ValueError):
    """The answer is no log."""


class VendorLog:
    """Asks the log, as long as there is one."""

    def __init__(self) -> None:
        self._silent_for: set[str] = set()

    async def verdict(self, client: "ApiClient", key: str, run: PaidRun, age_s: float) -> Verdict:
        """Return what the log says of a run that is ``age_s`` old; Unreachable when it could not be asked now."""
        if key in self._silent_for:
            return Verdict(Word.SILENT)
        try:
            return await self._asked(client, key, run, age_s)
        except (TooSlow, LogUnusable):
            self._silent_for.add(key)
            return Verdict(Word.SILENT)

    async def _asked(self, client: "ApiClient", key: str, run: PaidRun, age_s: float) -> Verdict:
        ours: list[Mapping[str, Any]] = []
        told, has_more = None, True
        for page in range(MOST_PAGES):
            wish = {"period": _period(age_s), "model": run.model, "limit": ROWS}
            told = await client.ask(
                f"{PATH}?{urlencode(wish | ({'offset': page * ROWS} if page else {}))}", key
            )
            rows, has_more = _rows(told, client.host)
            ours += [row for row in rows if row.get("client_request_id") == run.reference]
            if ours or not has_more:
                break
        is_whole = not has_more and age_s < MOST_DAYS * DAY_S
        return _verdict(ours, is_whole=is_whole, server_s=_clock(told))


def _period(age_s: float) -> str:
    """Return the window to look at: it is asked for in whole days unless one is enough."""
    days = math.ceil(age_s / DAY_S) + 1 if age_s > 0.9 * DAY_S else 1
    return "24h" if days == 1 else f"{min(days, MOST_DAYS)}d"


def _rows(told: Told, host: str) -> tuple[list[Mapping[str, Any]], bool]:
    """Return the rows of a page and whether another page follows."""
    if told.status in _NOT_NOW:
        raise question_unanswered(Attempt(host), f"HTTP {told.status}")
    if told.status != 200:
        raise LogUnusable(f"HTTP {told.status}")
    try:
        page = parse_json(told.body)
    except AnswerUnreadable as error:
        raise LogUnusable(str(error)) from error
    rows = page.get("data") if isinstance(page, dict) else page
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise LogUnusable("no list of rows")
    paging = page.get("pagination") if isinstance(page, dict) else None
    told_more = paging.get("has_more") if isinstance(paging, dict) else None
    return rows, told_more if isinstance(told_more, bool) else len(rows) >= ROWS


def _verdict(rows: list[Mapping[str, Any]], *, is_whole: bool, server_s: float | None) -> Verdict:
    """Return what all rows of a run come to: one that succeeded was paid, whatever the others say."""
    failures = sum(row.get("status") == "failed" for row in rows)
    paid = next((row for row in rows if row.get("status") == "succeeded"), None)
    if paid is not None:
        return Verdict(Word.SUCCEEDED, _cost(paid), _id(paid), failures, is_whole, server_s)
    if not rows:
        return Verdict(Word.ABSENT, is_whole=is_whole, server_s=server_s)
    word = Word.FAILED if failures == len(rows) else Word.SILENT
    return Verdict(word, Cost(), _id(rows[0]), failures, server_s=server_s)


def _cost(row: Mapping[str, Any]) -> Cost:
    cost = row.get("cost")
    told = cost if isinstance(cost, dict) else {"usd": cost}
    usd, credits_ = amount_of(told.get("usd")), amount_of(told.get("credits"))
    if usd is not None:
        return Cost(usd)
    return Cost(
        None if credits_ is None else credits_ / CREDITS_PER_DOLLAR, is_estimated=credits_ is not None
    )


def _id(row: Mapping[str, Any]) -> str:
    given = (row.get("inference_id"), row.get("request_id"))
    return next((plain(each, LONGEST_ID) for each in given if isinstance(each, str) and each), "")


def _clock(told: Told | None) -> float | None:
    try:
        date = parsedate_to_datetime(told.headers.get("date", "")) if told else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if date is None:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
