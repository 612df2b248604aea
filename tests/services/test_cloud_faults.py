"""Every fault of the service shows its sentence, says what it cost, loses nothing and is never sent twice."""

import asyncio
import errno
import logging
import tracemalloc
from pathlib import Path

import pytest
from support import api_answers
from support.cloud_bench import CANARY, noise

from sharpen_desktop.core.errors import Charge, CloudError, CreditExhausted, KeyRefused
from sharpen_desktop.services.cloud import spool_file
from sharpen_desktop.services.cloud.api_client import Received
from sharpen_desktop.services.cloud.paid_answer import PaidAnswer, Places, Sent
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits
from sharpen_desktop.services.log_redaction import install_redaction

NONE, UNKNOWN, BILLED = Charge.NONE, Charge.UNKNOWN, Charge.BILLED
SLOW = TransferLimits(moving_s=0.4, answer_s=0.4)


@pytest.fixture
def log(caplog):
    """Everything that is logged, as the program's own handlers would write it."""
    root = logging.getLogger()
    before = {each: list(each.filters) for each in root.handlers}
    caplog.set_level(logging.DEBUG)
    install_redaction(lambda: CANARY)
    yield caplog
    for each, filters in before.items():
        each.filters = filters


FAULTS = {
    "400 naming a field": (
        api_answers.refused_field("strength"),
        NONE,
        "did not accept the value of “Strength”",
    ),
    "400 about the picture": (api_answers.refused_field("image_url"), NONE, "the photo the way it was sent"),
    "401": (api_answers.bad_key(), NONE, "does not accept the key"),
    "402": (api_answers.status(402), NONE, "Out of credit"),
    "403 of the credits kind": (api_answers.out_of_credit(), NONE, "Out of credit"),
    "403 of another kind": (api_answers.not_allowed(), NONE, "Complete the verification of your account"),
    "404": (api_answers.gone(), NONE, "newer version"),
    "413": (api_answers.too_large(), NONE, "too large for the service"),
    "429": (api_answers.busy(), NONE, "busy. Try again in a few minutes."),
    "429 with seconds": (api_answers.busy("30"), NONE, "busy. Try again in 30 seconds."),
    "429 with nonsense": (api_answers.busy("-1e99"), NONE, "busy. Try again in a few minutes."),
    "500": (api_answers.broken(), NONE, "failed on its side"),
    "502 as a web page": (
        api_answers.bad_gateway(),
        UNKNOWN,
        "gave up after it had received the photo (HTTP 502)",
    ),
    "503": (api_answers.status(503, b"", {"Retry-After": "7"}), NONE, "busy. Try again in 7 seconds."),
    "504": (api_answers.gave_up(), UNKNOWN, "Look into your account"),
    "524": (api_answers.status(524, "<html>"), UNKNOWN, "Look into your account"),
    "login page": (api_answers.login_page(), UNKNOWN, "The network answered instead of the service"),
    "302 to a login": (api_answers.moved("http://login.example/", 302), NONE, "The network answered instead"),
    "broken JSON": (api_answers.unreadable_json(), UNKNOWN, "holds no photo that can be read"),
    "empty": (api_answers.status(200), UNKNOWN, "holds no photo that can be read"),
    "204": (api_answers.raw(b"HTTP/1.1 204 No Content\r\n\r\n"), UNKNOWN, "holds no photo"),
    "null picture": (api_answers.no_picture(), UNKNOWN, "holds no photo that can be read"),
    "null data": (api_answers.status(200, {"data": None}), UNKNOWN, "holds no photo that can be read"),
    "deep JSON": (api_answers.status(200, "[" * 200_000), UNKNOWN, "holds no photo that can be read"),
    "damaged base64": (api_answers.status(200, {"data": [{"b64_json": "%"}]}), BILLED, "came damaged"),
    "cut answer": (api_answers.cut_answer, UNKNOWN, "broke off"),
    "compression bomb": (api_answers.bomb, UNKNOWN, "holds no photo that can be read"),
    "unknown compression": (
        api_answers.status(200, {"data": [{"url": "https://a/b"}]}, {"Content-Encoding": "zstd"}),
        UNKNOWN,
        "holds no photo that can be read",
    ),
    "close without answer": (api_answers.closes_without_answer, UNKNOWN, "connection broke after"),
    "reset after the body": (api_answers.resets_after_body, UNKNOWN, "connection broke after"),
    "slow answer": (api_answers.slow(3), UNKNOWN, "has not answered within 0.4 seconds"),
}

KEPT = frozenset(
    {
        "login page",
        "broken JSON",
        "empty",
        "204",
        "null picture",
        "null data",
        "deep JSON",
        "damaged base64",
        "cut answer",
        "compression bomb",
        "unknown compression",
    }
)
"""Faults after which something came that may be paid for."""


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_shows_its_sentence_and_cost_keeps_what_came_and_is_sent_once(server, bench, log, name):
    answer, charge, words = FAULTS[name]
    server.answer_with(answer)
    if name == "slow answer":
        bench.limits = SLOW
    error = bench.failure()
    assert words in error.headline
    assert error.charge is charge
    assert error.sentence.endswith(charge.value)
    assert error.request_id
    assert len(server.posts) == 1
    assert server.downloads == []
    assert bench.reports[-1].is_paid_risk
    assert CANARY not in log.text
    assert not any(CANARY.encode() in bench.kept(file) for file in bench.files())


def test_the_classes_a_caller_can_act_on(server, bench):
    server.answer_with(api_answers.bad_key(), api_answers.out_of_credit(), api_answers.status(402))
    assert isinstance(bench.failure(), KeyRefused)
    assert isinstance(bench.failure(), CreditExhausted)
    assert isinstance(bench.failure(), CreditExhausted)


