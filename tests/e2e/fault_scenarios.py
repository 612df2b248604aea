"""What goes wrong while the real window is open. Each is started by a test in a program of its own."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.drive import Drive

from e2e.scenarios import seen
from sharpen_desktop.core.paid import OPEN

MEGABYTE = 1 << 20


async def _sharpened(drive: Drive) -> None:
    """Sharpen the current photo on this computer and wait for the result."""
    from PySide6.QtCore import Qt

    before = len(drive.state.current.results)
    await drive.click("engine_local")
    await drive.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await drive.until(lambda: len(drive.state.current.results) > before)


async def _sent(drive: Drive) -> None:
    """Send the current photo to the cloud service."""
    from PySide6.QtCore import Qt

    await drive.click("engine_cloud")
    await drive.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await drive.answer("send")


async def _notices_read(drive: Drive) -> None:
    while drive.is_seen("notice_bar"):
        await drive.click("notice_close")


async def start_and_work(drive: Drive) -> None:
    """Tell what the window starts with, sharpen on this computer, save, and tell what was said on the way."""
    from PySide6.QtCore import Qt

    await drive.until_read(Path(sys.argv[2]).name)
    drive.tell(step="started", notices=[each.text for each in drive.state.notices], **seen(drive))
    await _notices_read(drive)
    await _sharpened(drive)
    await drive.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    await drive.accept_file()
    await drive.until(lambda: drive.state.current.results[0].saved_to)
    drive.tell(step="saved", notices=[each.text for each in drive.state.notices], **seen(drive))
    await _notices_read(drive)
    if await drive.go() == "cloud":
        await drive.click("engine_cloud")
        await drive.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await drive.until(lambda: drive.is_seen("notice_bar") or drive._questions())
        if not drive.is_seen("notice_bar"):
            await drive.answer("send")
        await drive.until(lambda: drive.is_seen("notice_bar") or len(drive.state.current.results) > 1)
        drive.tell(step="sent", notices=[each.text for each in drive.state.notices], **seen(drive))
        await drive.go()
    await drive.close()


async def bugs(drive: Drive) -> None:
    """Let a slot, a callback of the loop and a task fail in ways nobody has foreseen."""
    from PySide6.QtCore import QTimer

    def fails() -> None:
        raise ZeroDivisionError("a bug")

    async def failing() -> None:
        fails()

    await drive.until_read(Path(sys.argv[2]).name)
    for name, start in {
        "slot": lambda: QTimer.singleShot(0, fails),
        "callback": lambda: asyncio.get_running_loop().call_soon(fails),
        "task": lambda: drive.controller._parts._tasks.start("bug", failing()),
    }.items():
        start()
        await drive.until(lambda: drive.is_seen("notice_bar"))
        drive.tell(step=name, count=len(drive.state.notices), **seen(drive))
        await _notices_read(drive)
    await _sharpened(drive)
    drive.tell(step="after", **seen(drive))
    await _saved(drive)
    await drive.close()


async def dialog_during_a_transfer(drive: Drive) -> None:
    """Keep a dialog open while a result is fetched."""
    from PySide6.QtWidgets import QMessageBox

    await drive.until_read(Path(sys.argv[2]).name)
    await _sent(drive)
    await drive.until(lambda: drive.text("status_text").startswith("Downloading"))
    action = drive.window.findChild(type(drive.inside.actions["about"]), "about")
    await drive._do(action.trigger)
    box = drive.window.findChild(QMessageBox, "about_box")
    await drive.until(lambda: box is not None and box.isVisible())
    await drive.until(lambda: drive.state.current.results)
    drive.tell(is_open=box.isVisible(), **seen(drive))
    await drive._do(box.close)
    await _saved(drive)
    await drive.close()


async def _saved(drive: Drive) -> None:
    from PySide6.QtCore import Qt

    await drive.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    await drive.accept_file()
    await drive.until(lambda: drive.state.current.results[-1].saved_to)


@contextmanager
def _tight(spare: int) -> Iterator[None]:
    """Let this process have only ``spare`` bytes of address space more than it has now."""
    import resource

    usual = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * os.sysconf("SC_PAGE_SIZE") + spare, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, usual)


async def little_memory_at_the_service(drive: Drive) -> None:
    """Run out of memory while the answer to a paid request comes, then have some again."""
    await drive.until_read(Path(sys.argv[2]).name)
    await _sent(drive)
    await drive.until(lambda: drive.find("primary").text() == "Stop waiting…")
    with _tight(2 * MEGABYTE):
        drive.tell(step="tight", **seen(drive))
        await asyncio.sleep(3.0)
    await _checked(drive)
    await _notices_read(drive)
    drive.tell(**{run.run_id: run.stage.value for run in drive.state.paid_runs})
    await drive.go()
    await drive.close()


async def little_memory(drive: Drive) -> None:
    """Let this process run out of memory while it shows a large photo, then give it some back."""
    from PySide6 import QtTest  # noqa: F401 - loaded while there is memory for it
    from PySide6.QtCore import Qt

    small, large = Path(sys.argv[2]), Path(sys.argv[3])
    await drive.until_read(small.name)
    with _tight(24 * MEGABYTE):
        await drive.drop(large)
        await drive.until_read(large.name)
        await drive.key(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        await asyncio.sleep(1.0)
    await _notices_read(drive)
    await drive._do(lambda: drive.controller.open_paths((small,)))
    await drive.until_read(small.name)
    await _sharpened(drive)
    drive.tell(step="after", **seen(drive))
    await _saved(drive)
    await drive.close()


async def at_the_service(drive: Drive) -> None:
    """Send a photo and say when the service has it; then do what the test does, or end as it asks."""
    from PySide6.QtWidgets import QApplication

    await drive.until_read(Path(sys.argv[2]).name)
    await _sent(drive)
    await drive.until(lambda: drive.find("primary").text() == "Stop waiting…")
    drive.tell(**seen(drive))
    word = await drive.go()
    if word in {"close", "quit"}:
        await (drive.close() if word == "close" else drive._do(QApplication.quit))
        await drive.answer("close")
    elif word == "arrive":
        await drive.until(lambda: drive.state.current.results or drive.is_seen("notice_bar"))
        drive.tell(**seen(drive))
        await _saved(drive)
        await drive.close()


async def settle_everything(drive: Drive) -> None:
    """Check every run an earlier session has left open, as often as that changes something."""
    await _checked(drive)
    drive.tell(**{run.run_id: run.stage.value for run in drive.state.paid_runs})
    await drive.close()


async def _checked(drive: Drive) -> None:
    for _ in range(4):
        await drive._do(drive.controller.list_paid_runs)
        await drive.until(lambda: drive.state.paid_runs is not None)
        await asyncio.sleep(0.3)
        left = [run.run_id for run in drive.state.paid_runs if run.stage in OPEN]
        if not left:
            return
        for run_id in left:
            await drive._do(lambda run_id=run_id: drive.controller.settle_run(run_id))
        await asyncio.sleep(1.0)


async def stay(drive: Drive) -> None:
    """Tell of every photo that is opened, until the test says stop."""
    told: set[str] = set()
    waiting = asyncio.create_task(drive.go())
    drive.tell(photos=[])
    while not waiting.done():
        names = {photo.name for photo in drive.state.photos}
        if names - told:
            told = names
            drive.tell(photos=sorted(names))
        await asyncio.sleep(0.02)
    await drive.close()
