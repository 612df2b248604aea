"""How far a result lies beside the photo it was made from: to parts of a pixel, and blind to sharpening.

Sharpening changes how strong each spatial frequency is, not where it lies; undoing defocus or shake also turns the
sign of some. So only doubled phases are compared, in which a sign is lost: first the peak of their correlation (phase
correlation, Kuglin and Hines 1975), then their slope over the lower frequencies by weighted least squares (after
Stone, Orchard, Chang and Martucci 2001), window by window. What the windows do not agree on is no shift.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import scipy.fft
from numpy.typing import NDArray

Grey = NDArray[np.float32]
Spectrum = NDArray[np.complexfloating]
Shift = tuple[float, float]
"""Right and down, in pixels."""

_WINDOW_PX = 256
_SMALLEST_PX = 48
_WINDOWS_A_SIDE = 4
_BAND_PX = 8.0
"""Slower changes than this are taken out: at the edge of a window they look like structure."""
_HIGHEST = 0.22
"""In cycles a pixel; above lie noise, JPEG's grid and what sharpening has made up."""
_STRUCTURE = 1.0
"""Least standard deviation of a window's band, of 255: flat sky has no place."""
_COHERENT = 0.6
_CLEAR_PEAK = 8.0
"""In standard deviations of the correlation."""
_AGREED_PX = 0.4
_AGREED_SHARE = 0.6
_ENOUGH_WINDOWS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where one window of the photo lies in the result. ``coherence``: 1 when each phase says so, 0 when none."""

    right: float
    down: float
    coherence: float


def rough_shift(sent: Grey, came: Grey) -> Shift:
    """Return the shift of small grey pictures of one size by the peak alone; (0, 0) when there is no clear one."""
    right, down, height = _peak(_doubled(sent, came), sent.shape)
    return (0.0, 0.0) if height < _CLEAR_PEAK else (right, down)


def common_shift(sent: NDArray[Any], came: NDArray[Any], rough: Shift, margin: int) -> Shift | None:
    """Return the shift of ``came`` against ``sent`` that their windows agree on, ``None`` when they do not.

    Both H×W or H×W×3, uint8 or uint16, of one size. ``rough``: where to look, right to ``margin`` pixels.
    """
    look = round(rough[0]), round(rough[1])
    places = [
        place
        for first, top, left in _windows(sent, look, margin)
        if (place := _place(first, came, top + look[1], left + look[0])).coherence >= _COHERENT
    ]
    if not places:
        return None
    steps = np.array([(place.right, place.down) for place in places])
    is_agreed = np.hypot(*(steps - np.median(steps, axis=0)).T) <= _AGREED_PX
    if is_agreed.mean() < _AGREED_SHARE or is_agreed.sum() < min(_ENOUGH_WINDOWS, len(places)):
        return None
    right, down = steps[is_agreed].mean(axis=0)
    return look[0] + float(right), look[1] + float(down)


def grey(pixels: NDArray[Any]) -> Grey:
    """Return pixels (uint8 or uint16, H×W or H×W×3) as grey of 0–255, as encoded."""
    plain = np.ascontiguousarray(pixels)
    one = cv2.cvtColor(plain, cv2.COLOR_RGB2GRAY) if plain.ndim == 3 else plain
    return np.asarray(one, np.float32) / np.float32(1 if plain.dtype == np.uint8 else 257)


def _windows(sent: NDArray[Any], look: tuple[int, int], margin: int) -> Iterator[tuple[Grey, int, int]]:
    """Yield windows with structure, spread over what both pictures show: grey values, top and left."""
    (height, width), (right, down) = sent.shape[:2], look
    size = min(_WINDOW_PX, height - abs(down) - 2 * margin, width - abs(right) - 2 * margin)
    if size < _SMALLEST_PX:
        return
    tops = np.linspace(margin + max(0, -down), height - margin - size - max(0, down), _WINDOWS_A_SIDE)
    lefts = np.linspace(margin + max(0, -right), width - margin - size - max(0, right), _WINDOWS_A_SIDE)
    for top in dict.fromkeys(int(each) for each in tops):
        for left in dict.fromkeys(int(each) for each in lefts):
            window = grey(sent[top : top + size, left : left + size])
            if float(_band(window).std()) >= _STRUCTURE:
                yield window, top, left


def _place(first: Grey, came: NDArray[Any], top: int, left: int) -> Place:
    """Return where ``first`` lies in ``came``, as seen from ``top`` and ``left``."""

    def spectrum_at(right: int, down: int) -> Spectrum:
        y, x = top + down, left + right
        return _doubled(first, grey(came[y : y + len(first), x : x + len(first)]))

    height, width = came.shape[:2]
    most_right, most_down = width - left - len(first), height - top - len(first)
    peak_right, peak_down, _ = _peak(spectrum_at(0, 0), first.shape)
    right = min(max(round(peak_right), -left), most_right)
    down = min(max(round(peak_down), -top), most_down)
    part_right, part_down, coherence = _slope(spectrum_at(right, down), first.shape)
    return Place(right + part_right, down + part_down, coherence)


def _band(values: Grey) -> Grey:
    return values - cv2.GaussianBlur(values, (0, 0), _BAND_PX, borderType=cv2.BORDER_REFLECT_101)


def _doubled(first: Grey, second: Grey) -> Spectrum:
    """Return the cross power spectrum of two windows, tapered to their edges, with its phases doubled."""
    taper = cv2.createHanningWindow(first.shape[::-1], cv2.CV_32F)
    spectra = [scipy.fft.rfft2(_band(window) * taper) for window in (first, second)]
    cross = np.conj(spectra[0]) * spectra[1]
    return np.asarray(cross * (cross / (np.abs(cross) + 1e-6)))


def _frequencies(shape: tuple[int, ...]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return the frequencies of ``rfft2`` across and down, in cycles a pixel, and their lengths."""
    across, down = np.broadcast_arrays(
        scipy.fft.rfftfreq(shape[1])[None, :], scipy.fft.fftfreq(shape[0])[:, None]
    )
    return across, down, np.hypot(across, down)


