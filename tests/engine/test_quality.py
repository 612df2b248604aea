"""What the engine makes better, what it leaves alone, and what it must not make worse."""

import re
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from skimage.data import camera, page

from benchmarks.degrade import Blur, degraded, recompressed
from engine.photos import astronaut, coffee, gain, pair, psnr, ramp
from sharpen_desktop.engine.focus_map import FocusMap
from sharpen_desktop.engine.modes import MODES
from sharpen_desktop.engine.pipeline import Job, sharpen
from sharpen_desktop.engine.point_spread import Family, PointSpread
from sharpen_desktop.engine.restoration import Recipe
from sharpen_desktop.engine.safety import flat_energy, flat_mask
from sharpen_desktop.engine.transfer import SRGB, Domains
from sharpen_desktop.engine.trust import trusted, trusted_map
from sharpen_desktop.engine.varying import VaryingRestoration

DISK = Blur("disk", 3)
LINE = Blur("line", 15, 70)


@pytest.mark.parametrize(
    ("blur", "linear", "least"),
    [
        (Blur("gauss", 1.5), False, 2.0),
        (Blur("gauss", 1.5), True, 1.5),
        (DISK, False, 4.0),
        (DISK, True, 3.5),
        (LINE, False, 4.5),
        (LINE, True, 3.5),
    ],
)
def test_blur_is_taken_out_wherever_it_was_made(blur: Blur, linear: bool, least: float) -> None:
    sharp, given = pair(blur, linear=linear)
    assert gain(sharpen(given, Job("Standard")).pixels, sharp, given) > least


@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize("blur", [DISK, LINE])
def test_the_domain_of_a_disk_or_line_is_recognised(blur: Blur, linear: bool) -> None:
    assert sharpen(pair(blur, linear=linear)[1], Job("Standard")).domain == (
        "linear" if linear else "encoded"
    )


def test_a_gaussian_does_not_tell_its_domain() -> None:
    assert sharpen(pair(Blur("gauss", 1.5))[1], Job("Standard")).domain == "between"


def sharp_photos() -> Iterator[np.ndarray]:
    yield from (astronaut(), coffee(), camera(), page())


@pytest.mark.parametrize("mode", ["Standard", "Strong", "Lens Blur", "Motion Blur", "Natural"])
def test_sharp_photos_come_back_untouched(mode: str) -> None:
    for photo in sharp_photos():
        outcome = sharpen(photo, Job(mode))
        assert not outcome.changed, outcome.finding


@pytest.mark.parametrize("mode", ["Refocus", "Lens Blur V2"])
def test_photos_that_are_sharp_everywhere_come_back_untouched_place_by_place(mode: str) -> None:
    for photo in (coffee(), camera(), page()):
        outcome = sharpen(photo, Job(mode))
        assert not outcome.changed, outcome.finding
        assert np.array_equal(outcome.pixels, photo)


def test_a_sharp_photo_stays_untouched_after_jpeg_and_under_noise() -> None:
    compressed = recompressed(astronaut(), 85)
    noisy = degraded(astronaut(), Blur("none"), noise=0.02)[1]
    for photo in (compressed, noisy):
        assert not sharpen(photo, Job("Standard", jpeg_quality=85 if photo is compressed else None)).changed


@pytest.mark.parametrize("quality", [85, None])
def test_jpeg_artefacts_are_not_sharpened_into_harm(quality: int | None) -> None:
    sharp, given = pair(DISK, noise=0.005, jpeg=85)
    assert gain(sharpen(given, Job("Standard", jpeg_quality=quality)).pixels, sharp, given) > 1.0


def test_the_border_of_a_moved_picture_is_not_worse_than_given() -> None:
    sharp, given = pair(LINE)
    result = sharpen(given, Job("Standard")).pixels
    border = np.ones(sharp.shape[:2], bool)
    border[24:-24, 24:-24] = False
    assert psnr(result[border], sharp[border]) >= psnr(given[border], sharp[border])


@pytest.mark.parametrize("mode", ["Standard", "Motion Blur"])
def test_a_long_line_is_found_at_its_length_and_not_at_half_of_it(mode: str) -> None:
    outcome = sharpen(pair(Blur("line", 25, 130))[1], Job(mode))
    found = re.fullmatch(r"motion, (\d+) px at (\d+)°", outcome.finding)
    assert found is not None, outcome.finding
    assert 24 <= int(found[1]) <= 26
    assert 128 <= int(found[2]) <= 132


def test_defocus_is_named_with_its_radius() -> None:
    assert sharpen(pair(DISK)[1], Job("Lens Blur")).finding == "defocus, radius 3.0 px"


def test_motion_mode_leaves_a_soft_picture_alone() -> None:
    outcome = sharpen(pair(Blur("gauss", 1.5))[1], Job("Motion Blur"))
    assert (outcome.changed, outcome.finding) == (False, "no motion found: left as it is")


@pytest.mark.parametrize(
    ("mode", "words"),
    [("Standard", "already sharp"), ("Lens Blur", "no missed focus found"), ("Natural", "no softness found")],
)
def test_only_a_mode_that_looks_for_every_blur_calls_a_photo_sharp(mode: str, words: str) -> None:
    assert sharpen(astronaut(), Job(mode)).finding == f"{words}: left as it is"


def test_modes_differ() -> None:
    given = pair(DISK)[1]
    results = {
        mode: sharpen(given, Job(mode)).pixels.astype(np.float64) for mode in MODES if mode != "Motion Blur"
    }
    change = {mode: np.abs(result - given).mean() for mode, result in results.items()}
    assert change["Natural"] < change["Standard"] < change["Strong"]
    soft = pair(Blur("gauss", 1.5))[1]
    refocused, lens = (
        sharpen(soft, Job(mode)).pixels.astype(np.float64) for mode in ("Refocus", "Lens Blur V2")
    )
    assert np.abs(refocused - lens).mean() > 0.2


