"""Preferences: in force at once, written soon."""

import asyncio
from dataclasses import replace

from sharpen_desktop.app.ports import PrefsFile
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.editing import prefs_changed
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.state import AppState

PREFS_DELAY_S = 0.5


class Remembering:
    """Writes the preferences, with the settings of the moment, when they have changed."""

    def __init__(self, store: Store, prefs_file: PrefsFile, tasks: TaskScope) -> None:
        self._store = store
        self._prefs_file = prefs_file
        self._tasks = tasks
        self._remembered = store.state.prefs
        store.subscribe(self._look)

    def change(self, **changes: object) -> None:
        """Change some preferences."""
        prefs = replace(self._store.state.prefs, **changes)  # type: ignore[arg-type]
        self._store.apply(prefs_changed, prefs)

    async def write(self) -> None:
        """Write them now."""
        await self._prefs_file.write(_prefs_now(self._store.state))

    def _look(self, state: AppState) -> None:
        prefs = _prefs_now(state)
        if prefs != self._remembered:
            self._remembered = prefs
            self._tasks.start("prefs", self._write_soon())

    async def _write_soon(self) -> None:
        await asyncio.sleep(PREFS_DELAY_S)
        await self.write()


def _prefs_now(state: AppState) -> Prefs:
    return replace(state.prefs, settings=state.settings.items)
