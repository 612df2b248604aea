"""Sharpening on this computer: one run at a time, shown truthfully, stopped at once."""

from support.fakes import look_of, on_desk, picture_of

from sharpen_desktop.core.errors import EngineFailed, PhotoUnreadable
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.photo import Loading


@on_desk()
async def test_a_run_goes_to_the_local_engine_with_the_settings_of_the_moment_and_the_result_arrives(desk):
    await desk.opened("a.jpg")
    desk.controller.edit_setting("mode", "Strong")
    desk.controller.edit_setting("strength", 0.4)
    await desk.running(desk.local)
    desk.controller.edit_setting("mode", "Natural")
    desk.local.let_go()
    await desk.until(lambda: desk.current.results)
    request, result = desk.local.requests[0], desk.current.results[0]
    assert request.engine == "local"
    assert request.source.folder == "/cache/a.jpg"
    assert request.settings.text("mode") == "Strong"
    assert request.settings.number("strength") == 0.4
    assert result.made_with == request.settings
    assert result.title == "Local · Strong 40 %"
    assert desk.cloud.requests == []
    assert desk.dialogs.questions == []


@on_desk()
async def test_a_result_is_shown_beside_the_original_with_what_is_known_of_it(desk):
    await desk.opened("a.jpg")
    desk.local.result = {"cost_usd": 0.0, "finding": "defocus, radius 3.1 px", "request_id": "r-1"}
    result = await desk.sharpened()
    assert desk.current.side_b == result.id
    assert desk.current.side_a == desk.current.original.id
    assert desk.state.view == "split"
    assert result.file == "/results/local-1.tif"
    assert result.master.folder == "/cache/local-1.tif"
    assert (result.engine, result.cost_usd, result.finding) == ("local", 0.0, "defocus, radius 3.1 px")
    assert result.request_id == "r-1"
    assert result.seconds >= 0
    assert desk.state.runs == ()
    assert desk.state.status.startswith("Done in ")
    assert desk.state.status.endswith("defocus, radius 3.1 px")


@on_desk()
async def test_a_run_begins_with_nothing_in_the_status_of_what_was_before(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    assert desk.state.status.startswith("Done")
    await desk.running(desk.local)
    assert desk.state.status == ""


@on_desk()
async def test_progress_is_in_the_state_while_the_run_goes_on(desk):
    await desk.opened("a.jpg")
    await desk.running(desk.local, Progress(Phase.MEASURING, 0.1))
    assert desk.state.going.progress == Progress(Phase.MEASURING, 0.1)
    desk.local.report(Progress(Phase.SHARPENING, 0.5))
    assert desk.state.going.progress == Progress(Phase.SHARPENING, 0.5)
    assert desk.state.going.photo_id == desk.current.id


@on_desk()
async def test_a_press_while_a_run_goes_on_starts_no_second_one(desk):
    await desk.opened("a.jpg")
    await desk.running(desk.local)
    desk.controller.sharpen()
    desk.controller.sharpen()
    desk.local.let_go()
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    assert len(desk.local.requests) == 1


@on_desk()
async def test_without_a_photo_nothing_is_sharpened(desk):
    desk.controller.sharpen()
    await desk.idle()
    assert desk.local.requests == []
    assert desk.notices == ()


@on_desk()
async def test_sharpening_a_photo_that_is_still_being_read_waits_for_it(desk):
    desk.pictures.reads.hold()
    desk.pictures.looks["a.jpg"] = look_of("a.jpg")
    desk.controller.open_paths([desk.file("a.jpg")])
    await desk.until(lambda: desk.state.current)
    desk.controller.sharpen()
    await desk.pause()
    assert desk.local.requests == []
    desk.pictures.reads.let_go()
    await desk.until(lambda: desk.current.results)
    assert desk.local.requests[0].source.folder == "/cache/a.jpg"


@on_desk()
async def test_sharpening_a_photo_that_cannot_be_read_says_so_and_starts_nothing(desk):
    await desk.opened("a.jpg", "bad.jpg")
    desk.pictures.refuse("bad.jpg")
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.current.loading is Loading.FAILED)
    desk.controller.sharpen()
    await desk.idle()
    assert desk.sentences == ["bad.jpg cannot be opened: it is no picture."]
    assert desk.local.requests == []
    assert desk.state.runs == ()


