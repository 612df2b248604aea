"""The ring round the control that has the keyboard focus: one for the whole window, 2 px with a 1 px gap."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QWidget,
)
from typing_extensions import override

from sharpen_desktop.ui.canvas.divider import Divider
from sharpen_desktop.ui.picture_view import PictureView

REACH_PX = 3
SCROLLED = "panel_body"
_RINGED = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, PictureView)


class FocusRing(QWidget):
    """Lies over the focused control in the panel that scrolls it, else in the window; takes no mouse."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._color = QColor("#5C9DFF")
        self._window = window
        self._around: QWidget | None = None
        self._watched: list[QWidget] = []
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def set_color(self, color: str) -> None:
        """Set the ring's colour."""
        self._color = QColor(color)
        self.update()

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        for each in self._watched:
            each.removeEventFilter(self)
        self._watched = []
        is_ringed = isinstance(now, _RINGED) and not isinstance(now, Divider)
        if now is None or not is_ringed or now.window() is not self._window:
            self.hide()
            return
        self._around = now
        self._watched = _up_to_host(now)
        self.setParent(self._watched[-1])
        for each in self._watched:
            each.installEventFilter(self)
        self._fit()
        self.show()
        self.raise_()

    def _fit(self) -> None:
        around, host = self._around, self.parentWidget()
        if around is None or host is None or around not in self._watched:
            return
        place = QRect(around.mapTo(host, QPoint(0, 0)), around.size())
        self.setGeometry(place.adjusted(-REACH_PX, -REACH_PX, REACH_PX, REACH_PX))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._fit()
        elif watched is self._around and event.type() in (QEvent.Type.Hide, QEvent.Type.Show):
            self.setVisible(event.type() is QEvent.Type.Show)
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._color, 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)


def _up_to_host(widget: QWidget) -> list[QWidget]:
    """Return the widget and its parents up to the body of its scroll area, or the window."""
    chain = [widget]
    while chain[-1].objectName() != SCROLLED and not chain[-1].isWindow():
        parent = chain[-1].parentWidget()
        if parent is None:
            break
        chain.append(parent)
    return chain
