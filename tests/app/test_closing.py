"""Closing: what must be asked is asked, and then nothing is left."""

import asyncio

from support.fakes import PHOTO_BYTES, on_desk

from sharpen_desktop.core.errors import SaveFailed
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.photo import Loading

SENT = Progress(Phase.WAITING, is_paid_risk=True)
CLOUD = {"engine": "cloud", "has_key": True}


async def paid_run(desk):
    await desk.opened("a.jpg")
    desk.cloud.hold()
    desk.cloud.progress = [SENT]
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.cloud.gate.waiting)


@on_desk()
async def test_closing_with_nothing_to_lose_asks_nothing(desk):
    await desk.opened("a.jpg")
    desk.controller.close()
    await asyncio.wait_for(desk.controller.closed.wait(), 5)
    assert desk.dialogs.questions == []


@on_desk()
async def test_closing_during_a_local_run_asks_nothing_and_stops_it(desk):
    await desk.opened("a.jpg")
    await desk.running(desk.local)
    desk.controller.close()
    await asyncio.wait_for(desk.controller.closed.wait(), 5)
    await desk.controller.aclose()
    assert desk.dialogs.questions == []
    assert desk.local.stops == 1


@on_desk()
async def test_closing_with_an_unsaved_result_asks(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.controller.close()
    question = await desk.question()
    assert question.text == "One result is not saved."
    assert [button for button, _ in question.buttons] == ["save", "close", "cancel"]
    assert question.escape == "cancel"
    assert not desk.controller.closed.is_set()
    desk.dialogs.press("close")
    await asyncio.wait_for(desk.controller.closed.wait(), 5)
    assert desk.pictures.saves == []


@on_desk()
async def test_cancel_keeps_the_window_open_and_the_next_close_asks_again(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    for _ in range(2):
        desk.controller.close()
        await desk.answer("cancel")
        await desk.idle()
    assert not desk.controller.closed.is_set()
    assert len(desk.dialogs.questions) == 2


@on_desk()
async def test_closing_twice_asks_once(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.controller.close()
    await desk.question()
    desk.controller.close()
    await desk.pause()
    assert len(desk.dialogs.questions) == 1
    desk.dialogs.press("close")
    await asyncio.wait_for(desk.controller.closed.wait(), 5)


@on_desk()
async def test_save_at_the_close_saves_and_closes(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.controller.close()
    await desk.answer("save")
    await asyncio.wait_for(desk.controller.closed.wait(), 5)
    assert [each[2].name for each in desk.pictures.saves] == ["a-sharp.jpg"]


@on_desk()
async def test_save_at_the_close_saves_the_results_of_every_photo(desk):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    await desk.sharpened()
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.current.loading is Loading.READY)
    await desk.sharpened()
    desk.controller.close()
    question = await desk.answer("save")
    assert question.text == "2 results are not saved."
    await asyncio.wait_for(desk.controller.closed.wait(), 5)
    assert [each[2].name for each in desk.pictures.saves] == ["a-sharp.jpg", "b-sharp.jpg"]


@on_desk()
async def test_save_at_the_close_saves_every_result_of_a_photo(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    await desk.sharpened()
    desk.controller.close()
    await desk.answer("save")
    await asyncio.wait_for(desk.controller.closed.wait(), 5)
    assert len(desk.pictures.saves) == 2


@on_desk()
async def test_save_at_the_close_saves_the_result_also_while_the_original_is_shown(desk):
    await desk.opened("a.jpg")
    result = await desk.sharpened()
    desk.controller.choose_side("b", desk.current.original.id)
    desk.controller.close()
    await desk.answer("save")
    await asyncio.wait_for(desk.controller.closed.wait(), 5)
    assert [each[0] for each in desk.pictures.saves] == [result.master]


@on_desk()
async def test_a_save_at_the_close_that_is_called_off_keeps_the_window_open(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.dialogs.targets.append(None)
    desk.controller.close()
    await desk.answer("save")
    await desk.idle()
    assert not desk.controller.closed.is_set()
    assert len(desk.state.unsaved) == 1


@on_desk()
async def test_a_save_at_the_close_that_fails_keeps_the_window_open_with_the_reason(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.pictures.save_problem = SaveFailed("a-sharp.jpg was not saved: the disk is full.")
    desk.controller.close()
    await desk.answer("save")
    await desk.idle()
    assert not desk.controller.closed.is_set()
    assert desk.sentences == ["a-sharp.jpg was not saved: the disk is full."]


@on_desk(**CLOUD)
async def test_closing_after_the_photo_was_sent_asks_whether_to_wait(desk):
    await paid_run(desk)
    desk.controller.close()
    question = await desk.question()
    assert question.buttons == (
        ("wait", "Wait"),
        ("close", "Close: it may still cost, and the answer is lost"),
    )
    assert question.escape == "wait"
    assert not desk.controller.closed.is_set()
    desk.dialogs.press("close")
    await asyncio.wait_for(desk.controller.closed.wait(), 5)
    await desk.controller.aclose()
    assert desk.cloud.stops == 1


@on_desk(**CLOUD)
async def test_closing_asks_about_a_run_nobody_waits_for_any_more_because_its_answer_would_be_lost(desk):
    await paid_run(desk)
    desk.controller.stop()
    await desk.answer("stop")
    await desk.pause()
    assert not desk.controller.may_close_at_once()
    desk.controller.close()
    question = await desk.answer("wait")
    assert "The next start asks the service whether it was charged." in question.explanation
    await desk.pause()
    assert not desk.controller.closed.is_set()
    desk.cloud.let_go()
    await desk.until(lambda: desk.current.results)


@on_desk(**CLOUD)
async def test_closing_asks_about_a_photo_at_the_service_that_is_not_the_shown_one(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.cloud.hold()
    desk.cloud.progress = [SENT]
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.cloud.gate.waiting)
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.current.loading is Loading.READY)
    desk.controller.close()
    question = await desk.answer("wait")
    assert "at the cloud service" in question.text


@on_desk()
async def test_saving_at_the_close_reads_a_result_again_whose_pixels_were_given_back(desk):
    desk.pictures.held_limit = PHOTO_BYTES
    await desk.opened("a.jpg", "b.jpg")
    await desk.sharpened()
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.state.photos[0].loading is Loading.LISTED)
    await desk.idle()
    desk.controller.close()
    await desk.answer("save")
    await asyncio.wait_for(desk.controller.closed.wait(), 5)
    assert [each[2].name for each in desk.pictures.saves] == ["a-sharp.jpg"]


@on_desk()
async def test_a_result_that_cannot_be_read_again_at_the_close_keeps_the_window_open(desk):
    desk.pictures.held_limit = PHOTO_BYTES
    await desk.opened("a.jpg", "b.jpg")
    await desk.sharpened()
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.state.photos[0].loading is Loading.LISTED)
    await desk.idle()
    desk.pictures.refuse("local-1.tif", "it is gone")
    desk.controller.close()
    await desk.answer("save")
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert not desk.controller.closed.is_set()
    assert desk.pictures.saves == []


@on_desk()
async def test_a_result_whose_photo_has_gone_since_is_saved_all_the_same_and_what_is_missing_is_said(desk):
    desk.pictures.held_limit = PHOTO_BYTES
    await desk.opened("a.jpg", "b.jpg")
    result = await desk.sharpened()
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.state.photos[0].loading is Loading.LISTED)
    await desk.idle()
    desk.pictures.refuse("a.jpg", "there is no such file")
    desk.controller.close()
    await desk.answer("save")
    await asyncio.wait_for(desk.controller.closed.wait(), 5)
    assert [(each[0], each[1]) for each in desk.pictures.saves] == [(result.master, result.master)]
    assert "metadata is not in it" in desk.sentences[-1]


@on_desk(**CLOUD)
async def test_waiting_keeps_the_window_open_and_the_result_arrives(desk):
    await paid_run(desk)
    desk.controller.close()
    await desk.answer("wait")
    await desk.pause()
    assert not desk.controller.closed.is_set()
    desk.cloud.let_go()
    await desk.until(lambda: desk.current.results)
    assert desk.cloud.stops == 0


@on_desk(**CLOUD)
async def test_a_paid_result_that_comes_while_asking_is_asked_about_before_it_is_lost(desk):
    await paid_run(desk)
    desk.controller.close()
    await desk.question()
    desk.cloud.let_go()
    await desk.until(lambda: desk.current.results)
    desk.dialogs.press("close")
    question = await desk.answer("cancel")
    await desk.idle()
    assert question.text == "One result is not saved."
    assert not desk.controller.closed.is_set()


@on_desk(**CLOUD)
async def test_closing_before_the_photo_was_sent_asks_nothing(desk):
    await desk.opened("a.jpg")
    desk.cloud.hold()
    desk.cloud.progress = [Progress(Phase.UPLOADING, 0.5)]
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.cloud.gate.waiting)
    desk.controller.close()
    await asyncio.wait_for(desk.controller.closed.wait(), 5)
    assert len(desk.dialogs.questions) == 1


@on_desk(**CLOUD)
async def test_the_end_of_the_system_asks_nothing(desk):
    await paid_run(desk)
    desk.controller.close_now()
    assert desk.controller.closed.is_set()
    assert len(desk.dialogs.questions) == 1


@on_desk()
async def test_after_the_end_nothing_starts_and_the_preferences_are_written(desk):
    await desk.opened("a.jpg")
    desk.controller.edit_setting("mode", "Strong")
    await desk.controller.aclose()
    assert dict(desk.prefs_file.written[-1].settings)["mode"] == "Strong"
    desk.controller.sharpen()
    desk.controller.save()
    desk.controller.close()
    desk.controller.edit_setting("mode", "Natural")
    await desk.pause()
    assert desk.local.requests == []
    assert desk.dialogs.questions == []


# Closing one photo


@on_desk()
async def test_closing_a_photo_with_an_unsaved_result_asks(desk):
    await desk.opened("a.jpg", "b.jpg")
    await desk.sharpened()
    desk.controller.close_photo()
    question = await desk.answer("cancel")
    await desk.idle()
    assert question.text == "One result is not saved."
    assert dict(question.buttons)["close"] == "Remove without saving"
    assert desk.names == ["a.jpg", "b.jpg"]
    desk.controller.close_photo()
    await desk.answer("close")
    await desk.until(lambda: desk.names == ["b.jpg"])
    assert desk.pictures.saves == []


@on_desk()
async def test_save_when_closing_a_photo_saves_and_removes_it(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.controller.close_photo()
    await desk.answer("save")
    await desk.until(lambda: not desk.state.photos)
    assert [each[2].name for each in desk.pictures.saves] == ["a-sharp.jpg"]


@on_desk()
async def test_a_save_that_is_called_off_keeps_the_photo(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.dialogs.targets.append(None)
    desk.controller.close_photo()
    await desk.answer("save")
    await desk.idle()
    assert desk.names == ["a.jpg"]


@on_desk()
async def test_save_when_closing_a_photo_saves_every_result(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    await desk.sharpened()
    desk.controller.close_photo()
    await desk.answer("save")
    await desk.until(lambda: not desk.state.photos)
    assert len(desk.pictures.saves) == 2


@on_desk()
async def test_the_photo_that_was_asked_about_is_the_one_that_is_removed(desk):
    await desk.opened("a.jpg", "b.jpg")
    await desk.sharpened()
    desk.controller.close_photo()
    await desk.question()
    desk.controller.step_photo(1)
    desk.dialogs.press("close")
    await desk.until(lambda: len(desk.state.photos) == 1)
    await desk.idle()
    assert desk.names == ["b.jpg"]
