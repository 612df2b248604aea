"""The comparer: what is painted where, and what wheel, mouse and keys do to it."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from support.window import ALT, BLUE, CTRL, GREEN, LEFT, RED, SHIFT, patchwork

from sharpen_desktop.core import view_transform as views
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.running import run_progressed
from sharpen_desktop.core.view_transform import Point
from sharpen_desktop.ui.bars import EXTRAS

Key = Qt.Key
HOLD_MS = 300


def under(desk, place):
    """The picture's place under a place of the canvas."""
    canvas = desk.canvas
    return views.to_picture(
        canvas.transform, canvas.stage.picture, canvas.stage.viewport, Point(place.x(), place.y())
    )


def middle(desk):
    return desk.canvas.rect().center()


def line_x(desk):
    return desk.canvas.divider.line_at()


# What is painted


def test_before_lies_left_of_the_divider_and_after_right_of_it(split_desk):
    y, at = middle(split_desk).y() + 60, line_x(split_desk)
    assert split_desk.colour_at(at - 12, y) == RED
    assert split_desk.colour_at(at + 12, y) == BLUE
    split_desk.canvas.set_divider(0.4)
    assert split_desk.colour_at(at - 12, y) == BLUE


def test_turned_before_lies_above_and_after_below(split_desk):
    split_desk.key(Key.Key_Y, ALT)
    x, at = middle(split_desk).x() + 60, line_x(split_desk)
    assert at == pytest.approx(split_desk.canvas.height() / 2, abs=1)
    assert split_desk.colour_at(x, at - 12) == RED
    assert split_desk.colour_at(x, at + 12) == BLUE


def test_the_line_is_white_with_black_on_both_sides(split_desk):
    y, at = middle(split_desk).y() + 60, line_x(split_desk)
    seen = [split_desk.colour_at(at + offset, y) for offset in (-1, 0, 1)]
    assert seen == [(0, 0, 0), (255, 255, 255), (0, 0, 0)]


def test_single_view_shows_the_result_and_the_photo_while_there_is_none(photo_desk):
    place = middle(photo_desk)
    assert photo_desk.colour_at(place.x(), place.y()) == RED
    photo_desk.add_result()
    photo_desk.key(Key.Key_S, target=photo_desk.canvas)
    assert photo_desk.state.view == "single"
    assert photo_desk.colour_at(100 + place.x(), place.y()) == BLUE
    assert photo_desk.colour_at(place.x() - 100, place.y()) == BLUE


def test_the_canvas_is_darker_than_the_panels_round_the_picture(photo_desk):
    assert photo_desk.colour_at(5, photo_desk.canvas.height() - 5) == (0x2B, 0x2B, 0x2B)


@pytest.mark.parametrize(("width", "height"), [(320, 200), (321, 201)])
def test_at_100_percent_each_picture_pixel_is_one_device_pixel(desk, width, height):
    pixels = patchwork(width, height)
    desk.list_photo(pixels)
    desk.key(Key.Key_1, CTRL)
    seen = desk.pixels()
    corner = desk.canvas.stage.picture
    box = views.picture_box(desk.canvas.transform, corner, desk.canvas.stage.viewport)
    left, top = round(box.left), round(box.top)
    assert np.array_equal(seen[top : top + height, left : left + width], pixels)


@pytest.mark.parametrize("zoom", [2, 3])
def test_from_200_percent_pixels_are_squares(desk, zoom):
    pixels = patchwork(120, 80)
    desk.list_photo(pixels)
    desk.canvas.zoom_to(float(zoom))
    box = views.picture_box(desk.canvas.transform, desk.canvas.stage.picture, desk.canvas.stage.viewport)
    left, top = round(box.left), round(box.top)
    seen = desk.pixels()[top : top + 80 * zoom, left : left + 120 * zoom]
    assert np.array_equal(seen, np.repeat(np.repeat(pixels, zoom, 0), zoom, 1))


def test_below_200_percent_pixels_are_smoothed(desk):
    pixels = patchwork(120, 80)
    desk.list_photo(pixels)
    desk.canvas.zoom_to(1.5)
    known = {tuple(each) for each in pixels.reshape(-1, 3)}
    place = middle(desk)

    def seen():
        return {desk.colour_at(place.x() + step, place.y()) for step in range(20)}

    desk.until(lambda: not seen() <= known)  # quick steps of the zoom are smoothed when they have ended


