"""Profiles: which are usable, and which tone curve they hold."""

import struct

import imagecodecs
import numpy as np
import pytest

from sharpen_desktop.services.images import colour, orientation
from tests.support import images

X = np.linspace(0, 1, 4096)


def curv(*entries: int) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(f">I{len(entries)}H", len(entries), *entries)


def para(kind: int, *values: float) -> bytes:
    numbers = [round(value * 65_536) for value in values]
    return b"para\0\0\0\0" + struct.pack(f">HH{len(numbers)}i", kind, 0, *numbers)


def reference_srgb() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.where(X <= 0.04045, X / 12.92, ((X + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize(("block", "wanted"), [
    (curv(), X),
    (curv(461), X ** (461 / 256)),
    (curv(0, 32_768, 65_535), np.interp(X, [0, 0.5, 1], [0, 32_768 / 65_535, 1])),
    (para(0, 1.8), X**1.8),
    (para(1, 1.8, 1.1, -0.1), np.where(X >= 0.1 / 1.1, np.maximum(1.1 * X - 0.1, 0) ** 1.8, 0)),
    (para(2, 2.0, 0.98, 0.0, 0.02), (0.98 * X) ** 2 + 0.02),
    (para(3, 1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081),
     np.where(X >= 0.081, ((X + 0.099) / 1.099) ** (1 / 0.45), X / 4.5)),
    (para(4, 1.8, 1.0, 0.0, 0.0625, 0.03125, 0.0, 0.0), np.where(X >= 0.03125, X**1.8, X / 16)),
], ids=["identity", "gamma", "table", "para0", "para1", "para2", "para3", "para4"])  # fmt: skip
def test_every_kind_of_curve_is_evaluated(block: bytes, wanted: images.Array) -> None:
    curve = colour.decoding_curve(images.profile_with_curve(block))
    assert curve is not None
    assert np.abs(curve - wanted).max() < 0.001


@pytest.mark.parametrize("block", [
    para(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045),
    curv(*np.round(np.interp(np.linspace(0, 1, 1024), X, reference_srgb()) * 65_535).astype(int)),
], ids=["para", "table"])  # fmt: skip
def test_srgbs_own_curve_counts_as_none(block: bytes) -> None:
    assert colour.decoding_curve(images.profile_with_curve(block)) is None


@pytest.mark.parametrize("data", [
    b"", b"short", bytes(500), images.profile_with_curve(b"nope" + bytes(20)), images.profile_with_curve(curv()[:9]),
    images.profile_with_curve(para(7, 1.0)), images.profile_with_curve(para(1, 2.0, 0.0, 0.5)),
    images.profile_with_curve(para(0, 0.0)), images.profile_with_curve(para(0, -3.0)),
    images.profile_with_curve(curv(65_535, 0)), images.profile_with_curve(curv(0, 9, 7, 9)),
    images.profile_with_curve(b"curv\0\0\0\0" + b"\xff" * 40),
], ids=str)  # fmt: skip
def test_profiles_without_a_usable_curve_count_as_none(data: bytes) -> None:
    assert colour.decoding_curve(data) is None


def test_a_profile_cut_anywhere_is_unusable_or_read_but_never_raises() -> None:
    data = images.adobe_rgb()
    for length in range(0, len(data), 7):
        colour.read_profile(data[:length])
        colour.decoding_curve(data[:length])


def test_the_usual_srgb_files_are_recognised_by_what_they_do() -> None:
    for data in (colour.srgb_profile(), imagecodecs.cms_profile("srgb")):
        assert colour.is_srgb(colour.read_profile(data))
    assert not colour.is_srgb(colour.read_profile(images.adobe_rgb()))
    assert not colour.is_srgb(colour.read_profile(images.grey_profile()))


def test_the_srgb_file_says_nothing_about_when_it_was_made() -> None:
    assert struct.unpack(">6H", colour.srgb_profile()[24:36]) == (2000, 1, 1, 0, 0, 0)


def test_16_bit_conversion_is_as_exact_as_8_bit() -> None:
    profile = colour.read_profile(images.adobe_rgb())
    assert profile is not None
    pixels = images.noise(200, 200)
    fine = colour.to_srgb(pixels.astype(np.uint16) * 257, profile)
    assert np.abs(fine / 257 - colour.to_srgb(pixels, profile)).max() <= 1.5


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("strip", [1, 3, 100])
def test_strips_fill_the_upright_picture_for_every_orientation(turn: int, strip: int) -> None:
    upright = images.noise(11, 7)
    stored = images.as_stored(upright, turn)
    filled = np.zeros_like(upright)
    for top in range(0, len(stored), strip):
        orientation.put_rows(filled, turn, top, stored[top : top + strip])
    assert np.array_equal(filled, upright)
    assert np.array_equal(orientation.upright_view(stored, turn), upright)
    assert np.array_equal(orientation.stored_view(upright, turn), stored)
    assert orientation.upright_size(stored.shape[1], stored.shape[0], turn) == (11, 7)
