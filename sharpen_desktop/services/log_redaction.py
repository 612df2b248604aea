"""What must never stand in a log or a message: keys, bearer tokens, signed addresses, pictures as text."""

import logging
import re
from collections.abc import Callable, Collection

HIDDEN = "[hidden]"
TALKATIVE = ("httpx", "httpcore", "obstore", "urllib3", "botocore")
"""Libraries that log each address, signature included, at INFO or below."""

Secrets = Callable[[], str | Collection[str]]
"""Tells the secrets of this moment: one, or several."""

_SHORTEST = 4
"""Anything shorter is no secret, and would blacken plain words."""
_PATTERNS = (
    (re.compile(r"\bBearer\s+[^\s'\"]+", re.IGNORECASE), f"Bearer {HIDDEN}"),
    (re.compile(r"\bdata:(?:[\w.+-]+/[\w.+-]+)?[;,][^\s'\"<>]*", re.IGNORECASE), f"data:{HIDDEN}"),
    (re.compile(r"(b64_json\W{1,8})[A-Za-z0-9+/=_-]{40,}", re.IGNORECASE), rf"\g<1>{HIDDEN}"),
    (
        re.compile(
            r"\?[^\s'\"<>?]*(?:Signature|token|Credential|AccessKeyId|\bsig)=[^\s'\"<>]*", re.IGNORECASE
        ),
        f"?{HIDDEN}",
    ),
    (re.compile(r"(Signature|Credential)=[^\s,'\"<>&]+", re.IGNORECASE), rf"\g<1>={HIDDEN}"),
    (re.compile(r"(\w://)[^\s/@'\"<>]+@"), rf"\g<1>{HIDDEN}@"),
)
_PLAIN = logging.Formatter()


def redacted(text: str, *secrets: str) -> str:
    """Return ``text`` without these secrets, bearer tokens, signed query strings and pictures as text."""
    for secret in sorted(secrets, key=len, reverse=True):  # one may be a part of another
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, HIDDEN)
    for pattern, substitute in _PATTERNS:
        text = pattern.sub(substitute, text)
    return text


class RedactingFilter(logging.Filter):
    """Rewrites each record before a handler formats it; lets every record through.

    ``secrets`` is asked at each record, because the user may enter another key.
    """

    def __init__(self, secrets: Secrets) -> None:
        super().__init__()
        self._secrets = secrets

    # typing.override came with Python 3.12
    def filter(self, record: logging.LogRecord) -> bool:  # type: ignore[explicit-override]
        """Redact message, arguments, traceback and stack of ``record`` in place."""
        given = self._secrets()
        secrets = (given,) if isinstance(given, str) else tuple(given)
        record.msg, record.args = redacted(_message(record), *secrets), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _PLAIN.formatException(
                record.exc_info
            )  # formatters use the text when it is there
        if record.exc_text:
            record.exc_text = redacted(record.exc_text, *secrets)
        if record.stack_info:
            record.stack_info = redacted(record.stack_info, *secrets)
        return True


def install_redaction(secrets: Secrets) -> RedactingFilter:
    """Put the filter on every handler the root logger has now, and quieten the libraries of the network.

    Returns the filter, to be put on handlers that are added later.
    """
    redaction = RedactingFilter(secrets)
    for handler in logging.getLogger().handlers:
        handler.addFilter(redaction)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    return redaction


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # a wrong call; logging would print its arguments unredacted
        return f"{record.msg} {record.args!r}"
