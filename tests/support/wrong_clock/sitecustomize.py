"""A clock that is wrong, for a whole program and the processes it starts; Python loads this by its name at the start.

By how many seconds stands in the file CLOCK_OFF_BY names, and may be changed while the program runs. Only the time
of day is wrong; the clocks that measure how long something takes go on as they are.
"""

import datetime as dt
import os
import time
from pathlib import Path
from typing import Any

_file = Path(os.environ["CLOCK_OFF_BY"])
_time, _localtime, _gmtime, _datetime = time.time, time.localtime, time.gmtime, dt.datetime


def _now() -> float:
    return _time() + float(_file.read_text(encoding="ascii") or 0)


class _Kind(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _datetime)


class _WrongDatetime(_datetime, metaclass=_Kind):
    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        return cls.fromtimestamp(_now(), tz)

    @classmethod
    def today(cls) -> Any:
        return cls.fromtimestamp(_now())


time.time = _now
time.time_ns = lambda: int(_now() * 1e9)
time.localtime = lambda seconds=None: _localtime(_now() if seconds is None else seconds)
time.gmtime = lambda seconds=None: _gmtime(_now() if seconds is None else seconds)
dt.datetime = _WrongDatetime  # type: ignore[misc]
