"""The journal writes down every paid run before money can be spent, and counts what was."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.full_disk import memory_folder
from support.paid_runs import NOW_S, PHOTO, any_run, run_of, way_to

from sharpen_desktop.core.errors import Charge, JournalFailed, LimitReached
from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.money import Spending
from sharpen_desktop.core.paid import OPEN, STEPS, PaidRun, Stage
from sharpen_desktop.core.picture import Fingerprint
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.services.journal import Journal

ROOT = Path(__file__).parents[2]
HOUR_S = 3600.0


class Clock:
    """A clock that stands where it is put."""

    def __init__(self, at_s: float = NOW_S) -> None:
        self.at_s = at_s

    def __call__(self) -> float:
        return self.at_s


def played(folder: Path, scene: Callable[[Journal], Awaitable[Any]], clock: Clock | None = None) -> Any:
    """Play a scene with an open journal and close it after."""

    async def all_of_it() -> Any:
        journal = Journal(folder, clock or Clock())
        try:
            await journal.open()
            return await scene(journal)
        finally:
            await journal.close()

    return asyncio.run(all_of_it())


async def brought(journal: Journal, stage: Stage, **facts: Any) -> PaidRun:
    """Add a run and bring it to a stage, with these facts."""
    run = run_of(f"run-{stage.value}", **facts)
    await journal.add(run)
    for each in way_to(stage):
        run = await journal.step(run.run_id, each)
    return run


# Runs and their steps


@settings(max_examples=25)
@given(run=any_run(stage=st.just(Stage.PREPARED)))
def test_a_run_is_read_back_as_it_was_written(run):
    async def scene(journal: Journal) -> None:
        await journal.add(run)
        kept = await journal.run(run.run_id)
        assert kept == replace(run, created_s=run.created_s or NOW_S, changed_s=run.changed_s or NOW_S)

    with memory_folder() as folder:
        played(folder, scene)


def test_a_run_without_times_gets_the_present(tmp_path):
    async def scene(journal: Journal) -> None:
        await journal.add(run_of("one", created_s=0.0, changed_s=0.0))
        run = await journal.run("one")
        assert (run.created_s, run.changed_s) == (NOW_S, NOW_S)

    played(tmp_path, scene)


@pytest.mark.parametrize("stage", Stage)
def test_allowed_steps_are_taken_and_all_others_change_nothing(tmp_path, stage):
    async def scene(journal: Journal) -> None:
        clock.at_s = NOW_S
        run = await brought(journal, stage)
        clock.at_s += 60
        for after in set(Stage) - STEPS[stage]:
            with pytest.raises(ValueError, match="cannot become"):
                await journal.step(run.run_id, after, cost_usd=9.0)
            assert await journal.run(run.run_id) == run
        for number, after in enumerate(sorted(STEPS[stage], key=lambda each: each.value)):
            other = replace(run, run_id=f"other-{number}", reference=f"sd-{number}")
            await journal.add(replace(other, stage=Stage.PREPARED))
            for each in way_to(stage):
                await journal.step(other.run_id, each)
            stepped = await journal.step(other.run_id, after, problem="none")
            assert stepped == await journal.run(other.run_id)
            assert (stepped.stage, stepped.problem, stepped.changed_s) == (after, "none", clock.at_s)

    clock = Clock()
    played(tmp_path, scene, clock)


def test_a_note_changes_facts_and_leaves_the_stage_and_its_time(tmp_path):
    async def scene(journal: Journal) -> None:
        run = await brought(journal, Stage.UNKNOWN)
        clock.at_s += 60
        noted = await journal.note(run.run_id, cost_usd=0.105, request_id="theirs")
        assert noted == replace(run, cost_usd=0.105, request_id="theirs") == await journal.run(run.run_id)

    clock = Clock()
    played(tmp_path, scene, clock)


@pytest.mark.parametrize("fixed", [{"stage": Stage.STORED}, {"created_s": 1.0}, {"changed_s": 1.0}])
def test_a_note_takes_no_step_and_changes_no_name(tmp_path, fixed):
    async def scene(journal: Journal) -> None:
        run = await brought(journal, Stage.UNKNOWN)
        with pytest.raises(ValueError, match="not changed by hand"):
            await journal.note(run.run_id, **fixed)
        assert await journal.runs() == (run,)

    played(tmp_path, scene)


def test_a_run_is_added_once_and_only_before_anything_has_left(tmp_path):
    async def scene(journal: Journal) -> None:
        await journal.add(run_of("one"))
        with pytest.raises(ValueError, match="already"):
            await journal.add(run_of("one", photo_name="other.jpg"))
        with pytest.raises(ValueError, match="sending"):
            await journal.add(run_of("two", Stage.SENDING))
        assert await journal.runs() == (run_of("one"),)

    played(tmp_path, scene)


def test_a_run_the_journal_does_not_know_is_said_to_be_missing(tmp_path):
    async def scene(journal: Journal) -> None:
        assert await journal.run("none") is None
        with pytest.raises(JournalFailed, match="missing"):
            await journal.step("none", Stage.SENDING)

    played(tmp_path, scene)


@pytest.mark.parametrize(
    "facts",
    [
        {"cost_usd": float("nan")},
        {"cost_usd": float("inf")},
        {"answer": Path("answer.json")},
        {"files": (Path("a.png"),)},
        {"problem": b"bytes"},
        {"problem": object()},
        {"quote_usd": "much"},
        {"call_id": "\udc80"},
    ],
    ids=repr,
)
def test_a_fact_that_cannot_be_written_down_is_refused_before_anything_is_written(tmp_path, facts):
    async def added(journal: Journal) -> None:
        with pytest.raises(ValueError, match="cannot be written down"):
            await journal.add(run_of("one", **facts))
        assert list(tmp_path.iterdir()) == []

    async def changed(journal: Journal) -> None:
        await journal.add(run_of("one"))
        before = stamps(tmp_path)
        with pytest.raises(ValueError, match="cannot be written down"):
            await journal.step("one", Stage.SENDING, **facts)
        with pytest.raises(ValueError, match="cannot be written down"):
            await journal.note("one", **facts)
        assert stamps(tmp_path) == before
        assert await journal.runs() == (run_of("one"),)

    async def unopened() -> None:
        journal = Journal(tmp_path)
        await added(journal)
        await journal.close()

    asyncio.run(unopened())
    played(tmp_path, changed)


def stamps(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return size and time of all database files."""
    files = (folder / "database").iterdir()
    return {
        file: (file.stat().st_size, file.stat().st_mtime_ns)
        for file in files
        if file.suffix != ".sqlite3-shm"
    }


def test_the_newest_runs_come_first_whatever_the_clock_says(tmp_path):
    async def scene(journal: Journal) -> None:
        for number, when_s in enumerate((NOW_S, NOW_S + 1e8, NOW_S - 1e8)):
            await journal.add(run_of(str(number), created_s=when_s))
        await journal.step("1", Stage.SENDING)
        assert [run.run_id for run in await journal.runs()] == ["2", "1", "0"]
        assert [run.run_id for run in await journal.runs(most=2)] == ["2", "1"]
        assert [run.run_id for run in await journal.runs({Stage.PREPARED})] == ["2", "0"]
        assert [run.run_id for run in await journal.runs({Stage.PREPARED, Stage.SENDING}, 1)] == ["2"]

    played(tmp_path, scene)


def test_the_runs_of_a_photo_are_found_by_its_bytes_or_its_pixels(tmp_path):
    async def scene(journal: Journal) -> None:
        for number, (file, pixels) in enumerate([("a", "p"), ("b", "p"), ("a", ""), ("", ""), ("", "q")]):
            await journal.add(run_of(str(number), fingerprint=Fingerprint(file, pixels)))

        async def found(file: str, pixels: str) -> list[str]:
            return [run.run_id for run in await journal.of_photo(Fingerprint(file, pixels))]

        assert await found("a", "") == ["2", "0"]
        assert await found("", "p") == ["1", "0"]
        assert await found("a", "q") == ["4", "2", "0"]
        assert await found("", "") == []
        assert await found("p", "a") == []

    played(tmp_path, scene)


# Money


@pytest.mark.parametrize("stage", Stage)
def test_each_run_counts_with_its_cost_else_with_its_quote_until_it_is_refused(tmp_path, stage):
    async def scene(journal: Journal) -> None:
        run = await brought(journal, stage)
        counts = stage is not Stage.REFUSED
        assert await journal.spending(0) == Spending(0, 0.11 * counts, 0)
        await journal.note(run.run_id, cost_usd=0.25)
        assert await journal.spending(0) == Spending(0.25 * counts, 0, 0)
        await journal.note(run.run_id, cost_usd=None, quote_usd=None)
        assert await journal.spending(0) == Spending(0, 0, int(counts))

    played(tmp_path, scene)


