"""The form made from the service's schema: what it shows, and how a value gets from the hand to the state."""

import copy
import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QScrollArea, QSpinBox, QToolButton, QToolTip
from support.window import SHIFT

from sharpen_desktop.core.errors import Charge
from sharpen_desktop.core.notice import Notice
from sharpen_desktop.core.notices import noticed
from sharpen_desktop.core.schema import Kind, parse_model
from sharpen_desktop.services.schema_file import MODEL_FILE, load_schema, resources_folder
from sharpen_desktop.ui.editors.choice_editor import HELP_ROLE
from sharpen_desktop.ui.editors.number_editor import NumberEditor
from sharpen_desktop.ui.editors.param_editor import FieldLabel
from sharpen_desktop.ui.editors.value_slider import ValueSlider

Key = Qt.Key
MODES = ["Standard", "Strong", "Lens Blur", "Lens Blur V2", "Motion Blur", "Natural", "Refocus"]
SLIDERS = ("strength", "minor_denoise", "face_enhancement_strength", "face_enhancement_creativity")
FACE_SLIDERS = SLIDERS[2:]


@pytest.fixture
def openapi():
    place = resources_folder() / "schema" / f"{MODEL_FILE}.json"
    return json.loads(place.read_text(encoding="utf-8"))


@pytest.fixture
def overlay():
    place = resources_folder() / "schema" / f"{MODEL_FILE}.overlay.json"
    return json.loads(place.read_text(encoding="utf-8"))


