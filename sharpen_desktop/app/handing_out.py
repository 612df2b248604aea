"""Variants for other programs: as files of this session, to be dragged out or copied. Nothing is saved by that."""

import asyncio
import logging
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sharpen_desktop.app.mixing import Mixing
from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Pictures
from sharpen_desktop.app.saving import Saver, received_file, save_options
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.findings import NO_RESULT
from sharpen_desktop.core.mix import Mix
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.picture import SaveOptions
from sharpen_desktop.core.variants import handout_begun, handout_ended

log = logging.getLogger(__name__)
MOST_KEPT = 4
"""Files written for dragging and copying; older ones make room."""

PutOnClipboard = Callable[[bytes, Path], None]
"""Takes a PNG's bytes and a file of the same picture."""


@dataclass(frozen=True, slots=True)
class _Written:
    path: Path
    options: SaveOptions
    mix: Mix


class HandOuts:
    """Writes each variant at most once, under the name and in the format a save would suggest."""

    def __init__(
        self,
        store: Store,
        pictures: Pictures,
        mixing: Mixing,
        saver: Saver,
        tasks: TaskScope,
        board: NoticeBoard,
        scratch: Path,
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._mixing = mixing
        self._saver = saver
        self._tasks = tasks
        self._board = board
        self._scratch = scratch
        self._written: dict[str, _Written] = {}
        self._writing = asyncio.Lock()

    def prepare(self, variant_id: str) -> None:
        """Let a file of a variant of the current photo be ready before it is dragged."""
        photo = self._store.state.current
        variant = photo.variant(variant_id) if photo else None
        if photo is None or variant is None or variant.is_handing_out:
            return
        name = f"handout-{variant_id}"
        if self._ready(photo, variant) != variant.handout or not variant.handout:
            self._tasks.start(name, self._prepare(photo, variant))

    def copy(self, put: PutOnClipboard) -> None:
        """Put the shown variant on the clipboard: its pixels, and a file of it."""
        if not self._tasks.is_going("copy"):
            self._tasks.start("copy", self._board.reporting(self._copy, put))

    async def _copy(self, put: PutOnClipboard) -> None:
        if self._store.state.shown_preview is not None:
            self._board.note(NO_RESULT)
            return
        photo = self._store.state.current
        variant = photo.shown if photo else None
        if photo is None or variant is None or variant.master is None:
            return
        self._store.apply(status_said, "Copying…")
        plain = self._scratch / f"copy-{uuid.uuid4().hex}.png"
        said = ""
        try:
            file = await self._file_of(photo, variant)
            async with self._mixing.exact(photo.id, variant) as exact:
                await self._pictures.plain_png(exact.master(variant) or variant.master, plain)
            put(await asyncio.to_thread(plain.read_bytes), file)
            said = f"Copied {variant.label}"
        finally:
            self._store.apply(status_said, said)
            await asyncio.to_thread(plain.unlink, missing_ok=True)

    async def _prepare(self, photo: Photo, variant: Variant) -> None:
        """Write the file and note where it is; a hand that only passed over the row is told of no failure."""
        self._store.apply(handout_begun, photo.id, variant.id)
        file = ""
        try:
            file = str(await self._file_of(photo, variant))
        except SharpenError as error:
            log.warning("No file to drag: %s (%s)", error.headline, error.detail)
            self._store.apply(status_said, error.headline)
        finally:
            self._store.apply(handout_ended, photo.id, variant.id, file)

    async def _file_of(self, photo: Photo, variant: Variant) -> Path:
        """Return a whole file of a variant: what is there already, else one that is written now."""
        if not variant.is_result:
            return Path(variant.file or photo.path)
        async with self._writing:  # one after the other: the pictures process has other work too
            if ready := self._ready(photo, variant):
                return Path(ready)
            return await self._write(photo, variant)

    def _ready(self, photo: Photo, variant: Variant) -> str:
        """Return the file that is right for the present way to save, empty when there is none."""
        if not variant.is_result:
            return variant.file or photo.path
        written = self._written.get(variant.id)
        if written is None or not written.mix.looks_like(variant.mix):
            return ""
        return str(written.path) if written.options == save_options(self._store.state, photo) else ""

    async def _write(self, photo: Photo, variant: Variant) -> Path:
        own = photo.original.master if photo.original else None
        if variant.master is None:
            raise SharpenError(f"{variant.label} is not read yet.")
        options = save_options(self._store.state, photo)
        name = (await self._saver.suggestion(photo)).name
        target = self._scratch / f"handout-{uuid.uuid4().hex}" / name
        await asyncio.to_thread(target.parent.mkdir, parents=True)
        async with self._mixing.exact(photo.id, variant) as exact:
            picture = exact.master(variant) or variant.master
            received = None if exact.mixed else received_file(variant)
            await self._pictures.save(picture, own or variant.master, target, options, received)
        self._written.pop(variant.id, None)
        self._written[variant.id] = _Written(target, options, exact.mix)
        await self._make_room()
        return target

    async def _make_room(self) -> None:
        """Delete the oldest files; a variant whose file is gone gets a new one when it is wanted."""
        for variant_id in list(self._written)[:-MOST_KEPT]:
            gone = self._written.pop(variant_id)
            for photo in self._store.state.photos:
                self._store.apply(handout_ended, photo.id, variant_id, "")
            await asyncio.to_thread(shutil.rmtree, gone.path.parent, ignore_errors=True)
