"""What a run stands on: its folders, its processes, and who reads its pictures. Little is loaded for it."""

import shutil
from collections.abc import Mapping

from sharpen_desktop.services.paths import paths_from, with_room
from sharpen_desktop.services.pictures import WorkerPictures
from sharpen_desktop.services.session_lock import SessionLock
from sharpen_desktop.services.workers import Workers


class Ground:
    """Holds the session's folder from its making until ``close``. Raises OSError without folders."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.paths = with_room(paths_from(environment))
        self.paths.make()
        self._lock = SessionLock(self.paths.session)
        self.workers = Workers()
        self.pictures = WorkerPictures(
            self.workers.pictures, self.paths.session / "pictures", self.workers.ahead
        )

    def close(self) -> None:
        """End the processes and remove this process's pixels; at most a few seconds."""
        self.workers.stop()
        self._lock.release()
        folder = self.paths.cache if self.paths.is_borrowed else self.paths.session
        shutil.rmtree(folder, ignore_errors=True)
