"""How long a frame of the comparer takes: two 100 MP pictures, zooms from fit to 400 %, pans, divider moves.

    python benchmarks/canvas.py [--width 2560 --height 1440 --megapixels 100 --frames 600] [--mask] [--loupe] [--json]

``--mask`` draws what will be sharpened over the pictures, as while one paints on the subject; ``--loupe`` shows the
loupe at the pointer.

A frame is a move and a repaint of the shown widget, with its way to the screen: that of DISPLAY where there is one
(``xvfb-run`` makes one), else Qt's own picture of a screen in memory. "copy" is the same for a widget that paints one
image of as many pixels: what no painter can beat; its own 99th percentile tells how much the machine disturbs.
"between" is the worst that was done between two frames, when what
was painted roughly is painted well. Times are of the clock; "cpu" is the processor time of the window's thread, which
other programs do not disturb.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from sharpen_desktop.core.history import begun
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import Display, Level, PhotoFacts
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.state import AppState, View
from sharpen_desktop.core.study import SubjectMask
from sharpen_desktop.ui.canvas.canvas import Canvas

VIEWS: tuple[View, ...] = ("split", "side_by_side", "difference", "single")


ACTIONS = ("pan", "divider", "zoom")
GOAL_MS, GOAL_COPIES = 8.0, 4.0
COPIES = 300


def main():
    """Measure each view mode and print a table."""
    words = parsed()
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        displays = [picture(Path(folder) / side, words.megapixels, seed) for seed, side in enumerate("ab")]
        mask = subject(Path(folder) / "mask.grey") if words.mask else None
        copy = plain_copy_ms(app, words.width, words.height)
        rows = [
            row(view, action, frames(app, displays, mask, view, action, words), copy)
            for view in VIEWS
            for action in ACTIONS
            if action != "divider" or view == "split"
        ]
    if words.json:
        figures = {"copy_ms": round(copy.median, 2), "copy_p99_ms": round(copy.p99, 2), "rows": rows}
        print(json.dumps({"screen": app.platformName(), **figures}, indent=1))
        return
    print(
        f"{words.megapixels:g} MP twice at {words.width} × {words.height} on “{app.platformName()}”; "
        f"plain copy {copy.median:.2f} ms, p99 {copy.p99:.2f} ms, cpu {copy.cpu:.2f} ms; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )
    head = [key for key in rows[0] if key not in ("view", "action", "holds")]
    print(f"{'view':14}{'action':9}" + "".join(f"{name:>11}" for name in head))
    for each in rows:
        figures = "".join(f"{each[name]:11.2f}" for name in head)
        print(f"{each['view']:14}{each['action']:9}{figures}  {'' if each['holds'] else 'MISSED'}")


def parsed():
    """Return the words of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--width", type=int, default=2560)
    parser.add_argument("--height", type=int, default=1440)
    parser.add_argument("--megapixels", type=float, default=100)
    parser.add_argument("--frames", type=int, default=600)
    for option in ("--mask", "--loupe", "--json"):
        parser.add_argument(option, action="store_true")
    return parser.parse_args()


def row(view: View, action: str, taken, copy: "CopyTimes") -> dict[str, object]:
    """Return the figures of one kind of movement. ``taken``: milliseconds, processor milliseconds, between frames."""
    clock, cpu, between = (np.array(each) for each in zip(*taken, strict=True))
    p50, p95, p99 = np.percentile(clock, (50, 95, 99))
    figures = {
        "median": p50, "p95": p95, "p99": p99, "worst": clock.max(), "cpu median": np.median(cpu), "cpu p99": np.percentile(cpu, 99),
        "p99/copy": p99 / copy.median, "cpu/copy": np.percentile(cpu, 99) / copy.cpu, "between": between.max(),
    }  # fmt: skip
    holds = bool(p99 <= GOAL_MS and p99 <= GOAL_COPIES * copy.median)
    return {
        "view": view,
        "action": action,
        **{k: round(float(v), 2) for k, v in figures.items()},
        "holds": holds,
    }


