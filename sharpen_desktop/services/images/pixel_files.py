"""Pixels in files that other processes map: the master's arrays and the levels the window paints."""

import io
import os
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Any, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from sharpen_desktop.core.picture import Level
from sharpen_desktop.services.images import colour

SMALLEST_EDGE_PX = 512
"""Levels are made until the long edge is no longer than this."""


class NoRoom(Exception):
    """The folder for pixels cannot take them."""


class RowFile:
    """A file of equal rows, filled strip by strip, also from several threads at once.

    Written, not mapped: touching fresh pages of a mapping costs several times what writing them does.
    """

    def __init__(self, path: Path, shape: tuple[int, ...], dtype: DTypeLike, *, is_numpy: bool) -> None:
        self._dtype = np.dtype(dtype)
        self._row_bytes = int(np.prod(shape[1:])) * self._dtype.itemsize
        self._lock = Lock()
        head = _numpy_header(shape, self._dtype) if is_numpy else b""
        self._start = len(head)
        try:
            path.write_bytes(head)
            _reserve(path, self._start + shape[0] * self._row_bytes)
            self._file = path.open("r+b", buffering=0)
        except OSError as error:
            raise NoRoom(str(error)) from error

    def put(self, top: int, rows: NDArray[Any]) -> None:
        """Write ``rows`` (h×…) at row ``top``. Raises NoRoom."""
        rest = np.ascontiguousarray(rows, self._dtype).data.cast("B")
        try:
            with self._lock:
                self._file.seek(self._start + top * self._row_bytes)
                while rest:
                    rest = rest[self._file.write(rest) or 0 :]
        except OSError as error:
            raise NoRoom(str(error)) from error

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def new_array(path: Path, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return a new mapped NumPy file of ``shape``, for what is not written row by row. Raises NoRoom."""
    try:
        array: NDArray[Any] = np.lib.format.open_memmap(str(path), "w+", np.dtype(dtype), shape)
        _reserve(path, path.stat().st_size)
    except OSError as error:
        raise NoRoom(str(error)) from error
    return array.view(np.ndarray)


def mapped(path: Path) -> NDArray[Any]:
    """Return the NumPy file ``path``, mapped, to be read only."""
    array: NDArray[Any] = np.load(path, mmap_mode="r")
    return array.view(np.ndarray)


def write_levels(
    folder: Path, pixels: NDArray[Any], alpha: NDArray[Any] | None, profile: colour.Profile | None
) -> tuple[Level, ...]:
    """Write ``pixels`` (H×W or H×W×3, uint8 or uint16; upright) for the screen: full size, then halves.

    Each file holds 8-bit BGRX rows (X = 255) in sRGB, or premultiplied BGRA when there is ``alpha``.
    Raises NoRoom.
    """
    import cv2

    height, width = pixels.shape[:2]
    levels = [_level(folder, 0, width, height)]
    picture = _full_level(levels[0], pixels, alpha, None if colour.is_srgb(profile) else profile)
    while max(picture.shape) > SMALLEST_EDGE_PX:
        width, height = max(1, width // 2), max(1, height // 2)
        levels.append(_level(folder, len(levels), width, height))
        picture = cast(
            "NDArray[np.uint8]", cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        )
        with _new_level(levels[-1]) as file:
            file.put(0, picture)
    return tuple(levels)


def to_8_bit(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Return ``pixels`` (uint8 or uint16) as uint8, rounded to the nearest step."""
    import cv2

    if pixels.dtype == np.uint8:
        return pixels
    rounded: NDArray[np.uint8] = np.asarray(cv2.convertScaleAbs(np.ascontiguousarray(pixels), alpha=1 / 257))
    return rounded.reshape(pixels.shape)


def to_depth(pixels: NDArray[Any], depth: int) -> NDArray[Any]:
    """Return ``pixels`` (uint8 or uint16) with ``depth`` (8 or 16) bits."""
    if depth == 8:
        return to_8_bit(pixels)
    return pixels if pixels.dtype == np.uint16 else pixels.astype(np.uint16) * np.uint16(257)


def _level(folder: Path, number: int, width: int, height: int) -> Level:
    return Level(str(folder / f"level{number}.raw"), width, height, 4 * width)


def _reserve(path: Path, size: int) -> None:
    """Claim the file's room on the disk now: a full disk met while writing to a mapping kills the process."""
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, size)


def _numpy_header(shape: tuple[int, ...], dtype: "np.dtype[Any]") -> bytes:
    file = io.BytesIO()
    head = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, head)
    return file.getvalue()


def _new_level(level: Level) -> "closing[RowFile]":
    return closing(RowFile(Path(level.path), (level.height, level.width, 4), np.uint8, is_numpy=False))


def _full_level(
    level: Level, pixels: NDArray[Any], alpha: NDArray[Any] | None, profile: colour.Profile | None
) -> NDArray[np.uint8]:
    """Write the full-size level, several strips at a time, and return it mapped."""
    with _new_level(level) as file:

        def strip(top: int, bottom: int) -> None:
            rows = np.empty((bottom - top, level.width, 4), np.uint8)
            _fill_rows(rows, to_8_bit(pixels[top:bottom]), profile)
            if alpha is not None:
                _premultiply(rows, to_8_bit(alpha[top:bottom]))
            file.put(top, rows)

        colour.in_strips(strip, level.height)
    return np.memmap(level.path, np.uint8, "r", shape=(level.height, level.width, 4)).view(np.ndarray)


def _fill_rows(rows: NDArray[np.uint8], pixels: NDArray[np.uint8], profile: colour.Profile | None) -> None:
    import cv2

    if profile is None:
        cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGRA if pixels.ndim == 2 else cv2.COLOR_RGB2BGRA, dst=rows)
    elif pixels.ndim == 2:
        cv2.cvtColor(colour.to_srgb(pixels, profile), cv2.COLOR_RGB2BGRA, dst=rows)
    else:
        rows[..., 3] = 255
        colour.fill_bgrx(pixels, profile, rows)


def _premultiply(rows: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> None:
    import cv2

    rows[..., 3] = alpha
    weights = cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGRA)  # its fourth channel is 255: alpha itself stays
    cv2.multiply(rows, weights, dst=rows, scale=1 / 255)
