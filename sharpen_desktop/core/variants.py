"""Transitions of the list of variants: what is in it, names, settings used again, saving, files to compare and hand out."""

from collections.abc import Callable
from dataclasses import replace

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.editing import with_history
from sharpen_desktop.core.mix import Mix
from sharpen_desktop.core.panes import Side
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.photos import photo_changed
from sharpen_desktop.core.picture import OpenedPicture
from sharpen_desktop.core.schema import clean
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.sides import side_chosen
from sharpen_desktop.core.state import AppState

LONGEST_NAME = 80


def variant_added(state: AppState, photo_id: str, variant: Variant, *, takes_side: bool) -> AppState:
    """Add a variant to a photo; ``takes_side``: on side B unless the user has chosen another there.

    A preview on side B is nothing the user has chosen to keep there. The photo's first result opens the split view;
    later ones leave the view as it is.
    """
    photo = state.photo(photo_id)
    if photo is None:
        return state
    added = replace(photo, variants=(*photo.variants, variant))
    is_followed = photo_id == state.current_id and state.shown_preview is not None
    if takes_side and (is_followed or not photo.is_b_chosen):
        added = replace(added, side_b=variant.id, is_b_chosen=False, chosen_over=state.history.present)
    after = photo_changed(state, photo.id, lambda _: added)
    if takes_side and not photo.results and photo.id == state.current_id:
        return replace(after, view="split", is_before_shown=False)
    return after


def variant_read(state: AppState, photo_id: str, variant_id: str, picture: OpenedPicture) -> AppState:
    """Put the pixels of a result in place again."""

    def change(variant: Variant) -> Variant:
        return replace(variant, facts=picture.facts, display=picture.display, master=picture.master)

    return variant_changed(state, photo_id, variant_id, change)


def variant_removed(state: AppState, photo_id: str, variant_id: str) -> AppState:
    """Take a result off a photo; where it was shown, side A shows the original and B the newest that is left."""

    def change(photo: Photo) -> Photo:
        rest = tuple(each for each in photo.variants if each.id != variant_id or each.is_original)
        newest = rest[-1].id if len(rest) > 1 else ""
        return replace(
            photo,
            variants=rest,
            side_a=rest[0].id if photo.side_a == variant_id else photo.side_a,
            side_b=newest if photo.side_b == variant_id else photo.side_b,
        )

    photo = state.photo(photo_id)
    if photo is None or photo.variant(variant_id) is None:
        return state
    after = photo_changed(state, photo_id, change)
    if photo_id != state.current_id or after.can_compare:
        return after
    return replace(after, view="single", is_before_shown=False)


def variant_saved(state: AppState, photo_id: str, variant_id: str, path: str, mix: Mix = Mix()) -> AppState:  # noqa: B008
    """Note where a variant was saved, and how it was mixed then."""

    def change(variant: Variant) -> Variant:
        return replace(variant, saved_to=path, saved_mix=mix)

    return variant_changed(state, photo_id, variant_id, change)


def saving_changed(state: AppState, variant_id: str) -> AppState:
    """Note which variant is being saved; empty for none."""
    return replace(state, saving=variant_id)


def variant_changed(
    state: AppState, photo_id: str, variant_id: str, change: Callable[[Variant], Variant]
) -> AppState:
    """Replace one variant of a photo; nothing when either is gone."""

    def change_photo(photo: Photo) -> Photo:
        variants = tuple(change(each) if each.id == variant_id else each for each in photo.variants)
        return replace(photo, variants=variants)

    return photo_changed(state, photo_id, change_photo)


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
