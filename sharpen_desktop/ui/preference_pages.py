"""The pages of the preferences; each shows its part of the state and tells of changes by hand."""

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QSpinBox
from typing_extensions import override

from sharpen_desktop.core.phrases import file_size
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import spent_text
from sharpen_desktop.ui.preference_fields import Page, dollar_box, dress_box, heading, show_text, text_field
from sharpen_desktop.ui.segments import Segments
from sharpen_desktop.ui.sheet import plain_button, text_label


class MoneyPage(Page):
    """The limit on spending, and when to ask."""

    def __init__(self) -> None:
        super().__init__("preferences_money")
        self._has_limit = QCheckBox("Limit what the cloud may cost in 24 hours")
        self._has_limit.setObjectName("pref_has_limit")
        self._limit = dollar_box("pref_limit_usd", "Limit in 24 hours", 0.01)
        self._ask = dollar_box("pref_ask_above_usd", "Ask from this price on", 0.0)
        self.column.addWidget(self._has_limit)
        self.add_form().addRow("At most", self._limit)
        self._spent = self.add_note("", "pref_spent")
        self.column.addSpacing(12)
        self.add_form().addRow("Ask before a run of at least", self._ask)
        self.add_note(
            "The limit is looked at before each photo is sent. The first cloud run after a start and every batch are "
            "asked about in any case."
        )
        self.column.addStretch()
        self._has_limit.clicked.connect(self._limit_switched)
        self._limit.valueChanged.connect(self._limit_set)
        self._ask.valueChanged.connect(self._ask_set)

    @override
    def render_state(self, state: AppState) -> None:
        """Show the amounts."""
        prefs = state.prefs
        with QSignalBlocker(self._limit), QSignalBlocker(self._ask):
            if prefs.limit is not None:
                self._limit.setValue(prefs.limit)
            self._ask.setValue(prefs.ask_above_usd)
        self._has_limit.setChecked(prefs.limit is not None)
        self._limit.setEnabled(prefs.limit is not None)
        self._spent.setText(f"Spent in the last 24 hours: {spent_text(state.day_spending) or '$0.00'}.")

    def _limit_switched(self, is_on: bool) -> None:
        self.changed.emit("limit_usd", (self._limit.value() or Prefs().limit_usd) if is_on else 0.0)

    def _limit_set(self, usd: float) -> None:
        self.changed.emit("limit_usd", usd)

    def _ask_set(self, usd: float) -> None:
        self.changed.emit("ask_above_usd", usd)


class NetworkPage(Page):
    """The way to the service."""

    def __init__(self) -> None:
        super().__init__("preferences_network")
        self._proxy = text_field("pref_proxy", "Proxy", "As this computer is set up")
        self.add_form().addRow("Proxy", self._proxy)
        self.add_note(
            "An address such as http://proxy.example:3128 or socks5://proxy.example:1080. Empty: what this computer's "
            "environment says. In force from the next connection on."
        )
        self.column.addStretch()
        self._proxy.editingFinished.connect(self._typed)

    @override
    def render_state(self, state: AppState) -> None:
        """Show the address."""
        show_text(self._proxy, state.prefs.proxy)

    def _typed(self) -> None:
        if self._proxy.isModified():
            self._proxy.setModified(False)
            self.changed.emit("proxy", self._proxy.text().strip())


class StoragePage(Page):
    """What results take up."""

    runs_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("preferences_storage")
        self._paid = text_label("", "pref_store_size")
        self._runs = plain_button("Cloud runs…", "pref_cloud_runs")
        self._room = QSpinBox()
        dress_box(self._room, "pref_local_results_gb", "Room for results of this computer")
        self._room.setRange(1, 1000)
        self._room.setSuffix(" GB")
        self.column.addWidget(heading("PAID RESULTS"))
        self.column.addWidget(self._paid)
        self.column.addWidget(self._runs, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addSpacing(12)
        self.column.addWidget(heading("RESULTS OF THIS COMPUTER"))
        self.add_form().addRow("Keep up to", self._room)
        self.add_note("Above this the oldest leave; they can be made again. In force from the next run on.")
        self.column.addStretch()
        self._runs.clicked.connect(self.runs_wanted)
        self._room.valueChanged.connect(self._room_set)

    @override
    def render_state(self, state: AppState) -> None:
        """Show sizes."""
        size = file_size(state.store_bytes) if state.store_bytes else "no room yet"
        self._paid.setText(f"They take up {size}, and stay until you delete them.")
        with QSignalBlocker(self._room):
            self._room.setValue(state.prefs.local_results_gb)

    def _room_set(self, gigabytes: int) -> None:
        self.changed.emit("local_results_gb", gigabytes)


class LookPage(Page):
    """Dark, light, or as the system."""

    THEMES: Mapping[str, str] = {"dark": "Dark", "light": "Light", "system": "Follow system"}

    def __init__(self) -> None:
        super().__init__("preferences_look")
        self._theme = Segments(30)
        self._theme.setAccessibleName("Look")
        for name, label in self.THEMES.items():
            self._theme.add(name, label, "", f"pref_theme_{name}")
        self.column.addWidget(heading("LOOK"))
        self.column.addWidget(self._theme)
        self.add_note("Dark is best for judging pictures.")
        self.column.addStretch()
        self._theme.chosen.connect(self._chosen)

    @override
    def render_state(self, state: AppState) -> None:
        """Show which is in force."""
        self._theme.show_choice(state.prefs.theme)

    def _chosen(self, name: str) -> None:
        self.changed.emit("theme", name)
