"""The sharpness of what is in view, held against pictures of which the truth is known, and against a photo."""

import asyncio
from math import sqrt

import cv2
import numpy as np
import pytest
from engine.photos import astronaut
from support import bad_work, images

from sharpen_desktop.core.errors import EngineFailed
from sharpen_desktop.core.picture import Display, Level
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.sharpness import HALO, NOISE, SHARP, Sight, sharpness_wish
from sharpen_desktop.core.study import Area, Preview
from sharpen_desktop.engine.crew import Stopped
from sharpen_desktop.services import sharpness, sharpness_change, sharpness_view
from sharpen_desktop.services.images import image_io
from sharpen_desktop.services.study import WorkerStudy
from sharpen_desktop.services.workers import GIGABYTE, Worker

SIDE = 400
DARK, BRIGHT = 60.0, 180.0
ALL = Sight(0.0, 0.0, 1.0, 1.0, 1.0)


def blurred(luma, sigma):
    return cv2.GaussianBlur(luma, (0, 0), sigma) if sigma else luma


def noise(sigma, shape=(SIDE, SIDE), seed=0):
    return (np.random.default_rng(seed).standard_normal(shape) * sigma).astype(np.float32)


def whole(luma):
    """As a file of 8 bits holds it."""
    return np.clip(np.rint(luma), 0, 255).astype(np.float32)


def step(sigma, is_slanted=False):
    """An edge of known contrast and blur."""
    across, down = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    place = across - SIDE / 2 + 0.5 + (0.2 * (down - SIDE / 2) if is_slanted else 0)
    sharp = np.clip(place + 0.5, 0, 1) if is_slanted else place > 0
    return blurred((DARK + (BRIGHT - DARK) * sharp).astype(np.float32), sigma)


def unsharp(luma, amount, radius):
    return luma + amount * (luma - blurred(luma, radius))


def changed(old, new):
    return sharpness_change.change(*sharpness.measured_both(old, new))


def noise_change(old, new):
    found = changed(old, new)
    was, became = (sharpness.noise_of(sharpness.measured(each).noise, found.flat) for each in (old, new))
    return became / was - 1


def grey(picture):
    return cv2.cvtColor(picture.astype(np.float32), cv2.COLOR_RGB2GRAY)


@pytest.fixture(scope="module")
def sharp():
    return grey(astronaut())


@pytest.fixture(scope="module")
def soft(sharp):
    return whole(blurred(sharp, 1.5) + noise(1.5, sharp.shape))


# Pictures of which the truth is known


@pytest.mark.parametrize("is_slanted", [False, True])
@pytest.mark.parametrize(("was", "became"), [(2.0, 1.0), (3.0, 1.5), (1.5, 0.7), (1.0, 2.0)])
def test_the_contrast_of_an_edge_grows_as_its_slope_does(was, became, is_slanted):
    old, new = (whole(step(each, is_slanted) + noise(1)) for each in (was, became))
    truth = sqrt((was**2 + 1 / 3) / (became**2 + 1 / 3)) - 1
    assert sharpness_change.contrast_change(changed(old, new)) + 1 == pytest.approx(truth + 1, rel=0.1)


@pytest.mark.parametrize("sigma", [0.8, 1.0, 1.5, 2.0])
def test_an_edge_is_as_wide_as_from_10_to_90_percent_of_its_rise(sigma):
    side = sharpness.measured(whole(step(sigma) + noise(1)))
    assert np.median(side.width()[side.edges]) == pytest.approx(2.563 * sigma, rel=0.18)


@pytest.mark.parametrize("radius", [2, 3])
@pytest.mark.parametrize("amount", [1.0, 2.0])
def test_an_overshoot_is_as_large_as_it_was_made(amount, radius):
    old, new = step(1.0), unsharp(step(1.0), amount, radius)
    truth = (new.max() - BRIGHT) / (BRIGHT - DARK)
    share, size = sharpness_change.halo_share(changed(whole(old + noise(1)), whole(new + noise(1))))
    assert share > 0.9
    assert size == pytest.approx(truth, rel=0.15)


def test_sharpening_without_overshoot_makes_no_halo():
    share, _ = sharpness_change.halo_share(changed(whole(step(2) + noise(1)), whole(step(0.7) + noise(1))))
    assert share == 0


@pytest.mark.parametrize(("was", "became"), [(2.0, 4.0), (2.0, 2.12), (1.0, 3.0), (4.0, 2.0), (2.0, 2.0)])
def test_noise_grows_as_it_was_made_to_and_is_no_sharpness(was, became):
    old, new = whole(120 + noise(was)), whole(120 + noise(became, seed=1))
    rounding = 1 / 12
    truth = sqrt((became**2 + rounding) / (was**2 + rounding))
    assert noise_change(old, new) + 1 == pytest.approx(truth, rel=0.02)
    found = changed(old, new)
    assert (
        sharpness_change.contrast_change(found) is None or abs(sharpness_change.contrast_change(found)) < 0.05
    )
    assert found.gained.mean() < 1e-4
    assert found.halo.mean() == 0


