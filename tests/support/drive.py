"""Drives the real program from inside: the child that runs a scenario, and the test's end of it.

The child is ``python -m support.drive MODULE:FUNCTION FILE…``: it opens the real window with the real processes and
runs the scenario, an ``async def scenario(drive)``, on its loop. What the scenario tells comes out as one JSON
object a line; ``await drive.go()`` waits until the test says so. Only keys, clicks and drops go in.
"""

import asyncio
import importlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

TYPE_CHECKING = False
if TYPE_CHECKING:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QWidget

    from sharpen_desktop.app.controller import Controller
    from sharpen_desktop.app.store import Store
    from sharpen_desktop.core.state import AppState
    from sharpen_desktop.ui.interior import Interior

ROOT = Path(__file__).parents[2]
PATIENCE_S = 50.0
HEAVY = ("httpx", "numpy", "cv2", "scipy", "exiv2", "PIL", "tifffile")


class Drive:
    """The hands and eyes of a scenario."""

    def __init__(self, inside: "Interior", store: "Store", controller: "Controller") -> None:
        self.inside = inside
        self.window = inside.window
        self.store = store
        self.controller = controller

    # Looking

    @property
    def state(self) -> "AppState":
        return self.store.state

    def text(self, name: str) -> str:
        from PySide6.QtWidgets import QLabel

        label = self.window.findChild(QLabel, name)
        assert label is not None, name
        return label.text()

    def is_seen(self, name: str) -> bool:
        return self.find(name).isVisible()

    def find(self, name: str) -> "QWidget":
        from PySide6.QtWidgets import QWidget

        found = self.window.findChild(QWidget, name)
        assert found is not None, name
        return found

    async def until(self, claim: Callable[[], object], patience_s: float = PATIENCE_S / 2) -> None:
        end = time.monotonic() + patience_s
        while not claim():
            assert time.monotonic() < end, f"never came true; notices: {[n.text for n in self.state.notices]}"
            await asyncio.sleep(0.005)

    async def until_read(self, name: str) -> None:
        """Wait until the photo of this name is on the canvas, whole."""
        await self.until(
            lambda: (
                self.state.current
                and self.state.current.name == name
                and self.state.current.original
                and self.state.current.original.master
            )
        )

    # Doing; each in a callback of its own, because Qt may let other tasks go on meanwhile

    async def _do(self, act: Callable[[], object]) -> None:
        done = asyncio.get_running_loop().create_future()

        def acted() -> None:
            try:
                done.set_result(act())
            except Exception as error:  # noqa: BLE001 - it goes to the scenario
                done.set_exception(error)

        asyncio.get_running_loop().call_soon(acted)
        await done

    async def key(
        self, key: "Qt.Key", modifiers: "Qt.KeyboardModifier | None" = None, target: "QWidget | None" = None
    ) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        if QApplication.activeWindow() is None:  # here is no window manager that gives the keys back
            self.window.activateWindow()
            await self.until(self.window.isActiveWindow)
        where = target or QApplication.focusWidget() or self.window
        await self._do(lambda: QTest.keyClick(where, key, modifiers or Qt.KeyboardModifier.NoModifier))

    async def type(self, name: str, text: str) -> None:
        from PySide6.QtTest import QTest

        await self._do(lambda: QTest.keyClicks(self.find(name), text))

    async def click(self, name: str, within: "QWidget | None" = None) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QWidget

        target = (within or self.window).findChild(QWidget, name)
        assert target is not None, name
        await self.until(target.isVisible)
        await self._do(lambda: QTest.mouseClick(target, Qt.MouseButton.LeftButton))

    async def drop(self, *files: Path) -> None:
        """Drop files on the window."""
        from PySide6.QtCore import QMimeData, QUrl
        from PySide6.QtGui import QDropEvent

        from support.dropping import send_drag

        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])

        def let_go() -> None:
            assert send_drag(self.window, data).isAccepted()
            send_drag(self.window, data, QDropEvent)

        await self._do(let_go)

    async def question(self) -> str:
        """Wait for a question and return what it asks."""
        from PySide6.QtWidgets import QMessageBox

        def shown() -> list[QMessageBox]:
            return [box for box in self.window.findChildren(QMessageBox, "question") if box.isVisible()]

        await self.until(shown)
        return f"{shown()[0].text()} {shown()[0].informativeText()}"

    async def answer(self, button: str) -> str:
        """Press a button of the question that comes and return what was asked."""
        asked = await self.question()
        await self.click(f"answer_{button}")
        await self.until(lambda: not any(each.isVisible() for each in self._questions()))
        return asked

    def _questions(self) -> list["QWidget"]:
        from PySide6.QtWidgets import QMessageBox

        return list(self.window.findChildren(QMessageBox, "question"))

    async def accept_file(self) -> str:
        """Accept the file dialog that comes as it stands and return the name it suggested."""
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QFileDialog, QLineEdit

        def shown() -> list[QFileDialog]:
            return [each for each in self.window.findChildren(QFileDialog) if each.isVisible()]

        await self.until(shown)
        field = shown()[0].findChild(QLineEdit, "fileNameEdit")
        assert field is not None
        await self.until(field.text)
        name = field.text()
        await self.key(Qt.Key.Key_Return, target=field)
        await self.until(lambda: not shown())
        return name

    async def close(self) -> None:
        """Ask the window to close, as its cross does."""
        await self._do(self.window.close)

    # Talking to the test

    def tell(self, **facts: object) -> None:
        sys.stdout.write(f"{json.dumps(facts, default=str)}\n")
        sys.stdout.flush()

    async def go(self) -> str:
        """Wait until the test says go on, and return the word it gives."""
        return (await asyncio.to_thread(sys.stdin.readline)).strip()


