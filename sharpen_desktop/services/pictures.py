"""The Pictures port over the *pictures* process: decode, save, prepare uploads, tell apart, compare, mend."""

import asyncio
import shutil
import threading
import uuid
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from sharpen_desktop.core.arrival import Arrival, Mend
from sharpen_desktop.core.errors import PhotoUnreadable, SaveFailed, SharpenError
from sharpen_desktop.core.picture import Fingerprint, Master, OpenedPicture, Saved, SaveOptions, Upload
from sharpen_desktop.services.images import source_note
from sharpen_desktop.services.memory import held_limit
from sharpen_desktop.services.workers import Worker, WorkerDied, WorkerTimeout

READ_LIMIT_S = 180.0
SAVE_LIMIT_S = 600.0
LOOK_EDGE_PX = 1600


class WorkerPictures:
    """Reads and writes pictures in a worker process; pixels lie in ``folder`` until they are forgotten.

    ``ahead``: another one for what nobody waits for.
    """

    def __init__(self, worker: Worker, folder: Path, ahead: Worker | None = None) -> None:
        self._worker = worker
        self._ahead = ahead or worker
        self._folder = folder
        self.held_limit = held_limit(folder)
        self._early: dict[Path, Future[OpenedPicture | None]] = {}

    def look_early(self, path: Path) -> "Future[OpenedPicture | None]":
        """Begin the first look at a photo now; ``first_look`` then takes it over. Needs no event loop."""
        self._early[path] = self._worker.submit(
            _first_look, str(path), self._new_folder(), LOOK_EDGE_PX, timeout_s=READ_LIMIT_S
        )
        return self._early[path]

    async def first_look(self, path: Path) -> OpenedPicture | None:
        """Return a quick scaled picture where the format allows one."""
        if path not in self._early:
            self.look_early(path)
        try:
            return await self._worker.answer(self._early.pop(path))
        except (WorkerDied, WorkerTimeout) as error:
            raise _unsafe(path) from error

    async def open(self, path: Path) -> OpenedPicture:
        """Decode the whole picture."""
        try:
            return await self._worker.call(_open_photo, str(path), self._new_folder(), timeout_s=READ_LIMIT_S)
        except (WorkerDied, WorkerTimeout) as error:
            raise _unsafe(path) from error

    async def open_ahead(self, path: Path) -> OpenedPicture:
        """Decode a picture nobody waits for; cancelling kills the call."""
        folder = self._new_folder()
        try:
            return await self._ahead.call(_open_photo, str(path), folder, timeout_s=READ_LIMIT_S)
        except (WorkerDied, WorkerTimeout) as error:
            _remove(folder)
            raise _unsafe(path) from error
        except asyncio.CancelledError:
            _remove(folder)
            raise

    async def is_changed(self, picture: Master, path: Path) -> bool:
        """Return whether another file lies at ``path`` than the one that was read; not when there is none."""
        return await asyncio.to_thread(source_note.is_changed, Path(picture.folder), path)

    async def save(
        self, picture: Master, metadata_of: Master, target: Path, options: SaveOptions, received: Path | None
    ) -> Saved:
        """Write a picture, whole or not at all."""
        came_as = str(received) if received else None
        try:
            return await self._worker.call(
                _save_photo, picture, metadata_of, str(target), options, came_as, timeout_s=SAVE_LIMIT_S
            )
        except (WorkerDied, WorkerTimeout) as error:
            raise SaveFailed(
                f"{target.name} was not saved: writing it did not finish. Nothing was overwritten.",
                detail=str(error),
                retryable=True,
            ) from error

    async def prepare_upload(
        self, picture: Master, path: str, soft_cap: int = 10_000_000, most_bytes: int = 0
    ) -> Upload:
        """Write the file that would be sent to the cloud service, without metadata; as image_io.prepare_upload.

        ``most_bytes``: scale it down to so many, 0 for no more than the service's own limits ask for.
        """
        try:
            return await self._worker.call(
                _prepare_upload, picture, path, soft_cap, most_bytes, timeout_s=SAVE_LIMIT_S
            )
        except (WorkerDied, WorkerTimeout) as error:
            raise SaveFailed("The photo could not be made ready to send.", detail=str(error)) from error

    async def fingerprint(self, picture: Master, path: Path | None) -> Fingerprint:
        """Return what tells this photo from others; of ``path`` only if it is still the file that was read."""
        file = str(path) if path else None
        try:
            return await self._worker.call(_fingerprint, picture, file, timeout_s=READ_LIMIT_S)
        except (WorkerDied, WorkerTimeout) as error:
            raise SharpenError("The photo could not be told from others.", detail=str(error)) from error

    async def compare_arrival(self, sent: Master, came: Master) -> Arrival:
        """Look whether a result fits the photo it was made from."""
        try:
            return await self._worker.call(_compare_arrival, sent, came, timeout_s=READ_LIMIT_S)
        except (WorkerDied, WorkerTimeout) as error:
            raise SharpenError(
                "The result could not be compared with the photo.", detail=str(error)
            ) from error

    async def mended(self, sent: Master, came: Master, mend: Mend, target: Path) -> None:
        """Write ``came``, moved or recoloured to fit ``sent``, as a lossless file to ``target``."""
        try:
            await self._worker.call(_mended, sent, came, mend, str(target), timeout_s=SAVE_LIMIT_S)
        except (WorkerDied, WorkerTimeout) as error:
            raise SaveFailed(
                "The result could not be made to fit the photo.", detail=str(error), retryable=True
            ) from error

    async def plain_png(self, picture: Master, target: Path) -> None:
        """Write the pixels alone as a PNG every program can paste."""
        try:
            await self._worker.call(_plain_png, picture, str(target), timeout_s=SAVE_LIMIT_S)
        except (WorkerDied, WorkerTimeout) as error:
            raise SaveFailed("The picture could not be copied.", detail=str(error), retryable=True) from error

    async def decode_check(self, path: Path) -> str:
        """Decode a file strictly; return what is wrong with it as a half-sentence, empty when nothing is."""
        try:
            return await self._worker.call(_decode_check, str(path), timeout_s=READ_LIMIT_S)
        except (WorkerDied, WorkerTimeout) as error:
            return f"reading it did not finish ({error})"

    async def readable_files(self, paths: Sequence[Path]) -> tuple[Path, ...]:
        """Return the files, folders replaced by the photos in them."""
        if not any([await asyncio.to_thread(path.is_dir) for path in paths]):
            return tuple(paths)
        found = await self._worker.call(_readable_files, [str(path) for path in paths])
        return tuple(Path(each) for each in found)

    def forget(self, picture: OpenedPicture) -> None:
        """Delete the cached pixels of a picture, away from the caller's thread."""
        folder = _folder_of(picture)
        if folder is not None and folder.is_relative_to(self._folder):
            _remove(str(folder))

    def _new_folder(self) -> str:
        return str(self._folder / uuid.uuid4().hex)


