"""A camera shaken along a curve: its path is found and undone, and is not found where there is none."""

from functools import cache

import numpy as np
import pytest

from benchmarks.degrade import Blur, kernel
from engine.photos import Picture, astronaut, gain, pair
from sharpen_desktop.engine.advice import advised, diagnose
from sharpen_desktop.engine.crew import Stopped
from sharpen_desktop.engine.modes import MODES
from sharpen_desktop.engine.pipeline import Job, Outcome, sharpen, sharpen_part
from sharpen_desktop.engine.point_spread import Shake
from sharpen_desktop.engine.shake_kernel import centred, joined_share, solved_kernel, tidied
from sharpen_desktop.engine.survey import Survey

CURVE = Blur("curve", 11)


@cache
def survey() -> Survey:
    """The shaken astronaut; what is measured of it is kept for the next test."""
    return Survey(pair(CURVE)[1])


@cache
def sharpened() -> Outcome:
    return sharpen_part(survey(), Job("Motion Blur"), (slice(None), slice(None)))


def shifted_gain(result: Picture, sharp: Picture, given: Picture) -> float:
    """Gain after the shift that suits the result best: where a path begins cannot be known."""
    inside = (slice(3, -3), slice(3, -3))
    shifts = [(down, across) for down in range(-3, 4) for across in range(-3, 4)]
    return max(gain(np.roll(result, at, (0, 1))[inside], sharp[inside], given[inside]) for at in shifts)


def test_curved_shake_is_found_and_undone() -> None:
    sharp, given = pair(CURVE)
    outcome = sharpened()
    assert outcome.finding.startswith("camera shake along a curve, about 1")
    assert outcome.strength == 1
    assert shifted_gain(outcome.pixels.astype(np.uint8), sharp, given) > 3


def test_the_diagnosis_names_shake_and_advises_the_mode_that_undoes_it() -> None:
    found = diagnose(survey())
    assert (found.kind, found.mode, found.direction) == ("shake", "Motion Blur", None)
    assert found.size == pytest.approx(CURVE.size, abs=3)
    assert found.sentence.startswith("Camera shake along a curve, about 1")
    assert found.trust > 0.5


@pytest.mark.parametrize("mode", ["Motion Blur", "Natural"])
def test_auto_is_told_beforehand_as_it_is_taken(mode: str) -> None:
    told = advised(survey(), mode)
    taken = sharpen_part(survey(), Job(mode), (slice(0, 8), slice(0, 8)))
    assert told.strength == taken.strength
    assert told.minor_denoise == taken.minor_denoise or not taken.changed


@pytest.mark.parametrize("mode", ["Standard", "Strong", "Lens Blur V2", "Refocus"])
def test_a_shaken_photo_is_not_undone_as_if_it_were_soft(mode: str) -> None:
    whole = (slice(None), slice(None))
    outcome = sharpen_part(survey(), Job(mode), whole)
    assert (outcome.changed, outcome.strength) == (False, 0)
    assert outcome.finding.endswith("camera shake, which Motion Blur undoes: left as it is")
    assert sharpen_part(survey(), Job(mode, strength=0.5), whole).changed  # who insists is obeyed


def test_what_two_motions_blurred_is_left_as_it_is() -> None:
    given = pair(Blur("halves", 11, 20))[1]
    outcome = sharpen(given, Job("Motion Blur"))
    assert (outcome.changed, outcome.strength) == (False, 0)
    assert outcome.finding.endswith("several motions: left as it is")


def test_the_search_can_be_stopped_between_any_two_steps() -> None:
    asked = 0

    def refused_later() -> None:
        nonlocal asked
        asked += 1
        if asked > 20:
            raise Stopped

    with pytest.raises(Stopped):
        Survey(pair(CURVE)[1]).found(MODES["Motion Blur"], refused_later)


def test_a_kernel_is_solved_from_what_it_made_of_a_picture() -> None:
    true = kernel(CURVE).astype(np.float32)
    sharp = np.asarray(astronaut()[:256, :256, 1] / 255, np.float32)
    spread = Shake.of(true)
    blurred = np.fft.irfft2(np.fft.rfft2(sharp) * spread.transfer(sharp.shape), sharp.shape)

    def differences(plane: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return tuple(np.asarray(plane - np.roll(plane, 1, axis), np.float32) for axis in (1, 0))

    found = solved_kernel(differences(sharp), differences(blurred), len(true))
    assert found.sum() == pytest.approx(1)
    assert np.abs(found - true).max() < 0.2 * true.max()


def test_a_kernel_is_tidied_and_centred() -> None:
    kernel = np.zeros((9, 9), np.float32)
    kernel[1:4, 2] = 0.3
    kernel[8, 8] = 0.05
    kernel[2, 3] = 0.01
    tidy = tidied(kernel)
    assert np.count_nonzero(tidy) == 3
    assert tidy[3:6, 4] == pytest.approx(1 / 3)
    assert np.array_equal(centred(tidy), tidy)
    assert joined_share(tidy) == 1
    assert joined_share(kernel) == pytest.approx(0.91 / 0.96)


def test_a_path_blurs_as_its_kernel_does_and_gives_its_extent() -> None:
    path = np.zeros((7, 7), np.float32)
    path[3, 0:7] = 1 / 7
    spread = Shake.of(path)
    assert (spread.size, spread.reach) == (7, 4)
    transfer = spread.transfer((32, 48))
    fy, fx = np.fft.fftfreq(32)[3], np.fft.rfftfreq(48)[5]
    assert spread.at(np.array([fy]), np.array([fx]))[0] == pytest.approx(abs(transfer[3, 5]), abs=1e-5)
    point = np.zeros((32, 48), np.float32)
    point[10, 20] = 1
    blurred = np.fft.irfft2(np.fft.rfft2(point) * transfer, point.shape)
    assert blurred[10, 17:24] == pytest.approx(1 / 7, abs=1e-6)
