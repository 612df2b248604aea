"""A paid run as the journal knows it: where it stands, what it was for, what it has cost."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import Enum
from typing import Any

from sharpen_desktop.core.picture import Fingerprint
from sharpen_desktop.core.schema import ModelSchema, Value
from sharpen_desktop.core.settings import Settings, effective

SAME_VALUES: Mapping[Value, Value] = {"jpg": "jpeg", "tif": "tiff"}


class Stage(Enum):
    """Where a paid run stands.

    ``PREPARED``: the upload is ready, nothing has left. ``SENDING``: bytes may have left. ``ANSWERED``: the raw
    answer is on disk. ``STORED``: the picture is in the store. ``SAVED``: the user has a file of it, too.
    ``REFUSED``: ended without a charge. ``UNKNOWN``: it may have been charged, and nobody here knows.
    ``PAID_UNREADABLE``: an answer came that holds no picture. ``EXPIRED``: the picture's address no longer
    works. ``LOST``: charged, says the service's log, and the picture never came. ``UNTRACED``: the service's
    log has no trace of it, so sending again is probably safe.
    """

    PREPARED = "prepared"
    SENDING = "sending"
    ANSWERED = "answered"
    DOWNLOADING = "downloading"
    STORED = "stored"
    SAVED = "saved"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    PAID_UNREADABLE = "paid_unreadable"
    EXPIRED = "expired"
    LOST = "lost"
    UNTRACED = "untraced"


_ENDS = frozenset({Stage.STORED, Stage.PAID_UNREADABLE, Stage.EXPIRED})
STEPS: Mapping[Stage, frozenset[Stage]] = {
    Stage.PREPARED: frozenset({Stage.SENDING, Stage.REFUSED}),
    Stage.SENDING: frozenset({Stage.SENDING, Stage.ANSWERED, Stage.REFUSED, Stage.UNKNOWN}),
    Stage.ANSWERED: _ENDS | {Stage.DOWNLOADING},
    Stage.DOWNLOADING: _ENDS | {Stage.DOWNLOADING},
    Stage.STORED: frozenset({Stage.SAVED, Stage.STORED}),
    Stage.SAVED: frozenset({Stage.SAVED, Stage.STORED}),
    Stage.REFUSED: frozenset(),
    Stage.UNKNOWN: frozenset({Stage.UNKNOWN, Stage.LOST, Stage.REFUSED, Stage.UNTRACED, Stage.ANSWERED}),
    Stage.PAID_UNREADABLE: _ENDS | {Stage.DOWNLOADING},
    Stage.EXPIRED: _ENDS | {Stage.DOWNLOADING},
    Stage.LOST: frozenset({Stage.ANSWERED}),
    Stage.UNTRACED: frozenset({Stage.ANSWERED, Stage.LOST, Stage.REFUSED, Stage.UNKNOWN}),
}
"""The allowed steps: what a run may become next. An answer that comes after all is always taken."""

HAS_RESULT = frozenset({Stage.STORED, Stage.SAVED})
IN_DOUBT = frozenset({Stage.SENDING, Stage.UNKNOWN, Stage.UNTRACED})
"""Stages in which nobody knows yet whether the run was charged."""

TO_FETCH = frozenset({Stage.ANSWERED, Stage.DOWNLOADING})
OPEN = IN_DOUBT | TO_FETCH | {Stage.PREPARED}
"""Stages that are no end: the program still has something to do or to ask."""


@dataclass(frozen=True, slots=True)
class PaidRun:
    """One row of the journal; also the sidecar beside a stored result, from which a lost row is rebuilt.

    ``reference``: our own id, sent as X-Client-Request-Id. ``request_id``: the service's. ``asked``: the
    canonical parameters (see ``asked_for``). Times in seconds since 1970. ``answer``: file of the raw answer.
    ``files``: the pictures in the store, the first is the one shown. ``problem``: what is to be told.
    ``coding``: Content-Encoding of the raw answer. ``call_id``: which call of the command line it belongs to.
    ``tries``: how often it was sent; all but the last were refused unprocessed.
    """

    run_id: str
    stage: Stage
    reference: str
    model: str
    asked: str
    fingerprint: Fingerprint = Fingerprint()  # noqa: RUF009 - a frozen value
    settings: Settings = Settings()  # noqa: RUF009 - a frozen value
    photo_name: str = ""
    photo_path: str = ""
    width: int = 0
    height: int = 0
    created_s: float = 0.0
    changed_s: float = 0.0
    quote_usd: float | None = None
    cost_usd: float | None = None
    is_cost_estimated: bool = False
    request_id: str = ""
    upload_sha256: str = ""
    answer: str = ""
    coding: str = ""
    files: tuple[str, ...] = ()
    saved_to: str = ""
    problem: str = ""
    call_id: str = ""
    tries: int = 0

    @property
    def has_result(self) -> bool:
        """Whether its picture is in the store."""
        return self.stage in HAS_RESULT

    @property
    def is_in_doubt(self) -> bool:
        """Whether it may have been charged and nobody knows yet."""
        return self.stage in IN_DOUBT

    def is_for(self, fingerprint: Fingerprint, model: str, asked: str) -> bool:
        """Return whether the run asked the same of the same photo."""
        return self.model == model and self.fingerprint.is_same(fingerprint) and _is_same(self.asked, asked)


def asked_for(schema: ModelSchema, settings: Settings) -> str:
    """Return what a run asks of the service, the same text for the same request.

    Fields left to the service (Auto) and fields without effect are absent; jpg is jpeg, tif is tiff; a default
    of 0 is the 0.0 a slider gives.
    """
    fields_sent = {
        name: SAME_VALUES.get(value, value) for name, value in effective(schema, settings, "cloud")
    }
    numbers = {
        name: round(float(value), 6) for name, value in fields_sent.items() if type(value) in (int, float)
    }
    return json.dumps({**fields_sent, **numbers}, sort_keys=True)


def _is_same(one: str, other: str) -> bool:
    """Return whether two runs asked the same; rows written before numbers had one form are known, too."""
    if one == other:
        return True
    try:
        return bool(json.loads(one) == json.loads(other))  # 0 and 0.0 are equal here
    except ValueError:
        return False


def to_json(run: PaidRun) -> dict[str, Any]:
    """Return a run as plain JSON values."""
    plain = asdict(run)
    return {**plain, "stage": run.stage.value, "settings": dict(run.settings.items), "files": list(run.files)}


def from_json(data: Mapping[str, Any]) -> PaidRun:
    """Return a run from JSON values; fields nobody knows are dropped. ValueError when it is none."""
    try:
        known = {each.name: data[each.name] for each in fields(PaidRun) if each.name in data}
        known["stage"] = Stage(data["stage"])
        known["fingerprint"] = Fingerprint(**data.get("fingerprint", {}))
        known["settings"] = Settings(tuple(sorted(data.get("settings", {}).items())))
        known["files"] = tuple(data.get("files", ()))
        return PaidRun(**known)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"no record of a paid run ({type(error).__name__})") from error


def stepped(run: PaidRun, stage: Stage, now_s: float, **changes: Any) -> PaidRun:  # noqa: ANN401 - PaidRun's fields
    """Return the run at its next stage; ValueError for a step that is not allowed."""
    if stage not in STEPS[run.stage]:
        raise ValueError(f"a run that is {run.stage.value} cannot become {stage.value}")
    return replace(run, stage=stage, changed_s=now_s, **changes)