@on_desk()
async def test_a_press_is_not_swallowed_because_of_a_photo_that_was_left_while_being_read(desk):
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    desk.pictures.reads.hold()
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.pictures.reads.waiting)
    desk.controller.sharpen()
    desk.controller.step_photo(1)
    desk.pictures.reads.let_go()
    await desk.until(lambda: desk.current.name == "c.jpg" and desk.current.loading is Loading.READY)
    await desk.pause()
    assert desk.state.going is None
    desk.controller.sharpen()
    await desk.pause()
    assert desk.local.requests


@on_desk()
async def test_the_window_stays_usable_while_a_run_goes_on(desk):
    await desk.opened("a.jpg", "b.jpg")
    await desk.running(desk.local)
    desk.controller.edit_setting("strength", 0.9)
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.current.name == "b.jpg" and desk.current.loading is Loading.READY)
    desk.local.let_go()
    await desk.until(lambda: desk.state.photos[0].results)
    assert desk.current.name == "b.jpg"
    assert desk.state.view == "single"


# Stopping


@on_desk()
async def test_a_local_run_stops_at_once_without_a_question(desk):
    await desk.opened("a.jpg")
    await desk.running(desk.local)
    desk.controller.stop()
    assert desk.state.going is None
    assert desk.state.status == "Stopped"
    await desk.until(lambda: desk.local.stops == 1)
    await desk.idle()
    assert desk.dialogs.questions == []
    assert desk.notices == ()
    assert desk.current.results == ()
    assert desk.state.runs == ()


@on_desk()
async def test_after_a_stop_the_next_run_starts_and_its_result_arrives(desk):
    await desk.opened("a.jpg")
    await desk.running(desk.local)
    desk.controller.stop()
    await desk.idle()
    desk.local.let_go()
    await desk.sharpened()
    assert [result.file for result in desk.current.results] == ["/results/local-2.tif"]


@on_desk()
async def test_a_press_right_after_a_stop_is_not_swallowed(desk):
    await desk.opened("a.jpg")
    await desk.running(desk.local)
    desk.local.stopping.hold()
    desk.controller.stop()
    await desk.until(lambda: desk.local.stopping.waiting)
    desk.local.let_go()
    desk.controller.sharpen()
    desk.local.stopping.let_go()
    await desk.idle()
    assert len(desk.current.results) == 1


@on_desk()
async def test_progress_of_a_stopped_run_changes_nothing(desk):
    await desk.opened("a.jpg")
    await desk.running(desk.local)
    report = desk.local.report
    desk.controller.stop()
    await desk.idle()
    before = desk.state
    report(Progress(Phase.FINISHING, 1.0))
    assert desk.state == before


