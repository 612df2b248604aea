"""How files are saved: the format Save As suggests, and the quality of JPEG and WebP."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QSpinBox, QWidget

from sharpen_desktop.core.naming import LABELS
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.ui.combo import Combo

LOSSY = ("jpeg", "webp", "same")


class SaveOptionsEditor(QWidget):
    """Shows the preferences for saving; tells of wishes."""

    format_wanted = Signal(str)
    quality_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        self._format = Combo()
        self._format.setObjectName("save_format")
        self._format.setAccessibleName("Save as format")
        self._format.addItem("As the photo", "same")
        for name, label in LABELS.items():
            self._format.addItem(label, name)
        self._quality = QSpinBox()
        self._quality.setObjectName("save_quality")
        self._quality.setAccessibleName("JPEG and WebP quality")
        self._quality.setRange(1, 100)
        self._quality.setFixedHeight(28)
        self._quality.setToolTip("JPEG and WebP. From 90 on JPEG keeps full colour detail (4:4:4).")
        form.addRow(QLabel("Save as"), self._format)
        form.addRow(QLabel("Quality"), self._quality)
        self._format.activated.connect(self._format_chosen)
        self._quality.valueChanged.connect(self.quality_wanted)

    def render_prefs(self, prefs: Prefs) -> None:
        """Show the preferences."""
        with QSignalBlocker(self._format), QSignalBlocker(self._quality):
            self._format.setCurrentIndex(self._format.findData(prefs.save_format))
            self._quality.setValue(prefs.save_quality)
        self._quality.setEnabled(prefs.save_format in LOSSY)

    def _format_chosen(self, index: int) -> None:
        self.format_wanted.emit(self._format.itemData(index))
