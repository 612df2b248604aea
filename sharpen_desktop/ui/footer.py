"""Under the settings: where it happens, what it costs, and the one primary button."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import cost_line, footer_line, primary_button
from sharpen_desktop.ui import resources

MARGIN_PX = 16
LONGEST = "Sharpen in the cloud · price unknown"


class PrimaryButton(QPushButton):
    """The primary button, with a 3 px bar along its foot while something runs."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("primary")
        self.fraction: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.fraction is None:
            return
        painter = QPainter(self)
        room = QRectF(8, self.height() - 7, self.width() - 16, 3)
        painter.fillRect(room, QColor(255, 255, 255, 70))
        painter.fillRect(QRectF(room.x(), room.y(), room.width() * self.fraction, 3), QColor("#FFFFFF"))


class Footer(QWidget):
    """104 high; does not scroll with the settings."""

    open_wanted = Signal()
    run_wanted = Signal()
    stop_wanted = Signal()
    key_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("footer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(104)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN_PX, 8, MARGIN_PX, 10)
        column.setSpacing(2)
        self._where = _quiet_label("footer_where")
        self._cost = _quiet_label("footer_cost")
        self._limit = _quiet_label("footer_limit")
        self.button = PrimaryButton()
        self.button.clicked.connect(self._pressed)
        costs = QHBoxLayout()
        costs.addWidget(self._cost)
        costs.addStretch()
        costs.addWidget(self._limit)
        column.addWidget(self._where)
        column.addLayout(costs)
        column.addStretch()
        column.addWidget(self.button)
        self._does = "open"

    def needed_width(self) -> int:
        """Return the width in which the longest text of the button is not cut."""
        font = self.button.font()
        font.setBold(True)
        icon_and_padding = 18 + 4 + 2 * 8
        return QFontMetrics(font).horizontalAdvance(LONGEST) + icon_and_padding + 2 * MARGIN_PX

    def render_state(self, state: AppState) -> None:
        """Show where, what it costs and what the button does."""
        self._where.setText(footer_line(state))
        self._where.setToolTip(footer_line(state))
        cost, limit = cost_line(state)
        self._cost.setText(cost)
        self._limit.setText(limit)
        shown = primary_button(state)
        self._does = shown.does
        self.button.setText(shown.text)
        self.button.setAccessibleName(shown.text)
        self.button.setEnabled(shown.does != "nothing")
        self.button.setToolTip("Ctrl+Enter" if shown.does == "run" else "Esc" if shown.does == "stop" else "")
        self.button.setIcon(resources.icon("cloud", "#FFFFFF", 18) if shown.is_paid else resources.no_icon())
        self.button.fraction = (shown.fraction or 0.0) if shown.does == "stop" else None
        if self.button.property("paid") != shown.is_paid:
            self.button.setProperty("paid", shown.is_paid)
            self.button.style().unpolish(self.button)
            self.button.style().polish(self.button)
        self.button.update()

    def _pressed(self) -> None:
        wishes = {
            "open": self.open_wanted, "run": self.run_wanted, "stop": self.stop_wanted, "key": self.key_wanted,
        }  # fmt: skip
        if self._does in wishes:
            wishes[self._does].emit()


def _quiet_label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setProperty("quiet", True)
    label.setMinimumWidth(0)
    return label