def picture(stem: Path, megapixels: float, seed: int) -> Display:
    """Make display levels of noise on disk, as the pictures process leaves them."""
    width = round((megapixels * 1e6 * 1.5) ** 0.5)
    height = round(width / 1.5)
    tile = np.random.default_rng(seed).integers(0, 256, (256, 256, 4), np.uint8)
    levels, scale = [], 1
    while max(width, height) / scale >= 256:
        w, h = width // scale, height // scale
        path = Path(f"{stem}-{scale}.bgrx")
        rows = np.tile(tile, (1, w // 256 + 1, 1))[:, :w]
        with path.open("wb") as file:
            for top in range(0, h, 256):
                file.write(np.ascontiguousarray(rows[: min(256, h - top)]).tobytes())
        levels.append(Level(str(path), w, h, w * 4))
        scale *= 2
    return Display(width, height, tuple(levels))


def subject(path: Path, width: int = 1024, height: int = 683) -> SubjectMask:
    """Make the mask of a subject with a soft rim in the middle of the picture."""
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    path.write_bytes((255 * np.clip(3 - 4 * np.hypot(down, across), 0, 1)).astype(np.uint8).tobytes())
    return SubjectMask(Level(str(path), width, height, width), (), 0.3)


class Copy(QWidget):
    """Paints one image of its own size."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._image = QImage(width, height, QImage.Format.Format_RGB32)
        self._image.fill(0x336699)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event):  # noqa: N802, ARG002, D102 - Qt's
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        painter.end()


def shown(app, widget: QWidget, width: int, height: int) -> None:
    """Show a widget alone in a window without a frame."""
    widget.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    widget.resize(width, height)
    widget.show()
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        app.processEvents()


class CopyTimes(NamedTuple):
    """Milliseconds of one screenful of pixels on its way to the screen; ``cpu``: the thread's own, median."""

    median: float
    p99: float
    cpu: float


def plain_copy_ms(app, width: int, height: int) -> CopyTimes:
    """Return how long it takes to bring one screenful of pixels to the screen."""
    widget, times = Copy(width, height), []
    shown(app, widget, width, height)
    for _ in range(COPIES):
        started, on_cpu = time.perf_counter(), time.thread_time()
        widget.repaint()
        times.append(((time.perf_counter() - started) * 1e3, (time.thread_time() - on_cpu) * 1e3))
        app.processEvents()
    widget.close()
    clock, cpu = np.transpose(times)
    return CopyTimes(float(np.median(clock)), float(np.percentile(clock, 99)), float(np.median(cpu)))


def frames(app, displays, mask: SubjectMask | None, view: View, action: str, words):
    """Return the milliseconds, processor milliseconds and those until the next frame of each frame of a random walk."""
    canvas = Canvas()
    canvas.render_state(state_of(displays, mask, view))
    shown(app, canvas, words.width, words.height)
    if words.loupe:
        canvas.toggle_loupe()
        canvas.underMouse = lambda: True  # there is no mouse
    chance = random.Random(7)
    canvas.fit()
    canvas.repaint()
    lowest = canvas.transform.zoom
    taken = []
    for number in range(words.frames):
        if action != "zoom" and number % 100 == 0:
            canvas.zoom_to(lowest * (4 / lowest) ** chance.random())
            canvas.repaint()
        canvas.mouse.pointer = QPointF(chance.uniform(0, words.width), chance.uniform(0, words.height))
        started, on_cpu = time.perf_counter(), time.thread_time()
        move(canvas, action, chance, lowest, number / words.frames)
        canvas.repaint()
        done = time.perf_counter()
        taken.append(((done - started) * 1e3, (time.thread_time() - on_cpu) * 1e3, 0.0))
        between = 0.0
        until = done + (0.0 if number % 50 else 0.3)  # now and then the hand rests
        while True:
            started = time.perf_counter()
            app.processEvents()
            between = max(between, time.perf_counter() - started)
            if time.perf_counter() >= until:
                break
            threading.Event().wait(0.0005)
        taken[-1] = (*taken[-1][:2], between * 1e3)
    canvas.close()
    canvas.deleteLater()
    app.processEvents()
    return taken


def move(canvas: Canvas, action: str, chance: random.Random, lowest: float, part: float) -> None:
    """Do one step of an action."""
    if action == "pan":
        canvas.pan(chance.uniform(-60, 60), chance.uniform(-60, 60))
    elif action == "divider":
        canvas.set_divider(chance.random())
    else:
        about = QPointF(chance.uniform(0, canvas.width()), chance.uniform(0, canvas.height()))
        canvas.zoom_to(lowest * (4 / lowest) ** part, about)


def state_of(displays, mask: SubjectMask | None, view: View) -> AppState:
    """Return a state with one photo that has a result; its subject is shown if there is one."""
    facts = PhotoFacts("JPEG", displays[0].width, displays[0].height, 8, "sRGB")
    before = Variant("o", facts=facts, display=displays[0])
    after = Variant("r", "local", "Local", facts, displays[1])
    photo = Photo(
        "p", "photo.jpg", "", loading=Loading.READY, variants=(before, after), side_a="o", side_b="r",
        subject=mask,
    )  # fmt: skip
    settings = Settings((("subject_detection", "Foreground"),))
    return AppState(begun(settings), (photo,), "p", view=view, is_mask_shown=mask is not None)


if __name__ == "__main__":
    main()
