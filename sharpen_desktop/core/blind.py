"""A blind test of two pictures: shuffled and unlabelled five times, then told what the choices say."""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb
from typing import Literal

ROUNDS = 5
RARE = Fraction(1, 10)
"""What guessing does in at most this part of all tests is called unlikely."""
BlindView = Literal["split", "side_by_side"]
Answer = Literal["first", "second", "none"]
"""The picture that was preferred, as they are numbered on the screen."""
Picked = Literal["a", "b", ""]


@dataclass(frozen=True, slots=True)
class BlindTest:
    """``side_a`` and ``side_b`` are ids of variants of the photo; ``before`` and ``after`` what they are called.

    ``shuffles``: for each round, whether the first picture is side B's. ``picked``: the side that was preferred in
    each round so far, empty for neither. ``view`` and ``is_turned``: how the two are shown meanwhile.
    """

    photo_id: str
    side_a: str
    side_b: str
    before: str
    after: str
    shuffles: tuple[bool, ...]
    picked: tuple[Picked, ...] = ()
    view: BlindView = "side_by_side"
    is_turned: bool = False

    @property
    def is_over(self) -> bool:
        """Whether all rounds have been answered."""
        return len(self.picked) >= len(self.shuffles)

    @property
    def sides(self) -> tuple[str, str]:
        """The variants that are the first and the second picture of this round."""
        is_shuffled = not self.is_over and self.shuffles[len(self.picked)]
        return (self.side_b, self.side_a) if is_shuffled else (self.side_a, self.side_b)

    def answered(self, answer: Answer) -> "BlindTest":
        """Return the test after one round more; unchanged when it is over."""
        if self.is_over:
            return self
        preferred = {"first": self.sides[0], "second": self.sides[1]}.get(answer)
        picked: Picked = "" if preferred is None else "a" if preferred == self.side_a else "b"
        return replace(self, picked=(*self.picked, picked))


def by_guessing(choices: int, agreeing: int) -> Fraction:
    """Return in which part of all tests pure guessing prefers one and the same side at least so often.

    Two tails of the binomial distribution with an even chance, because either side could have been preferred.
    """
    if 2 * agreeing <= choices:
        return Fraction(1)
    tail = sum(comb(choices, number) for number in range(agreeing, choices + 1))
    return min(Fraction(1), Fraction(2 * tail, 2**choices))


def verdict(test: BlindTest) -> str:
    """Return what was preferred and how much that says."""
    rounds = len(test.picked)
    a, b = test.picked.count("a"), test.picked.count("b")
    before, after = f"Before ({test.before})", f"After ({test.after})"
    if a + b == 0:
        return f"You saw no difference between {before} and {after} in any of the {rounds} rounds."
    more, times, less = (after, b, before) if b >= a else (before, a, after)
    parts = [f"{less} {_times(min(a, b))}"] if min(a, b) else []
    if rounds > a + b:
        parts.append(f"saw no difference {_times(rounds - a - b)}")
    said = f"You chose {more} {times} of {rounds} times"
    rest = f"; {' and '.join(parts)}" if parts else ""
    return f"{said}{rest}. {_weight(a + b, times)}"


def _weight(choices: int, agreeing: int) -> str:
    """Return how often guessing does the same, and what follows from that."""
    part = by_guessing(choices, agreeing)
    if choices == 1:
        return "One choice says nothing."
    if part == 1:
        return f"One of the two always gets {agreeing} or more of {choices}, so this says nothing."
    how_often = f"{agreeing} or more" if agreeing < choices else "all"
    chance = "unlikely to be chance" if part <= RARE else "may well be chance"
    tests = f"{part.numerator} of {part.denominator} tests"
    return f"Pure guessing picks the same one {how_often} of {choices} times in {tests}: that {_is(chance)}."


def _is(chance: str) -> str:
    return f"is {chance}" if chance.startswith("unlikely") else chance


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
