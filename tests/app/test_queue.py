"""The queue over the opened photos: one after the other, stopped as a whole by what concerns the whole."""

import asyncio
import random

import pytest
from support.fakes import PHOTO_BYTES, on_desk

from sharpen_desktop.core.errors import (
    Charge,
    CloudError,
    CreditExhausted,
    EngineFailed,
    JournalFailed,
    KeyRefused,
    LimitReached,
    ServiceBusy,
    StoreFull,
    Unreachable,
)
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.money import Quote, Spending
from sharpen_desktop.core.photo import Loading
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.runs import Pause
from sharpen_desktop.core.wording import photo_marks, primary_button

CLOUD = {"engine": "cloud", "has_key": True}
SENT = Progress(Phase.WAITING, is_paid_risk=True)
PAUSING = [
    (KeyRefused, Pause.KEY),
    (CreditExhausted, Pause.CREDIT),
    (LimitReached, Pause.LIMIT),
    (StoreFull, Pause.DISK),
    (JournalFailed, Pause.DISK),
    (ServiceBusy, Pause.SERVICE),
    (Unreachable, Pause.SERVICE),
]


def jpegs(count):
    return [f"{number:03}.jpg" for number in range(count)]


async def batch_over(desk, count):
    batch = await desk.batch_ended(count)
    await desk.idle()
    return batch


def problems(batch):
    return {each.name: each.problem for each in batch.outcomes if each.problem}


# Single photos


@on_desk()
async def test_photos_pressed_one_after_the_other_are_done_one_after_the_other(desk):
    await desk.opened("a.jpg", "b.jpg")
    await desk.running(desk.local)
    desk.controller.step_photo(1)
    desk.controller.sharpen()
    await desk.pause()
    assert primary_button(desk.state).does == "waiting"
    assert len(desk.local.requests) == 1
    desk.local.let_go()
    await desk.until(lambda: all(photo.results for photo in desk.state.photos))
    assert [request.photo_name for request in desk.local.requests] == ["a.jpg", "b.jpg"]
    assert desk.local.most_at_once == 1


@on_desk()
async def test_a_photo_that_waits_is_taken_out_of_the_queue_by_its_own_stop(desk):
    await desk.opened("a.jpg", "b.jpg")
    await desk.running(desk.local)
    desk.controller.step_photo(1)
    desk.controller.sharpen()
    desk.controller.stop()
    assert primary_button(desk.state).does == "run"
    assert desk.state.status == "Taken out of the queue."
    desk.local.let_go()
    await desk.idle()
    assert len(desk.local.requests) == 1
    assert desk.local.stops == 0


@on_desk()
async def test_the_settings_of_the_press_are_the_ones_a_waiting_photo_is_sharpened_with(desk):
    await desk.opened("a.jpg", "b.jpg")
    await desk.running(desk.local)
    desk.controller.step_photo(1)
    desk.controller.edit_setting("mode", "Strong")
    desk.controller.sharpen()
    desk.controller.edit_setting("mode", "Natural")
    desk.local.let_go()
    await desk.until(lambda: len(desk.local.requests) == 2)
    await desk.idle()
    assert desk.local.requests[1].settings.text("mode") == "Strong"


@on_desk(**CLOUD)
async def test_two_photos_are_at_the_service_at_once_and_a_third_waits_even_when_one_was_left(desk):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    desk.cloud.hold()
    desk.cloud.progress = [SENT]
    desk.controller.sharpen()
    await desk.answer("send")
    for _ in range(2):
        desk.controller.step_photo(1)
        await desk.until(lambda: desk.current.loading is Loading.READY)
        desk.controller.sharpen()
        await desk.idle_but_runs()
    assert len(desk.cloud.requests) == 2
    desk.controller.step_photo(-1)
    desk.controller.stop()
    await desk.answer("stop")
    await desk.pause()
    assert len(desk.cloud.requests) == 2
    desk.cloud.let_go()
    await desk.until(lambda: all(photo.results for photo in desk.state.photos))
    assert desk.cloud.most_at_once == 2


