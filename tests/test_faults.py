"""The table of faults in tests/README.md is whole and true: each row has tests where it says, or a reason why not."""

import subprocess
import sys

from support.fault_table import MARK, ROWS, TESTS, Row, file_of, marked, rows


def marked_anywhere(session):
    """Return (row, file) of every test that carries the marker, also when this run has only some of the tests."""
    if {file_of(item) for item in session.items} >= {
        file.relative_to(TESTS).as_posix() for file in TESTS.rglob("test_*.py")
    }:
        return marked(session.items)
    words = (
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-p",
        "support.fault_table",
        "-p",
        "no:cacheprovider",
        TESTS,
    )
    done = subprocess.run(
        [sys.executable, *map(str, words)], cwd=TESTS.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    lines = [line.removeprefix(MARK).split() for line in done.stdout.splitlines() if line.startswith(MARK)]
    return {(int(number), file) for number, file in lines}


def wrong_with(table, tests):
    """Return in words what is wrong with a table, given where the tests of the rows are."""
    numbers = [row.number for row in table]
    found = [f"row {number} is missing" for number in sorted(ROWS - set(numbers))]
    found += [
        f"row {number} stands there twice" for number in sorted(set(numbers)) if numbers.count(number) > 1
    ]
    found += [
        f"row {number} is marked and not in the table"
        for number in sorted({n for n, _ in tests} - set(numbers))
    ]
    for row in table:
        files = {file for number, file in tests if number == row.number}
        if not row.files and len(row.note) < 20:
            found.append(f"row {row.number} ({row.words}) has neither a test nor a reason")
        found += [f"row {row.number}: {file} has no test of it" for file in sorted(row.files - files)]
    return found


def test_each_fault_of_the_table_has_tests_where_it_says_or_a_reason_why_not(request):
    assert wrong_with(rows(), marked_anywhere(request.session)) == []


def test_what_is_wrong_with_a_table_is_found():
    table = [
        *(
            Row(number, "words", frozenset(), "there is no way to do this here")
            for number in ROWS - {9, 10, 11}
        ),
        Row(9, "cut off", frozenset(), ""),
        Row(10, "closed", frozenset({"a.py", "b.py"}), ""),
    ]
    assert wrong_with(table, {(10, "b.py"), (10, "c.py"), (99, "a.py")}) == [
        "row 11 is missing",
        "row 99 is marked and not in the table",
        "row 9 (cut off) has neither a test nor a reason",
        "row 10: a.py has no test of it",
    ]
