"""Display levels as QImages over the same memory: nothing is copied and nothing decoded."""

import mmap
from dataclasses import dataclass, field
from typing import cast

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from sharpen_desktop.core.picture import Display, Level


@dataclass(slots=True)
class MappedImage:
    """A QImage and the mapping it looks at; the mapping lives as long as this does."""

    image: QImage
    _memory: mmap.mmap


@dataclass(slots=True)
class DisplayImages:
    """The levels of one display, mapped when first wanted."""

    display: Display
    _mapped: dict[str, MappedImage] = field(default_factory=dict)

    def level(self, scale: float) -> QImage:
        """Return the smallest level with at least ``scale`` of the full size, else the largest there is."""
        fitting = [
            level for level in self.display.levels if level.width >= self.display.width * scale * 0.999
        ]
        return self._image(min(fitting or self.display.levels[:1], key=lambda level: level.width))

    def color_at(self, x: int, y: int) -> tuple[int, int, int] | None:
        """Return the sRGB values of a full-size pixel; ``None`` outside or before it is decoded."""
        inside = 0 <= x < self.display.width and 0 <= y < self.display.height
        if not inside or not self.display.is_complete:
            return None
        try:
            color = self._image(self.display.levels[0]).pixelColor(x, y)
        except OSError:
            return None  # the cache folder was emptied under us
        return color.red(), color.green(), color.blue()

    def _image(self, level: Level) -> QImage:
        mapped = self._mapped.get(level.path)
        if mapped is None:
            mapped = self._mapped[level.path] = _mapped(level, has_alpha=self.display.has_alpha)
        return mapped.image


def mapped_mask(level: Level) -> MappedImage:
    """Return a mask of one byte a pixel as a grey image over the same memory; OSError when its file is gone."""
    return _over_file(level, QImage.Format.Format_Grayscale8)


def _mapped(level: Level, *, has_alpha: bool) -> MappedImage:
    pixels = QImage.Format.Format_ARGB32_Premultiplied if has_alpha else QImage.Format.Format_RGB32
    return _over_file(level, pixels)


def _over_file(level: Level, pixels: QImage.Format) -> MappedImage:
    with open(level.path, "rb") as file:
        memory = mmap.mmap(file.fileno(), level.stride * level.height, access=mmap.ACCESS_READ)
    # A mapping is as good a buffer as a memoryview, which would keep it from being closed.
    return MappedImage(QImage(cast(bytes, memory), level.width, level.height, level.stride, pixels), memory)


class BlankImage(QImage):
    """Zeros to paint on; only where it is painted on does the system give memory, and take the time for it.

    A null image, as QImage is, where there is no memory.
    """

    def __init__(self, size: QSize, pixels: QImage.Format, bytes_per_pixel: int) -> None:
        stride = size.width() * bytes_per_pixel
        try:
            memory = mmap.mmap(-1, stride * size.height())
        except OSError:
            super().__init__()
            return
        super().__init__(cast(bytes, memory), size.width(), size.height(), stride, pixels)
        self._memory = memory


class ImageCache:
    """The mapped images of the displays in use; those not asked for again are dropped."""

    def __init__(self) -> None:
        self._images: dict[Display, DisplayImages] = {}
        self._needed: dict[str, set[Display]] = {}

    def images(self, display: Display) -> DisplayImages:
        """Return the images of a display."""
        if display not in self._images:
            self._images[display] = DisplayImages(display)
        return self._images[display]

    def keep_only(self, displays: set[Display], who: str = "canvas") -> None:
        """Drop the mappings of all displays but those, and but what others need; ``who`` needs those."""
        self._needed[who] = displays
        for gone in self._images.keys() - set().union(*self._needed.values()):
            del self._images[gone]


def thumbnail(display: Display, width: int, ratio: float, height: int = 0) -> QPixmap:
    """Return the picture fitted into a room of logical pixels, a square when no ``height`` is said."""
    room = max(1, round(width * ratio)), max(1, round((height or width) * ratio))
    scale = min(room[0] / max(display.width, 1), room[1] / max(display.height, 1))
    try:
        smallest = DisplayImages(display).level(scale)
    except OSError:
        return QPixmap()  # the cache folder was emptied under us
    drawn = QPixmap(max(1, round(display.width * scale)), max(1, round(display.height * scale)))
    drawn.fill(Qt.GlobalColor.white)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(drawn.rect()), smallest, QRectF(smallest.rect()))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn
