"""Let the n-th file operation fail, for every n, and see that what must hold still holds.

    def scenario(folder):               # does something on disk; what it raises is the outcome, too
        …

    def check(folder, outcome):         # what must hold, whichever operation failed
        …

    tally = every_fault(tmp_path, scenario, check)
    print(tally)                        # "128 faults in 32 operations, 96 of them told, none lost anything"

Each run has a folder of its own. An operation fails once and the next succeeds, as on a disk that is full for a
moment; or everything from it on fails, as on a disk that is pulled out, and ``check`` then sees what a new start
would find. Operations are those of ``os`` and of files opened to write, and SQLite's own where they can be reached.
"""

import builtins
import errno
import io
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from support import sqlite_disk

CODES = (errno.ENOSPC, errno.EIO)
IN_OS = (
    "open", "write", "fsync", "fdatasync", "replace", "rename", "unlink", "remove", "mkdir", "rmdir", "truncate",
    "ftruncate", "sendfile",
)  # fmt: skip
IN_FILES = ("write", "flush", "truncate")


@dataclass(frozen=True)
class Fault:
    """The ``at``-th operation fails with ``code``, and with it every later one when the fault ``lasts``."""

    at: int
    code: int
    lasts: bool = False

    def hits(self, number: int) -> bool:
        return number >= self.at if self.lasts else number == self.at


@dataclass(frozen=True)
class Outcome:
    """What a scenario returned or raised under ``fault``; ``None`` in the run that only counts."""

    value: Any = None
    error: BaseException | None = None
    fault: Fault | None = None


@dataclass
class Tally:
    """``operations``: in the run without a fault. ``told``: faults that the scenario raised something at."""

    operations: int = 0
    faults: int = 0
    told: int = 0

    def __str__(self) -> str:
        return f"{self.faults} faults in {self.operations} operations, {self.told} of them told, none lost anything"


def every_fault(
    folder: Path,
    scenario: Callable[[Path], Any],
    check: Callable[[Path, Outcome], None],
    codes: Iterable[int] = CODES,
    prepare: Callable[[Path], Any] = lambda _folder: None,
) -> Tally:
    """Run the scenario once counting, then once for each operation, code and lasting; check after each.

    Every run gets an empty folder, where ``prepare`` lays down what the scenario needs; nothing fails for it.
    """
    tally = Tally()
    run = _Runs(scenario, prepare)
    outcome, files = run(folder / "counted", None)
    if outcome.error is not None:
        raise outcome.error
    check(folder / "counted", outcome)
    tally.operations = len(files.seen)
    kinds = [(code, lasts) for code in codes for lasts in (False, True)]
    for at, name in enumerate(files.seen, 1):
        for code, lasts in kinds:
            fault = Fault(at, code, lasts)
            here = folder / f"{at}-{errno.errorcode[code]}{'-lasting' if lasts else ''}"
            outcome, hit = run(here, fault)
            try:
                check(here, outcome)
            except BaseException as error:
                error.add_note(f"{fault}, about operation {name!r}; the scenario ended with {outcome}")
                raise
            tally.faults += hit.failed > 0
            tally.told += outcome.error is not None
    return tally


@dataclass(frozen=True)
class _Runs:
    scenario: Callable[[Path], Any]
    prepare: Callable[[Path], Any]

    def __call__(self, folder: Path, fault: Fault | None) -> tuple[Outcome, "FileOperations"]:
        folder.mkdir(parents=True)
        self.prepare(folder)
        with FileOperations(fault) as files:
            try:
                outcome = Outcome(self.scenario(folder), None, fault)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the outcome
                outcome = Outcome(None, error, fault)
        return outcome, files


class FileOperations:
    """A context manager: counts the file operations of the whole process and lets those fail that ``fault`` hits.

    ``seen``: their names in order. ``failed``: how many were made to fail.
    """

    def __init__(self, fault: Fault | None = None) -> None:
        self.seen: list[str] = []
        self.failed = 0
        self._fault = fault
        self._patch = pytest.MonkeyPatch()
        self._lock = threading.Lock()
        self._sqlite = sqlite_disk.SqliteDisk(self.code_for) if sqlite_disk.is_reachable else None

    def __enter__(self) -> Self:
        for name in IN_OS:
            if hasattr(os, name):
                self._patch.setattr(os, name, self._in_os(name, getattr(os, name)))
        opened = self._opened(io.open)
        self._patch.setattr(io, "open", opened)
        self._patch.setattr(builtins, "open", opened)
        if self._sqlite is not None:
            self._sqlite.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sqlite is not None:
            self._sqlite.__exit__(kind, error, trace)
        self._patch.undo()

    def break_down(self, code: int = errno.EIO) -> None:
        """Let everything fail from now on."""
        self._fault = Fault(len(self.seen) + 1, code, lasts=True)

    def recover(self) -> None:
        """Let nothing fail any more."""
        self._fault = None

    def code_for(self, name: str) -> int:
        """Count an operation; return what it is to fail with, 0 when it is not."""
        with self._lock:
            self.seen.append(name)
            if self._fault is None or not self._fault.hits(len(self.seen)):
                return 0
            self.failed += 1
            return self._fault.code

    def do(self, name: str, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Count an operation and do it, or let it fail."""
        if code := self.code_for(name):
            raise OSError(code, os.strerror(code))
        return operation(*args, **kwargs)

    def _in_os(self, name: str, really: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*args: Any, **kwargs: Any) -> Any:
            return self.do(name, really, *args, **kwargs)

        return operation

    def _opened(self, really: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            made = self.do("open", really, file, mode, *args, **kwargs)
            return _Watched(made, self) if set(mode) & set("wax+") else made

        return opened


class _Watched:
    """A file opened to write, whose operations are counted."""

    def __init__(self, file: Any, operations: FileOperations) -> None:
        self._file = file
        self._operations = operations

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._file, name)
        if name not in IN_FILES:
            return found
        return lambda *args: self._operations.do(name, found, *args)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
