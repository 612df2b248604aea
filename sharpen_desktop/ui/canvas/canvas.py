"""The comparer: two pictures under one view transform – in place, split, side by side, or their difference.

The canvas owns zoom, pan and divider, because they change at mouse rate; everything else it is shown.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, QTimer, Signal
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
from sharpen_desktop.core.panes import SIDES, Rect, Side
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.sharpness import Sharpness, Sight
from sharpen_desktop.core.sharpness_overlay import shown_sharpness
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.study import FaceBox
from sharpen_desktop.core.view_transform import ViewTransform
from sharpen_desktop.ui.canvas.blend import Blend
from sharpen_desktop.ui.canvas.brush import CanvasBrush
from sharpen_desktop.ui.canvas.chips import SideChips
from sharpen_desktop.ui.canvas.cover import Cover
from sharpen_desktop.ui.canvas.difference import GAINS
from sharpen_desktop.ui.canvas.divider import Divider
from sharpen_desktop.ui.canvas.keys import CanvasKeys
from sharpen_desktop.ui.canvas.legend import LegendCard
from sharpen_desktop.ui.canvas.mouse import CanvasMouse
from sharpen_desktop.ui.canvas.overlay import Veil
from sharpen_desktop.ui.canvas.painting import CanvasPainter
from sharpen_desktop.ui.canvas.scene import Magnified, Scene
from sharpen_desktop.ui.canvas.shown import blends_of, brushed_blend, cover_of, progress_of, sides_of, veil_of
from sharpen_desktop.ui.canvas.stage import Stage
from sharpen_desktop.ui.canvas.wheel import VariantWheel
from sharpen_desktop.ui.qt_image import ImageCache

WHEEL_FACTOR, FINE_FACTOR = 1.2, 1.05
NOTCH = 120
PROGRESS_PX = 3
SCROLL_PX_PER_NOTCH = 80
BLINK_MS = 400
SETTLE_MS = 60
"""What was painted roughly is painted well when nothing has moved for so long,"""
SLICE_S = 0.004
"""in slices of so long, so that nothing has to wait for it."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """The picture pixel under the pointer and its sRGB values on both sides, where they are known.

    ``more``: those of the third and fourth pane.
    """

    x: int
    y: int
    a: tuple[int, int, int] | None
    b: tuple[int, int, int] | None
    more: tuple[tuple[int, int, int] | None, ...] = ()


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
        self._photo_id = ""
        self._can_compare = False
        self._is_blind = False
        self._cover: Cover | None = None
        self._progress: float | None = None
        self._gain = GAINS[2]
        self._is_loupe_on = False
        self._veil: Veil | None = None
        self._faces: tuple[FaceBox, ...] = ()
        self._blends: dict[Side, Blend] = {}
        self._brushed: Blend | None = None
        self._sharpness: Sharpness | None = None
        self._is_focus_shown = False
        self._blink = QTimer(self)
        self._blink.setInterval(BLINK_MS)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self.divider = Divider(self)
        self.divider.hide()
        self.chips = SideChips(self)
        self.legend = LegendCard(self)
        self.keys = CanvasKeys(self)
        self.brush = CanvasBrush(self)
        self.mouse = CanvasMouse(self)
        self.wheel = VariantWheel(self)
        self._connect()

    def _connect(self) -> None:
        self.divider.moved.connect(self.set_divider)
        self.divider.turn_wanted.connect(self.turn_wanted)
        self.divider.drag_changed.connect(self.chips.set_faded)
        self.chips.side_wanted.connect(self.side_wanted)
        self.chips.relink_wanted.connect(self.relink)
        for child in self.findChildren(QWidget):
            child.installEventFilter(self)
        self._blink.timeout.connect(self._flip)
        self._settling.timeout.connect(self._refine)

    # What is shown

    def render_state(self, state: AppState) -> None:
        """Show the current photo's sides; zoom, centre and divider stay unless the photo is another."""
        photo, stage, was_seen = state.current, self._stage, self._stage.viewport
        is_new = photo is not None and photo.id != self._photo_id
        self._photo_id = photo.id if photo else ""
        self._cover = cover_of(state)
        sides = sides_of(state, self._cover)
        stage.a, stage.b, stage.c, stage.d = (sides.get(side) for side in SIDES)
        self._can_compare, self._is_blind = state.can_compare, state.is_blind
        stage.view, stage.up_count = state.seen_view, state.up_count
        stage.is_before_shown = state.shows_before
        stage.is_turned = state.is_seen_turned
        self._progress = progress_of(state, photo)
        self._veil = veil_of(state)
        self._sharpness = shown_sharpness(state)
        self.legend.render_state(state)
        self._faces = (photo.faces or ()) if photo and state.are_faces_shown else ()
        self.brush.render_state(state)
        self.mouse.show_cursor()
        self._blends, self._brushed = blends_of(state), brushed_blend(state)
        mixed = (
            each
            for blend in (*self._blends.values(), self._brushed)
            if blend
            for each in (blend.result, blend.base)
        )
        shown = (*sides.values(), self._cover.display if self._cover else None, *mixed)
        self._painter.images.keep_only({each for each in shown if each is not None})
        if is_new or not state.can_compare:
            self.stop_blinking()
            stage.relink()
        if is_new or stage.transform.is_fit:
            self.fit()
        elif stage.viewport != was_seen:
            self._show(stage.resized())
        self._place_divider()
        self.chips.render_state(state, is_linked=stage.is_linked)
        self._place_chips()
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
    def can_compare(self) -> bool:
        """Whether there are two sides to compare."""
        return self._can_compare

    @property
    def is_blind(self) -> bool:
        """Whether nothing may tell which picture is which."""
        return self._is_blind

    @property
    def is_before_shown(self) -> bool:
        """Whether the before picture is shown in place."""
        return self._stage.is_before_shown

    @property
    def divider_fraction(self) -> float:
        """The divider's place, 0–1 of the canvas."""
        return self._stage.fraction

    def _show(self, transform: ViewTransform) -> None:
        if self._settling.isActive() or self._can_compare:
            self._settling.start(SETTLE_MS)
        self._stage.transform = transform
        if transform.zoom >= 1.0:
            self._stage.close_zoom = transform.zoom
        self.zoom_changed.emit(transform.zoom)
        self.seen_changed.emit(*self._stage.seen())
        self._show_legend()
        self.tell_pointed()
        self.update()

    def _refine(self) -> None:
        """Paint well what is only rough, a slice at a time."""
        was_rough = self._painter.is_rough
        if self._painter.refine(SLICE_S):
            if was_rough:
                self.update()
            self._painter.look_ahead(self._scene())
        if self._painter.is_rough:
            self._settling.start(0)

    @property
    def is_settled(self) -> bool:
        """Whether all that is shown is painted as well as it can be."""
        return not self._painter.is_rough

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
        self.chips.show_link(is_linked=self._stage.is_linked)
        self._place_chips()
        self.update()

    def centre_on(self, x: float, y: float) -> None:
        """Put a place of the picture, as fractions 0–1 of it, into the middle."""
        transform = replace(self.transform, centre_x=x, centre_y=y, is_fit=False)
        self._stage.transform = transform
        self.pan(0, 0)

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

    @property
    def is_blinking(self) -> bool:
        """Whether before and after are shown in turn."""
        return self._blink.isActive()

    def toggle_blinking(self) -> None:
        """Show before and after in turn, or stop that."""
        if self._blink.isActive():
            self.stop_blinking()
        elif self._can_compare:
            self._flip()
            self._blink.start()

    def stop_blinking(self) -> None:
        """Stop showing before and after in turn."""
        if self._blink.isActive():
            self._blink.stop()
            self.before_wanted.emit(False)

    def _flip(self) -> None:
        self.before_wanted.emit(not self._stage.is_before_shown)

    def relink(self) -> None:
        """Let both sides show the same place again."""
        self._stage.relink()
        self.chips.show_link(is_linked=True)
        self._place_chips()
        self.update()

    # Divider and chips

    def set_divider(self, fraction: float) -> None:
        """Put the divider at a fraction, 0–1, of the canvas."""
        self._stage.fraction = fraction
        self._place_divider()
        self._place_chips()
        self.update()

    def _place_divider(self) -> None:
        is_split = self._stage.view == "split" and not self._stage.is_before_shown
        if self.divider.hasFocus() and not is_split:
            self.setFocus()
        self.divider.setVisible(is_split)
        self.divider.setGeometry(self.rect())
        self.divider.place(self._stage.fraction, is_turned=self._stage.is_turned)

    def _place_chips(self) -> None:
        self.chips.place(self._stage.panes, is_turned=self._stage.is_turned)
        self._show_legend()

    def _show_legend(self) -> None:
        sight = Sight(*self._stage.seen(), self.transform.zoom)
        self.legend.show_sight(sight, is_linked=self._stage.is_linked)
        self.legend.place(self.rect().adjusted(0, 0, 0, -self.chips.notes_px))

    # Seen

    def tell_pointed(self) -> None:
        """Tell what is under the pointer."""
        place, size = self._stage.in_picture(self.mouse.pointer), self._stage.picture
        x, y = int(place.x // 1), int(place.y // 1)
        inside = self._stage.a is not None and 0 <= x < size.width and 0 <= y < size.height
        if not inside or not self.underMouse():
            self.pointed.emit(None)
            return
        if self._is_blind:
            self.pointed.emit(Pointed(x, y, None, None))
            return
        sides = (("a", self._stage.a), ("b", self._stage.b))
        a, b = (
            None if side in self._blends else shown for side, shown in sides
        )  # values are told when they are exact
        other = self._cover_color(x, y) or (self._color(b, x, y) if b is not a else None)
        more = tuple(self._color(each, x, y) for each in (self._stage.c, self._stage.d) if each is not None)
        self.pointed.emit(Pointed(x, y, self._color(a, x, y), other, more))

    def _color(self, display: Display | None, x: int, y: int) -> tuple[int, int, int] | None:
        if display is None:
            return None
        size = self._stage.picture
        return self._painter.images.images(display).color_at(
            int(x * display.width / size.width), int(y * display.height / size.height)
        )

    def _cover_color(self, x: int, y: int) -> tuple[int, int, int] | None:
        if self._cover is None:
            return None
        size, whole, area = self._stage.picture, self._cover.whole, self._cover.area
        across, down = int(x * whole.width / size.width), int(y * whole.height / size.height)
        return self._painter.images.images(self._cover.display).color_at(across - area.left, down - area.top)

    def _scene(self) -> Scene:
        stage = self._stage
        is_magnified = self._is_loupe_on and self.underMouse() and not stage.is_empty
        loupe = Magnified(stage.in_picture(self.mouse.pointer), self.mouse.pointer) if is_magnified else None
        veil, blends, growing = self._veil, self._blends, self.brush.stroke
        if veil is not None and growing is not None:
            veil = replace(veil, ink=(*veil.ink, growing))
        if self._brushed is not None and growing is not None:
            blends = {**blends, "b": replace(self._brushed, strokes=(*self._brushed.strokes, growing))}
        return Scene(
            stage.panes, stage.a, stage.b, stage.picture, stage.transform, stage.ratio,
            tuple(stage.shifts[side] for side in SIDES), self._gain, loupe, self._cover,
            veil, self._faces, self._sharpness if stage.is_linked else None, stage.c, stage.d,
            blends,
        )  # fmt: skip

    # Qt

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._stage.ratio = self.devicePixelRatioF()
        painter = QPainter(self)
        self._painter.paint(painter, self._scene(), QRectF(self.rect()))
        if self._painter.is_rough and not self._settling.isActive():
            self._settling.start(SETTLE_MS)
        if self._painter.is_bare:
            QTimer.singleShot(0, self._painter.lay_in)
        if self._stage.is_empty:
            return
        self._paint_progress(painter)
        if self.mouse.is_ring_shown:
            self.brush.paint(painter)
        if self.hasFocus() and self._is_focus_shown:
            painter.setPen(QPen(self._accent, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_progress(self, painter: QPainter) -> None:
        if self._progress is None:
            return
        clip = self._stage.clip_of("b")
        where = _qrect(clip) if clip.width else self.rect()
        done = QRect(where.x(), where.y(), round(where.width() * self._progress), PROGRESS_PX)
        painter.fillRect(QRect(where.x(), where.y(), where.width(), PROGRESS_PX), QColor(0, 0, 0, 110))
        painter.fillRect(done, self._accent)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stage.width, self._stage.height = self.width(), self.height()
        self._stage.ratio = self.devicePixelRatioF()
        self._show(self._stage.resized())
        self._place_divider()
        self._place_chips()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.wheel.take(event):
            return
        modifiers, angle, pixels = event.modifiers(), event.angleDelta(), event.pixelDelta()
        is_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        event.accept()
        if not pixels.isNull() and not is_control and event.phase() is not Qt.ScrollPhase.NoScrollPhase:
            self.pan(pixels.x(), pixels.y())  # a trackpad's fingers; a wheel has no phases
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.pan((angle.x() or angle.y()) / NOTCH * SCROLL_PX_PER_NOTCH, 0)
        elif angle.y():
            factor = FINE_FACTOR if is_control else WHEEL_FACTOR
            self.zoom_to(self.transform.zoom * factor ** (angle.y() / NOTCH), event.position())

    @override
    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom_to(self.transform.zoom * (1 + event.value()), event.position())
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
        self.brush.hover(None, is_turned=False)
        self.update()
        super().leaveEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Enter:  # a chip or the divider: the brush's ring would stay behind
            self.brush.hover(None, is_turned=False)
        return super().eventFilter(watched, event)

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


def _qrect(rect: Rect) -> QRect:
    return QRect(rect.left, rect.top, rect.width, rect.height)
