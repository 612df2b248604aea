"""What must never stand in a log or a message: the key, bearer tokens, signed addresses, pictures as text."""

import logging
import re
from collections.abc import Callable

HIDDEN = "[hidden]"

_PATTERNS = (
    (re.compile(r"\bBearer\s+[^\s'\"]+", re.IGNORECASE), f"Bearer {HIDDEN}"),
    (re.compile(r"\bdata:[\w.+-]+/[\w.+-]+[;,][^\s'\"<>]*", re.IGNORECASE), f"data:{HIDDEN}"),
    (re.compile(r"\?[^\s'\"<>?]*(?:Signature|token)=[^\s'\"<>]*", re.IGNORECASE), f"?{HIDDEN}"),
)
_PLAIN = logging.Formatter()


def redacted(text: str, key: str = "") -> str:
    """Return ``text`` without the key, bearer tokens, signed query strings and data addresses."""
    if key:
        text = text.replace(key, HIDDEN)
    for pattern, substitute in _PATTERNS:
        text = pattern.sub(substitute, text)
    return text


class RedactingFilter(logging.Filter):
    """Rewrites each record before a handler formats it; lets every record through.

    ``key`` is asked at each record, because the user may enter another one.
    """

    def __init__(self, key: Callable[[], str]) -> None:
        super().__init__()
        self._key = key

    # typing.override came with Python 3.12
    def filter(self, record: logging.LogRecord) -> bool:  # type: ignore[explicit-override]
        """Redact message, arguments, traceback and stack of ``record`` in place."""
        key = self._key()
        record.msg, record.args = redacted(_message(record), key), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _PLAIN.formatException(
                record.exc_info
            )  # formatters use the text when it is there
        if record.exc_text:
            record.exc_text = redacted(record.exc_text, key)
        if record.stack_info:
            record.stack_info = redacted(record.stack_info, key)
        return True


def install_redaction(key: Callable[[], str]) -> RedactingFilter:
    """Put the filter on every handler the root logger has now, and quieten the HTTP library.

    Returns the filter, to be put on handlers that are added later.
    """
    redaction = RedactingFilter(key)
    for handler in logging.getLogger().handlers:
        handler.addFilter(redaction)
    for name in ("httpx", "httpcore"):  # they log each address, signature included, at INFO
        logging.getLogger(name).setLevel(logging.WARNING)
    return redaction


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # a wrong call; logging would print its arguments unredacted
        return f"{record.msg} {record.args!r}"
