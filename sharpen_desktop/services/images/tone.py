"""Between encoded pixel values and linear light, as a picture's own profile has it."""

from sharpen_desktop.engine.transfer import SRGB, CurveTransfer, Transfer
from sharpen_desktop.services.images import colour


def transfer(profile: bytes | None) -> Transfer:
    """Return the tone curve of an ICC file; sRGB's without one, and where it holds none."""
    curve = colour.decoding_curve(profile) if profile else None
    return SRGB if curve is None else CurveTransfer(curve)
