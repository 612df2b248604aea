"""The history in words, and going to a step of it."""

from dataclasses import replace

import pytest

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.brush import Stroke
from sharpen_desktop.core.editing import setting_edited, settings_undone
from sharpen_desktop.core.photo import Photo
from sharpen_desktop.core.photos import photos_listed
from sharpen_desktop.core.settings import Settings, defaults
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.steps import history_step_chosen, steps
from sharpen_desktop.core.studying import painted, strokes_cleared
from sharpen_desktop.services.schema_file import load_schema

SCHEMA = load_schema()
ADDED, TAKEN = (Stroke(((0.5, 0.5),), 0.1, 0.5, adds=adds) for adds in (True, False))


def beginning() -> AppState:
    state = AppState(history=undo.begun(defaults(SCHEMA)), schema=SCHEMA)
    return photos_listed(state, (Photo("photo", "a.jpg"), Photo("other", "b.jpg")))


def edited(state: AppState, **values: object) -> AppState:
    settings = state.settings
    for name, value in values.items():
        settings = settings.replaced(name, value)  # type: ignore[arg-type]
    return setting_edited(state, settings, "")


def texts(state: AppState) -> list[str]:
    return [step.text for step in steps(state)]


def test_steps_are_said_in_words():
    state = edited(beginning(), strength=0.62)
    state = edited(state, mode="Lens Blur")
    state = edited(state, strength=None)
    state = edited(state, strength=0.3, minor_denoise=0.4)
    state = edited(state, strength=0.9, minor_denoise=None, mode="Strong")
    state = edited(state, face_enhancement=False)
    state = setting_edited(state, defaults(SCHEMA), "")
    assert texts(state) == [
        "Beginning", "Strength 62 %", "Mode Lens Blur", "Strength Auto", "Strength 30 %, Minor denoise 40 %",
        "Mode and 2 more settings", "Faces off", "All settings reset",
    ]  # fmt: skip


def test_painting_is_said_in_words_and_of_which_photo():
    state = painted(painted(beginning(), ADDED), TAKEN)
    state = strokes_cleared(state)
    words = ["Painted on the subject", "Erased from the subject", "Painting cleared from the subject"]
    assert texts(state) == ["Beginning", *words]
    assert texts(replace(state, current_id="other")) == ["Beginning", *(f"{each} of a.jpg" for each in words)]


def test_the_present_step_and_the_undone_ones_are_marked():
    state = settings_undone(edited(edited(beginning(), strength=0.5), mode="Strong"))
    assert [(step.is_current, step.is_undone) for step in steps(state)] == [
        (False, False), (True, False), (False, True),
    ]  # fmt: skip


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_going_to_a_step_puts_it_in_force_and_keeps_the_others(place):
    state = edited(edited(edited(beginning(), strength=0.5), mode="Strong"), strength=0.7)
    there = history_step_chosen(state, place)
    assert len(there.history.past) == place
    assert next(step.place for step in steps(there) if step.is_current) == place
    assert texts(there) == texts(state)
    assert history_step_chosen(there, 3).settings == state.settings


def test_a_place_beyond_the_ends_is_the_end():
    state = edited(beginning(), strength=0.5)
    assert history_step_chosen(state, 9).settings == state.settings
    assert history_step_chosen(state, -1).settings == defaults(SCHEMA)


def test_a_step_whose_fields_the_schema_does_not_have_is_still_a_step():
    state = setting_edited(beginning(), Settings((("gone", 1.0),)), "")
    assert len(texts(state)) == 2
