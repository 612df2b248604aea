"""A result moved back onto the photo it was made from, or given the photo's colours again; written without loss."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.core.arrival import Gains, Mend, Shift
from sharpen_desktop.core.picture import Master
from sharpen_desktop.engine.transfer import Transfer
from sharpen_desktop.services.images import colour, encoding, picture_pixels, tone
from sharpen_desktop.services.images.arrival_tone import GREEN
from sharpen_desktop.services.images.picture_pixels import Picture
from sharpen_desktop.services.images.pixel_files import to_depth
from sharpen_desktop.services.safe_file import write_bytes_whole, write_whole

_LOBES = 4
"""Of the Lanczos window: pixels to each side that take part."""
_ROWS = 256


def mend(sent_as: Master, came_as: Master, wish: Mend, target: Path) -> None:
    """Write the result, moved and recoloured as wished, as TIFF or PNG of its own depth; SaveFailed."""
    sent, came = picture_pixels.load(sent_as), picture_pixels.load(came_as)
    if wish.gains is not None:
        came = _recoloured(came, wish.gains)
    if wish.shift is not None:
        came = _moved(came, wish.shift, sent)
    _write(came, target)


def _write(picture: Picture, target: Path) -> None:
    if target.suffix.lower() == ".png":
        write_bytes_whole(target, encoding.png(picture))
        return

    def write(file: BinaryIO) -> None:
        encoding.write_tiff(file, picture, is_compressed=False)

    size = picture.pixels.nbytes + (0 if picture.alpha is None else picture.alpha.nbytes)
    write_whole(target, write, size=size)


# Colour


def _recoloured(came: Picture, gains: Gains) -> Picture:
    """Return the picture with ``gains`` of R, G and B taken back in linear light; grey stays grey."""
    most = np.iinfo(came.pixels.dtype).max
    transfer, encoded = tone.transfer(came.profile), np.arange(most + 1) / most
    tables = [_table(transfer, encoded, gain, most).astype(came.pixels.dtype) for gain in gains]
    mended = np.empty_like(came.pixels)

    def strip(top: int, bottom: int) -> None:
        if came.pixels.ndim == 2:
            mended[top:bottom] = tables[GREEN][came.pixels[top:bottom]]
            return
        for channel, table in enumerate(tables):
            mended[top:bottom, :, channel] = table[came.pixels[top:bottom, :, channel]]

    colour.in_strips(strip, len(mended), _ROWS)
    return Picture(mended, came.alpha, came.profile)


def _table(transfer: Transfer, encoded: NDArray[Any], gain: float, most: int) -> NDArray[Any]:
    light = np.clip(np.asarray(transfer.decode(encoded)) / gain, 0, 1)
    return np.rint(np.clip(np.asarray(transfer.encode(light)), 0, 1) * most)


# Place


def _moved(came: Picture, shift: Shift, sent: Picture) -> Picture:
    """Return the picture with ``shift`` taken back; where it shows nothing, the photo is put, if it is as large."""
    pixels = _resampled(came.pixels, shift)
    alpha = None if came.alpha is None else _resampled(came.alpha, shift)
    if sent.pixels.shape[:2] == came.pixels.shape[:2]:
        _fill_edges(pixels, alpha, shift, sent, came)
    return Picture(pixels, alpha, came.profile)


def _resampled(pixels: NDArray[Any], shift: Shift) -> NDArray[Any]:
    """Return ``pixels`` with each place taken from ``shift`` beside it: by whole pixels, then by Lanczos."""
    (right, down), (height, width) = shift, pixels.shape[:2]
    whole = math.floor(right), math.floor(down)
    across, along = (_lanczos(part - each) for part, each in zip(shift, whole, strict=True))
    columns = np.clip(np.arange(width) + whole[0], 0, width - 1)
    moved = np.empty_like(pixels)

    def strip(top: int, bottom: int) -> None:
        rows = np.clip(np.arange(top - _LOBES, bottom + _LOBES) + whole[1], 0, height - 1)
        source = np.ascontiguousarray(pixels[rows][:, columns])
        made = cv2.sepFilter2D(source, -1, across, along, borderType=cv2.BORDER_REPLICATE)
        moved[top:bottom] = made[_LOBES : _LOBES + bottom - top]

    colour.in_strips(strip, height, _ROWS)
    return moved


def _lanczos(part: float) -> NDArray[np.float32]:
    """Return the weights of the pixels -4…4 beside a place that lies ``part`` (0–1) to their right; sum 1."""
    steps = np.arange(-_LOBES, _LOBES + 1) - part
    weights = np.where(np.abs(steps) < _LOBES, np.sinc(steps) * np.sinc(steps / _LOBES), 0.0)
    return np.asarray(weights / weights.sum(), np.float32)


def _fill_edges(
    pixels: NDArray[Any], alpha: NDArray[Any] | None, shift: Shift, sent: Picture, came: Picture
) -> None:
    """Put the photo where the moved result shows nothing."""
    for edge in _edges(pixels.shape, shift):
        pixels[edge] = _as_came(sent, came, edge)
        if alpha is not None and sent.alpha is not None:
            alpha[edge] = to_depth(sent.alpha[edge], 8 * alpha.itemsize)
        elif alpha is not None:
            alpha[edge] = np.iinfo(alpha.dtype).max


def _edges(shape: tuple[int, ...], shift: Shift) -> Iterator[tuple[slice, slice]]:
    """Yield the strips that lie outside of a picture when its places are taken from ``shift`` beside them."""
    (height, width), (right, down) = shape[:2], shift
    if right:
        yield np.s_[:, width - math.ceil(right) :] if right > 0 else np.s_[:, : math.ceil(-right)]
    if down:
        yield np.s_[height - math.ceil(down) :, :] if down > 0 else np.s_[: math.ceil(-down), :]


def _as_came(sent: Picture, came: Picture, edge: tuple[slice, slice]) -> NDArray[Any]:
    """Return a part of the photo in the result's depth, channels and, as far as it is sRGB, colours."""
    part = np.ascontiguousarray(sent.pixels[edge])
    profile = colour.read_profile(sent.profile)
    if sent.profile != came.profile and profile is not None and not colour.is_srgb(profile):
        part = colour.to_srgb(part, profile)
    part = to_depth(part, 8 * came.pixels.itemsize)
    if part.ndim == 2 and came.pixels.ndim == 3:
        return np.repeat(part[..., None], 3, axis=2)
    if part.ndim == 3 and came.pixels.ndim == 2:
        return np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY))
    return part
