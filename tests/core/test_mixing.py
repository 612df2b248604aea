"""The mix of a result: its own, undone with everything else, and never a reason to sharpen again."""

from dataclasses import replace

import pytest

from sharpen_desktop.core import history as undo
from sharpen_desktop.core import mixing, studying
from sharpen_desktop.core.brush import Brush, Stroke
from sharpen_desktop.core.editing import edit_sealed, prefs_changed, settings_redone, settings_undone
from sharpen_desktop.core.mix import Mix, Mixed, begins_full
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.photos import photo_removed, photos_listed, pixels_given_back
from sharpen_desktop.core.picture import Display, Master
from sharpen_desktop.core.recipe import recipe
from sharpen_desktop.core.settings import defaults
from sharpen_desktop.core.sides import side_chosen
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.steps import steps
from sharpen_desktop.core.subjects import brush_in_hand, can_paint
from sharpen_desktop.core.variants import settings_reused, variant_deleted, variant_saved
from sharpen_desktop.core.wording import variant_line, variant_remark
from sharpen_desktop.services.schema_file import load_schema

SCHEMA = load_schema()
ADD = Stroke(((0.5, 0.5),), 0.1, 0.5, adds=True)
TAKE = replace(ADD, adds=False)


def picture(variant_id, engine="local", width=600, height=400, **more):
    master = Master(f"/c/{variant_id}", width, height, 8, is_grey=False, pixels=f"/c/{variant_id}/p")
    return Variant(
        variant_id, engine, variant_id, display=Display(width, height, ()), master=master,
        made_with=defaults(SCHEMA), **more,
    )  # fmt: skip


def state_of(*results, side_b="", **more):
    own = replace(picture("own", None), title="Original")
    photo = Photo(
        "photo", "a.jpg", "/a.jpg", False, Loading.READY, "", (own, *results), "own", side_b or results[-1].id
    )
    return photos_listed(AppState(history=undo.begun(defaults(SCHEMA)), schema=SCHEMA, **more), (photo,))


def variant(state, variant_id="one"):
    found = state.photos[0].variant(variant_id)
    assert found is not None
    return found


@pytest.fixture
def state():
    return state_of(picture("one"))


def test_a_slider_that_is_drawn_is_one_step_and_undo_gives_all_of_it_back(state):
    for share in (0.9, 0.7, 0.4):
        state = mixing.share_changed(state, share)
    state = edit_sealed(state)
    assert variant(state).mix == Mix(0.4)
    assert [each.text for each in steps(state)] == ["Beginning", "Mix: 40 %"]
    before = settings_undone(state)
    assert variant(before).mix == Mix()
    assert variant(settings_redone(before)).mix == Mix(0.4)


def test_each_result_has_its_own_mix(state):
    two = mixing.share_changed(state_of(picture("one"), picture("two")), 0.3)
    assert (variant(two, "one").mix, variant(two, "two").mix) == (Mix(), Mix(0.3))
    other = mixing.share_changed(side_chosen(two, "b", "one"), 0.8)
    assert (variant(other, "one").mix, variant(other, "two").mix) == (Mix(0.8), Mix(0.3))


@pytest.mark.parametrize(("wanted", "kept"), [(-1.0, 0.0), (7.0, 1.0), (0.25, 0.25)])
def test_a_share_stays_within_its_limits(state, wanted, kept):
    assert variant(mixing.share_changed(state, wanted)).mix.share == kept


def test_the_settings_of_a_variant_leave_every_mix_as_it_is(state):
    mixed = mixing.share_changed(state, 0.4)
    assert variant(settings_reused(mixed, "one")).mix == Mix(0.4)


def test_a_changed_mix_brings_no_preview_over_the_result(state):
    state = prefs_changed(side_chosen(state, "b", "one"), replace(state.prefs, is_preview_on=True))
    assert not state.is_preview_wanted
    assert not mixing.share_changed(state, 0.4).is_preview_wanted


# Over what


def test_the_base_is_the_original_until_another_is_chosen_and_when_that_is_gone():
    state = state_of(picture("one"), picture("two"))
    assert [each.id for each in mixing.bases(state.photos[0], variant(state, "two"))] == ["own", "one"]
    chosen = mixing.base_chosen(mixing.share_changed(state, 0.5), "one")
    wish = mixing.mix_wish(chosen.photos[0], variant(chosen, "two"))
    assert wish.base.folder == "/c/one"
    assert [each.text for each in steps(chosen)][-1] == "Mix over “one”"
    gone = variant_deleted(chosen, "photo", "one")
    assert mixing.mix_wish(gone.photos[0], variant(gone, "two")).base.folder == "/c/own"
    back = mixing.base_chosen(chosen, "own")
    assert variant(back, "two").mix == Mix(0.5)
    assert mixing.base_chosen(state, "two") == state  # not over itself
    assert mixing.base_chosen(state, "nobody") == state


