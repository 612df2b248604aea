"""The rows of the variants list: which there are, and as a model for the view."""

import math
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.phrases import day, dollars, duration
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.runs import Run
from sharpen_desktop.core.settings import EngineName
from sharpen_desktop.core.several import sides_seen, variant_on
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import progress_text, variant_line, variant_remark

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
SPOKEN = {
    "A": ", shown before", "B": ", shown after", "C": ", shown third", "D": ", shown fourth",
}  # fmt: skip
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a variant, or a run (``is_run``) that waits, is going or has failed.

    ``note``: what is to be known of a variant. ``wishes``: what its menu offers besides what every row has.
    ``handout``: the file that is dragged out of the window, empty until it is written.
    """

    id: str
    title: str
    line: str
    tip: str = ""
    remark: str = ""
    engine: EngineName | None = None
    display: Display | None = None
    sides: str = ""
    is_run: bool = False
    has_failed: bool = False
    is_in_doubt: bool = False
    is_waiting: bool = False
    fraction: float | None = None
    note: str = ""
    wishes: tuple[str, ...] = ()
    handout: str = ""
    is_handing_out: bool = False

    @property
    def has_menu(self) -> bool:
        """Whether there is anything its menu could offer."""
        return not self.is_run or self.has_failed or self.is_waiting

    @property
    def buttons(self) -> int:
        """How many buttons it has: side A, side B and the menu, of a run at most the menu."""
        return int(self.has_menu) if self.is_run else 3

    @property
    def can_drag(self) -> bool:
        """Whether it can be dragged: to a side of the canvas, or as a file."""
        return not self.is_run and self.display is not None


def rows_of(state: AppState, now_s: float) -> tuple[Row, ...]:
    """Return the rows for the current photo; ``now_s`` is the clock the runs' starts were read from."""
    photo = state.current
    if photo is None:
        return ()
    runs = [run for run in state.runs if run.photo_id == photo.id]
    return (
        *(_variant_row(each, _sides_of(state, photo, each)) for each in photo.variants),
        *(_run_row(run, now_s - run.started_s, state.usual_s) for run in runs),
    )


def _sides_of(state: AppState, photo: Photo, variant: Variant) -> str:
    """Return the sides a variant is seen on; nothing in a blind test, nor before there is something to compare."""
    if state.is_blind:
        return ""
    if not photo.results or (state.seen_view != "up" and photo.after is None):
        return "B" if photo.after is variant else ""
    return "".join(side.upper() for side in sides_seen(state) if variant_on(photo, side) is variant)


def _variant_row(variant: Variant, sides: str) -> Row:
    """Return the row of a picture the photo has."""
    line, remark = _lines(variant)
    wishes = {
        "save": variant.is_result,
        "use_settings": variant.made_with is not None,
        "rename": not variant.is_original,
        "recipe": not variant.is_original,
        "align": variant.can_align,
        "colour": variant.can_match_colour,
        "delete": not variant.is_original,
    }
    return Row(
        variant.id,
        variant.label,
        line,
        "\n".join(part for part in _told(variant) if part),
        remark,
        variant.engine,
        variant.look,
        sides,
        note=variant.note,
        wishes=tuple(wish for wish, is_offered in wishes.items() if is_offered),
        handout=variant.handout,
        is_handing_out=variant.is_handing_out,
    )


def _told(variant: Variant) -> tuple[str, ...]:
    """Return the tooltip's lines: its own title too where the user has called it something else."""
    own = variant.title if variant.name else ""
    where = variant.file if variant.source else ""
    return variant.label, own, where, variant.finding, variant.note, variant.request_id


def _lines(variant: Variant) -> tuple[str, str]:
    """Return the second and the third line; of a stored result its cost, and when that was paid."""
    if variant.paid_on is None:
        return variant_line(variant), variant_remark(variant)
    usd, sign = variant.cost_usd, "≈ " if variant.is_cost_estimated else ""
    saved = "" if variant.is_unsaved else "saved"
    paid = "cost unknown" if usd is None else sign + dollars(usd)
    said = ((paid, variant.mix.text), (f"paid {day(variant.paid_on)}", saved))
    first, second = (" · ".join(part for part in parts if part) for parts in said)
    return first, second


def _run_row(run: Run, elapsed_s: float, usual_s: float | None) -> Row:
    """Return the row of a run: how it stands, and under it the time, or what went wrong."""
    line, remark = _standing(run, elapsed_s, usual_s)
    return Row(
        run.id,
        run.title,
        line,
        "\n".join(part for part in (run.title, run.problem) if part),
        remark,
        engine=run.engine,
        is_run=True,
        has_failed=bool(run.problem),
        is_in_doubt=run.is_in_doubt,
        is_waiting=run.is_waiting,
        fraction=run.progress.fraction if run.progress else None,
    )


def _standing(run: Run, elapsed_s: float, usual_s: float | None) -> tuple[str, str]:
    if run.is_in_doubt:
        return "May have been billed", "being checked"
    if run.problem:
        return "Failed", run.problem
    if run.is_waiting:
        return "Waiting in the queue", ""
    progress = run.progress
    if progress is not None and progress.again_in_s is not None:
        return progress.phase.value, f"next try in {duration(math.ceil(progress.again_in_s))}"
    if run.is_left:
        return progress_text(progress), "kept when it comes"
    usual = f" · usually {duration(usual_s)}" if usual_s and run.engine == "cloud" else ""
    return progress_text(progress), f"{duration(max(elapsed_s, 0.0))}{usual}"


class RowModel(QAbstractListModel):
    """The rows; only what changed is told to the view, so that a name being edited stays open."""

    renamed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Row, ...] = ()

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Replace the rows."""
        old, new = [row.id for row in self._rows], [row.id for row in rows]
        if [each for each in old if each in new] != [each for each in new if each in old]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        self._remove({*old} - {*new})
        self._insert(rows)
        for place, row in enumerate(rows):
            if row != self._rows[place]:
                self._rows = (*self._rows[:place], row, *self._rows[place + 1 :])
                self.dataChanged.emit(self.index(place), self.index(place))

    def _remove(self, gone: set[str]) -> None:
        for place in range(len(self._rows) - 1, -1, -1):
            if self._rows[place].id in gone:
                self.beginRemoveRows(QModelIndex(), place, place)
                self._rows = (*self._rows[:place], *self._rows[place + 1 :])
                self.endRemoveRows()

    def _insert(self, rows: tuple[Row, ...]) -> None:
        for place, row in enumerate(rows):
            if place == len(self._rows) or self._rows[place].id != row.id:
                self.beginInsertRows(QModelIndex(), place, place)
                self._rows = (*self._rows[:place], row, *self._rows[place:])
                self.endInsertRows()

    def row_of(self, row_id: str) -> Row | None:
        """Return the row with this id."""
        return next((row for row in self._rows if row.id == row_id), None)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if not index.isValid():
            return flags
        row = self._rows[index.row()]
        if row.can_drag:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemIsEditable if "rename" in row.wishes else flags

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell of the wish; the name comes back with the state."""
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.EditRole and str(value) != row.title:
            self.renamed.emit(row.id, str(value))
        return False

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            shown = "".join(SPOKEN[side] for side in row.sides)
            more = "".join(f", {part}" for part in (row.remark, row.note) if part)
            return f"{row.title}, {row.line}{more}{shown}"
        return row if role == ROW_ROLE else None
