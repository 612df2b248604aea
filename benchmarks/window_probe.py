"""Run the real program on one photo in this process and print what a user would wait for, as JSON.

Called by benchmarks/window.py in a fresh process for each measurement. Times count from the moment the
caller started the process (``--since``, seconds of time.time()).
"""

import argparse
import asyncio
import gc
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STALL_TICK_MS = 1
STALL_MS = 10.0
"""From so long on it is noted where the window was meanwhile."""
SETTLE_S = 0.3
HAND_S = 0.1
"""No hand ends a stroke, zooms and takes up the next tool in a shorter time."""


class Gaps:
    """The longest time the event loop did not come round, by name of what was going on, and where it was then.

    ``cpu``: the processor time of the window's thread in the longest gaps; a gap without it is another program's doing.
    """

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.longest: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self.where: dict[str, str] = {}
        self.during = "start"
        self._last, self._on_cpu = time.perf_counter(), time.thread_time()
        self._thread = threading.get_ident()
        self._seen = ""
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(STALL_TICK_MS)
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="gaps", daemon=True).start()

    def end(self) -> None:
        """Watch no longer."""
        self._ended.set()
        self._timer.stop()

    def _tick(self) -> None:
        now, on_cpu = time.perf_counter(), time.thread_time()
        cpu = (on_cpu - self._on_cpu) * 1000
        self.longest[self.during] = max((now - self._last) * 1000, self.longest.get(self.during, 0.0))
        if cpu > self.cpu.get(self.during, 0.0):
            self.cpu[self.during], self.where[self.during] = cpu, self._seen if cpu > STALL_MS else ""
        self._last, self._on_cpu, self._seen = now, on_cpu, ""

    def _watch(self) -> None:
        """Note where the window's thread is when it has not come round for a while."""
        while not self._ended.wait(0.003):
            if time.perf_counter() - self._last > STALL_MS / 1000 and not self._seen:
                self._seen = self._where()

    def _where(self) -> str:
        """Return the innermost calls of the window's thread.

        No frame may be held on to: one of a paint event keeps its painter alive, and Qt falls over that.
        """
        frame = sys._current_frames().get(self._thread)
        calls = []
        while frame is not None and len(calls) < 12:
            calls.append((frame.f_code, frame.f_lineno))
            frame = frame.f_back
        del frame
        return " < ".join(f"{Path(code.co_filename).stem}.{code.co_name}:{line}" for code, line in calls)


