"""What goes to the service and what comes back, as values; the HTTP library stays behind ``api_client``."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from sharpen_desktop.services.cloud.upload_body import UploadBody


@dataclass(frozen=True, slots=True)
class Received:
    """An answer whose body lies in the spool. ``headers`` by lower-case name.

    ``cut``: why the body ended early, empty when it is whole.
    """

    status: int
    headers: Mapping[str, str]
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A whole short answer. ``headers`` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """A download that has begun. ``headers`` by lower-case name; ``pieces`` as they come over the wire."""

    status: int
    headers: Mapping[str, str]
    pieces: AsyncGenerator[bytes, None]


Heard = Callable[[int, Mapping[str, str]], Awaitable[None]]
"""Told of status and headers as soon as they come, before the body."""


@dataclass(frozen=True, slots=True)
class Post:
    """One request. ``key`` must be clean; ``reference`` is our own id of the request."""

    path: str
    key: str
    reference: str
    body: UploadBody
    heard: Heard
