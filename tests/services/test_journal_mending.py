"""A damaged, lost or foreign journal is put aside, never deleted, and made anew from all that can be read."""

import asyncio
import errno
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from support.full_disk import memory_disk
from support.journal_desk import DONE, Desk, flipped
from support.nth_operation import Outcome, every_fault
from support.paid_runs import NOW_S, run_of

from sharpen_desktop.core.errors import JournalFailed
from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.paid import OPEN, PaidRun, Stage
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.services import journal_connection, journal_database, journal_mending
from sharpen_desktop.services.journal_mending import NOT_CERTAIN
from sharpen_desktop.services.journal_rows import COLUMNS, MIGRATIONS, checksum_of

__all__ = ["memory_disk"]

DAY_S = 86_400.0
VERSION_1 = Path(__file__).with_name("journal_version_1.sql")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "journal")


# Damage


@pytest.mark.fault(60)
def test_flipped_bytes_lose_no_run_and_change_none(desk, tmp_path, injected):
    runs = desk.add(*DONE, *DONE, *DONE)
    dice = random.Random(60)
    size = desk.file.stat().st_size
    places = [*range(0, 100, 6), 18, 19, 60, 63, *(dice.randrange(100, size) for _ in range(40))]
    mended = 0
    for turn, place in enumerate(places):
        hurt = Desk(tmp_path / str(turn))
        shutil.copytree(desk.folder, hurt.folder)
        before = flipped(hurt.file, place, dice.choice([1, 64]))
        said, found = hurt.opened()
        assert sorted(found, key=name) == sorted(runs, key=name), place
        kept = [*hurt.put_aside("damaged"), *hurt.put_aside("newer")]
        assert bool(said) == bool(kept)
        for folder in kept:
            assert (folder / "journal.sqlite3").read_bytes() == before
            assert str(folder) in said
        hurt.add(Stage.SENDING, first=500)
        said, more = hurt.opened()
        assert said == ""
        assert set(more) > set(found)
        mended += bool(kept)
    injected(len(places))
    assert mended > len(places) / 3


def name(run: PaidRun) -> str:
    return run.run_id


@pytest.mark.fault(60)
def test_what_can_be_read_of_a_damaged_journal_is_read_without_any_copy(desk):
    runs = desk.add(*DONE * 3)
    shutil.rmtree(desk.folder / "backups")
    data = desk.file.read_bytes()
    middle = len(data) // 8192 * 4096
    flipped(desk.file, middle, 4096)
    said, found = desk.opened()
    assert "damaged and has been put together again" in said
    assert set(found) < set(runs)
    assert len(found) > len(runs) / 2


@pytest.mark.fault(60)
@pytest.mark.parametrize("spoil", ["garbage", "cut", "empty", "other", "gone", "log alone"])
def test_a_journal_that_is_no_journal_any_more_is_made_from_its_copy_and_from_the_sidecars(desk, spoil):
    runs = desk.add(*DONE)
    late = run_of("late", Stage.STORED, files=("/results/late.png",), created_s=NOW_S + 9)
    desk.sidecars = (late,)
    file = desk.file
    if spoil == "garbage":
        file.write_bytes(random.Random(1).randbytes(50_000))
    elif spoil == "cut":
        os.truncate(file, 4096 * 2 + 100)
    elif spoil == "empty":
        os.truncate(file, 0)
    elif spoil == "other":
        file.unlink()
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE songs (name)")
    elif spoil == "gone":
        shutil.rmtree(file.parent)
    else:
        file.rename(file.with_name("journal.sqlite3-wal"))
    said, found = desk.opened()
    assert "put together again, with 8 runs" in said
    assert set(found) == {*runs, late}
    assert len(desk.put_aside("damaged")) == (spoil != "gone")
    assert desk.opened() == ("", found)


