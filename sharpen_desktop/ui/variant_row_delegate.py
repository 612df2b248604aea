"""How a row of the variants list is drawn."""

from PySide6.QtCore import QAbstractItemModel, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)
from typing_extensions import override

from sharpen_desktop.core.picture import Display
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.qt_image import thumbnail
from sharpen_desktop.ui.theme import DARK
from sharpen_desktop.ui.variant_rows import ROW_ROLE, Index, Row

ROW_HEIGHT = 64
THUMB = 56
NOTE_MARK = 14
LEAST_TEXT_PX = 28
TIP_PX = 16
"""Qt shows a tooltip about so far below the place it is given."""
BUTTON_PX = 22
"""Buttons of the row under the pointer, at its lower right."""


class RowDelegate(QStyledItemDelegate):
    """Draws a row: thumbnail, name, second line, badge, the sides it is shown on; ``tended`` has the buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.look = DARK
        self.tended = ""
        self._thumbs: dict[Display, QPixmap] = {}

    def forget_thumbnails(self, kept: set[Display]) -> None:
        """Drop the thumbnails of all other displays."""
        for gone in self._thumbs.keys() - kept:
            del self._thumbs[gone]

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW_ROLE)
        rect: QRectF = QRectF(option.rect).adjusted(1, 2, -1, -2)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter, rect, row, state)
        ratio = painter.device().devicePixelRatio()
        self._paint_thumb(painter, rect, row, ratio)
        self._paint_text(painter, rect, row)
        painter.restore()

    def _paint_frame(self, painter: QPainter, rect: QRectF, row: Row, state: QStyle.StateFlag) -> None:
        is_shown = "B" in row.sides
        if is_shown or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(QColor(self.look.accent if is_shown else self.look.border), 1))
            painter.setBrush(QColor(self.look.control))
            painter.drawRoundedRect(rect, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(self.look.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 6, 6)

    def _paint_thumb(self, painter: QPainter, rect: QRectF, row: Row, ratio: float) -> None:
        place = QRectF(rect.x() + 6, rect.center().y() - THUMB / 2, THUMB, THUMB)
        if row.display is not None:
            drawn = self.thumbnail(row.display, ratio)
            size = drawn.deviceIndependentSize()
            x = place.x() + (THUMB - size.width()) / 2
            painter.drawPixmap(QPoint(round(x), round(place.center().y() - size.height() / 2)), drawn)
            if row.is_handing_out:
                painter.fillRect(place, QColor(0, 0, 0, 120))
                self._paint_ring(painter, place, None)
        elif row.has_failed or row.is_waiting:
            icon, color = self._standing(row)
            painter.drawPixmap(place.center().toPoint() - QPoint(12, 12), resources.pixmap(icon, color, 24))
        else:
            self._paint_ring(painter, place, row.fraction)

    def thumbnail(self, display: Display, ratio: float) -> QPixmap:
        """Return a picture as small as a row shows it."""
        drawn = self._thumbs.get(display)
        if drawn is None:
            drawn = self._thumbs[display] = thumbnail(display, THUMB, ratio)
        return drawn

    def _standing(self, row: Row) -> tuple[str, str]:
        """Return icon and colour of a run that is not going on."""
        if row.is_waiting:
            return "clock", self.look.secondary
        return ("question", self.look.secondary) if row.is_in_doubt else ("error", self.look.error)

    def _paint_ring(self, painter: QPainter, place: QRectF, fraction: float | None) -> None:
        ring = QRectF(place.center().x() - 14, place.center().y() - 14, 28, 28)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.look.groove), 3))
        painter.drawEllipse(ring)
        painter.setPen(QPen(QColor(self.look.focus), 3))
        painter.drawArc(ring, 90 * 16, -round((0.25 if fraction is None else fraction) * 360 * 16))

    def _paint_text(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        """Draw two lines, three when there is a remark, and the sides the row is shown on."""
        left = rect.x() + 6 + THUMB + 8
        room, whole = rect.right() - left - 8 - (18 if row.sides else 0), rect.right() - left - 3
        buttons = row.buttons * (BUTTON_PX + 2) if row.id == self.tended else 0
        whole -= buttons
        below = whole - (NOTE_MARK + 4 if row.note and not buttons else 0)
        top = rect.y() + (4 if row.remark else 11)
        font = painter.font()
        font.setPixelSize(13)
        painter.setFont(font)
        painter.setPen(QColor(self.look.text))
        painter.drawText(QRectF(left, top, room, 18), _elided(font, row.title, room))
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(self.look.error if row.has_failed else self.look.secondary))
        self._paint_line(painter, QRectF(left, top + 19, whole if row.remark else below, 16), row)
        if row.remark:
            painter.setPen(QColor(self.look.secondary))
            painter.drawText(QRectF(left, top + 35, below, 16), _elided(font, row.remark, below))
        if row.sides:
            font.setPixelSize(10)
            font.setBold(True)
            painter.setFont(font)
            corner = QRectF(rect.right() - 28, top + 1, 22, 16)
            painter.drawText(corner, Qt.AlignmentFlag.AlignRight, row.sides)
        if row.note and not buttons:
            mark = resources.pixmap("note", self.look.note, NOTE_MARK)
            corner_x, corner_y = rect.right() - NOTE_MARK - 6, rect.bottom() - NOTE_MARK - 4
            painter.drawPixmap(QPoint(round(corner_x), round(corner_y)), mark)

    def _paint_line(self, painter: QPainter, place: QRectF, row: Row) -> None:
        """Draw the second line behind its badge: a dot for this computer, a cloud for the service."""
        badge = 0.0
        if row.engine == "local" and not row.is_run:
            painter.save()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.look.local))
            painter.drawEllipse(QRectF(place.x(), place.center().y() - 3.5, 7, 7))
            painter.restore()
            badge = 12
        elif row.engine == "cloud" and not row.is_run:
            mark = resources.pixmap("cloud", self.look.cloud, 14)
            painter.drawPixmap(QPoint(round(place.x()), round(place.center().y() - 7)), mark)
            badge = 18
        room = place.adjusted(badge, 0, 0, 0)
        painter.drawText(room, _elided(painter.font(), row.line, room.width()))

    @override
    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Show the tooltip beside the row, where it covers neither its buttons nor the next row."""
        rect: QRect = option.rect
        tip = index.data(Qt.ItemDataRole.ToolTipRole) if index.isValid() else None
        beside = view.viewport().mapToGlobal(rect.topRight() + QPoint(6, -TIP_PX))
        QToolTip.showText(beside, tip or "", view.viewport(), rect)
        return True

    # A name being edited

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = QLineEdit(parent)
        field.setObjectName("variant_name")
        field.setAccessibleName("Name of the variant")
        return field

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if (
            isinstance(editor, QLineEdit) and not editor.isModified()
        ):  # what is being typed is not overwritten
            editor.setText(index.data(Qt.ItemDataRole.EditRole))
            editor.selectAll()

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit) and editor.isModified():
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    @override
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        left = THUMB + 10
        rect: QRect = option.rect
        editor.setGeometry(rect.adjusted(left, 3, -4, 28 - rect.height() + 3))


def _elided(font: QFont, text: str, room: float) -> str:
    """Return what of a text fits; nothing rather than a few letters."""
    if room < LEAST_TEXT_PX:
        return ""
    return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(room))
