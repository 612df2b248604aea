"""HTTP to the cloud service; the only import of httpx, so import this module only when it is needed.

Two clients: one for the service, which gives the key to each request and never holds it; one for results,
which knows no key and no cookies. Nothing here is ever sent twice: a repeated request could be paid twice.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping
from contextlib import aclosing, asynccontextmanager
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self, cast
from urllib.parse import urlsplit

import httpcore
import httpx

from sharpen_desktop import __version__
from sharpen_desktop.core.errors import CloudError, Unreachable
from sharpen_desktop.services.cloud import connection_trouble, connections
from sharpen_desktop.services.cloud.connection_trouble import Attempt
from sharpen_desktop.services.cloud.content_coding import uncoded
from sharpen_desktop.services.cloud.error_causes import causes_of, text_of
from sharpen_desktop.services.cloud.fetch_trouble import FetchBroken, FetchFailed
from sharpen_desktop.services.cloud.messages import Incoming, Post, Received, Told
from sharpen_desktop.services.cloud.spool_file import SpoolFile, SpoolFull
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits, TransferStalled, TransferWatch
from sharpen_desktop.services.cloud.upload_body import UploadBody, UploadUnreadable
from sharpen_desktop.services.cloud.web_address import (
    AddressRefused,
    check_reach,
    checked,
    next_hop,
    place_of,
    service_host,
)
from sharpen_desktop.services.log_redaction import redacted

USER_AGENT = f"SharpenDesktop/{__version__}"
MOST_HOPS = 3

_FOREIGN = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError)
# HTTPError alone is not enough. OSError has ssl.SSLError and TimeoutError in it, ValueError the Unicode ones.

_TLS_WAITING = (ssl.SSLWantReadError, ssl.SSLWantWriteError)  # no errors: a handshake in its course
_LOCATION_KEPT = "x-location-as-given"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@cache
def warm_up() -> None:
    """Load what the HTTP library loads at its first connection; call it in a thread, not in the loop's."""
    asyncio.run(httpcore.AnyIOBackend().sleep(0))


