"""The history tab: what it says, where a click goes, and that the tab is remembered."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView

from sharpen_desktop.core.brush import Stroke

Key = Qt.Key


@pytest.fixture
def history_desk(photo_desk):
    """Two settings were changed, and the history is open."""
    photo_desk.controller.edit_setting("strength", 0.62)
    photo_desk.controller.end_edit()
    photo_desk.controller.edit_setting("mode", "Lens Blur")
    photo_desk.controller.end_edit()
    photo_desk.click("tab_history")
    photo_desk.until(photo_desk.find("history").isVisible)
    return photo_desk


def view(desk):
    return desk.find("history", QListView)


def said(desk, role=Qt.ItemDataRole.DisplayRole):
    model = view(desk).model()
    return [model.index(row, 0).data(role) for row in range(model.rowCount())]


def click(desk, place):
    index = view(desk).model().index(place, 0)
    QTest.mouseClick(
        view(desk).viewport(), Qt.MouseButton.LeftButton, pos=view(desk).visualRect(index).center()
    )


def test_the_tab_shows_the_steps_in_words(history_desk):
    assert said(history_desk) == ["Beginning", "Strength 62 %", "Mode Lens Blur"]
    assert not history_desk.find("variants").isVisible()
    history_desk.click("tab_variants")
    assert history_desk.find("variants").isVisible()


def test_a_click_goes_to_a_step_and_back_and_marks_it(history_desk):
    desk = history_desk
    click(desk, 0)
    assert desk.state.settings == desk._first.settings
    assert said(desk, Qt.ItemDataRole.AccessibleTextRole) == [
        "Beginning, now", "Strength 62 %, undone", "Mode Lens Blur, undone",
    ]  # fmt: skip
    view(desk).viewport().grab()
    click(desk, 2)
    assert desk.state.settings.text("mode") == "Lens Blur"
    assert view(desk).currentIndex().row() == 2


def test_undo_moves_the_mark_and_a_new_edit_ends_what_was_undone(history_desk):
    desk = history_desk
    desk.action("undo").trigger()
    assert view(desk).currentIndex().row() == 1
    desk.controller.edit_setting("mode", "Strong")
    assert said(desk) == ["Beginning", "Strength 62 %", "Mode Strong"]


def test_painting_is_a_step(history_desk):
    history_desk.controller.paint(Stroke(((0.5, 0.5),), 0.1, 0.5, adds=True))
    assert said(history_desk)[-1] == "Painted on the subject"


def test_the_keyboard_goes_to_a_step(history_desk):
    desk = history_desk
    view(desk).setFocus()
    desk.key(Key.Key_Up, target=view(desk))
    desk.key(Key.Key_Return, target=view(desk))
    assert desk.state.settings.text("mode") == "Standard"


def test_the_open_tab_is_remembered(history_desk):
    assert history_desk.state.prefs.is_history_open
