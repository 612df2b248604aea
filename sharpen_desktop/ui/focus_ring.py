"""The ring round the control that has the keyboard focus: one for the whole window, 2 px with a 1 px gap."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QLineEdit, QWidget
from typing_extensions import override

from sharpen_desktop.ui.canvas.divider import Divider

REACH_PX = 3
_RINGED = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit)


class FocusRing(QWidget):
    """A sibling of the focused control, above it, so that it scrolls along; takes no mouse."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._color = QColor("#5C9DFF")
        self._window = window
        self._around: QWidget | None = None
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def set_color(self, color: str) -> None:
        """Set the ring's colour."""
        self._color = QColor(color)
        self.update()

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        if self._around is not None:
            self._around.removeEventFilter(self)
            self._around = None
        is_ringed = isinstance(now, _RINGED) and not isinstance(now, Divider)
        if now is None or not is_ringed or now.window() is not self._window:
            self.hide()
            return
        self._around = now
        now.installEventFilter(self)
        now.destroyed.connect(self._lost)
        self.setParent(now.parentWidget())
        self._fit()
        self.show()
        self.raise_()

    def _lost(self) -> None:
        self._around = None

    def _fit(self) -> None:
        if self._around is not None:
            self.setGeometry(self._around.geometry().adjusted(-REACH_PX, -REACH_PX, REACH_PX, REACH_PX))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._fit()
        elif event.type() is QEvent.Type.Hide:
            self.hide()
        elif event.type() is QEvent.Type.Show:
            self.show()
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._color, 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
