"""Photos for the whole way, made once."""

import numpy as np
import pytest
from PIL import Image
from support import images
from support.drive import ROOT

SAMPLE = ROOT / "resources" / "samples" / "coffee-camera-shake.jpg"


def blurred(width, height):
    """H×W×3 cut from a really blurred photo, repeated where it is too small."""
    with Image.open(SAMPLE) as sample:
        pixels = np.asarray(sample.convert("RGB"))
    reps = (-(-height // pixels.shape[0]), -(-width // pixels.shape[1]), 1)
    return np.ascontiguousarray(np.tile(pixels, reps)[:height, :width])


@pytest.fixture(scope="session")
def photos(tmp_path_factory):
    """A folder of photos; ``one.jpg`` lies on its side and has every kind of metadata."""
    folder = tmp_path_factory.mktemp("photos")
    upright = blurred(480, 360)
    one = images.save(
        folder / "one.jpg", images.as_stored(upright, 6), quality=95, icc_profile=images.adobe_rgb()
    )
    images.add_metadata(one, 6)
    images.save(folder / "two.png", blurred(300, 200))
    images.save(folder / "three.jpg", blurred(200, 300), quality=90)
    (folder / "broken.jpg").write_bytes(b"this is no picture")
    return folder


@pytest.fixture(scope="session")
def large(tmp_path_factory):
    """A JPEG of 12 megapixels."""
    return images.save(tmp_path_factory.mktemp("large") / "large.jpg", blurred(4000, 3000), quality=92)
