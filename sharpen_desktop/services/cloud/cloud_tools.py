"""What every run at the service needs, put together once by the composition."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sharpen_desktop.core.errors import CloudError
from sharpen_desktop.core.picture import Display, Master, Upload
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.services.cloud.pace import Pace
from sharpen_desktop.services.cloud.service_line import ServiceLine

if TYPE_CHECKING:
    from sharpen_desktop.services.cloud.transports import Transports
    from sharpen_desktop.services.journal import Journal
    from sharpen_desktop.services.result_store import ResultStore


@dataclass(frozen=True, slots=True)
class Places:
    """Folders. ``answers``: raw answers, kept. ``results``: pictures while they come, and the store's own.

    ``spool``: what only a run needs; it is removed after it. ``prices``: prices as last heard.
    """

    answers: Path
    results: Path
    spool: Path
    prices: Path


@dataclass(slots=True)
class Closed:
    """What the service has last said against the account itself, and when (steady seconds): it holds for every run."""

    error: CloudError | None = None
    at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class CloudTools:
    """``key`` is asked at each use.

    ``prepare_upload`` writes the file that leaves this computer to a path, scaled down to so many bytes unless they are 0.

    ``decode_check`` decodes a picture strictly, away from this process, and returns what is wrong with it, empty for
    nothing. ``look`` decodes a picture for the eye.
    """

    schema: ModelSchema
    key: Callable[[], str]
    line: ServiceLine
    transports: "Transports"
    prepare_upload: Callable[[Master, str, int], Awaitable[Upload]]
    journal: "Journal"
    store: "ResultStore"
    places: Places
    decode_check: Callable[[Path], Awaitable[str]]
    look: Callable[[Path], Awaitable[Display]]
    pace: Pace = field(default_factory=Pace)
    closed: Closed = field(default_factory=Closed)