def test_a_picture_of_another_shape_cannot_be_the_base_and_one_of_another_size_says_what_happens():
    square, half = picture("square", width=400, height=400), picture("half", width=300, height=200)
    state = state_of(square, half, picture("one"))
    photo = state.photos[0]
    assert [each.id for each in mixing.bases(photo, variant(state))] == ["own", "half"]
    assert mixing.size_line(photo, variant(state)) == ""
    scaled = mixing.base_chosen(state, "half")
    said = mixing.size_line(scaled.photos[0], variant(scaled))
    assert said == "half is scaled from 300 × 200 to 600 × 400 pixels, the result's size."


def test_at_all_of_the_result_there_is_nothing_to_make_whatever_the_base(state):
    other = state_of(picture("two"), picture("one"))
    assert mixing.mix_wish(state.photos[0], variant(state)) is None
    chosen = mixing.base_chosen(other, "two")
    assert mixing.mix_wish(chosen.photos[0], variant(chosen)) is None
    assert mixing.is_settled(chosen.photos[0], variant(chosen))


# When


def test_why_nothing_can_be_mixed_is_said(state):
    assert mixing.reason_without(AppState(undo.begun(defaults(SCHEMA)))) == mixing.NO_RESULT
    assert mixing.reason_without(state) == ""
    bare = replace(picture("one"), display=None, master=None)
    assert mixing.reason_without(state_of(bare)) == mixing.NOT_READ
    file = replace(picture("file", None), source="file")
    assert mixing.reason_without(state_of(picture("one"), file)) == mixing.NOT_AFTER
    assert mixing.reason_without(state_of(file)) == mixing.NO_RESULT
    for unmixable in (state_of(bare), state_of(file)):
        assert mixing.share_changed(unmixable, 0.5) == unmixable
        assert studying.painted(replace(unmixable, chosen_target="mix"), ADD).history == unmixable.history


def test_what_it_looks_like_is_the_mix_once_that_was_made_and_the_result_without_one(state):
    state = mixing.share_changed(state, 0.4)
    wish = mixing.mix_wish(state.photos[0], variant(state))
    assert not mixing.is_settled(state.photos[0], variant(state))
    assert variant(state).look == variant(state).display
    made = Mixed(wish, Display(600, 400, (), has_alpha=True), wish.result)
    state = mixing.mix_made(state, "photo", "one", made)
    assert mixing.is_settled(state.photos[0], variant(state))
    assert variant(state).look == made.display
    assert not mixing.is_settled(
        mixing.share_changed(state, 0.3).photos[0], variant(mixing.share_changed(state, 0.3))
    )
    assert variant(mixing.share_changed(state, 1.0)).look == variant(state).display


def test_a_mix_that_changed_after_the_save_is_unsaved_until_it_is_as_it_was(state):
    saved = variant_saved(mixing.share_changed(state, 0.4), "photo", "one", "/out.jpg", Mix(0.4))
    assert not variant(saved).is_unsaved
    changed = mixing.share_changed(edit_sealed(saved), 0.6)
    assert variant(changed).is_unsaved
    assert not variant(settings_undone(changed)).is_unsaved


def test_a_file_for_other_programs_is_forgotten_when_the_mix_changes(state):
    photo = state.photos[0]
    handed = replace(photo, variants=(photo.variants[0], replace(variant(state), handout="/tmp/a.jpg")))
    state = replace(state, photos=(handed,))
    assert variant(mixing.share_changed(state, 0.5)).handout == ""
    assert variant(mixing.share_changed(state, 1.0)).handout == "/tmp/a.jpg"


def test_a_photo_that_goes_takes_its_mixes_with_it_and_pixels_given_back_theirs(state):
    state = mixing.share_changed(state, 0.4)
    wish = mixing.mix_wish(state.photos[0], variant(state))
    made = mixing.mix_made(state, "photo", "one", Mixed(wish, Display(600, 400, ()), wish.result))
    assert variant(pixels_given_back(made, "photo")).mixed is None
    assert variant(pixels_given_back(made, "photo")).mix == Mix(0.4)
    assert photo_removed(edit_sealed(made), "photo").history == undo.begun(defaults(SCHEMA))


