"""The journal's database on disk: opened when it is first needed, mended when it must be, asked and written to.

One thread only; other processes may use the same folder at the same time.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from sharpen_desktop.core.errors import Charge, JournalFailed
from sharpen_desktop.core.paid import PaidRun
from sharpen_desktop.core.phrases import count_of
from sharpen_desktop.services.durable import make_folder
from sharpen_desktop.services.journal_backups import Backups
from sharpen_desktop.services.journal_connection import connected, migrate, transaction, version_of
from sharpen_desktop.services.journal_mending import NAME, Finding, Mending, found_at
from sharpen_desktop.services.journal_owners import Owners
from sharpen_desktop.services.journal_queries import refuse_unsent
from sharpen_desktop.services.journal_reserve import Reserve
from sharpen_desktop.services.journal_rows import MIGRATIONS
from sharpen_desktop.services.journal_trouble import is_connection_doubtful, may_be_full, told

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

NOT_WRITTEN = "The record of paid runs could not be written"
NOT_READ = "The record of paid runs could not be read"
NOT_SENT = "Nothing was sent, because the record of paid runs cannot be written"
IN_USE = (
    "The record of paid runs needs mending, and another running copy of this program is using it. "
    "Close all copies and start the program again."
)

log = logging.getLogger(__name__)


class JournalDatabase:
    """The database in ``folder``. Raises JournalFailed when the disk does not let it work.

    ``sidecars`` returns the runs that are written down beside stored results.
    """

    def __init__(
        self, folder: Path, now: Callable[[], float], sidecars: Callable[[], Iterable[PaidRun]]
    ) -> None:
        self._folder = folder.absolute()
        self._now = now
        self._backups = Backups(self._folder / "backups")
        self._reserve = Reserve(self._folder / "reserve")
        self._mending = Mending(self._folder, self._backups, sidecars)
        self._connection: sqlite3.Connection | None = None
        self._said = ""
        self.owners = Owners(self._folder)

    def open(self) -> str:
        """Get ready; return a sentence when something had to be mended since it was asked last, else empty."""
        try:
            self._ready()
        except (sqlite3.Error, OSError) as error:
            raise told(error, f"The record of paid runs in {self._folder} cannot be used") from error
        said, self._said = self._said, ""
        return said

    def close(self) -> None:
        """Bring everything into the one file and let go of it."""
        if self._connection is not None:
            self._backups.keep_daily(self._connection, self._now(), is_last_chance=True)
            with suppress(sqlite3.Error):
                # Not for long: the program is ending, and whatever stays in the log is as safe there.
                self._connection.execute("PRAGMA busy_timeout=500")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._drop()
        self.owners.leave()

    def read(self, work: Work[T]) -> T:
        """Return what ``work`` reads."""
        try:
            return work(self._ready())
        except (sqlite3.Error, OSError) as error:
            self._doubt(error)
            raise told(error, NOT_READ) from error

    def write(self, work: Work[T]) -> T:
        """Do ``work`` wholly or not at all and return what it returns; on a full disk the reserve is used."""
        try:
            return self._with_reserve(lambda: self._committed(work))
        except (sqlite3.Error, OSError) as error:
            raise told(error, NOT_WRITTEN) from error

    def write_unpaid(self, work: Work[T], failed: str = NOT_SENT) -> T:
        """Do ``work`` no money hangs on: it leaves the reserve alone, and without one it is refused.

        ``failed`` begins the sentence for a person.
        """
        try:
            self._ready()
            self._reserve.demand()
            return self._committed(work)
        except (sqlite3.Error, OSError) as error:
            raise told(error, failed, Charge.NONE) from error

    def _committed(self, work: Work[T]) -> T:
        connection = self._ready()
        try:
            with transaction(connection):
                result = work(connection)
        except sqlite3.Error as error:
            self._doubt(error)
            raise
        self._reserve.make()
        self._backups.keep_daily(connection, self._now())
        return result

    def _ready(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._with_reserve(self._opened)
            self._reserve.make()
            self._backups.keep_daily(self._connection, self._now())
        return self._connection

    def _opened(self) -> sqlite3.Connection:
        make_folder(self._folder)
        with self.owners.alone():
            self._mend()
            connection = connected(self._folder / "database" / NAME)
            try:
                self._migrate(connection)
                self.owners.join()
                with transaction(connection):
                    refuse_unsent(connection, self.owners.is_living, self._now())
            except BaseException:
                connection.close()
                raise
        return connection

    def _mend(self) -> None:
        finding = found_at(self._folder / "database" / NAME)
        if finding is Finding.GOOD:
            return
        self._refuse_company()
        aside = None if finding is Finding.MISSING else self._mending.put_aside(finding)
        count = self._mending.make_anew()
        self._said = _sentence(finding, aside, count)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        version = version_of(connection)
        if version < len(MIGRATIONS):
            self._refuse_company()
            self._backups.keep_before_migration(connection, version, self._now())
            migrate(connection)

    def _refuse_company(self) -> None:
        if self.owners.others():
            raise JournalFailed(IN_USE)

    def _with_reserve(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except (sqlite3.Error, OSError) as error:
            if not may_be_full(error) or not self._reserve.release():
                raise
            log.warning("The disk is full; the journal's reserve was given up: %s", error)
        return work()

    def _doubt(self, error: sqlite3.Error | OSError) -> None:
        """Open the database anew, and look at it, before it is used again after a grave error."""
        if isinstance(error, sqlite3.Error) and is_connection_doubtful(error):
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


def _sentence(finding: Finding, aside: Path | None, count: int) -> str:
    """Return what to tell of a mended journal; nothing at the first start of all."""
    runs = count_of(count, "run")
    if finding is Finding.NEWER:
        return (
            f"The record of paid runs was written by a newer version of this program. It is kept untouched as "
            f"{aside}, and a new one goes on from it with {runs}."
        )
    if finding is Finding.DAMAGED:
        return (
            f"The record of paid runs was damaged and has been put together again, with {runs}. The latest runs "
            f"may be missing in it; their pictures are not deleted. The damaged one is kept as {aside}."
        )
    if count:
        return f"The record of paid runs was gone and has been put together again, with {runs}."
    return ""
