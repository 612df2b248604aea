"""Runs that were cut short end in something that is known and told, with the next step."""

import time

import pytest
from support.fakes import on_desk

from sharpen_desktop.core import retry
from sharpen_desktop.core.errors import (
    Charge,
    CloudError,
    JournalFailed,
    KeyRefused,
    PhotoUnreadable,
    Unreachable,
)
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.core.wording import photo_mark

CLOUD = {"engine": "cloud", "has_key": True}
SENT = Progress(Phase.WAITING, is_paid_risk=True)
LOST = CloudError("The answer was lost.", charge=Charge.UNKNOWN)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(retry, "SETTLE_AFTER_S", (0.01, 0.02, 0.03, 0.04))


async def started(desk):
    desk.controller.started()
    await desk.idle()


async def told(desk, count=1):
    await desk.until(lambda: len(desk.notices) == count)
    await desk.idle()
    await desk.until(lambda: not desk.state.settling)
    return desk.notices[-1]


def now():
    return time.time()


# At the start


@pytest.mark.parametrize("stage", [Stage.ANSWERED, Stage.DOWNLOADING])
@on_desk()
async def test_a_picture_that_was_answered_is_fetched_by_itself_at_the_next_start(desk, stage):
    desk.paid_run("r", stage, cost_usd=0.105)
    desk.service.settles["r"] = [Stage.STORED]
    await started(desk)
    notice = await told(desk)
    assert notice.text == ("The result of a.jpg that was under way has come ($0.105). It is kept.")
    assert (list(dict(notice.wishes)), notice.run_id, notice.kind) == (["show"], "r", "offer")
    assert desk.state.open_runs == ()


@on_desk()
async def test_show_it_opens_the_photo_with_its_result(desk):
    desk.file("a.jpg")
    desk.paid_run("r", Stage.ANSWERED)
    desk.service.settles["r"] = [Stage.STORED]
    await started(desk)
    desk.controller.act((await told(desk)).id, "show")
    await desk.until(lambda: desk.state.current and desk.current.results)
    await desk.idle()
    assert desk.current.name == "a.jpg"
    assert desk.current.side_b == "r"


@on_desk()
async def test_a_result_whose_photo_is_gone_is_opened_by_itself(desk):
    desk.paid_run("r", Stage.STORED, name="gone.jpg")
    desk.controller.show_paid_run("r")
    await desk.until(lambda: desk.state.current)
    await desk.idle()
    assert desk.current.name == "r.png"


