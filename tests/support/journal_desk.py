"""A journal in a folder of a test's own, opened anew for each thing done with it, and ways to spoil it."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from sharpen_desktop.core.paid import PaidRun, Stage
from sharpen_desktop.services.journal import Journal
from support.paid_runs import NOW_S, run_of, way_to

DONE = (Stage.UNKNOWN, Stage.STORED, Stage.EXPIRED, Stage.ANSWERED, Stage.LOST, Stage.SAVED, Stage.SENDING)
"""Stages with which a run stays as it is when the program starts again."""


class Desk:
    """A journal in ``folder``, used as by one start of the program after another. ``now_s``: what its clock says."""

    def __init__(self, folder: Path, sidecars: Iterable[PaidRun] = ()) -> None:
        self.folder = folder
        self.now_s = NOW_S
        self.sidecars = tuple(sidecars)

    @property
    def file(self) -> Path:
        return self.folder / "database" / "journal.sqlite3"

    def journal(self) -> Journal:
        return Journal(self.folder, lambda: self.now_s, lambda: self.sidecars)

    def opened(self) -> tuple[str, tuple[PaidRun, ...]]:
        """Return what opening says, and all runs."""

        async def scene() -> tuple[str, tuple[PaidRun, ...]]:
            journal = self.journal()
            try:
                return await journal.open(), await journal.runs()
            finally:
                await journal.close()

        return asyncio.run(scene())

    def add(self, *stages: Stage, first: int = 0) -> tuple[PaidRun, ...]:
        """Add a run and bring it there, for each of the stages; return all runs."""

        async def scene() -> tuple[PaidRun, ...]:
            journal = self.journal()
            try:
                for number, stage in enumerate(stages, first):
                    await journal.add(run_of(f"run-{number}"))
                    for each in way_to(stage):
                        await journal.step(f"run-{number}", each)
                return await journal.runs()
            finally:
                await journal.close()

        return asyncio.run(scene())

    def put_aside(self, kind: str) -> list[Path]:
        return sorted(self.folder.glob(f"{kind}-*"))


def flipped(file: Path, place: int, count: int) -> bytes:
    """Turn over ``count`` bytes of a file and return all its bytes."""
    data = bytearray(file.read_bytes())
    for offset in range(place, min(place + count, len(data))):
        data[offset] ^= 0xFF
    file.write_bytes(data)
    return bytes(data)
