"""Written down before an object is put into the user's bucket, so that the next start deletes what a crash has left.

Each object has a folder of its own, locked while its run lives. No key is ever in it.
"""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from sharpen_desktop.services.cloud.bucket_place import BucketPlace
from sharpen_desktop.services.safe_file import write_bytes_whole
from sharpen_desktop.services.session_lock import SessionLock, is_dead

FILE = "object.json"


class BucketNote:
    """One object that is, or may be, in a bucket. Making it writes it down; OSError or SaveFailed if not.

    The process that has made it holds it until ``release`` or ``done``; another one may take it over after that.
    """

    def __init__(self, folder: Path, place: BucketPlace, name: str) -> None:
        self._folder = folder
        folder.mkdir(parents=True)
        self._lock = SessionLock(folder)
        try:
            text = json.dumps({**asdict(place), "object": name}, indent=1)
            write_bytes_whole(folder / FILE, text.encode("ascii"))
        except BaseException:
            self.done()
            raise

    def release(self) -> None:
        """Leave the note for the next start."""
        self._lock.release()

    def done(self) -> None:
        """Forget the object: it is not in the bucket any more."""
        self._lock.release()
        forget(self._folder)


def left_over(notes: Path) -> list[tuple[Path, BucketPlace, str]]:
    """Return the folder, bucket and name of each object whose run does not live any more."""
    found = []
    for folder in sorted(notes.iterdir()) if notes.is_dir() else ():
        if is_dead(folder):
            try:
                found.append((folder, *_read(folder / FILE)))
            except (OSError, ValueError, KeyError, TypeError):
                forget(folder)  # a crash before the note was whole, so before anything was put anywhere
    return found


def forget(folder: Path) -> None:
    """Remove a note."""
    shutil.rmtree(folder, ignore_errors=True)


def _read(file: Path) -> tuple[BucketPlace, str]:
    data = json.loads(file.read_text(encoding="utf-8"))
    place = BucketPlace(str(data["endpoint"]), str(data["region"]), str(data["name"]))
    return place, str(data["object"])
