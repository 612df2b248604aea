"""The window as it first comes up: the photo's first look where the canvas will show it, before the rest is loaded."""

import asyncio
import contextlib
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sharpen_desktop.core.errors import PrefsUnreadable, SharpenError
from sharpen_desktop.core.picture import OpenedPicture
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.services.ground import Ground
from sharpen_desktop.services.prefs_file import read_prefs

if TYPE_CHECKING:
    from sharpen_desktop.ui.start import Start
    from sharpen_desktop.window_life import Script

QUICK = (".jpg", ".jpeg", ".jpe", ".jfif")
"""What files that may have a first look are called."""
MEANWHILE = (
    "core.wording", "services.journal", "services.outfit", "app.opening", "app.controller", "ui.canvas.canvas",
    "ui.settings_panel", "ui.variants_panel", "ui.interior", "ui.dialogs",
)  # fmt: skip
"""What the window needs next, loaded until the first look is there; each takes some 5 to 20 ms."""
PAINT_DUE_S = 0.15
"""Nothing waits longer for the screen."""
Early = Future[OpenedPicture | None]


def run(
    ground: Ground,
    files: Sequence[Path],
    early: Early | None,
    script: "Script | None",
    last_resort: threading.Timer,
) -> int:
    """Open the window with ``files`` and return the exit status when it has closed; ImportError without Qt's libraries.

    ``early``: the first look at the first of them. ``script`` is started when the window is complete, ``last_resort``
    when it begins to close.
    """
    import PySide6.QtGui  # noqa: F401 - first: it alone names the system library that is missing
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    from sharpen_desktop.ui import resources
    from sharpen_desktop.ui.main_window import MainWindow
    from sharpen_desktop.ui.one_instance import OneInstance, meeting_place
    from sharpen_desktop.ui.start import Start

    app = QApplication(sys.argv[:1])
    app.setApplicationName("sharpen-desktop")
    app.setApplicationDisplayName("Sharpen Desktop")
    app.setDesktopFileName("sharpen-desktop")
    app.setWindowIcon(resources.icon("app", "#FFFFFF", 128))
    app.setQuitOnLastWindowClosed(False)
    one = OneInstance(*meeting_place(ground.paths.config))
    if not one.begin(files):
        return 0
    prefs, problem = _prefs(ground.paths.prefs)
    start = Start(app, one, MainWindow(prefs.geometry), files, prefs, problem)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(_live(start, ground, early, script, last_resort))
    return 0


def _prefs(path: Path) -> tuple[Prefs, SharpenError | None]:
    try:
        return read_prefs(path), None
    except PrefsUnreadable as error:
        return Prefs(), error


async def _live(
    start: "Start", ground: Ground, early: Early | None, script: "Script | None", last_resort: threading.Timer
) -> None:
    if early is not None and start.files[0].suffix.lower() in QUICK:
        await _show_first(start, early)
    from sharpen_desktop import window_life
    from sharpen_desktop.services.outfit import Outfit

    await window_life.live(start, Outfit(ground), script, last_resort)


async def _show_first(start: "Start", early: Early) -> None:
    """Show the window with the photo alone in it, if its look is there soon and where it will be is known."""
    from sharpen_desktop.ui.first_sight import FirstSight, margins_from

    margins = margins_from(start.prefs, has_strip=len(start.files) > 1)
    if margins is None:
        return
    for name in MEANWHILE:
        if early.done():
            break
        import_module(f"sharpen_desktop.{name}")
    # What is the matter with it is told by who opens it.
    looked = early.result() if early.done() and not early.cancelled() and not early.exception() else None
    if looked is None:
        return
    sight, is_seen = FirstSight(looked.display, start.prefs, margins), asyncio.Event()
    sight.seen.connect(is_seen.set)
    start.window.setCentralWidget(sight)
    start.window.show_name(start.files[0].name)
    start.window.show()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(is_seen.wait(), PAINT_DUE_S)