def test_a_run_that_the_copy_knows_as_prepared_is_in_doubt(desk):
    desk.add(Stage.UNKNOWN)

    async def scene() -> None:
        journal = desk.journal()
        await journal.add(run_of("later"))
        await journal.close()

    asyncio.run(scene())
    shutil.rmtree(desk.file.parent)
    _, runs = desk.opened()
    assert {run.run_id: (run.stage, run.problem) for run in runs}["later"] == (Stage.UNKNOWN, NOT_CERTAIN)


def test_a_sidecar_with_the_picture_outdoes_an_older_copy(desk):
    (run,) = desk.add(Stage.DOWNLOADING)
    desk.sidecars = (replace(run, stage=Stage.STORED, files=("/results/a.png",), changed_s=NOW_S - 1e8),)
    shutil.rmtree(desk.file.parent)
    assert desk.opened()[1] == desk.sidecars


@pytest.mark.fault(60)
def test_damage_that_shows_later_is_told_and_mended_at_the_next_call(desk):
    runs = desk.add(*DONE * 3)

    async def scene() -> None:
        journal = desk.journal()
        await journal.open()
        flipped(desk.file, 4096, desk.file.stat().st_size)
        await journal._thread.do(lambda: journal._database._connection.execute("PRAGMA shrink_memory"))
        with pytest.raises(JournalFailed, match="it is damaged"):
            await journal.runs()
        assert set(await journal.runs()) == set(runs)
        assert "damaged" in await journal.open()
        await journal.close()

    asyncio.run(scene())


@pytest.mark.fault(59, 60)
def test_a_journal_another_process_has_open_is_not_moved_away_from_it(desk):
    desk.add(*DONE)

    async def scene() -> None:
        journal, second = desk.journal(), desk.journal()
        await journal.open()
        flipped(desk.file, 4096, 8192)
        with pytest.raises(JournalFailed, match="Close all copies"):
            await second.open()
        assert desk.put_aside("damaged") == []
        await journal.close()
        assert "damaged" in await second.open()
        await second.close()

    asyncio.run(scene())


@pytest.mark.fault(47, 60)
def test_mending_that_is_cut_short_is_done_at_the_next_start(memory_disk, injected):
    master = Desk(memory_disk / "master")
    runs = master.add(*DONE)

    def prepare(folder: Path) -> None:
        shutil.copytree(master.folder, folder / "journal")
        flipped(Desk(folder / "journal").file, 4096, 4096)

    def scenario(folder: Path) -> str:
        return Desk(folder / "journal").opened()[0]

    def check(folder: Path, outcome: Outcome) -> None:
        assert outcome.error is None or isinstance(outcome.error, JournalFailed), repr(outcome.error)
        here = Desk(folder / "journal")
        assert set(here.opened()[1]) == set(runs)
        assert here.put_aside("damaged")

    injected(every_fault(memory_disk / "faults", scenario, check, codes=[errno.EIO], prepare=prepare).faults)


# Other versions


@pytest.mark.fault(60, 79)
def test_a_journal_of_a_newer_version_is_kept_untouched_and_a_new_one_goes_on_from_it(desk):
    runs = desk.add(*DONE)
    newer = len(MIGRATIONS) + 1
    with closing(sqlite3.connect(desk.file)) as connection:
        connection.executescript(f"ALTER TABLE runs ADD COLUMN mood TEXT; PRAGMA user_version={newer}")
    before = desk.file.read_bytes()
    said, found = desk.opened()
    (kept,) = desk.put_aside("newer")
    assert set(found) == set(runs)
    assert said == (
        "The record of paid runs was written by a newer version of this program. It is kept untouched as "
        f"{kept}, and a new one goes on from it with 7 runs."
    )
    assert (kept / "journal.sqlite3").read_bytes() == before
    desk.add(Stage.SENDING, first=100)
    assert len(desk.opened()[1]) == 8


@pytest.mark.fault(60, 79)
def test_a_newer_journal_whose_program_crashed_is_kept_with_its_log_and_read_from_it(desk):
    runs = desk.add(*DONE)
    crash = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA wal_autocheckpoint=0")
