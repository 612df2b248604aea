"""The way to the service: what is sent, what never is, and every way it can break before or after."""

import logging
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress

import pytest
from support import api_answers
from support.api_server import ApiServer
from support.cloud_bench import CANARY, Bench, heavy, noise

from sharpen_desktop import __version__
from sharpen_desktop.core.errors import Charge
from sharpen_desktop.core.jobs import Phase
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits

QUICK = TransferLimits(connect_s=0.4, moving_s=0.5, answer_s=0.5, request_s=20, download_s=20)
LARGE = heavy()


# --- what is sent ---


def test_the_headers_are_the_documented_ones(server, bench):
    bench.run()
    headers = server.posts[0].headers
    assert headers["authorization"] == f"Bearer {CANARY}"
    assert headers["content-type"] == headers["accept"] == "application/json"
    assert headers["user-agent"] == f"SharpenDesktop/{__version__}"
    assert headers["x-client-request-id"].startswith("sd-")
    assert headers["idempotency-key"] == headers["x-client-request-id"] == bench.row().reference
    assert len(headers["x-client-request-id"]) == 39
    assert headers["accept-encoding"] == "identity"
    assert "cookie" not in headers


def test_the_announced_length_is_exact_and_nothing_is_chunked(server, tmp_path):
    for size in (1, 2, 3, 196_607, 196_608, 196_609, 786_431, 786_432, 786_433, 1_600_001):
        server.answer_with(api_answers.bad_key())
        Bench(
            tmp_path / str(size), server.url, picture=b"\x89PNG\r\n\x1a\n".ljust(size, b"x")[:size]
        ).failure()
        sent = server.posts[-1]
        assert sent.is_whole
        assert len(sent.body) == int(sent.headers["content-length"])
        assert "transfer-encoding" not in sent.headers
        assert len(sent.picture) == size


def test_the_download_knows_neither_key_nor_cookies(server, bench):
    def with_cookie(exchange):
        location = exchange.request.path
        exchange.reply(302, b"", {"Location": location, "Set-Cookie": "a=b; Path=/"})

    server.deliver_with(with_cookie)
    bench.run()
    assert len(server.downloads) == 2
    for download in server.downloads:
        assert CANARY not in str(download.headers)
        assert "authorization" not in download.headers
        assert "cookie" not in download.headers


def test_a_signed_query_arrives_byte_for_byte(server, bench):
    url = server.keep_file("odd.png", noise())
    query = "?s=a%2Bb+c%2f&t='\"[]|^`{}~!$(),;*@:/?&X-Amz-Signature=%41"
    server.answer_with(api_answers.address(url.partition("?")[0] + query))
    server.deliver_with(lambda exchange: exchange.reply(200, noise()))
    bench.run()
    assert server.downloads[0].path == f"/files/odd.png{query}"


