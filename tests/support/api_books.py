"""What the fake service writes down of its own: what it has charged for, and what its log says of each request."""

import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, Literal

COST_USD = 0.105
CREDITS_PER_USD = 2_000_000
CREDITS_USED = round(COST_USD * CREDITS_PER_USD)
MODEL = "topaz-labs/sharpen"


@dataclass(frozen=True)
class Charge:
    """One request that was done and charged, whether or not its answer arrived.

    ``asked`` is the same for the same picture with the same fields.
    """

    client_request_id: str
    idempotency_key: str
    inference_id: str
    cost_usd: float
    asked: str
    at_s: float


@dataclass
class Entry:
    """One line of the service's own book: a request that came in whole and has ended."""

    client_request_id: str
    inference_id: str
    ended_s: float
    charge: Charge | None


@dataclass
class Books:
    """Charges and log of one fake service. ``says``: what the log tells of every request, the truth by default.

    ``lag_s``: how long after its end a request appears in the log. ``balance``: money left before any charge.
    """

    says: Literal["truth", "succeeded", "failed", "missing"] = "truth"
    lag_s: float = 0.0
    balance: float = 25.0
    charges: list[Charge] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _last: int = 0

    def new_inference(self) -> str:
        with self._lock:
            self._last += 1
            return f"inf-{self._last}"

    def charge(
        self, headers: dict[str, str], fields: dict[str, Any], inference_id: str, cost_usd: float
    ) -> Charge:
        charge = Charge(
            headers.get("x-client-request-id", ""),
            headers.get("idempotency-key", ""),
            inference_id,
            cost_usd,
            hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest(),
            time.time(),
        )
        self.charges.append(charge)
        return charge

    def enter(self, client_request_id: str, inference_id: str, charge: Charge | None) -> None:
        self.entries.append(Entry(client_request_id, inference_id, time.time(), charge))

    def rows(self) -> list[dict[str, object]]:
        """Return the log as the service would show it now, newest first."""
        if self.says == "missing":
            return []
        shown = time.time() - self.lag_s
        return [self._row(each) for each in reversed(self.entries) if each.ended_s <= shown]

    def _row(self, entry: Entry) -> dict[str, object]:
        truth = "succeeded" if entry.charge else "failed"
        status = truth if self.says == "truth" else self.says
        usd = entry.charge.cost_usd if entry.charge else COST_USD
        usd = usd if status == "succeeded" else 0.0
        return {
            "created": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(entry.ended_s)),
            "status": status,
            "origin": "api",
            "model": MODEL,
            "cost": {"usd": usd, "credits": round(usd * CREDITS_PER_USD)},
            "tokens": {"input": 0, "output": 0, "total": 0},
            "request_id": entry.inference_id.replace("inf", "req"),
            "inference_id": entry.inference_id,
            "client_request_id": entry.client_request_id or None,
        }

    @property
    def left(self) -> float:
        """What is left of the money."""
        return round(self.balance - sum(each.cost_usd for each in self.charges), 6)


def http_date(at_s: float | None = None) -> str:
    return formatdate(at_s, usegmt=True)
