"""This system's keyring: texts kept under names, asked in threads of their own.

A prompt of the keyring can stand unanswered for ever. So each call has a daemon thread that nobody waits for
at the end, and whoever asked stops waiting after a while. Whatever a backend raises leaves as KeyRingTrouble,
with a sentence that is true of it. The keyring library is imported by the first call, in its thread.
"""

import asyncio
import functools
import logging
import threading
from collections.abc import Callable
from enum import Enum
from typing import TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")
log = logging.getLogger(__name__)

SERVICE = "sharpen-desktop"
PATIENCE_S = 120.0
"""A person needs this long at most to find and answer the keyring's prompt."""

_LEAST_PRIORITY = 1
"""The library's own mark: backends below it keep nothing, or keep it readable for everybody."""
_TOO_LONG_ON_WINDOWS = 1783
"""The Credential Manager's word for more than 1,280 characters: "The stub received bad data"."""


class Trouble(Enum):
    """Why the keyring did not do what was asked; the value is what the window says."""

    MISSING = "This system has no keyring that could be used."
    LOCKED = "This system's keyring is locked."
    CLOSED = "This system's keyring could not be opened."
    SILENT = "This system's keyring has not answered."
    UNKEPT = "This system's keyring took it, but did not keep it."
    TOO_LONG = "It is too long for this system's keyring."
    FAILED = "This system's keyring reported an error."


class KeyRingTrouble(Exception):
    """The keyring did not do what was asked."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class KeyRing:
    """Named texts in the keyring, one call after the other. Raises KeyRingTrouble.

    A call that nobody waits for any more goes on in its thread. ``is_wanted``, asked in that thread before and
    after the work, says whether its effect is still meant.
    """

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._turn = threading.Lock()

    async def read(self, name: str) -> str:
        """Return the text kept under ``name``, empty when there is none."""
        return await self._asked(lambda: _read(name))

    async def write(
        self, name: str, text: str, is_wanted: Callable[[], bool], kept: Callable[[], None]
    ) -> None:
        """Keep ``text`` under ``name``, unless it is there already, and see that it can be read back.

        ``kept`` is called in the thread when that is done, also when it comes after the waiting has ended.
        """

        def work() -> None:
            if is_wanted():
                _write(name, text)
                if is_wanted():
                    kept()
                else:
                    _remove(name)

        await self._asked(work)

    async def remove(self, name: str, is_wanted: Callable[[], bool]) -> None:
        """Remove what is kept under ``name``; nothing happens when there is nothing."""

        def work() -> None:
            if is_wanted():
                _remove(name)

        await self._asked(work)

    async def _asked(self, work: Callable[[], T]) -> T:
        """Return what ``work`` returns in a daemon thread; Trouble.SILENT when it takes too long."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def settle(outcome: T | KeyRingTrouble) -> None:
            if answer.done():  # nobody waits any more
                return
            if isinstance(outcome, KeyRingTrouble):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)

        def run() -> None:
            try:
                outcome: T | KeyRingTrouble = self._in_turn(work)
            except KeyRingTrouble as trouble:
                outcome = trouble
            _tell(loop, functools.partial(settle, outcome))

        threading.Thread(target=run, name="keyring", daemon=True).start()
        try:
            async with asyncio.timeout(self._patience_s):
                return await answer
        except TimeoutError as error:
            raise KeyRingTrouble(Trouble.SILENT) from error

    def _in_turn(self, work: Callable[[], T]) -> T:
        """Do the work when the calls before it have ended: two must not undo each other."""
        with self._turn:
            try:
                return work()
            except KeyRingTrouble:
                raise
            except Exception as error:  # noqa: BLE001 - a backend may raise anything
                trouble = _trouble_of(error)
                # Not what it says: that may hold the text.
                log.warning("The keyring failed: %s, taken as %s", type(error).__name__, trouble.name)
                raise KeyRingTrouble(trouble) from None


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    """Let the loop do something, if it is still there to do it."""
    try:
        loop.call_soon_threadsafe(what)
    except RuntimeError:
        log.info("The keyring answered when nobody was there any more.")


# What runs in the threads.


def _backend() -> "KeyringBackend":
    """Return the system's keyring; Trouble.MISSING when the best there is would not keep a secret."""
    import keyring

    backend: KeyringBackend = keyring.get_keyring()
    if backend.priority < _LEAST_PRIORITY:
        raise KeyRingTrouble(Trouble.MISSING)
    return backend


def _read(name: str) -> str:
    return _backend().get_password(SERVICE, name) or ""


def _write(name: str, text: str) -> None:
    backend = _backend()
    if backend.get_password(SERVICE, name) == text:  # macOS forgets who may read it at each writing
        return
    backend.set_password(SERVICE, name, text)
    if backend.get_password(SERVICE, name) != text:
        raise KeyRingTrouble(Trouble.UNKEPT)


def _remove(name: str) -> None:
    backend = _backend()
    if backend.get_password(SERVICE, name) is None:
        return
    backend.delete_password(SERVICE, name)
    if backend.get_password(SERVICE, name) is not None:
        raise KeyRingTrouble(Trouble.FAILED)


def _trouble_of(error: Exception) -> Trouble:
    from keyring import errors

    if error.args[:1] == (_TOO_LONG_ON_WINDOWS,):
        return Trouble.TOO_LONG
    match error:
        case errors.KeyringLocked():
            return Trouble.LOCKED
        case errors.NoKeyringError() | ImportError():
            return Trouble.MISSING
        case errors.InitError():
            return Trouble.CLOSED
    return Trouble.FAILED
