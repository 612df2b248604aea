"""The one state and its transitions."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core.account import key_placed, key_refused
from sharpen_desktop.core.editing import (
    edit_sealed,
    engine_chosen,
    setting_edited,
    settings_redone,
    settings_undone,
)
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.notice import Notice
from sharpen_desktop.core.notices import notice_dismissed, noticed
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.photos import (
    neighbour,
    photo_chosen,
    photo_removed,
    photos_listed,
    picture_read,
    reading_started,
)
from sharpen_desktop.core.picture import Display, Level, Master, OpenedPicture, PhotoFacts
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.running import result_arrived, run_dismissed, run_ended, run_progressed, runs_added
from sharpen_desktop.core.runs import Run
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.sides import PREVIEW, side_chosen
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.study import Area, Preview
from sharpen_desktop.core.variants import variant_saved
from sharpen_desktop.core.viewing import before_shown, view_chosen, view_turned

PLAIN = Settings((("mode", "Standard"),))
FACTS = PhotoFacts("JPEG", 60, 40, 8, "sRGB")
MASTER = Master("/cache/a", 60, 40, 8, is_grey=False, pixels="/cache/a/pixels.npy")
WHOLE = OpenedPicture(FACTS, Display(60, 40, (Level("/cache/a/0", 60, 40, 240),)), MASTER)
LOOK = OpenedPicture(FACTS, Display(60, 40, (Level("/cache/a/look", 15, 10, 60),)))


def photo(name, *results):
    original = Variant(f"{name}-original", master=MASTER)
    side_b = results[-1] if results else ""
    variants = (original, *(Variant(each, "local", master=MASTER) for each in results))
    return Photo(
        name, f"{name}.jpg", f"/photos/{name}.jpg", False, Loading.READY, "", variants, original.id, side_b
    )


def state(*photos, **more):
    current = photos[0].id if photos else ""
    return AppState(begun(PLAIN), photos, **{"current_id": current, **more})


def run(name="r", photo_id="a", **more):
    return Run(name, photo_id, "local", "Local · Standard", PLAIN, **more)


# Photos


def test_listing_photos_shows_the_first_of_the_new_ones():
    listed = photos_listed(state(photo("a"), is_before_shown=True), (photo("b"), photo("c")))
    assert [each.id for each in listed.photos] == ["a", "b", "c"]
    assert listed.current_id == "b"
    assert not listed.is_before_shown


def test_listing_nothing_changes_nothing():
    before = state(photo("a"))
    assert photos_listed(before, ()) == before


def test_choosing_a_photo_shows_it_and_its_after_side():
    chosen = photo_chosen(state(photo("a"), photo("b"), is_before_shown=True), "b")
    assert chosen.current is not None
    assert chosen.current.id == "b"
    assert not chosen.is_before_shown


def test_choosing_a_photo_that_is_gone_changes_nothing():
    before = state(photo("a"))
    assert photo_chosen(before, "gone") == before


@pytest.mark.parametrize(("removed", "shown"), [("a", "b"), ("b", "c"), ("c", "b")])
def test_removing_the_shown_photo_shows_its_neighbour(removed, shown):
    before = state(photo("a"), photo("b"), photo("c"), current_id=removed)
    assert photo_removed(before, removed).current_id == shown


def test_removing_another_photo_keeps_the_shown_one():
    after = photo_removed(state(photo("a"), photo("b")), "b")
    assert after.current_id == "a"
    assert [each.id for each in after.photos] == ["a"]


def test_removing_the_last_photo_leaves_nothing_shown():
    after = photo_removed(state(photo("a")), "a")
    assert after.current is None
    assert after.current_id == ""


def test_removing_a_photo_removes_its_runs_only():
    before = state(photo("a"), photo("b"), runs=(run("1", "a", problem="no"), run("2", "b", problem="no")))
    assert [each.id for each in photo_removed(before, "a").runs] == ["2"]


def test_removing_a_photo_that_is_gone_changes_nothing():
    before = state(photo("a"), runs=(run("1", "gone"),))
    assert photo_removed(before, "gone") == before


@pytest.mark.parametrize(
    ("current", "step", "target"),
    [
        ("a", 1, "b"),
        ("b", 1, "c"),
        ("c", 1, ""),
        ("a", -1, ""),
        ("c", -1, "b"),
        ("a", 2, "c"),
        ("gone", 1, ""),
    ],
)
def test_the_neighbour_of_a_photo_and_none_at_the_ends(current, step, target):
    before = state(photo("a"), photo("b"), photo("c"), current_id=current)
    assert neighbour(before, step) == target


@given(st.lists(st.tuples(st.sampled_from(["list", "choose", "remove"]), st.integers(0, 5))))
def test_however_photos_come_and_go_one_of_them_is_shown_while_there_are_any(steps):
    now = state()
    for step, number in steps:
        name = f"p{number}"
        if step == "list" and now.photo(name) is None:
            now = photos_listed(now, (photo(name),))
        elif step == "choose":
            now = photo_chosen(now, name)
        elif step == "remove":
            now = photo_removed(now, name)
        assert (now.current is not None) is bool(now.photos)


# Reading


def test_a_first_look_is_shown_while_the_photo_is_still_being_read():
    listed = photos_listed(state(), (Photo("a", "a.jpg"),))
    after = picture_read(reading_started(listed, "a"), "a", LOOK).photo("a")
    assert after.loading is Loading.READING
    assert after.original.display == LOOK.display
    assert after.before is after.original
    assert after.after is None


def test_the_whole_picture_makes_the_photo_ready():
    listed = photos_listed(state(), (Photo("a", "a.jpg"),))
    after = picture_read(picture_read(listed, "a", LOOK), "a", WHOLE).photo("a")
    assert after.loading is Loading.READY
    assert after.original.master == MASTER
    assert len(after.variants) == 1
    assert after.shown is after.original


def test_a_first_look_that_comes_after_the_whole_picture_changes_nothing():
    whole = picture_read(photos_listed(state(), (Photo("a", "a.jpg"),)), "a", WHOLE)
    assert picture_read(whole, "a", LOOK) == whole


def test_reading_again_keeps_the_results_and_the_sides():
    before = state(photo("a", "x"))
    after = picture_read(before, "a", WHOLE).photo("a")
    assert [each.id for each in after.variants] == ["a-original", "x"]
    assert (after.side_a, after.side_b) == ("a-original", "x")


def test_reading_again_forgets_the_old_problem():
    before = state(replace(photo("a"), loading=Loading.FAILED, problem="no"))
    after = reading_started(before, "a").photo("a")
    assert (after.loading, after.problem) == (Loading.READING, "")


@pytest.mark.parametrize(
    "answer",
    [
        lambda before: picture_read(before, "gone", WHOLE),
        lambda before: reading_started(before, "gone"),
        lambda before: variant_saved(before, "gone", "x", "/photos/x.jpg"),
        lambda before: variant_saved(before, "a", "gone", "/photos/x.jpg"),
        lambda before: result_arrived(before, run("old", "gone"), Variant("old", "local")),
        lambda before: run_progressed(before, "gone", Progress(Phase.FINISHING)),
        lambda before: run_ended(before, "gone", "It broke."),
        lambda before: run_ended(before, "gone"),
        lambda before: run_dismissed(before, "gone"),
        lambda before: side_chosen(before, "b", "gone"),
        lambda before: side_chosen(before, "a", "gone"),
        lambda before: notice_dismissed(before, "gone"),
    ],
)
def test_an_answer_for_what_is_gone_changes_nothing(answer):
    before = state(photo("a", "x"), photo("b"), runs=(run(),))
    assert answer(before) == before


def test_the_result_of_a_run_that_is_gone_changes_nothing():
    before = state(photo("a"))
    assert result_arrived(before, run("stopped"), Variant("stopped", "local")) == before


# Runs and results


def test_the_run_that_has_not_ended_is_the_one_going_on():
    before = state(photo("a"), runs=(run("1", problem="It broke."), run("2")))
    assert before.going.id == "2"
    assert run_ended(before, "2", "It broke too.").going is None


def test_a_new_run_takes_the_failed_ones_of_its_photo_off_the_list():
    before = state(photo("a"), photo("b"), runs=(run("1", problem="no"), run("2", "b", problem="no")))
    assert [each.id for each in runs_added(before, (run("3"),)).runs] == ["2", "3"]


def test_progress_is_noted_with_its_run_only():
    half = Progress(Phase.SHARPENING, 0.5)
    after = run_progressed(state(photo("a"), runs=(run("1"), run("2", "b"))), "2", half)
    assert [each.progress for each in after.runs] == [None, half]


def test_a_run_that_ends_badly_stays_with_its_problem_and_one_that_ends_well_leaves():
    before = state(photo("a"), runs=(run(),))
    assert run_ended(before, "r", "It broke.").runs[0].problem == "It broke."
    assert run_ended(before, "r").runs == ()


def test_only_a_run_that_has_ended_can_be_dismissed():
    before = state(photo("a"), runs=(run("1", problem="no"), run("2")))
    assert [each.id for each in run_dismissed(before, "1").runs] == ["2"]
    assert run_dismissed(before, "2") == before


def arrived(before, name="new", photo_id="a"):
    going = run(name, photo_id)
    return result_arrived(runs_added(before, (going,)), going, Variant(name, "local", master=MASTER))


def test_the_first_result_opens_the_split_view_and_stands_on_side_b():
    after = arrived(state(photo("a"), is_before_shown=True))
    assert after.view == "split"
    assert not after.is_before_shown
    assert after.runs == ()
    assert (after.current.side_a, after.current.side_b) == ("a-original", "new")
    assert after.can_compare


@pytest.mark.parametrize("view", ["single", "split"])
def test_a_later_result_replaces_side_b_and_leaves_the_view(view):
    after = arrived(state(photo("a", "x"), view=view, is_before_shown=True))
    assert after.current.side_b == "new"
    assert after.view == view
    assert after.is_before_shown


def test_a_result_does_not_replace_what_the_user_has_chosen_for_side_b():
    chosen = side_chosen(state(photo("a", "x", "y")), "b", "x")
    after = arrived(chosen)
    assert after.current.side_b == "x"
    assert [each.id for each in after.current.results] == ["x", "y", "new"]


def test_choosing_the_newest_for_side_b_follows_newer_ones_again():
    chosen = side_chosen(side_chosen(state(photo("a", "x", "y")), "b", "x"), "b", "y")
    assert arrived(chosen).current.side_b == "new"


def test_a_result_for_another_photo_leaves_the_view_and_the_shown_photo():
    before = state(photo("a"), photo("b"))
    after = arrived(before, photo_id="b")
    assert after.current_id == "a"
    assert after.view == "single"
    assert after.photo("b").side_b == "new"


def test_the_result_for_a_removed_photo_ends_its_run():
    going = run("r", "gone")
    before = replace(state(photo("a")), runs=(going,))
    after = result_arrived(before, going, Variant("r", "local"))
    assert after.runs == ()
    assert after.photos == before.photos


# Comparing


def test_any_variant_can_be_the_before_side():
    after = side_chosen(state(photo("a", "x", "y")), "a", "x").current
    assert (after.before.id, after.after.id) == ("x", "y")


def test_what_save_writes_is_side_b_and_the_original_while_there_is_no_result():
    assert photo("a").shown.id == "a-original"
    assert photo("a", "x", "y").shown.id == "y"
    assert Photo("a", "a.jpg").shown is None


def test_there_is_nothing_to_compare_without_a_result():
    assert not state().can_compare
    assert not state(photo("a")).can_compare
    assert state(photo("a", "x")).can_compare


def test_there_is_nothing_to_compare_when_both_sides_are_the_same_variant():
    assert not side_chosen(state(photo("a", "x")), "a", "x").can_compare


def test_the_before_picture_is_shown_only_where_there_is_one_to_compare_with():
    assert not before_shown(state(photo("a")), is_shown=True).is_before_shown
    shown = before_shown(state(photo("a", "x")), is_shown=True)
    assert shown.is_before_shown
    assert not before_shown(shown, is_shown=False).is_before_shown


def test_choosing_a_view_goes_back_to_the_after_picture():
    after = view_chosen(state(photo("a", "x"), is_before_shown=True), "split")
    assert (after.view, after.is_before_shown) == ("split", False)


def test_turning_the_divider_twice_is_not_turning_it():
    before = state()
    assert view_turned(before).is_turned
    assert view_turned(view_turned(before)) == before


# Saving


def test_a_result_is_unsaved_until_a_file_of_the_user_holds_it():
    before = state(photo("a", "x", "y"), photo("b", "z"))
    assert [each.id for each in before.unsaved] == ["x", "y", "z"]
    after = variant_saved(before, "a", "x", "/photos/x.jpg")
    assert [each.id for each in after.unsaved] == ["y", "z"]
    assert after.photo("a").variant("x").saved_to == "/photos/x.jpg"


def test_the_original_is_never_unsaved():
    assert state(photo("a")).unsaved == ()


# Engine and key


@pytest.mark.parametrize(
    ("engine", "has_key", "is_wanted"),
    [("cloud", False, True), ("cloud", True, False), ("local", False, False), ("local", True, False)],
)
def test_only_the_cloud_without_a_key_asks_for_one(engine, has_key, is_wanted):
    before = state(has_key=has_key)
    assert engine_chosen(before, engine).is_key_wanted is is_wanted
    place = KeyPlace.KEYRING if has_key else KeyPlace.NONE
    assert key_placed(replace(before, engine=engine), place).is_key_wanted is is_wanted


@pytest.mark.parametrize("engine", ["local", "cloud"])
def test_a_refused_key_is_forgotten_and_asked_for_whatever_engine_is_chosen(engine):
    after = key_refused(state(engine=engine, has_key=True))
    assert (after.has_key, after.is_key_wanted) == (False, True)


# Notices


def test_a_notice_that_says_the_same_is_replaced():
    one, other = Notice("1", "error", "It broke."), Notice("2", "error", "It broke.")
    assert noticed(noticed(state(), one), other).notices == (other,)


def test_a_notice_that_says_something_else_is_added():
    shown = noticed(noticed(state(), Notice("1", "error", "One.")), Notice("2", "note", "One."))
    assert [each.id for each in shown.notices] == ["1", "2"]


def test_a_dismissed_notice_is_gone():
    shown = noticed(noticed(state(), Notice("1", "error", "One.")), Notice("2", "note", "Two."))
    assert [each.id for each in notice_dismissed(shown, "1").notices] == ["2"]


def test_only_the_newest_notes_are_kept():
    shown = state()
    for number in range(9):
        shown = noticed(shown, Notice(str(number), "note", f"Note {number}."))
    assert [each.id for each in shown.notices] == ["4", "5", "6", "7", "8"]


def test_notes_never_push_an_error_out():
    shown = noticed(state(), Notice("e", "error", "It broke. It may have been billed."))
    for number in range(6):
        shown = noticed(shown, Notice(str(number), "note", f"Note {number}."))
    assert "e" in [each.id for each in shown.notices]


# Settings


def test_settings_are_edited_undone_and_redone_in_the_state():
    strong = PLAIN.replaced("mode", "Strong")
    edited = setting_edited(state(), strong, "mode")
    assert edited.settings == strong
    assert settings_undone(edited).settings == PLAIN
    assert settings_redone(settings_undone(edited)).settings == strong


def test_a_sealed_edit_does_not_grow():
    grown = setting_edited(state(), PLAIN.replaced("strength", 0.1), "strength")
    sealed = setting_edited(edit_sealed(grown), PLAIN.replaced("strength", 0.2), "strength")
    assert settings_undone(sealed).settings.get("strength") == 0.1


def test_editing_settings_leaves_those_a_variant_was_made_with():
    made = replace(photo("a"), variants=(Variant("o"), Variant("x", "local", made_with=PLAIN)))
    after = setting_edited(state(made), PLAIN.replaced("mode", "Strong"), "mode")
    assert after.photos == (made,)


# Previews


def previewing(*photos, settings=PLAIN, **more):
    preview = Preview("a", settings, (), Area(0, 0, 60, 40), WHOLE.display)
    return replace(state(*photos), **{"preview": preview, "prefs": Prefs(is_preview_on=True), **more})


def result(name, **more):
    return Variant(name, "local", master=MASTER, **more)


def test_a_preview_makes_a_photo_without_results_one_that_can_be_compared():
    shown = previewing(photo("a"))
    assert shown.shown_preview is shown.preview
    assert shown.can_compare
    assert before_shown(shown, is_shown=True).shows_before


@pytest.mark.parametrize(
    "more",
    [{"engine": "cloud"}, {"prefs": Prefs(is_preview_on=False)}, {"current_id": "b"}, {"preview": None}],
)
def test_no_preview_is_shown_of_another_photo_for_the_cloud_or_when_they_are_off(more):
    shown = previewing(photo("a"), photo("b"), is_before_shown=True, **more)
    assert shown.shown_preview is None
    assert not shown.can_compare
    assert not shown.shows_before


def test_a_preview_is_nothing_that_can_be_saved():
    shown = previewing(photo("a"))
    assert shown.current.shown.is_original
    assert shown.unsaved == ()


def test_choosing_a_result_for_side_b_uncovers_it_until_something_else_is_wanted():
    shown = previewing(photo("a", "one", "two"))
    assert shown.shown_preview is not None
    uncovered = side_chosen(shown, "b", "two")
    assert uncovered.shown_preview is None
    assert uncovered.can_swap
    other = setting_edited(uncovered, PLAIN.replaced("strength", 0.5), "strength")
    assert other.shown_preview is not None
    assert not other.can_swap


def test_side_b_can_be_given_back_to_previews():
    uncovered = side_chosen(previewing(photo("a", "one")), "b", "one")
    assert side_chosen(uncovered, "b", PREVIEW).shown_preview is not None
    assert side_chosen(uncovered, "a", PREVIEW) == uncovered


def test_choosing_side_a_leaves_the_preview():
    shown = previewing(photo("a", "one"))
    assert side_chosen(shown, "a", "one").shown_preview is not None


def test_a_result_of_exactly_what_is_wanted_needs_no_preview():
    made = result("one", made_with=PLAIN)
    own = photo("a")
    own = replace(own, variants=(*own.variants, made), side_b="one")
    assert not previewing(own).is_preview_wanted
    mended = replace(own, variants=(own.variants[0], replace(made, is_mended=True)))
    assert previewing(mended).is_preview_wanted
    assert previewing(own, history=begun(PLAIN.replaced("strength", 0.5))).is_preview_wanted


def test_a_result_takes_the_place_of_the_preview_in_one_step():
    shown = runs_added(previewing(photo("a")), (run(),))
    after = result_arrived(shown, run(), result("r", made_with=PLAIN))
    assert after.shown_preview is None
    assert after.current.after.id == "r"


def test_a_result_of_earlier_settings_is_shown_until_the_settings_change_again():
    shown = runs_added(previewing(photo("a"), history=begun(PLAIN.replaced("strength", 0.5))), (run(),))
    after = result_arrived(shown, run(), result("r", made_with=PLAIN))
    assert after.shown_preview is None
    assert setting_edited(after, PLAIN.replaced("strength", 0.6), "strength").is_preview_wanted


def test_who_follows_previews_gets_the_result_although_another_was_chosen_before():
    shown = side_chosen(previewing(photo("a", "one", "two")), "b", "one")
    assert shown.current.is_b_chosen
    edited = setting_edited(shown, PLAIN.replaced("strength", 0.5), "strength")
    started = runs_added(edited, (run(),))
    assert result_arrived(started, run(), result("r")).current.side_b == "r"
    kept = runs_added(shown, (run(),))
    assert result_arrived(kept, run(), result("r")).current.side_b == "one"
