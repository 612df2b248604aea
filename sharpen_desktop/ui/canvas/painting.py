"""What the canvas paints: panes of sides, their difference, the loupe. Each is rendered once and then copied."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from sharpen_desktop.core.panes import Pane, Rect
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.view_transform import Point, Size, ViewTransform
from sharpen_desktop.ui.canvas.difference import heat_map
from sharpen_desktop.ui.canvas.layer import Layer, Look
from sharpen_desktop.ui.canvas.loupe import Loupe
from sharpen_desktop.ui.qt_image import ImageCache


@dataclass(frozen=True, slots=True)
class Magnified:
    """Where the loupe is: the picture's pixel place, and the canvas place (logical pixels) it is shown at."""

    place: Point
    about: QPointF


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything one frame depends on. ``shifts``: how far each side was moved by itself, in picture pixels."""

    panes: tuple[Pane, ...]
    a: Display | None
    b: Display | None
    picture: Size
    transform: ViewTransform
    ratio: float
    shifts: tuple[Point, Point] = (Point(0, 0), Point(0, 0))
    gain: int = 4
    loupe: Magnified | None = None


class CanvasPainter:
    """Holds the mapped images and the rendered layers of what is shown."""

    def __init__(self) -> None:
        self.images = ImageCache()
        self.look = Look("#2B2B2B", "#151515")
        self._layers = {"a": Layer(), "b": Layer()}
        self._loupe = Loupe()
        self._difference_key: object = None
        self._difference = QImage()

    def paint(self, painter: QPainter, scene: Scene, canvas: QRectF) -> None:
        """Paint a frame."""
        if len(scene.panes) > 1 or (scene.a is None and scene.b is None):
            painter.fillRect(canvas, QColor(self.look.canvas))
        for pane in scene.panes:
            drawn = self._drawn(pane, scene)
            if drawn is not None and pane.clip.width > 0 and pane.clip.height > 0:
                painter.drawImage(_rect(pane.clip, 1.0), drawn, _within(pane, scene.ratio))
        self._paint_loupe(painter, scene)

    def _drawn(self, pane: Pane, scene: Scene) -> QImage | None:
        if pane.shows != "difference":
            return self._side(pane.shows, pane, scene)
        before, after = self._side("a", pane, scene), self._side("b", pane, scene)
        if before is None or after is None:
            return after
        key = (before.cacheKey(), after.cacheKey(), scene.gain)
        if key != self._difference_key:
            self._difference_key, self._difference = key, heat_map(before, after, scene.gain)
        return self._difference

    def _side(self, side: str, pane: Pane, scene: Scene) -> QImage | None:
        display, shift = (scene.a, scene.shifts[0]) if side == "a" else (scene.b, scene.shifts[1])
        if display is None:
            return None
        viewport = QSize(round(pane.frame.width * scene.ratio), round(pane.frame.height * scene.ratio))
        transform = shifted(scene.transform, scene.picture, shift)
        return self._layers[side].draw(
            self.images.images(display), scene.picture, transform, viewport, self.look
        )

    def _paint_loupe(self, painter: QPainter, scene: Scene) -> None:
        before, after = scene.a or scene.b, scene.b or scene.a
        if scene.loupe is None or before is None or after is None:
            return
        sides = (self.images.images(before), self.images.images(after))
        self._loupe.paint(
            painter, sides, scene.picture, scene.loupe.place, scene.transform.zoom, scene.loupe.about,
            scene.ratio, self.look,
        )  # fmt: skip


def shifted(transform: ViewTransform, picture: Size, shift: Point) -> ViewTransform:
    """Return the transform of a side that was moved by itself, to the right and down for positive shifts."""
    if shift == Point(0, 0):
        return transform
    return replace(
        transform,
        centre_x=transform.centre_x - shift.x / picture.width,
        centre_y=transform.centre_y - shift.y / picture.height,
        is_fit=False,
    )


def _within(pane: Pane, ratio: float) -> QRectF:
    """Return the clip in device pixels of its frame."""
    clip, frame = pane.clip, pane.frame
    return _rect(Rect(clip.left - frame.left, clip.top - frame.top, clip.width, clip.height), ratio)


def _rect(rect: Rect, ratio: float) -> QRectF:
    return QRectF(rect.left * ratio, rect.top * ratio, rect.width * ratio, rect.height * ratio)
