"""Colour profiles: which are usable, how they turn into sRGB, and the tone curve they hold."""

import functools
import io
import struct
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import ImageCms

SRGB = "sRGB"
THREADS = 4
_SPACES = {"RGB ": "rgb", "GRAY": "gray", "CMYK": "cmyk", "Lab ": "lab"}
_BLACK_POINT_COMPENSATION = 0x2000
_NO_OPTIMISATION = 0x0100
_RELATIVE = 1
_CURVE_ENTRIES = 4096
_DATE = slice(24, 36)
_FIXED_DATE = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Profile:
    """A usable ICC profile. ``space``: "rgb", "gray", "cmyk" or "lab"; ``data``: the file's bytes."""

    data: bytes
    name: str
    space: str


@functools.cache
def srgb_profile() -> bytes:
    """Return an sRGB ICC file; always the same bytes, so it tells nothing about when it was made."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return data[: _DATE.start] + _FIXED_DATE + data[_DATE.stop :]


@functools.cache
def lab_profile() -> bytes:
    """Return the ICC file of CIE L*a*b* under D50, the form TIFF stores."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB", 5000)).tobytes()


def read_profile(data: bytes | None) -> Profile | None:
    """Return the profile in ``data``, or ``None`` when there is none that can be used."""
    if not data:
        return None
    try:
        opened = ImageCms.getOpenProfile(io.BytesIO(data))
        space = _SPACES[opened.profile.xcolor_space]
        name = " ".join((opened.profile.profile_description or "").split())
        profile = Profile(data, name or "unnamed profile", space)
        _to_srgb(_sample(space), profile)
    except (ImageCms.PyCMSError, OSError, KeyError, ValueError, RuntimeError, TypeError):
        return None
    return profile


def is_srgb(profile: Profile | None) -> bool:
    """Whether showing the values as they are differs by no more than one 8-bit step from converting."""
    if profile is None:
        return True
    if profile.space not in {"rgb", "gray"}:
        return False
    sample = _sample(profile.space)
    plain = sample if profile.space == "rgb" else np.repeat(sample[..., None], 3, axis=-1)
    return int(np.abs(_to_srgb(sample, profile).astype(int) - plain).max()) <= 1


def to_srgb(pixels: NDArray[Any], profile: Profile) -> NDArray[Any]:
    """Return ``pixels`` (H×W, H×W×3 or H×W×4 CMYK; uint8 or uint16) as sRGB H×W×3 of the same dtype.

    Relative colorimetric with black point compensation. Raises RuntimeError when they do not fit.
    """
    return _to_srgb(np.ascontiguousarray(pixels), profile)


def fill_bgrx(pixels: NDArray[np.uint8], profile: Profile, out: NDArray[np.uint8]) -> None:
    """Convert ``pixels`` (h×W×3 RGB, uint8) to sRGB into ``out`` (h×W×4); its fourth byte stays."""
    _transform(np.ascontiguousarray(pixels), profile, "bgra", out)


def converted(
    pixels: NDArray[Any], source: Profile | None, target: Profile | None, *, is_grey: bool
) -> NDArray[np.uint16]:
    """Return ``pixels`` (H×W or H×W×3; uint8 or uint16) in another profile's colours as uint16; ``None`` is sRGB.

    ``is_grey``: as H×W, for a grey profile, else as H×W×3. Relative colorimetric with black point compensation.
    """
    import imagecodecs

    wide = pixels if pixels.dtype == np.uint16 else pixels.astype(np.uint16) * np.uint16(257)
    done = np.empty(pixels.shape[:2] if is_grey else (*pixels.shape[:2], 3), np.uint16)
    if pixels.ndim == 2 and source is None:
        wide, space = np.repeat(wide[..., None], 3, axis=2), "rgb"
    else:
        space = source.space if source else "rgb"

    def strip(top: int, bottom: int) -> None:
        done[top:bottom] = imagecodecs.cms_transform(
            np.ascontiguousarray(wide[top:bottom]),
            source.data if source else srgb_profile(),
            target.data if target else srgb_profile(),
            colorspace=space,
            outcolorspace="gray" if is_grey else "rgb",
            intent=_RELATIVE,
            flags=_BLACK_POINT_COMPENSATION | _NO_OPTIMISATION,
        ).reshape(done[top:bottom].shape)

    in_strips(strip, len(done))
    return done


def in_strips(work: Callable[[int, int], None], height: int, rows: int = 256) -> None:
    """Call ``work(top, bottom)`` for strips of ``rows`` rows, several at a time."""
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, top, min(top + rows, height)) for top in range(0, height, rows)]:
            done.result()


