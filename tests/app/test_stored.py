"""What was paid for before is shown again for nothing, and never paid for twice without a plain question."""

import asyncio

import pytest
from support.fakes import PHOTO_BYTES, fingerprint_of, look_of, on_desk, picture_of

from sharpen_desktop.core.arrival import Arrival
from sharpen_desktop.core.errors import AlreadyPaid, Charge, JournalFailed, PhotoUnreadable, SharpenError
from sharpen_desktop.core.money import Quote
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.core.photo import Loading
from sharpen_desktop.core.wording import cost, primary_button

CLOUD = {"engine": "cloud", "has_key": True}


async def opened_with(desk, stage=Stage.STORED, **more):
    """Open a photo that the journal has a run of, and wait until that is known."""
    run = desk.paid_run("earlier", stage, **more)
    await desk.opened("a.jpg")
    await desk.until(lambda: desk.current.paid_runs)
    return run


@on_desk(**CLOUD)
async def test_a_photo_that_was_paid_for_is_known_as_soon_as_the_cloud_is_chosen(desk):
    await opened_with(desk)
    assert desk.current.fingerprint == fingerprint_of("a.jpg")
    assert primary_button(desk.state).does == "stored"
    desk.controller.edit_setting("strength", 0.5)
    assert primary_button(desk.state).does == "run"
    desk.controller.undo()
    assert primary_button(desk.state).does == "stored"


@on_desk()
async def test_nothing_is_worked_out_for_the_journal_while_the_photo_is_sharpened_here(desk):
    desk.paid_run("earlier", Stage.STORED)
    await desk.opened("a.jpg")
    await desk.sharpened()
    assert desk.current.fingerprint is None
    desk.controller.choose_engine("cloud")
    await desk.until(lambda: desk.current.paid_runs)


@on_desk(engine="cloud")
async def test_a_stored_result_is_shown_without_a_question_a_key_or_a_request(desk):
    run = await opened_with(desk, cost_usd=0.105)
    desk.controller.sharpen()
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    result = desk.current.results[0]
    assert (desk.cloud.requests, desk.dialogs.questions) == ([], [])
    assert (result.id, result.file, result.paid_on) == ("earlier", run.files[0], run.created_s)
    assert cost(result).startswith("already paid on 3 May · $0.105")
    assert desk.current.side_b == "earlier"
    assert desk.state.view == "split"
    assert desk.state.status.endswith("Nothing was sent.")
    assert not desk.state.is_key_wanted


@on_desk(**CLOUD)
async def test_pressing_again_shows_the_same_variant_and_adds_no_second_one(desk):
    await opened_with(desk)
    for _ in range(2):
        desk.controller.sharpen()
        await desk.until(lambda: desk.current.results)
        await desk.idle()
    assert len(desk.current.results) == 1
    desk.controller.choose_side("b", desk.current.original.id)
    desk.controller.sharpen()
    await desk.until(lambda: desk.current.side_b == "earlier")


@on_desk(**CLOUD)
async def test_a_press_before_the_journal_was_asked_waits_for_its_word_and_pays_nothing(desk):
    desk.paid_run("earlier", Stage.STORED)
    desk.pictures.looks["a.jpg"] = look_of("a.jpg")
    desk.pictures.reads.hold()
    desk.controller.open_paths([desk.file("a.jpg")])
    await desk.until(lambda: desk.state.current)
    desk.controller.sharpen()
    desk.pictures.reads.let_go()
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    assert (desk.cloud.requests, desk.dialogs.questions) == ([], [])


@on_desk(**CLOUD, quote=Quote(0.105, 0.0))
async def test_running_again_anyway_always_asks_and_says_that_the_result_is_kept(desk):
    await opened_with(desk)
    desk.controller.run_again()
    question = await desk.answer("send")
    assert question.text == "Send a.jpg again?"
    assert question.explanation.startswith(
        "Its result, paid for on 3 May, is kept and can be shown at no cost. This costs about $0.11,"
    )
    await desk.until(lambda: desk.cloud.requests)
    await desk.idle()
    assert desk.cloud.requests[0].is_again
    desk.controller.run_again()
    await desk.answer("cancel")
    await desk.idle()
    assert len(desk.cloud.requests) == 1


