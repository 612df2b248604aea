"""What all editors have in common: their signals, and the label of a field."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from sharpen_desktop.core.schema import Param, Value
from sharpen_desktop.ui.theme import DARK, Look

MODIFIED = "•"


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

    def show_place(self, *, is_local: bool) -> None:
        """Explain choices as they are on this computer or at the service, with the next value."""

    def show_auto(self, value: float | None, idle: str = "") -> None:
        """Take note of what Auto takes, shown with the next value; ``None`` while that is not known.

        ``idle``: why Auto would do nothing.
        """

    def show_advice(self, value: str, reason: str) -> None:
        """Mark a choice as the advised one; none for an empty ``value``."""

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self.look = look
        self.update()

    def show_refused(self, *, is_refused: bool) -> None:
        """Draw a red frame round the value while the service does not take it, or none."""
        if bool(self.property("refused")) == is_refused:
            return
        self.setProperty("refused", is_refused)
        for part in (self, *self.findChildren(QWidget)):
            part.style().unpolish(part)
            part.style().polish(part)

    def _tip(self, reason: str, exact: str) -> str:
        return "\n".join(part for part in (reason, self.param.help, exact) if part)


class FieldLabel(QLabel):
    """A field's name, with a dot when it was changed; a double click resets it."""

    double_clicked = Signal()

    def __init__(self, param: Param) -> None:
        super().__init__(param.label)
        self._name = param.label
        self.setToolTip("Double-click to reset")

    def show_modified(self, *, is_modified: bool) -> None:
        """Show or hide the dot."""
        self.setText(f"{MODIFIED} {self._name}" if is_modified else self._name)
        self.setAccessibleName(f"{self._name}, changed" if is_modified else self._name)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()
