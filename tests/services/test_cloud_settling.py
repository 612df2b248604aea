"""A run that was cut short ends as fetched, as charged and lost, as not charged, or as unknown with what to do next."""

import asyncio
import json
from email.utils import formatdate
from pathlib import Path

import pytest
from support import api_accounts, api_answers
from support.cloud_bench import noise

from sharpen_desktop.core.errors import Charge, KeyRefused, Unreachable
from sharpen_desktop.core.paid import PaidRun, Stage
from sharpen_desktop.services.cloud.cloud_engine import CloudEngine
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits
from sharpen_desktop.services.journal import Journal

LOGS = api_accounts.LOGS
MINUTE_S = 60.0
DAY_S = 86_400.0
TEN_YEARS_S = 315_360_000.0


@pytest.fixture
def lost(server, bench):
    """A run that was charged and whose answer was lost on the way."""
    server.answer_with(api_answers.charged(api_answers.resets_after_body))
    bench.failure()
    server.wait_for(lambda it: it.finished == 1)
    return bench


def rows(*rows):
    return api_accounts.told(200, {"data": list(rows), "pagination": {"has_more": False}})


def row(bench, status="succeeded", **more):
    return {
        "created": "2026-08-01T12:00:00.000Z",
        "status": status,
        "client_request_id": bench.row().reference,
        "inference_id": "inf-7",
        "request_id": "req-7",
        "cost": {"usd": 0.21, "credits": 420_000},
    } | more


def empty_now(bench):
    """An empty log of a service whose clock agrees with this computer's."""
    rows = {"data": [], "pagination": {"has_more": False}}
    return api_accounts.told(200, rows, {"Date": formatdate(bench.now(), usegmt=True)})


# --- what the log says ---


@pytest.mark.fault(9, 21)
def test_a_run_the_log_knows_as_done_was_charged_and_lost(server, lost):
    run = lost.settle()
    assert run.stage is Stage.LOST
    assert run.cost_usd == pytest.approx(0.105)
    assert not run.is_cost_estimated
    assert run.request_id == "inf-1"
    assert "has charged" in run.problem
    assert "inf-1" in run.problem
    assert run.reference in run.problem
    assert len(server.posts) == 1


@pytest.mark.fault(9, 21)
def test_a_run_the_log_knows_as_failed_was_not_charged(server, bench):
    server.answer_with(api_answers.resets_after_body)
    bench.failure()
    server.wait_for(lambda it: it.finished == 1)
    run = bench.settle()
    assert run.stage is Stage.REFUSED
    assert "Nothing was billed" in run.problem
    assert bench.files() == []


@pytest.mark.fault(21)
def test_a_run_the_log_does_not_know_stays_in_doubt_for_ten_minutes(server, lost):
    server.books.says = "missing"
    for minutes, stage in ((0.3, Stage.UNKNOWN), (3, Stage.UNKNOWN), (5, Stage.UNKNOWN), (2, Stage.UNTRACED)):
        lost.ahead_s += minutes * MINUTE_S
        run = lost.settle()
        assert run.stage is stage, minutes
        assert run.problem
    assert "no trace" in run.problem
    assert "may charge again" in run.problem


@pytest.mark.fault(21)
def test_a_log_that_lags_is_believed_when_it_speaks(server, lost):
    server.books.says = "missing"
    lost.ahead_s += 11 * MINUTE_S
    assert lost.settle().stage is Stage.UNTRACED
    server.books.says = "truth"
    assert lost.settle().stage is Stage.LOST


@pytest.mark.parametrize("order", [1, -1])
def test_one_row_that_was_paid_outweighs_all_that_failed(server, lost, order):
    found = [row(lost, "failed", cost={"usd": 0}), row(lost), row(lost, "failed")][::order]
    server.tell_with(LOGS, rows(*found))
    assert lost.settle().stage is Stage.LOST
    assert lost.row().cost_usd == 0.21


def test_only_our_own_reference_counts(server, lost):
    strangers = [
        row(lost, client_request_id=None),
        row(lost, client_request_id="sd-other"),
        {"status": "failed"},
    ]
    server.tell_with(LOGS, rows(*strangers))
    assert lost.settle().stage is Stage.UNKNOWN


@pytest.mark.fault(18, 21)
def test_an_earlier_try_that_was_refused_does_not_stand_for_the_one_that_was_lost(server, bench):
    server.answer_with(api_answers.busy(), api_answers.charged(api_answers.resets_after_body))
    bench.failure()
    only_the_first = rows(row(bench, "failed", cost={"usd": 0}))
    server.tell_with(LOGS, only_the_first, only_the_first)
    assert bench.settle().stage is Stage.UNKNOWN
    assert bench.settle().stage is Stage.UNKNOWN
    assert bench.settle().stage is Stage.LOST


