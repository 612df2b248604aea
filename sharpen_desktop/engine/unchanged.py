"""Why a picture is left as it is: a name a program can ask for, and the words a person reads."""

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
}


LEFT = "left as it is"
CALMED = "only grain calmed"
"""What is said instead where minor denoise was asked for."""


def left(why: Unchanged) -> str:
    """Return why a picture is left as it is, where nothing was found that could be named."""
    return f"{WORDS[why]}: {LEFT}"
