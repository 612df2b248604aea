"""The comparer's two sides."""

import pytest

from sharpen_desktop.core import sides
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.state import AppState

SEEN = Display(600, 400, ())


def state_with(*results, a="o", b="r1"):
    variants = (Variant("o", display=SEEN), *(Variant(each, "local", display=SEEN) for each in results))
    return AppState(begun(Settings()), (Photo("p", "p.jpg", variants=variants, side_a=a, side_b=b),), "p")


def shown(state):
    return state.current.side_a, state.current.side_b


def test_swapping_twice_changes_nothing_but_that_the_user_has_chosen():
    state = state_with("r1")
    once = sides.sides_swapped(state)
    assert shown(once) == ("r1", "o")
    assert shown(sides.sides_swapped(once)) == shown(state)
    assert once.current.is_b_chosen


def test_without_two_sides_there_is_nothing_to_swap():
    state = state_with(b="")
    assert sides.sides_swapped(state) is state


@pytest.mark.parametrize(
    ("side", "step", "after"),
    [("b", 1, ("o", "r2")), ("b", -1, ("o", "o")), ("a", 1, ("r1", "r1")), ("a", -1, ("o", "r1"))],
)
def test_stepping_shows_the_neighbour_and_stops_at_the_ends(side, step, after):
    state = sides.variant_stepped(state_with("r1", "r2"), side, step)
    assert shown(state) == after


def test_stepping_leaves_out_variants_that_have_no_picture():
    state = state_with("r1")
    bare = Variant("r2", "local")
    photo = state.current
    state = AppState(
        state.history, (Photo("p", "p.jpg", variants=(*photo.variants, bare), side_a="o", side_b="r1"),), "p"
    )
    assert shown(sides.variant_stepped(state, "b", 1)) == ("o", "r1")


def test_the_shown_one_becomes_the_one_before_and_the_original_again():
    state = sides.shown_made_before(state_with("r1", "r2", b="r2"))
    assert shown(state) == ("r2", "r2")
    assert shown(sides.shown_made_before(state)) == ("o", "r2")
