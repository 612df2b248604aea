"""The file that leaves this computer: upright, sRGB, 8 bit, nothing but pixels and the sRGB profile.

PNG while it is small enough, else JPEG, else scaled down until the service can take it.
"""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.services.images import encoding
from sharpen_desktop.services.images.picture_pixels import Picture, in_srgb

EDGE_PX = 32_000
"""The service's own limit on each side."""

QUALITY = 95
HEADROOM = 0.9
"""A picture that is too heavy is scaled to this part of the limit: its size cannot be foretold exactly."""


def encoded(source: Picture, soft_cap: int, hard_cap: int) -> tuple[bytes, str, tuple[int, int], str]:
    """Return the file's bytes, its media type, its width and height, and what had to be done, in sentences.

    ``soft_cap``: PNG as long as its base64 takes at most so many bytes. ``hard_cap``: most bytes of a JPEG; a
    larger one is scaled down. Alpha is kept in a PNG and put on white in a JPEG.
    """
    picture = _within_edge(in_srgb(source))
    data, media_type = encoding.png_within(picture, soft_cap // 4 * 3), "image/png"
    if data is None:
        (data, picture), media_type = _jpeg(picture, hard_cap), "image/jpeg"
    height, width = picture.pixels.shape[:2]
    notes = [
        f"Scaled down to {width:,} × {height:,} pixels, because the service takes no more."
        if source.pixels.shape[:2] != (height, width)
        else "",
        "Sent with 8 bits a channel." if source.pixels.dtype == np.uint16 else "",
        "See-through parts are sent on white."
        if media_type == "image/jpeg" and picture.alpha is not None
        else "",
    ]
    return data, media_type, (width, height), " ".join(note for note in notes if note)


def _jpeg(picture: Picture, hard_cap: int) -> tuple[bytes, Picture]:
    data = encoding.jpeg(picture, QUALITY)
    while len(data) > hard_cap and max(picture.pixels.shape[:2]) > 1:
        picture = _scaled(picture, (HEADROOM * hard_cap / len(data)) ** 0.5)
        data = encoding.jpeg(picture, QUALITY)
    return data, picture


def _within_edge(picture: Picture) -> Picture:
    edge = max(picture.pixels.shape[:2])
    return _scaled(picture, EDGE_PX / edge) if edge > EDGE_PX else picture


def _scaled(picture: Picture, factor: float) -> Picture:
    height, width = (max(1, int(side * factor)) for side in picture.pixels.shape[:2])
    alpha = None if picture.alpha is None else _averaged(picture.alpha, width, height)
    return replace(picture, pixels=_averaged(picture.pixels, width, height), alpha=alpha)


def _averaged(pixels: NDArray[Any], width: int, height: int) -> NDArray[Any]:
    try:
        return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA))
    except cv2.error as error:
        raise MemoryError("the picture could not be scaled") from error
