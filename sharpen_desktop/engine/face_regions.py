"""Faces within a restored picture: gentler on skin, all detail in eyes and mouth, and a lift of these if wanted.

Nothing is invented: what is raised is what the photo holds.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.faces import Face, Point
from sharpen_desktop.engine.pixels import grey
from sharpen_desktop.engine.regions import Blocks, Pixels, Place, Plane, mixed
from sharpen_desktop.engine.tiles import Tile

TRUST = 0.5
"""What is left of the trust in the data within a face: its noise and its grain are taken for skin sooner."""
# Half axes of a face's oval as shares of its box, and the share of them over which it fades.
OVAL, FADE = (0.62, 0.6), 0.35
# Half axes about each eye in distances between the eyes, about the mouth in its widths.
EYE, MOUTH, MARK_FADE = (0.42, 0.26), (0.75, 0.4), 0.6
LIFT = 0.6
# Structure that is lifted: between these shares of the distance between the eyes, but no wider than so many px.
FINEST, COARSEST, WIDEST = 0.03, 0.15, 24.0


@dataclass(frozen=True, slots=True)
class FaceWish:
    """How faces are treated. ``strength``: how much of their blur is undone, 0 (they keep their pixels) to 1.

    ``creativity``: 0..1, how far the contrast that eyes and mouth have is raised.
    """

    strength: float = 0.8
    creativity: float = 0.0


@dataclass(frozen=True, slots=True)
class Oval:
    """An ellipse in px of the picture: its middle, its half axes, and the course of the first one."""

    middle: Point
    axes: tuple[float, float]
    course: Point = (1.0, 0.0)

    @property
    def place(self) -> Place:
        """The rows and columns that hold it whole, beyond the picture's edge too."""
        far = max(self.axes) + 1
        x, y = self.middle
        return slice(int(y - far), int(y + far) + 1), slice(int(x - far), int(x + far) + 1)

    def share(self, place: Place, fade: float) -> Plane:
        """Return 1 inside, 0 outside, smooth over the outer ``fade`` of it, for a part of the picture."""
        x = np.arange(place[1].start, place[1].stop, dtype=np.float32)[None, :] - np.float32(self.middle[0])
        y = np.arange(place[0].start, place[0].stop, dtype=np.float32)[:, None] - np.float32(self.middle[1])
        along = (x * np.float32(self.course[0]) + y * np.float32(self.course[1])) / np.float32(self.axes[0])
        aside = (y * np.float32(self.course[0]) - x * np.float32(self.course[1])) / np.float32(self.axes[1])
        way = np.clip((1 - np.hypot(along, aside)) / np.float32(fade), 0, 1)
        return np.asarray(way * way * (3 - 2 * way), np.float32)


@dataclass(frozen=True, slots=True)
class Features:
    """A face in px: its oval, those of eyes and mouth, and the distance between the eyes."""

    oval: Oval
    marks: tuple[Oval, ...]
    apart: float

    @classmethod
    def of(cls, face: Face, size: tuple[int, int]) -> "Features":
        """``size``: rows and columns of the picture."""
        height, width = size
        left, top, right, bottom = (
            each * side for each, side in zip(face.box, (width, height) * 2, strict=True)
        )
        oval = Oval(
            ((left + right) / 2, (top + bottom) / 2), (OVAL[0] * (right - left), OVAL[1] * (bottom - top))
        )
        eyes, mouth = (
            [np.array([x * width - 0.5, y * height - 0.5]) for x, y in pair]
            for pair in (face.eyes, face.mouth)
        )
        apart = max(float(np.linalg.norm(eyes[1] - eyes[0])), 4.0)
        course = (eyes[1] - eyes[0]) / apart
        wide = max(float(np.linalg.norm(mouth[1] - mouth[0])), 0.5 * apart)
        marks = [Oval(_point(eye), (EYE[0] * apart, EYE[1] * apart), _point(course)) for eye in eyes]
        marks.append(
            Oval(_point((mouth[0] + mouth[1]) / 2), (MOUTH[0] * wide, MOUTH[1] * wide), _point(course))
        )
        return cls(oval, tuple(marks), apart)

    def meets(self, place: Place) -> bool:
        """Whether the oval may have a share in a part of the picture."""
        return all(
            one.start < other.stop and other.start < one.stop
            for one, other in zip(self.oval.place, place, strict=True)
        )


