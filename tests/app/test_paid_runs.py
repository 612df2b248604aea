"""The list of cloud runs, what is deleted, and what would be sent."""

import pytest
from support.fakes import on_desk

from sharpen_desktop.core.errors import CloudError, JournalFailed
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.core.photos import pixels_given_back

CLOUD = {"engine": "cloud", "has_key": True}


async def shown(desk, stage=Stage.STORED, **more):
    """Open a photo and show its stored result."""
    desk.paid_run("r", stage, **more)
    await desk.opened("a.jpg")
    await desk.until(lambda: desk.current.paid_runs)
    desk.controller.sharpen()
    await desk.until(lambda: desk.current.results)
    await desk.idle()


@on_desk()
async def test_the_list_holds_every_run_newest_first_and_what_their_results_take_up(desk):
    desk.paid_run("older", Stage.REFUSED)
    desk.paid_run("newer", Stage.STORED)
    desk.controller.list_paid_runs()
    await desk.until(lambda: desk.state.paid_runs)
    assert [run.run_id for run in desk.state.paid_runs] == ["newer", "older"]
    assert desk.state.store_bytes == 2000


@on_desk()
async def test_a_journal_that_cannot_be_read_is_told(desk):
    desk.archive.problem = JournalFailed("The journal cannot be read.")
    desk.controller.list_paid_runs()
    await desk.until(lambda: desk.notices)
    assert desk.sentences == ["The journal cannot be read."]


@on_desk(**CLOUD)
async def test_a_paid_result_is_deleted_for_good_only_after_a_question(desk):
    await shown(desk, cost_usd=0.105)
    desk.controller.delete_variant("r")
    question = await desk.answer("keep")
    await desk.idle()
    assert question.escape == "keep"
    assert "($0.105)" in question.explanation
    assert "paid for again" in question.explanation
    assert "in no file of yours" in question.explanation
    assert len(desk.current.results) == 1
    assert desk.archive.discarded == []
    desk.controller.delete_variant("r")
    await desk.answer("delete")
    await desk.until(lambda: not desk.current.results)
    await desk.idle()
    assert desk.archive.discarded == ["r"]
    assert desk.state.view == "single"
    assert desk.pictures.forgotten[-1].master.folder == "/cache/r.png"


@on_desk(**CLOUD)
async def test_after_it_was_deleted_a_result_is_no_stored_one_any_more(desk):
    await shown(desk)
    desk.controller.discard_run("r")
    await desk.answer("delete")
    await desk.until(lambda: not desk.current.results)
    await desk.idle()
    desk.controller.sharpen()
    await desk.answer("cancel")
    await desk.idle()
    assert desk.cloud.requests == []


@on_desk(**CLOUD)
async def test_a_file_the_user_has_saved_stays_and_is_named(desk):
    await shown(desk, Stage.SAVED, saved_to=str(desk.file("mine.jpg")))
    desk.controller.discard_run("r")
    question = await desk.answer("keep")
    assert str(desk.folder / "mine.jpg") in question.explanation


@on_desk()
async def test_what_is_kept_of_a_run_without_a_result_can_be_deleted_too(desk):
    desk.paid_run("r", Stage.PAID_UNREADABLE)
    desk.controller.discard_run("r")
    question = await desk.answer("delete")
    await desk.idle()
    assert question.text == "Delete what is kept of a.jpg?"
    assert desk.archive.discarded == ["r"]


@on_desk()
async def test_a_result_of_this_computer_goes_without_a_question_and_undo_brings_it_back(desk):
    await desk.opened("a.jpg")
    result = await desk.sharpened()
    desk.controller.delete_variant(result.id)
    await desk.until(lambda: not desk.current.results)
    assert desk.dialogs.questions == []
    assert "Undo" in desk.state.status
    assert desk.pictures.forgotten == []
    desk.controller.undo()
    assert desk.current.after is not None
    assert desk.current.after.display == result.display
    assert desk.state.status == ""
    assert desk.archive.discarded == []


