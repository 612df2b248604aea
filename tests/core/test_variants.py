"""Names of variants, settings used again, files to compare with."""

from dataclasses import replace

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.brush import Stroke
from sharpen_desktop.core.editing import settings_undone
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.photos import photos_listed
from sharpen_desktop.core.phrases import duration
from sharpen_desktop.core.picture import Display, PhotoFacts
from sharpen_desktop.core.recipe import recipe, value_text
from sharpen_desktop.core.settings import Settings, defaults
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.variants import (
    LONGEST_NAME,
    file_joined,
    put_on_side,
    settings_reused,
    variant_renamed,
)
from sharpen_desktop.core.wording import photo_mark
from sharpen_desktop.services.schema_file import load_schema

SCHEMA = load_schema()
SEEN = Display(6, 4, ())
STROKE = Stroke(((0.5, 0.5),), 0.1, 0.5, adds=True)
MADE_WITH = Settings((("mode", "Strong"), ("strength", 0.62)))
RESULT = Variant(
    "result", "local", "Local · Strong 62 %", display=SEEN, made_with=MADE_WITH, strokes=(STROKE,)
)
FILE = Variant("file", title="other.tif", display=SEEN, file="/elsewhere/other.tif", source="file")


def state_of(*results: Variant) -> AppState:
    own = Variant("own", display=SEEN)
    side_b = results[-1].id if results else ""
    photo = Photo("photo", "a.jpg", "/a.jpg", False, Loading.READY, "", (own, *results), "own", side_b)
    state = AppState(history=undo.begun(defaults(SCHEMA)), schema=SCHEMA)
    return photos_listed(state, (photo,))


def current(state: AppState) -> Photo:
    assert state.current is not None
    return state.current


def variant(state: AppState, variant_id: str) -> Variant:
    found = current(state).variant(variant_id)
    assert found is not None
    return found


# Names


def test_a_name_stands_in_place_of_the_title_and_an_empty_one_gives_it_back():
    state = variant_renamed(state_of(RESULT), "result", "  The   best ")
    assert variant(state, "result").label == "The best"
    assert variant(state, "result").title == RESULT.title
    assert variant(variant_renamed(state, "result", " "), "result").label == RESULT.title
    assert variant(variant_renamed(state, "result", RESULT.title), "result").name == ""
    assert len(variant(variant_renamed(state, "result", "x" * 500), "result").name) == LONGEST_NAME


# Settings used again


def test_settings_and_strokes_come_back_in_one_step_that_can_be_undone():
    before = state_of(RESULT)
    state = settings_reused(before, "result")
    assert state.settings.get("mode") == "Strong"
    assert state.settings.get("strength") == 0.62
    assert state.strokes == (STROKE,)
    assert len(state.history.past) == 1
    assert settings_undone(state).history.present == before.history.present


def test_settings_that_are_no_longer_allowed_are_put_right():
    odd = replace(RESULT, made_with=Settings((("gone", 1.0), ("mode", "Gone"), ("strength", 7.0))))
    state = settings_reused(state_of(odd), "result")
    assert state.settings.get("gone") is None
    assert state.settings.get("mode") == "Standard"
    assert state.settings.get("strength") == 1.0


def test_the_original_and_a_file_have_no_settings_to_use():
    state = state_of(FILE)
    assert settings_reused(state, "own") == state
    assert settings_reused(state, "file") == state


# Files to compare with


def test_a_file_is_neither_the_original_nor_a_result():
    assert not FILE.is_original
    assert not FILE.is_result
    assert not FILE.is_unsaved
    state = state_of(FILE)
    assert photo_mark(state, current(state)) == ""


def test_a_file_put_after_a_photo_without_results_opens_the_split_view():
    state = file_joined(state_of(), "photo", "b", FILE)
    assert (current(state).side_a, current(state).side_b) == ("own", "file")
    assert state.view == "split"
    assert current(state).is_b_chosen  # a new result does not take its place


def test_a_file_put_before_a_result_leaves_the_view():
    state = replace(state_of(RESULT), view="side_by_side")
    state = file_joined(state, "photo", "a", FILE)
    assert (current(state).side_a, current(state).side_b) == ("file", "result")
    assert state.view == "side_by_side"


def test_the_same_file_is_one_variant_on_both_sides():
    state = file_joined(state_of(RESULT), "photo", "a", FILE)
    again = file_joined(state, "photo", "b", replace(FILE, id="again"))
    assert [each.id for each in current(again).variants] == ["own", "result", "file"]
    assert current(again).side_b == "file"


def test_a_file_that_was_opened_for_a_photo_no_longer_shown_only_joins_it():
    state = photos_listed(state_of(RESULT), (Photo("other", "b.jpg"),))
    state = file_joined(state, "photo", "b", FILE)
    joined = state.photo("photo")
    assert joined is not None
    assert joined.variant("file") is not None
    assert joined.side_b == "result"


# Halves of the canvas


def test_a_variant_dropped_on_a_half_is_seen_there_also_from_the_single_view():
    second = replace(RESULT, id="second")
    state = replace(state_of(RESULT, second), view="single")
    state = put_on_side(state, "a", "result")
    assert (current(state).side_a, current(state).side_b, state.view) == ("result", "second", "split")


def test_what_is_on_both_sides_leaves_nothing_to_split():
    state = replace(state_of(RESULT), view="single")
    assert put_on_side(state, "a", "result").view == "single"
    assert put_on_side(state, "a", "gone") == state


# The recipe


def test_a_recipe_says_settings_engine_time_cost_and_finding():
    made = replace(RESULT, seconds=4.5, finding="motion, 9 px", facts=PhotoFacts("TIFF", 6, 4, 16, "sRGB"))
    facts = {each.name: each.text for each in recipe(current(state_of(made)), made, SCHEMA)}
    assert facts["Engine"] == "Local"
    assert facts["Mode"] == "Strong"
    assert facts["Strength"] == "62 %"
    assert "Minor denoise" not in facts  # Strong knows none
    assert facts["Painted"] == "1 stroke"
    assert facts["Time"] == duration(4.5)
    assert facts["Cost"] == "free"
    assert facts["Found"] == "motion, 9 px"


def test_a_recipe_says_what_was_left_to_the_engine():
    plain = replace(RESULT, made_with=defaults(SCHEMA))
    facts = {each.name: each.text for each in recipe(current(state_of(plain)), plain, SCHEMA)}
    assert (facts["Strength"], facts["Minor denoise"]) == ("Auto", "Auto")


def test_a_recipe_of_a_paid_result_names_its_cost_and_of_a_file_its_place():
    paid = Variant("paid", "cloud", "Cloud", cost_usd=0.105, request_id="req-1")
    facts = {each.name: each.text for each in recipe(current(state_of(paid)), paid, SCHEMA)}
    assert (facts["Cost"], facts["Reference"]) == ("$0.105", "req-1")
    facts = {each.name: each.text for each in recipe(current(state_of(FILE)), FILE, SCHEMA)}
    assert facts["File"] == "/elsewhere/other.tif"
    assert "Cost" not in facts


def test_values_are_said_as_the_panel_says_them():
    assert value_text(SCHEMA.param("face_enhancement"), True) == "on"
    assert value_text(SCHEMA.param("output_format"), "png") == "PNG"
    assert value_text(SCHEMA.param("strength"), None) == "Auto"
