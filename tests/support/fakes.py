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
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.app.ports import Engine, Question, Report
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.errors import KeyRefused, PhotoUnreadable
from sharpen_desktop.core.history import History
from sharpen_desktop.core.jobs import Progress, SharpenRequest, SharpenResult
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import (
    Display,
    Level,
    Master,
    OpenedPicture,
    PhotoFacts,
    Saved,
    SaveOptions,
)
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.settings import defaults
from sharpen_desktop.core.state import AppState, Notice
from sharpen_desktop.services.schema_file import load_schema

PATIENCE_S = 5.0


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
        self.giving_up: dict[str, Gate] = {}

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
        self.report = report
        for each in self.progress:
            report(each)
        try:
            await self.gate.passed()
        except asyncio.CancelledError:
            await self.stopping.passed()
            self.stops += 1
            raise
        if self.problem is not None:
            raise self.problem
        number = len(self.requests)
        given = {"file": f"/results/{self.name}-{number}.tif", "seconds": 1.0, **self.result}
        return SharpenResult(**given)


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


class FakeKeys:
    """Takes any key but an empty one."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def give(self, text: str) -> None:
        if not text.strip():
            raise KeyRefused("That is no key.")
        self.given.append(text)


class FakePrefsFile:
    """Remembers what was written."""

    def __init__(self) -> None:
        self.written: list[Prefs] = []

    async def write(self, prefs: Prefs) -> None:
        self.written.append(prefs)


class Desk:
    """A controller among fakes, and short ways to what tests do with it."""

    def __init__(self, folder: Path, **state: Any) -> None:
        self.folder = folder
        self.schema = load_schema()
        self.store = Store(AppState(history=History(defaults(self.schema)), **state))
        self.pictures = FakePictures()
        self.local, self.cloud = FakeEngine("local"), FakeEngine("cloud")
        self.dialogs, self.keys, self.prefs_file = FakeDialogs(), FakeKeys(), FakePrefsFile()
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

    async def sharpened(self) -> Variant:
        """Sharpen the shown photo and return the result."""
        count = len(self.current.results)
        self.controller.sharpen()
        await self.until(lambda: len(self.current.results) > count)
        await self.idle()
        return self.current.results[-1]

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

    async def idle(self) -> None:
        """Wait until nothing is under way but the preferences' delay."""

        def busy() -> list[str]:
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            return [task.get_name() for task in tasks if task.get_name() != "prefs"]

        await self.until(lambda: not busy())
        await asyncio.sleep(0)  # for those who hear of the end

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