@on_desk(**CLOUD)
async def test_a_request_carries_what_the_journal_needs_and_the_limits(desk):
    desk.controller.change_prefs(limit_usd=3.0)
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.cloud.requests)
    await desk.idle()
    request = desk.cloud.requests[0]
    assert request.fingerprint == fingerprint_of("a.jpg")
    assert (request.photo_name, request.photo_path) == ("a.jpg", str(desk.folder / "a.jpg"))
    assert (request.limit_usd, request.is_again, request.quote_usd) == (3.0, False, None)


@on_desk(**CLOUD)
async def test_a_stored_result_whose_file_has_gone_is_said_and_asked_about_before_it_is_paid_for_again(desk):
    run = await opened_with(desk)
    await asyncio.to_thread((desk.folder / "earlier.png").unlink)
    desk.controller.sharpen()
    await desk.answer("cancel")
    await desk.idle()
    assert desk.cloud.requests == []
    assert "is gone from the program's folder" in desk.sentences[0]
    desk.controller.show_paid_run(run.run_id)
    await desk.idle()
    assert "is gone from the program's folder" in desk.sentences[-1]
    assert desk.current.results == ()


@on_desk(**CLOUD)
async def test_a_result_the_engine_finds_stored_is_shown_as_already_paid(desk):
    await desk.opened("a.jpg")
    run = desk.paid_run("another", Stage.STORED, settings=desk.state.settings.replaced("strength", 0.9))
    desk.cloud.result = {"file": run.files[0], "paid_on": run.created_s, "cost_usd": 0.105}
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    assert desk.current.results[0].id == "another"
    assert desk.current.results[0].paid_on == run.created_s
    assert desk.state.runs == ()


@on_desk(**CLOUD)
async def test_without_the_journal_nothing_is_sent_and_this_computer_still_works(desk):
    desk.archive.problem = JournalFailed("The journal cannot be read.")
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.sentences == ["The journal cannot be read."]
    assert (desk.cloud.requests, desk.dialogs.questions) == ([], [])
    desk.controller.choose_engine("local")
    await desk.sharpened()


@on_desk(**CLOUD)
async def test_a_run_in_doubt_stands_in_the_way_with_its_two_next_steps(desk):
    await opened_with(desk, Stage.UNKNOWN)
    desk.cloud.problem = AlreadyPaid("Nothing was sent now.", charge=Charge.UNKNOWN)
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.notices)
    await desk.idle()
    notice = desk.notices[0]
    assert (list(dict(notice.wishes)), notice.run_id) == (["check", "again"], "earlier")
    desk.cloud.problem = None
    desk.controller.act(notice.id, "again")
    question = await desk.answer("send")
    assert "may have been billed, so this may charge again" in question.explanation
    await desk.until(lambda: len(desk.cloud.requests) == 2)
    await desk.idle()
    assert desk.cloud.requests[1].is_again


@on_desk(**CLOUD)
async def test_saving_a_paid_result_is_noted_in_the_journal_and_saving_a_free_one_is_not(desk):
    await opened_with(desk)
    desk.controller.sharpen()
    await desk.until(lambda: desk.current.results)
    desk.controller.save()
    await desk.until(lambda: desk.pictures.saves)
    await desk.idle()
    assert desk.archive.saves == [("earlier", str(desk.folder / "a-sharp.jpg"))]
    await desk.sharpened_elsewhere()
    desk.controller.save()
    await desk.until(lambda: len(desk.pictures.saves) == 2)
    await desk.idle()
    assert len(desk.archive.saves) == 1


@on_desk(**CLOUD)
async def test_a_journal_that_cannot_be_told_of_a_save_does_not_make_it_fail(desk):
    await opened_with(desk)
    desk.controller.sharpen()
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    desk.archive.problem = JournalFailed("The disk is full.")
    desk.controller.save()
    await desk.until(lambda: desk.pictures.saves)
    await desk.idle()
    assert desk.state.unsaved == ()
    assert desk.notices == ()


@on_desk(**CLOUD)
async def test_a_saved_result_that_was_moved_since_is_unsaved_again_and_that_is_said(desk):
    await opened_with(desk, Stage.SAVED, saved_to=str(desk.folder / "moved-away.jpg"))
    desk.controller.sharpen()
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.sentences == ["moved-away.jpg is no longer where it was saved. The result itself is kept."]
    assert desk.current.results[0].is_unsaved


