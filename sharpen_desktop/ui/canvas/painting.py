"""What the canvas paints: panes of sides, their difference, the loupe. Each is rendered once and then copied."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from sharpen_desktop.core.panes import Pane, Rect
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.study import FaceBox
from sharpen_desktop.core.view_transform import Box, Point, Size, ViewTransform, picture_box
from sharpen_desktop.ui.canvas.cover import Cover
from sharpen_desktop.ui.canvas.difference import paint_heat
from sharpen_desktop.ui.canvas.layer import Layer, Look, snapped
from sharpen_desktop.ui.canvas.loupe import Loupe
from sharpen_desktop.ui.canvas.overlay import RedMask, SurfaceVeil, Veil, paint_faces
from sharpen_desktop.ui.canvas.surface import Surface
from sharpen_desktop.ui.qt_image import DisplayImages, ImageCache


@dataclass(frozen=True, slots=True)
class Magnified:
    """Where the loupe is: the picture's pixel place, and the canvas place (logical pixels) it is shown at."""

    place: Point
    about: QPointF


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything one frame depends on. ``shifts``: how far each side was moved by itself, in picture pixels.

    ``is_quick``: rather fast than smooth, while things move. ``cover``: a preview over a part of side B.
    ``veil``: what will be sharpened, and ``faces``: what is framed, over all panes.
    """

    panes: tuple[Pane, ...]
    a: Display | None
    b: Display | None
    picture: Size
    transform: ViewTransform
    ratio: float
    shifts: tuple[Point, Point] = (Point(0, 0), Point(0, 0))
    gain: int = 4
    loupe: Magnified | None = None
    is_quick: bool = False
    cover: Cover | None = None
    veil: Veil | None = None
    faces: tuple[FaceBox, ...] = ()


class CanvasPainter:
    """Holds the mapped images and the rendered layers of what is shown."""

    def __init__(self) -> None:
        self.images = ImageCache()
        self.look = Look("#2B2B2B", "#151515")
        self._layers = {"a": Layer(), "b": Layer()}
        self._loupe = Loupe()
        self._difference = Surface()
        self._red = RedMask()
        self._veils = {shows: SurfaceVeil(self._red) for shows in ("a", "b", "difference")}

    def paint(self, painter: QPainter, scene: Scene, canvas: QRectF) -> None:
        """Paint a frame."""
        if scene.a is None and scene.b is None:
            painter.fillRect(canvas, QColor(self.look.canvas))
            return
        if scene.panes[0].frame != scene.panes[-1].frame:
            _fill_gap(painter, scene.panes, QColor(self.look.canvas))
        for pane in scene.panes:
            drawn = self._drawn(pane, scene)
            if drawn is not None and pane.clip.width > 0 and pane.clip.height > 0:
                _copy(painter, pane, drawn, scene.ratio)
                self._paint_faces(painter, pane, scene)
        self._paint_loupe(painter, scene)

    def _drawn(self, pane: Pane, scene: Scene) -> QImage | None:
        if pane.shows != "difference":
            return self._side(pane.shows, pane, scene, self._veil(pane.shows, scene))
        before, after = self._side("a", pane, scene), self._side("b", pane, scene)
        if before is None or after is None:
            return after
        veil, box = self._veil(pane.shows, scene), _box(pane, scene)

        def fill(painter: QPainter, part: QRect) -> None:
            paint_heat(painter, part, before, after, scene.gain)
            if veil is not None:
                veil.paint(painter, part, box, is_quick=scene.is_quick)

        shown = (scene.a, scene.b, scene.gain, scene.shifts, scene.is_quick, scene.cover)
        key = (shown, veil and veil.generation)
        stale = veil.stale(box) if veil is not None else None
        return self._difference.draw(key, box, before.size(), before.rect(), fill, stale)

    def _side(self, side: str, pane: Pane, scene: Scene, veil: SurfaceVeil | None = None) -> QImage | None:
        display, shift = (scene.a, scene.shifts[0]) if side == "a" else (scene.b, scene.shifts[1])
        if display is None:
            return None
        viewport = QSize(round(pane.frame.width * scene.ratio), round(pane.frame.height * scene.ratio))
        transform = shifted(scene.transform, scene.picture, shift)
        return self._layers[side].draw(
            self.images.images(display),
            scene.picture,
            transform,
            viewport,
            self.look,
            _within(pane, scene.ratio).toAlignedRect(),
            is_quick=scene.is_quick,
            cover=self._cover(scene) if side == "b" else None,
            veil=veil,
        )

    def _cover(self, scene: Scene) -> tuple[Cover, DisplayImages] | None:
        return (scene.cover, self.images.images(scene.cover.display)) if scene.cover else None

    def _veil(self, shows: str, scene: Scene) -> SurfaceVeil | None:
        """Return what lies over a pane; in the difference of two sides it lies over that, not over them."""
        if scene.veil is None:
            return None
        self._red.show(scene.veil)
        return self._veils[shows]

    def _paint_faces(self, painter: QPainter, pane: Pane, scene: Scene) -> None:
        box, frame = _box(pane, scene), pane.frame
        where = QRectF(box.left, box.top, box.width, box.height)
        logical = QRectF(where.topLeft() / scene.ratio, where.size() / scene.ratio)
        paint_faces(painter, scene.faces, logical.translated(frame.left, frame.top), _rect(pane.clip, 1.0))

    def _paint_loupe(self, painter: QPainter, scene: Scene) -> None:
        before, after = scene.a or scene.b, scene.b or scene.a
        if scene.loupe is None or before is None or after is None:
            return
        sides = (self.images.images(before), self.images.images(after))
        self._loupe.paint(
            painter, sides, scene.picture, scene.loupe.place, scene.transform.zoom, scene.loupe.about,
            scene.ratio, self.look, self._cover(scene),
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


def _box(pane: Pane, scene: Scene) -> Box:
    """Return where the picture lies in a pane, in device pixels of its frame."""
    shift = scene.shifts[0] if pane.shows == "a" else scene.shifts[1]
    linked = pane.shows == "difference"
    transform = scene.transform if linked else shifted(scene.transform, scene.picture, shift)
    viewport = Size(round(pane.frame.width * scene.ratio), round(pane.frame.height * scene.ratio))
    return snapped(picture_box(transform, scene.picture, viewport))


def _copy(painter: QPainter, pane: Pane, drawn: QImage, ratio: float) -> None:
    source = _within(pane, ratio)
    if ratio == 1.0:  # whole pixels: the painter's quick way
        painter.drawImage(QPoint(pane.clip.left, pane.clip.top), drawn, source.toRect())
    else:
        painter.drawImage(_rect(pane.clip, 1.0), drawn, source)


def _fill_gap(painter: QPainter, panes: tuple[Pane, ...], color: QColor) -> None:
    first, last = panes[0].frame, panes[-1].frame
    right, bottom = last.left + last.width, last.top + last.height
    if last.left > first.left:
        painter.fillRect(first.width, 0, last.left - first.width, bottom, color)
    else:
        painter.fillRect(0, first.height, right, last.top - first.height, color)


def _within(pane: Pane, ratio: float) -> QRectF:
    """Return the clip in device pixels of its frame."""
    clip, frame = pane.clip, pane.frame
    return _rect(Rect(clip.left - frame.left, clip.top - frame.top, clip.width, clip.height), ratio)


def _rect(rect: Rect, ratio: float) -> QRectF:
    return QRectF(rect.left * ratio, rect.top * ratio, rect.width * ratio, rect.height * ratio)