def test_sides_of_different_sizes_lie_on_each_other(desk):
    desk.list_photo(RED)
    desk.add_result(patchwork(300, 200))
    assert desk.canvas.stage.b.width == 300
    box = views.picture_box(desk.canvas.transform, desk.canvas.stage.picture, desk.canvas.stage.viewport)
    right, bottom = round(box.left + box.width), round(box.top + box.height)
    canvas = (0x2B, 0x2B, 0x2B)
    assert desk.colour_at(right - 3, bottom - 3) != canvas
    assert desk.colour_at(right + 3, bottom - 3) == canvas


def test_a_running_photo_shows_its_progress_along_the_top_of_the_after_side(split_desk):
    run = split_desk.start_run(progress=Progress(Phase.SHARPENING, 0.5))
    half = split_desk.canvas.width() - line_x(split_desk)
    start = line_x(split_desk) + 6
    assert split_desk.colour_at(start, 1) == (0x1F, 0x6F, 0xE5) or split_desk.colour_at(start, 1)[2] > 200
    before_end = line_x(split_desk) + round(half * 0.45)
    after_end = line_x(split_desk) + round(half * 0.6)
    assert split_desk.colour_at(before_end, 1) != split_desk.colour_at(after_end, 1)
    split_desk.store.apply(run_progressed, run.id, Progress(Phase.SHARPENING, 0.7))
    assert split_desk.colour_at(before_end, 1) == split_desk.colour_at(after_end, 1)


# Zoom


def test_a_new_photo_is_fitted_and_a_small_one_not_enlarged(desk):
    desk.list_photo(patchwork(3000, 1000))
    assert desk.canvas.transform.zoom == pytest.approx(desk.canvas.width() / 3000)
    desk.list_photo(patchwork(100, 80))
    assert desk.canvas.transform.zoom == 1.0
    assert desk.canvas.transform.is_fit


@pytest.mark.parametrize(("modifiers", "factor"), [(Qt.KeyboardModifier.NoModifier, 1.2), (CTRL, 1.05)])
@pytest.mark.parametrize("notches", [1, -1, 3, 0.5])
def test_the_wheel_zooms_about_the_pointer(desk, modifiers, factor, notches):
    desk.list_photo(patchwork(3000, 2000))
    desk.canvas.zoom_to(1.0)
    place = QPointF(desk.canvas.width() * 0.3, desk.canvas.height() * 0.7)
    held = under(desk, place)
    event = desk.wheel(desk.canvas, notches, place, modifiers)
    assert event.isAccepted()
    assert desk.canvas.transform.zoom == pytest.approx(factor**notches)
    after = under(desk, place)
    assert (after.x, after.y) == pytest.approx((held.x, held.y), abs=0.01)


def test_the_wheel_over_the_divider_zooms_too(split_desk):
    before = split_desk.canvas.transform.zoom
    place = split_desk.canvas.mapTo(split_desk.window, QPoint(line_x(split_desk), 100))
    QTest.wheelEvent(split_desk.window.windowHandle(), QPointF(place), QPoint(0, 120))
    assert split_desk.canvas.transform.zoom == pytest.approx(before * 1.2)
    assert split_desk.canvas.divider_fraction == 0.5


def test_shift_and_the_wheel_pan_sideways(desk):
    desk.list_photo(patchwork(3000, 2000))
    desk.canvas.zoom_to(1.0)
    before = desk.canvas.transform
    desk.wheel(desk.canvas, 1, modifiers=SHIFT)
    after = desk.canvas.transform
    assert after.centre_x < before.centre_x
    assert (after.centre_y, after.zoom) == (before.centre_y, before.zoom)


def test_two_fingers_pan(desk):
    desk.list_photo(patchwork(3000, 2000))
    desk.canvas.zoom_to(1.0)
    desk.wheel(desk.canvas, 0.2, pixels=QPoint(-30, 50), phase=Qt.ScrollPhase.ScrollUpdate)
    assert desk.canvas.transform.zoom == 1.0
    assert desk.canvas.transform.centre_x == pytest.approx(0.5 + 30 / 3000)
    assert desk.canvas.transform.centre_y == pytest.approx(0.5 - 50 / 2000)