@pytest.mark.fault(73)
def test_only_runs_of_the_asked_time_count_and_none_of_a_clock_that_went_wrong(tmp_path):
    async def scene(journal: Journal) -> None:
        for ago_s in (0, HOUR_S, 25 * HOUR_S, -2 * HOUR_S, -1e8):
            await journal.add(run_of(f"ago-{ago_s}", created_s=NOW_S - ago_s, quote_usd=1.0))
        assert (await journal.spending(NOW_S - 24 * HOUR_S)).reserved_usd == 3
        assert (await journal.spending(NOW_S - 30)).reserved_usd == 2
        clock.at_s += 1e8
        assert (await journal.spending(clock.at_s - 24 * HOUR_S)).reserved_usd == 1

    clock = Clock()
    played(tmp_path, scene, clock)


def test_a_run_over_the_limit_of_a_day_is_refused_and_not_written_down(tmp_path):
    async def scene(journal: Journal) -> None:
        for number in range(4):
            await journal.add(run_of(str(number)), limit_usd=0.5)
        with pytest.raises(LimitReached) as refused:
            await journal.add(run_of("more"), limit_usd=0.5)
        assert refused.value.charge is Charge.NONE
        assert "≈ $0.11 would go over your limit for 24 hours of $0.50: $0.44 of it" in refused.value.headline
        assert len(await journal.runs()) == 4
        await journal.step("0", Stage.REFUSED)
        await journal.add(run_of("more"), limit_usd=0.5)
        clock.at_s += 24 * HOUR_S + 1
        await journal.add(run_of("tomorrow", created_s=clock.at_s), limit_usd=0.5)
        await journal.add(run_of("dear", quote_usd=99.0), limit_usd=None)

    clock = Clock()
    played(tmp_path, scene, clock)


def test_a_call_has_a_limit_of_its_own_whenever_its_runs_were(tmp_path):
    async def scene(journal: Journal) -> None:
        await journal.add(run_of("other"), call_limit_usd=0.2)
        await journal.add(run_of("one", call_id="call", created_s=NOW_S - 1e7), call_limit_usd=0.2)
        with pytest.raises(LimitReached, match="the limit for this call"):
            await journal.add(run_of("two", call_id="call"), call_limit_usd=0.2)
        await journal.add(run_of("three", call_id="another"), call_limit_usd=0.2)
        with pytest.raises(LimitReached):
            await journal.add(run_of("dear", quote_usd=0.21), call_limit_usd=0.2)

    played(tmp_path, scene)


def test_a_run_of_unknown_price_goes_while_something_is_left(tmp_path):
    async def scene(journal: Journal) -> None:
        await journal.add(run_of("one", quote_usd=None), limit_usd=0.11)
        await journal.add(run_of("two"), limit_usd=0.11)
        with pytest.raises(LimitReached, match="whose price is not known"):
            await journal.add(run_of("three", quote_usd=None), limit_usd=0.11)

    played(tmp_path, scene)


BUYER = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, "tests")
from support.full_disk import memory_folder
from support.paid_runs import run_of
from sharpen_desktop.core.errors import LimitReached
from sharpen_desktop.services.journal import Journal

async def main(folder, name):
    journal = Journal(Path(folder), lambda: 1_800_000_000.0)
    await journal.open()
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(12):
        try:
            await journal.add(run_of(f"{name}-{number}", created_s=0.0), limit_usd=1.0)
        except LimitReached:
            print("refused", flush=True)
    await journal.close()

asyncio.run(main(*sys.argv[1:]))
"""


def started(code: str, *given: object) -> subprocess.Popen[str]:
    """Start a process that runs ``code``."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, given)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.fault(59)
def test_processes_that_add_at_the_same_time_never_go_over_the_limit_together(tmp_path):
    buyers = [started(BUYER, tmp_path, name) for name in ("a", "b", "c")]
    for buyer in buyers:
        assert buyer.stdout.readline() == "ready\n"
    for buyer in buyers:
        buyer.stdin.write("go\n")
        buyer.stdin.flush()
    said = [buyer.communicate(timeout=60)[0].split() for buyer in buyers]
    assert [buyer.returncode for buyer in buyers] == [0, 0, 0]

    async def scene(journal: Journal) -> None:
        assert len(await journal.runs({Stage.REFUSED})) == 9  # what dead processes had prepared

    assert sum(map(len, said)) == 36 - 9
    played(tmp_path, scene)


