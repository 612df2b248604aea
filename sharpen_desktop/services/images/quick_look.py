"""A JPEG's first look: decoded at a fraction of its size, with Pillow alone, so that little is imported."""

import contextlib
import io
from pathlib import Path

from PIL import Image, ImageCms

from sharpen_desktop.core.picture import Display, Level, OpenedPicture, PhotoFacts
from sharpen_desktop.services.images.opening import opened, orientation_of, profile_bytes, translated
from sharpen_desktop.services.images.photo_file import recognise

SMALL_PIXELS = 3_000_000
"""Pictures up to this size are opened whole at once."""

_ENOUGH = 0.9
"""A look this much of the wanted edge will do: the next larger one costs twice the time."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_TRANSPOSING = {5, 6, 7, 8}


def look(path: str, folder: str, edge_px: int) -> OpenedPicture | None:
    """Return a scaled look at a JPEG, its long edge about ``edge_px`` or more; ``None`` for what has no quick way.

    Raises PhotoUnreadable.
    """
    if recognise(path) != "JPEG":
        return None
    with translated(path), opened(path, "JPEG") as image:
        width, height = image.size
        if width * height <= SMALL_PIXELS or image.mode not in {"L", "RGB"}:
            return None
        turn = orientation_of(image)
        profile = _profile(image)
        scale = _ENOUGH * edge_px / max(image.size)
        image.draft(image.mode, (max(1, int(width * scale)), max(1, int(height * scale))))
        if image.size == (width, height):
            return None
        shown = _shown(image, profile, turn)
    level = _write(shown, Path(folder))
    if turn in _TRANSPOSING:
        width, height = height, width
    return OpenedPicture(
        PhotoFacts("JPEG", width, height, 8, _name(profile)), Display(width, height, (level,))
    )


def _profile(image: Image.Image) -> ImageCms.ImageCmsProfile | None:
    data = profile_bytes(image)
    if data is None:
        return None
    try:
        return ImageCms.getOpenProfile(io.BytesIO(data))
    except (ImageCms.PyCMSError, OSError):
        return None


def _name(profile: ImageCms.ImageCmsProfile | None) -> str:
    with contextlib.suppress(ImageCms.PyCMSError):
        if profile is not None:
            return " ".join(ImageCms.getProfileDescription(profile).split())
    return "sRGB"


def _shown(image: Image.Image, profile: ImageCms.ImageCmsProfile | None, turn: int) -> Image.Image:
    """Return the decoded picture upright in sRGB."""
    shown: Image.Image = image.convert(image.mode)
    if profile is not None:
        flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        srgb = ImageCms.createProfile("sRGB")
        # One that is not for these pixels: shown as they are, as in the full picture.
        with contextlib.suppress(ImageCms.PyCMSError):
            shown = ImageCms.profileToProfile(shown, profile, srgb, intent, "RGB", flags=flags) or shown
    return shown.transpose(_TURNS[turn]) if turn in _TURNS else shown


def _write(shown: Image.Image, folder: Path) -> Level:
    """Write the picture in the memory order of Qt's Format_RGB32."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "look0.raw"
    path.write_bytes(shown.convert("RGBA").tobytes("raw", "BGRA"))
    return Level(str(path), shown.width, shown.height, 4 * shown.width)
