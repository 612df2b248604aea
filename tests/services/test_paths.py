"""Folders: what is removed of other sessions and of old results, and what never is."""

import os
import subprocess
import sys
import time

from support.full_disk import small_disk

from sharpen_desktop.services.paths import paths_from, remove_dead_sessions, remove_oldest, with_room
from sharpen_desktop.services.session_lock import SessionLock

__all__ = ["small_disk"]

AGES = 10 * 24 * 3600

HOLD = """
import sys
from pathlib import Path
from sharpen_desktop.services.session_lock import SessionLock
lock = SessionLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def old(folder):
    """Make a folder of another session that looks untouched for days."""
    folder.mkdir(parents=True)
    (folder / "pixels.npy").write_bytes(b"x")
    os.utime(folder, (time.time() - AGES, time.time() - AGES))
    return folder


def test_everything_lies_under_the_home_that_is_named(tmp_path):
    paths = paths_from({"SHARPEN_HOME": str(tmp_path)})
    paths.make()
    for folder in (paths.config, paths.local_results, paths.cloud_results, paths.answers, paths.log):
        assert folder.is_relative_to(tmp_path)
        assert folder.is_dir() or folder == paths.prefs


def test_the_pixels_of_a_session_that_is_alive_are_never_removed_however_old(tmp_path):
    paths = paths_from({"SHARPEN_HOME": str(tmp_path)})
    paths.make()
    folder = paths.cache / "session-1"
    folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        os.utime(folder, (time.time() - AGES, time.time() - AGES))
        remove_dead_sessions(paths)
        assert folder.is_dir()
        other.kill()
    remove_dead_sessions(paths)
    assert not folder.exists()


def test_a_folder_whose_process_never_took_a_lock_is_removed_when_it_is_no_longer_young(tmp_path):
    paths = paths_from({"SHARPEN_HOME": str(tmp_path)})
    paths.make()
    young = paths.cache / "session-2"
    young.mkdir()
    dead = old(paths.cache / "session-3")
    remove_dead_sessions(paths)
    assert young.is_dir()
    assert not dead.exists()


def test_a_released_lock_can_be_taken_again(tmp_path):
    lock = SessionLock(tmp_path)
    lock.release()
    lock.release()
    SessionLock(tmp_path).release()


def test_the_oldest_results_leave_until_the_rest_fits(tmp_path):
    for number in range(4):
        file = tmp_path / f"{number}.tif"
        file.write_bytes(bytes(100))
        os.utime(file, (1000 + number, 1000 + number))
    remove_oldest(tmp_path, 250)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["2.tif", "3.tif"]


def test_a_full_disk_lends_no_cache_and_the_temporary_folder_does(small_disk, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    usual = paths_from({"SHARPEN_HOME": str(small_disk)})
    borrowed = with_room(usual)
    assert borrowed.is_borrowed
    assert borrowed.cache.is_relative_to(tmp_path)
    assert (borrowed.data, borrowed.config) == (usual.data, usual.config)


def test_with_room_on_its_disk_the_cache_stays_where_it_is(tmp_path):
    usual = paths_from({"SHARPEN_HOME": str(tmp_path / "home")})
    assert with_room(usual) is usual