def test_what_is_undone_is_put_before_the_eyes():
    state = state_of(picture("one"), picture("two"))
    mixed = mixing.share_changed(state, 0.4)
    away = side_chosen(mixed, "b", "one")
    undone = settings_undone(away)
    assert mixing.remixed(away.history.present, undone.history.present) == ("photo", "two")
    assert mixing.remixed_shown(undone, "photo", "two").photos[0].side_b == "two"
    before = side_chosen(undone, "a", "two")
    assert mixing.remixed_shown(before, "photo", "two") == before
    assert mixing.remixed(undone.history.present, undone.history.present) == ("", "")
    assert mixing.remixed_shown(undone, "", "") == undone


# Painting


def test_one_brush_paints_on_what_it_was_taken_for(state):
    both = replace(state, history=undo.begun(defaults(SCHEMA).replaced("subject_detection", "Foreground")))
    assert both.target == "subject"
    taken = studying.tool_taken(both, "add", "mix")
    assert taken.target == "mix"
    assert not taken.is_mask_shown  # what it comes to is seen
    assert brush_in_hand(taken) == Brush("add")
    painted = studying.painted(taken, ADD)
    assert variant(painted).mix.strokes == (ADD,)
    assert painted.strokes == ()
    other = studying.tool_taken(painted, "add", "subject")
    assert other.is_mask_shown
    on_subject = studying.painted(other, TAKE)
    assert (on_subject.strokes, variant(on_subject).mix.strokes) == ((TAKE,), (ADD,))
    assert [each.text for each in steps(on_subject)][1:] == ["Mix painted", "Erased from the subject"]
    assert variant(settings_undone(settings_undone(on_subject))).mix == Mix()


def test_without_a_subject_the_keys_are_for_the_mix_and_without_a_result_for_the_subject(state):
    assert state.target == "mix"
    assert can_paint(state)
    assert not can_paint(state, "subject")
    subject = replace(
        state_of(replace(picture("one"), display=None)),
        history=undo.begun(defaults(SCHEMA).replaced("subject_detection", "Foreground")),
        chosen_target="mix",
    )
    assert subject.target == "subject"


def test_a_brush_in_hand_never_changes_what_it_paints_on(state):
    both = replace(state, history=undo.begun(defaults(SCHEMA).replaced("subject_detection", "Foreground")))
    taken = studying.tool_taken(both, "add", "mix")
    away = side_chosen(taken, "b", "own")
    assert away.target == "mix"
    assert brush_in_hand(away) is None
    assert studying.painted(away, ADD).history == away.history


def test_clearing_and_the_red_mask_are_of_the_target_they_are_asked_for(state):
    painted = studying.painted(studying.tool_taken(state, "add", "mix"), ADD)
    assert studying.strokes_cleared(painted, "subject").history == painted.history
    cleared = studying.strokes_cleared(painted, "mix")
    assert variant(cleared).mix == Mix()
    assert [each.text for each in steps(cleared)][-1] == "Painting cleared from the mix"
    shown = studying.mask_shown(painted, is_shown=True)
    hidden = studying.mask_shown(shown, is_shown=False)
    assert (shown.is_mask_shown, hidden.is_mask_shown) == (True, False)
    assert hidden.brush.tool == "add"  # a mix is painted without the mask, too


@pytest.mark.parametrize(
    ("strokes", "is_full", "said"),
    [
        ((), True, mixing.EVERYWHERE),
        ((ADD,), False, mixing.LIMITED),
        ((TAKE, ADD), True, mixing.SPARED),
    ],
)
def test_the_first_stroke_says_where_the_mix_begins(strokes, is_full, said):
    assert begins_full(strokes) == is_full
    assert mixing.mask_line(Mix(strokes=strokes)) == said


def test_rows_and_recipe_say_how_a_result_is_mixed_and_a_changed_one_is_not_saved_any_more(state):
    assert variant_line(variant(state)) == "0.0 s · free"
    mixed = mixing.share_changed(state, 0.4)
    assert variant_line(variant(mixed)) == "0.0 s · free · mix 40 %"
    saved = variant_saved(mixed, "photo", "one", "/out.jpg", Mix(0.4))
    assert variant_remark(variant(saved)) == "saved"
    painted = studying.painted(studying.tool_taken(edit_sealed(saved), "add", "mix"), ADD)
    assert variant_remark(variant(painted)) == ""
    facts = {each.name: each.text for each in recipe(painted.photos[0], variant(painted), SCHEMA)}
    assert facts["Mix"] == "40 % over Original, where it is painted"
    assert variant(mixing.share_changed(painted, 1.0)).mix.text == "mix painted"
