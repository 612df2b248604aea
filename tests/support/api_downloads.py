"""What the fake service answers to a download: the file, a part of it, and every fault on the way."""

import gzip
import hashlib
import re
import time
import zlib
from calendar import timegm

from support.api_exchange import Answer, Exchange, head

LIFETIME_S = 604_800
XML = {"Content-Type": "application/xml"}


def signature(made_s: float | None = None) -> str:
    """Return the query of a signed address that was made then, now by default."""
    made = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(made_s))
    return f"X-Amz-Date={made}&X-Amz-Expires={LIFETIME_S}&X-Amz-SignedHeaders=host&X-Amz-Signature=5167"


SIGNATURE = signature()


def has_expired(query: str) -> bool:
    """Whether a signed query's time is over."""
    found = re.search(r"X-Amz-Date=(\w+)&X-Amz-Expires=(\d+)", query)
    if found is None:
        return False
    return time.time() > timegm(time.strptime(found[1], "%Y%m%dT%H%M%SZ")) + int(found[2])


def etag(data: bytes) -> str:
    return f'"{hashlib.md5(data).hexdigest()}"'


def deliver(exchange: Exchange) -> None:
    """Send the file, or the part that was asked for, if its signature is there byte for byte."""
    path, _, query = exchange.request.path.partition("?")
    data = exchange.server.files.get(path)
    if data is None:
        exchange.reply(404, b"<Error><Code>NoSuchKey</Code></Error>", XML)
    elif query != exchange.server.signatures.get(path, SIGNATURE) or has_expired(query):
        expired(exchange)
    else:
        _send(exchange, data)


def _send(exchange: Exchange, data: bytes) -> None:
    headers = {"Content-Type": "application/octet-stream", "ETag": etag(data), "Accept-Ranges": "bytes"}
    start = _start(exchange, data)
    if start is None:
        exchange.reply(200, data, headers)
    elif start >= len(data):
        exchange.reply(416, b"", {"Content-Range": f"bytes */{len(data)}"})
    else:
        span = f"bytes {start}-{len(data) - 1}/{len(data)}"
        exchange.reply(206, data[start:], headers | {"Content-Range": span})


def _start(exchange: Exchange, data: bytes) -> int | None:
    """Where the wanted part begins; ``None`` when the whole file is to be sent."""
    given = exchange.request.headers
    found = re.fullmatch(r"bytes=(\d+)-", given.get("range", ""))
    if found is None or given.get("if-range", etag(data)) != etag(data):
        return None
    return int(found[1])


def _file(exchange: Exchange) -> bytes:
    return exchange.server.files[exchange.request.route]


def ignores_range(exchange: Exchange) -> None:
    """Send the whole file whatever part was asked for."""
    data = _file(exchange)
    exchange.reply(200, data, {"Content-Type": "image/jpeg", "ETag": etag(data)})


def changed_to(data: bytes) -> Answer:
    """From now on there is another file at the address, with another ETag."""

    def answer(exchange: Exchange) -> None:
        exchange.server.files[exchange.request.route] = data
        deliver(exchange)

    return answer


def expired(exchange: Exchange) -> None:
    exchange.reply(403, b"<Error><Code>AccessDenied</Code></Error>", XML)


def not_there_yet(exchange: Exchange) -> None:
    """Not found, as a store answers that has not heard of the file yet."""
    exchange.reply(404, b"<Error><Code>NoSuchKey</Code></Error>", XML)


def page_for_picture(exchange: Exchange) -> None:
    exchange.reply(200, b"<!doctype html><title>Not a picture</title>", {"Content-Type": "image/jpeg"})


def cut_at(part: float) -> Answer:
    """Announce the whole file and send only ``part`` of what is still to come, 0–1."""

    def answer(exchange: Exchange) -> None:
        data = _file(exchange)
        start = _start(exchange, data) or 0
        end = start + int((len(data) - start) * part)
        headers = {"Content-Type": "image/jpeg", "ETag": etag(data), "Accept-Ranges": "bytes"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        exchange.reply(206 if start else 200, data[start:end], headers, length=len(data) - start)

    return answer


cut_download = cut_at(0.5)


def cut_without_length(exchange: Exchange) -> None:
    """Send half the file without saying how long it is, and close."""
    data = _file(exchange)
    exchange.send(head(200, {"Content-Type": "image/jpeg", "ETag": etag(data)}) + data[: len(data) // 2])


def damaged_download(exchange: Exchange) -> None:
    """Send the file with its middle overwritten, under the ETag of the whole one."""
    data = _file(exchange)
    middle = len(data) // 2
    bad = data[:middle] + bytes(byte ^ 0xFF for byte in data[middle : middle + 64]) + data[middle + 64 :]
    exchange.reply(200, bad, {"Content-Type": "image/jpeg", "ETag": etag(data)})


def huge_download(exchange: Exchange) -> None:
    exchange.reply(200, b"\xff\xd8\xff", {"Content-Type": "image/jpeg"}, length=10**10)


def redirected(location: str, code: int = 302) -> Answer:
    return lambda exchange: exchange.reply(code, b"", {"Location": location})


def bomb_download(exchange: Exchange) -> None:
    exchange.reply(200, packed_bomb(), {"Content-Encoding": "gzip"})


def zipped_download(exchange: Exchange) -> None:
    exchange.reply(200, gzip.compress(_file(exchange)), {"Content-Encoding": "gzip"})


def stalled_download(exchange: Exchange) -> None:
    """Begin, then hold the rest back until the gate opens."""
    data = _file(exchange)
    headers = {"Content-Type": "image/jpeg", "Content-Length": str(len(data)), "ETag": etag(data)}
    exchange.send(head(200, headers) + data[:100])
    exchange.server.changed()
    exchange.server.wait_at_gate()
    exchange.send(data[100:])


def trickling(seconds: float) -> Answer:
    """Deliver in twelve portions over ``seconds``."""

    def answer(exchange: Exchange) -> None:
        data = _file(exchange)
        exchange.send(head(200, {"Content-Length": str(len(data)), "ETag": etag(data)}))
        for portion in range(12):
            exchange.send(data[len(data) * portion // 12 : len(data) * (portion + 1) // 12])
            exchange.server.closing.wait(seconds / 12)

    return answer


def packed_bomb() -> bytes:
    packer = zlib.compressobj(wbits=31)  # 31: with a gzip header
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(200)), packer.flush()])
