"""Names, mixes and deleting of variants, as the history of what is wanted has them.

A deleted variant is set aside with its pixels until its photo is closed, so that undo brings it back.
"""

from collections.abc import Mapping
from dataclasses import replace

from sharpen_desktop.core.history import Wanted
from sharpen_desktop.core.mix import Mix
from sharpen_desktop.core.panes import SIDES
from sharpen_desktop.core.photo import Photo, SetAside, Variant


def arranged(photos: tuple[Photo, ...], wanted: Wanted) -> tuple[Photo, ...]:
    """Return the photos with their variants in sight, or not, and called as is wanted."""
    return tuple(_arranged(photo, wanted) for photo in photos)


def tidied(before: Wanted, after: Wanted) -> str:
    """Return the photo whose variants two wishes differ in; empty when they are alike in that."""
    changed = {*before.names, *before.deleted} ^ {*after.names, *after.deleted}
    return min((each[0] for each in changed), default="")


def variants_said(titles: Mapping[str, str], before: Wanted, after: Wanted) -> str:
    """Return what a step has done to variants, in words; ``titles``: what they are, by id."""
    said = [
        f"Renamed to “{name}”"
        for photo, variant, name in after.names
        if name != before.names_of(photo).get(variant)
    ]
    said += [
        f"{titles.get(variant, 'Variant')}: own name again"
        for photo, variant, _ in before.names
        if variant not in after.names_of(photo)
    ]
    gone = (each for each in after.deleted if each not in before.deleted)
    for photo, variant in gone:
        called = after.names_of(photo).get(variant) or titles.get(variant, "a variant")
        said.append(f"Deleted “{called}”")
    return ", ".join(said)


def _arranged(photo: Photo, wanted: Wanted) -> Photo:
    gone, names, mixes = wanted.deleted_of(photo.id), wanted.names_of(photo.id), wanted.mixes_of(photo.id)
    for each in reversed(photo.set_aside):
        if each.variant.id not in gone:
            photo = _put_back(photo, each)
    for variant in photo.results:
        if variant.id in gone:
            photo = _put_aside(photo, variant.id)
    named = tuple(
        _remixed(replace(each, name=names.get(each.id, "")), mixes.get(each.id, Mix()))
        for each in photo.variants
    )
    return photo if named == photo.variants else replace(photo, variants=named)


def _remixed(variant: Variant, mix: Mix) -> Variant:
    """Return a variant with this mix; a file for other programs holds what it was before, and is another then."""
    handout = variant.handout if mix.looks_like(variant.mix) else ""
    return replace(variant, mix=mix, handout=handout)


def _put_aside(photo: Photo, variant_id: str) -> Photo:
    """Take a variant out of sight; where it was shown, side A shows the original and B the newest that is left."""
    place = next(place for place, each in enumerate(photo.variants) if each.id == variant_id)
    sides = tuple(side for side in SIDES if photo.side(side) == variant_id)
    rest = (*photo.variants[:place], *photo.variants[place + 1 :])
    instead = {"a": rest[0].id, "b": rest[-1].id if len(rest) > 1 else ""}
    idle = replace(photo.variants[place], handout="", is_handing_out=False)
    for side in sides:
        photo = photo.with_side(side, instead.get(side, ""))
    return replace(photo, variants=rest, set_aside=(*photo.set_aside, SetAside(idle, place, sides)))


def _put_back(photo: Photo, aside: SetAside) -> Photo:
    rest, place = photo.variants, aside.place
    for side in aside.sides:
        photo = photo.with_side(side, aside.variant.id)
    return replace(
        photo,
        variants=(*rest[:place], aside.variant, *rest[place:]),
        set_aside=tuple(each for each in photo.set_aside if each is not aside),
    )
