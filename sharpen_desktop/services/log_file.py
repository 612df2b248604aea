"""The log: one file of bounded size, in which keys, tokens, signed addresses and pictures never stand."""

import faulthandler
import logging
import logging.handlers
import os
import threading
from pathlib import Path

from typing_extensions import override

from sharpen_desktop.services.log_redaction import Secrets, install_redaction

BYTES, KEPT = 1_000_000, 3
CRASH_FILE = "crash.txt"

log = logging.getLogger(__name__)


def open_log(folder: Path, secrets: Secrets) -> None:
    """Log from INFO on into ``folder``; to nowhere when it cannot be written."""
    handler: logging.Handler
    try:
        handler = _QuietFile(
            folder / "sharpen-desktop.log", maxBytes=BYTES, backupCount=KEPT, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    install_redaction(secrets)


class _QuietFile(logging.handlers.RotatingFileHandler):
    """A full disk takes no log; nobody is helped by a traceback on the terminal for each line of it."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """Leave the line out."""


def catch_crashes(folder: Path) -> None:
    """Write down where the program was when it dies of a hard fault, and log what ends a thread.

    The crash file holds names of functions and numbers of lines, never values. What somebody else already
    catches (a debugger, a test) is left to them.
    """
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = _log_end_of_thread
    if faulthandler.is_enabled():
        return
    path = folder / CRASH_FILE
    try:
        is_long = path.exists() and path.stat().st_size > BYTES
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if is_long else os.O_APPEND)
        # A bare descriptor, which stays open to the very end.
        faulthandler.enable(os.open(path, flags, 0o600))
    except OSError as error:
        log.warning("There will be no crash file: %s", error)


def _log_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_type is SystemExit or ended.exc_value is None:
        return
    name = ended.thread.name if ended.thread else "unknown"
    log.error("Thread %s ended", name, exc_info=(ended.exc_type, ended.exc_value, ended.exc_traceback))
