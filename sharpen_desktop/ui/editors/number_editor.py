"""Editor of a number: label, Auto chip where the field has no default, slider, value box."""

import math

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolTip, QVBoxLayout
from typing_extensions import override

from sharpen_desktop.core.schema import Kind, Param, Value
from sharpen_desktop.ui.editors.param_editor import FieldLabel, ParamEditor
from sharpen_desktop.ui.editors.value_slider import ValueBox, ValueSlider
from sharpen_desktop.ui.theme import Look

NOTE_MS = 2000
GAP_PX = 4
IDLE = "Auto: nothing to do"


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
        # Counted from nothing, so that a screen reader says 62 where 62 % is shown.
        self._zero = 0.0 if param.is_percent else self._low
        steps = max(1, round((self._high - self._low) / self._per_step))
        self._slider = ValueSlider(steps, self._to_step(self._low))
        self._slider.setObjectName(param.name)
        self._slider.setAccessibleName(param.label)
        self._box = ValueBox()
        self._box.setObjectName(f"{param.name}_box")
        self._box.setAccessibleName(f"{param.label} value")
        if isinstance(param.default, int | float):
            self._slider.tick = self._to_step(param.default)
        self._value: float | None = None
        self._auto_takes: float | None = None
        self._idle = ""
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
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.setProperty("chip", True)
        chip.setMinimumWidth(52)
        chip.setToolTip("Auto: the engine chooses, nothing is sent.")
        if not self.param.is_auto_allowed:
            chip.hide()
        return chip

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_PX)
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
        return round((value - self._zero) / self._per_step)

    def _to_value(self, step: int) -> float:
        value = min(max(self._zero + step * self._per_step, self._low), self._high)
        return round(value) if self.param.kind is Kind.INTEGER else round(value, 6)

    @override
    def set_look(self, look: Look) -> None:
        self._slider.look = look
        super().set_look(look)

    @override
    def show_auto(self, value: float | None, idle: str = "") -> None:
        self._auto_takes, self._idle = value, idle

    @override
    def render_value(self, value: Value | None, reason: str) -> None:
        self._value = float(value) if isinstance(value, int | float) else None
        is_auto = self._value is None
        takes = None if reason or not is_auto else self._auto_takes
        self._auto.setChecked(is_auto)
        idle = "" if reason or not is_auto else self._idle
        self._auto.setText(IDLE if idle else "Auto" if takes is None else f"Auto: {self._said(takes)}")
        self._auto.setAccessibleName(f"{self.param.label}, {self._auto.text()}")
        self._slider.is_hollow = is_auto
        shown = takes if is_auto else self._value
        with QSignalBlocker(self._slider):
            self._slider.setValue(0 if shown is None else self._to_step(shown))
        said = "Auto" if self._value is None else self._said(self._value)
        self._slider.setAccessibleDescription(said)
        self._box.show_text(said)
        for part in (self._auto, self._slider, self._box):
            part.setEnabled(not reason)
            exact = "not sent" if self._value is None else f"{self._value:g}"
            part.setToolTip(self._tip(reason or idle, f"{self.param.name}: {exact}"))
        self._label.setEnabled(not reason)
        self._label.show_modified(is_modified=value != self.param.default)
        self._slider.update()

    def _said(self, value: float) -> str:
        return f"{round(value * 100)} %" if self.param.is_percent else f"{value:g}"

    def _slid(self, step: int) -> None:
        self.value_edited.emit(self.param.name, self._to_value(step))

    def _auto_clicked(self) -> None:
        self._auto.setChecked(self._value is None)
        own = self._slider.value() if self._auto_takes is not None else self._slider.middle()
        self.value_edited.emit(self.param.name, self._to_value(own) if self._value is None else None)
        self.edit_ended.emit()

    def _typed(self, text: str) -> None:
        if text.lower() == "auto" and self.param.is_auto_allowed:
            self.value_edited.emit(self.param.name, None)
            self.edit_ended.emit()
            return
        try:
            number = float(text.replace("%", "").replace(",", ".").strip())
        except ValueError:
            number = math.nan
        if math.isnan(number):
            self._note_limits()
            return
        value = number / 100 if self.param.is_percent else number
        allowed = min(max(value, self._low), self._high)
        if allowed != value:
            self._note_limits()
        self.value_edited.emit(self.param.name, allowed)
        self.edit_ended.emit()

    def _note_limits(self) -> None:
        """Show the limits for two seconds, as they are shown: in percent where the value is."""
        percent = f"{self._low * 100:g}–{self._high * 100:g} %"
        text = percent if self.param.is_percent else self.param.limits
        place = self._box.mapToGlobal(self._box.rect().bottomLeft())
        QToolTip.showText(place, text, self._box, self._box.rect(), NOTE_MS)

    def _reset(self) -> None:
        self.reset_wanted.emit(self.param.name)
