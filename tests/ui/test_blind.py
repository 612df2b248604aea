"""The blind test in the window: nothing tells which picture is which, and everything returns."""

from random import Random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from support.window import ALT, BLUE, GREEN, RED, SHIFT

from sharpen_desktop.ui.variant_rows import ROW_ROLE

Key = Qt.Key


class Chance(Random):
    """Throws what it is told; below one half side B comes first."""

    def __init__(self, *throws):
        super().__init__()
        self.throws = list(throws)

    def random(self):
        return self.throws.pop(0)


@pytest.fixture
def blind_desk(split_desk):
    """A test that has begun: side B comes first in rounds 1, 2 and 5."""
    source = split_desk.controller.blind.random
    split_desk.controller.blind.random = Chance(0.1, 0.2, 0.7, 0.9, 0.4, *[0.1] * 5)
    split_desk.canvas.setFocus()
    split_desk.action("blind_test").trigger()
    yield split_desk
    split_desk.controller.blind.random = source


def halves(desk):
    size = desk.canvas.size()
    return desk.colour_at(size.width() // 4, size.height() // 2), desk.colour_at(
        size.width() * 3 // 4, size.height() // 2
    )


def sides(desk):
    model = desk.inside.variants.list.model()
    return [model.index(row).data(ROW_ROLE).sides for row in range(model.rowCount())]


def test_each_round_shows_the_two_as_they_fell(blind_desk):
    seen = []
    for _ in range(5):
        seen.append(halves(blind_desk))
        blind_desk.key(Key.Key_0)
    assert seen == [(BLUE, RED), (BLUE, RED), (RED, BLUE), (RED, BLUE), (BLUE, RED)]


def test_two_numbers_stand_where_the_names_were_and_no_mark_tells(blind_desk):
    desk = blind_desk
    for name in ("before_chip", "after_chip"):
        assert not desk.find(name, QToolButton).isVisible()
    first, second = desk.find("blind_first", QLabel), desk.find("blind_second", QLabel)
    assert (first.text(), second.text()) == ("1", "2")
    assert first.isVisible()
    assert second.isVisible()
    assert first.x() < desk.canvas.width() / 2 < second.x()
    assert sides(desk) == ["", ""]
    said = desk.canvas.accessibleDescription()
    assert "Original" not in said
    assert "Local" not in said


def test_no_values_are_told_under_the_pointer(blind_desk):
    desk = blind_desk
    middle = desk.canvas.mapTo(desk.window, desk.canvas.rect().center())
    QTest.mouseMove(desk.window.windowHandle(), middle + QPoint(60, 0))
    desk.until(lambda: desk.text("status_pixel"))
    assert "→" not in desk.text("status_pixel")
    assert str(RED[0]) not in desk.text("status_pixel").partition("    ")[2]


def test_keys_answer_and_the_outcome_is_told_plainly(blind_desk):
    desk = blind_desk
    assert desk.text("blind_text") == "Blind test, round 1 of 5. Which picture is better?"
    for key in (Key.Key_1, Key.Key_1, Key.Key_2, Key.Key_1):
        desk.key(key)
    assert desk.text("blind_text").startswith("Blind test, round 5 of 5")
    desk.key(Key.Key_1)
    name = desk.photo.after.label
    assert desk.text("blind_text") == (
        f"You chose After ({name}) 4 of 5 times; Before (Original) once. Pure guessing picks the same one 4 or more "
        "of 5 times in 3 of 8 tests: that may well be chance."
    )
    assert not desk.find("blind_pick_1", QPushButton).isVisible()
    assert desk.find("before_chip", QToolButton).isVisible()
    assert sides(desk) == ["A", "B"]
    assert halves(desk) == (RED, BLUE)


def test_buttons_answer_and_leave_the_canvas_its_keys(blind_desk):
    desk = blind_desk
    for name in ("blind_pick_1", "blind_pick_2", "blind_pick_0", "blind_pick_0", "blind_pick_0"):
        desk.click(name)
    assert desk.canvas.hasFocus()
    assert desk.state.blind.picked == ("b", "a", "", "", "")
    desk.click("blind_again")
    assert desk.state.blind.picked == ()
    desk.click("blind_end")
    assert desk.state.blind is None
    assert not desk.find("blind_bar").isVisible()


