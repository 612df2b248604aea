"""One call of "sharpen-desktop diagnose": what is the matter with each photo, and what suits it."""

import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.findings import FIRM_FROM
from sharpen_desktop.core.study import Auto, Diagnosis
from sharpen_desktop.core.unchanged import WORDS
from sharpen_desktop.headless.call import DONE, FAILED
from sharpen_desktop.headless.photo import master_of
from sharpen_desktop.headless.telling import record, tell
from sharpen_desktop.services.ground import Ground
from sharpen_desktop.services.outfit import Outfit

log = logging.getLogger(__name__)
SIZES = {
    "soft": "standard deviation",
    "defocus": "radius",
    "motion": "length",
    "shake": "extent",
    "varying": "median",
}
JPEG = {"none": "no traces", "light": "light traces", "strong": "strong traces"}


def diagnose_all(paths: Sequence[Path], *, is_json: bool) -> int:
    """Diagnose each photo and return the exit status; one that fails is told and the others are done."""
    try:
        outfit = Outfit(Ground(os.environ))
    except OSError as error:
        tell(f"The folder {error.filename} cannot be used: {error.strerror}.")
        return FAILED
    try:
        return asyncio.run(_all(outfit, paths, is_json=is_json))
    except KeyboardInterrupt:
        tell("Stopped.")
        return FAILED
    finally:
        outfit.close()


async def _all(outfit: Outfit, paths: Sequence[Path], *, is_json: bool) -> int:
    outfit.study.warm()
    failures = 0
    try:
        for path in paths:
            failures += not await _one(outfit, path, is_json=is_json)
    finally:
        await outfit.aclose()
    return FAILED if failures else DONE


async def _one(outfit: Outfit, path: Path, *, is_json: bool) -> bool:
    """Diagnose one photo and say what was found; whether that was possible."""
    try:
        found = await _found(outfit, path)
    except SharpenError as error:
        log.warning("%s: %s (%s)", path, error.headline, error.detail)
        problem = error.sentence if path.name in error.sentence else f"{path.name}: {error.sentence}"
        tell(problem)
        if is_json:
            record({"input": str(path), "error": problem})
        return False
    if is_json:
        record(_record(path, found))
    else:
        sys.stdout.write(f"{_text(path, found)}\n")
        sys.stdout.flush()
    return True


async def _found(outfit: Outfit, path: Path) -> Diagnosis:
    picture = await outfit.pictures.open(path)
    try:
        return await outfit.study.diagnose(master_of(picture))
    finally:
        outfit.pictures.forget(picture)


def _record(path: Path, found: Diagnosis) -> dict[str, object]:
    auto = _auto(found)
    return {
        "input": str(path),
        "finding": found.sentence,
        "kind": found.kind,
        "size_px": round(found.size, 2),
        "direction_deg": None if found.direction is None else round(found.direction, 1),
        "domain": found.domain,
        "noise": round(found.noise, 5),
        "jpeg": found.compression,
        "trust": round(found.trust, 2),
        "mode": found.mode,
        "auto": None if auto.unchanged else _values(auto),
        "nothing_to_do": auto.unchanged or None,
    }


def _values(auto: Auto) -> dict[str, float]:
    return {"strength": round(auto.strength, 2), "minor_denoise": round(auto.minor_denoise, 2)}


def _text(path: Path, found: Diagnosis) -> str:
    """Return it as a few lines for a person."""
    size = f"{found.size:.1f} px" if found.size else ""
    rows = (
        ("Kind", f"{found.kind}, {SIZES[found.kind]} {size}" if size else found.kind),
        ("Direction", "" if found.direction is None else f"{found.direction:.0f}°"),
        ("Noise", f"{found.noise * 100:.1f} % of white"),
        ("JPEG", JPEG.get(found.compression, "")),
        ("Trust", _trust(found)),
        ("Mode", f"{found.mode}; {_coming(_auto(found))}"),
    )
    lines = (f"  {name:10}{text}" for name, text in rows if text)
    return "\n".join((f"{path.name}: {found.sentence}", *lines))


def _coming(auto: Auto) -> str:
    """Return what Auto takes, or why nothing would be done."""
    if auto.unchanged:
        return f"nothing to do, {WORDS[auto.unchanged]}"
    return f"Auto takes strength {_percent(auto.strength)}, minor denoise {_percent(auto.minor_denoise)}"


def _auto(found: Diagnosis) -> Auto:
    """Return what Auto takes in the advised mode."""
    return found.auto(found.mode) or Auto(1.0, 0.0)


def _trust(found: Diagnosis) -> str:
    """Return how far to believe it, in words."""
    words = "a guess" if found.is_guess else "sure" if found.trust >= FIRM_FROM else "probable"
    return f"{words} ({_percent(found.trust)})"


def _percent(share: float) -> str:
    return f"{round(share * 100)} %"
