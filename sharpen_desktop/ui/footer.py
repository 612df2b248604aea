"""Under the settings: where it happens, what it costs, and the one primary button."""

import time

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from sharpen_desktop.core.findings import PREVIEW_TIP
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import (
    batch_line,
    cost_line,
    footer_line,
    money_tip,
    primary_button,
    sharpen_all_text,
    spent_text,
)
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.actions import first_key, tip
from sharpen_desktop.ui.bars import ElidedLabel
from sharpen_desktop.ui.theme import DARK, Look

MARGIN_PX = 16
ROW_PX = 16
PREVIEW_PX = 28
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
    limit_wanted = Signal()
    all_wanted = Signal()
    again_wanted = Signal()
    outgoing_wanted = Signal()
    money_wanted = Signal()
    previews_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("footer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(104)
        self._where = _quiet_label("footer_where")
        self._cost = _quiet_label("footer_cost")
        self._money = _quiet_label("footer_money", Qt.AlignmentFlag.AlignRight)
        self._outgoing = _link("what_leaves_link", "What leaves?", "See exactly what would be sent")
        self._again = _link("run_again_link", "Run again anyway", "Pay for a new result of the same settings")
        self._all = _link(
            "sharpen_all_link",
            "",
            tip("sharpen_all", "Sharpen every open photo that has no result for these settings"),
        )
        self._refresh = self._refresh_button()
        self._preview = self._preview_box()
        self.button = PrimaryButton()
        self._does = "open"
        self._look = DARK
        self._is_preview_on = False
        self._lay_out()
        self._connect()

    def _refresh_button(self) -> QPushButton:
        button = _link("refresh_money", "", "Ask the service for its price and your balance")
        button.setAccessibleName("Ask for price and balance")
        button.setMinimumWidth(28)
        button.setIconSize(QSize(14, 14))
        return button

    def _preview_box(self) -> QCheckBox:
        box = QCheckBox("Preview")
        box.setObjectName("preview_box")
        box.setToolTip(tip("preview", PREVIEW_TIP))
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.setFixedHeight(PREVIEW_PX)
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN_PX, 5, MARGIN_PX, 7)
        column.setSpacing(0)
        money = QVBoxLayout()
        money.setSpacing(0)
        for left, *right in (
            (self._where, self._outgoing),
            (self._cost, self._again),
            (self._money, self._refresh),
        ):
            row = QHBoxLayout()
            row.setSpacing(8)
            if left is self._money:
                row.addWidget(self._all)
            row.addWidget(left, 1)
            for part in right:
                row.addWidget(part)
            (column if left is self._where else money).addLayout(row)
        below = QHBoxLayout()
        below.addLayout(money, 1)
        below.addWidget(self._preview)
        column.addLayout(below)
        column.addStretch()
        column.addWidget(self.button)

    def _connect(self) -> None:
        self.button.clicked.connect(self._pressed)
        self._outgoing.clicked.connect(self.outgoing_wanted)
        self._again.clicked.connect(self.again_wanted)
        self._all.clicked.connect(self.all_wanted)
        self._refresh.clicked.connect(self.money_wanted)
        self._preview.clicked.connect(self._previews_clicked)

    def needed_width(self) -> int:
        """Return the width in which the longest text of the button is not cut."""
        font = self.button.font()
        font.setBold(True)
        icon_and_padding = 18 + 4 + 2 * 8
        return QFontMetrics(font).horizontalAdvance(LONGEST) + icon_and_padding + 2 * MARGIN_PX

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._look = look
        self._refresh.setIcon(resources.icon("refresh", look.focus, 14))

    def render_state(self, state: AppState) -> None:
        """Show where, what it costs and what the button does."""
        self._render_lines(state)
        shown = primary_button(state)
        self._does = shown.does
        self.button.setText(shown.text)
        self.button.setAccessibleName(shown.text)
        self.button.setEnabled(shown.does != "nothing")
        does = {"run": "sharpen", "stored": "sharpen", "stop": "stop", "waiting": "stop"}.get(shown.does)
        self.button.setToolTip(first_key(does) if does else "")
        is_muted = shown.does in ("limit", "waiting")
        color = self._look.text if is_muted else "#FFFFFF"
        self.button.setIcon(resources.icon("cloud", color, 18) if shown.is_paid else resources.no_icon())
        self.button.fraction = (shown.fraction or 0.0) if shown.does == "stop" else None
        self._dress(is_paid=shown.is_paid, is_muted=is_muted)

    def _dress(self, *, is_paid: bool, is_muted: bool) -> None:
        if (self.button.property("paid"), self.button.property("muted")) != (is_paid, is_muted):
            self.button.setProperty("paid", is_paid)
            self.button.setProperty("muted", is_muted)
            self.button.style().unpolish(self.button)
            self.button.style().polish(self.button)
        self.button.update()

    def _render_lines(self, state: AppState) -> None:
        is_cloud, photo = state.engine == "cloud", state.current
        is_stored = is_cloud and photo is not None and state.stored_for(photo) is not None
        now_s = time.time()
        cost, money = cost_line(state, now_s)
        self._where.show_text(footer_line(state))
        self._cost.show_text(_short(cost))
        self._money.show_text(money if state.balance or spent_text(state.session_spending) else "")
        for label in (self._cost, self._money):
            label.setToolTip(money_tip(state, now_s) if is_cloud else "")
        self._outgoing.setVisible(is_cloud and photo is not None and not batch_line(state))
        self._again.setVisible(is_stored and state.going is None)
        self._refresh.setVisible(is_cloud and state.has_key)
        self._refresh.setText("" if state.balance else "Check balance")
        self._preview.setVisible(not is_cloud)
        self._preview.setChecked(state.prefs.is_preview_on)
        self._is_preview_on = state.prefs.is_preview_on
        all_text = sharpen_all_text(state)
        self._all.setText(all_text)
        self._all.setVisible(bool(all_text))
        self._money.setVisible(is_cloud or bool(all_text))

    def _previews_clicked(self) -> None:
        self._preview.setChecked(self._is_preview_on)  # the wish is not the state
        self.previews_wanted.emit(not self._is_preview_on)

    def _pressed(self) -> None:
        wishes = {
            "open": self.open_wanted, "run": self.run_wanted, "stored": self.run_wanted,
            "stop": self.stop_wanted, "waiting": self.stop_wanted, "key": self.key_wanted,
            "limit": self.limit_wanted,
        }  # fmt: skip
        if self._does in wishes:
            wishes[self._does].emit()


def _short(cost: str) -> str:
    """Return what a stored result has cost in fewer words: a link stands beside it."""
    words = cost.removeprefix("already ")
    return words[:1].upper() + words[1:]


def _quiet_label(name: str, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> ElidedLabel:
    label = ElidedLabel(Qt.TextElideMode.ElideRight)
    label.setObjectName(name)
    label.setProperty("quiet", True)
    label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    label.setFixedHeight(ROW_PX)
    return label


def _link(name: str, text: str, tip: str) -> QPushButton:
    """Return a button that looks like a link: quieter than the primary one."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("link", True)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setFixedHeight(ROW_PX)
    return button
