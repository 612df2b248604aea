"""The window's job without a window: each photo decoded, sharpened and saved over the same services."""

import argparse
import asyncio
import json
import logging
import os
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from sharpen_desktop.app.ports import Engine
from sharpen_desktop.core import naming, wording
from sharpen_desktop.core.errors import PhotoUnreadable, SaveFailed, SharpenError
from sharpen_desktop.core.jobs import Progress, SharpenRequest, SharpenResult
from sharpen_desktop.core.picture import Master, OpenedPicture, SaveOptions
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.services.outfit import Outfit

log = logging.getLogger(__name__)
DONE, FAILED = 0, 1


@dataclass(frozen=True, slots=True)
class Task:
    """What is the same for all photos of one call; ``written`` are the files it has taken so far."""

    settings: Settings
    engine: EngineName
    output: Path | None
    may_overwrite: bool
    is_json: bool
    written: set[Path] = field(default_factory=set)


def sharpen_all(schema: ModelSchema, settings: Settings, wishes: argparse.Namespace) -> int:
    """Sharpen each input; one that fails is told and the others are done."""
    task = Task(settings, wishes.engine, wishes.output, wishes.overwrite, wishes.json)
    try:
        outfit = Outfit(os.environ)
    except OSError as error:
        _tell(f"The folder {error.filename} cannot be used: {error.strerror}.")
        return FAILED
    try:
        return asyncio.run(_all(schema, outfit, task, wishes.inputs))
    except KeyboardInterrupt:
        _tell("Stopped.")
        return FAILED
    finally:
        outfit.close()


async def _all(schema: ModelSchema, outfit: Outfit, task: Task, inputs: list[Path]) -> int:
    if task.engine == "cloud" and not outfit.key.value():
        _tell("There is no key for the cloud service. Set SHARPEN_API_KEY, or sharpen on this computer.")
        return FAILED
    await asyncio.to_thread(outfit.tidy)
    engine: Engine = await (outfit.local() if task.engine == "local" else outfit.cloud(schema))
    failures = 0
    for place, path in enumerate(inputs, 1):
        one = OnePhoto(outfit, engine, task, path, ProgressLine(f"{path.name} ({place} of {len(inputs)})"))
        try:
            record = await one.sharpen()
        except SharpenError as error:
            failures += 1
            record = one.failed(error.sentence)
        except Exception as error:  # one bad photo must not end the others
            log.exception("Unexpected error")
            failures += 1
            record = one.failed(f"{path.name}: something in the program went wrong ({type(error).__name__}).")
        if task.is_json:
            sys.stdout.write(f"{json.dumps(record)}\n")
            sys.stdout.flush()
    return FAILED if failures else DONE