class FaceBlocks:
    """Restored blocks in which faces are blended with gentler ones; ``gentle`` has the same layout."""

    def __init__(
        self, blocks: Blocks, gentle: Blocks, faces: tuple[Face, ...], wish: FaceWish, size: tuple[int, int]
    ) -> None:
        self.layout = blocks.layout
        self._blocks, self._gentle, self._wish = blocks, gentle, wish
        self._faces = [Features.of(face, size) for face in faces]

    def block(self, pixels: Pixels, tile: Tile) -> Pixels:
        """Return the restored core of one tile."""
        rest = self._blocks.block(pixels, tile)
        faces = [face for face in self._faces if face.meets(tile.core)]
        if not faces:
            return rest
        given = pixels[tile.core]
        marks = [_highest(face.marks, tile.core) for face in faces]
        skin = mixed(self._gentle.block(pixels, tile), rest, np.asarray(np.max(marks, axis=0), np.float32))
        strength = np.full(given.shape[:2], np.float32(_share(self._wish.strength)))
        calm = mixed(given, skin, strength)
        if self._wish.creativity > 0:
            calm = _raised(calm, self._lift(pixels, tile.core, faces, marks))
        share = np.max([face.oval.share(tile.core, FADE) for face in faces], axis=0)
        return mixed(rest, calm, np.asarray(share, np.float32))

    def _lift(self, pixels: Pixels, place: Place, faces: list[Features], marks: list[Plane]) -> Plane:
        """Return what is added to the encoded values of eyes and mouths: their own structure once more."""
        gain = np.float32(LIFT * self._wish.creativity * _share(self._wish.strength))
        total = np.zeros_like(marks[0])
        for face, share in zip(faces, marks, strict=True):
            if share.any():
                total += gain * share * _structure(pixels, place, face.apart)
        return total


def _share(strength: float) -> float:
    """Return how much of the restoration a strength takes: the service's usual 0.8 nearly all of it."""
    return 1 - (1 - strength) ** 2


def _highest(ovals: tuple[Oval, ...], place: Place) -> Plane:
    """Return the share of any of the ovals in each pixel of a part of the picture."""
    return np.asarray(np.max([oval.share(place, MARK_FADE) for oval in ovals], axis=0), np.float32)


def _structure(pixels: Pixels, place: Place, apart: float) -> Plane:
    """Return the luma between two scales for a part of the picture, from what lies about it too."""
    coarse = min(max(2.0, COARSEST * apart), WIDEST)
    fine = max(0.8, FINEST / COARSEST * coarse)
    room = int(4 * coarse) + 1
    around = tuple(
        slice(max(0, span.start - room), min(length, span.stop + room))
        for span, length in zip(place, pixels.shape, strict=False)
    )
    luma = grey(pixels[around]).astype(np.float32)
    sides = [2 * int(3 * scale) + 1 for scale in (fine, coarse)]
    soft, softer = (
        cv2.GaussianBlur(luma, (side, side), scale) for side, scale in zip(sides, (fine, coarse), strict=True)
    )
    inside = tuple(
        slice(span.start - whole.start, span.stop - whole.start)
        for span, whole in zip(place, around, strict=True)
    )
    return np.asarray((soft - softer)[inside], np.float32)


def _raised(pixels: Pixels, lift: NDArray[np.float32]) -> Pixels:
    """Return pixels with the same added to each channel, kept within their range."""
    top = int(np.iinfo(pixels.dtype).max)  # type: ignore[type-var]
    values = pixels.astype(np.float32) + (lift[..., None] if pixels.ndim == 3 else lift)
    return np.asarray(np.rint(np.clip(values, 0, top)), pixels.dtype)


def _point(place: NDArray[np.floating]) -> Point:
    """Return a place as plain numbers."""
    return float(place[0]), float(place[1])
