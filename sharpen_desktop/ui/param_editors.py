"""One editor for each kind of schema field. An editor shows a value and tells of wishes."""

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from sharpen_desktop.core.schema import Kind, Param, Value
from sharpen_desktop.ui.combo import Combo
from sharpen_desktop.ui.segments import Segments
from sharpen_desktop.ui.theme import DARK, Look

NOTE_MS = 2000
MODIFIED = "•"
SEGMENTS_UP_TO = 3
INSET_PX = 8
"""The slider's handle stays this far inside, so that it is never cut."""
HELP_ROLE = Qt.ItemDataRole.UserRole + 1


class ParamEditor(QWidget):
    """Base of all editors; the widget that holds the value is named after the schema field."""

    value_edited = Signal(str, object)
    edit_ended = Signal()
    reset_wanted = Signal(str)

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param = param
        self.look = DARK
        self.setObjectName(f"editor_{param.name}")

    def render_value(self, value: Value | None, reason: str) -> None:
        """Show ``value`` (``None`` is Auto); ``reason``, when there is one, is why it has no effect."""
        raise NotImplementedError

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self.look = look
        self.update()

    def _tip(self, reason: str, exact: str) -> str:
        return "\n".join(part for part in (reason, self.param.help, exact) if part)


class FieldLabel(QLabel):
    """A field's name, with a dot when it was changed; a double click resets it."""

    double_clicked = Signal()

    def __init__(self, param: Param) -> None:
        super().__init__(param.label)
        self._name = param.label
        self._reset_tip = "Double-click to reset"

    def show_modified(self, *, is_modified: bool) -> None:
        """Show or hide the dot."""
        self.setText(f"{MODIFIED} {self._name}" if is_modified else self._name)
        self.setAccessibleName(f"{self._name}, changed" if is_modified else self._name)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()


class ModeDelegate(QStyledItemDelegate):
    """List rows 40 high: name, and its help line under it."""

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
            painter.setPen(palette.placeholderText().color().lighter(125))
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        room = rect.width() - 16
        elided = QFontMetrics(font).elidedText(help_line or "", Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(rect.x() + 10, rect.y() + 20, room, 16), elided)
        painter.restore()


class ChoiceEditor(ParamEditor):
    """A choice: a switch of up to three parts, else a list with a help line under it."""

    def __init__(self, param: Param, *, has_label: bool) -> None:
        super().__init__(param)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._label = FieldLabel(param)
        self._label.setVisible(has_label)
        self._label.double_clicked.connect(self._reset)
        self._column.addWidget(self._label)
        self._parts = self._segments() if len(param.choices) <= SEGMENTS_UP_TO else None
        self._combo = None if self._parts else self._list()
        self._help = QLabel()
        self._help.setProperty("quiet", True)
        self._help.setWordWrap(True)
        self._help.setVisible(self._combo is not None)
        self._column.addWidget(self._help)

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
        combo.setItemDelegate(ModeDelegate(combo))
        for choice in self.param.choices:
            combo.addItem(choice.label, choice.value)
            combo.setItemData(combo.count() - 1, choice.help, HELP_ROLE)
            combo.setItemData(combo.count() - 1, choice.help, Qt.ItemDataRole.ToolTipRole)
        combo.activated.connect(self._activated)
        self._column.addWidget(combo)
        return combo

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
        self._help.setText(reason or (chosen.help if chosen and self._combo else ""))
        self._help.setVisible(bool(self._help.text()))

    def _chosen(self, value: str) -> None:
        self.value_edited.emit(self.param.name, value)
        self.edit_ended.emit()

    def _activated(self, index: int) -> None:
        if self._combo is not None:
            self._chosen(self._combo.itemData(index))

    def _reset(self) -> None:
        self.reset_wanted.emit(self.param.name)


class SwitchEditor(ParamEditor):
    """On or off, as one button at the right of its label."""

    def __init__(self, param: Param) -> None:
        super().__init__(param)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._label = FieldLabel(param)
        self._label.double_clicked.connect(self._reset)
        if param.is_title_switch:
            self._label.setProperty("heading", True)
        self._button = QPushButton()
        self._button.setObjectName(param.name)
        self._button.setAccessibleName(param.label)
        self._button.setCheckable(True)
        self._button.setProperty("chip", True)
        self._button.setFixedWidth(48)
        self._button.clicked.connect(self._clicked)
        row.addWidget(self._label)
        row.addStretch()
        row.addWidget(self._button)
        self._is_on = False

    @override
    def render_value(self, value: Value | None, reason: str) -> None:
        self._is_on = value is True
        self._button.setChecked(self._is_on)
        self._button.setText("On" if self._is_on else "Off")
        self._button.setEnabled(not reason)
        self._button.setToolTip(self._tip(reason, f"{self.param.name}: {str(self._is_on).lower()}"))
        self._label.show_modified(is_modified=value != self.param.default)

    def _clicked(self) -> None:
        self._button.setChecked(self._is_on)
        self.value_edited.emit(self.param.name, not self._is_on)
        self.edit_ended.emit()

    def _reset(self) -> None:
        self.reset_wanted.emit(self.param.name)


