"""Which ways of handing a picture over each model has taken and refused, remembered between runs."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from sharpen_desktop.core.errors import SaveFailed
from sharpen_desktop.services.safe_file import write_bytes_whole

log = logging.getLogger(__name__)

REFUSED_FOR_S = 30 * 86_400.0
"""A refusal is believed for this long: services change, and asking again is free."""

MOST_BYTES = 1 << 20


class Way(Enum):
    """How a picture gets to the service."""

    ADDRESS = "address"
    REQUEST = "request"
    BUCKET = "bucket"


class Objection(Enum):
    """Why a way was refused: the service does not want the picture so, or it is too much for it."""

    KIND = "kind"
    SIZE = "size"
    RESET = "reset"


class TransportMemory:
    """A small JSON file: for each model and way when it last worked, when it was refused, and what was too large.

    Blocking: call it in a thread. A file that cannot be read is an empty memory; one that cannot be written
    costs no more than another free refusal.
    """

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        self._file = file
        self._now = now

    def is_refused(self, model: str, way: Way, size: int) -> bool:
        """Return whether the model has lately refused this way, or less than ``size`` bytes on it."""
        known = _part(_part(self._read(), model), way.value)
        for name, least in (("refused_s", 0), ("too_large_s", _number(known.get("too_large_bytes")))):
            age = self._now() - _number(known.get(name), otherwise=-REFUSED_FOR_S)
            if abs(age) < REFUSED_FOR_S and size >= least:
                return True
        return False

    def worked(self, model: str, way: Way, size: int) -> None:
        """Note that a picture came through; what was noted against this way is forgotten where it is wrong now."""
        known = dict(_part(_part(self._read(), model), way.value))
        if known.get("worked") is True and "refused_s" not in known and "too_large_s" not in known:
            return
        known.pop("refused_s", None)
        if size >= _number(known.get("too_large_bytes")):
            known.pop("too_large_s", None)
            known.pop("too_large_bytes", None)
        self._write(model, way, {**known, "worked": True})

    def refused(self, model: str, way: Way, objection: Objection, size: int) -> None:
        """Note a refusal of a request of ``size`` bytes.

        A way that has worked before is not given up for one picture or address the service could not use.
        """
        known = dict(_part(_part(self._read(), model), way.value))
        if objection is Objection.KIND and known.get("worked") is not True:
            self._write(model, way, {**known, "refused_s": self._now()})
        elif objection is not Objection.KIND and way is Way.REQUEST:
            self._write(model, way, {**known, "too_large_s": self._now(), "too_large_bytes": size})

    def _read(self) -> Mapping[str, Any]:
        try:
            with self._file.open("rb") as file:
                data = json.loads(file.read(MOST_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) else {}

    def _write(self, model: str, way: Way, known: Mapping[str, Any]) -> None:
        data = self._read()
        model_knows = {**_part(data, model), way.value: known}
        text = json.dumps({**data, model: model_knows}, indent=1, sort_keys=True)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_bytes_whole(self._file, text.encode("ascii"))
        except (OSError, SaveFailed) as error:
            log.warning("What the service takes could not be noted: %s", error)


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = data.get(name)
    return part if isinstance(part, dict) else {}


def _number(value: object, otherwise: float = 0.0) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise
