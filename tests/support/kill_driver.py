"""Kills the real program at random moments while it spends money, and looks what has become of it.

    with PayingService(seed) as service:
        driver = KillDriver(folder, service, seed)
        driver.kill(15)
        driver.settle()
        assert driver.problems() == []

Each call is ``sharpen-desktop run --engine cloud --yes`` over a few small photos, killed (SIGKILL, the process alone)
near a moment the service sees. Half of the calls that were killed are made again. ``together`` is the part of the
calls that are two processes at once with the same photos, of which one is killed. ``settle`` starts the window and
checks every open run again, as a person would.
"""

import asyncio
import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from PIL import Image

from sharpen_desktop.core import wording
from sharpen_desktop.core.paid import OPEN, PaidRun, Stage
from sharpen_desktop.core.prefs import Prefs, to_json
from sharpen_desktop.services.journal import Journal
from sharpen_desktop.services.paths import paths_from
from support.drive import Program, descendants, environment_of, is_alive, wait_until
from support.paying_service import PayingService

CANARY = "sk-canary-0123456789abcdef"
PHOTOS = 2
LONGEST_CALL_S = 280
"""A picture that is not there yet is asked for over two minutes, and a call has two of them."""
SMALL, LARGE, LARGE_PART = (96, 72), (1280, 960), 0.1
ORPHANS_S = 2.0
MAY_STAY_OPEN = {Stage.UNKNOWN, Stage.UNTRACED}
DEFINITE = set(Stage) - OPEN


