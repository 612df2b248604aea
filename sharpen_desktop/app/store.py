"""Holds the one AppState and tells listeners when it has become a different one."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from sharpen_desktop.core.state import AppState

P = ParamSpec("P")
Listener = Callable[[AppState], None]


class Store:
    """Owner of the state; used from one thread only."""

    def __init__(self, state: AppState) -> None:
        self._state = state
        self._listeners: list[Listener] = []

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
        for listener in tuple(self._listeners):
            listener(state)

    def subscribe(self, listener: Listener) -> None:
        """Tell ``listener`` of every new state from now on."""
        self._listeners.append(listener)
