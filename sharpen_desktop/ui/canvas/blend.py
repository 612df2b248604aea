"""A mix as the canvas shows it by itself, at once: its base laid over the result, until the exact mix has been made.

The painter blends encoded values; linear light differs from that by a few levels where both pictures differ much.
"""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.mix import begins_full
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.view_transform import Box, Size
from sharpen_desktop.ui.canvas.overlay import RedMask, SurfaceVeil, Veil
from sharpen_desktop.ui.canvas.surface import visible_part, without
from sharpen_desktop.ui.qt_image import DisplayImages, ImageCache


@dataclass(frozen=True, slots=True)
class Blend:
    """``share`` of ``result`` over ``base``, where ``strokes`` let it show."""

    result: Display
    base: Display
    share: float
    strokes: Strokes = ()

    @property
    def veil(self) -> Veil:
        """Where the result shows."""
        return Veil(None, self.strokes, whole=Size(self.result.width, self.result.height))


class BlendOver:
    """The base of a blend over the result that a surface has painted."""

    def __init__(self) -> None:
        self.mask = RedMask(opacity=1.0)
        self._tracked = SurfaceVeil(self.mask)
        self._blend: Blend | None = None
        self._images: DisplayImages | None = None
        self._cut_key: object = None
        self._last_cut = QImage()

    def show(self, blend: Blend, images: ImageCache) -> None:
        """Become the over of a blend."""
        if self._blend is None or blend.base != self._blend.base or not blend.strokes:
            self._cut_key, self._last_cut = None, QImage()
        self._blend, self._images = blend, images.images(blend.base)
        if blend.strokes:
            self.mask.show(blend.veil)

    @property
    def generation(self) -> object:
        """Another one whenever all of the blend has become another."""
        blend = self._blend
        if blend is None:
            return None
        return blend.base, blend.share, self.mask.generation if blend.strokes else 0

    def stale(self, box: Box) -> QRect:
        """Return where painting has changed the blend while the picture lies in ``box``; device pixels."""
        return self._tracked.stale(box)

    def mixed(self, image: QImage, source: QRectF, *, is_quick: bool) -> tuple[QImage, QRectF]:
        """Return what ``source`` cuts out of a level of the result with the base over it, as an image and its cut.

        So the pixels of a level are blended before they are scaled: there are fewer of them, and no seam is seen.
        OSError when the base's file is gone.
        """
        if self._blend is None or self._images is None:
            return image, source
        cut = source.toRect()
        whole = Box(-cut.left(), -cut.top(), image.width(), image.height())
        part = image.copy(cut)
        painter = QPainter(part)
        self.lay_over(painter, part.rect(), whole, is_quick=is_quick)
        painter.end()
        return part, QRectF(part.rect())

    def lay_over(self, painter: QPainter, part: QRect, whole: Box, *, is_quick: bool) -> None:
        """Lay the base over the result that was painted in ``part``, pixel by pixel; the picture lies in ``whole``."""
        if self._blend is None:
            return
        painted = self._painted(whole).intersected(part)
        if begins_full(self._blend.strokes):
            painter.setOpacity(1 - self._blend.share)
            self._draw_base(painter, part, whole)
        else:
            for plain in without(part, painted):
                self._draw_base(painter, plain, whole)
            painter.setOpacity(1 - self._blend.share)
            self._draw_base(painter, painted, whole)
        painter.setOpacity(1.0)
        if not painted.isEmpty():
            painter.drawImage(painted.topLeft(), self._kept(painted, whole, is_quick=is_quick))

    def _painted(self, whole: Box) -> QRect:
        """Return where anything is painted while the picture lies in ``whole``."""
        bounds = QRect()
        for touched in self.mask.touched if self._blend and self._blend.strokes else ():
            bounds = bounds.united(touched)
        return self.mask.in_box(bounds, whole)

    def _draw_base(self, painter: QPainter, part: QRect, whole: Box) -> None:
        if self._images is None:
            return
        image = self._images.level(whole.width / self._images.display.width)
        if (image.width(), image.height()) == (whole.width, whole.height):
            painter.drawImage(part.topLeft(), image, part.translated(-round(whole.left), -round(whole.top)))
            return
        target, source = visible_part(whole, image.size(), part)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
        painter.drawImage(target, image, source)
        painter.restore()

    def _kept(self, part: QRect, whole: Box, *, is_quick: bool) -> QImage:
        """Return the cut of ``part``; the last one of a quick frame is kept, for the next share needs it again."""
        if not is_quick:
            return self._cut(part, whole, is_quick=False)
        key = (
            part,
            whole,
            self._images and self._images.display,
            self.mask.generation,
            len(self.mask.touched),
        )
        if key != self._cut_key:
            self._last_cut, self._cut_key = self._cut(part, whole, is_quick=True), key
        return self._last_cut

    def _cut(self, part: QRect, whole: Box, *, is_quick: bool) -> QImage:
        """Return the base in ``part``, see-through where the mask lets the result show, whatever its share.

        Over a blend by the share alone it gives that by share and mask: (1 - m) B + m ((1 - s) B + s R).
        """
        cut = QImage(part.size(), QImage.Format.Format_ARGB32_Premultiplied)
        cut.fill(0)
        here = Box(whole.left - part.left(), whole.top - part.top(), whole.width, whole.height)
        painter = QPainter(cut)
        self._draw_base(painter, cut.rect(), here)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        self.mask.paint(painter, cut.rect(), here, is_quick=is_quick)
        painter.end()
        return cut
