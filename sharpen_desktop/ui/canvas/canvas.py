"""The comparer: two pictures under one view transform – in place, split, side by side, or their difference.

The canvas owns zoom, pan and divider, because they change at mouse rate; everything else it is shown.
"""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from sharpen_desktop.core import view_transform as views
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.view_transform import ViewTransform
from sharpen_desktop.ui.canvas.blinking import Blinking
from sharpen_desktop.ui.canvas.brush import CanvasBrush
from sharpen_desktop.ui.canvas.chips import SideChips
from sharpen_desktop.ui.canvas.difference import GAINS
from sharpen_desktop.ui.canvas.divider import Divider
from sharpen_desktop.ui.canvas.fittings import Fittings
from sharpen_desktop.ui.canvas.focus_frame import FocusFrame
from sharpen_desktop.ui.canvas.keys import CanvasKeys
from sharpen_desktop.ui.canvas.legend import LegendCard
from sharpen_desktop.ui.canvas.mouse import CanvasMouse
from sharpen_desktop.ui.canvas.painting import CanvasPainter
from sharpen_desktop.ui.canvas.pointed import pointed_at
from sharpen_desktop.ui.canvas.progress_line import paint_progress
from sharpen_desktop.ui.canvas.scene import Magnified, Scene, scene_of
from sharpen_desktop.ui.canvas.settling import Settling
from sharpen_desktop.ui.canvas.shown import Shown, shown_of
from sharpen_desktop.ui.canvas.stage import Stage
from sharpen_desktop.ui.canvas.wheel import CanvasWheel
from sharpen_desktop.ui.qt_image import ImageCache


