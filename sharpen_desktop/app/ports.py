"""What the controller needs from the world outside, as protocols; services and test fakes implement them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from sharpen_desktop.core.jobs import Progress, SharpenRequest, SharpenResult
from sharpen_desktop.core.picture import Master, OpenedPicture, SaveOptions, Saved
from sharpen_desktop.core.prefs import Prefs

Report = Callable[[Progress], None]


class Engine(Protocol):
    """Something that sharpens."""

    async def sharpen(self, request: SharpenRequest, report: Report) -> SharpenResult:
        """Do the run; cancelling the awaiting task stops it. Raises SharpenError, RunStopped never."""
        ...


class Pictures(Protocol):
    """Reading and writing pictures, away from the window's process."""

    async def first_look(self, path: Path) -> OpenedPicture | None:
        """Return a quick scaled picture where the format allows one; ``None`` where it does not."""
        ...

    async def open(self, path: Path) -> OpenedPicture:
        """Decode the whole picture; PhotoUnreadable with a sentence that names the file."""
        ...

    async def save(
        self, picture: Master, metadata_of: Master, target: Path, options: SaveOptions, received: Path | None
    ) -> Saved:
        """Write ``picture`` with the other's metadata, whole or not at all; SaveFailed with a reason.

        ``received`` is the picture's own file as the cloud service sent it, if it came from there.
        """
        ...

    async def readable_files(self, paths: Sequence[Path]) -> tuple[Path, ...]:
        """Return the files among ``paths``, folders replaced by the photos in them, in natural order."""
        ...

    def forget(self, picture: OpenedPicture) -> None:
        """Give the cached pixels of a picture back; nothing may show it any more."""
        ...


class PrefsFile(Protocol):
    """Where preferences are kept between starts."""

    async def write(self, prefs: Prefs) -> None:
        """Write them whole or not at all; a failure is logged, never raised."""
        ...
