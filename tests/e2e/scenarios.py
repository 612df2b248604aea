"""What is done in the real window, step by step. Each is started by a test in a program of its own."""

import gc
import shutil
import sys
import time
from pathlib import Path

from support.drive import HEAVY, Drive

from sharpen_desktop.core.picture import Level


def _loaded() -> list[str]:
    return [name for name in HEAVY if name in sys.modules]


async def _painted(drive: Drive) -> None:
    """Wait until the window has been painted, whether that was the first time or not."""
    from PySide6.QtCore import QEvent, QObject

    class Painted(QObject):
        def __init__(self) -> None:
            super().__init__(drive.window)
            self.is_done = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            if event.type() == QEvent.Type.Paint:
                self.is_done = True
            return False

    eye = Painted()
    drive.find("footer").installEventFilter(eye)
    drive.find("footer").update()
    await drive.until(lambda: eye.is_done)


def seen(drive: Drive) -> dict[str, object]:
    photo = drive.state.current
    return {
        "photo": photo.name if photo else "",
        "photos": len(drive.state.photos),
        "results": len(photo.results) if photo else 0,
        "view": drive.state.view,
        "status": drive.text("status_text"),
        "notice": drive.text("notice_text") if drive.is_seen("notice_bar") else "",
        "button": drive.find("primary").text(),
    }


async def walk(drive: Drive) -> None:
    """Open by argument, sharpen, save; drop photos, leaf through them; drop rubbish; change the window; close."""
    from PySide6.QtCore import Qt

    first = Path(sys.argv[2])
    await _painted(drive)
    drive.tell(step="painted", loaded=_loaded())
    await drive.until_read(first.name)
    drive.tell(step="opened", loaded=_loaded(), **seen(drive))

    await drive.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await drive.until(lambda: drive.state.current.results)
    await drive.until(lambda: drive.text("status_text").startswith("Done"))
    made = drive.state.current.results[0]
    garbage = {"is_looked_for": gc.isenabled(), "left_out": gc.get_freeze_count()}
    drive.tell(step="sharpened", finding=made.finding, cost=made.cost_usd, garbage=garbage, **seen(drive))

    await drive.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    suggested = await drive.accept_file()
    await drive.until(lambda: drive.state.current.results[0].saved_to)
    await drive.until(lambda: drive.text("status_text").startswith("Saved"))
    drive.tell(step="saved", suggested=suggested, path=drive.state.current.results[0].saved_to, **seen(drive))

    folder = first.parent
    await drive.drop(folder / "two.png", folder / "three.jpg")
    await drive.until_read("two.png")
    drive.tell(step="dropped", **seen(drive))
    await drive.key(Qt.Key.Key_PageDown)
    await drive.until_read("three.jpg")
    await drive.key(Qt.Key.Key_PageUp)
    await drive.key(Qt.Key.Key_PageUp)
    await drive.until_read(first.name)
    drive.tell(step="leafed", **seen(drive))

    await drive.drop(folder / "broken.jpg")
    await drive.until(lambda: drive.is_seen("notice_bar"))
    drive.tell(step="refused", **seen(drive))

    drive.window.resize(1234, 777)
    drive.window.findChild(type(drive.inside.actions["theme_light"]), "theme_light").trigger()
    drive.find("strength").setFocus()
    for _ in range(3):
        await drive.key(Qt.Key.Key_PageUp, target=drive.find("strength"))
    drive.tell(step="changed", strength=drive.state.settings.get("strength"))
    await drive.close()


async def look_round(drive: Drive) -> None:
    """Tell what the window starts with and close it."""
    await _painted(drive)
    drive.tell(
        width=drive.window.width(),
        height=drive.window.height(),
        theme=drive.state.prefs.theme,
        strength=drive.state.settings.get("strength"),
        engine=drive.state.engine,
        empty=drive.is_seen("empty_state"),
    )
    await drive.close()


