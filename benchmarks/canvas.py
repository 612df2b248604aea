"""How long a frame of the comparer takes: two 100 MP pictures, zooms from fit to 400 %, pans, divider moves.

    python benchmarks/canvas.py [--width 2560 --height 1440 --megapixels 100 --frames 600 --mask]

``--mask`` draws what will be sharpened over the pictures, as while one paints on the subject.

Frames are painted into a pixmap of the canvas's size, as a screen without a graphics card gets them. "copy" is one
plain copy of as many pixels in the same run: what no painter can beat.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from sharpen_desktop.core.history import begun
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import Display, Level, PhotoFacts
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.state import AppState, View
from sharpen_desktop.core.study import SubjectMask
from sharpen_desktop.ui.canvas.canvas import Canvas

VIEWS: tuple[View, ...] = ("split", "side_by_side", "difference", "single")


def main():
    """Measure each view mode and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--width", type=int, default=2560)
    parser.add_argument("--height", type=int, default=1440)
    parser.add_argument("--megapixels", type=float, default=100)
    parser.add_argument("--frames", type=int, default=600)
    parser.add_argument("--mask", action="store_true")
    words = parser.parse_args()
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        displays = [picture(Path(folder) / side, words.megapixels, seed) for seed, side in enumerate("ab")]
        mask = subject(Path(folder) / "mask.grey") if words.mask else None
        copy_ms = plain_copy_ms(words.width, words.height)
        print(f"{words.megapixels:g} MP twice at {words.width} × {words.height}; plain copy {copy_ms:.2f} ms")
        print(f"{'view':14}{'action':10}{'median':>9}{'p95':>9}{'p99':>9}{'worst':>9}   × copy (p99)")
        for view in VIEWS:
            for action in ("pan", "divider", "zoom"):
                if action == "divider" and view != "split":
                    continue
                times = frames(app, displays, mask, view, action, words)
                p50, p95, p99 = np.percentile(times, (50, 95, 99))
                print(
                    f"{view:14}{action:10}{p50:9.2f}{p95:9.2f}{p99:9.2f}{max(times):9.2f}   {p99 / copy_ms:.1f}"
                )


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


def plain_copy_ms(width: int, height: int) -> float:
    """Return the median time of copying one screenful of pixels."""
    image, target = QImage(width, height, QImage.Format.Format_RGB32), QPixmap(width, height)
    image.fill(0x336699)
    times = []
    for _ in range(50):
        started = time.perf_counter()
        painter = QPainter(target)
        painter.drawImage(0, 0, image)
        painter.end()
        times.append((time.perf_counter() - started) * 1e3)
    return float(np.median(times))


def frames(app, displays, mask: SubjectMask | None, view: View, action: str, words) -> list[float]:
    """Return the milliseconds of each frame of a random walk of one kind."""
    canvas = Canvas()
    canvas.resize(words.width, words.height)
    canvas.render_state(state_of(displays, mask, view))
    canvas.show()
    app.processEvents()
    target, chance = QPixmap(words.width, words.height), random.Random(7)
    canvas.fit()
    lowest = canvas.transform.zoom
    times = []
    for number in range(words.frames):
        if action != "zoom" and number % 100 == 0:
            canvas.zoom_to(lowest * (4 / lowest) ** chance.random())
            canvas.render(target)
        started = time.perf_counter()
        move(canvas, action, chance, lowest, number / words.frames)
        canvas.render(target)
        times.append((time.perf_counter() - started) * 1e3)
    canvas.close()
    canvas.deleteLater()
    app.processEvents()
    return times


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
