"""The dialogs that show the state while they are open: preferences and cloud runs."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.cloud_runs import CloudRuns
from sharpen_desktop.ui.commands import Commands
from sharpen_desktop.ui.preferences import Preferences


class FollowingDialogs:
    """Opens each at most once, over ``window``, and lets it go when it is closed."""

    def __init__(self, window: QWidget, store: Store, controller: Controller, commands: Commands) -> None:
        self._window = window
        self._store = store
        self._controller = controller
        self._commands = commands
        self._open: dict[str, Preferences | CloudRuns] = {}

    def render_state(self, state: AppState) -> None:
        """Show a state in what is open."""
        for dialog in tuple(self._open.values()):
            dialog.render_state(state)

    def show_preferences(self) -> None:
        """Open the preferences."""
        if "preferences" not in self._open:
            self._controller.list_paid_runs()  # for the room they take up
            self._show("preferences", self._preferences())

    def show_cloud_runs(self) -> None:
        """Open the list of cloud runs."""
        if "cloud_runs" not in self._open:
            self._controller.list_paid_runs()
            self._show("cloud_runs", self._cloud_runs())

    def _show(self, name: str, dialog: Preferences | CloudRuns) -> None:
        self._open[name] = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.finished.connect(lambda _: self._open.pop(name, None))
        dialog.render_state(self._store.state)
        dialog.open()

    def _preferences(self) -> Preferences:
        dialog, do = Preferences(self._window), self._controller
        dialog.changed.connect(self._commands.change_pref)
        dialog.key_given.connect(self._commands.give_key)
        dialog.file_agreed.connect(self._commands.agree_to_key_file)
        dialog.keep_wanted.connect(do.keep_key)
        dialog.check_wanted.connect(do.check_key)
        dialog.forget_wanted.connect(do.forget_key)
        dialog.secrets_given.connect(do.keep_bucket_secrets)
        dialog.runs_wanted.connect(self.show_cloud_runs)
        return dialog

    def _cloud_runs(self) -> CloudRuns:
        dialog, do = CloudRuns(self._window), self._controller
        dialog.check_wanted.connect(do.settle_run)
        dialog.again_wanted.connect(do.send_again)
        dialog.show_wanted.connect(do.show_paid_run)
        dialog.delete_wanted.connect(do.discard_run)
        return dialog
