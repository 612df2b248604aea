"""The study process: what it answers, that a preview is what a run makes, and how it stops."""

import asyncio
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from engine.photos import astronaut
from support import bad_work, images

from benchmarks.degrade import Blur, degraded
from sharpen_desktop.core.brush import Stroke
from sharpen_desktop.core.errors import EngineFailed
from sharpen_desktop.core.jobs import SharpenRequest
from sharpen_desktop.core.picture import Level
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.study import Area
from sharpen_desktop.services import asking
from sharpen_desktop.services import study as study_module
from sharpen_desktop.services.images import image_io
from sharpen_desktop.services.local_engine import LocalEngine
from sharpen_desktop.services.study import WorkerStudy
from sharpen_desktop.services.workers import GIGABYTE, Worker

AREA, ASIDE = Area(300, 150, 500, 420), Area(390, 200, 500, 420)
STROKE = Stroke(((0.3, 0.5), (0.7, 0.5)), 0.2, 0.5, adds=True)


@pytest.fixture(scope="module")
def defocused():
    """Some 650×960, out of focus, without seams."""
    sharp = np.pad(astronaut(), ((0, 188), (0, 500), (0, 0)), mode="symmetric")
    return degraded(sharp, Blur("disk", 3), noise=0.006)[1]


@pytest.fixture(scope="module")
def photo(tmp_path_factory, defocused):
    """A photo of several tiles, decoded."""
    folder = tmp_path_factory.mktemp("photo")
    return decoded(images.save(folder / "photo.png", defocused), folder / "pixels")


def started():
    made = Worker("study", 8 * GIGABYTE)
    asyncio.run(made.call(bad_work.number))
    return made


def ended(worker):
    worker.stop()
    worker.join(5)


@pytest.fixture(scope="module")
def worker():
    made = started()
    yield made
    ended(made)


@pytest.fixture
def own_worker():
    """One that may be killed."""
    made = started()
    yield made
    ended(made)


@pytest.fixture
def study(worker, tmp_path):
    return WorkerStudy(worker, tmp_path)


def decoded(path, folder):
    return image_io.open_photo(str(path), str(folder)).master


def settings(**values):
    return Settings(tuple(sorted(values.items())))


