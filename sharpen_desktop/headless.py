"""The window's job without a window: each photo decoded, sharpened and saved over the same services."""

import argparse
import asyncio
import json
import os
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from sharpen_desktop.app.ports import Engine
from sharpen_desktop.core import naming, wording
from sharpen_desktop.core.errors import SaveFailed, SharpenError
from sharpen_desktop.core.jobs import Progress, SharpenRequest, SharpenResult
from sharpen_desktop.core.picture import OpenedPicture, SaveOptions
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.services.outfit import Outfit

DONE, FAILED, WRONG_CALL = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Task:
    """What is the same for all photos of one call."""

    settings: Settings
    engine: EngineName
    output: Path | None
    may_overwrite: bool
    is_json: bool


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
    engine: Engine = await (outfit.local() if task.engine == "local" else outfit.cloud(schema))
    failures = 0
    for place, path in enumerate(inputs, 1):
        line = ProgressLine(f"{path.name} ({place} of {len(inputs)})")
        try:
            record = await _one(outfit, engine, task, path, line)
        except SharpenError as error:
            line.end()
            failures += 1
            record = {"input": str(path), "error": error.sentence}
            _tell(error.sentence)
        if task.is_json:
            sys.stdout.write(f"{json.dumps(record, ensure_ascii=False)}\n")
            sys.stdout.flush()
    return FAILED if failures else DONE


async def _one(
    outfit: Outfit, engine: Engine, task: Task, path: Path, line: "ProgressLine"
) -> dict[str, object]:
    started = time.monotonic()
    photo = await outfit.pictures.open(path)
    target = _target(path, photo, task)
    if photo.master is None:
        raise SaveFailed(f"{path.name} has no pixels.")
    request = SharpenRequest(uuid.uuid4().hex, task.engine, task.settings, photo.master)
    result = await engine.sharpen(request, line.show)
    saved_to, size = await _save(outfit, task, photo, result, target)
    line.end()
    _tell(f"{path.name} → {saved_to}{f' ({result.finding})' if result.finding else ''}")
    return {
        "input": str(path),
        "output": saved_to,
        "engine": task.engine,
        "mode": task.settings.text("mode"),
        "seconds": round(time.monotonic() - started, 3),
        "width": size[0],
        "height": size[1],
        "cost_usd": result.cost_usd,
        "blur": result.finding or None,
    }


async def _save(
    outfit: Outfit, task: Task, photo: OpenedPicture, result: SharpenResult, target: Path
) -> tuple[str, tuple[int, int]]:
    picture = await outfit.pictures.open(Path(result.file))
    if picture.master is None or photo.master is None:
        raise SaveFailed("The result has no pixels.")
    options = SaveOptions(naming.format_of_name(target.name) or "jpeg")
    received = Path(result.file) if task.engine == "cloud" else None
    saved = await outfit.pictures.save(picture.master, photo.master, target, options, received)
    for note in saved.notes:
        _tell(f"{target.name}: {note}")
    for each in (photo, picture):
        outfit.pictures.forget(each)
    return saved.path, (picture.master.width, picture.master.height)


def _target(path: Path, photo: OpenedPicture, task: Task) -> Path:
    """Return where the result goes; SaveFailed before any work when it may not be written."""
    save_format = naming.format_for("same", photo.facts.format)
    output = task.output
    if output is None or output.is_dir() or not output.suffix:
        folder = output or path.parent
        if output is not None:
            folder.mkdir(parents=True, exist_ok=True)

        def is_taken(name: str) -> bool:
            return not task.may_overwrite and (folder / name).exists()

        return folder / naming.suggested_name(path.name, save_format, is_taken)
    if naming.format_of_name(output.name) is None:
        known = ", ".join(naming.SUFFIX_OF_FORMAT.values())
        raise SaveFailed(f"{output.name} has an ending that cannot be written. Known: {known}.")
    if output.exists():
        if output.samefile(path) and not task.may_overwrite:
            raise SaveFailed(f"{output.name} is the photo itself. Add --overwrite to replace it.")
        if not task.may_overwrite:
            raise SaveFailed(f"{output} is there already. Add --overwrite to replace it.")
    return output


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
