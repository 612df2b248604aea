"""Editor of a choice: a switch of up to three parts, else a list whose rows explain themselves."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)
from typing_extensions import override

from sharpen_desktop.core.schema import Choice, Param, Value
from sharpen_desktop.ui.combo import Combo
from sharpen_desktop.ui.editors.param_editor import FieldLabel, ParamEditor
from sharpen_desktop.ui.segments import Segments
from sharpen_desktop.ui.theme import DARK, Look

SEGMENTS_UP_TO = 3
HELP_ROLE = Qt.ItemDataRole.UserRole + 1
ADVICE_ROLE = Qt.ItemDataRole.UserRole + 2
ADVISED = "advised"
LAMP_PX = 8


class ModeDelegate(QStyledItemDelegate):
    """List rows 40 high: name, and its help line under it; the advised one has a lamp and says so."""

    look = DARK

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), 40)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        name, help_line = index.data(), index.data(HELP_ROLE)
        option.text = ""
        rect = option.rect
        palette = option.palette
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if is_selected:
            painter.fillRect(rect, palette.highlight())
        painter.setPen(palette.highlightedText().color() if is_selected else palette.text().color())
        painter.drawText(QRectF(rect.x() + 10, rect.y() + 3, rect.width() - 16, 18), name)
        if not is_selected:
            painter.setPen(QColor(self.look.secondary))
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        if index.data(ADVICE_ROLE):
            self._paint_lamp(painter, rect, is_selected=is_selected)
        room = rect.width() - 16
        elided = QFontMetrics(font).elidedText(help_line or "", Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(rect.x() + 10, rect.y() + 20, room, 16), elided)
        painter.restore()

    def _paint_lamp(self, painter: QPainter, rect: QRect, *, is_selected: bool) -> None:
        width = QFontMetrics(painter.font()).horizontalAdvance(ADVISED)
        left = rect.right() - 10 - width
        painter.drawText(QRectF(left, rect.y() + 4, width + 2, 16), ADVISED)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#FFFFFF" if is_selected else self.look.local))
        painter.drawEllipse(QRectF(left - 6 - LAMP_PX, rect.y() + 8, LAMP_PX, LAMP_PX))
        painter.restore()


class ChoiceEditor(ParamEditor):
    """A choice: a switch of up to three parts, else a list with a help line under it."""

    def __init__(self, param: Param, *, has_label: bool) -> None:
        super().__init__(param)
        self._is_local = False
        self._advice = ("", "")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._label = FieldLabel(param)
        self._label.double_clicked.connect(self._reset)
        self._column.addWidget(self._label)
        self._label.setVisible(has_label)  # not before it lies in something: it would be a window
        self._parts = self._segments() if len(param.choices) <= SEGMENTS_UP_TO else None
        self._combo = None if self._parts else self._list()
        self._explain_rows()
        self._help = QLabel()
        self._help.setProperty("quiet", True)
        self._help.setWordWrap(True)
        self._column.addWidget(self._help)
        self._help.setVisible(self._combo is not None)

    def _segments(self) -> Segments:
        parts = Segments(30)
        parts.setObjectName(self.param.name)
        parts.setAccessibleName(self.param.label)
        for choice in self.param.choices:
            parts.add(choice.value, choice.label, choice.help, f"{self.param.name}_{choice.value}")
        parts.chosen.connect(self._chosen)
        self._column.addWidget(parts)
        return parts

    def _list(self) -> QComboBox:
        combo = Combo()
        combo.setObjectName(self.param.name)
        combo.setAccessibleName(self.param.label)
        combo.setFixedHeight(32)
        combo.setMaxVisibleItems(12)
        self._delegate = ModeDelegate(combo)
        combo.setItemDelegate(self._delegate)
        for choice in self.param.choices:
            combo.addItem(choice.label, choice.value)
        combo.activated.connect(self._activated)
        self._column.addWidget(combo)
        return combo

    @override
    def show_place(self, *, is_local: bool) -> None:
        if is_local != self._is_local:
            self._is_local = is_local
            self._explain_rows()

    @override
    def render_value(self, value: Value | None, reason: str) -> None:
        self._label.show_modified(is_modified=value != self.param.default)
        if self._parts is not None:
            self._parts.show_choice(str(value))
            self._parts.setEnabled(not reason)
            self._parts.setToolTip(self._tip(reason, f"{self.param.name}: {value}"))
        if self._combo is not None:
            with QSignalBlocker(self._combo):
                self._combo.setCurrentIndex(self._combo.findData(value))
            self._combo.setEnabled(not reason)
            self._combo.setToolTip(self._tip(reason, f"{self.param.name}: {value}"))
        chosen = next((choice for choice in self.param.choices if choice.value == value), None)
        self._help.setText(reason or (self._told(chosen) if chosen and self._combo else ""))
        self._help.setVisible(bool(self._help.text()))

    @override
    def show_advice(self, value: str, reason: str) -> None:
        self._advice = (value, reason)
        self._explain_rows()

    def _explain_rows(self) -> None:
        """Give each row of the list its help line, and the advised one its reason."""
        if self._combo is None:
            return
        value, reason = self._advice
        for place, choice in enumerate(self.param.choices):
            why = reason if choice.value == value else ""
            told = "\n".join(part for part in (self._told(choice), why) if part)
            spoken = f"{choice.label}, {why}" if why else choice.label
            for role, data in (
                (HELP_ROLE, self._told(choice)),
                (ADVICE_ROLE, why),
                (Qt.ItemDataRole.ToolTipRole, told),
                (Qt.ItemDataRole.AccessibleTextRole, spoken),
            ):
                self._combo.setItemData(place, data, role)

    def _told(self, choice: Choice) -> str:
        return choice.told(is_local=self._is_local)

    @override
    def set_look(self, look: Look) -> None:
        if self._combo is not None:
            self._delegate.look = look
        super().set_look(look)

    def _chosen(self, value: str) -> None:
        self.value_edited.emit(self.param.name, value)
        self.edit_ended.emit()

    def _activated(self, index: int) -> None:
        if self._combo is not None:
            self._chosen(self._combo.itemData(index))

    def _reset(self) -> None:
        self.reset_wanted.emit(self.param.name)