def mapped(level: Level):
    """A display level as height×width×4."""
    return np.fromfile(level.path, np.uint8).reshape(level.height, level.stride // 4, 4)[:, : level.width]


def shown(display):
    return mapped(display.levels[0])


def run_of(worker, master, wanted, strokes, folder):
    """What a run shows of the whole picture."""
    request = SharpenRequest("run", "local", wanted, master, strokes=strokes)
    engine = LocalEngine(worker, folder, folder, lambda: None)
    result = asyncio.run(engine.sharpen(request, lambda _: None))
    return shown(image_io.open_photo(result.file, str(folder / "result")).display)


# What it answers


def test_a_photo_is_diagnosed_and_what_auto_takes_is_known_of_each_mode(study, photo):
    found = asyncio.run(study.diagnose(photo))
    assert (found.kind, found.mode) == ("defocus", "Lens Blur")
    assert found.size == pytest.approx(3, abs=0.4)
    assert found.is_sure
    assert not found.is_guess
    assert found.is_as_advised("Standard")
    idle = asyncio.run(study.auto(photo, "Motion Blur"))
    assert idle.unchanged == "no motion"
    assert idle.likeness != found.auto("Standard").likeness
    for mode in (found.mode, "Natural"):
        auto = found.auto(mode) or asyncio.run(study.auto(photo, mode))
        assert 0 < auto.strength <= 1
        assert 0 <= auto.minor_denoise <= 1


@pytest.mark.parametrize(
    ("wanted", "strokes"),
    [
        (settings(mode="Standard"), ()),
        (settings(mode="Refocus", strength=0.6), ()),
        (settings(mode="Strong", subject_detection="Foreground"), (STROKE,)),
    ],
    ids=["standard", "refocus", "painted foreground"],
)
def test_a_preview_is_what_a_run_makes_of_that_place_tile_borders_included(
    study, worker, photo, defocused, tmp_path, wanted, strokes
):
    whole = run_of(worker, photo, wanted, strokes, tmp_path)
    for seen in (AREA, ASIDE):
        preview = asyncio.run(study.preview("photo-1", photo, wanted, strokes, seen))
        area = preview.area
        assert area.holds(seen)
        assert (preview.display.width, preview.display.height) == (area.width, area.height)
        assert (preview.photo_id, preview.settings, preview.strokes) == ("photo-1", wanted, strokes)
        part = np.s_[area.top : area.top + area.height, area.left : area.left + area.width]
        np.testing.assert_array_equal(shown(preview.display), whole[part])
        changed = np.abs(whole[part][..., 2::-1].astype(int) - defocused[part])
        assert changed.max() > 20  # something was done at all


def test_only_what_is_painted_is_sharpened_and_what_is_taken_away_stays_as_it_was(study, photo, defocused):
    taken = Stroke(((0.5, 0.5),), 0.05, 0.0, adds=False)
    wide = Stroke(((0.2, 0.5), (0.8, 0.5)), 0.25, 0.0, adds=True)
    wanted = settings(mode="Standard", subject_detection="Foreground")
    preview = asyncio.run(study.preview("photo-1", photo, wanted, (wide, taken), AREA))
    area, pixels = preview.area, shown(preview.display)[..., 2::-1].astype(int)
    y, x = photo.height // 2, photo.width // 2
    middle = np.s_[y - 20 : y + 20, x - 20 : x + 20]
    there = np.s_[y - 20 - area.top : y + 20 - area.top, x - 20 - area.left : x + 20 - area.left]
    np.testing.assert_array_equal(pixels[there], defocused[middle])
    beside = np.s_[y - area.top - 10 : y - area.top + 10, x - area.left - 120 : x - area.left - 80]
    was = defocused[y - 10 : y + 10, x - 120 : x - 80]
    assert np.abs(pixels[beside] - was).max() > 10


def test_a_preview_has_the_colours_and_the_alpha_of_the_result(study, worker, defocused, tmp_path):
    part = defocused[:300, :420]
    pixels = np.dstack([part, np.tile(np.arange(420) % 256, (300, 1))]).astype(np.uint8)
    path = images.save(tmp_path / "adobe.png", pixels, icc_profile=images.adobe_rgb())
    master = decoded(path, tmp_path / "pixels")
    wanted, area = settings(mode="Standard"), Area(0, 0, 420, 300)
    preview = asyncio.run(study.preview("photo-1", master, wanted, (), area))
    assert preview.display.has_alpha
    np.testing.assert_array_equal(shown(preview.display), run_of(worker, master, wanted, (), tmp_path))


def test_the_subject_is_a_byte_a_pixel_and_follows_the_brush(study, photo):
    bare = asyncio.run(study.subject(photo, ()))
    taken = replace(STROKE, adds=False)
    painted, wiped = (asyncio.run(study.subject(photo, (each,))) for each in (STROKE, taken))
    for found, middle in ((painted, 255), (wiped, 0)):
        level = found.pixels
        assert (level.width, level.height) == (photo.width, photo.height)  # it is small enough as it is
        mask = np.fromfile(level.path, np.uint8).reshape(level.height, level.stride)
        assert mask[level.height // 2, level.width // 2] == middle
        assert found.share == pytest.approx(mask.mean() / 255)
    assert (painted.strokes, wiped.strokes) == ((STROKE,), (taken,))
    assert wiped.share < bare.share <= painted.share


def test_faces_are_found_as_parts_of_the_picture(study, photo):
    faces = asyncio.run(study.faces(photo))
    assert faces
    for face in faces:
        assert 0 <= face.left < face.left + face.width <= 1
        assert 0 <= face.top < face.top + face.height <= 1


def test_what_was_measured_once_is_not_measured_again(study, photo):
    asyncio.run(study.diagnose(photo))
    began = time.monotonic()
    asyncio.run(study.diagnose(photo))
    again = time.monotonic() - began
    study.forget(photo)
    began = time.monotonic()
    asyncio.run(study.diagnose(photo))
    assert again < 0.5 * (time.monotonic() - began)


# Files


def test_only_the_last_two_previews_and_masks_keep_their_files(study, photo):
    levels = []
    for left in (0, 300, 600):
        wanted = Area(left, 0, 100, 100)
        levels.append(asyncio.run(study.preview("p", photo, settings(mode="Natural"), (), wanted)).display)
        levels.append(asyncio.run(study.subject(photo, ())))
    files = [Path((each.levels[0] if hasattr(each, "levels") else each.pixels).path) for each in levels]
    until(lambda: [file.exists() for file in files] == [False] * 2 + [True] * 4)
    until(lambda: not files[0].parent.exists())
    assert photo.folder == str(files[-1].parent.parent)  # they go with the picture's own


def test_it_can_be_asked_about_a_picture_that_is_gone(study, photo):
    with pytest.raises(Exception, match="gone"):
        asyncio.run(study.diagnose(replace(photo, folder="elsewhere", pixels="nowhere.npy")))


# Stopping


def until(claim, patience_s=5.0):
    end = time.monotonic() + patience_s
    while not claim():
        assert time.monotonic() < end
        threading.Event().wait(0.02)


def process_of(worker):
    return asyncio.run(worker.call(bad_work.number))


async def called_off(question, worker, scratch):
    """Ask, call it off once it has begun, and return how long the process takes until it does something else."""
    task = asyncio.ensure_future(question)
    while not any(  # noqa: ASYNC110 - another process is waited for
        file.read_bytes()[8] == asking.BEGUN for file in scratch.glob("*.asked")
    ):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert not task.done()
    task.cancel()
    began = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 0.1
    number = await worker.call(bad_work.number)
    return time.monotonic() - began, number


def test_a_question_called_off_stops_within_half_a_second_and_what_was_measured_stays(
    study, worker, defocused, tmp_path, monkeypatch
):
    monkeypatch.setattr(asking, "STOP_GRACE_S", 10.0)  # other programs may slow it down
    pixels = np.pad(defocused, ((0, 1700), (0, 2000), (0, 0)), mode="symmetric")
    master = decoded(images.save(tmp_path / "large.png", pixels), tmp_path / "pixels")
    before, whole = process_of(worker), Area(0, 0, master.width, master.height)
    asyncio.run(study.preview("p", master, settings(mode="Lens Blur"), (), Area(0, 0, 64, 64)))
    tries = []
    for strength in (0.7, 0.8, 0.9):
        question = study.preview("p", master, settings(mode="Lens Blur", strength=strength), (), whole)
        tries.append(asyncio.run(called_off(question, worker, tmp_path)))
    assert min(seconds for seconds, _ in tries) < 0.5
    assert {number for _, number in tries} == {before}
    assert not list(tmp_path.glob("*.asked"))


def test_one_that_does_not_listen_is_killed_and_the_next_has_a_new_process(
    own_worker, photo, tmp_path, monkeypatch
):
    study, before = WorkerStudy(own_worker, tmp_path), process_of(own_worker)
    monkeypatch.setattr(study_module, "_faces", deaf)
    seconds, number = asyncio.run(called_off(study.faces(photo), own_worker, tmp_path))
    assert asking.STOP_GRACE_S < seconds < 8
    assert number != before
    monkeypatch.setattr(study_module, "_faces", dying)
    with pytest.raises(EngineFailed, match="could not be examined"):
        asyncio.run(study.faces(photo))
    monkeypatch.undo()
    assert asyncio.run(study.faces(photo))


def test_one_called_off_while_its_process_starts_does_not_make_it_start_again(photo, tmp_path):
    fresh = Worker("study", 8 * GIGABYTE)

    async def called_off_early():
        task = asyncio.ensure_future(WorkerStudy(fresh, tmp_path).faces(photo))
        await asyncio.sleep(0.05)
        task.cancel()
        starting = set(fresh._pool._pool_manager.worker_manager.workers)
        assert starting == {await fresh.call(bad_work.number)}

    try:
        asyncio.run(called_off_early())
    finally:
        ended(fresh)


def test_a_mistake_in_the_engine_is_a_failure_and_no_bug_of_the_window(study, photo, monkeypatch):
    monkeypatch.setattr(study_module, "_faces", mistaken)
    with pytest.raises(EngineFailed) as caught:
        asyncio.run(study.faces(photo))
    assert "ZeroDivisionError" in caught.value.detail


def test_nothing_starts_before_it_is_asked_and_forgetting_starts_nothing(photo, tmp_path):
    fresh = Worker("study", GIGABYTE)
    WorkerStudy(fresh, tmp_path).forget(photo)
    assert not fresh._pool._pool_manager.worker_manager.workers
    ended(fresh)


# Work for the process that goes wrong


def deaf(board_path, _):
    with asking.begun(board_path):
        bad_work.hang()


def dying(*_):
    os._exit(1)


def mistaken(*_):
    return 1 / 0