class Probe:
    """Watches the window from its making on, then drives it."""

    def __init__(self, since: float, job: str, target: str) -> None:
        self.since, self.job, self.target = since, job, target
        self.figures: dict[str, Any] = {}
        self.inside: Any = None

    def mark(self, name: str) -> None:
        """Note the time since the start, once."""
        self.figures.setdefault(name, round(time.time() - self.since, 3))

    def watch_first_sight(self) -> None:
        """Note when the photo is first painted, before there is a canvas."""
        from sharpen_desktop.ui.first_sight import FirstSight

        probe, paint = self, FirstSight.paintEvent

        def painted(self: Any, event: Any) -> None:
            paint(self, event)
            probe.mark("first_photo_s")

        FirstSight.paintEvent = painted

    def watch_canvas(self) -> None:
        """Note when the window is there, with the photo on its canvas."""
        from sharpen_desktop.ui.canvas.canvas import Canvas

        probe, paint = self, Canvas.paintEvent

        def painted(self: Any, event: Any) -> None:
            paint(self, event)
            if not self.stage.is_empty:
                probe.mark("first_photo_s")
                probe.mark("window_s")

        Canvas.paintEvent = painted

    async def drive(self, inside: Any, store: Any, controller: Any) -> None:
        """Do the job in the window, then close it."""
        self.inside = inside
        gaps = Gaps()
        try:
            await self._until(lambda: "window_s" in self.figures)
            gaps.during = "open"
            await self._until(lambda: store.state.current and store.state.current.loading.value == "ready")
            self.mark("whole_photo_s")
            await asyncio.sleep(SETTLE_S)
            if self.job == "work":
                await self._work(gaps, store)
            elif self.job == "next":
                await self._next(gaps, store)
            elif self.job == "paint":
                await self._work(gaps, store, is_saved=False)
                self._paint_times()
        finally:
            gaps.end()
            self.figures["stall_ms"] = {name: round(gap, 1) for name, gap in gaps.longest.items()}
            self.figures["stall_cpu_ms"] = {name: round(gap, 1) for name, gap in gaps.cpu.items()}
            self.figures["stall_where"] = {name: where for name, where in gaps.where.items() if where}
            self.figures["window_mb"] = memory_mb()
            controller.close_now()

    async def _work(self, gaps: Gaps, store: Any, *, is_saved: bool = True) -> None:
        gaps.during, started = "sharpen", time.perf_counter()
        self.inside._controller.sharpen()
        await self._until(lambda: store.state.can_compare or store.state.notices)
        self.figures["sharpen_s"] = round(time.perf_counter() - started, 2)
        await asyncio.sleep(SETTLE_S)
        if not is_saved:
            return
        gaps.during = "compare"
        await self._compare()
        gaps.during = "mix"
        await self._mix(store)
        gaps.during = "brush"
        await self._brush(store)
        gaps.during, started = "save", time.perf_counter()
        self.inside._controller._parts.saver._dialogs = self
        self.inside._controller.save()
        await self._until(lambda: store.state.current.shown.saved_to or store.state.notices)
        self.figures["save_s"] = round(time.perf_counter() - started, 2)
        await asyncio.sleep(SETTLE_S)

    async def _next(self, gaps: Gaps, store: Any) -> None:
        """Go through the list as a hand does, each time when the neighbour has been read ahead."""
        gaps.during, taken = "next", []
        for place in range(1, len(store.state.photos)):
            await self._until(lambda place=place: store.state.photos[place].loading.value == "ready")
            await asyncio.sleep(SETTLE_S)
            started = time.perf_counter()
            self.inside._controller.step_photo(1)
            self.inside.canvas.repaint()
            taken.append((time.perf_counter() - started) * 1000)
            assert self.inside.canvas.stage.a.is_complete
        await asyncio.sleep(SETTLE_S)
        self.figures["next_ms"] = round(max(taken), 1)

    async def _compare(self) -> None:
        """Look at the result in every view, zoom, pan and drag, as a hand does."""
        canvas, controller = self.inside.canvas, self.inside._controller
        for view in ("split", "side_by_side", "difference", "single"):
            controller.choose_view(view)
            canvas.fit()
            for step in range(30):
                await asyncio.sleep(0.012)
                if step < 12:
                    canvas.zoom_to(canvas.transform.zoom * 1.25)
                else:
                    canvas.pan(17 - step, 9)
                    canvas.set_divider(0.2 + step / 60)
        for _ in range(4):
            controller.show_before(not self.inside._store.state.is_before_shown)
            await asyncio.sleep(0.1)
        canvas.fit()
        await asyncio.sleep(SETTLE_S)

    async def _mix(self, store: Any) -> None:
        """Draw the slider of the mix to and fro, in the whole picture and close by, and let it be made."""
        canvas, controller = self.inside.canvas, self.inside._controller
        controller.choose_view("split")
        for zoom in (canvas.transform.zoom, 1.0):
            canvas.zoom_to(zoom)
            for step in range(40):
                controller.mix(abs(20 - step) / 20)
                await asyncio.sleep(0.012)
            controller.mix(0.6)
            controller.end_edit()
        await self._until(lambda: is_mix_made(store))
        canvas.fit()
        await asyncio.sleep(SETTLE_S)

    async def _brush(self, store: Any) -> None:
        """Paint two strokes on the mix, in the whole picture and close by, and let it be made."""
        from PySide6.QtCore import QPointF

        canvas, controller = self.inside.canvas, self.inside._controller
        controller.choose_tool("add", "mix")
        for zoom in (canvas.transform.zoom, 1.0):
            canvas.zoom_to(zoom)
            await asyncio.sleep(HAND_S)
            width, height = canvas.width(), canvas.height()
            canvas.brush.begin(QPointF(0.6 * width, 0.3 * height), is_turned=False)
            for step in range(60):
                canvas.brush.move(QPointF((0.6 + 0.004 * step) * width, (0.3 + 0.006 * step) * height))
                await asyncio.sleep(0.012)
            canvas.brush.end(QPointF(0.85 * width, 0.67 * height))
            await asyncio.sleep(HAND_S)
        controller.choose_tool("")
        await self._until(lambda: is_mix_made(store))
        canvas.fit()
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
        canvas = self.inside.canvas
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


def is_mix_made(store: Any) -> bool:
    """Whether the shown result is mixed as it is asked for."""
    from sharpen_desktop.core.mixing import is_settled

    photo = store.state.current
    return is_settled(photo, photo.after)


def memory_mb() -> dict[str, float]:
    """Return what this process takes up: all its pages in memory, and its share of those others have as well; MB."""
    try:
        lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return {}
    found = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in lines[1:] if line.endswith("kB")}
    return {name: round(found[key], 1) for name, key in (("resident", "Rss"), ("share", "Pss"))}


def watched(ground: Any, probe: Probe) -> Any:
    """Let the probe watch the window from its first look on, and load nothing that the program would not load then."""
    look = ground.pictures.look_early

    def looked(path: Path) -> Any:
        early = look(path)
        from sharpen_desktop import window_start

        show = window_start._show_first

        async def shown(*args: Any) -> None:
            probe.watch_first_sight()
            await show(*args)
            from sharpen_desktop import window_life

            live = window_life.live

            async def lived(*args: Any) -> None:
                probe.watch_canvas()
                await live(*args)

            window_life.live = lived

        window_start._show_first = shown
        return early

    ground.pictures.look_early = looked
    return ground


def run() -> int:
    """Run one measurement."""
    gc.disable()  # as the command line does
    # Here, not above: the worker processes import this file, and the real program's is light.
    from sharpen_desktop import main
    from sharpen_desktop.services.ground import Ground

    parser = argparse.ArgumentParser()
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--since", type=float, default=time.time())
    parser.add_argument("--job", choices=("open", "work", "next", "paint"), default="open")
    parser.add_argument("--target", default="")
    words = parser.parse_args()
    probe = Probe(words.since, words.job, words.target)
    main.Ground = lambda environment: watched(Ground(environment), probe)
    status = main.open_window(words.photos, probe.drive)
    sys.stdout.write(f"{json.dumps(probe.figures)}\n")
    return status


if __name__ == "__main__":
    sys.exit(run())
