"""Asking which photos to open."""

from sharpen_desktop.app.opening import Opener
from sharpen_desktop.app.ports import Dialogs
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope

CHOOSE = "choose"


class Chooser:
    """Opens what the user chooses; choosing begins where the last save went."""

    def __init__(self, store: Store, opener: Opener, dialogs: Dialogs, tasks: TaskScope) -> None:
        self._store = store
        self._opener = opener
        self._dialogs = dialogs
        self._tasks = tasks

    def choose_files(self) -> None:
        """Ask which photos to open."""
        self._tasks.start(CHOOSE, self._choose_files())

    def choose_folder(self) -> None:
        """Ask which folder of photos to open."""
        self._tasks.start(CHOOSE, self._choose_folder())

    async def _choose_files(self) -> None:
        self._opener.open_paths(await self._dialogs.choose_files(self._store.state.prefs.last_folder))

    async def _choose_folder(self) -> None:
        folder = await self._dialogs.choose_folder(self._store.state.prefs.last_folder)
        if folder is not None:
            self._opener.open_paths((folder,))