def test_zoom_ends_at_3200_percent(photo_desk):
    photo_desk.wheel(photo_desk.canvas, 60)
    assert photo_desk.canvas.transform.zoom == 32.0


def test_ctrl_0_1_and_2_are_fit_100_and_200_percent(desk):
    desk.list_photo(patchwork(3000, 2000))
    fit = desk.canvas.transform.zoom
    for key, zoom in ((Key.Key_1, 1.0), (Key.Key_2, 2.0), (Key.Key_0, fit)):
        desk.key(key, CTRL)
        assert desk.canvas.transform.zoom == pytest.approx(zoom)
    assert desk.canvas.transform.is_fit


@pytest.mark.parametrize("key", [Key.Key_Z, Key.Key_Space])
def test_z_and_space_go_between_fit_and_the_last_close_zoom(desk, key):
    desk.list_photo(patchwork(3000, 2000))
    desk.canvas.zoom_to(2.0)
    desk.key(key, target=desk.canvas)
    desk.until(lambda: desk.canvas.transform.is_fit)
    desk.key(key, target=desk.canvas)
    desk.until(lambda: desk.canvas.transform.zoom == pytest.approx(2.0))


def test_z_zooms_about_the_pointer(desk):
    desk.list_photo(patchwork(3000, 2000))
    place = QPoint(desk.canvas.width() // 4, desk.canvas.height() // 4)
    QTest.mouseMove(desk.window.windowHandle(), desk.canvas.mapTo(desk.window, place))
    held = under(desk, place)
    desk.key(Key.Key_Z, target=desk.canvas)
    assert desk.canvas.transform.zoom == 1.0
    assert (under(desk, place).x, under(desk, place).y) == pytest.approx((held.x, held.y), abs=1.0)


def test_a_double_click_goes_between_fit_and_100_percent_at_that_spot(desk):
    desk.list_photo(patchwork(3000, 2000))
    place = QPoint(desk.canvas.width() // 3, desk.canvas.height() // 3)
    held = under(desk, place)
    desk.double_click_in_window(place)
    assert desk.canvas.transform.zoom == 1.0
    assert (under(desk, place).x, under(desk, place).y) == pytest.approx((held.x, held.y), abs=1.0)
    desk.double_click_in_window(place)
    assert desk.canvas.transform.is_fit


@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, CTRL])
def test_plus_and_minus_go_from_stop_to_stop(desk, modifiers):
    desk.list_photo(patchwork(3000, 2000))
    desk.canvas.zoom_to(1.0)
    for key, zoom in ((Key.Key_Plus, 1.5), (Key.Key_Equal, 2.0), (Key.Key_Minus, 1.5), (Key.Key_Minus, 1.0)):
        desk.key(key, modifiers, desk.canvas)
        assert desk.canvas.transform.zoom == pytest.approx(zoom)


def test_the_zoom_box_shows_the_zoom_and_takes_a_typed_one(desk):
    desk.list_photo(patchwork(3000, 2000))
    box = desk.find("zoom_box")
    assert box.currentText() == f"{round(desk.canvas.transform.zoom * 100)} %"
    box.lineEdit().setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), "133,5")
    desk.key(Key.Key_Return, target=box.lineEdit())
    assert desk.canvas.transform.zoom == pytest.approx(1.335)
    assert box.currentText() == "134 %"
    assert desk.canvas.hasFocus()


def test_a_typed_zoom_that_is_no_number_changes_nothing(desk):
    desk.list_photo(patchwork(3000, 2000))
    before = desk.canvas.transform
    box = desk.find("zoom_box")
    box.lineEdit().setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), "large")
    desk.key(Key.Key_Return, target=box.lineEdit())
    assert desk.canvas.transform == before
    assert box.currentText() == f"{round(before.zoom * 100)} %"


