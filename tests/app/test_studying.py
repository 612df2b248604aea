"""What is found out about the shown photo: when it is asked, what calls it off, and what stays on the screen."""

import asyncio
import functools
from dataclasses import replace

import pytest
from support import fakes
from support.fakes import on_desk, picture_of

from sharpen_desktop.app import studying
from sharpen_desktop.core.brush import Stroke
from sharpen_desktop.core.errors import EngineFailed
from sharpen_desktop.core.findings import preview_badge
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.study import Area, Auto, FaceBox

VIEW = Area(100, 50, 300, 200)
STROKE = Stroke(((0.5, 0.5),), 0.05, 0.5, adds=True)
PREVIEWS = {"prefs": Prefs(is_preview_on=True)}
CLOUD = {"engine": "cloud", "has_key": True}


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Let nothing wait for long that waits for a time to come."""
    monkeypatch.setattr(studying, "DIAGNOSIS_DELAY_S", 0.02)
    monkeypatch.setattr(studying, "PREVIEW_DELAY_S", 0.02)


async def quiet(desk):
    """Wait until nothing is under way, not even what waits for a time to come."""
    await desk.until(lambda: not [t for t in asyncio.all_tasks() if t.get_name().startswith("study-")])


async def previewed(desk, **changes):
    """Show a photo with a preview of what is in view."""
    photo = await desk.opened("a.jpg")
    desk.controller.look_at(VIEW)
    await desk.until(lambda: desk.state.preview)
    await quiet(desk)
    return photo


# Diagnosis


@on_desk()
async def test_a_photo_is_diagnosed_by_itself_once_it_is_whole_and_only_once(desk):
    await desk.opened("a.jpg")
    await desk.until(lambda: desk.current.diagnosis)
    await quiet(desk)
    desk.controller.edit_setting("strength", 0.4)
    await desk.pause()
    assert desk.current.diagnosis == desk.study.diagnosis
    assert desk.study.calls == [("diagnose", desk.current.original.master)]


@on_desk()
async def test_a_photo_that_is_only_passed_is_not_diagnosed(desk, monkeypatch):
    monkeypatch.setattr(studying, "DIAGNOSIS_DELAY_S", 0.2)
    await desk.opened("a.jpg", "b.jpg")
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.current.diagnosis)
    assert [call[0].folder for call in desk.study.asked("diagnose")] == ["/cache/b.jpg"]


@on_desk()
async def test_another_photo_calls_the_diagnosis_off_and_coming_back_asks_again(desk):
    desk.study.gates["diagnose"].hold()
    await desk.opened("a.jpg", "b.jpg")
    await desk.until(lambda: desk.study.gates["diagnose"].waiting)
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.study.stops == ["diagnose"])
    desk.study.gates["diagnose"].let_go()
    await desk.until(lambda: desk.current.diagnosis)
    desk.controller.step_photo(-1)
    await desk.until(lambda: desk.current.diagnosis)
    assert len(desk.study.calls) == 3


@on_desk()
async def test_runs_on_this_computer_come_before_a_diagnosis(desk):
    desk.study.gates["diagnose"].hold()
    await desk.opened("a.jpg")
    await desk.until(lambda: desk.study.gates["diagnose"].waiting)
    await desk.running(desk.local)
    await desk.until(lambda: desk.study.stops == ["diagnose"])
    await desk.pause()
    assert len(desk.study.calls) == 1
    desk.study.gates["diagnose"].let_go()
    desk.local.let_go()
    await desk.until(lambda: desk.current.diagnosis)


@on_desk(**CLOUD)
async def test_a_cloud_run_does_not_hold_a_diagnosis_up(desk):
    desk.study.gates["diagnose"].hold()
    await desk.opened("a.jpg")
    desk.cloud.hold()
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.cloud.gate.waiting)
    desk.study.gates["diagnose"].let_go()
    await desk.until(lambda: desk.current.diagnosis)
    desk.cloud.let_go()


@on_desk()
async def test_a_diagnosis_that_fails_is_logged_and_disturbs_nobody(desk, caplog):
    desk.study.problem = EngineFailed("The photo could not be examined.", detail="it died")
    await desk.opened("a.jpg")
    await desk.until(lambda: desk.current.diagnosis)
    await quiet(desk)
    assert not desk.current.diagnosis.is_sure
    assert desk.current.diagnosis.sentence.endswith("start with Standard")
    assert desk.notices == ()
    assert "it died" in caplog.text
    assert len(desk.study.asked("diagnose")) == 1


@on_desk()
async def test_what_auto_takes_is_found_out_for_the_mode_that_is_chosen_and_for_the_advised_one(desk):
    desk.study.diagnosis = replace(desk.study.diagnosis, mode="Lens Blur")
    photo = await desk.opened("a.jpg")
    await desk.until(lambda: desk.current.diagnosis and desk.current.diagnosis.auto("Lens Blur"))
    desk.controller.edit_setting("mode", "Natural")
    await desk.until(lambda: desk.current.diagnosis.auto("Natural") == Auto(0.7, 0.1))
    desk.controller.edit_setting("mode", "Standard")
    await quiet(desk)
    picture = photo.original.master
    assert desk.study.asked("auto") == [(picture, "Lens Blur"), (picture, "Natural")]
    assert desk.current.diagnosis.auto("Standard") == Auto(1.0, 0.05)


@on_desk(**PREVIEWS)
async def test_what_is_the_matter_is_said_before_a_preview_is_made_and_auto_found_out_after_it(desk):
    desk.study.diagnosis = replace(desk.study.diagnosis, mode="Lens Blur")
    gate = desk.study.gates["diagnose"]
    gate.hold()
    await desk.opened("a.jpg")
    desk.controller.look_at(VIEW)
    await desk.until(lambda: gate.waiting)
    await desk.pause()
    assert desk.study.stops == desk.study.asked("preview") == []
    assert preview_badge(desk.state) == "Preview · working…"
    gate.let_go()
    await desk.until(lambda: desk.current.diagnosis and desk.current.diagnosis.auto("Lens Blur"))
    assert [call[0] for call in desk.study.calls] == ["diagnose", "preview", "auto"]


@on_desk(**PREVIEWS)
async def test_a_run_that_holds_the_diagnosis_up_does_not_hold_previews_up(desk):
    await desk.opened("a.jpg", "b.jpg")
    desk.controller.look_at(VIEW)
    desk.study.gates["diagnose"].hold()
    await desk.running(desk.local)
    desk.controller.step_photo(1)
    await desk.until(lambda: desk.state.preview)
    assert desk.current.diagnosis is None
    desk.study.gates["diagnose"].let_go()
    desk.local.let_go()
    await desk.until(lambda: desk.current.diagnosis)


@on_desk()
async def test_a_photo_that_is_read_again_is_another_one_as_far_as_anybody_knows(desk):
    await desk.opened("a.jpg")
    await desk.until(lambda: desk.current.diagnosis)
    desk.controller._parts.reader.put(desk.current.id, picture_of("a-edited.jpg"))
    assert desk.current.diagnosis is None
    await desk.until(lambda: desk.current.diagnosis)
    assert desk.study.forgotten == [fakes.master_of("a.jpg")]


@on_desk()
async def test_what_is_kept_of_a_closed_photo_is_given_back(desk):
    await desk.opened("a.jpg")
    await desk.until(lambda: desk.current.diagnosis)
    desk.controller.close_photo()
    await desk.until(lambda: desk.study.forgotten)
    assert desk.study.forgotten == [fakes.master_of("a.jpg")]


# Previews


@on_desk()
async def test_without_previews_nothing_is_previewed(desk):
    await desk.opened("a.jpg")
    desk.controller.look_at(VIEW)
    await quiet(desk)
    assert desk.study.asked("preview") == []
    assert not desk.state.is_preview_due


@on_desk(**PREVIEWS)
async def test_what_is_in_view_is_previewed_with_the_settings_of_the_moment(desk):
    photo = await previewed(desk)
    assert desk.study.asked("preview") == [(photo.id, photo.original.master, desk.state.settings, (), VIEW)]
    assert desk.state.shown_preview.area == VIEW
    assert not desk.state.is_preview_due


@on_desk()
async def test_switching_previews_on_makes_one_and_off_takes_it_away(desk):
    await desk.opened("a.jpg")
    desk.controller.look_at(VIEW)
    desk.controller.set_previews(True)
    await desk.until(lambda: desk.state.preview)
    desk.controller.set_previews(False)
    await desk.until(lambda: desk.state.preview is None)


@on_desk(**PREVIEWS)
async def test_while_a_setting_changes_nothing_is_made_and_then_one_preview(desk, monkeypatch):
    await previewed(desk)
    monkeypatch.setattr(studying, "PREVIEW_DELAY_S", 0.1)
    for percent in range(30, 40):
        desk.controller.edit_setting("strength", percent / 100)
        await asyncio.sleep(0.03)
        assert len(desk.study.asked("preview")) == 1
    await desk.until(lambda: desk.state.preview.settings == desk.state.settings)
    assert [call[2].number("strength") for call in desk.study.asked("preview")][1:] == [0.39]


@on_desk(**PREVIEWS)
async def test_the_next_change_calls_a_preview_off_and_what_was_shown_stays_until_the_new_one_comes(desk):
    await previewed(desk)
    first = desk.state.preview
    gate = desk.study.gates["preview"]
    gate.hold()
    desk.controller.edit_setting("strength", 0.3)
    await desk.until(lambda: gate.waiting)
    assert desk.state.shown_preview is first
    assert desk.state.is_preview_due
    desk.controller.edit_setting("strength", 0.6)
    await desk.until(lambda: desk.study.stops == ["preview"])
    assert desk.state.shown_preview is first
    seen = []
    desk.store.subscribe(lambda state: seen.append(state.preview is None))
    gate.let_go()
    await desk.until(lambda: desk.state.preview.settings.number("strength") == 0.6)
    await quiet(desk)
    assert not any(seen)
    assert not desk.state.is_preview_due


@on_desk(**PREVIEWS)
async def test_going_back_to_what_is_shown_needs_no_new_preview(desk):
    await previewed(desk)
    desk.study.gates["preview"].hold()
    before = desk.state.settings.number("strength")
    desk.controller.edit_setting("strength", 0.3)
    await desk.until(lambda: desk.state.is_preview_due)
    desk.controller.edit_setting("strength", before)
    await desk.until(lambda: not desk.state.is_preview_due)
    await quiet(desk)
    assert desk.state.shown_preview is not None


@on_desk(**PREVIEWS)
async def test_what_lies_within_the_preview_is_there_already_and_beyond_it_a_new_one_is_made(desk):
    desk.study.margin = 40
    await previewed(desk)
    desk.controller.look_at(Area(130, 60, 300, 200))
    await desk.pause()
    assert len(desk.study.asked("preview")) == 1
    assert not desk.state.is_preview_due
    desk.controller.look_at(Area(160, 60, 300, 200))
    await desk.until(lambda: desk.state.preview.area.left == 120)
    assert len(desk.study.asked("preview")) == 2


@on_desk(**PREVIEWS)
async def test_what_lies_beyond_the_picture_is_not_asked_for(desk):
    await desk.opened("a.jpg")
    desk.controller.look_at(Area(-50, 300, 1000, 400))
    await desk.until(lambda: desk.state.preview)
    assert desk.study.asked("preview")[0][-1] == Area(0, 300, 600, 100)
    desk.controller.look_at(Area(900, 0, 10, 10))
    await desk.pause()
    assert len(desk.study.asked("preview")) == 1


@on_desk(**PREVIEWS)
async def test_more_than_four_megapixels_are_not_previewed_and_the_state_says_so_until_less_is_in_view(desk):
    desk.pictures.whole["large.jpg"] = picture_of("large.jpg", width=6000, height=4000)
    await desk.opened("large.jpg")
    desk.controller.look_at(Area(0, 0, 2000, 2000))
    await desk.until(lambda: desk.state.preview)
    desk.controller.look_at(Area(0, 0, 2001, 2000))
    await desk.until(lambda: desk.state.is_view_too_large)
    assert desk.state.preview is None
    desk.controller.look_at(VIEW)
    await desk.until(lambda: desk.state.preview)
    assert not desk.state.is_view_too_large


@on_desk(**PREVIEWS)
async def test_another_photo_has_no_preview_of_the_one_before(desk):
    await previewed(desk)
    await desk.opened("b.jpg")
    assert desk.state.shown_preview is None
    await desk.until(lambda: desk.state.preview and desk.state.preview.photo_id == desk.current.id)


@on_desk(has_key=True, **PREVIEWS)
async def test_the_cloud_cannot_be_previewed(desk):
    await previewed(desk)
    desk.controller.choose_engine("cloud")
    await desk.until(lambda: desk.state.preview is None)
    desk.controller.edit_setting("strength", 0.3)
    await quiet(desk)
    assert len(desk.study.asked("preview")) == 1


@on_desk(**PREVIEWS)
async def test_while_the_photo_is_sharpened_nothing_is_previewed_and_the_result_takes_the_place(desk):
    await previewed(desk)
    await desk.running(desk.local)
    desk.controller.look_at(Area(0, 0, 50, 50))
    await quiet(desk)
    assert len(desk.study.asked("preview")) == 1
    desk.local.let_go()
    await desk.until(lambda: desk.current.results)
    assert desk.state.shown_preview is None
    await quiet(desk)
    assert desk.state.preview is None
    assert len(desk.study.asked("preview")) == 1
    desk.controller.edit_setting("strength", 0.3)
    await desk.until(lambda: desk.state.shown_preview)


@on_desk(**PREVIEWS)
async def test_a_preview_that_fails_leaves_none_and_the_next_change_tries_again(desk):
    await previewed(desk)
    desk.study.problem = EngineFailed("The photo could not be examined.")
    desk.controller.edit_setting("strength", 0.3)
    await desk.until(lambda: desk.state.preview is None)
    await quiet(desk)
    assert len(desk.study.asked("preview")) == 2
    assert not desk.state.is_preview_due
    assert desk.notices == ()
    desk.study.problem = None
    desk.controller.edit_setting("strength", 0.4)
    await desk.until(lambda: desk.state.preview)


# Subject and faces


@on_desk()
async def test_the_subject_is_looked_for_when_it_is_shown_and_drawn_anew_when_it_is_painted_on(desk):
    await desk.opened("a.jpg")
    await quiet(desk)
    assert desk.study.asked("subject") == []
    desk.controller.show_mask(True)
    await desk.until(lambda: desk.current.subject)
    desk.controller.paint(STROKE)
    await desk.until(lambda: desk.current.subject.strokes == (STROKE,))
    desk.controller.undo()
    await desk.until(lambda: desk.current.subject.strokes == ())
    assert [call[1] for call in desk.study.asked("subject")] == [(), (STROKE,), ()]


@on_desk()
async def test_the_subject_is_looked_for_when_only_a_part_is_to_be_sharpened(desk):
    await desk.opened("a.jpg")
    desk.controller.edit_setting("subject_detection", "Foreground")
    await desk.until(lambda: desk.current.subject)
    assert len(desk.study.asked("subject")) == 1


@on_desk(has_key=True)
async def test_the_service_needs_no_subject_from_here(desk):
    await desk.opened("a.jpg")
    desk.controller.choose_engine("cloud")
    desk.controller.edit_setting("subject_detection", "Foreground")
    await quiet(desk)
    assert desk.study.asked("subject") == []


@on_desk(are_faces_shown=True)
async def test_faces_are_looked_for_once_when_they_are_shown(desk):
    desk.study.boxes = (FaceBox(0.1, 0.2, 0.3, 0.4),)
    await desk.opened("a.jpg")
    await desk.until(lambda: desk.current.faces)
    desk.controller.show_faces(False)
    desk.controller.show_faces(True)
    await quiet(desk)
    assert desk.current.faces == desk.study.boxes
    assert len(desk.study.asked("faces")) == 1


@on_desk(are_faces_shown=True, is_mask_shown=True)
async def test_a_subject_and_faces_that_cannot_be_found_disturb_nobody_and_are_not_asked_for_for_ever(desk):
    desk.study.problem = EngineFailed("The photo could not be examined.")
    await desk.opened("a.jpg")
    await desk.until(lambda: desk.study.asked("faces") and desk.study.asked("subject"))
    await quiet(desk)
    await desk.pause()
    assert desk.notices == ()
    assert len(desk.study.calls) == 4


# Strokes in runs


async def made_with_strokes(desk, subject, order):
    """Paint on a photo, sharpen it, and return what the engine was given and what came of it."""
    await desk.opened("a.jpg")
    desk.controller.edit_setting("subject_detection", subject)
    desk.controller.paint(STROKE)
    order()
    await desk.until(lambda: desk.current.results)
    await desk.idle()
    return desk.local.requests[0].strokes, desk.current.results[0].strokes


@pytest.mark.parametrize("order", ["sharpen", "sharpen_all"])
@pytest.mark.parametrize(("subject", "strokes"), [("Background", (STROKE,)), ("All", ())])
def test_what_is_painted_goes_with_a_run_here_unless_the_subject_is_everything(
    tmp_path, order, subject, strokes
):
    @on_desk()
    async def play(desk):
        wanted = functools.partial(getattr(desk.controller, order))
        assert await made_with_strokes(desk, subject, wanted) == (strokes, strokes)

    play(tmp_path=tmp_path)


@on_desk(**CLOUD)
async def test_what_is_painted_stays_here_when_the_cloud_sharpens(desk):
    await desk.opened("a.jpg")
    desk.controller.edit_setting("subject_detection", "Foreground")
    desk.controller.paint(STROKE)
    desk.controller.sharpen()
    await desk.answer("send")
    await desk.until(lambda: desk.current.results)
    assert desk.cloud.requests[0].strokes == ()


@on_desk()
async def test_sharpen_all_takes_a_photo_again_when_other_strokes_are_painted_on_it(desk):
    await desk.opened("a.jpg")
    desk.controller.edit_setting("subject_detection", "Foreground")
    await desk.sharpened()
    desk.controller.sharpen_all()
    await desk.idle()
    assert desk.sentences[-1].startswith("Every photo has a result")
    desk.controller.paint(STROKE)
    desk.controller.sharpen_all()
    await desk.until(lambda: len(desk.current.results) == 2)


@on_desk()
async def test_what_the_engine_took_for_auto_is_known_of_the_result(desk):
    await desk.opened("a.jpg")
    desk.local.result = {"took": Auto(0.62, 0.1)}
    assert (await desk.sharpened()).took == Auto(0.62, 0.1)
