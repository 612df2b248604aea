"""Transitions of what the window says: notices in the banner, and the line in the status bar."""

from dataclasses import replace

from sharpen_desktop.core.notice import Notice
from sharpen_desktop.core.state import AppState

MOST_NOTES = 5


def noticed(state: AppState, notice: Notice) -> AppState:
    """Show a notice; one that says the same is replaced, and notes beyond a few leave. Errors stay."""
    kept = [old for old in state.notices if (old.text, old.kind) != (notice.text, notice.kind)]
    notes = [old for old in kept if old.kind == "note"]
    gone = notes[: max(0, len(notes) - MOST_NOTES + 1)]
    return replace(state, notices=(*(old for old in kept if old not in gone), notice))


def notice_dismissed(state: AppState, notice_id: str) -> AppState:
    """Take a notice away."""
    return replace(state, notices=tuple(each for each in state.notices if each.id != notice_id))


def status_said(state: AppState, text: str) -> AppState:
    """Say something in the status bar."""
    return replace(state, status=text)
