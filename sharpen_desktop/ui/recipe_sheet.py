"""How a variant was made, to read and to copy."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from sharpen_desktop.core.recipe import Fact
from sharpen_desktop.ui.sheet import Sheet, text_label


class RecipeSheet(Sheet):
    """The recipe, line by line."""

    def __init__(self, parent: QWidget, title: str, facts: tuple[Fact, ...]) -> None:
        super().__init__(parent, "recipe_sheet", "Recipe")
        self._text = "\n".join((title, *(f"{each.name}: {each.text}" for each in facts)))
        self.setMinimumWidth(420)
        self.add_heading(title)
        form = QFormLayout()
        form.setHorizontalSpacing(20)
        form.setVerticalSpacing(7)
        for fact in facts:
            form.addRow(text_label(fact.name, is_quiet=True), self._value(fact))
        self.column.addLayout(form)
        self.column.addStretch(1)
        copy = self.add_button("Copy", "recipe_copy")
        copy.setToolTip("Copy the recipe as text")
        copy.clicked.connect(self._copy)
        self.buttons.addStretch()
        close = self.add_close()
        close.setDefault(True)
        close.setFocus()

    @staticmethod
    def _value(fact: Fact) -> QLabel:
        label = text_label(fact.text)
        label.setAccessibleName(f"{fact.name}: {fact.text}")
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