class KillDriver:
    """One home of the program, one service, and a row of kills from ``seed``."""

    def __init__(self, folder: Path, service: PayingService, seed: int, together: float = 0.0) -> None:
        self.folder = folder
        self.service = service
        self.together = together
        self.kills = 0
        self.calls = 0
        self.orphans: list[int] = []
        self._random = random.Random(seed)
        self._photos: list[Path] = []
        self._batches = 0
        self._of_service = {"SHARPEN_API_URL": service.url, "SHARPEN_API_KEY": CANARY}
        self._environment = environment_of(folder, **self._of_service)
        self._paths = paths_from(self._environment)
        self._paths.config.mkdir(parents=True, exist_ok=True)
        self._paths.prefs.write_text(json.dumps(to_json(Prefs(limit_usd=0.0))), encoding="ascii")

    def kill(self, count: int, tell: Callable[[str], None] = lambda _: None) -> None:
        """Make calls until ``count`` of them have been killed."""
        before = self.kills
        while self.kills < count:
            if self.kills == before or self._random.random() < 0.5:
                self._photos = self._new_photos()
            before = self.kills
            self._call_and_kill()
            tell(f"{self.kills} kills, {self.calls} calls, {len(self.service.charges)} charges")

    def call_at_once(self, count: int) -> None:
        """Make that many calls with the same new photos at the same time, and wait for their ends."""
        self._photos = self._new_photos()
        calls = [self._called() for _ in range(count)]
        self.calls += count
        for call in calls:
            call.wait(LONGEST_CALL_S)

    def settle(self) -> None:
        """Start the window on the same home and check every open run again."""
        with Program(self.folder, "e2e.fault_scenarios:settle_everything", **self._of_service) as program:
            program.told()
            assert program.ended() == 0, program.stderr

    def runs(self) -> tuple[PaidRun, ...]:
        """Return all rows of the journal."""

        async def read() -> tuple[PaidRun, ...]:
            journal = Journal(self._paths.journal)
            await journal.open()
            try:
                return await journal.runs(most=100_000)
            finally:
                await journal.close()

        return asyncio.run(read())

    def problems(self) -> list[str]:
        """Return what is not as it must be, in words; empty when nothing was lost."""
        runs = self.runs()
        return [
            *self._journal_damage(),
            *self._uncharted(runs),
            *self._doubled(runs),
            *self._without_file(runs),
            *self._unsettled(runs),
            *(f"process {pid} lived on after the kill" for pid in self.orphans),
        ]

    def tally(self) -> str:
        """Return the counts in one line."""
        stages = Counter(run.stage.value for run in self.runs())
        faults = ", ".join(f"{count} {name}" for name, count in sorted(self.service.injected.items()))
        told = ", ".join(f"{count} {name}" for name, count in stages.most_common())
        return (
            f"{self.kills} kills in {self.calls} calls; {len(self.service.posts)} requests, "
            f"{len(self.service.charges)} charges; faults of the service: {faults}; runs: {told}"
        )

    # Killing

    def _new_photos(self) -> list[Path]:
        """Make photos nobody has sent yet: small ones, so that most of the time goes into what is looked at.

        Some are too large for the buffers between two programs, so that a kill can hit their upload.
        """
        self._batches += 1
        place = self.folder / "photos" / str(self._batches)
        place.mkdir(parents=True)
        made = []
        for number in range(PHOTOS):
            width, height = LARGE if self._random.random() < LARGE_PART else SMALL
            noise = Image.frombytes("RGB", (width, height), self._random.randbytes(width * height * 3))
            made.append(place / f"{number}.png")
            noise.save(made[-1], compress_level=1)
        return made

    def _call_and_kill(self) -> None:
        has_come = self._moment()
        calls = [self._called() for _ in range(2 if self._random.random() < self.together else 1)]
        self.calls += len(calls)
        try:
            self._kill_when(calls[0], has_come)
            for call in calls[1:]:
                call.wait(LONGEST_CALL_S)
        finally:
            for call in calls:
                if call.poll() is None:
                    os.killpg(call.pid, signal.SIGKILL)
                call.wait(10)

    def _called(self) -> "subprocess.Popen[bytes]":
        with (self.folder / "calls.txt").open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "sharpen_desktop", "run", *map(str, self._photos), "--engine", "cloud",
                 "--yes", "--overwrite", "--output", str(self.folder / "out")],
                env=self._environment, cwd=self.folder, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip

    def _moment(self) -> Callable[[], bool]:
        """Choose what the kill waits for: nothing, or that the service has seen something more of us."""
        looks: list[Callable[[], int]] = [
            lambda: len(self.service.posts),
            lambda: sum(post.is_whole for post in self.service.posts),
            lambda: len(self.service.charges),
            lambda: len(self.service.downloads),
        ]
        look, more = self._random.choice(looks), self._random.randint(1, PHOTOS)
        before = look()
        if self._random.random() < 0.05:
            return lambda: True
        return lambda: look() >= before + more

    def _kill_when(self, process: "subprocess.Popen[bytes]", has_come: Callable[[], bool]) -> None:
        wait_until(lambda: has_come() or process.poll() is not None, 60)
        extra = self._random.random() ** 2 * 0.5
        until = time.monotonic() + extra
        wait_until(lambda: time.monotonic() >= until or process.poll() is not None, 10)
        if process.poll() is not None:
            return
        below = descendants(process.pid)
        process.kill()
        process.wait(10)
        self.kills += 1
        self.orphans += _living_after(below, ORPHANS_S)

    # Looking

    def _journal_damage(self) -> list[str]:
        found = []
        for file in self._paths.data.rglob("*"):
            if not file.is_file() or file.read_bytes()[:15] != b"SQLite format 3":
                continue
            with closing(sqlite3.connect(file)) as database:
                said = database.execute("PRAGMA integrity_check").fetchone()[0]
            found += [] if said == "ok" else [f"{file.name}: {said}"]
        return found

    def _uncharted(self, runs: tuple[PaidRun, ...]) -> list[str]:
        """Charges without a row, or with one that says nothing was charged."""
        by_reference = {run.reference: run for run in runs}
        found = []
        for charge in self.service.charges:
            run = by_reference.get(charge.client_request_id)
            if run is None:
                found.append(f"charge {charge.client_request_id} is not in the journal")
            elif run.stage in {Stage.REFUSED, Stage.PREPARED}:
                found.append(f"charge {charge.client_request_id} is in the journal as {run.stage.value}")
        return found

    def _doubled(self, runs: tuple[PaidRun, ...]) -> list[str]:
        """Equal requests charged again although the first was neither lost for good nor known to be so."""
        by_reference = {run.reference: run for run in runs}
        latest: dict[str, str] = {}
        found = []
        for charge in self.service.charges:
            before = by_reference.get(latest.get(charge.asked, ""))
            is_lost = before is not None and before.stage is Stage.LOST and before.changed_s < charge.at_s
            if charge.asked in latest and not is_lost:
                found.append(f"charge {charge.client_request_id} repeats {latest[charge.asked]}")
            latest[charge.asked] = charge.client_request_id
        return found

    def _without_file(self, runs: tuple[PaidRun, ...]) -> list[str]:
        found = []
        for run in runs:
            if not run.has_result:
                continue
            if not run.files:
                found.append(f"{run.run_id} is {run.stage.value} without a file")
            found += [
                f"{run.run_id}: {Path(file).name} {fault}" for file in run.files if (fault := _fault(file))
            ]
        return found

    def _unsettled(self, runs: tuple[PaidRun, ...]) -> list[str]:
        found = []
        for run in runs:
            if run.stage in MAY_STAY_OPEN and not wording.run_stage_text(run)[1]:
                found.append(f"{run.run_id} is {run.stage.value} without a next step")
            elif run.stage not in DEFINITE | MAY_STAY_OPEN:
                found.append(f"{run.run_id} has stayed {run.stage.value}")
        return found


def _living_after(pids: set[int], seconds: float) -> list[int]:
    """Return which of the processes live on after that time."""
    end = time.monotonic() + seconds
    while any(map(is_alive, pids)) and time.monotonic() < end:
        time.sleep(0.01)  # noqa: TID251 - there is nothing to wait for but the processes themselves
    return [pid for pid in pids if is_alive(pid)]


def _fault(file: str) -> str:
    """Return what is wrong with a stored picture: its name is the hash of what it holds."""
    path = Path(file)
    if not path.is_file():
        return "is missing"
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != path.stem:
        return "is not what its name says"
    try:
        with Image.open(path) as picture:
            picture.load()
    except OSError as error:
        return f"cannot be read ({error})"
    return ""
