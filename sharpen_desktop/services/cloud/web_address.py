"""Which addresses of results may be fetched.

An answer comes from outside, so its address may point anywhere: into the user's own network, at a file, at
a password. No host is hard-coded, because the vendor's own samples lie on several.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

LONGEST = 8192

_FAKE_ADDRESSES = ipaddress.ip_network("198.18.0.0/15")
"""Local VPN and proxy tools resolve every name into this network; it leads nowhere else."""

_PORTS = {"https": 443, "http": 80}


class AddressRefused(ValueError):
    """The address is not one a result may be fetched from; the text says why and does not quote it."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A checked address. ``target`` is path and query byte for byte: a signature covers them."""

    url: str
    host: str
    port: int
    target: str


def place_of(url: str) -> str:
    """Return "host:port" of an address; empty when it has no host or no usable port."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme.lower(), 0)
    except ValueError:
        return ""
    return f"{parts.hostname}:{port}" if parts.hostname and port else ""


def is_loopback(host: str) -> bool:
    """Return whether a host's name or number means this computer itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def service_host(base: str) -> str:
    """Return the host of the service's own address; AddressRefused when no key may be sent to it.

    Plain http is only good for a service on this computer: it would show the key to everyone on the way.
    """
    parts = _split(base)
    if parts.scheme.lower() not in _PORTS or not place_of(base):
        raise AddressRefused("it is no web address")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise AddressRefused("it has more in it than a service's address")
    host = parts.hostname or ""
    if parts.scheme.lower() == "http" and not is_loopback(host):
        raise AddressRefused("it is not encrypted (https)")
    return host


def checked(url: str, trusted: Collection[str]) -> WebAddress:
    """Return the address in parts; ``trusted`` are "host:port" that may be plain http and local.

    Raises AddressRefused. Names are not resolved here: see ``check_reach``.
    """
    if len(url) > LONGEST:
        raise AddressRefused("it is longer than 8 KB")
    if not all("!" <= letter <= "~" for letter in url):
        raise AddressRefused("it has characters that do not belong in an address")
    parts = _split(url)
    place = place_of(url)
    if parts.scheme.lower() not in _PORTS or not place:
        raise AddressRefused("it is no web address")
    if "@" in parts.netloc or "\\" in parts.netloc:
        raise AddressRefused("it has a user name in it")
    if place not in trusted:
        _check_foreign(parts)
    host, _, port = place.rpartition(":")
    return WebAddress(url.partition("#")[0], host, int(port), _target(url))


def next_hop(url: str, location: str) -> str:
    """Return where a redirect leads; AddressRefused when it names no place."""
    if not location:
        raise AddressRefused("it leads nowhere")
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise AddressRefused("it is no web address") from error


async def check_reach(address: WebAddress, trusted: Collection[str]) -> None:
    """Raise AddressRefused when the host's name stands for a place inside the user's own network."""
    if f"{address.host}:{address.port}" in trusted:
        return
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM
        )
    except (socket.gaierror, UnicodeError):
        return  # connecting will fail too, or a proxy knows the name
    for *_, where in found:
        _check_outside(str(where[0]))


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise AddressRefused("it is no web address") from error


def _check_foreign(parts: SplitResult) -> None:
    if parts.scheme.lower() != "https":
        raise AddressRefused("it is not encrypted (https)")
    host = (parts.hostname or "").rstrip(".")
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        raise AddressRefused("it lies inside your own network")
    _check_outside(host)


def _check_outside(host: str) -> None:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return  # a name; check_reach looks behind it
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.version == 4 and address in _FAKE_ADDRESSES:
        return
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        raise AddressRefused("it lies inside your own network")
    if address.is_unspecified or address.is_reserved:
        raise AddressRefused("it leads nowhere")


def _target(url: str) -> str:
    rest = url.partition("#")[0].partition("://")[2]
    cuts = [place for mark in "/?" if (place := rest.find(mark)) >= 0]
    target = rest[min(cuts) :] if cuts else "/"
    return target if target.startswith("/") else f"/{target}"
