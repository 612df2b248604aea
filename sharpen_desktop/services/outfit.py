"""Everything outside the program that a run needs, put together once for the window and the command line."""

import asyncio
import importlib
import threading
from collections.abc import Callable
from pathlib import Path

from sharpen_desktop.core.picture import Display, Master, Upload
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.services.archive import Archive
from sharpen_desktop.services.ground import Ground
from sharpen_desktop.services.journal import Journal
from sharpen_desktop.services.keys import KeptKeys
from sharpen_desktop.services.local_engine import LocalEngine, warm
from sharpen_desktop.services.log_file import catch_crashes, open_log
from sharpen_desktop.services.mixer import WorkerMixer
from sharpen_desktop.services.paths import remove_dead_sessions, remove_oldest
from sharpen_desktop.services.result_store import ResultStore
from sharpen_desktop.services.study import WorkerStudy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sharpen_desktop.services.cloud.bucket import Bucket
    from sharpen_desktop.services.cloud.cloud_engine import CloudEngine


class Outfit:
    """Log, keys, archive, on a ground of folders and processes; engines when they are first wanted.

    ``prefs`` is asked whenever a preference matters; whoever knows them puts a function there.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground, environment = ground, ground.environment
        self.paths, self.workers, self.pictures = ground.paths, ground.workers, ground.pictures
        self.key = KeptKeys(environment, self.paths.config)
        open_log(self.paths.log, self.key.secrets)
        catch_crashes(self.paths.log)
        self._base_url = environment.get("SHARPEN_API_URL", "")
        self.study = WorkerStudy(self.workers.study, self.paths.session)
        self.mixer = WorkerMixer(self.workers.mixing, self.paths.session / "mixes", self.paths.session)
        self._results = ResultStore(self.paths.cloud_results)
        self._journal = Journal(self.paths.journal, sidecars=self._results.sidecars)
        self.archive = Archive(self._journal, self._results, self.paths.answers)
        self.prefs: Callable[[], Prefs] = Prefs
        self._cloud: CloudEngine | None = None
        self._loading = asyncio.Lock()

    async def local(self) -> LocalEngine:
        """Return the engine of this computer."""
        return LocalEngine(self.workers.engine, self.paths.local_results, self.paths.session, self.tidy)

    async def cloud(self, schema: ModelSchema) -> "CloudEngine":
        """Return the one engine at the cloud service; the HTTP library is loaded now, in a thread."""
        async with self._loading:
            if self._cloud is None:
                await asyncio.to_thread(importlib.import_module, "sharpen_desktop.services.cloud.api_client")
                self._cloud = await asyncio.to_thread(self._made_cloud, schema)
        return self._cloud

    def _made_cloud(self, schema: ModelSchema) -> "CloudEngine":
        from sharpen_desktop.services.cloud.cloud_engine import CloudEngine
        from sharpen_desktop.services.cloud.cloud_tools import CloudTools, Places
        from sharpen_desktop.services.cloud.service_line import DEFAULT_URL, ServiceLine
        from sharpen_desktop.services.cloud.transfer_watch import TransferLimits
        from sharpen_desktop.services.cloud.transport_memory import TransportMemory
        from sharpen_desktop.services.cloud.transports import Transports

        paths, pictures = self.paths, self.pictures
        tools = CloudTools(
            schema,
            self.key.value,
            ServiceLine(self._base_url or DEFAULT_URL, TransferLimits(), proxy=lambda: self.prefs().proxy),
            Transports(schema, TransportMemory(paths.transports), self._bucket),
            self._prepare_upload,
            self._journal,
            self._results,
            Places(paths.answers, paths.cloud_results, paths.session / "uploads", paths.prices),
            pictures.decode_check,
            self._look,
        )
        return CloudEngine(tools)

    async def _prepare_upload(self, picture: Master, path: str, most_bytes: int) -> Upload:
        return await self.pictures.prepare_upload(
            picture, path, self.prefs().upload_mb * 1_000_000, most_bytes
        )

    async def _look(self, path: Path) -> Display:
        return (await self.pictures.open(path)).display

    def _bucket(self) -> "Bucket | None":
        from sharpen_desktop.services.cloud.bucket import Bucket
        from sharpen_desktop.services.cloud.bucket_place import BucketKey, place_from

        place, (key_id, secret) = place_from(self.prefs()), self.key.bucket_secrets()
        if place is None or not key_id:
            return None
        return Bucket(place, BucketKey(key_id, secret), self.paths.bucket_notes, self.prefs().proxy)

    async def tidy_bucket(self) -> None:
        """Delete from the user's bucket what an earlier run could not; nothing without a bucket and its key."""
        if not self.prefs().bucket_name:
            return
        await self.key.load_bucket_secrets()
        bucket = await asyncio.to_thread(self._bucket)
        if bucket is not None:
            await bucket.remove_left_over()

    def tidy(self) -> None:
        """Remove what dead processes left and local results beyond the limit; a few disk reads."""
        remove_dead_sessions(self.paths)
        remove_oldest(self.paths.local_results, self.prefs().local_results_gb << 30)

    def warm_engine(self) -> None:
        """Let the engine's process load what a run needs, so that the first one starts at once."""
        threading.Thread(target=self.workers.engine.submit, args=(warm,), name="warm", daemon=True).start()

    async def aclose(self) -> None:
        """Close the journal; its truth does not depend on it."""
        await self._journal.close()

    def close(self) -> None:
        """End the processes and remove this process's pixels; at most a few seconds."""
        self._ground.close()


def sample_photo(resources: Path) -> Path:
    """Return the sample photo that is opened first."""
    return resources / "samples" / "summer-palace-missed-focus.jpg"