@pytest.mark.parametrize(("index", "zoom"), [(0, None), (7, 1.0), (10, 3.0)])
def test_the_zoom_box_offers_fit_and_the_stops(desk, index, zoom):
    desk.list_photo(patchwork(3000, 2000))
    desk.canvas.zoom_to(1.5)
    box = desk.find("zoom_box")
    box.setCurrentIndex(index)
    box.activated.emit(index)
    assert desk.canvas.transform.is_fit if zoom is None else desk.canvas.transform.zoom == zoom


@pytest.mark.parametrize(
    ("name", "zoom"), [("zoom_100_button", 1.0), ("zoom_200_button", 2.0), ("zoom_fit_button", None)]
)
def test_the_bar_over_the_canvas_zooms(desk, name, zoom):
    desk.list_photo(patchwork(3000, 2000))
    desk.canvas.zoom_to(3.0)
    desk.click(name)
    assert desk.canvas.transform.is_fit if zoom is None else desk.canvas.transform.zoom == zoom


# Pan


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_dragging_the_picture_pans_it_with_the_pointer(desk, button):
    desk.list_photo(patchwork(3000, 2000))
    desk.canvas.zoom_to(1.0)
    start, end = QPoint(200, 200), QPoint(260, 170)
    held = under(desk, start)
    desk.drag_in_window(start, QPoint(230, 190), end, button=button)
    assert (under(desk, end).x, under(desk, end).y) == pytest.approx((held.x, held.y), abs=0.01)


def test_arrows_pan_a_tenth_of_the_view_when_zoomed(desk):
    desk.list_photo(patchwork(3000, 2000))
    desk.canvas.zoom_to(1.0)
    width, height = desk.canvas.width(), desk.canvas.height()
    for key, dx, dy in (
        (Key.Key_Right, width, 0),
        (Key.Key_Left, -width, 0),
        (Key.Key_Down, 0, height),
        (Key.Key_Up, 0, -height),
    ):
        before = desk.canvas.transform
        desk.key(key, target=desk.canvas)
        after = desk.canvas.transform
        assert after.centre_x - before.centre_x == pytest.approx(dx * 0.1 / 3000)
        assert after.centre_y - before.centre_y == pytest.approx(dy * 0.1 / 2000)


def test_arrows_go_to_the_next_and_previous_photo_at_fit(desk):
    desk.list_photo(name="one.jpg")
    desk.list_photo(name="two.jpg")
    desk.key(Key.Key_Left, target=desk.canvas)
    assert desk.photo.name == "one.jpg"
    desk.key(Key.Key_Right, target=desk.canvas)
    assert desk.photo.name == "two.jpg"


def test_an_eighth_of_the_picture_stays_in_view_however_far_it_is_dragged(desk):
    desk.list_photo(patchwork(800, 600))
    desk.canvas.zoom_to(1.0)
    for _ in range(20):
        desk.drag_in_window(QPoint(400, 300), QPoint(10, 10))
    box = views.picture_box(desk.canvas.transform, desk.canvas.stage.picture, desk.canvas.stage.viewport)
    assert box.left + box.width >= min(box.width, desk.canvas.width()) / 8 - 1
    assert box.top + box.height >= min(box.height, desk.canvas.height()) / 8 - 1


def test_the_status_bar_tells_the_pixel_under_the_pointer_before_and_after(split_desk):
    desk = split_desk
    desk.canvas.zoom_to(1.0)
    place = middle(desk) + QPoint(40, 30)
    QTest.mouseMove(desk.window.windowHandle(), desk.canvas.mapTo(desk.window, place - QPoint(1, 1)))
    QTest.mouseMove(desk.window.windowHandle(), desk.canvas.mapTo(desk.window, place))
    held = under(desk, place)
    assert desk.text("status_pixel") == f"x {int(held.x)}  y {int(held.y)}    200 30 30 → 30 40 200"


# The divider


def test_keys_1_2_and_3_put_the_divider_at_the_edges_and_the_centre(split_desk):
    for key, fraction in ((Key.Key_1, 0.0), (Key.Key_3, 1.0), (Key.Key_2, 0.5)):
        split_desk.key(key, target=split_desk.canvas)
        assert split_desk.canvas.divider_fraction == fraction


