"""One secret: in use in memory, and kept outside the program where the user wants it."""

import logging

from sharpen_desktop.core.errors import SaveFailed
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.key_file import KeyFile
from sharpen_desktop.services.key_ring import KeyRing, KeyRingTrouble, Trouble

log = logging.getLogger(__name__)


class KeptSecret:
    """A text that is kept in one place at a time; what comes back from a change are sentences of what failed.

    ``name``: of its entry. ``given``: what the environment holds, in use until another is typed in.
    ``called``: what it is called in a sentence ("the key"). A later wish overtakes an earlier one that the
    keyring has not answered yet.
    """

    def __init__(self, name: str, called: str, given: str, ring: KeyRing, file: KeyFile) -> None:
        self._name = name
        self._called = called
        self._given = given
        self._ring = ring
        self._file = file
        self._wish = 0
        self.text = given
        self.place = KeyPlace.ENVIRONMENT if given else KeyPlace.NONE

    def use(self, text: str) -> None:
        """Use ``text``, for this session."""
        self._wish += 1
        self.text, self.place = text, KeyPlace.SESSION

    async def load(self) -> None:
        """Use what is kept, unless something is in use.

        The file goes before the keyring: it is there only because the user wanted it there last.
        """
        if self.text:
            return
        wish = self._wish
        text, place = await self._kept()
        if text and wish == self._wish:
            self.text, self.place = text, place

    async def keep(self, place: KeyPlace) -> str:
        """Keep what is in use in the keyring, in the file, or nowhere (SESSION); it leaves the other places."""
        self._wish += 1
        match place:
            case KeyPlace.KEYRING:
                return await self._keep_in_ring()
            case KeyPlace.FILE:
                return await self._keep_in_file()
        self.place = KeyPlace.SESSION
        return await self._remove_everywhere()

    async def forget(self) -> str:
        """Use it no longer and remove it everywhere; what the environment holds is in use again."""
        self._wish += 1
        self.text, self.place = self._given, KeyPlace.ENVIRONMENT if self._given else KeyPlace.NONE
        return await self._remove_everywhere()

    async def _kept(self) -> tuple[str, KeyPlace]:
        text = await in_thread(self._file.read, self._name)
        if text:
            return text, KeyPlace.FILE
        try:
            return await self._ring.read(self._name), KeyPlace.KEYRING
        except KeyRingTrouble as trouble:
            log.info("Nothing was read from the keyring: %s", trouble)
            return "", KeyPlace.NONE

    async def _keep_in_ring(self) -> str:
        wish = self._wish

        def kept() -> None:
            self.place = KeyPlace.KEYRING

        try:
            await self._ring.write(self._name, self.text, lambda: wish == self._wish, kept)
        except KeyRingTrouble as trouble:
            return str(trouble)
        return await self._remove_from_file()

    async def _keep_in_file(self) -> str:
        was_in_ring = self.place is KeyPlace.KEYRING
        try:
            await in_thread(self._file.write, self._name, self.text)
        except SaveFailed as error:
            return error.headline
        self.place = KeyPlace.FILE
        return await self._remove_from_ring() if was_in_ring else ""

    async def _remove_everywhere(self) -> str:
        from_file, from_ring = await self._remove_from_file(), await self._remove_from_ring()
        return " ".join(sentence for sentence in (from_file, from_ring) if sentence)

    async def _remove_from_file(self) -> str:
        try:
            await in_thread(self._file.remove, self._name)
        except SaveFailed as error:
            return error.headline
        return ""

    async def _remove_from_ring(self) -> str:
        wish = self._wish
        try:
            await self._ring.remove(self._name, lambda: wish == self._wish)
        except KeyRingTrouble as trouble:
            if trouble.trouble is Trouble.MISSING:
                return str(trouble)
            return f"{trouble} It may still hold {self._called}."
        return ""
