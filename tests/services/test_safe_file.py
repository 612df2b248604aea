"""Files are written whole or not at all."""

import errno
import os
import stat
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.full_disk import small_disk

from sharpen_desktop.core.errors import SaveFailed
from sharpen_desktop.services import durable, safe_file
from sharpen_desktop.services.safe_file import write_bytes_whole, write_whole

__all__ = ["small_disk"]

OLD, NEW = b"old" * 500, b"new" * 90_000
is_root = hasattr(os, "geteuid") and os.geteuid() == 0
posix_only = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")


def only(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_new_file_holds_all_bytes_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    assert write_bytes_whole(tmp_path / "a.bin", NEW) == []
    assert (tmp_path / "a.bin").read_bytes() == NEW
    assert only(tmp_path) == ["a.bin"]


@posix_only
def test_a_new_file_gets_the_usual_permissions_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        write_bytes_whole(tmp_path / "a", NEW)
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    (tmp_path / "a").chmod(0o604)
    write_bytes_whole(tmp_path / "a", OLD)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o604


@pytest.mark.fault(57)
@posix_only
def test_a_link_stays_a_link_and_the_file_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "photo").write_bytes(OLD)
    (tmp_path / "link").symlink_to(tmp_path / "real" / "photo")
    write_bytes_whole(tmp_path / "link", NEW)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "photo").read_bytes() == NEW


@pytest.mark.fault(54)
@posix_only
def test_a_write_protected_file_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "photo.jpg"
    target.write_bytes(OLD)
    target.chmod(0o444)
    with pytest.raises(SaveFailed, match=r"photo\.jpg could not be saved: the file there is write-protected"):
        write_bytes_whole(target, NEW)
    assert target.read_bytes() == OLD
    assert only(tmp_path) == ["photo.jpg"]


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").mkdir()
    with pytest.raises(SaveFailed, match="a folder of that name is in the way"):
        write_bytes_whole(tmp_path / "photo.jpg", NEW)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SaveFailed, match=r"photo\.jpg could not be saved: the folder is not there"):
        write_bytes_whole(tmp_path / "nowhere" / "photo.jpg", NEW)
    assert only(tmp_path) == []


@pytest.mark.fault(57)
@pytest.mark.parametrize("name", ["CON", "con.jpg", "LPT1.png", "NUL .tif", "photo.", "photo ", "a\nb.jpg"])
def test_names_that_some_system_swallows_are_refused_with_the_reason(tmp_path: Path, name: str) -> None:
    with pytest.raises(SaveFailed, match=r"could not be saved: .*name"):
        write_bytes_whole(tmp_path / name, NEW)
    assert only(tmp_path) == []


@pytest.mark.fault(57)
def test_a_name_that_is_too_long_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(SaveFailed, match="the name is too long"):
        write_bytes_whole(tmp_path / ("n" * 260 + ".jpg"), NEW)


@pytest.mark.fault(57)
@pytest.mark.parametrize(
    "name", ["n" * 251 + ".jpg", "é" * 120 + ".jpg", "شاطئ 🌊.jpg", "console.jpg", ".hidden"]
)
def test_long_and_unusual_names_are_saved(tmp_path: Path, name: str) -> None:
    write_bytes_whole(tmp_path / name, NEW)
    assert (tmp_path / name).read_bytes() == NEW
    assert len(only(tmp_path)) == 1


def test_a_check_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "photo.jpg"
    target.write_bytes(OLD)

    def check(part: Path) -> None:
        assert part.read_bytes() == NEW
        raise SaveFailed("no good")

    with pytest.raises(SaveFailed, match="no good"):
        write_whole(target, lambda file: file.write(NEW) and None, check)
    assert target.read_bytes() == OLD
    assert only(tmp_path) == ["photo.jpg"]


def test_a_crash_in_the_writer_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "photo.jpg"
    target.write_bytes(OLD)

    def write(file: Any) -> None:
        file.write(NEW[:1000])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(target, write)
    assert target.read_bytes() == OLD
    assert only(tmp_path) == ["photo.jpg"]


@pytest.mark.fault(51)
def test_a_disk_without_enough_room_is_noticed_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(SaveFailed, match="the disk is full"):
        write_whole(tmp_path / "a", lambda _file: pytest.fail("written"), size=1 << 60)
    assert only(tmp_path) == []


