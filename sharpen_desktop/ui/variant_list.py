"""The list of variants: its keys, the buttons of the row under the pointer, and dragging a row away."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QToolButton
from typing_extensions import override

from sharpen_desktop.ui import resources
from sharpen_desktop.ui.theme import Look
from sharpen_desktop.ui.variant_drag import VariantDrag, card
from sharpen_desktop.ui.variant_row_delegate import BUTTON_PX, RowDelegate
from sharpen_desktop.ui.variant_rows import ROW_ROLE, Index, Row, RowModel

DWELL_MS = 400
"""A pointer that rests on a row so long may want to drag it: its file is written then."""
SIDES = {Qt.Key.Key_A: "a", Qt.Key.Key_B: "b"}


class RowList(QListView):
    """Rows with buttons for side A, side B and the menu, on the row under the pointer or the one with the focus."""

    menu_wanted = Signal(QPoint)
    side_wanted = Signal(str, str)
    delete_wanted = Signal(str)
    file_wanted = Signal(str)

    def __init__(self, model: RowModel, delegate: RowDelegate) -> None:
        super().__init__()
        self.setObjectName("variants")
        self.setAccessibleName("Variants")
        self._rows, self._delegate = model, delegate
        self._drag: VariantDrag | None = None
        self._look: Look | None = None
        self._buttons = self._make_buttons()
        self._dwell = QTimer(self)
        self._dwell.setSingleShot(True)
        self._dwell.setInterval(DWELL_MS)
        self._set_up()
        self._dwell.timeout.connect(self._want_file)
        self.entered.connect(self._tend)
        self.verticalScrollBar().valueChanged.connect(self.forget_row)
        for changed in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            changed.connect(self.forget_row)

    def _set_up(self) -> None:
        self.setModel(self._rows)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _make_buttons(self) -> dict[str, QToolButton]:
        made = {}
        for name, text, tip in (
            ("side_a", "A", "Show before (A)"), ("side_b", "B", "Show after (B)"),
            ("more", "", "Save, rename, use its settings, delete…"),
        ):  # fmt: skip
            button = QToolButton(self.viewport())
            button.setObjectName(f"variant_{name}")
            button.setText(text)
            button.setAccessibleName(tip.partition(" (")[0] if text else "More")
            button.setToolTip(tip)
            button.setFixedSize(BUTTON_PX, BUTTON_PX)
            button.setIconSize(QSize(14, 14))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys do the same: A, B and the menu key
            button.setProperty("tight", True)
            button.setCheckable(bool(text))
            button.hide()
            made[name] = button
        made["side_a"].clicked.connect(lambda: self._want_side("a"))
        made["side_b"].clicked.connect(lambda: self._want_side("b"))
        made["more"].clicked.connect(self._ask)
        return made

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._look = look
        self._delegate.look = look
        self._buttons["more"].setIcon(resources.icon("more", look.text, 14))
        self.viewport().update()

    # The row with the buttons

    def tended(self) -> Row | None:
        """Return the row that has the buttons now."""
        return self._rows.row_of(self._delegate.tended)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these rows; a drag that is under way gets its file as soon as that is there."""
        self._rows.show_rows(rows)
        if (row := self.tended()) is not None:
            self._mark_sides(row)
        if self._drag is not None and (dragged := self._rows.row_of(self._drag.variant_id)) is not None:
            self._drag.give_file(dragged.handout)

    def forget_row(self) -> None:
        """Take the buttons away: their row is no longer where it was."""
        self._dwell.stop()
        self._delegate.tended = ""
        for button in self._buttons.values():
            button.hide()
        self.viewport().update()

    def _tend(self, index: Index) -> None:
        row: Row | None = index.data(ROW_ROLE)
        if row is None:
            self.forget_row()
            return
        self._delegate.tended = row.id
        place = self.visualRect(index)
        for number, (name, button) in enumerate(reversed(self._buttons.items()), start=1):
            button.move(place.right() - number * (BUTTON_PX + 2) - 4, place.bottom() - BUTTON_PX - 5)
            button.setVisible(row.has_menu if name == "more" else not row.is_run)
        self._mark_sides(row)
        self._dwell.start()
        self.viewport().update()

    def _mark_sides(self, row: Row) -> None:
        self._buttons["side_a"].setChecked("A" in row.sides)
        self._buttons["side_b"].setChecked("B" in row.sides)

    def _want_side(self, side: str) -> None:
        row = self.tended()
        if row is not None:
            self._mark_sides(row)  # the wish is not the state
            self.side_wanted.emit(side, row.id)

    def _want_file(self) -> None:
        row = self.tended()
        if row is not None and row.can_drag and self.underMouse():
            self.file_wanted.emit(row.id)

    def _ask(self) -> None:
        self.menu_wanted.emit(self._buttons["more"].geometry().center())

    # Qt

    @override
    def startDrag(self, supported: Qt.DropAction) -> None:
        row: Row | None = self.currentIndex().data(ROW_ROLE)
        if row is None or not row.can_drag or self._look is None or row.display is None:
            return
        ratio = self.devicePixelRatioF()
        picture = card(row.title, self._delegate.thumbnail(row.display, ratio), self._look, ratio)
        self.file_wanted.emit(row.id)
        self._drag = VariantDrag(self, row.id, row.handout, picture)
        try:
            self._drag.run()
        finally:
            self._drag = None

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        row: Row | None = self.indexAt(event.position().toPoint()).data(ROW_ROLE)
        if event.button() is Qt.MouseButton.LeftButton and row is not None and row.can_drag:
            self.file_wanted.emit(row.id)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        row: Row | None = self.currentIndex().data(ROW_ROLE)
        side = SIDES.get(Qt.Key(event.key())) if not event.modifiers() else None
        if row is not None and side and not row.is_run:
            self.side_wanted.emit(side, row.id)
        elif row is not None and event.key() == Qt.Key.Key_Delete and "delete" in row.wishes:
            self.delete_wanted.emit(row.id)
        else:
            super().keyPressEvent(event)

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if self.hasFocus():
            self._tend(current)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            if not self.currentIndex().isValid():
                self.setCurrentIndex(self._rows.index(0))
            self._tend(self.currentIndex())

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason and not self.underMouse():
            self.forget_row()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.forget_row()