class OnePhoto:
    """One photo of the call: decoded, sharpened, saved; what it has cost is never lost on the way."""

    def __init__(self, outfit: Outfit, engine: Engine, task: Task, path: Path, line: "ProgressLine") -> None:
        self._outfit = outfit
        self._engine = engine
        self._task = task
        self._path = path
        self._line = line
        self._result: SharpenResult | None = None
        self._opened: list[OpenedPicture] = []

    async def sharpen(self) -> dict[str, object]:
        """Do the job and return the record of it; SharpenError when something could not be done."""
        started = time.monotonic()
        photo = await self._open(self._path)
        target = await asyncio.to_thread(_target, self._path, photo, self._task)
        request = SharpenRequest(uuid.uuid4().hex, self._task.engine, self._task.settings, _master(photo))
        self._result = await self._engine.sharpen(request, self._line.show)
        try:
            saved, size = await self._save(photo, self._result, target)
        finally:
            self._forget()
        self._line.end()
        finding = self._result.finding
        _tell(f"{self._path.name} → {saved}{f' ({finding})' if finding else ''}")
        return {
            "input": str(self._path),
            "output": saved,
            "engine": self._task.engine,
            "mode": self._task.settings.text("mode"),
            "seconds": round(time.monotonic() - started, 3),
            "width": size[0],
            "height": size[1],
            "cost_usd": self._result.cost_usd,
            "blur": finding or None,
        }

    def failed(self, sentence: str) -> dict[str, object]:
        """Say what went wrong, and where a paid result is kept; return the record of it."""
        self._line.end()
        self._forget()
        record: dict[str, object] = {"input": str(self._path), "error": sentence}
        if self._result is not None and self._task.engine == "cloud":
            sentence = f"{sentence} It was billed. The result is kept as {self._result.file}."
            record |= {"error": sentence, "cost_usd": self._result.cost_usd, "result": self._result.file}
        _tell(sentence)
        return record

    async def _open(self, path: Path) -> OpenedPicture:
        picture = await self._outfit.pictures.open(path)
        self._opened.append(picture)
        return picture

    async def _save(
        self, photo: OpenedPicture, result: SharpenResult, target: Path
    ) -> tuple[str, tuple[int, int]]:
        master = _master(await self._open(Path(result.file)))
        options = SaveOptions(naming.format_of_name(target.name) or "jpeg")
        received = Path(result.file) if self._task.engine == "cloud" else None
        saved = await self._outfit.pictures.save(master, _master(photo), target, options, received)
        for note in (*saved.notes, result.note):
            if note:
                _tell(f"{target.name}: {note}")
        if self._task.engine == "local":
            await asyncio.to_thread(Path(result.file).unlink, missing_ok=True)  # the saved file is the result
        return saved.path, (master.width, master.height)

    def _forget(self) -> None:
        for each in self._opened:
            self._outfit.pictures.forget(each)
        self._opened = []


def _master(picture: OpenedPicture) -> Master:
    if picture.master is None:
        raise PhotoUnreadable("The picture has no pixels.")
    return picture.master


def _target(path: Path, photo: OpenedPicture, task: Task) -> Path:
    """Return where the result goes; SaveFailed, before anything is sent, when it cannot be written there."""
    save_format = naming.format_for("same", photo.facts.format)
    output = task.output
    target = output if output is not None and _names_a_file(output) else None
    folder = target.parent if target else output or path.parent
    _make_writable(folder)
    if target is None:

        def is_taken(name: str) -> bool:
            mine = folder / name
            return mine in task.written or (not task.may_overwrite and os.path.lexists(mine))

        target = folder / naming.suggested_name(path.name, save_format, is_taken)
    else:
        _check_file(target, path, task)
    task.written.add(target)
    return target


def _names_a_file(output: Path) -> bool:
    return not output.is_dir() and (bool(output.suffix) or output.exists())


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise SaveFailed(f"The folder {folder} cannot be written to. Nothing was sharpened.")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SaveFailed(f"The folder {folder} cannot be made ({reason}). Nothing was sharpened.") from error


def _check_file(output: Path, path: Path, task: Task) -> None:
    if naming.format_of_name(output.name) is None:
        known = ", ".join(naming.SUFFIX_OF_FORMAT.values())
        raise SaveFailed(f"{output.name} has an ending that cannot be written. Known: {known}.")
    if not output.exists() or task.may_overwrite:
        return
    if output.samefile(path):
        raise SaveFailed(f"{output.name} is the photo itself. Add --overwrite to replace it.")
    raise SaveFailed(f"{output} is there already. Add --overwrite to replace it.")


class ProgressLine:
    """One line on standard error that is written over while it is a terminal, and only at phases elsewhere."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._shown = ""
        self._is_terminal = sys.stderr.isatty()

    def show(self, progress: Progress) -> None:
        """Show how far the photo is."""
        text = wording.progress_text(progress) if self._is_terminal else progress.phase.value
        if text == self._shown:
            return
        self._shown = text
        if self._is_terminal:
            sys.stderr.write(f"\r\x1b[K{self._name}: {text}")
        else:
            sys.stderr.write(f"{self._name}: {text}\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._is_terminal and self._shown:
            sys.stderr.write("\r\x1b[K")


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
