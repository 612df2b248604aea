"""Core values <-> what goes over the wire: request fields, and the answer of a run. Pure.

An answer is made by strangers and may already be paid for: nothing in it may crash the reading, and
whatever can still be used of it is used.
"""

import base64
import binascii
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sharpen_desktop.core.schema import ModelSchema, Value
from sharpen_desktop.core.settings import Settings, effective, from_mapping

CREDITS_PER_DOLLAR = 2_000_000
LONGEST_ID = 128

_MEDIA_TYPE = re.compile(r"image/[a-z0-9.+-]+")
_DATA_PREFIX = re.compile(r"data:[^,]{0,200},", re.IGNORECASE)


class AnswerUnreadable(ValueError):
    """The service's answer holds no picture that can be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run cost; ``usd`` is ``None`` when the answer does not say."""

    usd: float | None = None
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class AnswerPicture:
    """One picture of an answer: as base64, as an address, or both; base64 goes first."""

    b64: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A readable answer: at least one picture, in the service's order."""

    pictures: tuple[AnswerPicture, ...]
    cost: Cost
    request_id: str = ""


def request_fields(schema: ModelSchema, settings: Settings) -> dict[str, Value]:
    """Return the fields of a request except the picture: the model and every field with a value and effect.

    Fields with a default are always there, because what the user sees must not depend on the service's own
    idea of it; fields left to the service (Auto) are absent.
    """
    whole = from_mapping(schema, dict(settings.items))
    return {"model": schema.model, **dict(effective(schema, whole, "cloud"))}


def body_head_and_tail(schema: ModelSchema, settings: Settings, media_type: str) -> tuple[bytes, bytes]:
    """Return the JSON before and after the base64 of the picture; ValueError for a strange media type."""
    kind = media_type.strip().lower()
    if not _MEDIA_TYPE.fullmatch(kind):
        raise ValueError("not the media type of a picture")
    fields = json.dumps(request_fields(schema, settings))
    picture = json.dumps(schema.picture_field)
    return f'{fields[:-1]}, {picture}: "data:{kind};base64,'.encode("ascii"), b'"}'


def parse_json(body: bytes) -> Any:  # noqa: ANN401  # JSON may be anything
    """Return the JSON value in ``body``; AnswerUnreadable whatever is wrong with it."""
    try:
        return json.loads(body, parse_int=_whole_number)
    except (ValueError, RecursionError, MemoryError) as error:
        raise AnswerUnreadable(f"the answer is not JSON ({type(error).__name__})") from error


def parse_answer(body: bytes, headers: Mapping[str, str]) -> Answer:
    """Return what a 2xx answer holds; ``headers`` by lower-case name. Raises AnswerUnreadable."""
    answer = parse_json(body)
    if not isinstance(answer, dict):
        raise AnswerUnreadable("the answer is no JSON object")
    pictures = tuple(_pictures(answer.get("data"))) or tuple(_pictures(answer.get("images")))
    if not pictures:
        raise AnswerUnreadable(f"the answer holds no picture{_keys(answer)}")
    return Answer(pictures, cost_of(answer, headers), request_id_of(answer, headers))


def cost_of(answer: object, headers: Mapping[str, str]) -> Cost:
    """Return what the run cost: dollars as told, else worked out from credits, else unknown."""
    usage = _object(_object(_object(answer).get("meta")).get("usage"))
    for told, per_dollar in (
        (headers.get("x-aimlapi-usd-spent"), 1),
        (usage.get("usd_spent"), 1),
        (headers.get("x-aimlapi-credits-used"), CREDITS_PER_DOLLAR),
        (usage.get("credits_used"), CREDITS_PER_DOLLAR),
        (usage.get("tokens_used"), CREDITS_PER_DOLLAR),
    ):
        amount = amount_of(told)
        if amount is not None:
            return Cost(amount / per_dollar, is_estimated=per_dollar != 1)
    return Cost()


def request_id_of(answer: object, headers: Mapping[str, str]) -> str:
    """Return the service's own id of the request, empty when it gave none."""
    given = _object(answer)
    candidates = (
        given.get("requestId"),
        given.get("request_id"),
        headers.get("x-request-id"),
        headers.get("x-inference-id"),
    )
    return next(
        (plain(each, LONGEST_ID) for each in candidates if isinstance(each, str) and each.strip()), ""
    )


def decoded_picture(b64: str) -> bytes:
    """Return the bytes behind base64 text, with or without data-URI prefix and white space.

    Raises AnswerUnreadable for anything that is not base64.
    """
    prefix = _DATA_PREFIX.match(b64.lstrip()[:300])
    text = b64.lstrip()[prefix.end() :] if prefix else b64
    try:
        compact = "".join(text.split()).encode("ascii")
        return base64.b64decode(compact + b"=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise AnswerUnreadable("the picture in the answer is damaged") from error


def amount_of(value: object) -> float | None:
    """Return foreign money or milliseconds as a number, ``None`` for anything but a finite one of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = float(value)
    except (ValueError, OverflowError):
        return None
    return amount if math.isfinite(amount) and amount >= 0 else None


def plain(text: str, longest: int) -> str:
    """Return foreign text as one printable line of at most ``longest`` characters."""
    line = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * longest])
    words = " ".join(line.split())
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def _pictures(items: object) -> Iterator[AnswerPicture]:
    for item in items if isinstance(items, list) else ():
        url, b64 = _text(_object(item).get("url")), _text(_object(item).get("b64_json"))
        if url[:5].lower() == "data:":
            url, b64 = "", b64 or url
        if url or b64:
            yield AnswerPicture(b64, url)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _whole_number(digits: str) -> float | int:
    # Python refuses numbers of thousands of digits; one of them must not cost the picture beside it.
    return int(digits) if len(digits) < 100 else math.inf


def _keys(answer: Mapping[str, Any]) -> str:
    names = ", ".join(plain(str(name), 30) for name in list(answer)[:8])
    return f"; it has: {names}" if names else ""
