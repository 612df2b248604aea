"""SQLite's errors in plain words."""

import errno
import sqlite3

from sharpen_desktop.core.errors import Charge, JournalFailed
from sharpen_desktop.services.safe_file import reason

STILL_LOCAL = "The engine on this computer works as ever."

_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "there is no permission to write there",
    sqlite3.SQLITE_PERM: "there is no permission to write there",
    sqlite3.SQLITE_CANTOPEN: "there is no permission to write there, or the disk is full",
    sqlite3.SQLITE_IOERR: "the disk reported an error",
    sqlite3.SQLITE_BUSY: "another program holds it",
    sqlite3.SQLITE_LOCKED: "another program holds it",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_NOTADB: "it is damaged",
}
_BARRED = frozenset(
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_READONLY,
    }
)  # fmt: skip
"""What stands in the way to a database; everything else that hinders reading it is its own fault."""

_NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
"""A used-up quota shows as an I/O error, and a log that cannot be made as a file that cannot be opened."""

_NO_ROOM_ERRNO = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether the database itself is broken, not the way to it."""
    return _code(error) not in _BARRED


def may_be_full(error: sqlite3.Error | OSError) -> bool:
    """Return whether more room on the disk may help."""
    return error.errno in _NO_ROOM_ERRNO if isinstance(error, OSError) else _code(error) in _NO_ROOM


def is_connection_doubtful(error: sqlite3.Error) -> bool:
    """Return whether the connection is better opened anew after this."""
    return _code(error) not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CONSTRAINT}


def told(error: sqlite3.Error | OSError, what: str, charge: Charge | None = None) -> JournalFailed:
    """Return the error for a person; ``what`` begins the sentence: "Nothing was sent, because …"."""
    return JournalFailed(
        f"{what} ({_why(error)}). {STILL_LOCAL}", detail=str(error), charge=charge, retryable=True
    )


def _why(error: sqlite3.Error | OSError) -> str:
    if isinstance(error, BlockingIOError):
        return _REASONS[sqlite3.SQLITE_LOCKED]
    if isinstance(error, OSError):
        return reason(error)
    return _REASONS.get(_code(error), "the system refused it")


def _code(error: sqlite3.Error) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
