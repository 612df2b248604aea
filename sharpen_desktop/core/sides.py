"""Transitions of the comparer's sides: which variant is on them."""

from dataclasses import replace

from sharpen_desktop.core.panes import Side
from sharpen_desktop.core.photos import photo_changed
from sharpen_desktop.core.several import is_seen, variant_on
from sharpen_desktop.core.state import AppState

PREVIEW = "preview"
"""What side B is asked to show instead of a variant's id."""


def side_chosen(state: AppState, side: Side, variant_id: str) -> AppState:
    """Put a variant of the current photo on a side; ``PREVIEW`` on side B shows previews again."""
    photo = state.current
    if photo is not None and (side, variant_id) == ("b", PREVIEW):
        return photo_changed(state, photo.id, lambda old: replace(old, chosen_over=None))
    if photo is None or photo.variant(variant_id) is None:
        return state
    if side != "b":
        return photo_changed(state, photo.id, lambda old: old.with_side(side, variant_id))
    if photo.variants and variant_id == photo.variants[-1].id:
        chosen = replace(photo, side_b=variant_id, is_b_chosen=False)  # the newest: follow newer ones
    else:
        chosen = replace(photo, side_b=variant_id, is_b_chosen=True)
    chosen = replace(chosen, chosen_over=state.history.present)
    return photo_changed(state, photo.id, lambda _: chosen)


def sides_swapped(state: AppState) -> AppState:
    """Show before what was shown after, and the other way round."""
    photo = state.current
    if photo is None or not state.can_swap:
        return state
    swapped = replace(photo, side_a=photo.side_b, side_b=photo.side_a, is_b_chosen=True)
    return photo_changed(state, photo.id, lambda _: swapped)


def variant_stepped(state: AppState, side: Side, step: int) -> AppState:
    """Show the next or previous variant that has a picture on a side; the list's ends stay the ends."""
    photo = state.current
    if photo is None:
        return state
    ids = [each.id for each in photo.variants if is_seen(each)]
    shown = variant_on(photo, side)
    place = ids.index(shown.id) + step if shown is not None and shown.id in ids else -1
    return side_chosen(state, side, ids[place]) if 0 <= place < len(ids) else state


def shown_made_before(state: AppState) -> AppState:
    """Make the shown variant the one before; when it is that already, the original."""
    photo = state.current
    if photo is None or photo.shown is None or photo.original is None:
        return state
    is_before = photo.side_a == photo.shown.id
    return side_chosen(state, "a", photo.original.id if is_before else photo.shown.id)