def test_a_blur_that_grows_across_the_picture_is_followed() -> None:
    sharp, given = ramp()
    left = (slice(None), slice(0, sharp.shape[1] // 6))
    refocused = sharpen(given, Job("Refocus")).pixels
    assert gain(refocused, sharp, given) > 1.0
    assert gain(refocused[left], sharp[left], given[left]) > -0.5
    assert gain(sharpen(given, Job("Standard")).pixels, sharp, given) > -0.1


@pytest.mark.parametrize("spread", [PointSpread("line", 30, 20), PointSpread("disk", 8)])
def test_a_wrong_guess_is_taken_back(spread: PointSpread) -> None:
    given = pair(Blur("gauss", 1.5))[1]
    encoded = Domains(SRGB, given.dtype).encoded
    recipe = Recipe(spread, encoded, MODES["Standard"], noise=0.003, strength=1.0)
    safe = trusted(recipe, given, encoded, lambda: None)
    assert safe is None or safe.ease < 1


@pytest.mark.parametrize(("family", "size"), [("gaussian", 3.0), ("disk", 5.0)])
def test_a_wrong_map_is_taken_back(family: Family, size: float) -> None:
    given = pair(Blur("none"))[1]
    rows, columns = given.shape[:2]
    here = np.ones((2, 2), np.bool_)
    sizes = FocusMap(
        np.full((2, 2), size, np.float32), here, here, np.array([0.0, rows]), np.array([0.0, columns])
    )
    encoded = Domains(SRGB, given.dtype).encoded
    recipe = Recipe(PointSpread(family, size), encoded, MODES["Refocus"], noise=0.003, strength=1.0)
    work = VaryingRestoration(recipe, (rows, columns), sizes)
    safe = trusted_map(work, given, encoded, lambda: None)
    assert safe is None or safe.recipe.ease < 1


def test_an_unknown_mode_is_standard() -> None:
    given = pair(DISK)[1]
    assert np.array_equal(sharpen(given, Job("No such mode")).pixels, sharpen(given, Job("Standard")).pixels)


def test_strength_works_over_its_whole_range() -> None:
    sharp, given = pair(DISK)
    gains = [
        gain(sharpen(given, Job("Standard", strength=s)).pixels, sharp, given) for s in (0.05, 0.3, 0.6, 1.0)
    ]
    assert gains == sorted(gains)
    assert gains[0] > 0.05


def test_minor_denoise_calms_flat_areas_the_more_the_higher_except_in_strong() -> None:
    sharp, given = pair(DISK, noise=0.02)
    mask = flat_mask(np.asarray(sharp[..., 1] / 255, np.float32))

    def grain(mode: str, calm: float | None) -> float:
        result = sharpen(given, Job(mode, minor_denoise=calm)).pixels
        return flat_energy(np.asarray(result[..., 1] / 255, np.float32), mask)

    levels = [grain("Standard", calm) for calm in (0.01, 0.25, 0.5, 0.75, 1.0)]
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] < 0.85 * levels[0]
    assert grain("Strong", 1.0) == grain("Strong", None)


def test_minor_denoise_costs_little_detail() -> None:
    sharp, given = pair(DISK, noise=0.02)
    none, some, full = (
        gain(sharpen(given, Job("Standard", minor_denoise=calm)).pixels, sharp, given)
        for calm in (0.01, 0.25, 1.0)
    )
    assert some > none - 0.1
    assert full > none - 0.8


def test_auto_denoise_follows_the_noise_and_is_told() -> None:
    little, much = (
        sharpen(pair(DISK, noise=noise)[1], Job("Standard")).minor_denoise for noise in (0.004, 0.02)
    )
    assert 0 < little < much <= 0.3
    assert sharpen(pair(DISK)[1], Job("Strong")).minor_denoise == 0


def grainy(sharp: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(3).normal(0, 255 * 0.02, sharp.shape)
    return np.clip(np.rint(sharp + noise), 0, 255).astype(np.uint8)


def test_a_photo_that_needs_no_sharpening_is_calmed_where_that_was_asked_for() -> None:
    given = grainy(coffee())
    assert not sharpen(given, Job("Standard")).changed
    assert not sharpen(given, Job("Strong", minor_denoise=1.0)).changed
    outcome = sharpen(given, Job("Standard", minor_denoise=0.5))
    assert (outcome.changed, outcome.minor_denoise, outcome.unchanged) == (True, 0.5, "")
    assert outcome.finding == "already sharp: only grain calmed"
    gains = [
        gain(sharpen(given, Job("Standard", minor_denoise=calm)).pixels, coffee(), given)
        for calm in (0.05, 0.2, 0.5)
    ]
    assert gains == sorted(gains)
    assert gains[0] > 0


def test_places_keep_their_colours_though_no_level_of_the_map_is_quite_their_blur() -> None:
    given = grainy(astronaut())
    outcome = sharpen(given, Job("Standard"))
    assert outcome.finding.endswith("place by place")
    result, before = (
        cv2.GaussianBlur(each.astype(np.float32), (0, 0), 8) for each in (outcome.pixels, given)
    )
    assert np.abs(result - before).max() < 8


def test_strong_grain_is_not_taken_for_what_the_blur_cannot_have_left() -> None:
    sharp, given = pair(DISK, noise=0.04)
    assert gain(sharpen(given, Job("Standard")).pixels, sharp, given) > 2.5
