"""Whatever happens to the disk or to the process, what the journal has written down stays."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from support.full_disk import fill, give_room, memory_disk, small_disk
from support.journal_desk import Desk
from support.nth_operation import FileOperations, Outcome, every_fault
from support.paid_runs import NOW_S, run_of
from support.rights import run_without_rights

from sharpen_desktop.core.errors import Charge, JournalFailed
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.services import journal_connection
from sharpen_desktop.services.journal import Journal

__all__ = ["memory_disk", "small_disk"]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "journal")


# Power cuts and kills


@pytest.mark.fault(47)
def test_every_commit_waits_for_the_disk(desk):
    desk.add(Stage.PREPARED)
    with closing(journal_connection.connected(desk.file)) as connection:
        found = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "busy_timeout", "fullfsync", "checkpoint_fullfsync")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
        "fullfsync": 1,
        "checkpoint_fullfsync": 1,
    }


@pytest.mark.fault(47)
def test_a_commit_is_on_the_disk_before_the_call_returns(desk):
    async def scene() -> list[str]:
        with FileOperations() as files:
            journal = desk.journal()
            try:
                await journal.add(run_of("one"))
                begin = len(files.seen)
                await journal.step("one", Stage.SENDING)
                seen = files.seen[begin:]
            finally:
                await journal.close()
        return [name for name in seen if name.startswith("sqlite")]

    seen = asyncio.run(scene())
    if not seen:
        pytest.skip("SQLite's own operations cannot be seen here")
    assert seen[-1] == "sqlite sync", seen


WRITER = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, "tests")
from support.paid_runs import run_of
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.services.journal import Journal

async def main(folder, first):
    journal = Journal(Path(folder))
    for number in range(int(first), int(first) + 10_000):
        await journal.add(run_of(f"run-{number}"))
        print(number, "prepared", flush=True)
        for stage in (Stage.SENDING, Stage.ANSWERED, Stage.DOWNLOADING, Stage.STORED):
            await journal.step(f"run-{number}", stage, problem=stage.value)
            print(number, stage.value, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""
ORDER = [Stage.PREPARED, Stage.SENDING, Stage.ANSWERED, Stage.DOWNLOADING, Stage.STORED]


def killed_after(folder: Path, first: int, lines: int) -> dict[str, Stage]:
    """Let a process write until it has told of so many commits, kill it, and return what it has told of."""
    code = [sys.executable, "-c", WRITER, str(folder), str(first)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(code, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as writer:
        said = [writer.stdout.readline() for _ in range(lines)]
        writer.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        said += [line for line in writer.stdout if line.endswith("\n")]
    return {f"run-{line.split()[0]}": Stage(line.split()[1]) for line in said}


@pytest.mark.fault(46)
def test_nothing_committed_is_lost_when_the_process_is_killed(desk, injected):
    dice, told = random.Random(46), {}
    for turn in range(8):
        told |= killed_after(desk.folder, turn * 10_000, dice.randint(1, 120))
        said, runs = desk.opened()
        found = {run.run_id: run for run in runs}
        assert said == ""
        assert not desk.put_aside("damaged")
        for run_id, stage in told.items():
            run = found[run_id]
            if run.stage is Stage.REFUSED:
                assert stage is Stage.PREPARED
            else:
                assert ORDER.index(stage) <= ORDER.index(run.stage) <= ORDER.index(stage) + 1
                assert run.stage is Stage.PREPARED or run.problem == run.stage.value
        assert len(found) <= len(told) + turn + 1
    injected(8)


@pytest.mark.fault(47)
def test_whichever_disk_operation_fails_a_step_is_taken_or_not_and_nothing_before_it_is_lost(
    memory_disk, injected
):
    order = [Stage.PREPARED, Stage.SENDING, Stage.ANSWERED, Stage.PAID_UNREADABLE]
    told: dict[Path, list[Stage]] = {}

    async def scene(folder: Path) -> None:
        journal = Journal(folder / "journal", lambda: NOW_S)
        try:
            await journal.add(run_of("one"))
            told[folder].append(Stage.PREPARED)
            for stage in order[1:]:
                await journal.step("one", stage)
                told[folder].append(stage)
        finally:
            await journal.close()

    def scenario(folder: Path) -> None:
        told[folder] = []
        asyncio.run(scene(folder))

    def check(folder: Path, outcome: Outcome) -> None:
        assert outcome.error is None or isinstance(outcome.error, JournalFailed), repr(outcome.error)
        assert (outcome.error is None) == (told[folder] == order)
        said, runs = Desk(folder / "journal").opened()
        assert said == ""
        reached = [Stage.PREPARED if run.stage is Stage.REFUSED else run.stage for run in runs]
        count = order.index(reached[0]) + 1 if reached else 0
        assert len(told[folder]) <= count <= len(told[folder]) + 1

    tally = every_fault(memory_disk, scenario, check)
    injected(tally.faults)
    assert tally.faults > 100
    assert tally.told > 20


# Full disks


@pytest.mark.fault(53)
def test_an_answer_is_noted_on_a_full_disk_and_no_new_run_is_begun_there(small_disk):
    async def scene() -> None:
        journal = Journal(small_disk, lambda: NOW_S)
        for number in range(12):
            await journal.add(run_of(f"run-{number}"))
            await journal.step(f"run-{number}", Stage.SENDING)
        await journal.add(run_of("unsent"))
        assert reserve.exists()
        fill(small_disk)
        with pytest.raises(JournalFailed, match=r"Nothing was sent.*the disk is full") as refused:
            await journal.add(run_of("more"))
        assert refused.value.charge is Charge.NONE
        with pytest.raises(JournalFailed, match="the disk is full"):
            await journal.step("unsent", Stage.SENDING)
        assert reserve.exists()
        for number in range(12):
            await journal.step(f"run-{number}", Stage.ANSWERED, answer="x" * 500)
        assert not reserve.exists()
        with pytest.raises(JournalFailed, match="the disk is full"):
            await journal.add(run_of("more"))
        give_room(small_disk)
        await journal.add(run_of("more"))
        assert reserve.exists()
        assert len(await journal.runs({Stage.ANSWERED})) == 12
        await journal.close()

    reserve = small_disk / "reserve"
    asyncio.run(scene())
    assert len(Desk(small_disk).opened()[1]) == 14


@pytest.mark.fault(53)
@pytest.mark.parametrize("spare", [0, 5000, 40_000])
def test_a_program_that_starts_on_a_full_disk_reads_what_was_paid_and_goes_on_with_it(small_disk, spare):
    desk = Desk(small_disk)
    desk.add(Stage.ANSWERED, Stage.STORED)
    fill(small_disk, spare)
    said, runs = desk.opened()
    assert said == ""
    assert [run.stage for run in runs] == [Stage.STORED, Stage.ANSWERED]

    async def scene() -> None:
        journal = desk.journal()
        await journal.step("run-0", Stage.STORED, files=("a.png",))
        with pytest.raises(JournalFailed, match="the disk is full"):
            await journal.add(run_of("more"))
        await journal.close()

    asyncio.run(scene())


@pytest.mark.fault(53)
def test_a_first_start_on_a_full_disk_is_told_in_plain_words_and_works_when_there_is_room(small_disk):
    async def scene() -> None:
        journal = Journal(small_disk / "journal", lambda: NOW_S)
        with pytest.raises(JournalFailed, match=r"the disk is full\)\. The engine on this computer works"):
            await journal.open()
        give_room(small_disk)
        assert await journal.open() == ""
        await journal.add(run_of("one"))
        await journal.close()

    fill(small_disk)
    asyncio.run(scene())


@pytest.mark.fault(53)
def test_a_disk_that_takes_nothing_any_more_is_told_and_the_run_can_go_on_later(desk):
    async def scene() -> None:
        journal = desk.journal()
        await journal.open()
        await journal.close()
        with FileOperations() as files:
            journal = desk.journal()
            await journal.add(run_of("one"))
            if not any(name.startswith("sqlite") for name in files.seen):
                pytest.skip("SQLite's own operations cannot be seen here")
            files.break_down()
            with pytest.raises(JournalFailed, match="the disk"):
                await journal.step("one", Stage.SENDING)
            files.recover()
            assert (await journal.step("one", Stage.SENDING)).stage is Stage.SENDING
            await journal.close()

    asyncio.run(scene())
    assert [run.stage for run in desk.opened()[1]] == [Stage.SENDING]


# Permissions


READ_ONLY = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, "tests")
from support.paid_runs import run_of
from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.services.journal import Journal

async def main(folder):
    journal = Journal(Path(folder))
    for call in (journal.open(), journal.add(run_of("more")), journal.step("run-0", Stage.ANSWERED)):
        try:
            await call
            print("done")
        except SharpenError as error:
            print(type(error).__name__, error.sentence)
    await journal.close()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.fault(54, 60)
@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
@pytest.mark.parametrize("part", ["file", "database", "all"])
def test_a_journal_that_may_only_be_read_is_told_and_nothing_is_sent(desk, part):
    desk.add(Stage.SENDING)
    everything = [desk.folder, *desk.folder.rglob("*")]
    before = {path: path.stat().st_mode for path in everything}
    for path in {"file": [desk.file], "database": [desk.file.parent], "all": everything}[part]:
        path.chmod(path.stat().st_mode & 0o555)
    try:
        words = [sys.executable, "-c", READ_ONLY, str(desk.folder)]
        done = run_without_rights(words, ROOT, {**os.environ, "PYTHONPATH": str(ROOT)})
    finally:
        for path, mode in before.items():
            if path.exists():
                path.chmod(mode)
    said = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert said[0] == "done" if part == "file" else said[0].startswith("JournalFailed")  # it can be read then
    assert all("permission to write there" in line for line in said if line != "done")
    assert all("The engine on this computer works as ever." in line for line in said if line != "done")
    assert said[2].startswith("JournalFailed The record of paid runs could not be written")
    assert said[1].startswith("JournalFailed Nothing was sent, because")
    assert said[1].endswith("Nothing was billed.")
    assert [run.stage for run in desk.opened()[1]] == [Stage.SENDING]
    assert not desk.put_aside("damaged")