def main() -> int:
    """Be the child."""
    place, *files = sys.argv[1:]
    module, _, name = place.partition(":")
    scenario = getattr(importlib.import_module(module), name)

    async def script(inside: "Interior", store: "Store", controller: "Controller") -> None:
        drive = Drive(inside, store, controller)
        try:
            async with asyncio.timeout(2 * PATIENCE_S):
                await scenario(drive)
        except BaseException:  # noqa: BLE001 - the test is shown what it was
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(97)

    from sharpen_desktop.main import open_window

    return open_window([Path(file) for file in files], script)


class Program:
    """The test's end: a running program. A context manager that leaves no process behind.

    ``scenario``: "module:function", or the name of one in ``e2e.scenarios``. ``under``: words of a program that
    becomes it, such as ("unshare", "--net").
    """

    def __init__(
        self,
        folder: Path,
        scenario: str,
        *files: Path,
        under: Sequence[str] = (),
        **environment: str,
    ) -> None:
        self.home = folder / "home"
        place = scenario if ":" in scenario else f"e2e.scenarios:{scenario}"
        self._errors = folder / f"stderr-{place.partition(':')[2]}.txt"
        self._stderr = self._errors.open("wb")
        self._lines: queue.Queue[dict[str, object] | None] = queue.Queue()
        self.process = subprocess.Popen(
            [*under, sys.executable, "-m", "support.drive", place, *map(str, files)],
            env=environment_of(folder, **environment),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name="program's lines")
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)

    def told(self) -> dict[str, object]:
        """Wait for the next thing the scenario tells."""
        try:
            facts = self._lines.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise AssertionError(f"the program said nothing; {self.stderr}") from None
        assert facts is not None, f"the program ended early; {self.stderr}"
        return facts

    def go(self, word: str = "") -> None:
        """Let the scenario go on, with a word to it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n".encode())
        self.process.stdin.flush()

    def ended(self, within_s: float = PATIENCE_S) -> int:
        """Wait for the end and return the exit status; what is still told is lost."""
        status = self.process.wait(within_s)
        assert status != 97, self.stderr
        return status

    @property
    def stderr(self) -> str:
        return self._errors.read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self._reader.join(10)
        for stream in (self.process.stdin, self.process.stdout, self._stderr):
            assert stream is not None
            stream.close()


def environment_of(folder: Path, **more: str) -> dict[str, str]:
    """A clean environment: no key, no proxy, homes of its own, no screen but an imaginary one."""
    screen = {"name": "desk", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "dpr": 1}
    file = folder / "screen.json"
    file.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    home = folder / "person"
    home.mkdir(exist_ok=True)
    return {
        **kept,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), str(ROOT))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",  # never the keyring of whoever runs this
        "QT_QPA_PLATFORM": f"offscreen:configfile={file}",
        "SHARPEN_HOME": str(folder / "home"),
        **more,
    }


def descendants(pid: int) -> set[int]:
    """All living processes below ``pid``, by /proc."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        for file in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                below = {int(number) for number in file.read_text(encoding="ascii").split()}
            except OSError:
                continue
            found |= below
            waiting += below
    return found


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that waits to be buried does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_until(claim: Callable[[], object], within_s: float) -> float:
    """Wait until the claim holds and return how long it took."""
    started = time.monotonic()
    pause = threading.Event()
    while not claim():
        assert time.monotonic() - started < within_s, f"not within {within_s} s"
        pause.wait(0.01)
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
