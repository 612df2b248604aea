"""Everything outside the program that a run needs, put together once for the window and the command line."""

import asyncio
import importlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.services.local_engine import LocalEngine, warm
from sharpen_desktop.services.log_file import open_log
from sharpen_desktop.services.paths import paths_from, remove_dead_sessions, remove_oldest
from sharpen_desktop.services.pictures import WorkerPictures
from sharpen_desktop.services.session_key import SessionKey
from sharpen_desktop.services.session_lock import SessionLock
from sharpen_desktop.services.workers import Workers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sharpen_desktop.services.cloud.cloud_engine import CloudEngine

LOCAL_RESULTS_BYTES = 8 << 30
"""Results of the local engine can be made again: the oldest leave above this."""


class Outfit:
    """Folders, log, key, processes; engines when they are first wanted. Raises OSError without folders."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.paths = paths_from(environment)
        self.paths.make()
        self._lock = SessionLock(self.paths.session)
        self.key = SessionKey(environment)
        open_log(self.paths.log, self.key.value)
        self._base_url = environment.get("SHARPEN_API_URL", "")
        self.workers = Workers()
        self.pictures = WorkerPictures(self.workers.pictures, self.paths.session / "pictures")

    async def local(self) -> LocalEngine:
        """Return the engine of this computer."""
        return LocalEngine(self.workers.engine, self.paths.local_results, self.paths.session, self.tidy)

    async def cloud(self, schema: ModelSchema) -> "CloudEngine":
        """Return the engine at the cloud service; the HTTP library is loaded now, in a thread."""
        module = await asyncio.to_thread(
            importlib.import_module, "sharpen_desktop.services.cloud.cloud_engine"
        )
        await asyncio.to_thread(importlib.import_module, "sharpen_desktop.services.cloud.api_client")
        engine: CloudEngine = module.CloudEngine(
            schema,
            self.key.value,
            self.pictures.prepare_upload,
            self.paths.answers,
            self.paths.cloud_results,
            self.paths.session / "uploads",
            self._base_url or module.DEFAULT_URL,
        )
        return engine

    def tidy(self) -> None:
        """Remove what dead processes left and local results beyond the limit; a few disk reads."""
        remove_dead_sessions(self.paths)
        remove_oldest(self.paths.local_results, LOCAL_RESULTS_BYTES)

    def warm_engine(self) -> None:
        """Let the engine's process load what a run needs, so that the first one starts at once."""
        self.workers.engine.submit(warm)

    def close(self) -> None:
        """End the processes and remove this process's pixels; at most a few seconds."""
        self.workers.stop()
        self._lock.release()
        shutil.rmtree(self.paths.session, ignore_errors=True)


def sample_photo(resources: Path) -> Path:
    """Return the sample photo that is opened first."""
    return resources / "samples" / "summer-palace-missed-focus.jpg"
