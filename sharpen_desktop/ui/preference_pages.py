"""The pages of the preferences; each shows its part of the state and tells of changes by hand."""

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from sharpen_desktop.core.phrases import file_size
from sharpen_desktop.core.prefs import MOST_USD, Prefs
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import spent_text
from sharpen_desktop.ui.segments import Segments
from sharpen_desktop.ui.sheet import plain_button, text_label

FIELD_WIDTH = 120


class Page(QWidget):
    """A column of fields. ``changed``: a preference's name and its new value."""

    changed = Signal(str, object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(4, 0, 0, 0)
        self.column.setSpacing(8)

    def render_state(self, state: AppState) -> None:
        """Show the page's part of the state."""
        raise NotImplementedError

    def add_form(self) -> QFormLayout:
        """Put a form below what is there."""
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.column.addLayout(form)
        return form

    def add_note(self, text: str, name: str = "") -> QLabel:
        """Put a quiet paragraph below what is there."""
        note = text_label(text, name, is_quiet=True)
        self.column.addWidget(note)
        return note


class MoneyPage(Page):
    """The limit on spending, and when to ask."""

    def __init__(self) -> None:
        super().__init__("preferences_money")
        self._has_limit = QCheckBox("Limit what the cloud may cost in 24 hours")
        self._has_limit.setObjectName("pref_has_limit")
        self._limit = _dollar_box("pref_limit_usd", "Limit in 24 hours", 0.01)
        self._ask = _dollar_box("pref_ask_above_usd", "Ask from this price on", 0.0)
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


class SendingPage(Page):
    """How the picture is sent, and a place of the user's own for it."""

    secrets_given = Signal(str, str)

    def __init__(self) -> None:
        super().__init__("preferences_sending")
        self._size = QSpinBox()
        _dress_box(self._size, "pref_upload_mb", "Largest PNG in MB")
        self._size.setRange(1, 500)
        self._size.setSuffix(" MB")
        self.add_form().addRow("Send as PNG up to", self._size)
        self.add_note(
            "A larger photo is sent as JPEG of the best quality. In force from the next photo on. No location, no "
            "camera data and no file name are ever sent."
        )
        self.column.addSpacing(12)
        self.column.addWidget(_heading("A BUCKET OF YOUR OWN"))
        self.add_note(
            "Used when the service does not take a photo directly: any S3-compatible place. The photo is put there "
            "for the run, handed over by an address that ends within the hour, and deleted afterwards."
        )
        form = self.add_form()
        self._texts = {
            name: _line(f"pref_{name}", label, example)
            for name, label, example in (
                ("bucket_endpoint", "Endpoint", "https://s3.example.com"),
                ("bucket_region", "Region", "eu-central-1"),
                ("bucket_name", "Bucket", "my-bucket"),
            )
        }
        for field in self._texts.values():
            form.addRow(field.accessibleName(), field)
            field.editingFinished.connect(self._typed)
        self._access = _line("pref_bucket_access", "Access key", "")
        self._secret = _line("pref_bucket_secret", "Secret key", "")
        self._keep = plain_button("Keep these two", "pref_bucket_keep")
        for field in (self._access, self._secret):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.textChanged.connect(self._show_usable)
            form.addRow(field.accessibleName(), field)
        self.column.addWidget(self._keep, 0, Qt.AlignmentFlag.AlignRight)
        self.add_note("Both keys go to this system's keyring, or stay for this session where there is none.")
        self._keep.clicked.connect(self._keep_secrets)
        self._size.valueChanged.connect(self._size_set)
        self.column.addStretch()
        self._show_usable()

    @override
    def render_state(self, state: AppState) -> None:
        """Show size and place; secrets are never shown."""
        with QSignalBlocker(self._size):
            self._size.setValue(state.prefs.upload_mb)
        for name, field in self._texts.items():
            _show_text(field, getattr(state.prefs, name))

    def _typed(self) -> None:
        for name, field in self._texts.items():
            if field.isModified():
                field.setModified(False)
                self.changed.emit(name, field.text().strip())

    def _size_set(self, megabytes: int) -> None:
        self.changed.emit("upload_mb", megabytes)

    def _show_usable(self) -> None:
        self._keep.setEnabled(bool(self._access.text().strip() and self._secret.text().strip()))

    def _keep_secrets(self) -> None:
        access, secret = self._access.text().strip(), self._secret.text().strip()
        self._access.clear()
        self._secret.clear()
        self.secrets_given.emit(access, secret)


class NetworkPage(Page):
    """The way to the service."""

    def __init__(self) -> None:
        super().__init__("preferences_network")
        self._proxy = _line("pref_proxy", "Proxy", "As this computer is set up")
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
        _show_text(self._proxy, state.prefs.proxy)

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
        _dress_box(self._room, "pref_local_results_gb", "Room for results of this computer")
        self._room.setRange(1, 1000)
        self._room.setSuffix(" GB")
        self.column.addWidget(_heading("PAID RESULTS"))
        self.column.addWidget(self._paid)
        self.column.addWidget(self._runs, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addSpacing(12)
        self.column.addWidget(_heading("RESULTS OF THIS COMPUTER"))
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
        self.column.addWidget(_heading("LOOK"))
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


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("heading", True)
    return label


def _line(name: str, label: str, example: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setAccessibleName(label)
    field.setPlaceholderText(example)
    field.setMinimumHeight(28)
    return field


def _show_text(field: QLineEdit, text: str) -> None:
    """Show a text unless the user is typing another."""
    if not (field.hasFocus() and field.isModified()):
        field.setText(text)


def _dollar_box(name: str, label: str, least: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    _dress_box(box, name, label)
    box.setRange(least, MOST_USD)
    box.setDecimals(2)
    box.setSingleStep(0.5)
    box.setPrefix("$")
    return box


def _dress_box(box: QAbstractSpinBox, name: str, label: str) -> None:
    box.setObjectName(name)
    box.setAccessibleName(label)
    box.setFixedSize(FIELD_WIDTH, 28)
    box.setKeyboardTracking(False)