def _peak(doubled: Spectrum, shape: tuple[int, ...]) -> tuple[float, float, float]:
    """Return the highest peak of the correlation, right and down, and how far it stands out."""
    *_, length = _frequencies(shape)
    phases = doubled / (np.abs(doubled) + 1e-6) * np.exp(-2 * (length / _HIGHEST) ** 2)
    surface = scipy.fft.irfft2(phases, s=shape)
    down, right = (int(each) for each in np.unravel_index(int(surface.argmax()), shape))
    (rows, columns), height = shape, float(surface.max() / (surface.std() + 1e-9))
    return (
        (right - columns * (right > columns // 2)) / 2,
        (down - rows * (down > rows // 2)) / 2,
        height,
    )


def _slope(doubled: Spectrum, shape: tuple[int, ...]) -> tuple[float, float, float]:
    """Return the shift whose phases fit best, right and down, and how well they do (1: each, 0: by chance)."""
    across, down, length = _frequencies(shape)
    is_used = (length > 1.5 / min(shape)) & (length < _HIGHEST)
    power, waves = doubled[is_used], 4 * np.pi * np.stack([across[is_used], down[is_used]])
    strength = np.sqrt(np.abs(power))
    shift = np.zeros(2)
    for most in (2.5, 1.5, 1.5):  # radians; what lies farther off belongs to something else
        rest = np.angle(power * np.exp(1j * (shift @ waves)))
        weight = strength * np.maximum(0, np.cos(rest / most * np.pi / 2)) * (np.abs(rest) < most)
        normal = (weight * waves) @ waves.T + 1e-9 * np.eye(2)
        shift -= np.linalg.solve(normal, (weight * waves) @ rest)
    rest = np.angle(power * np.exp(1j * (shift @ waves)))
    coherence = float((strength * np.cos(rest)).sum() / (strength.sum() + 1e-9))
    return float(shift[0]), float(shift[1]), coherence
