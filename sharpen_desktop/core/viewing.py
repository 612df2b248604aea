"""Transitions of how the canvas compares, and of what the second window shows."""

from dataclasses import replace

from sharpen_desktop.core.second import SecondView
from sharpen_desktop.core.state import AppState, View


def view_chosen(state: AppState, view: View) -> AppState:
    """Choose how the canvas compares."""
    return replace(state, view=view, is_before_shown=False)


def view_turned(state: AppState) -> AppState:
    """Turn the divider by 90°."""
    return replace(state, is_turned=not state.is_turned)


def before_shown(state: AppState, *, is_shown: bool) -> AppState:
    """Show the before picture in place of the after one, or go back."""
    return replace(state, is_before_shown=is_shown and state.can_compare)


def second_changed(state: AppState, second: SecondView | None) -> AppState:
    """Open the second window, change what it shows, or close it."""
    return replace(state, second=second)
