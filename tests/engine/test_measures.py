"""What the quality benchmark measures with, and what it demands."""

import numpy as np
import pytest

from benchmarks.classes import Case
from benchmarks.degrade import Blur, blurred
from benchmarks.measures import SAME_DB, Score, psnr, scored
from benchmarks.programs import installed
from benchmarks.results import ENGINE, GIVEN, KNOWN, MASK, Figure, Memory, Result
from benchmarks.targets import judged
from engine.photos import Picture, astronaut


def soft(sigma: float) -> Picture:
    return np.rint(blurred(astronaut().astype(np.float64), Blur("gauss", sigma))).astype(np.uint8)


def test_a_picture_that_is_its_original_is_perfect() -> None:
    assert scored(astronaut(), astronaut()) == Score(SAME_DB, pytest.approx(1.0), 0.0)


def test_every_measure_falls_with_blur() -> None:
    scores = [scored(soft(sigma), astronaut()) for sigma in (0.5, 1.0, 2.0, 4.0)]
    for measure, is_better_high in (("psnr", True), ("ssim", True), ("gmsd", False)):
        values = [getattr(score, measure) for score in scores]
        assert values == sorted(values, reverse=is_better_high)


def test_a_shift_counts_only_where_it_is_asked_for() -> None:
    moved = np.roll(astronaut(), (2, -3), (0, 1))
    assert psnr(moved, astronaut(), shifting=True) == SAME_DB
    assert psnr(moved, astronaut()) < 20
    assert psnr(np.roll(astronaut(), (5, 0), (0, 1)), astronaut(), shifting=True) < 25


def test_programs_that_are_not_there_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert list(installed()) == []


def result(name: str, blur: Blur, gains: dict[str, list[float]]) -> Result:
    """One class of two photos, given with 20 dB."""
    figures = {
        method: [Figure(Score(20 + gain, 0.5, 0.1)) for gain in both] for method, both in gains.items()
    }
    return Result(Case(name, blur), ("one", "other"), {GIVEN: [Figure(Score(20, 0.5, 0.1))] * 2, **figures})


@pytest.mark.parametrize(
    ("name", "blur", "engine", "mask", "known", "over_mask"),
    [
        ("gauss 2", Blur("gauss", 2), 2.2, 0.8, 3.0, 2.0),
        ("disk 3", Blur("disk", 3), 3.0, 0.5, 6.0, 2.0),
        ("disk 3", Blur("disk", 3), 3.0, 1.0, 2.0, 1.6),
    ],
)
def test_the_engine_must_be_well_ahead_of_the_best_mask(
    name: str, blur: Blur, engine: float, mask: float, known: float, over_mask: float
) -> None:
    verdict = judged(result(name, blur, {ENGINE: [engine] * 2, MASK: [mask] * 2, KNOWN: [known] * 2}))
    assert verdict.over_mask == pytest.approx(over_mask)
    assert verdict.holds


def test_one_photo_that_loses_fails_its_class() -> None:
    verdict = judged(result("line 15", Blur("line", 15), {ENGINE: [9, -0.2], MASK: [0, 0], KNOWN: [9, 9]}))
    assert (verdict.is_must_met, verdict.is_harmless, verdict.holds) == (True, False, False)
    assert verdict.worst_photo == "other"


def test_figures_of_other_methods_are_kept_by_what_they_were_given(tmp_path) -> None:
    case, photo = Case("disk 3", Blur("disk", 3)), astronaut()
    memory = Memory(tmp_path / "figures.json")
    memory.keep(memory.key("mask 1", case, photo, photo), Figure(Score(30, 0.9, 0.1), 0.5))
    memory.save()
    again = Memory(tmp_path / "figures.json")
    assert again.get(again.key("mask 1", case, photo, photo)) == Figure(Score(30, 0.9, 0.1), 0.5)
    assert again.get(again.key("mask 2", case, photo, photo)) is None
    assert again.get(again.key("mask 1", case, photo[::-1], photo)) is None
