"""A surface paints roughly what a frame has no time for, and well what is left when there is time."""

import time

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor

from sharpen_desktop.core.view_transform import Box
from sharpen_desktop.ui.canvas.surface import Surface

pytestmark = pytest.mark.usefixtures("qapp")
VIEW = QSize(400, 300)
WHOLE = QRect(0, 0, 400, 300)
WELL, ROUGH = QColor("#00C000"), QColor("#C00000")
BOX = Box(-50, -40, 1000, 800)


class Filling:
    """Paints green well and red roughly, and notes what it was asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, painter, part, is_quick):
        self.asked.append((part, is_quick))
        painter.fillRect(part, ROUGH if is_quick else WELL)

    @property
    def well_px(self):
        return sum(part.width() * part.height() for part, is_quick in self.asked if not is_quick)


def seen(image):
    return {QColor(image.pixel(x, y)).name() for x in range(0, 400, 7) for y in range(0, 300, 7)}


def later(seconds=10.0):
    return time.perf_counter() + seconds


def moved(dx, dy):
    return Box(BOX.left + dx, BOX.top + dy, BOX.width, BOX.height)


def test_a_small_viewport_is_painted_well_at_once():
    surface, fill = Surface(at_once_px=400 * 300), Filling()
    assert seen(surface.draw("key", BOX, VIEW, WHOLE, fill)) == {WELL.name()}
    assert not surface.is_rough


def test_a_large_one_is_painted_roughly_at_once_and_well_between_the_frames_to_be_seen_as_a_whole():
    surface, fill = Surface(at_once_px=1000), Filling()
    assert seen(surface.draw("key", BOX, VIEW, WHOLE, fill)) == {ROUGH.name()}
    assert surface.is_rough
    assert not surface.refine(later(0))
    assert seen(surface.draw("key", BOX, VIEW, WHOLE, fill)) == {ROUGH.name()}
    assert surface.refine(later())
    assert seen(surface.draw("key", BOX, VIEW, WHOLE, fill)) == {WELL.name()}
    assert surface.refine(later())


def test_a_slice_ends_when_its_time_is_over_and_the_next_goes_on_there():
    surface, fill = Surface(at_once_px=0), Filling()
    view, whole = QSize(4000, 1000), QRect(0, 0, 4000, 1000)
    surface.draw("key", BOX, view, whole, fill)
    slices = 0
    while not surface.refine(time.perf_counter() + 0.0002):
        slices += 1
    assert slices >= 1
    assert fill.well_px == 4000 * 1000


def test_a_pan_paints_the_strips_it_lays_open_and_nothing_else():
    surface, fill = Surface(at_once_px=20_000), Filling()
    surface.draw("key", BOX, VIEW, WHOLE, fill)
    surface.refine(later())
    fill.asked.clear()
    assert seen(surface.draw("key", moved(-20, 10), VIEW, WHOLE, fill)) == {WELL.name()}
    assert fill.well_px == 20 * 300 + 10 * 400 - 20 * 10


def test_a_pan_while_it_is_rough_moves_what_is_rough_along_and_all_becomes_well():
    surface, fill = Surface(at_once_px=20_000), Filling()
    surface.draw("key", BOX, VIEW, WHOLE, fill)
    assert not surface.refine(later(0))
    image = surface.draw("key", moved(30, 0), VIEW, WHOLE, fill)
    assert QColor(image.pixel(10, 100)).name() == WELL.name()
    assert QColor(image.pixel(200, 100)).name() == ROUGH.name()
    assert surface.refine(later())
    assert seen(surface.draw("key", moved(30, 0), VIEW, WHOLE, fill)) == {WELL.name()}


def test_what_is_rough_in_one_place_is_painted_well_where_it_has_been_moved_to():
    surface, fill = Surface(at_once_px=20_000), Filling()
    surface.draw("key", BOX, VIEW, WHOLE, fill)
    surface.refine(later())
    surface.draw("key", moved(-100, 0), VIEW, WHOLE, fill)
    assert seen(surface.draw("key", moved(-130, 0), VIEW, WHOLE, fill)) == {WELL.name(), ROUGH.name()}
    assert surface.refine(later())
    assert seen(surface.draw("key", moved(-130, 0), VIEW, WHOLE, fill)) == {WELL.name()}


def test_what_was_rendered_beyond_what_is_wanted_now_is_kept():
    surface, fill = Surface(at_once_px=400 * 300), Filling()
    surface.draw("key", BOX, VIEW, WHOLE, fill)
    fill.asked.clear()
    surface.draw("key", BOX, VIEW, QRect(0, 0, 200, 300), fill)
    surface.draw("key", BOX, VIEW, WHOLE, fill)
    assert fill.asked == []


def test_another_key_or_size_is_painted_anew():
    surface, fill = Surface(at_once_px=400 * 300), Filling()
    surface.draw("key", BOX, VIEW, WHOLE, fill)
    for key, box in (("other", BOX), ("other", Box(BOX.left, BOX.top, 2000, 1600))):
        fill.asked.clear()
        surface.draw(key, box, VIEW, WHOLE, fill)
        assert fill.well_px == 400 * 300


def test_a_pane_that_ends_within_a_pixel_leaves_no_seam_when_it_is_moved():
    surface, fill = Surface(at_once_px=400 * 300), Filling()
    wider = QRect(0, 0, 401, 301)
    surface.draw("key", BOX, VIEW, wider, fill)
    image = surface.draw("key", moved(-9, -9), VIEW, wider, fill)
    assert {QColor(image.pixel(x, y)).name() for x in (390, 391, 399) for y in (290, 291, 299)} == {
        WELL.name()
    }
