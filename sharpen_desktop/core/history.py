"""Undo and redo of settings."""

from dataclasses import dataclass

from sharpen_desktop.core.settings import Settings

DEPTH = 200


@dataclass(frozen=True, slots=True)
class History:
    """``present`` is in force. ``open_edit`` names the field whose edit still grows (a slider being dragged)."""

    present: Settings
    past: tuple[Settings, ...] = ()
    future: tuple[Settings, ...] = ()
    open_edit: str = ""


def edited(history: History, settings: Settings, edit: str) -> History:
    """Return the history after an edit; edits of one name in a row are one step until sealed."""
    if settings == history.present:
        return history
    if edit and edit == history.open_edit and history.past:
        return History(settings, history.past, (), edit)
    return History(settings, (*history.past, history.present)[-DEPTH:], (), edit)


def sealed(history: History) -> History:
    """Return the history with the growing edit ended: the next one is a step of its own.

    An edit that ended where it began leaves no step.
    """
    if history.open_edit and history.past and history.past[-1] == history.present:
        return History(history.present, history.past[:-1], history.future)
    return History(history.present, history.past, history.future)


def undone(history: History) -> History:
    """Return the history one step back; unchanged at the beginning."""
    if not history.past:
        return history
    return History(history.past[-1], history.past[:-1], (history.present, *history.future))


def redone(history: History) -> History:
    """Return the history one step forward; unchanged at the end."""
    if not history.future:
        return history
    return History(history.future[0], (*history.past, history.present), history.future[1:])
