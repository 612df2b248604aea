"""What the check of a result that has come found, beside the photo it was made from."""

from dataclasses import dataclass

Shift = tuple[float, float]
"""Pixels of the result to the right and down."""

Gains = tuple[float, float, float]
"""Factors of R, G and B in linear light."""


@dataclass(frozen=True, slots=True)
class Mend:
    """What is taken back: ``shift`` in pixels of the result (right, down), ``gains`` of R, G, B in linear light.

    ``None`` leaves that part alone.
    """

    shift: Shift | None = None
    gains: Gains | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """``notes``: plain sentences, one for each thing that is not as it should be; empty when all is well.

    ``shift`` and ``gains`` are there only where taking them back helps.
    """

    notes: tuple[str, ...] = ()
    shift: Shift | None = None
    gains: Gains | None = None
