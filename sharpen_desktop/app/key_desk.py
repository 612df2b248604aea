"""The key of the cloud service: given, kept, checked, forgotten. Nothing here delays anything else."""

import logging
from collections.abc import Callable

from sharpen_desktop.app.money import CloudLoader
from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Keys
from sharpen_desktop.app.queue import Queue
from sharpen_desktop.app.settling import LOAD_KEY
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.account import key_check_begun, key_checked, key_placed
from sharpen_desktop.core.errors import KeyRefused, SharpenError
from sharpen_desktop.core.keys import KeyPlace, KeyVerdict
from sharpen_desktop.core.runs import Pause

log = logging.getLogger(__name__)


class KeyDesk:
    """What the user can do with the key. ``on_change`` hears that a key was looked for, or given."""

    def __init__(
        self,
        store: Store,
        keys: Keys,
        cloud: CloudLoader,
        queue: Queue,
        tasks: TaskScope,
        board: NoticeBoard,
        on_change: Callable[[], None],
    ) -> None:
        self._store = store
        self._keys = keys
        self._cloud = cloud
        self._queue = queue
        self._tasks = tasks
        self._board = board
        self._on_change = on_change

    def load(self) -> None:
        """Look for a kept key; the answer may take minutes, and everything works without it."""
        self._tasks.start(LOAD_KEY, self._load())

    def give(self, text: str) -> None:
        """Use a key for this session; a notice when it cannot be one. What waited for a key goes on."""
        try:
            self._keys.give(text)
        except KeyRefused as error:
            self._board.fail(error)
            return
        self._store.apply(key_placed, self._keys.place)
        self._store.apply(key_checked, None)
        self._board.withdraw_wish("key")
        self._queue.resume_after(Pause.KEY)
        self._on_change()

    def keep(self, place: KeyPlace) -> None:
        """Keep the key in use there; ``key_said`` tells where it now is."""
        self._tasks.start("keep-key", self._keep(place))

    def forget(self) -> None:
        """Remove the key from everywhere the program has put it."""
        self._tasks.start("keep-key", self._forget())

    def check(self, text: str) -> None:
        """Ask the service about a key, the one in use for an empty text; costs nothing."""
        self._store.apply(key_check_begun)
        self._tasks.start("check-key", self._check(text))

    def keep_bucket_secrets(self, access: str, secret: str) -> None:
        """Use and keep the secrets of the user's bucket; a note tells where they now are."""
        self._tasks.start("keep-bucket", self._board.reporting(self._keep_bucket_secrets, access, secret))

    async def _load(self) -> None:
        await self._keys.load()
        if self._keys.place is not self._store.state.key_place:
            self._store.apply(key_placed, self._keys.place)
        self._tasks.start("key-found", self._found())

    async def _found(self) -> None:
        """Tell that the looking has ended, when its task has."""
        self._on_change()

    async def _keep(self, place: KeyPlace) -> None:
        said = await self._keys.keep(place)
        self._store.apply(key_placed, self._keys.place, said)
        if self._keys.place is not place:
            self._board.offer(said, (("preferences", "Preferences…"),))

    async def _keep_bucket_secrets(self, access: str, secret: str) -> None:
        self._board.note(await self._keys.keep_bucket_secrets(access, secret))

    async def _forget(self) -> None:
        said = await self._keys.forget()
        self._store.apply(key_placed, self._keys.place, said)
        self._store.apply(key_checked, None)

    async def _check(self, text: str) -> None:
        try:
            verdict = await (await self._cloud()).check_key(text)
        except SharpenError as error:
            log.warning("The key was not checked: %s (%s)", error.headline, error.detail)
            verdict = KeyVerdict.UNCLEAR
        self._store.apply(key_checked, verdict)
