"""The whole way: measure, choose, restore on tiles, within bounded memory and with true progress.

``sharpen`` does a whole picture, ``sharpen_part`` what is in view, with the very pixels the whole would have.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.engine.crew import Check, Crew, Stopped
from sharpen_desktop.engine.face_regions import FaceWish
from sharpen_desktop.engine.kept_tiles import KeptTiles
from sharpen_desktop.engine.modes import mode_named
from sharpen_desktop.engine.plan import Plan, Wish, planned
from sharpen_desktop.engine.regions import Blocks
from sharpen_desktop.engine.scope import Scope, scoped
from sharpen_desktop.engine.subject_brush import Stroke
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.engine.tiles import Tile
from sharpen_desktop.engine.transfer import SRGB, Transfer
from sharpen_desktop.engine.unchanged import Unchanged

MEASURING_ENDS = 0.15
SHARPENING_ENDS = 0.98

__all__ = [
    "SRGB",
    "FaceWish",
    "Job",
    "KeptTiles",
    "Outcome",
    "Stopped",
    "Stroke",
    "Survey",
    "sharpen",
    "sharpen_part",
]

Report = Callable[[str, float], None]
ShouldStop = Callable[[], bool]
Pixels = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Job:
    """What is wanted of a picture; None means that the engine chooses.

    ``mode``: Standard, Strong, Lens Blur, Lens Blur V2, Motion Blur, Natural or Refocus; any other name
    is taken as Standard. ``strength`` and ``minor_denoise``: 0.01..1; the latter does nothing in Strong.
    ``jpeg_quality``: estimated quality of a JPEG source, None where it is lossless or not known.
    ``threads``: how many work at a time. ``subject``: All, Foreground or Background; any other name is taken
    as All. ``strokes``: what was painted on the foreground's mask, in that order; they count where the subject is
    not All. ``faces``: None treats them like the rest.
    """

    mode: str
    strength: float | None = None
    minor_denoise: float | None = None
    jpeg_quality: int | None = None
    threads: int = 2
    subject: str = "All"
    strokes: tuple[Stroke, ...] = ()
    faces: FaceWish | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``pixels``: same shape and dtype as given. ``finding``: what was found, in plain words.

    ``domain``: "linear", "encoded", or "between" where the picture does not tell. ``strength``: as used. ``changed``: False where the picture was
    left as it is, and ``unchanged`` says why. ``minor_denoise``: as used, 0..1.
    """

    pixels: Pixels
    finding: str
    domain: str
    strength: float
    changed: bool
    minor_denoise: float = 0.0
    unchanged: Unchanged = ""


def sharpen(
    pixels: Pixels,
    job: Job,
    *,
    transfer: Transfer = SRGB,
    report: Report = lambda _phase, _fraction: None,
    should_stop: ShouldStop = lambda: False,
) -> Outcome:
    """Take the blur out of a picture.

    ``pixels``: H×W or H×W×3 (RGB), uint8 or uint16, encoded with ``transfer``; never changed. ``report``
    gets a phase ("measuring", "sharpening", "finishing") and the fraction 0..1 of the whole, never
    falling; ``should_stop`` is asked every 0.05 s; both on the caller's thread. Raises ``Stopped`` then, and
    ValueError for other shapes or depths.
    """
    _refuse_others(pixels)
    survey = Survey(pixels, transfer=transfer, jpeg_quality=job.jpeg_quality)
    report("measuring", 0.0)
    with Crew(job.threads, should_stop) as crew:
        plan, scope = crew.one(lambda: _plan(survey, job, crew.check))
        report("measuring", MEASURING_ENDS)
        result = pixels.copy() if scope.blocks is None else _restored(pixels, scope.blocks, crew, report)
    report("finishing", 1.0)
    return _outcome(result, plan, scope)


