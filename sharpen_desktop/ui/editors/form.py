"""Which editor a field gets."""

from PySide6.QtWidgets import QHBoxLayout, QLabel
from typing_extensions import override

from sharpen_desktop.core.schema import Kind, Param, Value
from sharpen_desktop.ui.editors.choice_editor import ChoiceEditor
from sharpen_desktop.ui.editors.number_editor import NumberEditor
from sharpen_desktop.ui.editors.param_editor import ParamEditor
from sharpen_desktop.ui.editors.switch_editor import SwitchEditor


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
