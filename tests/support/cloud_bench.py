"""A cloud engine on a temporary folder, with its journal and store, and everything a test asks about its runs."""

import asyncio
import io
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PIL import Image

from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.jobs import Phase, Progress, SharpenRequest, SharpenResult
from sharpen_desktop.core.paid import PaidRun, Stage
from sharpen_desktop.core.picture import Display, Fingerprint, Master, Upload
from sharpen_desktop.core.settings import Settings, defaults
from sharpen_desktop.services.cloud.cloud_engine import CloudEngine
from sharpen_desktop.services.cloud.cloud_tools import CloudTools, Places
from sharpen_desktop.services.cloud.pace import Pace
from sharpen_desktop.services.cloud.service_line import ServiceLine
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits
from sharpen_desktop.services.cloud.transport_memory import TransportMemory
from sharpen_desktop.services.cloud.transports import Transports
from sharpen_desktop.services.journal import Journal
from sharpen_desktop.services.result_store import ResultStore
from sharpen_desktop.services.schema_file import load_schema

T = TypeVar("T")

CANARY = "sk-canary-0123456789abcdef"
SCHEMA = load_schema()
SIZE = (300, 200)
MASTER = Master("", *SIZE, 8, is_grey=False, pixels="")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


WAYS_TO: dict[Stage, tuple[Stage, ...]] = {
    Stage.PREPARED: (),
    Stage.SENDING: (Stage.SENDING,),
    Stage.REFUSED: (Stage.REFUSED,),
    Stage.UNKNOWN: (Stage.SENDING, Stage.UNKNOWN),
    Stage.UNTRACED: (Stage.SENDING, Stage.UNKNOWN, Stage.UNTRACED),
    Stage.LOST: (Stage.SENDING, Stage.UNKNOWN, Stage.LOST),
    Stage.ANSWERED: (Stage.SENDING, Stage.ANSWERED),
    Stage.DOWNLOADING: (Stage.SENDING, Stage.ANSWERED, Stage.DOWNLOADING),
    Stage.PAID_UNREADABLE: (Stage.SENDING, Stage.ANSWERED, Stage.PAID_UNREADABLE),
    Stage.EXPIRED: (Stage.SENDING, Stage.ANSWERED, Stage.EXPIRED),
}
"""The steps to each stage."""


def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the proxies of the machine the tests run on out of them."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def noise(size: tuple[int, int] = SIZE, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(out, kind)
    return out.getvalue()


def heavy(size: int = 8 << 20) -> bytes:
    """What begins like a picture and is larger than the buffers between two programs."""
    return b"\x89PNG\r\n\x1a\n" + bytes(size)


