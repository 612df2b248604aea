"""What the user has paid for: the journal of the runs, the store of their pictures, the answers they came in."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from sharpen_desktop.core.errors import JournalFailed, SaveFailed
from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.money import Spending
from sharpen_desktop.core.paid import HAS_RESULT, OPEN, STEPS, TO_FETCH, PaidRun, Stage
from sharpen_desktop.core.picture import Fingerprint
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.journal import Journal
from sharpen_desktop.services.result_store import ResultStore
from sharpen_desktop.services.safe_file import reason

UNFINISHED = frozenset({".part", ".facts", ".b64", ".plain"})
"""How files end that are being received, and what is noted beside them."""

UNFINISHED_KEPT_S = 30 * 86_400.0
DELETED = "You have deleted what came of this run."

_ALL = 1 << 60
_AT_THE_SERVICE = frozenset({Stage.PREPARED, Stage.SENDING})

log = logging.getLogger(__name__)


class Archive:
    """The port of this name. ``answers``: the folder of the service's raw answers. ``now``: seconds since 1970."""

    def __init__(
        self, journal: Journal, store: ResultStore, answers: Path, now: Callable[[], float] = time.time
    ) -> None:
        self._journal = journal
        self._store = store
        self._folders = (answers.absolute(), store.folder)
        self._now = now

    async def open(self) -> str:
        """Get ready, mending what can be mended; return a sentence when something was wrong, else empty.

        Sidecars that a crash has kept from being written are written, and what was left half received is deleted
        once it is a month old and no run needs it any more.
        """
        said = await self._journal.open()
        stored = await self._journal.runs(HAS_RESULT, _ALL)
        unfinished = await self._journal.runs(OPEN, _ALL)
        await in_thread(self._tidy, stored, [run.run_id for run in unfinished])
        return said

    async def of_photo(self, fingerprint: Fingerprint) -> tuple[PaidRun, ...]:
        """Return all runs of a photo, newest first."""
        return await self._journal.of_photo(fingerprint)

    async def runs(self, most: int = 500) -> tuple[PaidRun, ...]:
        """Return the newest runs, newest first."""
        return await self._journal.runs(most=most)

    async def open_runs(self) -> tuple[PaidRun, ...]:
        """Return the runs that no other living process is at and that are not settled, oldest first."""
        return await self._journal.open_runs()

    async def spending(self, since_s: float) -> Spending:
        """Return what the runs since then (seconds since 1970) have cost."""
        return await self._journal.spending(since_s)

    async def saved(self, run_id: str, path: str) -> None:
        """Note that the user has a file of a result."""
        run = await self._journal.run(run_id)
        if run is None or not run.has_result:
            log.warning("Saved, but the journal knows no result of run %s", run_id)
            return
        run = await self._journal.step(run_id, Stage.SAVED, saved_to=path)
        await in_thread(self._write_sidecar, run)

    async def discard(self, run_id: str) -> None:
        """Delete a run's result and answer for good; its row and cost stay.

        A run that may be at the service now is left alone. JournalFailed when a file cannot be deleted; it can be
        tried again.
        """
        run = await self._journal.run(run_id)
        if run is None or run.stage in _AT_THE_SERVICE:
            return
        await in_thread(self._write_missing, await self._journal.runs(HAS_RESULT, _ALL))
        await in_thread(self._delete, run)
        stage = Stage.PAID_UNREADABLE if run.stage in TO_FETCH else run.stage
        facts = {"files": (), "answer": "", "problem": DELETED if run.files or run.answer else run.problem}
        if stage in STEPS[run.stage]:
            await self._journal.step(run_id, stage, **facts)
        else:
            await self._journal.note(run_id, **facts)

    async def size_bytes(self) -> int:
        """Return how much the stored results of paid runs take up."""
        return await in_thread(self._store.size_bytes)

    async def keep_queue(self, photos: Sequence[WaitingPhoto]) -> None:
        """Keep what waits for the next start, in place of what was kept before."""
        await self._journal.keep_queue(photos)

    async def kept_queue(self) -> tuple[WaitingPhoto, ...]:
        """Return what waited when the program last ended."""
        return await self._journal.kept_queue()

    def _tidy(self, stored: Iterable[PaidRun], unfinished: Sequence[str]) -> None:
        self._write_missing(stored)
        oldest_s = self._now() - UNFINISHED_KEPT_S
        for file in self._received():
            with suppress(OSError):
                if not _belongs(file, unfinished) and file.stat().st_mtime < oldest_s:
                    file.unlink()
                    log.info("%s was left over and is deleted", file)

    def _write_missing(self, stored: Iterable[PaidRun]) -> None:
        """Write the sidecars that are missing: a picture stays only while one names it."""
        for run in stored:
            if not self._store.has_sidecar(run):
                self._write_sidecar(run)

    def _write_sidecar(self, run: PaidRun) -> None:
        try:
            self._store.write_sidecar(run)
        except SaveFailed as error:
            log.warning("The record beside a result could not be written: %s", error)

    def _delete(self, run: PaidRun) -> None:
        answers = self._folders[0]
        try:
            self._store.discard(run)
            for file in (*self._received(), *answers.glob("*.json")):
                if _belongs(file, [run.run_id]) or (run.answer and file == answers / Path(run.answer).name):
                    file.unlink(missing_ok=True)
        except OSError as error:
            raise JournalFailed(
                f"Not everything of this run could be deleted ({reason(error)}). Try again later.",
                detail=str(error),
                retryable=True,
            ) from error

    def _received(self) -> Iterator[Path]:
        """Yield the files that are being received, or were when a process died."""
        for folder in self._folders:
            for file in folder.glob("*"):
                if file.suffix in UNFINISHED:
                    yield file


def _belongs(file: Path, run_ids: Sequence[str]) -> bool:
    """Return whether a file is named after one of the runs."""
    return any(file.name.startswith((f"{run_id}.", f"{run_id}-")) for run_id in run_ids)
