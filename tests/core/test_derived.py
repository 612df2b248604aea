"""What follows from a value is found once, for that value alone."""

import pickle
from dataclasses import dataclass, field, replace
from typing import Any

from sharpen_desktop.core.derived import Derived
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.photo import Photo
from sharpen_desktop.core.photos import photo_chosen
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.state import AppState


@dataclass(frozen=True, slots=True)
class Sum:
    parts: tuple[int, ...]
    found: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @Derived
    def total(self) -> int:
        """All parts together."""
        asked.append(self.parts)
        return sum(self.parts)

    @Derived
    def nothing(self) -> None:
        asked.append(())


asked: list[tuple[int, ...]] = []


def test_it_is_found_once_for_each_value_also_when_it_is_nothing():
    asked.clear()
    one, other = Sum((1, 2)), Sum((3,))
    assert (one.total, one.total, other.total, one.total) == (3, 3, 3, 3)
    assert (one.nothing, one.nothing) == (None, None)
    assert asked == [(1, 2), (3,), ()]


def test_a_value_made_from_another_finds_its_own():
    one = Sum((1, 2))
    assert one.total == 3
    assert replace(one, parts=(5, 5)).total == 10


def test_values_are_the_same_whatever_was_asked_of_them():
    one, other = Sum((1, 2)), Sum((1, 2))
    assert one.total == 3
    assert one == other
    assert hash(one) == hash(other)
    assert repr(one) == repr(other)
    assert pickle.loads(pickle.dumps(one)) == other


def test_the_current_photo_is_looked_for_once_in_a_state(monkeypatch):
    photos = tuple(Photo(str(number), f"{number}.jpg", f"/{number}.jpg") for number in range(3))
    state = AppState(history=begun(Settings(())), photos=photos, current_id="1")
    looked, photo = [], AppState.photo
    monkeypatch.setattr(AppState, "photo", lambda self, wanted: looked.append(wanted) or photo(self, wanted))
    assert {state.current for _ in range(5)} == {photos[1]}
    assert state.can_compare is state.can_swap is False
    assert looked == ["1"]
    assert photo_chosen(state, "2").current is photos[2]
