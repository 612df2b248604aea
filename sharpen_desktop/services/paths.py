"""Where the program keeps its things: configuration, data, cache and log.

``SHARPEN_HOME`` moves all four into one folder.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from sharpen_desktop.services.session_lock import is_dead

NAME = "sharpen-desktop"
LEAST_ROOM_BYTES = 256 << 20
"""Room a session needs for the pixels of a photo or two."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders in use. ``session`` holds this process's decoded pixels and goes with it."""

    config: Path
    data: Path
    cache: Path
    log: Path
    is_borrowed: bool = False

    @property
    def prefs(self) -> Path:
        """The preferences file."""
        return self.config / "preferences.json"

    @property
    def local_results(self) -> Path:
        """Results of the local engine; the oldest leave when there are too many bytes of them."""
        return self.data / "results" / "local"

    @property
    def cloud_results(self) -> Path:
        """Results that were paid for, as they came; the program never deletes them."""
        return self.data / "results" / "cloud"

    @property
    def answers(self) -> Path:
        """The cloud service's raw answers."""
        return self.data / "answers"

    @property
    def journal(self) -> Path:
        """The record of paid runs, with its copies."""
        return self.data / "journal"

    @property
    def bucket_notes(self) -> Path:
        """What was put into the user's own bucket and must be deleted there."""
        return self.data / "bucket"

    @property
    def transports(self) -> Path:
        """Which ways to the service have worked."""
        return self.data / "transports.json"

    @property
    def prices(self) -> Path:
        """Prices as last heard."""
        return self.cache / "prices"

    @property
    def session(self) -> Path:
        """The folder of this process in the cache."""
        return self.cache / f"session-{os.getpid()}"

    def make(self) -> None:
        """Create all folders; OSError when one cannot be."""
        for folder in (
            self.config, self.local_results, self.cloud_results, self.answers, self.session, self.log,
        ):  # fmt: skip
            folder.mkdir(parents=True, exist_ok=True)


def paths_from(environment: Mapping[str, str]) -> Paths:
    """Return the folders this environment asks for."""
    home = environment.get("SHARPEN_HOME")
    if home:
        root = Path(home).expanduser().absolute()
        return Paths(root / "config", root / "data", root / "cache", root / "log")
    return Paths(
        platformdirs.user_config_path(NAME, appauthor=False),
        platformdirs.user_data_path(NAME, appauthor=False),
        platformdirs.user_cache_path(NAME, appauthor=False),
        platformdirs.user_log_path(NAME, appauthor=False),
    )


def with_room(paths: Paths) -> Paths:
    """Return the folders with a new cache among the system's temporary files where its own disk is as good as full.

    Open photos and results need it; ``is_borrowed`` says that it is to be removed in the end.
    """
    own, other = _free(paths.cache), _free(Path(tempfile.gettempdir()))
    if own >= LEAST_ROOM_BYTES or other < 2 * own:
        return paths
    return replace(paths, cache=Path(tempfile.mkdtemp(prefix=f"{NAME}-")), is_borrowed=True)


def _free(folder: Path) -> int:
    """Return the free bytes of the disk a folder lies on, or will lie on."""
    try:
        return shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.exists())).free
    except (OSError, StopIteration):
        return 0


def remove_dead_sessions(paths: Paths) -> None:
    """Remove the pixels of processes that ended without doing so themselves."""
    for folder in paths.cache.glob("session-*"):
        if folder != paths.session and is_dead(folder):
            shutil.rmtree(folder, ignore_errors=True)


def remove_oldest(folder: Path, keep_bytes: int) -> None:
    """Delete the oldest files of a folder while it holds more than ``keep_bytes``."""
    files = []
    with contextlib.suppress(OSError):
        files = sorted((each.stat().st_mtime, each.stat().st_size, each) for each in folder.iterdir())
    total = sum(size for _, size, _ in files)
    for _, size, file in files:
        if total <= keep_bytes:
            return
        with contextlib.suppress(OSError):
            file.unlink()
            total -= size
