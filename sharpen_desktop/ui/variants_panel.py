"""The left panel: the pictures the photo has, and the run that is making the next one."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListView, QMenu, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.theme import Look
from sharpen_desktop.ui.variant_row_delegate import RowDelegate
from sharpen_desktop.ui.variant_rows import ROW_ROLE, Index, Row, RowModel, rows_of

MORE_PX = 22


class RowList(QListView):
    """The list, with one button for the menu of the row under the pointer, or of the one with the focus."""

    menu_wanted = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._more = QToolButton(self.viewport())
        self._more.setObjectName("variant_more")
        self._more.setAccessibleName("More")
        self._more.setToolTip("Save, use its settings, delete…")
        self._more.setFixedSize(MORE_PX, MORE_PX)
        self._more.setIconSize(QSize(14, 14))
        self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the menu key opens the same menu
        self._more.setProperty("tight", True)
        self._more.hide()
        self._more.clicked.connect(self._ask)
        self.entered.connect(self._place_more)
        self.verticalScrollBar().valueChanged.connect(self.forget_row)

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._more.setIcon(resources.icon("more", look.text, 14))

    def forget_row(self) -> None:
        """Take the button away: its row is no longer where it was."""
        self._more.hide()

    def _place_more(self, index: Index) -> None:
        row: Row | None = index.data(ROW_ROLE)
        self._more.setVisible(row is not None and bool(row.wishes))
        place = self.visualRect(index)
        self._more.move(place.right() - MORE_PX - 6, place.center().y() - MORE_PX // 2)

    def _ask(self) -> None:
        self.menu_wanted.emit(self._more.geometry().center())

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if self.hasFocus():
            self._place_more(current)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason and not self.underMouse():
            self.forget_row()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.forget_row()


class VariantsPanel(QWidget):
    """The list; a click puts a variant on side B, its menu offers the rest."""

    side_wanted = Signal(str, str)
    save_wanted = Signal()
    dismiss_wanted = Signal(str)
    stop_wanted = Signal()
    settings_wanted = Signal(str)
    mend_wanted = Signal(str, str)
    delete_wanted = Signal(str)

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

    def _make_list(self) -> RowList:
        view = RowList()
        view.setObjectName("variants")
        view.setAccessibleName("Variants")
        view.setModel(self._model)
        view.setItemDelegate(self._delegate)
        self._model.modelReset.connect(view.forget_row)
        view.setMouseTracking(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.clicked.connect(self._chosen)
        view.activated.connect(self._chosen)
        view.customContextMenuRequested.connect(self._show_menu)
        view.menu_wanted.connect(self._show_menu)
        return view

    def render_state(self, state: AppState, now_s: float) -> None:
        """Show the current photo's rows."""
        rows = rows_of(state, now_s)
        self._delegate.forget_thumbnails({row.display for row in rows if row.display})
        self._model.show_rows(rows)

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._delegate.look = look
        self.list.set_look(look)
        self.list.viewport().update()

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
            "align": ("Align with the original", lambda: self.mend_wanted.emit(row.id, "align")),
            "colour": ("Match the original's colour", lambda: self.mend_wanted.emit(row.id, "colour")),
            "delete": ("Delete…", lambda: self.delete_wanted.emit(row.id)),
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

    def _save(self, variant_id: str) -> None:
        self.side_wanted.emit("b", variant_id)
        self.save_wanted.emit()
