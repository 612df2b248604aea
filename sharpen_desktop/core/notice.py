"""What the banner says: one line with its buttons."""

from dataclasses import dataclass
from typing import Literal

from sharpen_desktop.core.errors import Charge
from sharpen_desktop.core.settings import EngineName

NoticeKind = Literal["error", "note", "offer"]
"""An error and an offer stay until they are dismissed or answered; a note leaves by itself."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One line in the banner. ``wishes``: its buttons as (wish, label), at most two.

    ``photo_id`` names the photo a wish is about, ``run_id`` the run of the journal, ``engine`` the engine that
    failed, ``charge`` what that may have cost, ``field`` the setting the service did not accept. The window itself answers "preferences" (their dialog) and
    "top_up" (the account's page); every other wish goes to ``Controller.act``.
    """

    id: str
    kind: NoticeKind
    text: str
    detail: str = ""
    wishes: tuple[tuple[str, str], ...] = ()
    photo_id: str = ""
    engine: EngineName | None = None
    charge: Charge | None = None
    run_id: str = ""
    field: str = ""
    most_bytes: int = 0
