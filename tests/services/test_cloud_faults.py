"""Every fault of the service shows its sentence, says what it cost, loses nothing and is never paid twice."""

import errno
import logging
import tracemalloc
from pathlib import Path

import pytest
from support import api_answers
from support.cloud_bench import CANARY, noise

from sharpen_desktop.core.errors import Charge, CreditExhausted, KeyRefused, ServiceBusy
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.services import durable
from sharpen_desktop.services.cloud import spool_file
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits
from sharpen_desktop.services.log_redaction import install_redaction

NONE, UNKNOWN, BILLED = Charge.NONE, Charge.UNKNOWN, Charge.BILLED
REFUSED, IN_DOUBT, UNREADABLE = Stage.REFUSED, Stage.UNKNOWN, Stage.PAID_UNREADABLE
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


def fault(answer, charge, stage, words, *rows):
    return pytest.param(answer, charge, stage, words, marks=pytest.mark.fault(*rows) if rows else ())


REFUSALS = {
    "400 naming a field": fault(
        api_answers.refused_field("strength"), NONE, REFUSED, "did not accept the value of “Strength”", 14
    ),
    "400 about the picture": fault(
        api_answers.refused_field("image_url"), NONE, REFUSED, "the photo the way it was sent", 14
    ),
    "401": fault(api_answers.bad_key(), NONE, REFUSED, "does not accept the key", 15),
    "402": fault(api_answers.status(402), NONE, REFUSED, "Out of credit", 16),
    "403 of the credits kind": fault(api_answers.out_of_credit(), NONE, REFUSED, "Out of credit", 16),
    "403 of another kind": fault(
        api_answers.not_allowed(), NONE, REFUSED, "Complete the verification of your account"
    ),
    "404": fault(api_answers.gone(), NONE, REFUSED, "newer version", 17),
    "413": fault(api_answers.too_large(), NONE, REFUSED, "too large for the service", 8),
    "500": fault(api_answers.broken(), UNKNOWN, IN_DOUBT, "failed on its side", 20),
    "502 as a web page": fault(
        api_answers.bad_gateway(), UNKNOWN, IN_DOUBT, "gave up after it had received the photo (HTTP 502)", 21
    ),
    "504": fault(api_answers.gave_up(), UNKNOWN, IN_DOUBT, "log can tell whether it was billed", 21),
    "524": fault(
        api_answers.status(524, "<html>"), UNKNOWN, IN_DOUBT, "log can tell whether it was billed", 21
    ),
    "login page": fault(
        api_answers.login_page(), UNKNOWN, IN_DOUBT, "The network answered instead of the service", 6
    ),
    "302 to a login": fault(
        api_answers.moved("http://login.example/", 302), NONE, REFUSED, "The network answered instead", 6
    ),
    "broken JSON": fault(
        api_answers.unreadable_json(), UNKNOWN, UNREADABLE, "holds no photo that can be read", 27
    ),
    "empty": fault(api_answers.status(200), UNKNOWN, UNREADABLE, "holds no photo that can be read", 27),
    "204": fault(
        api_answers.raw(b"HTTP/1.1 204 No Content\r\n\r\n"), UNKNOWN, UNREADABLE, "holds no photo", 27
    ),
    "null picture": fault(
        api_answers.no_picture(), UNKNOWN, UNREADABLE, "holds no photo that can be read", 29
    ),
    "null data": fault(
        api_answers.status(200, {"data": None}), UNKNOWN, UNREADABLE, "holds no photo that can be read", 28
    ),
    "no data": fault(api_answers.status(200, {"data": []}), UNKNOWN, UNREADABLE, "holds no photo", 28),
    "data of another kind": fault(
        api_answers.status(200, {"data": 5}), UNKNOWN, UNREADABLE, "holds no photo", 28
    ),
    "deep JSON": fault(
        api_answers.status(200, "[" * 200_000), UNKNOWN, UNREADABLE, "holds no photo that can be read", 33
    ),
    "huge number": fault(
        api_answers.status(200, '{"data": ' + "9" * 5000 + "}"), UNKNOWN, UNREADABLE, "holds no photo", 33
    ),
    "damaged base64": fault(
        api_answers.status(200, {"data": [{"b64_json": "%"}]}), BILLED, UNREADABLE, "came damaged", 31
    ),
    "cut answer": fault(api_answers.cut_answer, UNKNOWN, UNREADABLE, "broke off", 27),
    "compression bomb": fault(api_answers.bomb, UNKNOWN, UNREADABLE, "holds no photo that can be read", 34),
    "unknown compression": fault(
        api_answers.status(200, {"data": [{"url": "https://a/b"}]}, {"Content-Encoding": "zstd"}),
        UNKNOWN,
        UNREADABLE,
        "holds no photo that can be read",
    ),
    "close without answer": fault(
        api_answers.closes_without_answer, UNKNOWN, IN_DOUBT, "connection broke after", 10
    ),
    "reset after the body": fault(
        api_answers.resets_after_body, UNKNOWN, IN_DOUBT, "connection broke after", 9
    ),
}


