"""The sharpness of what is in view, from the display levels of both sides, as marks in a file and numbers.

Runs in the study process.
"""

import uuid
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.core.picture import Display, Level
from sharpen_desktop.core.sharpness import (
    HALO,
    NOISE,
    SHARP,
    ChangeNumbers,
    Sharpness,
    SharpnessWish,
    SideNumbers,
)
from sharpen_desktop.core.study import Area, Preview
from sharpen_desktop.engine.crew import Stopped
from sharpen_desktop.engine.gradients import Plane
from sharpen_desktop.services import sharpness, sharpness_change
from sharpen_desktop.services.sharpness import SHARP_PX, Mask, Side
from sharpen_desktop.services.sharpness_change import Change

HATCH_PX, DOTS_PX = 4, 5
"""Halos are hatched and raised noise is dotted, so that they differ also where colours do not."""
INK_PX = 2

Marks = NDArray[np.uint8]


def measured(wish: SharpnessWish, folder: str, should_stop: Callable[[], bool]) -> Sharpness:
    """Return what is asked for, its marks in a file in a new folder within ``folder``; Stopped passes through.

    OSError when the pixels are gone.
    """
    old = _luma(wish, wish.old, None) if wish.old else None
    new = _luma(wish, wish.new, wish.cover) if wish.new else None
    _check(should_stop)
    numbers: SideNumbers | ChangeNumbers
    if old is not None and new is not None:
        before, after = sharpness.measured_both(old, new)
        _check(should_stop)
        found = sharpness_change.change(before, after)
        marks, numbers = _change_marks(found), _change_numbers(wish, before, after, found)
    elif (luma := old if old is not None else new) is not None:
        side = sharpness.measured(luma)
        width = side.width()
        marks = _marks(side.clear & (width <= SHARP_PX))
        numbers = _side_numbers(wish, side, width)
    else:
        raise ValueError("There is no picture to measure.")
    _check(should_stop)
    return Sharpness(wish, _written(_patterned(marks, wish.marked), Path(folder)), numbers)


def _check(should_stop: Callable[[], bool]) -> None:
    if should_stop():
        raise Stopped


# Pixels


def _luma(wish: SharpnessWish, display: Display, cover: Preview | None) -> Plane:
    """Return the luma of what is measured of a side, 0..255; one of another size is scaled to the wish's."""
    level = min(display.levels, key=lambda each: (each.width < wish.width, abs(each.width - wish.width)))
    part = _part(level, wish)
    if cover is not None:
        _lay(cover, wish, part)
    return np.asarray(cv2.cvtColor(part.astype(np.float32), cv2.COLOR_BGRA2GRAY), np.float32)


def _part(level: Level, wish: SharpnessWish) -> NDArray[np.uint8]:
    """Return what is measured of a level, h×w×4 of the wish's own size; a copy."""
    pixels, area = _pixels(level), wish.marked
    across, down = level.width / wish.width, level.height / wish.height
    left, right = round(area.left * across), round((area.left + area.width) * across)
    top, bottom = round(area.top * down), round((area.top + area.height) * down)
    part = np.array(pixels[top : max(bottom, top + 1), left : max(right, left + 1)])
    return part if part.shape[:2] == (area.height, area.width) else _scaled(part, area.width, area.height)


def _pixels(level: Level) -> NDArray[np.uint8]:
    rows = np.memmap(level.path, np.uint8, "r", shape=(level.height, level.stride // 4, 4))
    return rows.view(np.ndarray)[:, : level.width]


def _scaled(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    is_smaller = width < pixels.shape[1]
    way = cv2.INTER_AREA if is_smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=way), np.uint8)


def _lay(cover: Preview, wish: SharpnessWish, part: NDArray[np.uint8]) -> None:
    """Lay what of a preview falls into a part over it."""
    area, marked, scale = cover.area, wish.marked, wish.scale
    width, height = max(1, round(area.width * scale)), max(1, round(area.height * scale))
    level = min(cover.display.levels, key=lambda each: abs(each.width - width))
    pixels = _pixels(level)
    if (level.width, level.height) != (width, height):
        pixels = _scaled(np.ascontiguousarray(pixels), width, height)
    left, top = round(area.left * scale) - marked.left, round(area.top * scale) - marked.top
    x, y = max(0, left), max(0, top)
    right, bottom = min(marked.width, left + width), min(marked.height, top + height)
    if x < right and y < bottom:
        part[y:bottom, x:right] = pixels[y - top : bottom - top, x - left : right - left]


# Marks


def _change_marks(found: Change) -> Marks:
    marks = np.where(found.raised, np.uint8(NOISE), np.uint8(0))
    marks[found.gained] = SHARP
    marks[_thickened(found.halo)] = HALO
    return marks


def _marks(is_sharp: Mask) -> Marks:
    return np.where(is_sharp, np.uint8(SHARP), np.uint8(0))


def _thickened(mask: Mask) -> Mask:
    """Return a mask one px wider to the right and down: a line of one px is hard to see."""
    return np.asarray(cv2.dilate(mask.view(np.uint8), np.ones((2, 2), np.uint8), anchor=(1, 1)) > 0)


def _patterned(marks: Marks, area: Area) -> Marks:
    """Return marks with gaps by kind, which lie still on the picture whatever of it is measured."""
    rows = np.arange(area.top, area.top + area.height)[:, None]
    columns = np.arange(area.left, area.left + area.width)[None, :]
    is_hatch = (rows + columns) % HATCH_PX < INK_PX
    is_dot = (rows % DOTS_PX < INK_PX) & (columns % DOTS_PX < INK_PX)
    has_gap = ((marks == HALO) & ~is_hatch) | ((marks == NOISE) & ~is_dot)
    return np.where(has_gap, np.uint8(0), marks)


def _written(marks: Marks, folder: Path) -> Level:
    height, width = marks.shape
    stride = -(-width // 4) * 4  # a QImage wants rows of whole 32-bit words
    rows = np.zeros((height, stride), np.uint8)
    rows[:, :width] = marks
    own = folder / f"sharpness-{uuid.uuid4().hex}"
    own.mkdir()
    file = own / "marks.raw"
    file.write_bytes(rows.data)
    return Level(str(file), width, height, stride)


# Numbers


def _change_numbers(wish: SharpnessWish, old: Side, new: Side, found: Change) -> ChangeNumbers:
    seen = _seen(wish)
    part = found.within(seen)
    halos = sharpness_change.halo_share(part)
    noises = [sharpness.noise_of(side.noise[seen], part.flat) for side in (old, new)]
    was, became = noises
    return ChangeNumbers(
        contrast=sharpness_change.contrast_change(part),
        halos=halos[0] if halos else None,
        overshoot=halos[1] if halos else None,
        noise=became / was - 1 if was is not None and became is not None else None,
    )


def _side_numbers(wish: SharpnessWish, side: Side, width: Plane) -> SideNumbers:
    seen = _seen(wish)
    edges = side.clear[seen]
    noise = sharpness.noise_of(side.noise[seen], side.flat[seen])
    if not sharpness.has_edges(edges):
        return SideNumbers(None, None, noise and noise / 255)
    widths = width[seen][edges]
    is_sharp = widths <= SHARP_PX
    return SideNumbers(float(np.median(widths)), float(is_sharp.mean()), noise and noise / 255)


def _seen(wish: SharpnessWish) -> tuple[slice, slice]:
    """Return what is in view of what is measured, as rows and columns."""
    left, top = wish.seen.left - wish.marked.left, wish.seen.top - wish.marked.top
    return slice(top, top + wish.seen.height), slice(left, left + wish.seen.width)
