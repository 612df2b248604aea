"""The paid engine: nothing is sent by accident, nothing is sent twice, and what it may have cost is said."""

import pytest
from support.fakes import on_desk

from sharpen_desktop.core.errors import (
    Charge,
    CloudError,
    CreditExhausted,
    EngineFailed,
    KeyRefused,
    PhotoUnreadable,
)
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.money import Quote
from sharpen_desktop.core.photo import Loading
from sharpen_desktop.core.wording import primary_button

CLOUD = {"engine": "cloud", "has_key": True}
UPLOADING = Progress(Phase.UPLOADING, 0.9)
SENT = Progress(Phase.WAITING, is_paid_risk=True)


async def cloud_running(desk, *progress):
    """Open a photo and start a cloud run that stays open after ``progress``."""
    await desk.opened("a.jpg")
    await cloud_going(desk, *progress)


async def cloud_going(desk, *progress):
    """Start a cloud run of the shown photo that stays open after ``progress``."""
    desk.cloud.hold()
    desk.cloud.progress = list(progress)
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.cloud.gate.waiting)


# Before anything is sent


@on_desk(**CLOUD)
async def test_the_first_time_the_cost_is_asked_about_and_nothing_is_sent_before_the_answer(desk):
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    question = await desk.question()
    await desk.pause()
    assert desk.cloud.requests == []
    assert desk.state.going is None
    assert "a.jpg" in question.text
    assert "costs money" in question.explanation
    assert question.escape == "cancel"
    assert question.buttons[0][0] == "cancel"
    desk.dialogs.press("send")
    await desk.until(lambda: desk.current.results)
    assert desk.cloud.requests[0].engine == "cloud"
    assert desk.local.requests == []


@on_desk(**CLOUD)
async def test_the_cost_is_asked_about_only_once(desk):
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    await desk.sharpened()
    assert len(desk.dialogs.questions) == 1
    assert len(desk.cloud.requests) == 2


@on_desk(**CLOUD)
async def test_not_agreed_sends_nothing_and_asks_again_the_next_time(desk):
    await desk.opened("a.jpg")
    for _ in range(2):
        desk.controller.sharpen()
        await desk.answer("cancel")
        await desk.idle()
    assert desk.cloud.requests == []
    assert desk.state.runs == ()
    assert desk.notices == ()
    assert len(desk.dialogs.questions) == 2


@on_desk(**CLOUD)
async def test_a_second_press_while_the_question_is_open_asks_nothing_more(desk):
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.question()
    desk.controller.sharpen()
    await desk.pause()
    assert len(desk.dialogs.questions) == 1
    desk.dialogs.press("send")
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    assert len(desk.cloud.requests) == 1


@on_desk(**CLOUD)
async def test_esc_while_the_question_is_open_sends_nothing(desk):
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.question()
    desk.controller.stop()
    await desk.idle()
    assert desk.dialogs.open_question is None
    assert desk.cloud.requests == []


@on_desk(**CLOUD)
async def test_a_photo_that_was_closed_while_the_question_was_open_is_not_paid_for(desk):
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.question()
    desk.controller.close_photo()
    await desk.until(lambda: not desk.state.photos)
    desk.dialogs.press("send")
    await desk.idle()
    assert desk.cloud.requests == []


@on_desk(engine="cloud")
async def test_without_a_key_the_card_opens_and_nothing_is_sent_or_asked(desk):
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.idle()
    assert desk.state.is_key_wanted
    assert desk.cloud.requests == []
    assert desk.dialogs.questions == []


@on_desk()
async def test_choosing_the_cloud_without_a_key_opens_the_card_and_a_key_closes_it(desk):
    desk.controller.choose_engine("cloud")
    assert desk.state.is_key_wanted
    desk.controller.give_key("a key")
    assert desk.keys.given == ["a key"]
    assert desk.state.has_key
    assert not desk.state.is_key_wanted


@on_desk(engine="cloud", is_key_wanted=True)
async def test_a_key_that_cannot_be_one_gives_a_notice_and_the_card_stays(desk):
    desk.controller.give_key(" ")
    assert desk.sentences == ["That is no key."]
    assert not desk.state.has_key
    assert desk.state.is_key_wanted


