"""How the program comes up, seen from inside: loading this module lets it be watched before there is a window."""

from collections.abc import Callable
from concurrent.futures import wait

from support.drive import Drive

from sharpen_desktop import window_start

FIRST: dict[str, object] = {}
"""What was seen before the window was complete: ``picture``, a grab of it, and its ``title``."""


def _watched(show: Callable[..., object]) -> Callable[..., object]:
    async def shown(start, early):
        wait([early])  # however slow this machine is
        await show(start, early)
        if start.window.isVisible():
            FIRST.update(picture=start.window.grab().toImage(), title=start.window.windowTitle())

    return shown


window_start._show_first = _watched(window_start._show_first)


async def second_start(drive: Drive) -> None:
    """Tell what was seen first, and how it differs from the canvas in the window that is complete."""
    from PySide6.QtCore import QPoint, QRect

    canvas = drive.inside.canvas
    later = drive.window.grab().toImage()
    if FIRST:
        where = QRect(canvas.mapTo(drive.window, QPoint(0, 0)), canvas.size())
        first, second = (image.copy(where) for image in (FIRST["picture"], later))
        colors = len({first.pixel(x, first.height() // 2) for x in range(first.width())})
        drive.tell(
            focus=drive.window.focusWidget().objectName(),
            is_seen=True,
            title=FIRST["title"],
            is_same=first == second,
            colors=colors,
        )
    else:
        drive.tell(is_seen=False)
    await drive.until(lambda: drive.state.current.loading.value == "ready")
    drive.tell(shown=drive.state.current.name)
    await drive.close()
