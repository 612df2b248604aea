"""What of a state the canvas shows: pictures, mixes, a preview, what will be sharpened, progress."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sharpen_desktop.core.brush import painted_since
from sharpen_desktop.core.mixing import base_of, is_settled
from sharpen_desktop.core.panes import SIDES, Side
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.several import sides_seen, variant_on
from sharpen_desktop.core.sharpness import Sharpness
from sharpen_desktop.core.sharpness_overlay import shown_sharpness
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.study import FaceBox
from sharpen_desktop.core.subjects import is_background_wanted
from sharpen_desktop.core.view_transform import Size
from sharpen_desktop.ui.canvas.blend import Blend
from sharpen_desktop.ui.canvas.cover import Cover
from sharpen_desktop.ui.canvas.overlay import Veil


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a state the canvas shows; how that is laid out is the stage's.

    ``sides``: the pictures on the sides that may be seen. ``cover``: a preview over a part of side B. ``blends``: the
    sides that are mixed here, by side, and ``brushed``: the mix a stroke of the brush changes. ``veil``: what will be
    sharpened. ``progress``: 0–1, ``None`` while nothing goes on.
    """

    photo_id: str = ""
    sides: Mapping[Side, Display | None] = field(default_factory=dict)
    can_compare: bool = False
    is_blind: bool = False
    cover: Cover | None = None
    blends: Mapping[Side, Blend] = field(default_factory=dict)
    brushed: Blend | None = None
    veil: Veil | None = None
    faces: tuple[FaceBox, ...] = ()
    sharpness: Sharpness | None = None
    progress: float | None = None

    @property
    def displays(self) -> set[Display]:
        """All pixels it takes to show it."""
        mixes = [each for each in (*self.blends.values(), self.brushed) if each is not None]
        mixed = (each for blend in mixes for each in (blend.result, blend.base))
        found = (*self.sides.values(), self.cover.display if self.cover else None, *mixed)
        return {each for each in found if each is not None}


def shown_of(state: AppState) -> Shown:
    """Return what the canvas shows of a state."""
    photo, cover = state.current, cover_of(state)
    return Shown(
        photo.id if photo else "",
        sides_of(state, cover),
        state.can_compare,
        state.is_blind,
        cover,
        blends_of(state),
        brushed_blend(state),
        veil_of(state),
        (photo.faces or ()) if photo and state.are_faces_shown else (),
        shown_sharpness(state),
        progress_of(state, photo),
    )


def display_of(variant: Variant | None) -> Display | None:
    """Return a variant's pixels, with its mix."""
    return variant.look if variant else None


def blends_of(state: AppState) -> dict[Side, Blend]:
    """Return the sides whose exact mix is still being made, as the canvas shows them until then.

    Not side B under a preview: that is about another picture.
    """
    photo = state.current
    if photo is None:
        return {}
    covered = "b" if state.shown_preview is not None else ""
    found = {side: each for side, each in variants_of(state).items() if each is not None and side != covered}
    blends = {side: blend_of(photo, each) for side, each in found.items() if not is_settled(photo, each)}
    return {side: blend for side, blend in blends.items() if blend is not None}


def blend_of(photo: Photo, variant: Variant) -> Blend | None:
    """Return how a variant is mixed; ``None`` without pixels of both pictures."""
    base = base_of(photo, variant)
    if base is None or base.display is None or variant.display is None:
        return None
    return Blend(variant.display, base.display, variant.mix.share, variant.mix.strokes)


def brushed_blend(state: AppState) -> Blend | None:
    """Return what a stroke of the brush that is for the mix changes; ``None`` when it is for something else."""
    photo, variant = state.current, state.mixable
    if photo is None or variant is None or state.target != "mix":
        return None
    return blend_of(photo, variant)


def sides_of(state: AppState, cover: Cover | None) -> dict[Side, Display | None]:
    """Return what is on each side that may be seen; in a blind test the two as they are shuffled."""
    photo = state.current
    shown = {side: display_of(variant) for side, variant in variants_of(state).items()}
    if photo is None or state.is_blind:
        return shown
    return {**shown, "b": after_under(cover, photo) or shown["a"]}


def variants_of(state: AppState) -> dict[Side, Variant | None]:
    """Return the variants that are on each side that may be seen; in a blind test the two as they are shuffled."""
    photo, test = state.current, state.blind_here
    if photo is None:
        return {}
    if test is not None and state.is_blind:
        return dict(zip(SIDES, (photo.variant(each) for each in test.sides), strict=False))
    more = {side: variant_on(photo, side) for side in sides_seen(state)[2:]}
    return {"a": photo.before, "b": photo.after, **more}


def after_under(cover: Cover | None, photo: Photo | None) -> Display | None:
    """Return what side B shows: what is after, or the photo where a preview would not fit on that."""
    after = display_of(photo.after if photo else None)
    if cover is None or photo is None or after is None:
        return after
    fits = (after.width, after.height) == (cover.whole.width, cover.whole.height)
    return after if fits else display_of(photo.original)


def cover_of(state: AppState) -> Cover | None:
    """Return the preview over side B, with the photo it is a part of."""
    preview, photo = state.shown_preview, state.current
    whole = display_of(photo.original) if photo else None
    if preview is None or whole is None:
        return None
    return Cover(preview.display, preview.area, Size(whole.width, whole.height))


def veil_of(state: AppState) -> Veil | None:
    """Return what will be sharpened, or where the mix applies, while that is asked to be shown."""
    photo, mixed = state.current, state.mixable
    if state.target == "mix" and mixed is not None and mixed.display is not None:
        whole = Size(mixed.display.width, mixed.display.height)
        return Veil(None, mixed.mix.strokes, whole=whole) if state.is_mask_shown else None
    if photo is None or photo.subject is None or not state.is_mask_shown or not state.has_subject_here:
        return None
    ink = painted_since(state.strokes, photo.subject.strokes)
    return Veil(photo.subject, ink, is_background_wanted(state))


def progress_of(state: AppState, photo: Photo | None) -> float | None:
    """Return how far the run of a photo has come, 0–1; ``None`` when none goes on or nothing is known."""
    run = state.going
    if run is None or photo is None or run.photo_id != photo.id or run.progress is None:
        return None
    return run.progress.fraction