def decoding_curve(data: bytes) -> NDArray[np.float64] | None:
    """Return linear light for 4096 encoded values over 0–1, from the green or grey curve of an ICC file.

    ``None`` when the profile has no such curve, or when it is sRGB's own. ICC.1:2022, 10.6 and 10.18.
    """
    block = _tag(data, b"gTRC") or _tag(data, b"kTRC")
    encoded = np.linspace(0.0, 1.0, _CURVE_ENTRIES)
    try:
        curve = _curve(block, encoded)
    except (struct.error, ValueError, FloatingPointError):
        return None
    if curve is None or not _is_decoding(curve):
        return None
    srgb = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    if np.abs(curve - srgb).max() < 0.002:
        return None
    return np.maximum.accumulate(curve)


def _to_srgb(pixels: NDArray[Any], profile: Profile) -> NDArray[Any]:
    return _transform(pixels, profile, "rgb", None)


def _transform(pixels: NDArray[Any], profile: Profile, order: str, out: NDArray[Any] | None) -> NDArray[Any]:
    import imagecodecs

    # LittleCMS approximates 16-bit conversions by a coarse table unless told not to (15–20 of 255 off).
    precise = _NO_OPTIMISATION if pixels.dtype == np.uint16 else 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = imagecodecs.cms_transform(
            pixels,
            profile.data,
            srgb_profile(),
            colorspace=profile.space,
            outcolorspace=order,
            intent=_RELATIVE,
            flags=_BLACK_POINT_COMPENSATION | precise,
            out=cast("Any", out),
        )
    return np.asarray(done)


def _sample(space: str) -> NDArray[np.uint8]:
    """Return a coarse grid over all values of a colour space, as a picture."""
    steps = np.linspace(0, 255, 18).round().astype(np.uint8)
    if space == "gray":
        return np.arange(256, dtype=np.uint8)[None]
    channels = 4 if space == "cmyk" else 3
    grid = np.stack(np.meshgrid(*[steps] * channels, indexing="ij"), axis=-1)
    return np.ascontiguousarray(grid.reshape(18, -1, channels))


def _tag(data: bytes, name: bytes) -> bytes:
    """Return the block of a tag in an ICC file, empty when it is not there whole."""
    try:
        (count,) = struct.unpack_from(">I", data, 128)
        for index in range(min(count, 200)):
            signature, offset, size = struct.unpack_from(">4sII", data, 132 + 12 * index)
            if signature == name and 128 <= offset <= offset + size <= len(data):
                return data[offset : offset + size]
    except struct.error:
        pass
    return b""


def _curve(block: bytes, encoded: NDArray[np.float64]) -> NDArray[np.float64] | None:
    kind = block[:4]
    if kind == b"curv":
        return _table_curve(block, encoded)
    return _parametric_curve(block, encoded) if kind == b"para" else None


def _table_curve(block: bytes, encoded: NDArray[np.float64]) -> NDArray[np.float64]:
    (count,) = struct.unpack_from(">I", block, 8)
    if count == 0:
        return encoded
    if count == 1:
        return np.asarray(encoded ** (struct.unpack_from(">H", block, 12)[0] / 256))
    if count > 65_536:
        raise ValueError("a curve of more entries than values")
    table = np.array(struct.unpack_from(f">{count}H", block, 12)) / 65_535
    return np.interp(encoded, np.linspace(0.0, 1.0, count), table)


def _parametric_curve(block: bytes, encoded: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Evaluate function types 0–4: (aX+b)^g + e from X = d on, cX + f below."""
    (kind,) = struct.unpack_from(">H", block, 8)
    counts = (1, 3, 4, 5, 7)
    if kind >= len(counts):
        return None
    values = [v / 65_536 for v in struct.unpack_from(f">{counts[kind]}i", block, 12)]
    g, a, b, c, d, e, f = (values + [0.0] * 7)[:7]
    match kind:
        case 0:
            a, b, c, d = 1.0, 0.0, 0.0, 0.0
        case 1 | 2:
            if a == 0:
                return None
            e = f = c if kind == 2 else 0.0
            c, d = 0.0, -b / a
    with np.errstate(all="raise"):
        power = np.maximum(a * encoded + b, 0.0) ** g + e
    curve: NDArray[np.float64] = np.where(encoded >= d, power, c * encoded + f)
    return curve


def _is_decoding(curve: NDArray[np.float64]) -> bool:
    """Whether the curve rises from black to white; two parts may meet with a step of a rounding error."""
    rises = bool(np.all(np.diff(curve) >= -0.001))
    return bool(np.isfinite(curve).all()) and rises and abs(curve[0]) < 0.05 and abs(curve[-1] - 1) < 0.05
