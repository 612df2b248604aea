"""What comes before the window: the ground a run stands on, and the first look at the first photo."""

import gc
import os
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from sharpen_desktop.core.picture import OpenedPicture
from sharpen_desktop.services.ground import Ground

if TYPE_CHECKING:
    from sharpen_desktop.window_life import Script

LAST_RESORT_S = 10.0


def open_window(files: Sequence[Path], script: "Script | None" = None) -> int:
    """Open the window with ``files`` and return the exit status when it has closed: 2 when it cannot open.

    ``script`` is started when the window is complete: the pictures, the benchmarks and the end-to-end tests
    drive the real program with one.
    """
    try:
        ground = Ground(os.environ)
    except OSError as error:
        sys.stderr.write(f"Sharpen Desktop cannot use its folder {error.filename}: {error.strerror}.\n")
        return 2
    gc.disable()  # until the window is there: what is loaded stays, and looking through it costs a tenth of the start
    # Once closing has begun: a thread that waits for a dead disk must not keep the program from ending.
    last_resort = threading.Timer(LAST_RESORT_S, os._exit, (0,))
    last_resort.daemon = True
    try:
        # Before all else is loaded: the photo is decoded in its process while the window is being made.
        early = ground.pictures.look_early(files[0]) if files and files[0].is_file() else None
        return _on(ground, files, early, script, last_resort)
    finally:
        ground.close()
        last_resort.cancel()
        gc.enable()


def _on(
    ground: Ground,
    files: Sequence[Path],
    early: "Future[OpenedPicture | None] | None",
    script: "Script | None",
    last_resort: threading.Timer,
) -> int:
    """As ``open_window``, while the first photo is looked at."""
    from sharpen_desktop.services import screen
    from sharpen_desktop.services.log_file import catch_crashes

    trouble = screen.trouble(os.environ, _platform_plugins())
    if trouble:
        sys.stderr.write(f"{trouble}\n")
        return 2
    catch_crashes(ground.paths.log)  # Qt is the first that may crash
    try:
        from sharpen_desktop import window_start

        return window_start.run(ground, files, early, script, last_resort)
    except ImportError as error:
        sys.stderr.write(f"{screen.missing_library_text(error)}\n")
        return 2


def _platform_plugins() -> Path | None:
    """Return Qt's folder of platform plugins without loading Qt."""
    from importlib.util import find_spec

    spec = find_spec("PySide6")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) / "Qt" / "plugins" / "platforms" if places else None
