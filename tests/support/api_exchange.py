"""One request to the fake service and the means to answer it, byte by byte if need be."""

import base64
import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from support.api_books import COST_USD, Books, Charge, http_date


@dataclass
class Recorded:
    """One request as it came; header names in lower case. ``is_whole``: the announced body came.

    ``charge``: what the service has charged for it, if it has.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""
    is_whole: bool = False
    charge: Charge | None = None

    @property
    def route(self) -> str:
        """The path without the query."""
        return self.path.partition("?")[0]

    @property
    def fields(self) -> dict[str, Any]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value

    @property
    def picture(self) -> bytes:
        """The uploaded picture file, out of its data address."""
        return base64.b64decode(self.fields["image_url"].partition(",")[2], validate=True)


class Service(Protocol):
    """What answers need of the server they belong to."""

    files: dict[str, bytes]
    signatures: dict[str, str]
    closing: threading.Event
    books: Books

    def keep_file(self, name: str, data: bytes) -> str: ...

    def wait_at_gate(self) -> None: ...

    def changed(self) -> None: ...


@dataclass
class Exchange:
    """What an answer has to do with: the connection, the request, the server."""

    server: Service
    sock: socket.socket
    stream: Any
    request: Recorded
    inference_id: str = ""

    def read_body(self, most: int | None = None) -> None:
        announced = int(self.request.headers.get("content-length", "0"))
        wanted = announced if most is None else min(announced, most)
        came = bytearray(self.request.body)
        while len(came) < wanted:
            piece = self.stream.read1(min(1 << 18, wanted - len(came)))
            if not piece:
                break
            came += piece
        self.request.body = bytes(came)
        self.request.is_whole = len(came) == announced

    def charge(self, cost_usd: float = COST_USD) -> None:
        """Write the request down as done and charged, once; ConnectionError when it did not come whole."""
        if not self.request.is_whole:
            raise ConnectionError("the request did not come whole")
        if self.request.charge is None:
            request = self.request
            request.charge = self.server.books.charge(
                request.headers, request.fields, self.inference_id, cost_usd
            )
            self.server.changed()

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def reply(
        self,
        status: int,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        *,
        length: int | None = None,
    ) -> None:
        given = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body) if length is None else length),
        }
        given |= headers or {}
        self.send(head(status, {name: text for name, text in given.items() if text}) + body)

    def reset(self) -> None:
        """Drop the connection with RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Answer = Callable[[Exchange], None]


def head(status: int, headers: dict[str, str]) -> bytes:
    dated = {"Date": http_date()} | headers
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {text}" for name, text in dated.items())]
    return ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode("latin-1")
