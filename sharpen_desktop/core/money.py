"""Prices, costs and the limit on spending. US dollars throughout."""

from dataclasses import dataclass

_UNITS_UP_TO_MP = ((24.0, 1), (40.0, 2), (64.0, 3), (100.0, 5))
"""The model's own price steps by megapixels; above the last nobody has published one."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What one run of up to 24 MP costs, and when the service said so (seconds since 1970)."""

    usd: float
    as_of_s: float


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left in the account at the service, and when it was asked (seconds since 1970)."""

    amount: float
    currency: str
    as_of_s: float


@dataclass(frozen=True, slots=True)
class Spending:
    """What runs have cost. ``reserved_usd``: quotes of runs that are out or whose cost nobody knows.

    ``unpriced``: how many of those had no quote either.
    """

    spent_usd: float = 0.0
    reserved_usd: float = 0.0
    unpriced: int = 0

    @property
    def total_usd(self) -> float:
        """What counts against a limit."""
        return self.spent_usd + self.reserved_usd


def units(width: int, height: int) -> int | None:
    """Return how many times the base price a picture of this size costs, ``None`` when nobody knows."""
    megapixels = width * height / 1e6
    return next((count for most, count in _UNITS_UP_TO_MP if megapixels <= most), None)


def price(quote: Quote | None, width: int, height: int) -> float | None:
    """Return the expected cost of one run, ``None`` when it is not known."""
    count = units(width, height)
    return None if quote is None or count is None else quote.usd * count


def exceeds(spending: Spending, next_usd: float | None, limit_usd: float | None) -> bool:
    """Return whether one more run at ``next_usd`` would go over the limit.

    A run of unknown price is let through only while something is left.
    """
    if limit_usd is None:
        return False
    left = limit_usd - spending.total_usd
    return left <= 1e-9 if next_usd is None else next_usd > left + 1e-9
