"""How connections are made: which certificates are trusted, and which proxy leads where.

Both come from the system and its environment; a proxy in the preferences goes before the environment's. What
cannot be used is said as a CloudError that names the setting and never its value, which may hold a password.
"""

import os
import re
import ssl
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from sharpen_desktop.services.cloud.connection_trouble import setting_unusable

IN_PREFERENCES = "The proxy in the preferences"
PROXY_SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})
DIRECT = None

_EVERYTHING = "all://"
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")  # a name or IPv4 address; an IPv6 address
_EXEMPT = re.compile(r"\*?[A-Za-z0-9._-]+(:\d{1,5})?")


def tls_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return a context that trusts what this system trusts, or what SSL_CERT_FILE and SSL_CERT_DIR name.

    Blocking. Raises CloudError when one of the two cannot be used. Where the system shows no certificates at
    all, those that came with the program are trusted.
    """
    given = {name: environ[name] for name in _CERTIFICATES if environ.get(name)}
    if not given:
        return _of_the_system()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for name, place in given.items():
        _trust(context, name, place)
    return context


def routes(preference: str, environ: Mapping[str, str]) -> dict[str, str | None]:
    """Return which proxy leads where: patterns as httpx's ``mounts`` has them, to an address or ``None`` (direct).

    ``preference``: the address in the preferences, empty for none; the environment's (or the system's) proxies
    count only without it. Raises CloudError for an address that is none.
    """
    if preference.strip():
        return {_EVERYTHING: _proxy(preference, IN_PREFERENCES)}
    given = _given_proxies(environ)
    exempt = [each.strip() for each in given.pop("no", ("", ""))[1].split(",")]
    if "*" in exempt:
        return {}
    found: dict[str, str | None] = {
        f"{scheme}://": _proxy(value, setting) for scheme, (setting, value) in given.items()
    }
    return {**found, **dict.fromkeys(_patterns(exempt), DIRECT)} if found else {}


def _of_the_system() -> ssl.SSLContext:
    try:
        import truststore

        context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    except (ImportError, NotImplementedError):  # a system it does not know
        return _of_the_program()
    paths = ssl.get_default_verify_paths()
    if not paths.cafile and not paths.capath:
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _of_the_program() -> ssl.SSLContext:
    import certifi

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(certifi.where())
    context.load_default_certs()
    return context


def _trust(context: ssl.SSLContext, name: str, place: str) -> None:
    try:
        if name == "SSL_CERT_FILE":
            context.load_verify_locations(cafile=place)
        elif any(Path(each).is_dir() for each in place.split(os.pathsep)):
            context.load_verify_locations(capath=place)
        else:
            raise NotADirectoryError(name)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError; ValueError: a NUL in the name
        setting = f"The certificate setting {name} of this computer"
        raise setting_unusable(setting, type(error).__name__) from None


def _given_proxies(environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return for "http", "https", "all" and "no" what the setting is called and its value, where there is one."""
    named = {}
    for scheme in ("http", "https", "all", "no"):
        names = (f"{scheme}_proxy", f"{scheme}_proxy".upper())  # as everywhere, in this order
        found = next((name for name in names if environ.get(name, "").strip()), "")
        if found:
            named[scheme] = (f"The proxy setting {found} of this computer", environ[found].strip())
    if named.keys() - {"no"}:
        return named
    return {
        scheme: ("The proxy setting of this system", value.strip())
        for scheme, value in getproxies().items()
        if scheme in {"http", "https", "all", "no"} and value.strip()
    }


def _proxy(value: str, setting: str) -> str:
    address = value.strip() if "://" in value else f"http://{value.strip()}"
    if not _is_proxy(address):
        is_ours = setting == IN_PREFERENCES
        raise setting_unusable(setting, "not the address of a proxy", needs_restart=not is_ours)
    return address


def _is_proxy(address: str) -> bool:
    try:
        parts = urlsplit(address)
        is_known = parts.scheme.lower() in PROXY_SCHEMES and parts.port != 0
    except ValueError:  # a port that is no number, brackets that do not match
        return False
    is_plain = all("!" <= letter <= "~" for letter in address)
    is_bare = parts.path in {"", "/"} and not parts.query and not parts.fragment
    return is_known and is_plain and is_bare and bool(_HOST.fullmatch(parts.hostname or ""))


def _patterns(exempt: list[str]) -> Iterator[str]:
    """Yield the patterns of a NO_PROXY list. What is no host (networks, odd things) exempts nothing."""
    for entry in exempt:
        host = entry.partition("://")[2] or entry
        if _is_number(host.strip("[]")):
            yield f"all://[{host.strip('[]')}]" if ":" in host else f"all://{host}"
        elif host.lower() == "localhost":
            yield "all://localhost"
        elif _EXEMPT.fullmatch(host):
            yield f"all://*{host.removeprefix('*')}"


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
