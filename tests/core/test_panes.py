"""Which part of the canvas shows what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core import panes

SIDES = st.integers(40, 4000)


@given(SIDES, SIDES, st.booleans(), st.floats(0, 1))
def test_the_two_sides_of_a_split_fill_the_canvas_without_overlap(width, height, is_turned, fraction):
    at = round(fraction * (height if is_turned else width))
    a, b = panes.split(width, height, at, is_turned=is_turned)
    assert a.clip.width * a.clip.height + b.clip.width * b.clip.height == width * height
    assert a.frame == b.frame == panes.Rect(0, 0, width, height)


@given(SIDES, SIDES, st.booleans())
def test_side_by_side_both_frames_have_one_size_and_lie_apart(width, height, is_turned):
    a, b = panes.side_by_side(width, height, is_turned=is_turned)
    assert (a.frame.width, a.frame.height) == (b.frame.width, b.frame.height)
    apart = b.frame.top - a.frame.height if is_turned else b.frame.left - a.frame.width
    assert panes.GAP <= apart <= panes.GAP + 1
    assert b.frame.left + b.frame.width == width
    assert b.frame.top + b.frame.height == height


@pytest.mark.parametrize(("x", "shows"), [(10, "a"), (498, "a"), (600, "b"), (999, "b")])
def test_the_pane_under_a_place_is_the_one_it_lies_in(x, shows):
    layout = panes.side_by_side(1000, 400, is_turned=False)
    assert panes.pane_at(layout, x, 20).shows == shows
