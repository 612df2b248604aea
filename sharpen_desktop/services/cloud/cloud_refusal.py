"""Answers that are no success, as errors a person understands. Pure.

The cause is decided by the ``kind`` in the body, then by the status, then by the message. What it cost:
nothing when the service refused; unknown when it, or something on the way, failed or gave up after it had
the whole request; nothing in any case when the whole request never left.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from sharpen_desktop.core.errors import Charge, CloudError, CreditExhausted, KeyRefused, ServiceBusy
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.services.cloud.wire import AnswerUnreadable, parse_json, plain, request_id_of
from sharpen_desktop.services.log_redaction import redacted

LONGEST_MESSAGE = 240
LONGEST_READ = 4000
BUSY = frozenset({429, 503})
LONGEST_WAIT_S = 600
ABSURD_WAIT_S = 86_400

LOOK_FIRST = "The service's log can tell whether it was billed. The program asks it: wait for that before you send the photo again."

_CREDIT_KINDS = frozenset({"err_insufficent_credits", "err_insufficient_credits"})
_CREDIT_WORDS = re.compile(r"\b(credits?|funds?|balance|top[ -]?up)\b", re.IGNORECASE)
_GAVE_UP = frozenset({408, 499})
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the service answered. ``headers`` by lower-case name; ``body`` as far as it was read.

    ``has_left``: whether the whole request had been sent. ``reference``: our own id of the request.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    has_left: bool
    reference: str
    host: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    message: str
    kind: str
    request_id: str


def explained(refusal: Refusal, schema: ModelSchema, now: datetime) -> CloudError:
    """Return the error for an answer outside 200–299; ``now`` has a time zone."""
    said = _said(refusal)
    if said.kind in _CREDIT_KINDS:
        return _error(refusal, said, _out_of_credit(), CreditExhausted)
    status = refusal.status
    if status in {402, 403} and (status == 402 or _CREDIT_WORDS.search(said.message)):
        return _error(refusal, said, _out_of_credit(), CreditExhausted)
    if status == 401:
        return _error(
            refusal, said, "The service does not accept the key. Check it, or enter another one.", KeyRefused
        )
    if status in BUSY:
        return _error(refusal, said, _busy(refusal.headers, now), ServiceBusy, is_retryable=True)
    if 300 <= status < 400:
        return _error(refusal, said, _moved(refusal), charge=_charge(refusal, is_unknown=status == 303))
    if 400 <= status < 500 and status not in _GAVE_UP:
        field = _named_field(said.message, schema) if status in {400, 422} else ""
        return _error(refusal, said, _refused(status, said.message, schema), field=field)
    return _gave_up(refusal, said)


def message_of(refusal: Refusal) -> str:
    """Return what the service says about its refusal, as one line; empty when it says nothing."""
    return _said(refusal, LONGEST_READ).message


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds a busy server asks to wait; ``None`` when it does not say or says nonsense.

    A date is read against the server's own clock where it tells it, because this computer's may be wrong.
    """
    told = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", told, re.ASCII):
        wait = float(told)
    else:
        until, since = _date(told), _date(headers.get("date", "")) or now
        wait = (until - since).total_seconds() if until else 0.0
    return wait if 0 < wait <= ABSURD_WAIT_S else None


def page_text(body: bytes) -> str:
    """Return what an HTML page says, as one line."""
    text = body[:8192].decode("utf-8", "replace")
    title = _TITLE.search(text)
    return plain(title.group(1) if title and title.group(1).strip() else _TAG.sub(" ", text), LONGEST_MESSAGE)


