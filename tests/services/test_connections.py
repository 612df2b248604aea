"""Certificates and proxies: what is used, and that a setting nobody can use is named without its value."""

import asyncio
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import httpx
import pytest
import truststore
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core.errors import Charge, CloudError
from sharpen_desktop.services.cloud.connections import routes, tls_context

PASSWORD = "pa55word"
PROXY = "http://proxy.example:3128"


def client(ways, tls=None):
    """An HTTP client with these routes, as the program makes its own."""
    tls = tls or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    mounts = {
        where: httpx.AsyncHTTPTransport(verify=tls, proxy=proxy) if proxy else None
        for where, proxy in ways.items()
    }
    return httpx.AsyncClient(verify=tls, mounts=mounts, trust_env=False)


def answered(url, ways, tls=None):
    async def asked():
        async with client(ways, tls) as made:
            return (await made.get(url)).status_code

    return asyncio.run(asked())


def refusal(ask, *args):
    with pytest.raises(CloudError) as caught:
        ask(*args)
    error = caught.value
    assert PASSWORD not in f"{error.headline} {error.detail} {error!r} {error.__cause__!r}"
    assert (error.charge, error.retryable) == (Charge.NONE, False)
    return error.headline


# --- settings nobody can use ---


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    "value",
    [
        f"garbage://user:{PASSWORD}@proxy",
        f"socks4://user:{PASSWORD}@proxy:1080",
        f"file:///{PASSWORD}",
        f"http://user:{PASSWORD}@",
        f"http://user:{PASSWORD}@proxy:port",
        f"http://user:{PASSWORD}@proxy:99999",
        f"http://user:{PASSWORD}@proxy:0",
        f"http://[::1/{PASSWORD}",
        f"http://proxy/{PASSWORD}.pac",
        f"http://proxy?{PASSWORD}",
        f"http://pro xy {PASSWORD}",
        f"{PASSWORD} is no address",
        "http://",
        "://",
    ],
)
def test_a_broken_proxy_of_the_environment_is_named_without_its_value(name, value):
    headline = refusal(routes, "", {name: value})
    assert headline == (
        f"The proxy setting {name} of this computer cannot be used, so nothing was sent. "
        "Correct or remove it, then start the program again."
    )


def test_the_broken_one_of_two_proxies_is_named():
    assert "ALL_PROXY" in refusal(routes, "", {"HTTPS_PROXY": PROXY, "ALL_PROXY": "garbage://x"})


def test_a_broken_proxy_of_the_preferences_is_named_and_needs_no_new_start():
    assert refusal(routes, f"garbage://user:{PASSWORD}@proxy", {"HTTPS_PROXY": PROXY}) == (
        "The proxy in the preferences cannot be used, so nothing was sent. Correct or remove it."
    )


@pytest.fixture
def broken_places(tmp_path):
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("no certificate")
    (tmp_path / "folder").mkdir()
    return {
        "missing": str(tmp_path / PASSWORD),
        "empty": str(tmp_path / "empty"),
        "text": str(tmp_path / "text"),
        "folder": str(tmp_path / "folder"),
        "NUL": "a\0b",
    }


@pytest.mark.parametrize("what", ["missing", "empty", "text", "folder", "NUL"])
def test_a_certificate_file_that_is_none_is_named(broken_places, what):
    headline = refusal(tls_context, {"SSL_CERT_FILE": broken_places[what]})
    assert headline.startswith("The certificate setting SSL_CERT_FILE of this computer cannot be used")


@pytest.mark.parametrize("what", ["missing", "text", "NUL"])
def test_a_certificate_folder_that_is_none_is_named(broken_places, what):
    assert "SSL_CERT_DIR" in refusal(tls_context, {"SSL_CERT_DIR": broken_places[what]})


def test_one_of_several_certificate_folders_is_enough(broken_places):
    both = os.pathsep.join((broken_places["missing"], broken_places["folder"]))
    assert tls_context({"SSL_CERT_DIR": both}).verify_mode is ssl.CERT_REQUIRED


def test_an_empty_setting_is_none():
    assert routes("  ", {"HTTPS_PROXY": "", "ALL_PROXY": " "}) == {}
    assert isinstance(tls_context({"SSL_CERT_FILE": "", "SSL_CERT_DIR": ""}), truststore.SSLContext)


def _constructed(ways):
    async def made():
        async with client(ways):
            pass

    asyncio.run(made())


@given(st.text(max_size=40), st.sampled_from(["", "http://", "socks5://", "https://u:p@"]))
def test_whatever_is_taken_for_a_proxy_the_http_library_takes_too(text, start):
    try:
        ways = routes(start + text, {})
    except CloudError:
        return
    _constructed(ways)


@given(
    st.lists(st.one_of(st.text(max_size=20), st.sampled_from(["fe80::/10", "[::1]:80", "a:b", "10.0.0.0/8"])))
)
def test_no_list_of_exemptions_keeps_the_program_from_connecting(entries):
    ways = routes("", {"HTTPS_PROXY": PROXY, "NO_PROXY": ",".join(entries)})
    _constructed(ways)


# --- which proxy leads where ---


