"""What of a state the canvas shows: pictures, a preview, what will be sharpened, progress."""

from sharpen_desktop.core.brush import painted_since
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.subjects import is_background_wanted
from sharpen_desktop.core.view_transform import Size
from sharpen_desktop.ui.canvas.cover import Cover
from sharpen_desktop.ui.canvas.overlay import Veil


def display_of(variant: Variant | None) -> Display | None:
    """Return a variant's pixels."""
    return variant.display if variant else None


def after_under(cover: Cover | None, photo: Photo | None) -> Display | None:
    """Return what side B shows: what is after, or the photo where a preview would not fit on that."""
    after = display_of(photo.after if photo else None)
    if cover is None or photo is None or after is None:
        return after
    fits = (after.width, after.height) == (cover.whole.width, cover.whole.height)
    return after if fits else display_of(photo.original)


def cover_of(state: AppState) -> Cover | None:
    """Return the preview over side B, with the photo it is a part of."""
    preview, photo = state.shown_preview, state.current
    whole = display_of(photo.original) if photo else None
    if preview is None or whole is None:
        return None
    return Cover(preview.display, preview.area, Size(whole.width, whole.height))


def veil_of(state: AppState) -> Veil | None:
    """Return what will be sharpened, while that is a part of the photo and asked to be shown."""
    photo = state.current
    if photo is None or photo.subject is None or not state.is_mask_shown or not state.has_subject_here:
        return None
    ink = painted_since(state.strokes, photo.subject.strokes)
    return Veil(photo.subject, ink, is_background_wanted(state))


def progress_of(state: AppState, photo: Photo | None) -> float | None:
    """Return how far the run of a photo has come, 0–1; ``None`` when none goes on or nothing is known."""
    run = state.going
    if run is None or photo is None or run.photo_id != photo.id or run.progress is None:
        return None
    return run.progress.fraction
