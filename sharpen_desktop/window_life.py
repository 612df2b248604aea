"""One life of the window: Qt and its loop, store, controller and window put together, and their end."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.app.ports import Dialogs, Engine
from sharpen_desktop.app.store import Store
from sharpen_desktop.core import history
from sharpen_desktop.core.errors import PrefsUnreadable, SharpenError
from sharpen_desktop.core.photo import Loading
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import from_mapping
from sharpen_desktop.core.state import AppState
from sharpen_desktop.services.outfit import Outfit, sample_photo
from sharpen_desktop.services.prefs_file import PrefsJson, read_prefs
from sharpen_desktop.services.schema_file import load_schema, resources_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from sharpen_desktop.ui.interior import Interior
    from sharpen_desktop.ui.one_instance import OneInstance

log = logging.getLogger(__name__)
Script = Callable[["Interior", Store, Controller], Coroutine[Any, Any, None]]
CLOSE_LIMIT_S = 5.0
WINDOWS_TICK_MS = 200
AT_FIRST_S = 0.05
"""The window waits for so long to come up with the photo in it;"""
PHOTO_DUE_S = 2.0
"""longer than this nothing waits for the photo the program was started with,"""
PAINT_S = 0.05
"""and after it came for so long, so that it is painted first."""


def run(outfit: Outfit, files: Sequence[Path], script: Script | None, last_resort: threading.Timer) -> int:
    """Open the window with ``files`` and return the exit status when it has closed; ImportError without Qt's libraries.

    ``script`` is started when the window is shown, ``last_resort`` when it begins to close.
    """
    import PySide6.QtGui  # noqa: F401 - first: it alone names the system library that is missing
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    from sharpen_desktop.ui import resources
    from sharpen_desktop.ui.one_instance import OneInstance, meeting_place

    app = QApplication(sys.argv[:1])
    app.setApplicationName("sharpen-desktop")
    app.setApplicationDisplayName("Sharpen Desktop")
    app.setDesktopFileName("sharpen-desktop")
    app.setWindowIcon(resources.icon("app", "#FFFFFF", 128))
    app.setQuitOnLastWindowClosed(False)
    one = OneInstance(*meeting_place(outfit.paths.config))
    if not one.begin(files):
        return 0
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(_live(app, outfit, files, script, last_resort, one))
    return 0


async def _live(
    app: "QApplication",
    outfit: Outfit,
    files: Sequence[Path],
    script: Script | None,
    last_resort: threading.Timer,
    one: "OneInstance",
) -> None:
    from sharpen_desktop.ui.dialogs import QtDialogs
    from sharpen_desktop.ui.interior import Interior
    from sharpen_desktop.ui.main_window import MainWindow

    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(4, "errand"))
    schema = load_schema()
    dialogs = QtDialogs()
    store, problem = _store(schema, outfit)
    outfit.prefs = lambda: store.state.prefs
    controller = _controller(store, schema, outfit, dialogs)
    window = MainWindow(store.state.prefs.geometry)
    inside = Interior(window, store, controller, schema)
    dialogs.attach(window, controller.sharpen_all)
    one.files_given.connect(inside.wishes.open_given)
    _catch_bugs(controller)
    _hear_the_end(app, controller)
    _warm_engine(store, outfit)
    if problem is not None:
        controller.board.fail(problem)
    if files:
        controller.open_paths(files)
        await _photo_seen(store, AT_FIRST_S)
    window.show()
    scripted = asyncio.create_task(script(inside, store, controller)) if script else None
    tidying = asyncio.create_task(_rest(store, controller, outfit, is_photo_due=bool(files)))
    await controller.closed.wait()
    one.end()
    await _end(controller, inside, outfit, tidying, last_resort)
    if scripted is not None:
        await scripted


def _store(schema: ModelSchema, outfit: Outfit) -> tuple[Store, SharpenError | None]:
    """Return the store in its first state, and what was wrong with the preferences."""
    problem: SharpenError | None = None
    try:
        prefs = read_prefs(outfit.paths.prefs)
    except PrefsUnreadable as error:
        prefs, problem = Prefs(), error
    state = AppState(
        history=history.begun(from_mapping(schema, dict(prefs.settings))),
        prefs=prefs,
        has_key=bool(outfit.key.value()),
        key_place=outfit.key.place,
    )
    return Store(state), problem


def _controller(store: Store, schema: ModelSchema, outfit: Outfit, dialogs: Dialogs) -> Controller:
    async def cloud() -> Engine:
        return await outfit.cloud(schema)

    return Controller(
        store,
        schema,
        outfit.pictures,
        {"local": outfit.local, "cloud": cloud},
        PrefsJson(outfit.paths.prefs),
        outfit.key,
        dialogs,
        sample_photo(resources_folder()),
        outfit.paths.session,
        outfit.archive,
        lambda: outfit.cloud(schema),
        outfit.study,
        outfit.mixer,
    )


def _warm_engine(store: Store, outfit: Outfit) -> None:
    """Get the engine's process ready as soon as the first photo is there, not when it is first needed."""
    is_warm = False

    def look(state: AppState) -> None:
        nonlocal is_warm
        if not is_warm and state.current is not None and state.current.loading is Loading.READY:
            is_warm = True
            outfit.warm_engine()

    store.subscribe(look)


