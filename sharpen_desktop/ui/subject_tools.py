"""What can be done with the subject and the faces of the photo: paint, show the mask, show where faces are."""

from math import log

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sharpen_desktop.core.brush import SMALLEST, WIDEST, Brush, Tool
from sharpen_desktop.core.history import has_subject
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.subjects import BY_SERVICE, LEGEND, can_paint, faces_line, subject_line
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.editors.value_slider import ValueSlider
from sharpen_desktop.ui.theme import Look

STEPS = 100
ICON_PX = 16


class SubjectTools(QWidget):
    """The tools under the Subject switch, in view while only a part of the photo is to be sharpened."""

    tool_wanted = Signal(str)
    brush_wanted = Signal(object)
    clear_wanted = Signal()
    mask_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("subject_tools")
        self._brush = Brush()
        self._is_mask_shown = False
        self._long_side = 0
        self._share = _quiet("subject_share")
        self._share.setWordWrap(True)
        self._service = _quiet("subject_by_service")
        self._service.setText(BY_SERVICE)
        self._mask = _check("show_mask", "Show mask", "Show on the photo what will be sharpened (O)")
        self._legend = _quiet("mask_legend")
        self._paint = _tool("paint_subject", "Paint", "Paint what is to be sharpened (B). Alt erases.")
        self._erase = _tool("erase_subject", "Erase", "Erase what is not to be sharpened (E). Alt paints.")
        self._clear = _button("clear_strokes", "Clear", "Take everything away that was painted on this photo")
        self._size = _slider("brush_size", "Brush size")
        self._feather = _slider("brush_feather", "Brush feather")
        self._here = QWidget()
        self._lay_out()
        self._connect()
        self.hide()

    def render_state(self, state: AppState) -> None:
        """Show the brush in hand and what is known of the subject."""
        self.setVisible(has_subject(state.settings))
        self._here.setVisible(state.has_subject_here)
        self._service.setVisible(not state.has_subject_here)
        self._brush, self._is_mask_shown = state.brush, state.is_mask_shown
        shown = state.current.original.display if state.current and state.current.original else None
        self._long_side = max(shown.width, shown.height) if shown else 0
        self._share.setText(subject_line(state))
        self._mask.setChecked(state.is_mask_shown)
        self._legend.setVisible(state.is_mask_shown)
        is_possible, tool = can_paint(state), state.brush.tool
        for button, own in ((self._paint, "add"), (self._erase, "take")):
            button.setEnabled(is_possible)
            button.setChecked(is_possible and tool == own)
        self._clear.setEnabled(bool(state.strokes))
        self._show_brush(state.brush)

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        for slider in (self._size, self._feather):
            slider.look = look
            slider.update()
        for button, name in ((self._paint, "brush"), (self._erase, "eraser")):
            button.setIcon(resources.toggled_icon(name, look.text, "#FFFFFF", ICON_PX))

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._here)
        outer.addWidget(self._service)
        column = QVBoxLayout(self._here)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._share)
        column.addLayout(_row(self._paint, self._erase, None, self._clear))
        sliders = QGridLayout()
        sliders.setContentsMargins(0, 0, 0, 0)
        sliders.setHorizontalSpacing(8)
        for place, (text, slider) in enumerate((("Size", self._size), ("Feather", self._feather))):
            label = QLabel(text)
            label.setBuddy(slider)
            sliders.addWidget(label, 0, 2 * place)
            sliders.addWidget(slider, 0, 2 * place + 1)
            sliders.setColumnStretch(2 * place + 1, 1)
        column.addLayout(sliders)
        column.addLayout(_row(self._mask, None, self._legend))
        self._legend.setAccessibleName(LEGEND)
        self._legend.setText(f'<span style="color:#E5484D">■</span> {LEGEND}')

    def _connect(self) -> None:
        self._paint.clicked.connect(self._paint_clicked)
        self._erase.clicked.connect(self._erase_clicked)
        self._clear.clicked.connect(self.clear_wanted)
        self._mask.clicked.connect(self._mask_clicked)
        self._size.valueChanged.connect(self._sized)
        self._feather.valueChanged.connect(self._feathered)
        self._size.double_clicked.connect(self._size_reset)
        self._feather.double_clicked.connect(self._feather_reset)

    def _show_brush(self, brush: Brush) -> None:
        for slider, step in ((self._size, _size_step(brush.radius)), (self._feather, brush.feather * STEPS)):
            with QSignalBlocker(slider):
                slider.setValue(round(step))
            slider.update()
        across = f": {round(2 * brush.radius * self._long_side)} px of the photo" if self._long_side else ""
        self._size.setToolTip(f"How wide the brush is{across} ([ and ])")
        self._feather.setToolTip(f"How soft its rim is: {round(brush.feather * 100)} % (Shift+[ and Shift+])")

    def _paint_clicked(self) -> None:
        self._choose("add", self._paint)

    def _erase_clicked(self) -> None:
        self._choose("take", self._erase)

    def _choose(self, tool: Tool, button: QPushButton) -> None:
        is_in_hand = self._brush.tool == tool
        button.setChecked(is_in_hand)  # the wish is not the state
        self.tool_wanted.emit("" if is_in_hand else tool)

    def _mask_clicked(self) -> None:
        self._mask.setChecked(self._is_mask_shown)
        self.mask_wanted.emit(not self._is_mask_shown)

    def _sized(self, step: int) -> None:
        self.brush_wanted.emit(Brush(self._brush.tool, _radius(step), self._brush.feather))

    def _feathered(self, step: int) -> None:
        self.brush_wanted.emit(Brush(self._brush.tool, self._brush.radius, step / STEPS))

    def _size_reset(self) -> None:
        self.brush_wanted.emit(Brush(self._brush.tool, Brush().radius, self._brush.feather))

    def _feather_reset(self) -> None:
        self.brush_wanted.emit(Brush(self._brush.tool, self._brush.radius, Brush().feather))


class FaceTools(QWidget):
    """Under the sliders of the faces: how many were found, and whether they are framed on the photo."""

    faces_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("face_tools")
        self._are_shown = False
        self._check = _check("show_faces", "Show faces", "Frame the faces that are found on the photo")
        self._check.clicked.connect(self._clicked)
        self._count = _quiet("faces_found")
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(_row(self._check, None, self._count))

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


def _size_step(radius: float) -> float:
    """Return the slider's step of a radius: even steps multiply it."""
    return STEPS * log(radius / SMALLEST) / log(WIDEST / SMALLEST)


def _radius(step: int) -> float:
    return float(SMALLEST * (WIDEST / SMALLEST) ** (step / STEPS))


def _quiet(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setProperty("quiet", True)
    return label


def _check(name: str, text: str, tip: str) -> QCheckBox:
    check = QCheckBox(text)
    check.setObjectName(name)
    check.setToolTip(tip)
    check.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return check


def _button(name: str, text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the canvas its keys
    return button


def _tool(name: str, text: str, tip: str) -> QPushButton:
    button = _button(name, text, tip)
    button.setCheckable(True)
    button.setIconSize(QSize(ICON_PX, ICON_PX))
    return button


def _slider(name: str, spoken: str) -> ValueSlider:
    slider = ValueSlider(STEPS)
    slider.setObjectName(name)
    slider.setAccessibleName(spoken)
    slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return slider


def _row(*parts: QWidget | None) -> QHBoxLayout:
    """Return widgets in a row; ``None`` is the gap that grows."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for part in parts:
        if part is None:
            row.addStretch()
        else:
            row.addWidget(part)
    return row
