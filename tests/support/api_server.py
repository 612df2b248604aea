"""A real HTTP server on loopback that plays the cloud service; ``api_answers`` has the faults it can play.

    with ApiServer() as server:
        server.answer_with(api_answers.busy("30"), api_answers.unreadable_json())
        …  # server.url is the base address; the third request is answered as usual
        assert len(server.posts) == 2

By default it sharpens the uploaded picture, keeps the result under a signed-looking address and answers as
the service does. ``answer_with`` queues one answer for each of the next requests, ``deliver_with`` the same
for the next downloads, ``always`` and ``always_deliver`` answer all others. ``hold()`` keeps requests open until
``release()``. ``tell_with`` does the same for what costs nothing (log, balance, price: ``api_accounts``).
``charges`` are the requests that were done and charged, whether or not the client has heard of it;
``books`` sets what the service's log says of them.
By hand: ``python -m support.api_server [bad_key|busy|drips|…]`` prints the address and serves until Ctrl+C.
"""

import inspect
import socket
import socketserver
import sys
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from support import api_accounts, api_answers
from support.api_answers import PATIENCE_S
from support.api_books import Books, Charge
from support.api_downloads import signature
from support.api_exchange import Answer, Exchange, Recorded


class ApiServer:
    """The fake service; a context manager that leaves no thread behind."""

    def __init__(self, port: int = 0) -> None:
        self.requests: list[Recorded] = []
        self.files: dict[str, bytes] = {}
        self.signatures: dict[str, str] = {}
        self.books = Books()
        self.closing = threading.Event()
        self.always: Answer | None = None
        self.always_deliver: Answer | None = None
        self.finished = 0
        self._answers: deque[Answer] = deque()
        self._deliveries: deque[Answer] = deque()
        self._told: defaultdict[str, deque[Answer]] = defaultdict(deque)
        self._always_told: dict[str, Answer] = {}
        self._gate = threading.Event()
        self._gate.set()
        self._change = threading.Condition()
        self._open: set[socket.socket] = set()
        self._tcp = _Tcp(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._tcp.serve_forever, args=(0.02,), name="api server")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._tcp.server_address[1]}"

    @property
    def posts(self) -> list[Recorded]:
        return [each for each in self.requests if each.method == "POST"]

    @property
    def downloads(self) -> list[Recorded]:
        """Requests for a file; not the questions that cost nothing."""
        return [
            each for each in self.requests if each.method == "GET" and each.route not in api_accounts.ANSWERS
        ]

    @property
    def charges(self) -> list[Charge]:
        """What was done and charged, in order."""
        return list(self.books.charges)

    def asked(self, route: str) -> list[Recorded]:
        """Return the questions that came at an address, such as ``api_accounts.LOGS``."""
        return [each for each in self.requests if each.method == "GET" and each.route == route]

    def answer_with(self, *answers: Answer) -> None:
        """Answer the next requests so, one after the other."""
        self._answers.extend(answers)

    def deliver_with(self, *answers: Answer) -> None:
        """Answer the next downloads so, one after the other."""
        self._deliveries.extend(answers)

    def tell_with(self, route: str, *answers: Answer) -> None:
        """Answer the next questions at an address of ``api_accounts`` so, one after the other."""
        self._told[route].extend(answers)

    def tell_always(self, route: str, answer: Answer) -> None:
        """Answer all other questions at that address so."""
        self._always_told[route] = answer

    def hold(self) -> None:
        """Let requests come in whole, but answer none before ``release()``."""
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    def keep_file(self, name: str, data: bytes, made_s: float | None = None) -> str:
        """Offer ``data`` for download and return its address, signed at that time (seconds since 1970)."""
        path = f"/files/{name}"
        self.files[path] = data
        self.signatures[path] = signature(made_s)
        return f"{self.url}{path}?{self.signatures[path]}"

    def wait_for(self, claim: Callable[[Self], bool], timeout_s: float = PATIENCE_S) -> bool:
        """Wait until ``claim(server)`` holds; for tests that have no loop to wait in."""
        with self._change:
            return self._change.wait_for(lambda: claim(self), timeout_s)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._gate.set()
        self._tcp.shutdown()
        for sock in tuple(self._open):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._tcp.server_close()  # waits for the connections' threads
        self._thread.join()

    def changed(self) -> None:
        with self._change:
            self._change.notify_all()

    def serve(self, sock: socket.socket) -> None:
        self._open.add(sock)
        try:
            with suppress(OSError, ValueError), sock.makefile("rb") as stream:
                exchange = self._begun(sock, stream)
                if exchange is not None:
                    self._answered(exchange)
        finally:
            self._open.discard(sock)
            self.finished += 1
            self.changed()

    def _answered(self, exchange: Exchange) -> None:
        try:
            self._choose(exchange)(exchange)
        finally:
            request = exchange.request
            if request.method == "POST" and request.is_whole:
                reference = request.headers.get("x-client-request-id", "")
                self.books.enter(reference, exchange.inference_id, request.charge)

    def wait_at_gate(self) -> None:
        self._gate.wait(PATIENCE_S)

    def _begun(self, sock: socket.socket, stream: Any) -> Exchange | None:
        line = stream.readline().decode("latin-1").split()
        if len(line) < 3:
            return None
        headers: dict[str, str] = {}
        while text := stream.readline().decode("latin-1").strip():
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        request = Recorded(line[0], line[1], headers)
        self.requests.append(request)
        self.changed()
        inference = self.books.new_inference() if request.method == "POST" else ""
        return Exchange(self, sock, stream, request, inference)

    def _choose(self, exchange: Exchange) -> Answer:
        if exchange.request.method == "GET":
            return self._given(exchange.request.route)
        if self._answers:
            return self._answers.popleft()
        return self.always or api_answers.sharpened()

    def _given(self, route: str) -> Answer:
        """Return the answer to a GET."""
        if route in api_accounts.ANSWERS:
            queued = self._told[route]
            if queued:
                return queued.popleft()
            return self._always_told.get(route) or api_accounts.ANSWERS[route]
        if self._deliveries:
            return self._deliveries.popleft()
        return self.always_deliver or api_answers.deliver


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = False
    block_on_close = True
    allow_reuse_address = True
    request_queue_size = 50

    def __init__(self, address: tuple[str, int], owner: ApiServer) -> None:
        self._owner = owner
        super().__init__(address, socketserver.BaseRequestHandler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        self._owner.serve(request)

    def shutdown_request(self, request: Any) -> None:
        with suppress(OSError):
            request.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            request.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not self._owner.closing.is_set():
            super().handle_error(request, client_address)


def main() -> None:
    """Serve until interrupted; the argument names an answer for all requests."""
    with ApiServer() as server:
        if len(sys.argv) > 1:
            named = getattr(api_answers, sys.argv[1])
            server.always = named if "exchange" in inspect.signature(named).parameters else named()
        print(server.url, flush=True)
        with suppress(KeyboardInterrupt):
            server.closing.wait()


if __name__ == "__main__":
    main()
