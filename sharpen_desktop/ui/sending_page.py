"""The preferences' page about what is sent, and a place of the user's own for it."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QSpinBox
from typing_extensions import override

from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.preference_fields import Page, dress_box, heading, show_text, text_field
from sharpen_desktop.ui.sheet import plain_button


class SendingPage(Page):
    """How the picture is sent, and a place of the user's own for it."""

    secrets_given = Signal(str, str)

    def __init__(self) -> None:
        super().__init__("preferences_sending")
        self._size = QSpinBox()
        dress_box(self._size, "pref_upload_mb", "Largest PNG in MB")
        self._size.setRange(1, 500)
        self._size.setSuffix(" MB")
        self.add_form().addRow("Send as PNG up to", self._size)
        self.add_note(
            "A larger photo is sent as JPEG of the best quality. In force from the next photo on. No location, no "
            "camera data and no file name are ever sent."
        )
        self.column.addSpacing(12)
        self.column.addWidget(heading("A BUCKET OF YOUR OWN"))
        self.add_note(
            "Used when the service does not take a photo directly: any S3-compatible place. The photo is put there "
            "for the run, handed over by an address that ends within the hour, and deleted afterwards."
        )
        form = self.add_form()
        self._texts = {
            name: text_field(f"pref_{name}", label, example)
            for name, label, example in (
                ("bucket_endpoint", "Endpoint", "https://s3.example.com"),
                ("bucket_region", "Region", "eu-central-1"),
                ("bucket_name", "Bucket", "my-bucket"),
            )
        }
        for field in self._texts.values():
            form.addRow(field.accessibleName(), field)
            field.editingFinished.connect(self._typed)
        self._access = text_field("pref_bucket_access", "Access key", "")
        self._secret = text_field("pref_bucket_secret", "Secret key", "")
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
            show_text(field, getattr(state.prefs, name))

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
