"""A run: one request to an engine, from the press of the button to its end."""

from dataclasses import KW_ONLY, dataclass
from enum import Enum

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.picture import Fingerprint, Master
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.core.study import Auto


class Phase(Enum):
    """Where a run stands; the value is what the status bar says."""

    PREPARING = "Preparing"
    MEASURING = "Measuring"
    SHARPENING = "Sharpening"
    FINISHING = "Finishing"
    UPLOADING = "Uploading"
    WAITING = "Waiting for the service"
    BUSY = "The service is busy"
    DOWNLOADING = "Downloading"


@dataclass(frozen=True, slots=True)
class Progress:
    """``fraction`` 0–1 of the phase's own work for the cloud and of the whole run for the local engine.

    ``None`` when nobody knows. ``is_paid_risk`` is true once the whole request has left the computer, until
    the service has refused it unprocessed. ``again_in_s``: seconds until the next try, while one is waited for.
    """

    phase: Phase
    fraction: float | None = None
    is_paid_risk: bool = False
    again_in_s: float | None = None


@dataclass(frozen=True, slots=True)
class SharpenRequest:
    """The one request value both engines take.

    ``strokes``, for the local engine: what was painted on the subject. The rest is for the cloud only.
    ``photo_name`` and ``photo_path`` go into the journal, never to the service. ``quote_usd``: the price that was
    shown, ``None`` when none was known. ``is_again``: the user has said that this may be paid a second time.
    ``limit_usd``: what may be spent in 24 hours, ``None`` without limit; ``call_limit_usd`` the same for the runs
    of ``call_id`` (one call of the command line). ``most_bytes``: the picture is sent scaled down to so many bytes,
    0 for its own size. ``web_address``: the public https address the photo came from, empty when it came from
    anywhere else.
    """

    run_id: str
    engine: EngineName
    settings: Settings
    source: Master
    _: KW_ONLY
    fingerprint: Fingerprint = Fingerprint()  # noqa: RUF009 - a frozen value
    strokes: Strokes = ()
    photo_name: str = ""
    photo_path: str = ""
    quote_usd: float | None = None
    is_again: bool = False
    limit_usd: float | None = None
    call_limit_usd: float | None = None
    call_id: str = ""
    web_address: str = ""
    most_bytes: int = 0


@dataclass(frozen=True, slots=True)
class SharpenResult:
    """What a run came back with.

    ``file``: the result as stored in the data folder. ``cost_usd``: real cost, ``None`` when unknown, 0.0
    for the local engine; ``is_cost_estimated`` when it was worked out from credits. ``finding``: what the
    local engine found ("defocus, radius 3.1 px"). ``note``: anything the user should know about the result.
    ``paid_on``: when it was paid for, in seconds since 1970, for a stored result that was not bought now. ``took``:
    the strength and minor denoise the local engine has used, chosen by itself where they were Auto.
    """

    file: str
    seconds: float
    cost_usd: float | None = None
    is_cost_estimated: bool = False
    finding: str = ""
    note: str = ""
    request_id: str = ""
    others: tuple[str, ...] = ()
    paid_on: float | None = None
    took: Auto | None = None


@dataclass(frozen=True, slots=True)
class WaitingPhoto:
    """One photo of the queue as it is kept for the next start, without what was painted on its subject."""

    path: str
    engine: EngineName
    settings: Settings
