"""What the controller needs from the world outside, as protocols; services and test fakes implement them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sharpen_desktop.core.arrival import Arrival, Mend
from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.jobs import Progress, SharpenRequest, SharpenResult, WaitingPhoto
from sharpen_desktop.core.keys import KeyPlace, KeyVerdict
from sharpen_desktop.core.mix import Mixed, MixWish
from sharpen_desktop.core.money import Balance, Quote, Spending
from sharpen_desktop.core.paid import PaidRun
from sharpen_desktop.core.picture import Fingerprint, Master, OpenedPicture, Saved, SaveOptions
from sharpen_desktop.core.picture import Outgoing as Outgoing  # noqa: PLC0414 - a part of the ports
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.runs import Batch
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.core.sharpness import Sharpness, SharpnessWish
from sharpen_desktop.core.study import Area, Auto, Diagnosis, FaceBox, Preview, SubjectMask

Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Question:
    """A plain question. ``buttons``: id and label, the safe one first; ``escape``: the id that Esc means."""

    text: str
    explanation: str
    buttons: tuple[tuple[str, str], ...]
    escape: str


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """What *Sharpen all* is about to do. ``names``: the photos' names; ``stored``: how many cost nothing more.

    ``quote_usd``: total, ``None`` when the price is not known. ``limit_usd``: what the limit leaves, ``None``
    without one. ``large``: how many are above 24 MP, where a run costs more. ``title``: the run's name.
    """

    engine: EngineName
    title: str
    names: tuple[str, ...]
    stored: int = 0
    quote_usd: float | None = None
    quote_of_s: float | None = None
    limit_usd: float | None = None
    large: int = 0


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

    @property
    def held_limit(self) -> int:
        """How many bytes of decoded pixels are to be held at most, besides those in use."""
        ...

    async def open_ahead(self, path: Path) -> OpenedPicture:
        """Decode a picture nobody waits for, without getting in anybody's way; cancelling ends it at once."""
        ...

    async def is_changed(self, picture: Master, path: Path) -> bool:
        """Return whether another file lies at ``path`` than the one that was read; not when there is none."""
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

    async def fingerprint(self, picture: Master, path: Path | None) -> Fingerprint:
        """Return what tells this photo from others; of ``path`` only if it is still the file that was read."""
        ...

    async def compare_arrival(self, sent: Master, came: Master) -> Arrival:
        """Look whether a result fits the photo it was made from: size, place, colour, clipping, alpha."""
        ...

    async def plain_png(self, picture: Master, target: Path) -> None:
        """Write the pixels alone as a PNG every program can paste: 8-bit sRGB, without metadata."""
        ...

    async def mended(self, sent: Master, came: Master, mend: Mend, target: Path) -> None:
        """Write ``came``, moved or recoloured to fit ``sent``, as a lossless file to ``target``."""
        ...


class Study(Protocol):
    """What can be found out about a photo before it is sharpened, in a process of its own.

    Cancelling an await stops the work within half a second. What was measured of a photo is kept for the next
    question about it. EngineFailed when the process died.
    """

    async def diagnose(self, picture: Master) -> Diagnosis:
        """Return what is the matter with it, and what Auto takes in the modes of which that is known by then."""
        ...

    async def auto(self, picture: Master, mode: str) -> Auto:
        """Return what Auto takes in a mode; what is measured for it makes the mode's first preview quick."""
        ...

    async def subject(self, picture: Master, strokes: Strokes) -> SubjectMask:
        """Return its foreground, with what was painted on it."""
        ...

    async def faces(self, picture: Master) -> tuple[FaceBox, ...]:
        """Return where it has faces."""
        ...

    async def preview(
        self, photo_id: str, picture: Master, settings: Settings, strokes: Strokes, area: Area
    ) -> Preview:
        """Return what a run would make of ``area``, or of somewhat more: the same pixels."""
        ...

    async def sharpness(self, wish: SharpnessWish) -> Sharpness:
        """Return how sharp what is in view is, or what has changed there between two pictures."""
        ...

    def forget(self, picture: Master) -> None:
        """Give back what is kept of a picture."""
        ...


