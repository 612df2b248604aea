"""What holds for every test: no screen, no key, no proxy, a home of its own, and nothing left behind."""

import asyncio
import atexit
import json
import logging
import multiprocessing.resource_tracker
import os
import shutil
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import settings

_home = Path(tempfile.mkdtemp(prefix="sharpen-tests-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
_screen = {"name": "desk", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "dpr": 1}
(_home / "screen.json").write_text(json.dumps({"screens": [_screen]}), encoding="utf-8")
# Before anything loads Qt. Its own offscreen screen has 800 × 800 pixels, fewer than the window's smallest size.
os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={_home / 'screen.json'}"
for name in tuple(os.environ):
    plain = name.upper()
    if plain.startswith("SHARPEN_") or plain.endswith("_PROXY") or ("AIML" in plain and "KEY" in plain):
        del os.environ[name]
os.environ["SHARPEN_HOME"] = str(_home / "home")
# Never the keyring of whoever runs this.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

GRACE_S = 5.0
SHARED = "shared_by_tests"
"""Property of a window that outlives a test on purpose."""
FAULTS = "faults injected"
SESSION_THREADS = ("errand", "asyncio_", "pytest_timeout")


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "fault(*rows): what goes wrong here; rows of the table in tests/README.md"
    )


def pytest_terminal_summary(terminalreporter):
    """Say how many faults were injected and after how many of them nothing was lost."""
    ended = [
        (outcome, dict(report.user_properties))
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
    ]
    faults = [(outcome, told) for outcome, told in ended if FAULTS in told]
    if faults:
        injected = sum(told[FAULTS] for _, told in faults)
        harmless = sum(told[FAULTS] for outcome, told in faults if outcome == "passed")
        terminalreporter.write_line(f"faults: {injected} injected, {harmless} lost nothing")


@pytest.fixture(autouse=True)
def _count_faults(request, record_property):
    """Count a test of a fault as one, unless it says itself how many it injects."""
    if request.node.get_closest_marker("fault"):
        record_property(FAULTS, 1)


@pytest.fixture
def injected(request):
    """Say how many faults this test has injected: ``injected(15)``."""

    def tell(count):
        request.node.user_properties = [each for each in request.node.user_properties if each[0] != FAULTS]
        request.node.user_properties.append((FAULTS, count))

    return tell


@pytest.fixture(scope="session")
def session_loop(qapp):
    """The one Qt event loop of the session, not yet the running one."""
    from qasync import QEventLoop

    loop = QEventLoop(qapp, already_running=True)
    asyncio.events._set_running_loop(None)
    executor = ThreadPoolExecutor(2, "errand")
    loop.set_default_executor(executor)
    yield loop
    executor.shutdown()
    loop.stop()
    loop.close()


@pytest.fixture
def loop(session_loop):
    """The session's loop as the running one while a test lasts; what nobody caught in it fails the test."""
    uncaught = []
    session_loop.set_exception_handler(lambda _, context: uncaught.append(context))
    asyncio.events._set_running_loop(session_loop)
    try:
        yield session_loop
        _wait(lambda: not _tasks(session_loop), _turn)
        left = _tasks(session_loop)
    finally:
        asyncio.events._set_running_loop(None)
        session_loop.set_exception_handler(None)
    assert not left, f"tasks left over: {left}"
    assert not uncaught, f"nobody caught: {uncaught}"


@pytest.fixture(autouse=True)
def _nothing_left(caplog):
    """Fail a test that leaves a thread, a child process or a window, or writes an ERROR into the log.

    A test that expects such a line looks at ``caplog`` and clears it.
    """
    threads, children, windows = set(threading.enumerate()), _children(), _windows()
    yield
    errors = [
        f"{record.name}: {record.getMessage()}"
        for record in caplog.get_records("call")
        if record.levelno >= logging.ERROR
    ]
    _wait(lambda: not (_threads() - threads or _children() - children or _windows() - windows), _turn)
    assert not errors, f"errors in the log: {errors}"
    assert not _threads() - threads, f"threads left over: {_threads() - threads}"
    assert not _children() - children, f"child processes left over: {_children() - children}"
    assert not _windows() - windows, f"windows left over: {_windows() - windows}"


def _wait(claim, turn):
    end = time.monotonic() + GRACE_S
    while not claim() and time.monotonic() < end:
        turn()


def _turn():
    """Let Qt do what it has put off, without waiting for more than a moment."""
    threading.Event().wait(0.005)
    app = _app()
    if app is not None:
        from PySide6.QtCore import QEvent

        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _app():
    widgets = sys.modules.get("PySide6.QtWidgets")
    return widgets.QApplication.instance() if widgets else None


def _tasks(loop):
    return {task for task in asyncio.all_tasks(loop) if not task.done()}


def _threads():
    return {each for each in threading.enumerate() if not each.name.startswith(SESSION_THREADS)}


def _windows():
    app = _app()
    if app is None:
        return set()
    shown = [each for each in app.topLevelWidgets() if each.isVisible() and not each.property(SHARED)]
    return {f"{type(each).__name__} {each.objectName()}" for each in shown}


def _children():
    """The numbers of our child processes, where the system tells; not the keeper of shared resources."""
    keeper = multiprocessing.resource_tracker._resource_tracker._pid
    found = set()
    for file in Path("/proc/self/task").glob("*/children"):
        try:
            found.update(int(number) for number in file.read_text(encoding="ascii").split())
        except OSError:
            continue  # the thread has just ended
    return found - {keeper}
