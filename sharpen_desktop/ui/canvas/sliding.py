"""Pixels of a viewport that are moved without being copied: a window that slides along a longer piece of memory.

A move by (dx, dy) is one of dy rows and dx pixels along the memory, since each row begins where the one before it
ends. What comes in at an edge is whatever lies there, and has to be painted.
"""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter

BYTES = 4
ROOM = 4
"""A part of the height that there is to slide, up and down each: a fourth."""


class _Seen(QImage):
    """A piece of memory as an image; the memory lives as long as this does."""

    def __init__(self, memory: QImage, start: int, size: QSize) -> None:
        width = size.width()
        piece = memory.bits()[start * BYTES :]
        super().__init__(piece, width, size.height(), width * BYTES, QImage.Format.Format_RGB32)
        self._memory = memory


class SlidingImage:
    """RGB32 pixels of ``size``, which begin undefined; of no size where there is no memory for them."""

    def __init__(self, size: QSize = QSize(0, 0)) -> None:  # noqa: B008 - never changed
        self._room = size.height() // ROOM + 1
        self._memory = QImage(size.width(), size.height() + 2 * self._room, QImage.Format.Format_RGB32)
        if self._memory.isNull():
            size = QSize(0, 0)
        self._middle = self._room * size.width()
        self._last = 2 * self._middle
        self._size = size
        self.image = QImage()
        """Seen through until the next move."""
        self._look_from(self._middle)

    @property
    def size(self) -> QSize:
        """Columns and rows."""
        return self._size

    def move(self, dx: int, dy: int) -> None:
        """Move what is seen to the right and down by less than ``size``."""
        shift = dy * self._size.width() + dx
        start = self._start - shift
        if not 0 <= start <= self._last:
            self._begin_again(shift)
            start = self._middle
        self._look_from(start)

    def make_room(self) -> None:
        """Let what is seen lie in the middle of the memory again, if it has come far from there; for an idle moment."""
        if abs(self._start - self._middle) > self._middle // 2:
            self._begin_again(0)
            self._look_from(self._middle)

    def take(self, other: "SlidingImage", part: QRect) -> None:
        """Put a part of another image of this size in place of one's own."""
        painter = QPainter(self.image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(part.topLeft(), other.image, part)
        painter.end()

    def _begin_again(self, shift: int) -> None:
        """Bring what will be seen after a move to the middle of the memory."""
        length = self._size.width() * self._size.height()
        first = max(self._middle, self._middle + shift)
        last = min(self._middle, self._middle + shift) + length
        back = self._start - self._middle - shift
        memory = memoryview(self._memory.bits()).cast("B")
        memory[BYTES * first : BYTES * last] = memory[BYTES * (first + back) : BYTES * (last + back)]

    def _look_from(self, start: int) -> None:
        self._start = start
        self.image = QImage() if self._size.isEmpty() else _Seen(self._memory, start, self._size)
