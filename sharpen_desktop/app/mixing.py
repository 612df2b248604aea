"""Mixes made in their process: soon after they were changed for the screen, and in any case before they are saved."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Mixer
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.mix import Mix, Mixed, MixWish
from sharpen_desktop.core.mixing import is_settled, mix_made, mix_wish
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.picture import Master
from sharpen_desktop.core.state import AppState

DELAY_S = 0.06
"""A mix must have stood still for so long: while it is being changed, the canvas shows very nearly the same by itself."""
GROUP = "mix"


@dataclass(frozen=True, slots=True)
class Exact:
    """A variant as it is to be saved: with ``mix``, which has come to ``mixed``; ``None``: the variant as it is."""

    mix: Mix
    mixed: Mixed | None

    def master(self, variant: Variant) -> Master | None:
        """Return the pixels to be saved of a variant."""
        return self.mixed.master if self.mixed else variant.master


class Mixing:
    """Keeps what the mixes of the current photo have come to, and gives back what nothing shows any more."""

    def __init__(self, store: Store, mixer: Mixer, tasks: TaskScope, board: NoticeBoard) -> None:
        self._store = store
        self._mixer = mixer
        self._tasks = tasks
        self._board = board
        self._asked: dict[str, MixWish] = {}
        self._kept: list[Mixed] = []
        self._held: list[Mixed] = []
        self._making = asyncio.Lock()
        self._is_warm = False
        self._photos: tuple[Photo, ...] = ()
        store.subscribe(self._look)

    @asynccontextmanager
    async def exact(self, photo_id: str, variant: Variant) -> AsyncIterator[Exact]:
        """Hold what a variant comes to with the mix it has now; SharpenError when that cannot be made."""
        photo = self._store.state.photo(photo_id)
        now = (photo.variant(variant.id) if photo else None) or variant
        wish = mix_wish(photo, now) if photo else None
        if wish is None:
            yield Exact(now.mix, None)
            return
        made = await self._made(photo_id, now.id, wish)
        self._held.append(made)
        try:
            yield Exact(now.mix, made)
        finally:
            self._held.remove(made)
            self._give_back(self._store.state)

    async def _made(self, photo_id: str, variant_id: str, wish: MixWish) -> Mixed:
        async with (
            self._making
        ):  # one after the other: the one that is being made may be the one that is wanted
            photo = self._store.state.photo(photo_id)
            variant = photo.variant(variant_id) if photo else None
            if variant is not None and variant.mixed is not None and variant.mixed.wish == wish:
                return variant.mixed
            made = await self._mixer.mixed(wish)
            self._kept.append(made)
            self._held.append(made)
        self._store.apply(mix_made, photo_id, variant_id, made)
        self._held.remove(made)
        return made

    def _look(self, state: AppState) -> None:
        self._warm(state)
        if state.photos is self._photos:
            return
        self._photos = state.photos
        self._follow(state)
        self._give_back(state)

    def _warm(self, state: AppState) -> None:
        if not self._is_warm and GROUP in state.prefs.open_groups and state.mixable is not None:
            self._is_warm = True
            self._mixer.warm()

    def _follow(self, state: AppState) -> None:
        """Let the mixes of the current photo be made, and call those off that are no longer wanted."""
        photo = state.current
        wanted = _wanted(photo) if photo else {}
        for gone in self._asked.keys() - wanted.keys():
            del self._asked[gone]
            self._tasks.cancel(_task(gone))
        for variant_id, wish in wanted.items():
            if photo is not None and self._asked.get(variant_id) != wish:
                self._asked[variant_id] = wish
                work = self._board.reporting(self._make, photo.id, variant_id, wish)
                self._tasks.start(_task(variant_id), work)

    async def _make(self, photo_id: str, variant_id: str, wish: MixWish) -> None:
        await asyncio.sleep(DELAY_S)
        await self._made(photo_id, variant_id, wish)

    def _give_back(self, state: AppState) -> None:
        """Forget the pixels of mixes that no variant has and nobody holds."""
        if not self._kept:
            return
        shown = [each.mixed for photo in state.photos for each in photo.all_variants if each.mixed]
        for each in tuple(self._kept):
            if not any(each is other for other in (*shown, *self._held)):
                self._kept.remove(each)
                self._mixer.forget(each)


def _wanted(photo: Photo) -> dict[str, MixWish]:
    """Return the mixes of a photo's variants that are still to be made, by id."""
    wishes = ((each.id, mix_wish(photo, each)) for each in photo.variants if not is_settled(photo, each))
    return {variant_id: wish for variant_id, wish in wishes if wish is not None}


def _task(variant_id: str) -> str:
    return f"mix-{variant_id}"
