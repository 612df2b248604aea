"""The local engine behind its port: what it is given, what it says, where results go when there is no room."""

import asyncio
from dataclasses import astuple
from typing import get_args

import pytest
from PIL import Image
from support import images
from support.full_disk import fill, small_disk

from sharpen_desktop.core import unchanged
from sharpen_desktop.core.brush import Stroke
from sharpen_desktop.core.errors import EngineFailed, SaveFailed
from sharpen_desktop.core.jobs import SharpenRequest
from sharpen_desktop.core.picture import Master
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.study import Auto
from sharpen_desktop.engine import unchanged as engine_unchanged
from sharpen_desktop.services.local_engine import KEPT_FOR_NOW, Finding, LocalEngine, job_for
from sharpen_desktop.services.pictures import WorkerPictures
from sharpen_desktop.services.workers import GIGABYTE, Worker

__all__ = ["small_disk"]


@pytest.fixture
def worker():
    made = Worker("engine", 4 * GIGABYTE)
    yield made
    made.stop()
    made.join(5)


@pytest.fixture
def sharpen(worker, tmp_path):
    """Sharpen a small photo into ``results``, with ``scratch`` for what does not fit there."""
    photo = images.save(tmp_path / "photo.png", images.smooth(120, 80))

    def sharpened(results, scratch):
        async def run():
            opened = await WorkerPictures(worker, tmp_path / "pixels").open(photo)
            request = SharpenRequest("run-1", "local", Settings(), opened.master)
            return await LocalEngine(worker, results, scratch, lambda: None).sharpen(request, lambda _: None)

        return asyncio.run(run())

    return sharpened


def test_a_result_lies_where_results_are_kept(sharpen, tmp_path):
    result = sharpen(tmp_path, tmp_path / "pixels")
    assert result.file == str(tmp_path / "run-1.tif")
    assert KEPT_FOR_NOW not in result.note


def test_without_room_there_it_is_kept_until_the_end_and_that_is_said(small_disk, sharpen, tmp_path):
    fill(small_disk)
    result = sharpen(small_disk, tmp_path)
    assert result.file == str(tmp_path / "run-1.tif")
    assert KEPT_FOR_NOW in result.note
    with Image.open(result.file) as picture:
        assert picture.size == (120, 80)


def test_without_room_anywhere_the_disk_is_said_to_be_full(small_disk, sharpen, tmp_path):
    scratch = small_disk / "scratch"
    scratch.mkdir()
    (scratch / "run-1.progress").write_bytes(bytes(16))
    fill(small_disk)
    with pytest.raises(SaveFailed, match="the disk is full"):
        sharpen(small_disk, scratch)


def test_without_room_for_temporary_files_it_says_so_and_where(worker, small_disk, tmp_path):
    fill(small_disk)
    engine = LocalEngine(worker, tmp_path, small_disk, lambda: None)
    master = Master("", 60, 40, 8, is_grey=False, pixels="")
    with pytest.raises(EngineFailed, match="Make some room") as caught:
        asyncio.run(engine.sharpen(SharpenRequest("run", "local", Settings(), master), lambda _: None))
    assert str(small_disk.parent) in caught.value.headline


def test_subject_strokes_and_faces_reach_the_engine_as_they_were_wanted():
    master = Master("", 60, 40, 8, is_grey=False, pixels="", jpeg_quality=90)
    settings = Settings(
        (
            ("face_enhancement", True),
            ("face_enhancement_creativity", 0.5),
            ("face_enhancement_strength", 0.0),
            ("subject_detection", "Background"),
        )
    )
    stroke = Stroke(((0.1, 0.2), (0.3, 0.4)), 0.05, 0.5, adds=False)
    job = job_for(master, settings, (stroke,))
    assert (job.subject, job.faces.strength, job.faces.creativity) == ("Background", 0.0, 0.5)
    assert [astuple(each) for each in job.strokes] == [astuple(stroke)]
    without = job_for(master, settings.replaced("face_enhancement", value=False), ())
    assert (without.faces, without.strokes) == (None, ())
    assert job_for(master, Settings(), ()).subject == "All"


@pytest.mark.parametrize(
    ("why", "note"),
    [
        ("", ""),
        ("sharp", "Nothing was changed: already sharp."),
        ("no motion", "Nothing was changed: no motion found. Another mode may find more."),
        ("several motions", "Nothing was changed: several motions."),
        ("harm", "Nothing was changed: undoing this blur would do harm."),
    ],
)
def test_where_nothing_was_changed_it_says_why(why, note):
    found = Finding("whatever the engine says", why, file="run.tif", took=Auto(1.0, 0.0))
    assert found.note("run.tif") == note


def test_every_reason_of_the_engine_to_change_nothing_has_its_words():
    assert get_args(engine_unchanged.Unchanged) == get_args(unchanged.Unchanged)
    assert set(get_args(unchanged.Unchanged)) == {"", *unchanged.WORDS}
