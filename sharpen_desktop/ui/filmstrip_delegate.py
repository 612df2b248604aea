"""How a cell of the filmstrip is drawn."""

from collections import OrderedDict

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from sharpen_desktop.core.picture import Display
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.filmstrip_cells import CELL_ROLE, Cell, Index
from sharpen_desktop.ui.qt_image import thumbnail
from sharpen_desktop.ui.theme import DARK

CELL_WIDTH, CELL_HEIGHT, GAP = 96, 80, 8
BADGE = 20
BADGES = {
    "waiting": ("clock", "#2B2B2B"),
    "running": ("refresh", "#1F6FE5"),
    "done": ("check", "#2B2B2B"),
    "failed": ("exclamation", "#B3261E"),
    "paid": ("dollar", "#8A5A00"),
    "doubt": ("question", "#8A5A00"),
}
"""Icon and ground of each mark; white on each has at least 4.5:1."""

KEPT_BYTES = 32 << 20


class Thumbnails:
    """The pictures drawn last, so many bytes of them; a photo keeps its own when its pixels were given back."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._drawn: OrderedDict[str, tuple[Display, QPixmap]] = OrderedDict()

    def of(self, cell: Cell, ratio: float) -> QPixmap | None:
        """Return a cell's picture, ``None`` while nothing of the photo was ever read."""
        known = self._drawn.get(cell.photo_id)
        if cell.display is None or (known is not None and known[0] == cell.display):
            if known is not None:
                self._drawn.move_to_end(cell.photo_id)
            return known[1] if known is not None else None
        made = thumbnail(cell.display, CELL_WIDTH, ratio, CELL_HEIGHT)
        if made.isNull():
            return known[1] if known is not None else None
        self._keep(cell.photo_id, cell.display, made)
        return made

    @property
    def held_bytes(self) -> int:
        """How much the pictures take up."""
        return self._held

    def _keep(self, photo_id: str, display: Display, made: QPixmap) -> None:
        self._drop(photo_id)
        self._drawn[photo_id] = display, made
        self._held += _bytes(made)
        while self._held > self._most and len(self._drawn) > 1:
            self._drop(next(iter(self._drawn)))

    def _drop(self, photo_id: str) -> None:
        gone = self._drawn.pop(photo_id, None)
        if gone is not None:
            self._held -= _bytes(gone[1])


class CellDelegate(QStyledItemDelegate):
    """Draws a cell: the picture on a card, or the name while there is none; the mark; the frame."""

    def __init__(self) -> None:
        super().__init__()
        self.look = DARK
        self.thumbnails = Thumbnails()

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(CELL_WIDTH + GAP, CELL_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: Cell = index.data(CELL_ROLE)
        whole = QRectF(option.rect)
        card = QRectF(0, 0, CELL_WIDTH, CELL_HEIGHT)
        card.moveCenter(whole.center())
        card.moveTo(round(card.x()), round(card.y()))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_card(painter, card, cell)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        self._paint_frame(painter, card, cell, is_hovered=is_hovered)
        if cell.mark in BADGES:
            self._paint_badge(painter, card, cell.mark)
        painter.restore()

    def _paint_card(self, painter: QPainter, card: QRectF, cell: Cell) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.look.control))
        painter.drawRoundedRect(card, 4, 4)
        drawn = self.thumbnails.of(cell, painter.device().devicePixelRatio())
        if drawn is None:
            self._paint_name(painter, card, cell.name)
            return
        size = drawn.deviceIndependentSize()
        x, y = (card.width() - size.width()) / 2, (card.height() - size.height()) / 2
        painter.drawPixmap(QPoint(round(card.x() + x), round(card.y() + y)), drawn)

    def _paint_name(self, painter: QPainter, card: QRectF, name: str) -> None:
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(self.look.secondary))
        lines = QTextOption(Qt.AlignmentFlag.AlignCenter)
        lines.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        painter.drawText(card.adjusted(6, BADGE, -6, -6), name, lines)

    def _paint_frame(self, painter: QPainter, card: QRectF, cell: Cell, *, is_hovered: bool) -> None:
        if not cell.is_current and not is_hovered:
            return
        color = self.look.focus if cell.is_current else self.look.secondary
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(color), 2 if cell.is_current else 1))
        painter.drawRoundedRect(card.adjusted(-2, -2, 2, 2), 5, 5)

    def _paint_badge(self, painter: QPainter, card: QRectF, mark: str) -> None:
        icon, ground = BADGES[mark]
        place = QRectF(card.right() - BADGE - 3, card.top() + 3, BADGE, BADGE)
        painter.setPen(QPen(QColor(255, 255, 255, 150), 1))
        painter.setBrush(QColor(ground))
        painter.drawEllipse(place)
        inner = BADGE - 6
        drawn = resources.pixmap(icon, "#FFFFFF", inner)
        painter.drawPixmap(QPoint(round(place.x() + 3), round(place.y() + 3)), drawn)


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