@on_desk()
async def test_a_failed_photo_does_not_stop_the_one_that_waits(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.local.problems["a.jpg"] = EngineFailed("The engine stopped.")
    await desk.running(desk.local)
    desk.controller.step_photo(1)
    desk.controller.sharpen()
    desk.local.let_go()
    await desk.until(lambda: desk.state.photos[1].results)
    assert photo_marks(desk.state)[desk.state.photos[0].id] == "failed"


# Sharpen all


@on_desk()
async def test_sharpen_all_asks_once_and_does_every_photo_that_has_no_such_result(desk):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    await desk.sharpened()
    desk.controller.sharpen_all()
    batch = await batch_over(desk, 2)
    assert [plan.names for plan in desk.dialogs.plans] == [("b.jpg", "c.jpg")]
    assert problems(batch) == {}
    assert [len(photo.results) for photo in desk.state.photos] == [1, 1, 1]
    assert desk.dialogs.tables == [batch]
    assert desk.sentences == ["2 photos sharpened."]


@on_desk()
async def test_not_agreed_queues_nothing(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.dialogs.agrees = False
    desk.controller.sharpen_all()
    await desk.idle()
    assert len(desk.dialogs.plans) == 1
    assert desk.state.runs == ()
    assert desk.state.batch is None


@on_desk()
async def test_when_every_photo_has_its_result_there_is_nothing_to_ask(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.controller.sharpen_all()
    await desk.idle()
    assert desk.dialogs.plans == []
    assert "Every photo has a result" in desk.sentences[0]


@on_desk(**CLOUD, quote=Quote(0.105, 5.0), day_spending=Spending(4.0))
async def test_what_a_batch_will_cost_is_asked_about_as_a_whole(desk):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    desk.dialogs.agrees = False
    desk.controller.sharpen_all()
    await desk.idle()
    plan = desk.dialogs.plans[0]
    assert (plan.engine, plan.stored, plan.large) == ("cloud", 0, 0)
    assert plan.quote_usd == pytest.approx(0.315)
    assert plan.quote_of_s == 5.0
    assert plan.limit_usd == pytest.approx(1.0)


@on_desk(**CLOUD, prefs=Prefs(limit_usd=0.0))
async def test_a_batch_of_unknown_price_says_so_and_one_without_a_limit_too(desk):
    await desk.opened("a.jpg")
    desk.dialogs.agrees = False
    desk.controller.sharpen_all()
    await desk.idle()
    assert (desk.dialogs.plans[0].quote_usd, desk.dialogs.plans[0].limit_usd) == (None, None)


@on_desk(engine="cloud")
async def test_a_batch_in_the_cloud_needs_a_key_first(desk):
    await desk.opened("a.jpg")
    desk.controller.sharpen_all()
    await desk.idle()
    assert desk.state.is_key_wanted
    assert desk.dialogs.plans == []


@on_desk(**CLOUD)
async def test_a_batch_in_the_cloud_asks_no_second_question_and_sends_two_at_a_time_after_the_first(desk):
    desk.cloud.result = {"cost_usd": 0.1}
    desk.cloud.hold()
    await desk.opened(*jpegs(6))
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.cloud.gate.waiting == 1)
    await desk.pause()
    assert len(desk.cloud.requests) == 1
    desk.cloud.let_go()
    desk.cloud.hold()
    await desk.until(lambda: desk.cloud.gate.waiting == 2)
    await desk.pause()
    assert len(desk.cloud.requests) == 3
    desk.cloud.let_go()
    batch = await batch_over(desk, 6)
    assert desk.dialogs.questions == []
    assert [each.cost_usd for each in batch.outcomes] == [0.1] * 6
    assert desk.cloud.most_at_once == 2


@on_desk()
async def test_one_unreadable_file_is_named_in_the_table_and_the_others_are_done(desk):
    await desk.opened("a.jpg", "bad.jpg", "c.jpg")
    desk.pictures.refuse("bad.jpg", "it is cut off")
    desk.controller.sharpen_all()
    batch = await batch_over(desk, 3)
    assert problems(batch) == {"bad.jpg": "bad.jpg cannot be opened: it is cut off."}
    assert desk.sentences == ["2 of 3 photos sharpened, 1 not."]
    assert desk.state.photos[1].loading is Loading.FAILED


@on_desk()
async def test_a_crash_in_one_photo_is_told_and_the_others_are_done(desk, caplog):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    desk.local.problems["b.jpg"] = ZeroDivisionError("a bug")
    desk.controller.sharpen_all()
    batch = await batch_over(desk, 3)
    assert problems(batch) == {"b.jpg": "Something in the program went wrong."}
    assert desk.state.runs == ()
    caplog.clear()


@on_desk()
async def test_of_five_hundred_photos_with_one_poisoned_four_hundred_and_ninety_nine_are_done(desk):
    desk.pictures.held_limit = 20 * PHOTO_BYTES
    chance = random.Random(75)
    names = jpegs(500)
    poisoned = names[chance.randrange(500)]
    if chance.random() < 0.5:
        desk.local.problems[poisoned] = EngineFailed("The local engine stopped unexpectedly.")
    else:
        desk.pictures.refuse(poisoned)
    await desk.opened(*names)
    desk.controller.sharpen_all()
    batch = await batch_over(desk, 500)
    assert list(problems(batch)) == [poisoned]
    marks = list(photo_marks(desk.state).values())
    assert (marks.count("done"), marks.count("failed")) == (499, 1)
    decoded = [v for photo in desk.state.photos for v in photo.variants if v.display]
    assert len(decoded) <= 22
    assert sum(len(photo.results) for photo in desk.state.photos) == 499


@on_desk()
async def test_a_second_batch_joins_the_one_that_goes_on_and_there_is_one_table(desk):
    await desk.opened("a.jpg")
    await desk.running(desk.local)
    desk.controller.sharpen_all()
    await desk.opened_more("b.jpg")
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.state.batch)
    await desk.opened_more("c.jpg")
    desk.controller.sharpen_all()
    await desk.until(lambda: len(desk.state.batch.run_ids) == 2)
    desk.local.let_go()
    await batch_over(desk, 2)
    assert len(desk.dialogs.tables) == 1


@on_desk()
async def test_a_photo_that_is_closed_before_its_turn_ends_as_that(desk):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    desk.local.hold()
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.local.gate.waiting)
    desk.controller.step_photo(1)
    desk.controller.close_photo()
    await desk.until(lambda: len(desk.state.photos) == 2)
    desk.local.let_go()
    batch = await batch_over(desk, 3)
    assert problems(batch) == {"b.jpg": "Closed before its turn."}
    assert len(desk.local.requests) == 2


