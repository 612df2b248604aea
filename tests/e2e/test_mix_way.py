"""A mix in the real program: what the canvas shows, what is saved, and what linear light says are one picture."""

import numpy as np
import pytest
import tifffile
from PIL import Image
from support.drive import Program

from e2e.conftest import blurred
from tests.support import images

WIDTH, HEIGHT, SHARE = 480, 360, 0.4


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """What was told of each step, in a folder with the photo."""
    folder = tmp_path_factory.mktemp("mix")
    photo = images.save(folder / "photo.png", blurred(WIDTH, HEIGHT))
    steps = {}
    with Program(folder, "mix", photo) as program:
        while "saved" not in steps:
            facts = program.told()
            steps[facts["step"]] = facts
        assert program.ended(within_s=15) == 0
    return photo, steps


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def by_hand(result, base, share):
    light = [
        np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4) for v in (result / 255, base / 255)
    ]
    mix = light[0] * share + light[1] * (1 - share)
    return 255 * np.where(mix <= 0.0031308, mix * 12.92, 1.055 * mix ** (1 / 2.4) - 0.055)


def in_the_middle(shown):
    """Return the photo's pixels out of a grab of the canvas at 100 %."""
    top, left = (shown.shape[0] - HEIGHT) // 2, (shown.shape[1] - WIDTH) // 2
    return shown[top : top + HEIGHT, left : left + WIDTH]


def test_the_settled_canvas_shows_the_mix_in_linear_light_to_one_level(mixed):
    photo, steps = mixed
    result = tifffile.imread(steps["mixed"]["file"]).astype(float)
    wanted = by_hand(result, pixels(photo).astype(float), SHARE)
    assert np.abs(result - pixels(photo)).max() > 10  # else there is nothing to mix
    rows = slice(60, None)  # the side's name lies over the top
    assert np.abs(in_the_middle(pixels(steps["mixed"]["shown"])) - wanted)[rows].max() <= 1


def test_the_saved_file_is_what_the_canvas_shows_and_painting_limits_it(mixed):
    photo, steps = mixed
    saved, base = pixels(steps["saved"]["path"]), pixels(photo)
    rows = slice(60, None)
    assert np.array_equal(in_the_middle(pixels(steps["saved"]["shown"]))[rows], saved[rows])
    result = tifffile.imread(steps["mixed"]["file"]).astype(float)
    inside = (HEIGHT // 2, WIDTH // 2)
    assert np.abs(saved - by_hand(result, base.astype(float), SHARE))[inside].max() <= 1
    assert np.array_equal(saved[: HEIGHT // 4], base[: HEIGHT // 4])
    assert not np.array_equal(saved, base)
