"""Runs as the window shows them: waiting, going on, failed; and what a batch of them has come to."""

from dataclasses import dataclass
from enum import Enum

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.errors import Charge
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.settings import EngineName, Settings


class Pause(Enum):
    """Why waiting cloud runs do not start; the value says what to do, in one sentence."""

    NONE = ""
    USER = "The queue is paused."
    KEY = "The queue waits for a key the service accepts."
    CREDIT = "The queue waits: the account at the service has no money left. Top it up, then resume."
    LIMIT = "The queue waits: the limit you set for 24 hours is reached."
    DISK = "The queue waits: the disk is too full to keep results. Make some room, then resume."
    SERVICE = "The queue waits: the service cannot be reached."


@dataclass(frozen=True, slots=True)
class Run:
    """A run in the list of variants: waiting in the queue, going on, or ended badly. Good ends are variants.

    ``is_waiting``: in the queue, not begun. ``is_left``: the user no longer waits for it; its answer is kept
    when it comes. ``is_again``: the user has agreed that it may be paid for a second time. ``in_batch``: one
    of *Sharpen all*. ``is_in_doubt``: it failed and may have been charged; the service's log is being asked.
    ``most_bytes``: a smaller copy is sent, of at most so many bytes; 0 for the photo's own size.
    ``strokes``: what was painted on the photo's subject when it was queued.
    """

    id: str
    photo_id: str
    engine: EngineName
    title: str
    settings: Settings
    progress: Progress | None = None
    started_s: float = 0.0
    problem: str = ""
    is_waiting: bool = False
    is_left: bool = False
    is_again: bool = False
    in_batch: bool = False
    is_in_doubt: bool = False
    most_bytes: int = 0
    strokes: Strokes = ()

    @property
    def is_going(self) -> bool:
        """Whether the run has begun and not ended, and the user waits for it."""
        return not (self.problem or self.is_waiting or self.is_left)

    @property
    def is_busy(self) -> bool:
        """Whether an engine is at work on it, whether or not the user still waits."""
        return not (self.problem or self.is_waiting)

    @property
    def is_receiving(self) -> bool:
        """Whether a paid picture has come and is being opened."""
        return self.engine == "cloud" and self.progress is not None and self.progress.phase is Phase.FINISHING

    @property
    def is_at_service(self) -> bool:
        """Whether the whole request has left and its answer has not come: stopping may cost."""
        has_left = self.progress is not None and self.progress.is_paid_risk
        return self.engine == "cloud" and has_left and not self.is_receiving


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one photo of a batch ended. ``problem`` is empty for success."""

    photo_id: str
    name: str
    problem: str = ""
    cost_usd: float | None = None
    charge: Charge | None = None
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """*Sharpen all*: what it is made of and how its photos have ended so far.

    ``quote_usd``: the total that was agreed to, ``None`` when no price was known or it is free.
    """

    engine: EngineName
    run_ids: tuple[str, ...]
    outcomes: tuple[Outcome, ...] = ()
    quote_usd: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether every photo has ended."""
        return len(self.outcomes) >= len(self.run_ids)
