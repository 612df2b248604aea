"""What is drawn over the picture: the part that will be sharpened, or is mixed, in red, and frames round the faces."""

from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QRegion, qRgba

from sharpen_desktop.core.brush import Stroke, Strokes
from sharpen_desktop.core.mix import begins_full
from sharpen_desktop.core.study import FaceBox, SubjectMask
from sharpen_desktop.core.subjects import has_foreground
from sharpen_desktop.core.view_transform import Box, Size
from sharpen_desktop.ui.canvas.ink import Ink
from sharpen_desktop.ui.canvas.surface import visible_part
from sharpen_desktop.ui.qt_image import BlankImage, mapped_mask

RED = QColor(255, 30, 30)
OPACITY = 0.5
MOST_PX = 2048
"""A mask is drawn with no more pixels along its long side."""
FACE_RADIUS_PX = 6


@dataclass(frozen=True, slots=True)
class Veil:
    """What of the picture will be sharpened: ``mask`` as it was found, ``ink`` painted on the subject since.

    ``is_background``: what is not the subject will be sharpened. Without a mask: where a mix applies to a picture of
    the size ``whole``.
    """

    mask: SubjectMask | None
    ink: Strokes = ()
    is_background: bool = False
    whole: Size = Size(1, 1)  # noqa: RUF009 - a frozen value

    @property
    def is_outside(self) -> bool:
        """Whether what the mask does not cover will be sharpened: the background, or all without a subject."""
        return self.mask is not None and (self.is_background or not has_foreground(self.mask, self.ink))

    @property
    def beneath(self) -> object:
        """What the ink is painted on."""
        return (self.mask.pixels, self.is_outside) if self.mask else (self.whole, begins_full(self.ink))


class RedMask:
    """A veil as a half transparent red image of the mask's size, kept up to date stroke by stroke.

    ``opacity``: of what is covered fully.
    """

    def __init__(self, opacity: float = OPACITY) -> None:
        self._opacity = opacity
        self._base: object = None
        self._ink: Strokes = ()
        self._growing: Ink | None = None
        self._is_raising = False
        self._before = QImage()
        """What lay there before the last stroke, where that has passed: in ``_passed``."""
        self._passed = QRegion()
        self.image = QImage()
        self.generation = 0
        self.touched: list[QRect] = []
        """What painting has changed since the last generation, in pixels of the image."""

    def show(self, veil: Veil) -> None:
        """Become the image of a veil."""
        base = veil.beneath
        if base != self._base or not _goes_on(self._ink, veil.ink):
            self._begin(veil)
            self._base = base
        if self.image.isNull() or veil.ink == self._ink:
            return
        if self._ink:
            self._grow(veil.ink[len(self._ink) - 1], len(self._ink[-1].points))
        for stroke in veil.ink[len(self._ink) :]:
            self._passed = QRegion()
            self._growing = Ink(self.image.size(), stroke)
            self._is_raising = stroke.adds != veil.is_outside
            self._grow(stroke, 0)
        self._ink = veil.ink

    def paint(self, painter: QPainter, part: QRect, box: Box, *, is_quick: bool) -> None:
        """Paint what lies in ``part`` while the picture lies in ``box``; device pixels."""
        if self.image.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_quick)
        target, source = visible_part(box, self.image.size(), part)
        if not target.isEmpty():
            painter.drawImage(target, self.image, source)

    def in_box(self, touched: QRect, box: Box) -> QRect:
        """Return where pixels of the image are seen, and those they are smoothed with; device pixels."""
        if touched.isEmpty():
            return QRect()
        x_scale, y_scale = box.width / self.image.width(), box.height / self.image.height()
        left, top = box.left + (touched.left() - 1) * x_scale, box.top + (touched.top() - 1) * y_scale
        right = box.left + (touched.right() + 2) * x_scale
        bottom = box.top + (touched.bottom() + 2) * y_scale
        return QRect(floor(left), floor(top), ceil(right - left) + 1, ceil(bottom - top) + 1)

    def _begin(self, veil: Veil) -> None:
        try:
            self.image = _beneath(veil, self._opacity)
        except OSError:
            self.image = QImage()  # the cache folder was emptied under us
        self._before = QImage(self.image.size(), self.image.format())
        self._ink, self._growing = (), None
        self.touched = []
        self.generation += 1

    def _grow(self, stroke: Stroke, known: int) -> None:
        """Paint the places of the last stroke after those that are known."""
        if self._growing is None or len(stroke.points) == known:
            return
        part = self._growing.extend(stroke.points[known:])
        if part.isEmpty():
            return
        _replace(self._before, QRegion(part).subtracted(self._passed), self.image)
        self._passed = self._passed.united(part)
        _replace(self.image, QRegion(part), self._before)
        painter = QPainter(self.image)
        ink = self._growing.coloured(part, RED)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        painter.drawImage(part.topLeft(), ink)
        if self._is_raising:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
            painter.setOpacity(self._opacity)
            painter.drawImage(part.topLeft(), ink)
        painter.end()
        self.touched.append(part)


