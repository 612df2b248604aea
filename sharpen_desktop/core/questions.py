"""What is to be found out about the current photo now, read off the state."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.photo import Loading, Photo
from sharpen_desktop.core.picture import Master
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.sharpness_overlay import is_measuring
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.study import Area

MOST_MEGAPIXELS = 4.0
"""No more than this is previewed at a time."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Something is to be found out about the whole of a photo; ``strokes``: painted on its foreground."""

    photo_id: str
    picture: Master
    strokes: Strokes = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What does Auto take for a photo in this mode."""

    photo_id: str
    picture: Master
    mode: str


@dataclass(frozen=True, slots=True)
class View:
    """What would a run make of this area."""

    photo_id: str
    picture: Master
    settings: Settings
    strokes: Strokes
    area: Area


class NoPreview(Enum):
    """Why no preview is to be made: there is to be none, what is shown still holds, or too much is in view."""

    OFF = "off"
    HOLDS = "holds"
    TOO_LARGE = "too large"


PreviewWish = View | NoPreview


def diagnosis_wanted(state: AppState) -> Whole | None:
    """Return the photo to be diagnosed."""
    return _about(state, lambda photo: photo.diagnosis is None and _has_time(state))


def auto_wanted(state: AppState) -> Taken | None:
    """Return for which mode it is to be found out what Auto takes: for the chosen one, then for the advised one."""
    whole = _about(state, lambda photo: photo.diagnosis is not None and _has_time(state))
    diagnosis = state.current.diagnosis if state.current else None
    if whole is None or diagnosis is None:
        return None
    modes = (state.settings.text("mode", diagnosis.mode), diagnosis.mode) if state.engine == "local" else ()
    missing = (mode for mode in modes if diagnosis.auto(mode) is None)
    return next((Taken(whole.photo_id, whole.picture, mode) for mode in missing), None)


def faces_wanted(state: AppState) -> Whole | None:
    """Return the photo whose faces are to be found."""
    return _about(state, lambda photo: state.are_faces_shown and photo.faces is None)


def subject_wanted(state: AppState) -> Whole | None:
    """Return the photo whose foreground is to be found or, after a stroke, to be drawn anew."""
    whole = state.current
    if whole is None or (whole.subject is not None and whole.subject.strokes == state.strokes):
        return None
    is_soon_needed = state.has_subject_here and _has_time(state)
    found = _about(state, lambda _: state.is_mask_shown or is_soon_needed)
    return found and Whole(found.photo_id, found.picture, state.strokes)


def preview_wanted(state: AppState, area: Area | None) -> PreviewWish | None:
    """Return what is to be previewed of the current photo while ``area`` of it is in view.

    ``None`` where the state says already that there is to be no other preview than what it has.
    """
    wanted = _preview_wanted(state, area)
    is_due, is_too_large = state.is_preview_due, state.is_view_too_large
    match wanted:
        case NoPreview.OFF if state.preview is None and not is_due and not is_too_large:
            return None
        case NoPreview.HOLDS if not is_due and not is_too_large:
            return None
        case NoPreview.TOO_LARGE if state.preview is None and not is_due and is_too_large:
            return None
    return wanted


def _preview_wanted(state: AppState, area: Area | None) -> PreviewWish:
    photo, picture = state.current, _whole(state.current)
    if photo is None or picture is None or not state.is_preview_wanted:
        return NoPreview.OFF
    if state.run_of(photo.id) is not None:
        return _standing(state)  # its result takes the preview's place, with nothing in between
    seen = _within(area, picture)
    if seen is None:
        return _standing(state)
    if seen.megapixels > MOST_MEGAPIXELS:
        return NoPreview.TOO_LARGE
    if diagnosis_wanted(state) is not None:
        return _standing(state)  # the sentence comes first, and what it takes serves the preview
    strokes = state.history.present.strokes_in_force(photo.id)
    wanted = View(photo.id, picture, state.settings, strokes, seen)
    return NoPreview.HOLDS if _is_answered(state, wanted) else wanted


def _about(state: AppState, is_asked: Callable[[Photo], bool]) -> Whole | None:
    photo, picture = state.current, _whole(state.current)
    if photo is None or picture is None or not is_asked(photo):
        return None
    return Whole(photo.id, picture)


def _whole(photo: Photo | None) -> Master | None:
    """Return a photo's pixels when all of them are there."""
    is_ready = photo is not None and photo.loading is Loading.READY and photo.original is not None
    return photo.original.master if is_ready and photo and photo.original else None


def _has_time(state: AppState) -> bool:
    """Whether nothing is under way that comes first: a run on this computer, a preview, the sharpness overlay."""
    is_busy = any(run.is_busy and run.engine == "local" for run in state.runs)
    return not (is_busy or state.is_preview_due or is_measuring(state))


def _standing(state: AppState) -> NoPreview:
    """Keep what is shown, if it is of the current photo."""
    is_own = state.preview is None or state.preview.photo_id == state.current_id
    return NoPreview.HOLDS if is_own else NoPreview.OFF


def _is_answered(state: AppState, wanted: View) -> bool:
    shown = state.preview
    if shown is None:
        return False
    made_for = (shown.photo_id, shown.settings, shown.strokes)
    return made_for == (wanted.photo_id, wanted.settings, wanted.strokes) and shown.area.holds(wanted.area)


def _within(area: Area | None, picture: Master) -> Area | None:
    """Return what of an area lies in the picture; ``None`` for nothing."""
    if area is None:
        return None
    left, top = max(0, area.left), max(0, area.top)
    right = min(area.left + area.width, picture.width)
    bottom = min(area.top + area.height, picture.height)
    return Area(left, top, right - left, bottom - top) if left < right and top < bottom else None
