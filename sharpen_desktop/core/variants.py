"""Transitions of the list of variants: names, settings used again, files to compare with, files to hand out."""

from dataclasses import replace

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.panes import Side
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.schema import clean
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.state import (
    AppState,
    photo_changed,
    side_chosen,
    variant_added,
    variant_changed,
    with_history,
)

LONGEST_NAME = 80


def variant_renamed(state: AppState, variant_id: str, name: str) -> AppState:
    """Call a variant of the current photo something else, one step to undo; an empty name gives its own title back."""
    photo = state.current
    variant = photo.variant(variant_id) if photo else None
    if photo is None or variant is None:
        return state
    plain = " ".join(name.split())[:LONGEST_NAME]
    named = state.history.present.with_name(photo.id, variant.id, "" if plain == variant.title else plain)
    return with_history(state, undo.edited(state.history, named, ""))


def variant_deleted(state: AppState, photo_id: str, variant_id: str) -> AppState:
    """Take a result or a file off a photo: one step to undo, which brings it back until the photo is closed."""
    photo = state.photo(photo_id)
    variant = photo.variant(variant_id) if photo else None
    if variant is None or variant.is_original:
        return state
    wanted = state.history.present.with_deleted(photo_id, variant_id)
    return with_history(state, undo.edited(state.history, wanted, ""))


def settings_reused(state: AppState, variant_id: str) -> AppState:
    """Want again what a variant of the current photo was made with, painted strokes too: one step to undo.

    Fields the schema no longer has are left out, values it no longer allows are put right.
    """
    photo = state.current
    variant = photo.variant(variant_id) if photo else None
    if photo is None or variant is None or variant.made_with is None:
        return state
    wanted = state.history.present.with_settings(_allowed(state, variant.made_with))
    return replace(
        state, history=undo.edited(state.history, wanted.with_strokes(photo.id, variant.strokes), "")
    )


def _allowed(state: AppState, settings: Settings) -> Settings:
    if state.schema is None:
        return settings
    values = ((param.name, clean(param, settings.get(param.name))) for param in state.schema.params)
    return Settings(tuple(sorted((name, value) for name, value in values if value is not None)))


def file_joined(state: AppState, photo_id: str, side: Side, variant: Variant) -> AppState:
    """Add a file as a variant and put it on a side, where it stays when a new result comes."""
    photo = state.photo(photo_id)
    if photo is None:
        return state
    known = file_variant(photo, variant.file)
    added = state if known else variant_added(state, photo_id, variant, takes_side=False)
    if photo_id != state.current_id:
        return added
    after = put_on_side(added, side, known.id if known else variant.id)
    if side != "b":
        return after
    return photo_changed(after, photo_id, lambda now: replace(now, is_b_chosen=True))


def file_variant(photo: Photo, file: str) -> Variant | None:
    """Return the variant of a photo that is this file, if there is one."""
    return next((each for each in photo.variants if each.source == "file" and each.file == file), None)


def put_on_side(state: AppState, side: Side, variant_id: str) -> AppState:
    """Put a variant on a half of the canvas; a view of one picture becomes a split one: both halves are wanted."""
    after = side_chosen(state, side, variant_id)
    if after.current is None or after.current.variant(variant_id) is None:
        return state
    if state.view == "single" and after.can_compare:
        return replace(after, view="split", is_before_shown=False)
    return replace(after, is_before_shown=False)


def handout_begun(state: AppState, photo_id: str, variant_id: str) -> AppState:
    """Note that a variant's file for other programs is being written."""
    return variant_changed(
        state, photo_id, variant_id, lambda old: replace(old, handout="", is_handing_out=True)
    )


def handout_ended(state: AppState, photo_id: str, variant_id: str, file: str) -> AppState:
    """Note where a variant's file for other programs lies, empty when there is none."""
    return variant_changed(
        state, photo_id, variant_id, lambda old: replace(old, handout=file, is_handing_out=False)
    )
