"""Connections to a journal's database, all set up alike, and what is done with a whole database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sharpen_desktop.services.durable import synced_file, synced_folder
from sharpen_desktop.services.journal_rows import INSERT, MIGRATIONS, READ, Row, is_whole

WAIT_S = 5.0
"""How long another process's transaction is waited for."""

_TO_UNDO = frozenset({sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY})


def connected(database: Path) -> sqlite3.Connection:
    """Open a database to write in: a commit that has returned outlives a power cut."""
    connection = _connection(f"{database.as_uri()}?mode=rw")
    try:
        for setting in ("journal_mode=WAL", "synchronous=FULL", "fullfsync=ON", "checkpoint_fullfsync=ON"):
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def reading(database: Path) -> Iterator[sqlite3.Connection]:
    """Open a database to read only; not a byte of it or of its log is changed.

    Except where a write was cut short in a way that must be undone before anything can be read.
    """
    connection = _connection(f"{database.as_uri()}?mode=ro")
    try:
        version_of(connection)
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode not in _TO_UNDO:
            raise
        connection = connected(database)
    except BaseException:
        connection.close()
        raise
    with closing(connection):
        yield connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Keep other processes from writing; everything done meanwhile is committed together or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        raise


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the schema; 0 when there is none."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def is_sound(connection: sqlite3.Connection) -> bool:
    """Return whether SQLite finds nothing wrong; sqlite3.DatabaseError when it cannot even look.

    Looks at the indexes, too, which quick_check does not: a run that is missing there could be paid twice.
    """
    return [tuple(row) for row in connection.execute("PRAGMA integrity_check(1)")] == [("ok",)]


def are_rows_whole(connection: sqlite3.Connection) -> bool:
    """Return whether every row of the present schema is as it was written."""
    return all(is_whole(tuple(row)) for row in connection.execute(READ))


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema to the present version; each step wholly or not at all."""
    for version in range(version_of(connection), len(MIGRATIONS)):
        script = f"BEGIN IMMEDIATE; {MIGRATIONS[version]} ; PRAGMA user_version={version + 1}; COMMIT"
        try:
            connection.executescript(script)
        except BaseException:
            with suppress(sqlite3.Error):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            raise


def write_database(part: Path, rows: list[Row]) -> None:
    """Write a database that holds ``rows`` to the new file ``part``, safe against a power cut."""
    with closing(_connection(f"{part.as_uri()}?mode=rwc")) as connection:
        # From the beginning: a change of mode later could be cut short and leave what only a writer can mend.
        connection.execute("PRAGMA journal_mode=WAL")
        migrate(connection)
        with transaction(connection):
            connection.executemany(INSERT, rows)
    synced_file(part)
    synced_folder(part.parent)


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """Write a compact copy of the database to ``target``, whole or not at all."""
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    try:
        connection.execute("VACUUM INTO ?", (str(part),))
        synced_file(part)
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    synced_folder(target.parent)


def _connection(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, timeout=WAIT_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    # Damaged text must come out as something: the checksum of its row tells.
    connection.text_factory = lambda data: data.decode("utf-8", "backslashreplace")
    return connection
