"""What can go wrong between this computer and the service, in sentences.

Three classes: nothing was sent; the request left only in part (a server cannot act on part of a JSON text
whose length was announced); the whole request had left, and nobody here knows what became of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.request import getproxies, proxy_bypass

from sharpen_desktop.core.errors import Charge, CloudError, Unreachable
from sharpen_desktop.services.cloud.cloud_refusal import LOOK_FIRST

_PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_UNANSWERED = "{} did not answer. Try again later."
_CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


class UploadBroken(CloudError):
    """The request left only in part, because the connection broke or stood still."""


class TooSlow(Unreachable):
    """A question that costs nothing was not answered in time."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The request a sentence is about: the service's host and our own id of the request.

    ``hint``: a further sentence for when no connection came about.
    """

    host: str
    reference: str = ""
    hint: str = ""


def not_found(attempt: Attempt, detail: str) -> Unreachable:
    """Return the error for a host name nobody knows, which mostly means that there is no network."""
    return _unreachable(
        attempt,
        f"{attempt.host} could not be found, so nothing was sent. "
        f"Check the internet connection, then try again.{attempt.hint}",
        detail,
    )


def not_answering(attempt: Attempt, detail: str) -> Unreachable:
    """Return the error for a host that refuses connections or lets them hang."""
    return _unreachable(
        attempt,
        f"{attempt.host} does not answer, so nothing was sent. "
        f"Check the internet connection, or try again later.{attempt.hint}",
        detail,
    )


def not_secure(attempt: Attempt, detail: str) -> Unreachable:
    """Return the error for a connection whose encryption or certificate fails."""
    return _unreachable(
        attempt,
        f"No secure connection to {attempt.host}, so nothing was sent. "
        "A company proxy, a virus scanner or a wrong date on this computer can be the reason.",
        detail,
        is_retryable=False,
    )


def proxy_refused(attempt: Attempt, detail: str) -> Unreachable:
    """Return the error for a proxy that does not let the request through."""
    return _unreachable(
        attempt,
        f"The proxy does not let this computer reach {attempt.host}, so nothing was sent. "
        "Check the proxy settings.",
        detail,
        is_retryable=False,
    )


def setting_unusable(setting: str, detail: str, *, needs_restart: bool = True) -> Unreachable:
    """Return the error for a proxy or certificate setting that no connection can be made with.

    ``needs_restart``: whether the program sees a correction only when it starts again.
    """
    then = ", then start the program again" if needs_restart else ""
    return _unreachable(
        Attempt(""),
        f"{setting} cannot be used, so nothing was sent. Correct or remove it{then}.",
        detail,
        is_retryable=False,
    )


def address_unusable(attempt: Attempt, detail: str) -> Unreachable:
    """Return the error for a service address that is none."""
    return _unreachable(
        attempt,
        "The address of the service cannot be used, so nothing was sent. Check SHARPEN_API_URL.",
        detail,
        is_retryable=False,
    )


def picture_unreadable(attempt: Attempt, detail: str) -> CloudError:
    """Return the error for a prepared picture that vanished or changed while it was sent."""
    return _not_sent(
        attempt,
        "The photo prepared for sending could not be read, so it was not sent. Try again.",
        detail,
        kind=CloudError,
    )


def upload_stopped(attempt: Attempt, detail: str, stalled_s: float | None = None) -> UploadBroken:
    """Return the error for a request that left only in part; ``stalled_s`` when it just stood still."""
    what = "broke off the upload" if stalled_s is None else f"took nothing more for {stalled_s:g} seconds"
    return _not_sent(
        attempt,
        f"The service {what}. The photo may be too large for it: scale it down, or try again.",
        detail,
        kind=UploadBroken,
    )


def upload_too_slow(attempt: Attempt, detail: str, after_s: float) -> CloudError:
    """Return the error for an upload that was still going on at the deadline."""
    return _not_sent(
        attempt,
        f"The upload was not finished after {_span(after_s)}. Scale the photo down, or try again later.",
        detail,
        kind=CloudError,
    )


def answer_lost(attempt: Attempt, detail: str, waited_s: float | None = None) -> CloudError:
    """Return the error for an answer that never came; ``waited_s`` when the connection stood to the end."""
    what = (
        "The connection broke after the photo had been sent"
        if waited_s is None
        else f"The service has not answered within {_span(waited_s)}, and it has the photo"
    )
    return CloudError(
        f"{what}. {LOOK_FIRST}",
        detail=_with_reference(detail, attempt),
        charge=Charge.UNKNOWN,
        request_id=attempt.reference,
    )


def question_unanswered(attempt: Attempt, detail: str) -> Unreachable:
    """Return the error for a question that costs nothing (balance, price, log) and got no answer."""
    return _unreachable(attempt, _UNANSWERED.format(attempt.host), detail)


def question_too_slow(attempt: Attempt, detail: str) -> TooSlow:
    """Return the error for a question that costs nothing and was not answered in time."""
    return _not_sent(attempt, _UNANSWERED.format(attempt.host), detail, kind=TooSlow)


def blamed_setting(environ: Mapping[str, str], *, is_certificate: bool) -> str:
    """Return, as the beginning of a sentence, which setting keeps connections from being made.

    The value is left out: a proxy's may hold a password.
    """
    names = _CERTIFICATE_VARIABLES if is_certificate else _PROXY_VARIABLES
    given = [name for name in names if environ.get(name)]
    guilty = given if is_certificate else [name for name in given if not _is_plain_proxy(environ[name])]
    named = guilty or given
    if not named:
        return "The certificate or proxy setting of this computer"
    kind = "certificate" if is_certificate else "proxy"
    return f"The {kind} setting {named[0]} of this computer"


def proxy_hint(environ: Mapping[str, str], scheme: str, host: str) -> str:
    """Return a sentence, with a space before it, about the proxy ``host`` is reached through; else nothing."""
    if not {scheme, "all"} & set(getproxies()) or proxy_bypass(host):
        return ""
    names = (f"{scheme.upper()}_PROXY", f"{scheme}_proxy", "ALL_PROXY", "all_proxy")
    name = next((name for name in names if environ.get(name)), "the system's setting")
    return f" This computer goes through a proxy ({name}): check that too."


def _is_plain_proxy(value: str) -> bool:
    scheme, mark, rest = value.partition("://")
    return not mark or (scheme.lower() in {"http", "https"} and bool(rest))


E = TypeVar("E", bound=CloudError)


def _unreachable(attempt: Attempt, headline: str, detail: str, *, is_retryable: bool = True) -> Unreachable:
    return _not_sent(attempt, headline, detail, is_retryable=is_retryable, kind=Unreachable)


def _not_sent(attempt: Attempt, headline: str, detail: str, *, kind: type[E], is_retryable: bool = True) -> E:
    return kind(
        headline,
        detail=_with_reference(detail, attempt),
        charge=Charge.NONE,
        retryable=is_retryable,
        request_id=attempt.reference,
    )


def _with_reference(detail: str, attempt: Attempt) -> str:
    return f"{detail}\nOur reference: {attempt.reference}" if attempt.reference else detail


def _span(seconds: float) -> str:
    return f"{seconds / 60:g} minutes" if seconds >= 120 else f"{seconds:g} seconds"
