"""One side of the comparer, rendered for a viewport piece by piece and then only copied and moved."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPixmap

from sharpen_desktop.core.view_transform import Box, Size, ViewTransform, picture_box
from sharpen_desktop.ui.canvas.blend import BlendOver
from sharpen_desktop.ui.canvas.cover import Cover, covered
from sharpen_desktop.ui.canvas.over import Over
from sharpen_desktop.ui.canvas.surface import Fill, Surface, visible_part, without
from sharpen_desktop.ui.qt_image import DisplayImages

NEAREST_FROM = 2.0
"""From this zoom on pixels are shown as squares."""
CHECK_PX = 8


@dataclass(frozen=True, slots=True)
class Look:
    """What a layer is drawn on: canvas and outline colours."""

    canvas: str
    outline: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a surface shows of a side: where its picture lies, what else its look depends on, and how it is painted."""

    key: object
    box: Box
    fill: Fill


def content_of(
    images: DisplayImages,
    picture: Size,
    transform: ViewTransform,
    viewport: QSize,
    look: Look,
    *,
    cover: tuple[Cover, DisplayImages] | None = None,
    over: Over | None = None,
    blend: BlendOver | None = None,
) -> Content:
    """Return how a viewport (device pixels) shows a picture in the place of one of size ``picture``.

    ``cover``: lies over a part of it; the picture then has the size of the cover's whole.
    ``over``: lies over all of it. ``blend``: is mixed into it.
    """
    box = snapped(picture_box(transform, picture, Size(viewport.width(), viewport.height())))

    def fill(painter: QPainter, part: QRect, is_quick: bool) -> None:
        try:
            _render(painter, part, images, box, look, cover, blend, is_quick=is_quick)
            if over is not None:
                over.paint(painter, part, box, is_quick=is_quick)
        except OSError:  # something has emptied the cache folder under us
            _say_lost(painter, QRect(QPoint(0, 0), viewport), look)

    key = (images.display, look, cover and cover[0], over and over.generation, blend and blend.generation)
    return Content(key, box, fill)


class Layer:
    """One side of the comparer in the place of a picture of another size, if need be."""

    def __init__(self) -> None:
        self._surface = Surface()

    def draw(
        self,
        images: DisplayImages,
        picture: Size,
        transform: ViewTransform,
        viewport: QSize,
        look: Look,
        clip: QRect | None = None,
        *,
        cover: tuple[Cover, DisplayImages] | None = None,
        over: Over | None = None,
        blend: BlendOver | None = None,
    ) -> QImage:
        """Return the viewport as ``content_of`` says. Only ``clip`` of it is sure to be rendered."""
        content = content_of(images, picture, transform, viewport, look, cover=cover, over=over, blend=blend)
        wanted = clip if clip is not None else QRect(QPoint(0, 0), viewport)
        stale = over.stale(content.box) if over is not None else QRect()
        stale = stale.united(blend.stale(content.box)) if blend is not None else stale
        return self._surface.draw(content.key, content.box, viewport, wanted, content.fill, [stale])

    @property
    def is_rough(self) -> bool:
        """Whether a part of what is drawn is still to be painted well."""
        return self._surface.is_rough

    def refine(self, until_s: float) -> bool:
        """Paint well what is rough, until that time of ``time.perf_counter``; return whether all of it is."""
        return self._surface.refine(until_s)


def part_of_side(
    part: QRect,
    images: DisplayImages,
    box: Box,
    look: Look,
    cover: tuple[Cover, DisplayImages] | None,
    blend: BlendOver | None,
    shrink: int,
) -> QImage:
    """Return what a picture in ``box`` shows in ``part``, ``shrink`` times smaller; OSError when its file is gone.

    What is shrunk is rather fast than smooth.
    """
    drawn = QImage(-(-part.width() // shrink), -(-part.height() // shrink), QImage.Format.Format_RGB32)
    here = Box(
        (box.left - part.left()) / shrink,
        (box.top - part.top()) / shrink,
        box.width / shrink,
        box.height / shrink,
    )
    painter = QPainter(drawn)
    _render(painter, drawn.rect(), images, here, look, cover, blend, is_quick=shrink > 1)
    painter.end()
    return drawn


def _say_lost(painter: QPainter, where: QRect, look: Look) -> None:
    painter.fillRect(where, QColor(look.canvas))
    painter.setPen(QColor("#8C8C8C"))
    text = "The pixels of this picture are gone from the cache. Open the photo again."
    painter.drawText(where, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)


def _render(
    painter: QPainter,
    part: QRect,
    images: DisplayImages,
    box: Box,
    look: Look,
    cover: tuple[Cover, DisplayImages] | None,
    blend: BlendOver | None,
    *,
    is_quick: bool,
) -> None:
    # The zoom of this picture's own pixels: the other side may have another size.
    zoom = box.width / images.display.width
    # Half the pixels of a screen are enough while things move: reading more takes longer than painting them.
    image = images.level(min(zoom / 2 if is_quick and zoom < 1 else zoom, 1.0))
    inside = _rect(box).toRect().adjusted(1, 1, -1, -1)  # a pixel less: what is drawn smoothly may fade there
    for gap in () if inside.contains(part) else without(part, inside):
        painter.fillRect(gap, QColor(look.canvas))
    painter.setRenderHint(
        QPainter.RenderHint.SmoothPixmapTransform, zoom < NEAREST_FROM and zoom != 1.0 and not is_quick
    )
    if images.display.has_alpha:
        painter.setBrushOrigin(round(box.left), round(box.top))
        painter.fillRect(_rect(box).intersected(QRectF(part)), _checks())
    target, source = visible_part(box, image.size(), part)
    if not target.isEmpty():
        is_even = (image.width(), image.height()) == (
            box.width,
            box.height,
        )  # then nothing need be copied first
        if blend is not None and not is_even:
            image, source = blend.mixed(image, source, is_quick=is_quick)
        if cover is not None:
            image, source = covered(image, source, *cover)
        painter.drawImage(target, image, source)
        if blend is not None and is_even:
            blend.lay_over(painter, part.intersected(target.toRect()), box, is_quick=is_quick)
    painter.setPen(QColor(look.outline))
    around = QRectF(part).adjusted(-4, -4, 4, 4)
    painter.drawRect(_rect(box).adjusted(-1, -1, 0, 0).intersected(around))


def snapped(box: Box) -> Box:
    """Return the box on whole device pixels, so that 100 % copies pixels as they are."""
    left, top = round(box.left), round(box.top)
    return Box(left, top, max(1.0, round(box.width)), max(1.0, round(box.height)))


def _rect(box: Box) -> QRectF:
    return QRectF(box.left, box.top, box.width, box.height)


def _checks() -> QBrush:
    tile = QPixmap(2 * CHECK_PX, 2 * CHECK_PX)
    tile.fill(QColor("#B8B8B8"))
    painter = QPainter(tile)
    for place in (0, CHECK_PX):
        painter.fillRect(place, place, CHECK_PX, CHECK_PX, QColor("#8C8C8C"))
    painter.end()
    return QBrush(tile)