@pytest.mark.fault(55)
@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_disk_that_cannot_confirm_is_told_of(
    tmp_path: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(os, "fsync", refuse)
    assert write_bytes_whole(tmp_path / "a", NEW) == [safe_file.UNCONFIRMED]
    assert (tmp_path / "a").read_bytes() == NEW


class Locked(OSError):
    """What Windows raises while a virus scanner looks at the file."""

    winerror = 32


@pytest.mark.fault(56)
def test_a_file_held_by_another_program_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []
    really = os.replace

    def replace(source: Path, target: Path) -> None:
        tries.append(source)
        if len(tries) < 4:
            raise Locked(errno.EACCES, "sharing violation")
        really(source, target)

    monkeypatch.setattr(os, "replace", replace)
    write_bytes_whole(tmp_path / "a", NEW)
    assert (tmp_path / "a").read_bytes() == NEW


@pytest.mark.fault(56)
def test_a_file_held_for_good_is_reported_and_the_old_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace(source: Path, target: Path) -> None:
        raise Locked(errno.EACCES, "sharing violation")

    (tmp_path / "a").write_bytes(OLD)
    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(durable, "REPLACE_PATIENCE_S", 0.05)
    with pytest.raises(SaveFailed, match="another program is using the file"):
        write_bytes_whole(tmp_path / "a", NEW)
    assert (tmp_path / "a").read_bytes() == OLD
    assert only(tmp_path) == ["a"]


class FailingFiles:
    """Lets the n-th file operation fail, and counts them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
        self.at = at
        self.seen = 0
        for name in ("open", "close", "fsync", "replace", "stat", "chmod", "lstat"):
            monkeypatch.setattr(os, name, self._wrapped(getattr(os, name)))
        monkeypatch.setattr(tempfile, "mkstemp", self._wrapped(tempfile.mkstemp))

    def _wrapped(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*args: Any, **kwargs: Any) -> Any:
            self.seen += 1
            if self.seen == self.at:
                raise OSError(errno.EIO, "no")
            return function(*args, **kwargs)

        return operation


@pytest.mark.fault(47, 55)
def test_whichever_file_operation_fails_the_old_or_the_new_file_is_there_whole(tmp_path: Path) -> None:
    outcomes = set()
    for at in range(1, 40):
        folder = tmp_path / str(at)
        folder.mkdir()
        target = folder / "photo.jpg"
        target.write_bytes(OLD)
        with pytest.MonkeyPatch.context() as patch:
            files = FailingFiles(patch, at)
            try:
                write_bytes_whole(target, NEW)
                is_saved = True
            except SaveFailed:
                is_saved = False
        assert target.read_bytes() == (NEW if is_saved else OLD)
        outcomes.add((is_saved, files.seen >= at))
        if files.seen < at:
            break
        assert [name for name in only(folder) if name != "photo.jpg"] == []
    assert outcomes >= {(False, True), (True, False)}


LIMITED = """
import resource, sys
from pathlib import Path
from sharpen_desktop.core.errors import SaveFailed
from sharpen_desktop.services.safe_file import write_bytes_whole
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
target = Path(sys.argv[1])
for limit in (0, 1, 4095, 4096, 100_000, 269_999, 270_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        write_bytes_whole(target, b"new" * 90_000)
        print(limit, "saved", target.stat().st_size)
    except SaveFailed as error:
        print(limit, error.headline, target.stat().st_size)
"""


@pytest.mark.fault(51)
@posix_only
def test_a_file_that_may_grow_no_further_leaves_the_old_one_at_every_limit(tmp_path: Path) -> None:
    target = tmp_path / "photo.jpg"
    target.write_bytes(OLD)
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(LIMITED), str(target)],
        capture_output=True,
        text=True,
        check=True,
    )
    *refused, saved = run.stdout.splitlines()
    assert len(refused) == 6
    for line in refused:
        assert line.endswith(
            f"photo.jpg could not be saved: the file is larger than this disk allows. {len(OLD)}"
        )
    assert saved == "270000 saved 270000"
    assert only(tmp_path) == ["photo.jpg"]


@pytest.mark.parametrize("small_disk", [256], indirect=True)
@pytest.mark.fault(51)
def test_a_full_disk_leaves_the_old_file(small_disk: Path) -> None:
    target = small_disk / "photo.jpg"
    target.write_bytes(OLD)
    for write in (
        lambda: write_bytes_whole(target, NEW),
        lambda: write_whole(target, lambda file: file.write(NEW) and None),
    ):
        with pytest.raises(SaveFailed, match=r"photo\.jpg could not be saved: the disk is full\."):
            write()
        assert target.read_bytes() == OLD
        assert only(small_disk) == ["photo.jpg"]


@pytest.mark.fault(54)
@pytest.mark.skipif(is_root or os.name != "posix", reason="root may write anywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(SaveFailed, match="there is no permission to write there"):
            write_bytes_whole(tmp_path / "a", NEW)
    finally:
        tmp_path.chmod(0o755)


def test_the_module_needs_nothing_but_the_standard_library() -> None:
    code = """
        import sys
        import sharpen_desktop.services.safe_file
        heavy = {"numpy", "PIL", "cv2", "exiv2", "tifffile", "PySide6", "httpx"} & set(sys.modules)
        assert not heavy, heavy
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)
