"""What leaves this computer: the exact picture, looked at closely, and everything that goes with it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sharpen_desktop.core.phrases import file_size
from sharpen_desktop.core.picture import Outgoing
from sharpen_desktop.ui.picture_view import PictureView
from sharpen_desktop.ui.segments import Segments
from sharpen_desktop.ui.sheet import Sheet, text_label

PROMISE = "No location, no camera data, no file name."
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/tiff": "TIFF", "image/webp": "WebP"}
FACTS_WIDTH = 280


class OutgoingSheet(Sheet):
    """The picture at the left, its facts at the right."""

    def __init__(self, parent: QWidget | None, outgoing: Outgoing) -> None:
        super().__init__(parent, "outgoing_sheet", "What leaves this computer")
        self.resize(900, 560)
        self._view = PictureView(outgoing.display)
        self._view.setAccessibleName("The picture that would be sent")
        self._zoom = Segments(28)
        self._zoom.add("fit", "Fit", "The whole picture", "outgoing_fit")
        self._zoom.add("100", "100 %", "One picture pixel a screen pixel", "outgoing_100")
        self._zoom.setFixedWidth(140)
        self._shown = QLabel()
        self._shown.setProperty("quiet", True)
        self._fill(outgoing)
        self._zoom.chosen.connect(self._zoom_chosen)
        self._view.zoom_changed.connect(self._zoom_shown)
        self._view.fit()
        self.buttons.addStretch()
        close = self.add_close()
        close.setDefault(True)
        close.setFocus()

    def _fill(self, outgoing: Outgoing) -> None:
        bar = QHBoxLayout()
        bar.addWidget(self._zoom)
        bar.addWidget(self._shown)
        bar.addStretch()
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(bar)
        left.addWidget(self._view, 1)
        body = QHBoxLayout()
        body.setSpacing(20)
        body.addLayout(left, 1)
        body.addWidget(_facts(outgoing))
        self.column.addLayout(body, 1)

    def _zoom_chosen(self, part: str) -> None:
        if part == "fit":
            self._view.fit()
        else:
            self._view.zoom_100()

    def _zoom_shown(self, zoom: float, is_fit: bool) -> None:
        self._zoom.show_choice("fit" if is_fit else "100" if zoom == 1.0 else "")
        self._shown.setText(f"{round(zoom * 100)} %")


def rows(outgoing: Outgoing) -> list[tuple[str, str]]:
    """Return what is said of the request, name and value."""
    if outgoing.is_address:
        return [
            ("Sent", "The photo's own web address; the service fetches it there"),
            ("Whole request", file_size(outgoing.body_size)),
            ("Goes to", outgoing.place),
        ]
    return [
        ("Size", f"{outgoing.width} × {outgoing.height} pixels"),
        ("Format", FORMATS.get(outgoing.media_type, outgoing.media_type)),
        ("Picture", f"{file_size(outgoing.size)} ({outgoing.size:,} bytes)"),
        ("Whole request", file_size(outgoing.body_size)),
        ("Goes to", outgoing.place),
    ]


def _facts(outgoing: Outgoing) -> QWidget:
    holder = QWidget()
    holder.setFixedWidth(FACTS_WIDTH)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    if not outgoing.is_address:
        promise = text_label(PROMISE, "outgoing_promise")
        promise.setProperty("sheet_heading", True)
        column.addWidget(promise)
    column.addLayout(_form(rows(outgoing), "outgoing"))
    if outgoing.note:
        column.addWidget(text_label(outgoing.note, "outgoing_note"))
    if outgoing.fields:
        line = QFrame()
        line.setProperty("rule", True)
        line.setFixedHeight(1)
        column.addWidget(line)
        column.addWidget(text_label("Sent with it", is_quiet=True))
        column.addLayout(_form(list(outgoing.fields), "field"))
    column.addStretch()
    return holder


def _form(pairs: list[tuple[str, str]], kind: str) -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(5)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    for name, value in pairs:
        label = QLabel(name)
        label.setProperty("quiet", True)
        said = text_label(value, f"{kind}_{name.lower().replace(' ', '_')}")
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        form.addRow(label, said)
    return form
