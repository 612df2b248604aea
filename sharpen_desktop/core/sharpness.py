"""Where the pictures in view are sharp, and what has changed between them: what is asked, what came of it. Values only."""

from dataclasses import dataclass
from math import log2
from typing import Literal

from sharpen_desktop.core.picture import Display, Level
from sharpen_desktop.core.study import Area, Preview

Overlay = Literal["off", "before", "after", "change"]
MOST_MEGAPIXELS = 2.6
"""Where the nearest display level has more than this in view, the next smaller one is measured."""
MARGIN_PX = 64
"""So much round what is in view is measured with it: what lies beside an edge counts, and a small pan shows marks."""
SHARP, HALO, NOISE = 1, 2, 3
"""What a byte of the marks says; 0 where there is nothing to mark. In a change ``SHARP`` is what became sharper."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a picture is in view: fractions of it, 0–1, and how many device pixels a picture pixel takes."""

    left: float
    top: float
    width: float
    height: float
    zoom: float


@dataclass(frozen=True, slots=True)
class SharpnessWish:
    """What is to be measured: both sides for a change, else one and ``None``; ``cover``: a preview over the new one.

    ``width`` and ``height``: of the whole picture at the display level that is measured. ``seen``: what of it is in
    view. ``scale``: that level's pixels a picture pixel, 0–1.
    """

    photo_id: str
    overlay: Overlay
    old: Display | None
    new: Display | None
    cover: Preview | None
    width: int
    height: int
    seen: Area
    scale: float

    @property
    def marked(self) -> Area:
        """What is measured: what is in view and what lies round it."""
        left, top = max(0, self.seen.left - MARGIN_PX), max(0, self.seen.top - MARGIN_PX)
        right = min(self.width, self.seen.left + self.seen.width + MARGIN_PX)
        bottom = min(self.height, self.seen.top + self.seen.height + MARGIN_PX)
        return Area(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class SideNumbers:
    """One picture: the median width of its edges (10 to 90 %, px), which part is sharp, noise (1 is white).

    ``None`` where too few pixels in view tell.
    """

    edge_width: float | None
    sharp: float | None
    noise: float | None


@dataclass(frozen=True, slots=True)
class ChangeNumbers:
    """Two pictures, all as parts of 1; ``None`` where too few pixels in view tell.

    ``contrast`` gained at edges; ``halos``: of edges, ``overshoot``: how far these go, of the contrast around;
    ``noise`` gained in flat areas.
    """

    contrast: float | None
    halos: float | None
    overshoot: float | None
    noise: float | None


@dataclass(frozen=True, slots=True)
class Sharpness:
    """An answer: ``marks`` are bytes over ``wish.marked``, ``numbers`` are of ``wish.seen`` alone."""

    wish: SharpnessWish
    marks: Level
    numbers: SideNumbers | ChangeNumbers


def sharpness_wish(
    photo_id: str,
    overlay: Overlay,
    old: Display | None,
    new: Display | None,
    cover: Preview | None,
    sight: Sight,
) -> SharpnessWish | None:
    """Return what is to be measured on the display level nearest to what is seen; ``None`` for an empty view."""
    shown = old or new
    if shown is None:
        return None
    by_fit = sorted(shown.levels, key=lambda level: _distance(level.width / shown.width, sight.zoom))
    nearest = by_fit[0]
    smaller = [level for level in shown.levels if level.width <= nearest.width]
    share = sight.width * sight.height
    fitting = [each for each in smaller if each.width * each.height * share <= MOST_MEGAPIXELS * 1e6]
    level = max(fitting or smaller[-1:], key=lambda each: each.width)
    seen = _seen(level, sight)
    if seen is None:
        return None
    scale = level.width / shown.width
    return SharpnessWish(photo_id, overlay, old, new, cover, level.width, level.height, seen, scale)


def _distance(scale: float, zoom: float) -> float:
    return abs(log2(scale / min(zoom, 1.0)))


def _seen(level: Level, sight: Sight) -> Area | None:
    left, right = round(sight.left * level.width), round((sight.left + sight.width) * level.width)
    top, bottom = round(sight.top * level.height), round((sight.top + sight.height) * level.height)
    left, top = max(0, left), max(0, top)
    right, bottom = min(level.width, max(right, left + 1)), min(level.height, max(bottom, top + 1))
    return Area(left, top, right - left, bottom - top) if left < right and top < bottom else None


def numbers_text(sharpness: Sharpness) -> str:
    """Return the numbers as a line, "Edge contrast +38 % · halos 0.4 % of edges · noise +6 %"."""
    numbers = sharpness.numbers
    parts = _change(numbers) if isinstance(numbers, ChangeNumbers) else _side(numbers)
    scale = sharpness.wish.scale
    if scale < 1:
        parts.append(f"measured at {round(scale * 100)} %")
    line = " · ".join(parts)
    return line[:1].upper() + line[1:]


def _side(numbers: SideNumbers) -> list[str]:
    if numbers.edge_width is None or numbers.sharp is None:
        return ["no edges in view", *_side_noise(numbers)]
    edges = [f"{_percent(numbers.sharp)} of edges sharp", f"typical edge {numbers.edge_width:.1f} px wide"]
    return [*edges, *_side_noise(numbers)]


def _side_noise(numbers: SideNumbers) -> list[str]:
    return [f"noise {numbers.noise * 100:.1f} %"] if numbers.noise is not None else []


def _change(numbers: ChangeNumbers) -> list[str]:
    parts = ["no edges in view"]
    if numbers.contrast is not None and numbers.halos is not None:
        over = f" by {_percent(numbers.overshoot)}" if numbers.halos and numbers.overshoot else ""
        parts = [
            f"edge contrast {_signed(numbers.contrast)}",
            f"halos {_percent(numbers.halos)} of edges{over}",
        ]
    noise = _signed(numbers.noise) if numbers.noise is not None else "not measured, no flat area in view"
    return [*parts, f"noise {noise}"]


def _signed(part: float) -> str:
    """Return "+38 %", "−6 %" or "±0 %"."""
    percent = round(part * 100)
    return f"{'+' if percent > 0 else '−' if percent < 0 else '±'}{abs(percent)} %"


def _percent(part: float) -> str:
    """Return "0.4 %" below ten, else "38 %"."""
    percent = part * 100
    return f"{percent:.0f} %" if percent >= 9.95 or percent == 0 else f"{percent:.1f} %"
