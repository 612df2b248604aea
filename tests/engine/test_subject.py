"""The subject is told from its ground, corrected by hand, and only what is wanted is sharpened."""

from functools import cache

import numpy as np
import pytest
import skimage.data

from benchmarks.degrade import Blur
from engine.photos import astronaut, coffee, pair
from sharpen_desktop.engine import subject
from sharpen_desktop.engine.pipeline import Job, Outcome, Stopped, Stroke, Survey, sharpen, sharpen_part
from sharpen_desktop.engine.regions import MaskMap
from sharpen_desktop.engine.subject_brush import with_strokes

DISK = Blur("disk", 3)
EVERYWHERE = (slice(None), slice(None))
# Of the astronaut without its margin of 24 px: her suit, and the grey wall beside the shuttle.
SUIT, WALL = (slice(300, 400), slice(80, 180)), (slice(20, 120), slice(300, 340))


@cache
def measured() -> Survey:
    """The astronaut out of focus, measured once for all."""
    return Survey(pair(DISK)[1])


@cache
def run(side: str, strokes: tuple[Stroke, ...] = ()) -> Outcome:
    """The same restored on one side of the subject."""
    return sharpen_part(measured(), Job("Standard", subject=side, strokes=strokes), EVERYWHERE)


@cache
def mask_of(name: str) -> np.ndarray:
    """The subject of a photo that comes with scikit-image."""
    return Survey(getattr(skimage.data, name)()).subject(lambda: None).mask


def same(one: np.ndarray, other: np.ndarray, place: object = ...) -> bool:
    return np.array_equal(one[place], other[place])


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("astronaut", [(110, 225), (350, 200), (450, 400)], [(30, 30), (100, 320), (150, 440), (60, 130)]),
        ("coffee", [(150, 280), (280, 260), (250, 360)], [(30, 30), (380, 20), (60, 560), (380, 580)]),
        ("chelsea", [(110, 170), (230, 260), (60, 60)], [(40, 430), (200, 430)]),
        ("rocket", [(200, 322), (350, 322)], [(100, 100), (100, 500), (30, 320), (200, 200)]),
    ],
)
def test_what_the_photo_is_of_is_in_and_its_ground_is_out(
    name: str, inside: list[tuple[int, int]], outside: list[tuple[int, int]]
) -> None:
    mask = mask_of(name)
    assert min(int(mask[at]) for at in inside) > 230
    assert max(int(mask[at]) for at in outside) == 0


def test_the_same_picture_has_the_same_mask_each_time() -> None:
    first, second = (Survey(coffee()).subject(lambda: None).mask for _ in range(2))
    assert np.array_equal(first, second)


def test_a_large_picture_is_looked_at_on_a_small_copy() -> None:
    large = np.repeat(np.repeat(astronaut(), 3, axis=0), 3, axis=1)
    mask = Survey(large).subject(lambda: None).mask
    assert mask.shape == (1024, 1024)
    assert abs(mask.mean() - mask_of("astronaut").mean()) < 0.04 * 255


@pytest.mark.parametrize("kind", ["16 bit", "grey", "grey 16 bit"])
def test_depth_and_colour_do_not_matter(kind: str) -> None:
    picture = astronaut()[..., 1] if "grey" in kind else astronaut()
    pixels = picture.astype(np.uint16) * 257 if "16" in kind else picture
    mask = Survey(pixels).subject(lambda: None).mask
    agree = np.mean((mask > 127) == (mask_of("astronaut") > 127))
    assert agree > (0.85 if "grey" in kind else 0.999)


@pytest.mark.parametrize("name", ["brick", "gravel"])
def test_a_picture_of_nothing_in_particular_has_no_subject(name: str) -> None:
    assert not mask_of(name).any()


def test_no_subject_is_said_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "STANDS_OUT", 2.0)
    monkeypatch.setattr("sharpen_desktop.engine.survey.find_faces", lambda *_: ())
    looked = Survey(pair(DISK)[1])
    outcome = sharpen_part(looked, Job("Standard", subject="Background"), EVERYWHERE)
    assert outcome.finding.endswith("; no subject stands out, so the whole picture")
    assert same(outcome.pixels, run("All").pixels)


def test_foreground_and_background_are_the_two_sides_of_one_mask() -> None:
    given, whole = pair(DISK)[1], run("All").pixels
    front, back = run("Foreground").pixels, run("Background").pixels
    assert same(front, whole, SUIT)
    assert same(front, given, WALL)
    assert same(back, given, SUIT)
    assert same(back, whole, WALL)
    assert not same(whole, given, SUIT)
    assert not same(whole, given, WALL)
    both = front.astype(int) + back - given
    assert np.abs(both - whole).max() <= 1


def test_the_finding_says_how_much_of_the_picture_it_is() -> None:
    start = run("All").finding
    assert run("Foreground").finding == f"{start}; foreground only, 59 % of the picture"
    assert run("Background").finding == f"{start}; background only, 41 % of the picture"


@pytest.mark.parametrize(("depth", "is_grey"), [(np.uint16, False), (np.uint8, True)])
def test_outside_the_mask_every_pixel_is_the_very_same(depth: type[np.generic], is_grey: bool) -> None:
    given = pair(DISK)[1][..., 1] if is_grey else pair(DISK)[1]
    given = given.astype(depth) * (257 if depth is np.uint16 else 1)
    outcome = sharpen(given, Job("Standard", subject="Foreground"))
    assert (outcome.pixels.dtype, outcome.pixels.shape) == (given.dtype, given.shape)
    assert same(outcome.pixels, given, WALL)
    assert not same(outcome.pixels, given, SUIT)


