"""What a mode will come to before it is run: the reasons to change nothing, and modes that give the same."""

from dataclasses import fields
from typing import get_args

import numpy as np
import pytest

from benchmarks.degrade import Blur
from engine.photos import Picture, astronaut, pair
from sharpen_desktop.engine.advice import diagnose
from sharpen_desktop.engine.foresight import foreseen
from sharpen_desktop.engine.pipeline import Job, sharpen
from sharpen_desktop.engine.restoration import Recipe
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.engine.unchanged import Unchanged

DISK = Blur("disk", 3)
FLAT = np.full((200, 200, 3), 128, np.uint8)


@pytest.mark.parametrize(
    ("picture", "mode", "why"),
    [
        (astronaut(), "Standard", "sharp"),
        (astronaut(), "Natural", "no softness"),
        (astronaut(), "Lens Blur", "no missed focus"),
        (pair(DISK)[1], "Motion Blur", "no motion"),
        (pair(DISK)[1], "Standard", ""),
        (FLAT, "Standard", "too plain"),
        (FLAT[:20, :20], "Standard", "too small"),
    ],
    ids=["sharp", "natural", "lens blur", "no motion", "defocus", "plain", "small"],
)
def test_what_is_foreseen_is_what_a_run_then_does(picture: Picture, mode: str, why: Unchanged) -> None:
    assert why in get_args(Unchanged)
    coming, done = foreseen(Survey(picture), mode), sharpen(picture, Job(mode))
    assert coming.unchanged == done.unchanged == why
    assert done.changed == (why == "")
    assert np.array_equal(done.pixels, picture) == (why != "")
    assert coming.auto.strength == done.strength


def test_modes_of_one_likeness_give_the_same_pixels_and_others_do_not() -> None:
    given = pair(DISK)[1]
    survey = Survey(given)
    likeness = {
        mode: foreseen(survey, mode).likeness for mode in ("Standard", "Lens Blur", "Strong", "Natural")
    }
    results = {mode: sharpen(given, Job(mode)).pixels for mode in likeness}
    for mode, told in likeness.items():
        assert (told == likeness["Standard"]) == np.array_equal(results[mode], results["Standard"]), mode
    assert likeness["Lens Blur"] == likeness["Standard"] != likeness["Strong"]


def test_a_photo_that_is_measured_differently_is_not_alike() -> None:
    found = {radius: foreseen(Survey(pair(Blur("disk", radius))[1]), "Standard") for radius in (3, 4)}
    assert found[3].likeness != found[4].likeness


def test_every_part_of_a_recipe_is_known_to_whoever_compares_two() -> None:
    """A new part must be told in ``foresight`` too, unless it is the same for all modes of a picture."""
    same_for_all = {"contrast_radius"}
    told = {"spread", "domain", "mode", "noise", "strength", "ease", "calm"}
    assert {field.name for field in fields(Recipe)} - same_for_all == told


def test_a_guess_is_marked_as_one() -> None:
    assert diagnose(Survey(FLAT)).is_guess
    assert not diagnose(Survey(pair(DISK)[1])).is_guess
