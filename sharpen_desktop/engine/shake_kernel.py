"""The path of a shaken camera as a kernel of pixels: solved for, tidied, centred, scaled."""

import cv2
import numpy as np
import scipy.fft
from numpy.typing import NDArray

from sharpen_desktop.engine.point_spread import Kernel

STEPS = 60
REGULARITY = 2.0
FAINTEST = 0.05
LOOSE_SHARE = 0.1

Plane = NDArray[np.float32]


def solved_kernel(sharp: tuple[Plane, Plane], blurred: tuple[Plane, Plane], side: int) -> Kernel:
    """Kernel of ``side``×``side`` (odd), none negative, that carries sharp differences into blurred ones.

    min over k >= 0 of sum |k * d - b|² + 2 |k|² over differences d, b along both axes of periodic pictures, by
    projected gradients with momentum (Beck & Teboulle 2009). k sees the pictures only through
    correlations up to its own side, so a step costs a transform of the kernel's size, not of the picture's.
    """
    shape = sharp[0].shape
    across, down = (scipy.fft.rfft2(one) for one in sharp)
    own = across.real**2 + across.imag**2 + down.real**2 + down.imag**2
    other = np.conj(across) * scipy.fft.rfft2(blurred[0]) + np.conj(down) * scipy.fft.rfft2(blurred[1])
    half = side // 2
    target = _around_zero(np.asarray(scipy.fft.irfft2(other, shape), np.float32), half)
    period = scipy.fft.next_fast_len(4 * half + 2, real=True)
    lags = np.zeros((period, period), np.float32)
    at = np.arange(-2 * half, 2 * half + 1) % period
    lags[np.ix_(at, at)] = _around_zero(np.asarray(scipy.fft.irfft2(own, shape), np.float32), 2 * half)
    return _projected(scipy.fft.rfft2(lags).real, target, period)


def _around_zero(correlation: Plane, half: int) -> Plane:
    """Return lags -half..half along both axes; what is farther than the picture is long comes round again."""
    at = np.arange(-half, half + 1)
    return correlation[np.ix_(at % correlation.shape[0], at % correlation.shape[1])]


def _projected(transfer: Plane, target: Plane, period: int) -> Kernel:
    """Solve (transfer + regularity) k = target for k >= 0 of the target's side; sum 1."""
    side = target.shape[0]
    rate = np.float32(1 / (float(transfer.max()) + REGULARITY))
    kernel = lead = np.full((side, side), 1 / side**2, np.float32)
    momentum = 1.0
    for _ in range(STEPS):
        held = scipy.fft.irfft2(scipy.fft.rfft2(lead, (period, period)) * transfer, (period, period))
        slope = held[:side, :side] + np.float32(REGULARITY) * lead - target
        moved = np.maximum(lead - rate * slope, np.float32(0))
        grown = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        lead = moved + np.float32((momentum - 1) / grown) * (moved - kernel)
        kernel, momentum = moved, grown
    return _even_if_empty(kernel)


def joined_share(kernel: Kernel) -> float:
    """Return how much of a kernel hangs together, 0..1: a camera has nowhere to jump."""
    _, masses = _parts(kernel)
    return float(masses.max() / masses.sum())


def _parts(kernel: Kernel) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the number of the part each pixel belongs to, 0 for none, and what each part holds."""
    count, parts = cv2.connectedComponents((kernel > 0).astype(np.uint8), connectivity=8)
    numbers = np.asarray(parts, np.int32)
    return numbers, np.bincount(numbers.ravel(), kernel.ravel(), minlength=count).astype(np.float64)


def tidied(kernel: Kernel) -> Kernel:
    """Return the kernel without what is faint or stands apart, its middle of mass in its middle."""
    kept = np.where(kernel < FAINTEST * kernel.max(), np.float32(0), kernel)
    parts, masses = _parts(kept)
    loose = masses < LOOSE_SHARE * masses.sum()
    return centred(np.where(loose[parts], np.float32(0), kept))


def centred(kernel: Kernel) -> Kernel:
    """Return the kernel moved by whole pixels, its middle of mass in its middle, sum 1."""
    total = float(kernel.sum())
    half = kernel.shape[0] // 2
    places = np.arange(-half, half + 1)
    down = round(float((kernel.sum(axis=1) * places).sum()) / total) if total > 0 else 0
    across = round(float((kernel.sum(axis=0) * places).sum()) / total) if total > 0 else 0
    reach = abs(down) + abs(across)
    room = np.pad(kernel, reach)
    side = kernel.shape[0]
    moved = room[reach + down : reach + down + side, reach + across : reach + across + side]
    return _even_if_empty(np.ascontiguousarray(moved))


def scaled(kernel: Kernel, side: int) -> Kernel:
    """Return the kernel resampled to ``side``×``side``, sum 1."""
    return _even_if_empty(np.maximum(cv2.resize(kernel, (side, side), interpolation=cv2.INTER_LINEAR), 0))


def trimmed(kernel: Kernel) -> Kernel:
    """Return the kernel without its empty rim, odd and square, its middle where it was."""
    half = kernel.shape[0] // 2
    places = np.abs(np.argwhere(kernel > 0) - half)
    need = int(places.max()) if len(places) else 0
    return np.ascontiguousarray(kernel[half - need : half + need + 1, half - need : half + need + 1])


def _even_if_empty(kernel: Kernel) -> Kernel:
    """Return the kernel with sum 1; spread evenly where nothing is left of it."""
    total = float(kernel.sum())
    if total <= 0:
        return np.full_like(kernel, 1 / kernel.size)
    return np.asarray(kernel / np.float32(total), np.float32)
