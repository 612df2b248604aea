"""Reading photos: the shown one at once, others when their turn in the queue comes; pixels are given back.

Only so many pixels stay decoded. A photo whose pixels were given back is read again from its file when it is
shown, and its results from theirs.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Pictures
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.errors import PhotoUnreadable, RunStopped, SharpenError
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import OpenedPicture
from sharpen_desktop.core.state import (
    photo_changed,
    picture_read,
    pixels_given_back,
    reading_failed,
    reading_started,
    status_said,
    variant_read,
    variant_removed,
)

KEPT_PIXELS = 250_000_000
"""Photos that are not shown are forgotten, oldest first, while more decoded pixels than these are kept."""


class Reader:
    """Puts pixels into the state and takes them out again."""

    def __init__(self, store: Store, pictures: Pictures, board: NoticeBoard) -> None:
        self._store = store
        self._pictures = pictures
        self._board = board
        self._recent: list[str] = []
        self._reads: dict[str, object] = {}
        self._borrowed: set[str] = set()

    async def read(self, photo_id: str) -> None:
        """Read what is missing of a photo, then of its results; SharpenError when the photo cannot be read."""
        while photo_id in self._borrowed:  # noqa: ASYNC110 - somebody else's read, which may be called off
            await asyncio.sleep(0.02)
        photo = self._store.state.photo(photo_id)
        if photo is None:
            return
        problem: SharpenError | None = None
        if photo.loading is not Loading.READY:
            try:
                await self._read_photo(photo)
            except SharpenError as error:
                problem = error  # its results may be there all the same
        await self._read_results(photo_id)
        if problem is not None:
            raise problem

    async def pixels(self, photo_id: str) -> Photo:
        """Return the photo once its own pixels are there, reading it if nobody else does.

        Raises PhotoUnreadable when they never will be, RunStopped when the photo was closed.
        """
        while True:
            photo = self._store.state.photo(photo_id)
            if photo is None:
                raise RunStopped("The photo was closed.")
            if photo.loading is Loading.READY:
                return photo
            if photo.loading is Loading.FAILED:
                raise PhotoUnreadable(photo.problem)
            if photo_id in self._reads:
                await asyncio.sleep(0.02)
            else:
                await self._borrow(photo)

    async def result_pixels(self, photo_id: str, variant_id: str) -> Variant | None:
        """Return a variant with its pixels, also when those of its photo are gone; ``None`` when it is gone."""
        with suppress(PhotoUnreadable):
            await self.pixels(photo_id)
        photo = self._store.state.photo(photo_id)
        variant = photo.variant(variant_id) if photo else None
        if photo is not None and variant is not None and variant.display is None:
            await self._read_result(photo, variant)
        now = self._store.state.photo(photo_id)
        return now.variant(variant_id) if now else None

    async def _read_results(self, photo_id: str) -> None:
        """Read the results of a photo whose pixels were given back, the shown ones first."""
        photo = self._store.state.photo(photo_id)
        if photo is None:
            return
        bare = [each for each in photo.results if each.display is None]
        for variant in sorted(bare, key=lambda each: each.id not in (photo.side_a, photo.side_b)):
            await self._read_result(photo, variant)

    def is_whole(self, photo: Photo) -> bool:
        """Whether nothing of the photo has to be read before it can be shown."""
        return photo.loading is Loading.READY and all(each.display is not None for each in photo.variants)

    def put(self, photo_id: str, picture: OpenedPicture) -> None:
        """Put a first look or a whole picture in place; pixels nobody needs any more are given back."""
        photo = self._store.state.photo(photo_id)
        if photo is None:
            self._pictures.forget(picture)
            return
        look = photo.original
        self._store.apply(picture_read, photo_id, picture)
        if picture.master is None:
            return
        if look is not None and look.master is None and look.facts and look.display:
            self._pictures.forget(OpenedPicture(look.facts, look.display))
        if photo_id == self._store.state.current_id:
            self._store.apply(status_said, " ".join(picture.facts.notes))
        self._recent = [*(each for each in self._recent if each != photo_id), photo_id]
        self.give_back()

    def give_back(self) -> None:
        """Give back the pixels of photos that are not shown, oldest first, above the limit."""
        kept_pixels, kept = 0, []
        for photo_id in reversed(self._recent):
            photo = self._store.state.photo(photo_id)
            if photo is None or photo.loading is not Loading.READY:
                continue
            kept_pixels += _pixels_of(photo)
            if kept_pixels > KEPT_PIXELS and self._is_free(photo):
                self._store.apply(pixels_given_back, photo_id)
                self.forget(photo)
            else:
                kept.append(photo_id)
        self._recent = kept[::-1]

    def forget(self, photo: Photo) -> None:
        """Give the pixels of a photo and of its results back; nothing shows them any more."""
        for each in photo.variants:
            self.forget_variant(each)

    def forget_variant(self, variant: Variant) -> None:
        """Give the pixels of one variant back."""
        if variant.facts is not None and variant.display is not None:
            self._pictures.forget(OpenedPicture(variant.facts, variant.display, variant.master))

    def _is_free(self, photo: Photo) -> bool:
        state = self._store.state
        is_needed = photo.id in (self._recent[-1], state.current_id) or photo.id in self._reads
        is_running = any(run.is_busy and run.photo_id == photo.id for run in state.runs)
        return not (is_needed or is_running or any(each.id == state.saving for each in photo.variants))

    async def _borrow(self, photo: Photo) -> None:
        self._borrowed.add(photo.id)
        try:
            await self._read_photo(photo)
        finally:
            self._borrowed.discard(photo.id)

    async def _read_photo(self, photo: Photo) -> None:
        self._reads[photo.id] = token = object()
        self._store.apply(reading_started, photo.id)
        try:
            if photo.original is None or photo.original.display is None:
                look = await self._pictures.first_look(Path(photo.path))
                if look is not None:
                    self.put(photo.id, look)
            self.put(photo.id, await self._pictures.open(Path(photo.path)))
        except SharpenError as error:
            self._store.apply(reading_failed, photo.id, error.headline)
            raise
        finally:
            if self._reads.get(photo.id) is token:
                del self._reads[photo.id]
                self._store.apply(photo_changed, photo.id, _listed_again)

    async def _read_result(self, photo: Photo, variant: Variant) -> None:
        try:
            picture = await self._pictures.open(Path(variant.file))
        except PhotoUnreadable as error:
            self._store.apply(variant_removed, photo.id, variant.id)
            self._board.fail(
                PhotoUnreadable(_gone(photo, variant), detail=f"{error.headline}\n{variant.file}")
            )
            return
        now = self._store.state.photo(photo.id)
        if now is None or now.variant(variant.id) is None:
            self._pictures.forget(picture)
        else:
            self._store.apply(variant_read, photo.id, variant.id, picture)


def _listed_again(photo: Photo) -> Photo:
    """Return a photo whose reading was called off as one that has not been read; a first look stays."""
    return replace(photo, loading=Loading.LISTED) if photo.loading is Loading.READING else photo


def _pixels_of(photo: Photo) -> int:
    return sum(each.display.width * each.display.height for each in photo.variants if each.display)


def _gone(photo: Photo, variant: Variant) -> str:
    if not variant.is_result:
        return f"{variant.file} can no longer be read, so it is no longer compared with {photo.name}."
    if variant.engine == "cloud":
        return f"The file of the result “{variant.label}” of {photo.name} is gone from the program's folder."
    return (
        f"The result “{variant.label}” of {photo.name} is no longer kept: results made on this computer make room "
        "for newer ones. Sharpen again to have it back."
    )
