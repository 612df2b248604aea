"""HTTP to the cloud service; the only import of httpx, so import this module only when it is needed.

Two clients: one for the service, which gives the key to each request and never holds it; one for results,
which knows no key and no cookies. Nothing is ever sent twice: a repeated request could be paid twice.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self, cast
from urllib.parse import urlsplit

import httpcore
import httpx

from sharpen_desktop import __version__
from sharpen_desktop.core.errors import CloudError
from sharpen_desktop.services.cloud import connection_trouble
from sharpen_desktop.services.cloud.connection_trouble import Attempt
from sharpen_desktop.services.cloud.spool_file import SpoolFile, SpoolFull
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits, TransferStalled, TransferWatch
from sharpen_desktop.services.cloud.upload_body import UploadBody, UploadUnreadable
from sharpen_desktop.services.cloud.web_address import (
    AddressRefused,
    check_reach,
    checked,
    is_loopback,
    next_hop,
    place_of,
)
from sharpen_desktop.services.log_redaction import redacted

USER_AGENT = f"SharpenDesktop/{__version__}"
MOST_HOPS = 3

_FOREIGN = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError)
# HTTPError alone is not enough. OSError has ssl.SSLError and TimeoutError in it, ValueError the Unicode ones.

_TLS_WAITING = (ssl.SSLWantReadError, ssl.SSLWantWriteError)  # no errors: a handshake in its course
_LOCATION_KEPT = "x-location-as-given"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({401, 403, 404, 410})


@dataclass(frozen=True, slots=True)
class Received:
    """An answer whose body lies in the spool. ``headers`` by lower-case name.

    ``cut``: why the body ended early, empty when it is whole.
    """

    status: int
    headers: Mapping[str, str]
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One request. ``key`` must be clean; ``reference`` is our own id of the request."""

    path: str
    key: str
    reference: str
    body: UploadBody


class FetchFailed(Exception):
    """A result could not be fetched; the text continues "could not be fetched: …"."""


@cache
def warm_up() -> None:
    """Load what the HTTP library loads at its first connection; call it in a thread, not in the loop's."""
    asyncio.run(httpcore.AnyIOBackend().sleep(0))


class ApiClient:
    """One conversation with the service at ``base_url``; an async context manager.

    Constructing reads certificates and proxy settings, so do it away from the window's thread; it raises
    CloudError when they cannot be used. ``trusted``: further "host:port" that may be fetched from although
    they are local or plain http.
    """

    def __init__(self, base_url: str, limits: TransferLimits, trusted: Collection[str] = ()) -> None:
        self._base = base_url.strip().rstrip("/")
        self._limits = limits
        self._trusted = frozenset({place_of(self._base), *trusted})
        self._host = _checked_host(self._base)
        try:
            tls = _tls()
            self._api = _client(tls, limits)
            self._downloads = _client(tls, limits)
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
            async with TransferWatch(self._limits.moving_s, self._limits.request_s) as watch:
                post.body.listeners.append(lambda: self._watch_upload(post.body, watch))
                response = await self._api.send(request, stream=True)
                await self._receive(response, spool, watch)
        except (TransferStalled, SpoolFull, UploadUnreadable, *_FOREIGN) as error:
            if response is None:
                raise self._no_answer(error, post) from error
            return Received(response.status_code, _headers(response), redacted(_text(error), post.key))
        return Received(response.status_code, _headers(response))

    async def fetch(self, url: str, spool: SpoolFile, report: Callable[[float | None], None]) -> str:
        """Fetch a result into ``spool`` and return its Content-Encoding; ``report`` gets the fraction.

        Raises FetchFailed, or SpoolFailed when it could not be stored.
        """
        try:
            async with TransferWatch(self._limits.moving_s, self._limits.download_s) as watch:
                response = await self._followed(url)
                try:
                    await self._download(response, spool, watch, report)
                finally:
                    await response.aclose()
                return str(response.headers.get("content-encoding", ""))
        except AddressRefused as error:
            raise FetchFailed(f"its address is unsafe ({error})") from error
        except SpoolFull as error:
            raise FetchFailed("it is larger than any photo the service can have made") from error
        except (TransferStalled, *_FOREIGN) as error:
            raise FetchFailed(f"the connection failed ({type(error).__name__})") from error

    def _request(self, post: Post) -> httpx.Request:
        headers = {
            "Authorization": f"Bearer {post.key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Content-Length": str(post.body.length),
            "X-Client-Request-Id": post.reference,
        }
        try:
            return self._api.build_request("POST", self._base + post.path, content=post.body, headers=headers)
        except (httpx.InvalidURL, ValueError) as error:
            raise connection_trouble.address_unusable(Attempt(self._host), type(error).__name__) from None

    def _watch_upload(self, body: UploadBody, watch: TransferWatch) -> None:
        if body.is_complete:
            watch.expect(self._limits.answer_s)
        else:
            watch.moved()

    async def _receive(self, response: httpx.Response, spool: SpoolFile, watch: TransferWatch) -> None:
        try:
            async with aclosing(_pieces(response)) as pieces:
                async for piece in pieces:
                    watch.expect(self._limits.moving_s)
                    await spool.add(piece)
        finally:
            await response.aclose()

    async def _followed(self, url: str) -> httpx.Response:
        for _ in range(MOST_HOPS + 1):
            address = checked(url, self._trusted)
            await check_reach(address, self._trusted)
            target = {"target": address.target.encode("ascii")}
            request = self._downloads.build_request("GET", address.url, extensions=target)
            response = await self._downloads.send(request, stream=True)
            if response.status_code not in _REDIRECTS:
                return response
            await response.aclose()
            url = next_hop(address.url, response.headers.get(_LOCATION_KEPT, ""))
        raise AddressRefused("it leads from one place to the next")

    async def _download(
        self,
        response: httpx.Response,
        spool: SpoolFile,
        watch: TransferWatch,
        report: Callable[[float | None], None],
    ) -> None:
        if response.status_code in _GONE:
            raise FetchFailed(f"its address has expired or leads nowhere (HTTP {response.status_code})")
        if response.status_code != httpx.codes.OK:
            raise FetchFailed(f"its server failed (HTTP {response.status_code})")
        whole = _length(response)
        if whole > self._limits.picture_bytes:
            raise SpoolFull(f"{whole} bytes announced")
        async with aclosing(_pieces(response)) as pieces:
            async for piece in pieces:
                watch.moved()
                await spool.add(piece)
                report(min(1.0, spool.size / whole) if whole else None)

    def _no_answer(self, error: Exception, post: Post) -> CloudError:
        scheme = urlsplit(self._base).scheme.lower()
        hint = connection_trouble.proxy_hint(os.environ, scheme, self._host)
        attempt = Attempt(self._host, post.reference, hint)
        detail = redacted(_text(error), post.key)
        if isinstance(error, UploadUnreadable):
            return connection_trouble.picture_unreadable(attempt, detail)
        if post.body.is_complete:
            waited = error.waited_s if isinstance(error, TransferStalled) else None
            return connection_trouble.answer_lost(attempt, detail, waited)
        if isinstance(error, TransferStalled) and error.is_deadline:
            return connection_trouble.upload_too_slow(attempt, detail, error.waited_s)
        if isinstance(error, TransferStalled):
            return connection_trouble.upload_stopped(attempt, detail, error.waited_s)
        return _not_connected(error, attempt, detail)


