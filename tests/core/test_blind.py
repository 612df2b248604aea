"""The blind test: what is seen in each round, what it ends in, and what the choices say."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core import blind_testing as blind
from sharpen_desktop.core.blind import ROUNDS, BlindTest, by_guessing, verdict
from sharpen_desktop.core.editing import prefs_changed, setting_edited
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.photos import photo_chosen
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.sides import side_chosen
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.variants import variant_added, variant_removed

SEEN = Display(600, 400, ())
PLAIN = (False,) * ROUNDS
ANSWERS = st.sampled_from(("first", "second", "none"))


def state_with(*results, **more):
    made = (Variant(each, "local", f"Title {each}", display=SEEN) for each in results)
    photo = Photo("p", "p.jpg", variants=(Variant("o", display=SEEN), *made), side_a="o", side_b=results[-1])
    return AppState(begun(Settings()), (photo, Photo("q", "q.jpg")), "p", **more)


def answered(state, *answers):
    for each in answers:
        state = blind.blind_answered(state, each)
    return state


shuffles = st.tuples(*[st.booleans()] * ROUNDS)


@given(shuffles, st.lists(ANSWERS, min_size=ROUNDS, max_size=ROUNDS))
def test_what_was_picked_is_the_side_that_was_seen_there(order, answers):
    test, picked = BlindTest("p", "o", "r", "Original", "Local", order), []
    for answer in answers:
        first, second = test.sides
        assert {first, second} == {"o", "r"}
        picked.append({"first": first, "second": second, "none": ""}[answer])
        test = test.answered(answer)
    assert test.is_over
    assert [{"a": "o", "b": "r", "": ""}[each] for each in test.picked] == picked
    assert test.answered("first") is test


@given(shuffles, st.lists(ANSWERS, max_size=ROUNDS), st.sampled_from(("single", "split", "difference", "up")))
def test_ended_at_any_moment_everything_is_as_it_was(order, answers, view):
    before = state_with("r1", "r2", view=view, is_turned=True)
    state = answered(blind.blind_begun(before, order), *answers)
    assert blind.blind_ended(state) == before


def test_while_it_goes_on_the_two_are_seen_beside_each_other_or_split_and_nothing_else():
    state = blind.blind_begun(state_with("r", view="difference"), PLAIN)
    assert state.is_blind
    assert state.seen_view == "side_by_side"
    assert blind.blind_viewed(state, "split").seen_view == "split"
    assert blind.blind_viewed(state, "single") is state
    assert blind.blind_turned(state).is_seen_turned
    assert not blind.blind_turned(state).is_turned
    over = answered(state, *["first"] * ROUNDS)
    assert not over.is_blind
    assert over.seen_view == "difference"
    assert over.blind_here is not None


def test_without_two_sides_and_during_another_test_none_begins():
    alone = side_chosen(state_with("r"), "a", "r")
    assert blind.blind_begun(alone, PLAIN) is alone
    state = answered(blind.blind_begun(state_with("r"), PLAIN), "first")
    assert blind.blind_begun(state, PLAIN) is state


def test_it_waits_while_another_photo_is_shown_and_ends_with_one_of_its_pictures():
    state = blind.blind_begun(state_with("r"), PLAIN)
    away = photo_chosen(state, "q")
    assert not away.is_blind
    assert blind.blind_answered(away, "first") is away
    assert photo_chosen(away, "p").is_blind
    assert not variant_removed(state, "p", "r").is_blind


def test_a_result_that_comes_meanwhile_changes_nothing_that_is_seen():
    state = blind.blind_begun(state_with("r"), PLAIN)
    after = variant_added(state, "p", Variant("new", "local", display=SEEN), takes_side=True)
    assert after.blind_here.sides == ("o", "r")
    assert blind.blind_ended(after).current.side_b == "new"


def test_no_preview_covers_what_is_tested():
    state = state_with("r")
    state = prefs_changed(state, replace(state.prefs, is_preview_on=True))
    state = blind.blind_begun(side_chosen(state, "b", "r"), PLAIN)
    changed = setting_edited(state, Settings((("strength", 0.9),)), "")
    assert not changed.is_preview_wanted
    assert blind.blind_ended(changed).is_preview_wanted


@pytest.mark.parametrize("choices", range(1, 8))
def test_guessing_is_counted_right(choices):
    """Against every way the choices can fall."""
    outcomes = [max(sum(each), choices - sum(each)) for each in product((0, 1), repeat=choices)]
    for agreeing in range(choices // 2, choices + 1):
        counted = Fraction(sum(each >= agreeing for each in outcomes), len(outcomes))
        assert by_guessing(choices, agreeing) == counted


def told(picked):
    sides = tuple(each.strip("-") for each in picked)
    return verdict(BlindTest("p", "o", "r", "Original", "Local · Standard", PLAIN, sides))


BEFORE, AFTER = "Before (Original)", "After (Local · Standard)"
CHANCE = "Pure guessing picks the same one {} times in {} tests: that {} chance."
VERDICTS = {
    "bbbab": f"{AFTER} 4 of 5 times; {BEFORE} once. "
    + CHANCE.format("4 or more of 5", "3 of 8", "may well be"),
    "bbbbb": f"{AFTER} 5 of 5 times. " + CHANCE.format("all of 5", "1 of 16", "is unlikely to be"),
    "aabab": f"{BEFORE} 3 of 5 times; {AFTER} 2 times. One of the two always gets 3 or more of 5, so this says nothing.",
    "aaa--": f"{BEFORE} 3 of 5 times; saw no difference 2 times. "
    + CHANCE.format("all of 3", "1 of 4", "may well be"),
    "-b---": f"{AFTER} 1 of 5 times; saw no difference 4 times. One choice says nothing.",
}


@pytest.mark.parametrize("picked", VERDICTS)
def test_the_verdict_says_what_was_chosen_and_what_that_is_worth(picked):
    assert told(picked) == f"You chose {VERDICTS[picked]}"


def test_the_verdict_says_when_no_difference_was_seen():
    assert told("-----") == f"You saw no difference between {BEFORE} and {AFTER} in any of the 5 rounds."
