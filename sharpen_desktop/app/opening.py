"""Opening photos: from names, folders, the clipboard; one at a time, the shown one first."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Pictures
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.errors import PhotoUnreadable, RunStopped, SharpenError
from sharpen_desktop.core.naming import looks_readable
from sharpen_desktop.core.photo import Loading, Photo
from sharpen_desktop.core.picture import OpenedPicture
from sharpen_desktop.core.state import (
    neighbour,
    photo_changed,
    photo_chosen,
    photo_removed,
    photos_listed,
    picture_read,
    reading_started,
    status_said,
)

READ = "read"
KEPT_PIXELS = 250_000_000
"""Photos without results are forgotten, oldest first, while more decoded pixels than these are kept."""


class Opener:
    """Lists photos and reads the current one."""

    def __init__(
        self, store: Store, pictures: Pictures, tasks: TaskScope, board: NoticeBoard, scratch: Path
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._tasks = tasks
        self._board = board
        self._scratch = scratch
        self._recent: list[str] = []
        self._came_from: dict[str, str] = {}
        self._reading: object = None
        self._listing = asyncio.Lock()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files and the photos in folders; the first is shown."""
        if paths:
            self._tasks.start(f"list-{uuid.uuid4().hex}", self._board.reporting(self._list, tuple(paths)))

    def open_pasted(self, write: Callable[[Path], Awaitable[bool]]) -> None:
        """Open the PNG that ``write`` puts at the path it is given; it returns whether it could."""
        path = self._scratch / f"pasted-{uuid.uuid4().hex}.png"
        self._tasks.start(f"paste-{path.stem}", self._board.reporting(self._paste, write, path))

    def show(self, photo_id: str) -> None:
        """Show a photo of the list, reading it if need be."""
        self._store.apply(photo_chosen, photo_id)
        photo = self._store.state.current
        if photo is not None and photo.id == photo_id and photo.loading is not Loading.READY:
            self._tasks.start(READ, self._read(photo))

    def step(self, places: int) -> None:
        """Show the photo ``places`` further in the list."""
        target = neighbour(self._store.state, places)
        if target:
            self.show(target)

    def close(self, photo_id: str) -> None:
        """Take a photo off the list; its file is untouched."""
        photo = self._store.state.photo(photo_id)
        if photo is None:
            return
        was_current = photo_id == self._store.state.current_id
        self._store.apply(photo_removed, photo_id)
        self._forget(photo)
        if was_current:
            self._tasks.cancel(READ)
            self.show(self._store.state.current_id)

    async def ready(self, photo_id: str) -> Photo:
        """Return the photo once its pixels are there.

        Raises PhotoUnreadable when they never will be, RunStopped when the photo was closed or left.
        """
        while True:
            photo = self._store.state.photo(photo_id)
            if photo is None or (
                photo.loading is Loading.LISTED and photo_id != self._store.state.current_id
            ):
                raise RunStopped("The photo was left.")
            if photo.loading is Loading.READY:
                return photo
            if photo.loading is Loading.FAILED:
                raise PhotoUnreadable(photo.problem)
            await asyncio.sleep(0.02)

    async def _list(self, paths: tuple[Path, ...]) -> None:
        async with self._listing:  # one after the other, in the order they came
            await self._list_now(paths)

    async def _list_now(self, paths: tuple[Path, ...]) -> None:
        files = self._without_others(await self._pictures.readable_files(paths))
        if not files:
            raise PhotoUnreadable(_nothing_readable(paths))
        photos = tuple(Photo(uuid.uuid4().hex, file.name, str(file)) for file in files)
        place, picture = await self._first_readable(photos)
        before = self._store.state.current_id
        self._store.apply(photos_listed, photos[place:])
        self._put(photos[place].id, picture)
        if len(photos) == place + 1:
            self._came_from[photos[place].id] = before
        self.show(photos[place].id)

    def _without_others(self, files: tuple[Path, ...]) -> tuple[Path, ...]:
        """Leave out what is no photo by its name, and say so; a single file is always tried."""
        kept = tuple(file for file in files if looks_readable(file.name))
        if len(files) == 1 or not kept:
            return files
        if left_out := [file.name for file in files if file not in kept]:
            names = ", ".join(left_out[:3]) + (f" and {len(left_out) - 3} more" if len(left_out) > 3 else "")
            self._board.note(f"Not opened, because no photo: {names}.")
        return kept

    async def _first_readable(self, photos: tuple[Photo, ...]) -> tuple[int, OpenedPicture]:
        """Find the first photo that has pixels, so that the current one stays when there is none."""
        problems: list[SharpenError] = []
        for place, photo in enumerate(photos):
            try:
                look = await self._pictures.first_look(Path(photo.path))
                picture = look or await self._pictures.open(Path(photo.path))
            except PhotoUnreadable as error:
                problems.append(error)
                continue
            for problem in problems:
                self._board.fail(problem)
            return place, picture
        raise _all_unreadable(problems)

    async def _paste(self, write: Callable[[Path], Awaitable[bool]], path: Path) -> None:
        if not await write(path):
            raise PhotoUnreadable("The clipboard holds no picture that can be read.")
        picture = await self._pictures.open(path)
        photo = Photo(uuid.uuid4().hex, "Pasted picture", str(path), is_pasted=True)
        self._store.apply(photos_listed, (photo,))
        self._put(photo.id, picture)

    async def _read(self, photo: Photo) -> None:
        self._reading = token = object()
        self._store.apply(reading_started, photo.id)
        try:
            if photo.original is None or photo.original.display is None:
                look = await self._pictures.first_look(Path(photo.path))
                if look is not None:
                    self._put(photo.id, look)
            self._put(photo.id, await self._pictures.open(Path(photo.path)))
        except SharpenError as error:
            if self._store.state.photo(photo.id) is not None:
                self._failed(photo.id, error)
        except asyncio.CancelledError:
            if self._reading is token or self._store.state.current_id != photo.id:
                self._store.apply(photo_changed, photo.id, _unread)
            raise
        finally:
            self._came_from.pop(photo.id, None)

    def _failed(self, photo_id: str, error: SharpenError) -> None:
        """Say why; a photo that was opened alone gives way to the one it replaced, another stays as failed."""
        self._board.fail(error)
        before = self._came_from.get(photo_id, "")
        if self._store.state.photo(before) is not None:
            self._store.apply(photo_removed, photo_id)
            self.show(before)
            return

        def change(photo: Photo) -> Photo:
            return replace(photo, loading=Loading.FAILED, problem=error.headline)

        self._store.apply(photo_changed, photo_id, change)

    def _put(self, photo_id: str, picture: OpenedPicture) -> None:
        photo = self._store.state.photo(photo_id)
        look = photo.original if photo else None
        self._store.apply(picture_read, photo_id, picture)
        if picture.master is None:
            return
        if look is not None and look.master is None and look.facts and look.display:
            self._pictures.forget(OpenedPicture(look.facts, look.display))
        self._store.apply(status_said, " ".join(picture.facts.notes))
        self._recent = [*(each for each in self._recent if each != photo_id), photo_id]
        self._forget_oldest()

    def _forget_oldest(self) -> None:
        kept = 0
        for photo_id in reversed(self._recent):
            photo = self._store.state.photo(photo_id)
            if photo is None or photo.original is None or photo.original.display is None:
                continue
            kept += photo.original.display.width * photo.original.display.height
            is_free = photo_id not in (self._recent[-1], self._store.state.current_id) and not photo.results
            if kept > KEPT_PIXELS and is_free and not self._is_running(photo_id):
                self._store.apply(photo_changed, photo_id, _unread)
                self._forget(photo)

    def _is_running(self, photo_id: str) -> bool:
        return any(run.is_going and run.photo_id == photo_id for run in self._store.state.runs)

    def _forget(self, photo: Photo) -> None:
        for each in photo.variants:
            if each.facts is not None and each.display is not None:
                self._pictures.forget(OpenedPicture(each.facts, each.display, each.master))


def _unread(photo: Photo) -> Photo:
    if photo.results:
        return photo
    return replace(photo, loading=Loading.LISTED, variants=(), side_a="", side_b="")


def _all_unreadable(problems: list[SharpenError]) -> SharpenError:
    if len(problems) == 1:
        return problems[0]
    detail = "\n".join(each.headline for each in problems)
    return PhotoUnreadable(f"None of the {len(problems)} files could be opened.", detail=detail)


def _nothing_readable(paths: tuple[Path, ...]) -> str:
    if len(paths) == 1:
        return f"{paths[0].name} holds no photos that can be read."
    return "None of these holds a photo that can be read."