@pytest.mark.parametrize(
    ("name", "fraction"), [("divider_left", 0.0), ("divider_centre", 0.5), ("divider_right", 1.0)]
)
def test_buttons_move_the_divider_without_dragging(split_desk, name, fraction):
    split_desk.canvas.set_divider(0.3)
    split_desk.click(f"{name}_button")
    assert split_desk.canvas.divider_fraction == fraction


def test_what_the_bar_has_no_room_for_is_in_the_menu_behind_its_dots(split_desk):
    desk = split_desk
    assert not desk.find("compare_more").isVisible()
    desk.show(960, 620)
    desk.until(desk.find("compare_more").isVisible)
    for name in EXTRAS:
        assert desk.find(f"{name}_button").isVisible() != (desk.action(name) in folded(desk)), name
    desk.canvas.set_divider(0.3)
    desk.click("compare_more")
    entry = next(each for each in folded(desk) if each is desk.action("divider_right"))
    menu = QApplication.activePopupWidget()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    assert desk.canvas.divider_fraction == 1.0
    desk.show(1440, 900)
    desk.until(lambda: not desk.find("compare_more").isVisible())


def folded(desk):
    return desk.find("compare_more").findChild(QMenu).actions()


def test_dragging_the_line_moves_the_divider_and_not_the_picture(split_desk):
    desk = split_desk
    before = desk.canvas.transform
    start = QPoint(line_x(desk) + 5, 120)
    desk.drag_in_window(start, start + QPoint(60, 0), start + QPoint(150, 40))
    assert desk.canvas.divider_fraction == pytest.approx(0.5 + 150 / desk.canvas.width(), abs=0.002)
    assert desk.canvas.transform == before


@pytest.mark.parametrize(("target", "fraction"), [(0.012, 0.0), (0.99, 1.0), (0.02, 0.02)])
def test_the_divider_snaps_shut_near_an_edge(split_desk, target, fraction):
    desk = split_desk
    start = QPoint(line_x(desk), 120)
    desk.drag_in_window(start, QPoint(round(desk.canvas.width() * target), 120))
    assert desk.canvas.divider_fraction == pytest.approx(fraction, abs=0.002)


def test_a_divider_that_has_snapped_shut_can_be_pulled_back_by_its_tab(split_desk):
    desk = split_desk
    desk.canvas.set_divider(1.0)
    tab = QPoint(desk.canvas.width() - 4, middle(desk).y())
    desk.drag_in_window(tab, tab - QPoint(200, 0))
    assert desk.canvas.divider_fraction == pytest.approx(1 - 200 / desk.canvas.width(), abs=0.01)


def test_a_double_click_on_the_grip_centres_and_on_the_line_turns(split_desk):
    desk = split_desk
    desk.canvas.set_divider(0.25)
    desk.double_click_in_window(QPoint(line_x(desk), middle(desk).y()))
    assert desk.canvas.divider_fraction == 0.5
    desk.double_click_in_window(QPoint(line_x(desk), 100))
    assert desk.state.is_turned
    assert desk.canvas.divider_fraction == 0.5


def test_clicking_the_picture_does_not_move_the_divider(split_desk):
    desk = split_desk
    before = desk.canvas.transform
    for x in (40, line_x(desk) - 30, line_x(desk) + 30):
        desk.drag_in_window(QPoint(x, 100))
    assert desk.canvas.divider_fraction == 0.5
    assert desk.canvas.transform == before


def test_the_divider_is_moved_and_turned_by_the_keyboard(split_desk):
    desk, divider = split_desk, split_desk.canvas.divider
    divider.setFocus()
    steps = [
        (Key.Key_Right, Qt.KeyboardModifier.NoModifier, 0.51), (Key.Key_Right, SHIFT, 0.61),
        (Key.Key_Left, SHIFT, 0.51), (Key.Key_Left, Qt.KeyboardModifier.NoModifier, 0.5),
        (Key.Key_End, Qt.KeyboardModifier.NoModifier, 1.0), (Key.Key_Left, Qt.KeyboardModifier.NoModifier, 0.99),
        (Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0.0), (Key.Key_Right, Qt.KeyboardModifier.NoModifier, 0.01),
    ]  # fmt: skip
    for key, modifiers, fraction in steps:
        desk.key(key, modifiers, divider)
        assert desk.canvas.divider_fraction == pytest.approx(fraction)
    desk.key(Key.Key_Return, target=divider)
    assert desk.state.is_turned
    desk.key(Key.Key_Down, target=divider)
    assert desk.canvas.divider_fraction == pytest.approx(0.02)