@pytest.mark.parametrize(("answer", "charge", "stage", "words"), REFUSALS.values(), ids=REFUSALS)
def test_a_fault_shows_its_sentence_and_cost_keeps_what_came_and_is_sent_once(
    server, bench, log, answer, charge, stage, words
):
    server.answer_with(answer)
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
    assert bench.row().stage is stage
    assert bench.row().problem in error.headline


@pytest.mark.fault(11)
def test_an_answer_later_than_the_limit_leaves_the_run_in_doubt(server, bench):
    server.answer_with(api_answers.slow(3))
    bench.limits = SLOW
    error = bench.failure()
    assert "has not answered within 0.4 seconds" in error.headline
    assert error.charge is UNKNOWN
    assert bench.row().stage is IN_DOUBT
    assert len(server.posts) == 1


KEPT = ("login page", "broken JSON", "empty", "null picture", "deep JSON", "cut answer", "compression bomb")
"""Faults after which something came that may be paid for."""


@pytest.mark.parametrize("name", KEPT)
def test_whatever_a_success_brought_is_kept_as_it_came(server, bench, name):
    server.answer_with(REFUSALS[name].values[0])
    error = bench.failure()
    assert bench.files() == ["answers/run-1.json"]
    assert str(bench.folder / "answers" / "run-1.json") in error.headline
    assert bench.row().answer == str(bench.folder / "answers" / "run-1.json")


@pytest.mark.parametrize("name", ["401", "413", "302 to a login", "reset after the body"])
def test_nothing_is_left_where_no_answer_came(server, bench, name):
    server.answer_with(REFUSALS[name].values[0])
    bench.failure()
    assert bench.files() == []


@pytest.mark.fault(15, 16, 19)
def test_the_classes_a_caller_can_act_on(server, bench):
    server.answer_with(api_answers.bad_key(), api_answers.out_of_credit(), api_answers.status(402))
    assert isinstance(bench.failure(), KeyRefused)
    assert isinstance(bench.failure(), CreditExhausted)
    assert isinstance(bench.failure(), CreditExhausted)
    server.always = api_answers.busy()
    assert isinstance(bench.failure(), ServiceBusy)


@pytest.mark.fault(14)
def test_a_400_names_the_field_for_the_window_to_mark(server, bench):
    server.answer_with(api_answers.refused_field("minor_denoise"), api_answers.bad_key())
    assert bench.failure().field == "minor_denoise"
    assert bench.failure().field == ""


def test_an_answer_that_names_its_price_was_billed_even_when_it_is_unreadable(server, bench):
    server.answer_with(api_answers.status(200, "{", {"x-aimlapi-usd-spent": "0.1"}))
    assert bench.failure().charge is BILLED
    assert bench.row().cost_usd == 0.1


@pytest.mark.fault(6)
def test_after_a_login_page_the_log_decides_whether_the_photo_can_be_sent_again(server, bench):
    server.answer_with(api_answers.login_page())
    bench.failure()
    server.books.says = "missing"
    bench.ahead_s += 700
    assert bench.settle().stage is Stage.UNTRACED


