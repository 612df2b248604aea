"""What the engine is compared with: unsharp masks, scikit-image, and the programs that are installed.

Each is called as its users call it: no one has told it what blurred the picture.
"""

import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.measures import Picture, psnr, shifted_alike
from benchmarks.programs import installed

RADII = (0.7, 1.0, 1.5, 2.0, 3.0, 5.0)
AMOUNTS = (0.3, 0.6, 1.0, 1.5, 2.5)
MASKS = [(radius, amount) for radius in RADII for amount in AMOUNTS]
"""Radius in px and amount of every unsharp mask that is tried."""
GUESSED_SIGMA = 1.5


@dataclass(frozen=True, slots=True)
class Method:
    """``name``: of its column. ``version``: what was measured, with its settings. ``run``: H×W×3 to the same."""

    name: str
    version: str
    run: Callable[[Picture], Picture]


def masked(picture: Picture, radius: float, amount: float, soft: Picture | None = None) -> Picture:
    """Unsharp mask; ``soft``: the picture blurred by ``radius``, where it is at hand."""
    if soft is None:
        soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), radius))
    return np.asarray(cv2.addWeighted(picture, 1 + amount, soft, -amount, 0))


def mask_psnrs(given: Picture, sharp: Picture, *, shifting: bool, by_luma: bool) -> list[float]:
    """Return the PSNR of each of ``MASKS``; a mask moves nothing, so that all are compared where ``given`` lies best."""
    if shifting:
        given, sharp = shifted_alike(given, sharp)
    soft = {radius: np.asarray(cv2.GaussianBlur(given, (0, 0), radius)) for radius in RADII}
    return [psnr(masked(given, *at, soft[at[0]]), sharp, by_luma=by_luma) for at in MASKS]


def others() -> list[Method]:
    """Return every method that can be run here, but for the unsharp masks."""
    from skimage import restoration

    spread = _guess()
    version = f"scikit-image {importlib.metadata.version('scikit-image')}"
    guess = f"gaussian of {GUESSED_SIGMA} px"
    calls: dict[str, tuple[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]]] = {
        "skimage Wiener": ("wiener, balance 0.1", lambda plane: restoration.wiener(plane, spread, 0.1)),
        "skimage unsupervised": (
            "unsupervised_wiener",
            lambda plane: restoration.unsupervised_wiener(plane, spread, rng=0)[0],
        ),
        "skimage RL": (
            "richardson_lucy, 15 iterations",
            lambda plane: restoration.richardson_lucy(plane, spread, num_iter=15),
        ),
    }
    from_library = [
        Method(name, f"{version} {settings}, {guess}", _by_channel(call))
        for name, (settings, call) in calls.items()
    ]
    return from_library + [Method(each.name, each.version, each.run) for each in installed()]


def _guess() -> NDArray[np.float64]:
    """Return a gaussian of the size that suits many photos a little, 13×13, sum 1."""
    profile = cv2.getGaussianKernel(13, GUESSED_SIGMA)
    return np.asarray(profile @ profile.T)


def _by_channel(call: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Callable[[Picture], Picture]:
    """Return a method that gives each channel to ``call``, as values 0..1."""

    def run(picture: Picture) -> Picture:
        planes = [call(picture[..., channel] / 255) for channel in range(3)]
        return np.clip(np.rint(np.stack(planes, axis=-1) * 255), 0, 255).astype(np.uint8)

    return run
