"""One method per wish of the user. The window calls these and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.opening import Opener
from sharpen_desktop.app.ports import Dialogs, Keys, Pictures, PrefsFile, Question
from sharpen_desktop.app.running import EngineLoader, Runner
from sharpen_desktop.app.saving import Saver
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core import state as states
from sharpen_desktop.core.errors import KeyRefused
from sharpen_desktop.core.photo import Photo
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.schema import ModelSchema, Value, clean
from sharpen_desktop.core.settings import EngineName, defaults
from sharpen_desktop.core.state import AppState, View

PREFS_DELAY_S = 0.5


class Controller:
    """Ties the store to the outside through ports."""

    def __init__(
        self,
        store: Store,
        schema: ModelSchema,
        pictures: Pictures,
        engines: Mapping[EngineName, EngineLoader],
        prefs_file: PrefsFile,
        keys: Keys,
        dialogs: Dialogs,
        sample: Path,
        scratch: Path,
    ) -> None:
        self._store = store
        self._schema = schema
        self._prefs_file = prefs_file
        self._keys = keys
        self._dialogs = dialogs
        self._sample = sample
        self.board = NoticeBoard(store)
        self._tasks = TaskScope(self.board.crashed)
        self._opener = Opener(store, pictures, self._tasks, self.board, scratch)
        self._runner = Runner(store, engines, pictures, self._opener, dialogs, self._tasks, self.board)
        self._saver = Saver(store, pictures, dialogs, self._tasks, self.board, sample)
        self.closed = asyncio.Event()
        store.subscribe(self._remember)
        self._remembered = store.state.prefs

    # Opening

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files and folders."""
        self._opener.open_paths(paths)

    def open_pasted(self, write: Callable[[Path], Awaitable[bool]]) -> None:
        """Open a picture from the clipboard: ``write`` puts it as a PNG at the path it is given."""
        self._opener.open_pasted(write)

    def open_sample(self) -> None:
        """Open the sample photo that comes with the program."""
        self._opener.open_paths((self._sample,))

    def choose_files(self) -> None:
        """Ask which photos to open."""
        self._tasks.start("choose", self._choose_files())

    def choose_folder(self) -> None:
        """Ask which folder of photos to open."""
        self._tasks.start("choose", self._choose_folder())

    def step_photo(self, places: int) -> None:
        """Show the next (1) or previous (-1) photo."""
        self._opener.step(places)

    def close_photo(self) -> None:
        """Take the current photo off the list, after a question when it has unsaved results."""
        self._tasks.start("close-photo", self._close_photo())

    # Settings

    def edit_setting(self, name: str, value: Value | None) -> None:
        """Give a field a value, or Auto with ``None``."""
        settings = self._store.state.settings.replaced(name, clean(self._schema.param(name), value))
        self._store.apply(states.setting_edited, settings, name)

    def end_edit(self) -> None:
        """End a growing edit (a slider was let go): undo goes back to before it."""
        self._store.apply(states.edit_sealed)

    def reset_setting(self, name: str) -> None:
        """Give a field its default, or Auto."""
        self.end_edit()
        self.edit_setting(name, self._schema.param(name).default)
        self.end_edit()

    def reset_settings(self) -> None:
        """Give all fields their defaults."""
        self._store.apply(states.setting_edited, defaults(self._schema), "")

    def undo(self) -> None:
        """Take the last change of settings back."""
        self._store.apply(states.settings_undone)

    def redo(self) -> None:
        """Make the change that was taken back again."""
        self._store.apply(states.settings_redone)

    def choose_engine(self, engine: EngineName) -> None:
        """Choose where to sharpen."""
        self._store.apply(states.engine_chosen, engine)

    def give_key(self, text: str) -> None:
        """Use a key for this session; a notice when it cannot be one."""
        try:
            self._keys.give(text)
        except KeyRefused as error:
            self.board.fail(error)
            return
        self._store.apply(states.key_known, has_key=True)

    def change_prefs(self, **changes: object) -> None:
        """Change some preferences; they are in force at once and written soon."""
        prefs = replace(self._store.state.prefs, **changes)  # type: ignore[arg-type]
        self._store.apply(states.prefs_changed, prefs)

    # Comparing

    def choose_view(self, view: View) -> None:
        """Choose single or split."""
        if view == "single" or self._store.state.can_compare:
            self._store.apply(states.view_chosen, view)

    def turn_view(self) -> None:
        """Turn the divider by 90°."""
        self._store.apply(states.view_turned)

    def choose_side(self, side: Literal["a", "b"], variant_id: str) -> None:
        """Put a variant on a side."""
        self._store.apply(states.side_chosen, side, variant_id)

    def show_before(self, is_shown: bool) -> None:
        """Show the before picture in place, or go back to the after one."""
        self._store.apply(states.before_shown, is_shown=is_shown)

    # Running and saving

    def sharpen(self) -> None:
        """Sharpen the current photo with the chosen engine."""
        self._runner.sharpen()

    def sharpen_elsewhere(self) -> None:
        """Sharpen once with the engine that is not chosen; always asks when that is the paid one."""
        self._runner.sharpen("local" if self._store.state.engine == "cloud" else "cloud")

    def stop(self) -> None:
        """Stop the run; asks first when it may already cost."""
        self._runner.stop()

    def dismiss_run(self, run_id: str) -> None:
        """Take a failed run off the list."""
        self._store.apply(states.run_dismissed, run_id)

    def save(self) -> None:
        """Save the shown variant again, or as a new file."""
        self._saver.save()

    def save_as(self) -> None:
        """Save the shown variant under a name to be chosen."""
        self._saver.save_as()

    def dismiss_notice(self, notice_id: str) -> None:
        """Take a notice away."""
        self._store.apply(states.notice_dismissed, notice_id)

    def retry(self, notice_id: str) -> None:
        """Repeat the wish a notice is about."""
        notice = next((each for each in self._store.state.notices if each.id == notice_id), None)
        if notice is None:
            return
        self.dismiss_notice(notice_id)
        if self._store.state.photo(notice.photo_id) is None:
            return
        self._opener.show(notice.photo_id)
        if notice.retry == "sharpen":
            self._runner.sharpen(notice.engine)
        elif notice.retry == "save":
            self.save_as()

    # Closing

    def close(self) -> None:
        """Ask what must be asked, then end everything and set ``closed``."""
        if not self._tasks.is_going("close"):
            self._tasks.start("close", self._close())

    def close_now(self) -> None:
        """End everything without a question: a signal came, or there is nothing to ask."""
        self.closed.set()

    async def aclose(self) -> None:
        """Cancel what goes on, and write the preferences."""
        await self._tasks.aclose()
        await self._prefs_file.write(self._prefs_now(self._store.state))

    def may_close_at_once(self) -> bool:
        """Whether closing now needs no question and loses nothing."""
        is_busy = self._runner.may_have_been_charged() or self._runner.is_receiving()
        return not (is_busy or self._store.state.unsaved or self._tasks.is_going("save"))

    async def _close(self) -> None:
        # A paid picture is being opened, or a file written: both are soon over.
        while self._runner.is_receiving() or self._tasks.is_going("save"):  # noqa: ASYNC110 - no one event
            await asyncio.sleep(0.05)
        if await self._may_leave_run() and await self._may_leave_unsaved():
            self.closed.set()

    async def _may_leave_run(self) -> bool:
        if not self._runner.may_have_been_charged():
            return True
        question = Question(
            "A photo is still at the cloud service.",
            "It has been sent, so closing now does not save its cost.",
            (("wait", "Wait"), ("close", "Close: it may still cost, and the answer is lost")),
            escape="wait",
        )
        return await self._dialogs.ask(question) == "close"

    async def _may_leave_unsaved(self) -> bool:
        unsaved = self._store.state.unsaved
        if not unsaved:
            return True
        pressed = await self._dialogs.ask(_unsaved_question(len(unsaved), "Close without saving"))
        if pressed == "save":
            return await self._save_unsaved()
        return pressed == "close"

    async def _save_unsaved(self) -> bool:
        for photo in self._store.state.photos:
            if not await self._save_results(photo):
                return False
        return True

    async def _save_results(self, photo: Photo) -> bool:
        """Save each unsaved result, shown while its name is asked for; false when the user thought better."""
        for unsaved in (each for each in photo.results if each.is_unsaved):
            self._opener.show(photo.id)
            self._store.apply(states.side_chosen, "b", unsaved.id)
            if not await self._saver.save_shown(photo.id, is_asked=False):
                return False
        return True

    async def _close_photo(self) -> None:
        photo = self._store.state.current
        if photo is None or any(run.photo_id == photo.id and run.is_going for run in self._store.state.runs):
            return
        unsaved = [each for each in photo.results if each.is_unsaved]
        if unsaved:
            pressed = await self._dialogs.ask(_unsaved_question(len(unsaved), "Remove without saving"))
            if pressed == "cancel" or (pressed == "save" and not await self._save_results(photo)):
                return
        self._opener.close(photo.id)

    async def _choose_files(self) -> None:
        self.open_paths(await self._dialogs.choose_files(self._store.state.prefs.last_folder))

    async def _choose_folder(self) -> None:
        folder = await self._dialogs.choose_folder(self._store.state.prefs.last_folder)
        if folder is not None:
            self.open_paths((folder,))

    def _remember(self, state: AppState) -> None:
        prefs = self._prefs_now(state)
        if prefs != self._remembered:
            self._remembered = prefs
            self._tasks.start("prefs", self._write_prefs_soon(prefs))

    async def _write_prefs_soon(self, prefs: Prefs) -> None:
        await asyncio.sleep(PREFS_DELAY_S)
        await self._prefs_file.write(prefs)

    @staticmethod
    def _prefs_now(state: AppState) -> Prefs:
        return replace(state.prefs, settings=state.settings.items)


def _unsaved_question(count: int, leave: str) -> Question:
    text = "One result is not saved." if count == 1 else f"{count} results are not saved."
    return Question(
        text,
        "Results stay in the program's data folder. Saving puts a file of yours beside the photo.",
        (("save", "Save…"), ("close", leave), ("cancel", "Cancel")),
        escape="cancel",
    )
