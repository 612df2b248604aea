"""Shows a picture on a canvas and prints, as JSON, how many device pixels are not the picture's own.

    QT_SCALE_FACTOR=1.25 python scaled_canvas.py FOLDER

Run in a process of its own, because the scale of a screen is fixed when Qt is loaded.
"""

import json
import sys
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from sharpen_desktop.core.history import begun
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import Display, Level, PhotoFacts
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.view_transform import picture_box
from sharpen_desktop.ui.canvas.canvas import Canvas

WIDTH, HEIGHT = 1500, 1100
ZOOMS = (1.0, 2.0, 3.0, 4.0)
MOVES = ((0, 0), (13, -7), (-31.5, 22.25))


def display(folder: Path, name: str, seed: int) -> tuple[Display, np.ndarray]:
    """A picture of noise, in which a pixel in the wrong place is seen, and its pixels as H×W×3."""
    pixels = np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, 4), np.uint8)
    path = folder / f"{name}.bgrx"
    path.write_bytes(pixels.tobytes())
    return Display(WIDTH, HEIGHT, (Level(str(path), WIDTH, HEIGHT, 4 * WIDTH),)), pixels[..., 2::-1]


def grabbed(canvas: Canvas) -> np.ndarray:
    """What the canvas shows in device pixels, H×W×3, once it is settled."""
    canvas.grab()
    while not canvas.settling.is_done:
        QApplication.processEvents()
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 2::-1].copy()


def wrong(canvas: Canvas, before: np.ndarray, after: np.ndarray, zoom: int) -> int:
    """How many device pixels differ from the picture's own, 1 : 1 or as squares; chips and divider left out."""
    stage, seen = canvas.stage, grabbed(canvas)
    box = picture_box(stage.transform, stage.picture, stage.viewport)
    left, top = round(box.left), round(box.top)
    height, width = seen.shape[:2]
    rows, columns = np.arange(round(60 * stage.ratio), height - 2), np.arange(2, width - 2)
    down, across = (rows - top) // zoom, (columns - left) // zoom
    assert down.min() >= 0
    assert across.min() >= 0
    assert down.max() < HEIGHT
    assert across.max() < WIDTH
    expected = after[np.ix_(down, across)]
    if canvas.divider.isVisible():
        at = round(round(stage.fraction * stage.width) * stage.ratio)
        is_before = columns < at
        expected[:, is_before] = before[np.ix_(down, across)][:, is_before]
    off = (seen[np.ix_(rows, columns)] != expected).any(axis=2)
    if canvas.divider.isVisible():
        off[:, np.abs(columns - at) < round(24 * stage.ratio)] = False
    return int(off.sum())


def main() -> None:
    """Print the scale, and for each view, zoom and move how many pixels are wrong."""
    app = QApplication([])
    folder = Path(sys.argv[1])
    (a, before), (b, after) = display(folder, "a", 1), display(folder, "b", 2)
    facts = PhotoFacts("PNG", WIDTH, HEIGHT, 8, "sRGB")
    variants = (Variant("o", facts=facts, display=a), Variant("r", "local", "Local", facts, b))
    photo = Photo("p", "photo.png", loading=Loading.READY, variants=variants, side_a="o", side_b="r")
    canvas = Canvas()
    canvas.resize(501, 377)
    canvas.show()
    found = {}
    for view in ("single", "split"):
        canvas.render_state(AppState(begun(Settings(())), (photo,), "p", view=view))
        app.processEvents()
        for zoom in ZOOMS:
            for move in MOVES:
                canvas.fit()
                canvas.zoom_to(zoom)
                canvas.pan(*move)
                found[f"{view} at {zoom:.0%} moved by {move}"] = wrong(canvas, before, after, round(zoom))
    sys.stdout.write(json.dumps({"ratio": canvas.devicePixelRatioF(), "wrong": found}))


if __name__ == "__main__":
    main()