def test_screen_readers_are_told_what_the_divider_is_and_where(split_desk):
    divider = split_desk.canvas.divider
    split_desk.canvas.set_divider(0.63)
    assert divider.accessibleName() == "Before/after divider"
    assert divider.accessibleDescription() == "63 % before"
    assert divider.value() == 630


def test_assistive_technology_can_move_the_divider(split_desk):
    split_desk.canvas.divider.setValue(700)
    assert split_desk.canvas.divider_fraction == pytest.approx(0.7)


def test_without_anything_to_compare_there_is_no_divider(photo_desk):
    assert not photo_desk.canvas.divider.isVisible()
    photo_desk.add_result()
    assert photo_desk.canvas.divider.isVisible()
    photo_desk.key(Key.Key_S, target=photo_desk.canvas)
    assert not photo_desk.canvas.divider.isVisible()
    photo_desk.key(Key.Key_Y, SHIFT, photo_desk.canvas)
    assert photo_desk.canvas.divider.isVisible()


# Before and after in place


@pytest.mark.parametrize("key", [Key.Key_Backslash, Key.Key_P])
def test_a_tap_shows_before_in_place_and_another_after_again(split_desk, key):
    desk, place = split_desk, middle(split_desk) + QPoint(100, 60)
    desk.key(key, target=desk.canvas)
    assert desk.state.is_before_shown
    assert desk.colour_at(place.x(), place.y()) == RED
    assert not desk.canvas.divider.isVisible()
    desk.until(lambda: not desk.canvas.keys.is_held)
    desk.key(key, target=desk.canvas)
    assert not desk.state.is_before_shown
    assert desk.colour_at(place.x(), place.y()) == BLUE


@pytest.mark.parametrize("key", [Key.Key_Backslash, Key.Key_P])
def test_a_held_key_shows_before_only_while_it_is_held(split_desk, key):
    desk = split_desk
    QTest.keyPress(desk.canvas, key)
    assert desk.state.is_before_shown
    since = time.monotonic()
    desk.until(lambda: time.monotonic() - since > HOLD_MS / 1000)
    QTest.keyRelease(desk.canvas, key)
    desk.until(lambda: not desk.state.is_before_shown)


@pytest.mark.parametrize("key", [Key.Key_Backslash, Key.Key_P])
def test_a_held_key_whose_repeats_look_like_taps_is_still_one_hold(split_desk, key):
    desk, seen = split_desk, []
    desk.canvas.before_wanted.connect(seen.append)
    QTest.keyPress(desk.canvas, key)
    since = time.monotonic()
    while time.monotonic() - since < HOLD_MS / 1000:
        QTest.keyRelease(desk.canvas, key)
        QTest.keyPress(desk.canvas, key)
        QTest.qWait(10)
    assert seen == [True]
    QTest.keyRelease(desk.canvas, key)
    desk.until(lambda: not desk.state.is_before_shown)
    assert seen == [True, False]


def test_without_a_result_the_before_key_does_nothing(photo_desk):
    photo_desk.key(Key.Key_P, target=photo_desk.canvas)
    assert not photo_desk.state.is_before_shown


# What stays


def test_resizing_keeps_the_dividers_fraction_and_the_fit(split_desk):
    desk = split_desk
    desk.canvas.set_divider(0.3)
    for width, height in ((1000, 700), (1500, 950)):
        desk.window.resize(width, height)
        desk.until(lambda width=width: desk.window.width() == width)
        assert desk.canvas.divider_fraction == 0.3
        assert line_x(desk) == round(0.3 * desk.canvas.width())
        assert desk.canvas.transform.is_fit
        assert desk.canvas.divider.size() == desk.canvas.size()


def test_resizing_keeps_zoom_and_centre_when_zoomed(desk):
    desk.list_photo(patchwork(3000, 2000))
    desk.canvas.zoom_to(1.0)
    before = desk.canvas.transform
    desk.window.resize(1100, 700)
    desk.until(lambda: desk.window.width() == 1100)
    assert desk.canvas.transform == before


