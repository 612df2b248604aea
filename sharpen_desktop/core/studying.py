"""Transitions for what is found out about photos, and for painting on them."""

from dataclasses import replace

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.brush import SMALLEST, WIDEST, Brush, Stroke, Tool
from sharpen_desktop.core.history import Wanted
from sharpen_desktop.core.photo import Photo, Question
from sharpen_desktop.core.state import AppState, photo_changed
from sharpen_desktop.core.study import Auto, Diagnosis, FaceBox, Preview, SubjectMask

PAINTED = ""
"""Each stroke is an undo step of its own."""


def diagnosed(state: AppState, photo_id: str, diagnosis: Diagnosis) -> AppState:
    """Note what is the matter with a photo."""
    return photo_changed(state, photo_id, lambda photo: replace(photo, diagnosis=diagnosis))


def auto_found(state: AppState, photo_id: str, mode: str, auto: Auto) -> AppState:
    """Note what Auto takes for a photo in one mode more."""

    def change(photo: Photo) -> Photo:
        if photo.diagnosis is None:
            return photo
        autos = (*(each for each in photo.diagnosis.autos if each[0] != mode), (mode, auto))
        return replace(photo, diagnosis=replace(photo.diagnosis, autos=autos))

    return photo_changed(state, photo_id, change)


def faces_found(state: AppState, photo_id: str, faces: tuple[FaceBox, ...]) -> AppState:
    """Note where a photo has faces."""
    return photo_changed(state, photo_id, lambda photo: replace(_answered(photo, "faces"), faces=faces))


def subject_found(state: AppState, photo_id: str, subject: SubjectMask) -> AppState:
    """Note where a photo's subject is."""
    return photo_changed(state, photo_id, lambda photo: replace(_answered(photo, "subject"), subject=subject))


def left_unanswered(state: AppState, photo_id: str, question: Question) -> AppState:
    """Note that something could not be found out about a photo."""

    def change(photo: Photo) -> Photo:
        return replace(photo, unanswered=(*_answered(photo, question).unanswered, question))

    return photo_changed(state, photo_id, change)


def _answered(photo: Photo, question: Question) -> Photo:
    return replace(photo, unanswered=tuple(each for each in photo.unanswered if each != question))


def preview_due(state: AppState) -> AppState:
    """Note that a newer preview is being made; what was shown stays until it comes."""
    return replace(state, is_preview_due=True, is_view_too_large=False)


def preview_came(state: AppState, preview: Preview) -> AppState:
    """Show a preview, unless its photo is no longer the current one."""
    if preview.photo_id != state.current_id:
        return state
    return replace(state, preview=preview, is_preview_due=False, is_view_too_large=False)


def preview_settled(state: AppState) -> AppState:
    """Wait for no newer preview; what was shown stays."""
    return replace(state, is_preview_due=False, is_view_too_large=False)


def preview_dropped(state: AppState, *, is_view_too_large: bool = False) -> AppState:
    """Show no preview, and wait for none; ``is_view_too_large``: because too much is in view."""
    return replace(state, preview=None, is_preview_due=False, is_view_too_large=is_view_too_large)


def tool_taken(state: AppState, tool: Tool) -> AppState:
    """Take a tool in hand, or put it away with an empty one; the mask is shown while there is one."""
    return replace(
        state, brush=replace(state.brush, tool=tool), is_mask_shown=state.is_mask_shown or tool != ""
    )


def brush_changed(state: AppState, brush: Brush) -> AppState:
    """Change size and feather of the brush, within their limits."""
    radius = min(max(brush.radius, SMALLEST), WIDEST)
    return replace(state, brush=replace(brush, radius=radius, feather=min(max(brush.feather, 0.0), 1.0)))


def mask_shown(state: AppState, *, is_shown: bool) -> AppState:
    """Draw the subject over the picture or not; without it there is no painting."""
    tool: Tool = state.brush.tool if is_shown else ""
    return replace(state, is_mask_shown=is_shown, brush=replace(state.brush, tool=tool))


def faces_shown(state: AppState, *, are_shown: bool) -> AppState:
    """Draw boxes round the faces or not."""
    return replace(state, are_faces_shown=are_shown)


def painted(state: AppState, stroke: Stroke) -> AppState:
    """Add a stroke to the subject of the current photo."""
    strokes = (*state.strokes, stroke)
    wanted = state.history.present.with_strokes(state.current_id, strokes)
    return replace(state, history=undo.edited(state.history, wanted, PAINTED))


def strokes_cleared(state: AppState) -> AppState:
    """Take everything painted on the current photo's subject away."""
    wanted = state.history.present.with_strokes(state.current_id, ())
    return replace(state, history=undo.edited(state.history, wanted, PAINTED))


def repainted(before: Wanted, after: Wanted) -> str:
    """Return the photo whose strokes two wishes differ in; empty when they are alike in that."""
    photo_ids = dict((*before.painted, *after.painted))
    return next((each for each in photo_ids if before.strokes(each) != after.strokes(each)), "")
