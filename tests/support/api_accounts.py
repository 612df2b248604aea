"""What the fake service answers to questions that cost nothing: its log, the balance, the price, how long runs take.

``ANSWERS`` has the usual one for each address. ``ApiServer.tell_with(LOGS, absent(), …)`` sets others for the
next questions at an address, ``tell_always`` for all; what the log says is set in ``server.books``.
"""

import json
from collections.abc import Mapping
from urllib.parse import parse_qs

from support.api_books import COST_USD, MODEL
from support.api_exchange import Answer, Exchange

LOGS, BILLING, MODELS, METRICS = "/v2/logs", "/v2/billing", "/v1/models", "/models/metrics"
USUAL_MS = {"p50": 9200, "p75": 12500, "p90": 18000, "p99": 41000}


def told(code: int, body: object = "", headers: dict[str, str] | None = None) -> Answer:
    """Answer at once with ``code``; what is neither bytes nor text goes out as JSON."""
    data = body.encode() if isinstance(body, str) else body
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return lambda exchange: exchange.reply(code, raw, headers)


def absent() -> Answer:
    return told(404, {"statusCode": 404, "message": "Cannot GET"})


def refused() -> Answer:
    return told(403, {"statusCode": 403, "message": "This key may not read that."})


def bad_key() -> Answer:
    return told(401, {"statusCode": 401, "message": "Unauthorized", "requestId": "req-401"})


def no_money() -> Answer:
    error = {"name": "SomeError", "message": "Out of credits", "data": {"kind": "err_insufficent_credits"}}
    return told(403, {"status": 403, "message": "You have run out of credits.", "error": error})


def broken() -> Answer:
    return told(500, {"statusCode": 500, "message": "Internal server error"})


def other_json() -> Answer:
    return told(200, {"items": "none of what was asked for", "data": 7})


def page() -> Answer:
    return told(200, "<!doctype html><title>Guest network</title>", {"Content-Type": "text/html"})


def late(seconds: float) -> Answer:
    """Answer as usual, but after ``seconds``."""

    def answer(exchange: Exchange) -> None:
        if not exchange.server.closing.wait(seconds):
            ANSWERS[exchange.request.route](exchange)

    return answer


def log_rows(exchange: Exchange) -> None:
    """The service's log: one row a request, newest first."""
    query = parse_qs(exchange.request.path.partition("?")[2])
    if not _has_key(exchange):
        bad_key()(exchange)
        return
    if ("period" in query) == ("start" in query):
        told(400, {"statusCode": 400, "message": "Either a period or start and end."})(exchange)
        return
    rows = [row for row in exchange.server.books.rows() if row["model"] in query.get("model", [MODEL])]
    limit, offset = int(query.get("limit", ["50"])[0]), int(query.get("offset", ["0"])[0])
    shown = rows[offset : offset + limit]
    more = offset + len(shown) < len(rows)
    paging = {"limit": limit, "offset": offset, "total": len(rows), "has_more": more}
    told(200, {"data": shown, "pagination": paging})(exchange)


def balance(exchange: Exchange) -> None:
    if not _has_key(exchange):
        bad_key()(exchange)
        return
    told(200, {"current_balance": exchange.server.books.left, "currency": "USD"})(exchange)


def price(usd: float | None = COST_USD) -> Answer:
    """The catalogue's entry of the model; without a price for ``None``."""
    units = [{"price": usd, "unit": "image", "per": 1}]
    pricing = {"kind": "variable"} if usd is None else {"kind": "fixed", "units": units}
    model = {
        "id": MODEL,
        "aliases": None,
        "type": "image",
        "info": {"name": "Sharpen", "developer": "Topaz Labs"},
        "tags": [],
        "pricing": pricing,
    }
    return told(200, {"object": "list", "data": [model]})


def usual_time(milliseconds: Mapping[str, float] = USUAL_MS) -> Answer:
    metrics = {"duration_ms": dict(milliseconds)} if milliseconds else {}
    model = {"alias": MODEL, "endpoint": "/v1/images/generations", "metrics": metrics}
    return told(200, {"window_seconds": 300, "models": [model]})


def _has_key(exchange: Exchange) -> bool:
    return len(exchange.request.headers.get("authorization", "")) > len("Bearer ")


ANSWERS: Mapping[str, Answer] = {
    LOGS: log_rows,
    BILLING: balance,
    MODELS: price(),
    METRICS: usual_time(),
}