class Mixer(Protocol):
    """Lays results over other pictures, in a process of its own."""

    def warm(self) -> None:
        """Get ready, so that the first mix is there at once."""
        ...

    async def mixed(self, wish: MixWish) -> Mixed:
        """Make a mix at full depth; cancelling the await stops the work. SharpenError when it cannot be made."""
        ...

    def forget(self, mixed: Mixed) -> None:
        """Give the pixels of a mix back; nothing may show it any more."""
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

    async def confirm_batch(self, plan: BatchPlan) -> bool:
        """Show what *Sharpen all* would do and cost; whether the user agrees."""
        ...

    async def show_outgoing(self, outgoing: Outgoing) -> None:
        """Show exactly what would leave this computer, until it is closed."""
        ...

    async def show_results(self, batch: Batch) -> None:
        """Show how each photo of a batch has ended, until it is closed."""
        ...


class Keys(Protocol):
    """Where the key for the cloud service comes from. Nothing here blocks the caller's thread."""

    @property
    def place(self) -> KeyPlace:
        """Where the key in use is kept."""
        ...

    def give(self, text: str) -> None:
        """Use ``text`` as the key for this session; KeyRefused when it cannot be one."""
        ...

    async def load(self) -> KeyPlace:
        """Look for a kept key where the environment has none; an answer may take minutes or never come."""
        ...

    async def keep(self, place: KeyPlace) -> str:
        """Keep the key in use there (KEYRING, FILE or SESSION); return a sentence on where it now is."""
        ...

    async def forget(self) -> str:
        """Remove the key from everywhere the program has put it; return a sentence on what was done."""
        ...

    async def keep_bucket_secrets(self, access: str, secret: str) -> str:
        """Use and keep the secrets of the user's bucket; two empty texts forget them.

        Return a sentence on where they now are; KeyRefused when only one is there or they cannot be secrets.
        """
        ...


class Cloud(Protocol):
    """The paid service besides its runs. CloudError from whatever asks the service."""

    async def quote(self) -> Quote | None:
        """Return the price of one run, ``None`` when the service does not say; never raises."""
        ...

    async def usual_s(self) -> float | None:
        """Return how many seconds a run usually takes, ``None`` when nobody says; never raises."""
        ...

    async def balance(self) -> Balance:
        """Return what is left in the account."""
        ...

    async def check_key(self, key: str) -> KeyVerdict:
        """Ask the service about a key, the one in use for an empty text; costs nothing, never raises."""
        ...

    async def fetch_photo(self, url: str, target: Path) -> None:
        """Fetch a photo from a public https address, without the key; PhotoUnreadable when it does not come."""
        ...

    async def outgoing(self, request: SharpenRequest) -> Outgoing:
        """Prepare a run and return what it would send; nothing is sent."""
        ...

    async def settle(self, run_id: str, report: Report) -> PaidRun:
        """Bring a run that was cut short further by one step and return it.

        A picture that was answered is fetched; the service's log is asked about a run in doubt. CloudError when
        that was not possible now; the run then stands where it stood, and its ``problem`` says what to do.
        """
        ...


class Archive(Protocol):
    """The journal of paid runs and the store of their results. JournalFailed when the disk does not take it."""

    async def open(self) -> str:
        """Get ready, mending what can be mended; return a sentence when something was wrong, else empty."""
        ...

    async def of_photo(self, fingerprint: Fingerprint) -> tuple[PaidRun, ...]:
        """Return all runs of a photo, newest first."""
        ...

    async def runs(self, most: int = 500) -> tuple[PaidRun, ...]:
        """Return the newest runs, newest first."""
        ...

    async def open_runs(self) -> tuple[PaidRun, ...]:
        """Return the runs that no other living process is at and that are not settled, oldest first."""
        ...

    async def spending(self, since_s: float) -> Spending:
        """Return what the runs since then (seconds since 1970) have cost."""
        ...

    async def saved(self, run_id: str, path: str) -> None:
        """Note that the user has a file of a result."""
        ...

    async def discard(self, run_id: str) -> None:
        """Delete a run's result and answer for good; its row and cost stay."""
        ...

    async def size_bytes(self) -> int:
        """Return how much the stored results of paid runs take up."""
        ...

    async def keep_queue(self, photos: Sequence[WaitingPhoto]) -> None:
        """Keep what waits for the next start, in place of what was kept before."""
        ...

    async def kept_queue(self) -> tuple[WaitingPhoto, ...]:
        """Return what waited when the program last ended."""
        ...