@on_desk()
async def test_a_deleted_result_gives_its_pixels_back_when_the_photo_is_closed(desk):
    await desk.opened("a.jpg", "b.jpg")
    result = await desk.sharpened()
    desk.controller.delete_variant(result.id)
    await desk.until(lambda: not desk.current.results)
    desk.controller.close_photo()
    await desk.idle()
    assert desk.dialogs.questions == []
    assert result.display in [each.display for each in desk.pictures.forgotten]
    assert not desk.state.history.past


@on_desk()
async def test_undo_shows_the_photo_whose_result_comes_back_and_reads_it_when_its_pixels_are_gone(desk):
    await desk.opened("a.jpg", "b.jpg")
    first = desk.current.id
    result = await desk.sharpened()
    desk.controller.delete_variant(result.id)
    await desk.until(lambda: not desk.current.results)
    desk.controller.step_photo(1)
    await desk.idle()
    desk.store.apply(pixels_given_back, first)
    desk.controller.undo()
    await desk.idle()
    assert desk.state.current_id == first
    assert desk.current.after is not None
    assert desk.current.after.display is not None
    assert desk.current.original is not None
    assert desk.current.original.is_original


@on_desk()
async def test_the_photo_itself_cannot_be_deleted(desk):
    await desk.opened("a.jpg")
    desk.controller.delete_variant(desk.current.original.id)
    await desk.idle()
    assert desk.current.original is not None
    assert desk.dialogs.questions == []


@pytest.mark.parametrize("wish", ["show_paid_run", "send_again", "discard_run"])
@on_desk()
async def test_a_run_that_is_not_in_the_journal_is_said_so(desk, wish):
    getattr(desk.controller, wish)("gone")
    await desk.until(lambda: desk.notices)
    assert desk.sentences == ["This run is not in the journal any more."]


@on_desk()
async def test_a_run_without_a_result_cannot_be_shown(desk):
    desk.paid_run("r", Stage.LOST)
    desk.controller.show_paid_run("r")
    await desk.until(lambda: desk.notices)
    assert desk.sentences == ["There is no stored result of a.jpg."]


@on_desk(has_key=True)
async def test_sending_again_opens_the_photo_and_says_what_the_first_time_has_cost(desk):
    desk.file("a.jpg")
    desk.paid_run("r", Stage.LOST, settings=desk.state.settings.replaced("strength", 0.3))
    desk.controller.send_again("r")
    question = await desk.answer("send")
    assert "was billed, and its picture did not come. This charges again." in question.explanation
    await desk.until(lambda: desk.current.results)
    request = desk.cloud.requests[0]
    assert (request.is_again, request.settings.get("strength")) == (True, 0.3)


@on_desk(has_key=True)
async def test_a_photo_that_is_gone_cannot_be_sent_again_and_that_is_said(desk):
    desk.paid_run("r", Stage.LOST)
    desk.controller.send_again("r")
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert "is no longer where it was" in desk.sentences[0]
    assert desk.dialogs.questions == []


# What leaves this computer


@on_desk()
async def test_what_would_be_sent_is_shown_without_a_key_and_without_sending(desk):
    await desk.opened("a.jpg")
    desk.controller.edit_setting("mode", "Strong")
    desk.controller.show_outgoing()
    await desk.until(lambda: desk.dialogs.outgoing)
    await desk.idle()
    request = desk.service.shown[0]
    assert (request.engine, request.settings.text("mode")) == ("cloud", "Strong")
    assert request.source.folder == "/cache/a.jpg"
    assert desk.cloud.requests == []
    assert desk.state.status == ""


@on_desk()
async def test_what_cannot_be_prepared_is_told(desk, monkeypatch):
    async def refuse(request):
        raise CloudError("The photo is too large to be sent.")

    monkeypatch.setattr(desk.service, "outgoing", refuse)
    await desk.opened("a.jpg")
    desk.controller.show_outgoing()
    await desk.until(lambda: desk.notices)
    assert desk.sentences == ["The photo is too large to be sent."]
    assert desk.dialogs.outgoing == []


@on_desk()
async def test_without_a_photo_there_is_nothing_to_show(desk):
    desk.controller.show_outgoing()
    await desk.idle()
    assert desk.service.shown == []