class ValueSlider(QSlider):
    """A slider of steps, drawn in the theme's colours; hollow while the value is Auto.

    Shift makes a key ten steps; Home and End go to the limits; the wheel acts only with the focus.
    """

    double_clicked = Signal()

    def __init__(self, steps: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, steps)
        self.setPageStep(10)
        self.setFixedHeight(22)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.look = DARK
        self.is_hollow = False
        self.tick: int | None = None

    def _x(self, value: int) -> float:
        return INSET_PX + (self.width() - 2 * INSET_PX) * value / max(1, self.maximum())

    def _value_at(self, x: float) -> int:
        return round((x - INSET_PX) / max(1, self.width() - 2 * INSET_PX) * self.maximum())

    @override
    def event(self, event: QEvent) -> bool:
        # Page keys step the slider; without this they would step through the photos.
        paging = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in paging
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1,
        }.get(Qt.Key(event.key()))  # fmt: skip
        if step and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.setValue(self.value() + 10 * step)
        else:
            super().keyPressEvent(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()
            return
        self.setValue(self.value() + (1 if event.angleDelta().y() > 0 else -1))
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self._value_at(event.position().x()))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self._value_at(event.position().x()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderDown(False)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self.double_clicked.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, at = self.height() / 2, self._x(self.value())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.look.groove))
        painter.drawRoundedRect(QRectF(0, middle - 2, self.width(), 4), 2, 2)
        if self.tick is not None:
            painter.drawRect(QRectF(self._x(self.tick) - 0.75, middle + 5, 1.5, 4))
        if not self.is_hollow and self.isEnabled():
            painter.setBrush(QColor(self.look.accent))
            painter.drawRoundedRect(QRectF(0, middle - 2, at, 4), 2, 2)
        self._paint_handle(painter, QPointF(at, middle))

    def _paint_handle(self, painter: QPainter, centre: QPointF) -> None:
        if self.is_hollow or not self.isEnabled():
            painter.setBrush(QColor(self.look.panel))
            painter.setPen(QPen(QColor(self.look.secondary if self.isEnabled() else self.look.groove), 1.5))
        else:
            painter.setBrush(QColor("#FFFFFF"))
            painter.setPen(QPen(QColor(0, 0, 0, 110), 1))
        painter.drawEllipse(centre, 7.0, 7.0)


class ValueBox(QLineEdit):
    """The number beside a slider: a click selects all, comma and point both count."""

    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(58, 26)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self._finished)
        self._shown = ""

    def show_text(self, text: str) -> None:
        """Show a value, unless the user is typing one."""
        self._shown = text
        if not (self.hasFocus() and self.isModified()):
            self.setText(text)

    def _finished(self) -> None:
        text = self.text().strip()
        self.setModified(False)
        self.setText(self._shown)
        if text != self._shown:
            self.typed.emit(text)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        had_focus = self.hasFocus()
        super().mousePressEvent(event)
        if not had_focus:
            self.selectAll()


