"""Measures for how long the window's loop did not answer: a timer that looks how late it is.

probe = GapProbe(window)
…
probe.taken_ms()     # the longest gap since the last time it was asked
"""

import time

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 5


class GapProbe:
    """Runs until its ``stop``; must be made in the window's thread."""

    def __init__(self, parent: QObject) -> None:
        self._longest, self._last = 0.0, time.perf_counter()
        self._timer = QTimer(parent)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._ticked)
        self._timer.start(TICK_MS)

    def taken_ms(self) -> float:
        """Return the longest gap so far and begin anew."""
        found, self._longest = self._longest, 0.0
        return round(found * 1000, 1)

    def stop(self) -> None:
        self._timer.stop()

    def _ticked(self) -> None:
        now = time.perf_counter()
        self._longest, self._last = max(self._longest, now - self._last), now
