"""One life of the window: store, controller and what is in the window put together, and their end."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.app.ports import Dialogs, Engine
from sharpen_desktop.app.store import Store
from sharpen_desktop.core import history
from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.photo import Loading
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import from_mapping
from sharpen_desktop.core.state import AppState
from sharpen_desktop.services.outfit import Outfit, sample_photo
from sharpen_desktop.services.prefs_file import PrefsJson
from sharpen_desktop.services.schema_file import load_schema, resources_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from sharpen_desktop.ui.interior import Interior
    from sharpen_desktop.ui.start import Start

log = logging.getLogger(__name__)
Script = Callable[["Interior", Store, Controller], Coroutine[Any, Any, None]]
CLOSE_LIMIT_S = 5.0
WINDOWS_TICK_MS = 200
LISTED_DUE_S = 0.5
"""The window waits for so long to come up with the photo's name, not with a place to drop photos on,"""
AT_FIRST_S = 0.05
"""and then for so long to come up with the photo in it;"""
PHOTO_DUE_S = 2.0
"""longer than this nothing waits for the photo the program was started with,"""
PAINT_S = 0.05
"""and after it came for so long, so that it is painted first."""


async def live(start: "Start", outfit: Outfit, script: Script | None, last_resort: threading.Timer) -> None:
    """Furnish the window, open its files, and live in it until it has closed.

    ``script`` is started when the window is complete, ``last_resort`` when it begins to close.
    """
    from sharpen_desktop.ui.dialogs import QtDialogs
    from sharpen_desktop.ui.interior import Interior

    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(4, "errand"))
    schema = load_schema()
    dialogs = QtDialogs()
    store = _store(schema, outfit, start.prefs)
    outfit.prefs = lambda: store.state.prefs
    controller = _controller(store, schema, outfit, dialogs)
    window = start.window
    dialogs.attach(window, controller.sharpen_all)
    _catch_bugs(controller)
    _hear_the_end(start.app, controller)
    _warm_engine(store, outfit)
    if start.problem is not None:
        controller.board.fail(start.problem)
    if start.files:
        controller.open_paths(start.files)
    if window.isVisible():
        await _until(store, has_pixels, AT_FIRST_S)  # they are there, for they are seen
    window.setUpdatesEnabled(False)  # until the photo is in its place again
    inside = Interior(window, store, controller, schema)
    start.one.files_given.connect(inside.wishes.open_given)
    start.one.welcome()
    if start.files:
        await _until(store, has_something, LISTED_DUE_S)
        await _until(store, has_pixels, AT_FIRST_S)
    if not controller.closed.is_set():
        await _come_up(inside)
    scripted = asyncio.create_task(script(inside, store, controller)) if script else None
    tidying = asyncio.create_task(_rest(store, controller, outfit, is_photo_due=bool(start.files)))
    await controller.closed.wait()
    start.one.end()
    await _end(controller, inside, outfit, tidying, last_resort)
    if scripted is not None:
        await scripted


async def _come_up(inside: "Interior") -> None:
    """Let the window be seen, with its photo painted as it stays."""
    inside.window.show()  # nothing is painted yet
    await asyncio.sleep(0)  # only then does Qt lay out what has come into a window that is shown
    inside.canvas.settling.finish()
    inside.window.setUpdatesEnabled(True)


def _store(schema: ModelSchema, outfit: Outfit, prefs: Prefs) -> Store:
    """Return the store in its first state."""
    state = AppState(
        history=history.begun(from_mapping(schema, dict(prefs.settings))),
        prefs=prefs,
        has_key=bool(outfit.key.value()),
        key_place=outfit.key.place,
    )
    return Store(state)


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
    if is_photo_due and await _until(store, has_pixels, PHOTO_DUE_S):
        await asyncio.sleep(PAINT_S)
    _collect_from_now_on()
    controller.started()
    await _tidied(outfit)


def has_something(state: AppState) -> bool:
    """Whether there is a photo, if only its name, or something to be said."""
    return state.current is not None or bool(state.notices)


def has_pixels(state: AppState) -> bool:
    """Whether something of the current photo can be seen."""
    return state.current is not None and state.current.original is not None


async def _until(store: Store, holds: Callable[[AppState], bool], limit_s: float) -> bool:
    """Wait until the state is so; false when it is not after so long."""
    is_so = asyncio.Event()

    def look(state: AppState) -> None:
        if holds(state):
            is_so.set()

    look(store.state)
    store.subscribe(look)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(is_so.wait(), limit_s)
    return is_so.is_set()


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
