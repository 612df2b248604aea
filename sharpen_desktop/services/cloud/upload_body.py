"""The body of a request: JSON around the base64 of a picture file, made while it is sent.

A 60 MB picture is never in memory as a whole, and the length is known before the first byte.
"""

import base64
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from sharpen_desktop.services.cloud.awaited_thread import in_thread

BLOCK_BYTES = 196_608
"""A multiple of 3, so that the base64 of the blocks can be joined without padding between them."""

PIECE_BYTES = 32_768
"""Bytes handed over at once: small enough that a slow line still shows movement."""


class UploadUnreadable(Exception):
    """The file cannot be read, or is not as long as it was when the request was announced."""


class UploadBody:
    """Yields the body once, counting what went out.

    ``is_complete`` turns true before the last piece is handed over: from then on nobody can say that the
    service has not got the whole request. ``listeners`` are called at each piece that
    went out and at that turn.
    """

    def __init__(self, picture: Path, size: int, head: bytes, tail: bytes) -> None:
        self._picture = picture
        self._size = size
        self._head = head
        self._tail = tail
        self.length = len(head) + 4 * -(-size // 3) + len(tail)
        self.sent = 0
        self.is_complete = False
        self.listeners: list[Callable[[], None]] = []

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the pieces; UploadUnreadable when the file is not as announced."""
        yield self._head
        self._count(self._head)
        for offset in range(0, self._size, BLOCK_BYTES):
            block = await in_thread(self._encoded, offset)
            for start in range(0, len(block), PIECE_BYTES):
                piece = block[start : start + PIECE_BYTES]
                yield piece
                self._count(piece)
        self.is_complete = True
        self._tell()
        yield self._tail
        self._count(self._tail)

    def _count(self, piece: bytes) -> None:
        self.sent += len(piece)
        self._tell()

    def _tell(self) -> None:
        for listener in self.listeners:
            listener()

    def _encoded(self, offset: int) -> bytes:
        # Opened anew for each block: an abandoned request leaves no open file behind.
        wanted = min(BLOCK_BYTES, self._size - offset)
        try:
            with self._picture.open("rb") as file:
                file.seek(offset)
                block = file.read(wanted)
        except OSError as error:
            raise UploadUnreadable(f"the prepared picture: {type(error).__name__}") from error
        if len(block) != wanted:
            raise UploadUnreadable("the prepared picture became shorter while it was sent")
        return base64.b64encode(block)
