"""What holds for every picture: nothing turns into nonsense, and twice the light gives twice the result."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from benchmarks.degrade import Blur
from engine.photos import Picture, pair, psnr
from sharpen_desktop.engine.modes import MODES
from sharpen_desktop.engine.pipeline import Job, sharpen
from sharpen_desktop.engine.point_spread import PointSpread
from sharpen_desktop.engine.restore import Solver


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
