"""What is asked of the journal's database and written to it. Each function works in the caller's transaction."""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sharpen_desktop.core.errors import Charge, JournalFailed, LimitReached
from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.money import Spending, exceeds
from sharpen_desktop.core.paid import OPEN, PaidRun, Stage, stepped
from sharpen_desktop.core.phrases import about, amount
from sharpen_desktop.core.picture import Fingerprint
from sharpen_desktop.services.journal_rows import (
    INSERT,
    READ,
    UPDATE,
    row_of,
    run_of,
    waiting_photo,
    waiting_text,
)

DAY_S = 86_400.0
NEVER_SENT = "The program ended before anything was sent."

_SPENDING = f"""
    SELECT total(cost_usd), total(CASE WHEN cost_usd IS NULL THEN quote_usd END),
           coalesce(sum(cost_usd IS NULL AND quote_usd IS NULL), 0)
    FROM runs WHERE stage <> '{Stage.REFUSED.value}' AND
"""  # noqa: S608
"""Every run counts until the service has refused it: with its cost, else with its quote."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on spending as people are told of it: ``name`` within a sentence, ``advice`` as one."""

    name: str
    advice: str


A_DAY = Limit("your limit for 24 hours", "Raise it in the preferences, or go on later.")
A_CALL = Limit("the limit for this call", "Give a higher one to go on.")

_FIXED = frozenset({"run_id", "stage", "created_s", "changed_s"})


def insert(connection: sqlite3.Connection, run: PaidRun, owner: str) -> None:
    """Write down a new run; ValueError when there is one of that name."""
    try:
        connection.execute(INSERT, row_of(run, owner))
    except sqlite3.IntegrityError as error:
        raise ValueError(f"there is a run {run.run_id} already") from error


def remove_unsent(connection: sqlite3.Connection, run_id: str) -> None:
    """Take back a run as long as nothing of it can have left."""
    connection.execute("DELETE FROM runs WHERE run_id = ? AND stage = ?", (run_id, Stage.PREPARED.value))


def change(
    connection: sqlite3.Connection, run_id: str, owner: str, changed: Callable[[PaidRun], PaidRun]
) -> PaidRun:
    """Put ``changed(run)`` in the run's place, worked at by ``owner``, and return it."""
    run = run_with(connection, run_id)
    if run is None:
        raise JournalFailed("This run is missing in the record of paid runs.", detail=run_id)
    run = changed(run)
    connection.execute(UPDATE, (*row_of(run, owner), run_id))
    return run


def to_stage(stage: Stage, now_s: float, changes: dict[str, Any]) -> Callable[[PaidRun], PaidRun]:
    """Return what ``change`` needs for a step; ValueError then when it is not allowed."""
    _refuse_fixed(changes)
    return lambda run: stepped(run, stage, now_s, **changes)


def with_facts(changes: dict[str, Any]) -> Callable[[PaidRun], PaidRun]:
    """Return what ``change`` needs to change facts without a step."""
    _refuse_fixed(changes)
    return lambda run: replace(run, **changes)


def run_with(connection: sqlite3.Connection, run_id: str) -> PaidRun | None:
    """Return the run of this name."""
    row = connection.execute(f"{READ} WHERE run_id = ?", (run_id,)).fetchone()
    return None if row is None else run_of(tuple(row))


def newest(connection: sqlite3.Connection, stages: Collection[Stage], most: int) -> tuple[PaidRun, ...]:
    """Return the newest runs that are in one of ``stages``, in any for none."""
    marks = ", ".join("?" * len(stages))
    where = f"WHERE stage IN ({marks})" if stages else ""
    values = (*(stage.value for stage in stages), most)
    return _runs(connection, f"{where} ORDER BY seq DESC LIMIT ?", values)


def of_photo(connection: sqlite3.Connection, fingerprint: Fingerprint) -> tuple[PaidRun, ...]:
    """Return all runs of a photo, newest first."""
    where = "WHERE file_sha256 = ? AND ?1 <> '' OR pixels_sha256 = ? AND ?2 <> '' ORDER BY seq DESC"
    return _runs(connection, where, (fingerprint.file, fingerprint.pixels))


