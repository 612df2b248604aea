"""Undo and redo of what the user wants: settings, painting, mixes, names and deleting of variants; never of paying."""

from dataclasses import dataclass, replace
from itertools import pairwise

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.mix import Mix
from sharpen_desktop.core.settings import Settings

DEPTH = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """``settings`` hold for whatever is sharpened next; ``painted`` holds the strokes on subjects, by photo id.

    ``names``: what variants are called instead of their titles, as (photo id, variant id, name). ``deleted``: variants
    that are to be out of sight, as (photo id, variant id). ``mixes``: of variants that are mixed, as (photo id,
    variant id, mix).
    """

    settings: Settings
    painted: tuple[tuple[str, Strokes], ...] = ()
    names: tuple[tuple[str, str, str], ...] = ()
    deleted: tuple[tuple[str, str], ...] = ()
    mixes: tuple[tuple[str, str, Mix], ...] = ()

    def strokes(self, photo_id: str) -> Strokes:
        """Return what is painted on a photo's subject."""
        return dict(self.painted).get(photo_id, ())

    def strokes_in_force(self, photo_id: str) -> Strokes:
        """Return what a run of a photo takes of them: nothing while its subject is the whole picture."""
        return self.strokes(photo_id) if has_subject(self.settings) else ()

    def with_settings(self, settings: Settings) -> "Wanted":
        """Return the same with other settings."""
        return replace(self, settings=settings)

    def with_strokes(self, photo_id: str, strokes: Strokes) -> "Wanted":
        """Return the same with these strokes on a photo's subject."""
        others = tuple(each for each in self.painted if each[0] != photo_id)
        return replace(self, painted=(*others, (photo_id, strokes)) if strokes else others)

    def names_of(self, photo_id: str) -> dict[str, str]:
        """Return what variants of a photo are called instead of their titles, by id."""
        return {variant_id: name for photo, variant_id, name in self.names if photo == photo_id}

    def deleted_of(self, photo_id: str) -> frozenset[str]:
        """Return the ids of a photo's variants that are to be out of sight."""
        return frozenset(variant_id for photo, variant_id in self.deleted if photo == photo_id)

    def with_name(self, photo_id: str, variant_id: str, name: str) -> "Wanted":
        """Return the same with another name for a variant; an empty one gives its title back."""
        others = tuple(each for each in self.names if each[:2] != (photo_id, variant_id))
        return replace(self, names=(*others, (photo_id, variant_id, name)) if name else others)

    def mixes_of(self, photo_id: str) -> dict[str, Mix]:
        """Return how variants of a photo are mixed, by id."""
        return {variant_id: mix for photo, variant_id, mix in self.mixes if photo == photo_id}

    def with_mix(self, photo_id: str, variant_id: str, mix: Mix) -> "Wanted":
        """Return the same with another mix of a variant."""
        others = tuple(each for each in self.mixes if each[:2] != (photo_id, variant_id))
        return replace(self, mixes=(*others, (photo_id, variant_id, mix)) if mix != Mix() else others)

    def with_deleted(self, photo_id: str, variant_id: str) -> "Wanted":
        """Return the same with a variant out of sight."""
        return replace(self, deleted=(*self.deleted, (photo_id, variant_id)))

    def without_photo(self, photo_id: str) -> "Wanted":
        """Return the same without anything that is about a photo."""
        return replace(
            self.with_strokes(photo_id, ()),
            names=tuple(each for each in self.names if each[0] != photo_id),
            deleted=tuple(each for each in self.deleted if each[0] != photo_id),
            mixes=tuple(each for each in self.mixes if each[0] != photo_id),
        )

    def asks_for_same(self, other: "Wanted") -> bool:
        """Return whether a run would make the same of both."""
        return (self.settings, self.painted) == (other.settings, other.painted)


def has_subject(settings: Settings) -> bool:
    """Whether only the foreground or only the background is to be sharpened."""
    return settings.text("subject_detection", "All") != "All"


@dataclass(frozen=True, slots=True)
class History:
    """``present`` is in force. ``open_edit`` names the field whose edit still grows (a slider being dragged)."""

    present: Wanted
    past: tuple[Wanted, ...] = ()
    future: tuple[Wanted, ...] = ()
    open_edit: str = ""


def begun(settings: Settings) -> History:
    """Return a history that begins with these settings."""
    return History(Wanted(settings))


def edited(history: History, wanted: Wanted, edit: str) -> History:
    """Return the history after an edit; edits of one name in a row are one step until sealed."""
    if wanted == history.present:
        return history
    if edit and edit == history.open_edit and history.past:
        return History(wanted, history.past, (), edit)
    return History(wanted, (*history.past, history.present)[-DEPTH:], (), edit)


def sealed(history: History) -> History:
    """Return the history with the growing edit ended: the next one is a step of its own.

    An edit that ended where it began leaves no step.
    """
    if history.open_edit and history.past and history.past[-1] == history.present:
        return History(history.present, history.past[:-1], history.future)
    return History(history.present, history.past, history.future)


def undone(history: History) -> History:
    """Return the history one step back; unchanged at the beginning."""
    if not history.past:
        return history
    return History(history.past[-1], history.past[:-1], (history.present, *history.future))


def redone(history: History) -> History:
    """Return the history one step forward; unchanged at the end."""
    if not history.future:
        return history
    return History(history.future[0], (*history.past, history.present), history.future[1:])


def forgotten(history: History, photo_id: str) -> History:
    """Return the history without what is about a photo, and without the steps that were only that."""
    bare = [each.without_photo(photo_id) for each in (*history.past, history.present, *history.future)]
    place = len(history.past)
    past = tuple(each for each, later in pairwise(bare[: place + 1]) if each != later)
    future = tuple(each for earlier, each in pairwise(bare[place:]) if each != earlier)
    return replace(history, present=bare[place], past=past, future=future)
