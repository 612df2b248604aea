"""Undo and redo of settings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core.history import DEPTH, History, Wanted, edited, redone, sealed, undone
from sharpen_desktop.core.settings import Settings


def strength(value):
    return Wanted(Settings((("strength", value),)))


settings = st.integers(0, 9).map(strength)
edits = st.sampled_from(["", "strength", "mode"])
histories = st.builds(
    History, settings, st.lists(settings, max_size=5).map(tuple), st.lists(settings, max_size=5).map(tuple)
)


@given(histories, settings)
def test_undo_after_an_edit_is_the_identity(history, wanted):
    after = edited(history, wanted, "")
    if wanted == history.present:
        assert after == history
    else:
        assert after.present == wanted
        assert undone(after).present == history.present
        assert undone(after).past == history.past


@given(histories)
def test_redo_after_undo_is_the_identity(history):
    if history.past:
        assert redone(undone(history)) == history
    else:
        assert undone(history) == history


@given(histories)
def test_undo_after_redo_is_the_identity(history):
    if history.future:
        assert undone(redone(history)) == history
    else:
        assert redone(history) == history


@given(histories, settings, edits)
def test_an_edit_forgets_what_could_be_redone(history, wanted, edit):
    after = edited(history, wanted, edit)
    assert after.future == (() if wanted != history.present else history.future)


@given(st.lists(st.tuples(settings, edits)))
def test_undoing_everything_leads_back_to_the_start_and_redoing_everything_to_the_end(steps):
    history = History(strength(0))
    for wanted, edit in steps:
        history = edited(history, wanted, edit)
    end, count = history.present, len(history.past)
    for _ in range(count):
        history = undone(history)
    assert history.present == strength(0)
    for _ in range(count):
        history = redone(history)
    assert history.present == end


def test_a_growing_edit_of_one_field_is_one_step():
    history = History(strength(0))
    for value in (1, 2, 3):
        history = edited(history, strength(value), "strength")
    assert undone(history).present == strength(0)
    assert redone(undone(history)).present == strength(3)


def test_an_edit_after_sealing_is_a_step_of_its_own():
    history = edited(History(strength(0)), strength(1), "strength")
    history = edited(sealed(history), strength(2), "strength")
    assert undone(history).present == strength(1)


def test_an_edit_of_another_field_is_a_step_of_its_own():
    history = edited(History(strength(0)), strength(1), "strength")
    history = edited(history, strength(2), "mode")
    assert undone(history).present == strength(1)


def test_edits_without_a_name_never_grow():
    history = edited(edited(History(strength(0)), strength(1), ""), strength(2), "")
    assert undone(history).present == strength(1)


@pytest.mark.parametrize("move", [undone, redone])
def test_an_edit_after_undo_or_redo_is_a_step_of_its_own(move):
    history = edited(History(strength(0)), strength(1), "strength")
    history = edited(sealed(history), strength(2), "strength")
    history = move(undone(history))
    after = edited(history, strength(9), "strength")
    assert undone(after).present == history.present


def test_a_drag_that_ends_where_it_began_leaves_no_step():
    history = edited(History(strength(0)), strength(1), "strength")
    history = sealed(edited(history, strength(0), "strength"))
    assert history.past == ()


def test_the_oldest_steps_are_forgotten():
    history = History(strength(-1))
    for value in range(DEPTH + 50):
        history = edited(history, strength(value), "")
    assert len(history.past) == DEPTH
    assert history.past[-1] == strength(DEPTH + 48)