@on_desk()
async def test_a_run_that_waits_for_its_photo_can_be_stopped(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.pictures.reads.hold()
    desk.controller.step_photo(1)
    desk.controller.sharpen()
    await desk.pause()
    desk.controller.stop()
    desk.pictures.reads.let_go()
    await desk.until(lambda: desk.current.loading is Loading.READY)
    await desk.idle()
    assert desk.local.requests == []
    assert desk.notices == ()


@on_desk()
async def test_stopping_while_nothing_goes_on_does_nothing(desk):
    await desk.opened("a.jpg")
    before = desk.state
    desk.controller.stop()
    await desk.idle()
    assert desk.state == before


@on_desk()
async def test_a_photo_is_not_closed_under_its_run(desk):
    await desk.opened("a.jpg")
    await desk.running(desk.local)
    desk.controller.close_photo()
    await desk.pause()
    assert desk.names == ["a.jpg"]


# What goes wrong


@on_desk()
async def test_a_failed_run_gives_one_notice_and_stays_in_the_list_with_its_reason(desk):
    await desk.opened("a.jpg")
    desk.local.problem = EngineFailed("The engine stopped.", detail="exit 9", retryable=True)
    desk.controller.sharpen()
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.sentences == ["The engine stopped."]
    assert desk.notices[0].detail == "exit 9"
    assert dict(desk.notices[0].wishes).keys() == {"sharpen"}
    assert [run.problem for run in desk.state.runs] == ["The engine stopped."]
    assert desk.state.going is None
    assert desk.current.results == ()
    desk.controller.dismiss_run(desk.state.runs[0].id)
    assert desk.state.runs == ()


@on_desk()
async def test_an_error_that_cannot_be_repeated_offers_no_retry(desk):
    await desk.opened("a.jpg")
    desk.local.problem = EngineFailed("This photo needs more memory than there is.")
    desk.controller.sharpen()
    await desk.until(lambda: desk.notices)
    assert desk.notices[0].wishes == ()


@on_desk()
async def test_retry_repeats_the_run_and_takes_the_notice_away(desk):
    await desk.opened("a.jpg")
    desk.local.problem = EngineFailed("The engine stopped.", retryable=True)
    desk.controller.sharpen()
    await desk.until(lambda: desk.notices)
    await desk.idle()
    desk.local.problem = None
    desk.controller.act(desk.notices[0].id, "sharpen")
    assert desk.notices == ()
    await desk.until(lambda: desk.current.results)
    assert len(desk.local.requests) == 2
    assert desk.state.runs == ()


@on_desk()
async def test_retry_is_about_the_photo_of_the_notice(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.local.problem = EngineFailed("The engine stopped.", retryable=True)
    desk.controller.sharpen()
    await desk.until(lambda: desk.notices)
    await desk.idle()
    desk.local.problem = None
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.current.loading is Loading.READY)
    desk.controller.act(desk.notices[0].id, "sharpen")
    await desk.until(lambda: len(desk.local.requests) == 2)
    assert desk.current.name == "a.jpg"
    assert desk.local.requests[1].source.folder == "/cache/a.jpg"


@on_desk()
async def test_retry_for_a_photo_that_is_gone_sharpens_no_other_one(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.local.problem = EngineFailed("The engine stopped.", retryable=True)
    desk.controller.sharpen()
    await desk.until(lambda: desk.notices)
    desk.controller.close_photo()
    await desk.until(lambda: desk.names == ["b.jpg"] and desk.current.loading is Loading.READY)
    desk.local.problem = None
    desk.controller.act(desk.notices[0].id, "sharpen")
    await desk.idle()
    assert len(desk.local.requests) == 1


@on_desk()
async def test_retrying_a_notice_that_is_gone_does_nothing(desk):
    await desk.opened("a.jpg")
    desk.controller.act("gone", "sharpen")
    await desk.idle()
    assert desk.local.requests == []


@on_desk()
async def test_an_engine_that_cannot_be_loaded_fails_the_run(desk):
    await desk.opened("a.jpg")
    desk.local.load_problem = EngineFailed("The engine cannot start.")
    desk.controller.sharpen()
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.sentences == ["The engine cannot start."]
    assert desk.state.going is None


@on_desk()
async def test_a_result_that_cannot_be_read_fails_the_run(desk):
    await desk.opened("a.jpg")
    desk.pictures.whole["local-1.tif"] = PhotoUnreadable("local-1.tif cannot be opened: it is cut off.")
    desk.controller.sharpen()
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert desk.sentences == ["local-1.tif cannot be opened: it is cut off."]
    assert desk.current.results == ()
    assert desk.state.runs[0].problem == desk.sentences[0]


@on_desk()
async def test_a_bug_in_a_run_is_told_plainly_and_the_next_run_can_start(desk, caplog):
    await desk.opened("a.jpg")
    desk.local.problem = ZeroDivisionError("a bug")
    desk.controller.sharpen()
    await desk.until(lambda: desk.notices)
    await desk.idle()
    assert "went wrong" in desk.sentences[0]
    assert desk.notices[0].wishes == ()
    assert desk.state.runs == ()
    caplog.clear()
    desk.local.problem = None
    await desk.sharpened()


@on_desk()
async def test_what_the_engine_has_to_say_about_a_result_is_a_note(desk):
    await desk.opened("a.jpg")
    desk.local.result = {"note": "Nothing was changed: already sharp."}
    result = await desk.sharpened()
    assert desk.sentences == ["Nothing was changed: already sharp."]
    assert desk.notices[0].kind == "note"
    assert result.note == desk.sentences[0]


@on_desk()
async def test_a_result_of_another_size_is_said(desk):
    await desk.opened("a.jpg")
    desk.pictures.whole["local-1.tif"] = picture_of("local-1.tif", width=300, height=200)
    await desk.sharpened()
    assert desk.sentences == ["The result is 300 × 200, the photo 600 × 400."]
