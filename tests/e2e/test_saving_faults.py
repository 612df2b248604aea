"""Saving where it cannot be saved: the old file stays, nothing is left over, and the reason is said."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from PIL import Image
from support.drive import environment_of
from support.rights import run_without_rights

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions and links")


@pytest.fixture
def photo(photos, tmp_path):
    return Path(shutil.copy(photos / "two.png", tmp_path / "two.png"))


@pytest.fixture
def call(tmp_path):
    def called(*words):
        argv = [sys.executable, "-m", "sharpen_desktop", "run", *map(str, words)]
        return run_without_rights(argv, tmp_path, environment_of(tmp_path))

    return called


def seen(folder):
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}


def made(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.fault(54)
def test_a_folder_nobody_may_write_to_is_named_and_stays_as_it_was(call, photo, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "two-sharp.png").write_bytes(b"old")
    folder.chmod(0o555)
    before = seen(folder)
    done = call(photo, "--output", folder, "--overwrite")
    folder.chmod(0o755)
    assert done.returncode == 1
    assert "kept cannot be written to. Nothing was sharpened." in done.stderr
    assert "Traceback" not in done.stderr
    assert seen(folder) == before


@pytest.mark.fault(54)
def test_a_write_protected_file_is_not_replaced_even_when_that_is_asked_for(call, photo, tmp_path):
    target = tmp_path / "old.png"
    target.write_bytes(b"old")
    target.chmod(0o444)
    done = call(photo, "--output", target, "--overwrite")
    assert done.returncode == 1
    assert "write-protected" in done.stderr
    assert target.read_bytes() == b"old"
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.fault(54)
def test_a_photo_nobody_may_read_is_named(call, photo):
    photo.chmod(0)
    done = call(photo)
    assert done.returncode == 1
    assert "two.png" in done.stderr
    assert "permission" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.fault(57)
def test_a_link_stays_a_link_and_what_it_leads_to_is_written(call, photo, tmp_path):
    place = tmp_path / "elsewhere"
    place.mkdir()
    (place / "real.png").write_bytes(b"old")
    (tmp_path / "link.png").symlink_to(place / "real.png")
    done = call(photo, "--output", tmp_path / "link.png", "--overwrite")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "link.png").is_symlink()
    with Image.open(place / "real.png") as picture:
        assert picture.size == (300, 200)


@pytest.mark.fault(57)
def test_a_link_to_nowhere_is_not_taken_for_a_free_name(call, photo, tmp_path):
    (tmp_path / "two-sharp.png").symlink_to(tmp_path / "gone" / "x.png")
    done = call(photo, "--json")
    assert done.returncode == 0, done.stderr
    assert made(done)[0]["output"] == str(tmp_path / "two-sharp-2.png")


@pytest.mark.fault(57)
@pytest.mark.parametrize("name", ["شاطئ 🌊", "été à la mer", "n" * 240, "a.b.c", "-dash", 'it\'s 100 % "it"'])
def test_a_photo_of_any_name_is_saved_beside_itself(call, photo, tmp_path, name):
    place = tmp_path / "place"
    place.mkdir()
    odd = Path(shutil.copy(photo, place / f"{name}.png"))
    done = call(odd, "--json")
    assert done.returncode == 0, done.stderr
    assert Path(made(done)[0]["output"]).parent == place
    assert len(seen(place)) == 2


@pytest.mark.fault(57)
@pytest.mark.parametrize("name", ["CON.png", "nul.png", "con.tar.png", "a\nb.png", "n" * 260 + ".png"])
def test_a_name_that_some_system_cannot_hold_is_refused_with_the_reason(call, photo, tmp_path, name):
    folder = tmp_path / "out"
    folder.mkdir()
    done = call(photo, "--output", folder / name)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "name" in done.stderr or "ending" in done.stderr
    assert seen(folder) == {}


@pytest.mark.fault(57)
def test_names_that_differ_only_in_case_never_overwrite_each_other(call, photo, tmp_path):
    folder = tmp_path / "out"
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(photo, other / "TWO.png")
    done = call(photo, other / "TWO.png", "--output", folder, "--json")
    assert done.returncode == 0, done.stderr
    assert len(seen(folder)) == len({each["output"] for each in made(done)}) == 2


@pytest.mark.fault(55)
def test_a_folder_that_vanishes_while_the_photo_is_sharpened_is_said(call, photo, tmp_path):
    folder = tmp_path / "share"
    folder.mkdir()
    folder.chmod(0o755)
    (tmp_path / "link").symlink_to(folder)
    shutil.rmtree(folder)
    done = call(photo, "--output", tmp_path / "link" / "two.png")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) >= 1