@on_desk(**CLOUD)
async def test_nothing_but_the_button_sends_a_photo(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.controller.edit_setting("strength", 0.5)
    desk.controller.reset_settings()
    desk.controller.undo()
    desk.controller.step_photo(1)
    desk.controller.choose_engine("local")
    desk.controller.choose_engine("cloud")
    await desk.pause()
    assert desk.cloud.requests == []
    assert desk.dialogs.questions == []


# The other engine, once


@on_desk(has_key=True)
async def test_the_other_engine_always_asks_when_it_is_the_paid_one(desk):
    await desk.opened("a.jpg")
    for count in (1, 2):
        desk.controller.sharpen_elsewhere()
        await desk.answer("send")
        await desk.until(lambda count=count: len(desk.current.results) == count)
        await desk.idle()
    assert len(desk.dialogs.questions) == 2
    assert desk.state.engine == "local"


@on_desk(**CLOUD)
async def test_the_other_engine_of_the_cloud_is_free_and_asks_nothing(desk):
    await desk.opened("a.jpg")
    desk.controller.sharpen_elsewhere()
    await desk.until(lambda: desk.current.results)
    assert desk.dialogs.questions == []
    assert len(desk.local.requests) == 1
    assert desk.cloud.requests == []
    assert desk.state.engine == "cloud"


# Stopping


@pytest.mark.parametrize("progress", [(), (UPLOADING,)], ids=["preparing", "uploading"])
@on_desk(**CLOUD)
async def test_stopping_before_the_whole_photo_is_sent_needs_no_question(desk, progress):
    await cloud_running(desk, *progress)
    desk.controller.stop()
    await desk.until(lambda: desk.cloud.stops)
    await desk.idle()
    assert len(desk.dialogs.questions) == 1
    assert desk.state.status == "Stopped. Nothing was billed."
    assert desk.state.runs == ()
    assert desk.notices == ()


@on_desk(**CLOUD)
async def test_stopping_after_the_photo_is_sent_asks_and_says_what_it_may_cost(desk):
    await cloud_running(desk, UPLOADING, SENT)
    desk.controller.stop()
    question = await desk.answer("stop")
    await desk.until(lambda: desk.state.going is None)
    assert question.text == "Stop waiting?"
    assert question.explanation == "This may still cost money. If it arrives, it is kept."
    assert question.escape == "wait"
    assert question.buttons[0][0] == "wait"
    assert desk.state.status == "No longer waited for. If the answer comes, it is kept."
    assert primary_button(desk.state).does == "run"
    assert desk.cloud.stops == 0


@on_desk(**CLOUD, quote=Quote(0.105, 0.0))
async def test_a_known_price_is_in_the_question_whether_to_stop_waiting(desk):
    await cloud_running(desk, SENT)
    desk.controller.stop()
    question = await desk.answer("wait")
    assert question.explanation == "This may still cost about $0.11. If it arrives, it is kept."


@on_desk(**CLOUD)
async def test_the_answer_of_a_run_that_was_left_joins_the_photo_without_taking_over_side_b(desk):
    await desk.opened("a.jpg")
    await desk.sharpened_elsewhere()
    shown = desk.current.side_b
    await cloud_going(desk, SENT)
    desk.controller.stop()
    await desk.answer("stop")
    await desk.pause()
    desk.cloud.result = {"cost_usd": 0.105}
    desk.cloud.let_go()
    await desk.until(lambda: len(desk.current.results) == 2)
    await desk.idle()
    assert desk.current.side_b == shown
    assert desk.current.results[-1].engine == "cloud"
    assert desk.state.runs == ()
    assert desk.sentences == ["The answer for a.jpg has come after all: it is among its variants ($0.105)."]


@on_desk(**CLOUD)
async def test_pressing_again_waits_again_for_the_run_that_was_left_and_sends_nothing_more(desk):
    await cloud_running(desk, SENT)
    desk.controller.stop()
    await desk.answer("stop")
    await desk.pause()
    desk.controller.sharpen()
    await desk.pause()
    assert desk.state.going is not None
    desk.cloud.let_go()
    await desk.until(lambda: desk.current.results)
    assert len(desk.cloud.requests) == 1
    assert desk.current.side_b == desk.current.results[0].id


@on_desk(**CLOUD)
async def test_the_answer_of_a_left_run_whose_photo_was_closed_is_offered(desk):
    await cloud_running(desk, SENT)
    desk.controller.stop()
    await desk.answer("stop")
    await desk.pause()
    desk.controller.close_photo()
    await desk.until(lambda: not desk.state.photos)
    assert len(desk.state.runs) == 1
    desk.cloud.let_go()
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.notices[0].wishes == (("show", "Show it"),)
    assert "is kept" in desk.sentences[0]
    assert desk.state.runs == ()


@on_desk(**CLOUD)
async def test_keeping_on_waiting_keeps_the_run_and_its_result(desk):
    await cloud_running(desk, SENT)
    desk.controller.stop()
    await desk.answer("wait")
    await desk.pause()
    assert desk.state.going is not None
    desk.cloud.let_go()
    await desk.until(lambda: desk.current.results)
    assert desk.cloud.stops == 0


@on_desk(**CLOUD)
async def test_a_result_that_comes_while_the_question_is_open_is_kept_and_the_question_leaves(desk):
    await cloud_running(desk, SENT)
    desk.controller.stop()
    await desk.question()
    desk.cloud.let_go()
    await desk.until(lambda: desk.current.results)
    await desk.until(lambda: desk.dialogs.open_question is None)
    await desk.idle()
    assert len(desk.current.results) == 1
    assert desk.state.status.startswith("Done")
    assert desk.cloud.stops == 0


@on_desk(**CLOUD)
async def test_a_question_about_an_old_run_does_not_stop_the_next_one(desk):
    await cloud_running(desk, SENT)
    desk.controller.stop()
    await desk.question()
    desk.cloud.let_go()
    await desk.until(lambda: desk.current.results)
    await desk.until(lambda: desk.state.going is None)
    await desk.pause()
    desk.cloud.hold()
    desk.controller.sharpen()
    await desk.until(lambda: desk.cloud.gate.waiting)
    await desk.pause()
    assert desk.dialogs.open_question is None
    assert desk.state.going is not None
    assert desk.cloud.stops == 0


# What goes wrong


@pytest.mark.parametrize("charge", Charge)
@pytest.mark.parametrize("kind", [CloudError, CreditExhausted])
@on_desk(**CLOUD)
async def test_every_error_of_the_service_is_one_notice_that_says_what_it_cost(desk, kind, charge):
    await desk.opened("a.jpg")
    desk.cloud.problem = kind("The service is busy.", charge=charge, detail="429", request_id="sd-1")
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.sentences == [f"The service is busy. {charge.value}"]
    assert desk.notices[0].kind == "error"
    assert desk.notices[0].detail == "429\nsd-1"
    assert desk.state.runs[0].problem == desk.sentences[0]


@on_desk(**CLOUD)
async def test_a_run_that_failed_is_not_sent_again_by_itself(desk):
    await desk.opened("a.jpg")
    desk.cloud.problem = CloudError("The service is busy.", charge=Charge.NONE, retryable=True)
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.notices)
    await desk.idle()
    desk.controller.choose_engine("local")
    desk.controller.choose_engine("cloud")
    desk.controller.give_key("another key")
    await desk.pause()
    assert len(desk.cloud.requests) == 1
    assert dict(desk.notices[0].wishes).keys() == {"sharpen"}


