"""Compression that nobody asked for is undone within bounds: whole, damaged, cut, and meant to do harm."""

import gzip
import os
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.services.cloud import content_coding
from sharpen_desktop.services.cloud.content_coding import FREE_BYTES, PIECE_BYTES, CodingRefused, uncoded

ROOM = 100 << 20


def cut_up(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)]


def packed_zeros(megabytes):
    packer = zlib.compressobj(wbits=31)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(megabytes)), packer.flush()])


@pytest.mark.parametrize("coding", ["", "identity", " Identity "])
def test_what_is_not_coded_passes_as_it_is(coding):
    assert list(uncoded([b"ab", b"c"], coding, 3)) == [b"ab", b"c"]


@given(st.binary(max_size=5000), st.integers(1, 300), st.sampled_from(["gzip", "x-gzip", "deflate"]))
def test_what_was_packed_comes_out_whatever_pieces_it_came_in(data, size, coding):
    packed = zlib.compress(data) if coding == "deflate" else gzip.compress(data)
    assert b"".join(uncoded(cut_up(packed, size), coding.upper(), ROOM)) == data


def test_no_piece_is_larger_than_it_should_be_and_none_is_lost():
    data = os.urandom(1 << 16) * 50 + b"end"
    pieces = list(uncoded([gzip.compress(data)], "gzip", ROOM))
    assert max(map(len, pieces)) <= PIECE_BYTES
    assert b"".join(pieces) == data


@pytest.mark.parametrize("over", [0, 1])
def test_an_end_just_at_a_piece_is_seen(over):
    data = bytes(PIECE_BYTES + over)
    assert b"".join(uncoded([gzip.compress(data)], "gzip", ROOM)) == data


def test_a_bomb_is_stopped_at_twenty_times_its_size():
    packed = packed_zeros(200)
    given = []
    with pytest.raises(CodingRefused, match="grew to more than"):
        given.extend(len(piece) for piece in uncoded(cut_up(packed, 1 << 16), "gzip", 1 << 40))
    assert sum(given) <= max(FREE_BYTES, content_coding.MAX_RATIO * len(packed))


def test_a_short_text_may_shrink_as_far_as_it_will():
    assert len(b"".join(uncoded([packed_zeros(3)], "gzip", ROOM))) == 3 << 20


def test_more_than_the_limit_is_refused_packed_or_not():
    for pieces, coding in (([bytes(11)], ""), ([gzip.compress(os.urandom(11))], "gzip")):
        with pytest.raises(CodingRefused):
            list(uncoded(pieces, coding, 10))


@pytest.mark.parametrize(
    "damaged",
    [lambda packed: packed[:20] + b"\xff\xff\xff" + packed[23:], lambda packed: packed[::-1]],
    ids=["in the middle", "all of it"],
)
def test_what_is_damaged_is_refused(damaged):
    packed = gzip.compress(os.urandom(5000))
    with pytest.raises(CodingRefused):
        list(uncoded([damaged(packed)], "gzip", ROOM))


def test_all_that_came_of_a_cut_answer_comes_out():
    data = os.urandom(3 << 20)
    packed = gzip.compress(data)
    assert b"".join(uncoded(cut_up(packed[:-1], 1000), "gzip", ROOM)) == data
    half = b"".join(uncoded(cut_up(packed[: len(packed) // 2], 1000), "gzip", ROOM))
    assert data.startswith(half)
    assert len(half) > 1 << 20


def test_an_unknown_coding_is_refused():
    with pytest.raises(CodingRefused, match="zstd"):
        list(uncoded([b"abc"], "zstd", ROOM))
