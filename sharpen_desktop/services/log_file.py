"""The log: one file of bounded size, in which the key, tokens, signed addresses and pictures never stand."""

import logging
import logging.handlers
from collections.abc import Callable
from pathlib import Path

from sharpen_desktop.services.log_redaction import install_redaction

BYTES, KEPT = 1_000_000, 3


def open_log(folder: Path, key: Callable[[], str]) -> None:
    """Log from INFO on into ``folder``; to nowhere when it cannot be written."""
    handler: logging.Handler
    try:
        handler = logging.handlers.RotatingFileHandler(
            folder / "sharpen-desktop.log", maxBytes=BYTES, backupCount=KEPT, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    install_redaction(key)
