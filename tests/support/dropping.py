"""Drag and drop events as the window system would send them, for every version of Qt in use."""

import warnings

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget


def send_drag(
    window: QWidget,
    data: QMimeData,
    kind: type[QDragEnterEvent | QDragMoveEvent | QDropEvent] = QDragEnterEvent,
    place: QPoint | None = None,
) -> QDragEnterEvent | QDragMoveEvent | QDropEvent:
    """Send an event of this kind to a place of the window, its middle unless told, and return it."""
    place = place or window.rect().center()
    buttons = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Qt 6.12 means such events for itself alone
        event = kind(
            QPointF(place) if kind is QDropEvent else place, Qt.DropAction.CopyAction, data, *buttons
        )
    QApplication.sendEvent(window, event)
    return event