class ApiClient:
    """One conversation with the service at ``base_url``; an async context manager.

    Constructing reads certificates and proxy settings, so do it away from the window's thread; it raises
    CloudError when they cannot be used. ``trusted``: further "host:port" that may be fetched from although
    they are local or plain http. ``proxy``: an address that is used instead of the environment's.
    """

    def __init__(
        self, base_url: str, limits: TransferLimits, trusted: Collection[str] = (), proxy: str = ""
    ) -> None:
        self._base = base_url.strip().rstrip("/")
        self._limits = limits
        self._trusted = frozenset({place_of(self._base), *trusted})
        self._host = _checked_host(self._base)
        self._proxy = proxy
        tls, ways = connections.tls_context(os.environ), connections.routes(proxy, os.environ)
        try:
            self._api = _client(tls, ways, limits)
            self._downloads = _client(tls, ways, limits)
        except (ValueError, ImportError, OSError, httpx.InvalidURL) as error:
            setting = connection_trouble.blamed_setting(os.environ, is_certificate=isinstance(error, OSError))
            # The error's own text may quote a proxy's password.
            raise connection_trouble.setting_unusable(setting, type(error).__name__) from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._api.aclose()
        await self._downloads.aclose()

    @property
    def host(self) -> str:
        """The service's host, for messages."""
        return self._host

    async def post(self, post: Post, spool: SpoolFile) -> Received:
        """Send the request once and receive whatever is answered into ``spool``.

        Raises CloudError when no answer came, SpoolFailed when it could not be stored.
        """
        request = self._request(post)
        response: httpx.Response | None = None
        try:
            async with self._watch(self._limits.request_s) as watch:
                post.body.listeners.append(lambda: self._watch_upload(post.body, watch))
                response = await self._api.send(request, stream=True)
                await post.heard(response.status_code, _headers(response))
                await self._receive(response, spool, watch)
        except (TransferStalled, SpoolFull, UploadUnreadable, *_FOREIGN) as error:
            if response is None:
                raise self._no_answer(error, post) from error
            return Received(response.status_code, _headers(response), redacted(text_of(error), post.key))
        return Received(response.status_code, _headers(response))

    async def ask(self, path: str, key: str = "") -> Told:
        """Return what the service says at ``path``, a question that costs nothing; Unreachable without an answer.

        Without ``key`` the question is asked without one.
        """
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        attempt = Attempt(self._host, hint=self._proxy_hint())
        try:
            request = self._api.build_request("GET", self._base + path, headers=headers)
            async with TransferWatch(self._limits.ask_s, self._limits.ask_s):
                response = await self._api.send(request, stream=True)
                raw = await self._bounded(response)
            coding = response.headers.get("content-encoding", "")
            body = b"".join(uncoded([raw], coding, self._limits.ask_bytes))
        except SpoolFull as error:
            raise connection_trouble.question_unanswered(attempt, str(error)) from error
        except TransferStalled as error:
            raise connection_trouble.question_too_slow(attempt, str(error)) from error
        except _FOREIGN as error:
            raise _unanswered(error, attempt, redacted(text_of(error), key)) from error
        return Told(response.status_code, _headers(response), body)

    @asynccontextmanager
    async def incoming(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Incoming]:
        """Open a download at an address that an answer has named, following at most MOST_HOPS redirects.

        Neither the key nor cookies go with it. Raises FetchFailed for an address that is unsafe, FetchBroken
        when the connection fails, also while the pieces come.
        """
        try:
            response = await self._followed(url, headers)
        except AddressRefused as error:
            raise FetchFailed(f"its address is unsafe ({error})") from error
        except _FOREIGN as error:
            raise _broken(error) from error
        try:
            yield Incoming(response.status_code, _headers(response), _fetched_pieces(response))
        finally:
            await response.aclose()

    def _watch(self, deadline_s: float) -> TransferWatch:
        return TransferWatch(self._limits.moving_s, deadline_s, self._limits.slowest_bytes_s)

    def _request(self, post: Post) -> httpx.Request:
        headers = {
            "Authorization": f"Bearer {post.key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Content-Length": str(post.body.length),
            "X-Client-Request-Id": post.reference,
            "Idempotency-Key": post.reference,
        }
        try:
            return self._api.build_request("POST", self._base + post.path, content=post.body, headers=headers)
        except (httpx.InvalidURL, ValueError) as error:
            raise connection_trouble.address_unusable(Attempt(self._host), type(error).__name__) from None

    def _watch_upload(self, body: UploadBody, watch: TransferWatch) -> None:
        if body.is_complete:
            watch.expect(self._limits.answer_s)
        else:
            watch.reached(body.sent)

    async def _receive(self, response: httpx.Response, spool: SpoolFile, watch: TransferWatch) -> None:
        watch.expect(self._limits.moving_s)
        try:
            async with aclosing(_pieces(response)) as pieces:
                async for piece in pieces:
                    watch.moved(len(piece))
                    await spool.add(piece)
        finally:
            await response.aclose()

    async def _bounded(self, response: httpx.Response) -> bytes:
        body = bytearray()
        try:
            async with aclosing(_pieces(response)) as pieces:
                async for piece in pieces:
                    body += piece
                    if len(body) > self._limits.ask_bytes:
                        raise SpoolFull(f"more than {self._limits.ask_bytes} bytes")
        finally:
            await response.aclose()
        return bytes(body)

    async def _followed(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        for _ in range(MOST_HOPS + 1):
            address = checked(url, self._trusted)
            await check_reach(address, self._trusted)
            target = {"target": address.target.encode("ascii")}
            request = self._downloads.build_request("GET", address.url, headers=headers, extensions=target)
            response = await self._downloads.send(request, stream=True)
            if response.status_code not in _REDIRECTS:
                return response
            await response.aclose()
            url = next_hop(address.url, response.headers.get(_LOCATION_KEPT, ""))
        raise AddressRefused("it leads from one place to the next")

    def _proxy_hint(self) -> str:
        if self._proxy:
            return " This program goes through the proxy in its preferences: check that too."
        scheme = urlsplit(self._base).scheme.lower()
        return connection_trouble.proxy_hint(os.environ, scheme, self._host)

    def _no_answer(self, error: Exception, post: Post) -> CloudError:
        attempt = Attempt(self._host, post.reference, self._proxy_hint())
        detail = redacted(text_of(error), post.key)
        if isinstance(error, UploadUnreadable):
            return connection_trouble.picture_unreadable(attempt, detail)
        if post.body.is_complete:
            waited = error.waited_s if isinstance(error, TransferStalled) else None
            return connection_trouble.answer_lost(attempt, detail, waited)
        if isinstance(error, TransferStalled) and error.is_deadline:
            return connection_trouble.upload_too_slow(attempt, detail, error.waited_s)
        if isinstance(error, TransferStalled):
            return connection_trouble.upload_stopped(attempt, detail, error.waited_s)
        return _not_connected(error, attempt, detail) or connection_trouble.upload_stopped(attempt, detail)


def _unanswered(error: Exception, attempt: Attempt, detail: str) -> Unreachable:
    return _not_connected(error, attempt, detail) or connection_trouble.question_unanswered(attempt, detail)


def _not_connected(error: Exception, attempt: Attempt, detail: str) -> Unreachable | None:
    """Return the error for a connection that did not come about, ``None`` when it did and broke later."""
    causes = tuple(causes_of(error))
    if isinstance(error, httpx.ProxyError):
        return connection_trouble.proxy_refused(attempt, detail)
    if any(isinstance(cause, ssl.SSLError) and not isinstance(cause, _TLS_WAITING) for cause in causes):
        return connection_trouble.not_secure(attempt, detail)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return connection_trouble.not_found(attempt, detail)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return connection_trouble.not_answering(attempt, detail)
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return connection_trouble.address_unusable(attempt, detail)
    return None


def _checked_host(base: str) -> str:
    try:
        return service_host(base)
    except AddressRefused as error:
        raise connection_trouble.address_unusable(Attempt(""), str(error)) from error


def _client(tls: ssl.SSLContext, ways: Mapping[str, str | None], limits: TransferLimits) -> httpx.AsyncClient:
    # No connection is used twice: "closed just as we sent" would leave a paid request in doubt.
    pool = httpx.Limits(max_connections=4, max_keepalive_connections=0)
    return httpx.AsyncClient(
        verify=tls,
        mounts={
            where: httpx.AsyncHTTPTransport(verify=tls, limits=pool, proxy=proxy) if proxy else None
            for where, proxy in ways.items()
        },
        trust_env=False,  # connections has read the environment
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        timeout=httpx.Timeout(connect=limits.connect_s, pool=limits.pool_s, read=None, write=None),
        limits=pool,
        follow_redirects=False,
        event_hooks={"response": [_hide_location]},
    )


async def _hide_location(response: httpx.Response) -> None:
    # WORKAROUND httpx 0.28 reads the Location of a redirect it is not to follow, and fails on odd ones.
    if "location" in response.headers:
        response.headers[_LOCATION_KEPT] = response.headers.pop("location")


def _pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    return cast("AsyncGenerator[bytes, None]", response.aiter_raw())  # typed as something that cannot close


async def _fetched_pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    try:
        async with aclosing(_pieces(response)) as pieces:
            async for piece in pieces:
                yield piece
    except _FOREIGN as error:
        raise _broken(error) from error


def _broken(error: Exception) -> FetchBroken:
    return FetchBroken(f"the connection failed ({type(error).__name__})")


def _headers(response: httpx.Response) -> dict[str, str]:
    given = {name.lower(): value for name, value in response.headers.items()}
    if _LOCATION_KEPT in given:
        given["location"] = given.pop(_LOCATION_KEPT)
    return given
