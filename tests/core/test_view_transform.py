"""Zoom, pan and divider as arithmetic."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sharpen_desktop.core.view_transform import (
    DIVIDER_SNAP,
    MAXIMUM,
    STOPS,
    Point,
    Size,
    ViewTransform,
    fit_zoom,
    fitted,
    limits,
    next_stop,
    panned,
    picture_box,
    previous_stop,
    resized,
    snapped_divider,
    to_picture,
    to_viewport,
    zoomed_to,
)

pictures = st.builds(Size, st.integers(1, 20_000), st.integers(1, 20_000))
viewports = st.builds(Size, st.integers(40, 6_000), st.integers(40, 4_000))
zooms = st.floats(0.001, 64)
moves = st.floats(-8_000, 8_000)
fractions = st.floats(0, 1)


@st.composite
def scenes(draw):
    """A picture, a viewport, and a transform somebody can have got to with the mouse."""
    picture, viewport = draw(pictures), draw(viewports)
    transform = fitted(picture, viewport)
    for _ in range(draw(st.integers(0, 3))):
        if draw(st.booleans()):
            transform = panned(transform, picture, viewport, draw(moves), draw(moves))
        else:
            place = Point(draw(fractions) * viewport.width, draw(fractions) * viewport.height)
            transform = zoomed_to(transform, picture, viewport, draw(zooms), place)
    return transform, picture, viewport


def in_view(transform, picture, viewport):
    """How much of the picture shows on each axis, in device pixels, and the least that must."""
    box = picture_box(transform, picture, viewport)
    across = min(box.left + box.width, viewport.width) - max(box.left, 0)
    down = min(box.top + box.height, viewport.height) - max(box.top, 0)
    least_across = min(box.width, viewport.width) / 8
    return (across, least_across), (down, min(box.height, viewport.height) / 8)


@given(scenes(), zooms, fractions, fractions)
def test_the_point_under_the_cursor_stays_under_it_when_zooming_unless_the_picture_would_leave(
    scene, zoom, across, down
):
    transform, picture, viewport = scene
    cursor = Point(across * viewport.width, down * viewport.height)
    held = to_picture(transform, picture, viewport, cursor)
    after = zoomed_to(transform, picture, viewport, zoom, cursor)
    now = to_viewport(after, picture, viewport, held)
    places = ((held.x, cursor.x, now.x), (held.y, cursor.y, now.y))
    lengths = ((picture.width, viewport.width), (picture.height, viewport.height))
    for (pixel, wanted, there), (whole, view), (visible, least) in zip(
        places, lengths, in_view(after, picture, viewport), strict=True
    ):
        start = wanted - pixel * after.zoom
        would_show = min(start + whole * after.zoom, view) - max(start, 0)
        if would_show > least * (1 + 1e-6) + 1e-6:
            assert math.isclose(there, wanted, rel_tol=1e-6, abs_tol=1e-3)
        else:
            assert math.isclose(visible, least, rel_tol=1e-4, abs_tol=1e-3)


@given(scenes())
def test_at_least_an_eighth_stays_in_view_wherever_the_picture_is_moved(scene):
    for visible, least in in_view(*scene):
        assert visible >= least * (1 - 1e-6) - 1e-6


@given(scenes(), zooms, fractions, fractions)
def test_zooming_stays_within_the_limits(scene, zoom, across, down):
    transform, picture, viewport = scene
    cursor = Point(across * viewport.width, down * viewport.height)
    after = zoomed_to(transform, picture, viewport, zoom, cursor)
    low, high = limits(picture, viewport)
    assert low <= after.zoom <= high
    if low <= zoom <= high:
        assert after.zoom == zoom
    assert not after.is_fit


@given(pictures, viewports)
def test_fit_shows_the_whole_picture_centred_and_never_above_100_percent(picture, viewport):
    transform = fitted(picture, viewport)
    box = picture_box(transform, picture, viewport)
    assert transform.zoom <= 1
    assert transform.is_fit
    assert box.left >= -1e-6
    assert box.top >= -1e-6
    assert math.isclose(2 * box.left + box.width, viewport.width)
    assert math.isclose(2 * box.top + box.height, viewport.height)
    assert (
        transform.zoom == 1
        or math.isclose(box.width, viewport.width)
        or math.isclose(box.height, viewport.height)
    )


@given(scenes(), st.builds(Point, moves, moves))
def test_from_the_viewport_to_the_picture_and_back_is_the_same_place(scene, place):
    back = to_viewport(*scene, to_picture(*scene, place))
    assert math.isclose(back.x, place.x, rel_tol=1e-6, abs_tol=1e-3)
    assert math.isclose(back.y, place.y, rel_tol=1e-6, abs_tol=1e-3)


@given(scenes(), fractions, fractions)
def test_from_the_picture_to_the_viewport_and_back_is_the_same_pixel(scene, across, down):
    _, picture, _ = scene
    pixel = Point(across * picture.width, down * picture.height)
    back = to_picture(*scene, to_viewport(*scene, pixel))
    assert math.isclose(back.x, pixel.x, rel_tol=1e-6, abs_tol=1e-3)
    assert math.isclose(back.y, pixel.y, rel_tol=1e-6, abs_tol=1e-3)


@given(scenes())
def test_wherever_the_hand_has_led_the_zoom_is_within_its_limits(scene):
    transform, picture, viewport = scene
    low, high = limits(picture, viewport)
    assert low <= transform.zoom <= high


@given(
    st.integers(4_000, 20_000),
    st.integers(4_000, 20_000),
    st.floats(1, 4),
    st.floats(1.01, 8),
    fractions,
    fractions,
)
def test_zooming_in_and_out_again_at_one_place_leads_back(width, height, zoom, factor, across, down):
    picture, viewport = Size(width, height), Size(1600, 1000)
    transform = ViewTransform(zoom, 0.5, 0.5, is_fit=False)
    cursor = Point(across * viewport.width, down * viewport.height)
    there = zoomed_to(transform, picture, viewport, zoom * factor, cursor)
    back = zoomed_to(there, picture, viewport, zoom, cursor)
    before, after = (picture_box(each, picture, viewport) for each in (transform, back))
    assert math.isclose(after.left, before.left, rel_tol=1e-6)
    assert math.isclose(after.top, before.top, rel_tol=1e-6)


@given(scenes(), moves, moves)
def test_panning_moves_the_picture_by_what_the_hand_moved_and_keeps_the_zoom(scene, dx, dy):
    transform, picture, viewport = scene
    after = panned(transform, picture, viewport, dx, dy)
    before_box, after_box = picture_box(*scene), picture_box(after, picture, viewport)
    across, down = in_view(after, picture, viewport)
    assert after.zoom == transform.zoom
    assert not after.is_fit
    for start, there, moved, whole, view, (visible, least) in (
        (before_box.left, after_box.left, dx, after_box.width, viewport.width, across),
        (before_box.top, after_box.top, dy, after_box.height, viewport.height, down),
    ):
        would_show = min(start + moved + whole, view) - max(start + moved, 0)
        if would_show > least * (1 + 1e-6) + 1e-6:
            assert math.isclose(there - start, moved, rel_tol=1e-6, abs_tol=1e-3)
        else:
            assert math.isclose(visible, least, rel_tol=1e-4, abs_tol=1e-3)


@given(scenes(), viewports)
def test_a_new_window_size_keeps_fit_at_fit_and_the_zoom_otherwise(scene, viewport):
    transform, picture, _ = scene
    after = resized(transform, picture, viewport)
    assert after == fitted(picture, viewport) if transform.is_fit else after.zoom == transform.zoom
    for visible, least in in_view(after, picture, viewport):
        assert visible >= least * (1 - 1e-6) - 1e-6


@given(pictures, st.sampled_from([2, 0.5]))
def test_pictures_of_different_sizes_lie_over_each_other_by_relative_position(picture, factor):
    other, viewport = Size(picture.width * factor, picture.height * factor), Size(800, 600)
    one = picture_box(ViewTransform(1.0, 0.3, 0.7, is_fit=False), picture, viewport)
    two = picture_box(ViewTransform(1.0 / factor, 0.3, 0.7, is_fit=False), other, viewport)
    assert math.isclose(one.left, two.left, abs_tol=1e-6)
    assert math.isclose(one.width, two.width, abs_tol=1e-6)


def test_100_percent_is_one_picture_pixel_a_device_pixel():
    box = picture_box(ViewTransform(1.0, is_fit=False), Size(6000, 4000), Size(1440, 900))
    assert (box.width, box.height) == (6000, 4000)


def test_a_picture_without_an_extent_does_no_harm():
    assert fit_zoom(Size(0, 0), Size(100, 100)) == 1.0


@given(st.floats(0.05, 32), st.floats(0.0001, 1))
def test_the_next_stop_is_always_above_until_the_last(zoom, fit):
    above = next_stop(zoom, fit)
    assert above > zoom or math.isclose(above, MAXIMUM, rel_tol=0.001)
    assert above in {*STOPS, fit}


@given(st.floats(0.05, 32), st.floats(0.0001, 1))
def test_the_previous_stop_is_always_below_until_the_first(zoom, fit):
    assume(zoom > STOPS[0] * 1.01)
    assert previous_stop(zoom, fit) < zoom
    assert previous_stop(zoom, fit) in {*STOPS, fit}


@given(st.floats(0.05, STOPS[0]), st.floats(STOPS[0], 1))
def test_zooming_out_by_a_step_never_zooms_in(zoom, fit):
    assert previous_stop(zoom, fit) <= zoom


@given(st.floats(0.0001, 1))
def test_going_up_the_stops_passes_every_stop_and_the_fit(fit):
    zoom, seen = 0.00005, []
    while zoom < MAXIMUM:
        zoom = next_stop(zoom, fit)
        seen.append(zoom)
    assert seen == sorted(set(seen))
    for stop in (*STOPS, fit):
        assert any(math.isclose(stop, each, rel_tol=0.002) for each in seen)


@given(fractions)
def test_the_divider_snaps_shut_close_to_an_edge_and_nowhere_else(fraction):
    snapped = snapped_divider(fraction)
    if fraction <= DIVIDER_SNAP:
        assert snapped == 0
    elif fraction >= 1 - DIVIDER_SNAP:
        assert snapped == 1
    else:
        assert snapped == fraction


@pytest.mark.parametrize(("fraction", "snapped"), [(-0.5, 0), (0.014, 0), (0.02, 0.02), (0.5, 0.5), (1.5, 1)])
def test_the_divider_stays_in_the_viewport(fraction, snapped):
    assert snapped_divider(fraction) == snapped
