"""EXIF orientation: stored rows to an upright picture, strip by strip."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]

TRANSPOSING = frozenset({5, 6, 7, 8})
FLIPPING = frozenset({3, 4})
"""Stored from the bottom row up."""


def upright_size(width: int, height: int, orientation: int) -> tuple[int, int]:
    """Return the size (width, height) in pixels of a picture stored with ``orientation`` (EXIF, 1–8)."""
    return (height, width) if orientation in TRANSPOSING else (width, height)


def upright_view(stored: Pixels, orientation: int) -> Pixels:
    """Return ``stored`` (H×W or H×W×C) turned upright, as a view."""
    match orientation:
        case 2:
            return stored[:, ::-1]
        case 3:
            return stored[::-1, ::-1]
        case 4:
            return stored[::-1]
        case 5:
            return stored.swapaxes(0, 1)
        case 6:
            return np.rot90(stored, -1)
        case 7:
            return stored[::-1, ::-1].swapaxes(0, 1)
        case 8:
            return np.rot90(stored, 1)
    return stored


def stored_view(upright: Pixels, orientation: int) -> Pixels:
    """Return ``upright`` as the file has it stored: the inverse of upright_view, as a view."""
    inverse = {6: 8, 8: 6}.get(orientation, orientation)
    return upright_view(upright, inverse)


def put_rows(upright: Pixels, orientation: int, top: int, rows: Pixels) -> None:
    """Place ``rows`` (h×W or h×W×C, as stored, from row ``top`` on) into the ``upright`` array."""
    place = upright_view(stored_view(upright, orientation)[top : top + len(rows)], orientation)
    place[...] = _turned(rows, orientation)


def _turned(rows: Pixels, orientation: int) -> Pixels:
    """Return ``rows`` upright and contiguous; OpenCV turns much faster than strided copies."""
    if orientation not in TRANSPOSING:
        return upright_view(rows, orientation)
    import cv2

    rows = np.ascontiguousarray(rows)
    if orientation == 6:
        return np.asarray(cv2.rotate(rows, cv2.ROTATE_90_CLOCKWISE))
    if orientation == 8:
        return np.asarray(cv2.rotate(rows, cv2.ROTATE_90_COUNTERCLOCKWISE))
    turned = np.asarray(cv2.transpose(rows))
    return turned if orientation == 5 else turned[::-1, ::-1]
