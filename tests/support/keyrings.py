"""Keyrings of our own: one that works, and those that are locked, forgetful, silent or broken."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import keyring
import keyring.core
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class Working(KeyringBackend):
    """Keeps texts in memory and counts what is written."""

    priority: ClassVar[float] = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.writes = 0

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.writes += 1
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError("not found")
        del self.kept[service, username]

    @property
    def texts(self) -> list[str]:
        return list(self.kept.values())


class Locked(Working):
    """The person has dismissed the prompt."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")

    set_password = delete_password = get_password  # type: ignore[assignment]


class Forgetful(Working):
    """Takes everything and keeps nothing, without a word."""

    def set_password(self, service: str, username: str, password: str) -> None:
        self.writes += 1


class Readable(Working):
    """What the library itself does not recommend: a file anybody can read."""

    priority: ClassVar[float] = 0.5


class Failing(Working):
    """Raises whatever it was given when something is written."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.error


class Prompting(Working):
    """Shows a prompt at each call, which stands until it is answered. ``prompts``: how many stand at most."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()
        self.asked = threading.Event()
        self.prompts = 0
        self._standing = 0

    def get_password(self, service: str, username: str) -> str | None:
        self._standing += 1
        self.prompts = max(self.prompts, self._standing)
        self.asked.set()
        self.answered.wait(30)
        self._standing -= 1
        return super().get_password(service, username)


class Silent(Working):
    """Never answers; for a process of its own."""

    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait()
        return None

    set_password = delete_password = get_password  # type: ignore[assignment]


@contextmanager
def in_use(backend: KeyringBackend) -> Iterator[KeyringBackend]:
    """Let ``backend`` be the system's keyring for a while; its prompt is answered at the end."""
    before = keyring.core._keyring_backend
    keyring.set_keyring(backend)
    try:
        yield backend
    finally:
        if isinstance(backend, Prompting):
            backend.answered.set()
            keyring_threads_end()
        keyring.core._keyring_backend = before


def keyring_threads_end() -> None:
    """Wait until no call is in a keyring's thread any more."""
    for each in threading.enumerate():
        if each.name == "keyring":
            each.join(5)
