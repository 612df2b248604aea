"""Dropping and pasting photos: what is on the clipboard or under the mouse, and the frame that says so."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QRect, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from sharpen_desktop.core.naming import looks_readable


def local_paths(data: QMimeData) -> tuple[Path, ...]:
    """Return the files and folders of a drop or of the clipboard."""
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())


def web_address(data: QMimeData) -> str:
    """Return the https address that a browser drops with a picture of its page, empty when there is none."""
    return next(
        (
            url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
            for url in data.urls()
            if url.scheme() == "https"
        ),
        "",
    )


def can_paste(data: QMimeData | None) -> bool:
    """Whether there is a picture or a file to paste."""
    return data is not None and (data.hasImage() or bool(local_paths(data)))


def drop_text(paths: tuple[Path, ...]) -> tuple[str, bool]:
    """Return what a drop would do, and whether it does anything. Looks at names only: no disk here."""
    refused = [path for path in paths if not looks_readable(path.name)]
    count = len(paths) - len(refused)
    if count == 0:
        kind = refused[0].suffix if refused else "this"
        return f"Cannot read {kind}", False
    if count == 1:
        only = next(path for path in paths if path not in refused)
        return ("Open 1 photo" if only.suffix else f"Open {only.name}"), True
    return f"Open {count} photos", True


def picture_writer(data: QMimeData) -> Callable[[Path], Awaitable[bool]]:
    """Return what writes the clipboard's picture as a PNG, away from the window's thread."""
    raw = data.data("image/png").data() if data.hasFormat("image/png") else b""
    image = QImage() if raw else QImage(data.imageData())

    async def write(path: Path) -> bool:
        if raw:
            await asyncio.to_thread(path.write_bytes, raw)
            return True
        # Quality 100 is Qt's way to say "do not compress": the file lives for minutes.
        return not image.isNull() and await asyncio.to_thread(lambda: image.save(str(path), quality=100))

    return write


TINT = 40
"""How much of its colour the frame lays over what it frames, of 255."""


class DropFrame(QWidget):
    """A frame with a text over the canvas while files are dragged over the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = ""
        self._color = QColor("#1F6FE5")
        self.hide()

    def show_over(self, where: QRect, text: str, *, is_refused: bool) -> None:
        """Cover ``where`` (in the parent's pixels) with a frame and a text."""
        self._text = text
        self._color = QColor("#B3261E" if is_refused else "#1F6FE5")
        self.setGeometry(where)
        self.show()
        self.raise_()
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = QColor(self._color)
        tint.setAlpha(TINT)
        painter.fillRect(self.rect(), tint)
        painter.setPen(QPen(self._color, 2))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        font = painter.font()
        font.setPixelSize(16)
        font.setBold(True)
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance(self._text) + 40
        label = QRect(0, 0, width, 44)
        label.moveCenter(self.rect().center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color)
        painter.drawRoundedRect(label, 8, 8)
        painter.setPen(QColor("#FFFFFF"))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self._text)
