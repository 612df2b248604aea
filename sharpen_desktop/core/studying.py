"""Transitions for what is found out about photos, and for painting on them."""

from dataclasses import replace

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.brush import SMALLEST, WIDEST, Brush, Stroke, Strokes, Target, Tool
from sharpen_desktop.core.editing import with_history
from sharpen_desktop.core.history import Wanted
from sharpen_desktop.core.photo import Photo, Question
from sharpen_desktop.core.photos import photo_changed
from sharpen_desktop.core.state import AppState
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


def tool_taken(state: AppState, tool: Tool, target: Target | None = None) -> AppState:
    """Take a tool in hand for a target (what it was for), or put it away with an empty one.

    A subject is seen only by its mask, which is shown while there is a tool for it; what a mix comes to is seen.
    """
    painted_on = target or state.target
    is_other = painted_on != state.target
    is_shown = (state.is_mask_shown and not is_other) or (tool != "" and painted_on == "subject")
    return replace(
        state, brush=replace(state.brush, tool=tool), chosen_target=painted_on, is_mask_shown=is_shown
    )


def brush_changed(state: AppState, brush: Brush) -> AppState:
    """Change size and feather of the brush, within their limits."""
    radius = min(max(brush.radius, SMALLEST), WIDEST)
    return replace(state, brush=replace(brush, radius=radius, feather=min(max(brush.feather, 0.0), 1.0)))


def mask_shown(state: AppState, *, is_shown: bool, target: Target | None = None) -> AppState:
    """Draw a target's mask (of what the brush is for) over the picture or not; a subject is not painted without it."""
    painted_on = target or state.target
    keeps_tool = painted_on == state.target and (is_shown or painted_on == "mix")
    tool: Tool = state.brush.tool if keeps_tool else ""
    brush = replace(state.brush, tool=tool)
    return replace(state, is_mask_shown=is_shown, brush=brush, chosen_target=painted_on)


def faces_shown(state: AppState, *, are_shown: bool) -> AppState:
    """Draw boxes round the faces or not."""
    return replace(state, are_faces_shown=are_shown)


def painted(state: AppState, stroke: Stroke) -> AppState:
    """Add a stroke to what the brush is for: the subject of the current photo, or the mix of the shown result."""
    variant = state.mixable
    if state.target == "subject":
        return _with_strokes(state, "subject", (*state.strokes, stroke))
    return _with_strokes(state, "mix", (*variant.mix.strokes, stroke)) if variant else state


def strokes_cleared(state: AppState, target: Target = "subject") -> AppState:
    """Take everything away that is painted on a target."""
    return _with_strokes(state, target, ())


def _with_strokes(state: AppState, target: Target, strokes: Strokes) -> AppState:
    present, variant = state.history.present, state.mixable
    if target == "subject":
        wanted = present.with_strokes(state.current_id, strokes)
    elif variant is not None:
        wanted = present.with_mix(state.current_id, variant.id, replace(variant.mix, strokes=strokes))
    else:
        return state
    return with_history(state, undo.edited(state.history, wanted, PAINTED))


def repainted(before: Wanted, after: Wanted) -> str:
    """Return the photo whose strokes two wishes differ in; empty when they are alike in that."""
    photo_ids = dict((*before.painted, *after.painted))
    return next((each for each in photo_ids if before.strokes(each) != after.strokes(each)), "")
