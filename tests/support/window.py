"""The real window over a real store and controller, with fakes at the ports, and short ways to use it.

Its pictures are raw display levels of flat colours, so that a grab of the canvas can be looked at by pixel.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton, QWidget

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.account import key_placed, photo_known, quote_heard
from sharpen_desktop.core.editing import prefs_changed
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.money import Quote
from sharpen_desktop.core.paid import HAS_RESULT, PaidRun, Stage, asked_for
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.photos import photos_listed, picture_read
from sharpen_desktop.core.picture import Display, Level, Master, OpenedPicture, PhotoFacts
from sharpen_desktop.core.running import result_arrived, runs_added
from sharpen_desktop.core.runs import Run
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import EngineName, Settings, defaults
from sharpen_desktop.core.state import AppState
from sharpen_desktop.services.schema_file import load_schema
from sharpen_desktop.ui.interior import Interior
from sharpen_desktop.ui.main_window import MainWindow
from support.fakes import (
    FakeArchive,
    FakeCloud,
    FakeDialogs,
    FakeEngine,
    FakeKeys,
    FakeMixer,
    FakePictures,
    FakePrefsFile,
    FakeStudy,
    fingerprint_of,
)

RED, BLUE, GREEN = (200, 30, 30), (30, 40, 200), (20, 150, 60)
NO_KEY, SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
LEFT = Qt.MouseButton.LeftButton
MAY_3_S = 1_777_800_000.0
"""Noon of 3 May 2026, or nearly so, wherever the tests run."""
Colour = tuple[int, int, int]
W = TypeVar("W", bound=QObject)


def flat(colour: Colour, width: int = 600, height: int = 400) -> np.ndarray:
    """H×W×3 of one colour."""
    return np.full((height, width, 3), colour, np.uint8)


def patchwork(width: int = 600, height: int = 400) -> np.ndarray:
    """H×W×3 in which no two neighbours are alike: any shift or smoothing shows."""
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)


class Desk:
    """A window at work. ``state``: fields of the first state."""

    def __init__(
        self,
        qtbot: Any,
        folder: Path,
        schema: ModelSchema | None = None,
        **state: Any,
    ) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.schema = schema or load_schema()
        state.setdefault("history", begun(defaults(self.schema)))
        self.store = Store(AppState(**state))
        self.pictures = FakePictures()
        self.local, self.cloud = FakeEngine("local"), FakeEngine("cloud")
        self.dialogs, self.keys, self.prefs_file = FakeDialogs(), FakeKeys(), FakePrefsFile()
        self.archive = FakeArchive()
        self.service = FakeCloud(self.archive)
        self.study = FakeStudy()
        self.mixer = FakeMixer()
        self.sample = folder / "sample.jpg"
        self.controller = Controller(
            self.store,
            self.schema,
            self.pictures,
            {"local": self.local.load, "cloud": self.cloud.load},
            self.prefs_file,
            self.keys,
            self.dialogs,
            self.sample,
            folder,
            self.archive,
            self.service.load,
            self.study,
            self.mixer,
        )
        self.window = MainWindow(self.store.state.prefs.geometry)
        self.inside = Interior(self.window, self.store, self.controller, self.schema)
        self.canvas = self.inside.canvas
        self._first = self.store.state
        self._count = 0

    # Life

    def show(self, width: int = 1440, height: int = 900) -> "Desk":
        """Show the window and give it the keyboard."""
        self.window.resize(width, height)
        self.window.show()
        QTest.mouseMove(self.window.windowHandle(), QPoint(2, 2))
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        return self

    def renew(self, loop: asyncio.AbstractEventLoop) -> None:
        """Put everything back to how it was at first: making a window takes longer than most tests do."""
        for dialog in self.window.findChildren(QDialog):
            dialog.close()
        self.window.setFocus()
        self.store.apply(lambda _: self._first)
        for name in tuple(self.tasks._tasks):
            self.tasks.cancel(name)
        self.until(lambda: not asyncio.all_tasks(loop))
        self.controller.closed.clear()
        self.controller._parts.queue._consent.withdraw()
        self.controller._parts.money._last_run_s = self.controller._parts.money._quote_asked_s = None
        for fake in (
            self.pictures, self.dialogs, self.keys, self.prefs_file, self.archive, self.study, self.mixer,
        ):  # fmt: skip
            fake.__init__()
        self.service.__init__(self.archive)
        for engine in (self.local, self.cloud):
            engine.__init__(engine.name)
        self.find("key_field", QLineEdit).clear()
        self.canvas.set_divider(0.5)
        self.canvas.stage.close_zoom = 1.0
        self.inside.sides.is_unfolded = False
        self.window.setWindowState(Qt.WindowState.WindowNoState)

    def close(self, loop: asyncio.AbstractEventLoop) -> None:
        """End everything the way the program does."""
        task = loop.create_task(self.controller.aclose())
        self.until(task.done)
        task.result()
        self.window.close_for_good()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    @property
    def tasks(self) -> TaskScope:
        """What the controller has under way."""
        return self.controller._parts._tasks

    def until(self, claim: Callable[[], object], timeout_ms: int = 5000) -> None:
        """Wait until the claim holds."""
        self.qtbot.waitUntil(lambda: bool(claim()), timeout=timeout_ms)

    # Pictures

    def picture(self, pixels: np.ndarray | Colour, *levels: int) -> OpenedPicture:
        """A decoded picture whose display levels lie in files; ``levels``: further ones, each so much smaller."""
        whole = flat(pixels) if isinstance(pixels, tuple) else pixels
        height, width = whole.shape[:2]
        self._count += 1
        made = [
            self._level(whole[::scale, ::scale], self.folder / f"{self._count}-{scale}.bgrx")
            for scale in (1, *levels)
        ]
        folder = str(self.folder / f"pixels-{self._count}")  # what tells this photo from others
        master = Master(folder, width, height, 8, is_grey=False, pixels=f"{self._count}.npy")
        return OpenedPicture(
            PhotoFacts("JPEG", width, height, 8, "sRGB"), Display(width, height, tuple(made)), master
        )

    @staticmethod
    def _level(pixels: np.ndarray, file: Path) -> Level:
        height, width = pixels.shape[:2]
        rows = np.full((height, width, 4), 255, np.uint8)
        rows[..., :3] = pixels[..., ::-1]
        file.write_bytes(rows.tobytes())
        return Level(str(file), width, height, width * 4)

    def lay_down(self, name: str, pixels: np.ndarray | Colour = RED) -> Path:
        """Let a file of this name be there and read as this picture."""
        path = self.folder / name
        path.write_bytes(b"the photo's own bytes")
        self.pictures.whole[name] = self.picture(pixels)
        return path

    def list_photo(self, pixels: np.ndarray | Colour = RED, name: str = "harbour.jpg") -> str:
        """Put a whole photo on the canvas at once and return its id."""
        self._count += 1
        photo = Photo(f"photo-{self._count}", name, str(self.folder / name))
        self.store.apply(photos_listed, (photo,))
        self.store.apply(picture_read, photo.id, self.picture(pixels))
        return photo.id

    def add_result(self, pixels: np.ndarray | Colour = BLUE, engine: EngineName = "local") -> Variant:
        """Give the current photo a result at once."""
        assert self.state.current is not None
        self._count += 1
        picture = self.picture(pixels)
        run = Run(f"run-{self._count}", self.state.current.id, engine, "Local · Standard", Settings())
        variant = Variant(
            run.id, engine, f"{run.title} {self._count}", picture.facts, picture.display, picture.master
        )
        self.store.apply(runs_added, (run,))
        self.store.apply(result_arrived, run, variant)
        return variant

    def start_run(self, engine: EngineName = "local", progress: Progress | None = None) -> Run:
        """Let a run of the current photo be going on in the state, without an engine behind it."""
        assert self.state.current is not None
        self._count += 1
        run = Run(
            f"run-{self._count}",
            self.state.current.id,
            engine,
            "A run",
            Settings(),
            progress or Progress(Phase.SHARPENING, 0.4),
        )
        self.store.apply(runs_added, (run,))
        return run

    def paid_run(self, stage: Stage, photo: Photo | None = None, **more: Any) -> PaidRun:
        """Put a run into the journal: of a photo that is known by it at once, else of one that is gone."""
        self._count += 1
        own = photo.original.master if photo and photo.original else None
        fingerprint = fingerprint_of(Path(own.folder).name if own else f"gone-{self._count}")
        files = (f"/results/{self._count}.png",) if stage in HAS_RESULT else ()
        name = photo.name if photo else "gone.jpg"
        asked = asked_for(self.schema, self.state.settings)
        run = PaidRun(
            f"paid-{self._count}", stage, f"sd-{self._count}", self.schema.model, asked, fingerprint,
            self.state.settings, name, created_s=MAY_3_S, changed_s=MAY_3_S, cost_usd=0.105, files=files,
        )  # fmt: skip
        run = self.archive.put(replace(run, **more))
        if photo is not None:
            self.store.apply(photo_known, photo.id, fingerprint, (run,))
        return run

    def use_cloud(self, price: float | None = 0.105) -> None:
        """Choose the cloud, with a key and, unless ``None``, a price."""
        self.keys.give("sk-made-up-0123456789")
        self.store.apply(key_placed, self.keys.place)
        self.service.price = Quote(price, MAY_3_S) if price is not None else None
        self.store.apply(quote_heard, self.service.price)
        self.controller.choose_engine("cloud")

    def dialog(self, name: str) -> QDialog:
        """The open dialog of this name."""
        shown = [each for each in self.window.findChildren(QDialog, name) if each.isVisible()]
        assert len(shown) == 1, f"{len(shown)} of {name}"
        return shown[0]

    def promise_result(
        self, pixels: np.ndarray | Colour = BLUE, engine: str = "local", number: int = 1
    ) -> None:
        """Let the engine's result of this number read as this picture."""
        self.pictures.whole[f"{engine}-{number}.tif"] = self.picture(pixels)

    # Looking

    @property
    def state(self) -> AppState:
        return self.store.state

    @property
    def photo(self) -> Photo:
        assert self.state.current is not None
        return self.state.current

    def find(self, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
        """The one thing of this name; a child of it when several share the name is a mistake."""
        found = self.window.findChildren(kind, name)
        assert len(found) == 1, f"{len(found)} of {name}"
        return found[0]

    def action(self, name: str) -> QAction:
        return self.find(name, QAction)

    def button(self, name: str) -> QPushButton:
        return self.find(name, QPushButton)

    def text(self, name: str) -> str:
        return self.find(name, QLabel).text()

    def grab(self) -> QImage:
        """What the canvas looks like when all of it is painted well, in device pixels."""
        self.canvas.grab()
        self.until(lambda: self.canvas.settling.is_done)
        return self.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)

    def pixels(self) -> np.ndarray:
        """The same as H×W×3."""
        image = self.grab()
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(
            image.height(), image.bytesPerLine() // 4, 4
        )
        return rows[:, : image.width(), 2::-1].copy()

    def colour_at(self, x: int, y: int) -> Colour:
        return rgb(self.grab().pixelColor(x, y))

    # Doing

    def click(self, target: QWidget | str, place: QPoint | None = None) -> None:
        widget = self.find(target) if isinstance(target, str) else target
        assert widget.isVisible(), f"{widget.objectName()} is not in view"
        QTest.mouseClick(widget, LEFT, NO_KEY, place or widget.rect().center())

    def key(
        self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEY, target: QWidget | None = None
    ) -> None:
        """Press and release a key where the keyboard goes."""
        QTest.keyClick(target or QApplication.focusWidget() or self.window, key, modifiers)

    def wheel(
        self,
        target: QWidget,
        notches: float = 1,
        place: QPointF | None = None,
        modifiers: Qt.KeyboardModifier = NO_KEY,
        pixels: QPoint | None = None,
        phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
    ) -> QWheelEvent:
        """Turn the wheel over a widget; the event tells whether it was taken."""
        at = place or QPointF(target.rect().center())
        event = QWheelEvent(
            at,
            target.mapToGlobal(at),
            pixels or QPoint(),
            QPoint(0, round(120 * notches)),
            Qt.MouseButton.NoButton,
            modifiers,
            phase,
            False,
        )
        QApplication.sendEvent(target, event)
        return event

    def drag_in_window(self, start: QPoint, *stops: QPoint, button: Qt.MouseButton = LEFT) -> None:
        """Drag over the canvas as a real mouse does: what lies under it takes the press."""
        handle = self.window.windowHandle()
        places = [self.canvas.mapTo(self.window, each) for each in (start, *stops)]
        QTest.mouseMove(handle, places[0])
        QTest.mousePress(handle, button, NO_KEY, places[0])
        for place in places[1:]:
            QTest.mouseMove(handle, place)
        QTest.mouseRelease(handle, button, NO_KEY, places[-1])

    def double_click_in_window(self, place: QPoint) -> None:
        QTest.mouseDClick(self.window.windowHandle(), LEFT, NO_KEY, self.canvas.mapTo(self.window, place))
        QTest.mouseRelease(self.window.windowHandle(), LEFT, NO_KEY, self.canvas.mapTo(self.window, place))

    def change_prefs(self, **changes: Any) -> None:
        self.store.apply(prefs_changed, replace(self.state.prefs, **changes))


def rgb(colour: QColor) -> Colour:
    return colour.red(), colour.green(), colour.blue()
