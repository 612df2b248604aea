"""What follows from a frozen value, found when it is first asked for and kept with the value."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

V = TypeVar("V")
T = TypeVar("T")


class Derived(Generic[V, T]):
    """As ``property``, but the method is called once for each value.

    The value is a frozen dataclass with a field ``found`` of its own: ``field(default_factory=dict, init=False,
    repr=False, compare=False)``. ``replace`` gives the new value an empty one, and no two values are told apart by it.
    """

    def __init__(self, find: Callable[[V], T]) -> None:
        self._find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, value: None, owner: type) -> Self: ...

    @overload
    def __get__(self, value: V, owner: type) -> T: ...

    def __get__(self, value: V | None, owner: type) -> Self | T:
        if value is None:
            return self
        found: dict[str, Any] = value.found  # type: ignore[attr-defined]
        if self._name not in found:
            found[self._name] = self._find(value)
        answer: T = found[self._name]
        return answer
