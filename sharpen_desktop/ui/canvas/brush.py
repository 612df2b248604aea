"""The brush on the canvas: a drag becomes a stroke, and a ring shows how large it is."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from sharpen_desktop.core import view_transform as views
from sharpen_desktop.core.brush import Brush, Stroke, Tool
from sharpen_desktop.core.panes import Pane, pane_at
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.subjects import brush_in_hand, can_paint, can_show_mask, is_background_wanted
from sharpen_desktop.core.view_transform import Point

if TYPE_CHECKING:
    from sharpen_desktop.ui.canvas.canvas import Canvas

POINTS_PER_RADIUS = 8
"""Places closer together than this would not show."""
SIGN_PX, SIGN_GAP_PX, ROOM_FOR_SIGN_PX = 4, 7, 10
DIGITS = 6


class CanvasBrush:
    """Holds the brush while it is over the canvas and the stroke that is being painted."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._brush: Brush | None = None
        self._state: AppState | None = None
        self._photo_id = ""
        self._is_background = False
        self._is_turned = False
        self._place: QPointF | None = None
        self._pane: Pane | None = None
        self._points: list[tuple[float, float]] = []
        self._last = QPointF()

    def render_state(self, state: AppState) -> None:
        """Take the brush of a state in hand; a stroke of another brush or photo is not gone on with."""
        brush, photo_id = brush_in_hand(state), state.current_id
        if (brush, photo_id) != (self._brush, self._photo_id):
            self._points = []
        self._brush, self._photo_id = brush, photo_id
        self._is_background = state.target == "subject" and is_background_wanted(state)
        self._state = state

    def toggle(self, tool: Tool) -> None:
        """Ask for a tool, or to put it away when it is in hand; nothing while there is nothing to paint on."""
        if self._state is not None and can_paint(self._state):
            self._canvas.tool_wanted.emit("" if self._state.brush.tool == tool else tool)

    def toggle_mask(self) -> None:
        """Ask for the mask to be shown, or no longer."""
        if self._state is not None and can_show_mask(self._state):
            self._canvas.mask_wanted.emit(not self._state.is_mask_shown)

    def change(self, steps: int, *, is_feather: bool) -> None:
        """Ask for a larger or softer brush; smaller or harder with a negative number of steps."""
        if self._state is not None and can_show_mask(self._state):
            brush = self._state.brush
            self._canvas.brush_wanted.emit(brush.softened(steps) if is_feather else brush.sized(steps))

    @property
    def is_in_hand(self) -> bool:
        """Whether dragging paints."""
        return self._brush is not None

    @property
    def is_painting(self) -> bool:
        """Whether a stroke has begun and not ended."""
        return bool(self._points)

    @property
    def stroke(self) -> Stroke | None:
        """The stroke so far, as it lies on what is painted on: to paint the background is to take from the subject."""
        if self._brush is None or not self._points:
            return None
        is_opposite = self._is_turned != self._is_background
        brush = self._brush.turned() if is_opposite else self._brush
        return brush.stroke(tuple(self._points))

    def hover(self, place: QPointF | None, *, is_turned: bool) -> None:
        """Follow the pointer; ``None``: it has left. ``is_turned``: the brush does the opposite meanwhile."""
        if self._brush is None:
            self._place = place
            return
        before = self._room()
        self._place = place
        if not self.is_painting:
            self._is_turned = is_turned
        self._canvas.update(before.united(self._room()))

    def turn(self, *, is_turned: bool) -> None:
        """Do the opposite from the next stroke on, or no longer."""
        self.hover(self._place, is_turned=is_turned)

    def begin(self, place: QPointF, *, is_turned: bool) -> None:
        """Begin a stroke; it stays with the pane it begins in."""
        stage = self._canvas.stage
        self._is_turned = is_turned
        self._place = self._last = place
        self._pane = pane_at(stage.panes, place.x(), place.y())
        self._points = [self._fraction(place)]
        self._canvas.update()

    def move(self, place: QPointF) -> None:
        """Go on with the stroke."""
        self._place = place
        moved = place - self._last
        if moved.x() ** 2 + moved.y() ** 2 >= max(1.0, self._radius_px() / POINTS_PER_RADIUS) ** 2:
            self._add(place)
        self._canvas.update()

    def end(self, place: QPointF) -> None:
        """End the stroke and tell of it, unless it has missed the picture."""
        if place != self._last:
            self._add(place)
        stroke, self._points = self.stroke, []
        if stroke is not None and self._has_met_picture(stroke):
            self._canvas.painted.emit(stroke)
        self._canvas.update()

    def paint(self, painter: QPainter) -> None:
        """Draw the ring, the end of its soft rim, and whether it adds or takes away; canvas pixels."""
        if self._brush is None or self._place is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius, feather = self._radius_px(), self._brush.feather
        if 0 < feather < 1 and radius * (1 - feather) > SIGN_GAP_PX:
            painter.setPen(QPen(QColor(0, 0, 0, 90), 2.5))
            painter.drawEllipse(self._place, radius * (1 - feather), radius * (1 - feather))
            painter.setPen(QPen(QColor(255, 255, 255, 150), 1, Qt.PenStyle.DashLine))
            painter.drawEllipse(self._place, radius * (1 - feather), radius * (1 - feather))
        for color, width in ((QColor(0, 0, 0, 170), 3.0), (QColor(255, 255, 255), 1.25)):
            painter.setPen(QPen(color, width))
            painter.drawEllipse(self._place, radius, radius)
            self._draw_sign(painter, self._place, radius)
        painter.restore()

    def _draw_sign(self, painter: QPainter, place: QPointF, radius: float) -> None:
        gap = radius + SIGN_GAP_PX if radius < ROOM_FOR_SIGN_PX else 0.0
        at = place + QPointF(gap, gap)
        painter.drawLine(at - QPointF(SIGN_PX, 0), at + QPointF(SIGN_PX, 0))
        is_taking = self._brush is not None and (self._brush.tool == "take") != self._is_turned
        if not is_taking:
            painter.drawLine(at - QPointF(0, SIGN_PX), at + QPointF(0, SIGN_PX))

    def _room(self) -> QRect:
        if self._place is None:
            return QRect()
        reach = self._radius_px() + 2 * SIGN_GAP_PX + SIGN_PX
        centre = QRectF(self._place, self._place)
        return centre.adjusted(-reach, -reach, reach, reach).toAlignedRect()

    def _radius_px(self) -> float:
        stage = self._canvas.stage
        long_side = max(stage.picture.width, stage.picture.height)
        return self._brush.radius * long_side * stage.transform.zoom / stage.ratio if self._brush else 0.0

    def _add(self, place: QPointF) -> None:
        self._last = place
        self._points.append(self._fraction(place))

    def _fraction(self, place: QPointF) -> tuple[float, float]:
        """Return a canvas place as fractions of the picture, as the side the stroke began on shows it."""
        stage, pane = self._canvas.stage, self._pane
        if pane is None:
            return 0.0, 0.0
        shift = stage.shifts[pane.source]
        at = Point((place.x() - pane.frame.left) * stage.ratio, (place.y() - pane.frame.top) * stage.ratio)
        found = views.to_picture(stage.transform, stage.picture, stage.viewport, at)
        return (
            round((found.x - shift.x) / stage.picture.width, DIGITS),
            round((found.y - shift.y) / stage.picture.height, DIGITS),
        )

    def _has_met_picture(self, stroke: Stroke) -> bool:
        size = self._canvas.stage.picture
        reach = stroke.radius * max(size.width, size.height)
        across, down = reach / size.width, reach / size.height
        return any(-across < x < 1 + across and -down < y < 1 + down for x, y in stroke.points)
