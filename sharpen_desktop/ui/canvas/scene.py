"""Everything one frame of the canvas depends on, and where the pictures lie in its panes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, QRect, QRectF, QSize

from sharpen_desktop.core.brush import Stroke
from sharpen_desktop.core.panes import SIDES, Pane, Shows, Side
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.sharpness import Sharpness
from sharpen_desktop.core.study import FaceBox
from sharpen_desktop.core.view_transform import Box, Point, Size, ViewTransform, picture_box
from sharpen_desktop.ui.canvas.blend import Blend
from sharpen_desktop.ui.canvas.cover import Cover
from sharpen_desktop.ui.canvas.layer import snapped
from sharpen_desktop.ui.canvas.overlay import Veil
from sharpen_desktop.ui.canvas.shown import Shown
from sharpen_desktop.ui.canvas.stage import Stage

UNMOVED = Point(0, 0)


@dataclass(frozen=True, slots=True)
class Magnified:
    """Where the loupe is: the picture's pixel place, and the canvas place (logical pixels) it is shown at."""

    place: Point
    about: QPointF


@dataclass(frozen=True, slots=True)
class Scene:
    """What a frame is painted from. ``shifts``: how far each of the four sides was moved by itself, in picture pixels.

    ``cover``: a preview over a part of side B.
    ``blends``: the sides that are mixed here, by side. ``veil``: what will be sharpened, and ``faces``: what is framed, over all panes. ``sharpness``: marked on both sides.
    """

    panes: tuple[Pane, ...]
    a: Display | None
    b: Display | None
    picture: Size
    transform: ViewTransform
    ratio: float
    shifts: tuple[Point, ...] = (UNMOVED,) * len(SIDES)
    gain: int = 4
    loupe: Magnified | None = None
    cover: Cover | None = None
    veil: Veil | None = None
    faces: tuple[FaceBox, ...] = ()
    sharpness: Sharpness | None = None
    c: Display | None = None
    d: Display | None = None
    blends: Mapping[Side, Blend] = field(default_factory=dict)

    def picture_of(self, side: Side) -> Display | None:
        """Return what is on a side, without the base of a blend."""
        if side in self.blends:
            return self.blends[side].result
        return {"a": self.a, "b": self.b, "c": self.c, "d": self.d}[side]

    def transform_of(self, shows: Shows) -> ViewTransform:
        """Return zoom and centre of a side, which may have been moved by itself; the difference never is."""
        shift = UNMOVED if shows == "difference" else self.shifts[SIDES.index(shows)]
        if shift == UNMOVED:
            return self.transform
        return replace(
            self.transform,
            centre_x=self.transform.centre_x - shift.x / self.picture.width,
            centre_y=self.transform.centre_y - shift.y / self.picture.height,
            is_fit=False,
        )

    def viewport(self, pane: Pane) -> QSize:
        """Return a pane's size in device pixels."""
        return QSize(round(pane.frame.width * self.ratio), round(pane.frame.height * self.ratio))

    def box(self, pane: Pane) -> Box:
        """Return where the picture lies in a pane, in device pixels of its frame."""
        viewport = self.viewport(pane)
        size = Size(viewport.width(), viewport.height())
        return snapped(picture_box(self.transform_of(pane.shows), self.picture, size))

    def on_screen(self, pane: Pane) -> QRect:
        """Return the clip in device pixels of the canvas."""
        clip, ratio = pane.clip, self.ratio
        left, top = round(clip.left * ratio), round(clip.top * ratio)
        right, bottom = round((clip.left + clip.width) * ratio), round((clip.top + clip.height) * ratio)
        return QRect(left, top, right - left, bottom - top)

    def within(self, pane: Pane) -> QRect:
        """Return the clip in device pixels of its frame, those that are cut as well."""
        clip, frame, ratio = pane.clip, pane.frame, self.ratio
        left, top = (clip.left - frame.left) * ratio, (clip.top - frame.top) * ratio
        return QRectF(left, top, clip.width * ratio, clip.height * ratio).toAlignedRect()


def scene_of(stage: Stage, shown: Shown, growing: Stroke | None, gain: int, loupe: Magnified | None) -> Scene:
    """Return the scene of what is shown as it lies now. ``growing``: a stroke that is being painted on it."""
    veil, blends = shown.veil, shown.blends
    if veil is not None and growing is not None:
        veil = replace(veil, ink=(*veil.ink, growing))
    if shown.brushed is not None and growing is not None:
        blends = {**blends, "b": replace(shown.brushed, strokes=(*shown.brushed.strokes, growing))}
    return Scene(
        stage.panes, stage.a, stage.b, stage.picture, stage.transform, stage.ratio,
        tuple(stage.shifts[side] for side in SIDES), gain, loupe, shown.cover,
        veil, shown.faces, shown.sharpness if stage.is_linked else None, stage.c, stage.d,
        blends,
    )  # fmt: skip
