"""How each photo of a batch has ended, with the reason where it failed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget
from typing_extensions import override

from sharpen_desktop.core.errors import Charge
from sharpen_desktop.core.phrases import amount, count_of, dollars
from sharpen_desktop.core.runs import Batch, Outcome
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.sheet import Sheet

COLUMNS = ("Photo", "Ended", "Cost", "Reason")
DONE = "Sharpened"
RETRY = 2
"""What ``finished`` tells when the failed photos are to be tried again."""


class ResultsTable(Sheet):
    """The table, to look at, copy, or try the failed ones again."""

    def __init__(self, parent: QWidget | None, batch: Batch) -> None:
        super().__init__(parent, "results_table", "Results")
        self._rows = [_row(each) for each in sorted(batch.outcomes, key=_is_fine)]
        self.resize(820, 480)
        self.add_heading(summary(batch))
        self._table = self._make_table()
        self.column.addWidget(self._table, 1)
        copy = self.add_button("Copy", "results_copy")
        copy.setToolTip("Copy the table as text")
        copy.clicked.connect(self._copy)
        self.buttons.addStretch()
        failed = sum(bool(each.problem) for each in batch.outcomes)
        if failed:
            retry = self.add_button(f"Retry {failed} failed…", "results_retry")
            retry.clicked.connect(self._retry)
        close = self.add_close()
        close.setDefault(True)
        close.setFocus()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(len(self._rows), len(COLUMNS))
        table.setObjectName("results")
        table.setAccessibleName("How each photo ended")
        table.setHorizontalHeaderLabels(COLUMNS)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for column, width in enumerate((220, 124, 84)):
            header.resizeSection(column, width)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        for place, row in enumerate(self._rows):
            for column, text in enumerate(row):
                table.setItem(place, column, self._item(text, is_ending=column == 1))
        return table

    def _item(self, text: str, *, is_ending: bool) -> QTableWidgetItem:
        item = QTableWidgetItem(text)
        item.setToolTip(text)
        if is_ending:
            color = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
            item.setIcon(resources.icon("check" if text == DONE else "error", color, 16))
        return item

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._table.resizeRowsToContents()  # only now the reasons know how wide they are

    def _copy(self) -> None:
        rows = ["\t".join(row) for row in (COLUMNS, *self._rows)]
        QGuiApplication.clipboard().setText("\n".join(rows))

    def _retry(self) -> None:
        self.done(RETRY)


def summary(batch: Batch) -> str:
    """Return "11 photos sharpened, 1 failed · $1.16"."""
    failed = sum(bool(each.problem) for each in batch.outcomes)
    text = f"{count_of(len(batch.outcomes) - failed, 'photo')} sharpened"
    if failed:
        text += f", {failed} failed"
    spent = sum(each.cost_usd or 0.0 for each in batch.outcomes)
    is_unknown = any(each.charge is Charge.UNKNOWN for each in batch.outcomes)
    if batch.engine == "cloud":
        text += f" · {'at least ' if is_unknown else ''}{amount(spent)}"
    return text


def _is_fine(outcome: Outcome) -> bool:
    """Put those that failed first."""
    return not outcome.problem


def _row(outcome: Outcome) -> tuple[str, str, str, str]:
    cost = "" if outcome.cost_usd is None else "free" if outcome.cost_usd == 0 else dollars(outcome.cost_usd)
    return outcome.name, "Failed" if outcome.problem else DONE, cost, outcome.problem
