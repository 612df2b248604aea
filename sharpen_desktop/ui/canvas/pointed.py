"""What is under the pointer: a pixel of the picture and its values on all sides."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.view_transform import Size
from sharpen_desktop.ui.canvas.cover import Cover
from sharpen_desktop.ui.canvas.shown import Shown
from sharpen_desktop.ui.canvas.stage import Stage
from sharpen_desktop.ui.qt_image import ImageCache

Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Pointed:
    """The picture pixel under the pointer and its sRGB values on both sides, where they are known.

    ``more``: those of the third and fourth pane.
    """

    x: int
    y: int
    a: Color | None
    b: Color | None
    more: tuple[Color | None, ...] = ()


def pointed_at(place: QPointF, stage: Stage, shown: Shown, images: ImageCache) -> Pointed | None:
    """Return what is under a place of the canvas; ``None`` outside the picture. A blind test gives no values away."""
    at, size = stage.in_picture(place), stage.picture
    x, y = int(at.x // 1), int(at.y // 1)
    if stage.a is None or not (0 <= x < size.width and 0 <= y < size.height):
        return None
    if shown.is_blind:
        return Pointed(x, y, None, None)
    a = None if "a" in shown.blends else stage.a  # values are told when they are exact
    b = None if "b" in shown.blends else stage.b
    covered = _cover_color(shown.cover, images, size, x, y)
    other = covered or (_color(b, images, size, x, y) if b is not a else None)
    more = tuple(_color(each, images, size, x, y) for each in (stage.c, stage.d) if each is not None)
    return Pointed(x, y, _color(a, images, size, x, y), other, more)


def _color(display: Display | None, images: ImageCache, size: Size, x: int, y: int) -> Color | None:
    if display is None:
        return None
    across, down = int(x * display.width / size.width), int(y * display.height / size.height)
    return images.images(display).color_at(across, down)


def _cover_color(cover: Cover | None, images: ImageCache, size: Size, x: int, y: int) -> Color | None:
    if cover is None:
        return None
    across, down = int(x * cover.whole.width / size.width), int(y * cover.whole.height / size.height)
    return images.images(cover.display).color_at(across - cover.area.left, down - cover.area.top)
