"""The file that keeps keys where the user has agreed to it: plain text that only its owner may read."""

import contextlib
import json
import logging
import os
import threading
from pathlib import Path

from sharpen_desktop.core.errors import SaveFailed
from sharpen_desktop.services.safe_file import reason, write_bytes_whole

log = logging.getLogger(__name__)
OWNER_ONLY = 0o600


class KeyFile:
    """Named texts in one small JSON file; there only while it holds something. Blocking; SaveFailed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def read(self, name: str) -> str:
        """Return the text kept under ``name``, empty when there is none."""
        return self._entries().get(name, "")

    def write(self, name: str, text: str) -> None:
        """Keep ``text`` under ``name``; the file is never readable for others, not even for a moment."""
        with self._lock:
            self._put({**self._entries(), name: text})

    def remove(self, name: str) -> None:
        """Remove what is kept under ``name``, and the file with the last of them."""
        with self._lock:
            kept = self._entries()
            if kept.pop(name, None) is None and kept:
                return
            if kept:
                self._put(kept)
            else:
                self._delete()

    def _entries(self) -> dict[str, str]:
        """Return what the file holds; nothing when it is not there, or damaged."""
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            log.warning("The file of keys could not be read: %s", type(error).__name__)
            return {}
        if not isinstance(data, dict):
            return {}
        return {name: text for name, text in data.items() if isinstance(text, str)}

    def _put(self, entries: dict[str, str]) -> None:
        try:
            # The new file takes over the permission bits of the one it replaces.
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT, OWNER_ONLY))
            self.path.chmod(OWNER_ONLY)
            write_bytes_whole(self.path, json.dumps(entries).encode())
        except OSError as error:
            raise SaveFailed(f"{self.path.name} could not be saved: {reason(error)}.") from error
        finally:
            with contextlib.suppress(OSError):
                if self.path.stat().st_size == 0:
                    self.path.unlink()

    def _delete(self) -> None:
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise SaveFailed(f"{self.path.name} could not be removed: {reason(error)}.") from error
