"""Cutting a picture into overlapping blocks and closing each block to a smooth periodic one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import cv2
import numpy as np
import scipy.fft
from numpy.typing import NDArray

LARGEST = 512


@dataclass(frozen=True, slots=True)
class Tile:
    """One block: ``given`` is what is read, ``core`` what is written, ``inner`` the core inside the block."""

    given: tuple[slice, slice]
    core: tuple[slice, slice]
    inner: tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a picture of ``size`` (rows, columns) is cut: all blocks share one periodic ``shape``."""

    size: tuple[int, int]
    shape: tuple[int, int]
    halo: int

    @classmethod
    def of(cls, size: tuple[int, int], reach: int) -> "Layout":
        """For a point spread of ``reach`` px: a halo of twice that, blocks of at most about 512 px."""
        halo = max(16, 2 * reach)
        largest = max(LARGEST, scipy.fft.next_fast_len(8 * halo, real=True))
        shape = tuple(_period(length, halo, largest) for length in size)
        return cls(size, (shape[0], shape[1]), halo)

    def tiles(self) -> Iterator[Tile]:
        """Return the blocks, row by row; their cores cover the picture once."""
        for rows in self._spans(0):
            for columns in self._spans(1):
                yield Tile(*zip(rows, columns, strict=True))

    def _spans(self, axis: int) -> list[tuple[slice, slice, slice]]:
        """Given, core and inner spans along one axis."""
        length, room = self.size[axis], self.shape[axis] - self.halo
        if length <= room:
            return [(slice(0, length), slice(0, length), slice(0, length))]
        stride = room - 2 * self.halo
        count = -(-length // stride)
        edges = [round(length * i / count) for i in range(count + 1)]
        spans = []
        for begin, end in pairwise(edges):
            start = min(max(0, begin - self.halo), length - room)
            spans.append((slice(start, start + room), slice(begin, end), slice(begin - start, end - start)))
        return spans


class Tiles(Protocol):
    """What knows the tiles of a picture."""

    def tiles(self) -> Iterator[Tile]:
        """Return the tiles; their cores cover the picture once."""
        ...


def _period(length: int, halo: int, largest: int) -> int:
    """FFT length along one axis: block and the strip that closes it."""
    return min(largest, scipy.fft.next_fast_len(length + halo, real=True))


def closed(block: NDArray[np.float32], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Return the block at the top left of an array of ``shape``, made periodic by smooth strips.

    The strip runs from the last row to the first (and columns alike), eased at both ends and the more
    blurred along the border the farther it lies from it (after Liu & Jia 2008), so that no step at the
    border is taken for detail.
    """
    tall = _closed_below(block, shape[0])
    return np.asarray(cv2.transpose(_closed_below(np.asarray(cv2.transpose(tall)), shape[1])), np.float32)


def _closed_below(block: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
    """Return the block continued downward to ``rows`` rows."""
    missing = rows - block.shape[0]
    if missing <= 0:
        return block
    last, first = block[-1:], block[:1]
    way = ((np.arange(missing, dtype=np.float32) + 1) / (missing + 1))[:, None]
    ease = way * way * (3 - 2 * way)
    strip = last * (1 - ease) + first * ease
    soft = cv2.blur(strip, (2 * (missing // 2) + 1, 1), borderType=cv2.BORDER_REFLECT)
    depth = np.minimum(1, 4 * np.minimum(way, 1 - way))
    return np.concatenate([block, strip + depth * (soft - strip)], axis=0)