def test_a_row_that_has_not_ended_says_nothing_yet(server, lost):
    server.tell_with(LOGS, rows(row(lost, "processing")))
    assert lost.settle().stage is Stage.UNKNOWN


def test_a_cost_in_credits_is_an_estimate(server, lost):
    server.tell_with(LOGS, rows(row(lost, cost={"credits": 210_000})))
    run = lost.settle()
    assert run.cost_usd == pytest.approx(0.105)
    assert run.is_cost_estimated


def test_the_log_is_asked_as_documented_with_the_key_and_only_for_the_model(server, lost):
    lost.settle()
    asked = server.asked(LOGS)
    assert [each.path for each in asked] == [f"{LOGS}?period=24h&model=topaz-labs%2Fsharpen&limit=100"]
    assert asked[0].headers["authorization"] == f"Bearer {lost.key}"


def test_further_pages_of_the_log_are_read(server, lost):
    full = api_accounts.told(
        200, {"data": [{"client_request_id": "sd-other"}] * 100, "pagination": {"has_more": True}}
    )
    server.tell_with(LOGS, full, full, rows(row(lost)))
    assert lost.settle().stage is Stage.LOST
    assert [each.path.partition("offset=")[2] for each in server.asked(LOGS)] == ["", "100", "200"]


def test_a_log_that_cannot_be_read_to_its_end_proves_nothing(server, lost):
    full = api_accounts.told(200, {"data": [{"client_request_id": "sd-other"}] * 100})
    server.tell_always(LOGS, full)
    lost.ahead_s += 11 * MINUTE_S
    run = lost.settle()
    assert run.stage is Stage.UNKNOWN
    assert "does not reach back" in run.problem
    assert len(server.asked(LOGS)) == 10


def test_an_older_run_is_looked_for_further_back(server, lost):
    lost.ahead_s += 5 * DAY_S
    assert lost.settle().stage is Stage.LOST
    assert "period=7d" in server.asked(LOGS)[0].path
    assert len(server.asked(LOGS)) == 1


def test_a_run_older_than_any_log_stays_unknown(server, lost):
    lost.ahead_s += 100 * DAY_S
    server.tell_always(LOGS, empty_now(lost))
    run = lost.settle()
    assert run.stage is Stage.UNKNOWN
    assert "does not reach back" in run.problem


# --- what the log does not say ---


SILENT = {
    "absent": api_accounts.absent(),
    "refused": api_accounts.refused(),
    "wrong key": api_accounts.bad_key(),
    "broken": api_accounts.broken(),
    "other JSON": api_accounts.other_json(),
    "a page": api_accounts.page(),
    "not JSON": api_accounts.told(200, "{"),
    "a list of something": api_accounts.told(200, [1, 2]),
    "deep": api_accounts.told(200, "[" * 100_000),
    "moved": api_accounts.told(302, "", {"Location": "http://login.example/"}),
}


@pytest.mark.fault(77)
@pytest.mark.parametrize("name", SILENT)
def test_a_log_that_is_none_is_not_asked_again_and_the_user_is_told_what_to_do(server, lost, name):
    server.tell_always(LOGS, SILENT[name])

    async def twice(engine):
        return [await engine.settle("run-1", lost.reports.append) for _ in range(2)]

    first, second = lost.together(twice)
    assert first.stage is second.stage is Stage.UNKNOWN
    assert "Compare the balance" in second.problem
    assert "may charge again" in second.problem
    assert len(server.asked(LOGS)) == 1
    assert lost.run(is_again=True).file


@pytest.mark.fault(77)
def test_a_log_that_is_too_slow_is_left_alone(server, lost):
    server.tell_always(LOGS, api_accounts.late(10))
    lost.limits = TransferLimits(ask_s=0.3)
    run = lost.settle()
    assert run.stage is Stage.UNKNOWN
    assert "Compare the balance" in run.problem


@pytest.mark.fault(77)
def test_a_log_larger_than_any_is_left_alone_in_time(server, lost):
    server.tell_always(LOGS, api_accounts.told(200, b" " * 300_000))
    lost.limits = TransferLimits(ask_bytes=100_000)
    assert isinstance(lost.settling_failure(), Unreachable)
    assert lost.row().stage is Stage.UNKNOWN


def test_another_key_may_read_the_log_the_first_could_not(server, lost):
    server.tell_with(LOGS, api_accounts.bad_key())

    async def with_two_keys(engine):
        before = await engine.settle("run-1", lost.reports.append)
        lost.key = "sk-another-key-9876543210"
        return before, await engine.settle("run-1", lost.reports.append)

    before, after = lost.together(with_two_keys)
    assert (before.stage, after.stage) == (Stage.UNKNOWN, Stage.LOST)