def is_page(headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether a web page came where JSON was asked for."""
    return "html" in headers.get("content-type", "").lower() or body[:256].lstrip().startswith(b"<")


def _error(
    refusal: Refusal,
    said: _Said,
    headline: str,
    kind: type[CloudError] = CloudError,
    *,
    charge: Charge = Charge.NONE,
    is_retryable: bool = False,
    field: str = "",
) -> CloudError:
    told = f"HTTP {refusal.status}" + (f": {said.message}" if said.message else "")
    lines = [told, f"Service's reference: {said.request_id}" if said.request_id else ""]
    lines.append(f"Our reference: {refusal.reference}")
    return kind(
        redacted(headline, refusal.key),
        detail=redacted("\n".join(line for line in lines if line), refusal.key),
        charge=charge,
        retryable=is_retryable,
        request_id=redacted(said.request_id or refusal.reference, refusal.key),
        field=field,
    )


def _charge(refusal: Refusal, *, is_unknown: bool) -> Charge:
    return Charge.UNKNOWN if is_unknown and refusal.has_left else Charge.NONE


def _gave_up(refusal: Refusal, said: _Said) -> CloudError:
    what = "failed on its side" if refusal.status == 500 else "gave up"
    if not refusal.has_left:
        return _error(
            refusal,
            said,
            f"The service {what} before it had the photo (HTTP {refusal.status}). Try again later.",
            is_retryable=True,
        )
    return _error(
        refusal,
        said,
        f"The service {what} after it had received the photo (HTTP {refusal.status}). {LOOK_FIRST}",
        charge=Charge.UNKNOWN,
    )


def _out_of_credit() -> str:
    return "Out of credit: the key works, but your account at the service has no money left. Top it up there first."


def _busy(headers: Mapping[str, str], now: datetime) -> str:
    wait = retry_after_s(headers, now)
    if wait is None:
        return "The service is busy. Try again in a few minutes."
    if wait > LONGEST_WAIT_S:
        return f"The service is busy. Try again in {LONGEST_WAIT_S // 60} minutes or later."
    if wait <= 90:
        seconds = max(1, round(wait))
        return f"The service is busy. Try again in {seconds} second{'s' if seconds > 1 else ''}."
    return f"The service is busy. Try again in {-int(-wait // 60)} minutes."


def _moved(refusal: Refusal) -> str:
    location = refusal.headers.get("location", "")
    try:
        host = (urlsplit(location).hostname or refusal.host).lower()
    except ValueError:
        host = ""
    if refusal.status in {301, 308} or host == refusal.host.lower():
        return "The service has moved to another address. Look for a newer version of this program."
    return (
        "The network answered instead of the service. Open a web page in a browser to see whether the "
        "network wants you to log in, then try again."
    )


def _refused(status: int, message: str, schema: ModelSchema) -> str:
    if status == 404:
        return "The service no longer offers this at its address. Look for a newer version of this program."
    if status == 413:
        return "The photo is too large for the service. Scale it down or crop it, then try again."
    if status == 403:
        return f"The service does not allow this with your key. {_quoted(message)}".rstrip()
    if not message:
        return f"The service did not accept the request (HTTP {status}). Change the settings, then try again."
    return f"The service did not accept {_what(message, schema)}. {_quoted(message)}"


def _what(message: str, schema: ModelSchema) -> str:
    if _names(message, schema.picture_field):
        return "the photo the way it was sent"
    named = _named_field(message, schema)
    return f"the value of “{schema.param(named).label}”" if named else "the request"


def _named_field(message: str, schema: ModelSchema) -> str:
    return next((param.name for param in schema.params if _names(message, param.name)), "")


def _names(message: str, field: str) -> bool:
    return re.search(rf"\b{re.escape(field)}\b", message) is not None


def _quoted(message: str) -> str:
    return f"It says: {message.rstrip('.')}." if message else ""


def _said(refusal: Refusal, longest: int = LONGEST_MESSAGE) -> _Said:
    try:
        body = parse_json(refusal.body)
    except AnswerUnreadable:
        text = page_text(refusal.body) if refusal.body.strip() else ""
        return _Said(redacted(text, refusal.key), "", request_id_of(None, refusal.headers))
    given = body if isinstance(body, dict) else {"message": body}
    error = given.get("error")
    data = error.get("data") if isinstance(error, dict) else None
    kind = data.get("kind") if isinstance(data, dict) else given.get("kind")
    message = redacted(_message(given, error), refusal.key)
    return _Said(
        plain(message, longest),
        kind if isinstance(kind, str) else "",
        request_id_of(given, refusal.headers),
    )


def _message(given: Mapping[str, object], error: object) -> str:
    inner = error.get("message") if isinstance(error, dict) else error
    candidates = (given.get("message"), inner, given.get("title"))
    return next((text for each in candidates if (text := _joined(each))), "")


def _joined(value: object) -> str:
    parts = value[:5] if isinstance(value, list) else [value]
    texts = (each.get("message") if isinstance(each, dict) else each for each in parts)
    return "; ".join(text.strip() for text in texts if isinstance(text, str) and text.strip())


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
