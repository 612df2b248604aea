"""Names and deleting of variants: both are steps of the history."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core.editing import prefs_changed, setting_edited, settings_redone, settings_undone
from sharpen_desktop.core.history import Wanted, begun
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.photos import photo_removed, photos_listed, pixels_given_back
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.shelf import tidied
from sharpen_desktop.core.sides import side_chosen
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.steps import history_step_chosen, steps
from sharpen_desktop.core.variants import settings_reused, variant_deleted, variant_renamed
from sharpen_desktop.services.schema_file import load_schema

SEEN = Display(6, 4, ())
RESULTS = ("r1", "r2", "r3")


def beginning(side_a="own", side_b="r3"):
    own = Variant("own", display=SEEN)
    made = (Variant(each, "local", f"Title {each}", display=SEEN, made_with=Settings()) for each in RESULTS)
    photo = Photo("p", "a.jpg", "/a.jpg", False, Loading.READY, "", (own, *made), side_a, side_b)
    state = AppState(begun(Settings()), schema=load_schema())
    return photos_listed(state, (photo, Photo("other", "b.jpg")))


def ids(state):
    return [each.id for each in state.photo("p").variants]


def shown(photo):
    return photo.variants, photo.side_a, photo.side_b


deletions = st.tuples(st.just("delete"), st.sampled_from(("own", *RESULTS)))
namings = st.tuples(st.just("rename"), st.sampled_from(RESULTS), st.sampled_from(("", "A", "B")))
sides = st.sampled_from(("own", *RESULTS))


@given(st.lists(st.one_of(deletions, namings), max_size=6), sides, sides)
def test_undoing_everything_brings_every_variant_back_to_its_place_side_and_name(edits, side_a, side_b):
    first = beginning(side_a, side_b)
    seen = [first]
    for edit in edits:
        now = seen[-1]
        is_deletion = edit[0] == "delete"
        now = variant_deleted(now, "p", edit[1]) if is_deletion else variant_renamed(now, *edit[1:])
        seen += [now] if now.history.past != seen[-1].history.past else []
    state = seen[-1]
    assert ids(state)[0] == "own"
    for earlier in reversed(seen[:-1]):
        state = settings_undone(state)
        assert shown(state.current) == shown(earlier.current)
    for later in seen[1:]:
        state = settings_redone(state)
        assert shown(state.current) == shown(later.current)
    assert shown(history_step_chosen(state, 0).current) == shown(first.current)


def test_where_a_deleted_variant_was_shown_stands_the_original_or_the_newest_left():
    state = variant_deleted(beginning("r3", "r3"), "p", "r3")
    assert shown(state.current)[1:] == ("own", "r2")
    for each in ("r2", "r1"):
        state = variant_deleted(state, "p", each)
    assert state.current.side_b == ""
    assert not state.can_compare


def test_the_original_and_what_is_not_there_cannot_be_deleted():
    state = beginning()
    assert variant_deleted(state, "p", "own") is state
    assert variant_deleted(state, "p", "gone") is state
    assert variant_deleted(state, "gone", "r1") is state


def test_the_steps_are_told_in_words():
    state = variant_renamed(beginning(), "r1", "The best")
    state = variant_deleted(state, "p", "r1")
    state = variant_deleted(state, "p", "r2")
    state = variant_renamed(settings_undone(settings_undone(state)), "r1", "")
    assert [step.text for step in steps(state)][1:] == ["Renamed to “The best”", "Title r1: own name again"]
    state = variant_deleted(variant_deleted(settings_undone(state), "p", "r1"), "p", "r2")
    assert [step.text for step in steps(state)][2:] == ["Deleted “The best”", "Deleted “Title r2”"]


def test_closing_the_photo_takes_its_steps_out_of_the_history():
    state = variant_deleted(variant_renamed(beginning(), "r1", "The best"), "p", "r2")
    after = photo_removed(state, "p")
    assert after.history.past == ()
    assert after.history.present == Wanted(Settings())


def test_using_settings_again_leaves_names_and_deleted_ones_alone():
    state = variant_deleted(variant_renamed(beginning(), "r1", "The best"), "p", "r2")
    after = settings_reused(state, "r1")
    assert ids(after) == ["own", "r1", "r3"]
    assert after.current.variant("r1").label == "The best"
    assert ids(settings_undone(after)) == ids(state)


def test_a_name_brings_no_preview_back_over_a_result_that_was_chosen():
    state = beginning()
    state = prefs_changed(state, replace(state.prefs, is_preview_on=True))
    state = side_chosen(setting_edited(state, Settings((("strength", 0.7),)), ""), "b", "r1")
    assert not state.is_preview_wanted
    assert not variant_renamed(state, "r1", "The best").is_preview_wanted


def test_pixels_that_are_given_back_leave_the_original_first_when_a_deleted_one_returns():
    state = beginning()
    for each in RESULTS:
        state = variant_deleted(state, "p", each)
    state = pixels_given_back(state, "p")
    assert all(each.variant.display is None for each in state.current.set_aside)
    assert ids(settings_undone(state)) == ["own", "r3"]


def test_it_is_known_whose_variants_a_step_has_changed():
    before = beginning()
    after = variant_deleted(before, "p", "r1")
    assert tidied(before.history.present, after.history.present) == "p"
    assert tidied(after.history.present, before.history.present) == "p"
    assert tidied(before.history.present, before.history.present) == ""
