"""Reading ahead with real files and real processes: bounded on disk, quick to show, true to the file."""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from support import images
from support.fakes import Desk

from sharpen_desktop.core.photo import Loading
from sharpen_desktop.core.picture import bytes_held
from sharpen_desktop.services import memory
from sharpen_desktop.services.pictures import WorkerPictures
from sharpen_desktop.services.workers import GIGABYTE, Worker

PHOTOS = 30
WIDTH, HEIGHT = 320, 240


@pytest.fixture
def workers():
    made = Worker("pictures", 2 * GIGABYTE), Worker("ahead", 2 * GIGABYTE, niceness=15)
    yield made
    for each in made:
        each.stop()
    for each in made:
        each.join(5)


@pytest.fixture
def photos(tmp_path):
    return [
        images.save(tmp_path / f"{n:02}.png", images.smooth(WIDTH, HEIGHT) // 2 + n) for n in range(PHOTOS)
    ]


@pytest.fixture
def pixels(tmp_path):
    return tmp_path / "pixels"


def played(scene, tmp_path, pictures):
    """Run a scene at a desk with the real pictures."""

    async def play():
        desk = Desk(tmp_path, pictures)
        try:
            await scene(desk)
        finally:
            await desk.controller.aclose()

    asyncio.run(play())


async def until(claim, limit_s=30.0):
    end = time.monotonic() + limit_s
    while not claim():
        assert time.monotonic() < end, "never came true"
        await asyncio.sleep(0.002)


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder; what is being deleted meanwhile counts for nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += Path(place, name).stat().st_size
    return total


async def opened(desk, photos):
    desk.controller.open_paths(photos)
    await until(lambda: len(desk.state.photos) == len(photos) and desk.current.loading is Loading.READY)


def is_ready(desk, place):
    return desk.state.photos[place].loading is Loading.READY


def test_thirty_photos_take_no_more_of_the_disk_than_the_budget(workers, photos, pixels, tmp_path):
    pictures = WorkerPictures(workers[0], pixels, workers[1])

    async def scene(desk):
        await opened(desk, photos)
        one = bytes_held(desk.current.original.display, desk.current.original.master)
        pictures.held_limit = 4 * one
        for place in range(1, PHOTOS):
            desk.controller.step_photo(1)
            await until(lambda place=place: is_ready(desk, place))
            assert sum(is_ready(desk, each) for each in range(PHOTOS)) <= 4
        await until(lambda: size_of(pixels) <= 4 * one + (1 << 16))
        desk.controller.show_photo(desk.state.photos[0].id)
        await until(lambda: is_ready(desk, 0))

    played(scene, tmp_path, pictures)


def test_the_next_photo_is_shown_without_waiting(workers, photos, pixels, tmp_path):
    pictures = WorkerPictures(workers[0], pixels, workers[1])

    async def scene(desk):
        await opened(desk, photos[:3])
        await until(lambda: is_ready(desk, 1))
        desk.controller.step_photo(1)
        assert desk.current.original.display.is_complete

    played(scene, tmp_path, pictures)


def test_a_file_that_changes_after_it_was_read_ahead_is_shown_as_it_is_now(workers, photos, pixels, tmp_path):
    pictures = WorkerPictures(workers[0], pixels, workers[1])

    async def scene(desk):
        await opened(desk, photos[:2])
        await until(lambda: is_ready(desk, 1))
        old = desk.state.photos[1].original
        images.save(photos[1], images.smooth(WIDTH // 2, HEIGHT))
        desk.controller.step_photo(1)
        await until(lambda: desk.current.original.display.width == WIDTH // 2)
        await until(lambda: not Path(old.master.folder).exists())

    played(scene, tmp_path, pictures)


def test_a_file_that_has_gone_since_it_was_read_ahead_is_still_shown(workers, photos, pixels, tmp_path):
    pictures = WorkerPictures(workers[0], pixels, workers[1])

    async def scene(desk):
        await opened(desk, photos[:2])
        await until(lambda: is_ready(desk, 1))
        photos[1].unlink()
        desk.controller.step_photo(1)
        await desk.pause()
        assert desk.current.loading is Loading.READY
        assert desk.notices == ()

    played(scene, tmp_path, pictures)


def test_a_file_that_has_gone_before_it_was_read_is_told_about_when_it_is_asked_for(
    workers, photos, pixels, tmp_path
):
    pictures = WorkerPictures(workers[0], pixels, workers[1])
    photos[1].unlink()

    async def scene(desk):
        await opened(desk, photos[:3])
        await until(lambda: desk.current.loading is Loading.READY)
        await desk.pause()
        assert desk.notices == ()
        desk.controller.step_photo(1)
        await until(lambda: desk.notices)
        assert "01.png" in desk.sentences[0]

    played(scene, tmp_path, pictures)


@pytest.mark.parametrize(
    ("machine_gb", "free_gb", "budget_gb"),
    [(2, 500, 1), (16, 500, 4), (24, 500, 6), (256, 500, 16), (16, 3, 1.5)],
)
def test_the_budget_follows_the_machines_memory_and_the_room_on_its_disk(
    machine_gb, free_gb, budget_gb, monkeypatch, tmp_path
):
    monkeypatch.setattr(memory, "_memory", lambda: machine_gb << 30)
    monkeypatch.setattr(memory.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free_gb << 30}))
    assert memory.held_limit(tmp_path) == budget_gb * GIGABYTE
