"""Two to four variants at once: which are in the panes beyond before and after, and how the view is chosen."""

from dataclasses import replace

from sharpen_desktop.core.panes import SIDES, Side
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.photos import photo_changed
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.viewing import view_chosen

FEWEST, MOST = 3, 4
"""Two at once are the sides beside each other."""


def variant_on(photo: Photo, side: Side) -> Variant | None:
    """Return the variant in a pane: the chosen one, else in the third and fourth the newest that no other pane has."""
    if side == "a":
        return photo.before
    if side == "b":
        return photo.after or photo.original
    chosen = {each: photo.variant(photo.side(each)) for each in SIDES[2:]}
    if chosen[side] is not None or not photo.variants:
        return chosen[side]
    used = {
        photo.side_a,
        photo.side_b or photo.variants[0].id,
        *(each.id for each in chosen.values() if each),
    }
    free = [each for each in reversed(photo.variants) if each.id not in used and is_seen(each)]
    place = [each for each in SIDES[2:] if chosen[each] is None].index(side)
    return free[place] if place < len(free) else None


def up_shown(state: AppState, count: int) -> AppState:
    """Show three or four variants at once; what is in the panes then stays there until it is changed by hand."""
    photo = state.current
    if photo is None or not state.can_compare:
        return state
    count = min(max(count, FEWEST), MOST)
    kept = photo
    for side in SIDES[2:]:
        seen = variant_on(photo, side) if side in SIDES[:count] else None
        kept = kept.with_side(side, seen.id if seen else "")
    after = photo_changed(view_chosen(state, "up"), photo.id, lambda _: kept)
    return replace(after, up_count=count)


def up_wanted(state: AppState) -> AppState:
    """Show as many as the photo has, three or four; while they are shown, the other number."""
    photo = state.current
    if photo is None:
        return state
    if state.view == "up":
        return up_shown(state, FEWEST + MOST - state.up_count)
    return up_shown(state, sum(map(is_seen, photo.variants)))


def sides_seen(state: AppState) -> tuple[Side, ...]:
    """Return the sides the view has panes for, while it is one of several pictures."""
    return SIDES[: state.up_count] if state.seen_view == "up" else SIDES[:2]


def is_seen(variant: Variant) -> bool:
    """Return whether a variant has a picture, or a file to read one from."""
    return variant.display is not None or bool(variant.file)
