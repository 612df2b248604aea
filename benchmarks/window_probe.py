"""Run the real program on one photo in this process and print what a user would wait for, as JSON.

Called by benchmarks/window.py in a fresh process for each measurement. Times count from the moment the
caller started the process (``--since``, seconds of time.time()).
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STALL_TICK_MS = 5
SETTLE_S = 0.3


class Gaps:
    """The longest time the event loop did not come round, by name of what was going on."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self.longest: dict[str, float] = {}
        self.during = "start"
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(STALL_TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        gap = (now - self._last) * 1000
        self.longest[self.during] = max(gap, self.longest.get(self.during, 0.0))
        self._last = now


class Probe:
    """Watches the window from its making on, then drives it."""

    def __init__(self, since: float, job: str, target: str) -> None:
        self.since, self.job, self.target = since, job, target
        self.figures: dict[str, Any] = {}
        self.window: Any = None

    def mark(self, name: str) -> None:
        """Note the time since the start, once."""
        self.figures.setdefault(name, round(time.time() - self.since, 3))

    def watch_first_paint(self) -> None:
        """Note the first paints; called before a canvas is made."""
        from sharpen_desktop.ui.canvas.canvas import Canvas
        from sharpen_desktop.ui.main_window import MainWindow

        probe, paint, paint_window = self, Canvas.paintEvent, MainWindow.paintEvent

        def painted(self: Any, event: Any) -> None:
            paint(self, event)
            if self._b is not None:
                probe.mark("first_photo_s")

        def window_painted(self: Any, event: Any) -> None:
            paint_window(self, event)
            probe.mark("window_s")

        Canvas.paintEvent = painted
        MainWindow.paintEvent = window_painted

    async def drive(self, window: Any, store: Any, controller: Any) -> None:
        """Do the job in the window, then close it."""
        self.window = window
        gaps = Gaps()
        try:
            gaps.during = "open"
            await self._until(lambda: store.state.current and store.state.current.loading.value == "ready")
            self.mark("whole_photo_s")
            await asyncio.sleep(SETTLE_S)
            if self.job == "work":
                await self._work(gaps, store)
            elif self.job == "paint":
                await self._work(gaps, store, is_saved=False)
                self._paint_times()
        finally:
            self.figures["stall_ms"] = {name: round(gap, 1) for name, gap in gaps.longest.items()}
            controller.close_now()

    async def _work(self, gaps: Gaps, store: Any, *, is_saved: bool = True) -> None:
        gaps.during, started = "sharpen", time.perf_counter()
        self.window._controller.sharpen()
        await self._until(lambda: store.state.can_compare or store.state.notices)
        self.figures["sharpen_s"] = round(time.perf_counter() - started, 2)
        await asyncio.sleep(SETTLE_S)
        if not is_saved:
            return
        gaps.during, started = "save", time.perf_counter()
        self.window._controller._saver._dialogs = self
        self.window._controller.save()
        await self._until(lambda: store.state.current.shown.saved_to or store.state.notices)
        self.figures["save_s"] = round(time.perf_counter() - started, 2)
        await asyncio.sleep(SETTLE_S)

    async def choose_target(self, _: Path) -> Path:
        """Answer the save dialog."""
        return Path(self.target)

    async def _until(self, is_so: Callable[[], Any]) -> None:
        deadline = time.monotonic() + 300
        while not is_so():
            if time.monotonic() > deadline:
                raise TimeoutError
            await asyncio.sleep(0.01)

    def _paint_times(self) -> None:
        """Time frames with two pictures in split view while zooming, panning and dragging the divider."""
        canvas = self.window.canvas
        moves: dict[str, Callable[[int], None]] = {
            "divider": lambda i: canvas.set_divider(0.2 + 0.006 * i),
            "zoom": lambda i: canvas.zoom_to(0.15 * 1.03**i),
            "pan_100": lambda i: (canvas.zoom_to(1.0), canvas.pan(3 + i % 2, 2)),
            "pan_50": lambda i: (canvas.zoom_to(0.5), canvas.pan(3 + i % 2, 2)),
        }
        times = {}
        for name, move in moves.items():
            taken = []
            for place in range(100):
                move(place)
                started = time.perf_counter()
                canvas.repaint()
                taken.append((time.perf_counter() - started) * 1000)
            taken.sort()
            times[name] = {"median": round(taken[50], 2), "p95": round(taken[95], 2)}
        self.figures["paint_ms"] = times


def main() -> int:
    """Run one measurement."""
    # Here, not above: the worker processes import this file, and the real program's is light.
    from sharpen_desktop import main as program

    parser = argparse.ArgumentParser()
    parser.add_argument("photo", type=Path)
    parser.add_argument("--since", type=float, default=time.time())
    parser.add_argument("--job", choices=("open", "work", "paint"), default="open")
    parser.add_argument("--target", default="")
    words = parser.parse_args()
    probe = Probe(words.since, words.job, words.target)
    make = program._live

    def hooked(*args: Any) -> Any:
        probe.watch_first_paint()  # Qt is loaded by now, as it would be
        return make(*args)

    program._live = hooked
    status = program.open_window([words.photo], probe.drive)
    sys.stdout.write(f"{json.dumps(probe.figures)}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
