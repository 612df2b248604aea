"""What is made durable is pushed to the disk before anybody relies on it."""

import errno
import os
from pathlib import Path

import pytest
from support.nth_operation import FileOperations

from sharpen_desktop.services.durable import make_folder, synced, synced_file, synced_folder


def test_new_folders_are_written_into_those_above_them_at_once(tmp_path: Path) -> None:
    with FileOperations() as files:
        make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    assert files.seen == ["mkdir", "open", "fsync", "mkdir", "open", "fsync"]
    with FileOperations() as files:
        make_folder(tmp_path / "a" / "b")
    assert files.seen == []


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "a")
    with pytest.raises(OSError, match="a"):
        make_folder(tmp_path / "a" / "b")


@pytest.mark.parametrize(
    ("code", "is_fatal"),
    [(errno.EINVAL, False), (errno.ENOTSUP, False), (errno.EIO, True), (errno.ENOSPC, True)],
)
def test_only_a_disk_that_knows_no_sync_is_let_off(
    tmp_path: Path, code: int, is_fatal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    file = tmp_path / "a"
    file.write_bytes(b"a")
    assert synced_file(file)
    assert synced_folder(tmp_path) == (os.name == "posix")
    monkeypatch.setattr(os, "fsync", refuse)
    for sync in (lambda: synced(0), lambda: synced_file(file), lambda: synced_folder(tmp_path)):
        if is_fatal:
            with pytest.raises(OSError, match=os.strerror(code)):
                sync()
        else:
            assert sync() is False