def unfinished(connection: sqlite3.Connection, is_worked_at: Callable[[str], bool]) -> tuple[PaidRun, ...]:
    """Return the open runs no owner ``is_worked_at`` by, oldest first."""
    marks = ", ".join("?" * len(OPEN))
    rows = connection.execute(
        f"{READ} WHERE stage IN ({marks}) ORDER BY seq", [stage.value for stage in OPEN]
    ).fetchall()
    return tuple(run_of(tuple(row)) for row in rows if not is_worked_at(row["owner"]))


def refuse_unsent(connection: sqlite3.Connection, is_living: Callable[[str], bool], now_s: float) -> None:
    """End the runs that a process had prepared when it died: nothing of them has left this computer."""
    rows = connection.execute(f"{READ} WHERE stage = ?", (Stage.PREPARED.value,)).fetchall()
    for row in rows:
        if not is_living(row["owner"]):
            ended = to_stage(Stage.REFUSED, now_s, {"problem": NEVER_SENT})
            change(connection, row["run_id"], "", ended)


def spending_between(connection: sqlite3.Connection, since_s: float, until_s: float) -> Spending:
    """Return what the runs that were begun in this time have cost."""
    condition = "created_s >= ? AND created_s <= ?"
    return _spending(connection, condition, (since_s, until_s))


def _spending_of_call(connection: sqlite3.Connection, call_id: str) -> Spending:
    """Return what the runs of one call of the command line have cost."""
    return _spending(connection, "call_id = ? AND call_id <> ''", (call_id,))


def refuse_above_limits(
    connection: sqlite3.Connection,
    run: PaidRun,
    now_s: float,
    limit_usd: float | None,
    call_limit_usd: float | None,
) -> None:
    """Raise LimitReached when the run would go over what may be spent in a day or in its call."""
    day = spending_between(connection, now_s - DAY_S, now_s + DAY_S)
    _refuse_above(day, run, limit_usd, A_DAY)
    _refuse_above(_spending_of_call(connection, run.call_id), run, call_limit_usd, A_CALL)


def _refuse_above(spending: Spending, run: PaidRun, limit_usd: float | None, limit: Limit) -> None:
    """Raise LimitReached when the run would go over the limit."""
    if limit_usd is None or not exceeds(spending, run.quote_usd, limit_usd):
        return
    price = "whose price is not known" if run.quote_usd is None else f"for {about(run.quote_usd)}"
    raise LimitReached(
        f"One more run {price} would go over {limit.name} of {amount(limit_usd)}: "
        f"{amount(spending.total_usd)} of it is spent or set aside. {limit.advice}",
        charge=Charge.NONE,
    )


def put_waiting(connection: sqlite3.Connection, photos: Sequence[WaitingPhoto]) -> None:
    """Write down what waits, in place of what waited before."""
    texts = [(place, waiting_text(photo)) for place, photo in enumerate(photos)]
    connection.execute("DELETE FROM waiting")
    connection.executemany("INSERT INTO waiting (place, photo) VALUES (?, ?)", texts)


def waiting(connection: sqlite3.Connection) -> tuple[WaitingPhoto, ...]:
    """Return what waits, in its order."""
    rows = connection.execute("SELECT photo FROM waiting ORDER BY place").fetchall()
    return tuple(waiting_photo(row["photo"]) for row in rows)


def _spending(connection: sqlite3.Connection, condition: str, values: Sequence[Any]) -> Spending:
    return Spending(*connection.execute(f"{_SPENDING} {condition}", values).fetchone())


def _runs(connection: sqlite3.Connection, rest: str, values: Sequence[Any]) -> tuple[PaidRun, ...]:
    return tuple(run_of(tuple(row)) for row in connection.execute(f"{READ} {rest}", values))


def _refuse_fixed(changes: dict[str, Any]) -> None:
    if fixed := _FIXED & changes.keys():
        raise ValueError(f"not changed by hand: {sorted(fixed)}")
