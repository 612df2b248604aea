"""Editor of an on/off field."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton
from typing_extensions import override

from sharpen_desktop.core.schema import Param, Value
from sharpen_desktop.ui.editors.param_editor import FieldLabel, ParamEditor


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
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
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
