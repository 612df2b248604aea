"""Make the sample photos under resources/samples: sharp free photos, honestly degraded.

Needs scikit-learn and scikit-image (both ship the photos inside their packages) beside the program's own
dependencies: ``pip install scikit-learn scikit-image``. Run again, it makes the same files.
"""

from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage import data
from sklearn.datasets import load_sample_image

SAMPLES = Path(__file__).resolve().parents[1] / "resources" / "samples"
NOISE = 0.004
QUALITY = 95


def to_linear(encoded):
    """Decode sRGB values, 0-1."""
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def to_encoded(linear):
    """Encode linear light, 0-1, as sRGB."""
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def disk(radius):
    """Return an anti-aliased disk kernel: what a missed focus does to a point."""
    edge = int(np.ceil(radius)) + 1
    y, x = np.mgrid[-edge : edge + 1, -edge : edge + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
    return kernel / kernel.sum()


def line(length, degrees):
    """Return a straight line kernel: what a moved camera does to a point."""
    edge = int(np.ceil(length / 2)) + 1
    kernel = np.zeros((2 * edge + 1, 2 * edge + 1))
    for step in np.linspace(-length / 2, length / 2, 20 * edge):
        angle = np.radians(degrees)
        kernel[round(edge - step * np.sin(angle)), round(edge + step * np.cos(angle))] += 1
    return ndimage.gaussian_filter(kernel, 0.4) / kernel.sum()


def degraded(photo, kernel):
    """Blur an 8-bit RGB photo in linear light, as a lens or a camera's movement does, and add noise."""
    light = to_linear(photo / 255)
    blurred = np.stack([ndimage.convolve(light[..., c], kernel, mode="reflect") for c in range(3)], axis=-1)
    noisy = to_encoded(blurred) + np.random.default_rng(7).normal(0, NOISE, photo.shape)
    return (np.clip(noisy, 0, 1) * 255 + 0.5).astype(np.uint8)


def main():
    """Write both samples."""
    SAMPLES.mkdir(parents=True, exist_ok=True)
    for name, photo, kernel in (
        ("summer-palace-missed-focus.jpg", load_sample_image("china.jpg"), disk(2.4)),
        ("coffee-camera-shake.jpg", data.coffee(), line(9, 25)),
    ):
        Image.fromarray(degraded(photo, kernel)).save(SAMPLES / name, quality=QUALITY, subsampling=0)
        print(SAMPLES / name)


if __name__ == "__main__":
    main()
