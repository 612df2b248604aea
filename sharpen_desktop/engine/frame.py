"""A frame of one colour around a picture: bars of a film, the white border of a print. The picture ends where it begins."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

# Of 255: how far the outermost line may vary, and the others from its colour.
EVEN, ALIKE = 2.0, 16.0
STRAY = 0.01
"""So much of a line may differ all the same: rounding and compression at the frame's corners."""
EDGE, EDGED = 24.0, 0.2
"""A frame ends at once: at its end so much of the line differs by more than this."""
FRINGE = 9
"""Lines within which a frame ends once they are no longer even: those of a JPEG's blocks."""
LEAST_LEFT = 64
"""Px of the picture's shorter side inside a frame; where less would be left, there is no frame."""

Pixels = NDArray[np.generic]
Place = tuple[slice, slice]


def inside_frame(pixels: Pixels) -> Place:
    """Return the rows and columns inside a frame around ``pixels`` (H×W or H×W×3); all of them where there is none."""
    whole = rows, columns = slice(0, pixels.shape[0]), slice(0, pixels.shape[1])
    turned = np.swapaxes(pixels, 0, 1)
    for _ in range(2):
        if min(rows.stop - rows.start, columns.stop - columns.start) < LEAST_LEFT:
            return whole
        rows = _inside(pixels, rows, columns)
        if rows.stop - rows.start < LEAST_LEFT:
            return whole
        columns = _inside(turned, columns, rows)
    return whole if columns.stop - columns.start < LEAST_LEFT else (rows, columns)


def _inside(pixels: Pixels, lines: slice, span: slice) -> slice:
    """Return the lines (rows of ``pixels`` within columns ``span``) without those of one colour at both ends."""
    first = _width(pixels, range(lines.start, lines.stop), span)
    if first == lines.stop - lines.start:
        return lines
    last = _width(pixels, range(lines.stop - 1, lines.start - 1, -1), span)
    return slice(lines.start + first, lines.stop - last)


def _width(pixels: Pixels, order: range, span: slice) -> int:
    """Return how many lines, in this order, make a frame."""
    scale = np.float32(255 / np.iinfo(pixels.dtype).max)  # type: ignore[type-var]

    def line(index: int) -> NDArray[np.float32]:
        values = pixels[index, span].astype(np.float32) * scale
        return values.reshape(values.shape[0], -1)

    outermost = line(order[0])
    colour = np.median(outermost, axis=0)
    if np.abs(outermost - colour).mean() > EVEN / 2 or np.abs(outermost - colour).max() > ALIKE:
        return 0
    for count, index in enumerate(order):
        if np.mean(np.abs(line(index) - colour).max(axis=1) > ALIKE) > STRAY:
            return _end([line(at) for at in order[max(0, count - 1) : count + FRINGE]], colour, count)
    return len(order)


def _end(lines: list[NDArray[np.float32]], colour: NDArray[np.float32], count: int) -> int:
    """Return how many lines make a frame of which ``count`` are surely its own; 0 where it does not end at once.

    ``lines``: from the last sure one on. Compression blurs a frame's last lines, so it ends at the largest step.
    """
    steps = [float(np.abs(after - before).mean()) for before, after in pairwise(lines)]
    if not steps:
        return 0
    largest = int(np.argmax(steps))
    away = np.abs(lines[largest + 1] - colour).max(axis=1)
    return count + largest if np.mean(away > EDGE) >= EDGED else 0
