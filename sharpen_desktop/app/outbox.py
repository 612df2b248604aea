"""What leaves this computer: shown before it does."""

import uuid

from sharpen_desktop.app.money import CloudLoader
from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Dialogs
from sharpen_desktop.app.reading import Reader
from sharpen_desktop.app.running import Runner
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.errors import RunStopped
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.runs import Run
from sharpen_desktop.core.wording import run_title


class Outbox:
    """Prepares what a cloud run would send, and sends nothing."""

    def __init__(
        self,
        store: Store,
        reader: Reader,
        runner: Runner,
        cloud: CloudLoader,
        dialogs: Dialogs,
        tasks: TaskScope,
        board: NoticeBoard,
    ) -> None:
        self._store = store
        self._reader = reader
        self._runner = runner
        self._cloud = cloud
        self._dialogs = dialogs
        self._tasks = tasks
        self._board = board

    def show(self) -> None:
        """Show what a cloud run of the current photo would send."""
        photo = self._store.state.current
        if photo is not None and not self._tasks.is_going("outgoing"):
            self._tasks.start("outgoing", self._board.reporting(self._show, photo.id))

    async def _show(self, photo_id: str) -> None:
        settings = self._store.state.settings
        run = Run(uuid.uuid4().hex, photo_id, "cloud", run_title("cloud", settings), settings)
        try:
            photo = await self._reader.pixels(photo_id)
        except RunStopped:
            return
        self._store.apply(status_said, "Preparing what would be sent")
        outgoing = await (await self._cloud()).outgoing(self._runner.request_for(run, photo))
        self._store.apply(status_said, "")
        await self._dialogs.show_outgoing(outgoing)
