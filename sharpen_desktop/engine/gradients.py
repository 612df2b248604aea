"""Differences between neighbouring pixels of periodic pictures, and what goes with them."""

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


def differences(x: Plane) -> tuple[Plane, Plane]:
    """Periodic forward differences of x: to the right neighbour, to the one below."""
    across, down = np.empty_like(x), np.empty_like(x)
    np.subtract(x[:, 1:], x[:, :-1], out=across[:, :-1])
    np.subtract(x[:, 0], x[:, -1], out=across[:, -1])
    np.subtract(x[1:], x[:-1], out=down[:-1])
    np.subtract(x[0], x[-1], out=down[-1])
    return across, down


def divergence(across: Plane, down: Plane) -> Plane:
    """Return the adjoint of the forward differences."""
    total = np.empty_like(across)
    np.subtract(across[:, :-1], across[:, 1:], out=total[:, 1:])
    np.subtract(across[:, -1], across[:, 0], out=total[:, 0])
    total[1:] += down[:-1]
    total[0] += down[-1]
    total -= down
    return total


def roughness(shape: tuple[int, int]) -> Plane:
    """|Dx|² + |Dy|² of forward differences, laid out as ``rfft2`` does."""
    fy = np.fft.fftfreq(shape[0])[:, None]
    fx = np.fft.rfftfreq(shape[1])[None, :]
    return np.asarray(4 * np.sin(np.pi * fy) ** 2 + 4 * np.sin(np.pi * fx) ** 2, np.float32)
