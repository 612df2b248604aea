"""Copies of the journal: one a day when something has changed, and one before each change of the schema."""

import logging
import re
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sharpen_desktop.services.durable import make_folder
from sharpen_desktop.services.journal_connection import copy_database, reading

KEPT = 10
_DAILY = re.compile(r"(\d{6})-(\d{4}-\d{2}-\d{2})\.sqlite3")
_STATE = "SELECT count(*), max(seq), total(checksum) FROM runs"
_NOTHING = (0, None, 0.0)

log = logging.getLogger(__name__)


class Backups:
    """The copies in ``folder``. They are numbered, so that a clock that goes wrong does not mix them up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def newest_first(self) -> list[Path]:
        """Return the daily copies."""
        found = self._folder.iterdir() if self._folder.is_dir() else ()
        return sorted((each for each in found if _DAILY.fullmatch(each.name)), reverse=True)

    def keep_daily(
        self, connection: sqlite3.Connection, now_s: float, *, is_last_chance: bool = False
    ) -> None:
        """Make today's copy if something has changed; a failure is logged.

        The one there is of today is only made anew at the last chance, before the program ends.
        """
        try:
            self._keep(connection, _day(now_s), is_last_chance)
        except (OSError, sqlite3.Error) as error:
            log.warning("No copy of the journal was made: %s", error)

    def keep_before_migration(self, connection: sqlite3.Connection, version: int, now_s: float) -> None:
        """Make a copy that stays; OSError or sqlite3.Error when that is not possible."""
        self._copy(connection, f"version-{version}-{_day(now_s)}.sqlite3")

    def _keep(self, connection: sqlite3.Connection, day: str, is_last_chance: bool) -> None:
        copies = self.newest_first()
        is_of_today = bool(copies) and copies[0].stem.endswith(day)
        if is_of_today and not is_last_chance:
            return
        state = _state(connection)
        if state == _NOTHING or (copies and _state_of(copies[0]) == state):
            return
        number = int(copies[0].name[:6]) + (not is_of_today) if copies else 1
        self._copy(connection, f"{number:06}-{day}.sqlite3")
        for old in self.newest_first()[KEPT:]:
            old.unlink()

    def _copy(self, connection: sqlite3.Connection, name: str) -> None:
        make_folder(self._folder)
        copy_database(connection, self._folder / name)


def _day(now_s: float) -> str:
    return datetime.fromtimestamp(now_s, UTC).strftime("%Y-%m-%d")


def _state(connection: sqlite3.Connection) -> tuple[object, ...]:
    return tuple(connection.execute(_STATE).fetchone())


def _state_of(copy: Path) -> tuple[object, ...]:
    with suppress(sqlite3.Error), reading(copy) as connection:
        return _state(connection)
    return ()
