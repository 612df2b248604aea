"""The preferences file: JSON, written whole or not at all; a damaged one is set aside, never fatal."""

import asyncio
import json
import logging
from pathlib import Path

from sharpen_desktop.core.errors import PrefsUnreadable, SharpenError
from sharpen_desktop.core.prefs import VERSION, Prefs, from_json, to_json
from sharpen_desktop.services.safe_file import write_bytes_whole

log = logging.getLogger(__name__)


def read_prefs(path: Path) -> Prefs:
    """Return the stored preferences, defaults when there are none; PrefsUnreadable when damaged.

    A damaged file is renamed to ``*.damaged`` beside it, so that nothing of it is lost.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Prefs()
    except (OSError, ValueError, RecursionError) as error:
        raise _set_aside(path) from error
    if not isinstance(data, dict) or not isinstance(data.get("version"), int) or data["version"] > VERSION:
        raise _set_aside(path)
    return from_json(data)


def _set_aside(path: Path) -> PrefsUnreadable:
    kept = path.with_suffix(".damaged")
    try:
        path.replace(kept)
    except OSError:
        kept = path
    return PrefsUnreadable(f"The settings could not be read, so the defaults are used. Kept as {kept.name}.")


class PrefsJson:
    """Writes the preferences; the last value given wins."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = asyncio.Lock()

    async def write(self, prefs: Prefs) -> None:
        """Write the preferences; a failure is logged, because nothing the user did depends on it."""
        data = json.dumps(to_json(prefs), indent=1).encode()  # ASCII: a name may not be UTF-8
        async with self._lock:
            try:
                await asyncio.to_thread(write_bytes_whole, self._path, data)
            except SharpenError as error:
                log.warning("Preferences not written: %s", error)
