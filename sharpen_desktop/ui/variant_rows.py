"""The rows of the variants list: which there are, and as a model for the view."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.settings import EngineName
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import run_line, variant_line, variant_remark

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a variant, or a run (``is_run``) that is going or has failed."""

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
    fraction: float | None = None


def rows_of(state: AppState, now_s: float) -> tuple[Row, ...]:
    """Return the rows for the current photo; ``now_s`` is the clock the runs' starts were read from."""
    photo = state.current
    if photo is None:
        return ()
    made = [
        Row(
            each.id,
            each.title,
            variant_line(each),
            "\n".join(part for part in (each.finding, each.note, each.request_id) if part),
            variant_remark(each),
            each.engine,
            each.display,
            ("A" if each.id == photo.side_a and photo.results else "")
            + ("B" if each.id == photo.side_b else ""),
        )
        for each in photo.variants
    ]
    runs = [
        Row(
            run.id,
            run.title,
            run_line(run, now_s - run.started_s),
            run.problem,
            engine=run.engine,
            is_run=True,
            has_failed=not run.is_going,
            fraction=run.progress.fraction if run.progress else None,
        )
        for run in state.runs
        if run.photo_id == photo.id
    ]
    return (*made, *runs)


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
            remark = f", {row.remark}" if row.remark else ""
            return f"{row.title}, {row.line}{remark}{shown}"
        return row if role == ROW_ROLE else None
