"""What the fake service can answer: the usual success, every refusal and every fault.

Names that take arguments return an answer (``bad_key()``); the others are one (``drips``). These answer
requests for a run (``ApiServer.answer_with``); those to downloads (``ApiServer.deliver_with``) come from
``api_downloads`` and can be had here, too. Only answers that hold a made picture, or could, are charged for;
``charged(answer)`` charges for any other, so that the client never hears of it.
"""

import base64
import io
import json
import uuid

from PIL import Image, ImageFilter

from support.api_books import COST_USD, CREDITS_PER_USD, CREDITS_USED
from support.api_downloads import (
    SIGNATURE,
    bomb_download,
    changed_to,
    cut_at,
    cut_download,
    cut_without_length,
    damaged_download,
    deliver,
    expired,
    huge_download,
    ignores_range,
    not_there_yet,
    packed_bomb,
    page_for_picture,
    redirected,
    stalled_download,
    trickling,
    zipped_download,
)
from support.api_exchange import Answer, Exchange, Recorded, Service, head

__all__ = [
    "CREDITS_USED", "SIGNATURE", "bomb_download", "changed_to", "cut_at", "cut_download", "cut_without_length",
    "damaged_download", "deliver", "expired", "huge_download", "ignores_range", "not_there_yet",
    "packed_bomb", "page_for_picture", "redirected", "stalled_download", "trickling", "zipped_download",
]  # fmt: skip

GENERATIONS = "/v1/images/generations"
PATIENCE_S = 20.0


def after_body(answer: Answer) -> Answer:
    """Take the whole request and wait at the gate before answering."""

    def answered(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.server.changed()
        exchange.server.wait_at_gate()
        if not exchange.server.closing.is_set():
            answer(exchange)

    return answered


def charged(answer: Answer, cost_usd: float = COST_USD) -> Answer:
    """Do the work and charge for it, then answer so: the money is gone whatever the client hears."""

    def answered(exchange: Exchange) -> None:
        exchange.read_body()
        exchange.charge(cost_usd)
        answer(exchange)

    return answered


def status(code: int, body: bytes | str | object = b"", headers: dict[str, str] | None = None) -> Answer:
    """Answer with ``code``; a body that is neither bytes nor text goes out as JSON."""
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return after_body(lambda exchange: exchange.reply(code, raw, headers))


def old_envelope(code: int, message: object) -> dict[str, object]:
    return {
        "requestId": f"req-{code}",
        "statusCode": code,
        "timestamp": "2026-08-01T12:00:00.000Z",
        "path": GENERATIONS,
        "message": message,
    }


def new_envelope(code: int, message: str, kind: str = "") -> dict[str, object]:
    return {
        "title": "Error",
        "status": code,
        "message": message,
        "instance": GENERATIONS,
        "timestamp": "2026-08-01T12:00:00.000Z",
        "error": {"name": "SomeError", "message": message, "data": {"kind": kind}},
    }


def sharpened(
    *,
    picture: bytes | None = None,
    in_body: bool = False,
    shape: str = "data",
    items: int = 1,
    cost_usd: float = COST_USD,
) -> Answer:
    """The usual success. ``in_body``: as b64_json; ``shape`` "images": the other shape in use."""

    def answer(exchange: Exchange) -> None:
        made = picture if picture is not None else sharpen(exchange.request)
        exchange.charge(cost_usd)
        listed = [_item(exchange.server, made, number, in_body=in_body) for number in range(items)]
        usage = {"credits_used": round(cost_usd * CREDITS_PER_USD)}
        answered = {shape: listed, "meta": {"usage": usage}}
        exchange.reply(200, json.dumps(answered).encode(), {"x-inference-id": exchange.inference_id})

    return after_body(answer)


def sharpen(request: Recorded) -> bytes:
    """The uploaded picture with an unsharp mask, in the format that was asked for."""
    asked = request.fields.get("output_format", "jpeg")
    kind = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "tif": "TIFF", "tiff": "TIFF"}[asked]
    with Image.open(io.BytesIO(request.picture)) as picture:
        colour = picture if picture.mode in {"RGB", "L"} else picture.convert("RGB")
        made = colour.filter(ImageFilter.UnsharpMask(2, 120, 2))
    out = io.BytesIO()
    made.save(out, kind, **({"quality": 92} if kind == "JPEG" else {}))
    return out.getvalue()