def test_an_answer_that_names_its_price_was_billed_even_when_it_is_unreadable(server, bench):
    server.answer_with(api_answers.status(200, "{", {"x-aimlapi-usd-spent": "0.1"}))
    assert bench.failure().charge is BILLED


@pytest.mark.parametrize(("has_left", "charge"), [(True, UNKNOWN), (False, NONE)])
def test_a_web_page_costs_nothing_while_the_request_had_not_left_as_a_whole(tmp_path, has_left, charge):
    (tmp_path / "run-1.json").write_bytes(b"<html>log in</html>")
    sent = Sent("run-1", "sd-1", CANARY, has_left)
    answer = PaidAnswer(Places(tmp_path, tmp_path), sent, Received(200, {}), TransferLimits())
    with pytest.raises(CloudError) as caught:
        asyncio.run(answer.read())
    assert caught.value.charge is charge


def fill_the_disk(monkeypatch, *, at_write):
    """Let the disk take no more from the given write on."""
    true_write, writes = spool_file._write, iter(range(1, 1000))

    def write(file, data):
        if next(writes) >= at_write:
            raise OSError(errno.ENOSPC, "No space left on device")
        true_write(file, data)

    monkeypatch.setattr(spool_file, "_write", write)


def test_an_answer_the_disk_does_not_take_leaves_the_cost_open(bench, monkeypatch):
    fill_the_disk(monkeypatch, at_write=1)
    error = bench.failure()
    assert "could not be stored (the disk is full)" in error.headline
    assert error.charge is UNKNOWN


def test_a_picture_the_disk_does_not_take_leaves_the_answer(bench, monkeypatch):
    fill_the_disk(monkeypatch, at_write=2)
    error = bench.failure()
    assert "could not be stored (the disk is full)" in error.headline
    assert error.charge is BILLED
    assert bench.files() == ["answers/run-1.json"]


@pytest.mark.parametrize(("waits", "succeeds"), [(3, True), (1, False)])
def test_a_file_that_a_scanner_holds_is_waited_for(bench, monkeypatch, waits, succeeds):
    true_replace, refusals = Path.replace, iter([True, True])

    def replace(self, target):
        if next(refusals, False):
            raise PermissionError(errno.EACCES, "held")
        return true_replace(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(spool_file, "_MOST_WAITS", waits)
    if succeeds:
        assert bench.run().file
    else:
        assert bench.failure().charge is UNKNOWN


# --- after a success: the download ---

DOWNLOADS = {
    "expired": (api_answers.expired, "has expired", []),
    "page instead of a picture": (api_answers.page_for_picture, "not a picture", ["results/run-1.bin"]),
    "cut": (api_answers.cut_download, "connection failed", []),
    "announced too large": (api_answers.huge_download, "larger than any photo", []),
    "compression bomb": (api_answers.bomb_download, "not a picture", ["results/run-1.bin"]),
    "server error": (lambda exchange: exchange.reply(500), "server failed (HTTP 500)", []),
    "empty": (lambda exchange: exchange.reply(200), "not a picture", ["results/run-1.bin"]),
}


@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_picture_that_cannot_be_fetched_is_billed_and_its_answer_kept(server, bench, log, name):
    delivery, words, kept = DOWNLOADS[name]
    server.deliver_with(delivery)
    error = bench.failure()
    assert words in error.headline
    assert (error.charge, error.retryable) == (BILLED, False)
    assert str(bench.folder) in error.headline
    assert bench.files() == ["answers/run-1.json", *kept]
    assert len(server.posts) == len(server.downloads) == 1
    assert "Signature=" not in log.text


def test_a_stalled_download_ends_and_loses_nothing_that_was_paid(server, bench):
    server.hold()
    url = server.keep_file("a.png", noise())

    def at_once(exchange):
        exchange.read_body()
        exchange.reply(200, b'{"data": [{"url": "%s"}]}' % url.encode())

    server.answer_with(at_once)
    server.deliver_with(api_answers.stalled_download)
    bench.limits = SLOW
    error = bench.failure()
    assert "could not be fetched" in error.headline
    assert bench.files() == ["answers/run-1.json"]


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example/a",
        "http://127.0.0.1:1/a",
        "https://169.254.169.254/a",
        "https://user:pw@cdn.example/a",
        "https://cdn.example/a\r\nX: 1",
        "https://cdn.example/" + "a" * 100_000,
        "file:///etc/passwd",
        "javascript:alert(1)",
        "not an address",
        "https://cdn.example/\ud800",
    ],
    ids=lambda url: repr(url)[:40],
)
def test_an_unsafe_address_in_a_paid_answer_is_refused_and_the_answer_kept(server, bench, url):
    server.answer_with(api_answers.address(url))
    error = bench.failure()
    assert "unsafe" in error.headline
    assert error.charge is BILLED
    assert bench.files() == ["answers/run-1.json"]
    assert server.downloads == []


def test_a_picture_inside_the_answer_that_is_none_is_kept(server, bench):
    server.answer_with(api_answers.sharpened(picture=b"<svg/>", in_body=True))
    error = bench.failure()
    assert "not a picture" in error.headline
    assert bench.kept("results/run-1.bin") == b"<svg/>"


def test_a_compression_bomb_takes_little_memory(server, bench):
    packed = api_answers.packed_bomb()
    server.answer_with(api_answers.status(200, packed, {"Content-Encoding": "gzip"}))
    tracemalloc.start()
    try:
        bench.failure()
        assert tracemalloc.get_traced_memory()[1] < 60 << 20
    finally:
        tracemalloc.stop()
