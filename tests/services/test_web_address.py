"""Which addresses of results are fetched, and which are refused."""

import asyncio
import socket

import pytest

from sharpen_desktop.services.cloud.web_address import (
    AddressRefused,
    WebAddress,
    check_reach,
    checked,
    next_hop,
    place_of,
)

BASE = "127.0.0.1:8123"


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.aimlapi.com/a.jpeg?X-Amz-Signature=5167",
        "https://v3b.fal.media/files/x.png",
        "HTTPS://CDN.example:8443/a",
        "https://93.184.216.34/a",
        "https://[2606:2800:220:1::1]/a",
        "https://198.18.0.7/what-a-local-vpn-tool-makes-of-a-name",
        "http://127.0.0.1:8123/files/1.jpeg",
    ],
)
def test_ordinary_addresses_pass(url):
    assert checked(url, {BASE}).url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "files/1.jpeg",
        "http://cdn.example/a",
        "file:///etc/passwd",
        "ftp://cdn.example/a",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "https:///a",
        "https://",
        "https://user:pass@cdn.example/a",
        "https://cdn.example@127.0.0.1/a",
        "https://cdn.example\\@127.0.0.1/a",
        "https://127.0.0.1/a",
        "http://127.0.0.1:9999/a",
        "https://127.1.2.3/a",
        "https://localhost/a",
        "https://LOCALHOST./a",
        "https://x.localhost/a",
        "https://printer.local/a",
        "https://10.0.0.1/a",
        "https://192.168.1.1/a",
        "https://172.16.0.1/a",
        "https://169.254.169.254/latest/meta-data",
        "https://0.0.0.0/a",
        "https://224.0.0.1/a",
        "https://[::1]/a",
        "https://[fe80::1%25eth0]/a",
        "https://[fd00::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://[broken/a",
        "https://cdn.example:port/a",
        "https://cdn.example:99999/a",
        "https://cdn.example/a\r\nX-Evil: 1",
        "https://cdn.example/a b",
        "https://cdn.example/a\x00",
        "https://cdn.example/ü",
        "https://cdn.example/\ud800",
        "https://cdn.example/" + "a" * 100_000,
    ],
    ids=lambda url: repr(url)[:50],
)
def test_addresses_that_may_lead_elsewhere_are_refused_without_being_quoted(url):
    with pytest.raises(AddressRefused) as caught:
        checked(url, {BASE})
    assert len(str(caught.value)) < 80


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.example", "/"),
        ("https://a.example?x=1", "/?x=1"),
        ("https://a.example/b%2Fc?s=a%2Bb+c&t='\"[]|^`{}#frag", "/b%2Fc?s=a%2Bb+c&t='\"[]|^`{}"),
        ("https://a.example/a/../b/./c?d=/../e", "/a/../b/./c?d=/../e"),
    ],
)
def test_path_and_query_stay_byte_for_byte(url, target):
    assert checked(url, ()).target == target


def test_redirects_are_followed_relative_to_where_they_came_from():
    assert next_hop("https://a.example/x/y?z", "w") == "https://a.example/x/w"
    assert next_hop("https://a.example/x", "//b.example/y") == "https://b.example/y"
    for bad in ("", "https://[broken"):
        with pytest.raises(AddressRefused):
            next_hop("https://a.example/x", bad)


def test_a_place_is_host_and_port():
    assert place_of("http://127.0.0.1:8123/v1") == BASE
    assert place_of("https://API.example") == "api.example:443"
    assert place_of("nonsense") == place_of("http://a:b/") == ""


def resolved(monkeypatch, *addresses):
    def lookup(host, port, *_args, **_kwargs):
        if not addresses:
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)


def reach(host):
    asyncio.run(check_reach(WebAddress(f"https://{host}/", host, 443, "/"), {BASE}))


def test_a_name_that_stands_for_the_users_own_network_is_refused(monkeypatch):
    resolved(monkeypatch, "93.184.216.34", "192.168.1.1")
    with pytest.raises(AddressRefused):
        reach("rebound.example")


def test_a_name_that_stands_for_the_outside_passes(monkeypatch):
    resolved(monkeypatch, "93.184.216.34")
    reach("cdn.example")


def test_a_name_nobody_knows_here_is_left_to_the_connection(monkeypatch):
    resolved(monkeypatch)
    reach("known-to-the-proxy.example")
