"""A surface paints roughly what a frame has no time for, and well what is left when there is time."""

import random
import time

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from sharpen_desktop.core.view_transform import Box
from sharpen_desktop.ui.canvas.joint_layer import JointLayer, Part
from sharpen_desktop.ui.canvas.layer import Content
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


def shown_image(surface, asked):
    canvas = QImage(VIEW, QImage.Format.Format_RGB32)
    canvas.fill(QColor("#0000C0"))
    painter = QPainter(canvas)
    surface.show(painter, asked)
    painter.end()
    return canvas


def shown_by(surface, asked):
    return seen(shown_image(surface, asked))


def test_what_is_new_all_over_is_shown_roughly_at_once_and_well_when_all_of_it_is():
    surface, fill = Surface(at_once_px=20_000), Filling()
    asked = ("key", BOX, VIEW, WHOLE, fill, [])
    assert shown_by(surface, asked) == {ROUGH.name()}
    assert surface.is_rough
    assert not surface.refine(later(0))
    assert shown_by(surface, asked) == {ROUGH.name()}
    assert surface.refine(later())
    fill.asked.clear()
    assert shown_by(surface, asked) == {WELL.name()}
    assert shown_by(surface, ("key", moved(-20, 10), VIEW, WHOLE, fill, [])) == {WELL.name()}
    assert fill.well_px == 20 * 300 + 10 * 400 - 20 * 10


def test_showing_the_same_again_does_not_begin_to_paint_it_well_from_the_start():
    surface, fill = Surface(at_once_px=0), Filling()
    view, whole = QSize(4000, 1000), QRect(0, 0, 4000, 1000)
    canvas = QImage(view, QImage.Format.Format_RGB32)
    is_done, painted = False, 0
    while not is_done and painted < 1000:
        painter = QPainter(canvas)
        surface.show(painter, ("key", BOX, view, whole, fill, []))
        painter.end()
        is_done = surface.refine(time.perf_counter() + 0.0002)
        painted += 1
    assert is_done
    assert painted > 1
    assert fill.well_px == 4000 * 1000


@pytest.mark.parametrize("change", ["stale", "key", "box"])
def test_what_has_changed_while_it_was_painted_well_is_painted_again(change):
    surface, old, new = Surface(at_once_px=1000), Patterned(BOX, 1), Patterned(BOX, 2)
    box = moved(5, 0) if change == "box" else BOX

    def slow(painter, part, is_quick):
        old.at(BOX)(painter, part, is_quick)
        until = later(0.05)
        while time.perf_counter() < until:
            pass

    shown_by(surface, ("key", BOX, VIEW, WHOLE, slow, []))
    assert not surface.refine(later(0.04))  # one slice
    key, stale = "other" if change == "key" else "key", [QRect(0, 0, 400, 50)] if change == "stale" else []
    shown_by(surface, (key, box, VIEW, WHOLE, new.at(box), stale))
    assert surface.refine(later())
    drawn = surface.draw(key, box, VIEW, WHOLE, new.at(box)).copy()
    assert drawn == Surface(10**6).draw("key", box, VIEW, WHOLE, new.at(box))


class Patterned:
    """Paints a picture whose every pixel is another one, at its place in the viewport."""

    def __init__(self, box, seed):
        self.box = box
        chance = random.Random(seed)
        self.image = QImage(500, 420, QImage.Format.Format_RGB32)
        for x in range(500):
            for y in range(0, 420, 7):
                self.image.setPixel(x, y, chance.getrandbits(24) | 0xFF000000)
                for down in range(1, 7):
                    self.image.setPixel(x, y + down, self.image.pixel(x, y) ^ down)

    def at(self, box):
        def fill(painter, part, is_quick):
            painter.fillRect(part, ROUGH)
            painter.drawImage(round(box.left), round(box.top), self.image)

        return fill


def walk(seed, steps=60):
    """Places of the picture one after another: strolls, and leaps across the whole viewport."""
    chance, left, top = random.Random(seed), -50, -40
    for _ in range(steps):
        far = chance.choice((3, 40, 390))
        left = min(380, max(-480, left + chance.randint(-far, far)))
        top = min(280, max(-400, top + chance.randint(-far, far)))
        yield Box(left, top, 500, 420), chance.randint(0, 400)


@pytest.mark.parametrize("seed", range(3))
def test_wherever_the_picture_was_moved_it_is_seen_as_if_it_had_always_been_there(seed):
    surface, picture = Surface(at_once_px=400 * 300), Patterned(BOX, seed)
    for box, _ in walk(seed):
        moved_there = surface.draw("key", box, VIEW, WHOLE, picture.at(box))
        assert (
            moved_there == Surface(at_once_px=400 * 300).draw("key", box, VIEW, WHOLE, picture.at(box)).copy()
        )


