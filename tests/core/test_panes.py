"""Which part of the canvas shows what."""

from itertools import pairwise

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


COUNTS = st.integers(2, 4)


@given(COUNTS, SIDES, SIDES, st.booleans())
def test_all_frames_of_a_grid_have_one_size_and_reach_the_canvas_edges(count, width, height, is_turned):
    frames = [pane.frame for pane in panes.grid(count, width, height, is_turned=is_turned)]
    assert len({(frame.width, frame.height) for frame in frames}) == 1
    assert (frames[0].left, frames[0].top) == (0, 0)
    assert max(frame.left + frame.width for frame in frames) == width
    assert max(frame.top + frame.height for frame in frames) == height


@given(COUNTS, SIDES, SIDES, st.booleans())
def test_neighbours_lie_a_gap_apart(count, width, height, is_turned):
    frames = [pane.frame for pane in panes.grid(count, width, height, is_turned=is_turned)]
    columns = sorted({(frame.left, frame.width) for frame in frames})
    rows = sorted({(frame.top, frame.height) for frame in frames})
    assert len(columns) * len(rows) == count
    for places in (columns, rows):
        for (start, length), (after, _) in pairwise(places):
            assert panes.GAP <= after - start - length <= panes.GAP + 1


@pytest.mark.parametrize("count", [2, 3, 4])
def test_turning_exchanges_rows_and_columns(count):
    plain = panes.grid(count, 1000, 1000, is_turned=False)
    turned = panes.grid(count, 1000, 1000, is_turned=True)
    assert [pane.shows for pane in plain] == [pane.shows for pane in turned] == list(panes.SIDES[:count])
    for one, other in zip(plain, turned, strict=True):
        assert (one.frame.left, one.frame.top) == (other.frame.top, other.frame.left)


@pytest.mark.parametrize(("x", "shows"), [(10, "a"), (498, "a"), (600, "b"), (999, "b")])
def test_the_pane_under_a_place_is_the_one_it_lies_in(x, shows):
    layout = panes.grid(2, 1000, 400, is_turned=False)
    assert panes.pane_at(layout, x, 20).shows == shows