def _not_connected(error: Exception, attempt: Attempt, detail: str) -> CloudError:
    causes = tuple(_causes(error))
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
    return connection_trouble.upload_stopped(attempt, detail)


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            members = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
            waiting += [each for each in (one.__cause__, one.__context__, *members) if each]


def _checked_host(base: str) -> str:
    try:
        parts = urlsplit(base)
    except ValueError:
        parts = urlsplit("")
    is_web = parts.scheme.lower() in {"http", "https"} and bool(place_of(base))
    if not is_web or "@" in parts.netloc or parts.query or parts.fragment:
        raise connection_trouble.address_unusable(Attempt(""), "not an http or https address")
    host = parts.hostname or ""
    if parts.scheme.lower() == "http" and not is_loopback(host):
        raise connection_trouble.address_unusable(Attempt(host), "plain http would show the key to others")
    return host


def _tls() -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    if not (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        context.load_default_certs()  # the system's too, where a company keeps the one of its proxy
    return context


def _client(tls: ssl.SSLContext, limits: TransferLimits) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        verify=tls,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        timeout=httpx.Timeout(connect=limits.connect_s, pool=limits.pool_s, read=None, write=None),
        # No connection is used twice: "closed just as we sent" would leave a paid request in doubt.
        limits=httpx.Limits(max_connections=4, max_keepalive_connections=0),
        follow_redirects=False,
        event_hooks={"response": [_hide_location]},
    )


async def _hide_location(response: httpx.Response) -> None:
    # WORKAROUND httpx 0.28 reads the Location of a redirect it is not to follow, and fails on odd ones.
    if "location" in response.headers:
        response.headers[_LOCATION_KEPT] = response.headers.pop("location")


def _pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    return cast("AsyncGenerator[bytes, None]", response.aiter_raw())  # typed as something that cannot close


def _headers(response: httpx.Response) -> dict[str, str]:
    given = {name.lower(): value for name, value in response.headers.items()}
    if _LOCATION_KEPT in given:
        given["location"] = given.pop(_LOCATION_KEPT)
    return given


def _length(response: httpx.Response) -> int:
    told = response.headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else 0


def _text(error: Exception) -> str:
    # httpx often says nothing itself; the first cause knows what the system said.
    first = tuple(_causes(error))[-1]
    said = [f"{type(each).__name__}: {each}" for each in dict.fromkeys((error, first))]
    return " / ".join(said)