def test_keys_answer_in_the_bar_too(blind_desk):
    desk = blind_desk
    desk.find("blind_pick_1", QPushButton).setFocus(Qt.FocusReason.TabFocusReason)
    desk.key(Key.Key_2)
    assert desk.state.blind.picked == ("a",)


@pytest.mark.parametrize("answers", [0, 3, 5])
def test_escape_ends_it_and_everything_is_as_it_was(split_desk, answers):
    desk = split_desk
    desk.controller.choose_view("difference")
    before, divider = desk.state, desk.canvas.divider_fraction
    zoom = desk.canvas.transform
    desk.action("blind_test").trigger()
    assert desk.button("view_sides").isChecked()
    for _ in range(answers):
        desk.key(Key.Key_1)
    desk.key(Key.Key_Y, ALT)
    desk.key(Key.Key_Escape)
    assert (desk.state.view, desk.state.photos) == (before.view, before.photos)
    assert desk.state.blind is None
    assert desk.canvas.divider_fraction == divider
    assert desk.canvas.transform == zoom
    assert desk.button("view_difference").isChecked()


@pytest.mark.parametrize(
    "key",
    [(Key.Key_X, Qt.KeyboardModifier.NoModifier), (Key.Key_M, Qt.KeyboardModifier.NoModifier),
     (Key.Key_Comma, Qt.KeyboardModifier.NoModifier), (Key.Key_Comma, SHIFT), (Key.Key_S, Qt.KeyboardModifier.NoModifier),
     (Key.Key_D, Qt.KeyboardModifier.NoModifier), (Key.Key_U, Qt.KeyboardModifier.NoModifier)],
)  # fmt: skip
def test_what_would_tell_them_apart_does_nothing_and_says_why(blind_desk, key):
    desk = blind_desk
    before = desk.state
    desk.key(*key)
    assert desk.state.photos == before.photos
    assert desk.state.seen_view == before.seen_view
    assert "blind test" in desk.state.status


def test_a_click_on_a_row_moves_nothing_either(blind_desk):
    desk = blind_desk
    view = desk.inside.variants.list
    desk.click(view.viewport(), view.visualRect(view.model().index(0)).center())
    assert halves(desk) == (BLUE, RED)
    assert desk.photo.side_b == desk.photo.variants[1].id


def test_the_two_can_be_shown_with_a_divider_beside_each_other_and_turned(blind_desk):
    desk = blind_desk
    assert desk.canvas.divider.isVisible()
    desk.key(Key.Key_Y)
    assert not desk.canvas.divider.isVisible()
    assert halves(desk) == (BLUE, RED)
    desk.key(Key.Key_Y, SHIFT)
    desk.key(Key.Key_Y, ALT)
    assert desk.canvas.stage.is_turned
    assert desk.find("blind_second", QLabel).y() > desk.canvas.height() / 2


def test_before_in_place_shows_the_first_picture_under_its_number(blind_desk):
    desk = blind_desk
    desk.key(Key.Key_P)
    assert halves(desk) == (BLUE, BLUE)
    assert desk.find("blind_first", QLabel).isVisible()
    assert not desk.find("blind_second", QLabel).isVisible()


def test_a_result_that_comes_meanwhile_does_not_disturb(blind_desk):
    desk = blind_desk
    desk.add_result(GREEN)
    assert halves(desk) == (BLUE, RED)
    desk.key(Key.Key_Escape)
    assert halves(desk) == (RED, GREEN)


def test_it_can_be_begun_only_with_two_sides(photo_desk):
    assert not photo_desk.action("blind_test").isEnabled()
    photo_desk.add_result()
    assert photo_desk.action("blind_test").isEnabled()


def test_the_real_source_throws_both_ways(split_desk):
    thrown = set()
    for _ in range(40):
        split_desk.controller.begin_blind()
        thrown |= set(split_desk.state.blind.shuffles)
        split_desk.controller.end_blind()
    assert thrown == {True, False}
