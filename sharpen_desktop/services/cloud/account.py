"""What the service says for nothing: the price of a run, how long one takes, what is left in the account, a key."""

import json
import logging
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sharpen_desktop.core.errors import (
    Charge,
    CloudError,
    CreditExhausted,
    KeyRefused,
    SaveFailed,
    Unreachable,
)
from sharpen_desktop.core.keys import KeyVerdict
from sharpen_desktop.core.money import Balance, Quote
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.services.api_key import clean_key
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.cloud_refusal import Refusal, explained
from sharpen_desktop.services.cloud.messages import Told
from sharpen_desktop.services.cloud.pace import Pace
from sharpen_desktop.services.cloud.price_list import price_of
from sharpen_desktop.services.cloud.service_line import ServiceLine
from sharpen_desktop.services.cloud.wire import AnswerUnreadable, amount_of, parse_json, plain
from sharpen_desktop.services.safe_file import write_bytes_whole

log = logging.getLogger(__name__)

BILLING = "/v2/billing"
FRESH_S = 3600.0
"""So long a price that was heard is not asked for again."""

LONGEST_CURRENCY = 8


class Account:
    """Asks the service; only the balance and the check of a key are asked with one.

    ``folder`` keeps the price as last heard, so that it can be shown without a network.
    """

    def __init__(self, schema: ModelSchema, line: ServiceLine, folder: Path, pace: Pace) -> None:
        self._schema = schema
        self._line = line
        self._file = folder / "prices.json"
        self._pace = pace

    async def quote(self) -> Quote | None:
        """Return the price of one run with the time it is from, ``None`` when nobody has said one; never raises."""
        known = await in_thread(self._known)
        now = self._pace.now()
        if known is not None and 0 <= now - known.as_of_s < FRESH_S:
            return known
        wish = urlencode({"id": self._schema.model, "include": "pricing"})
        catalogue = await self._heard(f"/v1/models?{wish}")
        usd = price_of(catalogue, self._schema.model)
        if usd is None:
            return known
        quote = Quote(usd, now)
        await in_thread(self._remember, quote)
        return quote

    async def usual_s(self) -> float | None:
        """Return how long half of all runs take at most, ``None`` when nobody says; never raises."""
        told = await self._heard(f"/models/metrics?{urlencode({'aliases': self._schema.model})}")
        for model in _objects(told.get("models")):
            metrics = model.get("metrics")
            durations = metrics.get("duration_ms") if isinstance(metrics, dict) else None
            half = amount_of(durations.get("p50")) if isinstance(durations, dict) else None
            if half and model.get("alias") == self._schema.model:
                return half / 1000
        return None

    async def balance(self, key: str) -> Balance:
        """Return what is left; CloudError (KeyRefused, CreditExhausted, Unreachable) when the service does not say."""
        clean = clean_key(key)
        async with await self._line.client() as client:
            told = await client.ask(BILLING, clean)
            if told.status != 200:
                raise self._refused(told, client.host, clean)
            balance = _balance(told, self._pace.now())
            if balance is None:
                raise CloudError(
                    f"{client.host} did not say what is left in your account. Look there in a browser.",
                    charge=Charge.NONE,
                )
            return balance

    async def check_key(self, key: str) -> KeyVerdict:
        """Return what the service says of a key; never raises."""
        try:
            return _verdict(await self.balance(key))
        except KeyRefused:
            return KeyVerdict.WRONG
        except CreditExhausted:
            return KeyVerdict.NO_MONEY
        except Unreachable:
            return KeyVerdict.NO_NETWORK
        except CloudError:
            return KeyVerdict.UNCLEAR

    async def _heard(self, path: str) -> Mapping[str, Any]:
        """Return the JSON object at ``path``, an empty one for whatever goes wrong."""
        try:
            async with await self._line.client() as client:
                told = await client.ask(path)
            value = parse_json(told.body) if told.status == 200 else None
        except (CloudError, AnswerUnreadable) as error:
            log.info("The service did not answer %s: %s", path.partition("?")[0], error)
            return {}
        return value if isinstance(value, dict) else {"data": value}

    def _refused(self, told: Told, host: str, key: str) -> CloudError:
        refusal = Refusal(
            told.status, told.headers, told.body, has_left=False, reference="", host=host, key=key
        )
        return explained(refusal, self._schema, datetime.fromtimestamp(self._pace.now(), UTC))

    def _known(self) -> Quote | None:
        known = self._prices().get(self._schema.model)
        if not isinstance(known, dict):
            return None
        usd, as_of_s = amount_of(known.get("usd")), amount_of(known.get("as_of_s"))
        return Quote(usd, as_of_s) if usd and as_of_s is not None else None

    def _remember(self, quote: Quote) -> None:
        prices = {**self._prices(), self._schema.model: {"usd": quote.usd, "as_of_s": quote.as_of_s}}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_bytes_whole(self._file, json.dumps(prices).encode())
        except (OSError, SaveFailed) as error:
            log.warning("The price could not be noted: %s", error)

    def _prices(self) -> Mapping[str, Any]:
        try:
            prices = json.loads(self._file.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return prices if isinstance(prices, dict) else {}


def _balance(told: Told, now_s: float) -> Balance | None:
    try:
        value = parse_json(told.body)
    except AnswerUnreadable:
        return None
    left = value.get("current_balance") if isinstance(value, dict) else None
    if isinstance(left, bool) or not isinstance(left, int | float | str):
        return None
    try:
        amount = float(left)
    except (ValueError, OverflowError):
        return None
    currency = value.get("currency")
    named = plain(currency, LONGEST_CURRENCY) if isinstance(currency, str) else ""
    return Balance(amount, named or "USD", now_s) if math.isfinite(amount) else None


def _verdict(balance: Balance) -> KeyVerdict:
    return KeyVerdict.WORKS if balance.amount > 0 else KeyVerdict.NO_MONEY


def _objects(values: object) -> Iterator[Mapping[str, Any]]:
    return (each for each in values if isinstance(each, dict)) if isinstance(values, list) else iter(())
