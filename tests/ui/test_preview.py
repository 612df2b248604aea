"""Live previews on the canvas: painted in their place, named as what they are, never taken for a result."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QMenu, QToolButton
from support.window import ALT, BLUE, CTRL, GREEN, RED, SHIFT, patchwork

from sharpen_desktop.core.photo import Variant
from sharpen_desktop.core.photos import picture_read
from sharpen_desktop.core.running import result_arrived
from sharpen_desktop.core.study import Area, Preview
from sharpen_desktop.core.studying import preview_came, preview_dropped, preview_due
from sharpen_desktop.core.view_transform import picture_box

Key = Qt.Key
AREA = Area(96, 64, 208, 112)


@pytest.fixture
def previewing(desk):
    """A photo in which every shift shows, with previews on; the engine answers none, the tests lay them down."""
    desk.study.gates["preview"].hold()
    desk.list_photo(patchwork())
    desk.change_prefs(is_preview_on=True)
    return desk


def sharpened(area=AREA, colour=None):
    """The whole photo with other pixels in an area."""
    pixels = patchwork()
    part = pixels[area.top : area.top + area.height, area.left : area.left + area.width]
    part[:] = 255 - part if colour is None else colour
    return pixels


def lay(desk, pixels=None, area=AREA, *levels):
    """Let a preview of these pixels of the photo come."""
    whole = sharpened(area) if pixels is None else pixels
    part = whole[area.top : area.top + area.height, area.left : area.left + area.width]
    display = desk.picture(np.ascontiguousarray(part), *levels).display
    desk.store.apply(preview_came, Preview(desk.photo.id, desk.state.settings, (), area, display, "defocus"))


def whole_area(desk):
    size = desk.canvas.stage.picture
    return Area(0, 0, size.width, size.height)


def badge(desk):
    label = desk.find("preview_badge", QLabel)
    return label.text() if label.isVisible() else ""


def after_chip(desk):
    return desk.find("after_chip", QToolButton)


def in_place(desk, area=AREA):
    """Where an area lies in a grab of the whole canvas."""
    stage = desk.canvas.stage
    box = picture_box(stage.transform, stage.picture, stage.viewport)
    zoom = stage.transform.zoom
    left, top = round(round(box.left) + area.left * zoom), round(round(box.top) + area.top * zoom)
    return slice(top, top + round(area.height * zoom)), slice(left, left + round(area.width * zoom))


def settled(desk):
    """What the canvas shows when nothing moves any more, without what lies over the picture."""
    desk.grab()  # while it waits, what lies over the picture may be shown again
    hidden = [desk.find(name) for name in ("preview_badge", "before_chip", "after_chip", "divider")]
    shown = [each for each in hidden if each.isVisible()]
    for each in shown:
        each.hide()
    pixels = desk.pixels()
    for each in shown:
        each.show()
    return pixels


# In its place


@pytest.mark.parametrize("zoom", [1, 2, 3])
def test_each_pixel_of_a_preview_lies_where_the_photo_has_it(previewing, zoom):
    lay(previewing)
    previewing.canvas.zoom_to(float(zoom))
    expected = np.repeat(np.repeat(sharpened(), zoom, 0), zoom, 1)
    rows, columns = in_place(previewing, whole_area(previewing))
    seen, middle = settled(previewing), previewing.canvas.rect().center()
    for y in range(middle.y() - 150, middle.y() + 150, 7):
        for x in range(middle.x() - 250, middle.x() + 250, 7):
            assert tuple(seen[y, x]) == tuple(expected[y - rows.start, x - columns.start])


@pytest.mark.parametrize("view", ["single", "split", "side_by_side", "difference"])
@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_a_preview_looks_like_a_result_with_its_pixels(previewing, view, is_turned, zoom):
    lay(previewing)
    previewing.controller.choose_view(view)
    if is_turned:
        previewing.controller.turn_view()
    previewing.canvas.zoom_to(zoom)
    previewing.canvas.pan(37, -21)
    preview = settled(previewing)
    previewing.add_result(sharpened())
    previewing.controller.choose_view(view)
    assert previewing.state.shown_preview is None
    assert np.array_equal(settled(previewing), preview)


@pytest.mark.parametrize("zoom", [0.5, 0.37, 1.3, 2.6])
def test_between_the_stops_a_preview_is_scaled_like_the_photo(previewing, zoom):
    previewing.store.apply(picture_read, previewing.photo.id, previewing.picture(patchwork(), 2))
    lay(previewing, None, AREA, 2)
    previewing.canvas.zoom_to(zoom)
    preview = settled(previewing)
    run, picture = previewing.start_run(), previewing.picture(sharpened(), 2)
    made = Variant(run.id, "local", "Local", picture.facts, picture.display, picture.master)
    previewing.store.apply(result_arrived, run, made)
    previewing.controller.choose_view("single")
    assert np.array_equal(settled(previewing), preview)


def test_what_was_not_previewed_shows_the_photo(previewing):
    before = settled(previewing)
    lay(previewing)
    rows, columns = in_place(previewing)
    after = settled(previewing)
    assert not np.array_equal(after[rows, columns], before[rows, columns])
    after[rows, columns] = before[rows, columns]
    assert np.array_equal(after, before)


def test_the_loupe_and_the_pixel_under_the_pointer_know_the_preview(previewing):
    lay(previewing)
    previewing.canvas.zoom_to(1.0)
    rows, columns = in_place(previewing)
    place = previewing.canvas.mapTo(previewing.window, QPoint(columns.start + 50, rows.start + 40))
    QTest.mouseMove(previewing.window.windowHandle(), place)
    previewing.until(lambda: previewing.text("status_pixel"))
    photo, other = (tuple(each[AREA.top + 40, AREA.left + 50]) for each in (patchwork(), sharpened()))
    told = previewing.text("status_pixel")
    assert told.endswith(f"{' '.join(map(str, photo))} → {' '.join(map(str, other))}")
    previewing.key(Key.Key_Q, target=previewing.canvas)
    seen = previewing.pixels()
    assert tuple(seen[rows.start + 40, columns.start + 50 - 100]) == photo
    assert tuple(seen[rows.start + 40, columns.start + 50 + 100]) == other
    previewing.key(Key.Key_Q, target=previewing.canvas)


# Comparing


def test_before_and_after_work_before_any_run(previewing):
    plain = settled(previewing)
    assert not previewing.action("split").isEnabled()
    lay(previewing, area=whole_area(previewing))
    assert previewing.action("split").isEnabled()
    assert not np.array_equal(settled(previewing), plain)
    previewing.key(Key.Key_P, target=previewing.canvas)
    assert np.array_equal(settled(previewing), plain)
    assert previewing.find("before_chip").text().startswith("Before: Original")
    assert badge(previewing) == ""
    previewing.until(lambda: not previewing.canvas.keys.is_held)
    previewing.key(Key.Key_P, target=previewing.canvas)
    assert not np.array_equal(settled(previewing), plain)


def test_blinking_flips_between_the_photo_and_the_preview(previewing):
    lay(previewing)
    previewing.key(Key.Key_K, target=previewing.canvas)
    assert previewing.canvas.blinking.is_on
    assert previewing.state.is_before_shown
    previewing.until(lambda: not previewing.state.is_before_shown)
    previewing.key(Key.Key_K, target=previewing.canvas)


def test_when_the_preview_goes_the_photo_is_shown_and_nothing_can_be_compared(previewing):
    plain = settled(previewing)
    lay(previewing)
    previewing.key(Key.Key_Y, SHIFT, previewing.canvas)
    assert previewing.canvas.divider.isVisible()
    previewing.controller.set_previews(False)
    assert not previewing.canvas.divider.isVisible()
    assert np.array_equal(settled(previewing), plain)


def test_before_is_not_shown_any_more_when_the_preview_it_belonged_to_goes(previewing):
    lay(previewing)
    previewing.action("before").trigger()
    assert previewing.canvas.stage.is_before_shown
    previewing.controller.set_previews(False)
    assert not previewing.canvas.stage.is_before_shown
    assert not previewing.action("before").isChecked()
    assert not previewing.find("before_chip").isVisible()


def test_sides_are_not_swapped_under_a_preview(previewing):
    previewing.add_result(BLUE)
    previewing.controller.edit_setting("strength", 0.5)
    lay(previewing)
    sides = (previewing.photo.side_a, previewing.photo.side_b)
    assert not previewing.action("swap").isEnabled()
    previewing.controller.swap_sides()
    assert (previewing.photo.side_a, previewing.photo.side_b) == sides


# Named as what it is


def test_the_badge_and_the_chip_say_what_side_b_shows(previewing):
    lay(previewing)
    assert badge(previewing) == "Preview"
    assert after_chip(previewing).text().startswith("After: Preview")
    previewing.store.apply(preview_due)
    assert badge(previewing) == "Preview · working…"
    previewing.store.apply(preview_dropped, is_view_too_large=True)
    assert badge(previewing) == "Zoom in for a preview"
    assert not after_chip(previewing).isVisible()
    previewing.controller.set_previews(False)
    assert badge(previewing) == ""


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("view", ["single", "split", "side_by_side"])
def test_the_badge_lies_in_the_corner_of_side_b_and_covers_no_chip(previewing, view, is_turned):
    lay(previewing)
    previewing.controller.choose_view(view)
    if is_turned:
        previewing.key(Key.Key_Y, ALT)
    label, clip = previewing.find("preview_badge", QLabel), previewing.canvas.stage.clip_of("b")
    corner = label.geometry().bottomRight()
    assert (corner.x(), corner.y()) == (clip.left + clip.width - 11, clip.top + clip.height - 11)
    for name in ("before_chip", "after_chip"):
        assert not previewing.find(name).geometry().intersects(label.geometry())


def test_the_badge_leaves_where_its_half_is_too_narrow(previewing):
    lay(previewing)
    previewing.controller.choose_view("split")
    previewing.canvas.set_divider(0.97)
    assert badge(previewing) == ""


def test_the_cloud_has_no_previews(previewing):
    plain = settled(previewing)
    lay(previewing)
    previewing.use_cloud()
    assert badge(previewing) == ""
    assert np.array_equal(settled(previewing), plain)
    assert not previewing.find("preview_box").isVisible()


# Beside results


def test_a_result_replaces_the_preview_without_a_flash(previewing):
    """Every frame from the preview on shows the same pixels when the result is what the preview has promised."""
    area = whole_area(previewing)
    lay(previewing, area=area)
    previewing.controller.choose_view("split")
    frames = [settled(previewing)]
    run = previewing.start_run()
    previewing.store.subscribe(lambda _: frames.append(settled(previewing)))
    picture = previewing.picture(sharpened(area))
    made = Variant(
        run.id, "local", "Local", picture.facts, picture.display, picture.master, previewing.state.settings
    )
    previewing.store.apply(result_arrived, run, made)
    previewing.store._listeners.pop()
    line = previewing.canvas.divider.line_at()
    assert len(frames) >= 2
    for frame in frames:  # but for the progress, a line along the top
        assert np.array_equal(frame[3:, line + 3 :], frames[0][3:, line + 3 :])
    assert badge(previewing) == ""
    assert after_chip(previewing).text().startswith("After: Local")


def test_a_preview_covers_the_result_until_a_result_is_chosen(previewing):
    previewing.add_result(BLUE)
    previewing.add_result(GREEN)
    previewing.controller.choose_view("single")
    middle = previewing.canvas.rect().center()
    previewing.controller.edit_setting("strength", 0.5)
    lay(previewing, sharpened(whole_area(previewing), RED), whole_area(previewing))
    assert previewing.colour_at(middle.x(), middle.y()) == RED
    entry(previewing, previewing.photo.results[0].label).trigger()
    assert previewing.colour_at(middle.x(), middle.y()) == BLUE
    entry(previewing, "Preview").trigger()
    assert previewing.state.is_preview_wanted
    lay(previewing, sharpened(whole_area(previewing), RED), whole_area(previewing))
    assert previewing.colour_at(middle.x(), middle.y()) == RED


def entry(desk, text):
    """An entry of the list side B is chosen from."""
    return next(each for each in desk.find("side_b_menu", QMenu).actions() if each.text() == text)


def test_a_preview_is_not_saved(previewing):
    assert not previewing.action("save").isEnabled()
    lay(previewing)
    assert not previewing.action("save").isEnabled()
    previewing.add_result(BLUE)
    previewing.controller.edit_setting("strength", 0.5)
    lay(previewing)
    previewing.key(Key.Key_S, CTRL)
    previewing.until(lambda: previewing.state.notices)
    assert previewing.state.notices[-1].text.startswith("What is shown is a preview.")
    assert previewing.dialogs.suggestions == []


# Asking for them


def test_the_box_and_the_key_ask_for_previews_and_show_whether_they_are_on(photo_desk):
    box = photo_desk.find("preview_box", QCheckBox)
    assert not box.isChecked()
    photo_desk.click(box, QPoint(8, box.height() // 2))
    assert photo_desk.state.prefs.is_preview_on
    assert box.isChecked()
    photo_desk.key(Key.Key_P, CTRL | SHIFT, photo_desk.window)
    assert not photo_desk.state.prefs.is_preview_on
    assert not box.isChecked()
    assert not photo_desk.action("preview").isChecked()
    assert "on this computer" in box.toolTip()
    assert "free" in box.toolTip()


def test_what_is_in_view_is_asked_for_in_whole_pixels_of_the_photo(previewing):
    asked = previewing.study.asked
    previewing.until(lambda: asked("preview"))
    assert asked("preview")[-1][-1] == Area(0, 0, 600, 400)
    previewing.canvas.zoom_to(4.0)
    previewing.until(lambda: len(asked("preview")) > 1)
    area = asked("preview")[-1][-1]
    seen = previewing.canvas.stage.seen()
    left, top = seen[0] * 600, seen[1] * 400
    assert area.left <= left < area.left + 16
    assert area.top <= top < area.top + 16
    assert (area.left % 16, area.top % 16) == (0, 0)
    assert left + seen[2] * 600 <= area.left + area.width < left + seen[2] * 600 + 16
    assert top + seen[3] * 400 <= area.top + area.height < top + seen[3] * 400 + 16


def test_a_small_pan_within_the_same_blocks_asks_for_nothing_new(previewing):
    previewing.canvas.zoom_to(8.0)
    previewing.until(lambda: previewing.study.asked("preview"))
    previewing.canvas.pan(1, 0)
    previewing.canvas.pan(-1, 0)
    told = len(previewing.study.asked("preview"))
    QTest.qWait(250)
    assert len(previewing.study.asked("preview")) == told
