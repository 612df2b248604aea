"""What can be done with the subject and the faces of the photo: paint, show the mask, show where faces are."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sharpen_desktop.core.history import has_subject
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.subjects import BY_SERVICE, LEGEND, faces_line, subject_line
from sharpen_desktop.ui.brush_tools import BrushTools, BrushWords, check, quiet, row
from sharpen_desktop.ui.theme import Look

WORDS = BrushWords(
    "subject",
    (
        "paint_subject",
        "erase_subject",
        "clear_strokes",
        "brush_size",
        "brush_feather",
        "show_mask",
        "mask_legend",
    ),
    paint="Paint what is to be sharpened",
    erase="Erase what is not to be sharpened",
    clear="Take everything away that was painted on this photo",
    mask="Show on the photo what will be sharpened",
    legend=LEGEND,
    other="the mix",
)


class SubjectTools(QWidget):
    """The tools under the Subject switch, in view while only a part of the photo is to be sharpened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("subject_tools")
        self.brush = BrushTools(WORDS)
        self._share = quiet("subject_share")
        self._share.setWordWrap(True)
        self._service = quiet("subject_by_service")
        self._service.setText(BY_SERVICE)
        self._here = QWidget()
        self._lay_out()
        self.hide()

    def render_state(self, state: AppState) -> None:
        """Show the brush in hand and what is known of the subject."""
        self.setVisible(has_subject(state.settings))
        self._here.setVisible(state.has_subject_here)
        self._service.setVisible(not state.has_subject_here)
        self._share.setText(subject_line(state))
        self.brush.render_state(state, state.strokes)

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self.brush.set_look(look)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._here)
        outer.addWidget(self._service)
        column = QVBoxLayout(self._here)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._share)
        column.addWidget(self.brush)


class FaceTools(QWidget):
    """Under the sliders of the faces: how many were found, and whether they are framed on the photo."""

    faces_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("face_tools")
        self._are_shown = False
        self._check = check("show_faces", "Show faces", "Frame the faces that are found on the photo")
        self._check.clicked.connect(self._clicked)
        self._count = quiet("faces_found")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row(self._check, None, self._count))

    def render_state(self, state: AppState) -> None:
        """Show what is known of the faces."""
        self._are_shown = state.are_faces_shown
        self._check.setChecked(state.are_faces_shown)
        self._check.setEnabled(state.current is not None)
        self._count.setText(faces_line(state.current, are_wanted=state.are_faces_shown))

    def set_look(self, look: Look) -> None:
        """Use these colours."""

    def _clicked(self) -> None:
        self._check.setChecked(self._are_shown)
        self.faces_wanted.emit(not self._are_shown)
