"""What the study process knows of the last pictures it was asked about, and its answers. Imports the engine."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.picture import Display, Level, Master
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.study import Area, Auto, Diagnosis, FaceBox, Preview, SubjectMask
from sharpen_desktop.engine import advice
from sharpen_desktop.engine.faces import Face
from sharpen_desktop.engine.foresight import foreseen
from sharpen_desktop.engine.pipeline import KeptTiles, Stopped, sharpen_part
from sharpen_desktop.engine.subject_brush import with_strokes
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.services.images import colour, picture_pixels
from sharpen_desktop.services.images.pixel_files import write_levels
from sharpen_desktop.services.local_engine import job_for, painted, transfer_of

KEPT = 2
"""The surveys of so many pictures are kept: of the shown one, and of the one before."""
STEP_PX = 128
USUAL = "Standard"
"""The mode a new photo has."""
TILES_BYTES = 256 << 20

ShouldStop = Callable[[], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Studied:
    """A picture's arrays, mapped, its profile as it is shown, what was measured, and what was previewed of it."""

    picture: picture_pixels.Picture
    profile: colour.Profile | None
    survey: Survey
    tiles: KeptTiles


_kept: dict[str, Studied] = {}


def diagnose(master: Master, should_stop: ShouldStop) -> Diagnosis:
    """Return what is the matter with a picture, and what Auto takes in the usual and in the advised mode.

    Stopped passes through.
    """
    found = advice.diagnose(_studied(master).survey, _check(should_stop))
    modes = dict.fromkeys((USUAL, found.mode))
    return Diagnosis(
        kind=found.kind,
        sentence=found.sentence,
        trust=found.trust,
        mode=found.mode,
        size=found.size,
        direction=found.direction,
        domain=found.domain,
        noise=found.noise,
        compression=found.compression,
        autos=tuple((mode, auto(master, mode, should_stop)) for mode in modes),
        is_guess=found.is_guess,
    )


def auto(master: Master, mode: str, should_stop: ShouldStop) -> Auto:
    """Return what Auto takes in a mode, and whether anything will be done then; Stopped passes through."""
    coming = foreseen(_studied(master).survey, mode, _check(should_stop))
    taken = coming.auto
    return Auto(taken.strength, taken.minor_denoise, taken.reason, coming.unchanged, coming.likeness)


def subject(master: Master, strokes: Strokes, should_stop: ShouldStop) -> SubjectMask:
    """Return the foreground with what was painted on it, in a file in the picture's folder; Stopped passes through."""
    found = _studied(master).survey.subject(_check(should_stop))
    mask = with_strokes(found.mask, painted(strokes))
    height, width = mask.shape
    file = _new_folder(master) / "mask.raw"
    file.write_bytes(mask.tobytes())
    level = Level(str(file), width, height, width)
    return SubjectMask(level, strokes, float(mask.mean()) / 255, found.is_found)


def faces(master: Master, should_stop: ShouldStop) -> tuple[FaceBox, ...]:
    """Return where a picture has faces; Stopped passes through."""
    return tuple(_box(face) for face in _studied(master).survey.faces(_check(should_stop)))


def _box(face: Face) -> FaceBox:
    """Return what of a face's box lies in the picture."""
    left, top, right, bottom = (min(max(each, 0.0), 1.0) for each in face.box)
    return FaceBox(left, top, right - left, bottom - top)


def preview(
    master: Master, photo_id: str, settings: Settings, strokes: Strokes, area: Area, should_stop: ShouldStop
) -> Preview:
    """Return what a run would make of ``area`` and a little round it, in files in the picture's folder.

    Stopped passes through.
    """
    studied, wide = _studied(master), widened(area, master.width, master.height)
    part = (slice(wide.top, wide.top + wide.height), slice(wide.left, wide.left + wide.width))
    job = job_for(master, settings, strokes)
    outcome = sharpen_part(studied.survey, job, part, kept=studied.tiles, should_stop=should_stop)
    alpha = studied.picture.alpha
    levels = write_levels(
        _new_folder(master), outcome.pixels, None if alpha is None else alpha[part], studied.profile
    )
    display = Display(wide.width, wide.height, levels, alpha is not None)
    return Preview(photo_id, settings, strokes, wide, display, outcome.finding, outcome.unchanged)


def widened(area: Area, width: int, height: int) -> Area:
    """Return the area out to multiples of ``STEP_PX`` within a picture: a small pan then shows nothing new."""
    left, top = area.left // STEP_PX * STEP_PX, area.top // STEP_PX * STEP_PX
    right = min(width, -(-(area.left + area.width) // STEP_PX) * STEP_PX)
    bottom = min(height, -(-(area.top + area.height) // STEP_PX) * STEP_PX)
    return Area(left, top, right - left, bottom - top)


def forget(folder: str) -> None:
    """Give back what is kept of the picture in this folder."""
    _kept.pop(folder, None)


def _new_folder(master: Master) -> Path:
    """Return a folder for one answer; it goes with the picture's own at the latest."""
    folder = Path(master.folder) / f"answer-{uuid.uuid4().hex}"
    folder.mkdir()
    return folder


def _studied(master: Master) -> Studied:
    """Return what is known of a picture, begun now if it is new; SharpenError when its pixels are gone."""
    found = _kept.pop(master.folder, None) or _begun(master)
    _kept[master.folder] = found
    while len(_kept) > KEPT:
        _kept.pop(next(iter(_kept)))
    return found


def _begun(master: Master) -> Studied:
    picture = picture_pixels.load(master)
    survey = Survey(picture.pixels, transfer=transfer_of(master), jpeg_quality=master.jpeg_quality)
    return Studied(picture, colour.read_profile(picture.profile), survey, KeptTiles(TILES_BYTES))


def _check(should_stop: ShouldStop) -> Callable[[], None]:
    """Return what the engine calls between its steps."""

    def check() -> None:
        if should_stop():
            raise Stopped

    return check
