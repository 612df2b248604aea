"""A row of the variants list under way with the mouse: to a half of the canvas, or out of the window as a file."""

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QDrag, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from sharpen_desktop.ui.theme import Look

VARIANT = "application/x-sharpen-desktop-variant"
"""The kind of data that names a variant of the current photo, for this window alone."""
FILES = "text/uri-list"
CARD = QSize(176, 44)
HOT_SPOT = QPoint(12, 12)


def dragged_variant(data: QMimeData) -> str:
    """Return the id of the variant that is dragged, empty when it is something else."""
    return bytes(data.data(VARIANT).data()).decode() if data.hasFormat(VARIANT) else ""


class VariantDrag:
    """One drag. The file may come while it is under way: who drops before gets nothing, never half a file."""

    def __init__(self, source: QWidget, variant_id: str, file: str, card: QPixmap) -> None:
        self.variant_id = variant_id
        self._drag = QDrag(source)
        self._data: QMimeData | None = QMimeData()
        self._data.setData(VARIANT, variant_id.encode())
        self._data.setData(FILES, b"")  # told now: what a drag can give is asked when it begins
        self.give_file(file)
        self._drag.setMimeData(self._data)
        self._drag.setPixmap(card)
        self._drag.setHotSpot(HOT_SPOT)

    def give_file(self, file: str) -> None:
        """Offer this file; nothing for an empty name."""
        if file and self._data is not None:
            self._data.setUrls([QUrl.fromLocalFile(file)])

    def run(self) -> None:
        """Follow the mouse until it is let go; other work goes on meanwhile. Others can only copy."""
        drag = self._drag
        try:
            drag.exec(Qt.DropAction.CopyAction)
        finally:
            self._data = None  # Qt deletes it with the drag


def card(title: str, thumbnail: QPixmap, look: Look, ratio: float) -> QPixmap:
    """Return what hangs on the pointer: a small picture and its name."""
    drawn = QPixmap(CARD * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(QColor(look.accent))
    painter.setBrush(QColor(look.control))
    painter.drawRoundedRect(0, 0, CARD.width() - 1, CARD.height() - 1, 6, 6)
    size = thumbnail.deviceIndependentSize().scaled(36, 36, Qt.AspectRatioMode.KeepAspectRatio).toSize()
    painter.drawPixmap(
        4 + (36 - size.width()) // 2,
        (CARD.height() - size.height()) // 2,
        size.width(),
        size.height(),
        thumbnail,
    )
    font = painter.font()
    font.setPixelSize(13)
    painter.setFont(font)
    painter.setPen(QColor(look.text))
    room = CARD.width() - 54
    text = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room)
    painter.drawText(46, 0, room, CARD.height(), Qt.AlignmentFlag.AlignVCenter, text)
    painter.end()
    return drawn