@on_desk()
async def test_the_table_can_be_seen_again_from_its_notice(desk):
    await desk.opened("a.jpg")
    desk.controller.sharpen_all()
    await batch_over(desk, 1)
    desk.controller.act(desk.notices[0].id, "results")
    await desk.until(lambda: len(desk.dialogs.tables) == 2)
    assert desk.notices == ()


# Pausing


@pytest.mark.parametrize(("kind", "pause"), PAUSING)
@on_desk(**CLOUD)
async def test_what_concerns_every_photo_stops_a_batch_of_fifty_after_one_request(desk, kind, pause):
    await desk.opened(*jpegs(50))
    desk.cloud.problem = kind("No.", charge=Charge.NONE)
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.state.pause is pause)
    await desk.idle()
    assert len(desk.cloud.requests) == 1
    assert sum(run.is_waiting for run in desk.state.runs) == 50
    assert desk.state.batch.outcomes == ()
    assert len(desk.notices) == 1
    assert "resume" in dict(desk.notices[0].wishes) or kind is KeyRefused


@on_desk(**CLOUD)
async def test_after_the_pause_the_queue_goes_on_where_it_stood_with_every_photo(desk):
    await desk.opened(*jpegs(5))
    desk.cloud.problem = CreditExhausted("The account is empty.", charge=Charge.NONE)
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.state.pause is Pause.CREDIT)
    await desk.idle()
    desk.cloud.problem = None
    desk.controller.act(desk.notices[0].id, "resume")
    batch = await batch_over(desk, 5)
    assert problems(batch) == {}
    assert desk.state.pause is Pause.NONE
    assert [request.photo_name for request in desk.cloud.requests] == ["000.jpg", *jpegs(5)]


