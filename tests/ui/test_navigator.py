"""The navigator: where the frame lies, and what dragging it, the wheel and the keys do."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from support.window import CTRL, LEFT, NO_KEY

from sharpen_desktop.ui.navigator import SMALLEST_FRAME_PX

Key = Qt.Key


def frame(desk):
    return desk.inside.navigator.frame_rect()


def test_the_frame_is_the_whole_picture_at_fit_and_shrinks_with_the_zoom(photo_desk):
    desk = photo_desk
    whole = desk.inside.navigator.picture_rect()
    assert frame(desk).width() == pytest.approx(whole.width(), abs=1)
    desk.canvas.zoom_to(4.0)
    seen = desk.canvas.width() / (600 * 4)
    assert frame(desk).width() == pytest.approx(whole.width() * seen, abs=1.5)


def test_the_frame_never_gets_too_small_to_be_taken(photo_desk):
    photo_desk.canvas.zoom_to(32.0)
    assert frame(photo_desk).width() >= SMALLEST_FRAME_PX
    assert frame(photo_desk).height() >= SMALLEST_FRAME_PX


def test_dragging_the_frame_moves_the_view_with_it(photo_desk):
    desk, navigator = photo_desk, photo_desk.inside.navigator
    desk.canvas.zoom_to(4.0)
    start = frame(desk).center().toPoint()
    QTest.mousePress(navigator, LEFT, NO_KEY, start)
    QTest.mouseMove(navigator, start + QPoint(20, 10))
    QTest.mouseRelease(navigator, LEFT, NO_KEY, start + QPoint(20, 10))
    picture = navigator.picture_rect()
    assert desk.canvas.transform.centre_x == pytest.approx(0.5 + 20 / picture.width(), abs=0.02)
    assert desk.canvas.transform.centre_y == pytest.approx(0.5 + 10 / picture.height(), abs=0.02)
    assert desk.canvas.transform.zoom == 4.0


def test_a_click_beside_the_frame_brings_that_place_into_the_middle(photo_desk):
    desk, navigator = photo_desk, photo_desk.inside.navigator
    desk.canvas.zoom_to(8.0)
    picture = navigator.picture_rect()
    QTest.mouseClick(navigator, LEFT, NO_KEY, QPoint(int(picture.left() + 30), int(picture.top() + 30)))
    assert desk.canvas.transform.centre_x == pytest.approx(30 / picture.width(), abs=0.02)


def test_arrow_keys_move_the_view_and_the_wheel_zooms(photo_desk):
    desk, navigator = photo_desk, photo_desk.inside.navigator
    desk.canvas.zoom_to(4.0)
    desk.key(Key.Key_Right, target=navigator)
    assert desk.canvas.transform.centre_x == pytest.approx(0.55, abs=0.01)
    desk.wheel(navigator, 1)
    assert desk.canvas.transform.zoom == pytest.approx(4.8)


def test_n_hides_the_navigator_and_shows_it_again(photo_desk):
    navigator = photo_desk.inside.navigator
    photo_desk.key(Key.Key_N, target=photo_desk.canvas)
    assert not navigator.isVisible()
    photo_desk.key(Key.Key_N, target=photo_desk.canvas)
    assert navigator.isVisible()


def test_l_goes_through_the_backgrounds(photo_desk):
    seen = []
    for _ in range(4):
        photo_desk.key(Key.Key_L, target=photo_desk.canvas)
        photo_desk.key(Key.Key_0, CTRL)
        seen.append(photo_desk.colour_at(3, 3))
    assert seen[:3] == [(0, 0, 0), (119, 119, 119), (255, 255, 255)]
    assert seen[3] == (0x2B, 0x2B, 0x2B)


def test_x_comma_and_m_change_the_sides(split_desk):
    desk = split_desk
    before, after = desk.photo.side_a, desk.photo.side_b
    desk.key(Key.Key_X, target=desk.canvas)
    assert (desk.photo.side_a, desk.photo.side_b) == (after, before)
    desk.key(Key.Key_X, target=desk.canvas)
    desk.key(Key.Key_M, target=desk.canvas)
    assert desk.photo.side_a == after
    desk.key(Key.Key_M, target=desk.canvas)
    desk.key(Key.Key_Comma, target=desk.canvas)
    assert desk.photo.side_b == before
    desk.key(Key.Key_Period, target=desk.canvas)
    assert desk.photo.side_b == after


@pytest.mark.parametrize(
    ("button", "view"),
    [("view_sides", "side_by_side"), ("view_difference", "difference"), ("view_single", "single")],
)
def test_the_bar_over_the_canvas_chooses_how_to_compare(split_desk, button, view):
    split_desk.click(button)
    assert split_desk.state.view == view


def test_the_difference_has_a_choice_of_how_strongly_it_is_shown(split_desk):
    gain = split_desk.inside.compare.gain
    assert not gain.isVisible()
    split_desk.click("view_difference")
    assert gain.isVisible()
    weak = split_desk.colour_at(split_desk.canvas.width() // 2, split_desk.canvas.height() // 2)
    gain.setCurrentIndex(0)
    gain.activated.emit(0)
    assert split_desk.colour_at(split_desk.canvas.width() // 2, split_desk.canvas.height() // 2) != weak
