"""Transitions of what the user wants: settings, going back and forth in the history, engine and preferences."""

from dataclasses import replace

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.history import History
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.core.shelf import arranged
from sharpen_desktop.core.state import AppState


def setting_edited(state: AppState, settings: Settings, edit: str) -> AppState:
    """Put new settings in force; ``edit`` names what grows into one undo step, empty for a change of all."""
    notices = tuple(
        replace(each, field="") if each.field and edit in ("", each.field) else each for each in state.notices
    )
    wanted = state.history.present.with_settings(settings)
    after = replace(state, history=undo.edited(state.history, wanted, edit), notices=notices)
    return without_idle_tool(after)


def edit_sealed(state: AppState) -> AppState:
    """End the growing undo step."""
    return replace(state, history=undo.sealed(state.history))


def settings_undone(state: AppState) -> AppState:
    """Go one step of what was wanted back."""
    return with_history(state, undo.undone(state.history))


def settings_redone(state: AppState) -> AppState:
    """Go one step of what was wanted forward."""
    return with_history(state, undo.redone(state.history))


def with_history(state: AppState, history: History) -> AppState:
    """Put a history in force: the variants' names, and those that were deleted, follow it."""
    photos = arranged(state.photos, history.present)
    after = without_idle_tool(replace(state, history=history, photos=photos))
    return replace(after, is_before_shown=after.shows_before)


def engine_chosen(state: AppState, engine: EngineName) -> AppState:
    """Choose where to sharpen; the cloud without a key opens the card that asks for one."""
    after = replace(state, engine=engine, is_key_wanted=engine == "cloud" and not state.has_key)
    return without_idle_tool(after)


def without_idle_tool(state: AppState) -> AppState:
    """Put the brush away while there is nothing it could paint on: dragging then moves the picture again."""
    has_any = state.has_subject_here if state.target == "subject" else state.mixable is not None
    return state if has_any else replace(state, brush=replace(state.brush, tool=""))


def prefs_changed(state: AppState, prefs: Prefs) -> AppState:
    """Put preferences in force."""
    return replace(state, prefs=prefs)
