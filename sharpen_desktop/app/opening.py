"""Opening photos: from names, folders, the clipboard; the first of several is shown."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from sharpen_desktop.app.money import CloudLoader
from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Pictures
from sharpen_desktop.app.reading import Reader
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.errors import PhotoUnreadable, SharpenError
from sharpen_desktop.core.naming import looks_readable, web_name
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.photo import Photo
from sharpen_desktop.core.photos import neighbour, photo_chosen, photo_removed, photos_added, photos_listed
from sharpen_desktop.core.picture import OpenedPicture

READ = "read"


class Opener:
    """Lists photos and lets the shown one be read."""

    def __init__(
        self,
        store: Store,
        pictures: Pictures,
        reader: Reader,
        tasks: TaskScope,
        board: NoticeBoard,
        scratch: Path,
        cloud: CloudLoader,
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._reader = reader
        self._tasks = tasks
        self._board = board
        self._scratch = scratch
        self._cloud = cloud
        self._came_from: dict[str, str] = {}
        self._listing = asyncio.Lock()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files and the photos in folders; the first is shown."""
        if paths:
            self._tasks.start(f"list-{uuid.uuid4().hex}", self._board.reporting(self._list, tuple(paths)))

    def open_pasted(self, write: Callable[[Path], Awaitable[bool]]) -> None:
        """Open the PNG that ``write`` puts at the path it is given; it returns whether it could."""
        path = self._scratch / f"pasted-{uuid.uuid4().hex}.png"
        self._tasks.start(f"paste-{path.stem}", self._board.reporting(self._paste, write, path))

    def open_web(self, url: str) -> None:
        """Fetch the photo at a public https address and open it."""
        self._tasks.start(f"web-{uuid.uuid4().hex}", self._board.reporting(self._fetch, url))

    def show(self, photo_id: str) -> None:
        """Show a photo of the list, reading it if need be."""
        self._store.apply(photo_chosen, photo_id)
        photo = self._store.state.current
        if photo is None or photo.id != photo_id:
            return
        self._reader.used(photo_id)
        work = self._renew(photo.id) if self._reader.is_whole(photo) else self._read(photo.id)
        self._tasks.start(READ, work)

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
        self._reader.forget(photo)
        if was_current:
            self._tasks.cancel(READ)
            self.show(self._store.state.current_id)

    def listed(self, paths: Sequence[str]) -> list[str]:
        """Return the ids of the photos with these files; those that are not open join the list unread."""
        known = {photo.path: photo for photo in self._store.state.photos}
        new = {path: Photo(uuid.uuid4().hex, Path(path).name, path) for path in paths if path not in known}
        self._store.apply(photos_added, tuple(new.values()))
        return [(known | new)[path].id for path in paths]

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
        with self._store.at_once():
            self._store.apply(photos_listed, photos[place:])
            self._reader.put(photos[place].id, picture)
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
        self._reader.put(photo.id, picture)

    async def _fetch(self, url: str) -> None:
        name = web_name(url)
        path = self._scratch / f"web-{uuid.uuid4().hex}-{name}"
        self._store.apply(status_said, f"Fetching {name}")
        await (await self._cloud()).fetch_photo(url, path)
        picture = await self._pictures.open(path)
        photo = Photo(uuid.uuid4().hex, name, str(path), is_pasted=True, web_address=url)
        self._store.apply(status_said, "")
        self._store.apply(photos_listed, (photo,))
        self._reader.put(photo.id, picture)

    async def _read(self, photo_id: str) -> None:
        try:
            await self._reader.read(photo_id)
        except SharpenError as error:
            if self._store.state.photo(photo_id) is not None:
                self._failed(photo_id, error)
        finally:
            self._came_from.pop(photo_id, None)

    async def _renew(self, photo_id: str) -> None:
        try:
            await self._reader.renew(photo_id)
        except SharpenError as error:
            self._board.fail(error)

    def _failed(self, photo_id: str, error: SharpenError) -> None:
        """Say why; a photo that was opened alone gives way to the one it replaced, another stays as failed."""
        self._board.fail(error)
        before = self._came_from.get(photo_id, "")
        if self._store.state.photo(before) is not None:
            self._store.apply(photo_removed, photo_id)
            self.show(before)


def _all_unreadable(problems: list[SharpenError]) -> SharpenError:
    if len(problems) == 1:
        return problems[0]
    detail = "\n".join(each.headline for each in problems)
    return PhotoUnreadable(f"None of the {len(problems)} files could be opened.", detail=detail)


def _nothing_readable(paths: tuple[Path, ...]) -> str:
    if len(paths) == 1:
        return f"{paths[0].name} holds no photos that can be read."
    return "None of these holds a photo that can be read."
