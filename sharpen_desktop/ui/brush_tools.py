"""The tools of the brush, for whatever is painted on: paint, erase, clear, size, feather, show the mask."""

from dataclasses import dataclass
from math import log

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sharpen_desktop.core.brush import SMALLEST, WIDEST, Brush, Strokes, Target, Tool
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.subjects import can_paint
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.editors.value_slider import ValueSlider
from sharpen_desktop.ui.theme import Look

STEPS = 100
ICON_PX = 16


@dataclass(frozen=True, slots=True)
class BrushWords:
    """What the tools for one target are called and say. ``names``: of the widgets, in the order they stand.

    ``other``: what the keys act on while the brush is for the other target.
    """

    target: Target
    names: tuple[str, str, str, str, str, str, str]
    paint: str
    erase: str
    clear: str
    mask: str
    legend: str
    other: str


class BrushTools(QWidget):
    """Shows the one brush there is, as it is used on one target."""

    tool_wanted = Signal(str, str)
    brush_wanted = Signal(object)
    clear_wanted = Signal(str)
    mask_wanted = Signal(bool, str)

    def __init__(self, words: BrushWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._brush = Brush()
        self._is_own = False
        self._is_mask_shown = False
        self._long_side = 0
        paint, erase, clear, size, feather, mask, legend = words.names
        self._paint, self._erase = _tool(paint, "Paint"), _tool(erase, "Erase")
        self._clear = button(clear, "Clear", words.clear)
        self._size, self._feather = _slider(size, "Brush size"), _slider(feather, "Brush feather")
        self._mask = check(mask, "Show mask")
        self._legend = quiet(legend)
        self._lay_out()
        self._connect()

    def render_state(self, state: AppState, strokes: Strokes) -> None:
        """Show the brush in hand; ``strokes``: what is painted on the target."""
        self._brush, self._is_own = state.brush, state.target == self._words.target
        self._is_mask_shown = state.is_mask_shown and self._is_own
        shown = state.current.original.display if state.current and state.current.original else None
        self._long_side = max(shown.width, shown.height) if shown else 0
        self._mask.setChecked(self._is_mask_shown)
        self._legend.setVisible(self._is_mask_shown)
        is_possible, tool = can_paint(state, self._words.target), state.brush.tool if self._is_own else ""
        for each, own in ((self._paint, "add"), (self._erase, "take")):
            each.setEnabled(is_possible)
            each.setChecked(is_possible and tool == own)
        self._clear.setEnabled(bool(strokes))
        self._show_tips()
        self._show_brush(state.brush)

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        for slider in (self._size, self._feather):
            slider.look = look
            slider.update()
        for each, name in ((self._paint, "brush"), (self._erase, "eraser")):
            each.setIcon(resources.toggled_icon(name, look.text, "#FFFFFF", ICON_PX))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row(self._paint, self._erase, None, self._clear))
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
        column.addLayout(row(self._mask, None, self._legend))
        self._legend.setAccessibleName(self._words.legend)
        self._legend.setText(f'<span style="color:#E5484D">■</span> {self._words.legend}')

    def _connect(self) -> None:
        self._paint.clicked.connect(self._paint_clicked)
        self._erase.clicked.connect(self._erase_clicked)
        self._clear.clicked.connect(self._clear_clicked)
        self._mask.clicked.connect(self._mask_clicked)
        self._size.valueChanged.connect(self._sized)
        self._feather.valueChanged.connect(self._feathered)
        self._size.double_clicked.connect(self._size_reset)
        self._feather.double_clicked.connect(self._feather_reset)

    def _show_tips(self) -> None:
        words = self._words
        self._paint.setToolTip(self._tip(words.paint, "B", "Alt erases."))
        self._erase.setToolTip(self._tip(words.erase, "E", "Alt paints."))
        self._mask.setToolTip(self._tip(words.mask, "O", ""))

    def _tip(self, said: str, key: str, more: str) -> str:
        """Return what a tool does, with its key while that acts on this target."""
        if self._is_own:
            return " ".join(part for part in (f"{said} ({key}).", more) if part)
        return " ".join(
            part for part in (f"{said}.", more, f"The key {key} now acts on {self._words.other}.") if part
        )

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

    def _choose(self, tool: Tool, pressed: QPushButton) -> None:
        is_in_hand = self._is_own and self._brush.tool == tool
        pressed.setChecked(is_in_hand)  # the wish is not the state
        self.tool_wanted.emit("" if is_in_hand else tool, self._words.target)

    def _clear_clicked(self) -> None:
        self.clear_wanted.emit(self._words.target)

    def _mask_clicked(self) -> None:
        self._mask.setChecked(self._is_mask_shown)
        self.mask_wanted.emit(not self._is_mask_shown, self._words.target)

    def _sized(self, step: int) -> None:
        self.brush_wanted.emit(Brush(self._brush.tool, _radius(step), self._brush.feather))

    def _feathered(self, step: int) -> None:
        self.brush_wanted.emit(Brush(self._brush.tool, self._brush.radius, step / STEPS))

    def _size_reset(self) -> None:
        self.brush_wanted.emit(Brush(self._brush.tool, Brush().radius, self._brush.feather))

    def _feather_reset(self) -> None:
        self.brush_wanted.emit(Brush(self._brush.tool, self._brush.radius, Brush().feather))


def _size_step(radius: float) -> float:
    """Return the slider's step of a radius: even steps multiply it."""
    return STEPS * log(radius / SMALLEST) / log(WIDEST / SMALLEST)


def _radius(step: int) -> float:
    return float(SMALLEST * (WIDEST / SMALLEST) ** (step / STEPS))


def quiet(name: str) -> QLabel:
    """Return a line of secondary text."""
    label = QLabel()
    label.setObjectName(name)
    label.setProperty("quiet", True)
    return label


def check(name: str, text: str, tip: str = "") -> QCheckBox:
    """Return a check box; a click leaves the canvas its keys."""
    made = QCheckBox(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def button(name: str, text: str, tip: str = "") -> QPushButton:
    """Return a button; a click leaves the canvas its keys."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def row(*parts: QWidget | None) -> QHBoxLayout:
    """Return widgets in a row; ``None`` is the gap that grows."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(6)
    for part in parts:
        if part is None:
            made.addStretch()
        else:
            made.addWidget(part)
    return made


def _tool(name: str, text: str) -> QPushButton:
    made = button(name, text)
    made.setCheckable(True)
    made.setIconSize(QSize(ICON_PX, ICON_PX))
    return made


def _slider(name: str, spoken: str) -> ValueSlider:
    slider = ValueSlider(STEPS)
    slider.setObjectName(name)
    slider.setAccessibleName(spoken)
    slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return slider