def _catch_bugs(controller: Controller) -> None:
    """Send what nobody caught to the one crash handler: from slots, from tasks, from threads."""

    def from_slot(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            controller.board.crashed(error)

    def from_loop(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            controller.board.crashed(error)
        else:
            log.error("%s", context.get("message"))

    sys.excepthook = from_slot
    asyncio.get_running_loop().set_exception_handler(from_loop)


def _hear_the_end(app: "QApplication", controller: Controller) -> None:
    """Let Ctrl-C and a polite kill lead to the same orderly end as the window's own."""
    if sys.platform != "win32":
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, controller.close_now)
        return
    from PySide6.QtCore import QTimer

    tick = QTimer(app)  # Python hears of signals only while it runs
    tick.timeout.connect(lambda: None)
    tick.start(WINDOWS_TICK_MS)
    signal.signal(signal.SIGINT, lambda *_: controller.close_now())


async def _rest(store: Store, controller: Controller, outfit: Outfit, *, is_photo_due: bool) -> None:
    """Do what nobody waits for, when the first photo is seen: keyrings alone take a while to load."""
    if is_photo_due and await _photo_seen(store, PHOTO_DUE_S):
        await asyncio.sleep(PAINT_S)
    _collect_from_now_on()
    controller.started()
    await _tidied(outfit)


async def _photo_seen(store: Store, limit_s: float) -> bool:
    """Wait until the current photo has pixels; false when it has none after so long."""
    seen = asyncio.Event()

    def look(state: AppState) -> None:
        if state.current is not None and state.current.original is not None:
            seen.set()

    look(store.state)
    store.subscribe(look)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(seen.wait(), limit_s)
    return seen.is_set()


def _collect_from_now_on() -> None:
    """Look for garbage again, but not among what is there now: going through that takes the time of some frames."""
    gc.freeze()
    gc.enable()


async def _tidied(outfit: Outfit) -> None:
    """Remove what earlier processes have left, here and in the user's bucket; a bucket out of reach waits."""
    await asyncio.to_thread(outfit.tidy)
    try:
        await outfit.tidy_bucket()
    except SharpenError as error:
        log.warning("%s", error.sentence)


async def _end(
    controller: Controller,
    inside: "Interior",
    outfit: Outfit,
    tidying: "asyncio.Task[None]",
    last_resort: threading.Timer,
) -> None:
    last_resort.start()
    inside.remember_place()
    inside.window.close_for_good()
    try:
        async with asyncio.timeout(CLOSE_LIMIT_S):
            await controller.aclose()
            tidying.cancel()
            await asyncio.wait([tidying])
            await outfit.aclose()
    except (TimeoutError, OSError) as error:
        log.warning("Closing was not orderly: %r", error)
