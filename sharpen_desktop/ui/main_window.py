"""The window itself: its place on the screen and its events. What is in it is made later; it takes longer to load."""

from typing import Protocol

from PySide6.QtCore import QByteArray, QEvent, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow
from typing_extensions import override

TITLE = "Sharpen Desktop"


class Inside(Protocol):
    """What is in the window, as far as the window's events are its business."""

    def may_close(self) -> bool:
        """Whether the window may close now; what is to be asked first is asked then."""

    def end(self) -> None:
        """Close what belongs to the window: it is closed for good."""

    def fit(self, width: int) -> None:
        """Be as wide as the window has become."""

    def show_window_state(self) -> None:
        """Show whether the window fills the screen."""

    def drag_entered(self, event: QDragEnterEvent) -> None:
        """Take note of something that is dragged into the window."""

    def drag_moved(self, event: QDragMoveEvent) -> None:
        """Show what a drop here would do."""

    def drag_left(self) -> None:
        """Show nothing of a drag any more."""

    def dropped(self, event: QDropEvent) -> None:
        """Do what a drop here means."""


class MainWindow(QMainWindow):
    """``geometry``: where the window was, as Qt has saved it, in base64."""

    def __init__(self, geometry: str = "") -> None:
        super().__init__()
        self._inside: Inside | None = None
        self._may_close = self._is_close_wanted = False
        self.setObjectName("main_window")
        self.setMinimumSize(960, 620)
        self.resize(1440, 900)
        self.setAcceptDrops(True)
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

    def show_name(self, photo: str) -> None:
        """Show a photo's name, none when that is empty."""
        self.setWindowTitle(f"{photo}[*] — {TITLE}" if photo else f"{TITLE}[*]")

    def furnish(self, inside: Inside) -> None:
        """Let what is in the window hear of its events from now on."""
        self._inside = inside
        if self._is_close_wanted:
            QTimer.singleShot(0, self.close)

    def close_for_good(self) -> None:
        """Close without asking again."""
        self._may_close = True
        if self._inside is not None:
            self._inside.end()
        self.close()

    # Qt

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        # At once where nothing is asked: the system, logging off, is not kept waiting.
        if self._may_close or (self._inside is not None and self._inside.may_close()):
            event.accept()
        else:
            self._is_close_wanted = self._inside is None  # then as soon as there is who knows what to ask
            event.ignore()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._inside is not None:
            self._inside.fit(event.size().width())

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if self._inside is not None and event.type() is QEvent.Type.WindowStateChange:
            self._inside.show_window_state()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._inside is not None:
            self._inside.drag_entered(event)

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._inside is not None:
            self._inside.drag_moved(event)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        if self._inside is not None:
            self._inside.drag_left()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if self._inside is not None:
            self._inside.dropped(event)
