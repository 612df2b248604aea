"""What a blind fit is tempted to: sharp photos that look moved, and photos that lose by being sharpened."""

import cv2
import numpy as np
import pytest
import skimage.data

from engine.photos import Picture, astronaut
from sharpen_desktop.engine.pipeline import Job, sharpen

STANDARD, MOTION = "Standard", "Motion Blur"


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
