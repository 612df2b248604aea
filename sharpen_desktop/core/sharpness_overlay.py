"""The sharpness overlay of the canvas: what it shows in a state, what has to be measured for it, its transitions."""

from dataclasses import dataclass, replace

from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.sharpness import (
    HALO,
    NOISE,
    SHARP,
    Overlay,
    Sharpness,
    SharpnessWish,
    Sight,
    numbers_text,
    sharpness_wish,
)
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.study import Preview

FAILED = "The sharpness could not be measured; the overlay is off. Press Shift+F to try again."
IN_BLIND_TEST = "Not during a blind test: marks would tell the pictures apart"
IN_DIFFERENCE = "Choose Single, Split or Side by side first: the difference view has colours of its own"
UNLINKED = "Relink the sides to see the marks in their place"
MEASURING = "Measuring what is in view…"
CHANGE_MARKS = ((SHARP, "Sharper"), (HALO, "Halo"), (NOISE, "Noise raised"))


@dataclass(frozen=True, slots=True)
class Legend:
    """What is said about the marks: each mark with its name, and a line. ``is_current``: of what is in view now."""

    marks: tuple[tuple[int, str], ...]
    line: str
    is_current: bool = True


def can_overlay(state: AppState) -> bool:
    """Whether marks can lie over the view: the difference has colours of its own, and a blind test is told nothing."""
    return state.current is not None and state.seen_view != "difference" and not state.is_blind


def shown_overlay(state: AppState) -> Overlay:
    """Return what the overlay shows now: nothing over a difference, of a single picture only that."""
    if state.overlay == "off" or not can_overlay(state):
        return "off"
    return state.overlay if state.can_compare else "before"


def next_overlay(state: AppState) -> Overlay:
    """Return what the overlay shows after one step: off, before, after, change."""
    steps: tuple[Overlay, ...] = (
        ("off", "before", "after", "change") if state.can_compare else ("off", "before")
    )
    return steps[(steps.index(shown_overlay(state)) + 1) % len(steps)]


def overlay_tip(state: AppState) -> str:
    """Return what a press of the overlay's button does, or why it does nothing."""
    if state.current is not None and not can_overlay(state):
        return IN_BLIND_TEST if state.is_blind else IN_DIFFERENCE
    if state.can_compare:
        return "Mark what is sharp: before, after, what has changed, off"
    return "Mark what is sharp"


def overlay_title(state: AppState) -> str:
    """Return what the overlay shows, in a word."""
    shown = shown_overlay(state)
    return "on" if shown == "before" and not state.can_compare else shown


def shown_sharpness(state: AppState) -> Sharpness | None:
    """Return what was measured of the pictures now shown, also of an earlier view of them."""
    found = state.sharpness
    if found is None or found.wish.overlay != shown_overlay(state):
        return None
    wish = found.wish
    return found if (wish.photo_id, wish.old, wish.new, wish.cover) == _asked_of(state) else None


def is_measuring(state: AppState) -> bool:
    """Whether the overlay waits for an answer."""
    return state.is_sharpness_due and shown_overlay(state) != "off"


def legend(state: AppState, sight: Sight, *, is_linked: bool) -> Legend | None:
    """Return what is said over the picture; ``None`` without an overlay. ``is_linked``: both sides show one place."""
    overlay, found = shown_overlay(state), shown_sharpness(state)
    if overlay == "off":
        return None
    if not is_linked:
        return Legend((), UNLINKED)
    marks = CHANGE_MARKS if overlay == "change" else ((SHARP, f"Sharp edges{_of_side(state)}"),)
    if found is None:
        return Legend(marks, MEASURING)
    is_current = sharpness_wanted(state, sight) == found.wish
    return Legend(marks, numbers_text(found), is_current)


def _of_side(state: AppState) -> str:
    return f", {shown_overlay(state)}" if state.can_compare else ""


def sharpness_wanted(state: AppState, sight: Sight | None) -> SharpnessWish | None:
    """Return what has to be measured while this is in view; ``None`` for nothing."""
    overlay = shown_overlay(state)
    photo_id, old, new, cover = _asked_of(state)
    is_whole = all(each is None or each.is_complete for each in (old, new))
    if overlay == "off" or sight is None or not is_whole:
        return None
    return sharpness_wish(photo_id, overlay, old, new, cover, sight)


def _asked_of(state: AppState) -> tuple[str, Display | None, Display | None, Preview | None]:
    """Return the photo, and of its sides those that the overlay is about, with the preview over side B."""
    overlay, photo = shown_overlay(state), state.current
    if photo is None:
        return "", None, None, None
    old = photo.before.look if photo.before else None
    new = photo.after.look if photo.after else None
    cover, own = state.shown_preview, photo.original.look if photo.original else None
    if cover is not None and own is not None and (new is None or _size(new) != _size(own)):
        new = own  # a preview lies over the photo where it would not fit on the variant
    if overlay == "before" or not state.can_compare:
        return photo.id, old or own, None, None
    return photo.id, old if overlay == "change" else None, new, cover


def _size(display: Display) -> tuple[int, int]:
    return display.width, display.height


# Transitions


def overlay_stepped(state: AppState) -> AppState:
    """Show the next of the overlay's kinds, or none."""
    return _overlay_chosen(state, next_overlay(state)) if can_overlay(state) else state


def sharpness_due(state: AppState) -> AppState:
    """Note that something in view is being measured; what was measured before stays."""
    return replace(state, is_sharpness_due=True)


def sharpness_came(state: AppState, found: Sharpness) -> AppState:
    """Show what was measured, unless nobody wants it any more."""
    wanted = found if state.overlay != "off" else None
    return replace(state, sharpness=wanted, is_sharpness_due=False)


def sharpness_failed(state: AppState) -> AppState:
    """Put the overlay away, and say why."""
    return status_said(_overlay_chosen(state, "off"), FAILED)


def _overlay_chosen(state: AppState, overlay: Overlay) -> AppState:
    if overlay == "off":
        return replace(state, overlay=overlay, sharpness=None, is_sharpness_due=False)
    return replace(state, overlay=overlay)