@on_desk()
async def test_a_fetched_result_joins_its_photo_when_that_is_open(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    shown = desk.current.side_b
    desk.paid_run("r", Stage.ANSWERED)
    desk.service.settles["r"] = [Stage.STORED]
    await started(desk)
    notice = await told(desk)
    assert "among the photo's variants" in notice.text
    assert [each.id for each in desk.current.results][-1] == "r"
    assert desk.current.side_b == shown


@pytest.mark.parametrize(
    ("stage", "kind", "says", "wishes"),
    [
        (Stage.LOST, "error", "was billed, and its picture was lost on the way", ["again"]),
        (Stage.REFUSED, "offer", "was not billed", ["again"]),
        (Stage.UNKNOWN, "error", "is not settled", ["check", "again"]),
        (Stage.UNTRACED, "error", "left no trace at the service", ["check", "again"]),
        (
            Stage.PAID_UNREADABLE,
            "error",
            "answered without a picture. The answer is kept",
            ["check", "again"],
        ),
        (Stage.EXPIRED, "error", "the address of its picture no longer works", ["check", "again"]),
    ],
)
@on_desk()
async def test_every_end_is_told_with_its_reference_and_its_next_step(desk, quick, stage, kind, says, wishes):
    desk.paid_run("r", Stage.SENDING, changed_s=now(), request_id="theirs-1")
    desk.service.settles["r"] = [stage]
    await started(desk)
    await desk.until(lambda: says in "".join(desk.sentences))
    notice = await told(desk)
    assert (notice.kind, list(dict(notice.wishes)), notice.run_id) == (kind, wishes, "r")
    assert "sd-r" in notice.detail
    assert "theirs-1" in notice.detail
    may_have_cost = stage in (Stage.UNKNOWN, Stage.UNTRACED, Stage.PAID_UNREADABLE)
    assert ("It may have been billed." in notice.text) is may_have_cost


@on_desk()
async def test_what_never_left_is_settled_without_a_word(desk):
    desk.paid_run("r", Stage.PREPARED)
    desk.service.settles["r"] = [Stage.REFUSED]
    await started(desk)
    await desk.until(lambda: desk.state.open_runs == ())
    await desk.idle()
    assert desk.notices == ()


@on_desk()
async def test_a_run_the_log_does_not_know_yet_is_asked_about_again_until_it_does(desk, quick):
    desk.paid_run("r", Stage.SENDING, changed_s=now())
    desk.service.settles["r"] = [Stage.UNKNOWN, Stage.UNKNOWN, Stage.LOST]
    await started(desk)
    await desk.until(lambda: "was billed, and" in desk.sentences[0])
    await desk.idle()
    assert len(desk.notices) == 1
    assert desk.service.settled == ["r"] * 3
    assert [run.stage for run in desk.state.open_runs] == [Stage.LOST]


@on_desk()
async def test_without_a_network_it_is_tried_again_and_then_left_to_the_user(desk, quick):
    desk.paid_run("r", Stage.SENDING, changed_s=now())
    desk.service.settles["r"] = [Unreachable("No connection.", charge=Charge.NONE)]
    await started(desk)
    await desk.until(lambda: "is not settled" in desk.sentences[0])
    await desk.idle()
    assert len(desk.service.settled) == 5
    assert len(desk.notices) == 1


@on_desk()
async def test_a_run_that_is_still_open_after_the_first_question_is_told_before_it_is_asked_again(desk):
    desk.paid_run("r", Stage.SENDING, changed_s=now())
    desk.service.settles["r"] = [Stage.UNKNOWN]
    desk.controller.started()
    await desk.until(lambda: desk.notices)
    (notice,) = desk.notices
    assert "was cut short and may have been billed. The service is asked again by itself." in notice.text
    assert (notice.kind, list(dict(notice.wishes))) == ("offer", ["check"])


@on_desk()
async def test_a_paid_picture_that_cannot_be_fetched_at_the_start_is_told_before_it_is_tried_again(desk):
    desk.paid_run("r", Stage.ANSWERED, changed_s=now())
    desk.service.settles["r"] = [Unreachable("No connection.", charge=Charge.NONE)]
    desk.controller.started()
    await desk.until(lambda: desk.notices)
    assert "could not be fetched yet. It is tried again by itself." in desk.sentences[0]


@on_desk()
async def test_without_a_key_an_open_run_says_so_at_once_and_is_settled_when_the_key_is_given(desk):
    desk.paid_run("r", Stage.SENDING, changed_s=now())
    desk.service.settles["r"] = [KeyRefused("There is no key.", charge=Charge.NONE), Stage.LOST]
    await started(desk)
    (notice,) = desk.notices
    assert "may have been billed. Enter your key, and the service is asked." in notice.text
    assert list(dict(notice.wishes)) == ["key", "check"]
    desk.controller.give_key("sk-0123456789")
    await desk.until(lambda: "lost on the way" in "".join(desk.sentences))
    await desk.idle()
    assert len(desk.notices) == 1


@on_desk()
async def test_nothing_is_said_of_a_missing_key_while_the_keyring_is_being_asked(desk):
    desk.paid_run("r", Stage.SENDING, changed_s=now())
    desk.service.settles["r"] = [KeyRefused("There is no key.", charge=Charge.NONE), Stage.LOST]
    desk.keys.kept = KeyPlace.KEYRING
    desk.keys.loading.hold()
    desk.controller.started()
    await desk.until(lambda: desk.service.settled)
    await desk.pause()
    assert desk.notices == ()
    desk.keys.loading.let_go()
    await desk.until(lambda: desk.notices)
    assert "lost on the way" in desk.sentences[0]


@on_desk()
async def test_a_run_from_long_ago_that_was_told_before_is_not_told_at_every_start(desk):
    desk.paid_run("old", Stage.UNKNOWN)
    desk.paid_run("cut", Stage.SENDING)
    desk.service.settles["cut"] = [Stage.LOST]
    await started(desk)
    await told(desk)
    assert desk.service.settled == ["cut"]
    assert {run.run_id for run in desk.state.open_runs} == {"old", "cut"}


@on_desk()
async def test_a_clock_that_was_set_back_by_ten_years_delays_no_download(desk):
    desk.paid_run("r", Stage.ANSWERED, changed_s=now() + 10 * 365 * 86_400)
    desk.service.settles["r"] = [Stage.STORED]
    await started(desk)
    assert "has come" in (await told(desk)).text


@on_desk(**CLOUD)
async def test_a_run_of_this_session_is_left_to_itself(desk):
    await desk.opened("a.jpg")
    desk.cloud.hold()
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.cloud.gate.waiting)
    desk.paid_run(desk.cloud.requests[0].run_id, Stage.SENDING)
    desk.controller.started()
    await desk.idle_but_runs()
    assert desk.service.settled == []
    desk.cloud.let_go()
    await desk.idle()