@on_desk(**CLOUD)
async def test_a_refused_key_asks_for_the_key_and_keeps_the_run_for_later(desk):
    await desk.opened("a.jpg")
    desk.cloud.problem = KeyRefused("The service does not accept the key.", charge=Charge.NONE)
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.sentences == ["The service does not accept the key. Nothing was billed."]
    assert not desk.state.has_key
    assert desk.state.is_key_wanted
    assert primary_button(desk.state).does == "key"
    desk.cloud.problem = None
    desk.controller.give_key("a better key")
    await desk.sharpened()
    assert len(desk.cloud.requests) == 2


@on_desk(has_key=True)
async def test_a_refused_key_asks_for_the_key_after_a_run_elsewhere_too(desk):
    await desk.opened("a.jpg")
    desk.cloud.problem = KeyRefused("The service does not accept the key.", charge=Charge.NONE)
    desk.controller.sharpen_elsewhere()
    await desk.answer("send")
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.state.is_key_wanted


@on_desk(**CLOUD)
async def test_the_cost_of_a_result_is_kept_as_it_was_told(desk):
    await desk.opened("a.jpg")
    desk.cloud.result = {"cost_usd": 0.105, "is_cost_estimated": True}
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.current.results)
    result = desk.current.results[0]
    assert (result.cost_usd, result.is_cost_estimated) == (0.105, True)
    assert "≈ $0.105" in desk.state.status