def test_the_proxy_of_the_preferences_goes_before_the_environments():
    broken = {"HTTPS_PROXY": "garbage://x", "NO_PROXY": "*"}
    assert routes(" proxy.example:3128 ", broken) == {"all://": PROXY}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, {}),
        ({"HTTPS_PROXY": PROXY}, {"https://": PROXY}),
        ({"https_proxy": PROXY, "HTTPS_PROXY": "http://other"}, {"https://": PROXY}),
        ({"ALL_PROXY": "socks5h://[::1]:1080"}, {"all://": "socks5h://[::1]:1080"}),
        ({"HTTP_PROXY": "proxy.example:3128/"}, {"http://": f"{PROXY}/"}),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "*"}, {}),
        ({"NO_PROXY": "localhost"}, {}),
        (
            {
                "https_proxy": PROXY,
                "no_proxy": "localhost, .corp.example,corp2.example:8443,10.1.2.3,::1,10.0.0.0/8",
            },
            {
                "https://": PROXY,
                "all://localhost": None,
                "all://*.corp.example": None,
                "all://*corp2.example:8443": None,
                "all://10.1.2.3": None,
                "all://[::1]": None,
            },
        ),
    ],
)
def test_the_environments_proxies_are_read_as_everywhere(environ, expected):
    assert routes("", environ) == expected


def test_the_systems_own_proxy_is_used_and_named(monkeypatch):
    shown = {"https": PROXY, "ftp": "http://else"}
    monkeypatch.setattr("sharpen_desktop.services.cloud.connections.getproxies", lambda: shown)
    assert routes("", {}) == {"https://": PROXY}
    shown["https"] = f"garbage://{PASSWORD}"
    assert refusal(routes, "", {}).startswith("The proxy setting of this system cannot be used")


def test_a_request_takes_the_way_through_the_proxy_and_an_exempt_one_does_not(server):
    server.deliver_with(lambda exchange: exchange.reply(204))
    ways = routes("", {"http_proxy": server.url, "no_proxy": "direct.example"})
    assert answered("http://service.example/x", ways) == 204
    assert server.downloads[0].path == "http://service.example/x"
    with pytest.raises(httpx.ConnectError):
        answered("http://direct.example/x", ways)


def _socks(listener, asked):
    """Answer one SOCKS 5 visitor without a password and connect it where it wants. RFC 1928."""
    with suppress(OSError), listener.accept()[0] as visitor:
        visitor.recv(100)
        visitor.sendall(b"\x05\x00")
        wish = visitor.recv(300)
        name, port = wish[5 : 5 + wish[4]].decode(), int.from_bytes(wish[-2:], "big")
        asked.append((name, port))
        visitor.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        visitor.recv(2000)
        visitor.sendall(b"HTTP/1.1 204 Fine\r\nConnection: close\r\n\r\n")


def test_a_socks_proxy_leads_to_the_service():
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_socks, args=(listener, asked))
        thread.start()
        at = f"socks5h://127.0.0.1:{listener.getsockname()[1]}"
        assert answered("http://service.example:8080/x", routes(at, {})) == 204
        thread.join(10)
    assert asked == [("service.example", 8080)]


# --- who is trusted ---


@contextmanager
def _secure_server(certificate):
    """A server that greets each visitor in TLS and says 204."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            with suppress(OSError), listener.accept()[0] as visitor:
                secure = context.wrap_socket(visitor, server_side=True)
                secure.recv(2000)
                secure.sendall(b"HTTP/1.1 204 Fine\r\nConnection: close\r\n\r\n")
                secure.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}/"
        thread.join(10)


@pytest.fixture(scope="module")
def own_authority(tmp_path_factory):
    """A certificate for localhost that only those trust who are told to."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    folder = tmp_path_factory.mktemp("authority")
    words = (
        "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    subprocess.run(
        ["openssl", *words.split(), "-keyout", folder / "key.pem", "-out", folder / "own.pem"],
        check=True,
        capture_output=True,
    )
    return folder / "own.pem", folder / "key.pem"


def test_a_companys_own_authority_is_trusted_when_the_environment_names_it(own_authority):
    with _secure_server(own_authority) as url:
        assert answered(url, {}, tls_context({"SSL_CERT_FILE": str(own_authority[0])})) == 204


def test_a_stranger_is_not_trusted(own_authority):
    with _secure_server(own_authority) as url, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY"):
        answered(url, {}, tls_context({}))


def test_the_systems_certificates_are_trusted_and_names_are_checked():
    context = tls_context({})
    assert isinstance(context, truststore.SSLContext)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_a_system_that_shows_no_certificates_gets_those_of_the_program(monkeypatch):
    none = SimpleNamespace(cafile=None, capath=None)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: none)
    assert tls_context({})._ctx.cert_store_stats()["x509_ca"] > 50


def test_a_system_nobody_knows_gets_the_certificates_of_the_program(monkeypatch):
    monkeypatch.setitem(sys.modules, "truststore", None)
    context = tls_context({})
    assert context.cert_store_stats()["x509_ca"] > 50
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_the_secrets_of_connections_are_never_written_down(tmp_path, monkeypatch, own_authority):
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "secrets"))
    trusting = tls_context({"SSL_CERT_FILE": str(own_authority[0])})
    for context in (tls_context({}), trusting):
        assert not context.keylog_filename
    assert not (tmp_path / "secrets").exists()


def test_settings_are_read_without_the_http_library():
    code = "import sys; import sharpen_desktop.services.cloud.connections; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
