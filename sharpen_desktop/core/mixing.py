"""The mix of the shown result: what can be mixed, over what, and its transitions. Mixing is free and sends nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.editing import with_history
from sharpen_desktop.core.history import Wanted
from sharpen_desktop.core.mix import Mix, Mixed, MixWish, begins_full, percent
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.photos import photo_changed
from sharpen_desktop.core.sides import side_chosen
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.variants import variant_changed

ALIKE = 0.01
"""Pictures whose shapes (width by height) differ by no more than this part have the same shape."""
NO_RESULT = "There is no result yet. Sharpen first; then mix the result with the original here."
NOT_AFTER = "Show a result after (side B) to mix it with the original."
NOT_READ = "The pixels of this result are not read yet."
A_PREVIEW = "This is a preview. Sharpen first; a result can be mixed."
A_TEST = "A blind test is going on. The mix can be changed when it has ended."
LEGEND = "Red: the result shows"
EVERYWHERE = "Nothing is painted: the mix applies everywhere."
LIMITED = "The result shows only where it is painted."
SPARED = "The result shows except where it was erased."


def bases(photo: Photo, variant: Variant) -> tuple[Variant, ...]:
    """Return what a variant can be laid over: pictures with pixels and of its shape, the original first."""
    return tuple(each for each in photo.variants if each.id != variant.id and _fits(each, variant))


def base_of(photo: Photo, variant: Variant) -> Variant | None:
    """Return what a variant is laid over: the chosen one, or the original when that is gone."""
    chosen = photo.variant(variant.mix.base) if variant.mix.base else None
    return chosen if chosen is not None and _fits(chosen, variant) else photo.original


def mix_wish(photo: Photo, variant: Variant) -> MixWish | None:
    """Return the mix that a variant is to be seen and saved with; ``None`` when that is the variant as it is."""
    base = base_of(photo, variant)
    if variant.mix.is_whole or variant.master is None or base is None or base.master is None:
        return None
    return MixWish(variant.master, base.master, variant.mix.share, variant.mix.strokes)


def is_settled(photo: Photo, variant: Variant) -> bool:
    """Return whether ``variant.look`` is exactly what its mix comes to."""
    wish = mix_wish(photo, variant)
    return wish is None or (variant.mixed is not None and variant.mixed.wish == wish)


def reason_without(state: AppState) -> str:
    """Return why nothing can be mixed now and what to do; empty when something can."""
    photo = state.current
    if state.mixable is not None:
        return ""
    if photo is None or not any(each.is_result for each in photo.results):
        return NO_RESULT
    if state.is_blind:
        return A_TEST
    if state.shown_preview is not None:
        return A_PREVIEW
    return NOT_READ if photo.after is not None and photo.after.is_result else NOT_AFTER


def size_line(photo: Photo, variant: Variant) -> str:
    """Return what happens to a base of another size than the result; empty when both are alike."""
    base = base_of(photo, variant)
    one, other = base.master if base else None, variant.master
    if base is None or one is None or other is None or (one.width, one.height) == (other.width, other.height):
        return ""
    sizes = f"{one.width} × {one.height} to {other.width} × {other.height}"
    return f"{base.label} is scaled from {sizes} pixels, the result's size."


def mask_line(mix: Mix) -> str:
    """Return where a mix applies."""
    if not mix.strokes:
        return EVERYWHERE
    return SPARED if begins_full(mix.strokes) else LIMITED


def _fits(base: Variant, variant: Variant) -> bool:
    one, other = base.master, variant.master
    if one is None or other is None or base.display is None:
        return False
    return abs(one.width * other.height - other.width * one.height) <= ALIKE * one.width * other.height


# Transitions


def share_changed(state: AppState, share: float) -> AppState:
    """Lay so much of the shown result, 0–1, over its base; one step to undo until the edit is sealed."""
    allowed = round(min(max(share, 0.0), 1.0), 6)
    return _mix_changed(state, lambda mix: replace(mix, share=allowed), "mix")


def base_chosen(state: AppState, variant_id: str) -> AppState:
    """Lay the shown result over another picture of its photo."""
    photo, variant = state.current, state.mixable
    if photo is None or variant is None or variant_id not in [each.id for each in bases(photo, variant)]:
        return state
    is_original = photo.original is not None and photo.original.id == variant_id
    return _mix_changed(state, lambda mix: replace(mix, base="" if is_original else variant_id), "")


def _mix_changed(state: AppState, change: Callable[[Mix], Mix], edit: str) -> AppState:
    variant = state.mixable
    if variant is None:
        return state
    wanted = state.history.present.with_mix(state.current_id, variant.id, change(variant.mix))
    return with_history(state, undo.edited(state.history, wanted, edit and f"{edit} {variant.id}"))


def mix_made(state: AppState, photo_id: str, variant_id: str, mixed: Mixed) -> AppState:
    """Note what the mix of a variant has come to."""
    return variant_changed(state, photo_id, variant_id, lambda variant: replace(variant, mixed=mixed))


def remixed(before: Wanted, after: Wanted) -> tuple[str, str]:
    """Return the photo and the variant whose mix two wishes differ in; both empty when they are alike in that."""
    changed = {*before.mixes} ^ {*after.mixes}
    return min(((photo_id, variant_id) for photo_id, variant_id, _ in changed), default=("", ""))


def remixed_shown(state: AppState, photo_id: str, variant_id: str) -> AppState:
    """Show a variant whose mix was undone or redone after, unless it is on one of the sides."""
    photo = state.photo(photo_id)
    sides: tuple[str, ...] = (photo.side_a, photo.side_b) if photo else (variant_id,)
    if photo is None or variant_id in sides or photo.variant(variant_id) is None:
        return state
    shown = side_chosen(state, "b", variant_id)
    return photo_changed(shown, photo_id, lambda now: replace(now, is_b_chosen=True))


# In words


def mix_line(photo: Photo, variant: Variant) -> str:
    """Return how a variant is mixed: "61 % over Original, where it is painted"; empty where it is not."""
    base = base_of(photo, variant)
    if variant.mix.is_whole or base is None:
        return ""
    limits = ", except where it was erased" if begins_full(variant.mix.strokes) else ", where it is painted"
    return f"{percent(variant.mix.share)} over {base.label}{limits if variant.mix.strokes else ''}"


def mixes_said(labels: Mapping[str, str], before: Wanted, after: Wanted) -> str:
    """Return what a step has done to mixes; ``labels``: what variants are called, by id."""
    ids = dict.fromkeys((each[0], each[1]) for each in (*before.mixes, *after.mixes))
    said = []
    for photo_id, variant_id in ids:
        old = before.mixes_of(photo_id).get(variant_id, Mix())
        new = after.mixes_of(photo_id).get(variant_id, Mix())
        said += _mix_said(labels, old, new)
    return ", ".join(said)


def _mix_said(labels: Mapping[str, str], old: Mix, new: Mix) -> list[str]:
    said = [f"Mix: {percent(new.share)}"] if old.share != new.share else []
    if old.base != new.base:
        said.append(
            f"Mix over “{labels.get(new.base, 'a variant')}”" if new.base else "Mix over the original"
        )
    if old.strokes == new.strokes:
        return said
    if not new.strokes:
        return [*said, "Painting cleared from the mix"]
    if new.strokes[: len(old.strokes)] == old.strokes:
        return [*said, "Mix painted" if new.strokes[-1].adds else "Mix erased"]
    return [*said, "Painting of the mix changed"]