@pytest.mark.parametrize("view", ["split", "single"])
def test_a_new_result_changes_neither_zoom_centre_divider_nor_view(desk, view):
    desk.list_photo(patchwork(3000, 2000))
    desk.add_result(patchwork(3000, 2000))
    desk.controller.choose_view(view)
    desk.canvas.zoom_to(2.0, QPointF(100, 100))
    desk.canvas.set_divider(0.2)
    before = desk.canvas.transform
    newest = desk.add_result(patchwork(3000, 2000))
    assert desk.photo.side_b == newest.id
    assert (desk.canvas.transform, desk.canvas.divider_fraction, desk.state.view) == (before, 0.2, view)


def test_the_next_photo_is_fitted(desk):
    desk.list_photo(patchwork(3000, 2000), "one.jpg")
    desk.canvas.zoom_to(2.0)
    desk.list_photo(patchwork(2000, 1000), "two.jpg")
    assert desk.canvas.transform.is_fit


# Chips


def test_the_chips_name_the_sides_and_stand_in_their_own_halves(split_desk):
    before, after = (split_desk.find(f"{side}_chip", QToolButton) for side in ("before", "after"))
    assert before.text().startswith("Before: Original")
    assert after.text().startswith("After: Local · Standard")
    assert before.geometry().right() < line_x(split_desk) < after.geometry().left()
    assert after.geometry().right() + 1 == split_desk.canvas.width() - 10


def test_a_chip_hides_when_its_half_is_narrower_than_it(split_desk):
    before = split_desk.find("before_chip", QToolButton)
    assert before.isVisible()
    split_desk.canvas.set_divider(0.05)
    assert not before.isVisible()


def test_a_chips_menu_puts_a_variant_on_its_side(split_desk):
    desk = split_desk
    first = desk.photo.side_b
    desk.add_result(GREEN)
    menu = desk.find("after_chip", QToolButton).menu()
    of_variants = menu.actions()[:3]  # below them: other things to show
    assert [each.isChecked() for each in of_variants] == [False, False, True]
    menu.actions()[1].trigger()
    assert desk.photo.side_b == first
    desk.find("before_chip", QToolButton).menu().actions()[2].trigger()
    assert desk.photo.side_a == desk.photo.variants[2].id


def test_the_chips_fade_while_the_divider_is_dragged(split_desk):
    desk, chip = split_desk, split_desk.find("before_chip", QToolButton)
    place = desk.canvas.mapTo(desk.window, QPoint(line_x(desk), 120))
    QTest.mousePress(
        desk.window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    )
    assert chip.property("faded")
    QTest.mouseRelease(
        desk.window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    )
    assert not chip.property("faded")


# Other keys of the canvas


def test_f_toggles_full_screen_and_escape_leaves_it(photo_desk):
    desk = photo_desk
    desk.key(Key.Key_F, target=desk.canvas)
    desk.until(desk.window.isFullScreen)
    desk.key(Key.Key_Escape, target=desk.canvas)
    desk.until(lambda: not desk.window.isFullScreen())


def test_delete_takes_the_photo_off_the_list(photo_desk):
    photo_desk.key(Key.Key_Delete, target=photo_desk.canvas)
    photo_desk.until(lambda: not photo_desk.state.photos)
    assert photo_desk.find("empty_state").isVisible()


def test_letters_typed_into_a_number_field_do_not_reach_the_canvas(split_desk):
    desk = split_desk
    box = desk.find("strength_box")
    box.setFocus()
    QTest.keyClicks(box, "1zs")
    assert desk.canvas.divider_fraction == 0.5
    assert desk.state.view == "split"
    box.clear()


# Side by side, difference, blink, loupe, unlinked sides


