"""Which file pixels were read from: its marks, written down beside the pixels before it is opened."""

import contextlib
import json
import os
from pathlib import Path

Marks = list[int]
"""Size, time of change of content and of entry, in ns, and number of a file."""

_NOTE = "source.json"


def note_source(folder: Path, path: str) -> None:
    """Write the file's marks into the folder its pixels go to; before anything of it is read."""
    with contextlib.suppress(FileNotFoundError):  # the reading will say it
        (folder / _NOTE).write_text(json.dumps(marks(os.stat(path))), encoding="ascii")


def noted(folder: Path) -> Marks | None:
    """Return the marks in a folder of pixels, ``None`` when there are none. Raises OSError, ValueError."""
    return None if not (folder / _NOTE).exists() else json.loads((folder / _NOTE).read_text(encoding="ascii"))


def is_changed(folder: Path, path: Path) -> bool:
    """Return whether another file lies at ``path`` than the one whose pixels are in ``folder``; not without one."""
    try:
        known = noted(folder)
        return known is not None and marks(path.stat()) != known
    except (OSError, ValueError):
        return False


def marks(status: os.stat_result) -> Marks:
    """Return the marks of a file."""
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
