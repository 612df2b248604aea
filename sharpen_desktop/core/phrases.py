"""Amounts, times and sizes as people say them."""

import math
from collections.abc import Callable
from datetime import UTC, datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def dollars(usd: float) -> str:
    """Return a real cost, "$0.105"; one too small for three decimals keeps its first digit: "$0.0002"."""
    if usd == 0 or usd >= 0.0005:
        return f"${usd:.3f}"
    return f"${usd:.{1 - math.floor(math.log10(abs(usd))) - 1}f}"


def amount(usd: float) -> str:
    """Return a sum, "$5.00"; below a cent it keeps its first digit."""
    if usd and usd < 0.01:
        return dollars(usd)
    return f"${math.floor(usd * 100 + 0.5 + 1e-9) / 100:.2f}"


def about(usd: float) -> str:
    """Return an expected price, "≈ $0.11"."""
    return f"≈ {amount(usd)}"


def duration(seconds: float) -> str:
    """Return "0.4 s", "14 s" or "2 min 5 s"."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def megapixels(width: int, height: int) -> str:
    """Return "24.0 MP"."""
    return f"{width * height / 1e6:.1f} MP"


def file_size(size: int) -> str:
    """Return "812 KB", "9.4 MB" or "3.1 GB"; ``size`` in bytes."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{math.ceil(size / 1000)} KB"


def count_of(count: int, thing: str) -> str:
    """Return "1 photo", "12 photos"."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def wrapped(line: str, fits: Callable[[str], bool]) -> tuple[str, ...]:
    """Return a line of parts with " · " between them as lines that fit, broken between parts only."""
    lines: list[str] = []
    for part in line.split(" · "):
        longer = f"{lines[-1]} · {part}" if lines else part
        if lines and fits(longer):
            lines[-1] = longer
        else:
            lines.append(part)
    return tuple(lines)


def day(when_s: float) -> str:
    """Return "3 May"; seconds since 1970, in this computer's time zone."""
    when = _local(when_s)
    return f"{when.day} {_MONTHS[when.month - 1]}"


def clock(when_s: float, now_s: float) -> str:
    """Return "12:04" for a time of the same day as ``now_s``, else "3 May 12:04"."""
    when = _local(when_s)
    time = f"{when.hour}:{when.minute:02}"
    return time if when.date() == _local(now_s).date() else f"{day(when_s)} {time}"


def _local(when_s: float) -> datetime:
    return datetime.fromtimestamp(when_s, UTC).astimezone()