@on_desk(**CLOUD)
async def test_a_refused_key_in_a_batch_asks_for_one_and_a_new_key_lets_the_queue_go_on(desk):
    await desk.opened(*jpegs(4))
    desk.cloud.problem = KeyRefused("The service does not accept the key.", charge=Charge.NONE)
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.state.pause is Pause.KEY)
    await desk.idle()
    assert desk.state.is_key_wanted
    assert len(desk.cloud.requests) == 1
    desk.cloud.problem = None
    desk.controller.give_key("a better key")
    assert problems(await batch_over(desk, 4)) == {}
    assert not desk.state.is_key_wanted
    assert desk.sentences == ["4 photos sharpened."]


@on_desk(**CLOUD)
async def test_a_key_does_not_let_a_queue_go_on_that_waits_for_something_else(desk):
    await desk.opened(*jpegs(4))
    desk.cloud.problem = CreditExhausted("The account is empty.", charge=Charge.NONE)
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.state.pause is Pause.CREDIT)
    desk.controller.give_key("another key")
    await desk.pause()
    assert len(desk.cloud.requests) == 1


@on_desk(**CLOUD)
async def test_a_photo_that_fails_by_itself_pauses_nothing(desk):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    desk.cloud.problems["b.jpg"] = CloudError("The service did not accept the photo.", charge=Charge.NONE)
    desk.controller.sharpen_all()
    batch = await batch_over(desk, 3)
    assert problems(batch) == {"b.jpg": "The service did not accept the photo. Nothing was billed."}
    assert desk.state.pause is Pause.NONE


@on_desk(**CLOUD)
async def test_a_single_run_that_is_refused_pauses_nothing_because_nothing_waits(desk):
    await desk.opened("a.jpg")
    desk.cloud.problem = Unreachable("The service cannot be reached.", charge=Charge.NONE, retryable=True)
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.state.pause is Pause.NONE
    assert dict(desk.notices[0].wishes).keys() == {"sharpen"}
    assert desk.state.runs[0].problem


@on_desk(**CLOUD)
async def test_a_paused_cloud_does_not_keep_this_computer_from_working(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.cloud.problem = CreditExhausted("The account is empty.", charge=Charge.NONE)
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.state.pause is Pause.CREDIT)
    await desk.idle()
    desk.controller.stop()
    desk.controller.choose_engine("local")
    await desk.sharpened()


@on_desk()
async def test_the_user_pauses_and_resumes_and_what_goes_on_ends(desk):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    desk.local.hold()
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.local.gate.waiting)
    desk.controller.pause_queue()
    desk.local.let_go()
    await desk.until(lambda: desk.state.photos[0].results)
    await desk.idle()
    assert len(desk.local.requests) == 1
    desk.controller.resume_queue()
    assert problems(await batch_over(desk, 3)) == {}


