"""The left panel: the pictures the photo has, and the run that is making the next one."""

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListView, QMenu, QVBoxLayout, QWidget

from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.theme import Look
from sharpen_desktop.ui.variant_row_delegate import RowDelegate
from sharpen_desktop.ui.variant_rows import ROW_ROLE, Row, RowModel, rows_of


class VariantsPanel(QWidget):
    """The list; a click puts a variant on side B, its menu offers the rest."""

    side_wanted = Signal(str, str)
    save_wanted = Signal()
    dismiss_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("variants_panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 12, 10, 8)
        column.setSpacing(6)
        heading = QLabel("VARIANTS")
        heading.setProperty("heading", True)
        column.addWidget(heading)
        self._model = RowModel()
        self._delegate = RowDelegate()
        self.list = self._make_list()
        column.addWidget(self.list)

    def _make_list(self) -> QListView:
        view = QListView()
        view.setObjectName("variants")
        view.setAccessibleName("Variants")
        view.setModel(self._model)
        view.setItemDelegate(self._delegate)
        view.setMouseTracking(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.clicked.connect(self._chosen)
        view.activated.connect(self._chosen)
        view.customContextMenuRequested.connect(self._show_menu)
        return view

    def render_state(self, state: AppState, now_s: float) -> None:
        """Show the current photo's rows."""
        rows = rows_of(state, now_s)
        self._delegate.forget_thumbnails({row.display for row in rows if row.display})
        self._model.show_rows(rows)

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._delegate.look = look
        self.list.viewport().update()

    def _chosen(self, index: QModelIndex) -> None:
        row: Row = index.data(ROW_ROLE)
        if not row.is_run:
            self.side_wanted.emit("b", row.id)

    def _show_menu(self, place: QPoint) -> None:
        index = self.list.indexAt(place)
        if not index.isValid():
            return
        row: Row = index.data(ROW_ROLE)
        menu = QMenu(self)
        menu.setObjectName("variant_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if row.is_run:
            if row.has_failed:
                menu.addAction("Dismiss").triggered.connect(lambda: self.dismiss_wanted.emit(row.id))
        else:
            menu.addAction("Show before").triggered.connect(lambda: self.side_wanted.emit("a", row.id))
            menu.addAction("Show after").triggered.connect(lambda: self.side_wanted.emit("b", row.id))
            menu.addAction("Save as…").triggered.connect(lambda: self._save(row.id))
        if menu.actions():
            menu.popup(self.list.viewport().mapToGlobal(place))

    def _save(self, variant_id: str) -> None:
        self.side_wanted.emit("b", variant_id)
        self.save_wanted.emit()
