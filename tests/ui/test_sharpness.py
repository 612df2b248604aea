"""The sharpness overlay on the canvas, Alt with the wheel, and what Esc ends first."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenuBar
from support.window import ALT, BLUE, GREEN, RED, SHIFT, patchwork

from sharpen_desktop.app import measuring
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.picture import Level
from sharpen_desktop.core.sharpness import HALO, NOISE, SHARP, ChangeNumbers, SideNumbers
from sharpen_desktop.core.sharpness_overlay import shown_sharpness
from sharpen_desktop.core.view_transform import picture_box
from sharpen_desktop.ui.canvas.marks import COLOURS

Key = Qt.Key
WIDTH, HEIGHT = 600, 400
SPOT = (130, 90)
"""Where the tests lay a mark of ``SIDE`` px, in picture pixels."""
SIDE = 20


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(measuring, "DELAY_S", 0.01)


@pytest.fixture
def marked(split_desk):
    """Two flat pictures; whatever is measured has one mark at ``SPOT``, whole picture in view."""
    split_desk.canvas.fit()
    lay_marks(split_desk, SHARP)
    return split_desk


def lay_marks(desk, mark, width=WIDTH, height=HEIGHT):
    marks = np.zeros((height, width), np.uint8)
    marks[SPOT[1] : SPOT[1] + SIDE, SPOT[0] : SPOT[0] + SIDE] = mark
    file = desk.folder / f"marks-{mark}.raw"
    file.write_bytes(marks.tobytes())
    desk.study.marks = Level(str(file), width, height, width)


def step(desk, times=1):
    for _ in range(times):
        desk.key(Key.Key_F, SHIFT, desk.canvas)


def measured(desk):
    desk.until(lambda: shown_sharpness(desk.state) is not None)
    desk.until(lambda: desk.canvas.legend._legend.is_current)


def spots(desk):
    """Where the middle of the mark is seen, in each pane; canvas pixels."""
    stage = desk.canvas.stage
    box = picture_box(stage.transform, stage.picture, stage.viewport)
    x = box.left + (SPOT[0] + SIDE / 2) * stage.transform.zoom
    y = box.top + (SPOT[1] + SIDE / 2) * stage.transform.zoom
    places = [(pane, round(pane.frame.left + x), round(pane.frame.top + y)) for pane in stage.panes]
    return [(x, y) for pane, x, y in places if pane.clip.contains(x, y)]


def colour(mark):
    return COLOURS[mark].red(), COLOURS[mark].green(), COLOURS[mark].blue()


def legend(desk):
    return desk.canvas.legend.text if desk.canvas.legend.isVisible() else ""


# Where marks lie


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("view", ["single", "split", "side_by_side"])
@pytest.mark.parametrize("zoom", [None, 0.7, 1.0, 2.0])
def test_a_mark_lies_on_its_pixels_in_every_view(marked, view, zoom, is_turned, monkeypatch):
    marked.controller.choose_view(view)
    if is_turned:
        marked.controller.turn_view()
    if zoom:
        marked.canvas.zoom_to(zoom)
        marked.canvas.centre_on(SPOT[0] / WIDTH, SPOT[1] / HEIGHT)
        marked.canvas.pan(90, 40)
    wanted = marked.canvas.stage.seen()
    lay_marks_for(marked, monkeypatch)
    step(marked)
    measured(marked)
    marked.until(lambda: marked.canvas.settling.is_done)
    assert marked.canvas.stage.seen() == wanted
    places = spots(marked)
    assert len(places) == (2 if view == "side_by_side" else 1)
    for x, y in places:
        assert marked.colour_at(x, y) == colour(SHARP)
        out = round(SIDE * marked.canvas.transform.zoom)
        assert marked.colour_at(x + out, y) in (RED, BLUE)
        assert marked.colour_at(x, y - out) in (RED, BLUE)


def lay_marks_for(desk, monkeypatch):
    """Cut what is marked of the whole picture out as the study process does: what is in view, and a margin."""
    whole = np.zeros((HEIGHT, WIDTH), np.uint8)
    whole[SPOT[1] : SPOT[1] + SIDE, SPOT[0] : SPOT[0] + SIDE] = SHARP
    answer = desk.study.sharpness

    async def cut(wish):
        area = wish.marked
        part = whole[area.top : area.top + area.height, area.left : area.left + area.width]
        stride = -(-area.width // 4) * 4
        rows = np.zeros((area.height, stride), np.uint8)
        rows[:, : area.width] = part
        file = desk.folder / f"cut-{area.left}-{area.top}-{area.width}-{area.height}.raw"
        file.write_bytes(rows.tobytes())
        desk.study.marks = Level(str(file), area.width, area.height, stride)
        return await answer(wish)

    monkeypatch.setattr(desk.study, "sharpness", cut)


@pytest.mark.parametrize("mark", [SHARP, HALO, NOISE])
def test_each_kind_has_its_colour(marked, mark):
    lay_marks(marked, mark)
    step(marked, 3)
    measured(marked)
    assert marked.colour_at(*spots(marked)[0]) == colour(mark)


def test_marks_move_with_the_picture_until_new_ones_come(marked):
    step(marked)
    measured(marked)
    marked.study.gates["sharpness"].hold()
    marked.canvas.zoom_to(2.0)
    marked.canvas.centre_on(SPOT[0] / WIDTH, SPOT[1] / HEIGHT)
    marked.canvas.pan(30, 20)
    marked.until(lambda: marked.canvas.settling.is_done)
    assert marked.colour_at(*spots(marked)[0]) == colour(SHARP)
    marked.study.gates["sharpness"].let_go()


def test_what_is_in_view_after_a_pan_or_in_another_view_is_measured(marked):
    marked.canvas.zoom_to(4.0)
    step(marked)
    measured(marked)
    before = shown_sharpness(marked.state).wish
    marked.canvas.pan(-300, 0)
    marked.until(lambda: shown_sharpness(marked.state).wish != before)
    panned = shown_sharpness(marked.state).wish
    assert panned.seen.left == before.seen.left + 75
    marked.controller.choose_view("side_by_side")
    marked.until(lambda: shown_sharpness(marked.state).wish.seen.width < panned.seen.width)


def test_there_are_no_marks_over_a_difference_and_the_button_says_why(marked):
    step(marked)
    measured(marked)
    marked.key(Key.Key_D, target=marked.canvas)
    assert legend(marked) == ""
    assert marked.colour_at(*spots(marked)[0]) != colour(SHARP)
    button = marked.button("sharpness_button")
    assert not button.isEnabled()
    assert not marked.action("sharpness").isEnabled()
    assert "Split" in button.toolTip()
    marked.key(Key.Key_S, target=marked.canvas)
    assert marked.colour_at(*spots(marked)[0]) == colour(SHARP)


def test_marks_are_put_away_while_one_side_was_moved_by_itself(marked):
    step(marked)
    measured(marked)
    marked.canvas.drag(40, 0, "b")
    assert marked.colour_at(*spots(marked)[0]) != colour(SHARP)
    assert "Relink" in legend(marked)
    marked.canvas.relink()
    assert marked.colour_at(*spots(marked)[0]) == colour(SHARP)
    assert "Relink" not in legend(marked)


def test_marks_of_a_cache_that_was_emptied_are_left_out(marked):
    marked.study.marks = Level(str(marked.folder / "gone.raw"), WIDTH, HEIGHT, WIDTH)
    step(marked)
    measured(marked)
    assert marked.colour_at(*spots(marked)[0]) in (RED, BLUE)


def test_another_photo_has_none_of_the_marks(marked):
    step(marked)
    measured(marked)
    marked.study.gates["sharpness"].hold()
    marked.list_photo(GREEN, "other.jpg")
    assert marked.colour_at(*spots(marked)[0]) == GREEN
    assert "Measuring" in legend(marked)
    marked.study.gates["sharpness"].let_go()


# What is said, and how it is switched


def test_key_and_button_go_through_before_after_change_and_off(marked):
    button = marked.button("sharpness_button")
    marked.study.numbers = SideNumbers(2.1, 0.43, 0.004)
    shown = []
    for press in (lambda: step(marked), lambda: marked.click(button)) * 2:
        press()
        shown.append((button.accessibleName().split()[-1], button.isChecked()))
    assert shown == [("before", True), ("after", True), ("change", True), ("off", False)]
    assert legend(marked) == ""


def test_the_menu_steps_too_and_the_tooltip_names_the_key(marked):
    marked.find("sharpness", QAction).trigger()
    assert marked.state.overlay == "before"
    assert "(Shift+F)" in marked.button("sharpness_button").toolTip()


def test_the_legend_names_the_marks_and_gives_the_numbers(marked):
    marked.study.gates["sharpness"].hold()
    step(marked, 3)
    assert legend(marked).startswith("Sharper. Halo. Noise raised. Measuring")
    marked.study.numbers = ChangeNumbers(0.38, 0.004, 0.12, 0.06)
    marked.study.gates["sharpness"].let_go()
    measured(marked)
    assert legend(marked).endswith("Edge contrast +38 % · halos 0.4 % of edges by 12 % · noise +6 %")
    assert marked.find("sharpness_legend").accessibleDescription() == legend(marked)


@pytest.mark.parametrize("size", [(1440, 900), (960, 620)])
def test_the_legend_lies_within_the_canvas_and_covers_no_note(marked, size):
    marked.window.resize(*size)
    marked.study.numbers = ChangeNumbers(0.38, 0.004, 0.12, None)
    step(marked, 3)
    measured(marked)
    marked.canvas.drag(10, 0, "a")  # the button that relinks comes up
    marked.canvas.legend.repaint()
    card, canvas = marked.find("sharpness_legend"), marked.canvas.rect()
    assert canvas.contains(card.geometry())
    assert not card.geometry().intersects(marked.find("relink").geometry())
    marked.canvas.relink()
    assert canvas.contains(card.geometry())


def test_a_click_on_the_legend_reaches_the_picture(marked):
    step(marked)
    measured(marked)
    place = marked.canvas.legend.geometry().center()
    before = marked.canvas.transform
    marked.double_click_in_window(place)
    assert marked.canvas.transform != before


# Alt and the wheel


@pytest.fixture
def several(split_desk):
    split_desk.add_result(GREEN)
    split_desk.controller.choose_view("side_by_side")
    return split_desk


def sides(desk):
    labels = [each.id for each in desk.photo.variants]
    return labels.index(desk.photo.side_a), labels.index(desk.photo.side_b)


def half(desk, part):
    return QPointF(desk.canvas.width() * part, desk.canvas.height() / 2)


def test_alt_and_the_wheel_step_through_variants_on_the_side_under_the_pointer(several):
    zoom = several.canvas.transform.zoom
    assert sides(several) == (0, 2)
    several.wheel(several.canvas, -1, half(several, 0.25), ALT)
    assert sides(several) == (1, 2)
    several.wheel(several.canvas, 1, half(several, 0.75), ALT)
    assert sides(several) == (1, 1)
    several.wheel(several.canvas, 1, half(several, 0.25), ALT)
    assert several.canvas.transform.zoom == zoom or several.canvas.transform.is_fit


def test_parts_of_a_notch_add_up_and_a_fast_wheel_steps_several(several):
    several.wheel(several.canvas, 0.5, half(several, 0.75), ALT)
    assert sides(several) == (0, 2)
    several.wheel(several.canvas, 0.5, half(several, 0.75), ALT)
    assert sides(several) == (0, 1)
    several.wheel(several.canvas, -2, half(several, 0.25), ALT)
    assert sides(several)[0] == 2


def test_letting_go_of_alt_after_the_wheel_does_not_open_the_menu_bar(several):
    QTest.keyPress(several.canvas, Key.Key_Alt, ALT)
    several.wheel(several.canvas, -1, half(several, 0.25), ALT)
    QTest.keyRelease(several.canvas, Key.Key_Alt)
    assert several.window.findChild(QMenuBar).activeAction() is None


# Esc


def test_esc_ends_one_thing_after_the_other(desk):
    desk.study.gates["preview"].hold()
    desk.list_photo(patchwork())
    desk.change_prefs(is_preview_on=True)
    run = desk.start_run("local", Progress(Phase.SHARPENING, 0.4))
    desk.inside.wishes.toggle_full_screen()
    desk.until(desk.window.isFullScreen)
    escape = desk.action("stop")
    assert escape.isEnabled()
    escape.trigger()
    desk.until(lambda: not desk.window.isFullScreen())
    assert desk.state.prefs.is_preview_on
    escape.trigger()
    assert not desk.state.prefs.is_preview_on
    assert desk.state.run(run.id) is not None
    escape.trigger()
    desk.until(lambda: desk.state.run(run.id) is None)


def test_esc_can_be_pressed_while_there_is_a_preview_and_not_after(desk):
    desk.study.gates["preview"].hold()
    desk.list_photo(patchwork())
    assert not desk.action("stop").isEnabled()
    desk.change_prefs(is_preview_on=True)
    desk.key(Key.Key_Escape, target=desk.canvas)
    assert not desk.state.prefs.is_preview_on
    assert not desk.action("stop").isEnabled()


def test_esc_stops_blinking(split_desk):
    split_desk.key(Key.Key_K, target=split_desk.canvas)
    split_desk.until(lambda: split_desk.action("stop").isEnabled())
    split_desk.key(Key.Key_Escape, target=split_desk.canvas)
    assert not split_desk.canvas.blinking.is_on
    assert not split_desk.state.shows_before
