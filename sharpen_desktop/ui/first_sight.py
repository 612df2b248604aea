"""A photo's first look where the canvas is going to show it, while the rest of the window is being made."""

from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.view_transform import Size, fitted
from sharpen_desktop.ui import theme
from sharpen_desktop.ui.canvas.layer import Look, content_of
from sharpen_desktop.ui.qt_image import DisplayImages

STRIP_PX = 104
"""Height of the filmstrip; it is said here, for that is not loaded yet."""
MOST_PX = 10_000
"""No margin is wider on any screen."""


class Margins(NamedTuple):
    """What lies round the canvas in the window; logical pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def text(self) -> str:
        """How the preferences keep them."""
        return " ".join(map(str, self))


def margins_from(prefs: Prefs, *, has_strip: bool) -> Margins | None:
    """Return the margins as they were last; None where they are not known."""
    try:
        margins = Margins(*map(int, prefs.canvas_margins.split()))
    except (TypeError, ValueError):
        return None
    if not all(0 <= each <= MOST_PX for each in margins):
        return None
    if has_strip and prefs.is_filmstrip_open:
        margins = margins._replace(bottom=margins.bottom + STRIP_PX)
    return margins


class FirstSight(QWidget):
    """Fills the window: the photo whole in the canvas' place, and the panels' colour round it. ``seen``: it is painted."""

    seen = Signal()

    def __init__(self, display: Display, prefs: Prefs, margins: Margins) -> None:
        super().__init__()
        look = theme.look_for(prefs.theme)
        self._images = DisplayImages(display)
        self._panel = QColor(look.panel)
        self._look = Look(theme.canvas_color(prefs.theme, prefs.background), look.outline)
        self._margins = margins

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._panel)
        place = self.rect().adjusted(
            self._margins.left, self._margins.top, -self._margins.right, -self._margins.bottom
        )
        if place.isValid():
            ratio = self.devicePixelRatioF()
            image = self._drawn(QSize(round(place.width() * ratio), round(place.height() * ratio)))
            image.setDevicePixelRatio(ratio)
            painter.drawImage(place.topLeft(), image)
        painter.end()
        self.seen.emit()

    def _drawn(self, viewport: QSize) -> QImage:
        """Return the canvas' device pixels, as the canvas will draw them."""
        picture = Size(self._images.display.width, self._images.display.height)
        transform = fitted(picture, Size(viewport.width(), viewport.height()))
        content = content_of(self._images, picture, transform, viewport, self._look)
        image = QImage(viewport, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        content.fill(painter, QRect(QPoint(0, 0), viewport), False)
        painter.end()
        return image
