"""The list of keys, searchable, and what the program is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QMessageBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

import sharpen_desktop
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.actions import COMMANDS, key_text

CANVAS_KEYS = (
    ("Fit ↔ last close zoom, at the pointer", "Z · Space"),
    ("Before / after in place; hold for a look", "\\ · P"),
    ("Divider: left edge, centre, right edge", "1 · 2 · 3"),
    ("Next / previous zoom stop", "+ · −"),
    ("Pan; at fit the next / previous photo", "Arrows"),
    ("Zoom about the pointer (finer with Ctrl)", "Wheel"),
    ("Pan", "Drag"),
    ("Fit ↔ 100 % at the spot", "Double-click"),
    ("Full screen", "F"),
    ("Filmstrip: next / previous photo", "← · →"),
)


def show_keys(window: QWidget) -> None:
    """Open the list of keys."""
    dialog = QDialog(window)
    dialog.setObjectName("keys_dialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Keys")
    dialog.resize(520, 560)
    column = QVBoxLayout(dialog)
    search = QLineEdit()
    search.setObjectName("keys_search")
    search.setPlaceholderText("Search")
    table = _table([*_bound(window), *CANVAS_KEYS])
    search.textChanged.connect(lambda text: _filter(table, text))
    column.addWidget(search)
    column.addWidget(table)
    dialog.open()


def show_about(window: QWidget) -> None:
    """Open what the program is."""
    box = QMessageBox(window)
    box.setObjectName("about_box")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("About Sharpen Desktop")
    box.setIconPixmap(resources.pixmap("app", "#FFFFFF", 64))
    box.setText(f"<b>Sharpen Desktop {sharpen_desktop.__version__}</b>")
    box.setInformativeText(
        "Takes the blur out of photographs.\n\n"
        "Free software under the GNU General Public License, version 3 or later. It comes without any warranty."
    )
    box.open()


def _bound(window: QWidget) -> list[tuple[str, str]]:
    rows = []
    for command in COMMANDS:
        action = window.findChild(QAction, command.name)
        keys = key_text(action, command) if action is not None else ""
        if keys:
            rows.append((command.text.rstrip("…"), keys))
    return rows


def _table(rows: list[tuple[str, str]]) -> QTableWidget:
    table = QTableWidget(len(rows), 2)
    table.setObjectName("keys_table")
    table.horizontalHeader().hide()
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    for place, (what, keys) in enumerate(rows):
        table.setItem(place, 0, QTableWidgetItem(what))
        table.setItem(place, 1, QTableWidgetItem(keys))
    return table


def _filter(table: QTableWidget, text: str) -> None:
    for place in range(table.rowCount()):
        cells = [table.item(place, column) for column in (0, 1)]
        is_hit = any(cell is not None and text.lower() in cell.text().lower() for cell in cells)
        table.setRowHidden(place, not is_hit)
