"""The rows of the table of cloud runs, and what can be done with each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from sharpen_desktop.core.paid import IN_DOUBT, TO_FETCH, PaidRun, Stage
from sharpen_desktop.core.phrases import clock
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import paid_run_cost, run_stage_text

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("Date", "Photo", "Mode", "State", "Cost")
CHECKABLE = IN_DOUBT | TO_FETCH | {Stage.EXPIRED}
NOT_BILLED = "Nothing was billed."
SENDABLE = frozenset({Stage.PREPARED, Stage.REFUSED, Stage.UNKNOWN, Stage.UNTRACED})
"""Stages after which a run may be sent again; never one that was charged for certain."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Runs something is being done about: ``going`` in this window, ``settling`` asked about at the service."""

    going: frozenset[str] = frozenset()
    settling: frozenset[str] = frozenset()

    def words(self, run_id: str) -> str:
        """Return what is being done about a run, empty for nothing."""
        if run_id in self.settling:
            return "Asking the service…"
        return "Going on" if run_id in self.going else ""


def under_way(state: AppState) -> UnderWay:
    """Return what is being done about which runs."""
    going = frozenset(run.id for run in state.runs if run.is_busy)
    return UnderWay(going, frozenset(state.settling))


def steps(run: PaidRun | None, busy: UnderWay) -> Mapping[str, bool]:
    """Return what can be done with a run, by the button's name."""
    if run is None:
        return dict.fromkeys(("check", "again", "show", "delete", "copy"), False)
    is_free = not busy.words(run.run_id)
    return {
        "check": run.stage in CHECKABLE and is_free,
        "again": run.stage in SENDABLE and is_free,
        "show": run.has_result and bool(run.files),
        "delete": bool(run.files or run.answer) and run.stage not in TO_FETCH and is_free,
        "copy": bool(run.reference or run.request_id),
    }


def next_step(run: PaidRun) -> str:
    """Return what is known of a run beyond its row: what went wrong, and what can be done."""
    advice = "" if run.has_result and not run.files else run_stage_text(run)[1]
    if NOT_BILLED in run.problem:
        advice = advice.removeprefix(NOT_BILLED).strip()
    return " ".join(part for part in (run.problem, advice) if part)


def _stage(run: PaidRun) -> str:
    """Return where a run stands; one whose result the user has deleted keeps its stage in the journal."""
    return "Its result was deleted" if run.has_result and not run.files else run_stage_text(run)[0]


class PaidRunModel(QAbstractTableModel):
    """The journal's runs, newest first; a text is made only for a row in view."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: tuple[PaidRun, ...] = ()
        self._busy = UnderWay()
        self._now_s = 0.0

    def show_runs(self, runs: tuple[PaidRun, ...], busy: UnderWay, now_s: float) -> None:
        """Show these runs; ``now_s`` (since 1970) shortens dates."""
        is_alike = [run.run_id for run in runs] == [run.run_id for run in self._runs]
        if is_alike and (runs, busy) == (self._runs, self._busy):
            return
        if not is_alike:
            self.beginResetModel()
        self._runs, self._busy, self._now_s = runs, busy, now_s
        if not is_alike:
            self.endResetModel()
        elif runs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(runs) - 1, len(COLUMNS) - 1))

    def run_at(self, row: int) -> PaidRun | None:
        """Return the run of a row."""
        return self._runs[row] if 0 <= row < len(self._runs) else None

    def row_of(self, run_id: str) -> int:
        """Return a run's row, -1 when it is not listed."""
        return next((row for row, run in enumerate(self._runs) if run.run_id == run_id), -1)

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._runs)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return len(COLUMNS)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        is_title = role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal
        return COLUMNS[section] if is_title else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run = self.run_at(index.row())
        if run is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        text = self._text(run, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{text}\n{next_step(run)}" if COLUMNS[index.column()] == "State" else text
        return text

    def _text(self, run: PaidRun, column: int) -> str:
        match COLUMNS[column]:
            case "Date":
                return clock(run.created_s, self._now_s)
            case "Photo":
                return run.photo_name
            case "Mode":
                return run.settings.text("mode", "Standard")
            case "State":
                return self._busy.words(run.run_id) or _stage(run)
        return paid_run_cost(run)