class SurfaceVeil:
    """The red mask as one surface shows it; tells what painting has changed there since it was asked last."""

    def __init__(self, red: RedMask) -> None:
        self._red = red
        self._generation = 0
        self._known = 0

    @property
    def generation(self) -> int:
        """Another one whenever all of the veil has become another."""
        return self._red.generation

    def stale(self, box: Box) -> QRect:
        """Return where it has to be painted again while the picture lies in ``box``; device pixels."""
        if self._red.generation != self._generation:
            self._generation, self._known = self._red.generation, 0
        changed = QRect()
        for touched in self._red.touched[self._known :]:
            changed = changed.united(touched)
        self._known = len(self._red.touched)
        return self._red.in_box(changed, box)

    def paint(self, painter: QPainter, part: QRect, box: Box, *, is_quick: bool) -> None:
        """Paint what lies in ``part`` while the picture lies in ``box``; device pixels."""
        self._red.paint(painter, part, box, is_quick=is_quick)


def paint_faces(painter: QPainter, faces: tuple[FaceBox, ...], picture: QRectF, clip: QRectF) -> None:
    """Frame the faces of a picture that lies in ``picture``; canvas pixels, nothing outside ``clip``."""
    painter.save()
    painter.setClipRect(clip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for face in faces:
        frame = QRectF(
            picture.left() + face.left * picture.width(),
            picture.top() + face.top * picture.height(),
            face.width * picture.width(),
            face.height * picture.height(),
        )
        for color, width in ((QColor(0, 0, 0, 200), 3.0), (QColor(255, 255, 255), 1.0)):
            painter.setPen(QPen(color, width))
            painter.drawRoundedRect(frame, FACE_RADIUS_PX, FACE_RADIUS_PX)
    painter.restore()


def _goes_on(old: Strokes, new: Strokes) -> bool:
    """Whether strokes are others moved on: the last may have grown, and more may have come."""
    if not old:
        return True
    return len(new) >= len(old) and old[:-1] == new[: len(old) - 1] and old[-1].grows_into(new[len(old) - 1])


def _beneath(veil: Veil, opacity: float) -> QImage:
    """Return what the ink is painted on as transparent red; OSError when the file of its mask is gone."""
    if veil.mask is not None:
        return _reddened(veil.mask, opacity, is_outside=veil.is_outside)
    scale = min(1.0, MOST_PX / max(veil.whole.width, veil.whole.height))
    size = QSize(max(1, round(veil.whole.width * scale)), max(1, round(veil.whole.height * scale)))
    image = BlankImage(size, QImage.Format.Format_ARGB32_Premultiplied, 4)
    if begins_full(veil.ink):
        color = QColor(RED)
        color.setAlphaF(opacity)
        image.fill(color)
    return image


def _reddened(mask: SubjectMask, opacity: float, *, is_outside: bool) -> QImage:
    """Return a mask as transparent red; OSError when its file is gone."""
    mapped = mapped_mask(mask.pixels)
    grey = mapped.image
    if max(grey.width(), grey.height()) > MOST_PX:
        room = QSize(MOST_PX, MOST_PX)
        grey = grey.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        ).convertToFormat(QImage.Format.Format_Grayscale8)
    levels = QImage(
        grey.constBits(), grey.width(), grey.height(), grey.bytesPerLine(), QImage.Format.Format_Indexed8
    )
    alphas = [round(opacity * (255 - level if is_outside else level)) for level in range(256)]
    levels.setColorTable([qRgba(RED.red(), RED.green(), RED.blue(), alpha) for alpha in alphas])
    return levels.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _replace(image: QImage, part: QRegion, by: QImage) -> None:
    """Put what another image of the same size has in ``part`` there."""
    bounds = part.boundingRect()
    if bounds.isEmpty():
        return
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.setClipRegion(part)
    painter.drawImage(bounds.topLeft(), by, bounds)
    painter.end()
