"""Two photos have one fingerprint when their files' bytes or their decoded pixels are the same, and only then."""

import asyncio
import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import images

from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.picture import Fingerprint, Master
from sharpen_desktop.services.images import image_io
from sharpen_desktop.services.pictures import WorkerPictures
from sharpen_desktop.services.workers import GIGABYTE, Worker


def opened(path: Path) -> Master:
    master = image_io.open_photo(str(path), str(path.parent / f"{path.name}.cache")).master
    assert master is not None
    return master


def taken(path: Path) -> Fingerprint:
    return image_io.fingerprint(opened(path), str(path))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_files_part_is_the_sha_256_of_its_bytes(tmp_path):
    path = images.save(tmp_path / "photo.jpg", images.quarters())
    found = taken(path)
    assert found.file == sha256(path)
    assert len(found.pixels) == 64
    assert taken(path) == found


def test_other_metadata_is_another_file_with_the_same_pixels(tmp_path):
    path = images.save(tmp_path / "photo.jpg", images.quarters(), quality=95)
    noted = images.add_metadata(Path(shutil.copy(path, tmp_path / "noted.jpg")))
    first, second = taken(path), taken(noted)
    assert first.file != second.file
    assert first.pixels == second.pixels
    assert first.is_same(second)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photo_stored_on_its_side_is_the_same_as_the_upright_one(tmp_path, orientation):
    upright = images.save(tmp_path / "upright.png", images.quarters())
    lying = images.save(tmp_path / "lying.png", images.as_stored(images.quarters(), orientation))
    images.add_metadata(lying, orientation)
    assert taken(lying).pixels == taken(upright).pixels


def test_the_same_pixels_in_another_format_are_the_same_photo(tmp_path):
    png = images.save(tmp_path / "photo.png", images.smooth())
    tif = images.tiff(tmp_path / "photo.tif", images.smooth(), photometric="rgb")
    assert taken(png).pixels == taken(tif).pixels
    assert taken(png).is_same(taken(tif))


def variants(folder: Path) -> dict[str, Path]:
    """Pictures that differ from the first in one thing each."""
    plain = images.smooth(64, 48)
    nearly = plain.copy()
    nearly[20, 30, 1] ^= 1
    see_through = np.dstack([plain, np.full((48, 64), 254, np.uint8)])
    return {
        "plain": images.save(folder / "plain.png", plain),
        "one value": images.save(folder / "nearly.png", nearly),
        "turned": images.save(folder / "turned.png", np.ascontiguousarray(np.rot90(plain))),
        "other shape": images.save(folder / "shape.png", plain.reshape(24, 128, 3)),
        "grey": images.save(folder / "grey.png", np.ascontiguousarray(plain[..., 1])),
        "16 bit": images.png16(folder / "deep.png", plain.astype(np.uint16) * 257),
        "alpha": images.save(folder / "alpha.png", see_through),
        "profile": images.save(folder / "profile.png", plain, icc_profile=images.adobe_rgb()),
    }


def test_whatever_makes_another_picture_makes_other_pixels(tmp_path):
    found = {name: taken(path).pixels for name, path in variants(tmp_path).items()}
    assert len(set(found.values())) == len(found), found


def test_without_a_path_there_are_only_pixels(tmp_path):
    master = opened(images.save(tmp_path / "photo.png", images.quarters()))
    assert image_io.fingerprint(master, None).file == ""
    assert image_io.fingerprint(master, None).pixels


def changed(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"more")


def changed_in_the_same_size(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(bytes(data))


def replaced_by_one_as_old(path: Path) -> None:
    status = path.stat()
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(bytes(len(data)))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def made_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    "change",
    [
        changed,
        changed_in_the_same_size,
        replaced_by_one_as_old,
        Path.unlink,
        made_a_folder,
        pytest.param(
            made_a_pipe,
            marks=pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here"),
        ),
    ],
)
@pytest.mark.fault(58)
def test_a_file_that_is_no_longer_the_one_that_was_read_has_no_say(tmp_path, change):
    path = images.save(tmp_path / "photo.png", images.quarters())
    master = opened(path)
    pixels = image_io.fingerprint(master, str(path)).pixels
    change(path)
    assert image_io.fingerprint(master, str(path)) == Fingerprint("", pixels)


def test_a_file_that_changes_while_it_is_opened_has_no_say(tmp_path, monkeypatch):
    from sharpen_desktop.services.images import decoding

    path = images.save(tmp_path / "photo.png", images.quarters())
    decode = decoding.decode

    def decoded(*arguments):
        done = decode(*arguments)
        changed(path)
        return done

    monkeypatch.setattr(decoding, "decode", decoded)
    assert taken(path).file == ""


def test_a_file_that_changes_while_it_is_hashed_has_no_say(tmp_path, monkeypatch):
    path = images.save(tmp_path / "photo.png", images.quarters())
    master = opened(path)
    digest = hashlib.file_digest

    def digested(file, name):
        done = digest(file, name)
        changed(path)
        return done

    monkeypatch.setattr(hashlib, "file_digest", digested)
    assert image_io.fingerprint(master, str(path)).file == ""


def test_another_photos_file_has_no_say(tmp_path):
    master = opened(images.save(tmp_path / "photo.png", images.quarters()))
    other = images.save(tmp_path / "other.png", images.smooth())
    assert image_io.fingerprint(master, str(other)).file == ""


def test_a_damaged_note_costs_only_the_files_part(tmp_path):
    path = images.save(tmp_path / "photo.png", images.quarters())
    master = opened(path)
    (Path(master.folder) / "source.json").write_bytes(b"\xff[")
    found = image_io.fingerprint(master, str(path))
    assert found.file == ""
    assert found.pixels


def test_pixels_that_are_gone_are_said(tmp_path):
    master = opened(images.save(tmp_path / "photo.png", images.quarters()))
    with pytest.raises(SharpenError, match="open it again"):
        image_io.fingerprint(replace(master, pixels=str(tmp_path / "gone.npy")), None)


@pytest.fixture
def pictures(tmp_path):
    worker = Worker("pictures", 16 * GIGABYTE)
    yield WorkerPictures(worker, tmp_path / "pictures")
    worker.stop()
    worker.join(5)


def test_the_process_of_pictures_does_the_work_and_can_be_stopped_in_it(tmp_path, pictures):
    path = images.save(tmp_path / "photo.png", images.quarters())
    large = images.tiff(tmp_path / "large.tif", np.zeros((4000, 4000, 3), np.uint8), photometric="rgb")

    async def scene():
        master = (await pictures.open(path)).master
        big = (await pictures.open(large)).master
        assert master is not None
        assert big is not None
        taking = asyncio.create_task(pictures.fingerprint(big, large))
        await asyncio.sleep(0.05)
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking
        return await pictures.fingerprint(master, path)

    found = asyncio.run(scene())
    assert found.file == sha256(path)
    assert found.pixels == taken(path).pixels
    with Image.open(path) as picture:
        assert picture.size == (96, 64)
