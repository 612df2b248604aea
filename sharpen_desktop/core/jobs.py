"""A run: one request to an engine, from the press of the button to its end."""

from dataclasses import dataclass
from enum import Enum

from sharpen_desktop.core.picture import Master
from sharpen_desktop.core.settings import EngineName, Settings


class Phase(Enum):
    """Where a run stands; the value is what the status bar says."""

    PREPARING = "Preparing"
    MEASURING = "Measuring"
    SHARPENING = "Sharpening"
    FINISHING = "Finishing"
    UPLOADING = "Uploading"
    WAITING = "Waiting for the service"
    DOWNLOADING = "Downloading"


@dataclass(frozen=True, slots=True)
class Progress:
    """``fraction`` 0–1 of the phase's own work for the cloud and of the whole run for the local engine.

    ``None`` when nobody knows. ``is_paid_risk`` is true once the whole request has left the computer.
    """

    phase: Phase
    fraction: float | None = None
    is_paid_risk: bool = False


@dataclass(frozen=True, slots=True)
class SharpenRequest:
    """The one request value both engines take."""

    run_id: str
    engine: EngineName
    settings: Settings
    source: Master


@dataclass(frozen=True, slots=True)
class SharpenResult:
    """What a run came back with.

    ``file``: the result as stored in the data folder. ``cost_usd``: real cost, ``None`` when unknown, 0.0
    for the local engine; ``is_cost_estimated`` when it was worked out from credits. ``finding``: what the
    local engine found ("defocus, radius 3.1 px"). ``note``: anything the user should know about the result.
    """

    file: str
    seconds: float
    cost_usd: float | None = None
    is_cost_estimated: bool = False
    finding: str = ""
    note: str = ""
    request_id: str = ""
    others: tuple[str, ...] = ()
