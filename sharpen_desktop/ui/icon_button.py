"""A small flat button that shows an icon in the theme's text colour."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton
from typing_extensions import override

from sharpen_desktop.ui.actions import Actions
from sharpen_desktop.ui.resources import pixmap

SIDE_PX, ICON_PX = 28, 16
WHITE = "#FFFFFF"


class IconButton(QPushButton):
    """``icon_name``: the file of the icon. A click leaves the canvas its keys."""

    def __init__(self, icon_name: str) -> None:
        super().__init__()
        self._icon_name = icon_name
        self.setProperty("flat_look", True)
        self.setFixedSize(SIDE_PX, SIDE_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @override
    def sizeHint(self) -> QSize:
        return QSize(SIDE_PX, SIDE_PX)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        colour = WHITE if self.isChecked() else self.palette().buttonText().color().name()
        corner = QPoint((self.width() - ICON_PX) // 2, (self.height() - ICON_PX) // 2)
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        painter.drawPixmap(corner, pixmap(self._icon_name, colour, ICON_PX))


def icon_tool(actions: Actions, name: str) -> IconButton:
    """Return a button with the icon of an action's name that does the action and follows its state."""
    action, button = actions[name], IconButton(name)
    button.setObjectName(f"{name}_button")
    button.setCheckable(action.isCheckable())
    button.setChecked(action.isChecked())
    button.setEnabled(action.isEnabled())
    button.setToolTip(actions.tip(name))
    button.setAccessibleName(action.toolTip())

    def pressed() -> None:
        button.setChecked(action.isChecked())  # the wish is not the state
        action.trigger()
        button.setChecked(action.isChecked())

    button.clicked.connect(pressed)
    action.enabledChanged.connect(button.setEnabled)
    action.toggled.connect(button.setChecked)
    return button
