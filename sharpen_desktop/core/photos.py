"""Transitions of the list of photos: which are in it, which is shown, and how far each of them is read."""

from collections.abc import Callable
from dataclasses import replace

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import OpenedPicture
from sharpen_desktop.core.state import AppState


def photos_listed(state: AppState, photos: tuple[Photo, ...]) -> AppState:
    """Add photos to the list and show the first of them."""
    if not photos:
        return state
    return replace(state, photos=(*state.photos, *photos), current_id=photos[0].id, is_before_shown=False)


def photos_added(state: AppState, photos: tuple[Photo, ...]) -> AppState:
    """Add photos to the list; the shown one stays."""
    return replace(state, photos=(*state.photos, *photos))


def photo_chosen(state: AppState, photo_id: str) -> AppState:
    """Show another photo of the list."""
    if state.photo(photo_id) is None:
        return state
    return replace(state, current_id=photo_id, is_before_shown=False)


def photo_removed(state: AppState, photo_id: str) -> AppState:
    """Take a photo off the list; its neighbour is shown. A run of it an engine is still at stays."""
    place = next((i for i, photo in enumerate(state.photos) if photo.id == photo_id), None)
    if place is None:
        return state
    rest = (*state.photos[:place], *state.photos[place + 1 :])
    current = state.current_id
    if current == photo_id:
        current = rest[min(place, len(rest) - 1)].id if rest else ""
    runs = tuple(run for run in state.runs if run.photo_id != photo_id or run.is_busy)
    history = undo.forgotten(state.history, photo_id)
    return replace(state, photos=rest, current_id=current, runs=runs, is_before_shown=False, history=history)


def neighbour(state: AppState, step: int) -> str:
    """Return the id of the photo ``step`` places on in the list, empty at its ends."""
    ids = [photo.id for photo in state.photos]
    if state.current_id not in ids:
        return ""
    place = ids.index(state.current_id) + step
    return ids[place] if 0 <= place < len(ids) else ""


def photo_changed(state: AppState, photo_id: str, change: Callable[[Photo], Photo]) -> AppState:
    """Replace one photo; nothing when it is gone."""
    photos = tuple(change(photo) if photo.id == photo_id else photo for photo in state.photos)
    return replace(state, photos=photos)


def picture_read(state: AppState, photo_id: str, picture: OpenedPicture) -> AppState:
    """Put a photo's own picture in place: a first look, or the whole with its master.

    The whole may be another than what was read before, so its fingerprint and what was found out about it have to
    be worked out again.
    """

    def change(photo: Photo) -> Photo:
        old = photo.original or Variant(f"{photo.id}-original")
        if picture.master is None and old.master is not None:
            return photo  # a first look that came after the whole picture
        own = replace(old, facts=picture.facts, display=picture.display, master=picture.master)
        loading = Loading.READY if picture.master else Loading.READING
        return replace(
            photo,
            loading=loading,
            variants=(own, *photo.results),
            side_a=photo.side_a or own.id,
            fingerprint=None if picture.master else photo.fingerprint,
            diagnosis=None if picture.master else photo.diagnosis,
            subject=None if picture.master else photo.subject,
            faces=None if picture.master else photo.faces,
            unanswered=() if picture.master else photo.unanswered,
        )

    return photo_changed(state, photo_id, change)


def reading_failed(state: AppState, photo_id: str, problem: str) -> AppState:
    """Mark a photo as one that cannot be read."""
    return photo_changed(
        state, photo_id, lambda photo: replace(photo, loading=Loading.FAILED, problem=problem)
    )


def reading_started(state: AppState, photo_id: str) -> AppState:
    """Mark a photo as being read."""
    return photo_changed(state, photo_id, lambda photo: replace(photo, loading=Loading.READING, problem=""))


def pixels_given_back(state: AppState, photo_id: str) -> AppState:
    """Forget the pixels of a photo; its results stay listed and are read from their files when shown."""

    def change(photo: Photo) -> Photo:
        if not photo.results and not photo.set_aside:
            return replace(photo, loading=Loading.LISTED, variants=(), side_a="", side_b="", subject=None)
        bare = tuple(_bare(each) for each in photo.variants)
        aside = tuple(replace(each, variant=_bare(each.variant)) for each in photo.set_aside)
        return replace(photo, loading=Loading.LISTED, variants=bare, set_aside=aside, subject=None)

    return photo_changed(state, photo_id, change)


def _bare(variant: Variant) -> Variant:
    return replace(variant, display=None, master=None, mixed=None)
