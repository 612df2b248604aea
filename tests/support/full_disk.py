"""Disks of a test's own: a small one, that really becomes full, and one in memory, where syncing costs no time.

    def test_something(small_disk):             # 8 MB
        fill(small_disk)
        …

    @pytest.mark.parametrize("small_disk", [256], indirect=True)      # KB

Where root may mount one it is a tmpfs; elsewhere the test is skipped with the reason. ``fill`` takes up all room but
``spare`` bytes, and ``give_room`` gives it back. To use a fixture, import it into the test module or its conftest.
"""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USUAL_KB = 8 * 1024
FILLER = "filler-of-the-test"


@pytest.fixture
def small_disk(request: pytest.FixtureRequest) -> Iterator[Path]:
    """The folder of an empty disk of ``request.param`` KB."""
    # Not below tmp_path: pytest could not clear that away if this process were killed.
    folder = Path(tempfile.mkdtemp(prefix="small-disk-"))
    try:
        if why := _not_mounted(folder, getattr(request, "param", USUAL_KB)):
            pytest.skip(f"no small disk can be mounted here: {why}")
        try:
            yield folder
        finally:
            # Lazily: a test that failed may have left a file open there.
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    finally:
        folder.rmdir()


@pytest.fixture
def memory_disk() -> Iterator[Path]:
    """An empty folder in memory, where the system has such a place, else on the disk."""
    with memory_folder() as folder:
        yield folder


@contextmanager
def memory_folder() -> Iterator[Path]:
    """Lend an empty folder as ``memory_disk`` does, for the time of a block."""
    place = Path("/dev/shm")
    is_usable = place.is_dir() and os.access(place, os.W_OK)
    with tempfile.TemporaryDirectory(prefix="memory-disk-", dir=place if is_usable else None) as name:
        yield Path(name)


def fill(folder: Path, spare: int = 0) -> None:
    """Take up the disk's room until only about ``spare`` bytes of it are free."""
    step = 1 << 16
    with (folder / FILLER).open("ab", buffering=0) as file:
        while step:
            take = min(step, max(shutil.disk_usage(folder).free - spare, 0))
            try:
                if not take:
                    return
                file.write(bytes(take))
                os.fsync(file.fileno())
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                step //= 2


def give_room(folder: Path) -> None:
    """Give back what ``fill`` took."""
    (folder / FILLER).unlink()


def _not_mounted(folder: Path, size_kb: int) -> str:
    """Mount the disk; return why that is not possible, else nothing."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root on Linux may"
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else ""