@pytest.mark.fault(20)
def test_after_a_500_nothing_is_sent_before_the_user_says_so(server, bench):
    server.answer_with(api_answers.broken())
    bench.failure()
    assert "not settled" in bench.failure().headline
    assert len(server.posts) == 1
    settled = bench.settle()
    assert settled.stage is REFUSED
    assert "Nothing was billed" in settled.problem
    assert bench.run().file
    assert len(server.charges) == 1


# --- the disk ---


def fill_the_disk(monkeypatch, *, room):
    """Let the disk take no more than ``room`` bytes of what arrives; a block taken before counts as room."""
    true_write, state = spool_file._write, {"left": room}

    def write(file, offset, *pieces):
        end = offset + sum(map(len, pieces))
        grows = max(0, end - Path(file.name).stat().st_size)
        if grows > state["left"]:
            raise OSError(errno.ENOSPC, "No space left on device")
        state["left"] -= grows
        true_write(file, offset, *pieces)

    monkeypatch.setattr(spool_file, "_write", write)
    return state


@pytest.mark.fault(52)
def test_without_room_for_an_answer_nothing_is_bought(server, bench, monkeypatch):
    fill_the_disk(monkeypatch, room=1000)
    error = bench.failure()
    assert "so nothing was bought" in error.headline
    assert error.charge is NONE
    assert server.posts == []
    assert bench.row().stage is REFUSED


@pytest.mark.fault(52)
def test_an_answer_fits_although_the_disk_is_full_when_it_comes(server, bench, monkeypatch):
    fill_the_disk(monkeypatch, room=1 << 16)
    error = bench.failure()
    assert "could not be stored (the disk is full)" in error.headline
    assert error.charge is BILLED
    assert error.retryable
    assert bench.files() == ["answers/run-1.json", "results/run-1-1.part", "results/run-1-1.part.facts"]
    assert bench.row().stage is Stage.DOWNLOADING
    monkeypatch.undo()
    assert bench.settle().stage is Stage.STORED
    assert len(server.posts) == 1


@pytest.mark.fault(52)
def test_a_large_answer_the_disk_does_not_take_waits_in_memory_until_there_is_room(
    server, bench, monkeypatch
):
    server.answer_with(api_answers.sharpened(picture=noise((1600, 1200)), in_body=True))
    disk = fill_the_disk(monkeypatch, room=1 << 20)

    async def room_made_later(engine):
        with pytest.raises(Exception, match="could not be stored") as caught:
            await engine.sharpen(bench.request(), bench.reports.append)
        assert caught.value.charge is UNKNOWN
        assert "kept in memory" in caught.value.headline
        with pytest.raises(Exception, match="cannot be stored or read now"):
            await engine.settle("run-1", bench.reports.append)
        disk["left"] = 1 << 30
        return await engine.settle("run-1", bench.reports.append)

    run = bench.together(room_made_later)
    assert run.stage is Stage.STORED
    assert Path(run.files[0]).exists()
    assert len(server.posts) == 1


@pytest.mark.fault(56)
@pytest.mark.parametrize(("patience_s", "succeeds"), [(2.5, True), (0.0, False)])
def test_a_file_that_a_scanner_holds_is_waited_for(bench, monkeypatch, patience_s, succeeds):
    true_replace, refusals = durable.os.replace, iter([True, True])

    def replace(source, target):
        if str(source).endswith("run-1.part") and next(refusals, False):
            held = PermissionError(errno.EACCES, "held")
            held.winerror = 32
            raise held
        true_replace(source, target)

    monkeypatch.setattr(durable.os, "replace", replace)
    monkeypatch.setattr(durable, "REPLACE_PATIENCE_S", patience_s)
    if succeeds:
        assert bench.run().file
    else:
        assert bench.failure().charge is UNKNOWN
        assert bench.settle().stage is Stage.STORED


def test_a_compression_bomb_takes_little_memory(server, bench):
    packed = api_answers.packed_bomb()
    server.answer_with(api_answers.status(200, packed, {"Content-Encoding": "gzip"}))
    tracemalloc.start()
    try:
        bench.failure()
        assert tracemalloc.get_traced_memory()[1] < 60 << 20
    finally:
        tracemalloc.stop()