# Who is at work


WORKER = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, "tests")
from support.full_disk import memory_folder
from support.paid_runs import run_of
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.services.journal import Journal

async def main(folder):
    journal = Journal(Path(folder))
    await journal.add(run_of("prepared"))
    await journal.add(run_of("sending"))
    await journal.step("sending", Stage.SENDING)
    print("ready", flush=True)
    sys.stdin.readline()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.fault(46)
def test_the_runs_of_another_living_process_are_left_to_it_and_those_of_a_dead_one_are_not(tmp_path):
    worker = started(WORKER, tmp_path)
    assert worker.stdout.readline() == "ready\n"

    async def meanwhile(journal: Journal) -> None:
        await journal.add(run_of("own"))
        assert [run.run_id for run in await journal.open_runs()] == ["own"]
        assert len(await journal.runs({Stage.PREPARED})) == 2
        worker.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        worker.communicate()
        assert [run.run_id for run in await journal.open_runs()] == ["prepared", "sending", "own"]

    async def afterwards(journal: Journal) -> None:
        assert [run.run_id for run in await journal.open_runs()] == ["sending"]
        refused = await journal.runs({Stage.REFUSED})
        assert {run.run_id: run.problem for run in refused} == dict.fromkeys(
            ("own", "prepared"), "The program ended before anything was sent."
        )
        assert await journal.spending(0) == Spending(0, 0.11, 0)

    played(tmp_path, meanwhile)
    played(tmp_path, afterwards)


def test_open_runs_are_those_that_are_not_settled_oldest_first(tmp_path):
    async def scene(journal: Journal) -> None:
        for stage in Stage:
            await brought(journal, stage)
        open_stages = [run.stage for run in await journal.open_runs()]
        assert open_stages == [stage for stage in Stage if stage in OPEN]

    played(tmp_path, scene)


def test_a_run_belongs_to_the_process_that_took_its_last_step(tmp_path):
    async def scene(journal: Journal) -> None:
        await brought(journal, Stage.UNKNOWN)
        other = Journal(tmp_path, Clock())
        assert await other.open_runs() == ()
        await other.note("run-unknown", problem="asked")
        assert await journal.open_runs() == ()
        await other.close()
        assert len(await journal.open_runs()) == 1

    played(tmp_path, scene)


# Cancelling and closing


