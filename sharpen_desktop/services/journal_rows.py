"""The journal's tables and how a run lies in them.

``facts`` holds the whole run as JSON; the other columns repeat what is searched or added up. Each row carries a
checksum over all of them, because SQLite notices damage to its own structure but not to the values in it.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.paid import PaidRun, from_json, to_json
from sharpen_desktop.core.settings import Settings

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE runs (
        seq INTEGER PRIMARY KEY,
        run_id TEXT NOT NULL UNIQUE,
        stage TEXT NOT NULL,
        owner TEXT NOT NULL,
        created_s REAL NOT NULL,
        changed_s REAL NOT NULL,
        quote_usd REAL,
        cost_usd REAL,
        call_id TEXT NOT NULL,
        file_sha256 TEXT NOT NULL,
        pixels_sha256 TEXT NOT NULL,
        facts TEXT NOT NULL,
        checksum INTEGER NOT NULL
    );
    CREATE TABLE waiting (place INTEGER PRIMARY KEY, photo TEXT NOT NULL);
    """,
)
"""One script for each version of the schema: the n-th leads from version n - 1 to n. Never change one that is out."""

COLUMNS = (
    "run_id", "stage", "owner", "created_s", "changed_s", "quote_usd", "cost_usd", "call_id", "file_sha256",
    "pixels_sha256", "facts", "checksum",
)  # fmt: skip
_NAMES, _MARKS = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
READ = f"SELECT {_NAMES} FROM runs"  # noqa: S608 - our own words
INSERT = f"INSERT INTO runs ({_NAMES}) VALUES ({_MARKS})"  # noqa: S608 - our own words
UPDATE = f"UPDATE runs SET ({_NAMES}) = ({_MARKS}) WHERE run_id = ?"  # noqa: S608 - our own words

Row = Sequence[Any]


class RowDamaged(sqlite3.DatabaseError):
    """A row is not as it was written."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def row_of(run: PaidRun, owner: str) -> Row:
    """Return the run's columns; ValueError when one of its facts cannot be written down and read again."""
    try:
        facts = json.dumps(to_json(run), allow_nan=False)
        from_json(json.loads(facts))
        row = (
            run.run_id, run.stage.value, owner, float(run.created_s), float(run.changed_s),
            _real(run.quote_usd), _real(run.cost_usd), run.call_id, run.fingerprint.file,
            run.fingerprint.pixels, facts,
        )  # fmt: skip
        "".join(text for text in row if isinstance(text, str)).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"a paid run with a fact that cannot be written down: {error}") from error
    return (*row, checksum_of(row))


def run_of(row: Row) -> PaidRun:
    """Return the run that lies in a row; RowDamaged when the row is not as it was written."""
    if not is_whole(row):
        raise RowDamaged(f"the row of {row[0]!r} is damaged")
    return from_json(json.loads(row[COLUMNS.index("facts")]))


def is_whole(row: Row) -> bool:
    """Return whether the row is as it was written."""
    return bool(checksum_of(row[:-1]) == row[-1])


def readable_runs(rows: Iterator[Mapping[str, Any]], *, is_ours: bool) -> Iterator[PaidRun]:
    """Yield what can be read of rows that may be damaged or, not ``is_ours``, of a newer version's making."""
    for row in rows:
        with suppress(RowDamaged, KeyError, IndexError, TypeError, ValueError, RecursionError):
            if is_ours and set(COLUMNS) <= set(row.keys()):
                yield run_of([row[name] for name in COLUMNS])
            else:
                yield from_json(json.loads(row["facts"]))


def waiting_text(photo: WaitingPhoto) -> str:
    """Return a photo of the queue as text."""
    return json.dumps([photo.path, photo.engine, dict(photo.settings.items)], allow_nan=False)


def waiting_photo(text: str) -> WaitingPhoto:
    """Return the photo of ``waiting_text``."""
    path, engine, values = json.loads(text)
    return WaitingPhoto(path, engine, Settings(tuple(sorted(values.items()))))


def _real(number: float | None) -> float | None:
    return None if number is None else float(number)


def checksum_of(values: Row) -> int:
    """Return the checksum of a row's other columns."""
    return zlib.crc32(repr(tuple(values)).encode("utf-8", "backslashreplace"))
