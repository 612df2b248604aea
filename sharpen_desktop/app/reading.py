"""Reading photos: the shown one at once, others when their turn in the queue comes; pixels are given back.

Only so many bytes of pixels stay decoded: ``Pictures.held_limit``, chosen from the machine's memory. A photo whose
pixels were given back is read again from its file when it is shown, and its results from theirs.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Pictures
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.errors import PhotoUnreadable, RunStopped, SharpenError
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.photos import (
    photo_changed,
    picture_read,
    pixels_given_back,
    reading_failed,
    reading_started,
)
from sharpen_desktop.core.picture import OpenedPicture, bytes_held
from sharpen_desktop.core.variants import variant_read, variant_removed


class Reader:
    """Puts pixels into the state and takes them out again."""

    def __init__(self, store: Store, pictures: Pictures, board: NoticeBoard) -> None:
        self._store = store
        self._pictures = pictures
        self._board = board
        self._recent: list[str] = []
        self._reads: dict[str, object] = {}
        self._borrowed: set[str] = set()
        self._guessed: set[str] = set()

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

    async def guess(self, photo_id: str) -> None:
        """Read a photo nobody has asked for yet. One that cannot be read is told about when it is asked for."""
        photo = self._store.state.photo(photo_id)
        if photo is None or photo.loading is not Loading.LISTED or photo_id in self._guessed:
            return
        self._guessed.add(photo_id)
        try:
            picture = await self._pictures.open_ahead(Path(photo.path))
        except SharpenError:
            return
        finally:
            self._guessed.discard(photo_id)
        now = self._store.state.photo(photo_id)
        if now is None or now.loading not in (Loading.LISTED, Loading.READING):
            self._pictures.forget(picture)
        else:
            self.put(photo_id, picture)

    async def renew(self, photo_id: str) -> None:
        """Read a photo again if its file has become another one since, and nothing was made of what was read.

        SharpenError when the new one cannot be read; what was read before stays then, as when the file is gone.
        """
        photo = self._store.state.photo(photo_id)
        master = photo.original.master if photo and photo.original else None
        if photo is None or master is None or not self._is_untouched(photo):
            return
        if await self._pictures.is_changed(master, Path(photo.path)):
            picture = await self._pictures.open(Path(photo.path))
            now = self._store.state.photo(photo_id)
            if now is not None and self._is_untouched(now):
                self.put(photo_id, picture)
            else:
                self._pictures.forget(picture)

    def _is_untouched(self, photo: Photo) -> bool:
        """Whether nothing was made of a photo's pixels and nothing is being made."""
        is_busy = any(run.is_busy and run.photo_id == photo.id for run in self._store.state.runs)
        return not (photo.results or photo.is_pasted or is_busy or photo.id in self._reads)

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
        old = photo.original
        self._store.apply(picture_read, photo_id, picture)
        if picture.master is None:
            return
        if old is not None and old.master != picture.master:
            self.forget_variant(old)
        if photo_id == self._store.state.current_id:
            self._store.apply(status_said, " ".join(picture.facts.notes))
        self.used(photo_id)
        self.give_back()

    def used(self, photo_id: str) -> None:
        """Note that a photo is shown or was read; the shown one stays the most recently used."""
        shown = self._store.state.current_id
        rest = [each for each in self._recent if each not in (photo_id, shown)]
        last = [shown] if shown in (photo_id, *self._recent) else []
        self._recent = [*rest, *([] if photo_id == shown else [photo_id]), *last]

    def has_room_beside(self, photo: Photo) -> bool:
        """Whether another photo like this one may be held with it."""
        return 2 * _bytes_of(photo) <= self._pictures.held_limit

    def give_back(self) -> None:
        """Give back the pixels of photos that are not shown, least recently used first, above the limit."""
        held, kept = 0, []
        for photo_id in reversed(self._recent):
            photo = self._store.state.photo(photo_id)
            if photo is None or photo.loading is not Loading.READY:
                continue
            held += _bytes_of(photo)
            if held > self._pictures.held_limit and self._is_free(photo):
                self._store.apply(pixels_given_back, photo_id)
                self.forget(photo)
                held -= _bytes_of(photo)
            else:
                kept.append(photo_id)
        self._recent = kept[::-1]

    def forget(self, photo: Photo) -> None:
        """Give the pixels of a photo and of its results back; nothing shows them any more."""
        for each in photo.all_variants:
            self.forget_variant(each)

    def forget_variant(self, variant: Variant) -> None:
        """Give the pixels of one variant back."""
        if variant.facts is not None and variant.display is not None:
            self._pictures.forget(OpenedPicture(variant.facts, variant.display, variant.master))

    def _is_free(self, photo: Photo) -> bool:
        """Whether nobody needs a photo's pixels now, and all of them can be had again from files."""
        state = self._store.state
        is_needed = photo.id in (self._recent[-1], state.current_id) or photo.id in self._reads
        is_running = any(run.is_busy and run.photo_id == photo.id for run in state.runs)
        is_written = any(each.id == state.saving or each.is_handing_out for each in photo.all_variants)
        is_only_here = any(not each.file for each in photo.results)
        return not (is_needed or is_running or is_written or is_only_here)

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
            while photo.id in self._guessed:  # noqa: ASYNC110 - it is further on than a new read would be
                await asyncio.sleep(0.01)
            now = self._store.state.photo(photo.id)
            if now is None or now.loading is not Loading.READY:
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


def _bytes_of(photo: Photo) -> int:
    """Return what a photo's pictures take up, and what their mixes have come to."""
    held = (each for variant in photo.all_variants for each in (variant, variant.mixed) if each is not None)
    return sum(bytes_held(each.display, each.master) for each in held)


def _gone(photo: Photo, variant: Variant) -> str:
    if not variant.is_result:
        return f"{variant.file} can no longer be read, so it is no longer compared with {photo.name}."
    if variant.engine == "cloud":
        return f"The file of the result “{variant.label}” of {photo.name} is gone from the program's folder."
    return (
        f"The result “{variant.label}” of {photo.name} is no longer kept: results made on this computer make room "
        "for newer ones. Sharpen again to have it back."
    )
