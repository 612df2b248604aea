"""The user's own bucket as a stop on the way: put a picture there, hand over its address, take it back."""

import logging
import uuid
from collections.abc import Callable
from pathlib import Path

from sharpen_desktop.core.errors import Charge, CloudError, SaveFailed
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.bucket_notes import BucketNote, forget, left_over
from sharpen_desktop.services.cloud.bucket_place import BucketKey, BucketPlace
from sharpen_desktop.services.cloud.bucket_store import BucketStore
from sharpen_desktop.services.safe_file import reason

log = logging.getLogger(__name__)

_LEFT = "The copy in your bucket ({}) could not be deleted yet; the next start of the program tries again."

FOLDER = "sharpen-desktop"
"""Where in the bucket the objects lie."""


class Bucket:
    """Makes deposits. ``notes``: a folder that outlives the program; ``proxy``: an address, or empty."""

    def __init__(
        self, place: BucketPlace, key: BucketKey, notes: Path, proxy: str = "", limit_s: float = 900
    ) -> None:
        self._place = place
        self._key = key
        self._notes = notes
        self._proxy = proxy
        self._limit_s = limit_s

    @property
    def host(self) -> str:
        """The bucket's host, for messages."""
        return self._place.host

    def deposit(self) -> "Deposit":
        """Return an object that is not there yet, under a name that says nothing of the photo."""
        return Deposit(self._store(self._place), self._notes, uuid.uuid4().hex)

    async def remove_left_over(self) -> int:
        """Delete what runs that were cut off have left in the bucket, and return how much is still there.

        Meant for the start of the program. Failures are logged, and tried again at the next start.
        """
        left = await in_thread(left_over, self._notes)
        failed = 0
        for folder, place, name in left:
            try:
                await self._store(place).remove(name)
                await in_thread(forget, folder)
            except CloudError as error:
                failed += 1
                log.warning("%s is still in the bucket %s: %s", name, place.name, error.headline)
        return failed

    def _store(self, place: BucketPlace) -> BucketStore:
        return BucketStore(place, self._key, self._proxy, self._limit_s)


class Deposit:
    """One object of one run. Raises CloudError, with nothing billed, when it cannot be put there."""

    def __init__(self, store: BucketStore, notes: Path, name: str) -> None:
        self._store = store
        self._folder = notes / name
        self._name = f"{FOLDER}/{name}"
        self._note: BucketNote | None = None
        self._is_there = False

    async def address(self, file: Path, media_type: str, report: Callable[[float], None]) -> str:
        """Return a new address, valid for less than an hour; ``file`` is uploaded when it was not yet."""
        if self._note is None:
            await self._store.check()
            self._note = await in_thread(self._noted)
        if not self._is_there:
            await self._store.put(self._name, file, media_type, report)
            self._is_there = True
        return await self._store.sign(self._name)

    async def expected_address(self) -> str:
        """Return an address as long as the one that will be handed over; nothing is uploaded."""
        return await self._store.sign(self._name)

    async def remove(self) -> str:
        """Delete the object; return a sentence for the user when that did not work."""
        if self._note is None:
            return ""
        note, was_there = self._note, self._is_there
        self._note, self._is_there = None, False
        try:
            await self._store.remove(self._name)
        except CloudError as error:
            log.warning("%s may still be in the bucket: %s", self._name, error.headline)
            note.release()
            return _LEFT.format(self._name) if was_there else ""
        except BaseException:
            note.release()
            raise
        await in_thread(note.done)
        return ""

    def _noted(self) -> BucketNote:
        try:
            return BucketNote(self._folder, self._store.place, self._name)
        except (OSError, SaveFailed) as error:
            why = reason(error) if isinstance(error, OSError) else error.headline
            raise CloudError(
                f"Nothing could be noted down on the disk ({why}), so nothing was sent.",
                charge=Charge.NONE,
                retryable=True,
            ) from error
