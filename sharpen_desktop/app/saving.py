"""Saving: the shown result, beside the photo, never over it without a plain question."""

import asyncio
import logging
import os
from dataclasses import replace
from pathlib import Path

from sharpen_desktop.app.mixing import Mixing
from sharpen_desktop.app.notices import SAVE_ELSEWHERE, NoticeBoard
from sharpen_desktop.app.ports import Archive, Dialogs, Pictures, Question
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core import wording
from sharpen_desktop.core.editing import prefs_changed
from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.findings import NO_RESULT
from sharpen_desktop.core.naming import LABELS, format_of_name, suggested_name, with_ending
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.picture import SaveOptions
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.variants import saving_changed, variant_saved

log = logging.getLogger(__name__)
NO_METADATA = "The photo's metadata is not in it, because the photo could not be read again."


class Saver:
    """Save and Save As. The result of ``sample``, which is the program's own, is not saved beside it."""

    def __init__(
        self,
        store: Store,
        pictures: Pictures,
        mixing: Mixing,
        dialogs: Dialogs,
        tasks: TaskScope,
        board: NoticeBoard,
        archive: Archive,
        sample: Path,
    ) -> None:
        self._archive = archive
        self._sample = sample
        self._store = store
        self._pictures = pictures
        self._mixing = mixing
        self._dialogs = dialogs
        self._tasks = tasks
        self._board = board

    def save(self) -> None:
        """Write the shown variant again to its own file, or ask where to."""
        self._start(is_asked=False)

    def save_as(self) -> None:
        """Ask where to and write the shown variant there."""
        self._start(is_asked=True)

    def _start(self, *, is_asked: bool) -> None:
        if not self._tasks.is_going("save"):
            self._tasks.start("save", self._save_current(is_asked=is_asked))

    async def _save_current(self, *, is_asked: bool) -> None:
        if self._store.state.shown_preview is not None:
            self._board.note(NO_RESULT)
            return
        await self.save_shown(self._store.state.current_id, is_asked=is_asked)

    async def save_shown(self, photo_id: str, *, is_asked: bool) -> bool:
        """Save what is shown of a photo; whether it was saved."""
        photo = self._store.state.photo(photo_id)
        variant = photo.shown if photo else None
        if photo is None or variant is None or variant.master is None or not variant.is_result:
            return False
        try:
            target = None if is_asked or not variant.saved_to else Path(variant.saved_to)
            target = target or await self._chosen_target(photo)
            if target is None:
                return False
            await self._write(photo, variant, target)
        except SharpenError as error:
            self._board.fail(error, wishes=SAVE_ELSEWHERE, photo_id=photo_id)
            return False
        return True

    async def _chosen_target(self, photo: Photo) -> Path | None:
        target = await self._dialogs.choose_target(await self.suggestion(photo))
        if target is None:
            return None
        target = target.with_name(with_ending(target.name, save_options(self._store.state, photo).format))
        return target if await self._may_write(photo, target) else None

    async def suggestion(self, photo: Photo) -> Path:
        """Return where a save of the photo would go: a free name beside it."""
        state = self._store.state
        is_own = photo.is_pasted or Path(photo.path) == self._sample
        folder = Path(photo.path).parent if not is_own else Path(state.prefs.last_folder or Path.home())
        return await asyncio.to_thread(_suggestion, folder, photo, save_options(state, photo).format)

    async def _may_write(self, photo: Photo, target: Path) -> bool:
        if await asyncio.to_thread(_is_same_file, Path(photo.path), target):
            return await self._is_agreed(
                f"Replace your original {target.name}?",
                "The photo you opened would be overwritten by the sharpened one. This cannot be undone.",
                "Replace the original",
            )
        if await asyncio.to_thread(os.path.lexists, target):
            return await self._is_agreed(
                f"Replace {target.name}?", "A file of this name is there already.", "Replace"
            )
        return True

    async def _is_agreed(self, text: str, explanation: str, yes: str) -> bool:
        question = Question(text, explanation, (("no", "Cancel"), ("yes", yes)), escape="no")
        return await self._dialogs.ask(question) == "yes"

    async def _write(self, photo: Photo, variant: Variant, target: Path) -> None:
        own = photo.original.master if photo.original else None
        if variant.master is None:
            return
        options = SaveOptions(format_of_name(target.name) or "jpeg", self._store.state.prefs.save_quality)
        with self._store.at_once():
            self._store.apply(saving_changed, variant.id)
            self._store.apply(status_said, f"Saving {target.name}")
        try:
            async with self._mixing.exact(photo.id, variant) as exact:
                picture = exact.master(variant) or variant.master
                received = None if exact.mixed else received_file(variant)
                saved = await self._pictures.save(picture, own or variant.master, target, options, received)
        except BaseException:
            with self._store.at_once():
                self._store.apply(saving_changed, "")
                self._store.apply(status_said, "")
            raise
        depth = wording.saved_depth(picture, options.format)
        with self._store.at_once():
            self._store.apply(saving_changed, "")
            self._store.apply(variant_saved, photo.id, variant.id, saved.path, exact.mix)
            self._remember_folder(target.parent)
            self._store.apply(
                status_said, f"Saved {Path(saved.path).name} · {LABELS[options.format]} {depth} bit"
            )
        if variant.engine == "cloud":
            await self._tell_archive(variant.id, saved.path)
        if notes := (*saved.notes, *(() if own else (NO_METADATA,))):
            self._board.note(f"Saved {Path(saved.path).name}. {' '.join(notes)}")

    async def _tell_archive(self, run_id: str, path: str) -> None:
        try:
            await self._archive.saved(run_id, path)
        except SharpenError as error:  # the file is there all the same
            log.warning("The journal does not know of %s: %s", path, error.headline)

    def _remember_folder(self, folder: Path) -> None:
        prefs = self._store.state.prefs
        self._store.apply(prefs_changed, replace(prefs, last_folder=str(folder)))


def received_file(variant: Variant) -> Path | None:
    """Return a result's own file as the cloud service sent it, if it came from there."""
    return Path(variant.file) if variant.engine == "cloud" and variant.file else None


def save_options(state: AppState, photo: Photo) -> SaveOptions:
    """Return how a save of the photo is written unless another format is chosen."""
    return SaveOptions(wording.save_format(state, photo), state.prefs.save_quality)


def _suggestion(folder: Path, photo: Photo, save_format: str) -> Path:
    """Return a free name in the folder; reads it, so not for the window's thread."""
    name = photo.name if photo.web_address or not photo.is_pasted else "pasted"
    return folder / suggested_name(name, save_format, lambda each: os.path.lexists(folder / each))


def _is_same_file(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False
