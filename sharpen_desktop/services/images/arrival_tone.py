"""Whether a result has the colours of the photo it was made from: cast, brightness, burnt-out and sunken parts.

Sharpening lifts what is brighter than its surroundings and deepens what is darker, and where it works on encoded
values it shifts the mean light of a texture. Both are measured along and taken out: a robust fit over many small
blocks says what remains of a block that is like its surroundings and has no texture.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.core.arrival import Gains
from sharpen_desktop.engine.transfer import SRGB
from sharpen_desktop.services.images.arrival_looks import Floats

RED, GREEN, BLUE = range(3)
LEAST_CAST = 0.02
LEAST_BRIGHTNESS = 0.05
WINDOW_PX = 128
BLOCK_PX = 8

_LEAST_CLIPPED = 0.01
_SURROUNDINGS = 2.0
"""In blocks, standard deviation: about as far as sharpening reaches."""
_DARKEST, _BRIGHTEST = 0.12, 0.9
"""Means of blocks that count; outside, single steps of 8 bits or the end of the range decide."""
_LOWEST, _HIGHEST = 3 / 255, 252 / 255
"""A block with a value outside may have been cut off."""
_ENOUGH_BLOCKS = 150
_WHITE, _NEARLY_WHITE = 254.4 / 255, 249 / 255
_BLACK, _NEARLY_BLACK = 0.6 / 255, 6 / 255
_BROAD = 5
"""In pixels of a small copy: newly clipped parts that are narrower are halos of sharpening."""
_WARMER = ("redder", "greener", "bluer")
_COOLER = ("more cyan", "more magenta", "yellower")


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks that both pictures show, n×3 (R, G, B): what has become of their encoded means.

    ``ratio``: logarithm of after / before in linear light; ``contrast``: of the block before with its surroundings,
    ``texture``: growth of its variance, both relative to the mean. ``is_used``: whether it tells anything.
    """

    ratio: NDArray[Any]
    contrast: NDArray[Any]
    texture: NDArray[Any]
    is_used: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tone:
    """By how much a result is brighter in R, G and B; how far single blocks are from that, in brightness and hue."""

    gains: Gains
    brightness_deviation: float
    cast_deviation: float

    @property
    def cast_note(self) -> str:
        """A sentence about the colour cast, empty when there is no clear one."""
        middle = sorted(self.gains)[1]
        away = [gain / middle - 1 for gain in self.gains]
        cast = math.log(max(self.gains) / min(self.gains))
        if cast < max(LEAST_CAST, self.cast_deviation):
            return ""
        channel = max(range(3), key=lambda each: abs(away[each]))
        word = (_WARMER if away[channel] > 0 else _COOLER)[channel]
        return f"The result is {_percent(away[channel])} {word} than the photo."

    @property
    def brightness_note(self) -> str:
        """A sentence about a change of brightness, empty when there is no clear one."""
        change = sorted(self.gains)[1] - 1
        if abs(change) < max(LEAST_BRIGHTNESS, 1.5 * self.brightness_deviation):
            return ""
        return f"The result is {_percent(change)} {'brighter' if change > 0 else 'darker'} than the photo."


def measured(pairs: Iterable[tuple[Floats, Floats]]) -> Tone | None:
    """Return the tone of a result beside its photo's, ``None`` when too little can be compared.

    ``pairs``: windows of the photo and of the result that show the same, H×W×3.
    """
    windows = [_blocks_of(sent, came) for sent, came in pairs]
    if not windows:
        return None
    blocks = Blocks(*(np.concatenate([getattr(each, name) for each in windows]) for name in Blocks.__slots__))
    green = _fitted(blocks, (GREEN,))
    red, blue = _fitted(blocks, (RED, GREEN)), _fitted(blocks, (BLUE, GREEN))
    if green is None or red is None or blue is None:
        return None
    logarithms = green[0] + red[0], green[0], green[0] + blue[0]
    gains = math.exp(logarithms[0]), math.exp(logarithms[1]), math.exp(logarithms[2])
    return Tone(gains, green[1], max(red[1], blue[1]))


