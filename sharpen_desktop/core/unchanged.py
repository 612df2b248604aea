"""Why the engine on this computer leaves a photo as it is, and how that is said."""

from typing import Literal

Unchanged = Literal[
    "",
    "sharp",
    "no motion",
    "no missed focus",
    "no softness",
    "too small",
    "too plain",
    "several motions",
    "camera shake",
    "harm",
]
"""Empty where something is changed."""
WORDS: dict[Unchanged, str] = {
    "sharp": "already sharp",
    "no motion": "no motion found",
    "no missed focus": "no missed focus found",
    "no softness": "no softness found",
    "too small": "too small to measure",
    "too plain": "nothing to sharpen",
    "several motions": "several motions",
    "camera shake": "it looks like camera shake",
    "harm": "undoing this blur would do harm",
}
OTHER_MODE = "Another mode may find more."
NEXT: dict[Unchanged, str] = {
    "no motion": OTHER_MODE,
    "no missed focus": OTHER_MODE,
    "no softness": OTHER_MODE,
    "camera shake": "Motion Blur may undo it.",
}
BY_STRENGTH: frozenset[Unchanged] = frozenset({"several motions", "camera shake", "harm"})
"""With a strength chosen by hand, something may be done all the same."""


def sentence(start: str, why: Unchanged) -> str:
    """Return why nothing is changed after ``start``, and what to do where that is known; "" where something is."""
    return f"{start}: {WORDS[why]}. {NEXT.get(why, '')}".rstrip() if why else ""
