"""Transitions of a blind test. What is really on the sides stays as it is; only what is seen is shuffled."""

from dataclasses import replace

from sharpen_desktop.core.blind import Answer, BlindTest, BlindView
from sharpen_desktop.core.state import AppState, View


def blind_begun(state: AppState, shuffles: tuple[bool, ...]) -> AppState:
    """Begin to compare the two sides blindly, one round for each of ``shuffles``."""
    photo = state.current
    if photo is None or photo.before is None or photo.after is None or not state.can_swap or state.is_blind:
        return state
    test = BlindTest(
        photo.id,
        photo.side_a,
        photo.side_b,
        photo.before.label,
        photo.after.label,
        shuffles,
        view="split" if state.view == "split" else "side_by_side",
        is_turned=state.is_turned,
    )
    return replace(state, blind=test, is_before_shown=False)


def blind_answered(state: AppState, answer: Answer) -> AppState:
    """Note which picture was preferred; the next round begins, or it is told what they were."""
    if state.blind is None or not state.is_blind:
        return state
    return replace(state, blind=state.blind.answered(answer), is_before_shown=False)


def blind_viewed(state: AppState, view: View) -> AppState:
    """Show the two of a blind test with a divider or beside each other; any other view would tell them apart."""
    if state.blind is None or view not in ("split", "side_by_side"):
        return state
    blind_view: BlindView = "split" if view == "split" else "side_by_side"
    return replace(state, blind=replace(state.blind, view=blind_view), is_before_shown=False)


def blind_turned(state: AppState) -> AppState:
    """Turn the two of a blind test by 90°."""
    if state.blind is None:
        return state
    return replace(state, blind=replace(state.blind, is_turned=not state.blind.is_turned))


def blind_ended(state: AppState) -> AppState:
    """End a blind test, also before all its rounds; everything is as it was before it."""
    return replace(state, blind=None, is_before_shown=state.is_before_shown and not state.is_blind)
