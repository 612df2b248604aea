"""A mix is what linear light says, at full depth, in the result's colours; what is shown of it is what is saved."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sharpen_desktop.core.brush import Stroke
from sharpen_desktop.core.errors import EngineFailed, SharpenError
from sharpen_desktop.core.mix import MixWish
from sharpen_desktop.core.picture import Master, SaveOptions
from sharpen_desktop.engine.crew import Stopped
from sharpen_desktop.services import asking, mixer
from sharpen_desktop.services.images import image_io, mix_mask, mixing
from sharpen_desktop.services.images.lights import Lights
from sharpen_desktop.services.images.tone import transfer
from sharpen_desktop.services.mixer import WorkerMixer
from sharpen_desktop.services.workers import GIGABYTE, Worker
from tests.support import images

WIDTH, HEIGHT = 301, 203


def opened(folder: Path, name: str, pixels, icc: bytes | None = None) -> Master:
    """A picture read from a file of these pixels."""
    path = folder / f"{name}.tif"
    images.tiff(path, pixels, **({"iccprofile": icc} if icc else {}), **_extra(pixels))
    master = image_io.open_photo(str(path), str(folder / f"{name}.cache")).master
    assert master is not None
    return master


def _extra(pixels):
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        return {"photometric": "rgb", "extrasamples": ["unassalpha"]}
    return {"photometric": "rgb" if pixels.ndim == 3 else "minisblack"}


def mixed(folder: Path, result: Master, base: Master, share=0.4, strokes=()):
    return mixing.mix(MixWish(result, base, share, strokes), str(folder / "mixed"), lambda: False)


def pixels_of(master: Master):
    return np.load(master.pixels)


def srgb_light(values):
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def srgb_values(light):
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055)


def by_hand(result, base, weight, depth=8, gamma=None):
    """The same mix in doubles, by the formulas themselves."""
    most = 2**depth - 1
    if gamma:
        light = (result / most) ** gamma * weight + (base / most) ** gamma * (1 - weight)
        return light ** (1 / gamma) * most
    light = srgb_light(result / most) * weight + srgb_light(base / most) * (1 - weight)
    return srgb_values(light) * most


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.4, 0.99, 1.0])
def test_each_pixel_is_mixed_in_linear_light_and_rounded_once(tmp_path, depth, channels, share):
    result, base = (images.noise(WIDTH, HEIGHT, depth, channels, seed) for seed in (1, 2))
    made = mixed(tmp_path, opened(tmp_path, "result", result), opened(tmp_path, "base", base), share)
    found = pixels_of(made.master)
    assert found.dtype == result.dtype
    assert made.master.is_grey == (channels == 1)
    wanted = by_hand(result.astype(float), base.astype(float), share, depth)
    assert np.abs(found - wanted).max() <= (0.501 if depth == 8 else 0.75)


def test_it_differs_from_a_mix_of_the_encoded_values(tmp_path):
    dark, bright = (np.full((20, 30, 3), value, np.uint8) for value in (20, 220))
    found = pixels_of(mixed(tmp_path, opened(tmp_path, "r", bright), opened(tmp_path, "b", dark), 0.5).master)
    assert found[0, 0, 0] == 162  # and not 120


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("icc", [None, images.adobe_rgb()], ids=["srgb", "adobe"])
def test_all_of_the_result_and_none_of_it_are_these_very_pixels(tmp_path, depth, icc):
    every = np.arange(2**depth, dtype=np.uint16 if depth == 16 else np.uint8)
    ramp = np.resize(every, (256, 256, 3))
    result, base = opened(tmp_path, "result", ramp, icc), opened(tmp_path, "base", ramp[::-1].copy(), icc)
    assert np.array_equal(pixels_of(mixed(tmp_path, result, base, 1.0).master), ramp)
    assert np.array_equal(pixels_of(mixed(tmp_path, result, base, 0.0).master), ramp[::-1])


def test_the_curve_of_the_profile_says_what_light_is(tmp_path):
    result, base = (images.noise(WIDTH, HEIGHT, 8, 3, seed) for seed in (1, 2))
    icc = images.adobe_rgb()
    made = mixed(tmp_path, opened(tmp_path, "r", result, icc), opened(tmp_path, "b", base, icc), 0.3)
    wanted = by_hand(result.astype(float), base.astype(float), 0.3, gamma=563 / 256)
    assert np.abs(pixels_of(made.master) - wanted).max() <= 0.55
    assert Path(made.master.profile).read_bytes() == icc


def test_a_base_of_another_profile_is_brought_to_the_colours_of_the_result(tmp_path):
    grey_card = np.full(
        (40, 60, 3), 128, np.uint8
    )  # the same grey in both is another number in neither: neutral
    wide = opened(tmp_path, "base", grey_card, images.adobe_rgb())
    plain = opened(tmp_path, "result", grey_card)
    base_shown = np.full(3, 128.0) / 255
    in_srgb = srgb_values(base_shown ** (563 / 256)) * 255
    found = pixels_of(mixed(tmp_path, plain, wide, 0.0).master)
    assert found[5, 5] == pytest.approx(in_srgb, abs=1)


def test_the_greater_depth_of_both_is_kept(tmp_path):
    deep = images.smooth(WIDTH, HEIGHT, 16)
    flat = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    made = mixed(tmp_path, opened(tmp_path, "result", flat), opened(tmp_path, "base", deep), 0.25)
    assert made.master.depth == 16
    wanted = by_hand(np.full(deep.shape, 90 * 257.0), deep.astype(float), 0.25, 16)
    assert np.abs(pixels_of(made.master) - wanted).max() <= 0.75


def test_a_grey_result_over_a_coloured_photo_shows_its_colours(tmp_path):
    colours = images.quarters(WIDTH, HEIGHT)
    grey = np.full((HEIGHT, WIDTH), 100, np.uint8)
    found = pixels_of(
        mixed(tmp_path, opened(tmp_path, "r", grey), opened(tmp_path, "b", colours), 0.5).master
    )
    wanted = by_hand(np.full(colours.shape, 100.0), colours.astype(float), 0.5)
    assert np.abs(found - wanted).max() <= 0.501


@pytest.mark.parametrize(("name", "size"), [("smaller", (150, 101)), ("larger", (602, 406))])
def test_a_base_of_another_size_is_scaled_to_the_result(tmp_path, name, size):
    result = np.full((HEIGHT, WIDTH, 3), 50, np.uint8)
    base = opened(tmp_path, name, images.quarters(*size))
    made = mixed(tmp_path, opened(tmp_path, "result", result), base, 0.5)
    assert (made.master.width, made.master.height) == (WIDTH, HEIGHT)
    corners = pixels_of(made.master)[[3, 3, -3, -3], [3, -3, 3, -3]]
    wanted = by_hand(np.full((4, 3), 50.0), np.array(images.CORNERS, float), 0.5)
    assert np.abs(corners - wanted).max() <= 1


def test_alpha_is_mixed_and_colours_count_as_much_as_they_are_there(tmp_path):
    result = np.full((40, 60, 4), (200, 10, 10, 255), np.uint8)
    base = np.full((40, 60, 4), (10, 10, 200, 0), np.uint8)
    made = mixed(tmp_path, opened(tmp_path, "r", result), opened(tmp_path, "b", base), 0.25)
    assert np.load(made.master.alpha)[5, 5] == 64
    assert pixels_of(made.master)[5, 5].tolist() == [200, 10, 10]  # nothing of what cannot be seen
    assert made.display.has_alpha


def test_alike_alpha_stays_as_it_is(tmp_path):
    alpha = images.noise(WIDTH, HEIGHT, 8, 1, 3)
    result, base = (np.dstack([images.noise(WIDTH, HEIGHT, 8, 3, seed), alpha]) for seed in (1, 2))
    made = mixed(tmp_path, opened(tmp_path, "r", result), opened(tmp_path, "b", base), 0.6)
    assert np.array_equal(np.load(made.master.alpha), alpha)
    seen = alpha > 0
    wanted = by_hand(result[..., :3].astype(float), base[..., :3].astype(float), 0.6)
    assert np.abs(pixels_of(made.master) - wanted)[seen].max() <= 0.501


# Where it applies


@pytest.fixture
def black_and_white(tmp_path):
    black, white = np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    return opened(tmp_path, "white", white), opened(tmp_path, "black", black)


def test_the_result_shows_only_where_it_is_painted(tmp_path, black_and_white):
    stroke = Stroke(((0.25, 0.5),), 0.1, 0.0, adds=True)
    found = pixels_of(mixed(tmp_path, *black_and_white, 0.5, (stroke,)).master)
    assert found[101, 75].tolist() == [188] * 3  # half of the light of white
    assert found[101, 225].tolist() == [0] * 3
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    away = np.hypot(columns + 0.5 - 0.25 * WIDTH, rows + 0.5 - 0.5 * HEIGHT)
    radius = 0.1 * WIDTH
    assert (found[away < radius - 1.5] == 188).all()
    assert (found[away > radius + 1.5] == 0).all()


def test_who_erases_first_erases_from_all_of_it(tmp_path, black_and_white):
    strokes = (Stroke(((0.25, 0.5),), 0.1, 0.0, adds=False), Stroke(((0.25, 0.5),), 0.03, 0.0, adds=True))
    found = pixels_of(mixed(tmp_path, *black_and_white, 1.0, strokes).master)
    assert found[101, 225, 0] == 255
    assert found[101, 75 + 20, 0] == 0
    assert found[101, 75, 0] == 255


def test_a_soft_rim_falls_evenly_in_light(tmp_path, black_and_white):
    stroke = Stroke(((0.5, 0.5),), 0.2, 1.0, adds=True)
    row = pixels_of(mixed(tmp_path, *black_and_white, 1.0, (stroke,)).master)[101, :, 0]
    light = srgb_light(row / 255.0)
    away = np.abs(np.arange(WIDTH) + 0.5 - 0.5 * WIDTH)
    assert np.abs(light - np.clip(1 - away / (0.2 * WIDTH), 0, 1)).max() < 0.03


def test_a_mask_drawn_smaller_lies_where_the_whole_one_would(tmp_path, black_and_white, monkeypatch):
    stroke = Stroke(((0.3, 0.4), (0.7, 0.6)), 0.1, 0.5, adds=True)
    whole = pixels_of(mixed(tmp_path, *black_and_white, 1.0, (stroke,)).master).astype(int)
    monkeypatch.setattr(mix_mask, "LONGEST_EDGE_PX", 150)
    small = pixels_of(mixed(tmp_path, *black_and_white, 1.0, (stroke,)).master).astype(int)
    light = np.abs(srgb_light(whole / 255) - srgb_light(small / 255))
    assert light.mean() < 0.01
    assert light.max() < 0.12


# What is shown is what is saved


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("icc", [None, images.adobe_rgb()], ids=["srgb", "adobe"])
@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_the_saved_file_opened_again_looks_as_the_mix_did(tmp_path, depth, icc, kind):
    result, base = (images.noise(WIDTH, HEIGHT, depth, 3, seed) for seed in (1, 2))
    stroke = Stroke(((0.2, 0.2), (0.8, 0.7)), 0.15, 0.6, adds=True)
    own = opened(tmp_path, "base", base, icc)
    made = mixed(tmp_path, opened(tmp_path, "result", result, icc), own, 0.7, (stroke,))
    target = tmp_path / f"saved.{kind}"
    image_io.save_photo(made.master, own, str(target), SaveOptions(kind), None)
    again = image_io.open_photo(str(target), str(tmp_path / "again"))
    assert again.master is not None
    assert np.array_equal(pixels_of(again.master), pixels_of(made.master))
    assert len(again.display.levels) == len(made.display.levels)
    for one, other in zip(again.display.levels, made.display.levels, strict=True):
        assert Path(one.path).read_bytes() == Path(other.path).read_bytes()


def test_a_mix_has_the_metadata_of_the_photo(tmp_path):
    photo = images.add_metadata(images.save(tmp_path / "photo.jpg", images.quarters()), 1)
    own = image_io.open_photo(str(photo), str(tmp_path / "own")).master
    made = mixed(tmp_path, opened(tmp_path, "result", images.quarters()[::-1].copy()), own)
    image_io.save_photo(made.master, own, str(tmp_path / "saved.jpg"), SaveOptions("jpeg"), None)
    before, after = images.metadata(photo), images.metadata(tmp_path / "saved.jpg")
    assert before["Exif.Image.Model"] == after["Exif.Image.Model"]
    with Image.open(tmp_path / "saved.jpg") as image:
        image.load()


def test_every_value_comes_back_from_light():
    curve = transfer(images.adobe_rgb())
    for dtype in (np.uint8, np.uint16):
        every = np.arange(np.iinfo(dtype).max + 1).astype(dtype)
        lights = Lights(curve, np.dtype(dtype))
        assert np.array_equal(lights.pixels(lights.of(every)), every)


# When it does not end well


def test_one_that_is_called_off_leaves_nothing(tmp_path):
    picture = opened(tmp_path, "one", images.noise(WIDTH, HEIGHT))
    with pytest.raises(Stopped):
        mixing.mix(MixWish(picture, picture, 0.5, ()), str(tmp_path / "mixed"), lambda: True)
    assert not (tmp_path / "mixed").exists()


def test_pixels_that_are_gone_are_told_of(tmp_path):
    picture = opened(tmp_path, "one", images.noise(WIDTH, HEIGHT))
    gone = replace(picture, pixels=str(tmp_path / "gone.npy"))
    with pytest.raises(SharpenError, match="gone"):
        mixing.mix(MixWish(gone, picture, 0.5, ()), str(tmp_path / "mixed"), lambda: False)
    assert not (tmp_path / "mixed").exists()


# In its process


@pytest.fixture
def worker():
    made = Worker("mixing", 8 * GIGABYTE)
    yield made
    made.stop()
    made.join(5)


def test_the_process_mixes_and_forgetting_removes_the_pixels(tmp_path, worker):
    result, base = (opened(tmp_path, str(seed), images.noise(WIDTH, HEIGHT, seed=seed)) for seed in (1, 2))
    port = WorkerMixer(worker, tmp_path / "mixes", tmp_path)
    made = asyncio.run(port.mixed(MixWish(result, base, 0.5, ())))
    assert pixels_of(made.master).shape == (HEIGHT, WIDTH, 3)
    port.forget(made)
    while os.path.exists(made.master.folder):
        pass
    assert not list(tmp_path.glob("*.asked"))


def test_a_process_that_dies_is_a_failure_that_says_the_result_is_whole(tmp_path, worker, monkeypatch):
    monkeypatch.setattr(mixer, "_mix", dying)
    picture = opened(tmp_path, "one", images.noise(WIDTH, HEIGHT))
    with pytest.raises(EngineFailed, match="the result itself is whole"):
        asyncio.run(WorkerMixer(worker, tmp_path, tmp_path).mixed(MixWish(picture, picture, 0.5, ())))


def test_a_mix_nobody_waits_for_stops_and_the_process_goes_on(tmp_path, worker, monkeypatch):
    monkeypatch.setattr(mixer, "_mix", endless)
    picture = opened(tmp_path, "one", images.noise(WIDTH, HEIGHT))
    port = WorkerMixer(worker, tmp_path / "mixes", tmp_path)

    async def called_off() -> None:
        before = await worker.call(os.getpid)
        task = asyncio.ensure_future(port.mixed(MixWish(picture, picture, 0.5, ())))
        while not any(file.read_bytes()[8] == asking.BEGUN for file in tmp_path.glob("*.asked")):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await worker.call(os.getpid) == before

    asyncio.run(called_off())


def test_a_full_disk_is_told_with_what_to_do(tmp_path, worker, monkeypatch):
    picture = opened(tmp_path, "one", images.noise(WIDTH, HEIGHT))
    (tmp_path / "mixes").write_bytes(b"a file where the folder should be")
    with pytest.raises(SharpenError, match="Make some room"):
        asyncio.run(
            WorkerMixer(worker, tmp_path / "mixes", tmp_path).mixed(MixWish(picture, picture, 0.5, ()))
        )


def dying(*_):
    os._exit(1)


def endless(board_path, *_):
    with asking.begun(board_path) as should_stop:
        while not should_stop():
            pass
        raise Stopped
