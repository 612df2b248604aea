"""Pictures from the disk put on a side, to compare a photo with."""

import uuid
from pathlib import Path

from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Dialogs, Pictures
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.panes import Side
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.picture import OpenedPicture
from sharpen_desktop.core.variants import file_joined, file_variant


class SideFiles:
    """Opens such a file as a variant of the current photo. It is only read, and never sharpened."""

    def __init__(
        self, store: Store, pictures: Pictures, dialogs: Dialogs, tasks: TaskScope, board: NoticeBoard
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._dialogs = dialogs
        self._tasks = tasks
        self._board = board

    def choose(self, side: Side) -> None:
        """Ask for a file and put it on a side."""
        self._tasks.start("side-file", self._board.reporting(self._choose, side))

    def put(self, side: Side, path: Path) -> None:
        """Put a file on a side."""
        photo = self._store.state.current
        if photo is not None:
            self._tasks.start("side-file", self._board.reporting(self._put, photo, side, path))

    async def _choose(self, side: Side) -> None:
        photo = self._store.state.current
        if photo is None:
            return
        folder = self._store.state.prefs.last_folder
        chosen = await self._dialogs.choose_files(folder)
        if chosen:
            await self._put(photo, side, chosen[0])

    async def _put(self, photo: Photo, side: Side, path: Path) -> None:
        now = self._store.state.photo(photo.id)
        known = file_variant(now, str(path)) if now else None
        variant = known or await self._opened(path)
        if self._store.state.photo(photo.id) is not None:
            self._store.apply(file_joined, photo.id, side, variant)
        elif variant.facts and variant.display:
            self._pictures.forget(OpenedPicture(variant.facts, variant.display, variant.master))

    async def _opened(self, path: Path) -> Variant:
        self._store.apply(status_said, f"Opening {path.name}")
        try:
            picture = await self._pictures.open(path)
        finally:
            self._store.apply(status_said, "")
        return Variant(
            uuid.uuid4().hex,
            title=path.name,
            facts=picture.facts,
            display=picture.display,
            master=picture.master,
            file=str(path),
            source="file",
        )