def sharpen_part(
    survey: Survey,
    job: Job,
    part: tuple[slice, slice],
    *,
    kept: KeptTiles | None = None,
    should_stop: ShouldStop = lambda: False,
) -> Outcome:
    """Return rows and columns ``part`` of what ``sharpen`` makes of the whole picture.

    The survey keeps what was measured, so that another part, or another strength, costs only its restoration;
    ``kept``, of the same survey, spares that as well where parts of one job overlap. ``job.jpeg_quality`` is the
    survey's own. Raises ``Stopped``.
    """
    _refuse_others(survey.whole)
    finished = KeptTiles(0) if kept is None else kept
    finished.begin(job)
    with Crew(job.threads, should_stop) as crew:
        plan, scope = crew.one(lambda: _plan(survey, job, crew.check))
        if scope.blocks is None:
            return _outcome(survey.whole[part].copy(), plan, scope)
        return _outcome(_restored_part(survey.whole, scope.blocks, part, finished, crew), plan, scope)


def _plan(survey: Survey, job: Job, check: Check) -> tuple[Plan, Scope]:
    """Return what a job comes to for a picture, and where."""
    mode = mode_named(job.mode)
    strength = None if job.strength is None else min(max(job.strength, 0.01), 1.0)
    calm = 0.0 if mode.name == "Strong" else job.minor_denoise
    plan = planned(survey, Wish(mode, strength, calm), check)
    if plan.work is None:
        return plan, Scope(None)
    return plan, scoped(survey, plan.work, job.faces, job.subject, job.strokes, check)


def _outcome(pixels: Pixels, plan: Plan, scope: Scope) -> Outcome:
    return Outcome(
        pixels,
        "; ".join((plan.finding, *scope.words)),
        plan.domain.name,
        plan.strength,
        scope.blocks is not None,
        minor_denoise=plan.calm,
        unchanged=plan.unchanged,
    )


def _refuse_others(pixels: Pixels) -> None:
    """Raise ValueError for what is not a picture."""
    shaped = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3)
    if not shaped or 0 in pixels.shape:
        raise ValueError(f"a picture is H×W or H×W×3, not {pixels.shape}")
    if pixels.dtype not in (np.dtype(np.uint8), np.dtype(np.uint16)):
        raise ValueError(f"a picture is uint8 or uint16, not {pixels.dtype}")


def _restored(pixels: Pixels, blocks: Blocks, crew: Crew, report: Report) -> Pixels:
    """All tiles, in any order, each written to its own place."""
    result = np.empty_like(pixels)
    tiles = list(blocks.layout.tiles())

    def one(tile: Tile) -> None:
        crew.check()
        result[tile.core] = blocks.block(pixels, tile)

    def done(count: int) -> None:
        share = count / len(tiles)
        report("sharpening", MEASURING_ENDS + share * (SHARPENING_ENDS - MEASURING_ENDS))

    crew.every((partial(one, tile) for tile in tiles), done)
    return result


def _restored_part(
    pixels: Pixels, blocks: Blocks, part: tuple[slice, slice], finished: KeptTiles, crew: Crew
) -> Pixels:
    """Return ``part`` from the tiles that have a share in it: the same tiles as for the whole picture."""
    rows, columns = (range(*span.indices(length)) for span, length in zip(part, pixels.shape, strict=False))
    result = np.empty((len(rows), len(columns), *pixels.shape[2:]), pixels.dtype)

    def one(tile: Tile) -> None:
        crew.check()
        down, across = tile.core
        top, bottom = max(down.start, rows.start), min(down.stop, rows.stop)
        left, right = max(across.start, columns.start), min(across.stop, columns.stop)
        if top < bottom and left < right:
            inside = (
                slice(top - down.start, bottom - down.start),
                slice(left - across.start, right - across.start),
            )
            target = (
                slice(top - rows.start, bottom - rows.start),
                slice(left - columns.start, right - columns.start),
            )
            result[target] = finished.block(blocks, pixels, tile)[inside]

    crew.every((partial(one, tile) for tile in blocks.layout.tiles()), lambda _count: None)
    return result
