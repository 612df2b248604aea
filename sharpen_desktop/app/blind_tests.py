"""Blind tests: begun, answered, ended; and kept blind while they go on."""

from collections.abc import Callable
from random import Random, SystemRandom
from typing import Concatenate, ParamSpec

from sharpen_desktop.app.store import Store
from sharpen_desktop.core import blind_testing
from sharpen_desktop.core.blind import ROUNDS, Answer
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.state import AppState, View

P = ParamSpec("P")
BUSY = "A blind test is on: both pictures stay where they are. Esc ends it."


class BlindTests:
    """``random`` shuffles the pictures; each round is a throw of its own, so that guessing has an even chance."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.random: Random = SystemRandom()

    def begin(self) -> None:
        """Compare the two sides of the current photo blindly."""
        shuffles = tuple(self.random.random() < 0.5 for _ in range(ROUNDS))
        self._store.apply(blind_testing.blind_begun, shuffles)

    def answer(self, answer: Answer) -> None:
        """Prefer one of the pictures that are shown, or neither."""
        self._store.apply(blind_testing.blind_answered, answer)

    def end(self) -> None:
        """End the test, or put its outcome away."""
        self._store.apply(blind_testing.blind_ended)

    def choose_view(self, view: View) -> None:
        """Show the two with a divider or beside each other; nothing else keeps them apart and unknown."""
        if view in ("split", "side_by_side"):
            self._store.apply(blind_testing.blind_viewed, view)
        else:
            self._store.apply(status_said, BUSY)

    def turn(self) -> None:
        """Turn the two by 90°."""
        self._store.apply(blind_testing.blind_turned)

    def unless_on(
        self, change: Callable[Concatenate[AppState, P], AppState], *given: P.args, **more: P.kwargs
    ) -> None:
        """Apply a change of what is compared, but not while a test goes on: it would tell which is which."""
        if self._store.state.is_blind:
            self._store.apply(status_said, BUSY)
        else:
            self._store.apply(change, *given, **more)
