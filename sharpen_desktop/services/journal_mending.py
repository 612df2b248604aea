"""A journal's database that is missing, damaged or of a newer version: put aside, never deleted, and made anew.

The database has a folder of its own, so that it is put aside together with its log by one rename.
"""

import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from errno import ENOSPC
from pathlib import Path

from sharpen_desktop.core.paid import PaidRun, Stage
from sharpen_desktop.services.durable import replace as renamed
from sharpen_desktop.services.durable import synced_folder
from sharpen_desktop.services.journal_backups import Backups
from sharpen_desktop.services.journal_connection import (
    are_rows_whole,
    is_sound,
    reading,
    version_of,
    write_database,
)
from sharpen_desktop.services.journal_rows import MIGRATIONS, readable_runs, row_of
from sharpen_desktop.services.journal_trouble import is_damage

NAME = "journal.sqlite3"
NOT_CERTAIN = "The record of this run had to be put together again, so whether it was sent is not known."

SPARE_BYTES = 1 << 16

log = logging.getLogger(__name__)


class Finding(Enum):
    """What is at the database's place; the value names the folder it is put aside in."""

    GOOD = "good"
    MISSING = "missing"
    DAMAGED = "damaged"
    NEWER = "newer"


def found_at(database: Path) -> Finding:
    """Return what is there; sqlite3.Error when the way to it is barred."""
    if not database.exists():
        is_bare = not database.parent.exists() or not any(database.parent.iterdir())
        return Finding.MISSING if is_bare else Finding.DAMAGED
    try:
        with reading(database) as connection:
            version = version_of(connection)
            if version > len(MIGRATIONS):
                return Finding.NEWER
            is_good = version > 0 and _is_made_to_write(database) and is_sound(connection)
            # Rows of an older schema are looked at once they have been brought to this one.
            is_good = is_good and (version < len(MIGRATIONS) or are_rows_whole(connection))
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        is_good = False
    return Finding.GOOD if is_good else Finding.DAMAGED


def _is_made_to_write(database: Path) -> bool:
    """Return whether the header lets SQLite write; it takes a higher number there for a format of the future."""
    with database.open("rb") as file:
        return file.read(19)[-1] in (1, 2)


ASIDE = (Finding.DAMAGED, Finding.NEWER)


class Mending:
    """Works in the journal's ``folder``; ``sidecars`` returns the runs that are written down beside results."""

    def __init__(self, folder: Path, backups: Backups, sidecars: Callable[[], Iterable[PaidRun]]) -> None:
        self._folder = folder
        self._backups = backups
        self._sidecars = sidecars

    def put_aside(self, finding: Finding) -> Path:
        """Move the database's folder to another name, unchanged, and return it."""
        source = self._folder / "database"
        number = 1 + len(self._put_aside())
        while (target := self._folder / f"{finding.value}-{number}").exists():
            number += 1
        renamed(source, target)
        synced_folder(self._folder)
        log.warning("The journal was %s and was put aside as %s", finding.value, target)
        return target

    def make_anew(self) -> int:
        """Make the missing database from all that can be read anywhere; return how many runs it holds.

        OSError or sqlite3.Error when the disk does not take it; it is as missing as before then.
        """
        self._prepare()
        runs = sorted(self._gathered().values(), key=lambda run: run.created_s)
        part = self._folder / "database.part"
        part.mkdir()
        write_database(part / NAME, [row_of(run, "") for run in runs])
        with suppress(FileNotFoundError):
            (self._folder / "database").rmdir()
        renamed(part, self._folder / "database")
        synced_folder(self._folder)
        return len(runs)

    def _prepare(self) -> None:
        """Clear away what an earlier try left; OSError without room, or what can be read would seem less."""
        for left in (*self._folder.glob("salvage-*"), self._folder / "database.part"):
            shutil.rmtree(left, ignore_errors=True)
        sources = (*self._put_aside(), *self._backups.newest_first()[:1])
        size = sum(file.stat().st_size for source in sources for file in (source, *source.glob("*")))
        if sources and shutil.disk_usage(self._folder).free < 2 * size + SPARE_BYTES:
            raise OSError(ENOSPC, os.strerror(ENOSPC))

    def _gathered(self) -> dict[str, PaidRun]:
        gathered: dict[str, PaidRun] = {}
        for run in self._readable():
            known = gathered.get(run.run_id)
            if known is None or _knowledge(run) > _knowledge(known):
                gathered[run.run_id] = run
        return gathered

    def _readable(self) -> Iterator[PaidRun]:
        for folder in self._put_aside():
            yield from map(_not_certain, _salvaged(folder))
        for copy in self._backups.newest_first():
            runs = list(_read(copy))
            yield from map(_not_certain, runs)
            if runs:
                break
        yield from self._sidecars()

    def _put_aside(self) -> list[Path]:
        found = [each for kind in ASIDE for each in self._folder.glob(f"{kind.value}-*")]
        return sorted(found, key=lambda each: each.stat().st_mtime, reverse=True)


def _knowledge(run: PaidRun) -> tuple[bool, float]:
    """Return what is compared when two sources speak of one run: a picture that came is never unlearned."""
    return run.has_result, run.changed_s


def _not_certain(run: PaidRun) -> PaidRun:
    """Return the run as a source that may be old can know it: more may have happened since."""
    if run.stage is not Stage.PREPARED:
        return run
    return replace(run, stage=Stage.UNKNOWN, problem=NOT_CERTAIN)


def _salvaged(folder: Path) -> Iterator[PaidRun]:
    """Yield what can be read of a database that was put aside; a copy is read, so that it stays as it is."""
    with tempfile.TemporaryDirectory(prefix="salvage-", dir=folder.parent) as name:
        with suppress(OSError):
            for file in (folder / NAME, folder / f"{NAME}-wal"):
                shutil.copyfile(file, Path(name) / file.name)
        yield from _read(Path(name) / NAME)


def _read(database: Path) -> Iterator[PaidRun]:
    """Yield the runs of a database from its beginning and, up to the damage, from its end."""
    for order in ("ASC", "DESC"):
        with suppress(sqlite3.Error), reading(database) as connection:
            is_ours = version_of(connection) <= len(MIGRATIONS)
            rows = connection.execute(f"SELECT * FROM runs ORDER BY seq {order}")  # noqa: S608
            yield from readable_runs(rows, is_ours=is_ours)