@on_desk(**CLOUD)
async def test_a_result_of_unknown_cost_is_not_called_free(desk):
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.current.results)
    assert desk.current.results[0].cost_usd is None
    assert desk.state.status.endswith("cost unknown")


@on_desk(**CLOUD)
async def test_a_paid_picture_that_is_being_opened_cannot_be_lost_by_a_stop_or_a_close(desk):
    await desk.opened("a.jpg")
    desk.pictures.reads.hold()
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.state.going and desk.state.going.is_receiving)
    desk.controller.stop()
    desk.controller.close()
    await desk.pause()
    assert not desk.controller.closed.is_set()
    assert "Nothing was billed" not in desk.state.status
    desk.pictures.reads.let_go()
    await desk.until(lambda: desk.current.results)
    await desk.answer("close")
    await desk.until(desk.controller.closed.is_set)


@on_desk(**CLOUD)
async def test_after_a_failure_that_may_have_cost_the_next_press_asks_again(desk):
    await desk.opened("a.jpg")
    desk.cloud.problem = CloudError("The answer was lost.", charge=Charge.UNKNOWN, retryable=True)
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.notices)
    desk.cloud.problem = None
    desk.controller.sharpen()
    await desk.answer("cancel")
    await desk.pause()
    assert len(desk.cloud.requests) == 1


@on_desk(**CLOUD)
async def test_a_paid_result_that_cannot_be_shown_says_that_it_cost(desk):
    await desk.opened("a.jpg")
    desk.cloud.result = {"cost_usd": 0.105}
    desk.pictures.whole["cloud-1.tif"] = PhotoUnreadable("cloud-1.tif cannot be opened: it is cut off.")
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.notices)
    assert "billed" in desk.sentences[0]


@on_desk(has_key=True)
async def test_retrying_a_failed_local_run_never_sends_the_photo_to_the_cloud(desk):
    await desk.opened("a.jpg")
    desk.controller.choose_engine("cloud")
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    desk.controller.choose_engine("local")
    desk.local.problem = EngineFailed("The engine stopped.", retryable=True)
    desk.controller.sharpen()
    await desk.until(lambda: desk.notices)
    await desk.idle()
    desk.controller.choose_engine("cloud")
    desk.controller.act(desk.notices[0].id, "sharpen")
    await desk.idle()
    assert len(desk.cloud.requests) == 1
    assert len(desk.local.requests) == 2


@on_desk(**CLOUD)
async def test_a_photo_that_cannot_be_read_is_not_asked_about(desk):
    await desk.opened("a.jpg", "bad.jpg")
    desk.pictures.refuse("bad.jpg")
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.current.loading is Loading.FAILED)
    desk.controller.sharpen()
    await desk.idle()
    assert desk.dialogs.questions == []
    assert desk.cloud.requests == []


@pytest.mark.fault(8)
@on_desk(**CLOUD)
async def test_a_photo_that_is_too_large_can_be_sent_as_a_smaller_copy_after_a_question(desk):
    await desk.opened("a.jpg")
    problem = CloudError("The photo is too large for the service.", charge=Charge.NONE)
    problem.smaller_bytes = 4_000_000
    desk.cloud.problem = problem
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.notices)
    desk.cloud.problem = None
    assert dict(desk.notices[0].wishes).keys() == {"smaller"}
    desk.controller.act(desk.notices[0].id, "smaller")
    question = await desk.question()
    assert "scaled down" in question.explanation
    assert len(desk.cloud.requests) == 1
    desk.dialogs.press("send")
    await desk.until(lambda: desk.current.results)
    assert [each.most_bytes for each in desk.cloud.requests] == [0, 4_000_000]