class NumberEditor(ParamEditor):
    """A number: label, Auto chip where the field has no default, slider, value box."""

    STEPS = 100

    def __init__(self, param: Param) -> None:
        super().__init__(param)
        self._low = param.minimum if param.minimum is not None else 0.0
        self._high = param.maximum if param.maximum is not None else max(self._low + 1, 100.0)
        self._per_step = self._step_size()
        self._label = FieldLabel(param)
        self._auto = self._auto_chip()
        self._slider = ValueSlider(max(1, round((self._high - self._low) / self._per_step)))
        self._slider.setObjectName(param.name)
        self._slider.setAccessibleName(param.label)
        self._box = ValueBox()
        self._box.setObjectName(f"{param.name}_box")
        self._box.setAccessibleName(f"{param.label} value")
        if isinstance(param.default, int | float):
            self._slider.tick = self._to_step(param.default)
        self._value: float | None = None
        self._lay_out()
        self._connect()

    def _step_size(self) -> float:
        if self.param.kind is Kind.INTEGER:
            return max(1.0, (self._high - self._low) // 1000)
        return 0.01 if self.param.is_percent else (self._high - self._low) / self.STEPS

    def _auto_chip(self) -> QPushButton:
        chip = QPushButton("Auto")
        chip.setObjectName(f"{self.param.name}_auto")
        chip.setAccessibleName(f"{self.param.label}: Auto")
        chip.setCheckable(True)
        chip.setProperty("chip", True)
        chip.setFixedWidth(52)
        chip.setToolTip("Auto: the engine chooses, nothing is sent.")
        chip.setVisible(self.param.is_auto_allowed)
        return chip

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self._label)
        top.addStretch()
        top.addWidget(self._auto)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(8)
        below.addWidget(self._slider)
        below.addWidget(self._box)
        column.addLayout(top)
        column.addLayout(below)

    def _connect(self) -> None:
        self._label.double_clicked.connect(self._reset)
        self._auto.clicked.connect(self._auto_clicked)
        self._slider.valueChanged.connect(self._slid)
        self._slider.sliderReleased.connect(self.edit_ended)
        self._slider.double_clicked.connect(self._reset)
        self._box.typed.connect(self._typed)

    def _to_step(self, value: float) -> int:
        return round((value - self._low) / self._per_step)

    def _to_value(self, step: int) -> float:
        value = min(self._low + step * self._per_step, self._high)
        return round(value) if self.param.kind is Kind.INTEGER else round(value, 6)

    @override
    def set_look(self, look: Look) -> None:
        self._slider.look = look
        super().set_look(look)

    @override
    def render_value(self, value: Value | None, reason: str) -> None:
        self._value = float(value) if isinstance(value, int | float) else None
        is_auto = self._value is None
        self._auto.setChecked(is_auto)
        self._slider.is_hollow = is_auto
        with QSignalBlocker(self._slider):
            self._slider.setValue(0 if self._value is None else self._to_step(self._value))
        self._box.show_text(self._text())
        for part in (self._auto, self._slider, self._box):
            part.setEnabled(not reason)
            exact = "not sent" if self._value is None else f"{self._value:g}"
            part.setToolTip(self._tip(reason, f"{self.param.name}: {exact}"))
        self._label.setEnabled(not reason)
        self._label.show_modified(is_modified=value != self.param.default)
        self._slider.update()

    def _text(self) -> str:
        if self._value is None:
            return "Auto"
        return f"{round(self._value * 100)} %" if self.param.is_percent else f"{self._value:g}"

    def _slid(self, step: int) -> None:
        self.value_edited.emit(self.param.name, self._to_value(step))

    def _auto_clicked(self) -> None:
        self._auto.setChecked(self._value is None)
        middle = self._to_value((self._slider.maximum() + 1) // 2)
        self.value_edited.emit(self.param.name, middle if self._value is None else None)
        self.edit_ended.emit()

    def _typed(self, text: str) -> None:
        if text.lower() == "auto" and self.param.is_auto_allowed:
            self.value_edited.emit(self.param.name, None)
            self.edit_ended.emit()
            return
        try:
            number = float(text.replace("%", "").replace(",", ".").strip())
        except ValueError:
            self._note_limits()
            return
        value = number / 100 if self.param.is_percent else number
        allowed = min(max(value, self._low), self._high)
        if allowed != value or value != value:
            self._note_limits()
        self.value_edited.emit(self.param.name, allowed)
        self.edit_ended.emit()

    def _note_limits(self) -> None:
        """Show the limits for two seconds, as they are shown: in percent where the value is."""
        if self.param.is_percent:
            text = f"{self._low * 100:g}–{self._high * 100:g} %"
        else:
            text = self.param.limits
        place = self._box.mapToGlobal(self._box.rect().bottomLeft())
        QToolTip.showText(place, text, self._box, self._box.rect(), NOTE_MS)

    def _reset(self) -> None:
        self.reset_wanted.emit(self.param.name)


class UnknownEditor(ParamEditor):
    """A kind of field this program cannot set."""

    def __init__(self, param: Param) -> None:
        super().__init__(param)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel(param.label))
        row.addStretch()
        note = QLabel("Set by the service")
        note.setObjectName(param.name)
        note.setProperty("quiet", True)
        row.addWidget(note)

    @override
    def render_value(self, value: Value | None, reason: str) -> None:
        self.setToolTip(self._tip(reason, ""))


def editor_for(param: Param, *, has_label: bool = True) -> ParamEditor:
    """Return the editor for a field's kind."""
    if param.kind is Kind.CHOICE:
        return ChoiceEditor(param, has_label=has_label)
    if param.kind is Kind.SWITCH:
        return SwitchEditor(param)
    if param.kind in (Kind.NUMBER, Kind.INTEGER):
        return NumberEditor(param)
    return UnknownEditor(param)