def test_the_window_can_start_without_httpx():
    code = (
        "import sys; import sharpen_desktop.services.cloud.cloud_engine, sharpen_desktop.services.log_redaction; "
        "sys.exit('httpx' in sys.modules or 'PIL' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_address_and_no_key_is_logged(server, bench, caplog):
    caplog.set_level(logging.INFO)
    bench.run()
    assert CANARY not in caplog.text


# --- nothing was sent ---


@pytest.mark.fault(1)
def test_a_host_nobody_knows_is_said_to_be_not_found(tmp_path):
    error = Bench(tmp_path, "https://no-such-host.invalid").failure()
    assert "no-such-host.invalid could not be found" in error.headline
    assert (error.charge, error.retryable) == (Charge.NONE, True)


@pytest.mark.fault(2)
def test_a_closed_port_is_said_not_to_answer(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        error = Bench(tmp_path, f"http://127.0.0.1:{closed.getsockname()[1]}").failure()
    assert "127.0.0.1 does not answer" in error.headline
    assert (error.charge, error.retryable) == (Charge.NONE, True)


@pytest.mark.fault(3)
@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's way with a full queue of connections")
def test_a_connection_that_hangs_ends_after_the_connect_limit(tmp_path):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            with suppress(BlockingIOError):
                each.connect(full.getsockname())
        error = Bench(tmp_path, f"http://127.0.0.1:{full.getsockname()[1]}", limits=QUICK).failure()
        for each in waiting:
            each.close()
    assert "does not answer" in error.headline
    assert error.charge is Charge.NONE


@contextmanager
def greeting_server(greet):
    """A server that meets its one visitor with ``greet``."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            with suppress(OSError), listener.accept()[0] as visitor:
                greet(visitor)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}"
        thread.join(10)


def self_signed(folder):
    """The server's side of TLS with a certificate nobody vouches for."""
    pem = folder / "self-signed.pem"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost "
        f"-addext subjectAltName=DNS:localhost -keyout {pem} -out {pem}.crt".split(),
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{pem}.crt", pem)
    return lambda visitor: context.wrap_socket(visitor, server_side=True).close()


@pytest.mark.fault(4)
@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_a_certificate_nobody_vouches_for_is_refused_in_plain_words(tmp_path):
    with greeting_server(self_signed(tmp_path)) as url:
        bench = Bench(tmp_path / "bench", url)
        error = bench.failure()
    assert "No secure connection to localhost" in error.headline
    assert "company proxy" in error.headline
    assert (error.charge, error.retryable) == (Charge.NONE, False)
    assert bench.waits == []
    assert bench.row().stage is Stage.REFUSED


def test_a_server_that_does_not_speak_tls_is_no_secure_connection(tmp_path):
    with greeting_server(lambda visitor: visitor.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as url:
        error = Bench(tmp_path, url).failure()
    assert "No secure connection" in error.headline


def test_a_handshake_that_never_ends_is_a_service_that_does_not_answer(tmp_path):
    with greeting_server(lambda visitor: visitor.makefile("rb").read()) as url:
        error = Bench(tmp_path, url, limits=QUICK).failure()
    assert "does not answer" in error.headline
    assert error.charge is Charge.NONE


@pytest.mark.fault(5)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "garbage://user:pa55word@proxy"),
        ("ALL_PROXY", "socks9://user:pa55word@127.0.0.1:1"),
        ("SSL_CERT_FILE", "/no/such/pa55word.pem"),
    ],
)
def test_a_broken_setting_of_the_computer_is_named_without_its_value(server, bench, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    error = bench.failure()
    assert name in error.headline
    assert "pa55word" not in error.headline + error.detail
    assert (error.charge, error.retryable) == (Charge.NONE, False)
    assert server.requests == []


def test_the_broken_one_of_two_settings_is_named(bench, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "garbage://proxy")
    assert "ALL_PROXY" in bench.failure().headline


def test_a_proxy_that_does_not_answer_is_mentioned(tmp_path, monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:pa55word@127.0.0.1:{closed.getsockname()[1]}")
        error = Bench(tmp_path, "https://service.invalid").failure()
    assert "service.invalid does not answer" in error.headline
    assert "proxy (HTTPS_PROXY)" in error.headline
    assert "pa55word" not in error.headline + error.detail


def test_a_proxy_that_refuses_is_named_as_the_cause(server, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    server.answer_with(lambda exchange: exchange.reply(403))
    error = Bench(tmp_path, "https://service.invalid").failure()
    assert "proxy does not let" in error.headline
    assert error.charge is Charge.NONE


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://127.0.0.1",
        "http://service.example",  # would show the key to everyone on the way
        "127.0.0.1:8000",
        "http://",
        "http://user:secret@127.0.0.1:1",
        "http://[x",
        "http://a:b",
    ],
)
def test_an_unusable_service_address_is_said_to_be_one(tmp_path, url):
    error = Bench(tmp_path, url).failure()
    assert "SHARPEN_API_URL" in error.headline
    assert "secret" not in error.headline + error.detail
    assert error.charge is Charge.NONE


@pytest.mark.parametrize("key", ["", "short", "sk-sécret-canary", "sk-secret\x00canary"])
def test_a_key_that_cannot_be_one_never_reaches_the_network(server, bench, key):
    bench.key = key or " "
    error = bench.failure()
    assert error.charge is Charge.NONE
    assert server.requests == []
    assert bench.reports == []


# --- the request left in part ---


@pytest.mark.fault(7)
def test_a_server_that_stops_reading_ends_the_upload_unbilled_at_the_second_try(server, tmp_path):
    server.always = api_answers.never_reads
    bench = Bench(tmp_path, server.url, LARGE, limits=QUICK)
    error = bench.failure()
    assert "took nothing more for 0.5 seconds" in error.headline
    assert (error.charge, error.retryable) == (Charge.NONE, True)
    assert not any(report.is_paid_risk for report in bench.reports)
    assert len(server.posts) == 2
    assert bench.row().stage is Stage.REFUSED


@pytest.mark.fault(8)
@pytest.mark.parametrize("fault", [api_answers.too_large_then_reset, api_answers.resets_half_way])
def test_a_reset_during_the_upload_is_tried_once_more_and_blames_the_size(server, tmp_path, fault):
    server.always = fault
    bench = Bench(tmp_path, server.url, LARGE, limits=QUICK)
    error = bench.failure()
    assert "too large" in error.headline
    assert error.charge is Charge.NONE
    assert Phase.WAITING not in bench.phases()
    assert len(server.posts) <= 2
    assert len({post.headers["x-client-request-id"] for post in server.posts}) == 1
    assert bench.row().stage is Stage.REFUSED


@pytest.mark.fault(8)
def test_an_upload_that_breaks_off_once_is_sent_again_by_itself(server, bench):
    server.answer_with(api_answers.resets_half_way)
    bench.picture = noise((1600, 1200))
    assert bench.run().file
    assert len(server.posts) == 2
    assert len(server.charges) == 1


@pytest.mark.fault(58)
def test_a_picture_that_shrinks_on_the_way_is_not_sent(server, tmp_path):
    bench = Bench(tmp_path, server.url, LARGE)

    def shrink(report):
        if report.phase is Phase.UPLOADING:
            next(tmp_path.glob("spool/*/photo")).write_bytes(LARGE[:1000])

    bench.reports = type("Shrinking", (list,), {"append": lambda _, report: shrink(report)})()
    error = bench.failure()
    assert "could not be read" in error.headline
    assert error.charge is Charge.NONE
    assert bench.row().stage is Stage.REFUSED


# --- the whole request had left ---


@pytest.mark.fault(9, 10, 35)
@pytest.mark.parametrize(
    "fault",
    [
        api_answers.resets_after_body,
        api_answers.closes_without_answer,
        api_answers.raw(b"garbage that is no status line\r\n\r\n"),
        api_answers.raw(b"HTTP/1.1 2000 What\r\n\r\n"),
        api_answers.raw(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 300_000 + b"\r\n\r\n"),
    ],
    ids=["reset", "close", "garbage", "odd status", "300 KB header"],
)
def test_a_connection_that_breaks_after_the_request_leaves_the_cost_open(server, bench, fault):
    server.answer_with(fault)
    error = bench.failure()
    assert "The connection broke after the photo had been sent" in error.headline
    assert (error.charge, error.retryable) == (Charge.UNKNOWN, False)
    assert error.request_id == server.posts[0].headers["x-client-request-id"]
    assert bench.reports[-1].is_paid_risk
    assert len(server.posts) == 1
    assert bench.row().stage is Stage.UNKNOWN


@pytest.mark.fault(11)
def test_an_answer_that_does_not_come_in_time_leaves_the_cost_open(server, bench):
    server.hold()
    bench.limits = QUICK
    error = bench.failure()
    assert "has not answered within 0.5 seconds" in error.headline
    assert error.charge is Charge.UNKNOWN
    assert len(server.posts) == 1


@pytest.mark.fault(35)
def test_an_early_hint_before_the_answer_does_no_harm(server, bench):
    def hinted(exchange):
        exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        api_answers.sharpened()(exchange)

    server.answer_with(hinted)
    assert bench.run().file.endswith(".jpg")


@pytest.mark.fault(36)
@pytest.mark.parametrize(
    "limits",
    [
        TransferLimits(moving_s=5, answer_s=5, request_s=0.8, slowest_bytes_s=1),
        TransferLimits(moving_s=0.8, answer_s=5),
    ],
    ids=["at the deadline", "for being slower than any line"],
)
def test_a_dripping_answer_is_stopped_and_kept(server, bench, limits):
    server.answer_with(api_answers.drips)
    bench.limits = limits
    error = bench.failure()
    assert "broke off" in error.headline
    assert error.charge is Charge.UNKNOWN
    assert bench.kept("answers/run-1.json").strip() == b""


def test_an_answer_larger_than_the_cap_is_stopped_and_its_beginning_kept(server, bench):
    server.answer_with(api_answers.status(200, b"x" * 300_000))
    bench.limits = TransferLimits(answer_bytes=100_000)
    error = bench.failure()
    assert error.charge is Charge.UNKNOWN
    assert 0 < len(bench.kept("answers/run-1.json")) <= 100_000
    assert bench.row().stage is Stage.PAID_UNREADABLE


# --- redirects ---


@pytest.mark.fault(23)
@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirected_request_is_never_sent_on(server, bench, code):
    with ApiServer() as elsewhere:
        server.answer_with(api_answers.moved(f"{elsewhere.url}/v1/images/generations", code))
        error = bench.failure()
        assert elsewhere.requests == []
    assert error.headline
    assert len(server.requests) == 1


@pytest.mark.parametrize("location", ["javascript:alert(1)", "//[x", "http://x:y/", "\xff"])
def test_an_odd_redirect_of_the_request_is_not_mistaken_for_a_lost_answer(server, bench, location):
    server.answer_with(api_answers.moved(location))
    assert bench.failure().charge is Charge.NONE
    assert len(server.requests) == 1


@pytest.mark.fault(24)
def test_a_download_follows_to_another_host_without_the_key(server, bench, tmp_path):
    with ApiServer() as elsewhere:
        bench.trusted = (elsewhere.url.partition("://")[2],)
        server.deliver_with(api_answers.redirected(elsewhere.keep_file("x.png", noise())))
        assert bench.run().file.endswith(".png")
        assert "authorization" not in elsewhere.downloads[0].headers


def test_a_host_on_this_computer_that_nobody_named_is_not_followed(server, bench):
    with ApiServer() as elsewhere:
        server.deliver_with(api_answers.redirected(elsewhere.keep_file("x.png", noise())))
        error = bench.failure()
        assert elsewhere.requests == []
    assert "unsafe" in error.headline


@pytest.mark.fault(25)
@pytest.mark.parametrize(
    "location",
    [
        "",
        "file:///etc/passwd",
        "ftp://cdn.example/x",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "//[x",
    ],
)
def test_a_download_never_follows_to_something_that_is_no_web_address(server, bench, location):
    server.deliver_with(api_answers.redirected(location))
    error = bench.failure()
    assert "unsafe" in error.headline
    assert error.charge is Charge.BILLED
    assert "answers/run-1.json" in bench.files()


@pytest.mark.fault(25)
def test_a_download_that_leads_in_circles_ends_after_three_hops(server, bench):
    url = server.keep_file("x.png", noise())
    server.answer_with(api_answers.address(url))
    server.deliver_with(*[api_answers.redirected(url)] * 9)
    assert "unsafe" in bench.failure().headline
    assert len(server.downloads) == 4