def halves(desk):
    """A place in the middle of each half of the canvas."""
    width, y = desk.canvas.width(), desk.canvas.height() // 2
    return QPoint(width // 4, y), QPoint(3 * width // 4, y)


def test_side_by_side_shows_the_whole_picture_in_both_halves(split_desk):
    split_desk.key(Key.Key_Y, target=split_desk.canvas)
    left, right = halves(split_desk)
    assert split_desk.colour_at(left.x(), left.y()) == RED
    assert split_desk.colour_at(right.x(), right.y()) == BLUE
    assert not split_desk.canvas.divider.isVisible()
    zoom = split_desk.canvas.transform.zoom
    assert 600 * zoom <= split_desk.canvas.width() / 2
    assert split_desk.canvas.transform.is_fit


def test_side_by_side_turned_lies_one_above_the_other(split_desk):
    split_desk.key(Key.Key_Y, target=split_desk.canvas)
    split_desk.key(Key.Key_Y, ALT)
    x, height = middle(split_desk).x(), split_desk.canvas.height()
    assert split_desk.colour_at(x, height // 4) == RED
    assert split_desk.colour_at(x, 3 * height // 4) == BLUE


@pytest.mark.parametrize("half", [0, 1])
def test_side_by_side_the_wheel_zooms_about_the_place_under_the_pointer_in_either_half(split_desk, half):
    split_desk.key(Key.Key_Y, target=split_desk.canvas)
    place = halves(split_desk)[half] + QPoint(30, 20)
    stage = split_desk.canvas.stage
    before = stage.in_picture(QPointF(place))
    split_desk.wheel(split_desk.canvas, 3, QPointF(place))
    after = stage.in_picture(QPointF(place))
    assert (after.x, after.y) == pytest.approx((before.x, before.y), abs=1e-6)
    assert split_desk.canvas.transform.zoom > 0.5


def test_the_difference_is_black_where_both_agree_and_bright_where_they_do_not(desk):
    agreeing = patchwork()
    changed = agreeing.copy()
    changed[:, 300:] = 255 - changed[:, 300:]
    desk.list_photo(agreeing)
    desk.add_result(changed)
    desk.key(Key.Key_D, target=desk.canvas)
    x, y = middle(desk).x(), middle(desk).y()
    assert desk.colour_at(x - 40, y) == (0, 0, 0)
    assert sum(desk.colour_at(x + 40, y)) > 200


def test_blinking_shows_before_and_after_in_turn_until_it_is_stopped(split_desk):
    split_desk.key(Key.Key_K, target=split_desk.canvas)
    assert split_desk.state.is_before_shown
    split_desk.until(lambda: not split_desk.state.is_before_shown)
    split_desk.until(lambda: split_desk.state.is_before_shown)
    split_desk.key(Key.Key_K, target=split_desk.canvas)
    assert not split_desk.canvas.blinking.is_on
    assert not split_desk.state.is_before_shown


def test_shift_and_drag_move_one_side_only_until_it_is_relinked(split_desk):
    canvas = split_desk.canvas
    split_desk.key(Key.Key_1, CTRL)
    start = QPoint(line_x(split_desk) + 200, middle(split_desk).y())
    transform = canvas.transform
    QTest.mousePress(canvas, LEFT, SHIFT, start)
    QTest.mouseMove(canvas, start + QPoint(40, 25))
    QTest.mouseRelease(canvas, LEFT, SHIFT, start + QPoint(40, 25))
    assert canvas.stage.shifts["a"] == Point(0, 0)
    assert canvas.stage.shifts["b"] == Point(40, 25)
    assert canvas.transform == transform
    relink = canvas.findChild(QToolButton, "relink")
    assert relink.isVisible()
    QTest.mouseClick(relink, LEFT)
    assert canvas.stage.is_linked
    assert not relink.isVisible()


def test_the_loupe_shows_both_sides_of_the_place_under_the_pointer(split_desk):
    canvas, place = split_desk.canvas, middle(split_desk) + QPoint(-150, 30)
    QTest.mouseMove(canvas, place)
    split_desk.until(canvas.underMouse)
    assert split_desk.colour_at(place.x() + 40, place.y()) == RED
    split_desk.key(Key.Key_Q, target=canvas)
    assert split_desk.colour_at(place.x() - 40, place.y()) == RED
    assert split_desk.colour_at(place.x() + 40, place.y()) == BLUE
    split_desk.key(Key.Key_Q, target=canvas)
    assert split_desk.colour_at(place.x() + 40, place.y()) == RED
