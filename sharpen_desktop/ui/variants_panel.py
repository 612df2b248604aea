"""The left panel's tabs: the pictures the photo has, with the run that makes the next one, and the history."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.history_list import HistoryList
from sharpen_desktop.ui.segments import Segments
from sharpen_desktop.ui.theme import Look
from sharpen_desktop.ui.variant_list import RowList
from sharpen_desktop.ui.variant_row_delegate import RowDelegate
from sharpen_desktop.ui.variant_rows import ROW_ROLE, Row, RowModel, rows_of


class VariantsPanel(QWidget):
    """Two tabs. A click on a variant puts it on side B, its menu offers the rest; a click on a step goes there."""

    side_wanted = Signal(str, str)
    save_wanted = Signal()
    dismiss_wanted = Signal(str)
    stop_wanted = Signal()
    settings_wanted = Signal(str)
    mend_wanted = Signal(str, str)
    delete_wanted = Signal(str)
    rename_wanted = Signal(str, str)
    recipe_wanted = Signal(str)
    file_wanted = Signal(str)
    step_wanted = Signal(int)
    history_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("variants_panel")
        self._model = RowModel()
        self._delegate = RowDelegate()
        self.list = RowList(self._model, self._delegate)
        self.history = HistoryList()
        self._tabs = Segments(28)
        self._tabs.setAccessibleName("What this panel shows")
        self._tabs.add("variants", "Variants", "The pictures this photo has", "tab_variants")
        self._tabs.add("history", "History", "What was set and painted, step by step", "tab_history")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.history)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 8)
        column.setSpacing(8)
        column.addWidget(self._tabs)
        column.addWidget(self._stack, 1)
        self._connect()

    def _connect(self) -> None:
        view = self.list
        view.clicked.connect(self._chosen)
        view.activated.connect(self._chosen)
        view.customContextMenuRequested.connect(self._show_menu)
        view.menu_wanted.connect(self._show_menu)
        view.side_wanted.connect(self.side_wanted)
        view.delete_wanted.connect(self.delete_wanted)
        view.file_wanted.connect(self.file_wanted)
        self._model.renamed.connect(self.rename_wanted)
        self.history.step_wanted.connect(self.step_wanted)
        self._tabs.chosen.connect(lambda tab: self.history_wanted.emit(tab == "history"))

    def render_state(self, state: AppState, now_s: float) -> None:
        """Show the current photo's rows, and the history."""
        rows = rows_of(state, now_s)
        self._delegate.forget_thumbnails({row.display for row in rows if row.display})
        self.list.show_rows(rows)
        self.history.render_state(state)
        self._tabs.show_choice("history" if state.prefs.is_history_open else "variants")
        self._stack.setCurrentWidget(self.history if state.prefs.is_history_open else self.list)

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self.list.set_look(look)
        self.history.set_look(look)

    def _chosen(self, index: QModelIndex) -> None:
        row: Row = index.data(ROW_ROLE)
        if not row.is_run:
            self.side_wanted.emit("b", row.id)

    def _show_menu(self, place: QPoint) -> None:
        index = self.list.indexAt(place)
        if not index.isValid():
            return
        menu = QMenu(self)
        menu.setObjectName("variant_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for label, act in self._entries(index.data(ROW_ROLE)):
            if label:
                menu.addAction(label).triggered.connect(act)
            else:
                menu.addSeparator()
        if menu.actions():
            menu.popup(self.list.viewport().mapToGlobal(place))

    def _entries(self, row: Row) -> list[tuple[str, Callable[[], None]]]:
        """Return a row's menu; an empty label is a line between entries."""
        if row.is_run:
            ends = [("Dismiss", lambda: self.dismiss_wanted.emit(row.id))] if row.has_failed else []
            return [("Take out of the queue", self.stop_wanted.emit)] if row.is_waiting else ends
        offered = {
            "save": ("Save as…", lambda: self._save(row.id)),
            "use_settings": ("Use its settings", lambda: self.settings_wanted.emit(row.id)),
            "rename": ("Rename…", lambda: self._rename(row.id)),
            "recipe": ("Show recipe…", lambda: self.recipe_wanted.emit(row.id)),
            "align": ("Align with the original", lambda: self.mend_wanted.emit(row.id, "align")),
            "colour": ("Match the original's colour", lambda: self.mend_wanted.emit(row.id, "colour")),
            "delete": (_delete_label(row), lambda: self.delete_wanted.emit(row.id)),
        }
        entries = [
            ("Show before", lambda: self.side_wanted.emit("a", row.id)),
            ("Show after", lambda: self.side_wanted.emit("b", row.id)),
        ]
        for wish in row.wishes:
            if wish in ("save", "delete"):
                entries.append(("", lambda: None))
            entries.append(offered[wish])
        return entries

    def _rename(self, variant_id: str) -> None:
        for place in range(self._model.rowCount()):
            if self._model.index(place).data(ROW_ROLE).id == variant_id:
                self.list.edit(self._model.index(place))

    def _save(self, variant_id: str) -> None:
        self.side_wanted.emit("b", variant_id)
        self.save_wanted.emit()


def _delete_label(row: Row) -> str:
    """Return the menu's word for deleting: what was paid for goes for good, after a question."""
    return "Delete…" if row.engine == "cloud" else "Delete"
