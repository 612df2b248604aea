"""Mix & mask: how much of the shown result is laid over which picture, and the brush that limits where."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sharpen_desktop.core.mix import Mix
from sharpen_desktop.core.mixing import LEGEND, base_of, bases, mask_line, reason_without, size_line
from sharpen_desktop.core.schema import Kind, Param
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.brush_tools import BrushTools, BrushWords, quiet
from sharpen_desktop.ui.combo import Combo
from sharpen_desktop.ui.editors.number_editor import NumberEditor
from sharpen_desktop.ui.theme import Look

SHARE = Param(
    "mix",
    Kind.NUMBER,
    "Mix",
    "mix",
    help="How much of the result is laid over the other picture, in linear light. Free, and nothing is sent.",
    default=1.0,
    minimum=0.0,
    maximum=1.0,
)
WORDS = BrushWords(
    "mix",
    (
        "paint_mix",
        "erase_mix",
        "clear_mix",
        "mix_brush_size",
        "mix_brush_feather",
        "show_mix_mask",
        "mix_legend",
    ),
    paint="Paint where the result shows",
    erase="Erase where it does not show",
    clear="Take everything away that was painted; the mix applies everywhere again",
    mask="Show on the photo where the result shows",
    legend=LEGEND,
    other="the subject",
)
BASE_TIP = "What the result is laid over. It is taken as it was made, without a mix of its own."


class MixTools(QWidget):
    """The group's content; all of it waits for a result on side B."""

    share_wanted = Signal(float)
    share_ended = Signal()
    base_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mix_tools")
        self.share = NumberEditor(SHARE)
        self.brush = BrushTools(WORDS)
        self._base = Combo()
        self._base.setObjectName("mix_base")
        self._base.setAccessibleName("Mix over")
        self._base.setToolTip(BASE_TIP)
        self._base.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._base.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._reason, self._size, self._where = (quiet(f"mix_{name}") for name in ("reason", "size", "where"))
        for line in (self._reason, self._size, self._where):
            line.setWordWrap(True)
        self._bases: tuple[tuple[str, str], ...] = ()
        self._chosen = ""
        self._lay_out()
        self._connect()

    def render_state(self, state: AppState) -> None:
        """Show the mix of the result on side B."""
        photo, variant = state.current, state.mixable
        mix, reason = variant.mix if variant else Mix(), reason_without(state)
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self.share.render_value(mix.share, reason)
        base = base_of(photo, variant) if photo and variant else photo.original if photo else None
        found = bases(photo, variant) if photo and variant else ()
        known = tuple((each.id, each.label) for each in found or ((base,) if base else ()))
        self._show_bases(known, base.id if base else "")
        self._base.setEnabled(not reason)
        said = size_line(photo, variant) if photo and variant else ""
        self._size.setText(said)
        self._size.setVisible(bool(said))
        self._where.setText(mask_line(mix))
        self._where.setVisible(not reason)
        self.brush.setEnabled(not reason)
        self.brush.render_state(state, mix.strokes)

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self.share.set_look(look)
        self.brush.set_look(look)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._reason)
        column.addWidget(self.share)
        over = QHBoxLayout()
        over.setSpacing(8)
        label = QLabel("Over")
        label.setBuddy(self._base)
        over.addWidget(label)
        over.addWidget(self._base, 1)
        column.addLayout(over)
        column.addWidget(self._size)
        column.addWidget(self.brush)
        column.addWidget(self._where)

    def _connect(self) -> None:
        self.share.value_edited.connect(self._share_edited)
        self.share.edit_ended.connect(self.share_ended)
        self.share.reset_wanted.connect(self._share_reset)
        self._base.activated.connect(self._base_activated)

    def _show_bases(self, known: tuple[tuple[str, str], ...], chosen: str) -> None:
        with QSignalBlocker(self._base):
            if known != self._bases:
                self._bases = known
                self._base.clear()
                for variant_id, label in known:
                    self._base.addItem(label, variant_id)
            self._chosen = chosen
            self._base.setCurrentIndex(self._base.findData(chosen))

    def _base_activated(self, place: int) -> None:
        wanted = str(self._base.itemData(place))
        with QSignalBlocker(self._base):
            self._base.setCurrentIndex(self._base.findData(self._chosen))  # the wish is not the state
        self.base_wanted.emit(wanted)

    def _share_edited(self, _: str, value: float) -> None:
        self.share_wanted.emit(value)

    def _share_reset(self, _: str) -> None:
        self.share_wanted.emit(1.0)
        self.share_ended.emit()
