"""The small trained networks the engine is shipped with: ``resources/nets`` says where each comes from."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

FACES = "centerface.onnx"
PEOPLE = "selfie_segmentation.tflite"


def folder() -> Path:
    """Return where they lie: inside an installed package, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "resources"
    return (installed if installed.is_dir() else package.parent / "resources") / "nets"


def net(name: str) -> "cv2.dnn.Net":
    """Return the net in the file ``name``, made ready to run; raises OSError where it cannot be read.

    Not to be run on more than one shape: OpenCV 4.10 answers nonsense from the second shape on.
    """
    # Through memory, since OpenCV opens no paths beyond ASCII on Windows.
    content = np.frombuffer((folder() / name).read_bytes(), np.uint8)
    return cv2.dnn.readNetFromTFLite(content) if name == PEOPLE else cv2.dnn.readNetFromONNX(content)


def answers(name: str, picture: NDArray[np.uint8], outputs: list[str]) -> list[NDArray[np.float32]]:
    """Return what a net makes of h×w×3 RGB: one array for each of ``outputs``, or its only one for none.

    CenterFace takes 0..255 and sides that are multiples of 32, the other 0..1 and 256×256.
    """
    ready = net(name)
    scale = 1 / 255 if name == PEOPLE else 1.0
    ready.setInput(cv2.dnn.blobFromImage(picture, scale))
    found = ready.forward(outputs) if outputs else (ready.forward(),)
    return [np.asarray(each, np.float32) for each in found]
