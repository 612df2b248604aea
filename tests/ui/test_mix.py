"""Mix & mask in the window: the slider, the base, the brush; what the canvas shows at once and then exactly."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QSlider, QWidget
from support.window import BLUE, CTRL, LEFT, NO_KEY, RED, patchwork

from sharpen_desktop.core.mix import Mix
from sharpen_desktop.core.mixing import EVERYWHERE, LIMITED, NO_RESULT, mix_wish
from tests.ui.test_brush import drag, leave, left_half, place_of, with_subject

Key = Qt.Key
FAR = 40
"""Canvas pixels from an edge, so that no rim of a brush is seen there."""


def light(values):
    values = np.asarray(values) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def encoded(values):
    return 255 * np.where(values <= 0.0031308, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055)


def mixed_by_hand(result, base, weight):
    return encoded(light(result) * weight + light(base) * (1 - weight))


@pytest.fixture
def mix_desk(split_desk):
    """Red under blue, in single view; the group is open, and the mix is made as it should be."""
    shades = {}

    def make(wish):
        result, base = (shades.setdefault(each.folder, None) for each in (wish.result, wish.base))
        assert result is None
        assert base is None
        return split_desk.picture(tuple(round(each) for each in mixed_by_hand(BLUE, RED, wish.share)))

    split_desk.mixer.make = make
    split_desk.change_prefs(open_groups=("mix",))
    split_desk.controller.choose_view("single")
    return split_desk


def slider(desk):
    return desk.find("mix", QSlider)


def result(desk):
    return desk.photo.after


def settled(desk):
    desk.until(lambda: result(desk).mixed and result(desk).mixed.wish == mix_wish(desk.photo, result(desk)))


def middle(desk):
    return desk.colour_at(desk.canvas.width() // 2, desk.canvas.height() // 2)


# The slider


def test_the_canvas_follows_the_slider_at_once_and_shows_the_exact_mix_when_it_is_made(mix_desk):
    mix_desk.mixer.gate.hold()
    slider(mix_desk).setValue(40)
    at_once = middle(mix_desk)
    assert at_once == pytest.approx([0.4 * b + 0.6 * a for a, b in zip(RED, BLUE, strict=True)], abs=2)
    mix_desk.mixer.gate.let_go()
    settled(mix_desk)
    assert middle(mix_desk) == pytest.approx(mixed_by_hand(BLUE, RED, 0.4), abs=1)
    assert [wish.share for wish in mix_desk.mixer.wishes] == [0.4]


def test_pixel_values_are_told_of_the_exact_mix_only(mix_desk, monkeypatch):
    canvas, told = mix_desk.canvas, []
    monkeypatch.setattr(canvas, "underMouse", lambda: True)
    canvas.pointed.connect(told.append)
    canvas.mouse.pointer = QPointF(canvas.rect().center())
    mix_desk.mixer.gate.hold()
    slider(mix_desk).setValue(40)
    canvas.tell_pointed()
    assert (told[-1].a, told[-1].b) == (RED, None)
    mix_desk.mixer.gate.let_go()
    settled(mix_desk)
    canvas.tell_pointed()
    assert told[-1].b == pytest.approx(mixed_by_hand(BLUE, RED, 0.4), abs=1)
    canvas.pointed.disconnect(told.append)


def test_at_100_percent_the_result_is_seen_again_and_nothing_is_made(mix_desk):
    before = mix_desk.pixels()
    slider(mix_desk).setValue(40)
    slider(mix_desk).setValue(100)
    assert np.array_equal(mix_desk.pixels(), before)
    assert mix_desk.mixer.wishes == []


@pytest.mark.parametrize("view", ["single", "split", "side_by_side", "difference"])
def test_the_mix_is_seen_on_side_b_in_every_view(mix_desk, view):
    mix_desk.controller.choose_view(view)
    before = mix_desk.pixels().astype(int)
    mix_desk.mixer.gate.hold()
    slider(mix_desk).setValue(10)
    at_once = mix_desk.pixels().astype(int)
    mix_desk.mixer.gate.let_go()
    settled(mix_desk)
    exact = mix_desk.pixels().astype(int)
    for pane in mix_desk.canvas.stage.panes:
        clip = pane.clip
        part = (clip.top + clip.height // 2, clip.left + clip.width // 2 + FAR)
        is_changed = pane.shows != "a"
        assert (np.abs(at_once[part] - before[part]).max() > 8) == is_changed
        assert (np.abs(exact[part] - before[part]).max() > 8) == is_changed
        assert np.abs(exact[part] - at_once[part]).max() < 60


def test_letting_go_of_the_slider_ends_the_step_and_ctrl_z_takes_all_of_it_back(mix_desk):
    handle = slider(mix_desk)
    for value in (90, 60, 40):
        handle.setValue(value)
    handle.sliderReleased.emit()
    handle.setValue(20)
    handle.sliderReleased.emit()
    mix_desk.key(Key.Key_Z, CTRL)
    assert result(mix_desk).mix == Mix(0.4)
    mix_desk.key(Key.Key_Z, CTRL)
    assert result(mix_desk).mix == Mix()
    assert handle.value() == 100


def test_typing_a_share_and_a_double_click_on_the_label(mix_desk):
    box = mix_desk.find("mix_box")
    mix_desk.click(box)
    QTest.keyClicks(box, "35")
    QTest.keyClick(box, Key.Key_Return)
    assert result(mix_desk).mix.share == 0.35
    label = next(
        each for each in mix_desk.find("mix_tools").findChildren(QLabel) if each.text().endswith("Mix")
    )
    QTest.mouseDClick(label, LEFT)
    assert result(mix_desk).mix == Mix()


def test_each_result_shows_its_own_mix(mix_desk):
    first = result(mix_desk).id
    slider(mix_desk).setValue(40)
    mix_desk.controller.end_edit()
    mix_desk.add_result()
    assert slider(mix_desk).value() == 100
    mix_desk.controller.choose_side("b", first)
    assert slider(mix_desk).value() == 40
    settled(mix_desk)


# Over what


def test_the_base_can_be_another_result(mix_desk):
    mix_desk.add_result((10, 200, 10))
    combo = mix_desk.find("mix_base", QComboBox)
    labels = [combo.itemText(place) for place in range(combo.count())]
    assert labels == ["Original", mix_desk.photo.results[0].label]
    mix_desk.mixer.gate.hold()
    slider(mix_desk).setValue(50)
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    assert result(mix_desk).mix.base == mix_desk.photo.results[0].id
    assert combo.currentText() == labels[1]
    at_once = middle(mix_desk)
    assert at_once == pytest.approx([(a + b) / 2 for a, b in zip(BLUE, (10, 200, 10), strict=True)], abs=2)
    mix_desk.mixer.gate.let_go()


# When


def test_without_a_result_everything_waits_and_says_why(photo_desk):
    photo_desk.change_prefs(open_groups=("mix",))
    assert photo_desk.text("mix_reason") == NO_RESULT
    for name in ("mix", "mix_box", "mix_base", "paint_mix", "erase_mix", "mix_brush_size", "show_mix_mask"):
        assert not photo_desk.find(name).isEnabled(), name
    photo_desk.add_result()
    assert not photo_desk.find("mix_reason").isVisible()
    for name in ("mix", "mix_box", "mix_base", "paint_mix", "erase_mix", "mix_brush_size", "show_mix_mask"):
        assert photo_desk.find(name).isEnabled(), name
    assert photo_desk.text("mix_where") == EVERYWHERE


def test_the_group_opens_at_its_title_and_stays_open(photo_desk):
    assert not photo_desk.find("mix_tools").isVisible()
    title = photo_desk.find("fold_mix")
    assert title.accessibleName() == "Mix & mask"
    photo_desk.inside.panel.findChild(type(title), "fold_mix").click()
    assert "mix" in photo_desk.state.prefs.open_groups
    assert not photo_desk.find("mix_tools").isHidden()


@pytest.mark.parametrize("height", [900, 620])
def test_what_opens_below_the_edge_is_scrolled_into_view(photo_desk, height):
    photo_desk.show(1440, height)
    panel = photo_desk.inside.panel
    area, group, title = (
        panel.findChild(QWidget, name) for name in ("settings_scroll", "group_mix", "fold_mix")
    )
    title.click()

    def seen(part):
        place = QRect(part.mapTo(area.viewport(), QPoint(0, 0)), part.size())
        return area.viewport().rect().contains(place)

    photo_desk.until(lambda: seen(title) and (seen(group) or title.mapTo(area, QPoint(0, 0)).y() == 0))
    if group.height() < area.viewport().height():
        assert seen(group)


# The brush


def picked(desk, x, y):
    place = place_of(desk, x, y)
    return desk.colour_at(place.x(), place.y())


def test_painting_shows_the_result_there_while_it_is_painted_and_nowhere_else(mix_desk):
    mix_desk.mixer.gate.hold()
    mix_desk.key(Key.Key_B)
    assert mix_desk.find("paint_mix", QPushButton).isChecked()
    places = [place_of(mix_desk, x, 0.5) for x in (0.2, 0.3, 0.4)]
    drag(mix_desk, *places, is_ended=False)
    leave(mix_desk)
    assert picked(mix_desk, 0.3, 0.5) == pytest.approx(BLUE, abs=1)
    assert picked(mix_desk, 0.8, 0.5) == pytest.approx(RED, abs=1)
    QTest.mouseRelease(mix_desk.canvas, LEFT, NO_KEY, places[-1])
    leave(mix_desk)
    assert len(result(mix_desk).mix.strokes) == 1
    assert mix_desk.state.strokes == ()
    assert picked(mix_desk, 0.3, 0.5) == pytest.approx(BLUE, abs=1)
    assert picked(mix_desk, 0.8, 0.5) == pytest.approx(RED, abs=1)
    assert mix_desk.text("mix_where") == LIMITED
    mix_desk.key(Key.Key_Z, CTRL)
    assert picked(mix_desk, 0.8, 0.5) == pytest.approx(BLUE, abs=1)
    mix_desk.mixer.gate.let_go()


def test_erasing_first_takes_the_result_away_only_there(mix_desk):
    mix_desk.mixer.gate.hold()
    mix_desk.key(Key.Key_E)
    assert mix_desk.find("erase_mix", QPushButton).isChecked()
    drag(mix_desk, *(place_of(mix_desk, x, 0.5) for x in (0.2, 0.4)))
    leave(mix_desk)
    assert picked(mix_desk, 0.3, 0.5) == pytest.approx(RED, abs=1)
    assert picked(mix_desk, 0.8, 0.5) == pytest.approx(BLUE, abs=1)
    mix_desk.click("clear_mix")
    assert result(mix_desk).mix == Mix()
    assert picked(mix_desk, 0.3, 0.5) == pytest.approx(BLUE, abs=1)
    mix_desk.mixer.gate.let_go()


@pytest.mark.parametrize("zoom", [0.4, 1.0, 3.0])
def test_panning_and_painting_piece_by_piece_show_what_drawing_anew_would(desk, zoom):
    desk.list_photo(patchwork(1800, 1200))
    desk.add_result(patchwork(1800, 1200)[::-1].copy())
    desk.controller.choose_view("single")
    desk.mixer.gate.hold()
    desk.controller.mix(0.7)
    desk.controller.end_edit()
    desk.canvas.zoom_to(zoom)
    desk.canvas.setFocus()
    desk.key(Key.Key_B)
    for start, end in (((0.45, 0.45), (0.5, 0.55)), ((0.55, 0.45), (0.47, 0.5))):
        desk.pixels()
        drag(desk, place_of(desk, *start), place_of(desk, 0.5, 0.5), place_of(desk, *end))
    desk.canvas.pan(37, -12)
    leave(desk)
    desk.until(lambda: not desk.canvas._painter.is_rough)
    moved = desk.pixels().astype(int)
    desk.canvas._painter._layers["b"].__init__()
    desk.canvas.update()
    desk.pixels()
    desk.until(lambda: not desk.canvas._painter.is_rough)
    assert np.abs(moved - desk.pixels().astype(int)).max() <= 2
    desk.mixer.gate.let_go()


def test_the_keys_act_on_what_the_brush_was_last_taken_for_and_the_tooltips_say_so(mix_desk):
    with_subject(mix_desk, left_half())
    mix_desk.click("paint_mix")
    assert mix_desk.state.target == "mix"
    paint_mix, paint_subject = (mix_desk.find(each, QPushButton) for each in ("paint_mix", "paint_subject"))
    assert "(B)" in paint_mix.toolTip()
    assert paint_subject.toolTip().endswith("The key B now acts on the mix.")
    assert not paint_subject.isChecked()
    mix_desk.click("paint_subject")
    assert (mix_desk.state.target, paint_mix.isChecked()) == ("subject", False)
    assert "(B)" in paint_subject.toolTip()
    assert paint_mix.toolTip().endswith("The key B now acts on the subject.")
    mix_desk.canvas.setFocus()
    mix_desk.key(Key.Key_B)
    assert mix_desk.state.brush.tool == ""


def test_size_feather_and_the_mask_have_their_keys(mix_desk):
    radius = mix_desk.state.brush.radius
    mix_desk.key(Key.Key_BracketRight)
    assert mix_desk.state.brush.radius > radius
    size = mix_desk.find("mix_brush_size", QSlider)
    size.setValue(10)
    assert mix_desk.state.brush.radius < radius
    mix_desk.find("mix_brush_feather", QSlider).setValue(80)
    assert mix_desk.state.brush.feather == 0.8
    before = mix_desk.pixels()
    mix_desk.key(Key.Key_O)
    assert mix_desk.find("show_mix_mask", QCheckBox).isChecked()
    assert mix_desk.find("mix_legend").isVisible()
    assert not np.array_equal(mix_desk.pixels(), before)
    mix_desk.key(Key.Key_O)
    assert np.array_equal(mix_desk.pixels(), before)


def test_the_red_mask_lies_on_side_b_where_the_result_shows(mix_desk):
    mix_desk.controller.choose_view("side_by_side")
    mix_desk.key(Key.Key_E)
    canvas = mix_desk.canvas
    pane = next(each for each in canvas.stage.panes if each.shows == "b")
    place = QPoint(pane.clip.left + pane.clip.width // 2, pane.clip.height // 2)
    drag(mix_desk, place, place + QPoint(6, 0))
    leave(mix_desk)
    settled(mix_desk)
    before = mix_desk.pixels().astype(int)
    mix_desk.key(Key.Key_O)
    changed = np.abs(mix_desk.pixels().astype(int) - before).max(2) > 4
    assert not changed[:, : pane.clip.left].any()
    assert not changed[place.y(), place.x()]
    assert changed[place.y() + 100, place.x()]


def test_escape_puts_the_brush_away(mix_desk):
    mix_desk.key(Key.Key_B)
    mix_desk.key(Key.Key_Escape)
    assert mix_desk.state.brush.tool == ""
    assert mix_desk.state.target == "mix"


def test_every_control_has_a_name_and_a_tooltip(mix_desk):
    for name in (
        "mix", "mix_box", "mix_base", "paint_mix", "erase_mix", "clear_mix", "mix_brush_size", "mix_brush_feather",
        "show_mix_mask",
    ):  # fmt: skip
        widget = mix_desk.find(name)
        assert widget.toolTip(), name
        assert widget.accessibleName() or widget.text(), name
