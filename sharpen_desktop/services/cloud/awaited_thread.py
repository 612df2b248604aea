"""Work done in a thread that has ended when the waiting ends, also when the waiting is cancelled.

A cancelled ``asyncio.to_thread`` leaves its thread at work, which then holds files that are about to be
removed. The pieces of work given here are short, so waiting for their end keeps cancelling prompt.
"""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return ``work(*args, **kwargs)`` from a thread; raises what it raises."""
    task = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # looked at, or asyncio would report it as never seen
        raise