class Canvas(QWidget):
    """Shows the current photo. Signals tell of wishes and of what is seen, in past tense."""

    zoom_changed = Signal(float)
    seen_changed = Signal(float, float, float, float)
    pointed = Signal(object)
    side_wanted = Signal(str, str)
    before_wanted = Signal(bool)
    turn_wanted = Signal()
    view_wanted = Signal(str)
    photo_step_wanted = Signal(int)
    variant_step_wanted = Signal(str, int)
    swap_wanted = Signal()
    new_before_wanted = Signal()
    background_wanted = Signal()
    navigator_wanted = Signal()
    full_screen_wanted = Signal()
    overlay_wanted = Signal()
    close_wanted = Signal()
    tool_wanted = Signal(str)
    brush_wanted = Signal(object)
    painted = Signal(object)
    mask_wanted = Signal(bool)
    blind_answered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName("Photo")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 240)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._accent = QColor("#1F6FE5")
        self._painter = CanvasPainter()
        self._stage = Stage()
        self.shown = Shown()
        self._gain = GAINS[2]
        self._is_loupe_on = False
        self._frame = FocusFrame(self)
        self.divider = Divider(self)
        self.divider.hide()
        self.chips = SideChips(self)
        self.legend = LegendCard(self)
        self.keys = CanvasKeys(self)
        self.brush = CanvasBrush(self)
        self.mouse = CanvasMouse(self)
        self.wheel = CanvasWheel(self)
        self.blinking = Blinking(self)
        self.settling = Settling(self, self._painter)
        self.fittings = Fittings(self)

    # What is shown

    def render_state(self, state: AppState) -> None:
        """Show the current photo's sides; zoom, centre and divider stay unless the photo is another."""
        stage, was_seen, was_id = self._stage, self._stage.viewport, self.shown.photo_id
        self.shown = shown_of(state)
        is_new = self.shown.photo_id not in ("", was_id)
        stage.arrange(state, self.shown.sides)
        self.images.keep_only(self.shown.displays)
        self.legend.render_state(state)
        self.brush.render_state(state)
        self.mouse.show_cursor()
        if is_new or not state.can_compare:
            self.blinking.stop()
            stage.relink()
        if is_new or stage.transform.is_fit:
            self.fit()
        elif stage.viewport != was_seen:
            self._show(stage.resized())
        self.chips.render_state(state, is_linked=stage.is_linked)
        self.fittings.place()
        self.update()

    def set_background(self, color: str) -> None:
        """Set what is round the picture."""
        if color != self._painter.look.canvas:
            self._painter.look = replace(self._painter.look, canvas=color)
            self.update()

    def set_look(self, outline: str, accent: str) -> None:
        """Set the colours of outline and focus."""
        self._painter.look, self._accent = replace(self._painter.look, outline=outline), QColor(accent)
        self.divider.set_focus_color(accent)
        self.update()

    # Zoom and pan

    @property
    def stage(self) -> Stage:
        """Where everything lies now; for looking only."""
        return self._stage

    @property
    def images(self) -> ImageCache:
        """The mapped pixels of what is shown, to be shared with another view of the same."""
        return self._painter.images

    @property
    def transform(self) -> ViewTransform:
        """Zoom and centre now."""
        return self._stage.transform

    @property
    def divider_fraction(self) -> float:
        """The divider's place, 0–1 of the canvas."""
        return self._stage.fraction

    def _show(self, transform: ViewTransform) -> None:
        self.settling.put_off()
        self._stage.transform = transform
        if transform.zoom >= 1.0:
            self._stage.close_zoom = transform.zoom
        self.zoom_changed.emit(transform.zoom)
        self.seen_changed.emit(*self._stage.seen())
        self.fittings.show_legend()
        self.tell_pointed()
        self.update()

    def fit(self) -> None:
        """Show the whole picture, never above 100 %."""
        self._show(self._stage.fitted())

    def zoom_to(self, zoom: float, about: QPointF | None = None) -> None:
        """Zoom to device pixels a picture pixel, about a widget place (the middle when none)."""
        if not self._stage.is_empty:
            self._show(self._stage.zoomed(zoom, about if about is not None else self._stage.middle()))

    def zoom_by(self, factor: float) -> None:
        """Zoom by a factor about the middle."""
        self.zoom_to(self.transform.zoom * factor)

    def zoom_in(self) -> None:
        """Zoom to the next stop."""
        self.zoom_to(views.next_stop(self.transform.zoom, self._stage.fitted().zoom), self._about())

    def zoom_out(self) -> None:
        """Zoom to the previous stop."""
        self.zoom_to(views.previous_stop(self.transform.zoom, self._stage.fitted().zoom), self._about())

    def toggle_fit(self, about: QPointF | None = None, zoom: float | None = None) -> None:
        """Go between fit and the last zoom from 100 % on (or ``zoom``)."""
        if self.transform.is_fit:
            self.zoom_to(zoom or self._stage.close_zoom, about or self._about())
        else:
            self.fit()

    def _about(self) -> QPointF | None:
        return self.mouse.pointer if self.underMouse() else None

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by widget pixels."""
        self._show(self._stage.panned(dx, dy))

    def drag(self, dx: float, dy: float, side: str) -> None:
        """Move one side by itself by widget pixels, both together when none is named."""
        if not side:
            self.pan(dx, dy)
            return
        self._stage.move_side(side, dx, dy)
        self.fittings.show_link()
        self.update()

    def centre_on(self, x: float, y: float) -> None:
        """Put a place of the picture, as fractions 0–1 of it, into the middle."""
        self.show_place(replace(self.transform, centre_x=x, centre_y=y, is_fit=False))

    def show_place(self, transform: ViewTransform) -> None:
        """Take over zoom and centre from another view of the same picture."""
        self._stage.transform = transform
        self.pan(0, 0)

    # Looking closer

    def toggle_loupe(self) -> None:
        """Show the loupe at the pointer, or put it away."""
        self._is_loupe_on = not self._is_loupe_on
        self.update()

    def set_gain(self, gain: int) -> None:
        """Set how strongly the difference is shown."""
        self._gain = gain
        self.update()

    # Sides

    def set_divider(self, fraction: float) -> None:
        """Put the divider at a fraction, 0–1, of the canvas."""
        self._stage.fraction = fraction
        self.fittings.place()
        self.update()

    def relink(self) -> None:
        """Let both sides show the same place again."""
        self._stage.relink()
        self.fittings.show_link()
        self.update()

    # Seen

    def tell_pointed(self) -> None:
        """Tell what is under the pointer."""
        place, stage = self.mouse.pointer, self._stage
        seen = pointed_at(place, stage, self.shown, self.images) if self.underMouse() else None
        self.pointed.emit(seen)

    def scene(self) -> Scene:
        """Return what a frame is painted from now."""
        stage, pointer = self._stage, self.mouse.pointer
        is_magnified = self._is_loupe_on and self.underMouse() and not stage.is_empty
        loupe = Magnified(stage.in_picture(pointer), pointer) if is_magnified else None
        return scene_of(stage, self.shown, self.brush.stroke, self._gain, loupe)

    # Qt

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._stage.ratio = self.devicePixelRatioF()
        painter = QPainter(self)
        self._painter.paint(painter, self.scene(), QRectF(self.rect()))
        self.settling.follow_frame()
        if self._stage.is_empty:
            return
        self._paint_progress(painter)
        if self.mouse.is_ring_shown:
            self.brush.paint(painter)
        self._frame.paint(painter, self._accent)

    def _paint_progress(self, painter: QPainter) -> None:
        if self.shown.progress is not None:
            clip = self._stage.clip_of("b")
            where = QRect(clip.left, clip.top, clip.width, clip.height) if clip.width else self.rect()
            paint_progress(painter, where, self.shown.progress, self._accent)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stage.width, self._stage.height = self.width(), self.height()
        self._stage.ratio = self.devicePixelRatioF()
        self._show(self._stage.resized())
        self.fittings.place()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self.wheel.turn(event)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and self.wheel.pinch(event):
            return True
        return super().event(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouse.press(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mouse.move(event)
        if self._is_loupe_on:
            self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mouse.release(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mouse.double_click(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._frame.take(event)
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        self.brush.hover(None, is_turned=False)
        self.update()
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
