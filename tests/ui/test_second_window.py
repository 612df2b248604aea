"""The second window: what it shows, what it follows, and how it comes and goes."""

import gc

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from support.window import BLUE, GREEN, LEFT, NO_KEY, RED, SHIFT, flat, patchwork, rgb

from sharpen_desktop.core.picture import Display
from sharpen_desktop.ui.qt_image import DisplayImages
from sharpen_desktop.ui.second_screen import remembered_place
from sharpen_desktop.ui.second_window import SecondWindow

Key = Qt.Key


def window_of(desk):
    """The second window, ``None`` while it is closed."""
    return desk.inside.second._window


@pytest.fixture
def second(split_desk):
    """Red before and blue after, and the second window open."""
    split_desk.key(Key.Key_F11, SHIFT)
    split_desk.until(lambda: window_of(split_desk) and window_of(split_desk).isVisible())
    return split_desk


def colour(desk):
    view = window_of(desk).view
    return rgb(view.grab().toImage().pixelColor(view.width() // 2, view.height() // 2))


def part(desk, name):
    return window_of(desk).findChild(QToolButton, name)


def choose(desk, text):
    next(each for each in part(desk, "second_side").menu().actions() if each.text() == text).trigger()


def test_it_shows_what_is_after_and_follows_another_choice(second):
    assert colour(second) == BLUE
    assert part(second, "second_side").text() == f"After: {second.photo.after.label}  ▾"
    second.add_result(GREEN)
    assert colour(second) == GREEN
    assert second.action("second_window").isChecked()


def test_its_own_picker_shows_a_side_or_one_variant_for_good(second):
    choose(second, "Before of the main window")
    assert colour(second) == RED
    choose(second, second.photo.after.label)
    second.add_result(GREEN)
    assert colour(second) == BLUE
    assert second.photo.side_b == second.photo.variants[-1].id
    checked = [each.text() for each in part(second, "second_side").menu().actions() if each.isChecked()]
    assert checked == [second.photo.variants[1].label]


def test_it_follows_zoom_and_centre_of_the_main_window(second):
    view = window_of(second).view
    assert view.transform.is_fit
    second.canvas.zoom_to(3.0)
    second.canvas.centre_on(0.3, 0.6)
    assert (view.transform.zoom, view.transform.centre_x, view.transform.centre_y) == (3.0, 0.3, 0.6)
    second.canvas.fit()
    assert view.transform.is_fit


def test_unpinned_what_is_done_here_is_done_in_both(second):
    view = window_of(second).view
    second.wheel(view, 5)
    assert second.canvas.transform.zoom == view.transform.zoom > 1.0
    QTest.keyClick(view, Key.Key_Right)
    assert second.canvas.transform.centre_x == pytest.approx(view.transform.centre_x)
    assert second.canvas.transform.centre_x > 0.5
    QTest.keyClick(view, Key.Key_Z)
    assert second.canvas.transform.is_fit


def test_pinned_it_has_a_zoom_and_place_of_its_own_until_it_is_let_go(second):
    window = window_of(second)
    second.canvas.zoom_to(2.0)
    QTest.keyClick(window, Key.Key_P)
    assert part(second, "second_pin").isChecked()
    second.canvas.zoom_to(4.0)
    assert window.view.transform.zoom == 2.0
    second.wheel(window.view, 3)
    own = window.view.transform
    assert own.zoom > 2.0
    assert second.canvas.transform.zoom == 4.0
    middle = window.view.rect().center()
    QTest.mousePress(window.view, LEFT, NO_KEY, middle)
    QTest.mouseMove(window.view, middle + QPoint(50, 0))
    QTest.mouseRelease(window.view, LEFT, NO_KEY, middle + QPoint(50, 0))
    assert window.view.transform.centre_x < own.centre_x
    assert second.canvas.transform.centre_x == 0.5
    second.click(part(second, "second_pin"))
    assert window.view.transform.zoom == 4.0


def test_the_point_under_the_pointer_stays_when_it_is_zoomed_here(split_desk):
    desk = split_desk
    desk.add_result(patchwork())
    desk.controller.toggle_second()
    view = window_of(desk).view
    QTest.keyClick(window_of(desk), Key.Key_P)
    desk.wheel(view, 12)
    place = QPointF(view.width() / 2 + 60, view.height() / 2 + 35)
    before = rgb(view.grab().toImage().pixelColor(place.toPoint()))
    desk.wheel(view, 2, place)
    assert rgb(view.grab().toImage().pixelColor(place.toPoint())) == before


@pytest.mark.parametrize("way", ["escape", "close", "key", "action"])
def test_closing_it_closes_it_alone(second, way):
    window = window_of(second)
    match way:
        case "escape":
            QTest.keyClick(window, Key.Key_Escape)
        case "close":
            window.close()
        case "key":
            QTest.keyClick(window, Key.Key_F11, SHIFT)
        case "action":
            second.action("second_window").trigger()
    assert second.state.second is None
    assert window_of(second) is None
    assert not second.action("second_window").isChecked()
    assert second.window.isVisible()
    assert not second.controller.closed.is_set()


def test_f11_fills_the_screen_there_and_escape_leaves_that_first(second):
    window = window_of(second)
    QTest.keyClick(window, Key.Key_F11)
    assert window.isFullScreen()
    assert not second.window.isFullScreen()
    QTest.keyClick(window, Key.Key_Escape)
    assert not window.isFullScreen()
    assert window_of(second) is window


def test_it_stands_where_it_stood(second):
    window_of(second).setGeometry(300, 200, 700, 500)
    QTest.keyClick(window_of(second), Key.Key_Escape)
    second.controller.toggle_second()
    assert window_of(second).geometry().getRect() == (300, 200, 700, 500)


@pytest.mark.parametrize(
    "text", ["", "9000 9000 700 500", "1 2 3", "a b c d", "300 200 10 10", "-5000 0 700 500"]
)
def test_a_place_that_is_gone_or_damaged_is_no_place(second, text):
    assert remembered_place(text) is None


def test_it_ends_with_the_program(make_desk):
    desk = make_desk().show()
    desk.list_photo()
    desk.add_result()
    desk.controller.toggle_second()
    desk.window.close_for_good()
    assert window_of(desk) is None
    assert not [
        each for each in QApplication.topLevelWidgets() if isinstance(each, SecondWindow) and each.isVisible()
    ]


def test_it_maps_no_pixels_of_its_own(second):
    second.canvas.grab()
    colour(second)
    gc.collect()
    shown = [each for each in gc.get_objects() if isinstance(each, DisplayImages) and each._mapped]
    after = second.photo.after.display
    assert isinstance(after, Display)
    assert len([each for each in shown if each.display == after and each in _cached(second)]) == 1
    assert window_of(second).view._images is second.canvas.images


def _cached(desk):
    return list(desk.canvas.images._images.values())


def test_a_variant_that_only_it_shows_stays_mapped_and_is_dropped_when_it_closes(second):
    first = second.photo.after
    choose(second, first.label)
    second.add_result(GREEN)
    colour(second)
    assert first.display in second.canvas.images._images
    QTest.keyClick(window_of(second), Key.Key_Escape)
    second.add_result(RED)
    assert first.display not in second.canvas.images._images


def test_it_has_the_theme_and_the_background_of_the_canvas(second):
    second.change_prefs(background="white")
    view = window_of(second).view
    assert rgb(view.grab().toImage().pixelColor(3, view.height() // 2)) == (255, 255, 255)
    second.change_prefs(background="black", theme="light")
    assert rgb(view.grab().toImage().pixelColor(3, view.height() // 2)) == (0, 0, 0)


def test_a_variant_of_another_size_is_shown_in_the_same_place(second):
    second.add_result(flat(GREEN, 300, 200))
    second.canvas.zoom_to(0.5)
    image = window_of(second).view.grab().toImage()
    across = [x for x in range(image.width()) if rgb(image.pixelColor(x, image.height() // 2)) == GREEN]
    assert len(across) == 300


def test_in_a_blind_test_it_tells_nothing(second):
    second.controller.begin_blind()
    assert not part(second, "second_side").isVisible()
    assert colour(second) not in (RED, BLUE)
    assert window_of(second).view.accessibleDescription() == ""
    second.controller.end_blind()
    assert colour(second) == BLUE


def test_it_can_be_opened_only_with_a_photo_and_says_so_when_that_is_gone(desk):
    assert not desk.action("second_window").isEnabled()
    desk.list_photo()
    desk.click("second_window_button")
    assert colour(desk) == RED
    desk.controller.close_photo()
    desk.until(lambda: desk.state.current is None)
    assert desk.action("second_window").isEnabled()
    assert not part(desk, "second_side").isVisible()


def test_its_controls_have_names_and_tooltips_with_their_keys(second):
    assert "(P)" in part(second, "second_pin").toolTip()
    assert part(second, "second_side").accessibleName().startswith("After: ")
    assert window_of(second).view.accessibleName()


@pytest.mark.parametrize("reason", [Qt.FocusReason.TabFocusReason, Qt.FocusReason.MouseFocusReason])
def test_a_frame_shows_that_the_keys_go_there_but_only_to_who_came_by_key(second, reason):
    window = window_of(second)
    window.activateWindow()
    second.until(window.isActiveWindow)
    part(second, "second_pin").setFocus()
    window.view.setFocus(reason)
    corner = rgb(window.view.grab().toImage().pixelColor(1, 1))
    assert (corner == (92, 157, 255)) == (reason is Qt.FocusReason.TabFocusReason)
