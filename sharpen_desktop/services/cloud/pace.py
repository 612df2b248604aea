"""Clocks, waits and chance, in one value, so that nothing has to wait for real in a test."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """``now``: seconds since 1970, which a user may set wrongly; ``steady``: seconds that only ever go on.

    ``spread``: a random number of 0–1.
    """

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    now: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    spread: Callable[[], float] = random.random
