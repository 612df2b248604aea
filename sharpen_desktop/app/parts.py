"""The parts behind the controller, put together once."""

from collections.abc import Mapping
from pathlib import Path

from sharpen_desktop.app.ahead import Ahead
from sharpen_desktop.app.arriving import Arrivals, Mending
from sharpen_desktop.app.choosing import Chooser
from sharpen_desktop.app.closing import Closer
from sharpen_desktop.app.cloud_runs import CloudRuns
from sharpen_desktop.app.consent import Consent
from sharpen_desktop.app.handing_out import HandOuts
from sharpen_desktop.app.key_desk import KeyDesk
from sharpen_desktop.app.measuring import Measuring
from sharpen_desktop.app.mixing import Mixing
from sharpen_desktop.app.money import CloudLoader, Money
from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.opening import Opener
from sharpen_desktop.app.ordering import Orders
from sharpen_desktop.app.outbox import Outbox
from sharpen_desktop.app.ports import Archive, Dialogs, Keys, Mixer, Pictures, PrefsFile, Study
from sharpen_desktop.app.queue import Queue
from sharpen_desktop.app.reading import Reader
from sharpen_desktop.app.remembering import Remembering
from sharpen_desktop.app.running import EngineLoader, Runner
from sharpen_desktop.app.saving import Saver
from sharpen_desktop.app.settling import Settler
from sharpen_desktop.app.side_files import SideFiles
from sharpen_desktop.app.stopping import Stopper
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.stored import Stored
from sharpen_desktop.app.studying import Studying
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.app.waiting import Waiting
from sharpen_desktop.app.wishes import NoticeWishes
from sharpen_desktop.core.account import model_known
from sharpen_desktop.core.errors import AlreadyPaid, Charge, SharpenError
from sharpen_desktop.core.queue import doubt_changed
from sharpen_desktop.core.runs import Run
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import EngineName


class Parts:
    """Owner of the tasks and of everything that starts them."""

    def __init__(
        self,
        store: Store,
        schema: ModelSchema,
        pictures: Pictures,
        engines: Mapping[EngineName, EngineLoader],
        prefs_file: PrefsFile,
        keys: Keys,
        dialogs: Dialogs,
        sample: Path,
        scratch: Path,
        archive: Archive,
        cloud: CloudLoader,
        study: Study,
        mixer: Mixer,
    ) -> None:
        store.apply(model_known, schema)
        self._store = store
        self._archive = archive
        self.board = board = NoticeBoard(store)
        self._tasks = tasks = TaskScope(board.crashed)
        self.remembering = Remembering(store, prefs_file, tasks)
        self.reader = Reader(store, pictures, board)
        self.opener = Opener(store, pictures, self.reader, tasks, board, scratch, cloud)
        self.ahead = Ahead(store, self.reader, tasks)
        self.chooser = Chooser(store, self.opener, dialogs, tasks)
        self.arrivals = Arrivals(store, pictures, self.reader, board, scratch)
        self.stored = Stored(store, pictures, archive, self.reader, self.arrivals, tasks, board)
        self.money = Money(store, archive, cloud, tasks, board)
        self.settler = Settler(store, archive, cloud, self.stored, self.money, tasks, board)
        self._make_queue(engines, archive, cloud, dialogs)
        self.studying = Studying(store, study, tasks)
        self.measuring = Measuring(store, study, tasks)
        self.key_desk = KeyDesk(store, keys, cloud, self.queue, tasks, board, self.settler.key_changed)
        self.mixing = Mixing(store, mixer, tasks, board)
        self.saver = Saver(store, pictures, self.mixing, dialogs, tasks, board, archive, sample)
        self.side_files = SideFiles(store, pictures, dialogs, tasks, board)
        self.hand_outs = HandOuts(store, pictures, self.mixing, self.saver, tasks, board, scratch)
        self.closer = Closer(store, self.opener, self.reader, self.stopper, self.saver, dialogs, tasks, board)
        self.cloud_runs = CloudRuns(
            store, archive, self.stored, self.orders, self.opener, self.reader, dialogs, tasks, board
        )
        self.wishes = NoticeWishes(
            store, self.opener, self.orders, self.queue, self.saver, self.settler, self.cloud_runs
        )

    def _make_queue(
        self,
        engines: Mapping[EngineName, EngineLoader],
        archive: Archive,
        cloud: CloudLoader,
        dialogs: Dialogs,
    ) -> None:
        store, tasks, board, reader = self._store, self._tasks, self.board, self.reader
        consent = Consent(store, dialogs)
        self.runner = Runner(store, engines, reader, self.arrivals, self.stored, board)
        self.queue = Queue(store, self.runner, reader, consent, dialogs, tasks, board, self._cloud_run_ended)
        self.waiting = Waiting(store, archive, tasks, board)
        self.orders = Orders(
            store, self.queue, consent, self.stored, self.opener, self.waiting, dialogs, tasks, board,
            self.money.ask_price,
        )  # fmt: skip
        self.stopper = Stopper(store, self.queue, self.orders, dialogs, tasks)
        self.outbox = Outbox(store, reader, self.runner, cloud, dialogs, tasks, board)

    def start(self) -> None:
        """Take up what an earlier session has left; nothing of it delays anything."""
        self.key_desk.load()
        self._tasks.start("start", self._start())

    def mend(self, variant_id: str, what: Mending) -> None:
        """Make a mended variant from a result of the current photo."""
        photo_id = self._store.state.current_id
        work = self.board.reporting(self.arrivals.mend, photo_id, variant_id, what)
        self._tasks.start(f"mend-{variant_id}-{what}", work)

    async def aclose(self) -> None:
        """Keep what waits, cancel what goes on, and write the preferences."""
        await self.waiting.write()
        await self._tasks.aclose()
        await self.remembering.write()

    async def _start(self) -> None:
        try:
            said = await self._archive.open()
        except SharpenError as error:
            self.board.fail(error)
            return
        if said:
            self.board.offer(said, ())
        self.money.count()
        await self.board.reporting(self.waiting.find)
        await self.board.reporting(self.settler.find)

    def _cloud_run_ended(self, run: Run, error: SharpenError | None) -> None:
        """Count the money again; ask about a run that may have been charged."""
        self.money.run_ended()
        if error is not None:
            self._tasks.start(f"known-{run.id}", self.board.reporting(self.stored.refresh, run.photo_id))
        if error is not None and error.charge is Charge.UNKNOWN and not isinstance(error, AlreadyPaid):
            self._store.apply(doubt_changed, run.id, is_in_doubt=True)
            self.settler.watch(run.id)