class Held:
    """Holds the journal's thread, so that what is asked waits in line."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._gate = threading.Event()

    async def __aenter__(self) -> None:
        self._waiting = asyncio.ensure_future(self._journal._thread.do(self._gate.wait, 10))
        await asyncio.sleep(0)

    async def __aexit__(self, *_: object) -> None:
        self._gate.set()
        await self._waiting


async def cancelled(awaitable: Awaitable[Any]) -> None:
    task = asyncio.ensure_future(awaitable)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_cancelled_step_is_taken_wholly_and_what_is_asked_next_sees_it(tmp_path):
    async def scene(journal: Journal) -> None:
        run = await brought(journal, Stage.SENDING)
        async with Held(journal):
            await cancelled(journal.step(run.run_id, Stage.ANSWERED, answer="answer.json", cost_usd=0.1))
        kept = await journal.run(run.run_id)
        assert (kept.stage, kept.answer, kept.cost_usd) == (Stage.ANSWERED, "answer.json", 0.1)

    played(tmp_path, scene)


def test_a_cancelled_add_sets_nothing_aside(tmp_path):
    async def scene(journal: Journal) -> None:
        await journal.add(run_of("before"))
        async with Held(journal):
            await cancelled(journal.add(run_of("one"), limit_usd=1.0))
            await cancelled(journal.add(run_of("before")))
        assert [run.run_id for run in await journal.runs()] == ["before"]
        assert (await journal.spending(0)).total_usd == 0.11

    played(tmp_path, scene)


def test_a_failure_nobody_waited_for_is_in_the_log(tmp_path, caplog):
    async def scene(journal: Journal) -> None:
        async with Held(journal):
            await cancelled(journal.step("none", Stage.SENDING))
        await journal.runs()

    played(tmp_path, scene)
    assert "missing in the record" in caplog.text


def test_closing_twice_is_harmless_and_afterwards_nothing_is_written(tmp_path):
    async def scene(journal: Journal) -> None:
        await journal.add(run_of("one"))
        await asyncio.gather(journal.close(), journal.close())
        await journal.close()
        for call in (
            journal.runs(),
            journal.add(run_of("two")),
            journal.step("one", Stage.SENDING),
            journal.open(),
        ):
            with pytest.raises(JournalFailed, match="closed"):
                await call

    played(tmp_path, scene)
    assert sorted(file.name for file in (tmp_path / "database").iterdir()) == ["journal.sqlite3"]


def test_a_journal_that_was_never_used_closes_without_a_trace(tmp_path):
    asyncio.run(Journal(tmp_path / "journal").close())
    assert list(tmp_path.iterdir()) == []


def test_closing_waits_for_what_was_asked(tmp_path):
    async def scene(journal: Journal) -> None:
        await journal.add(run_of("one"))
        async with Held(journal):
            step = asyncio.ensure_future(journal.step("one", Stage.SENDING))
            await asyncio.sleep(0)
            closing = asyncio.ensure_future(journal.close())
            await asyncio.sleep(0)
        await closing
        assert (await step).stage is Stage.SENDING

    played(tmp_path, scene)


# What waits


def test_the_queue_is_kept_in_its_order_for_the_next_start(tmp_path):
    settings_ = Settings((("mode", "Strong"), ("strength", 0.5)))
    photos = [
        WaitingPhoto(f"/photos/{name}", "cloud", settings_) for name in ("b\udcff.jpg", "a.tif", "b.jpg")
    ]

    async def keep(journal: Journal) -> None:
        await journal.keep_queue([WaitingPhoto("/old.jpg", "local", Settings())] * 5)
        await journal.keep_queue(photos)

    async def see(journal: Journal) -> None:
        assert await journal.kept_queue() == tuple(photos)
        await journal.keep_queue(())
        assert await journal.kept_queue() == ()

    played(tmp_path, keep)
    played(tmp_path, see)


# Whatever happens


class Ledger:
    """What the journal must say, and ways to change both it and the journal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.expected: dict[str, PaidRun] = {}
        self.clock = Clock()

    async def play(self, data: st.DataObject) -> None:
        self.journal = Journal(self.folder, self.clock)
        try:
            for _ in range(data.draw(st.integers(1, 25))):
                self.clock.at_s += data.draw(st.sampled_from([0, 1, 1e8, -1e8]))
                await data.draw(st.sampled_from([self.add, self.step, self.step, self.note, self.reopen]))(
                    data
                )
                await self.compare()
        finally:
            await self.journal.close()

    async def compare(self) -> None:
        assert {run.run_id: run for run in await self.journal.runs()} == self.expected
        assert [run.run_id for run in reversed(await self.journal.of_photo(PHOTO))] == list(self.expected)

    async def add(self, data: st.DataObject) -> None:
        run = run_of(f"run-{len(self.expected)}", quote_usd=data.draw(st.none() | st.floats(0, 9)))
        await self.journal.add(run)
        self.expected[run.run_id] = run

    async def step(self, data: st.DataObject) -> None:
        ways = [(run, after) for run in self.expected.values() for after in STEPS[run.stage]]
        if ways:
            run, after = data.draw(st.sampled_from(ways))
            cost = data.draw(st.none() | st.floats(0, 9))
            if data.draw(st.booleans()):
                await self.journal.step(run.run_id, after, cost_usd=cost)
            else:
                await cancelled(self.journal.step(run.run_id, after, cost_usd=cost))
            self.expected[run.run_id] = replace(run, stage=after, cost_usd=cost, changed_s=self.clock.at_s)

    async def note(self, data: st.DataObject) -> None:
        if self.expected:
            run = data.draw(st.sampled_from(list(self.expected.values())))
            self.expected[run.run_id] = await self.journal.note(run.run_id, problem="heard later")

    async def reopen(self, data: st.DataObject) -> None:
        await self.journal.close()
        self.journal = Journal(self.folder, self.clock)
        for run in self.expected.values():
            if run.stage is Stage.PREPARED:
                self.expected[run.run_id] = replace(
                    run, stage=Stage.REFUSED, changed_s=self.clock.at_s,
                    problem="The program ended before anything was sent.",
                )  # fmt: skip


@settings(max_examples=30)
@given(data=st.data())
def test_no_order_of_allowed_steps_loses_a_run(data):
    with memory_folder() as folder:
        asyncio.run(Ledger(folder).play(data))
