"""What the canvas paints: panes of sides, their difference, the loupe. Each is rendered once and then copied."""

import math
import time
from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QPainter

from sharpen_desktop.core.panes import SIDES, Pane, Side
from sharpen_desktop.core.view_transform import Box
from sharpen_desktop.ui.canvas.blend import BlendOver
from sharpen_desktop.ui.canvas.cover import Cover
from sharpen_desktop.ui.canvas.difference import AT_ONCE_PX, QUICK_SHRINK, paint_heat
from sharpen_desktop.ui.canvas.empty_pane import paint_empty
from sharpen_desktop.ui.canvas.joint_layer import JointLayer, Part
from sharpen_desktop.ui.canvas.layer import Content, Look, content_of, part_of_side
from sharpen_desktop.ui.canvas.loupe import Loupe
from sharpen_desktop.ui.canvas.marks import Marks
from sharpen_desktop.ui.canvas.over import Over
from sharpen_desktop.ui.canvas.overlay import RedMask, SurfaceVeil, paint_faces
from sharpen_desktop.ui.canvas.scene import Scene
from sharpen_desktop.ui.canvas.surface import Asked, Surface
from sharpen_desktop.ui.qt_image import DisplayImages, ImageCache

PAIR: tuple[Side, Side] = ("a", "b")


