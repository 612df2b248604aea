"""The rows of the variants list: which there are, and as a model for the view."""

import math
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.phrases import day, dollars, duration
from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.settings import EngineName
from sharpen_desktop.core.state import AppState, Run
from sharpen_desktop.core.wording import progress_text, variant_line, variant_remark

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a variant, or a run (``is_run``) that waits, is going or has failed.

    ``note``: what is to be known of a variant. ``wishes``: what its menu offers besides what every row has.
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


def rows_of(state: AppState, now_s: float) -> tuple[Row, ...]:
    """Return the rows for the current photo; ``now_s`` is the clock the runs' starts were read from."""
    photo = state.current
    if photo is None:
        return ()
    runs = [run for run in state.runs if run.photo_id == photo.id]
    return (
        *(_variant_row(photo, each) for each in photo.variants),
        *(_run_row(run, now_s - run.started_s, state.usual_s) for run in runs),
    )


def _variant_row(photo: Photo, variant: Variant) -> Row:
    """Return the row of a picture the photo has."""
    line, remark = _lines(variant)
    before = "A" if variant.id == photo.side_a and photo.results else ""
    wishes = {
        "save": not variant.is_original,
        "use_settings": variant.made_with is not None,
        "align": variant.can_align,
        "colour": variant.can_match_colour,
        "delete": not variant.is_original,
    }
    return Row(
        variant.id,
        variant.title,
        line,
        "\n".join(
            part for part in (variant.title, variant.finding, variant.note, variant.request_id) if part
        ),
        remark,
        variant.engine,
        variant.display,
        before + ("B" if variant.id == photo.side_b else ""),
        note=variant.note,
        wishes=tuple(wish for wish, is_offered in wishes.items() if is_offered),
    )


def _lines(variant: Variant) -> tuple[str, str]:
    """Return the second and the third line; of a stored result its cost, and when that was paid."""
    if variant.paid_on is None:
        return variant_line(variant), variant_remark(variant)
    usd, sign = variant.cost_usd, "≈ " if variant.is_cost_estimated else ""
    saved = " · saved" if variant.saved_to else ""
    return "cost unknown" if usd is None else sign + dollars(usd), f"paid {day(variant.paid_on)}{saved}"


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
    """The rows; only what changed is told to the view."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Row, ...] = ()

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Replace the rows."""
        if [row.id for row in rows] != [row.id for row in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows != self._rows:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            shown = {"A": ", shown before", "B": ", shown after"}.get(row.sides, "")
            more = "".join(f", {part}" for part in (row.remark, row.note) if part)
            return f"{row.title}, {row.line}{more}{shown}"
        return row if role == ROW_ROLE else None
