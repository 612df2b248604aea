"""Starts programs whose clock is wrong, and sets it while they run.

clock = WrongClock(folder, years=10)
with Program(folder, scenario, photo, **clock.environment): …
clock.set(years=-10)
"""

import os
from pathlib import Path

from support.drive import ROOT

YEAR_S = 365.25 * 86_400


class WrongClock:
    """The clock of one program and of the processes it starts."""

    def __init__(self, folder: Path, years: float = 0.0) -> None:
        self._file = folder / "clock-off-by"
        self.set(years)
        tests = ROOT / "tests"
        places = (tests / "support" / "wrong_clock", tests, ROOT)
        self.environment = {
            "CLOCK_OFF_BY": str(self._file),
            "PYTHONPATH": os.pathsep.join(map(str, places)),
        }

    def set(self, years: float) -> None:
        """Let the clock be so many years ahead of the true time, or behind it."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{years * YEAR_S}", encoding="ascii")
        fresh.replace(self._file)
