"""The Mixer port over the *mixing* process: results laid over other pictures, called off cooperatively."""

import shutil
import threading
import uuid
from pathlib import Path

from sharpen_desktop.core.mix import Mixed, MixWish
from sharpen_desktop.services.asking import Asking, begun
from sharpen_desktop.services.workers import Worker

FAILED = "The mix could not be made; the result itself is whole."


class WorkerMixer:
    """Mixes in a process of its own, which starts with the first mix: no save and no run keeps it waiting.

    ``folder``: where the pixels of mixes lie until they are forgotten. ``scratch``: for the boards.
    """

    def __init__(self, worker: Worker, folder: Path, scratch: Path) -> None:
        self._worker = worker
        self._folder = folder
        self._asking = Asking(worker, scratch, FAILED, _throw_away)

    def warm(self) -> None:
        """Start the process and let it load what it needs, so that the first mix is there at once."""
        self._worker.submit(_warm)

    async def mixed(self, wish: MixWish) -> Mixed:
        """Make a mix; cancelling the await stops it."""
        return await self._asking.answer(_mix, wish, str(self._folder / uuid.uuid4().hex))

    def forget(self, mixed: Mixed) -> None:
        """Delete the pixels of a mix, away from the caller's thread."""
        _throw_away(mixed)


def _throw_away(came: object) -> None:
    if isinstance(came, Mixed):
        folder = came.master.folder
        threading.Thread(target=shutil.rmtree, args=(folder, True), name="forget", daemon=True).start()


# What runs in the process; imported there, so that the window's process never loads the picture libraries.


def _warm() -> None:
    from sharpen_desktop.services.images import mixing

    del mixing


def _mix(board_path: str, wish: MixWish, folder: str) -> Mixed:
    from sharpen_desktop.core.errors import SharpenError
    from sharpen_desktop.services.images import mixing
    from sharpen_desktop.services.images.pixel_files import NoRoom

    with begun(board_path) as should_stop:
        try:
            return mixing.mix(wish, folder, should_stop)
        except (OSError, NoRoom) as error:
            reason = "the disk for temporary files has no room for it. Make some room, then change the mix"
            raise SharpenError(f"The mix could not be made: {reason}.", detail=str(error)) from error
