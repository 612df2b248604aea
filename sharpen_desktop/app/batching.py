"""What a batch is about to do and cost, for the question before it."""

from pathlib import Path

from sharpen_desktop.app.ports import BatchPlan
from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.money import units
from sharpen_desktop.core.photo import Photo
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import price_of, run_title


def batch_plan(state: AppState, photos: tuple[Photo, ...]) -> BatchPlan:
    """Return what sharpening these photos with the present engine and settings means."""
    return _plan(state, photos, state.engine, state.settings, run_title(state.engine, state.settings))


def kept_plan(state: AppState, kept: tuple[WaitingPhoto, ...]) -> BatchPlan:
    """Return what going on with photos of an earlier session means; they are of one engine."""
    open_photos = {photo.path: photo for photo in state.photos}
    photos = tuple(open_photos.get(each.path) or Photo("", Path(each.path).name, each.path) for each in kept)
    engine, settings = kept[0].engine, kept[0].settings
    is_one = all(each.settings == settings for each in kept)
    title = run_title(engine, settings) if is_one else "Each with the settings it was queued with"
    return _plan(state, photos, engine, settings, title)


def _plan(
    state: AppState, photos: tuple[Photo, ...], engine: EngineName, settings: Settings, title: str
) -> BatchPlan:
    # A photo that was not read yet counts as one of the common price, and as not paid for.
    names = tuple(photo.name for photo in photos)
    if engine == "local":
        return BatchPlan("local", title, names)
    new = [photo for photo in photos if state.stored_for(photo, settings) is None]
    prices = [price_of(state, photo) for photo in new]
    limit, spent = state.prefs.limit, state.day_spending.total_usd
    return BatchPlan(
        "cloud",
        title,
        names,
        stored=len(photos) - len(new),
        quote_usd=None if None in prices else sum(each for each in prices if each is not None),
        quote_of_s=state.quote.as_of_s if state.quote else None,
        limit_usd=None if limit is None else max(0.0, limit - spent),
        large=sum(_is_large(photo) for photo in new),
    )


def _is_large(photo: Photo) -> bool:
    facts = photo.original.facts if photo.original else None
    return facts is not None and units(facts.width, facts.height) != 1