connection.execute("ALTER TABLE runs ADD COLUMN mood TEXT")
connection.execute(f"PRAGMA user_version={sys.argv[2]}")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", crash, desk.file, str(len(MIGRATIONS) + 1)], check=True)
    log = desk.file.with_name("journal.sqlite3-wal")
    before = desk.file.read_bytes(), log.read_bytes()
    assert before[1]
    said, found = desk.opened()
    (kept,) = desk.put_aside("newer")
    assert "newer version" in said
    assert set(found) == set(runs)
    assert ((kept / desk.file.name).read_bytes(), (kept / log.name).read_bytes()) == before


def as_version_1(desk: Desk) -> None:
    """Lay down a journal as version 1 of its schema left it, with a run in every stage."""
    desk.file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(desk.file)) as connection:
        connection.executescript(VERSION_1.read_text("utf-8"))


@pytest.mark.fault(79)
def test_a_journal_of_version_1_is_opened_with_all_its_runs_and_they_go_on(desk):
    as_version_1(desk)
    said, runs = desk.opened()
    assert said == ""
    found = {run.run_id: run for run in runs}
    assert {run_id: run.stage for run_id, run in found.items()} == {
        f"run-{stage.value}": Stage.REFUSED if stage is Stage.PREPARED else stage for stage in Stage
    }
    assert found["run-saved"] == run_of(
        "run-saved", Stage.SAVED, changed_s=NOW_S + 100, cost_usd=0.105, answer="/data/answers/run-saved.json",
        files=("/data/results/cloud/abc.png",), saved_to="/photos/summer-sharp.jpg",
    )  # fmt: skip

    async def scene() -> None:
        journal = desk.journal()
        assert [run.stage for run in await journal.open_runs()] == [
            stage for stage in Stage if stage in OPEN - {Stage.PREPARED}
        ]
        assert await journal.kept_queue() == (
            WaitingPhoto("/photos/b.tif", "cloud", Settings((("mode", "Strong"),))),
        )
        await journal.step("run-unknown", Stage.LOST, cost_usd=0.105)
        await journal.step("run-downloading", Stage.STORED, files=("/data/results/cloud/new.png",))
        await journal.close()

    asyncio.run(scene())


