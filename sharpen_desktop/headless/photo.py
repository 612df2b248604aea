"""One photo of a call: everything prepared, then sharpened, then saved; what it has cost is never lost on the way."""

import asyncio
import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sharpen_desktop.app.ports import Archive, Engine, Pictures
from sharpen_desktop.core import naming, wording
from sharpen_desktop.core.errors import PhotoUnreadable, SharpenError
from sharpen_desktop.core.jobs import SharpenRequest, SharpenResult
from sharpen_desktop.core.money import Quote, price
from sharpen_desktop.core.paid import PaidRun
from sharpen_desktop.core.picture import Fingerprint, Master, OpenedPicture, SaveOptions
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.headless.targets import Targets
from sharpen_desktop.headless.telling import ProgressLine, tell

log = logging.getLogger(__name__)
NOT_SENT = "not_sent"
"""The stage of a photo nothing was sent of; the others are the journal's."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is the same for all photos of one call. ``limit_usd``: for 24 hours, ``call_limit_usd``: for the call."""

    settings: Settings
    engine: EngineName
    targets: Targets
    call_id: str
    is_again: bool = False
    limit_usd: float | None = None
    call_limit_usd: float | None = None
    quote: Quote | None = None


class OnePhoto:
    """Does the job for one photo."""

    def __init__(
        self, pictures: Pictures, engine: Engine, archive: Archive, task: Task, path: Path, line: ProgressLine
    ) -> None:
        self._pictures = pictures
        self._engine = engine
        self._archive = archive
        self._task = task
        self._path = path
        self._line = line
        self._run_id = uuid.uuid4().hex
        self._result: SharpenResult | None = None
        self._opened: list[OpenedPicture] = []

    async def sharpen(self) -> dict[str, object]:
        """Do the job and return the record of it; SharpenError when something could not be done."""
        started = time.monotonic()
        photo = await self._open(self._path)
        target = await asyncio.to_thread(self._task.targets.find, self._path, photo.facts.format)
        request = await self._request(master_of(photo))
        self._result = await self._engine.sharpen(request, self._line.show)
        try:
            saved, size = await self._save(photo, self._result, target)
        finally:
            self._forget()
        self._line.end()
        run = await self._noted(saved)
        self._tell(saved, self._result)
        return self._record(saved, size, time.monotonic() - started, run)

    async def failed(self, sentence: str) -> dict[str, object]:
        """Say what went wrong, and where a paid result is kept; return the record of it."""
        self._line.end()
        self._forget()
        record: dict[str, object] = {"input": str(self._path)}
        run = await self._paid()
        if self._result is not None and self._task.engine == "cloud":
            when = "It was billed." if self._result.paid_on is None else "It was paid for before."
            sentence = f"{sentence} {when} The result is kept as {self._result.file}."
            record |= {"cost_usd": self._result.cost_usd, "result": self._result.file}
        tell(sentence)
        return {**record, "error": sentence, "stage": self._stage(run)}

    async def _request(self, master: Master) -> SharpenRequest:
        task, is_paid = self._task, self._task.engine == "cloud"
        return SharpenRequest(
            self._run_id,
            task.engine,
            task.settings,
            master,
            fingerprint=await self._pictures.fingerprint(master, self._path) if is_paid else Fingerprint(),
            photo_name=self._path.name,
            photo_path=str(self._path.absolute()),
            quote_usd=price(task.quote, master.width, master.height),
            is_again=task.is_again,
            limit_usd=task.limit_usd,
            call_limit_usd=task.call_limit_usd,
            call_id=task.call_id,
        )

    async def _open(self, path: Path) -> OpenedPicture:
        picture = await self._pictures.open(path)
        self._opened.append(picture)
        return picture

    async def _save(
        self, photo: OpenedPicture, result: SharpenResult, target: Path
    ) -> tuple[str, tuple[int, int]]:
        master = master_of(await self._open(Path(result.file)))
        options = SaveOptions(naming.format_of_name(target.name) or "jpeg")
        received = Path(result.file) if self._task.engine == "cloud" else None
        saved = await self._pictures.save(master, master_of(photo), target, options, received)
        for note in (*saved.notes, result.note, *await self._arrival(master_of(photo), master)):
            if note:
                tell(f"{target.name}: {note}")
        if self._task.engine == "local":
            await asyncio.to_thread(Path(result.file).unlink, missing_ok=True)  # the saved file is the result
        return saved.path, (master.width, master.height)

    async def _arrival(self, sent: Master, came: Master) -> Sequence[str]:
        """Return what is not as it should be with a paid result."""
        if self._task.engine == "local":
            return ()
        try:
            return (await self._pictures.compare_arrival(sent, came)).notes
        except SharpenError as error:
            log.warning("No arrival check: %s (%s)", error.headline, error.detail)
            return ()

    async def _noted(self, saved: str) -> PaidRun | None:
        """Note in the journal where a paid result was saved, and return its run."""
        run = await self._paid()
        if run is None or not run.has_result:
            return run
        try:
            await self._archive.saved(run.run_id, saved)
        except SharpenError as error:  # the file is there all the same
            log.warning("The journal does not know of %s: %s", saved, error.headline)
        return await self._paid()

    async def _paid(self) -> PaidRun | None:
        """Return the journal's run of this photo: the one of this call, or the earlier one that is shown."""
        if self._task.engine == "local":
            return None
        file = self._result.file if self._result else ""
        try:
            runs = await self._archive.runs()
        except SharpenError as error:
            log.warning("The journal cannot be read: %s", error.headline)
            return None
        mine = (run for run in runs if run.run_id == self._run_id)
        same = (run for run in runs if file and file in run.files)
        return next(mine, None) or next(same, None)

    def _stage(self, run: PaidRun | None) -> str | None:
        if self._task.engine == "local":
            return None
        return run.stage.value if run else NOT_SENT

    def _tell(self, saved: str, result: SharpenResult) -> None:
        said = wording.result_cost(self._task.engine, result) or result.finding
        tell(f"{self._path.name} → {saved}{f' ({said})' if said else ''}")

    def _record(
        self, saved: str, size: tuple[int, int], seconds: float, run: PaidRun | None
    ) -> dict[str, object]:
        result = self._result
        paid_on = result.paid_on if result else None
        return {
            "input": str(self._path),
            "output": saved,
            "engine": self._task.engine,
            "mode": self._task.settings.text("mode"),
            "seconds": round(seconds, 3),
            "width": size[0],
            "height": size[1],
            "cost_usd": result.cost_usd if result else None,
            "paid_on": None if paid_on is None else datetime.fromtimestamp(paid_on, UTC).isoformat(),
            "stage": self._stage(run),
            "blur": (result.finding if result else "") or None,
        }

    def _forget(self) -> None:
        for each in self._opened:
            self._pictures.forget(each)
        self._opened = []


def master_of(picture: OpenedPicture) -> Master:
    """Return the pixels of a picture that was opened whole."""
    if picture.master is None:
        raise PhotoUnreadable("The picture has no pixels.")
    return picture.master
