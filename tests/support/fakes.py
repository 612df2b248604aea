"""Small stand-ins for the ports of app/ports.py, and a desk where a controller works with them.

    @on_desk()
    async def test_something(desk):
        photo = await desk.opened("a.jpg")
        desk.local.hold()
        desk.controller.sharpen()
        await desk.until(lambda: desk.state.going)
        …

Whatever waits outside (a read, a run, a save, a question) can be held open and let go. ``on_desk`` closes the
controller afterwards and fails the test when a task is left over.
"""

import asyncio
import functools
import inspect
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.app.ports import BatchPlan, Cloud, Engine, Outgoing, Question, Report
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.arrival import Arrival, Mend
from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.errors import KeyRefused, PhotoUnreadable, SharpenError
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.jobs import Progress, SharpenRequest, SharpenResult, WaitingPhoto
from sharpen_desktop.core.keys import KeyPlace, KeyVerdict
from sharpen_desktop.core.mix import Mixed, MixWish
from sharpen_desktop.core.money import Balance, Quote, Spending
from sharpen_desktop.core.notice import Notice
from sharpen_desktop.core.paid import OPEN, PaidRun, Stage, asked_for
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import (
    Display,
    Fingerprint,
    Level,
    Master,
    OpenedPicture,
    PhotoFacts,
    Saved,
    SaveOptions,
)
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.runs import Batch
from sharpen_desktop.core.settings import Settings, defaults
from sharpen_desktop.core.sharpness import ChangeNumbers, Sharpness, SharpnessWish, SideNumbers
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.study import Area, Auto, Diagnosis, FaceBox, Preview, SubjectMask
from sharpen_desktop.services.schema_file import load_schema

PATIENCE_S = 5.0
PHOTO_BYTES = 600 * 400 * (4 + 3)
"""What a photo of the usual size takes up: one display level and the picture itself."""
LATER = ("prefs", "keep-queue", "settle-", "study-", "mix-", "ahead")
"""Tasks that wait for a time to come."""


def master_of(name: str, *, width: int = 600, height: int = 400, depth: int = 8) -> Master:
    folder = f"/cache/{name}"
    return Master(folder, width, height, depth, is_grey=False, pixels=f"{folder}/pixels.npy")


def picture_of(
    name: str,
    *,
    width: int = 600,
    height: int = 400,
    depth: int = 8,
    kind: str = "JPEG",
    notes: tuple[str, ...] = (),
) -> OpenedPicture:
    """A whole picture; ``name`` tells its pixels from those of others."""
    facts = PhotoFacts(kind, width, height, depth, "sRGB", notes=notes)
    level = Level(f"/cache/{name}/0.bgrx", width, height, width * 4)
    master = master_of(name, width=width, height=height, depth=depth)
    return OpenedPicture(facts, Display(width, height, (level,)), master)


