"""Where everything on the canvas lies: the panes, the one transform they share, and what was moved by hand.

Places are logical canvas pixels unless they are told to be the picture's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF

from sharpen_desktop.core import panes as layouts
from sharpen_desktop.core import view_transform as views
from sharpen_desktop.core.panes import SIDES, Pane, Rect, Side
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.state import AppState, View
from sharpen_desktop.core.view_transform import Point, Size, ViewTransform

LINKED = Point(0.0, 0.0)
EMPTY = Rect(0, 0, 0, 0)


@dataclass(slots=True)
class Stage:
    """``a`` and ``b`` are the sides' pictures, ``c`` and ``d`` those of the panes beyond where ``up_count`` are seen.

    ``shifts``: how far each was moved by itself, in picture pixels.

    ``fraction`` is the divider's place, 0–1 of the canvas. ``close_zoom`` is the last zoom from 100 % on.
    """

    width: int = 1
    height: int = 1
    ratio: float = 1.0
    a: Display | None = None
    b: Display | None = None
    c: Display | None = None
    d: Display | None = None
    view: View = "single"
    up_count: int = 3
    is_turned: bool = False
    is_before_shown: bool = False
    fraction: float = 0.5
    transform: ViewTransform = ViewTransform()  # noqa: RUF009 - a frozen value
    close_zoom: float = 1.0
    shifts: dict[str, Point] = field(default_factory=lambda: dict.fromkeys(SIDES, LINKED))

    def arrange(self, state: AppState, sides: Mapping[Side, Display | None]) -> None:
        """Lay out what a state says is seen, with these pictures on the sides."""
        self.a, self.b, self.c, self.d = (sides.get(side) for side in SIDES)
        self.view, self.up_count = state.seen_view, state.up_count
        self.is_before_shown, self.is_turned = state.shows_before, state.is_seen_turned

    @property
    def is_empty(self) -> bool:
        """Whether there is no picture."""
        return self.a is None and self.b is None

    @property
    def picture(self) -> Size:
        """The size the transform is about: side A's, in picture pixels."""
        shown = self.a or self.b
        return Size(shown.width, shown.height) if shown else Size(1, 1)

    @property
    def panes(self) -> tuple[Pane, ...]:
        """What is shown where."""
        if self.view == "single" or self.is_before_shown:
            return layouts.single("a" if self.is_before_shown else "b", self.width, self.height)
        if self.view == "difference":
            return layouts.single("difference", self.width, self.height)
        if self.view == "side_by_side":
            return layouts.grid(2, self.width, self.height, is_turned=self.is_turned)
        if self.view == "up":
            return layouts.grid(self.up_count, self.width, self.height, is_turned=self.is_turned)
        length = self.height if self.is_turned else self.width
        return layouts.split(self.width, self.height, round(self.fraction * length), is_turned=self.is_turned)

    @property
    def viewport(self) -> Size:
        """The size of one pane's frame in device pixels."""
        frame = self.panes[0].frame
        return Size(round(frame.width * self.ratio), round(frame.height * self.ratio))

    @property
    def is_linked(self) -> bool:
        """Whether all sides show the same place."""
        return all(shift == LINKED for shift in self.shifts.values())

    def clip_of(self, side: str) -> Rect:
        """Return where a side is seen, empty when it is not."""
        return next((pane.clip for pane in self.panes if pane.shows == side), EMPTY)

    def side_at(self, place: QPointF) -> Side:
        """Return the side under a place; "b" for the difference."""
        return layouts.pane_at(self.panes, place.x(), place.y()).source

    def in_frame(self, place: QPointF) -> Point:
        """Return a place in device pixels of the frame it lies in."""
        frame = layouts.pane_at(self.panes, place.x(), place.y()).frame
        return Point((place.x() - frame.left) * self.ratio, (place.y() - frame.top) * self.ratio)

    def in_picture(self, place: QPointF) -> Point:
        """Return the picture's place under a canvas place, as the linked side shows it."""
        return views.to_picture(self.transform, self.picture, self.viewport, self.in_frame(place))

    def middle(self) -> QPointF:
        """Return the middle of the first frame."""
        frame = self.panes[0].frame
        return QPointF(frame.left + frame.width / 2, frame.top + frame.height / 2)

    def fitted(self) -> ViewTransform:
        """Return the transform that shows the whole picture in a pane."""
        return views.fitted(self.picture, self.viewport)

    def resized(self) -> ViewTransform:
        """Return the transform after the panes have changed."""
        return views.resized(self.transform, self.picture, self.viewport)

    def zoomed(self, zoom: float, about: QPointF) -> ViewTransform:
        """Return the transform at another zoom; the picture's place under ``about`` stays there."""
        return views.zoomed_to(self.transform, self.picture, self.viewport, zoom, self.in_frame(about))

    def panned(self, dx: float, dy: float) -> ViewTransform:
        """Return the transform with the picture moved by canvas pixels."""
        return views.panned(self.transform, self.picture, self.viewport, dx * self.ratio, dy * self.ratio)

    def move_side(self, side: str, dx: float, dy: float) -> None:
        """Move one side by itself, by canvas pixels."""
        shift, per_pixel = self.shifts[side], self.ratio / self.transform.zoom
        self.shifts[side] = Point(shift.x + dx * per_pixel, shift.y + dy * per_pixel)

    def relink(self) -> None:
        """Let all sides show the same place again."""
        self.shifts = dict.fromkeys(SIDES, LINKED)

    def seen(self) -> tuple[float, float, float, float]:
        """Return the part of the picture in view: left, top, width, height as fractions of it, 0–1."""
        picture, viewport = self.picture, self.viewport
        corner = views.to_picture(self.transform, picture, viewport, Point(0, 0))
        zoom = self.transform.zoom
        left, top = max(0.0, corner.x / picture.width), max(0.0, corner.y / picture.height)
        right = min(1.0, (corner.x + viewport.width / zoom) / picture.width)
        bottom = min(1.0, (corner.y + viewport.height / zoom) / picture.height)
        return left, top, max(0.0, right - left), max(0.0, bottom - top)
