"""Every run the journal knows: where it stands, what it has cost, and what can be done next."""

import time

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QPushButton, QStackedWidget, QTableView, QWidget

from sharpen_desktop.core.paid import PaidRun
from sharpen_desktop.core.phrases import count_of, file_size
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.paid_run_rows import PaidRunModel, UnderWay, next_step, steps, under_way
from sharpen_desktop.ui.sheet import Sheet, text_label

NOTHING = "No photo has been sent to the cloud service yet."
BUTTONS = (
    ("check", "Check again", "Ask the service what has become of it; costs nothing"),
    ("again", "Send again…", "Send the photo once more; asks first"),
    ("show", "Show", "Show the stored result, at no further cost"),
    ("delete", "Delete…", "Delete the stored result for good; asks first"),
    ("copy", "Copy reference", "Copy what the service's support asks for"),
)


class CloudRuns(Sheet):
    """A table, and buttons that act on the chosen row."""

    check_wanted = Signal(str)
    again_wanted = Signal(str)
    show_wanted = Signal(str)
    delete_wanted = Signal(str)

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, "cloud_runs", "Cloud runs")
        self.resize(880, 500)
        self._busy = UnderWay()
        self._model = PaidRunModel()
        self._summary = self.add_heading("")
        self._table = self._make_table()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._table)
        nothing = text_label(NOTHING, "runs_nothing")
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(nothing)
        self.column.addWidget(self._stack, 1)
        self._next = text_label("", "runs_next")
        self._next.setMinimumHeight(36)
        self._next.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(self._next)
        self._buttons = {name: self._step_button(name, text, tip) for name, text, tip in BUTTONS}
        self.buttons.addStretch()
        self.add_close()
        self._connect()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("runs_table")
        table.setAccessibleName("Cloud runs")
        table.setModel(self._model)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for column, width in enumerate((120, 180, 110, 0, 92)):
            header.resizeSection(column, width)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        return table

    def _step_button(self, name: str, text: str, tip: str) -> QPushButton:
        button = self.add_button(text, f"run_{name}")
        button.setToolTip(tip)
        return button

    def _connect(self) -> None:
        self._table.selectionModel().selectionChanged.connect(self._row_chosen)
        self._table.activated.connect(self._show)
        self._buttons["check"].clicked.connect(self._check)
        self._buttons["again"].clicked.connect(self._again)
        self._buttons["show"].clicked.connect(self._show)
        self._buttons["delete"].clicked.connect(self._delete)
        self._buttons["copy"].clicked.connect(self._copy)

    def render_state(self, state: AppState) -> None:
        """Show the runs; the chosen row stays chosen."""
        chosen = self._chosen
        self._busy = under_way(state)
        self._model.show_runs(state.paid_runs, self._busy, time.time())
        row = self._model.row_of(chosen.run_id) if chosen else -1
        if self._table.currentIndex().row() != max(row, 0) and state.paid_runs:
            self._table.selectRow(max(row, 0))
        self._stack.setCurrentIndex(0 if state.paid_runs else 1)
        count = count_of(len(state.paid_runs), "run")
        self._summary.setText(f"{count} · results take up {file_size(state.store_bytes)}")
        self._summary.setVisible(bool(state.paid_runs))
        self._render_steps()

    @property
    def _chosen(self) -> PaidRun | None:
        rows = self._table.selectionModel().selectedRows()
        return self._model.run_at(rows[0].row()) if rows else None

    def _row_chosen(self, _now: QItemSelection, _before: QItemSelection) -> None:
        self._render_steps()

    def _render_steps(self) -> None:
        run = self._chosen
        self._next.setText(next_step(run) if run else "")
        for name, is_possible in steps(run, self._busy).items():
            self._buttons[name].setEnabled(is_possible)

    def _check(self) -> None:
        if (run := self._chosen) is not None:
            self.check_wanted.emit(run.run_id)

    def _again(self) -> None:
        if (run := self._chosen) is not None:
            self.again_wanted.emit(run.run_id)

    def _delete(self) -> None:
        if (run := self._chosen) is not None:
            self.delete_wanted.emit(run.run_id)

    def _show(self) -> None:
        run = self._chosen
        if run is not None and steps(run, self._busy)["show"]:
            self.show_wanted.emit(run.run_id)
            self.accept()

    def _copy(self) -> None:
        run = self._chosen
        if run is not None:
            references = (run.reference, run.request_id)
            QGuiApplication.clipboard().setText("\n".join(each for each in references if each))