def look_of(name: str, *, width: int = 600, height: int = 400) -> OpenedPicture:
    """A first look: a scaled picture without a master."""
    small = Level(f"/cache/{name}-look/0.bgrx", width // 4, height // 4, width)
    return OpenedPicture(PhotoFacts("JPEG", width, height, 8, "sRGB"), Display(width, height, (small,)))


def fingerprint_of(name: str) -> Fingerprint:
    """What tells the photo of this name from others."""
    return Fingerprint(file=f"file of {name}", pixels=f"pixels of {name}")


class Gate:
    """Lets everybody through until it is held; then they wait until it is let go."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self.waiting = 0

    def hold(self) -> None:
        self._open.clear()

    def let_go(self) -> None:
        self._open.set()

    async def passed(self) -> None:
        self.waiting += 1
        try:
            await self._open.wait()
        finally:
            self.waiting -= 1


class FakePictures:
    """Reads what was laid down in ``whole`` and ``looks`` by file name; anything else is a small JPEG."""

    def __init__(self) -> None:
        self.whole: dict[str, OpenedPicture | Exception] = {}
        self.looks: dict[str, OpenedPicture | Exception] = {}
        self.folders: dict[str, tuple[Path, ...]] = {}
        self.read: list[str] = []
        self.looked_at: list[str] = []
        self.saves: list[tuple[Master, Master, Path, SaveOptions, Path | None]] = []
        self.forgotten: list[OpenedPicture] = []
        self.save_problem: Exception | None = None
        self.save_notes: tuple[str, ...] = ()
        self.reads, self.writes = Gate(), Gate()
        self.held_limit = 1 << 30
        self.can_read_ahead = False  # most tests are about what was asked for
        self.aheads = Gate()
        self.read_ahead: list[str] = []
        self.called_off: list[str] = []
        self.changed: set[str] = set()
        self.giving_up: dict[str, Gate] = {}
        self.arrival: Arrival | Exception = Arrival()
        self.mends: list[tuple[Mend, Path]] = []

    def refuse(self, name: str, reason: str = "it is no picture") -> None:
        """Let this file be unreadable."""
        self.whole[name] = PhotoUnreadable(f"{name} cannot be opened: {reason}.")

    def give_up_slowly(self, name: str) -> Gate:
        """Let a cancelled read of this file wait at the gate before it ends."""
        gate = self.giving_up[name] = Gate()
        gate.hold()
        return gate

    async def first_look(self, path: Path) -> OpenedPicture | None:
        self.looked_at.append(path.name)
        found = self.looks.get(path.name)
        if isinstance(found, Exception):
            raise found
        return found

    async def open(self, path: Path) -> OpenedPicture:
        self.read.append(path.name)
        try:
            await self.reads.passed()
        except asyncio.CancelledError:
            if path.name in self.giving_up:
                await self.giving_up[path.name].passed()
            raise
        found = self.whole.get(path.name) or picture_of(path.name)
        if isinstance(found, Exception):
            raise found
        return found

    async def open_ahead(self, path: Path) -> OpenedPicture:
        if not self.can_read_ahead:
            raise PhotoUnreadable("Nothing is read ahead here.")
        self.read_ahead.append(path.name)
        try:
            await self.aheads.passed()
        except asyncio.CancelledError:
            self.called_off.append(path.name)
            raise
        found = self.whole.get(path.name) or picture_of(path.name)
        if isinstance(found, Exception):
            raise found
        return found

    async def is_changed(self, picture: Master, path: Path) -> bool:
        return path.name in self.changed

    async def save(
        self, picture: Master, metadata_of: Master, target: Path, options: SaveOptions, received: Path | None
    ) -> Saved:
        await self.writes.passed()
        if self.save_problem is not None:
            raise self.save_problem
        self.saves.append((picture, metadata_of, target, options, received))
        await asyncio.to_thread(target.write_bytes, b"saved")
        return Saved(str(target), self.save_notes)

    async def readable_files(self, paths: Sequence[Path]) -> tuple[Path, ...]:
        return tuple(file for path in paths for file in self.folders.get(path.name, (path,)))

    def forget(self, picture: OpenedPicture) -> None:
        self.forgotten.append(picture)

    async def fingerprint(self, picture: Master, path: Path | None) -> Fingerprint:
        """Pixels are told apart by the name the picture was laid down under."""
        return fingerprint_of(Path(picture.folder).name)

    async def compare_arrival(self, sent: Master, came: Master) -> Arrival:
        if isinstance(self.arrival, Exception):
            raise self.arrival
        return self.arrival

    async def plain_png(self, picture: Master, target: Path) -> None:
        await self.writes.passed()
        if self.save_problem is not None:
            raise self.save_problem
        await asyncio.to_thread(target.write_bytes, f"png of {picture.folder}".encode())

    async def mended(self, sent: Master, came: Master, mend: Mend, target: Path) -> None:
        self.mends.append((mend, target))


class FakeEngine:
    """Reports ``progress``, waits at its gate, then raises ``problem`` or returns ``result``."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.requests: list[SharpenRequest] = []
        self.report: Report | None = None
        self.progress: list[Progress] = []
        self.problem: Exception | None = None
        self.result: dict[str, Any] = {}
        self.gate, self.stopping = Gate(), Gate()
        self.stops = 0
        self.load_problem: Exception | None = None
        self.problems: dict[str, Exception] = {}  # by the photo's name
        self.at_once = 0
        self.most_at_once = 0

    def hold(self) -> None:
        self.gate.hold()

    def let_go(self) -> None:
        self.gate.let_go()

    async def load(self) -> Engine:
        """Be the loader the runner is given."""
        if self.load_problem is not None:
            raise self.load_problem
        return self

    async def sharpen(self, request: SharpenRequest, report: Report) -> SharpenResult:
        self.requests.append(request)
        number = len(self.requests)
        self.report = report
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        for each in self.progress:
            report(each)
        try:
            await self.gate.passed()
        except asyncio.CancelledError:
            await self.stopping.passed()
            self.stops += 1
            raise
        finally:
            self.at_once -= 1
        if problem := self.problems.get(request.photo_name, self.problem):
            raise problem
        given = {"file": f"/results/{self.name}-{number}.tif", "seconds": 1.0, **self.result}
        return SharpenResult(**given)


class FakeStudy:
    """Notes each question by its name, waits at its gate, then raises ``problem`` or answers.

    ``calls``: what was asked, with everything it was asked with. ``stops``: how many were called off.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        own = (("Standard", Auto(1.0, 0.05)),)
        self.diagnosis = Diagnosis("soft", "Soft, about 1.5 px", 0.9, "Standard", 1.5, autos=own)
        self.boxes: tuple[FaceBox, ...] = ()
        self.problem: Exception | None = None
        self.gates: defaultdict[str, Gate] = defaultdict(Gate)
        self.stops: list[str] = []
        self.forgotten: list[Master] = []
        self.level = Level("/cache/mask.raw", 30, 20, 30)
        self.display: Display | None = None
        self.margin = 0
        self.marks: Level | None = None
        self.numbers: SideNumbers | ChangeNumbers = SideNumbers(2.1, 0.43, 0.004)

    def asked(self, name: str) -> list[tuple[Any, ...]]:
        """Return what was asked under a name, without the name."""
        return [call[1:] for call in self.calls if call[0] == name]

    async def diagnose(self, picture: Master) -> Diagnosis:
        await self._answer("diagnose", picture)
        return self.diagnosis

    async def auto(self, picture: Master, mode: str) -> Auto:
        await self._answer("auto", picture, mode)
        return Auto(0.7, 0.1)

    async def subject(self, picture: Master, strokes: Strokes) -> SubjectMask:
        await self._answer("subject", picture, strokes)
        return SubjectMask(self.level, strokes, 0.4)

    async def faces(self, picture: Master) -> tuple[FaceBox, ...]:
        await self._answer("faces", picture)
        return self.boxes

    async def preview(
        self, photo_id: str, picture: Master, settings: Settings, strokes: Strokes, area: Area
    ) -> Preview:
        """Answer with an area that is larger by ``margin``."""
        await self._answer("preview", photo_id, picture, settings, strokes, area)
        wide = Area(
            area.left - self.margin, area.top - self.margin,
            area.width + 2 * self.margin, area.height + 2 * self.margin,
        )  # fmt: skip
        level = Level("/cache/preview.bgrx", area.width, area.height, 4 * area.width)
        display = self.display or Display(area.width, area.height, (level,))
        return Preview(photo_id, settings, strokes, wide, display, "soft")

    async def sharpness(self, wish: SharpnessWish) -> Sharpness:
        """Answer with ``numbers`` and ``marks``, by default a level that is nowhere."""
        await self._answer("sharpness", wish)
        area = wish.marked
        level = self.marks or Level("/cache/marks.raw", area.width, area.height, -(-area.width // 4) * 4)
        return Sharpness(wish, level, self.numbers)

    def forget(self, picture: Master) -> None:
        self.forgotten.append(picture)

    async def _answer(self, *call: Any) -> None:
        self.calls.append(call)
        try:
            await self.gates[call[0]].passed()
        except asyncio.CancelledError:
            self.stops.append(call[0])
            raise
        if self.problem is not None:
            raise self.problem


class FakeDialogs:
    """Questions stay open until ``press``; file choosers answer with what was laid down.

    ``targets``: what choose_target returns next: a path, ``None``, or nothing laid down for the suggestion.
    """

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.suggestions: list[Path] = []
        self.targets: deque[Path | None] = deque()
        self.files: tuple[Path, ...] = ()
        self.folder: Path | None = None
        self.asked_in: list[str] = []
        self.plans: list[BatchPlan] = []
        self.agrees = True
        self.outgoing: list[Outgoing] = []
        self.tables: list[Batch] = []
        self._pressed: asyncio.Future[str] | None = None

    @property
    def open_question(self) -> Question | None:
        return self.questions[-1] if self._pressed is not None else None

    def press(self, button: str) -> None:
        """Press a button of the open question."""
        assert self._pressed is not None, "no question is open"
        assert button in dict(self.questions[-1].buttons), self.questions[-1].buttons
        self._pressed.set_result(button)
        self._pressed = None

    async def ask(self, question: Question) -> str:
        assert self._pressed is None, "two questions at once"
        self.questions.append(question)
        self._pressed = pressed = asyncio.get_running_loop().create_future()
        try:
            return await pressed
        finally:
            if self._pressed is pressed:
                self._pressed = None

    async def choose_files(self, folder: str) -> tuple[Path, ...]:
        self.asked_in.append(folder)
        return self.files

    async def choose_folder(self, folder: str) -> Path | None:
        self.asked_in.append(folder)
        return self.folder

    async def choose_target(self, suggestion: Path) -> Path | None:
        self.suggestions.append(suggestion)
        return self.targets.popleft() if self.targets else suggestion

    async def confirm_batch(self, plan: BatchPlan) -> bool:
        self.plans.append(plan)
        return self.agrees

    async def show_outgoing(self, outgoing: Outgoing) -> None:
        self.outgoing.append(outgoing)

    async def show_results(self, batch: Batch) -> None:
        self.tables.append(batch)


class FakeKeys:
    """Takes any key but an empty one; ``kept`` is what a load finds, once ``loading`` lets it."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.place = KeyPlace.NONE
        self.kept = KeyPlace.NONE
        self.loading = Gate()
        self.bucket = ("", "")

    def give(self, text: str) -> None:
        if not text.strip():
            raise KeyRefused("That is no key.")
        self.given.append(text)
        self.place = KeyPlace.SESSION

    async def load(self) -> KeyPlace:
        await self.loading.passed()
        if self.place is KeyPlace.NONE:
            self.place = self.kept
        return self.place

    async def keep(self, place: KeyPlace) -> str:
        self.place = place
        return place.value

    async def forget(self) -> str:
        self.place = KeyPlace.NONE
        return "The key is removed."

    async def keep_bucket_secrets(self, access: str, secret: str) -> str:
        self.bucket = (access, secret)
        return "The bucket's key is kept."


class FakeCloud:
    """The service besides its runs. ``settles``: what becomes of a run, by its id, one after the other."""

    def __init__(self, archive: "FakeArchive", stored_file: Callable[[str], Path] = Path) -> None:
        self.archive = archive
        self.stored_file = stored_file
        self.price: Quote | None = None
        self.left: Balance | Exception = Balance(12.4, "USD", 0.0)
        self.verdict = KeyVerdict.WORKS
        self.checked: list[str] = []
        self.quotes_asked = self.balances_asked = 0
        self.settles: dict[str, list[Stage | Exception]] = {}
        self.settled: list[str] = []
        self.shown: list[SharpenRequest] = []
        self.fetched: list[tuple[str, Path]] = []
        self.fetch_problem: Exception | None = None
        self.gate = Gate()

    async def load(self) -> Cloud:
        return self

    async def quote(self) -> Quote | None:
        self.quotes_asked += 1
        return self.price

    async def usual_s(self) -> float | None:
        return 14.0

    async def balance(self) -> Balance:
        self.balances_asked += 1
        if isinstance(self.left, Exception):
            raise self.left
        return self.left

    async def check_key(self, key: str) -> KeyVerdict:
        self.checked.append(key)
        await self.gate.passed()
        return self.verdict

    async def fetch_photo(self, url: str, target: Path) -> None:
        self.fetched.append((url, target))
        if self.fetch_problem:
            raise self.fetch_problem

    async def outgoing(self, request: SharpenRequest) -> Outgoing:
        self.shown.append(request)
        display = Display(6, 4, ())
        return Outgoing(request.photo_name, display, 6, 4, "image/png", 99, 150, (), "api.example")

    async def settle(self, run_id: str, report: Report) -> PaidRun:
        self.settled.append(run_id)
        await self.gate.passed()
        found = self.settles.get(run_id, [])
        step = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(step, Exception):
            raise step
        files = (str(self.stored_file(run_id)),) if step is Stage.STORED else ()
        return self.archive.put(replace(self.archive.rows[run_id], stage=step, files=files))


class FakeArchive:
    """The journal in memory; ``problem`` is raised by whatever is asked of it."""

    def __init__(self) -> None:
        self.rows: dict[str, PaidRun] = {}
        self.said = ""
        self.problem: SharpenError | None = None
        self.kept: tuple[WaitingPhoto, ...] = ()
        self.keeps = 0
        self.discarded: list[str] = []
        self.saves: list[tuple[str, str]] = []
        self.spent = Spending()

    def put(self, run: PaidRun) -> PaidRun:
        """Put a run into the journal, newest last."""
        self.rows[run.run_id] = run
        return run

    async def open(self) -> str:
        self._check()
        return self.said

    async def of_photo(self, fingerprint: Fingerprint) -> tuple[PaidRun, ...]:
        self._check()
        return tuple(run for run in await self.runs() if run.fingerprint.is_same(fingerprint))

    async def runs(self, most: int = 500) -> tuple[PaidRun, ...]:
        self._check()
        return tuple(reversed(self.rows.values()))[:most]

    async def open_runs(self) -> tuple[PaidRun, ...]:
        self._check()
        return tuple(run for run in self.rows.values() if run.stage in OPEN)

    async def spending(self, since_s: float) -> Spending:
        self._check()
        return self.spent

    async def saved(self, run_id: str, path: str) -> None:
        self._check()
        self.saves.append((run_id, path))

    async def discard(self, run_id: str) -> None:
        self._check()
        self.discarded.append(run_id)
        self.rows[run_id] = replace(self.rows[run_id], files=())

    async def size_bytes(self) -> int:
        self._check()
        return 1000 * len(self.rows)

    async def keep_queue(self, photos: Sequence[WaitingPhoto]) -> None:
        self._check()
        self.keeps += 1
        self.kept = tuple(photos)

    async def kept_queue(self) -> tuple[WaitingPhoto, ...]:
        self._check()
        return self.kept

    def _check(self) -> None:
        if self.problem is not None:
            raise self.problem


class FakeMixer:
    """Notes each wish, waits at its gate, then raises ``problem`` or answers with what ``make`` returns."""

    def __init__(self) -> None:
        self.wishes: list[MixWish] = []
        self.gate = Gate()
        self.problem: Exception | None = None
        self.make: Callable[[MixWish], OpenedPicture] | None = None
        self.forgotten: list[Mixed] = []
        self.stops = 0
        self.warmed = 0

    def warm(self) -> None:
        self.warmed += 1

    async def mixed(self, wish: MixWish) -> Mixed:
        self.wishes.append(wish)
        try:
            await self.gate.passed()
        except asyncio.CancelledError:
            self.stops += 1
            raise
        if self.problem is not None:
            raise self.problem
        name = f"mix-{len(self.wishes)}"
        picture = (
            self.make(wish)
            if self.make
            else picture_of(name, width=wish.result.width, height=wish.result.height)
        )
        assert picture.master is not None
        return Mixed(wish, picture.display, picture.master)

    def forget(self, mixed: Mixed) -> None:
        self.forgotten.append(mixed)


class FakePrefsFile:
    """Remembers what was written."""

    def __init__(self) -> None:
        self.written: list[Prefs] = []

    async def write(self, prefs: Prefs) -> None:
        self.written.append(prefs)


class Desk:
    """A controller among fakes, and short ways to what tests do with it."""

    def __init__(self, folder: Path, pictures: Any = None, **state: Any) -> None:
        self.folder = folder
        self.schema = load_schema()
        self.store = Store(AppState(history=begun(defaults(self.schema)), **state))
        self.pictures = pictures or FakePictures()
        self.local, self.cloud = FakeEngine("local"), FakeEngine("cloud")
        self.dialogs, self.keys, self.prefs_file = FakeDialogs(), FakeKeys(), FakePrefsFile()
        self.archive = FakeArchive()
        self.service = FakeCloud(self.archive, lambda run_id: self.file(f"{run_id}.png"))
        self.study = FakeStudy()
        self.mixer = FakeMixer()
        self.controller = Controller(
            self.store,
            self.schema,
            self.pictures,
            {"local": self.local.load, "cloud": self.cloud.load},
            self.prefs_file,
            self.keys,
            self.dialogs,
            self.file("sample.jpg"),
            folder,
            self.archive,
            self.service.load,
            self.study,
            self.mixer,
        )

    @property
    def state(self) -> AppState:
        return self.store.state

    @property
    def current(self) -> Photo:
        assert self.state.current is not None
        return self.state.current

    @property
    def notices(self) -> tuple[Notice, ...]:
        return self.state.notices

    @property
    def sentences(self) -> list[str]:
        return [notice.text for notice in self.notices]

    @property
    def names(self) -> list[str]:
        return [photo.name for photo in self.state.photos]

    def file(self, name: str) -> Path:
        """Return a file that is really there; what is read of it is up to ``pictures``."""
        path = self.folder / name
        path.write_bytes(b"the photo's own bytes")
        return path

    async def opened(self, *names: str) -> Photo:
        """Open files and return the shown photo once it is read."""
        self.controller.open_paths([self.file(name) for name in names])
        await self.until(lambda: self.state.current and self.state.current.name == names[0])
        await self.until(lambda: self.current.loading is Loading.READY)
        await self.idle()
        return self.current

    async def opened_more(self, name: str) -> Photo:
        """Open one more file while something goes on and return its photo once it is read."""
        self.controller.open_paths([self.file(name)])
        await self.until(lambda: self.state.current and self.state.current.name == name)
        await self.until(lambda: self.current.loading is Loading.READY)
        return self.current

    async def batch_ended(self, count: int) -> Batch:
        """Return the batch when so many of its photos have ended."""
        await self.until(lambda: self.state.batch and len(self.state.batch.outcomes) == count)
        assert self.state.batch is not None
        return self.state.batch

    async def sharpened(self) -> Variant:
        """Sharpen the shown photo and return the result."""
        count = len(self.current.results)
        self.controller.sharpen()
        await self.until(lambda: len(self.current.results) > count)
        await self.idle()
        return self.current.results[-1]

    async def sharpened_elsewhere(self) -> Variant:
        """Sharpen the shown photo with the engine that is not chosen."""
        count = len(self.current.results)
        self.controller.sharpen_elsewhere()
        await self.until(lambda: len(self.current.results) > count)
        await self.idle()
        return self.current.results[-1]

    def paid_run(self, run_id: str, stage: Stage, name: str = "a.jpg", **more: Any) -> PaidRun:
        """Put a run of a photo, with the settings of the moment, into the journal."""
        settings = more.pop("settings", self.state.settings)
        files = (str(self.file(f"{run_id}.png")),) if stage in (Stage.STORED, Stage.SAVED) else ()
        run = PaidRun(
            run_id,
            stage,
            f"sd-{run_id}",
            self.schema.model,
            asked_for(self.schema, settings),
            fingerprint_of(name),
            settings,
            name,
            str(self.folder / name),
            created_s=1_777_800_000.0,
            changed_s=1_777_800_000.0,
            files=files,
        )
        return self.archive.put(replace(run, **more))

    async def running(self, engine: FakeEngine, *progress: Progress) -> None:
        """Start a run that stays open after ``progress``."""
        engine.hold()
        engine.progress = list(progress)
        self.controller.sharpen()
        await self.until(lambda: engine.gate.waiting)

    async def question(self) -> Question:
        """Wait for a question and return it."""
        await self.until(lambda: self.dialogs.open_question)
        assert self.dialogs.open_question is not None
        return self.dialogs.open_question

    async def answer(self, button: str) -> Question:
        """Wait for a question, press one of its buttons, and return it."""
        question = await self.question()
        self.dialogs.press(button)
        return question

    async def until(self, claim: Callable[[], object]) -> None:
        """Wait until the claim holds."""
        end = time.monotonic() + PATIENCE_S
        while not claim():
            assert time.monotonic() < end, f"never came true; the screen says {self.sentences}"
            await asyncio.sleep(0.001)

    def let_end(self) -> None:
        """Let go of what holds up an end."""
        for gate in (self.local.stopping, self.cloud.stopping, *self.pictures.giving_up.values()):
            gate.let_go()

    async def idle(self, *, but: tuple[str, ...] = ()) -> None:
        """Wait until nothing is under way but what is written a moment later, and tasks of these names."""

        def busy() -> list[str]:
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            names = (task.get_name() for task in tasks)
            return [name for name in names if not name.startswith((*LATER, *but))]

        await self.until(lambda: not busy())
        await asyncio.sleep(0)  # for those who hear of the end

    async def idle_but_runs(self) -> None:
        """Wait until nothing is under way but runs."""
        await self.idle(but=("run-",))

    async def pause(self) -> None:
        """Let whatever can go on without an answer from outside go on."""
        for _ in range(25):
            await asyncio.sleep(0)
        await asyncio.sleep(0.03)


Scene = Callable[..., Awaitable[None]]


def on_desk(**state: Any) -> Callable[[Scene], Callable[..., None]]:
    """Turn ``async def test(desk, …)`` into a test; ``state`` are fields of the first state."""

    def decorate(scene: Scene) -> Callable[..., None]:
        def test(tmp_path: Path, **fixtures: Any) -> None:
            asyncio.run(_played(functools.partial(scene, **fixtures), tmp_path, state))

        rest = list(inspect.signature(scene).parameters.values())[1:]
        place = inspect.Parameter("tmp_path", inspect.Parameter.KEYWORD_ONLY)
        keywords = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in rest]
        test.__signature__ = inspect.Signature([place, *keywords])  # type: ignore[attr-defined]
        test.__name__, test.__qualname__, test.__module__ = (
            scene.__name__,
            scene.__qualname__,
            scene.__module__,
        )
        test.__doc__ = scene.__doc__
        return test

    return decorate


async def _played(scene: Callable[[Desk], Awaitable[None]], folder: Path, state: dict[str, Any]) -> None:
    desk = Desk(folder, **state)
    try:
        await scene(desk)
    finally:
        desk.let_end()
        async with asyncio.timeout(PATIENCE_S):
            await desk.controller.aclose()
    left_over = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left_over
