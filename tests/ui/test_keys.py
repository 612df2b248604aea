"""The table of keys, held against the window: what stands in it works, and what works stands in it."""

import runpy
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListView
from support.window import CTRL, SHIFT

from sharpen_desktop.ui.canvas.canvas import Canvas
from sharpen_desktop.ui.key_list import lines
from sharpen_desktop.ui.key_table import BETWEEN, CANVAS, COMMANDS, SECTIONS, Command, Gesture

ROOT = Path(__file__).parents[2]
Key = Qt.Key
NAMES = {
    "Space": "Space", "←": "Left", "→": "Right", "↑": "Up", "↓": "Down", "Delete": "Del", "Hold \\ or P": "P",
}  # fmt: skip


def told():
    """Every single key of the table that only the canvas takes."""
    for section in SECTIONS:
        for entry in section.entries:
            if isinstance(entry, Command) and entry.told:
                yield from entry.told.split(BETWEEN)
            elif isinstance(entry, Gesture) and entry.where == CANVAS:
                yield from entry.how.split(BETWEEN)


def pressed(key):
    """The event of a key as the table writes it; Shift with a sign gives the sign it makes."""
    combination = QKeySequence(NAMES.get(key, key))[0]
    return combination.key(), combination.keyboardModifiers()


def is_taken(canvas, key, modifiers):
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers)
    taken = canvas.keys.press(event)
    canvas.keys.release(QKeyEvent(QEvent.Type.KeyRelease, key, modifiers))
    return taken


@pytest.fixture
def canvas(qtbot):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    return canvas


# The table and the window


def test_every_command_of_the_table_is_an_action_with_its_keys(desk):
    for command in COMMANDS:
        bound = [each.toString() for each in desk.find(command.name, QAction).shortcuts()]
        wanted = [QKeySequence(each).toString() for each in command.bound]
        assert bound[: len(wanted)] == wanted, command.name


def test_no_key_is_given_twice():
    bound = [QKeySequence(each).toString() for command in COMMANDS for each in command.bound]
    letters = [key for command in COMMANDS for key in command.told.split(BETWEEN) if key]
    assert len(bound) == len(set(bound))
    assert len(letters) == len(set(letters))


def test_the_canvas_takes_every_key_that_is_told_of_it(canvas):
    for key in told():
        assert is_taken(canvas, *pressed(key)), key


def test_every_key_the_canvas_takes_is_told(canvas):
    """All letters, digits and signs, with and without Shift, against the table."""
    known = {pressed(key) for key in told()}
    plain, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
    spoken = {(key, shift) for key, modifiers in known if modifiers == plain}  # Shift changes nothing there
    signs = {(Key.Key_Less, shift), (Key.Key_Greater, shift), (Key.Key_Less, plain), (Key.Key_Greater, plain)}
    for code in (*range(0x20, 0x60), Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Delete):
        for modifiers in (plain, shift):
            if is_taken(canvas, Key(code), modifiers):
                assert (Key(code), modifiers) in known | spoken | signs, Key(code)


def test_a_tooltip_names_the_keys_of_the_table(desk):
    assert desk.find("open_button").toolTip() == "Open (Ctrl+O)"
    assert desk.find("turn_button").toolTip() == "Turn (Alt+Y)"
    assert desk.find("view_single").toolTip() == "One picture (S)"


def test_the_document_is_what_the_table_says():
    made = runpy.run_path(str(ROOT / "packaging" / "make_key_list.py"))["text"]()
    assert (ROOT / "docs" / "keys.md").read_text(encoding="utf-8") == made, "run packaging/make_key_list.py"


# The list


def keys_table(desk):
    model = desk.find("keys_table", QListView).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


@pytest.mark.parametrize(
    "key",
    [(Key.Key_F1, Qt.KeyboardModifier.NoModifier), (Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)],
)
def test_the_list_opens_beside_the_window_and_once(desk, key):
    desk.key(*key)
    dialog = desk.dialog("keys_dialog")
    assert not dialog.isModal()
    assert dialog.focusWidget() is desk.find("keys_search")
    desk.key(Key.Key_F1, target=desk.window)
    assert desk.dialog("keys_dialog") is dialog
    desk.key(Key.Key_Escape, target=dialog)
    desk.until(lambda: not dialog.isVisible())


def test_typing_filters_by_what_it_does_and_by_key(desk):
    desk.key(Key.Key_F1)
    search = desk.find("keys_search", QLineEdit)
    everything = keys_table(desk)
    QTest.keyClicks(search, "divider edge")
    assert keys_table(desk) == ["Comparing", "Divider to the Left Edge", "Divider to the Right Edge"]
    search.setText("ctrl+shift+s")
    assert keys_table(desk) == ["Photos and files", "Save As"]
    search.setText("no such thing")
    assert keys_table(desk) == []
    assert desk.find("keys_none", QLabel).isVisible()
    search.clear()
    assert keys_table(desk) == everything


def test_a_line_speaks_its_keys(desk):
    desk.key(Key.Key_F1)
    model = desk.find("keys_table", QListView).model()
    spoken = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]
    assert "Redo: Ctrl+Shift+Z or Ctrl+Y" in spoken


def test_mouse_gestures_stand_in_the_list():
    assert any("Shift+Drag" in line.keys for line in lines())


def test_the_arrow_keys_scroll_the_list_while_one_types(desk):
    desk.key(Key.Key_F1)
    view = desk.find("keys_table", QListView)
    desk.key(Key.Key_PageDown, target=desk.find("keys_search"))
    down = view.verticalScrollBar().value()
    assert down > 0
    desk.key(Key.Key_Up, target=desk.find("keys_search"))
    assert view.verticalScrollBar().value() < down


# Settings by the clipboard


def test_settings_are_copied_and_pasted_in_one_step(desk):
    desk.controller.edit_setting("mode", "Strong")
    desk.controller.edit_setting("strength", 0.62)
    copied = desk.state.settings
    desk.key(Key.Key_C, CTRL | SHIFT)
    desk.controller.reset_settings()
    desk.key(Key.Key_V, CTRL | SHIFT)
    assert desk.state.settings == copied
    desk.controller.undo()
    assert desk.state.settings == desk._first.settings


def test_pasting_something_else_as_settings_says_so(desk):
    QGuiApplication.clipboard().setText("hello")
    before = desk.state.settings
    desk.key(Key.Key_V, CTRL | SHIFT)
    assert desk.state.settings == before
    assert [each.text for each in desk.state.notices] == [
        "The clipboard holds no settings. Copy some first, with Ctrl+Shift+C."
    ]
