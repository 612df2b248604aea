"""Zoom, pan and fit as arithmetic: where a picture lies in a viewport.

All lengths are device pixels; ``zoom`` is device pixels a picture pixel, so 1.0 is true 100 % on any
screen. The centre is kept as a fraction of the picture: pictures of different sizes share one transform.
"""

from dataclasses import dataclass, replace

STOPS = (0.06, 0.12, 0.25, 0.33, 0.5, 0.66, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0, 16.0, 32.0)
MAXIMUM = 32.0
SMALLEST = 0.05
IN_VIEW = 1 / 8
"""At least this part of the picture (or of the viewport, if that is less) stays in view."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the viewport (device pixels) or in the picture (picture pixels)."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the viewport."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ViewTransform:
    """``centre_x``, ``centre_y``: the picture's place, 0–1, at the viewport's middle. ``is_fit`` follows it."""

    zoom: float = 1.0
    centre_x: float = 0.5
    centre_y: float = 0.5
    is_fit: bool = True


def fit_zoom(picture: Size, viewport: Size) -> float:
    """Return the zoom that shows the whole picture, never above 100 %."""
    if picture.width <= 0 or picture.height <= 0:
        return 1.0
    return max(min(viewport.width / picture.width, viewport.height / picture.height, 1.0), 1e-4)


def fitted(picture: Size, viewport: Size) -> ViewTransform:
    """Return the transform that shows the whole picture."""
    return ViewTransform(fit_zoom(picture, viewport))


def resized(transform: ViewTransform, picture: Size, viewport: Size) -> ViewTransform:
    """Return the transform after the viewport changed: fit stays fit, the centre stays the centre."""
    return fitted(picture, viewport) if transform.is_fit else _kept_in_view(transform, picture, viewport)


def limits(picture: Size, viewport: Size) -> tuple[float, float]:
    """Return the smallest and the largest zoom."""
    return min(fit_zoom(picture, viewport), SMALLEST), MAXIMUM


def picture_box(transform: ViewTransform, picture: Size, viewport: Size) -> Box:
    """Return where the whole picture lies in the viewport."""
    width, height = picture.width * transform.zoom, picture.height * transform.zoom
    return Box(
        viewport.width / 2 - transform.centre_x * width,
        viewport.height / 2 - transform.centre_y * height,
        width,
        height,
    )


def to_picture(transform: ViewTransform, picture: Size, viewport: Size, place: Point) -> Point:
    """Return the picture's pixel place under a viewport place (may lie outside the picture)."""
    box = picture_box(transform, picture, viewport)
    return Point((place.x - box.left) / transform.zoom, (place.y - box.top) / transform.zoom)


def to_viewport(transform: ViewTransform, picture: Size, viewport: Size, place: Point) -> Point:
    """Return the viewport place of a picture's pixel place."""
    box = picture_box(transform, picture, viewport)
    return Point(box.left + place.x * transform.zoom, box.top + place.y * transform.zoom)


def zoomed_to(
    transform: ViewTransform, picture: Size, viewport: Size, zoom: float, about: Point
) -> ViewTransform:
    """Return the transform at another zoom, with the picture's place under ``about`` staying there."""
    low, high = limits(picture, viewport)
    wanted = min(max(zoom, low), high)
    held = to_picture(transform, picture, viewport, about)
    moved = ViewTransform(
        wanted,
        (held.x - (about.x - viewport.width / 2) / wanted) / picture.width,
        (held.y - (about.y - viewport.height / 2) / wanted) / picture.height,
        is_fit=False,
    )
    return _kept_in_view(moved, picture, viewport)


def panned(transform: ViewTransform, picture: Size, viewport: Size, dx: float, dy: float) -> ViewTransform:
    """Return the transform with the picture moved by ``dx``, ``dy`` device pixels."""
    moved = replace(
        transform,
        centre_x=transform.centre_x - dx / (picture.width * transform.zoom),
        centre_y=transform.centre_y - dy / (picture.height * transform.zoom),
        is_fit=False,
    )
    return _kept_in_view(moved, picture, viewport)


def _kept_in_view(transform: ViewTransform, picture: Size, viewport: Size) -> ViewTransform:
    return replace(
        transform,
        centre_x=_kept(transform.centre_x, picture.width * transform.zoom, viewport.width),
        centre_y=_kept(transform.centre_y, picture.height * transform.zoom, viewport.height),
    )


def _kept(centre: float, shown: float, viewport: float) -> float:
    """Clamp one axis so that a strip of at least IN_VIEW of the smaller of the two stays visible."""
    strip = min(shown, viewport) * IN_VIEW
    slack = (viewport / 2 - strip) / shown
    return min(max(centre, -slack), 1 + slack)


def next_stop(zoom: float, fit: float) -> float:
    """Return the zoom stop above; the fit is a stop too."""
    return min((stop for stop in sorted((*STOPS, fit)) if stop > zoom * 1.001), default=MAXIMUM)


def previous_stop(zoom: float, fit: float) -> float:
    """Return the zoom stop below; the fit is a stop too."""
    return max(
        (stop for stop in sorted((*STOPS, fit)) if stop < zoom * 0.999), default=min(zoom, fit, STOPS[0])
    )


DIVIDER_SNAP = 0.015
"""Within this fraction of an edge the divider snaps shut."""


def snapped_divider(fraction: float) -> float:
    """Return the divider's fraction of the viewport, 0–1, snapped to an edge it comes close to."""
    if fraction <= DIVIDER_SNAP:
        return 0.0
    return 1.0 if fraction >= 1 - DIVIDER_SNAP else fraction
