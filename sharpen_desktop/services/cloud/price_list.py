"""The price of one run in the service's catalogue. Pure.

The catalogue's form has changed before, so several are understood. A price that cannot be told for sure is unknown:
one a megapixel, one that depends on settings, and never 0 for none.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sharpen_desktop.services.cloud.wire import CREDITS_PER_DOLLAR, amount_of

A_RUN = frozenset(
    {"", "image", "picture", "photo", "request", "generation", "run", "call", "item", "output", "unit"}
)
"""Units that mean one run."""

_NAMES = ("price", "usd", "price_usd", "cost", "amount", "per_image", "per_request", "image", "request")
_CREDITS = ("credits", "price_credits")
_LISTS = ("units", "variants", "prices", "tiers")
_CURRENCIES = frozenset({"", "usd", "$"})


def price_of(catalogue: object, model: str) -> float | None:
    """Return what one run of ``model`` costs in dollars, ``None`` when the catalogue does not say it for sure."""
    for entry in _entries(catalogue):
        if model in _names_of(entry):
            pricing = entry.get("pricing", entry.get("price"))
            found = set(_prices(pricing))
            return found.pop() if len(found) == 1 else None
    return None


def _entries(catalogue: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(catalogue, list):
        yield from (each for each in catalogue if isinstance(each, dict))
    elif isinstance(catalogue, dict):
        yield catalogue
        for name in ("data", "models", "items"):
            if isinstance(catalogue.get(name), list | dict):
                yield from _entries(catalogue[name])


def _names_of(entry: Mapping[str, Any]) -> Iterable[object]:
    aliases = entry.get("aliases")
    return (entry.get("id"), entry.get("alias"), *(aliases if isinstance(aliases, list) else ()))


def _prices(pricing: object) -> Iterator[float | None]:
    """Yield the price of one run wherever it stands; ``None`` for one that is there but not for one run."""
    if isinstance(pricing, list):
        for each in pricing:
            yield from _prices(each)
        return
    if not isinstance(pricing, dict):
        yield _dollars(pricing, 1)
        return
    inner = [pricing[name] for name in _LISTS if isinstance(pricing.get(name), list | dict)]
    if inner:
        yield from _prices(inner)
    else:
        yield _of_unit(pricing)


def _of_unit(pricing: Mapping[str, Any]) -> float | None:
    unit, currency = pricing.get("unit", ""), pricing.get("currency", "")
    if str(unit).lower().removeprefix("per_").removesuffix("s") not in A_RUN:
        return None
    if str(currency).lower() not in _CURRENCIES:
        return None
    per = amount_of(pricing.get("per", 1))
    for names, rate in ((_NAMES, 1), (_CREDITS, CREDITS_PER_DOLLAR)):
        for name in names:
            if name in pricing and per:
                return _dollars(pricing[name], rate * per)
    return None


def _dollars(value: object, divisor: float) -> float | None:
    told = amount_of(value.strip().removeprefix("$") if isinstance(value, str) else value)
    return told / divisor if told else None