@pytest.mark.parametrize("at_once_px", [0, 20_000, 400 * 300])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_shown_between_moves_and_moments_of_rest_is_as_if_it_had_always_been_there(seed, at_once_px):
    surface, picture, chance = Surface(at_once_px), Patterned(BOX, seed), random.Random(seed)
    for box, number in walk(seed, steps=90):
        key = number // 380  # now and then another one, as at another zoom
        asked = (key, box, VIEW, WHOLE, picture.at(box), [])
        assert shown_image(surface, asked) == Surface(10**6).draw(*asked).copy()
        chance.choice((surface.lay_in, lambda: surface.refine(later()), lambda: None))()


def test_what_a_pan_shows_after_a_zoom_is_kept_for_the_next_one():
    surface, fill = Surface(at_once_px=20_000), Filling()
    shown_by(surface, ("key", BOX, VIEW, WHOLE, fill, []))
    assert not surface.is_bare  # the next frame is likely to have another zoom
    shown_by(surface, ("key", moved(5, 0), VIEW, WHOLE, fill, []))
    assert surface.is_bare
    surface.lay_in()
    assert not surface.is_bare
    fill.asked.clear()
    shown_by(surface, ("key", moved(10, 0), VIEW, WHOLE, fill, []))
    assert sum(part.width() * part.height() for part, _ in fill.asked) == 5 * 300
    assert surface.refine(later())
    assert shown_by(surface, ("key", moved(10, 0), VIEW, WHOLE, fill, [])) == {WELL.name()}


def halves(line, is_turned):
    """Two pictures in one place, parted by a line."""
    if is_turned:
        return [(QRect(0, 0, 400, line), QPoint(0, 0)), (QRect(0, line, 400, 300 - line), QPoint(0, 0))]
    return [(QRect(0, 0, line, 300), QPoint(0, 0)), (QRect(line, 0, 400 - line, 300), QPoint(0, 0))]


def beside(_line, is_turned):
    """Two pictures beside each other (or one below the other), and a gap between them."""
    if is_turned:
        return [(QRect(0, 0, 400, 149), QPoint(0, 0)), (QRect(0, 151, 400, 149), QPoint(0, 151))]
    return [(QRect(0, 0, 199, 300), QPoint(0, 0)), (QRect(201, 0, 199, 300), QPoint(201, 0))]


def four(_line, _is_turned):
    """Four pictures."""
    corners = [QPoint(x, y) for y in (0, 151) for x in (0, 201)]
    return [(QRect(corner, QSize(199, 149)), corner) for corner in corners]


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("layout", [halves, beside, four])
def test_whatever_line_and_picture_did_each_pane_shows_its_own_picture(layout, is_turned):
    joint, pictures = JointLayer(), [Patterned(BOX, seed) for seed in range(4)]
    for number, (box, place) in enumerate(walk(7)):
        panes = layout(min(place, 300) if is_turned else place, is_turned)
        lying = [
            replace_box(box, number // 20 * index) for index in range(4)
        ]  # now and then one is moved alone
        contents = [Content(id(each), at, each.at(at)) for each, at in zip(pictures, lying, strict=True)]
        parts = [Part(*pane, content, QRect()) for pane, content in zip(panes, contents, strict=False)]
        drawn = joint.surface.draw(*joint.asked(parts, VIEW, "#123456"))
        seen_gap = QImage(VIEW, QImage.Format.Format_RGB32)
        seen_gap.fill(QColor("#123456"))
        for part in parts:
            alone = Surface(10**6).draw("key", part.content.box, VIEW, WHOLE, part.content.fill)
            painter = QPainter(seen_gap)
            painter.drawImage(part.where.topLeft(), alone, part.where.translated(-part.origin))
            painter.end()
        assert drawn.copy() == seen_gap


def replace_box(box, by):
    return Box(box.left + by, box.top, box.width, box.height)


def test_what_is_painted_over_one_pane_is_painted_again_there_and_nowhere_else():
    joint, pictures = JointLayer(), [Filling(), Filling()]
    for stale in (QRect(), QRect(10, 20, 30, 40)):
        for each in pictures:
            each.asked.clear()
        contents = [Content(0, BOX, each) for each in pictures]
        panes = beside(0, is_turned=False)
        parts = [
            Part(*pane, content, area)
            for pane, content, area in zip(panes, contents, (QRect(), stale), strict=True)
        ]
        joint.surface.draw(*joint.asked(parts, VIEW, "#123456"))
    assert pictures[0].asked == []
    assert [part for part, _ in pictures[1].asked] == [stale]
