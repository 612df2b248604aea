"""Where the bundled files lie, in a wheel and in a checkout, and icons drawn in the theme's colours."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import sharpen_desktop

_PACKAGE = Path(sharpen_desktop.__file__).parent
_SCALE = 3


@lru_cache(maxsize=1)
def folder() -> Path:
    """Return the resources folder: inside an installed package, beside it in a checkout."""
    inside = _PACKAGE / "resources"
    return inside if inside.is_dir() else _PACKAGE.parent / "resources"


@lru_cache(maxsize=256)
def pixmap(name: str, color: str, size: int) -> QPixmap:
    """Return the icon ``name`` drawn in ``color``, ``size`` logical pixels, sharp on high-density screens."""
    source = (folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", color)
    drawn = QPixmap(size * _SCALE, size * _SCALE)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(_SCALE)
    return drawn


def icon(name: str, color: str, size: int = 20) -> QIcon:
    """Return the icon ``name`` drawn in ``color``."""
    return QIcon(pixmap(name, color, size))


def toggled_icon(name: str, color: str, on_color: str, size: int = 20) -> QIcon:
    """Return an icon that is drawn in ``on_color`` while its button is checked."""
    both = icon(name, color, size)
    both.addPixmap(pixmap(name, on_color, size), QIcon.Mode.Normal, QIcon.State.On)
    return both


def no_icon() -> QIcon:
    """Return the icon that shows nothing."""
    return QIcon()
