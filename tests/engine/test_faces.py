"""Faces are found without help from outside, and treated so that they look like themselves."""

import hashlib
import socket
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
import pytest
import skimage.data

from benchmarks.degrade import Blur
from engine.photos import Picture, astronaut, coffee, gain, pair
from sharpen_desktop.engine import nets, survey
from sharpen_desktop.engine.faces import Face, find_faces
from sharpen_desktop.engine.pipeline import FaceWish, Job, Outcome, Stopped, Survey, sharpen, sharpen_part
from sharpen_desktop.services.schema_file import resources_folder

DISK = Blur("disk", 3)
EVERYWHERE = (slice(None), slice(None))
# Of the astronaut without its margin of 24 px: skin of the cheek and hair beside it, rows and columns.
CHEEK, HAIR = (slice(95, 103), slice(188, 196)), (slice(60, 120), slice(70, 130))


@cache
def measured() -> Survey:
    """The astronaut out of focus, measured once for all."""
    return Survey(pair(DISK)[1])


@cache
def found(wish: FaceWish | None) -> Outcome:
    """The same restored."""
    return sharpen_part(measured(), Job("Standard", faces=wish), EVERYWHERE)


def the_face(picture: Picture) -> Face:
    """The only face there is."""
    (face,) = find_faces(picture)
    return face


def test_the_astronaut_has_one_face_with_eyes_above_a_mouth() -> None:
    face = the_face(astronaut())
    left, top, right, bottom = np.array(face.box) * 512
    assert abs((left + right) / 2 - 225) < 8
    assert abs((top + bottom) / 2 - 117) < 12
    assert 70 < right - left < 110
    assert face.eyes[0][0] < face.eyes[1][0]
    assert max(y for _, y in face.eyes) < min(y for _, y in face.mouth)
    assert 0.5 <= face.score <= 1


@pytest.mark.parametrize("name", ["coffee", "chelsea", "rocket", "brick"])
def test_what_is_no_face_is_not_taken_for_one(name: str) -> None:
    picture = getattr(skimage.data, name)()
    colour = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    assert find_faces(colour) == ()


@pytest.mark.parametrize("scale", [0.35, 3.0])
def test_a_face_is_found_at_other_sizes_of_the_picture(scale: float) -> None:
    picture = cv2.resize(astronaut(), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    assert np.allclose(the_face(np.asarray(picture)).box, the_face(astronaut()).box, atol=0.03)


def test_a_face_that_fills_the_picture_is_found() -> None:
    assert the_face(astronaut()[40:200, 150:300].repeat(6, axis=0).repeat(6, axis=1)).score > 0.5


@pytest.mark.parametrize("kind", ["16 bit", "grey", "grey 16 bit"])
def test_depth_and_colour_do_not_matter(kind: str) -> None:
    picture = astronaut()[..., 1] if "grey" in kind else astronaut()
    pixels = picture.astype(np.uint16) * 257 if "16" in kind else picture
    (face,) = Survey(pixels).faces(lambda: None)
    assert np.allclose(face.box, the_face(astronaut()).box, atol=0.02)


def test_the_nets_lie_with_the_other_resources_as_their_list_says() -> None:
    assert nets.folder() == resources_folder() / "nets"
    listed = (nets.folder() / "README.md").read_text(encoding="utf-8")
    for name in (nets.FACES, nets.PEOPLE):
        row = next(line for line in listed.splitlines() if line.startswith(f"| `{name}`"))
        assert hashlib.sha256((nets.folder() / name).read_bytes()).hexdigest() in row
        assert (nets.folder() / name).with_suffix(".LICENSE.txt").name in row
        assert (nets.folder() / name).with_suffix(".LICENSE.txt").is_file()


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "socket", never)
    looked = Survey(astronaut())
    assert looked.faces(lambda: None)
    assert looked.subject(lambda: None).is_found


def test_looking_for_faces_can_be_stopped() -> None:
    def check() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        find_faces(astronaut(), check)


def test_nothing_is_looked_for_where_nothing_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    for name in ("miniature", "find_faces", "find_subject"):
        monkeypatch.setattr(survey, name, never)
    given = pair(DISK)[1]
    assert np.array_equal(sharpen(given, Job("Standard")).pixels, found(None).pixels)


def test_a_photo_without_faces_comes_out_the_very_same() -> None:
    given = cv2.GaussianBlur(coffee(), (0, 0), 1.5)
    plain = sharpen(given, Job("Standard"))
    asked = sharpen(given, Job("Standard", faces=FaceWish(1.0, 1.0)))
    assert np.array_equal(plain.pixels, asked.pixels)
    assert plain.finding == asked.finding


def test_the_finding_counts_them() -> None:
    assert found(FaceWish()).finding == f"{found(None).finding}; 1 face"


def test_at_strength_0_a_face_keeps_its_pixels_and_the_rest_does_not() -> None:
    given, left = pair(DISK)[1], found(FaceWish(0.0, 1.0)).pixels
    assert np.array_equal(left[CHEEK], given[CHEEK])
    assert np.array_equal(left[HAIR], found(None).pixels[HAIR])
    assert not np.array_equal(left[HAIR], given[HAIR])


def test_only_the_face_is_touched() -> None:
    differs = (found(FaceWish(0.0)).pixels != found(None).pixels).any(axis=2)
    rows, columns = np.nonzero(differs)
    assert 20 < rows.min() < rows.max() < 175
    assert 130 < columns.min() < columns.max() < 270


def test_more_strength_takes_more_of_the_blur_out() -> None:
    given, place = pair(DISK)[1].astype(float), (slice(40, 150), slice(160, 245))
    moved = [
        np.abs(found(FaceWish(strength)).pixels.astype(float) - given)[place].mean()
        for strength in (0.0, 0.4, 0.8)
    ]
    assert all(low < high for low, high in pairwise(moved))


def test_the_usual_strength_costs_next_to_nothing() -> None:
    sharp, given = pair(DISK)
    off, on = (gain(found(wish).pixels, sharp, given) for wish in (None, FaceWish()))
    assert on > off - 0.1


def test_creativity_lifts_eyes_and_mouth_and_no_skin() -> None:
    plain, lifted = (found(FaceWish(0.8, creativity)).pixels for creativity in (0.0, 1.0))
    assert np.array_equal(plain[CHEEK], lifted[CHEEK])
    for x, y in (*the_face(pair(DISK)[1]).eyes, np.mean(the_face(pair(DISK)[1]).mouth, axis=0)):
        row, column = round(y * plain.shape[0]), round(x * plain.shape[1])
        spot = (slice(row - 5, row + 6), slice(column - 8, column + 9))
        assert np.std(lifted[spot].astype(float)) > 1.03 * np.std(plain[spot].astype(float))


def test_a_part_is_what_the_whole_would_be() -> None:
    given = np.tile(pair(DISK)[1], (1, 2, 1))
    job, part = Job("Standard", faces=FaceWish(0.7, 1.0)), (slice(30, 240), slice(100, 700))
    whole = sharpen(given, job)
    assert whole.finding.endswith("2 faces")
    assert np.array_equal(sharpen_part(Survey(given), job, part).pixels, whole.pixels[part])