@pytest.mark.parametrize("code", [429, 503])
def test_a_busy_log_is_asked_again_later(server, lost, code):
    server.tell_with(LOGS, api_accounts.told(code))
    assert isinstance(lost.settling_failure(), Unreachable)
    assert lost.settle().stage is Stage.LOST


@pytest.mark.fault(1)
def test_without_a_network_a_run_stands_where_it_stood_and_says_what_to_do(server, lost):
    url, lost.url = lost.url, "http://127.0.0.1:1"
    error = lost.settling_failure()
    assert isinstance(error, Unreachable)
    assert lost.row().stage is Stage.UNKNOWN
    assert lost.row().problem
    lost.url = url
    assert lost.settle().stage is Stage.LOST


@pytest.mark.fault(46)
def test_without_a_key_a_run_cut_off_in_sending_is_in_doubt_and_says_so(server, bench):
    bench.cut_off_at(Stage.SENDING)
    bench.key = ""
    assert isinstance(bench.settling_failure(), KeyRefused)
    assert bench.row().stage is Stage.UNKNOWN
    assert "log can tell" in bench.row().problem


# --- clocks ---


@pytest.mark.fault(73)
@pytest.mark.parametrize("wrong_s", [-TEN_YEARS_S, TEN_YEARS_S], ids=["back", "ahead"])
def test_a_clock_that_jumps_neither_shortens_nor_prolongs_the_wait(server, lost, wrong_s):
    server.books.says = "missing"

    async def three_times(engine):
        lost.wrong_s = wrong_s
        stages = [(await engine.settle("run-1", lost.reports.append)).stage]
        for minutes in (4, 7):
            lost.ahead_s += minutes * MINUTE_S
            stages.append((await engine.settle("run-1", lost.reports.append)).stage)
        return stages

    stages = lost.together(three_times)
    assert stages[:2] == [Stage.UNKNOWN, Stage.UNKNOWN]
    assert stages[2] is (Stage.UNTRACED if wrong_s < 0 else Stage.UNKNOWN)


@pytest.mark.fault(73)
@pytest.mark.parametrize("wrong_s", [-TEN_YEARS_S, TEN_YEARS_S], ids=["back", "ahead"])
def test_a_clock_that_is_wrong_all_the_time_finds_what_was_charged(server, bench, wrong_s):
    bench.wrong_s = wrong_s
    server.answer_with(api_answers.charged(api_answers.resets_after_body))
    bench.failure()
    assert bench.settle().stage is Stage.LOST


# --- what a crash leaves ---


@pytest.mark.fault(46)
def test_a_run_that_was_only_prepared_costs_nothing(server, bench):
    async def in_one_session():
        journal = Journal(bench.folder / "journal", bench.now)
        engine = CloudEngine(bench.tools(journal))
        await journal.add(engine._draft(bench.request()))
        try:
            return await engine.settle("run-1", bench.reports.append)
        finally:
            await journal.close()

    run = asyncio.run(in_one_session())
    assert run.stage is Stage.REFUSED
    assert server.requests == []


@pytest.mark.fault(46)
def test_a_run_cut_off_in_sending_is_asked_about_and_gets_its_time(server, bench):
    bench.cut_off_at(Stage.SENDING)
    run = bench.settle()
    assert run.stage is Stage.UNKNOWN
    assert "does not show this run yet" in run.problem
    bench.ahead_s += 11 * MINUTE_S
    assert bench.settle().stage is Stage.UNTRACED
    assert server.posts == []


@pytest.mark.fault(46)
def test_a_run_cut_off_yesterday_is_settled_at_once(server, bench):
    bench.cut_off_at(Stage.SENDING)
    bench.ahead_s += DAY_S
    server.tell_always(LOGS, empty_now(bench))
    assert bench.settle().stage is Stage.UNTRACED


@pytest.mark.fault(46)
@pytest.mark.parametrize("name", ["run-1.json", "run-1.part"])
@pytest.mark.parametrize("stage", [Stage.SENDING, Stage.UNKNOWN, Stage.UNTRACED, Stage.LOST])
def test_an_answer_that_came_just_before_the_crash_is_found(server, bench, name, stage):
    made = noise()
    bench.cut_off_at(stage)
    answer = json.dumps({"data": [{"url": server.keep_file("a", made)}]}).encode()
    (bench.folder / "answers").mkdir()
    (bench.folder / "answers" / name).write_bytes(answer + bytes(5000))
    run = bench.settle()
    assert run.stage is Stage.STORED
    assert Path(run.files[0]).read_bytes() == made
    assert run.answer == str(bench.folder / "answers" / "run-1.json")
    assert server.asked(LOGS) == []


