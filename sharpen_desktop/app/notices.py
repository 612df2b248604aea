"""Turning errors into notices: the one place that catches what a person is to be told."""

import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Literal, ParamSpec

from sharpen_desktop.app.store import Store
from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.settings import EngineName
from sharpen_desktop.core.state import Notice, noticed, status_said

log = logging.getLogger(__name__)
P = ParamSpec("P")
Retry = Literal["", "sharpen", "save"]


class NoticeBoard:
    """Shows notices through the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, text: str) -> None:
        """Show a note that leaves by itself."""
        self._store.apply(noticed, Notice(uuid.uuid4().hex, "note", text))

    def fail(
        self,
        error: SharpenError,
        *,
        retry: Retry = "",
        photo_id: str = "",
        engine: EngineName | None = None,
    ) -> None:
        """Show an error that stays until it is dismissed."""
        log.warning("%s (%s)", error.sentence, error.detail or type(error).__name__)
        wish: Retry = retry if error.retryable or retry == "save" else ""
        reference = "" if error.request_id in error.detail else error.request_id
        detail = "\n".join(part for part in (error.detail, reference) if part)
        self._store.apply(
            noticed,
            Notice(uuid.uuid4().hex, "error", error.sentence, detail, wish, photo_id, engine, error.charge),
        )

    def crashed(self, error: BaseException) -> None:
        """Log a bug and say plainly that there was one."""
        log.error("Unexpected error", exc_info=error)
        detail = f"{type(error).__name__}: {error}"
        text = "Something in the program went wrong. Your photos and results are untouched."
        self._store.apply(noticed, Notice(uuid.uuid4().hex, "error", text, detail))

    async def reporting(self, work: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do ``work``; a SharpenError in it becomes a notice."""
        try:
            await work(*args, **kwargs)
        except SharpenError as error:
            self._store.apply(status_said, "")
            self.fail(error)