@on_desk(**CLOUD)
async def test_a_press_while_the_queue_is_paused_says_why_nothing_happens(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.controller.pause_queue()
    desk.controller.choose_engine("local")
    desk.controller.sharpen()
    await desk.idle()
    assert desk.state.status == Pause.USER.value
    assert desk.local.requests == []


@on_desk(**CLOUD)
async def test_a_pause_ends_with_the_last_photo_it_held_up(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.cloud.problem = CreditExhausted("The account is empty.", charge=Charge.NONE)
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.state.pause is Pause.CREDIT)
    await desk.idle()
    desk.controller.stop_all()
    await desk.until(lambda: desk.state.pause is Pause.NONE)
    assert not [each for each in desk.notices if "resume" in dict(each.wishes)]


# Stopping everything


@on_desk()
async def test_stop_all_empties_the_queue_stops_what_goes_on_and_shows_how_far_it_came(desk):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    desk.local.hold()
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.local.gate.waiting)
    desk.controller.stop_all()
    batch = await batch_over(desk, 3)
    assert problems(batch) == dict.fromkeys(("a.jpg", "b.jpg", "c.jpg"), "Stopped.")
    assert desk.local.stops == 1
    assert desk.state.runs == ()


@on_desk(**CLOUD, quote=Quote(0.105, 0.0), is_cloud_proven=True)
async def test_stop_all_asks_once_about_everything_that_is_at_the_service(desk):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    desk.cloud.hold()
    desk.cloud.progress = [SENT]
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.cloud.gate.waiting == 2)
    desk.controller.stop_all()
    question = await desk.answer("stop")
    assert question.text == "Stop waiting for 2 photos?"
    assert question.explanation == "This may still cost about $0.21. If the answers arrive, they are kept."
    batch = await desk.batch_ended(3)
    assert [each.problem for each in batch.outcomes].count("Stopped.") == 1
    assert [each.charge for each in batch.outcomes].count(Charge.UNKNOWN) == 2
    desk.cloud.let_go()
    await desk.until(lambda: sum(len(photo.results) for photo in desk.state.photos) == 2)
    assert len(desk.cloud.requests) == 2
    assert desk.cloud.stops == 0


@on_desk(**CLOUD)
async def test_a_run_that_is_refused_while_the_question_is_open_is_stopped_without_a_claim(desk):
    await desk.opened("a.jpg")
    desk.cloud.hold()
    desk.cloud.progress = [SENT]
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.cloud.gate.waiting)
    desk.controller.stop()
    await desk.question()
    desk.cloud.report(Progress(Phase.BUSY, again_in_s=5.0))
    desk.dialogs.press("stop")
    await desk.until(lambda: desk.cloud.stops)
    await desk.idle()
    assert desk.state.status == "Stopped. Nothing was billed."


# The photo's file


@on_desk()
async def test_a_file_that_is_deleted_while_its_photo_waits_is_said_when_its_pixels_are_there(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.current.loading is Loading.READY)
    desk.controller.step_photo(-1)
    await desk.running(desk.local)
    desk.controller.step_photo(1)
    desk.controller.sharpen()
    await desk.idle_but_runs()
    await asyncio.to_thread((desk.folder / "b.jpg").unlink)
    desk.local.let_go()
    await desk.until(lambda: desk.state.photos[1].results)
    said = "b.jpg is no longer at its place since it was queued; the picture as it was read was sharpened."
    assert desk.state.photos[1].results[0].note == said


@on_desk()
async def test_a_file_that_is_changed_while_its_photo_waits_is_said(desk):
    await desk.opened("a.jpg")
    await desk.running(desk.local)
    await desk.pause()
    await asyncio.to_thread((desk.folder / "a.jpg").write_bytes, b"another picture altogether")
    desk.local.let_go()
    await desk.until(lambda: desk.current.results)
    assert "a.jpg was changed since it was queued" in desk.current.results[0].note


@on_desk()
async def test_a_file_that_stays_as_it_was_is_not_talked_about(desk):
    await desk.opened("a.jpg")
    assert (await desk.sharpened()).note == ""
