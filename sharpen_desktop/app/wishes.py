"""What the buttons of a notice do."""

from collections.abc import Callable, Mapping

from sharpen_desktop.app.cloud_runs import CloudRuns
from sharpen_desktop.app.opening import Opener
from sharpen_desktop.app.ordering import Orders
from sharpen_desktop.app.queue import Queue
from sharpen_desktop.app.saving import Saver
from sharpen_desktop.app.settling import Settler
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.account import key_asked
from sharpen_desktop.core.notice import Notice
from sharpen_desktop.core.notices import notice_dismissed
from sharpen_desktop.core.queue import RESUME


class NoticeWishes:
    """Answers notices. "preferences" and "top_up" are the window's own."""

    def __init__(
        self,
        store: Store,
        opener: Opener,
        orders: Orders,
        queue: Queue,
        saver: Saver,
        settler: Settler,
        cloud_runs: CloudRuns,
    ) -> None:
        self._store = store
        self._opener = opener
        self._orders = orders
        self._queue = queue
        self._saver = saver
        self._settler = settler
        self._cloud_runs = cloud_runs
        self._acts: Mapping[str, Callable[[Notice], None]] = {
            "sharpen": self._sharpen,
            "save": self._save,
            "save_elsewhere": self._save,
            "check": self._check,
            "again": self._send_again,
            "show": self._show,
            "smaller": self._send_smaller,
            "key": self._ask_key,
            RESUME: self._resume,
            "results": self._show_results,
            "kept": self._resume_kept,
            "forget_kept": self._forget_kept,
        }

    def act(self, notice_id: str, wish: str) -> None:
        """Do one wish of a notice and take the notice away; nothing when it is gone."""
        notice = next((each for each in self._store.state.notices if each.id == notice_id), None)
        if notice is None:
            return
        self._store.apply(notice_dismissed, notice_id)
        if wish in self._acts:
            self._acts[wish](notice)

    def _sharpen(self, notice: Notice) -> None:
        if self._is_shown(notice.photo_id):
            self._orders.sharpen(notice.engine)

    def _send_smaller(self, notice: Notice) -> None:
        if self._is_shown(notice.photo_id):
            self._orders.send_smaller(notice.most_bytes)

    def _save(self, notice: Notice) -> None:
        if self._is_shown(notice.photo_id):
            self._saver.save_as()

    def _is_shown(self, photo_id: str) -> bool:
        """Show the photo a notice is about; false when it is gone."""
        if self._store.state.photo(photo_id) is None:
            return False
        self._opener.show(photo_id)
        return True

    def _check(self, notice: Notice) -> None:
        self._settler.check(notice.run_id)

    def _send_again(self, notice: Notice) -> None:
        self._cloud_runs.send_again(notice.run_id)

    def _show(self, notice: Notice) -> None:
        self._cloud_runs.show(notice.run_id)

    def _ask_key(self, _: Notice) -> None:
        self._store.apply(key_asked)

    def _resume(self, _: Notice) -> None:
        self._queue.resume()

    def _show_results(self, _: Notice) -> None:
        self._queue.show_results()

    def _resume_kept(self, _: Notice) -> None:
        self._orders.resume_kept()

    def _forget_kept(self, _: Notice) -> None:
        self._orders.forget_kept()