def fields_of(openapi):
    (path,) = openapi["paths"].values()
    return path["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]


def slider(desk, name):
    return desk.find(name, ValueSlider)


def box(desk, name):
    return desk.find(f"{name}_box", QLineEdit)


def label(desk, name):
    return desk.find(f"editor_{name}").findChild(FieldLabel)


def value(desk, name):
    return desk.state.settings.get(name)


def type_into(desk, field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    desk.key(Key.Key_Return, target=field)


# Made from the schema


def test_every_field_of_the_bundled_schema_has_its_kind_of_control(desk):
    kinds = {Kind.NUMBER: ValueSlider, Kind.INTEGER: ValueSlider}
    for param in load_schema().params:
        found = desk.find(param.name)
        assert isinstance(found, kinds.get(param.kind, object))
        assert found.accessibleName() == param.label
    modes = desk.find("mode", QComboBox)
    assert [modes.itemText(place) for place in range(modes.count())] == MODES
    assert {desk.button(f"subject_detection_{each}").text() for each in ("All", "Foreground", "Background")}


def test_the_panel_follows_a_changed_schema_with_no_code_changed(make_desk, openapi, overlay):
    changed = copy.deepcopy(openapi)
    fields = fields_of(changed)
    fields["strength"] |= {"minimum": 0.2, "maximum": 0.9}
    fields["mode"]["enum"].append("Moon Shot")
    fields["radius"] = {"type": "number", "minimum": 0, "maximum": 50, "default": 10}
    fields["passes"] = {"type": "integer", "minimum": 1, "maximum": 9, "default": 2}
    fields["keep_grain"] = {"type": "boolean", "default": False}
    fields["colour_space"] = {"type": "string", "enum": ["one", "two", "three", "four"], "default": "two"}
    fields["mask"] = {"type": "object"}
    desk = make_desk(parse_model(changed, overlay)).show()
    desk.controller.choose_engine("cloud")
    desk.click(desk.find("fold_more", QToolButton))

    desk.key(Key.Key_End, target=slider(desk, "strength"))
    assert value(desk, "strength") == 0.9
    desk.key(Key.Key_Home, target=slider(desk, "strength"))
    assert value(desk, "strength") == 0.2
    assert desk.find("mode", QComboBox).findData("Moon Shot") == len(MODES)
    assert box(desk, "radius").text() == "10"
    desk.key(Key.Key_End, target=slider(desk, "radius"))
    assert value(desk, "radius") == 50
    desk.key(Key.Key_Right, target=slider(desk, "passes"))
    assert value(desk, "passes") == 3
    desk.click(desk.button("keep_grain"))
    assert value(desk, "keep_grain") is True
    choices = desk.find("colour_space", QComboBox)
    assert choices.currentText() == "two"
    choices.setFocus()
    desk.key(Key.Key_Down, target=choices)
    assert value(desk, "colour_space") == "three"
    assert desk.text("mask") == "Set by the service"
    assert value(desk, "mask") is None


def test_a_schema_without_faces_gives_a_panel_without_them(make_desk, openapi, overlay):
    changed = copy.deepcopy(openapi)
    for name in ("face_enhancement", *FACE_SLIDERS):
        del fields_of(changed)[name]
    desk = make_desk(parse_model(changed, overlay)).show()
    assert not desk.window.findChildren(QLabel, "note_faces")
    assert desk.find("strength").isVisible()


# Numbers


def test_a_value_between_0_and_1_is_shown_in_percent_and_sent_as_it_is(desk):
    type_into(desk, box(desk, "strength"), "42")
    assert value(desk, "strength") == pytest.approx(0.42)
    assert box(desk, "strength").text() == "42 %"
    for part in (slider(desk, "strength"), box(desk, "strength")):
        assert part.toolTip().endswith("strength: 0.42")


@pytest.mark.parametrize(
    ("typed", "sent"), [("42,5", 0.425), ("42.5", 0.425), ("42,5 %", 0.425), (" 7% ", 0.07), ("100", 1.0)]
)
def test_comma_and_point_both_count(desk, typed, sent):
    type_into(desk, box(desk, "strength"), typed)
    assert value(desk, "strength") == pytest.approx(sent)


@pytest.mark.parametrize(("typed", "sent"), [("250", 1.0), ("0", 0.01), ("-3", 0.01)])
def test_a_number_out_of_range_is_clamped_and_the_limits_are_said(desk, typed, sent):
    type_into(desk, box(desk, "strength"), typed)
    assert value(desk, "strength") == sent
    assert QToolTip.text() == "1–100 %"


@pytest.mark.parametrize(
    "typed",
    [
        "much",
        "",
        "nan",
    ],
)
def test_what_is_no_number_changes_nothing(desk, typed):
    desk.controller.edit_setting("strength", 0.5)
    field = box(desk, "strength")
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Key.Key_Delete)
    QTest.keyClicks(field, typed)
    desk.key(Key.Key_Return, target=field)
    assert value(desk, "strength") == 0.5
    assert field.text() == "50 %"


def test_a_click_into_the_box_selects_all(desk):
    desk.controller.edit_setting("strength", 0.5)
    desk.find("mode").setFocus()
    place = box(desk, "strength").mapTo(desk.window, QPoint(20, 12))
    QTest.mouseClick(desk.window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    assert box(desk, "strength").hasFocus()
    assert box(desk, "strength").selectedText() == "50 %"


def test_leaving_the_box_takes_the_number_too(desk):
    field = box(desk, "strength")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "33")
    desk.find("mode").setFocus()
    assert value(desk, "strength") == pytest.approx(0.33)


def test_keys_move_a_slider_by_one_ten_and_to_the_limits(desk):
    desk.controller.edit_setting("strength", 0.5)
    moved = slider(desk, "strength")
    moved.setFocus()
    plain = Qt.KeyboardModifier.NoModifier
    steps = [
        (Key.Key_Right, plain, 0.51), (Key.Key_Left, plain, 0.5), (Key.Key_Right, SHIFT, 0.6),
        (Key.Key_Left, SHIFT, 0.5), (Key.Key_PageUp, plain, 0.6), (Key.Key_PageDown, plain, 0.5),
        (Key.Key_End, plain, 1.0), (Key.Key_Home, plain, 0.01),
    ]  # fmt: skip
    for key, modifiers, expected in steps:
        desk.key(key, modifiers, moved)
        assert value(desk, "strength") == pytest.approx(expected), key


def test_page_keys_on_a_slider_do_not_change_the_photo(desk):
    desk.list_photo(name="one.jpg")
    desk.list_photo(name="two.jpg")
    slider(desk, "strength").setFocus()
    desk.key(Key.Key_PageUp, target=slider(desk, "strength"))
    assert desk.photo.name == "two.jpg"


def test_the_wheel_over_an_unfocused_slider_scrolls_the_panel_and_changes_nothing(desk):
    desk.show(1440, 620)
    desk.canvas.setFocus()
    bar = desk.find("settings_scroll", QScrollArea).verticalScrollBar()
    assert bar.maximum() > 0
    place = slider(desk, "strength").mapTo(desk.window, QPoint(60, 10))
    QTest.wheelEvent(desk.window.windowHandle(), place.toPointF(), QPoint(0, -120))
    assert value(desk, "strength") is None
    assert bar.value() > 0
    bar.setValue(0)


def test_the_wheel_moves_a_slider_that_has_the_focus(desk):
    desk.controller.edit_setting("strength", 0.5)
    slider(desk, "strength").setFocus()
    desk.wheel(slider(desk, "strength"), -1)
    assert value(desk, "strength") == pytest.approx(0.49)


def test_the_wheel_over_an_unfocused_list_changes_nothing(desk):
    desk.canvas.setFocus()
    event = desk.wheel(desk.find("mode", QComboBox), -1)
    assert value(desk, "mode") == "Standard"
    assert not event.isAccepted()


def test_a_slider_is_dragged_with_the_mouse_in_one_step_of_undo(desk):
    moved = slider(desk, "strength")
    desk.controller.edit_setting("strength", 0.2)
    desk.controller.end_edit()
    QTest.mousePress(moved, Qt.MouseButton.LeftButton, pos=QPoint(40, 11))
    for x in (60, 90, 120):
        QTest.mouseMove(moved, QPoint(x, 11))
    QTest.mouseRelease(moved, Qt.MouseButton.LeftButton, pos=QPoint(120, 11))
    assert value(desk, "strength") > 0.3
    desk.action("undo").trigger()
    assert value(desk, "strength") == pytest.approx(0.2)


def test_each_drag_of_a_slider_is_a_step_of_its_own(desk):
    moved = slider(desk, "strength")
    values = []
    for x in (60, 120):
        QTest.mousePress(moved, Qt.MouseButton.LeftButton, pos=QPoint(x, 11))
        QTest.mouseMove(moved, QPoint(x + 5, 11))
        QTest.mouseRelease(moved, Qt.MouseButton.LeftButton, pos=QPoint(x + 5, 11))
        values.append(value(desk, "strength"))
    assert values[0] < values[1]
    desk.action("undo").trigger()
    assert value(desk, "strength") == values[0]
    desk.action("undo").trigger()
    assert value(desk, "strength") is None


# Auto


def test_a_field_without_a_default_starts_as_auto_and_is_not_sent(desk):
    chip = desk.button("strength_auto")
    assert chip.isChecked()
    assert chip.isVisible()
    assert box(desk, "strength").text() == "Auto"
    assert slider(desk, "strength").is_hollow
    assert slider(desk, "strength").toolTip().endswith("strength: not sent")


def test_the_auto_chip_turns_auto_off_and_on(desk):
    desk.click(desk.button("strength_auto"))
    assert value(desk, "strength") == pytest.approx(0.51, abs=0.01)
    assert not desk.button("strength_auto").isChecked()
    desk.click(desk.button("strength_auto"))
    assert value(desk, "strength") is None
    assert desk.button("strength_auto").isChecked()


def test_touching_the_slider_turns_auto_off(desk):
    desk.key(Key.Key_Right, target=slider(desk, "strength"))
    assert value(desk, "strength") == pytest.approx(0.02)
    assert not desk.button("strength_auto").isChecked()


def test_auto_can_be_typed(desk):
    desk.controller.edit_setting("strength", 0.5)
    type_into(desk, box(desk, "strength"), "auto")
    assert value(desk, "strength") is None


def test_a_field_with_a_default_has_no_auto_chip(desk):
    assert not desk.button("face_enhancement_strength_auto").isVisible()


# Reset and the dot


def test_a_double_click_on_label_or_handle_resets_one_field(desk):
    for click_on in (label(desk, "strength"), slider(desk, "strength")):
        desk.controller.edit_setting("strength", 0.5)
        QTest.mouseDClick(click_on, Qt.MouseButton.LeftButton)
        assert value(desk, "strength") is None


def test_a_double_click_on_the_label_of_a_choice_and_of_a_switch_resets_them(desk):
    desk.controller.choose_engine("cloud")
    desk.controller.edit_setting("face_enhancement", False)
    QTest.mouseDClick(label(desk, "face_enhancement"), Qt.MouseButton.LeftButton)
    assert value(desk, "face_enhancement") is True


def test_the_dot_marks_a_changed_field_and_screen_readers_are_told(desk):
    assert label(desk, "strength").text() == "Strength"
    desk.controller.edit_setting("strength", 0.5)
    assert label(desk, "strength").text() == "• Strength"
    assert label(desk, "strength").accessibleName() == "Strength, changed"


@pytest.mark.parametrize("way", ["button", "key"])
def test_reset_all_gives_every_field_its_default(desk, way):
    first = desk.state.settings
    for name, given in (("mode", "Refocus"), ("strength", 0.5), ("face_enhancement", False)):
        desk.controller.edit_setting(name, given)
    if way == "button":
        desk.find("settings_scroll", QScrollArea).ensureWidgetVisible(desk.find("reset_all"))
        desk.click("reset_all")
    else:
        desk.key(Key.Key_R, Qt.KeyboardModifier.ControlModifier | SHIFT)
    assert desk.state.settings == first


# Choices and switches


def test_a_mode_is_chosen_from_the_list_and_its_help_stands_under_it(desk):
    modes = desk.find("mode", QComboBox)
    modes.setFocus()
    for _ in range(4):
        desk.key(Key.Key_Down, target=modes)
    assert value(desk, "mode") == "Motion Blur"
    assert "Shake or movement only, straight or curved." in help_under(desk)
    desk.controller.choose_engine("cloud")
    assert "Streaks from shake or movement." in help_under(desk)
    assert modes.itemData(4, HELP_ROLE) == "Streaks from shake or movement."


def help_under(desk):
    return [each.text() for each in desk.find("editor_mode").findChildren(QLabel)]


def test_the_help_line_of_a_mode_fits_into_one_line_in_the_list_and_under_it_and_is_like_no_other(desk):
    modes = desk.find("mode", QComboBox)
    font = QFont(modes.font())
    font.setPixelSize(11)
    told = [modes.itemData(place, HELP_ROLE) for place in range(modes.count())]
    assert len(set(told)) == modes.count() == 7
    assert max(QFontMetrics(font).horizontalAdvance(each) for each in told) <= modes.width() - 16
    under = desk.find("editor_mode").findChildren(QLabel)[-1]
    assert max(under.fontMetrics().horizontalAdvance(each) for each in told) <= under.width()


def test_a_subject_is_chosen_by_a_click(desk):
    desk.controller.choose_engine("cloud")
    desk.click(desk.button("subject_detection_Foreground"))
    assert value(desk, "subject_detection") == "Foreground"
    assert desk.button("subject_detection_Foreground").isChecked()
    assert not desk.button("subject_detection_All").isChecked()


def test_faces_off_greys_its_sliders_and_keeps_their_values(desk):
    desk.controller.choose_engine("cloud")
    desk.controller.edit_setting("face_enhancement_strength", 0.3)
    assert slider(desk, "face_enhancement_strength").isEnabled()
    desk.click(desk.button("face_enhancement"))
    assert value(desk, "face_enhancement") is False
    assert desk.button("face_enhancement").text() == "Off"
    for name in FACE_SLIDERS:
        assert not slider(desk, name).isEnabled()
        assert not box(desk, name).isEnabled()
        assert slider(desk, name).toolTip().startswith("Faces is off.")
    assert value(desk, "face_enhancement_strength") == 0.3
    assert box(desk, "face_enhancement_strength").text() == "30 %"


def test_strong_greys_minor_denoise_and_says_why(desk):
    desk.controller.edit_setting("minor_denoise", 0.4)
    desk.controller.edit_setting("mode", "Strong")
    assert not slider(desk, "minor_denoise").isEnabled()
    assert slider(desk, "minor_denoise").toolTip().startswith("No effect in Strong.")
    assert value(desk, "minor_denoise") == 0.4
    desk.controller.edit_setting("mode", "Standard")
    assert slider(desk, "minor_denoise").isEnabled()


def test_what_the_local_engine_does_not_honour_is_disabled_with_a_reason(desk):
    desk.inside.panel.findChild(QToolButton, "fold_output").click()
    assert not desk.find("output_format").isEnabled()
    reason = load_schema().param("output_format").not_local
    assert desk.find("output_format").toolTip().startswith(reason)
    for name in ("mode", "strength", "minor_denoise", "subject_detection", "face_enhancement", *FACE_SLIDERS):
        assert desk.find(name).isEnabled(), name
    desk.controller.choose_engine("cloud")
    for name in ("subject_detection", "face_enhancement", *FACE_SLIDERS, "output_format"):
        assert desk.find(name).isEnabled(), name


# Engine, key, output


def test_the_engine_is_chosen_by_a_click_and_the_cloud_without_a_key_opens_the_card(desk):
    assert not desk.find("key_card").isVisible()
    desk.click("engine_cloud")
    assert desk.state.engine == "cloud"
    assert desk.find("key_card").isVisible()
    assert desk.find("key_field", QLineEdit).hasFocus()
    desk.click("engine_local")
    assert desk.state.engine == "local"
    assert not desk.find("key_card").isVisible()


@pytest.mark.parametrize("way", ["button", "return"])
def test_a_typed_key_is_given_and_the_card_goes(desk, way):
    desk.click("engine_cloud")
    field = desk.find("key_field", QLineEdit)
    QTest.keyClicks(field, "sk-typed-0123456789")
    assert field.displayText() == "●" * 19
    if way == "button":
        desk.click("use_key")
    else:
        desk.key(Key.Key_Return, target=field)
    assert desk.keys.given == ["sk-typed-0123456789"]
    assert desk.state.has_key
    assert not desk.find("key_card").isVisible()
    assert field.text() == ""


def test_an_empty_key_is_not_given(desk):
    desk.click("engine_cloud")
    desk.click("use_key")
    assert desk.keys.given == []
    assert desk.find("key_card").isVisible()


def test_a_closed_group_opens_at_its_title_and_that_is_remembered(desk):
    assert not desk.find("save_format").isVisible()
    desk.find("fold_output", QToolButton).click()
    assert desk.state.prefs.open_groups == ("output",)
    assert not desk.find("save_format").isHidden()
    desk.find("fold_output", QToolButton).click()
    assert desk.state.prefs.open_groups == ()


def test_how_files_are_saved_is_chosen_in_the_output_group(desk):
    desk.change_prefs(open_groups=("output",))
    formats, quality = desk.find("save_format", QComboBox), desk.find("save_quality", QSpinBox)
    formats.setFocus()
    desk.key(Key.Key_Down, target=formats)
    assert desk.state.prefs.save_format == "jpeg"
    quality.setFocus()
    desk.key(Key.Key_Down, target=quality)
    assert desk.state.prefs.save_quality == 94
    desk.key(Key.Key_Down, target=formats)
    assert desk.state.prefs.save_format == "png"
    assert not quality.isEnabled()


def test_undo_and_redo_go_through_their_keys(desk):
    desk.controller.edit_setting("mode", "Refocus")
    desk.key(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert value(desk, "mode") == "Standard"
    for keys in (
        (Key.Key_Z, Qt.KeyboardModifier.ControlModifier | SHIFT),
        (Key.Key_Y, Qt.KeyboardModifier.ControlModifier),
    ):
        desk.key(*keys)
        assert value(desk, "mode") == "Refocus"
        desk.key(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_an_edited_value_comes_back_to_its_editor_only_through_the_state(desk):
    editor = desk.inside.panel.editor("strength")
    assert isinstance(editor, NumberEditor)
    heard = []
    editor.value_edited.connect(lambda name, given: heard.append((name, given)))
    desk.controller.edit_setting("strength", 0.7)
    assert slider(desk, "strength").value() == 70
    assert heard == []


# What the service did not accept


def refuse(desk, field):
    desk.store.apply(
        noticed,
        Notice("n", "error", "The service did not accept a value.", field=field, charge=Charge.NONE),
    )


def marks(desk, name):
    return bool(desk.find(f"editor_{name}").property("refused")), desk.find(f"refused_{name}").isVisible()


@pytest.mark.parametrize("name", ["mode", "subject_detection", "strength", "face_enhancement"])
def test_a_refused_field_is_marked_until_it_is_edited(desk, name):
    desk.controller.choose_engine("cloud")
    refuse(desk, name)
    assert marks(desk, name) == (True, True)
    others = [param.name for param in desk.schema.params if param.name != name]
    assert not any(any(marks(desk, other)) for other in others)
    other = next(each for each in ("mode", "strength") if each != name)
    desk.controller.edit_setting(other, {"mode": "Refocus", "strength": 0.3}[other])
    assert marks(desk, name) == (True, True)
    new = {"mode": "Strong", "strength": 0.7, "subject_detection": "Foreground", "face_enhancement": False}[
        name
    ]
    desk.controller.edit_setting(name, new)
    assert marks(desk, name) == (False, False)
    assert desk.find("notice_bar").isVisible()


def test_a_refused_value_has_a_red_frame(desk):
    desk.controller.choose_engine("cloud")
    red = QColor(desk.inside._look.error)
    field = box(desk, "strength")
    assert field.grab().toImage().pixelColor(20, 0) != red
    refuse(desk, "strength")
    assert field.grab().toImage().pixelColor(20, 0) == red
    desk.controller.reset_settings()
    assert field.grab().toImage().pixelColor(20, 0) != red


def test_the_group_of_a_refused_field_opens(desk):
    desk.controller.choose_engine("cloud")
    assert not desk.find("output_format").isVisible()
    refuse(desk, "output_format")
    assert not desk.find("refused_output_format").isHidden()
    assert not desk.find("output_format").isHidden()
    assert desk.find("save_format").isVisibleTo(desk.window)


def test_a_field_nobody_knows_marks_nothing(desk):
    refuse(desk, "image_url")
    assert desk.find("notice_bar").isVisible()
    assert not any(any(marks(desk, param.name)) for param in desk.schema.params)
