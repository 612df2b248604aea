"""What the controller needs from the world outside, as protocols; services and test fakes implement them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sharpen_desktop.core.jobs import Progress, SharpenRequest, SharpenResult
from sharpen_desktop.core.picture import Master, OpenedPicture, Saved, SaveOptions
from sharpen_desktop.core.prefs import Prefs

Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Question:
    """A plain question. ``buttons``: id and label, the safe one first; ``escape``: the id that Esc means."""

    text: str
    explanation: str
    buttons: tuple[tuple[str, str], ...]
    escape: str


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


class Dialogs(Protocol):
    """Questions to the user; each is awaited while everything else goes on."""

    async def choose_files(self, folder: str) -> tuple[Path, ...]:
        """Let the user choose photos; empty when they think better of it."""
        ...

    async def choose_folder(self, folder: str) -> Path | None:
        """Let the user choose a folder of photos."""
        ...

    async def choose_target(self, suggestion: Path) -> Path | None:
        """Let the user choose a file to save to; an existing one is not asked about here."""
        ...

    async def ask(self, question: Question) -> str:
        """Return the id of the pressed button; of ``question.escape`` when the question was closed."""
        ...


class Keys(Protocol):
    """Where the key for the cloud service comes from."""

    def give(self, text: str) -> None:
        """Use ``text`` as the key for this session; KeyRefused when it cannot be one."""
        ...
