"""What a blind fit is tempted to: sharp photos that look moved, photos that lose, and what no blur has made."""

import cv2
import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray

from benchmarks.degrade import Blur, blurred, recompressed
from engine.photos import Picture, astronaut, coffee, gain, pair
from sharpen_desktop.engine.pipeline import Job, sharpen, sharpen_part
from sharpen_desktop.engine.survey import Survey
from sharpen_desktop.engine.transfer import SRGB

STANDARD, MOTION = "Standard", "Motion Blur"
DISK = Blur("disk", 3)


def fence(period: float, width: float, angle: float) -> Picture:
    """The astronaut behind bright pickets ``width`` px wide, ``period`` px apart, turned by ``angle`` degrees."""
    photo = astronaut()
    y, x = np.mgrid[: photo.shape[0], : photo.shape[1]]
    along = x * np.cos(np.radians(angle)) - y * np.sin(np.radians(angle))
    cover = np.clip((width / 2 - np.abs(along % period - period / 2)) / 0.8 + 0.5, 0, 1)[..., None]
    return np.rint(photo * (1 - cover) + 230 * cover).astype(np.uint8)


TEMPTING = {
    "bricks": skimage.data.brick,
    "grass": skimage.data.grass,
    "handwriting": skimage.data.text,
    "narrow fence": lambda: fence(6, 3, 0),
    "wide fence": lambda: fence(40, 20, 0),
    "leaning fence": lambda: fence(12, 6, 35),
}


@pytest.mark.parametrize(
    ("photo", "mode"),
    [
        ("narrow fence", STANDARD),
        ("wide fence", STANDARD),
        ("leaning fence", MOTION),
        ("bricks", STANDARD),
        ("bricks", MOTION),
        ("grass", MOTION),
        ("handwriting", MOTION),
    ],
)
def test_a_sharp_photo_of_stripes_is_not_taken_for_a_moved_one(photo: str, mode: str) -> None:
    given = TEMPTING[photo]()
    outcome = sharpen(given, Job(mode))
    assert not outcome.changed, outcome.finding
    assert np.array_equal(outcome.pixels, given)


def board(side: float, angle: float) -> Picture:
    """A chessboard of fields ``side`` px wide, turned by ``angle`` degrees, with a lens's softness and some noise."""
    y, x = np.mgrid[:1600, :1600] / 4
    across, down = (
        x * np.cos(np.radians(turn)) + y * np.sin(np.radians(turn)) for turn in (angle, angle + 90)
    )
    fields = np.where((across // side + down // side) % 2 == 0, 40.0, 215.0)
    soft = cv2.GaussianBlur(cv2.resize(fields, (400, 400), interpolation=cv2.INTER_AREA), (0, 0), 0.5)
    return np.rint(soft + np.random.default_rng(0).normal(0, 2, soft.shape)).astype(np.uint8)


@pytest.mark.parametrize(("side", "angle", "mode"), [(8, 0, STANDARD), (8, 20, MOTION), (12, 7, STANDARD)])
def test_a_sharp_chessboard_is_not_taken_for_blur(side: float, angle: float, mode: str) -> None:
    given = board(side, angle)
    assert np.array_equal(sharpen(given, Job(mode)).pixels, given)


def lit() -> Picture:
    """The coffee cup by night, with lamps brighter than a photo can hold."""
    light = 0.3 * SRGB.decode(coffee() / 255)
    places = np.random.default_rng(1).integers(30, 370, (16, 2)) * (1.0, 1.5)
    for down, across in places.astype(int):
        light[down - 2 : down + 3, across - 2 : across + 3] = 8.0
    return np.asarray(light)


def lamps() -> tuple[Picture, Picture]:
    """Lamps out of focus, sharp and blurred; what is brighter than white is clipped."""
    light, rng = lit(), np.random.default_rng(0)
    soft = SRGB.encode(blurred(light, Blur("disk", 4))) + 0.004 * rng.standard_normal(light.shape)
    sharp, given = (
        np.clip(np.rint(255 * each), 0, 255).astype(np.uint8) for each in (SRGB.encode(light), soft)
    )
    return sharp, given


def barred(photo: Picture) -> tuple[Picture, NDArray[np.bool_]]:
    """With a film's black bars above and below, and where they are."""
    whole = np.pad(photo, ((51, 53), (0, 0), (0, 0)))
    inside = np.zeros(whole.shape[:2], np.bool_)
    inside[51:-53] = True
    return whole, ~inside


def framed(photo: Picture) -> tuple[Picture, NDArray[np.bool_]]:
    """With a print's white border, wider below, and where it is."""
    whole = np.pad(photo, ((40, 80), (40, 40), (0, 0)), constant_values=255)
    inside = np.zeros(whole.shape[:2], np.bool_)
    inside[40:-80, 40:-40] = True
    return whole, ~inside


def dated(photo: Picture) -> tuple[Picture, NDArray[np.bool_]]:
    """With a date in orange, and where it is."""
    whole, mark = photo.copy(), np.zeros(photo.shape[:2], np.uint8)
    for picture, colour in ((whole, (255, 140, 40)), (mark, 255)):
        cv2.putText(picture, "07 8 14", (330, 150), cv2.FONT_HERSHEY_SIMPLEX, 1, colour, 2, cv2.LINE_AA)
    return whole, mark > 0


PUT_IN = {
    "bars": (barred, Blur("line", 15, 25)),
    "frame": (framed, DISK),
    "date": (dated, DISK),
}


@pytest.mark.parametrize(("what", "jpeg"), [("bars", 93), ("frame", None), ("date", 93)])
def test_what_was_put_in_afterwards_stays_and_does_not_ring(what: str, jpeg: int | None) -> None:
    put_in, blur = PUT_IN[what]
    (sharp, where), (given, _) = (put_in(photo) for photo in pair(blur))
    if jpeg is not None:
        given = recompressed(given, jpeg)
    result = sharpen(given, Job(STANDARD, jpeg_quality=jpeg)).pixels
    assert np.abs(result[where].astype(int) - given[where]).max() <= 1
    around = cv2.dilate(where.astype(np.uint8), np.ones((41, 41), np.uint8)).astype(np.bool_) & ~where
    assert gain(result[around], sharp[around], given[around]) > -0.03
    assert gain(result, sharp, given) > 2


def test_a_part_of_a_framed_photo_is_what_the_whole_would_have() -> None:
    given, _ = framed(dated(pair(DISK)[1])[0])
    whole = sharpen(given, Job(STANDARD)).pixels
    part = (slice(20, 330), slice(190, given.shape[1]))
    assert np.array_equal(sharpen_part(Survey(given), Job(STANDARD), part).pixels, whole[part])


@pytest.mark.parametrize("mode", [STANDARD, "Lens Blur V2"])
def test_clipped_lamps_get_no_rings(mode: str) -> None:
    sharp, given = lamps()
    outcome = sharpen(given, Job(mode))
    bright = (given.min(axis=2) > 250).astype(np.uint8)
    around = cv2.dilate(bright, np.ones((31, 31), np.uint8)).astype(np.bool_)
    assert gain(outcome.pixels, sharp, given) > -0.02
    assert gain(outcome.pixels[around], sharp[around], given[around]) > -0.02