def clipping_notes(sent: Floats, came: Floats, is_whole: NDArray[np.bool_]) -> list[str]:
    """Return sentences about broad parts that are white or black only in the result; of small copies, h×w×3."""
    burnt = ((came >= _WHITE) & (sent < _NEARLY_WHITE)).any(axis=-1) & is_whole
    sunken = ((came <= _BLACK) & (sent > _NEARLY_BLACK)).any(axis=-1) & is_whole
    whole = max(1, int(is_whole.sum()))
    return [
        f"{_percent(share)} of the result has lost its {what} tones, which the photo has."
        for part, what in ((burnt, "brightest"), (sunken, "darkest"))
        if (share := _broad(part) / whole) > _LEAST_CLIPPED
    ]


def _broad(part: NDArray[np.bool_]) -> int:
    """Return how many pixels of a part lie in places that are broad both ways."""
    square = np.ones((_BROAD, _BROAD), np.uint8)
    return int(cv2.morphologyEx(part.astype(np.uint8), cv2.MORPH_OPEN, square).sum())


def _percent(share: float) -> str:
    return f"{100 * abs(share):.0f} %"


def _blocks_of(sent: Floats, came: Floats) -> Blocks:
    """Return the blocks of one window."""
    (before, variance_before, is_cut_before), (after, variance_after, is_cut_after) = map(
        _moments, (sent, came)
    )
    is_used = (before > _DARKEST) & (before < _BRIGHTEST) & ~is_cut_before & ~is_cut_after
    around = cv2.GaussianBlur(before, (0, 0), _SURROUNDINGS, borderType=cv2.BORDER_REFLECT)
    ratio = np.log(np.maximum(SRGB.decode(after), 1e-4) / np.maximum(SRGB.decode(before), 1e-4))
    contrast = (before - around) / np.maximum(before, _DARKEST)
    texture = (variance_after - variance_before) / np.maximum(before, _DARKEST) ** 2
    return Blocks(*(values.reshape(-1, 3) for values in (ratio, contrast, texture, is_used)))


def _moments(window: Floats) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
    """Return each block's mean, its variance, and whether values in it may have been cut off; rows×columns×3."""
    rows, columns = (side // BLOCK_PX for side in window.shape[:2])
    window = np.ascontiguousarray(window[: rows * BLOCK_PX, : columns * BLOCK_PX])
    mean, square, cut = (
        np.asarray(cv2.resize(values, (columns, rows), interpolation=cv2.INTER_AREA))
        for values in (window, window * window, ((window < _LOWEST) | (window > _HIGHEST)).astype(np.float32))
    )
    return mean, square - mean * mean, cut > 0


def _fitted(blocks: Blocks, channels: tuple[int, ...]) -> tuple[float, float] | None:
    """Return the log gain of blocks without contrast or texture, and the median deviation of the fit.

    Of one channel, or of one against another: what sharpening does to both cancels out. ``None`` for too few.
    """
    is_used = blocks.is_used[:, channels].all(axis=1)
    if int(is_used.sum()) < _ENOUGH_BLOCKS:
        return None

    def of(values: NDArray[Any]) -> NDArray[Any]:
        used = values[is_used][:, channels]
        return np.asarray(used[:, 0] - used[:, 1] if len(channels) == 2 else used[:, 0], np.float64)

    ratio = of(blocks.ratio)
    terms = np.stack([np.ones_like(ratio), of(blocks.contrast), of(blocks.texture)], axis=1)
    weight, rest, factors = np.ones_like(ratio), ratio, np.zeros(3)
    for _ in range(8):
        weighted = terms * weight[:, None]
        factors = np.linalg.solve(weighted.T @ terms + 1e-9 * np.eye(3), weighted.T @ ratio)
        rest = np.abs(ratio - terms @ factors)
        reach = 4 * (1.4826 * float(np.median(rest)) + 1e-4)
        weight = np.maximum(0, 1 - (rest / reach) ** 2) ** 2  # Tukey's biweight
    return float(factors[0]), float(np.median(rest))
