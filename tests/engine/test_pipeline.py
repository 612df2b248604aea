"""What every caller may rely on: shapes, depths, progress, stopping."""

import time
import warnings

import numpy as np
import pytest

from benchmarks.degrade import Blur
from engine.photos import large, pair, psnr
from sharpen_desktop.engine.modes import MODES
from sharpen_desktop.engine.pipeline import Job, Stopped, sharpen
from sharpen_desktop.engine.transfer import SRGB, CurveTransfer

DISK = Blur("disk", 3)


@pytest.mark.parametrize(
    "shape", [(1, 1), (3, 5), (16, 16), (1, 200), (33, 70), (40, 3000), (2000, 37), (65, 65)]
)
@pytest.mark.parametrize("channels", [(), (3,)])
def test_any_shape_comes_back_in_its_shape(shape: tuple[int, int], channels: tuple[int, ...]) -> None:
    given = large(*shape) if channels else large(*shape)[..., 0]
    outcome = sharpen(given, Job("Standard"))
    assert (outcome.pixels.shape, outcome.pixels.dtype) == (given.shape, given.dtype)


@pytest.mark.parametrize("value", [0, 7, 128, 255])
@pytest.mark.parametrize("mode", sorted(MODES))
def test_a_constant_picture_is_unchanged(value: int, mode: str) -> None:
    given = np.full((90, 130, 3), value, np.uint8)
    assert np.array_equal(sharpen(given, Job(mode)).pixels, given)


def test_the_given_pixels_are_never_written_to() -> None:
    given = pair(DISK)[1].copy()
    before = given.copy()
    sharpen(given, Job("Standard"))
    assert np.array_equal(given, before)


def test_a_grey_photo_stays_grey() -> None:
    grey = pair(DISK)[1][..., 1]
    assert sharpen(grey, Job("Standard")).pixels.ndim == 2
    threefold = sharpen(np.repeat(grey[..., None], 3, axis=2), Job("Standard")).pixels.astype(int)
    assert np.ptp(threefold, axis=2).max() == 0


def test_16_bit_is_kept_without_passing_through_8() -> None:
    eight = pair(DISK)[1]
    sixteen = eight.astype(np.uint16) * 257
    result = sharpen(sixteen, Job("Standard")).pixels
    assert result.dtype == np.uint16
    assert len(np.unique(result)) > 10_000
    assert psnr(result / 257, sharpen(eight, Job("Standard")).pixels) > 45


@pytest.mark.parametrize("blur", [DISK, Blur("line", 15, 70)])
def test_turning_and_flipping_commute_with_sharpening(blur: Blur) -> None:
    given = pair(blur)[1]
    plain = sharpen(given, Job("Standard")).pixels
    for turn in (np.rot90, np.fliplr, np.flipud):
        turned = sharpen(np.ascontiguousarray(turn(given)), Job("Standard")).pixels
        assert psnr(turned, turn(plain)) > 38


def test_progress_never_falls_and_ends_at_1() -> None:
    heard: list[tuple[str, float]] = []
    sharpen(large(900, 1300), Job("Standard"), report=lambda *at: heard.append(at))
    phases = list(dict.fromkeys(phase for phase, _ in heard))
    fractions = [fraction for _, fraction in heard]
    assert phases == ["measuring", "sharpening", "finishing"]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert len(set(fractions)) > 6


@pytest.mark.parametrize("reached", [0.0, 0.15, 0.5, 0.9])
def test_stopping_takes_less_than_half_a_second(reached: float) -> None:
    given = large(3000, 4000)
    heard = [0.0]
    told: list[float] = []

    def should_stop() -> bool:
        if heard[-1] >= reached:
            told.append(time.perf_counter())
        return bool(told)

    with pytest.raises(Stopped):
        sharpen(given, Job("Standard"), report=lambda _, share: heard.append(share), should_stop=should_stop)
    assert time.perf_counter() - told[0] < 0.5


@pytest.mark.parametrize("after", [2, 4, 6])
def test_measuring_can_be_stopped_at_any_time(after: int) -> None:
    given = large(1500, 2000)
    asked: list[float] = []

    def should_stop() -> bool:
        asked.append(time.perf_counter())
        return len(asked) >= after

    with pytest.raises(Stopped):
        sharpen(given, Job("Standard"), should_stop=should_stop)
    assert time.perf_counter() - asked[after - 1] < 0.5


def test_one_thread_and_four_give_the_same_picture() -> None:
    given = large(700, 900)
    one, four = (sharpen(given, Job("Standard", threads=n)).pixels for n in (1, 4))
    assert np.array_equal(one, four)


def test_a_profile_curve_stands_for_the_tone_curve() -> None:
    given = pair(DISK, linear=True)[1]
    curve = CurveTransfer(np.asarray(SRGB.decode(np.linspace(0, 1, 1024))))
    expected = sharpen(given, Job("Standard")).pixels
    assert psnr(sharpen(given, Job("Standard"), transfer=curve).pixels, expected) > 50


@pytest.mark.parametrize("curve", [np.zeros(16), np.ones(1), np.ones((2, 2)), np.array([0, np.nan])])
def test_a_curve_that_is_none_is_refused(curve: np.ndarray) -> None:
    with pytest.raises(ValueError, match="tone curve"):
        CurveTransfer(curve)


@pytest.mark.parametrize("shape", [(4,), (4, 4, 4), (0, 4, 3), (2, 3, 4, 3)])
def test_what_is_not_a_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="picture"):
        sharpen(np.zeros(shape, np.uint8), Job("Standard"))


def test_other_depths_are_refused() -> None:
    with pytest.raises(ValueError, match="uint8 or uint16"):
        sharpen(np.zeros((4, 4)), Job("Standard"))


def test_a_flat_place_makes_no_warning() -> None:
    given = large(500, 700).copy()
    given[64:384, 192:512] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = sharpen(given, Job("Refocus")).pixels
    assert np.array_equal(result[160:288, 288:416], given[160:288, 288:416])
