"""Where the faces in a picture are, and where their eyes and mouths.

The net is CenterFace (Xu et al. 2020): for each cell of 4×4 px the chance that a face is centred there, its
size, where in the cell its middle lies, and five points of it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.miniature import Picture, smaller
from sharpen_desktop.engine.nets import FACES, answers

# The net knows faces of about 10 to 250 px: the coarse look is for those that fill the picture.
SIDES = (896, 320)
CELL = 4
SURE = 0.5
SAME = 0.4

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Face:
    """One face. All places are fractions of the picture's width and height, and may lie a little outside.

    ``box``: left, top, right, bottom, from forehead to chin. ``eyes`` and ``mouth`` (its corners): the left one in the
    picture first. ``score``: 0.5..1, how sure the net is.
    """

    box: Box
    eyes: tuple[Point, Point]
    mouth: tuple[Point, Point]
    score: float


def find_faces(picture: Picture, check: Check = lambda: None) -> tuple[Face, ...]:
    """Return the faces in h×w×3 RGB (sRGB, 8 bit), the surest first; 0.1 to 0.5 s whatever its size.

    Larger pictures are looked at on a copy of 896 px, so that faces below 3 % of the long side are missed sooner.
    ``check`` is called between steps and may raise.
    """
    found: list[Face] = []
    for side in SIDES:
        check()
        if side == SIDES[0] or max(picture.shape[:2]) > side:
            found += _looked(np.asarray(smaller(picture, side), np.uint8))
    kept: list[Face] = []
    for face in sorted(found, key=lambda face: -face.score):
        if all(_shared(face.box, other.box) < SAME for other in kept):
            kept.append(face)
    return tuple(kept)


def _looked(picture: Picture) -> list[Face]:
    """Return the faces at one scale, the same face several times."""
    height, width = picture.shape[:2]
    framed = cv2.copyMakeBorder(picture, 0, -height % 32, 0, -width % 32, cv2.BORDER_CONSTANT)
    chance, extent, offset, points = answers(
        FACES, np.asarray(framed, np.uint8), ["537", "538", "539", "540"]
    )
    size = np.array([width, height])
    found = []
    for row, column in np.argwhere(chance[0, 0] > SURE):
        tall, wide = CELL * np.exp(extent[0, :, row, column])
        down, across = offset[0, :, row, column]
        left = CELL * (column + across + 0.5) - wide / 2
        top = CELL * (row + down + 0.5) - tall / 2
        corner, span = np.array([left, top]), np.array([wide, tall])
        # Eyes, nose, corners of the mouth; each down, then across, in units of the box.
        marks = (points[0, :, row, column].reshape(5, 2)[:, ::-1] * span + corner) / size
        found.append(
            _face((*corner / size, *(corner + span) / size), marks, float(chance[0, 0, row, column]))
        )
    return found


def _face(box: tuple[np.floating, ...], marks: NDArray[np.floating], score: float) -> Face:
    """Return a face as plain numbers."""
    left, top, right, bottom = (float(each) for each in box)
    one, other, _nose, corner, far_corner = ((float(x), float(y)) for x, y in marks)
    return Face((left, top, right, bottom), (one, other), (corner, far_corner), score)


def _shared(one: Box, other: Box) -> float:
    """Return what two boxes share, as a part of the smaller one."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    smallest = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(0.0, across) * max(0.0, down) / max(smallest, 1e-9)