@pytest.mark.parametrize("level", [4.0, 8.0])
def test_noise_on_an_edge_is_not_taken_for_contrast_or_a_halo(level):
    found = changed(whole(step(1.5) + noise(2)), whole(step(1.5) + noise(level, seed=1)))
    assert abs(sharpness_change.contrast_change(found)) < 0.15
    assert sharpness_change.halo_share(found)[0] < 0.02
    assert found.raised.mean() > 0.8


def test_a_smooth_gradient_is_flat_and_a_clipped_sky_tells_no_noise():
    ramp = np.linspace(40, 200, SIDE, dtype=np.float32)[None, :] + noise(2)
    assert sharpness.measured(whole(ramp)).flat.mean() > 0.9
    assert sharpness.measured(whole(np.full((SIDE, SIDE), 255, np.float32))).flat.mean() == 0


def test_nothing_has_changed_between_a_picture_and_itself(sharp):
    found = changed(sharp, sharp)
    assert sharpness_change.contrast_change(found) == 0
    assert not np.any([found.gained, found.halo, found.raised])


# A photo


def test_sharpening_a_blurred_photo_shows_a_gain(soft):
    assert 0.08 < sharpness_change.contrast_change(changed(soft, whole(unsharp(soft, 0.5, 1.5)))) < 0.6


def test_the_sharp_photo_itself_shows_a_large_gain_without_halos_or_noise(soft, sharp):
    found = changed(soft, sharp)
    assert sharpness_change.contrast_change(found) > 0.7
    assert sharpness_change.halo_share(found)[0] < 0.03
    assert found.raised.mean() < 0.01


def test_an_over_strong_unsharp_mask_shows_halos_and_noise(soft):
    found = changed(soft, whole(unsharp(soft, 3, 3)))
    share, size = sharpness_change.halo_share(found)
    assert share > 0.1
    assert size > 0.2
    assert found.raised[found.flat].mean() > 0.9


def test_added_noise_shows_as_noise_and_not_as_sharpness(soft):
    worse = whole(soft + noise(4, soft.shape, 3))
    assert noise_change(soft, worse) == pytest.approx(sqrt(1.5**2 + 4**2) / 1.5 - 1, rel=0.1)
    found = changed(soft, worse)
    assert abs(sharpness_change.contrast_change(found)) < 0.08
    assert sharpness_change.halo_share(found)[0] < 0.01


# What is in view


def display(folder, picture, name):
    """A picture's levels as the screen has them."""
    path = images.save(folder / f"{name}.png", np.clip(picture, 0, 255).astype(np.uint8))
    return image_io.open_photo(str(path), str(folder / name)).display


@pytest.fixture(scope="module")
def sides(tmp_path_factory, sharp, soft):
    """A large photo, soft and over-sharpened: several levels."""
    folder = tmp_path_factory.mktemp("sides")
    old, new = soft, whole(unsharp(soft, 3, 3))
    as_colours = [np.repeat(np.tile(each, (3, 3))[..., None], 3, axis=2) for each in (old, new)]
    return tuple(display(folder, each, name) for name, each in zip(("old", "new"), as_colours, strict=True))


def wish(overlay, sides, sight=ALL, cover=None):
    old, new = sides
    return sharpness_wish("photo", overlay, old, new, cover, sight)


def measured(asked, folder):
    return sharpness_view.measured(asked, str(folder), lambda: False)


def marks_of(found):
    level = found.marks
    return np.fromfile(level.path, np.uint8).reshape(level.height, level.stride)[:, : level.width]


def test_a_change_is_marked_in_three_kinds_and_told_in_numbers(tmp_path, sides):
    found = measured(wish("change", sides), tmp_path)
    numbers, marks = found.numbers, marks_of(found)
    assert numbers.contrast > 1
    assert numbers.halos > 0.1
    assert numbers.noise > 1
    assert {SHARP, HALO, NOISE} <= set(np.unique(marks))
    assert marks.shape == (found.wish.marked.height, found.wish.marked.width)


def test_the_kinds_differ_in_pattern_too(tmp_path, sides):
    marks = marks_of(measured(wish("change", sides), tmp_path))
    rows, columns = np.indices(marks.shape)
    assert set(np.unique((rows + columns)[marks == HALO] % 4)) == {0, 1}
    assert set(np.unique(rows[marks == NOISE] % 5)) == {0, 1}
    assert len(np.unique((rows + columns)[marks == SHARP] % 4)) == 4


