"""What stands behind an error: the HTTP library often says nothing itself, and its first cause knows."""

from collections.abc import Iterator


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and everything that led to it, the first cause last."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            members = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
            waiting += [each for each in (one.__cause__, one.__context__, *members) if each]


def text_of(error: Exception) -> str:
    """Return what the error and its first cause say, as one line."""
    first = tuple(causes_of(error))[-1]
    said = [f"{type(each).__name__}: {each}" for each in dict.fromkeys((error, first))]
    return " / ".join(said)
