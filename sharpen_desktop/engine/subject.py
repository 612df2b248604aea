"""Which part of a picture is its subject: what stands out, people, faces and what is in focus, cut out by GrabCut.

The parts are weighed for patches of colour (``subject_saliency``), cut out along edges at 360 px (GrabCut,
Rother, Kolmogorov & Blake 2004) and fitted to the edges of the miniature (guided filter, He, Sun & Tang 2010).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.faces import Face
from sharpen_desktop.engine.miniature import Picture, smaller
from sharpen_desktop.engine.nets import PEOPLE, answers
from sharpen_desktop.engine.subject_saliency import BACKGROUND_WEIGHT, Floats, Patches, Plane

SIDE = 360
SMALLEST = 24
PEOPLE_SIDE = 256
ROUNDS = 2
STANDS_OUT = 0.17
SMALLEST_SHARE = 0.005
EDGE_RADIUS, EDGE_STEP = 4, 0.02

Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """``mask``: h×w, 0..255 (255: foreground) over the miniature; all 0 where nothing stands out.

    ``clarity``: how clearly it differs from the rest, 0..1; below 0.17 nothing stands out.
    """

    mask: Mask
    clarity: float

    @property
    def is_found(self) -> bool:
        """Whether anything stands out."""
        return bool(self.mask.any())

    @property
    def share(self) -> float:
        """How much of the picture it covers, 0..1."""
        return float(self.mask.mean()) / 255


@dataclass(frozen=True, slots=True, eq=False)
class Clues:
    """What is known of h×w px: ``people`` and ``focus`` 0..1 each, and how far each is to be believed, 0..1."""

    people: Plane
    people_trust: float
    focus: Plane
    focus_trust: float


def find_subject(picture: Picture, faces: tuple[Face, ...], check: Check = lambda: None) -> Subject:
    """Return the subject of a miniature, h×w×3 RGB in sRGB, 8 bit; always the same for the same picture.

    ``check`` is called between steps and may raise. 0.3 to 1.2 s.
    """
    small = np.asarray(smaller(picture, SIDE), np.uint8)
    if min(small.shape[:2]) < SMALLEST:
        return Subject(np.zeros(picture.shape[:2], np.uint8), 0.0)
    patches = Patches.of(small)
    check()
    clues = _clues(picture, small, patches, faces)
    check()
    value = _value(patches, clues)
    cut, compact = _cut_out(small, value, clues, check)
    clarity = compact * _step(_first_value(patches, clues)[patches.labels], cut)
    if (not faces and clarity < STANDS_OUT) or cut.mean() < SMALLEST_SHARE:
        return Subject(np.zeros(picture.shape[:2], np.uint8), max(0.0, clarity))
    check()
    return Subject(_fitted(cut, picture), clarity)


def _clues(picture: Picture, small: Picture, patches: Patches, faces: tuple[Face, ...]) -> Clues:
    """Return what the picture tells beyond its colours."""
    height, width = small.shape[:2]
    square = cv2.resize(picture, (PEOPLE_SIDE, PEOPLE_SIDE), interpolation=cv2.INTER_AREA)
    seen = answers(PEOPLE, np.asarray(square, np.uint8), [])[0].reshape(PEOPLE_SIDE, PEOPLE_SIDE)
    people = np.clip(cv2.resize(seen, (width, height)), 0, 1).astype(np.float32)
    # It finds animals and dolls too; where there is no face, a few spots of it mean nothing.
    trust = 1.0 if faces else 0.7 * float(np.clip((people.mean() - 0.02) / 0.06, 0, 1))
    for face in faces:
        left, top, right, bottom = face.box
        middle = (round((left + right) / 2 * width), round((top + bottom) / 2 * height))
        axes = (round((right - left) * 0.45 * width), round((bottom - top) * 0.45 * height))
        cv2.ellipse(people, middle, axes, 0, 0, 360, 1.0, -1)
    focus = _focus(picture, (width, height))
    # Where even the border is in focus, or all of it is plain, focus tells nothing.
    edge = float(np.median(patches.means(focus)[patches.border]))
    return Clues(people, trust, focus, float(np.clip(1 - 2 * edge, 0, 1)))


def _focus(picture: Picture, size: tuple[int, int]) -> Plane:
    """Return how much fine structure there is about each place, 0..1; ``size``: columns and rows of the answer."""
    luma = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = (luma - cv2.GaussianBlur(luma, (0, 0), 1.0)) ** 2
    energy = np.sqrt(cv2.GaussianBlur(fine, (0, 0), 0.02 * max(luma.shape)))
    strength = cv2.resize(energy, size, interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(strength / max(float(np.quantile(strength, 0.95)), 0.5), 0, 1), np.float32)


def _weights(patches: Patches, clues: Clues) -> tuple[Floats, Floats]:
    """Return how much speaks for background and for foreground in each patch."""
    people, focus = clues.people_trust * patches.means(clues.people), patches.means(clues.focus)
    centred = patches.centred()
    background = BACKGROUND_WEIGHT * patches.background * (1 - people) ** 2
    background *= 1 - 0.7 * clues.focus_trust * np.clip(1.5 * focus, 0, 1)
    background += clues.focus_trust * np.clip(1 - 5 * focus, 0, 1) * (1 - people) + 1e-3
    foreground = patches.contrast * (0.5 + 0.5 * centred) + 2 * people * patches.means(clues.people)
    return background, foreground + 0.8 * clues.focus_trust * focus * centred


def _first_value(patches: Patches, clues: Clues) -> Floats:
    """Return how much each patch belongs to the subject by its own, 0..1."""
    return patches.spread(*_weights(patches, clues))


def _value(patches: Patches, clues: Clues) -> Plane:
    """Return the same for each pixel, where what lies between parts that stand out belongs to them more."""
    background, foreground = _weights(patches, clues)
    value = patches.spread(background, foreground)[patches.labels]
    level = _level(value)
    core, _ = _main_parts(value > (0.8 * level + 0.2) * _top(value), 0.15)
    between = cv2.GaussianBlur(_hull(core), (0, 0), 0.02 * core.shape[1])
    between *= np.clip((clues.focus - 0.12) / 0.25, 0, 1) * max(0.0, 1 - 2 * clues.people_trust)
    inside = patches.means(between)
    background *= 1 - 0.6 * inside
    foreground += (0.5 * (1 - patches.background) + 0.05) * inside
    return np.asarray(patches.spread(background, foreground)[patches.labels], np.float32)


def _top(value: NDArray[np.floating]) -> float:
    """Return what counts as full value."""
    return max(float(np.quantile(value, 0.98)), 1e-6)


def _level(value: NDArray[np.floating]) -> float:
    """Return the share of the top value that parts subject and rest best (Otsu 1979)."""
    steps = np.rint(255 * np.clip(value / _top(value), 0, 1)).astype(np.uint8)
    return float(cv2.threshold(steps, 0, 255, cv2.THRESH_OTSU)[0]) / 255


def _hull(mask: NDArray[np.bool_]) -> Plane:
    """Return 1 inside the convex hull of a mask, 0 outside."""
    filled = np.zeros(mask.shape, np.float32)
    places = np.argwhere(mask)[:, ::-1].astype(np.int32)
    if len(places):
        cv2.fillConvexPoly(filled, cv2.convexHull(places), 1.0)
    return filled


def _main_parts(mask: NDArray[np.bool_], share: float) -> tuple[NDArray[np.bool_], float]:
    """Return the connected parts of at least ``share`` of the largest, and what of the mask the largest is, 0..1."""
    _, labels, facts, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    sizes = facts[1:, cv2.CC_STAT_AREA]
    if not sizes.size:
        return mask, 0.0
    kept = np.concatenate([[False], sizes >= share * sizes.max()])
    return np.asarray(kept[labels]), float(sizes.max() / sizes.sum())


def _cut_out(small: Picture, value: Plane, clues: Clues, check: Check) -> tuple[NDArray[np.bool_], float]:
    """Return the subject along edges of colour, without crumbs and holes, and how much of it is one part, 0..1."""
    level, share = _level(value), value / np.float32(_top(value))
    marks = np.full(value.shape, cv2.GC_PR_BGD, np.uint8)
    marks[share > level] = cv2.GC_PR_FGD
    marks[share > level + 0.6 * (1 - level)] = cv2.GC_FGD
    if clues.people_trust == 1:
        marks[clues.people > 0.9] = cv2.GC_FGD
    marks[(share < 0.35 * level) & (clues.people < 0.5)] = cv2.GC_BGD
    inside = (marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)
    if not inside.any() or inside.all():
        return np.zeros(value.shape, np.bool_), 0.0
    cv2.setRNGSeed(1)  # its mixtures of colours begin at random
    models = np.zeros((2, 1, 65))
    blue_first = np.ascontiguousarray(small[..., ::-1])
    for turn in range(ROUNDS):
        check()
        how = cv2.GC_EVAL if turn else cv2.GC_INIT_WITH_MASK
        cv2.grabCut(blue_first, marks, (0, 0, 0, 0), models[0], models[1], 1, how)
    kept, compact = _main_parts((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD), 0.12)
    rest, _ = _main_parts(~kept, 0.02)
    return ~rest, compact


def _step(value: Floats, mask: NDArray[np.bool_]) -> float:
    """Return by how much the values inside a mask lie above those outside; 0 where there is no outside."""
    return float(value[mask].mean() - value[~mask].mean()) if mask.any() and not mask.all() else 0.0


def _fitted(cut: NDArray[np.bool_], picture: Picture) -> Mask:
    """Return the mask in the size of the miniature, fitted to its edges."""
    height, width = picture.shape[:2]
    large = cv2.resize(cut.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    guide = picture.astype(np.float32) / np.float32(255)
    fitted = cv2.ximgproc.guidedFilter(guide, large, EDGE_RADIUS, EDGE_STEP**2)
    # Soft rims are kept narrow: what is nearly in is in.
    return np.asarray(np.rint(255 * np.clip(1.5 * fitted - 0.25, 0, 1)), np.uint8)
