"""A result laid over another picture in linear light, at full depth: what is saved, and what is shown of it.

Both are mixed in the result's own colours, by the tone curve of its profile; a base of other colours, depth or size is
brought to them first.
"""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from sharpen_desktop.core.mix import Mixed, MixWish
from sharpen_desktop.core.picture import Display, Master
from sharpen_desktop.engine.crew import Stopped
from sharpen_desktop.services.images import colour, picture_pixels, tone
from sharpen_desktop.services.images.lights import Light, Lights
from sharpen_desktop.services.images.mix_mask import MixMask, Plane, mask_of
from sharpen_desktop.services.images.picture_pixels import Picture
from sharpen_desktop.services.images.pixel_files import RowFile, mapped, write_levels

Pixels = NDArray[Any]
Where = tuple[slice, slice]
ShouldStop = Callable[[], bool]


def mix(wish: MixWish, folder: str, should_stop: ShouldStop) -> Mixed:
    """Make a mix in ``folder``: its pixels at full depth, and display levels. Raises Stopped, SharpenError, NoRoom.

    It has the result's size and profile, and the greater depth of both.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    try:
        return _mixed(wish, place, should_stop)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def _mixed(wish: MixWish, place: Path, should_stop: ShouldStop) -> Mixed:
    result, base = alike(picture_pixels.load(wish.result), picture_pixels.load(wish.base))
    mask = mask_of(wish.strokes, result.pixels.shape[:2])
    dtype = np.dtype(np.uint16 if max(wish.result.depth, wish.base.depth) > 8 else np.uint8)
    work = _Mixing(result, base, wish.share, mask, dtype, should_stop)
    pixels, alpha = work.written(place)
    profile = place / "profile.icc"
    if result.profile is not None:
        profile.write_bytes(result.profile)
    levels = write_levels(place, pixels, alpha, colour.read_profile(result.profile))
    height, width = pixels.shape[:2]
    master = Master(
        str(place), width, height, 8 * pixels.dtype.itemsize, is_grey=pixels.ndim == 2,
        pixels=str(place / "pixels.npy"), alpha="" if alpha is None else str(place / "alpha.npy"),
        profile="" if result.profile is None else str(profile),
    )  # fmt: skip
    return Mixed(wish, Display(width, height, levels, alpha is not None), master)


class _Mixing:
    """One mix, strip by strip."""

    def __init__(
        self,
        result: Picture,
        base: Picture,
        share: float,
        mask: MixMask | None,
        dtype: "np.dtype[Any]",
        should_stop: ShouldStop,
    ) -> None:
        curve = tone.transfer(result.profile)
        self._result, self._base = result, base
        self._share, self._mask = share, mask
        self._should_stop = should_stop
        self.dtype = dtype
        kinds = {result.pixels.dtype, base.pixels.dtype, self.dtype}
        self._lights = {kind: Lights(curve, kind) for kind in kinds}
        self._tables: dict[float, NDArray[np.uint8]] = {}

    def written(self, place: Path) -> tuple[Pixels, Pixels | None]:
        """Write pixels and alpha as arrays in a folder and return them, mapped."""
        shape = self._result.pixels.shape
        has_alpha = self._result.alpha is not None or self._base.alpha is not None
        with closing(RowFile(place / "pixels.npy", shape, self.dtype, is_numpy=True)) as pixels:
            if has_alpha:
                with closing(RowFile(place / "alpha.npy", shape[:2], self.dtype, is_numpy=True)) as alpha:
                    self._write(pixels, alpha)
            else:
                self._write(pixels, None)
        return mapped(place / "pixels.npy"), mapped(place / "alpha.npy") if has_alpha else None

    def _write(self, pixels: RowFile, alpha: RowFile | None) -> None:
        def strip(top: int, bottom: int) -> None:
            if self._should_stop():
                raise Stopped
            rows, clear = self.rows(top, bottom)
            pixels.put(top, rows)
            if alpha is not None and clear is not None:
                alpha.put(top, clear)

        colour.in_strips(strip, len(self._result.pixels), 64)

    def rows(self, top: int, bottom: int) -> tuple[Pixels, Pixels | None]:
        """Return rows of the mix, and of its alpha where it has one."""
        width = self._result.pixels.shape[1]
        parts = self._mask.parts(top, bottom) if self._mask else [(0, width, 1.0)]
        made = [self._part(np.s_[top:bottom, left:right], weight) for left, right, weight in parts]
        if len(made) == 1:
            return made[0]
        alphas = [alpha for _, alpha in made if alpha is not None]
        return np.concatenate([pixels for pixels, _ in made], axis=1), np.hstack(alphas) if alphas else None

    def _part(self, where: Where, weight: float | Plane) -> tuple[Pixels, Pixels | None]:
        """Return a part of the mix; ``weight``: how much the mask lets of it be seen."""
        result, base, over = self._result.pixels[where], self._base.pixels[where], weight * self._share
        if self._result.alpha is not None or self._base.alpha is not None:
            return self._see_through(where, over)
        if isinstance(over, float) and result.dtype == base.dtype == self.dtype == np.uint8:
            return self._table(over).take(result.astype(np.uint16) << 8 | base), None
        each = over if isinstance(over, float) or result.ndim == 2 else over[..., None]
        return self._lights[self.dtype].pixels(self._light(result, base, each)), None

    def _light(self, result: Pixels, base: Pixels, weight: float | Plane) -> Light:
        """Return the light of a mix. Two products: a difference would lose what is dark beside what is bright."""
        light = self._lights[result.dtype].of(result)
        light *= np.float32(weight)
        light += self._lights[base.dtype].of(base) * np.float32(1 - weight)
        return light

    def _table(self, weight: float) -> NDArray[np.uint8]:
        """Return the mix of each pair of 8-bit values: of the result (high byte) and of the base."""
        if weight not in self._tables:
            lights = self._lights[np.dtype(np.uint8)]
            light = lights.of(np.arange(256, dtype=np.uint8))
            pairs = light[:, None] * np.float32(weight) + light[None] * np.float32(1 - weight)
            self._tables[weight] = lights.pixels(pairs).reshape(-1)
        return self._tables[weight]

    def _see_through(self, where: Where, weight: float | Plane) -> tuple[Pixels, Pixels]:
        """Mix colours by how much of each is there; where neither is, as if both were."""
        over = _opacity(self._result, where) * np.float32(weight)
        under = _opacity(self._base, where) * np.float32(1 - weight)
        clear = over + under
        part = np.where(clear > 0, over / np.maximum(clear, 1e-9), np.float32(weight)).astype(np.float32)
        if self._result.pixels.ndim == 3:
            part = part[..., None]
        light = self._light(self._result.pixels[where], self._base.pixels[where], part)
        alpha = np.rint(np.clip(clear, 0, 1) * np.iinfo(self.dtype).max).astype(self.dtype)
        return self._lights[self.dtype].pixels(light), alpha


def _opacity(picture: Picture, where: Where) -> Plane:
    """Return how opaque a part is, 0..1."""
    if picture.alpha is None:
        return np.ones(picture.pixels[where].shape[:2], np.float32)
    part = picture.alpha[where]
    return part.astype(np.float32) / np.float32(np.iinfo(part.dtype).max)


# A base of other colours, depth or size


def alike(result: Picture, base: Picture) -> tuple[Picture, Picture]:
    """Return both in one colour space, the result's where it can hold both, and the base in the result's size.

    A grey result over a coloured base becomes coloured: the base's colours are seen through it.
    """
    if result.pixels.ndim == base.pixels.ndim:
        target = result.profile
    else:
        target = result.profile if result.pixels.ndim == 3 else base.profile
    channels = max(result.pixels.ndim, base.pixels.ndim)
    result, base = (_in_space(each, target, channels) for each in (result, base))
    return replace(result, profile=target), _sized(base, result.pixels.shape[:2])


def _in_space(picture: Picture, target: bytes | None, ndim: int) -> Picture:
    own, wanted = colour.read_profile(picture.profile), colour.read_profile(target)
    is_same = picture.profile == target or (colour.is_srgb(own) and colour.is_srgb(wanted))
    if is_same and picture.pixels.ndim == ndim:
        return picture
    if is_same:
        return replace(picture, pixels=np.repeat(picture.pixels[..., None], 3, axis=2))
    return replace(picture, pixels=colour.converted(picture.pixels, own, wanted, is_grey=ndim == 2))


def _sized(picture: Picture, size: tuple[int, int]) -> Picture:
    """Return a picture in another size (rows, columns), scaled as its display levels are."""
    if picture.pixels.shape[:2] == size:
        return picture
    alpha = None if picture.alpha is None else _scaled(picture.alpha, size)
    return replace(picture, pixels=_scaled(picture.pixels, size), alpha=alpha)


def _scaled(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    is_smaller = size[0] * size[1] < pixels.shape[0] * pixels.shape[1]
    way = cv2.INTER_AREA if is_smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels), size[::-1], interpolation=way))
