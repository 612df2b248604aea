"""Three and four variants at once on the canvas."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QDragMoveEvent, QDropEvent, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from support.dropping import send_drag
from support.window import ALT, BLUE, GREEN, LEFT, RED, SHIFT, flat

from sharpen_desktop.core import panes
from sharpen_desktop.core.view_transform import Size, ViewTransform, fit_zoom
from sharpen_desktop.ui.canvas.empty_pane import HINT
from sharpen_desktop.ui.canvas.painting import CanvasPainter
from sharpen_desktop.ui.canvas.scene import Scene
from sharpen_desktop.ui.variant_drag import VARIANT
from sharpen_desktop.ui.variant_rows import ROW_ROLE

Key = Qt.Key
GREY, PINK = (120, 120, 120), (230, 120, 180)
COLOURS = {"a": RED, "b": GREY, "c": GREEN, "d": BLUE}


@pytest.fixture
def four(split_desk):
    """The photo and three results; the newest is after."""
    split_desk.add_result(GREEN)
    split_desk.add_result(GREY)
    split_desk.canvas.setFocus()
    return split_desk


def middle(desk, side):
    clip = desk.canvas.stage.clip_of(side)
    return clip.left + clip.width // 2, clip.top + clip.height // 2


def seen(desk):
    return {pane.shows: desk.colour_at(*middle(desk, pane.shows)) for pane in desk.canvas.stage.panes}


def chip(desk, name):
    return desk.find(f"{name}_chip", QToolButton)


def test_u_shows_as_many_as_there_are_each_with_its_own_name(four):
    four.key(Key.Key_U)
    assert seen(four) == COLOURS
    titles = [four.photo.variants[place].label for place in (0, 3, 2, 1)]
    chips = [chip(four, name) for name in ("before", "after", "third", "fourth")]
    assert [each.text() for each in chips] == [
        f"{side}: {title}  ▾" for side, title in zip("ABCD", titles, strict=True)
    ]
    for each, side in zip(chips, "abcd", strict=True):
        assert each.isVisible()
        clip = four.canvas.stage.clip_of(side)
        assert clip.contains(each.x(), each.y())
    assert four.button("view_up").isChecked()
    four.key(Key.Key_U)
    assert list(seen(four)) == ["a", "b", "c"]
    assert not chip(four, "fourth").isVisible()


@pytest.mark.parametrize(("key", "count"), [(Key.Key_3, 3), (Key.Key_4, 4)])
def test_the_keys_choose_how_many(four, key, count):
    four.key(key, ALT)
    assert len(four.canvas.stage.panes) == count
    four.key(Key.Key_Y)
    assert len(four.canvas.stage.panes) == 2
    four.click("view_up")
    assert len(four.canvas.stage.panes) == 4


def test_turned_the_second_stands_under_the_first(four):
    four.controller.show_up(3)
    rects = [pane.clip for pane in four.canvas.stage.panes]
    assert len({rect.top for rect in rects}) == 1
    four.key(Key.Key_Y, ALT)
    rects = [pane.clip for pane in four.canvas.stage.panes]
    assert len({rect.left for rect in rects}) == 1
    assert seen(four) == {side: COLOURS[side] for side in "abc"}


def test_every_pane_shows_the_same_place_after_zoom_and_pan(four):
    four.controller.show_up(4)
    canvas = four.canvas
    four.wheel(canvas, 6, QPointF(*middle(four, "d")))
    canvas.pan(30, -20)
    places = [canvas.stage.in_picture(QPointF(*middle(four, side))) for side in "abcd"]
    assert len({(round(each.x, 6), round(each.y, 6)) for each in places}) == 1


def test_the_point_under_the_pointer_stays_in_any_pane(four):
    four.controller.show_up(4)
    place = QPointF(middle(four, "c")[0] + 40, middle(four, "c")[1] - 25)
    before = four.canvas.stage.in_picture(place)
    four.wheel(four.canvas, 5, place)
    after = four.canvas.stage.in_picture(place)
    assert (after.x, after.y) == pytest.approx((before.x, before.y))


def test_shift_and_drag_move_one_pane_alone_until_it_is_relinked(four):
    four.controller.show_up(4)
    x, y = middle(four, "c")
    handle = four.canvas
    QTest.mousePress(handle, LEFT, SHIFT, QPointF(x, y).toPoint())
    QTest.mouseMove(handle, QPointF(x + 9, y + 4).toPoint())
    QTest.mouseRelease(handle, LEFT, SHIFT, QPointF(x + 9, y + 4).toPoint())
    moved = {side for side, shift in four.canvas.stage.shifts.items() if (shift.x, shift.y) != (0, 0)}
    assert moved == {"c"}
    four.click("relink")
    assert four.canvas.stage.is_linked


def test_a_pane_without_a_variant_says_what_can_be_done_and_takes_one(split_desk):
    desk = split_desk
    desk.controller.show_up(3)
    assert chip(desk, "third").text().startswith("C: nothing yet")
    assert "Choose a variant" in HINT
    action = next(each for each in chip(desk, "third").menu().actions() if each.text() == "Original")
    action.trigger()
    assert seen(desk) == {"a": RED, "b": BLUE, "c": RED}
    assert chip(desk, "third").text().startswith("C: Original")


def test_a_new_result_takes_the_free_pane_to_itself_or_leaves_its_place_there(split_desk):
    split_desk.controller.show_up(3)
    split_desk.add_result(GREEN)
    assert seen(split_desk) == {"a": RED, "b": GREEN, "c": BLUE}


def drop(desk, variant_id, side):
    data = QMimeData()
    data.setData(VARIANT, variant_id.encode())
    place = desk.canvas.mapTo(desk.window, QPoint(*middle(desk, side)))
    send_drag(desk.window, data)
    send_drag(desk.window, data, QDragMoveEvent, place)
    frame = desk.inside._drops._frame
    clip = desk.canvas.stage.clip_of(side)
    assert frame.isVisible()
    assert frame.width() <= clip.width
    send_drag(desk.window, data, QDropEvent, place)


def test_a_row_that_is_dragged_onto_a_pane_is_shown_there(four):
    four.controller.show_up(4)
    drop(four, four.photo.variants[0].id, "d")
    assert seen(four) == {**COLOURS, "d": RED}
    assert four.state.view == "up"


def test_a_file_that_is_dropped_on_the_name_of_a_pane_is_shown_there(four):
    four.controller.show_up(4)
    path = four.lay_down("other.png", PINK)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place = chip(four, "third").mapTo(four.window, QPoint(10, 10))
    send_drag(four.window, data)
    send_drag(four.window, data, QDragMoveEvent, place)
    send_drag(four.window, data, QDropEvent, place)
    four.until(lambda: chip(four, "third").text().startswith("C: other.png"))
    assert seen(four) == {**COLOURS, "c": PINK}


def test_alt_and_the_wheel_step_the_pane_under_the_pointer(four):
    four.controller.show_up(4)
    before = four.photo.side_d
    four.wheel(four.canvas, 1, QPointF(*middle(four, "d")), ALT)
    assert four.photo.side_d != before
    assert seen(four) == {**COLOURS, "d": RED}


def test_the_rows_and_the_screen_reader_tell_the_panes(four):
    four.controller.show_up(4)
    model = four.inside.variants.list.model()
    assert [model.index(row).data(ROW_ROLE).sides for row in range(4)] == ["A", "D", "C", "B"]
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole).endswith(", shown fourth")
    assert "D: " in four.canvas.accessibleDescription()


def test_the_values_of_all_panes_are_told(four):
    four.controller.show_up(4)
    four.canvas.zoom_to(1.0)
    QTest.mouseMove(
        four.window.windowHandle(), four.canvas.mapTo(four.window, QPointF(*middle(four, "b"))).toPoint()
    )
    four.until(lambda: "→" in four.text("status_pixel"))
    told = four.text("status_pixel").partition("    ")[2]
    red, grey, green, blue = (" ".join(map(str, each)) for each in (RED, GREY, GREEN, BLUE))
    assert told == f"{red} → {grey} · {green} · {blue}"


def test_different_sizes_are_shown_in_each_others_place_and_it_is_said(four):
    four.add_result(flat(PINK, 300, 200))
    four.controller.show_up(3)
    four.canvas.fit()
    clip = four.canvas.stage.clip_of("b")
    box = four.canvas.stage.fitted().zoom * 600
    edge = clip.left + clip.width / 2 + box / 2 - 4
    assert four.colour_at(int(edge), clip.top + clip.height // 2) == PINK
    note = four.text("size_note")
    assert note == "A 600 × 400 · B 300 × 200 · C 600 × 400 · shown at the same size"


def test_without_anything_to_compare_it_cannot_be_chosen(photo_desk):
    assert not photo_desk.button("view_up").isEnabled()
    photo_desk.canvas.setFocus()
    photo_desk.key(Key.Key_U)
    assert len(photo_desk.canvas.stage.panes) == 1


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0])
@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("is_turned", [False, True])
def test_no_pixel_of_the_screen_is_left_unpainted_at_any_scale(split_desk, ratio, count, is_turned):
    """Painted over a colour nothing has; the fourth pane is empty."""
    width, height, alien = 401, 307, QColor("#FF00FF")
    layout = panes.grid(count, width, height, is_turned=is_turned)
    a, b = split_desk.photo.before.display, split_desk.photo.after.display
    frame = layout[0].frame
    zoom = fit_zoom(Size(a.width, a.height), Size(frame.width * ratio, frame.height * ratio))
    scene = Scene(layout, a, b, Size(a.width, a.height), ViewTransform(zoom), ratio, c=a)
    screen = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
    screen.setDevicePixelRatio(ratio)
    screen.fill(alien)
    painter = QPainter(screen)
    CanvasPainter().paint(painter, scene, QRectF(0, 0, width, height))
    painter.end()
    assert not (np.frombuffer(screen.constBits(), np.uint32) == alien.rgb()).any()
