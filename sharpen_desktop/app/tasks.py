"""Tasks that somebody owns: named, one per name, cancelled with their scope, never failing in silence."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

CrashHandler = Callable[[BaseException], None]


class TaskScope:
    """Owner of named tasks. Starting a name again cancels the task that had it."""

    def __init__(self, on_crash: CrashHandler) -> None:
        self._on_crash = on_crash
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._replaced: set[asyncio.Task[None]] = set()
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """Whether the end has begun: nothing starts any more."""
        return self._is_closed

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Start ``work`` as the task called ``name``; after the scope was closed nothing starts."""
        if self._is_closed:
            work.close()
            return
        old = self._tasks.pop(name, None)
        if old is not None:
            self._replaced.add(old)
            _cancel(old)
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks[name] = task
        task.add_done_callback(self._ended)

    def cancel(self, name: str) -> None:
        """Cancel the task called ``name``, if there is one."""
        task = self._tasks.get(name)
        if task is not None:
            _cancel(task)

    def is_going(self, name: str) -> bool:
        """Whether a task of this name goes on; one that was cancelled and is clearing up does not."""
        task = self._tasks.get(name)
        return task is not None and not task.done() and not task.cancelling()

    async def aclose(self) -> None:
        """Cancel all tasks and wait until they have ended."""
        self._is_closed = True
        tasks = {*self._tasks.values(), *self._replaced}
        for task in tasks:
            _cancel(task)
        if tasks:
            await asyncio.wait(tasks)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._replaced.discard(task)
        if self._tasks.get(task.get_name()) is task:
            del self._tasks[task.get_name()]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_crash(error)


def _cancel(task: asyncio.Task[None]) -> None:
    """Cancel a task once: a second time would interrupt its clearing up."""
    if not task.cancelling():
        task.cancel()
