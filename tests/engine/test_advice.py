"""What a diagnosis says, how sure it is, and what it advises."""

from functools import cache

import cv2
import numpy as np
import pytest

from benchmarks.degrade import Blur, blurred
from engine.photos import Picture, astronaut, coffee, gain, pair, ramp
from sharpen_desktop.engine.advice import UNSURE_BELOW, Diagnosis, advised
from sharpen_desktop.engine.advice import diagnose as diagnosed
from sharpen_desktop.engine.crew import Check, Stopped
from sharpen_desktop.engine.modes import MODES
from sharpen_desktop.engine.pipeline import Job, sharpen, sharpen_part
from sharpen_desktop.engine.places import spanned
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.engine.transfer import SRGB


def diagnose(picture: Picture, *, jpeg_quality: int | None = None, check: Check = lambda: None) -> Diagnosis:
    return diagnosed(Survey(picture, jpeg_quality=jpeg_quality), check)


@pytest.mark.parametrize(
    ("blur", "kind", "mode"),
    [
        (Blur("gauss", 1.5), "soft", "Standard"),
        (Blur("disk", 3), "defocus", "Lens Blur"),
        (Blur("line", 15, 70), "motion", "Motion Blur"),
    ],
)
def test_a_blur_is_named_measured_and_believed(blur: Blur, kind: str, mode: str) -> None:
    found = diagnose(pair(blur)[1])
    assert (found.kind, found.mode) == (kind, mode)
    assert found.size == pytest.approx(blur.size, rel=0.15)
    assert found.trust > 0.6
    assert found.direction is None if kind != "motion" else found.direction == pytest.approx(70, abs=2)


def test_the_cleanest_photo_is_believed_as_much_as_any() -> None:
    found = diagnose(pair(Blur("disk", 3), noise=0)[1])
    assert (found.kind, found.strength) == ("defocus", 1)
    assert found.trust > 0.6


@pytest.mark.parametrize("photo", [astronaut, coffee])
def test_a_sharp_photo_is_called_sharp(photo: object) -> None:
    assert callable(photo)
    found = diagnose(photo())
    assert (found.kind, found.sentence, found.mode) == ("none", "Already sharp", "Standard")


def test_a_blur_that_differs_is_called_varying() -> None:
    found = diagnose(ramp()[1])
    assert (found.kind, found.mode) == ("varying", "Refocus")
    assert found.sentence.startswith("Blurred in places")


def seen_through_grain() -> Picture:
    """The astronaut out of focus, 1024×1024, under the soft grain of film or of a phone's own processing."""
    values = blurred(
        cv2.resize(astronaut(), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC) / 255, Blur("disk", 4)
    )
    grain = cv2.GaussianBlur(np.random.default_rng(0).standard_normal(values.shape), (0, 0), 0.6)
    return np.clip(np.rint((values + 0.005 * grain / grain.std()) * 255), 0, 255).astype(np.uint8)


def test_grain_on_plain_places_is_not_taken_for_sharpness() -> None:
    found = diagnose(seen_through_grain())
    assert (found.kind, found.mode) == ("defocus", "Lens Blur")
    assert found.size == pytest.approx(4, abs=0.2)


def moved_apart() -> Picture:
    """The astronaut, its halves moved in different directions."""
    values = astronaut() / 255
    left, right = blurred(values, Blur("line", 11, 20)), blurred(values, Blur("line", 15, 120))
    both = np.concatenate([left[:, :256], right[:, 256:]], axis=1)
    noisy = both + 0.006 * np.random.default_rng(0).standard_normal(both.shape)
    return np.clip(np.rint(noisy * 255), 0, 255).astype(np.uint8)


def test_several_motions_are_not_believed() -> None:
    found = diagnose(moved_apart())
    assert found.trust < UNSURE_BELOW
    assert found.mode == "Standard"
    assert found.sentence.startswith("Not sure; start with Standard")


