"""The comparer: one or two pictures under one view transform, with a divider between them.

The canvas owns zoom, pan and divider, because they change at mouse rate; everything else it is shown.
"""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from sharpen_desktop.core import view_transform as views
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.view_transform import Point, Size, ViewTransform
from sharpen_desktop.ui.canvas.chips import SideChips
from sharpen_desktop.ui.canvas.divider import Divider
from sharpen_desktop.ui.canvas.keys import CanvasKeys
from sharpen_desktop.ui.canvas.layer import Layer, Look
from sharpen_desktop.ui.qt_image import ImageCache

WHEEL_FACTOR, FINE_FACTOR = 1.2, 1.05
NOTCH = 120
PROGRESS_PX = 3
SCROLL_PX_PER_NOTCH = 80


@dataclass(frozen=True, slots=True)
class Pointed:
    """The picture pixel under the pointer and its sRGB values on both sides, where they are known."""

    x: int
    y: int
    a: tuple[int, int, int] | None
    b: tuple[int, int, int] | None


class Canvas(QWidget):
    """Shows the current photo. Signals tell of wishes and of what is seen, in past tense."""

    zoom_changed = Signal(float)
    pointed = Signal(object)
    side_wanted = Signal(str, str)
    before_wanted = Signal(bool)
    turn_wanted = Signal()
    view_wanted = Signal(str)
    photo_step_wanted = Signal(int)
    full_screen_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName("Photo")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 240)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._look = Look("#2B2B2B", "#151515")
        self._accent = QColor("#1F6FE5")
        self._cache = ImageCache()
        self._layers = {"a": Layer(), "b": Layer()}
        self._photo_id = ""
        self._a: Display | None = None
        self._b: Display | None = None
        self._is_split = False
        self._is_turned = False
        self._is_before_shown = False
        self._can_compare = False
        self._progress: float | None = None
        self._transform = ViewTransform()
        self._close_zoom = 1.0
        self._fraction = 0.5
        self._dragged_from: QPointF | None = None
        self._pointer = QPointF()
        self._is_focus_shown = False
        self.divider = Divider(self)
        self.divider.hide()
        self.chips = SideChips(self)
        self.keys = CanvasKeys(self)
        self._connect()

    def _connect(self) -> None:
        self.divider.moved.connect(self.set_divider)
        self.divider.turn_wanted.connect(self.turn_wanted)
        self.divider.drag_changed.connect(self.chips.set_faded)
        self.chips.side_wanted.connect(self.side_wanted)

    # What is shown

    def render_state(self, state: AppState) -> None:
        """Show the current photo's sides; zoom, centre and divider stay unless the photo is another."""
        photo = state.current
        is_new = photo is not None and photo.id != self._photo_id
        self._photo_id = photo.id if photo else ""
        self._a = _display(photo.before if photo else None)
        self._b = _display(photo.after if photo else None) or self._a
        self._can_compare = state.can_compare
        self._is_split = state.view == "split" and state.can_compare and not state.is_before_shown
        self._is_before_shown = state.is_before_shown
        self._is_turned = state.is_turned
        self._progress = _progress(state, photo)
        self._cache.keep_only({each for each in (self._a, self._b) if each is not None})
        if is_new or self._transform.is_fit:
            self.fit()
        self._place_divider()
        self.chips.render_state(state, is_split=self._is_split)
        self._place_chips()
        self.update()

    def set_look(self, canvas: str, outline: str, accent: str) -> None:
        """Set the colours."""
        self._look, self._accent = Look(canvas, outline), QColor(accent)
        self.divider.set_focus_color(accent)
        self.update()

    # Geometry in device pixels

    def _ratio(self) -> float:
        return self.devicePixelRatioF()

    def _viewport(self) -> Size:
        return Size(round(self.width() * self._ratio()), round(self.height() * self._ratio()))

    def _picture(self) -> Size:
        shown = self._a or self._b
        return Size(shown.width, shown.height) if shown else Size(1, 1)

    def _point(self, position: QPointF) -> Point:
        return Point(position.x() * self._ratio(), position.y() * self._ratio())

    # Zoom and pan

    @property
    def transform(self) -> ViewTransform:
        """Zoom and centre now."""
        return self._transform

    @property
    def can_compare(self) -> bool:
        """Whether there are two sides to compare."""
        return self._can_compare

    @property
    def is_before_shown(self) -> bool:
        """Whether the before picture is shown in place."""
        return self._is_before_shown

    @property
    def divider_fraction(self) -> float:
        """The divider's place, 0–1 of the viewport."""
        return self._fraction

    def _show(self, transform: ViewTransform) -> None:
        self._transform = transform
        if transform.zoom >= 1.0:
            self._close_zoom = transform.zoom
        self.zoom_changed.emit(transform.zoom)
        self._tell_pointed()
        self.update()

    def fit(self) -> None:
        """Show the whole picture, never above 100 %."""
        self._show(views.fitted(self._picture(), self._viewport()))

    def zoom_to(self, zoom: float, about: QPointF | None = None) -> None:
        """Zoom to device pixels a picture pixel, about a widget place (the middle when none)."""
        if self._a is None and self._b is None:
            return
        place = self._point(about if about is not None else QPointF(self.width() / 2, self.height() / 2))
        self._show(views.zoomed_to(self._transform, self._picture(), self._viewport(), zoom, place))

    def zoom_in(self) -> None:
        """Zoom to the next stop."""
        self.zoom_to(views.next_stop(self._transform.zoom, self._fit_zoom()), self._about())

    def zoom_out(self) -> None:
        """Zoom to the previous stop."""
        self.zoom_to(views.previous_stop(self._transform.zoom, self._fit_zoom()), self._about())

    def toggle_fit(self, about: QPointF | None = None, zoom: float | None = None) -> None:
        """Go between fit and the last zoom from 100 % on (or ``zoom``)."""
        if self._transform.is_fit:
            self.zoom_to(zoom or self._close_zoom, about or self._about())
        else:
            self.fit()

    def _fit_zoom(self) -> float:
        return views.fit_zoom(self._picture(), self._viewport())

    def _about(self) -> QPointF | None:
        return self._pointer if self.underMouse() else None

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by widget pixels."""
        ratio = self._ratio()
        self._show(views.panned(self._transform, self._picture(), self._viewport(), dx * ratio, dy * ratio))

    # Divider and chips

    def set_divider(self, fraction: float) -> None:
        """Put the divider at a fraction, 0–1, of the viewport."""
        self._fraction = fraction
        self._place_divider()
        self._place_chips()
        self.update()

    def _place_divider(self) -> None:
        if self.divider.hasFocus() and not self._is_split:
            self.setFocus()
        self.divider.setVisible(self._is_split)
        self.divider.setGeometry(self.rect())
        self.divider.place(self._fraction, is_turned=self._is_turned)

    def _place_chips(self) -> None:
        self.chips.place(self._before_rect(), self._after_rect(), is_turned=self._is_turned)

    def _before_rect(self) -> QRect:
        if not self._is_split:
            return self.rect() if self._is_before_shown else QRect()
        at = self.divider.line_at()
        if self._is_turned:
            return QRect(0, 0, self.width(), at)
        return QRect(0, 0, at, self.height())

    def _after_rect(self) -> QRect:
        if not self._is_split:
            return QRect() if self._is_before_shown else self.rect()
        at = self.divider.line_at()
        if self._is_turned:
            return QRect(0, at, self.width(), self.height() - at)
        return QRect(at, 0, self.width() - at, self.height())

    # Seen

    def _tell_pointed(self) -> None:
        place = views.to_picture(
            self._transform, self._picture(), self._viewport(), self._point(self._pointer)
        )
        x, y = int(place.x // 1), int(place.y // 1)
        size = self._picture()
        inside = self._a is not None and 0 <= x < size.width and 0 <= y < size.height
        if not inside or not self.underMouse():
            self.pointed.emit(None)
            return
        other = self._color(self._b, x, y) if self._b is not self._a else None
        self.pointed.emit(Pointed(x, y, self._color(self._a, x, y), other))

    def _color(self, display: Display | None, x: int, y: int) -> tuple[int, int, int] | None:
        if display is None:
            return None
        size = self._picture()
        return self._cache.images(display).color_at(
            int(x * display.width / size.width), int(y * display.height / size.height)
        )

    # Qt

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._a is None and self._b is None:
            painter.fillRect(self.rect(), QColor(self._look.canvas))
            return
        if self._is_split:
            self._paint_side(painter, "a", self._a, self._before_rect())
            self._paint_side(painter, "b", self._b, self._after_rect())
        elif self._is_before_shown:
            self._paint_side(painter, "a", self._a, self.rect())
        else:
            self._paint_side(painter, "b", self._b, self.rect())
        self._paint_progress(painter)
        if self.hasFocus() and self._is_focus_shown:
            painter.setPen(QPen(self._accent, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_side(self, painter: QPainter, side: str, display: Display | None, where: QRect) -> None:
        if display is None or where.isEmpty():
            return
        viewport = self._viewport()
        size = QSize(int(viewport.width), int(viewport.height))
        drawn = self._layers[side].draw(
            self._cache.images(display), self._picture(), self._transform, size, self._look
        )
        ratio = self._ratio()
        source = QRectF(where.x() * ratio, where.y() * ratio, where.width() * ratio, where.height() * ratio)
        painter.drawImage(QRectF(where), drawn, source)

    def _paint_progress(self, painter: QPainter) -> None:
        if self._progress is None:
            return
        where = self._after_rect() if not self._is_before_shown else self.rect()
        done = QRect(where.x(), where.y(), round(where.width() * self._progress), PROGRESS_PX)
        painter.fillRect(QRect(where.x(), where.y(), where.width(), PROGRESS_PX), QColor(0, 0, 0, 110))
        painter.fillRect(done, self._accent)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show(views.resized(self._transform, self._picture(), self._viewport()))
        self._place_divider()
        self._place_chips()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        modifiers, angle, pixels = event.modifiers(), event.angleDelta(), event.pixelDelta()
        is_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        event.accept()
        if not pixels.isNull() and not is_control and event.phase() is not Qt.ScrollPhase.NoScrollPhase:
            self.pan(pixels.x(), pixels.y())  # a trackpad's fingers; a wheel has no phases
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.pan((angle.x() or angle.y()) / NOTCH * SCROLL_PX_PER_NOTCH, 0)
        elif angle.y():
            factor = FINE_FACTOR if is_control else WHEEL_FACTOR
            self.zoom_to(self._transform.zoom * factor ** (angle.y() / NOTCH), event.position())

    @override
    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom_to(self._transform.zoom * (1 + event.value()), event.position())
            return True
        return super().event(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._dragged_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._dragged_from is not None:
            moved = event.position() - self._dragged_from
            self._dragged_from = event.position()
            self.keys.dragged()
            self.pan(moved.x(), moved.y())
        else:
            self._tell_pointed()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self.unsetCursor()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.toggle_fit(event.position(), 1.0)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        # Only for the keyboard: a coloured frame round the picture would sway the eye.
        tabbed = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._is_focus_shown = event.reason() in tabbed
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keys.press(event):
            super().keyPressEvent(event)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.keys.release(event):
            super().keyReleaseEvent(event)


def _display(variant: Variant | None) -> Display | None:
    return variant.display if variant else None


def _progress(state: AppState, photo: Photo | None) -> float | None:
    run = state.going
    if run is None or photo is None or run.photo_id != photo.id or run.progress is None:
        return None
    return run.progress.fraction
