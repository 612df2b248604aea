"""Turning errors into notices: the one place that catches what a person is to be told."""

import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import ParamSpec

from sharpen_desktop.app.store import Store
from sharpen_desktop.core.errors import (
    AlreadyPaid,
    CloudError,
    CreditExhausted,
    KeyRefused,
    LimitReached,
    SharpenError,
)
from sharpen_desktop.core.notice import Notice
from sharpen_desktop.core.notices import noticed, status_said
from sharpen_desktop.core.queue import RESUME
from sharpen_desktop.core.settings import EngineName
from sharpen_desktop.core.state import AppState

log = logging.getLogger(__name__)
P = ParamSpec("P")
Wishes = tuple[tuple[str, str], ...]
RETRY: Wishes = (("sharpen", "Retry"),)
SMALLER: Wishes = (("smaller", "Send a smaller copy…"),)
GO_ON: Wishes = ((RESUME, "Resume"),)
SAVE_ELSEWHERE: Wishes = (("save_elsewhere", "Save elsewhere…"),)
SETTLE: Wishes = (("check", "Check again"), ("again", "Send again…"))
_FIRST: tuple[tuple[type[SharpenError], Wishes], ...] = (
    (KeyRefused, (("key", "Change the key"),)),
    (CreditExhausted, (("top_up", "Top up…"),)),
    (LimitReached, (("preferences", "Change the limit…"),)),
)


def wishes_after(error: SharpenError, *, is_paused: bool) -> Wishes:
    """Return the buttons a failed run's notice has: what mends it first, then going on or trying again."""
    if isinstance(error, AlreadyPaid):
        return SETTLE
    first = next((wishes for kind, wishes in _FIRST if isinstance(error, kind)), ())
    if isinstance(error, CloudError) and error.smaller_bytes:
        return (*SMALLER, *RETRY) if error.retryable else SMALLER
    if is_paused:
        return (*first, *GO_ON)
    return (*first, *RETRY) if error.retryable else first


class NoticeBoard:
    """Shows notices through the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, text: str) -> None:
        """Show a note that leaves by itself."""
        self._store.apply(noticed, Notice(uuid.uuid4().hex, "note", text))

    def offer(
        self, text: str, wishes: Wishes, *, detail: str = "", photo_id: str = "", run_id: str = ""
    ) -> None:
        """Show something that is no failure and stays until it is answered or dismissed."""
        notice = Notice(uuid.uuid4().hex, "offer", text, detail, wishes, photo_id, run_id=run_id)
        self._store.apply(noticed, notice)

    def fail(
        self,
        error: SharpenError,
        *,
        wishes: Wishes = (),
        photo_id: str = "",
        engine: EngineName | None = None,
        run_id: str = "",
    ) -> None:
        """Show an error that stays until it is dismissed."""
        log.warning("%s (%s)", error.sentence, error.detail or type(error).__name__)
        reference = "" if error.request_id in error.detail else error.request_id
        detail = "\n".join(part for part in (error.detail, reference) if part)
        self._store.apply(
            noticed,
            Notice(
                uuid.uuid4().hex,
                "error",
                error.sentence,
                detail,
                wishes,
                photo_id,
                engine,
                error.charge,
                run_id,
                error.field,
                getattr(error, "smaller_bytes", 0),
            ),
        )

    def withdraw(self, run_id: str) -> None:
        """Take away what was said of a run of the journal: something newer is known."""

        def change(state: AppState) -> AppState:
            return replace(state, notices=tuple(each for each in state.notices if each.run_id != run_id))

        self._store.apply(change)

    def withdraw_wish(self, wish: str) -> None:
        """Take away what asked for something that has been done now, such as "key"."""

        def change(state: AppState) -> AppState:
            left = tuple(each for each in state.notices if wish not in dict(each.wishes))
            return replace(state, notices=left)

        self._store.apply(change)

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
