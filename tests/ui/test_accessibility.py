"""What a screen reader is told, through Qt's own interface to it, and the whole way by the keyboard alone."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QListView,
    QSlider,
    QWidget,
)
from support.window import CTRL, NO_KEY

Key = Qt.Key
Role, Text = QAccessible.Role, QAccessible.Text
BUTTONS = {Role.Button, Role.CheckBox, Role.ButtonMenu, Role.RadioButton}
ROLES = {
    QAbstractButton: BUTTONS, QSlider: {Role.Slider}, QComboBox: {Role.ComboBox}, QLineEdit: {Role.EditableText},
    QAbstractItemView: {Role.List, Role.Table},
}  # fmt: skip
REGIONS = (
    "top_bar", "compare_bar", "canvas", "left_panel", "panel", "footer", "filmstrip", "notice_bar",
)  # fmt: skip
"""In the order the window is read; the divider and the names of the sides lie on the canvas."""


@pytest.fixture(params=["empty", "photo", "compared", "cloud", "history"])
def told_desk(request, desk):
    """The window in each of its states that shows other controls."""
    if request.param == "empty":
        return desk
    desk.list_photo(name="one.jpg")
    desk.list_photo(name="two.jpg")
    if request.param != "photo":
        desk.add_result()
    if request.param == "cloud":
        desk.use_cloud()
    if request.param == "history":
        desk.controller.edit_setting("strength", 0.5)
        desk.controller.change_prefs(is_history_open=True)
    return desk


def spoken(widget):
    return QAccessible.queryAccessibleInterface(widget)


def controls(desk):
    """Everything in view that takes the focus, and every button also where only the mouse uses it."""
    shown = [each for each in desk.window.findChildren(QWidget) if each.isVisible()]
    return [
        each
        for each in shown
        if each.window() is desk.window
        and (each.focusPolicy() & Qt.FocusPolicy.TabFocus or isinstance(each, QAbstractButton))
        and not each.objectName().startswith("qt_")
    ]


def stops(desk):
    """What Tab has to come to; the field in a combo box is reached with the box."""
    able = [each for each in controls(desk) if each.isEnabled() and each.focusProxy() is None]
    return [each for each in able if each.focusPolicy() & Qt.FocusPolicy.TabFocus]


# Names, roles, values


def test_every_control_in_view_has_a_name(told_desk):
    nameless = [
        each.objectName() or each.metaObject().className()
        for each in controls(told_desk)
        if not spoken(each).text(Text.Name).strip()
        or not (each.accessibleName() or spoken(each).text(Text.Name))
    ]
    assert nameless == []


def test_every_control_has_the_role_of_its_kind(told_desk):
    for each in controls(told_desk):
        wanted = next((roles for kind, roles in ROLES.items() if isinstance(each, kind)), None)
        if wanted is not None:
            assert spoken(each).role() in wanted, each.objectName()


def test_fields_that_look_alike_have_names_of_their_own(told_desk):
    names = [
        (spoken(each).role(), each.accessibleName() or spoken(each).text(Text.Name))
        for each in controls(told_desk)
        if not isinstance(each, QAbstractButton) and each.focusProxy() is None
    ]
    assert sorted(map(str, names)) == sorted({str(name) for name in names})


def test_sliders_tell_their_value_in_words(photo_desk):
    slider = spoken(photo_desk.find("strength", QSlider))
    assert slider.text(Text.Description).startswith("Auto")
    photo_desk.controller.edit_setting("strength", 0.62)
    assert slider.valueInterface().currentValue() == 62
    assert slider.text(Text.Description) == "62 %"
    assert spoken(photo_desk.find("strength_box")).text(Text.Value) == "62 %"


def test_a_slider_can_be_set_by_assistive_technology(photo_desk):
    slider = spoken(photo_desk.find("strength", QSlider))
    slider.valueInterface().setCurrentValue(30)
    assert photo_desk.state.settings.number("strength") == pytest.approx(0.3)
    assert slider.text(Text.Description) == "30 %"


def test_the_divider_is_a_slider_that_says_how_much_is_before(split_desk):
    divider = spoken(split_desk.find("divider"))
    split_desk.canvas.set_divider(0.63)
    assert divider.role() is Role.Slider
    assert divider.text(Text.Name) == "Before/after divider"
    assert divider.text(Text.Description) == "63 % before"
    divider.valueInterface().setCurrentValue(250)
    assert split_desk.canvas.divider_fraction == pytest.approx(0.25)


def test_what_is_chosen_is_told_as_checked(split_desk):
    assert spoken(split_desk.find("view_split")).state().checked
    assert not spoken(split_desk.find("view_single")).state().checked


def test_rows_of_lists_tell_what_they_say(split_desk):
    variants = spoken(split_desk.find("variants"))
    assert variants.childCount() == 2
    assert variants.child(0).text(Text.Name).startswith("Original, 0.2 MP")
    assert variants.child(0).text(Text.Name).endswith("shown before")


def test_the_canvas_and_the_names_on_it_tell_what_is_shown(split_desk):
    desk = split_desk
    title = desk.photo.variants[1].label
    assert spoken(desk.canvas).text(Text.Description) == f"Before: Original. After: {title}."
    assert spoken(desk.find("after_chip")).text(Text.Name) == f"After: {title}. Choose a variant"
    desk.controller.rename_variant(desk.photo.variants[1].id, "Best")
    desk.controller.choose_view("single")
    assert spoken(desk.canvas).text(Text.Description) == "Best."


def test_a_closed_group_says_so(photo_desk):
    fold = spoken(photo_desk.find("fold_output"))
    assert (fold.text(Text.Name), fold.text(Text.Description)) == ("Output", "closed")
    photo_desk.click("fold_output")
    assert fold.text(Text.Description) == "open"


# The order of the focus


def round_trip(desk, key):
    """The controls Tab goes through, from the first of the window until it comes round."""
    desk.find("open_button").setFocus(Qt.FocusReason.TabFocusReason)
    seen = [QApplication.focusWidget()]
    while len(seen) < 150:
        QTest.keyClick(seen[-1], key, Qt.KeyboardModifier.ShiftModifier if key == Key.Key_Backtab else NO_KEY)
        if QApplication.focusWidget() in seen:
            return seen
        seen.append(QApplication.focusWidget())
    raise AssertionError("Tab does not come round")


def region_of(desk, widget):
    names = []
    while widget is not None:
        names.append(widget.objectName())
        widget = widget.parentWidget()
    return next((REGIONS.index(name) for name in names if name in REGIONS), None)


def test_tab_reaches_every_control_and_in_the_order_the_window_is_read(told_desk):
    seen = round_trip(told_desk, Key.Key_Tab)
    missed = {each.objectName() for each in stops(told_desk)} - {each.objectName() for each in seen}
    assert missed == set()
    places = [region_of(told_desk, each) for each in seen]
    known = [place for place in places if place is not None]
    assert all(before <= after for before, after in pairwise(known)), [each.objectName() for each in seen]


def test_shift_tab_goes_the_same_way_back(split_desk):
    forth, back = round_trip(split_desk, Key.Key_Tab), round_trip(split_desk, Key.Key_Backtab)
    assert {each.objectName() for each in forth} == {each.objectName() for each in back}


def test_the_canvas_lets_tab_go_on_to_the_divider(split_desk):
    split_desk.canvas.setFocus()
    split_desk.key(Key.Key_Tab)
    assert QApplication.focusWidget() is split_desk.find("divider")


# The whole way by the keyboard


def tab_to(desk, name):
    for _ in range(150):
        if QApplication.focusWidget().objectName() == name:
            return
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    raise AssertionError(f"Tab never came to {name}")


def test_from_start_to_a_saved_file_with_keys_alone(desk):
    desk.dialogs.files = (desk.lay_down("a.jpg"),)
    desk.promise_result()
    desk.key(Key.Key_O, CTRL)
    desk.until(lambda: desk.state.current is not None and desk.state.current.original.master)
    desk.key(Key.Key_Return, CTRL)
    desk.until(lambda: desk.photo.results)
    desk.key(Key.Key_Y, target=desk.canvas)
    assert desk.state.view == "side_by_side"
    desk.key(Key.Key_S, CTRL)
    desk.until(lambda: desk.photo.results[0].saved_to)
    assert (desk.folder / "a-sharp.jpg").exists()


def test_from_start_to_a_saved_file_with_tab_and_space_alone(desk):
    desk.dialogs.files = (desk.lay_down("a.jpg"),)
    desk.promise_result()
    QApplication.focusWidget().setFocus()
    tab_to(desk, "empty_open")
    desk.key(Key.Key_Space)
    desk.until(lambda: desk.state.current is not None and desk.state.current.original.master)
    tab_to(desk, "strength")
    desk.key(Key.Key_Right)
    assert desk.state.settings.number("strength") is not None
    tab_to(desk, "primary")
    desk.key(Key.Key_Space)
    desk.until(lambda: desk.photo.results)
    tab_to(desk, "divider")
    desk.key(Key.Key_Right)
    assert desk.canvas.divider_fraction == pytest.approx(0.51)
    tab_to(desk, "variants")
    view = desk.find("variants", QListView)
    desk.key(Key.Key_Down)
    desk.key(Key.Key_Return)
    assert view.currentIndex().row() == 1
    tab_to(desk, "save_button")
    desk.key(Key.Key_Space)
    desk.until(lambda: desk.photo.results[0].saved_to)
