"""What lies over the pixels of a surface and is painted into it, so that it costs nothing while the picture is moved."""

from typing import Protocol

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from sharpen_desktop.core.view_transform import Box


class Over(Protocol):
    """Something over the picture, in the place of the picture's box."""

    @property
    def generation(self) -> object:
        """Another one whenever all of it has become another."""
        ...

    def stale(self, box: Box) -> QRect:
        """Return where it has to be painted again while the picture lies in ``box``; device pixels."""
        ...

    def paint(self, painter: QPainter, part: QRect, box: Box, *, is_quick: bool) -> None:
        """Paint what lies in ``part`` while the picture lies in ``box``; device pixels."""
        ...
