"""What holds for every picture: nothing turns into nonsense, twice the light gives twice the result, a part is a part."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from benchmarks.degrade import Blur
from engine.photos import Picture, large, pair, psnr, ramp
from sharpen_desktop.engine.advice import diagnose
from sharpen_desktop.engine.modes import MODES
from sharpen_desktop.engine.pipeline import Job, sharpen, sharpen_part
from sharpen_desktop.engine.point_spread import PointSpread
from sharpen_desktop.engine.restore import Solver
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.engine.transfer import SRGB


@some.composite
def pictures(draw: some.DrawFn) -> Picture:
    """Up to 150 px a side: noise, steps, stripes and single points, of any contrast, in either depth."""
    height, width = draw(some.integers(1, 150)), draw(some.integers(1, 150))
    rng = np.random.default_rng(draw(some.integers(0, 99)))
    y, x = np.mgrid[:height, :width]
    kinds = {
        "noise": lambda: rng.random((height, width)),
        "step": lambda: x < width // 2,
        "stripes": lambda: (x + y) // draw(some.integers(1, 9)) % 2,
        "points": lambda: rng.random((height, width)) > 0.98,
    }
    values = np.asarray(kinds[draw(some.sampled_from(sorted(kinds)))](), np.float64)
    dtype = draw(some.sampled_from([np.uint8, np.uint16]))
    whole = (values * draw(some.floats(0, 1)) * np.iinfo(dtype).max).astype(dtype)
    return np.repeat(whole[..., None], 3, axis=2) if draw(some.booleans()) else whole


@settings(max_examples=25, deadline=None)
@given(picture=pictures(), mode=some.sampled_from(sorted(MODES)), strength=some.floats(0.01, 1))
def test_any_picture_gives_a_picture_of_its_kind_without_a_warning(
    picture: Picture, mode: str, strength: float
) -> None:
    outcome = sharpen(picture, Job(mode, strength=strength, minor_denoise=strength))
    assert (outcome.pixels.shape, outcome.pixels.dtype) == (picture.shape, picture.dtype)


@pytest.mark.parametrize(
    "spread", [PointSpread("disk", 9), PointSpread("line", 40, 33), PointSpread("gaussian", 4)]
)
@pytest.mark.parametrize("noise", [0.0, 0.002, 0.2])
def test_restoring_never_gives_nan(spread: PointSpread, noise: float) -> None:
    block = np.random.default_rng(0).random((96, 96), np.float32)
    for blurred in (block, np.zeros_like(block), np.ones_like(block), (block > 0.5).astype(np.float32)):
        assert np.isfinite(Solver(block.shape, spread, noise).luma(blurred, None)).all()


@pytest.mark.parametrize("blur", [Blur("disk", 3), Blur("line", 15, 70)])
def test_a_darker_picture_gives_a_darker_result(blur: Blur) -> None:
    bright = pair(blur)[1].astype(np.uint16) * 257
    dark = bright // 2
    whole, half = (sharpen(each, Job("Standard")).pixels for each in (bright, dark))
    assert psnr(half.astype(np.float64), whole / 2, peak=65535 / 2) > 32


def test_a_stop_less_light_is_a_stop_less_in_the_result() -> None:
    bright = pair(Blur("disk", 3), linear=True)[1].astype(np.uint16) * 257

    def darkened(picture: Picture) -> Picture:
        light = SRGB.decode(picture / 65535) / 2
        return np.rint(np.asarray(SRGB.encode(light)) * 65535).astype(np.uint16)

    whole, half = (sharpen(each, Job("Standard")) for each in (bright, darkened(bright)))
    assert (whole.domain, half.domain) == ("linear", "linear")
    assert psnr(half.pixels, darkened(whole.pixels), peak=65535) > 34


def test_turning_and_flipping_commute_with_a_restoration_place_by_place() -> None:
    given = ramp()[1]
    plain = sharpen(given, Job("Refocus")).pixels
    for turn in (np.rot90, np.flipud):
        turned = sharpen(np.ascontiguousarray(turn(given)), Job("Refocus")).pixels
        assert psnr(turned, turn(plain)) > 38


@settings(max_examples=15, deadline=None)
@given(picture=pictures())
@example(picture=np.array([[0, 255], [255, 0]], np.uint8))
def test_any_picture_gets_a_diagnosis_without_a_warning(picture: Picture) -> None:
    found = diagnose(Survey(picture))
    assert found.sentence
    assert found.mode in MODES
    assert 0 <= found.trust <= 1
    assert 0 <= found.noise < 1
    assert 0 <= found.size < 400


@pytest.mark.parametrize("mode", ["Standard", "Strong", "Refocus"])
def test_a_part_is_what_the_whole_has_there(mode: str) -> None:
    given = large(700, 1000)
    job = Job(mode, strength=1.0)
    outcome, survey = sharpen(given, job), Survey(given)
    assert outcome.changed, outcome.finding
    for part in (np.s_[0:90, 0:70], np.s_[301:560, 377:690], np.s_[699:700, 0:1000]):
        assert np.array_equal(sharpen_part(survey, job, part).pixels, outcome.pixels[part])