def wrong_with(file: Path) -> str:
    """What is wrong with a picture, by decoding all of it; empty for nothing."""
    try:
        with Image.open(file, formats=("JPEG", "PNG", "TIFF", "WEBP")) as picture:
            picture.load()
    except (OSError, ValueError, SyntaxError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


@dataclass
class Bench:
    """Engines against ``url`` on one folder; what they report, and how they end, is noted.

    Each call opens journal and engine anew, as a start of the program does; ``together`` does several things with one.
    Waits between tries take no time: ``waits`` has their lengths, and the engine's clocks go on by them.
    ``wrong_s``: by how much this computer's clock is wrong.
    """

    folder: Path
    url: str
    picture: bytes = field(default_factory=noise)
    limits: TransferLimits = field(default_factory=TransferLimits)
    trusted: tuple[str, ...] = ()
    key: str = CANARY
    is_checking: bool = True
    bucket: Any = None
    proxy: str = ""
    reports: list[Progress] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    ahead_s: float = 0.0
    wrong_s: float = 0.0
    runs_made: int = 0

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[CloudEngine]:
        """The engine with its journal, which is closed afterwards; no task may be left by then."""
        journal = Journal(self.folder / "journal", self.now)
        try:
            yield CloudEngine(self.tools(journal))
        finally:
            await journal.close()
            await asyncio.sleep(0.01)  # what was cancelled last ends in the next round of the loop
            assert asyncio.all_tasks() == {asyncio.current_task()}

    def tools(self, journal: Journal) -> CloudTools:
        folder = self.folder
        return CloudTools(
            SCHEMA,
            lambda: self.key,
            ServiceLine(self.url, self.limits, self.trusted, lambda: self.proxy),
            Transports(SCHEMA, TransportMemory(folder / "transports.json", self.now), lambda: self.bucket),
            self.prepare_upload,
            journal,
            ResultStore(folder / "results"),
            Places(folder / "answers", folder / "results", folder / "spool", folder / "prices"),
            self.checked,
            self.look,
            Pace(self.sleep, self.now, lambda: time.monotonic() + self.ahead_s, lambda: 0.0),
        )

    def now(self) -> float:
        return time.time() + self.ahead_s + self.wrong_s

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.ahead_s += seconds
        await asyncio.sleep(0)

    async def prepare_upload(self, picture: Master, path: str, most_bytes: int) -> Upload:
        await asyncio.to_thread(Path(path).write_bytes, self.picture)
        return Upload(path, "image/png", len(self.picture), picture.width, picture.height)

    async def checked(self, file: Path) -> str:
        return await asyncio.to_thread(wrong_with, file) if self.is_checking else ""

    async def look(self, file: Path) -> Display:
        with Image.open(file) as picture:
            return Display(*picture.size, ())

    def request(self, settings: Settings | None = None, photo: str = "photo", **more: Any) -> SharpenRequest:
        """A run of ``photo``, which is told from others by its name; each has an id of its own."""
        self.runs_made += 1
        plain = SharpenRequest(
            f"run-{self.runs_made}",
            "cloud",
            settings or defaults(SCHEMA),
            MASTER,
            fingerprint=Fingerprint(pixels=photo),
        )
        return replace(plain, **more)

    def together(self, work: Callable[[CloudEngine], Awaitable[T]]) -> T:
        """Do something with one engine."""

        async def alone() -> T:
            async with self.opened() as engine:
                return await work(engine)

        return asyncio.run(alone())

    def run(self, settings: Settings | None = None, **more: Any) -> SharpenResult:
        """Do one run and see that it leaves no task behind, however it ends."""
        request = self.request(settings, **more)
        return self.together(lambda engine: engine.sharpen(request, self.reports.append))

    def failure(self, settings: Settings | None = None, **more: Any) -> SharpenError:
        return self._error_of(lambda: self.run(settings, **more))

    def settle(self, run_id: str = "run-1") -> PaidRun:
        return self.together(lambda engine: engine.settle(run_id, self.reports.append))

    def settling_failure(self, run_id: str = "run-1") -> SharpenError:
        return self._error_of(lambda: self.settle(run_id))

    def row(self, run_id: str = "") -> PaidRun:
        """The journal's row of a run, of the last one without a name."""
        found = self._journal(lambda journal: journal.run(run_id or f"run-{self.runs_made}"))
        assert found is not None, "the journal does not know the run"
        return found

    def rows(self) -> tuple[PaidRun, ...]:
        return self._journal(lambda journal: journal.runs())

    def cut_off_at(self, stage: Stage, photo: str = "photo", **facts: Any) -> PaidRun:
        """Leave a new row as a program does that ends at this stage; ``facts`` are those of its last step."""
        request = self.request(photo=photo)

        async def left(journal: Journal) -> PaidRun:
            run = CloudEngine(self.tools(journal))._draft(request)
            await journal.add(run)
            *before, last = WAYS_TO[stage] or (None,)
            for each in before:
                run = await journal.step(run.run_id, each, tries=1)
            return await journal.step(run.run_id, last, **facts) if last else run

        return self._journal(left)

    def put(self, stage: Stage, **facts: Any) -> PaidRun:
        """Bring the last run's row to a stage."""
        return self._journal(lambda journal: journal.step(f"run-{self.runs_made}", stage, **facts))

    def phases(self) -> list[Phase]:
        return list(dict.fromkeys(report.phase for report in self.reports))

    def files(self) -> list[str]:
        """The files that are left, by their path below the folder, without the journal's own and the store's records."""
        kept = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        shown = (str(path) for path in kept if path.parts[0] not in {"journal", "prices", "transports.json"})
        return sorted(name for name in shown if not (name.startswith("results/") and name.endswith(".json")))

    def results(self) -> list[Path]:
        """The pictures in the store."""
        return [self.folder / name for name in self.files() if name.startswith("results/")]

    def kept(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def _journal(self, work: Callable[[Journal], Awaitable[T]]) -> T:
        async def alone() -> T:
            journal = Journal(self.folder / "journal", self.now)
            try:
                return await work(journal)
            finally:
                await journal.close()

        return asyncio.run(alone())

    def _error_of(self, work: Callable[[], object]) -> SharpenError:
        with pytest.raises(SharpenError) as caught:
            work()
        error = caught.value
        texts = [error.headline, error.detail, error.request_id, *traceback.format_exception(error)]
        assert CANARY not in "".join(texts)
        return error
