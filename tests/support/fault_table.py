"""The faults and their tests: the table in tests/README.md, and the tests that carry the marker ``fault``.

python -m pytest --collect-only -q -p support.fault_table       # as a plugin it lists "row file" for each file with marked tests
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ROWS = frozenset({*range(1, 62), *range(68, 80)})
MARK = "fault row"
_LINE = re.compile(r"\| (\d+) \| ([^|]+) \| ([^|]*) \|")
_FILE = re.compile(r"`([\w/]+\.py)`")


@dataclass(frozen=True)
class Row:
    """One fault. ``files``: where its tests are, below tests/. ``note``: why there is none, or what they leave out."""

    number: int
    words: str
    files: frozenset[str]
    note: str


def rows() -> list[Row]:
    """Return the table."""
    lines = (TESTS / "README.md").read_text(encoding="utf-8").splitlines()
    return [
        Row(
            int(found[1]),
            found[2].strip(),
            frozenset(_FILE.findall(found[3])),
            _FILE.sub("", found[3]).strip(" ,;"),
        )
        for line in lines
        if (found := _LINE.fullmatch(line.strip()))
    ]


def marked(items: Iterable[pytest.Item]) -> set[tuple[int, str]]:
    """Return (row, file) of every test that carries the marker."""
    return {
        (number, file_of(item))
        for item in items
        for mark in item.iter_markers("fault")
        for number in mark.args
    }


def file_of(item: pytest.Item) -> str:
    """Return the file of a test, below tests/."""
    return item.path.relative_to(TESTS).as_posix()


def pytest_collection_finish(session: pytest.Session) -> None:
    """List what is marked."""
    for number, file in sorted(marked(session.items)):
        print(f"\n{MARK} {number} {file}", end="")
