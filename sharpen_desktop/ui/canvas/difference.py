"""The difference of two drawn sides as a heat map: black where they agree, then blue, red, yellow, white."""

from functools import lru_cache
from itertools import pairwise

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, qRgb

GAINS = (1, 2, 4, 8, 16)
AT_ONCE_PX = 60_000
"""Up to so many pixels of a difference are painted well within a frame: many times the work of a picture."""
QUICK_SHRINK = 4
"""While things move, a difference is taken in so many times fewer pixels along each side."""
_STOPS = (
    (0.0, (0, 0, 0)),
    (0.25, (40, 30, 140)),
    (0.5, (200, 30, 60)),
    (0.75, (250, 190, 40)),
    (1.0, (255, 255, 255)),
)


def paint_heat(painter: QPainter, part: QRect, before: QImage, after: QImage, gain: int) -> None:
    """Paint what differs between two images of one size over ``part``; 255 / ``gain`` levels and more are white.

    The difference is taken in the shown (sRGB encoded) values and weighted as brightness is seen. ``before`` is
    used up.
    """
    differ = QPainter(before)
    differ.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    differ.drawImage(0, 0, after)
    differ.end()
    grey = before.convertToFormat(QImage.Format.Format_Grayscale8)
    heated = QImage(
        grey.constBits(), grey.width(), grey.height(), grey.bytesPerLine(), QImage.Format.Format_Indexed8
    )
    heated.setColorTable(list(_colours(gain)))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(part, heated.convertToFormat(QImage.Format.Format_RGB32))


@lru_cache(maxsize=len(GAINS))
def _colours(gain: int) -> tuple[int, ...]:
    return tuple(_colour(min(1.0, level * gain / 255)) for level in range(256))


def _colour(part: float) -> int:
    for (low, dark), (high, bright) in pairwise(_STOPS):
        if part <= high:
            share = (part - low) / (high - low)
            return qRgb(*(round(a + (b - a) * share) for a, b in zip(dark, bright, strict=True)))
    return qRgb(255, 255, 255)
