"""What the arrival check looks at: two pictures scaled down to one size, and windows that show the same place."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.core.arrival import Shift
from sharpen_desktop.services.images import colour
from sharpen_desktop.services.images.picture_pixels import Picture

Floats = NDArray[np.float32]
"""sRGB as encoded, 0–1, H×W×3."""

_SMALL_PIXELS = 1_000_000
_LEAST_FACTOR = 4
"""Each pixel of a small copy is the mean of so many, on each side: a halo does not fill it."""
_LEAST_SIDE_PX = 24
_WHOLE = 254.5 / 255
_WINDOWS_A_SIDE = 8


@dataclass(frozen=True, slots=True)
class Looks:
    """Both pictures scaled to one size, which is ``factor`` times smaller; ``is_whole``: h×w, nothing see-through."""

    sent: Floats
    came: Floats
    is_whole: NDArray[np.bool_]
    factor: int

    @property
    def grey(self) -> tuple[Floats, Floats]:
        """Both as grey of 0–255, h×w."""
        first, second = (
            np.asarray(cv2.cvtColor(each, cv2.COLOR_RGB2GRAY)) for each in (self.sent, self.came)
        )
        return first * np.float32(255), second * np.float32(255)

    def in_place(self, shift: Shift) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Return the parts that show the same, for a result that lies ``shift`` (in its pixels) beside the photo."""
        right, down = (round(part / self.factor) for part in shift)
        height, width = self.is_whole.shape
        first = np.s_[max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)]
        second = np.s_[max(0, down) : height - max(0, -down), max(0, right) : width - max(0, -right)]
        return self.sent[first], self.came[second], self.is_whole[first] & self.is_whole[second]


def small_looks(sent: Picture, came: Picture) -> Looks | None:
    """Return pictures of one proportion scaled down; ``None`` when there is too little of them."""
    pixels = max(math.prod(each.pixels.shape[:2]) for each in (sent, came))
    factor = max(_LEAST_FACTOR, math.ceil(math.sqrt(pixels / _SMALL_PIXELS)))
    height, width = (
        min(sides) // factor for sides in zip(sent.pixels.shape[:2], came.pixels.shape[:2], strict=True)
    )
    if min(height, width) < _LEAST_SIDE_PX:
        return None
    size = width, height
    return Looks(_small(sent, size), _small(came, size), _whole(sent, size) & _whole(came, size), factor)


def pairs(sent: Picture, came: Picture, shift: Shift, side: int) -> Iterator[tuple[Floats, Floats]]:
    """Yield windows of ``side`` pixels of both that show the same place, spread over what both show.

    None of pictures of two sizes, and none that is see-through anywhere.
    """
    (height, width), (right, down) = sent.pixels.shape[:2], (round(part) for part in shift)
    if came.pixels.shape[:2] != (height, width):
        return
    of_sent, of_came = _converter(sent), _converter(came)
    for top in _starts(height, down, side):
        for left in _starts(width, right, side):
            first = np.s_[top : top + side, left : left + side]
            second = np.s_[top + down : top + down + side, left + right : left + right + side]
            if _is_opaque(sent, first) and _is_opaque(came, second):
                yield of_sent(sent.pixels[first]), of_came(came.pixels[second])


def _starts(length: int, step: int, side: int) -> list[int]:
    """Return where windows begin that lie within both, when the second begin ``step`` later."""
    first, last = max(0, -step), length - side - max(0, step)
    count = min(_WINDOWS_A_SIDE, max(1, (last - first) // side + 1))
    return [int(start) for start in np.linspace(first, last, count)] if last >= first else []


def _is_opaque(picture: Picture, place: tuple[slice, slice]) -> bool:
    return picture.alpha is None or int(picture.alpha[place].min()) == np.iinfo(picture.alpha.dtype).max


def _small(picture: Picture, size: tuple[int, int]) -> Floats:
    """Return a copy of ``size`` (width, height) in sRGB, 0–1."""
    return _converter(picture)(np.asarray(cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA)))


def _converter(picture: Picture) -> Callable[[NDArray[Any]], Floats]:
    """Return a function from pixels of this picture to sRGB, 0–1, H×W×3."""
    profile = colour.read_profile(picture.profile)
    needed = None if profile is None or colour.is_srgb(profile) else profile
    most = np.float32(np.iinfo(picture.pixels.dtype).max)

    def in_srgb(pixels: NDArray[Any]) -> Floats:
        plain = pixels if needed is None else colour.to_srgb(pixels, needed)
        coloured = np.repeat(plain[..., None], 3, axis=2) if plain.ndim == 2 else plain
        return np.asarray(coloured, np.float32) / most

    return in_srgb


def _whole(picture: Picture, size: tuple[int, int]) -> NDArray[np.bool_]:
    if picture.alpha is None:
        return np.ones(size[::-1], bool)
    small = np.asarray(cv2.resize(picture.alpha, size, interpolation=cv2.INTER_AREA))
    return np.asarray(small >= _WHOLE * np.iinfo(picture.alpha.dtype).max)