@pytest.mark.fault(46)
@pytest.mark.parametrize(
    "left", [b"", bytes(65_536), b'{"data": [{"url": "https', b'{"message": "Unauthorized"}', b"<html>"]
)
def test_what_is_no_answer_is_not_taken_for_one(server, bench, left):
    bench.cut_off_at(Stage.SENDING)
    (bench.folder / "answers").mkdir()
    (bench.folder / "answers" / "run-1.part").write_bytes(left)
    assert bench.settle().stage is Stage.UNKNOWN
    assert len(server.asked(LOGS)) == 1


@pytest.mark.fault(46)
@pytest.mark.parametrize("stage", [Stage.ANSWERED, Stage.DOWNLOADING, Stage.PAID_UNREADABLE, Stage.EXPIRED])
def test_an_answered_run_is_fetched_without_asking_anybody_else(server, bench, stage):
    made = noise()
    folder = bench.folder / "answers"
    folder.mkdir(parents=True)
    (folder / "run-1.json").write_text(json.dumps({"data": [{"url": server.keep_file("a", made)}]}))
    bench.cut_off_at(stage, answer=str(folder / "run-1.json"))
    bench.key = ""
    run = bench.settle()
    assert run.stage is Stage.STORED
    assert Path(run.files[0]).read_bytes() == made
    assert [each.method for each in server.requests] == ["GET"]


def test_an_answer_that_is_gone_is_said_to_be(server, bench):
    bench.cut_off_at(Stage.ANSWERED, answer=str(bench.folder / "answers" / "run-1.json"))
    run = bench.settle()
    assert run.stage is Stage.PAID_UNREADABLE
    assert "cannot be read" in run.problem


@pytest.mark.parametrize("verdict", [api_answers.expired, api_answers.page_for_picture])
def test_a_definite_verdict_is_returned_and_not_raised(server, bench, verdict):
    server.always_deliver = api_answers.cut_at(0.1)
    bench.failure()
    server.always_deliver = verdict
    assert bench.settle().stage in {Stage.EXPIRED, Stage.PAID_UNREADABLE}


def test_a_fetch_that_does_not_work_now_is_raised_with_what_it_has_cost(server, bench):
    server.always_deliver = api_answers.cut_at(0.1)
    bench.failure()
    error = bench.settling_failure()
    assert error.charge is Charge.BILLED
    assert bench.row().stage is Stage.DOWNLOADING


@pytest.mark.parametrize("stage", [Stage.REFUSED, Stage.LOST])
def test_what_has_ended_stays_as_it_is(server, bench, stage):
    before = bench.cut_off_at(stage)
    assert bench.settle() == before
    assert server.requests == []


def test_a_stored_run_stays_as_it_is(server, bench):
    bench.run()
    before = bench.row()
    assert bench.settle() == before


def test_a_run_nobody_knows_is_said_to_be_unknown(bench):
    assert "does not know this run" in bench.settling_failure("run-99").headline


def test_a_run_that_is_under_way_is_left_alone(server, bench):
    server.hold()

    async def meanwhile(engine):
        going = asyncio.create_task(engine.sharpen(bench.request(), bench.reports.append))
        assert await asyncio.to_thread(server.wait_for, lambda it: it.posts and it.posts[0].is_whole)
        seen = await engine.settle("run-1", bench.reports.append)
        server.release()
        await going
        return seen

    run: PaidRun = bench.together(meanwhile)
    assert run.stage is Stage.SENDING
    assert server.asked(LOGS) == []
    assert bench.row().stage is Stage.STORED


@pytest.mark.fault(59)
def test_a_run_another_window_is_at_is_left_alone(server, bench):
    server.hold()

    async def from_another_window(engine):
        going = asyncio.create_task(engine.sharpen(bench.request(), bench.reports.append))
        assert await asyncio.to_thread(server.wait_for, lambda it: it.posts and it.posts[0].is_whole)
        journal = Journal(bench.folder / "journal", bench.now)
        try:
            seen = await CloudEngine(bench.tools(journal)).settle("run-1", bench.reports.append)
        finally:
            await journal.close()
        server.release()
        await going
        return seen

    assert bench.together(from_another_window).stage is Stage.SENDING
    assert server.asked(LOGS) == []


def test_two_who_settle_the_same_run_fetch_it_once(server, bench):
    server.always_deliver = api_answers.cut_at(0.1)
    bench.failure()
    server.always_deliver = None
    before = len(server.downloads)

    async def both(engine):
        return await asyncio.gather(*(engine.settle("run-1", bench.reports.append) for _ in range(2)))

    assert [run.stage for run in bench.together(both)] == [Stage.STORED] * 2
    assert len(server.downloads) == before + 1