async def exact_pixels(drive: Drive) -> None:
    """Show the photo at 100 % on a dense screen and keep what is seen."""
    from PySide6.QtCore import Qt

    photo = Path(sys.argv[2])
    await drive.until_read(photo.name)
    await drive.key(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    canvas = drive.inside.canvas
    canvas.grab().toImage().save(str(photo.with_name("seen.png")))
    drive.tell(ratio=canvas.devicePixelRatioF(), zoom=canvas.transform.zoom)
    await drive.close()


async def gaps(drive: Drive) -> None:
    """Open, sharpen and save a large photo; tell the longest time the loop did not answer in each step."""
    from PySide6.QtCore import Qt
    from support.gap_probe import GapProbe

    photo = Path(sys.argv[2])
    probe = GapProbe(drive.window)
    started = time.perf_counter()
    await drive.until_read(photo.name)
    opened = time.perf_counter()
    found = {"open_ms": probe.taken_ms()}
    await drive.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await drive.until(lambda: drive.state.current.results)
    sharpened = time.perf_counter()
    found["sharpen_ms"] = probe.taken_ms()
    await drive.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    await drive.accept_file()
    found["dialog_ms"] = probe.taken_ms()
    await drive.until(lambda: drive.state.current.results[0].saved_to)
    found["save_ms"] = probe.taken_ms()
    drive.tell(open_s=round(opened - started, 2), sharpen_s=round(sharpened - opened, 2), **found)
    if await drive.go() == "cloud":
        await drive.click("engine_cloud")
        await drive.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await drive.answer("send")
        probe.taken_ms()
        await drive.until(lambda: len(drive.state.current.results) > 1)
        drive.tell(cloud_ms=probe.taken_ms())
        await drive.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        await drive.accept_file()
        await drive.until(lambda: drive.state.current.results[1].saved_to)
    probe.stop()
    await drive.close()


async def hand_out(drive: Drive) -> None:
    """Copy the result, let a file of it be made for dragging, rename it; tell what others would get."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from support.gap_probe import GapProbe

    await drive.until_read(Path(sys.argv[2]).name)
    await drive.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await drive.until(lambda: drive.state.current.results)
    probe = GapProbe(drive.window)
    await drive.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    await drive.until(lambda: drive.text("status_text").startswith("Copied"))
    data = QGuiApplication.clipboard().mimeData()
    kept = Path(sys.argv[2]).parent
    (kept / "pasted.png").write_bytes(data.data("image/png").data())
    file = Path(data.urls()[0].toLocalFile())
    shutil.copyfile(file, kept / f"handed-{file.name}")
    result = drive.state.current.results[0]
    drive.controller.prepare_handout(result.id)
    await drive.until(lambda: drive.state.current.results[0].handout)
    drive.tell(
        name=file.name,
        is_same_file=drive.state.current.results[0].handout == str(file),
        saved_to=drive.state.current.results[0].saved_to,
        gap_ms=probe.taken_ms(),
        loaded=_loaded(),
    )
    probe.stop()
    QGuiApplication.clipboard().clear()  # without a system's own clipboard, it would be torn down after Python
    await drive.close()
    await drive.answer("close")


async def preview(drive: Drive) -> None:
    """Look at a photo with previews on, change a setting, sharpen; tell whether the preview was what came."""
    from PySide6.QtCore import Qt
    from support.gap_probe import GapProbe

    def is_shown() -> bool:
        shown = drive.state.shown_preview
        return shown is not None and shown.settings == drive.state.settings

    probe = GapProbe(drive.window)
    await drive.until_read(Path(sys.argv[2]).name)
    await drive.until(lambda: drive.state.current.diagnosis)
    drive.tell(found=drive.state.current.diagnosis.sentence, loaded=_loaded())
    await drive.key(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    await drive.until(is_shown)
    drive.find("strength").setFocus()
    await drive.key(Qt.Key.Key_PageDown, target=drive.find("strength"))
    began = time.perf_counter()
    await drive.until(is_shown)
    seconds = time.perf_counter() - began
    made = drive.state.shown_preview
    previewed = _rows(made.display.levels[0], 0, made.area.height, 0, made.area.width)
    await drive.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await drive.until(lambda: drive.state.current.results)
    result, area = drive.state.current.results[0], made.area
    came = _rows(result.display.levels[0], area.top, area.height, area.left, area.width)
    given = _rows(
        drive.state.current.original.display.levels[0], area.top, area.height, area.left, area.width
    )
    drive.tell(
        seconds=seconds,
        is_same=previewed == came,
        is_changed=came != given,
        is_covered=drive.state.shown_preview is not None,
        megapixels=area.megapixels,
        gap_ms=probe.taken_ms(),
    )
    probe.stop()
    await drive.close()
    await drive.answer("close")


def _rows(level: Level, top: int, height: int, left: int, width: int) -> list[bytes]:
    """The rows of a part of a display level."""
    content = Path(level.path).read_bytes()
    starts = (row * level.stride + 4 * left for row in range(top, top + height))
    return [content[start : start + 4 * width] for start in starts]


async def close_while_sharpening(drive: Drive) -> None:
    """Close during a local run."""
    from PySide6.QtCore import Qt

    await drive.until_read(Path(sys.argv[2]).name)
    await drive.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await drive.until(lambda: drive.text("status_text").startswith(("Measuring", "Sharpening")))
    drive.tell(**seen(drive))
    await drive.go()
    await drive.close()


async def cloud_faults(drive: Drive) -> None:
    """One cloud run after the other, each with a strength of its own, as many as the test has answers for."""
    from PySide6.QtCore import Qt

    await drive.until_read(Path(sys.argv[2]).name)
    await drive.click("engine_cloud")
    word = ""
    while word != "enough":
        drive.find("strength").setFocus()
        await drive.key(Qt.Key.Key_PageUp, target=drive.find("strength"))
        results = len(drive.state.current.results)
        await drive.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await drive.until(lambda: drive.state.going is not None or drive._questions())
        asked = await drive.answer("send") if drive._questions() else ""
        await drive.until(lambda: drive.state.going is not None)
        await drive.until(lambda: drive.state.going is None)
        await drive.until(
            lambda before=results: drive.is_seen("notice_bar") or len(drive.state.current.results) > before
        )
        notice = drive.state.notices[-1] if drive.state.notices else None
        drive.tell(
            asked=asked,
            wishes=[wish for wish, _ in notice.wishes] if notice else [],
            detail=notice.detail if notice else "",
            is_key_wanted=drive.is_seen("key_card"),
            cost=drive.state.current.results[-1].cost_usd if drive.state.current.results else None,
            **seen(drive),
        )
        while drive.is_seen("notice_bar"):
            await drive.click("notice_close")
        if drive.is_seen("key_card"):
            await drive.type("key_field", "sk-typed-canary-0123456789")
            await drive.click("use_key")
        word = await drive.go()
    await drive.close()
    await drive.answer("close")


async def close_while_at_the_service(drive: Drive) -> None:
    """Close during a cloud run: wait first, then close all the same."""
    from PySide6.QtCore import Qt

    await drive.until_read(Path(sys.argv[2]).name)
    await drive.click("engine_cloud")
    await drive.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await drive.answer("send")
    await drive.until(lambda: drive.find("primary").text() == "Stop waiting…")
    await drive.close()
    asked = await drive.answer("wait")
    drive.tell(asked=asked, **seen(drive))
    await drive.close()
    await drive.question()
    await drive.go()
    await drive.answer("close")


async def mix(drive: Drive) -> None:
    """Sharpen, lay 40 % of the result over the photo, limit that with the brush, look at it at 100 %, save, close."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QSlider

    await drive.until_read(Path(sys.argv[2]).name)
    drive.controller.change_prefs(save_format="png", open_groups=("mix",))
    await drive.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await drive.until(lambda: drive.state.current.results)
    await drive.until(lambda: drive.text("status_text").startswith("Done"))
    drive.inside.canvas.setFocus()
    await drive.key(Qt.Key.Key_S)
    await drive.key(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    slider = drive.window.findChild(QSlider, "mix")
    for percent in (90, 60, 40):
        slider.setValue(percent)
    slider.sliderReleased.emit()
    await drive.until(lambda: drive.state.current.results[0].mixed)
    drive.tell(step="mixed", shown=_grabbed(drive, "mixed.png"), file=drive.state.current.results[0].file)

    drive.inside.canvas.setFocus()
    await drive.key(Qt.Key.Key_B)
    middle = drive.inside.canvas.rect().center()
    QTest.mouseClick(drive.inside.canvas, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseClick(drive.inside.canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 20))
    await drive.key(Qt.Key.Key_Escape)
    await drive.until(lambda: len(drive.state.current.results[0].mixed.wish.strokes) == 2)
    await drive.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    await drive.accept_file()
    await drive.until(lambda: drive.state.current.results[0].saved_to)
    saved = drive.state.current.results[0].saved_to
    drive.tell(step="saved", shown=_grabbed(drive, "painted.png"), path=saved)
    await drive.close()


def _grabbed(drive: Drive, name: str) -> str:
    """Write what the canvas looks like into a file beside the photo, and return where."""
    file = str(Path(sys.argv[2]).parent / name)
    drive.inside.canvas.brush.hover(None, is_turned=False)
    drive.inside.canvas.grab().save(file)
    return file
