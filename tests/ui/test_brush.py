"""Subject and faces on the canvas: the red veil, the brush that paints on it, the tools in the panel."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton
from support.window import ALT, CTRL, LEFT, NO_KEY, SHIFT, patchwork

from sharpen_desktop.core import studying
from sharpen_desktop.core import view_transform as views
from sharpen_desktop.core.brush import Stroke
from sharpen_desktop.core.picture import Level
from sharpen_desktop.core.study import FaceBox, SubjectMask
from sharpen_desktop.core.view_transform import Point
from sharpen_desktop.ui.canvas.overlay import OPACITY, RED, RedMask, Veil

Key = Qt.Key
WIDTH, HEIGHT = 600, 400
GREY = (100, 100, 100)


def mask_file(folder, mask, name="mask"):
    path = folder / f"{name}.grey"
    path.write_bytes(np.ascontiguousarray(mask, np.uint8).tobytes())
    return Level(str(path), mask.shape[1], mask.shape[0], mask.shape[1])


def left_half(width=WIDTH, height=HEIGHT):
    mask = np.zeros((height, width), np.uint8)
    mask[:, : width // 2] = 255
    return mask


def with_subject(desk, mask, part="Foreground"):
    """Let the photo on the canvas have this subject; strokes on it are answered only when the test lets them."""
    level = mask_file(desk.folder, mask)
    desk.study.level = level
    desk.study.gates["subject"].hold()
    desk.controller.edit_setting("subject_detection", part)
    desk.controller.end_edit()
    found = SubjectMask(level, (), float(mask.mean() / 255))
    desk.store.apply(studying.subject_found, desk.photo.id, found)
    desk.canvas.setFocus()
    return desk


@pytest.fixture
def subject_desk(desk):
    """A grey photo at 100 % whose left half is its subject."""
    desk.list_photo(GREY)
    return with_subject(desk, left_half())


def place_of(desk, x, y):
    """The canvas place of a place of the picture, both as fractions."""
    stage = desk.canvas.stage
    size = stage.picture
    at = views.to_viewport(stage.transform, size, stage.viewport, Point(x * size.width, y * size.height))
    return QPoint(round(at.x / stage.ratio), round(at.y / stage.ratio))


def drag(desk, *places, modifiers=NO_KEY, button=LEFT, is_ended=True):
    """Drag over the canvas with its own mouse events."""
    canvas = desk.canvas
    QTest.mouseMove(canvas, places[0])
    QTest.mousePress(canvas, button, modifiers, places[0])
    for place in places[1:]:
        move(canvas, place, button, modifiers)
    if is_ended:
        QTest.mouseRelease(canvas, button, modifiers, places[-1])


def move(canvas, place, button=LEFT, modifiers=NO_KEY):
    at = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove, at, canvas.mapToGlobal(at), Qt.MouseButton.NoButton, button, modifiers
    )
    QApplication.sendEvent(canvas, event)


def leave(desk):
    """Take the ring off the canvas."""
    desk.canvas.brush.hover(None, is_turned=False)


def picture_box(desk):
    stage = desk.canvas.stage
    box = views.picture_box(stage.transform, stage.picture, stage.viewport)
    return round(box.left), round(box.top), round(box.width), round(box.height)


def veiled(pixels):
    return np.asarray(pixels) * (1 - OPACITY) + np.array((RED.red(), RED.green(), RED.blue())) * OPACITY


def alphas(red):
    rows = np.frombuffer(red.image.constBits(), np.uint8).reshape(red.image.height(), -1, 4)
    return rows[..., 3].astype(int)


def last_stroke(desk) -> Stroke:
    return desk.state.strokes[-1]


# The veil


def test_the_subject_is_red_and_nothing_else_changes(subject_desk):
    before = subject_desk.pixels().astype(int)
    subject_desk.key(Key.Key_O)
    assert subject_desk.state.is_mask_shown
    after = subject_desk.pixels().astype(int)
    left, top, width, height = picture_box(subject_desk)
    inside = np.zeros(before.shape[:2], bool)
    inside[top : top + height, left : left + width // 2] = True
    assert np.abs(after[inside] - veiled(before[inside])).max() <= 1
    assert np.array_equal(after[~inside], before[~inside])


def test_with_the_background_chosen_what_is_not_the_subject_is_red(subject_desk):
    before = subject_desk.pixels().astype(int)
    subject_desk.controller.edit_setting("subject_detection", "Background")
    subject_desk.key(Key.Key_O)
    after = subject_desk.pixels().astype(int)
    left, top, width, height = picture_box(subject_desk)
    inside = np.zeros(before.shape[:2], bool)
    inside[top : top + height, left + width // 2 : left + width] = True
    assert np.abs(after[inside] - veiled(before[inside])).max() <= 1
    assert np.array_equal(after[~inside], before[~inside])


def test_hiding_the_mask_gives_the_very_same_pixels_as_before(subject_desk):
    before = subject_desk.pixels()
    subject_desk.click("show_mask")
    assert not np.array_equal(subject_desk.pixels(), before)
    subject_desk.click("show_mask")
    assert np.array_equal(subject_desk.pixels(), before)


@pytest.mark.parametrize("view", ["single", "split", "side_by_side", "difference"])
def test_the_veil_lies_on_the_subject_in_every_view(desk, view):
    desk.list_photo(patchwork())
    desk.add_result(patchwork()[::-1].copy())
    with_subject(desk, left_half())
    desk.controller.choose_view(view)
    leave(desk)
    before = desk.pixels().astype(int)
    desk.controller.show_mask(True)
    differs = np.abs(desk.pixels().astype(int) - before).max(2) > 0
    stage = desk.canvas.stage
    for pane in stage.panes:
        box = views.picture_box(stage.transform, stage.picture, stage.viewport)
        middle = round(pane.frame.left + box.left + box.width / 2)
        rows = slice(round(pane.frame.top + box.top) + 60, round(pane.frame.top + box.top + box.height) - 60)
        clip = pane.clip
        red = differs[rows, max(clip.left + 20, round(pane.frame.left + box.left) + 2) : middle - 2]
        rest = differs[rows, max(middle + 2, clip.left) : clip.left + clip.width]
        assert red.size == 0 or red.mean() > 0.95
        assert not rest.any()
    assert differs.any()


@pytest.mark.parametrize("part", ["Foreground", "Background"])
def test_without_a_subject_all_is_red_until_one_is_painted(desk, part):
    desk.list_photo(GREY)
    with_subject(desk, np.zeros((20, 30), np.uint8), part)
    nothing = replace(desk.photo.subject, is_found=False)
    desk.store.apply(studying.subject_found, desk.photo.id, nothing)
    desk.controller.show_mask(True)
    painted, far = place_of(desk, 0.5, 0.5), place_of(desk, 0.1, 0.1)
    red = tuple(round(each) for each in veiled(GREY))
    assert desk.colour_at(far.x(), far.y()) == pytest.approx(red, abs=1)
    stroke = Stroke(((0.5, 0.5),), 0.1, 0.0, adds=True)
    desk.controller.paint(stroke)
    inner, outer = (red, GREY) if part == "Foreground" else (GREY, red)
    assert desk.colour_at(painted.x(), painted.y()) == pytest.approx(inner, abs=1)
    assert desk.colour_at(far.x(), far.y()) == pytest.approx(outer, abs=1)


def test_nothing_is_drawn_for_all_of_the_photo_or_for_the_cloud(subject_desk):
    subject_desk.controller.show_mask(True)
    shown = subject_desk.pixels()
    subject_desk.controller.edit_setting("subject_detection", "All")
    plain = subject_desk.pixels()
    assert not np.array_equal(plain, shown)
    subject_desk.controller.edit_setting("subject_detection", "Foreground")
    subject_desk.use_cloud()
    assert np.array_equal(subject_desk.pixels(), plain)


def test_a_small_mask_is_stretched_smoothly(desk):
    desk.list_photo(GREY)
    with_subject(desk, np.tile(np.array([255, 0], np.uint8), (2, 1)))
    desk.controller.show_mask(True)
    left, top, width, _ = picture_box(desk)
    row = desk.pixels()[top + 200, left : left + width, 0].astype(int)
    assert row[5] - row[-5] > 60
    assert np.abs(np.diff(row)).max() <= 2
    assert (np.diff(row) <= 1).all()


def test_panning_and_zooming_shows_what_drawing_anew_would(subject_desk):
    canvas = subject_desk.canvas
    subject_desk.controller.show_mask(True)
    for zoom in (1.0, 3.0, 7.5):
        canvas.zoom_to(zoom)
        for step in ((37, -12), (-160, 25), (400, 90)):
            subject_desk.pixels()
            canvas.pan(*step)
        moved = subject_desk.pixels()
        subject_desk.controller.show_mask(False)
        subject_desk.pixels()
        canvas._painter._layers["b"].__init__()
        subject_desk.controller.show_mask(True)
        assert np.abs(moved.astype(int) - subject_desk.pixels().astype(int)).max() <= 2


def test_a_mask_whose_file_is_gone_shows_the_picture(subject_desk):
    before = subject_desk.pixels()
    gone = SubjectMask(Level(str(subject_desk.folder / "gone"), 3, 2, 3), (), 0.5)
    subject_desk.store.apply(studying.subject_found, subject_desk.photo.id, gone)
    subject_desk.controller.show_mask(True)
    assert np.array_equal(subject_desk.pixels(), before)


# Painting


@pytest.mark.parametrize("zoom", [0.3, 1.0, 3.0])
def test_a_drag_is_one_stroke_through_the_places_it_went(desk, zoom):
    desk.list_photo(patchwork(1800, 1200))
    with_subject(desk, left_half())
    desk.canvas.zoom_to(zoom)
    desk.key(Key.Key_B)
    spots = [(0.45, 0.45), (0.55, 0.5), (0.5, 0.55)]
    drag(desk, *(place_of(desk, *spot) for spot in spots))
    assert len(desk.state.strokes) == 1
    stroke = last_stroke(desk)
    assert stroke.adds
    assert stroke.radius == desk.state.brush.radius
    assert stroke.feather == desk.state.brush.feather
    half = 0.51 / zoom
    for spot, point in zip(spots, stroke.points, strict=True):
        assert point == (
            pytest.approx(spot[0], abs=half / 1800 + 1e-6),
            pytest.approx(spot[1], abs=half / 1200 + 1e-6),
        )


def test_places_are_right_where_two_device_pixels_are_one_of_the_canvas(desk, monkeypatch):
    desk.list_photo(patchwork(1800, 1200))
    with_subject(desk, left_half())
    monkeypatch.setattr(desk.canvas, "devicePixelRatioF", lambda: 2.0)
    desk.canvas.stage.ratio = 2.0
    desk.canvas.zoom_to(1.0)
    desk.key(Key.Key_B)
    drag(desk, place_of(desk, 0.4, 0.4), place_of(desk, 0.6, 0.5))
    for point, spot in zip(last_stroke(desk).points, [(0.4, 0.4), (0.6, 0.5)], strict=True):
        assert point == (pytest.approx(spot[0], abs=1.1 / 1800), pytest.approx(spot[1], abs=1.1 / 1200))
    monkeypatch.undo()
    desk.canvas.stage.ratio = 1.0


def test_a_click_is_a_dab(subject_desk):
    subject_desk.key(Key.Key_B)
    QTest.mouseClick(subject_desk.canvas, LEFT, NO_KEY, place_of(subject_desk, 0.75, 0.5))
    assert len(last_stroke(subject_desk).points) == 1


def test_two_quick_dabs_are_two_strokes_and_do_not_zoom(subject_desk):
    subject_desk.canvas.zoom_to(2.0)
    subject_desk.key(Key.Key_B)
    place = place_of(subject_desk, 0.55, 0.5)
    QTest.mouseClick(subject_desk.canvas, LEFT, NO_KEY, place)
    QTest.mouseDClick(subject_desk.canvas, LEFT, NO_KEY, place)
    QTest.mouseRelease(subject_desk.canvas, LEFT, NO_KEY, place)
    assert len(subject_desk.state.strokes) >= 2
    assert subject_desk.canvas.transform.zoom == 2.0


def test_a_steady_hand_leaves_few_points(subject_desk):
    subject_desk.key(Key.Key_B)
    start = place_of(subject_desk, 0.6, 0.5)
    drag(subject_desk, start, *(start + QPoint(step, 0) for step in range(1, 100)))
    stroke = last_stroke(subject_desk)
    assert stroke.points[-1][0] == pytest.approx(stroke.points[0][0] + 99 / WIDTH, abs=1e-5)
    assert len(stroke.points) < 60


def test_a_stroke_is_seen_while_it_is_painted_and_stays_when_it_ends(subject_desk):
    subject_desk.key(Key.Key_B)
    start, end = place_of(subject_desk, 0.7, 0.5), place_of(subject_desk, 0.9, 0.5)
    between = QPoint((start.x() + end.x()) // 2, start.y() + 2)
    plain = subject_desk.colour_at(between.x(), between.y())
    drag(subject_desk, start, end, is_ended=False)
    assert not subject_desk.state.strokes
    red = subject_desk.colour_at(between.x(), between.y())
    assert np.abs(np.array(red) - veiled(plain)).max() <= 1
    QTest.mouseRelease(subject_desk.canvas, LEFT, NO_KEY, end)
    assert subject_desk.colour_at(between.x(), between.y()) == red
    assert subject_desk.photo.subject.strokes == ()  # the mask is still the one without the stroke


def test_when_the_mask_follows_the_stroke_is_not_drawn_twice(subject_desk):
    subject_desk.key(Key.Key_B)
    place = place_of(subject_desk, 0.8, 0.5)
    QTest.mouseClick(subject_desk.canvas, LEFT, NO_KEY, place)
    mask = left_half()
    mask[:, 300:] = 100
    subject_desk.study.level = mask_file(subject_desk.folder, mask, "next")
    subject_desk.study.gates["subject"].let_go()
    subject_desk.until(lambda: subject_desk.photo.subject.strokes == subject_desk.state.strokes)
    leave(subject_desk)
    expected = np.array(GREY) + (veiled(GREY) - np.array(GREY)) * 100 / 255
    assert np.abs(np.array(subject_desk.colour_at(place.x(), place.y())) - expected).max() <= 1


def test_erasing_uncovers_the_picture(subject_desk):
    plain = subject_desk.pixels()
    subject_desk.key(Key.Key_E)
    place = place_of(subject_desk, 0.25, 0.5)
    QTest.mouseClick(subject_desk.canvas, LEFT, NO_KEY, place)
    leave(subject_desk)
    assert not last_stroke(subject_desk).adds
    assert subject_desk.colour_at(place.x(), place.y()) == tuple(plain[place.y(), place.x()])
    beside = place + QPoint(round(WIDTH * subject_desk.state.brush.radius) + 3, 0)
    assert subject_desk.colour_at(beside.x(), beside.y()) != tuple(plain[beside.y(), beside.x()])


@pytest.mark.parametrize(
    ("part", "key", "modifiers", "adds"),
    [
        ("Foreground", Key.Key_B, NO_KEY, True),
        ("Foreground", Key.Key_B, ALT, False),
        ("Foreground", Key.Key_E, NO_KEY, False),
        ("Foreground", Key.Key_E, ALT, True),
        ("Background", Key.Key_B, NO_KEY, False),
        ("Background", Key.Key_B, ALT, True),
        ("Background", Key.Key_E, NO_KEY, True),
    ],
)
def test_paint_makes_it_red_erase_does_not_and_alt_is_the_opposite(desk, part, key, modifiers, adds):
    """The mask is of the subject: whoever paints the background takes from it."""
    desk.list_photo(GREY)
    with_subject(desk, left_half(), part)
    desk.key(key)
    place = place_of(desk, 0.75, 0.5)
    QTest.mouseClick(desk.canvas, LEFT, modifiers, place)
    assert last_stroke(desk).adds is adds


@pytest.mark.parametrize("beneath", ["a mask", "nothing", "everything"])
def test_painting_bit_by_bit_comes_to_what_painting_at_once_does(tmp_path, beneath):
    level = mask_file(tmp_path, left_half(300, 200))
    rng = np.random.default_rng(3)
    points = tuple((float(x), float(y)) for x, y in rng.uniform(0.1, 0.9, (40, 2)))
    strokes = (
        Stroke(points[:20], 0.05, 0.7, adds=beneath != "everything"),
        Stroke(points[20:], 0.08, 0.3, adds=beneath == "everything"),
        Stroke(points[5:9], 0.02, 0.0, adds=beneath != "everything"),
    )
    mask = SubjectMask(level, (), 0.5) if beneath == "a mask" else None

    def veil(ink):
        return Veil(mask, ink, whole=views.Size(300, 200))

    steady, sudden = RedMask(), RedMask()
    for count, stroke in enumerate(strokes):
        for end in range(1, len(stroke.points) + 1):
            growing = Stroke(stroke.points[:end], stroke.radius, stroke.feather, stroke.adds)
            steady.show(veil((*strokes[:count], growing)))
    sudden.show(veil(strokes))
    assert np.array_equal(alphas(steady), alphas(sudden))
    generation = steady.generation
    steady.show(veil(strokes[:1]))
    assert steady.generation > generation
    sudden.show(veil(strokes[:1]))
    assert np.array_equal(alphas(steady), alphas(sudden))


def test_a_stroke_stays_with_the_half_it_began_in(desk):
    desk.list_photo(patchwork())
    desk.add_result(patchwork())
    with_subject(desk, left_half())
    desk.controller.choose_view("side_by_side")
    desk.key(Key.Key_B)
    canvas = desk.canvas
    start = QPoint(canvas.width() // 2 - 60, canvas.height() // 2)
    drag(desk, start, start + QPoint(50, 0), start + QPoint(110, 0))
    across = [x for x, _ in last_stroke(desk).points]
    scale = canvas.transform.zoom * WIDTH
    assert across[-1] - across[0] == pytest.approx(110 / scale, abs=1e-4)


def test_on_a_side_that_was_moved_by_itself_the_stroke_lies_under_the_pointer(desk):
    desk.list_photo(patchwork())
    desk.add_result(patchwork())
    with_subject(desk, left_half())
    desk.controller.choose_view("side_by_side")
    canvas = desk.canvas
    start = QPoint(canvas.width() * 3 // 4, canvas.height() // 2)
    drag(desk, start, start + QPoint(40, 20), modifiers=SHIFT)
    assert not canvas.stage.is_linked
    desk.key(Key.Key_B)
    QTest.mouseClick(canvas, LEFT, NO_KEY, start)
    linked = canvas.stage.in_picture(QPointF(start))
    shift = canvas.stage.shifts["b"]
    assert shift.x > 10
    assert last_stroke(desk).points[0] == (
        pytest.approx((linked.x - shift.x) / WIDTH, abs=1e-5),
        pytest.approx((linked.y - shift.y) / HEIGHT, abs=1e-5),
    )


def test_a_stroke_beside_the_picture_is_none(subject_desk):
    subject_desk.key(Key.Key_B)
    left, top, *_ = picture_box(subject_desk)
    drag(subject_desk, QPoint(left - 60, top + 50), QPoint(left - 60, top + 90))
    assert not subject_desk.state.strokes
    drag(subject_desk, QPoint(left - 60, top + 50), QPoint(left - 2, top + 90))
    assert len(subject_desk.state.strokes) == 1


def test_a_stroke_ends_without_a_trace_when_the_brush_is_put_away(subject_desk):
    subject_desk.key(Key.Key_B)
    drag(subject_desk, place_of(subject_desk, 0.7, 0.5), place_of(subject_desk, 0.8, 0.5), is_ended=False)
    subject_desk.key(Key.Key_Escape)
    QTest.mouseRelease(subject_desk.canvas, LEFT, NO_KEY, place_of(subject_desk, 0.8, 0.5))
    assert subject_desk.state.brush.tool == ""
    assert not subject_desk.state.strokes


# Moving the picture meanwhile


def test_space_and_the_middle_button_move_the_picture_with_the_brush_in_hand(subject_desk):
    canvas = subject_desk.canvas
    canvas.zoom_to(3.0)
    subject_desk.key(Key.Key_B)
    start, end = QPoint(300, 300), QPoint(340, 320)
    before = canvas.transform
    assert canvas.cursor().shape() is Qt.CursorShape.BlankCursor
    QTest.keyPress(canvas, Key.Key_Space)
    assert canvas.cursor().shape() is Qt.CursorShape.OpenHandCursor
    assert not canvas.mouse.is_ring_shown
    drag(subject_desk, start, end)
    QTest.keyRelease(canvas, Key.Key_Space)
    after_space = canvas.transform
    assert after_space.centre_x == pytest.approx(before.centre_x - 40 / (3 * WIDTH))
    subject_desk.until(lambda: not canvas.keys.is_held)
    assert canvas.transform == after_space  # the drag was what Space was for
    drag(subject_desk, start, end, button=Qt.MouseButton.MiddleButton)
    assert canvas.transform.centre_x == pytest.approx(before.centre_x - 80 / (3 * WIDTH))
    assert not subject_desk.state.strokes
    drag(subject_desk, start, end)
    assert len(subject_desk.state.strokes) == 1
    assert canvas.transform.centre_x == pytest.approx(before.centre_x - 80 / (3 * WIDTH))


def test_the_wheel_zooms_with_the_brush_in_hand(subject_desk):
    subject_desk.key(Key.Key_B)
    before = subject_desk.canvas.transform.zoom
    subject_desk.wheel(subject_desk.canvas, 1)
    assert subject_desk.canvas.transform.zoom == pytest.approx(before * 1.2)


def test_without_the_brush_a_drag_moves_the_picture_and_paints_nothing(subject_desk):
    subject_desk.canvas.zoom_to(3.0)
    subject_desk.controller.show_mask(True)
    before = subject_desk.canvas.transform
    drag(subject_desk, QPoint(300, 300), QPoint(340, 320))
    assert subject_desk.canvas.transform != before
    assert not subject_desk.state.strokes


# Keys and tools


def test_keys_take_the_brush_and_put_it_away(subject_desk):
    for key, tool in ((Key.Key_B, "add"), (Key.Key_E, "take"), (Key.Key_E, ""), (Key.Key_B, "add")):
        subject_desk.key(key)
        assert subject_desk.state.brush.tool == tool
    assert subject_desk.state.is_mask_shown
    subject_desk.key(Key.Key_Escape)
    assert subject_desk.state.brush.tool == ""


def test_escape_puts_the_brush_away_before_it_stops_a_run(subject_desk):
    subject_desk.start_run()
    subject_desk.key(Key.Key_B)
    subject_desk.key(Key.Key_Escape)
    assert subject_desk.state.brush.tool == ""
    assert subject_desk.state.going is not None


@pytest.mark.parametrize(
    ("key", "modifiers", "change"),
    [
        (Key.Key_BracketLeft, NO_KEY, lambda brush: brush.sized(-1)),
        (Key.Key_BracketRight, NO_KEY, lambda brush: brush.sized(1)),
        (Key.Key_BracketLeft, SHIFT, lambda brush: brush.softened(-1)),
        (Key.Key_BraceRight, SHIFT, lambda brush: brush.softened(1)),
    ],
)
def test_brackets_change_size_and_feather(subject_desk, key, modifiers, change):
    wanted = change(subject_desk.state.brush)
    subject_desk.key(key, modifiers)
    assert subject_desk.state.brush == wanted


def test_there_is_nothing_to_paint_on_before_the_subject_is_found(desk):
    desk.list_photo(GREY)
    desk.study.gates["subject"].hold()
    desk.controller.edit_setting("subject_detection", "Foreground")
    desk.canvas.setFocus()
    desk.key(Key.Key_B)
    assert desk.state.brush.tool == ""
    assert not desk.find("paint_subject").isEnabled()
    assert desk.text("subject_share") == "Looking for the subject…"


def test_the_ring_is_as_large_as_what_it_paints(subject_desk):
    subject_desk.canvas.zoom_to(2.0)
    plain = subject_desk.pixels()
    subject_desk.key(Key.Key_B)
    veiled_only = subject_desk.pixels()
    place = place_of(subject_desk, 0.7, 0.5)
    QTest.mouseMove(subject_desk.canvas, place)
    move(subject_desk.canvas, place, Qt.MouseButton.NoButton)
    differs = np.abs(subject_desk.pixels().astype(int) - veiled_only).max(2) > 90
    rows, columns = np.nonzero(differs)
    radius = 2.0 * WIDTH * subject_desk.state.brush.radius
    assert columns.max() - place.x() == pytest.approx(radius, abs=2.5)
    assert place.y() - rows.min() == pytest.approx(radius, abs=2.5)
    subject_desk.key(Key.Key_Escape)
    subject_desk.controller.show_mask(False)
    assert np.array_equal(subject_desk.pixels(), plain)


def test_the_ring_does_not_stay_behind_when_the_pointer_goes_to_a_chip(desk):
    desk.list_photo(GREY)
    desk.add_result(GREY)
    with_subject(desk, left_half())
    desk.controller.choose_view("split")
    desk.key(Key.Key_B)
    leave(desk)
    without = desk.pixels()[60:]  # below the chips, which light up
    place = place_of(desk, 0.7, 0.4)
    move(desk.canvas, place, Qt.MouseButton.NoButton)
    assert not np.array_equal(desk.pixels()[60:], without)
    QApplication.sendEvent(desk.find("after_chip"), QEvent(QEvent.Type.Enter))
    assert np.array_equal(desk.pixels()[60:], without)


# The panel


def test_the_tools_are_in_view_only_while_a_part_is_to_be_sharpened_here(photo_desk):
    tools = photo_desk.find("subject_tools")
    assert not tools.isVisible()
    with_subject(photo_desk, left_half())
    assert tools.isVisible()
    assert photo_desk.find("paint_subject").isVisible()
    assert photo_desk.text("subject_share") == "Foreground: 50 % of the picture"
    photo_desk.use_cloud()
    assert tools.isVisible()
    assert not photo_desk.find("paint_subject").isVisible()
    assert photo_desk.find("subject_by_service").isVisible()
    assert photo_desk.text("subject_by_service") == "The service finds the subject itself."


def test_the_buttons_take_the_brush_and_the_same_again_puts_it_away(subject_desk):
    paint, erase = (subject_desk.find(name, QPushButton) for name in ("paint_subject", "erase_subject"))
    for button, tool in ((paint, "add"), (erase, "take"), (erase, ""), (paint, "add"), (paint, "")):
        subject_desk.click(button)
        assert subject_desk.state.brush.tool == tool
        assert (paint.isChecked(), erase.isChecked()) == (tool == "add", tool == "take")


def test_clear_takes_all_strokes_away_and_undo_brings_them_back(subject_desk):
    assert not subject_desk.find("clear_strokes").isEnabled()
    subject_desk.key(Key.Key_B)
    for x in (0.6, 0.8):
        QTest.mouseClick(subject_desk.canvas, LEFT, NO_KEY, place_of(subject_desk, x, 0.5))
    both = subject_desk.state.strokes
    assert len(both) == 2
    subject_desk.click("clear_strokes")
    assert not subject_desk.state.strokes
    subject_desk.key(Key.Key_Z, CTRL)
    assert subject_desk.state.strokes == both
    subject_desk.key(Key.Key_Z, CTRL)
    assert subject_desk.state.strokes == both[:1]
    subject_desk.key(Key.Key_Z, CTRL | SHIFT)
    assert subject_desk.state.strokes == both


def test_undoing_a_stroke_of_another_photo_shows_that_photo(desk):
    first = desk.list_photo(GREY, "first.jpg")
    with_subject(desk, left_half())
    desk.controller.paint(Stroke(((0.5, 0.5),), 0.1, 0.0, adds=True))
    second = desk.list_photo(GREY, "second.jpg")
    desk.canvas.setFocus()
    assert desk.state.current_id == second
    desk.key(Key.Key_Z, CTRL)
    assert desk.state.current_id == first
    assert not desk.state.strokes
    desk.controller.show_photo(second)
    desk.key(Key.Key_Z, CTRL | SHIFT)
    assert desk.state.current_id == first
    assert len(desk.state.strokes) == 1


def test_sliders_and_state_agree_about_the_brush(subject_desk):
    for name, field in (("brush_size", "radius"), ("brush_feather", "feather")):
        slider = subject_desk.find(name)
        before = getattr(subject_desk.state.brush, field)
        slider.setFocus()
        subject_desk.key(Key.Key_Right, SHIFT)
        after = getattr(subject_desk.state.brush, field)
        assert after > before
        value = slider.value()
        subject_desk.key(Key.Key_Left, SHIFT)
        assert slider.value() == value - 10
        assert getattr(subject_desk.state.brush, field) == pytest.approx(before, rel=0.02)


def test_show_mask_says_what_red_means(subject_desk):
    legend, check = subject_desk.find("mask_legend", QLabel), subject_desk.find("show_mask", QCheckBox)
    assert not legend.isVisible()
    subject_desk.click(check)
    assert check.isChecked()
    assert legend.isVisible()
    assert "Red: will be sharpened" in legend.text()


# Faces


def test_faces_are_framed_where_they_were_found_and_counted(photo_desk):
    photo_desk.study.boxes = (FaceBox(0.25, 0.25, 0.2, 0.3), FaceBox(0.6, 0.5, 0.1, 0.15))
    before = photo_desk.pixels().astype(int)
    photo_desk.click("show_faces")
    photo_desk.until(lambda: photo_desk.photo.faces is not None)
    assert photo_desk.text("faces_found") == "2 faces found"
    differs = np.abs(photo_desk.pixels().astype(int) - before).max(2) > 0
    left, top, width, height = picture_box(photo_desk)
    allowed = np.zeros_like(differs)
    for face in photo_desk.study.boxes:
        x, y = left + face.left * width, top + face.top * height
        right, bottom = x + face.width * width, y + face.height * height
        outer = np.s_[round(y) - 3 : round(bottom) + 4, round(x) - 3 : round(right) + 4]
        inner = np.s_[round(y) + 4 : round(bottom) - 3, round(x) + 4 : round(right) - 3]
        assert differs[round(y) - 1 : round(y) + 2, round((x + right) / 2)].any()
        allowed[outer] = True
        assert not differs[inner][5:-5, 5:-5].any()
    assert not differs[~allowed].any()
    photo_desk.click("show_faces")
    assert np.array_equal(photo_desk.pixels(), before)


def test_a_photo_without_faces_says_so(photo_desk):
    photo_desk.click("show_faces")
    photo_desk.until(lambda: photo_desk.photo.faces is not None)
    assert photo_desk.text("faces_found") == "No faces found"