@on_desk(**CLOUD)
async def test_a_saved_result_that_is_still_there_is_a_saved_one(desk):
    await opened_with(desk, Stage.SAVED, saved_to=str(desk.file("a-sharp.jpg")))
    desk.controller.sharpen()
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    assert desk.state.unsaved == ()
    assert desk.notices == ()


@on_desk(**CLOUD)
async def test_a_photo_that_is_read_again_is_looked_up_again_because_its_file_may_be_another(desk):
    desk.pictures.held_limit = PHOTO_BYTES
    desk.paid_run("earlier", Stage.STORED)
    await desk.opened("a.jpg", "b.jpg")
    await desk.until(lambda: desk.current.paid_runs)
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.state.photos[0].loading is Loading.LISTED)
    await desk.idle()
    desk.pictures.whole["a.jpg"] = picture_of("something else")
    desk.controller.step_photo(-1)
    await desk.until(lambda: desk.current.fingerprint == fingerprint_of("something else"))
    assert primary_button(desk.state).does == "run"


# The arrival check


@on_desk(**CLOUD)
async def test_what_the_arrival_check_finds_is_on_the_variant_before_it_is_shown(desk):
    desk.pictures.arrival = Arrival(("The result is shifted by 3 pixels.",), shift=(3.0, 0.0))
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    result = desk.current.results[0]
    assert result.note == "The result is shifted by 3 pixels."
    assert (result.can_align, result.can_match_colour) == (True, False)
    assert desk.sentences == ["The result is shifted by 3 pixels."]


@on_desk(**CLOUD)
async def test_a_check_that_does_not_work_keeps_no_result_back(desk):
    desk.pictures.arrival = PhotoUnreadable("The check did not finish.")
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    assert desk.current.results[0].note == ""
    assert desk.notices == ()


@on_desk()
async def test_a_result_of_this_computer_is_not_looked_at(desk):
    desk.pictures.arrival = Arrival(("The result is shifted.",), shift=(3.0, 0.0))
    await desk.opened("a.jpg")
    assert (await desk.sharpened()).note == ""


@pytest.mark.parametrize(
    ("what", "shift", "gains", "title"),
    [
        ("align", (3.0, -1.0), None, "Cloud · Standard, aligned"),
        ("colour", None, (1.1, 1.0, 0.9), "Cloud · Standard, colour matched"),
    ],
)
@on_desk(**CLOUD)
async def test_mending_makes_a_free_variant_and_leaves_the_paid_one(desk, what, shift, gains, title):
    desk.pictures.arrival = Arrival(("Something.",), shift=(3.0, -1.0), gains=(1.1, 1.0, 0.9))
    await desk.opened("a.jpg")
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.current.results)
    paid = desk.current.results[0]
    desk.controller.mend_variant(paid.id, what)
    await desk.until(lambda: len(desk.current.results) == 2)
    await desk.idle()
    mended = desk.current.results[1]
    assert (mended.title, cost(mended), mended.made_with) == (title, "free", paid.made_with)
    mend, target = desk.pictures.mends[0]
    assert (mend.shift, mend.gains) == (shift, gains)
    assert mended.file == str(target)
    assert desk.current.side_b == mended.id
    assert desk.current.results[0] == paid
    assert len(desk.cloud.requests) == 1


@on_desk(**CLOUD)
async def test_mending_what_needs_none_says_so(desk):
    await opened_with(desk)
    desk.controller.sharpen()
    await desk.until(lambda: desk.current.results)
    desk.controller.mend_variant("earlier", "align")
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert len(desk.current.results) == 1
    assert desk.pictures.mends == []


@on_desk(**CLOUD)
async def test_a_mend_that_fails_is_one_notice(desk):
    await opened_with(desk)
    desk.controller.sharpen()
    await desk.until(lambda: desk.current.results)
    desk.pictures.arrival = SharpenError("The check did not finish.")
    desk.controller.mend_variant("earlier", "align")
    await desk.until(lambda: desk.notices)
    assert desk.sentences == ["The check did not finish."]
