"""The body of a request: JSON around the base64 of a picture file, made while it is sent.

A 60 MB picture is never in memory as a whole, and the length is known before the first byte. The next block
is read and encoded in a thread while the one before it goes out.
"""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Self

BLOCK_BYTES = 3 << 18
"""Read at once; a multiple of 3, so that the base64 of the blocks (1 MB) can be joined without padding."""

LEAST_PIECE_BYTES = 32_768
"""Handed over at once on a slow line, so that it still shows movement."""

MOST_PIECE_BYTES = 1 << 18
"""Handed over at once on a fast line: each piece costs time of its own."""

LIVELY_S = 0.05
"""A piece that took less is followed by one twice as large; after one that took long they are small again."""

BUFFERED_BYTES = 8 << 20
"""What the systems on both sides may take in at once: before that, speed says nothing about the line."""


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
        self._ahead: asyncio.Future[bytes | UploadUnreadable] | None = None
        self._piece_bytes = LEAST_PIECE_BYTES
        self.length = len(head) + 4 * -(-size // 3) + len(tail)
        self.sent = 0
        self.is_complete = False
        self.listeners: list[Callable[[], None]] = []

    @classmethod
    def of_text(cls, text: bytes) -> Self:
        """Return a body without a file: the whole request."""
        return cls(Path(), 0, text[:-1], text[-1:])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the pieces; UploadUnreadable when the file is not as announced."""
        yield self._head
        self._count(self._head)
        for offset in range(0, self._size, BLOCK_BYTES):
            block = await self._block(offset)
            start = 0
            while start < len(block):
                piece = block[start : start + self._piece_bytes]
                since = time.monotonic()
                yield piece
                self._adapt(time.monotonic() - since)
                self._count(piece)
                start += len(piece)
        self.is_complete = True
        self._tell()
        yield self._tail
        self._count(self._tail)

    async def close(self) -> None:
        """Wait for the thread that reads ahead, so that nobody holds the file; a few milliseconds."""
        if self._ahead is not None:
            await asyncio.wait([self._ahead])

    async def _block(self, offset: int) -> bytes:
        block = await asyncio.shield(self._ahead or self._begun(offset))
        if isinstance(block, UploadUnreadable):
            raise block
        following = offset + BLOCK_BYTES
        self._ahead = self._begun(following) if following < self._size else None
        return block

    def _begun(self, offset: int) -> asyncio.Future[bytes | UploadUnreadable]:
        self._ahead = asyncio.get_running_loop().run_in_executor(None, self._encoded, offset)
        return self._ahead

    def _adapt(self, took_s: float) -> None:
        """Choose the next piece's size by how long the last one took."""
        if took_s < LIVELY_S and self.sent > BUFFERED_BYTES:
            self._piece_bytes = min(2 * self._piece_bytes, MOST_PIECE_BYTES)
        elif took_s > 4 * LIVELY_S:
            self._piece_bytes = LEAST_PIECE_BYTES

    def _count(self, piece: bytes) -> None:
        self.sent += len(piece)
        self._tell()

    def _tell(self) -> None:
        for listener in self.listeners:
            listener()

    def _encoded(self, offset: int) -> bytes | UploadUnreadable:
        # Opened anew for each block: an abandoned request leaves no open file behind. A failure is returned and
        # not raised, because a request that is given up never asks for the block that was read ahead.
        wanted = min(BLOCK_BYTES, self._size - offset)
        try:
            with self._picture.open("rb") as file:
                file.seek(offset)
                block = file.read(wanted)
        except OSError as error:
            return UploadUnreadable(f"the prepared picture: {type(error).__name__}")
        if len(block) != wanted:
            return UploadUnreadable("the prepared picture became shorter while it was sent")
        return base64.b64encode(block)