@on_desk()
async def test_many_open_runs_are_asked_about_two_at_a_time(desk):
    for number in range(6):
        desk.paid_run(f"r{number}", Stage.ANSWERED)
        desk.service.settles[f"r{number}"] = [Stage.STORED]
    desk.service.gate.hold()
    desk.controller.started()
    await desk.until(lambda: desk.service.gate.waiting)
    await desk.pause()
    assert desk.service.gate.waiting == 2
    assert len(desk.state.settling) == 2
    desk.service.gate.let_go()
    await desk.until(lambda: desk.state.open_runs == ())


@on_desk()
async def test_a_journal_that_had_to_be_mended_says_so(desk):
    desk.archive.said = "The journal was damaged and has been made anew from the stored results."
    await started(desk)
    assert desk.sentences == [desk.archive.said]


@on_desk()
async def test_a_journal_that_cannot_be_read_is_one_notice_and_this_computer_still_works(desk):
    desk.archive.problem = JournalFailed("The journal cannot be read.")
    await started(desk)
    assert desk.sentences == ["The journal cannot be read."]
    await desk.opened("a.jpg")
    await desk.sharpened()


# After a lost answer


async def lose_answer(desk):
    await desk.opened("a.jpg")
    desk.cloud.problem = LOST
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.notices)
    run_id = desk.cloud.requests[0].run_id
    desk.paid_run(run_id, Stage.UNKNOWN, changed_s=now())
    return run_id


@on_desk(**CLOUD)
async def test_after_a_lost_answer_no_sending_again_is_offered_before_the_log_was_asked(desk):
    await lose_answer(desk)
    await desk.idle()
    assert desk.sentences == ["The answer was lost. It may have been billed."]
    assert desk.notices[0].wishes == ()
    assert desk.service.settled == []
    assert desk.state.runs[0].is_in_doubt
    assert photo_mark(desk.state, desk.current) == "doubt"


@on_desk(**CLOUD)
async def test_the_log_is_asked_after_the_times_of_the_ladder_and_its_word_takes_the_place_of_the_doubt(
    desk, monkeypatch
):
    monkeypatch.setattr(retry, "SETTLE_AFTER_S", (0.05, 0.1, 0.15, 0.2))
    run_id = await lose_answer(desk)
    desk.service.settles[run_id] = [Stage.UNKNOWN, Stage.LOST]
    await desk.until(lambda: len(desk.service.settled) == 2)
    await desk.until(lambda: "lost on the way" in desk.sentences[0])
    await desk.idle()
    assert len(desk.notices) == 1
    await desk.until(lambda: not desk.state.runs[0].is_in_doubt)
    assert len(desk.cloud.requests) == 1


@on_desk(**CLOUD)
async def test_an_answer_that_is_found_after_all_takes_the_place_of_the_failed_run(desk, monkeypatch):
    monkeypatch.setattr(retry, "SETTLE_AFTER_S", (0.05,))
    run_id = await lose_answer(desk)
    desk.service.settles[run_id] = [Stage.STORED]
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    assert desk.state.runs == ()
    assert desk.current.results[0].id == run_id
    assert len(desk.notices) == 1


@on_desk(**CLOUD)
async def test_a_failure_that_cost_nothing_is_not_asked_about(desk, quick):
    await desk.opened("a.jpg")
    desk.cloud.problem = CloudError("Refused.", charge=Charge.NONE)
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.service.settled == []
    assert not desk.state.runs[0].is_in_doubt


# By hand


@on_desk(has_key=True)
async def test_check_again_asks_now_and_tells_what_came_of_it(desk):
    desk.file("a.jpg")
    desk.paid_run("r", Stage.UNKNOWN)
    desk.service.settles["r"] = [Stage.REFUSED]
    desk.controller.settle_run("r")
    notice = await told(desk)
    assert "was not billed" in notice.text
    desk.controller.act(notice.id, "again")
    await desk.until(lambda: desk.state.current)
    question = await desk.question()
    assert "was not billed" in question.explanation
    desk.dialogs.press("cancel")
    await desk.idle()
    assert desk.cloud.requests == []


@on_desk()
async def test_a_check_that_was_not_possible_says_why_and_can_be_repeated(desk):
    desk.paid_run("r", Stage.UNKNOWN)
    desk.service.settles["r"] = [Unreachable("The service cannot be reached.", charge=Charge.NONE)]
    desk.controller.settle_run("r")
    notice = await told(desk)
    assert notice.text.startswith("The service cannot be reached.")
    assert list(dict(notice.wishes)) == ["check", "again"]


@on_desk()
async def test_a_result_that_cannot_be_shown_is_told_with_its_reason(desk):
    await desk.opened("a.jpg")
    desk.pictures.whole["r.png"] = PhotoUnreadable("r.png cannot be opened: it is cut off.")
    desk.paid_run("r", Stage.ANSWERED)
    desk.service.settles["r"] = [Stage.STORED]
    desk.controller.settle_run("r")
    notice = await told(desk)
    assert "cannot be read" in notice.text
