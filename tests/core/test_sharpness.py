"""The sharpness overlay: what it shows in which state, what is measured for it, and how the numbers are said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core import sharpness_overlay as overlays
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.phrases import wrapped
from sharpen_desktop.core.picture import Display, Level
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.sharpness import (
    MARGIN_PX,
    MOST_MEGAPIXELS,
    ChangeNumbers,
    Sharpness,
    SideNumbers,
    Sight,
    numbers_text,
    sharpness_wish,
)
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.study import Area, Preview
from sharpen_desktop.core.variants import variant_added, variant_removed
from sharpen_desktop.core.viewing import view_chosen

ALL = Sight(0.0, 0.0, 1.0, 1.0, 0.5)
MARKS = Level("/cache/marks", 8, 8, 8)
SIDE = SideNumbers(2.14, 0.43, 0.0042)


def display(name, width=6000, height=4000, is_first_look=False):
    levels = [
        Level(f"/cache/{name}/{step}", width >> step, height >> step, 4 * (width >> step))
        for step in range(5)
    ]
    return Display(width, height, tuple(levels[2:] if is_first_look else levels))


def variant(name, **more):
    engine = None if name == "own" else "local"
    return Variant(name, engine, name, display=display(name, **more))


def state(*variants, view="split", **more):
    made = variants or (variant("own"), variant("result"))
    side_b = made[1].id if len(made) > 1 else ""
    photo = Photo("p", "p.jpg", loading=Loading.READY, variants=made, side_a=made[0].id, side_b=side_b)
    return AppState(begun(Settings()), (photo,), "p", view=view, **more)


def alone(**more):
    return state(variant("own"), view="single", **more)


def answer(now, sight=ALL, numbers=SIDE):
    return Sharpness(overlays.sharpness_wanted(now, sight), MARKS, numbers)


def stepped(now, times):
    for _ in range(times):
        now = overlays.overlay_stepped(now)
    return now


# What it shows


def test_the_key_goes_round_before_after_change_and_off():
    shown = [overlays.shown_overlay(stepped(state(), times)) for times in range(5)]
    assert shown == ["off", "before", "after", "change", "off"]


def test_a_single_picture_has_on_and_off_only():
    shown = [overlays.overlay_title(stepped(alone(), times)) for times in range(3)]
    assert shown == ["off", "on", "off"]


def test_when_there_is_nothing_to_compare_any_more_the_one_picture_is_marked():
    now = state(overlay="change")
    assert overlays.shown_overlay(variant_removed(now, "p", "result")) == "before"


def test_the_difference_has_no_marks_and_the_key_does_nothing_there():
    now = state(overlay="change", view="difference")
    assert overlays.shown_overlay(now) == "off"
    assert overlays.overlay_stepped(now) is now
    assert "Split" in overlays.overlay_tip(now)
    assert overlays.shown_overlay(view_chosen(now, "side_by_side")) == "change"


def test_without_a_photo_there_is_nothing_to_mark():
    assert not overlays.can_overlay(AppState(begun(Settings())))


# What is measured


@pytest.mark.parametrize(
    ("overlay", "old", "new"),
    [("before", "own", None), ("after", None, "result"), ("change", "own", "result")],
)
def test_only_the_sides_that_are_marked_are_measured(overlay, old, new):
    wish = overlays.sharpness_wanted(state(overlay=overlay), ALL)
    assert (wish.old, wish.new) == (old and display(old), new and display(new))


def test_nothing_is_measured_while_it_is_off_or_only_a_first_look_is_there():
    assert overlays.sharpness_wanted(state(), ALL) is None
    assert overlays.sharpness_wanted(state(overlay="change"), None) is None
    looks = (variant("own", is_first_look=True), variant("result"))
    assert overlays.sharpness_wanted(state(*looks, overlay="change"), ALL) is None


@pytest.mark.parametrize(
    ("zoom", "scale"),
    [(32.0, 1.0), (1.0, 1.0), (0.72, 1.0), (0.69, 0.5), (0.3, 0.25), (0.06, 1 / 16), (0.01, 1 / 16)],
)
def test_the_level_nearest_to_the_zoom_is_measured(zoom, scale):
    wish = sharpness_wish("p", "after", None, display("own"), None, Sight(0.4, 0.4, 0.2, 0.2, zoom))
    assert wish.scale == pytest.approx(scale, rel=0.01)


fractions = st.floats(0, 1)


@given(fractions, fractions, fractions, fractions, st.floats(0.01, 32))
def test_what_is_measured_lies_in_the_picture_and_holds_what_is_seen(left, top, width, height, zoom):
    sight = Sight(left, top, min(width, 1 - left), min(height, 1 - top), zoom)
    wish = sharpness_wish("p", "after", None, display("own"), None, sight)
    if wish is None:
        return
    assert Area(0, 0, wish.width, wish.height).holds(wish.marked)
    assert wish.marked.holds(wish.seen)
    assert wish.seen.megapixels <= MOST_MEGAPIXELS * 1.05 + 0.01
    assert wish.marked.width <= wish.seen.width + 2 * MARGIN_PX


def test_a_preview_lies_over_the_new_side_and_goes_with_it():
    cover = Preview("p", Settings(), (), Area(0, 0, 512, 512), display("cover", 512, 512))
    now = alone(overlay="change", preview=cover, prefs=Prefs(is_preview_on=True))
    wish = overlays.sharpness_wanted(now, ALL)
    assert wish.cover == cover
    assert wish.old == wish.new == display("own")
    assert overlays.sharpness_wanted(replace(now, overlay="before"), ALL).cover is None


# What came


def test_an_answer_is_shown_of_the_pictures_it_is_about_only():
    now = state(overlay="change")
    came = overlays.sharpness_came(now, answer(now))
    assert overlays.shown_sharpness(came) is came.sharpness
    others = variant_added(came, "p", variant("newer"), takes_side=True)
    assert overlays.shown_sharpness(others) is None
    assert overlays.shown_sharpness(replace(came, overlay="after")) is None
    assert overlays.shown_sharpness(replace(came, current_id="other")) is None


def test_an_answer_that_comes_after_the_end_is_not_kept():
    now = state(overlay="after")
    assert overlays.sharpness_came(replace(now, overlay="off"), answer(now)).sharpness is None


def test_a_failure_puts_the_overlay_away_and_says_what_to_do():
    failed = overlays.sharpness_failed(state(overlay="change"))
    assert overlays.shown_overlay(failed) == "off"
    assert "Shift+F" in failed.status


# What is said


def test_the_legend_names_the_marks_and_says_whether_its_numbers_are_of_this_view():
    now = state(overlay="after")
    assert overlays.legend(state(), ALL, is_linked=True) is None
    assert overlays.legend(now, ALL, is_linked=True).line == overlays.MEASURING
    came = overlays.sharpness_came(now, answer(now))
    here = overlays.legend(came, ALL, is_linked=True)
    assert [name for _, name in here.marks] == ["Sharp edges, after"]
    assert here.is_current
    assert not overlays.legend(came, replace(ALL, left=0.3, width=0.7), is_linked=True).is_current
    apart = overlays.legend(came, ALL, is_linked=False)
    assert apart.marks == ()
    assert "Relink" in apart.line


def test_the_marks_of_a_change_have_three_names():
    marks = overlays.legend(state(overlay="change"), ALL, is_linked=True).marks
    assert [name for _, name in marks] == ["Sharper", "Halo", "Noise raised"]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        (
            ChangeNumbers(0.38, 0.004, 0.12, 0.06),
            "Edge contrast +38 % · halos 0.4 % of edges by 12 % · noise +6 %",
        ),
        (ChangeNumbers(-0.05, 0.0, 0.0, -0.2), "Edge contrast −5 % · halos 0 % of edges · noise −20 %"),
        (ChangeNumbers(0.001, 0.0, 0.0, 0.0), "Edge contrast ±0 % · halos 0 % of edges · noise ±0 %"),
        (ChangeNumbers(None, None, None, 1.0), "No edges in view · noise +100 %"),
        (
            ChangeNumbers(0.2, 0.0, 0.0, None),
            "Edge contrast +20 % · halos 0 % of edges · noise not measured, no flat area in view",
        ),
        (SIDE, "43 % of edges sharp · typical edge 2.1 px wide · noise 0.4 %"),
        (SideNumbers(None, None, None), "No edges in view"),
    ],
)
def test_numbers_are_said_in_a_line(numbers, text):
    now = state(overlay="change")
    assert numbers_text(answer(now, replace(ALL, zoom=1.0, width=0.1, height=0.1), numbers)) == text


def test_a_smaller_level_is_said():
    now = state(overlay="change")
    assert numbers_text(answer(now, replace(ALL, zoom=0.25))).endswith(" · measured at 25 %")


def test_a_line_is_broken_between_its_parts():
    assert wrapped("one · two · three", lambda line: len(line) <= 9) == ("one · two", "three")
    assert wrapped("much too long · short", lambda line: len(line) <= 9) == ("much too long", "short")