def test_a_part_is_what_the_whole_would_be() -> None:
    given = np.tile(pair(DISK)[1], (1, 2, 1))
    strokes = (Stroke(((0.1, 0.2), (0.9, 0.3)), 0.03, 0.7, True), Stroke(((0.5, 0.6),), 0.1, 0.2, False))
    job, part = Job("Standard", subject="Foreground", strokes=strokes), (slice(30, 440), slice(250, 700))
    whole = sharpen(given, job).pixels
    assert same(sharpen_part(Survey(given), job, part).pixels, whole[part])


def test_the_rim_follows_the_pictures_own_edges() -> None:
    """In a picture six times as large as its mask, the step of the mask lies on that of the picture."""
    large = np.full((3000, 3000, 3), 60, np.uint8)
    y, x = np.mgrid[:3000, :3000]
    disk = np.hypot(y - 1500, x - 1500) < 700
    large[disk] = (200, 120, 40)
    survey = Survey(large)
    mask = survey.subject(lambda: None).mask
    assert 0.12 < mask.mean() / 255 < 0.22
    shares = MaskMap.of(mask, survey.miniature(), (), survey.size, survey.shown, is_inverted=False)
    row = shares.share(large, (slice(1500, 1501), slice(700, 900)))[0]
    assert row[:95].max() < 0.5 < row[105:].min()


# Painting


def test_a_stroke_covers_a_circle_of_its_radius() -> None:
    dot = Stroke(((0.5, 0.25),), 0.1, 0.0, True)
    mask = with_strokes(np.zeros((400, 800), np.uint8), (dot,))
    y, x = np.mgrid[:400, :800]
    away = np.hypot(y - 99.5, x - 399.5)
    assert (mask[away < 78] == 255).all()
    assert (mask[away > 82] == 0).all()


def test_a_feather_falls_evenly_from_the_middle_on() -> None:
    soft = with_strokes(np.zeros((400, 400), np.uint8), (Stroke(((0.5, 0.5),), 0.2, 1.0, True),))
    fall = soft[199, 200:285].astype(int)
    assert fall[0] > 245
    assert fall[-1] == 0
    assert (np.diff(fall) <= 0).all()
    assert abs(fall[40] - 128) < 8


def test_strokes_are_drawn_in_their_order() -> None:
    add, take = (Stroke(((0.2, 0.5), (0.8, 0.5)), 0.1, 0.0, adds) for adds in (True, False))
    empty = np.zeros((100, 100), np.uint8)
    assert with_strokes(empty, (add, take))[50, 50] == 0
    assert with_strokes(empty, (take, add))[50, 50] == 255
    assert with_strokes(empty + 255, (take,))[50, 50] == 0


def test_a_stroke_may_lead_out_of_the_picture() -> None:
    away = with_strokes(np.zeros((60, 90), np.uint8), (Stroke(((-0.3, 1.4), (1.5, 1.4)), 0.05, 0.5, True),))
    assert not away.any()
    over = with_strokes(np.zeros((60, 90), np.uint8), (Stroke(((0.5, 0.5), (2.0, 0.5)), 0.1, 0.0, True),))
    assert over[30, 89] == 255


def test_what_is_painted_counts_exactly_there() -> None:
    given, whole, plain = pair(DISK)[1], run("All").pixels, run("Foreground").pixels
    strokes = (
        Stroke(((285 / 464, 70 / 464),), 40 / 464, 0.2, True),
        Stroke(((130 / 464, 350 / 464),), 40 / 464, 0.2, False),
    )
    painted = run("Foreground", strokes).pixels
    y, x = np.mgrid[:464, :464]
    added, taken = np.hypot(y - 69.5, x - 284.5), np.hypot(y - 349.5, x - 129.5)
    assert same(painted, whole, added < 30)
    assert same(painted, given, taken < 30)
    assert same(painted, plain, (added > 44) & (taken > 44))


def test_strokes_do_not_matter_for_the_whole_picture() -> None:
    stroke = Stroke(((0.5, 0.5),), 0.3, 0.0, False)
    assert run("All", (stroke,)).finding == run("All").finding
    assert same(run("All", (stroke,)).pixels, run("All").pixels)


def test_painting_makes_a_subject_where_none_stands_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "STANDS_OUT", 2.0)
    monkeypatch.setattr("sharpen_desktop.engine.survey.find_faces", lambda *_: ())
    given = pair(DISK)[1]
    stroke = Stroke(((0.5, 0.5),), 0.1, 0.0, True)
    outcome = sharpen(given, Job("Standard", subject="Foreground", strokes=(stroke,)))
    assert outcome.finding.endswith("; foreground only, 3 % of the picture")
    assert same(outcome.pixels, run("All").pixels, (slice(210, 250), slice(210, 250)))
    assert same(outcome.pixels, given, (slice(0, 150), slice(None)))


def test_looking_for_the_subject_can_be_stopped_and_begun_again() -> None:
    survey, asked = Survey(coffee()), []

    def check() -> None:
        asked.append(1)
        if len(asked) % 3 == 0:
            raise Stopped

    for _ in range(2):
        with pytest.raises(Stopped):
            survey.subject(check)
    assert survey.subject(lambda: None).is_found
