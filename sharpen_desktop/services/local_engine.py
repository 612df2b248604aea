"""The engine package behind the same port as the cloud: in the *engine* process, with true progress."""

import asyncio
import time
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.errors import EngineFailed, SaveFailed
from sharpen_desktop.core.jobs import Phase, Progress, SharpenRequest, SharpenResult
from sharpen_desktop.core.picture import Master
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.study import Auto
from sharpen_desktop.core.unchanged import Unchanged, sentence
from sharpen_desktop.services.safe_file import reason
from sharpen_desktop.services.workers import ProgressBoard, Worker, WorkerDied, WorkerTimeout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sharpen_desktop.engine.pipeline import FaceWish, Job, Stroke
    from sharpen_desktop.engine.transfer import Transfer

POLL_S = 0.05
STOP_GRACE_S = 0.4
"""A run that has not stopped by itself after this long is killed."""
KEPT_FOR_NOW = "There was no room for the result where results are kept: save it before the program ends."
PHASES = {"measuring": Phase.MEASURING, "sharpening": Phase.SHARPENING, "finishing": Phase.FINISHING}
PHASE_NUMBERS = (Phase.PREPARING, Phase.MEASURING, Phase.SHARPENING, Phase.FINISHING)


@dataclass(frozen=True, slots=True)
class Finding:
    """What came back from the process, and where the result lies; ``unchanged``: why no pixel was changed."""

    finding: str
    unchanged: Unchanged
    file: str
    took: Auto

    def note(self, wanted: str) -> str:
        """Return what the user should know; ``wanted``: where the result was meant to lie."""
        notes = [
            sentence("Nothing was changed", self.unchanged),
            "" if self.file == wanted else KEPT_FOR_NOW,
        ]
        return " ".join(note for note in notes if note)


class LocalEngine:
    """Sharpens on this computer.

    ``results`` is where finished pictures go, ``scratch`` for the progress board and for pictures that do not
    fit there; ``tidy`` is called in a thread after each run, to keep the results within their limit.
    """

    def __init__(self, worker: Worker, results: Path, scratch: Path, tidy: "Callable[[], None]") -> None:
        self._tidy = tidy
        self._worker = worker
        self._results = results
        self._scratch = scratch

    async def sharpen(self, request: SharpenRequest, report: "Callable[[Progress], None]") -> SharpenResult:
        """Do the run; EngineFailed when the process died. Cancelling stops it within half a second."""
        started = time.monotonic()
        board = self._board(request.run_id)
        targets = [str(folder / f"{request.run_id}.tif") for folder in (self._results, self._scratch)]
        future = self._worker.submit(
            sharpen_in_process, request.source, request.settings, request.strokes, str(board.path), targets
        )
        try:
            found = await self._watched(future, board, report)
        except WorkerDied as error:
            raise EngineFailed(
                "The local engine stopped unexpectedly and was restarted. Try again, or a smaller photo.",
                detail=str(error),
                retryable=True,
            ) from error
        except (WorkerTimeout, MemoryError) as error:
            raise EngineFailed("This photo needs more memory than there is.", detail=repr(error)) from error
        finally:
            board.close()
        await asyncio.to_thread(self._tidy)
        return SharpenResult(
            found.file,
            time.monotonic() - started,
            cost_usd=0.0,
            finding=found.finding,
            note=found.note(targets[0]),
            took=found.took,
        )

    def _board(self, run_id: str) -> ProgressBoard:
        try:
            return ProgressBoard(self._scratch / f"{run_id}.progress", is_new=True)
        except OSError as error:
            raise EngineFailed(
                f"This photo was not sharpened: the folder for temporary files, {self._scratch.parent}, takes nothing "
                f"more ({reason(error)}). Make some room there, then try again.",
                retryable=True,
            ) from error

    async def _watched(
        self, future: "Future[Finding]", board: ProgressBoard, report: "Callable[[Progress], None]"
    ) -> Finding:
        try:
            while not future.done() and not self._worker.is_broken:
                number, fraction = board.read()
                report(Progress(PHASE_NUMBERS[number], fraction))
                await asyncio.sleep(POLL_S)
        except asyncio.CancelledError:
            await self._stop(future, board)
            raise
        return await self._worker.answer(future)

    @staticmethod
    async def _stop(future: "Future[Finding]", board: ProgressBoard) -> None:
        board.ask_to_stop()
        deadline = time.monotonic() + STOP_GRACE_S
        while not future.done() and time.monotonic() < deadline:  # noqa: ASYNC110 - another process is asked
            await asyncio.sleep(0.02)
        future.cancel()


# What runs in the process.


def sharpen_in_process(
    source: Master, settings: Settings, strokes: Strokes, board_path: str, targets: list[str]
) -> Finding:
    """Sharpen ``source`` into the first of the TIFFs ``targets`` that can be written; Stopped passes through."""
    import numpy as np

    from sharpen_desktop.engine import pipeline
    from sharpen_desktop.services.images import image_io

    board = ProgressBoard(Path(board_path), is_new=False)

    def report(phase: str, fraction: float) -> None:
        board.write(PHASE_NUMBERS.index(PHASES[phase]), fraction)

    outcome = pipeline.sharpen(
        np.load(source.pixels, mmap_mode="r"),
        job_for(source, settings, strokes),
        transfer=transfer_of(source),
        report=report,
        should_stop=lambda: board.is_stop_asked,
    )
    for target in targets:
        try:
            image_io.store_result(outcome.pixels, source, target)
            break
        except SaveFailed:
            if target == targets[-1]:
                raise
    return Finding(outcome.finding, outcome.unchanged, target, Auto(outcome.strength, outcome.minor_denoise))


def transfer_of(source: Master) -> "Transfer":
    """Return how the picture's values are encoded."""
    from sharpen_desktop.engine.transfer import SRGB, CurveTransfer
    from sharpen_desktop.services.images import image_io

    curve = image_io.tone_curve(source)
    return SRGB if curve is None else CurveTransfer(curve)


def painted(strokes: Strokes) -> "tuple[Stroke, ...]":
    """Return strokes as the engine takes them."""
    from sharpen_desktop.engine.pipeline import Stroke

    return tuple(Stroke(each.points, each.radius, each.feather, each.adds) for each in strokes)


def job_for(source: Master, settings: Settings, strokes: Strokes) -> "Job":
    """Return what settings and strokes come to for the engine: for runs and previews alike."""
    import os

    from sharpen_desktop.engine.pipeline import Job

    return Job(
        mode=settings.text("mode", "Standard"),
        strength=settings.number("strength"),
        minor_denoise=settings.number("minor_denoise"),
        jpeg_quality=source.jpeg_quality,
        threads=max(1, os.cpu_count() or 1),
        subject=settings.text("subject_detection", "All"),
        strokes=painted(strokes),
        faces=_faces(settings) if settings.get("face_enhancement") is True else None,
    )


def _faces(settings: Settings) -> "FaceWish":
    """Return how the settings want faces treated."""
    from sharpen_desktop.engine.pipeline import FaceWish

    strength = settings.number("face_enhancement_strength")
    creativity = settings.number("face_enhancement_creativity")
    return FaceWish(0.8 if strength is None else strength, creativity or 0.0)


def warm() -> None:
    """Import what a run needs, so that the first one starts at once."""
    from sharpen_desktop.engine import pipeline
    from sharpen_desktop.services.images import image_io

    del pipeline, image_io
