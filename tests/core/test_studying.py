"""What is found out about photos, and what is painted on them, as transitions of the one state."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core import studying, subjects
from sharpen_desktop.core.brush import (
    SMALLEST,
    WIDEST,
    Brush,
    Stroke,
    painted_since,
)
from sharpen_desktop.core.editing import (
    edit_sealed,
    engine_chosen,
    setting_edited,
    settings_redone,
    settings_undone,
)
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.photos import photo_chosen, photo_removed
from sharpen_desktop.core.picture import Level, Master
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.study import FaceBox, SubjectMask

FOREGROUND = Settings((("subject_detection", "Foreground"),))
BACKGROUND = Settings((("subject_detection", "Background"),))
ALL = Settings((("subject_detection", "All"),))
MASK = Level("/cache/mask", 30, 20, 30)

places = st.tuples(st.floats(0, 1), st.floats(0, 1))
strokes = st.builds(
    Stroke,
    st.lists(places, min_size=1, max_size=4).map(tuple),
    st.floats(SMALLEST, WIDEST),
    st.floats(0, 1),
    st.booleans(),
)


def photo(name, share=None, faces=None):
    subject = SubjectMask(MASK, (), share, share > 0) if share is not None else None
    master = Master(f"/cache/{name}", 60, 40, 8, is_grey=False, pixels="pixels.npy")
    original = Variant(f"{name}-original", master=master)
    return Photo(
        name, f"{name}.jpg", loading=Loading.READY, variants=(original,), subject=subject, faces=faces
    )


def state(*photos, settings=FOREGROUND, **more):
    return AppState(begun(settings), photos, **{"current_id": photos[0].id if photos else "", **more})


def painted(before, *them):
    for stroke in them:
        before = studying.painted(before, stroke)
    return before


A_STROKE = Stroke(((0.5, 0.5),), 0.1, 0.5, adds=True)


# Strokes and undo


@given(st.lists(strokes, max_size=4), strokes)
def test_undo_after_painting_is_the_identity(earlier, stroke):
    before = painted(state(photo("a")), *earlier)
    after = studying.painted(before, stroke)
    assert after.strokes == (*earlier, stroke)
    assert settings_undone(after).history.present == before.history.present
    assert settings_redone(settings_undone(after)) == after


@given(st.lists(strokes, min_size=1, max_size=4))
def test_clearing_is_one_step_and_undo_brings_all_of_it_back(them):
    before = painted(state(photo("a")), *them)
    cleared = studying.strokes_cleared(before)
    assert cleared.strokes == ()
    assert settings_undone(cleared).strokes == tuple(them)


@given(strokes, strokes)
def test_strokes_belong_to_the_photo_they_were_painted_on(on_a, on_b):
    both = painted(state(photo("a"), photo("b")), on_a)
    both = painted(photo_chosen(both, "b"), on_b)
    assert both.strokes == (on_b,)
    assert studying.strokes_cleared(both).history.present.strokes("a") == (on_a,)
    assert photo_chosen(both, "a").strokes == (on_a,)


@given(st.lists(st.tuples(st.sampled_from("ab"), strokes), max_size=6))
def test_a_closed_photo_leaves_nothing_to_undo_and_the_others_keep_all_their_steps(steps):
    both, only_b = state(photo("a"), photo("b")), state(photo("b"))
    for name, stroke in steps:
        both = studying.painted(photo_chosen(both, name), stroke)
        if name == "b":
            only_b = studying.painted(only_b, stroke)
    assert photo_removed(both, "a").history == only_b.history


def test_a_closed_photo_takes_what_could_be_redone_with_it():
    undone = settings_undone(painted(state(photo("a"), photo("b")), A_STROKE))
    assert photo_removed(undone, "a").history == begun(FOREGROUND)


@given(st.lists(strokes, max_size=3), st.lists(strokes, max_size=3), st.lists(strokes, max_size=3))
def test_what_was_painted_since_is_all_after_the_common_beginning(common, here, known):
    since = painted_since((*common, *here), (*common, *known))
    assert (*common, *here)[len((*common, *here)) - len(since) :] == since
    if not here or not known or here[0] != known[0]:
        assert since == tuple(here)


@given(strokes, places)
def test_a_stroke_grows_into_itself_moved_on_and_into_no_other(stroke, place):
    longer = replace(stroke, points=(*stroke.points, place))
    assert stroke.grows_into(stroke)
    assert stroke.grows_into(longer)
    assert not longer.grows_into(stroke)
    assert not stroke.grows_into(replace(longer, adds=not stroke.adds))


# The brush


@given(st.integers(-60, 60), st.integers(-30, 30))
def test_size_and_feather_stay_within_their_limits(sizes, feathers):
    brush = Brush("add").sized(sizes).softened(feathers)
    assert SMALLEST <= brush.radius <= WIDEST
    assert 0 <= brush.feather <= 1
    assert studying.brush_changed(state(photo("a")), brush).brush == brush


@given(st.floats(0.02, 0.04), st.integers(1, 5))
def test_as_many_steps_back_give_the_old_size(radius, steps):
    assert Brush("add", radius).sized(steps).sized(-steps).radius == pytest.approx(radius)


def test_the_opposite_of_a_tool():
    assert Brush("add").turned().stroke(((0, 0),)).adds is False
    assert Brush("take").turned().stroke(((0, 0),)).adds is True
    assert Brush().turned().tool == ""


# The tool in hand


def test_a_tool_shows_the_mask_and_hiding_the_mask_puts_it_away():
    in_hand = studying.tool_taken(state(photo("a", 0.3)), "add")
    assert in_hand.is_mask_shown
    assert subjects.brush_in_hand(in_hand) == in_hand.brush
    hidden = studying.mask_shown(in_hand, is_shown=False)
    assert hidden.brush.tool == ""
    assert subjects.brush_in_hand(hidden) is None


def test_putting_the_tool_away_leaves_the_mask_shown():
    away = studying.tool_taken(studying.tool_taken(state(photo("a", 0.3)), "take"), "")
    assert away.brush.tool == ""
    assert away.is_mask_shown


def test_the_tool_is_put_away_when_all_of_the_photo_or_the_cloud_is_chosen():
    in_hand = studying.tool_taken(state(photo("a", 0.3)), "add")
    assert setting_edited(in_hand, BACKGROUND, "subject_detection").brush.tool == "add"
    everything = setting_edited(in_hand, ALL, "subject_detection")
    assert everything.brush.tool == ""
    assert engine_chosen(in_hand, "cloud").brush.tool == ""


def test_undo_and_redo_to_all_of_the_photo_put_the_tool_away():
    partly = setting_edited(state(photo("a", 0.3), settings=ALL), FOREGROUND, "subject_detection")
    in_hand = studying.tool_taken(partly, "add")
    assert settings_undone(in_hand).brush.tool == ""
    everything = edit_sealed(setting_edited(partly, ALL, "subject_detection"))
    undone = studying.tool_taken(settings_undone(everything), "add")
    assert undone.brush.tool == "add"
    assert settings_redone(undone).brush.tool == ""


def test_the_tool_stays_in_hand_on_the_next_photo_but_paints_only_where_there_is_a_subject():
    in_hand = studying.tool_taken(state(photo("a", 0.3), photo("b")), "add")
    following = photo_chosen(in_hand, "b")
    assert following.brush.tool == "add"
    assert subjects.brush_in_hand(following) is None
    found = studying.subject_found(following, "b", SubjectMask(MASK, (), 0.2))
    assert subjects.brush_in_hand(found) == found.brush


# What is said


@pytest.mark.parametrize(
    ("settings", "share", "said"),
    [
        (FOREGROUND, 0.314, "Foreground: 31 % of the picture"),
        (BACKGROUND, 0.314, "Background: 69 % of the picture"),
        (FOREGROUND, 0.0, "No subject stands out, so all is sharpened. Paint it."),
        (BACKGROUND, 0.0, "No subject stands out, so all is sharpened. Erase it."),
        (FOREGROUND, 0.002, "Foreground: less than 1 % of the picture"),
        (BACKGROUND, 0.002, "Background: more than 99 % of the picture"),
        (FOREGROUND, 1.0, "Foreground: 100 % of the picture"),
        (FOREGROUND, None, "Looking for the subject…"),
    ],
)
def test_the_subject_is_told_as_a_share_of_the_picture(settings, share, said):
    assert subjects.subject_line(state(photo("a", share), settings=settings)) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "No faces found"), (1, "1 face found"), (2, "2 faces found")]
)
def test_faces_are_counted(count, said):
    assert subjects.faces_line(photo("a", faces=(FaceBox(0, 0, 1, 1),) * count), are_wanted=True) == said


def test_nothing_is_said_of_faces_nobody_asked_for():
    assert subjects.faces_line(photo("a"), are_wanted=False) == ""
    assert subjects.faces_line(photo("a"), are_wanted=True) == "Looking for faces…"
    assert subjects.faces_line(None, are_wanted=True) == ""


def test_where_none_stands_out_what_was_painted_is_the_subject():
    adds, takes = A_STROKE, replace(A_STROKE, adds=False)
    for strokes, share, said in (
        ((adds,), 0.04, "Foreground: 4 % of the picture"),
        ((takes,), 0.0, "No subject stands out, so all is sharpened. Paint it."),
        ((adds, takes), 0.0, "Foreground: 0 % of the picture"),
    ):
        mask = SubjectMask(MASK, strokes, share, is_found=False)
        assert subjects.subject_line(state(replace(photo("a"), subject=mask))) == said
    erased = SubjectMask(MASK, (takes,), 0.0)
    assert (
        subjects.subject_line(state(replace(photo("a"), subject=erased))) == "Foreground: 0 % of the picture"
    )


def test_what_could_not_be_found_out_is_not_said_to_be_looked_for():
    failed = studying.left_unanswered(state(photo("a")), "a", "subject")
    failed = studying.left_unanswered(studying.left_unanswered(failed, "a", "faces"), "a", "faces")
    assert subjects.subject_line(failed) == "The subject could not be looked for."
    assert subjects.faces_line(failed.current, are_wanted=True) == "Faces could not be looked for"
    found = studying.faces_found(studying.subject_found(failed, "a", SubjectMask(MASK, (), 0.3)), "a", ())
    assert found.current.unanswered == ()


# What was found


def test_what_is_found_of_a_photo_that_is_gone_changes_nothing():
    before = state(photo("a"))
    assert studying.subject_found(before, "gone", SubjectMask(MASK, (), 0.3)) == before
    assert studying.faces_found(before, "gone", ()) == before
