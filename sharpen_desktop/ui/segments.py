"""A row of buttons of which one is chosen, joined like the parts of one switch."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget


class Segments(QWidget):
    """Parts are added with an id; ``chosen`` tells of the user's choice and changes nothing itself."""

    chosen = Signal(str)

    def __init__(self, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = height
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._shown = ""
        self._group.buttonClicked.connect(self._clicked)

    def add(self, part: str, text: str, tip: str = "", name: str = "") -> QPushButton:
        """Add a part at the right end."""
        button = QPushButton(text, self)
        button.setObjectName(name or part)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the canvas its keys
        button.setProperty("segment", True)
        button.setToolTip(tip)
        button.setFixedHeight(self._height)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._buttons[part] = button
        self._group.addButton(button)
        self._row.addWidget(button)
        parts = list(self._buttons.values())
        for place, each in enumerate(parts):
            each.setProperty(
                "segment_place", "first" if place == 0 else "last" if each is parts[-1] else "middle"
            )
        return button

    def show_choice(self, part: str) -> None:
        """Show which part is chosen; none for an id that no part has."""
        self._shown = part
        if part in self._buttons:
            self._buttons[part].setChecked(True)
        elif (checked := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            checked.setChecked(False)
            self._group.setExclusive(True)

    def button(self, part: str) -> QPushButton:
        """Return the button of a part; KeyError when there is none."""
        return self._buttons[part]

    def _clicked(self, button: QAbstractButton) -> None:
        part = next(key for key, each in self._buttons.items() if each is button)
        self.show_choice(self._shown)  # the wish is not the state: the state comes back through show_choice
        if part != self._shown:
            self.chosen.emit(part)
