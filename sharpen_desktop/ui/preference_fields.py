"""What the pages of the preferences are made of."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from sharpen_desktop.core.prefs import MOST_USD
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.sheet import text_label

FIELD_WIDTH = 120


class Page(QWidget):
    """A column of fields. ``changed``: a preference's name and its new value."""

    changed = Signal(str, object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(4, 0, 0, 0)
        self.column.setSpacing(8)

    def render_state(self, state: AppState) -> None:
        """Show the page's part of the state."""
        raise NotImplementedError

    def add_form(self) -> QFormLayout:
        """Put a form below what is there."""
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.column.addLayout(form)
        return form

    def add_note(self, text: str, name: str = "") -> QLabel:
        """Put a quiet paragraph below what is there."""
        note = text_label(text, name, is_quiet=True)
        self.column.addWidget(note)
        return note


def heading(text: str) -> QLabel:
    """Return the small title of a group of fields."""
    label = QLabel(text)
    label.setProperty("heading", True)
    return label


def text_field(name: str, label: str, example: str) -> QLineEdit:
    """Return a field for text; ``example`` shows while it is empty."""
    field = QLineEdit()
    field.setObjectName(name)
    field.setAccessibleName(label)
    field.setPlaceholderText(example)
    field.setMinimumHeight(28)
    return field


def show_text(field: QLineEdit, text: str) -> None:
    """Show a text unless the user is typing another."""
    if not (field.hasFocus() and field.isModified()):
        field.setText(text)


def dollar_box(name: str, label: str, least: float) -> QDoubleSpinBox:
    """Return a field for an amount."""
    box = QDoubleSpinBox()
    dress_box(box, name, label)
    box.setRange(least, MOST_USD)
    box.setDecimals(2)
    box.setSingleStep(0.5)
    box.setPrefix("$")
    return box


def dress_box(box: QAbstractSpinBox, name: str, label: str) -> None:
    """Give a number field its name and size; it tells of a number when it is whole, not of every digit."""
    box.setObjectName(name)
    box.setAccessibleName(label)
    box.setFixedSize(FIELD_WIDTH, 28)
    box.setKeyboardTracking(False)