def _item(server: Service, picture: bytes, number: int, *, in_body: bool) -> dict[str, object]:
    if in_body:
        return {"url": None, "b64_json": base64.b64encode(picture).decode()}
    return {"url": server.keep_file(f"{uuid.uuid4().hex}-{number}.jpeg", picture), "b64_json": None}


def refused_field(name: str = "strength") -> Answer:
    message = [f"{name} must not be less than 0.01", f"{name} must be a number"]
    return status(400, old_envelope(400, message))


def bad_key() -> Answer:
    return status(401, old_envelope(401, "Unauthorized"))


def out_of_credit() -> Answer:
    return status(403, new_envelope(403, "You have run out of credits.", "err_insufficent_credits"))


def not_allowed() -> Answer:
    return status(403, old_envelope(403, "Complete the verification of your account."))


def gone() -> Answer:
    return status(404, old_envelope(404, "Model not found"))


def too_large() -> Answer:
    return status(413, old_envelope(413, "request entity too large"))


def too_large_then_reset(exchange: Exchange) -> None:
    """Refuse after a part of the body and drop the connection, as proxies do."""
    exchange.read_body(100_000)
    exchange.reply(413, b"too large")
    exchange.reset()


def busy(retry_after: str = "") -> Answer:
    return status(429, old_envelope(429, "Too many requests"), {"Retry-After": retry_after})


def broken() -> Answer:
    return status(500, new_envelope(500, "Internal server error"))


def bad_gateway() -> Answer:
    page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"
    return status(502, page, {"Content-Type": "text/html"})


def gave_up() -> Answer:
    return status(504, old_envelope(504, "Generation timeout"))


def unreadable_json() -> Answer:
    return charged(status(200, '{"data": [{"url": "https://cdn'))


def no_picture() -> Answer:
    return charged(status(200, {"data": [{"url": None, "b64_json": None}], "meta": None}))


def login_page() -> Answer:
    return status(200, "<!doctype html><title>Guest network</title>", {"Content-Type": "text/html"})


def moved(location: str, code: int = 307) -> Answer:
    return status(code, b"", {"Location": location})


def slow(seconds: float) -> Answer:
    """Answer as usual, but late."""

    def answer(exchange: Exchange) -> None:
        exchange.server.closing.wait(seconds)
        sharpened()(exchange)

    return after_body(answer)


def drips(exchange: Exchange) -> None:
    """Start an answer and let it come a byte at a time, for ever."""
    exchange.read_body()
    exchange.send(head(200, {"Content-Type": "application/json", "Content-Length": "100000"}))
    while not exchange.server.closing.wait(0.02):
        exchange.send(b" ")


def cut_answer(exchange: Exchange) -> None:
    """Announce more than comes."""
    exchange.read_body()
    exchange.reply(200, b'{"data": [{"url": "https://', length=5000)


def reads_slowly(seconds: float) -> Answer:
    """Take the request in twelve portions over ``seconds``, then refuse it."""

    def answer(exchange: Exchange) -> None:
        announced = int(exchange.request.headers["content-length"])
        for portion in range(1, 13):
            exchange.read_body(announced * portion // 12)
            exchange.server.closing.wait(seconds / 12)
        bad_key()(exchange)

    return answer


def never_reads(exchange: Exchange) -> None:
    """Leave the body where it is."""
    exchange.server.closing.wait(PATIENCE_S)


def resets_half_way(exchange: Exchange) -> None:
    exchange.read_body(100_000)
    exchange.reset()


def resets_after_body(exchange: Exchange) -> None:
    exchange.read_body()
    exchange.reset()


def closes_without_answer(exchange: Exchange) -> None:
    exchange.read_body()


def bomb(exchange: Exchange) -> None:
    """A small answer that grows to 200 MB."""
    exchange.read_body()
    exchange.reply(200, packed_bomb(), {"Content-Encoding": "gzip"})


def raw(data: bytes) -> Answer:
    """Send exactly these bytes."""
    return after_body(lambda exchange: exchange.send(data))


def address(url: str) -> Answer:
    """A success whose picture lies at ``url``."""
    return charged(status(200, {"data": [{"url": url, "b64_json": None}]}))