class CanvasPainter:
    """Holds the mapped images and the rendered layers of what is shown."""

    def __init__(self) -> None:
        self.images = ImageCache()
        self.look = Look("#2B2B2B", "#151515")
        self._layers = {side: Surface() for side in SIDES}
        self._loupe = Loupe()
        self._difference = Surface(AT_ONCE_PX)
        self._red = RedMask()
        self._marks = Marks()
        self._blends = {side: BlendOver() for side in SIDES}
        self._blended = {side: SurfaceVeil(self._blends[side].mask) for side in SIDES}
        self._veils = {shows: SurfaceVeil(self._red) for shows in (*SIDES, "difference")}
        self._joint = JointLayer()
        self._joint_veils = {side: SurfaceVeil(self._red) for side in SIDES}
        self._joint_blended = {side: SurfaceVeil(self._blends[side].mask) for side in SIDES}

    def paint(self, painter: QPainter, scene: Scene, canvas: QRectF) -> None:
        """Paint a frame."""
        if scene.a is None and scene.b is None:
            painter.fillRect(canvas, QColor(self.look.canvas))
            return
        found = self._asked(scene, canvas)
        if found is not None:
            _show(painter, *found, scene.ratio)
        for pane in scene.panes:
            if scene.picture_of(pane.source) is None:
                paint_empty(painter, pane.clip, self.look.canvas)
            elif pane.clip.width > 0 and pane.clip.height > 0:
                self._paint_marks(painter, pane, scene)
                self._paint_faces(painter, pane, scene)
        self._paint_loupe(painter, scene)

    def prepare(self, scene: Scene, canvas: QRectF) -> None:
        """Draw well what a frame will show, however long that takes."""
        found = self._asked(scene, canvas) if scene.a or scene.b else None
        if found is not None:
            surface, asked = found
            surface.draw(*asked)
            surface.refine(math.inf)

    @property
    def is_rough(self) -> bool:
        """Whether something was painted rather fast than smooth, because there was too much for one frame."""
        return any(each.is_rough for each in self._surfaces)

    @property
    def is_bare(self) -> bool:
        """Whether the last frame was painted without being kept, and the next one is likely to need it."""
        return any(each.is_bare for each in self._surfaces)

    def lay_in(self) -> None:
        """Keep the last frame, so that a pan can move it along; for the moment after it."""
        for each in self._surfaces:
            each.lay_in()

    @property
    def _surfaces(self) -> tuple[Surface, ...]:
        return *self._layers.values(), self._difference, self._joint.surface

    def refine(self, budget_s: float) -> bool:
        """Paint well what is rough, for so long; return whether all of it is, and the next frame shows it."""
        until_s = time.perf_counter() + budget_s
        for each in self._surfaces:
            each.refine(until_s)
        return not self.is_rough

    def look_ahead(self, scene: Scene) -> None:
        """Draw both sides whole where they lie in one place: the other is then there at once when it is asked for."""
        whole = scene.panes[0].frame
        if scene.panes[0].shows != "difference" and scene.panes[-1].frame == whole:
            for side in PAIR:
                asked = self._side(side, Pane(side, whole, whole), scene)
                if asked is not None:
                    self._layers[side].draw(*asked)

    def _asked(self, scene: Scene, canvas: QRectF) -> tuple[Surface, Asked] | None:
        """Return the surface of a layout and what is asked of it; None where nothing has a picture."""
        if len(scene.panes) > 1:
            parts = [part for pane in scene.panes if (part := self._part(pane, scene)) is not None]
            size = QSize(math.ceil(canvas.width() * scene.ratio), math.ceil(canvas.height() * scene.ratio))
            return (self._joint.surface, self._joint.asked(parts, size, self.look.canvas)) if parts else None
        pane = scene.panes[0]
        before, after = self._images(scene, "a"), self._images(scene, "b")
        if pane.shows == "difference" and before is not None and after is not None:
            return self._difference, self._differing(pane, scene, (before, after))
        side = pane.source
        asked = self._side(side, pane, scene)
        return (self._layers[side], asked) if asked is not None else None

    def _differing(self, pane: Pane, scene: Scene, images: tuple[DisplayImages, DisplayImages]) -> Asked:
        """Return what differs between two sides, which are drawn for that part by part."""
        veil, box, look = self._veil(pane.shows, scene), scene.box(pane), self.look
        blends = [self._blend(side, scene) for side in PAIR]
        boxes = [scene.box(replace(pane, shows=side)) for side in PAIR]
        covers = (None, self._cover(scene))

        def fill(painter: QPainter, part: QRect, is_quick: bool) -> None:
            shrink = QUICK_SHRINK if is_quick else 1
            try:
                drawn = [
                    part_of_side(part, side, place, look, cover, blend, shrink)
                    for side, place, cover, blend in zip(images, boxes, covers, blends, strict=True)
                ]
            except OSError:  # the cache folder was emptied under us
                painter.fillRect(part, QColor(look.canvas))
                return
            target = QRect(part.topLeft(), drawn[0].size() * shrink)
            paint_heat(painter, target, drawn[0], drawn[1], scene.gain)
            if veil is not None:
                veil.paint(painter, part, box, is_quick=is_quick)

        sides = (*(side.display for side in images), *(blend and blend.generation for blend in blends))
        key = (sides, scene.gain, scene.shifts, scene.cover, look, veil and veil.generation)
        stale = _stale(box, veil, *(self._blended[side] for side in PAIR))
        viewport = scene.viewport(pane)
        return key, box, viewport, QRect(QPoint(0, 0), viewport), fill, [stale]

    def _images(self, scene: Scene, side: Side) -> DisplayImages | None:
        display = scene.picture_of(side)
        return self.images.images(display) if display is not None else None

    def _blend(self, side: Side, scene: Scene) -> BlendOver | None:
        """Return what of another picture is mixed into a side."""
        if side not in scene.blends:
            return None
        self._blends[side].show(scene.blends[side], self.images)
        return self._blends[side]

    def _side(self, side: Side, pane: Pane, scene: Scene) -> Asked | None:
        """Return one side by itself; None where that has no picture."""
        over = self._veil(side, scene)
        content = self._content(side, pane, scene, over)
        if content is None:
            return None
        stale = _stale(content.box, over, self._blends[side] if side in scene.blends else None)
        wanted = scene.within(pane)
        return content.key, content.box, scene.viewport(pane), wanted, content.fill, [stale]

    def _content(self, side: Side, pane: Pane, scene: Scene, over: Over | None) -> Content | None:
        """Return what a pane shows of a side; None where that has no picture."""
        display = scene.picture_of(side)
        if display is None:
            return None
        return content_of(
            self.images.images(display),
            scene.picture,
            scene.transform_of(side),
            scene.viewport(pane),
            self.look,
            cover=self._cover(scene) if side == "b" else None,
            over=over,
            blend=self._blend(side, scene),
        )

    def _part(self, pane: Pane, scene: Scene) -> Part | None:
        """Return one pane of several; None where it has no picture."""
        side = pane.source
        veil = self._joint_veils[side] if self._veil(side, scene) else None
        content = self._content(side, pane, scene, veil)
        if content is None:
            return None
        stale = _stale(content.box, veil, self._joint_blended[side] if side in scene.blends else None)
        origin = QPoint(round(pane.frame.left * scene.ratio), round(pane.frame.top * scene.ratio))
        return Part(scene.on_screen(pane), origin, content, stale)

    def _cover(self, scene: Scene) -> tuple[Cover, DisplayImages] | None:
        return (scene.cover, self.images.images(scene.cover.display)) if scene.cover else None

    def _paint_marks(self, painter: QPainter, pane: Pane, scene: Scene) -> None:
        """Mark what is sharp on the two sides that are compared."""
        self._marks.show(scene.sharpness)
        if scene.sharpness is None or pane.shows not in PAIR:
            return
        painter.save()
        painter.translate(pane.frame.left, pane.frame.top)
        painter.scale(1 / scene.ratio, 1 / scene.ratio)
        self._marks.paint(painter, scene.within(pane), scene.box(pane))
        painter.restore()

    def _veil(self, shows: str, scene: Scene) -> SurfaceVeil | None:
        """Return what lies over a pane; in the difference of two sides it lies over that, not over them."""
        if scene.veil is None or (scene.veil.mask is None and shows not in {"b", "difference"}):
            return None
        self._red.show(scene.veil)
        return self._veils[shows]

    def _paint_faces(self, painter: QPainter, pane: Pane, scene: Scene) -> None:
        if not scene.faces:
            return
        box, frame, clip = scene.box(pane), pane.frame, pane.clip
        where = QRectF(box.left, box.top, box.width, box.height)
        logical = QRectF(where.topLeft() / scene.ratio, where.size() / scene.ratio)
        seen = QRectF(clip.left, clip.top, clip.width, clip.height)
        paint_faces(painter, scene.faces, logical.translated(frame.left, frame.top), seen)

    def _paint_loupe(self, painter: QPainter, scene: Scene) -> None:
        before, after = scene.a or scene.b, scene.b or scene.a
        if scene.loupe is None or before is None or after is None:
            return
        sides = (self.images.images(before), self.images.images(after))
        self._loupe.paint(
            painter, sides, scene.picture, scene.loupe.place, scene.transform.zoom, scene.loupe.about,
            scene.ratio, self.look, self._cover(scene),
        )  # fmt: skip


def _stale(box: Box, *tracked: SurfaceVeil | BlendOver | None) -> QRect:
    """Return what painting has changed of all of them while the picture lies in ``box``; device pixels."""
    stale = QRect()
    for each in tracked:
        stale = stale.united(each.stale(box)) if each is not None else stale
    return stale


def _show(painter: QPainter, surface: Surface, asked: Asked, ratio: float) -> None:
    """Bring device pixels to the canvas as they are, never scaled."""
    if ratio == 1.0:
        surface.show(painter, asked)
        return
    painter.save()
    painter.scale(1 / ratio, 1 / ratio)
    painter.drawImage(QPoint(0, 0), surface.draw(*asked))
    painter.restore()