def test_auto_holds_back_where_the_finding_is_not_believed_and_says_so() -> None:
    survey = Survey(moved_apart())
    corner = (slice(0, 8), slice(0, 8))
    taken = sharpen_part(survey, Job("Standard"), corner)
    assert taken.strength == advised(survey, "Standard").strength < 1
    assert "several motions" in taken.finding or "not sure: strength held at" in taken.finding
    by_hand = sharpen_part(survey, Job("Standard", strength=0.9), corner)
    assert by_hand.strength == 0.9
    assert "strength held" not in by_hand.finding


@pytest.mark.parametrize("mode", ["Standard", "Lens Blur", "Natural", "Refocus"])
def test_auto_is_told_for_any_mode_as_it_is_taken(mode: str) -> None:
    survey = Survey(pair(Blur("disk", 3))[1])
    told = advised(survey, mode)
    taken = sharpen_part(survey, Job(mode), (slice(0, 8), slice(0, 8)))
    assert (told.strength, told.minor_denoise) == (taken.strength, taken.minor_denoise)
    assert told.strength == MODES[mode].auto_strength


@pytest.mark.parametrize("shape", [(1, 1), (20, 300, 3), (64, 64)])
def test_what_cannot_be_measured_is_unknown(shape: tuple[int, ...]) -> None:
    found = diagnose(np.full(shape, 90, np.uint8))
    assert (found.kind, found.trust, found.sentence) == ("unknown", 0.0, "Too small or too plain to tell")


def test_jpeg_is_told_from_its_quality_or_its_traces() -> None:
    lossy = pair(Blur("disk", 3), noise=0.005, jpeg=85)[1]
    assert diagnose(lossy).compression == "strong"
    assert diagnose(lossy, jpeg_quality=93).compression == "light"
    assert diagnose(pair(Blur("disk", 3))[1]).compression == "none"


def test_more_noise_asks_for_more_denoising() -> None:
    little, much = (diagnose(pair(Blur("disk", 3), noise=noise)[1]) for noise in (0.004, 0.02))
    assert little.noise < much.noise
    assert little.minor_denoise < much.minor_denoise


def test_it_can_be_stopped() -> None:
    def refused() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        diagnose(pair(Blur("disk", 3))[1], check=refused)


@cache
def half_out_of_focus(*, linear: bool = False) -> tuple[Picture, Picture]:
    """The astronaut: sharp, and with its right half seen through a disk of 3 px."""
    values = astronaut() / 255
    share = np.clip((np.arange(512) - 256) / 40 + 0.5, 0, 1)[None, :, None]
    blur = Blur("disk", 3)
    soft = (
        np.asarray(SRGB.encode(blurred(np.asarray(SRGB.decode(values)), blur)))
        if linear
        else blurred(values, blur)
    )
    mixed = values + share * (soft - values)
    noisy = mixed + 0.003 * np.random.default_rng(0).standard_normal(mixed.shape)
    return astronaut(), np.clip(np.rint(noisy * 255), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("linear", "domain"), [(False, "encoded"), (True, "linear")])
def test_a_half_out_of_focus_is_named_by_its_family_and_its_domain(linear: bool, domain: str) -> None:
    found = diagnose(half_out_of_focus(linear=linear)[1])
    assert (found.kind, found.mode, found.domain) == ("varying", "Lens Blur V2", domain)
    assert found.size == pytest.approx(3, abs=0.3)
    assert found.sentence.startswith("Blurred in places")


def test_sizes_that_do_not_differ_are_not_said_to() -> None:
    assert spanned(np.array([2.8, 2.9, 3.1], np.float32)) == "about 2.9 px"
    assert spanned(np.array([1.0, 2.0, 3.0], np.float32)) == "1.2 to 2.8 px"


@pytest.mark.parametrize("mode", ["Standard", "Strong", "Lens Blur", "Lens Blur V2", "Refocus"])
@pytest.mark.parametrize("linear", [False, True])
def test_a_half_out_of_focus_is_undone_where_it_is(mode: str, linear: bool) -> None:
    sharp, given = half_out_of_focus(linear=linear)
    result = sharpen(given, Job(mode)).pixels
    assert gain(result, sharp, given) > 1.5
    assert np.array_equal(result[:, :128], given[:, :128])
