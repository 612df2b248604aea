"""Questions and file choosers, awaited through their finished signal; never a nested loop."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from sharpen_desktop.app.ports import BatchPlan, Question
from sharpen_desktop.core.naming import READABLE_SUFFIXES, format_of_name
from sharpen_desktop.core.picture import Outgoing
from sharpen_desktop.core.runs import Batch
from sharpen_desktop.ui.batch_sheet import BatchSheet
from sharpen_desktop.ui.outgoing_sheet import OutgoingSheet
from sharpen_desktop.ui.results_table import RETRY, ResultsTable

OPEN_FILTER = f"Photos ({' '.join(f'*{each}' for each in sorted(READABLE_SUFFIXES))});;All files (*)"
SAVE_FILTER = "JPEG (*.jpg *.jpeg);;PNG (*.png);;TIFF (*.tif *.tiff);;WebP (*.webp)"
FILTER_OF_ENDING = {".jpg": 0, ".png": 1, ".tif": 2, ".webp": 3}


class QtDialogs:
    """The Dialogs port over Qt."""

    def __init__(self) -> None:
        self._window: QWidget | None = None
        self._retry_failed: Callable[[], None] | None = None

    def attach(self, window: QWidget, retry_failed: Callable[[], None]) -> None:
        """Open every dialog over ``window`` from now on; ``retry_failed`` is the wish of the table of results."""
        self._window = window
        self._retry_failed = retry_failed

    async def choose_files(self, folder: str) -> tuple[Path, ...]:
        """Let the user choose photos."""
        dialog = self._file_dialog("Open photos", folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(OPEN_FILTER)
        return await _chosen(dialog)

    async def choose_folder(self, folder: str) -> Path | None:
        """Let the user choose a folder."""
        dialog = self._file_dialog("Open a folder of photos", folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return next(iter(await _chosen(dialog)), None)

    async def choose_target(self, suggestion: Path) -> Path | None:
        """Let the user choose where to save; an existing file is asked about by the caller."""
        dialog = self._file_dialog("Save as", str(suggestion.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        filters = SAVE_FILTER.split(";;")
        dialog.setNameFilters(filters)
        dialog.selectNameFilter(filters[FILTER_OF_ENDING.get(suggestion.suffix, 0)])
        dialog.selectFile(str(suggestion))
        dialog.filterSelected.connect(lambda chosen: _follow_filter(dialog, chosen))
        chosen = next(iter(await _chosen(dialog)), None)
        return None if chosen is None else _with_filter_ending(chosen, dialog.selectedNameFilter())

    async def ask(self, question: Question) -> str:
        """Ask a plain question; the first button is the default."""
        box = QMessageBox(self._window)
        box.setObjectName("question")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Sharpen Desktop")
        box.setText(f"<b>{question.text}</b>")
        box.setInformativeText(question.explanation)
        names = {}
        for name, label in question.buttons:
            is_escape = name == question.escape
            role = QMessageBox.ButtonRole.RejectRole if is_escape else QMessageBox.ButtonRole.AcceptRole
            button = box.addButton(label, role)
            button.setObjectName(f"answer_{name}")
            names[button] = name
            if is_escape:
                box.setEscapeButton(button)
            if name == question.buttons[0][0]:
                box.setDefaultButton(button)
        await _finished(box)
        pressed = box.clickedButton()
        box.deleteLater()
        return next((name for button, name in names.items() if button is pressed), question.escape)

    async def confirm_batch(self, plan: BatchPlan) -> bool:
        """Show what *Sharpen all* would do and cost."""
        sheet = BatchSheet(self._window, plan)
        result = await _finished(sheet)
        sheet.deleteLater()
        return result == QDialog.DialogCode.Accepted

    async def show_outgoing(self, outgoing: Outgoing) -> None:
        """Show exactly what would leave this computer."""
        sheet = OutgoingSheet(self._window, outgoing)
        await _finished(sheet)
        sheet.deleteLater()

    async def show_results(self, batch: Batch) -> None:
        """Show how each photo of a batch has ended."""
        sheet = ResultsTable(self._window, batch)
        result = await _finished(sheet)
        sheet.deleteLater()
        if result == RETRY and self._retry_failed is not None:
            self._retry_failed()

    def _file_dialog(self, title: str, folder: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, folder)
        dialog.setObjectName("file_dialog")
        return dialog


def _filter_ending(name_filter: str) -> str:
    return name_filter.rsplit("(*", maxsplit=1)[-1].split(maxsplit=1)[0].rstrip(")")


def _with_filter_ending(path: Path, name_filter: str) -> Path:
    """Return the path as typed when its ending says a format, else with the ending of the chosen filter."""
    return path if format_of_name(path.name) else path.with_name(path.name + _filter_ending(name_filter))


def _follow_filter(dialog: QFileDialog, chosen: str) -> None:
    """Give the name the ending of the format that was chosen; other dots in it stay."""
    for name in dialog.selectedFiles()[:1]:
        path = Path(name)
        stem = path.stem if format_of_name(path.name) else path.name
        dialog.selectFile(str(path.with_name(stem + _filter_ending(chosen))))


async def _chosen(dialog: QFileDialog) -> tuple[Path, ...]:
    result = await _finished(dialog)
    files = dialog.selectedFiles() if result == QDialog.DialogCode.Accepted else []
    dialog.deleteLater()
    return tuple(Path(file) for file in files)


async def _finished(dialog: QDialog) -> int:
    """Open a dialog over its window and wait until it is closed; cancelling closes it."""
    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def finish(result: int) -> None:
        if not done.done():
            done.set_result(result)

    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.finished.connect(finish)
    dialog.open()
    try:
        return await done
    finally:
        if not done.done() or done.cancelled():
            dialog.close()
            dialog.deleteLater()
