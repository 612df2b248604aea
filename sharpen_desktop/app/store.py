"""Holds the one AppState and tells listeners when it has become a different one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec

from sharpen_desktop.core.state import AppState

P = ParamSpec("P")
Listener = Callable[[AppState], None]


class Store:
    """Owner of the state; used from one thread only."""

    def __init__(self, state: AppState) -> None:
        self._state = self._told = state
        self._listeners: list[Listener] = []
        self._gathering = 0

    @property
    def state(self) -> AppState:
        """The state now."""
        return self._state

    def apply(
        self, transition: Callable[Concatenate[AppState, P], AppState], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Put ``transition(state, ...)`` in force; listeners hear of it if it differs."""
        state = transition(self._state, *args, **kwargs)
        if state == self._state:
            return
        self._state = state
        self._tell()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let listeners hear only of what all transitions in the block have come to; nothing is awaited in it.

        For transitions that go together: a window has to be rendered for each of which it hears.
        """
        self._gathering += 1
        try:
            yield
        finally:
            self._gathering -= 1
            self._tell()

    def _tell(self) -> None:
        """Tell of the state; a listener that changes it has told the others of a later one."""
        if self._gathering or self._state is self._told:
            return
        self._told = state = self._state
        for listener in tuple(self._listeners):
            if self._state is state:
                listener(state)

    def subscribe(self, listener: Listener) -> None:
        """Tell ``listener`` of every new state from now on."""
        self._listeners.append(listener)
