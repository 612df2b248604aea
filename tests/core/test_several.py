"""Three and four variants at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core import several
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.panes import SIDES
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.sides import side_chosen, variant_stepped
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.variants import variant_added, variant_removed

SEEN = Display(600, 400, ())


def made(name):
    return Variant(name, "local", display=SEEN)


def state_with(*results, a="o", b=None, **more):
    variants = (Variant("o", display=SEEN), *map(made, results))
    photo = Photo("p", "p.jpg", variants=variants, side_a=a, side_b=results[-1] if b is None else b)
    return AppState(begun(Settings()), (photo,), "p", **more)


def shown(state):
    return [each.id if each else "" for each in (several.variant_on(state.current, side) for side in SIDES)]


def test_the_panes_beyond_after_take_the_newest_that_are_not_shown_yet():
    assert shown(state_with("r1", "r2", "r3", "r4")) == ["o", "r4", "r3", "r2"]
    assert shown(state_with("r1")) == ["o", "r1", "", ""]
    assert shown(state_with("r1", "r2", a="r2", b="r1")) == ["r2", "r1", "o", ""]


def test_what_is_in_the_panes_stays_there_when_another_is_put_after():
    state = several.up_shown(state_with("r1", "r2", "r3"), 4)
    assert shown(state) == ["o", "r3", "r2", "r1"]
    state = side_chosen(state, "b", "r1")
    assert shown(state) == ["o", "r1", "r2", "r1"]


def test_a_new_result_takes_the_pane_that_is_free():
    state = several.up_shown(state_with("r1"), 3)
    state = variant_added(state, "p", made("r2"), takes_side=True)
    assert shown(state)[:3] == ["o", "r2", "r1"]


def test_as_many_are_shown_as_there_are_and_then_the_other_number():
    assert several.up_wanted(state_with("r1")).up_count == 3
    state = several.up_wanted(state_with("r1", "r2", "r3", "r4"))
    assert (state.view, state.up_count) == ("up", 4)
    assert several.up_wanted(state).up_count == 3
    assert several.sides_seen(several.up_wanted(state)) == ("a", "b", "c")


def test_without_two_sides_there_is_nothing_to_show_at_once():
    state = state_with("r1", b="o")
    assert several.up_wanted(state) is state


def test_a_variant_that_goes_leaves_its_pane_to_another():
    state = several.up_shown(state_with("r1", "r2", "r3"), 3)
    assert shown(state)[2] == "r2"
    assert shown(variant_removed(state, "p", "r2"))[2] == "r1"


@pytest.mark.parametrize("side", ["c", "d"])
def test_a_pane_is_stepped_through_the_variants_as_a_side_is(side):
    state = several.up_shown(state_with("r1", "r2", "r3"), 4)
    before = shown(state)
    after = shown(variant_stepped(state, side, -1))
    place = SIDES.index(side)
    assert after[place] == {"r2": "r1", "r1": "o"}[before[place]]
    assert [*after[:place], *after[place + 1 :]] == [*before[:place], *before[place + 1 :]]


ids = st.sampled_from(("", "o", "r1", "r2", "r3", "gone"))


@given(st.integers(0, 3), ids, ids, ids, ids)
def test_no_pane_is_empty_while_a_variant_is_in_none_and_none_that_was_chosen_is_moved(count, a, b, c, d):
    results = ("r1", "r2", "r3")[:count]
    photo = state_with(*results, a="o", b="").current
    for side, variant in zip(SIDES, (a if photo.variant(a) else "o", b, c, d), strict=True):
        photo = photo.with_side(side, variant)
    seen = {side: several.variant_on(photo, side) for side in SIDES}
    for side in ("c", "d"):
        if photo.variant(photo.side(side)) is not None:
            assert seen[side].id == photo.side(side)
    free = {each.id for each in photo.variants} - {each.id for each in seen.values() if each}
    assert not (free and None in seen.values())
