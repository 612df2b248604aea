"""The history of what was wanted, in words, and going to one of its steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.editing import with_history
from sharpen_desktop.core.history import Wanted
from sharpen_desktop.core.mixing import mixes_said
from sharpen_desktop.core.recipe import setting_text
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import Settings, defaults
from sharpen_desktop.core.shelf import variants_said
from sharpen_desktop.core.state import AppState

BEGINNING = "Beginning"
MOST_NAMED = 2
"""A step that changes more fields than these names them only."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``place``: how many steps lie before it; ``is_undone``: it lies ahead of the present one."""

    place: int
    text: str
    is_current: bool = False
    is_undone: bool = False


def steps(state: AppState) -> tuple[Step, ...]:
    """Return all steps from the beginning to the last that was undone, oldest first."""
    history = state.history
    wanted = (*history.past, history.present, *history.future)
    names = {photo.id: photo.name for photo in state.photos if photo.id != state.current_id}
    plain = defaults(state.schema) if state.schema else Settings()
    said = (_said(state.schema, plain, names, before, after) for before, after in pairwise(wanted))
    labels = {each.id: each.title for photo in state.photos for each in photo.all_variants}
    tidied = (variants_said(labels, before, after) for before, after in pairwise(wanted))
    mixed = (mixes_said(labels, before, after) for before, after in pairwise(wanted))
    parts = zip(said, tidied, mixed, strict=True)
    texts = (BEGINNING, *(", ".join(filter(None, each)) or "Change" for each in parts))
    here = len(history.past)
    return tuple(Step(place, text, place == here, place > here) for place, text in enumerate(texts))


def history_step_chosen(state: AppState, place: int) -> AppState:
    """Undo or redo until the step with so many before it is in force; a place beyond the ends is the end."""
    history = undo.sealed(state.history)
    while len(history.past) > place and history.past:
        history = undo.undone(history)
    while len(history.past) < place and history.future:
        history = undo.redone(history)
    return with_history(state, history)


def _said(
    schema: ModelSchema | None, plain: Settings, names: Mapping[str, str], before: Wanted, after: Wanted
) -> str:
    """Return what a step has changed; ``plain``: the settings' defaults."""
    settings = _settings_said(schema, plain, before.settings, after.settings)
    changed = [*settings, *_painting_said(names, before, after)]
    return ", ".join(changed)


def _settings_said(
    schema: ModelSchema | None, plain: Settings, before: Settings, after: Settings
) -> list[str]:
    if schema is None or before == after:
        return []
    if after == plain:
        return ["All settings reset"]
    old, new = dict(before.items), dict(after.items)
    changed = [param for param in schema.params if old.get(param.name) != new.get(param.name)]
    if len(changed) > MOST_NAMED:
        return [f"{changed[0].label} and {len(changed) - 1} more settings"]
    return [setting_text(param, new.get(param.name)) for param in changed]


def _painting_said(names: Mapping[str, str], before: Wanted, after: Wanted) -> list[str]:
    """Return what was painted; the photo's name where it is not the shown one."""
    said = []
    for photo_id in {**dict(before.painted), **dict(after.painted)}:
        what = _strokes_said(before.strokes(photo_id), after.strokes(photo_id))
        if what:
            said.append(f"{what} of {names[photo_id]}" if photo_id in names else what)
    return said


def _strokes_said(before: Strokes, after: Strokes) -> str:
    if before == after:
        return ""
    if not after:
        return "Painting cleared from the subject"
    if after[: len(before)] == before:
        return "Painted on the subject" if after[-1].adds else "Erased from the subject"
    return "Painting on the subject changed"
