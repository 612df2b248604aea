"""The body of a request: exact, never whole in memory, and honest about what has left."""

import asyncio
import base64
import gc
import os
import threading
import tracemalloc

import pytest

from sharpen_desktop.services.cloud import upload_body
from sharpen_desktop.services.cloud.upload_body import (
    BLOCK_BYTES,
    BUFFERED_BYTES,
    LEAST_PIECE_BYTES,
    MOST_PIECE_BYTES,
    UploadBody,
    UploadUnreadable,
)

HEAD, TAIL = b'{"image_url": "', b'"}'


def body_of(folder, data):
    file = folder / "photo"
    file.write_bytes(data)
    return UploadBody(file, len(data), HEAD, TAIL)


def pieces_of(body):
    async def all_of_them():
        return [piece async for piece in body]

    return asyncio.run(all_of_them())


@pytest.mark.parametrize(
    "size", [0, 1, 2, 3, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES + 7]
)
def test_the_body_is_the_base64_of_the_file_and_as_long_as_announced(tmp_path, size):
    data = os.urandom(size)
    body = body_of(tmp_path, data)
    sent = b"".join(pieces_of(body))
    assert sent == HEAD + base64.b64encode(data) + TAIL
    assert len(sent) == body.length == body.sent


def test_a_body_of_text_is_that_text(tmp_path):
    body = UploadBody.of_text(b'{"image_url": "https://photos.example/a"}')
    assert b"".join(pieces_of(body)) == b'{"image_url": "https://photos.example/a"}'
    assert (body.sent, body.is_complete) == (body.length, True)


@pytest.mark.parametrize("size", [1, 2 * BLOCK_BYTES])
def test_it_is_complete_when_the_last_piece_is_handed_over_and_not_before(tmp_path, size):
    body = body_of(tmp_path, os.urandom(size))

    async def looked_at():
        return [(piece, body.is_complete, body.sent) async for piece in body]

    *before, last = asyncio.run(looked_at())
    assert not any(is_complete for _, is_complete, _ in before)
    assert last == (TAIL, True, body.length - len(TAIL))


def test_listeners_hear_what_has_gone_out_and_of_the_turn(tmp_path):
    body = body_of(tmp_path, os.urandom(BLOCK_BYTES))
    heard = []
    body.listeners.append(lambda: heard.append((body.sent, body.is_complete)))
    pieces = pieces_of(body)
    assert len(heard) == len(pieces) + 1
    assert heard == sorted(heard)
    assert heard[-2:] == [(body.length - len(TAIL), True), (body.length, True)]


def test_a_file_that_is_gone_or_shorter_is_said_and_the_body_is_never_complete(tmp_path):
    for spoil in (lambda file: file.unlink(), lambda file: file.write_bytes(b"short")):
        body = body_of(tmp_path, os.urandom(BLOCK_BYTES))
        spoil(tmp_path / "photo")
        with pytest.raises(UploadUnreadable):
            pieces_of(body)
        assert not body.is_complete
        assert body.sent == len(HEAD)


def test_a_file_that_is_cut_on_the_way_is_noticed(tmp_path):
    body = body_of(tmp_path, os.urandom(4 * BLOCK_BYTES))

    async def cut():
        async for _ in body:
            (tmp_path / "photo").write_bytes(b"short")

    with pytest.raises(UploadUnreadable):
        asyncio.run(cut())
    assert not body.is_complete


# --- speed ---


class Line:
    """A line of ``bytes_s``; ``buffer`` bytes are taken at once. Its clock is the one the body looks at."""

    def __init__(self, monkeypatch, bytes_s, buffer=0):
        self.bytes_s, self.buffer, self.now = bytes_s, buffer, 0.0
        monkeypatch.setattr(upload_body.time, "monotonic", lambda: self.now)

    def sizes(self, body):
        async def taken():
            sizes = []
            async for piece in body:
                sizes.append(len(piece))
                waiting = len(piece) - self.buffer
                self.buffer = max(0, self.buffer - len(piece))
                self.now += max(0, waiting) / self.bytes_s
            return sizes

        return asyncio.run(taken())


def test_a_fast_line_gets_large_pieces(tmp_path, monkeypatch):
    sizes = Line(monkeypatch, 1e9).sizes(body_of(tmp_path, bytes(24 << 20)))
    assert max(sizes) == MOST_PIECE_BYTES
    assert sizes.count(MOST_PIECE_BYTES) > 60


def test_a_slow_line_gets_small_ones_however_much_the_system_buffers(tmp_path, monkeypatch):
    line = Line(monkeypatch, 5e3, buffer=BUFFERED_BYTES - 1000)
    assert max(line.sizes(body_of(tmp_path, bytes(7 << 20)))) == LEAST_PIECE_BYTES


def test_a_line_that_becomes_slow_gets_small_pieces_again(tmp_path, monkeypatch):
    body = body_of(tmp_path, bytes(18 << 20))
    line = Line(monkeypatch, 1e9)
    body.listeners.append(lambda: setattr(line, "bytes_s", 1e5 if body.sent > 16 << 20 else 1e9))
    sizes = line.sizes(body)
    assert MOST_PIECE_BYTES in sizes
    assert set(sizes[-10:-2]) == {LEAST_PIECE_BYTES}


def test_no_more_than_a_few_blocks_are_ever_in_memory(tmp_path):
    body = body_of(tmp_path, bytes(60 << 20))

    async def swallowed():
        async for _ in body:
            pass

    tracemalloc.start()
    try:
        asyncio.run(swallowed())
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


# --- giving up ---


def test_a_body_that_is_given_up_lets_go_of_its_file(tmp_path, monkeypatch):
    body = body_of(tmp_path, os.urandom(4 * BLOCK_BYTES))
    encode, reading, may_read = body._encoded, threading.Event(), threading.Event()

    def slow(offset):
        if offset:
            reading.set()
            may_read.wait(10)
        return encode(offset)

    monkeypatch.setattr(body, "_encoded", slow)

    async def given_up():
        iterator = aiter(body)
        await anext(iterator)
        await anext(iterator)
        assert await asyncio.to_thread(reading.wait, 10)
        await iterator.aclose()
        closing = asyncio.create_task(body.close())
        await asyncio.sleep(0.02)
        assert not closing.done(), "the thread still holds the file"
        may_read.set()
        await closing

    asyncio.run(given_up())
    assert not body.is_complete


def test_closing_a_body_nobody_has_asked_for_is_nothing(tmp_path):
    asyncio.run(body_of(tmp_path, b"abc").close())


def test_a_failed_read_ahead_that_nobody_asks_for_stays_silent(tmp_path, caplog):
    async def given_up():
        body = body_of(tmp_path, os.urandom(4 * BLOCK_BYTES))
        os.truncate(tmp_path / "photo", BLOCK_BYTES)  # the first block is there, the next one is not
        iterator = aiter(body)
        await anext(iterator)
        await anext(iterator)
        await iterator.aclose()
        await body.close()

    asyncio.run(given_up())
    gc.collect()
    assert caplog.text == ""
