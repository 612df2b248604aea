"""What decoding yields, and how every decoder puts it down: upright, in mapped files, strip by strip."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import DTypeLike, NDArray

from sharpen_desktop.services.images import colour, orientation
from sharpen_desktop.services.images.pixel_files import RowFile, mapped, new_array

Rows = Callable[[int, int], NDArray[Any]]
"""Returns stored rows from top to bottom."""

BAD_PROFILE = "The embedded colour profile cannot be used; the colours are taken as sRGB."
UNFIT_PROFILE = "The embedded colour profile is not for this kind of picture; the colours are taken as sRGB."
_ROWS = 256


@dataclass(slots=True)
class Decoded:
    """An upright picture whose arrays are mapped files.

    ``pixels``: H×W or H×W×3, uint8 or uint16; ``alpha``: H×W of the same dtype. ``profile``: of these
    pixels, ``None`` for sRGB. ``profile_name`` and ``depth``: as the source file had them.
    """

    pixels: NDArray[Any]
    alpha: NDArray[Any] | None
    profile: colour.Profile | None
    profile_name: str
    depth: int
    notes: list[str] = field(default_factory=list)
    jpeg_quality: int | None = None


def place(
    folder: Path,
    name: str,
    shape: tuple[int, ...],
    dtype: DTypeLike,
    turn: int,
    rows: Rows,
) -> NDArray[Any]:
    """Write an array of ``shape`` (as stored) upright to ``folder``/``name``.npy and return it.

    ``turn``: the EXIF orientation to apply. ``rows(top, bottom)`` returns stored rows.
    """
    width, height = orientation.upright_size(shape[1], shape[0], turn)
    path, upright = folder / f"{name}.npy", (height, width, *shape[2:])
    strips = ((top, rows(top, min(top + _ROWS, shape[0]))) for top in range(0, shape[0], _ROWS))
    if turn in orientation.TRANSPOSING:
        array = new_array(path, upright, dtype)
        for top, strip in strips:
            orientation.put_rows(array, turn, top, strip)
        return array
    with closing(RowFile(path, upright, dtype, is_numpy=True)) as file:
        for top, strip in strips:
            place_at = shape[0] - top - len(strip) if turn in orientation.FLIPPING else top
            file.put(place_at, orientation.upright_view(strip, turn))
    return mapped(path)


def fitting_profile(data: bytes | None, space: str, notes: list[str]) -> colour.Profile | None:
    """Return the usable profile in ``data`` for pixels of ``space``; say in ``notes`` what was dropped."""
    profile = colour.read_profile(data)
    if data and profile is None:
        notes.append(BAD_PROFILE)
    if profile is not None and profile.space != space:
        notes.append(UNFIT_PROFILE)
        return None
    return profile


def frames_note(frames: int, what: str = "frames") -> list[str]:
    """Return the sentence about the frames that are left aside, if there are any."""
    return [f"Only the first of {frames:,} {what} is opened."] if frames > 1 else []
