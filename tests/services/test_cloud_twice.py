"""The same request is never paid twice, however often, from however many windows and after whatever crash it is asked."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from support import api_answers
from support.cloud_bench import SCHEMA

from sharpen_desktop.core.errors import AlreadyPaid, Charge, CloudError, JournalFailed, LimitReached
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.core.picture import Fingerprint
from sharpen_desktop.core.settings import defaults
from sharpen_desktop.services.cloud.cloud_engine import CloudEngine
from sharpen_desktop.services.journal import Journal

PLAIN = defaults(SCHEMA)


# --- stored ---


def test_the_same_request_again_shows_the_stored_result_and_sends_nothing(server, bench):
    first = bench.run(quote_usd=0.11)
    again = bench.run()
    assert again.file == first.file
    assert again.cost_usd == pytest.approx(0.105)
    assert again.paid_on == pytest.approx(bench.row("run-1").created_s)
    assert first.paid_on is None
    assert len(server.requests) == 2
    assert len(bench.rows()) == 1


def test_a_stored_result_needs_neither_key_nor_network(server, bench):
    first = bench.run()
    bench.key, bench.url = "", "http://127.0.0.1:1"
    assert bench.run().file == first.file


@pytest.mark.parametrize(
    ("fingerprint", "is_stored"),
    [
        (Fingerprint("bytes", "pixels"), True),
        (Fingerprint("bytes", "others"), True),
        (Fingerprint("others", "pixels"), True),
        (Fingerprint("", "pixels"), True),
        (Fingerprint("others", "others"), False),
        (Fingerprint(), False),
    ],
)
def test_a_photo_is_the_same_when_its_bytes_or_its_pixels_are(server, bench, fingerprint, is_stored):
    bench.run(fingerprint=Fingerprint("bytes", "pixels"))
    bench.run(fingerprint=fingerprint)
    assert len(server.charges) == (1 if is_stored else 2)


@pytest.mark.parametrize(
    ("settings", "is_stored"),
    [
        (PLAIN.replaced("output_format", "jpg"), True),
        (PLAIN.replaced("output_format", "png"), False),
        (PLAIN.replaced("strength", 0.5), False),
        (PLAIN.replaced("mode", "Strong"), False),
    ],
)
def test_a_request_is_the_same_when_it_asks_the_same(server, bench, settings, is_stored):
    bench.run(PLAIN.replaced("output_format", "jpeg"))
    bench.run(settings)
    assert len(server.charges) == (1 if is_stored else 2)


def test_run_again_buys_anew_because_the_user_says_so(server, bench):
    bench.run()
    again = bench.run(is_again=True)
    assert again.paid_on is None
    assert len(server.charges) == 2


def test_a_result_whose_file_is_gone_can_be_bought_again(server, bench):
    Path(bench.run().file).unlink()
    assert Path(bench.run().file).exists()
    assert len(server.charges) == 2


# --- at once ---


def test_two_equal_requests_at_once_are_paid_once(server, bench):
    server.hold()

    async def both(engine):
        runs = [asyncio.create_task(engine.sharpen(bench.request(), bench.reports.append)) for _ in range(3)]
        assert await asyncio.to_thread(server.wait_for, lambda it: it.posts and it.posts[0].is_whole)
        server.release()
        return await asyncio.gather(*runs)

    results = bench.together(both)
    assert len({result.file for result in results}) == 1
    assert [result.paid_on is None for result in results] == [True, False, False]
    assert len(server.charges) == 1


def test_when_the_first_of_two_equal_requests_is_refused_the_second_is_sent(server, bench):
    server.answer_with(api_answers.bad_key())

    async def both(engine):
        runs = (engine.sharpen(bench.request(), bench.reports.append) for _ in range(2))
        return await asyncio.gather(*runs, return_exceptions=True)

    first, second = bench.together(both)
    assert isinstance(first, CloudError)
    assert Path(second.file).exists()
    assert len(server.charges) == 1


@pytest.mark.fault(59)
def test_two_windows_with_the_same_photo_pay_once(server, bench):
    """Two journals on one folder, as two processes have them."""
    server.hold()

    async def in_two_windows():
        journals = [Journal(bench.folder / "journal", bench.now) for _ in range(2)]
        engines = [CloudEngine(bench.tools(journal)) for journal in journals]
        try:
            runs = [
                asyncio.create_task(each.sharpen(bench.request(), bench.reports.append)) for each in engines
            ]
            assert await asyncio.to_thread(server.wait_for, lambda it: it.posts and it.posts[0].is_whole)
            done, _ = await asyncio.wait(runs, return_when=asyncio.FIRST_COMPLETED)
            server.release()
            await asyncio.wait(runs)
            return done, runs
        finally:
            for journal in journals:
                await journal.close()

    done, runs = asyncio.run(in_two_windows())
    assert [type(each.exception()) for each in done] == [AlreadyPaid]
    assert len(server.charges) == 1
    assert len([each for each in runs if each.exception() is None]) == 1


def test_of_two_windows_the_one_that_wrote_its_run_down_later_sends_nothing_whatever_the_clocks_say(
    server, bench
):
    server.hold()

    async def in_two_windows():
        slow, quick = (Journal(bench.folder / "journal", bench.now) for _ in range(2))
        may_add, is_drafted, true_add = asyncio.Event(), asyncio.Event(), slow.add

        async def add_late(*what):
            is_drafted.set()
            await may_add.wait()
            await true_add(*what)

        slow.add = add_late
        try:
            late = asyncio.create_task(
                CloudEngine(bench.tools(slow)).sharpen(bench.request(), bench.reports.append)
            )
            await is_drafted.wait()  # so it is the older one by the clock
            first = asyncio.create_task(
                CloudEngine(bench.tools(quick)).sharpen(bench.request(), bench.reports.append)
            )
            assert await asyncio.to_thread(server.wait_for, lambda it: it.posts and it.posts[0].is_whole)
            may_add.set()
            await asyncio.wait([late])
            server.release()
            return late.exception(), (await first).file
        finally:
            await slow.close()
            await quick.close()

    refused, file = asyncio.run(in_two_windows())
    assert isinstance(refused, AlreadyPaid)
    assert file
    assert len(server.posts) == len(server.charges) == 1


# --- in doubt ---


@pytest.mark.fault(9, 21)
def test_a_request_in_doubt_is_not_sent_again_before_the_user_says_so(server, bench):
    server.answer_with(api_answers.charged(api_answers.resets_after_body))
    bench.failure()
    error = bench.failure()
    assert isinstance(error, AlreadyPaid)
    assert error.charge is Charge.UNKNOWN
    assert "Nothing was sent now" in error.headline
    assert error.request_id == server.posts[0].headers["x-client-request-id"]
    assert len(server.posts) == 1
    assert bench.run(is_again=True).file
    assert len(server.posts) == 2


@pytest.mark.parametrize(
    ("stage", "charge"),
    [
        (Stage.SENDING, Charge.UNKNOWN),
        (Stage.UNKNOWN, Charge.UNKNOWN),
        (Stage.UNTRACED, Charge.UNKNOWN),
        (Stage.LOST, Charge.BILLED),
        (Stage.PAID_UNREADABLE, Charge.BILLED),
        (Stage.EXPIRED, Charge.BILLED),
    ],
)
def test_what_an_earlier_run_may_have_cost_is_said_and_nothing_sent(server, bench, stage, charge):
    bench.cut_off_at(stage, answer="/kept/run-1.json")
    error = bench.failure()
    assert isinstance(error, AlreadyPaid)
    assert error.charge is charge
    assert server.posts == []


@pytest.mark.parametrize("stage", [Stage.PAID_UNREADABLE, Stage.EXPIRED])
def test_what_the_user_has_deleted_is_no_hindrance(server, bench, stage):
    bench.cut_off_at(stage)
    assert bench.run().file


def test_a_refused_run_is_no_hindrance(server, bench):
    bench.cut_off_at(Stage.REFUSED)
    assert bench.run().file
    assert len(server.charges) == 1


@pytest.mark.fault(46)
def test_an_answered_run_is_fetched_when_the_same_is_asked_again(server, bench):
    server.always_deliver = api_answers.cut_at(0.5)
    error = bench.failure()
    assert (error.charge, error.retryable) == (Charge.BILLED, True)
    server.always_deliver = None
    result = bench.run()
    assert result.paid_on is not None
    assert Path(result.file).exists()
    assert len(server.posts) == len(server.charges) == 1
    assert [run.stage for run in bench.rows()] == [Stage.STORED]


# --- what stands in the journal, and when ---


@pytest.mark.fault(46, 47)
def test_the_row_says_sending_before_the_first_byte_leaves(server, bench):
    seen = []

    def looking(exchange):
        seen.append(bench.row().stage)
        exchange.read_body()
        exchange.server.closing.wait(0)
        api_answers.sharpened()(exchange)

    server.answer_with(looking)
    bench.run(quote_usd=0.11, photo_name="harbour.jpg", call_id="call-1")
    row = bench.row()
    assert seen == [Stage.SENDING]
    assert row.stage is Stage.STORED
    assert (row.quote_usd, row.photo_name, row.call_id) == (0.11, "harbour.jpg", "call-1")
    assert len(row.upload_sha256) == 64
    assert (row.width, row.height) == (300, 200)
    assert row.cost_usd == pytest.approx(0.105)


def test_the_cost_is_in_the_journal_before_the_body_of_the_answer_comes(server, bench):
    seen = []

    def looking(exchange):
        exchange.read_body()
        headers = {"x-aimlapi-usd-spent": "0.2", "x-inference-id": "inf-9"}
        exchange.reply(200, b"", headers, length=100)
        for _ in range(200):
            row = bench.row()
            if row.cost_usd is not None:
                break
            exchange.server.closing.wait(0.02)
        seen.append((row.stage, row.cost_usd, row.request_id))
        exchange.send(b"x" * 100)

    server.answer_with(looking)
    bench.failure()
    assert seen == [(Stage.SENDING, 0.2, "inf-9")]


def test_what_goes_over_a_limit_is_not_sent(server, bench):
    error = bench.failure(quote_usd=0.5, limit_usd=0.4)
    assert isinstance(error, LimitReached)
    assert error.charge is Charge.NONE
    assert isinstance(bench.failure(quote_usd=0.5, call_limit_usd=0.4, call_id="call-1"), LimitReached)
    assert server.requests == []
    assert bench.rows() == ()


def test_a_limit_counts_runs_that_are_under_way(server, bench):
    server.hold()

    async def two(engine):
        first = asyncio.create_task(
            engine.sharpen(bench.request(photo="one", quote_usd=0.3, limit_usd=0.5), bench.reports.append)
        )
        assert await asyncio.to_thread(server.wait_for, lambda it: it.posts and it.posts[0].is_whole)
        with pytest.raises(LimitReached):
            await engine.sharpen(
                bench.request(photo="two", quote_usd=0.3, limit_usd=0.5), bench.reports.append
            )
        server.release()
        return await first

    assert bench.together(two).file
    assert len(server.posts) == 1


@pytest.mark.fault(53)
def test_a_journal_that_cannot_be_written_sends_nothing(server, bench):
    (bench.folder / "journal").write_bytes(b"a file is in the way")
    error = bench.failure()
    assert error.charge in {None, Charge.NONE}
    assert server.requests == []


@pytest.mark.fault(53)
def test_a_journal_that_fails_after_the_answer_loses_neither_it_nor_the_truth(server, bench, monkeypatch):
    true_step = Journal.step

    async def failing(self, run_id, stage, **changes):
        if stage not in {Stage.PREPARED, Stage.SENDING}:
            raise JournalFailed("The record of paid runs cannot be written.")
        return await true_step(self, run_id, stage, **changes)

    monkeypatch.setattr(Journal, "step", failing)
    error = bench.failure()
    assert isinstance(error, JournalFailed)
    assert error.charge is Charge.UNKNOWN
    monkeypatch.undo()
    assert bench.row().stage is Stage.SENDING
    assert bench.settle().stage is Stage.STORED
    assert len(server.posts) == 1


def test_an_unexpected_fault_of_the_program_leaves_the_row_true(server, bench, monkeypatch):
    async def crash(self, file):
        raise ZeroDivisionError

    monkeypatch.setattr(type(bench), "checked", crash)
    with suppress(ZeroDivisionError):
        bench.run()
    assert bench.row().stage is Stage.DOWNLOADING
    monkeypatch.undo()
    assert bench.settle().stage is Stage.STORED


def test_a_result_is_written_down_beside_itself(server, bench):
    result = bench.run()
    beside = list((bench.folder / "results").glob("*.json"))
    assert [file.name for file in beside] == [f"{Path(result.file).name}.run-1.json"]
    store = bench.tools(None).store
    assert [replace(run, changed_s=0) for run in store.sidecars()] == [replace(bench.row(), changed_s=0)]


@pytest.mark.fault(40)
def test_a_picture_that_turns_out_to_have_expired_is_not_bought_again_in_the_same_breath(server, bench):
    server.always_deliver = api_answers.cut_at(0.1)
    bench.failure()
    server.always_deliver = api_answers.expired
    error = bench.failure()
    assert isinstance(error, AlreadyPaid)
    assert "Another window" not in error.headline
    assert bench.row("run-1").stage is Stage.EXPIRED
    assert len(server.posts) == len(server.charges) == 1
