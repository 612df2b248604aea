"""The banner under the canvas: pushes, never covers. Errors stay, notes leave after 8 s."""

from PySide6.QtCore import QDateTime, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMessageBox, QPushButton, QSizePolicy, QToolButton, QWidget
from typing_extensions import override

from sharpen_desktop.core.notice import Notice
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.theme import DARK, Look

NOTE_MS = 8000


class NoticeBar(QWidget):
    """Shows the newest notice. ``wished``: the notice's id, and the wish of the button that was pressed."""

    dismissed = Signal(str)
    wished = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(44)
        self._notice: Notice | None = None
        self._look = DARK
        self._since = QDateTime.currentDateTime()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NOTE_MS)
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setObjectName("notice_text")
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._wishes = (_button("notice_wish_0", ""), _button("notice_wish_1", ""))
        self._details = _button("notice_details", "Details")
        self._more = QLabel()
        self._more.setObjectName("notice_more")
        self._more.setProperty("quiet", True)
        self._more.setToolTip("What came before is shown when this is answered or dismissed")
        self._close = QToolButton()
        self._close.setObjectName("notice_close")
        self._close.setAccessibleName("Dismiss")
        self._close.setToolTip("Dismiss")
        self._close.setProperty("flat_look", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        for part in (self._icon, self._text, self._more, *self._wishes, self._details, self._close):
            row.addWidget(part)
        self._connect()
        self.hide()

    def _connect(self) -> None:
        self._timer.timeout.connect(self._dismiss)
        self._close.clicked.connect(self._dismiss)
        self._wishes[0].clicked.connect(self._wish_first)
        self._wishes[1].clicked.connect(self._wish_second)
        self._details.clicked.connect(self._show_details)

    def render_state(self, state: AppState) -> None:
        """Show the newest notice, or nothing."""
        notice, others = (state.notices[-1] if state.notices else None), len(state.notices) - 1
        self._more.setText(f"+ {others} more")
        self._more.setVisible(others > 0)
        if notice == self._notice:
            return
        if self._notice is None or notice is None or notice.id != self._notice.id:
            self._since = QDateTime.currentDateTime()
        self._notice = notice
        self.setVisible(notice is not None)
        self._timer.stop()
        if notice is None:
            return
        self._text.setText(notice.text)
        self.setAccessibleName(notice.text)
        for place, button in enumerate(self._wishes):
            label = notice.wishes[place][1] if place < len(notice.wishes) else ""
            button.setText(label)
            button.setVisible(bool(label))
        self._details.setVisible(bool(notice.detail))
        self._show_icon()
        if notice.kind == "note":
            self._timer.start()

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._look = look
        self._close.setIcon(resources.icon("close", look.secondary, 16))
        self._show_icon()

    def _show_icon(self) -> None:
        is_error = self._notice is not None and self._notice.kind == "error"
        color = self._look.error if is_error else self._look.secondary
        self._icon.setPixmap(resources.pixmap("error" if is_error else "note", color, 20))

    def _dismiss(self) -> None:
        if self._notice is not None:
            self.dismissed.emit(self._notice.id)

    def _wish_first(self) -> None:
        self._wish(0)

    def _wish_second(self) -> None:
        self._wish(1)

    def _wish(self, place: int) -> None:
        if self._notice is not None and place < len(self._notice.wishes):
            self.wished.emit(self._notice.id, self._notice.wishes[place][0])

    def _show_details(self) -> None:
        if self._notice is None:
            return
        box = QMessageBox(self.window())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setObjectName("notice_details_box")
        box.setWindowTitle("Details")
        box.setText(self._notice.text)
        box.setInformativeText(self._whole_detail(self._notice))
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        copy = box.addButton("Copy", QMessageBox.ButtonRole.ActionRole)
        box.addButton(QMessageBox.StandardButton.Close)
        copy.clicked.connect(self._copy)
        box.open()

    def _copy(self) -> None:
        if self._notice is not None:
            text = f"{self._notice.text}\n{self._whole_detail(self._notice)}"
            QGuiApplication.clipboard().setText(text)

    def _whole_detail(self, notice: Notice) -> str:
        """Return what a support desk asks for: status, reference, and when it was."""
        return f"{notice.detail}\n{self._since.toString(Qt.DateFormat.ISODate)}"

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        if self._notice is not None and self._notice.kind == "note":
            self._timer.start()


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    return button
