"""How much of a result is laid over another picture, and where: values only."""

from dataclasses import dataclass

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.picture import Display, Master


@dataclass(frozen=True, slots=True)
class Mix:
    """``share`` of a result, 0–1, is laid over a base in linear light.

    ``base``: the id of a variant, taken without a mix of its own; empty for the original. ``strokes`` limit where the
    result shows at all: it shows where they add; without any it shows everywhere.
    """

    share: float = 1.0
    base: str = ""
    strokes: Strokes = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing but the result is seen."""
        return self.share == 1.0 and not self.strokes

    @property
    def text(self) -> str:
        """What a row says of it: "mix 61 %", "mix painted"; empty where nothing but the result is seen."""
        if self.is_whole:
            return ""
        return "mix painted" if self.share == 1.0 else f"mix {percent(self.share)}"

    def looks_like(self, other: "Mix") -> bool:
        """Return whether another mix comes to the same picture."""
        return self == other or (self.is_whole and other.is_whole)


def percent(share: float) -> str:
    """Return a share as it is shown."""
    return f"{round(share * 100)} %"


def begins_full(strokes: Strokes) -> bool:
    """Return whether the result shows everywhere before the first stroke: who erases first, erases from all of it."""
    return not strokes or not strokes[0].adds


@dataclass(frozen=True, slots=True)
class MixWish:
    """A mix to be made: ``result`` over ``base``; ``share`` and ``strokes`` as in ``Mix``."""

    result: Master
    base: Master
    share: float
    strokes: Strokes


@dataclass(frozen=True, slots=True)
class Mixed:
    """What a mix has come to: ``display`` for the screen and ``master`` to be saved, both in the master's folder."""

    wish: MixWish
    display: Display
    master: Master