def _folder_of(picture: OpenedPicture) -> Path | None:
    if picture.master is not None:
        return Path(picture.master.folder)
    return Path(picture.display.levels[0].path).parent if picture.display.levels else None


def _remove(folder: str) -> None:
    """Delete a folder of pixels, away from the caller's thread."""
    threading.Thread(target=shutil.rmtree, args=(folder, True), name="forget", daemon=True).start()


def _unsafe(path: Path) -> PhotoUnreadable:
    return PhotoUnreadable(f"{path.name} could not be read safely: reading it did not finish.")


# What runs in the process; imported there, so that the window's process never loads the picture libraries.


def _first_look(path: str, folder: str, edge_px: int) -> OpenedPicture | None:
    from sharpen_desktop.services.images import image_io

    return image_io.first_look(path, folder, edge_px)


def _open_photo(path: str, folder: str) -> OpenedPicture:
    from sharpen_desktop.services.images import image_io

    return image_io.open_photo(path, folder)


def _save_photo(
    picture: Master, metadata_of: Master, target: str, options: SaveOptions, received: str | None
) -> Saved:
    from sharpen_desktop.services.images import image_io

    return image_io.save_photo(picture, metadata_of, target, options, received)


def _prepare_upload(picture: Master, path: str, soft_cap: int, most_bytes: int) -> Upload:
    from sharpen_desktop.services.images import image_io

    if most_bytes:
        return image_io.prepare_upload(
            picture, path, 0, most_bytes
        )  # as JPEG: more pixels for the same bytes
    return image_io.prepare_upload(picture, path, soft_cap)


def _readable_files(paths: list[str]) -> list[str]:
    from sharpen_desktop.services.images import image_io

    return image_io.readable_files(paths)


def _fingerprint(picture: Master, path: str | None) -> Fingerprint:
    from sharpen_desktop.services.images import image_io

    return image_io.fingerprint(picture, path)


def _compare_arrival(sent: Master, came: Master) -> Arrival:
    from sharpen_desktop.services.images import image_io

    return image_io.compare_arrival(sent, came)


def _mended(sent: Master, came: Master, mend: Mend, target: str) -> None:
    from sharpen_desktop.services.images import image_io

    image_io.mended(sent, came, mend, target)


def _plain_png(picture: Master, target: str) -> None:
    from sharpen_desktop.services.images import image_io

    image_io.plain_png(picture, target)


def _decode_check(path: str) -> str:
    from sharpen_desktop.services.images import image_io

    return image_io.decode_check(path)
