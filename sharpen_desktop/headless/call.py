"""One call of "sharpen-desktop run": its photos one after the other, and its end."""

import argparse
import asyncio
import logging
import os
import uuid
from collections.abc import Sequence
from pathlib import Path

from sharpen_desktop.app.queue import PAUSES
from sharpen_desktop.core.errors import AlreadyPaid, KeyRefused, PrefsUnreadable, SharpenError
from sharpen_desktop.core.money import Quote
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.headless.earlier import settle_earlier
from sharpen_desktop.headless.photo import NOT_SENT, OnePhoto, Task
from sharpen_desktop.headless.targets import Targets
from sharpen_desktop.headless.telling import ProgressLine, record, tell
from sharpen_desktop.services.ground import Ground
from sharpen_desktop.services.outfit import Outfit
from sharpen_desktop.services.prefs_file import read_prefs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sharpen_desktop.services.cloud.cloud_engine import CloudEngine
    from sharpen_desktop.services.local_engine import LocalEngine

log = logging.getLogger(__name__)
DONE, FAILED = 0, 1
KEY_LIMIT_S = 20.0
NO_KEY = "There is no key for the cloud service. Set SHARPEN_API_KEY, or sharpen on this computer."


def sharpen_all(schema: ModelSchema, settings: Settings, wishes: argparse.Namespace) -> int:
    """Sharpen each input and return the exit status; one that fails is told and the others are done."""
    try:
        outfit = Outfit(Ground(os.environ))
    except OSError as error:
        tell(f"The folder {error.filename} cannot be used: {error.strerror}.")
        return FAILED
    call = Call(schema, outfit, settings, wishes)
    try:
        return asyncio.run(call.all())
    except KeyboardInterrupt:
        tell(f"Stopped.{call.risk}")
        return FAILED
    finally:
        outfit.close()


class Call:
    """The photos of one call. ``wishes``: what the command line asked for."""

    def __init__(
        self, schema: ModelSchema, outfit: Outfit, settings: Settings, wishes: argparse.Namespace
    ) -> None:
        self._schema = schema
        self._outfit = outfit
        self._settings = settings
        self._wishes = wishes
        self._line: ProgressLine | None = None
        self._failures = 0

    @property
    def risk(self) -> str:
        """What is to be said of money when the call is stopped now."""
        if self._line is None or not self._line.is_paid_risk:
            return ""
        return " The last photo had been sent and may have been billed: the next call asks the service."

    async def all(self) -> int:
        """Do all photos and return the exit status."""
        prefs = self._prefs()
        self._outfit.prefs = lambda: prefs
        try:
            await asyncio.to_thread(self._outfit.tidy)
            return await self._all(prefs)
        except SharpenError as error:
            tell(error.sentence)
            return FAILED
        finally:
            await self._outfit.aclose()

    async def _all(self, prefs: Prefs) -> int:
        engine, quote = await self._engine()
        task = self._task(prefs, quote)
        inputs: Sequence[Path] = self._wishes.inputs
        for place, path in enumerate(inputs):
            stop = await self._one(engine, task, path, f"{path.name} ({place + 1} of {len(inputs)})")
            if stop is not None:
                self._leave(inputs[place + 1 :], stop)
                break
        return FAILED if self._failures else DONE

    async def _engine(self) -> "tuple[LocalEngine | CloudEngine, Quote | None]":
        """Return the engine and what a run costs; JournalFailed when nothing may be sent."""
        if self._wishes.engine == "local":
            return await self._outfit.local(), None
        if said := await self._outfit.archive.open():
            tell(said)
        if not self._outfit.key.value():
            await self._look_for_key()
        cloud = await self._outfit.cloud(self._schema)
        await settle_earlier(self._outfit.archive, cloud)
        return cloud, await cloud.quote()

    async def _look_for_key(self) -> None:
        try:
            async with asyncio.timeout(KEY_LIMIT_S):
                await self._outfit.key.load()
        except TimeoutError:
            tell("The keyring does not answer, so no key was read from it.")

    def _task(self, prefs: Prefs, quote: Quote | None) -> Task:
        wishes = self._wishes
        return Task(
            self._settings,
            wishes.engine,
            Targets(wishes.output, wishes.overwrite),
            uuid.uuid4().hex,
            wishes.again,
            prefs.limit,
            wishes.max_cost,
            quote,
        )

    def _prefs(self) -> Prefs:
        try:
            return read_prefs(self._outfit.paths.prefs)
        except PrefsUnreadable as error:
            tell(error.sentence)
            return Prefs()

    async def _one(
        self, engine: "LocalEngine | CloudEngine", task: Task, path: Path, name: str
    ) -> SharpenError | None:
        """Do one photo; return the error when it concerns every photo after it."""
        self._line = line = ProgressLine(name)
        one = OnePhoto(self._outfit.pictures, engine, self._outfit.archive, task, path, line)
        stop: SharpenError | None = None
        try:
            done = await one.sharpen()
        except SharpenError as error:
            done, stop = await one.failed(self._sentence(error)), error
        except Exception as error:  # one bad photo must not end the others
            log.exception("Unexpected error")
            done = await one.failed(
                f"{path.name}: something in the program went wrong ({type(error).__name__})."
            )
        self._failures += "error" in done
        self._record(done)
        is_common = task.engine == "cloud" and isinstance(stop, tuple(kind for kind, _ in PAUSES))
        return stop if is_common else None

    def _sentence(self, error: SharpenError) -> str:
        if isinstance(error, AlreadyPaid):
            return f"{error.sentence} To pay for it again all the same, add --again."
        is_keyless = isinstance(error, KeyRefused) and not self._outfit.key.value()
        return NO_KEY if is_keyless else error.sentence

    def _leave(self, paths: Sequence[Path], error: SharpenError) -> None:
        """Tell of the photos that were not sent because of a failure that would concern them, too."""
        if not paths:
            return
        self._failures += len(paths)
        reason = self._sentence(error)
        count = "The remaining photo was" if len(paths) == 1 else f"The remaining {len(paths)} photos were"
        tell(f"{count} not sent.")
        for path in paths:
            self._record({"input": str(path), "error": f"Not sent: {reason}", "stage": NOT_SENT})

    def _record(self, values: dict[str, object]) -> None:
        if self._wishes.json:
            record(values)