@pytest.mark.fault(79)
def test_a_run_of_an_older_version_lacks_newer_facts_and_has_their_usual_values(desk):
    as_version_1(desk)
    with closing(sqlite3.connect(desk.file, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute("SELECT * FROM runs WHERE stage = 'stored'").fetchone())
        facts = json.loads(row["facts"])
        del facts["call_id"], facts["coding"]
        values = [
            json.dumps({**facts, "unheard_of": 1}) if key == "facts" else row[key] for key in COLUMNS[:-1]
        ]
        connection.execute(
            "UPDATE runs SET facts = ?, checksum = ? WHERE stage = 'stored'",
            (values[-1], checksum_of(values)),
        )
    run = next(run for run in desk.opened()[1] if run.stage is Stage.STORED)
    assert (run.call_id, run.coding, run.photo_name) == ("", "", "summer.jpg")


def version_2(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let there be a second version of the schema."""
    migrations = (*MIGRATIONS, script)
    for module in (journal_connection, journal_database, journal_mending):
        monkeypatch.setattr(module, "MIGRATIONS", migrations)


def test_a_copy_is_made_before_the_schema_changes_and_stays(desk, monkeypatch):
    runs = desk.add(*DONE)
    before = desk.opened()
    version_2(monkeypatch, "CREATE TABLE moods (name TEXT); UPDATE runs SET owner = owner;")
    assert desk.opened() == before
    (copy,) = (desk.folder / "backups").glob("version-1-*.sqlite3")
    with journal_connection.reading(copy) as connection:
        assert journal_connection.version_of(connection) == 1
        assert connection.execute("SELECT count(*) FROM runs").fetchone()[0] == len(runs)
    with journal_connection.reading(desk.file) as connection:
        assert journal_connection.version_of(connection) == 2


@pytest.mark.fault(79)
def test_a_change_of_the_schema_that_fails_leaves_the_journal_as_it_was(desk, monkeypatch):
    runs = desk.add(*DONE)
    with monkeypatch.context() as patch:
        version_2(patch, "CREATE TABLE moods (name TEXT); DELETE FROM runs; SELECT * FROM nowhere;")
        with pytest.raises(JournalFailed):
            desk.opened()
    assert desk.opened() == ("", runs)
    with journal_connection.reading(desk.file) as connection:
        assert (
            connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'moods'").fetchone()[0] == 0
        )


def test_the_schema_is_not_changed_under_another_process(desk, monkeypatch):
    async def scene() -> None:
        first, second = desk.journal(), desk.journal()
        await first.add(run_of("one"))
        with monkeypatch.context() as patch:
            version_2(patch, "CREATE TABLE moods (name TEXT);")
            with pytest.raises(JournalFailed, match="Close all copies"):
                await second.open()
        await first.step("one", Stage.SENDING)
        await first.close()
        await second.close()

    asyncio.run(scene())


# Copies


def test_a_copy_is_made_each_day_on_which_something_changed_and_ten_are_kept(desk):
    for day in range(14):
        desk.now_s = NOW_S + day * DAY_S
        desk.add(Stage.SENDING, first=day * 10)
        desk.opened()
    copies = names(desk)
    assert len(copies) == 10
    assert copies[0] == "000005-2027-01-19.sqlite3"
    desk.now_s += 3 * DAY_S
    desk.opened()
    assert names(desk) == copies
    for number, copy in enumerate(sorted((desk.folder / "backups").iterdir())):
        with journal_connection.reading(copy) as connection:
            assert connection.execute("SELECT count(*) FROM runs").fetchone()[0] == number + 5


def names(desk: Desk) -> list[str]:
    return sorted(copy.name for copy in (desk.folder / "backups").iterdir())


@pytest.mark.fault(73)
def test_a_clock_that_goes_wrong_does_not_push_out_the_latest_copies(desk):
    for number, day in enumerate([0, 3650, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]):
        desk.now_s = NOW_S + day * DAY_S
        runs = desk.add(Stage.SENDING, first=number)
    assert len(names(desk)) == 10
    shutil.rmtree(desk.file.parent)
    assert set(desk.opened()[1]) == set(runs)


def test_a_program_that_runs_for_days_makes_its_copies_too(desk):
    async def scene() -> None:
        journal = desk.journal()
        for day in range(3):
            desk.now_s = NOW_S + day * DAY_S
            await journal.add(run_of(f"run-{day}"))
        assert len(names(desk)) == 3
        await journal.close()

    asyncio.run(scene())


def test_the_copy_of_the_day_holds_what_was_there_when_the_program_ended(desk):
    runs = desk.add(*DONE)
    more = desk.add(Stage.SENDING, first=50)
    assert len(names(desk)) == 1
    shutil.rmtree(desk.file.parent)
    assert set(desk.opened()[1]) == {*runs, *more}


def test_an_unreadable_copy_is_passed_over_for_the_one_before(desk):
    for day in range(2):
        desk.now_s = NOW_S + day * DAY_S
        runs = desk.add(Stage.SENDING, first=day)
    copies = sorted((desk.folder / "backups").iterdir())
    copies[-1].write_bytes(b"garbage" * 1000)
    shutil.rmtree(desk.file.parent)
    assert desk.opened()[1] == runs[1:]


def test_a_copy_that_cannot_be_made_is_logged_and_keeps_nobody_from_working(desk, caplog):
    desk.folder.mkdir()
    (desk.folder / "backups").write_text("in the way")
    assert len(desk.add(*DONE)) == 7
    assert "No copy of the journal was made" in caplog.text
