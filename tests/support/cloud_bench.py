"""A cloud engine on a temporary folder, and everything a test asks about one run."""

import asyncio
import io
import traceback
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.jobs import Phase, Progress, SharpenRequest, SharpenResult
from sharpen_desktop.core.picture import Master, Upload
from sharpen_desktop.core.settings import Settings, defaults
from sharpen_desktop.services.cloud.cloud_engine import CloudEngine
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits
from sharpen_desktop.services.schema_file import load_schema

CANARY = "sk-canary-0123456789abcdef"
SCHEMA = load_schema()
SIZE = (300, 200)
MASTER = Master("", *SIZE, 8, is_grey=False, pixels="")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


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


@dataclass
class Bench:
    """One engine against ``url``; ``run`` does one run and records what it reported and raised."""

    folder: Path
    url: str
    picture: bytes = field(default_factory=noise)
    limits: TransferLimits = field(default_factory=TransferLimits)
    trusted: tuple[str, ...] = ()
    key: str = CANARY
    reports: list[Progress] = field(default_factory=list)

    def engine(self) -> CloudEngine:
        return CloudEngine(
            SCHEMA,
            lambda: self.key,
            self.prepare_upload,
            self.folder / "answers",
            self.folder / "results",
            self.folder / "spool",
            self.url,
            self.limits,
            self.trusted,
        )

    async def prepare_upload(self, picture: Master, path: str) -> Upload:
        await asyncio.to_thread(Path(path).write_bytes, self.picture)
        return Upload(path, "image/png", len(self.picture), picture.width, picture.height)

    async def sharpen(self, settings: Settings | None = None, run_id: str = "run-1") -> SharpenResult:
        request = SharpenRequest(run_id, "cloud", settings or defaults(SCHEMA), MASTER)
        return await self.engine().sharpen(request, self.reports.append)

    def run(self, settings: Settings | None = None) -> SharpenResult:
        """Do one run and see that it leaves no task behind, however it ends."""

        async def alone() -> SharpenResult:
            try:
                return await self.sharpen(settings)
            finally:
                await asyncio.sleep(0.01)  # what was cancelled last ends in the next round of the loop
                assert asyncio.all_tasks() == {asyncio.current_task()}

        return asyncio.run(alone())

    def failure(self) -> SharpenError:
        with pytest.raises(SharpenError) as caught:
            self.run()
        error = caught.value
        texts = [error.headline, error.detail, error.request_id, *traceback.format_exception(error)]
        assert CANARY not in "".join(texts)
        return error

    def phases(self) -> list[Phase]:
        return list(dict.fromkeys(report.phase for report in self.reports))

    def files(self) -> list[str]:
        """The files that are left, by their path below the folder."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())

    def kept(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()
