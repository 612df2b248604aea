"""The check of a result that has come: whether it is of the photo, of its size, in its place, in its colours.

Notes are plain sentences, and sharpening alone never causes one. Floats copies and windows are looked at, so that
24 megapixels take a second and little memory.
"""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.core.arrival import Arrival, Gains, Shift
from sharpen_desktop.core.picture import Master
from sharpen_desktop.services.images import arrival_shift, arrival_tone, picture_pixels
from sharpen_desktop.services.images.arrival_looks import Looks, pairs, small_looks
from sharpen_desktop.services.images.picture_pixels import Picture

LEAST_SHIFT_PX = 0.75

Size = tuple[int, int]
"""Width and height in pixels."""

_SAME_SHAPE = 0.01
_THUMB_PX = 48
_LOOKED_AT_PX = 400
_ALIKE, _MORE_ALIKE = 0.6, 0.25
"""Correlations of tiny copies; those of a photo and its result are above 0.9."""
_FLAT = 0.02
_SEEN, _ENOUGH_SEEN = 0.99, 100
"""Alpha of a tiny copy's pixel that counts, and how many of them say something."""
_STRANGE = "The result does not look like the photo."
_TURNS = (
    "",
    "The result is turned by 90° to the left.",
    "The result is turned by 180°.",
    "The result is turned by 90° to the right.",
)


def compare(sent_as: Master, came_as: Master) -> Arrival:
    """Return what is not as it should be with a result, and what of it can be taken back."""
    sent, came = picture_pixels.load(sent_as), picture_pixels.load(came_as)
    turn, is_alike = _turn(sent, came)
    rest = (
        *_size_notes(_size(sent), _size(came, turn)),
        *_alpha_notes(sent, came),
        *_depth_notes(sent, came),
    )
    if turn:
        return Arrival((_TURNS[turn], *rest))
    looks = small_looks(sent, came) if _is_same_shape(_size(sent), _size(came)) else None
    if looks is None:
        return Arrival(rest if is_alike else (_STRANGE, *rest))
    shift = _shift(sent, came, looks)
    if not is_alike and shift is None:
        return Arrival((_STRANGE, *rest))
    place = shift or (0.0, 0.0)
    gains, tone_notes = _tone(sent, came, place)
    return Arrival((*_shift_notes(shift), *tone_notes, *_clipping(looks, place), *rest), shift, gains)


# Size, alpha, depth


def _size(picture: Picture, quarters: int = 0) -> Size:
    height, width = picture.pixels.shape[:2]
    return (height, width) if quarters % 2 else (width, height)


def _size_notes(sent: Size, came: Size) -> list[str]:
    if came == sent:
        return []
    shape = "" if _is_same_shape(sent, came) else " Its proportions differ, too."
    return [f"The result is {came[0]} × {came[1]}, the photo {sent[0]} × {sent[1]}.{shape}"]


def _is_same_shape(sent: Size, came: Size) -> bool:
    """Whether the sides have the same proportion, but for rounding to whole pixels."""
    return abs(math.log(came[0] * sent[1] / (came[1] * sent[0]))) < max(_SAME_SHAPE, 1 / min(came))


def _alpha_notes(sent: Picture, came: Picture) -> list[str]:
    was_see_through, is_see_through = _is_see_through(sent), _is_see_through(came)
    if was_see_through and not is_see_through:
        return ["The photo's see-through parts are not see-through in the result."]
    if is_see_through and not was_see_through:
        return ["Parts of the result are see-through, and none of the photo."]
    return []


def _is_see_through(picture: Picture) -> bool:
    return picture.alpha is not None and int(picture.alpha.min()) < np.iinfo(picture.alpha.dtype).max


def _depth_notes(sent: Picture, came: Picture) -> list[str]:
    if sent.pixels.dtype == np.uint16 and came.pixels.dtype == np.uint8:
        return ["The result has 8 of the photo's 16 bits a channel."]
    return []


# Is it the photo, and upright?


def _turn(sent: Picture, came: Picture) -> tuple[int, bool]:
    """Return by how many quarters the result is turned to the left, and whether it looks like the photo."""
    first, second = _thumb(sent.pixels), _thumb(came.pixels)
    is_seen = np.ones(first.shape, bool) if sent.alpha is None else _thumb(sent.alpha) > _SEEN
    first = first[is_seen]
    if len(first) < _ENOUGH_SEEN:
        return 0, True
    likeness = [_likeness(first, np.rot90(second, -quarters)[is_seen]) for quarters in range(4)]
    best = max(range(4), key=lambda quarters: likeness[quarters])
    if best and likeness[best] >= _ALIKE and likeness[best] >= likeness[0] + _MORE_ALIKE:
        return best, True
    return 0, likeness[0] >= _ALIKE or float(first.std()) < _FLAT


def _thumb(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """Return a tiny square grey copy, 0–1; of some of the pixels, because it need not be exact."""
    step = max(1, min(pixels.shape[:2]) // _LOOKED_AT_PX)
    pixels = np.ascontiguousarray(pixels[::step, ::step])
    small = arrival_shift.grey(cv2.resize(pixels, (_THUMB_PX, _THUMB_PX), interpolation=cv2.INTER_AREA))
    return np.asarray(cv2.GaussianBlur(small / np.float32(255), (0, 0), 1.0), np.float32)


def _likeness(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Return the correlation of two tiny copies, -1 to 1; 0 when one of them is flat."""
    deviation = float(first.std() * second.std())
    together = float(((first - first.mean()) * (second - second.mean())).mean())
    return together / deviation if deviation > 1e-9 else 0.0


# Place


def _shift(sent: Picture, came: Picture, looks: Looks) -> Shift | None:
    """Return a shift that is clear and worth a word; of pictures of one size without see-through parts."""
    if sent.pixels.shape[:2] != came.pixels.shape[:2] or not looks.is_whole.all():
        return None
    rough = arrival_shift.rough_shift(*looks.grey)
    for right, down in dict.fromkeys((rough, (0.0, 0.0))):
        look = right * looks.factor, down * looks.factor
        shift = arrival_shift.common_shift(sent.pixels, came.pixels, look, 2 * looks.factor + 4)
        if shift is not None:
            return shift if math.hypot(*shift) >= LEAST_SHIFT_PX else None
    return None


def _shift_notes(shift: Shift | None) -> list[str]:
    if shift is None:
        return []
    (right, down), parts = shift, []
    if abs(right) >= 0.05:
        parts.append(f"{abs(right):.1f} pixels to the {'right' if right > 0 else 'left'}")
    if abs(down) >= 0.05:
        parts.append(f"{abs(down):.1f} {'' if parts else 'pixels '}{'down' if down > 0 else 'up'}")
    return [f"The result is shifted by {' and '.join(parts)}."]


# Colour


def _tone(sent: Picture, came: Picture, shift: Shift) -> tuple[Gains | None, list[str]]:
    """Return the gains that can be taken back, and what there is to say about colours."""
    tone = arrival_tone.measured(pairs(sent, came, shift, arrival_tone.WINDOW_PX))
    if tone is None:
        return None, []
    said = [note for note in (tone.cast_note, tone.brightness_note) if note]
    return (tone.gains if said else None), said


def _clipping(looks: Looks, shift: Shift) -> list[str]:
    sent, came, is_whole = looks.in_place(shift)
    return arrival_tone.clipping_notes(sent, came, is_whole)