@pytest.mark.parametrize(("overlay", "place"), [("before", 0), ("after", 1)])
def test_one_side_is_measured_for_itself(tmp_path, sides, overlay, place):
    one = (sides[0], None) if place == 0 else (None, sides[1])
    numbers = measured(wish(overlay, one), tmp_path).numbers
    assert numbers.edge_width == pytest.approx((4.1, 2.9)[place], abs=0.3)
    assert numbers.noise == pytest.approx((1.5 / 255, 6.1 / 255)[place], rel=0.1)
    assert (numbers.sharp > 0.4) == (place == 1)


def test_marks_lie_on_the_same_pixels_whatever_is_in_view(tmp_path, sides):
    all_of_it = measured(wish("change", sides), tmp_path)
    part = measured(wish("change", sides, Sight(0.31, 0.42, 0.2, 0.15, 1.0)), tmp_path)
    area, marks = part.wish.seen, marks_of(all_of_it)
    left, top = area.left - part.wish.marked.left, area.top - part.wish.marked.top
    seen = marks_of(part)[top : top + area.height, left : left + area.width]
    same = marks[area.top : area.top + area.height, area.left : area.left + area.width]
    assert (seen == same).mean() > 0.97


def test_numbers_are_of_what_is_in_view_alone(tmp_path, sharp, soft):
    half = soft.copy()
    half[:, 256:] = whole(unsharp(soft, 3, 3))[:, 256:]
    pair = [
        display(tmp_path, np.repeat(each[..., None], 3, 2), str(i)) for i, each in enumerate((soft, half))
    ]
    left = measured(wish("change", pair, Sight(0.0, 0.0, 0.45, 1.0, 1.0)), tmp_path).numbers
    right = measured(wish("change", pair, Sight(0.55, 0.0, 0.45, 1.0, 1.0)), tmp_path).numbers
    assert left.contrast == pytest.approx(0, abs=0.02)
    assert left.halos == 0
    assert right.contrast > 1


def test_zoomed_out_a_smaller_level_is_measured(tmp_path, sides):
    found = measured(wish("change", sides, Sight(0.0, 0.0, 1.0, 1.0, 0.3)), tmp_path)
    assert found.wish.scale == 0.25
    assert marks_of(found).shape == (384, 384)


def test_a_side_of_another_size_is_matched_by_its_relative_place(tmp_path, sharp):
    large = cv2.resize(sharp, (1024, 1024), interpolation=cv2.INTER_CUBIC)
    pair = [
        display(tmp_path, np.repeat(each[..., None], 3, 2), str(i)) for i, each in enumerate((sharp, large))
    ]
    found = measured(wish("change", pair), tmp_path)
    assert abs(found.numbers.contrast) < 0.1
    assert (found.wish.width, found.wish.height) == (512, 512)


def test_a_preview_is_measured_where_it_lies(tmp_path, sides, sharp):
    area = Area(128, 256, 256, 128)
    part = np.full((area.height, area.width, 3), 128, np.uint8)
    cover = Preview("photo", Settings(), (), area, display(tmp_path, part, "cover"))
    seen = Sight(128 / 1536, 256 / 1536, 256 / 1536, 128 / 1536, 1.0)
    covered = measured(wish("after", (None, sides[0]), seen, cover), tmp_path)
    assert covered.wish.seen == area
    assert marks_of(covered)[70:180, 70:300].max() == 0
    assert marks_of(measured(wish("after", (None, sides[1]), seen), tmp_path))[70:180, 70:300].max() == SHARP


def test_a_tiny_view_says_nothing_instead_of_something_wrong(tmp_path, sides):
    numbers = measured(wish("change", sides, Sight(0.5, 0.5, 0.003, 0.003, 32.0)), tmp_path).numbers
    assert numbers.contrast is None
    assert numbers.noise is None


def test_a_question_called_off_stops(tmp_path, sides):
    with pytest.raises(Stopped):
        sharpness_view.measured(wish("change", sides), str(tmp_path), lambda: True)
    assert not list(tmp_path.iterdir())


# From the process


@pytest.fixture
def worker():
    made = Worker("study", 8 * GIGABYTE)
    asyncio.run(made.call(bad_work.number))
    yield made
    made.stop()
    made.join(5)


def test_the_study_process_answers_and_keeps_two_answers_at_most(worker, tmp_path, sides):
    study = WorkerStudy(worker, tmp_path)

    async def asked():
        return [
            await study.sharpness(wish("change", sides, Sight(0.1 * i, 0, 0.3, 0.3, 1.0))) for i in range(4)
        ]

    answers = asyncio.run(asked())
    assert marks_of(answers[-1]).any()
    kept = sorted(each.name for each in tmp_path.iterdir() if each.is_dir())
    assert len(kept) <= 3  # the last is removed in a thread of its own


def test_pixels_that_are_gone_are_a_failure_with_a_sentence(worker, tmp_path):
    lost = Display(400, 400, (Level(str(tmp_path / "lost.raw"), 400, 400, 1600),))
    with pytest.raises(EngineFailed):
        asyncio.run(WorkerStudy(worker, tmp_path).sharpness(wish("after", (None, lost))))
