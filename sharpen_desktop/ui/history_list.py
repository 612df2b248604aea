"""The history tab: each step of what was set and painted, in words; a click goes there."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from sharpen_desktop.core.history import History
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.steps import Step, steps
from sharpen_desktop.ui.theme import DARK, Look
from sharpen_desktop.ui.variant_rows import Index

STEP_ROLE = Qt.ItemDataRole.UserRole + 1
STEP_PX = 30


class StepModel(QAbstractListModel):
    """The steps, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[Step, ...] = ()

    def show_steps(self, shown: tuple[Step, ...]) -> bool:
        """Replace the steps; whether they were others."""
        if shown == self._steps:
            return False
        if len(shown) == len(self._steps):
            self._steps = shown
            self.dataChanged.emit(self.index(0), self.index(len(shown) - 1))
        else:
            self.beginResetModel()
            self._steps = shown
            self.endResetModel()
        return True

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._steps)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        step = self._steps[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return step.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{step.text}{', now' if step.is_current else ', undone' if step.is_undone else ''}"
        return step if role == STEP_ROLE else None


class StepDelegate(QStyledItemDelegate):
    """Draws a step: the present one framed and with a dot, undone ones faint and slanted."""

    def __init__(self) -> None:
        super().__init__()
        self.look = DARK

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, STEP_PX)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        step: Step = index.data(STEP_ROLE)
        rect = QRectF(option.rect).adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter, rect, step, option.state)
        self._paint_dot(painter, QRectF(rect.x() + 9, rect.center().y() - 3.5, 7, 7), step)
        font = painter.font()
        font.setPixelSize(13)
        font.setBold(step.is_current)
        font.setItalic(step.is_undone)
        painter.setFont(font)
        painter.setPen(QColor(self.look.secondary if step.is_undone else self.look.text))
        room = rect.adjusted(26, 0, -6, 0)
        text = QFontMetrics(font).elidedText(step.text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_frame(self, painter: QPainter, rect: QRectF, step: Step, state: QStyle.StateFlag) -> None:
        if step.is_current or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(QColor(self.look.accent if step.is_current else self.look.border), 1))
            painter.setBrush(QColor(self.look.control))
            painter.drawRoundedRect(rect, 5, 5)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(self.look.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 5, 5)

    def _paint_dot(self, painter: QPainter, place: QRectF, step: Step) -> None:
        painter.setPen(QPen(QColor(self.look.focus if step.is_current else self.look.secondary), 1.5))
        painter.setBrush(QColor(self.look.focus) if step.is_current else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place)


class HistoryList(QListView):
    """The list; a click, or Enter on the row with the focus, goes to that step."""

    step_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("history")
        self.setAccessibleName("History")
        self._history: History | None = None
        self._about = ("", 0)
        self._steps = StepModel()
        self._delegate = StepDelegate()
        self.setModel(self._steps)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._chosen)
        self.activated.connect(self._chosen)

    def render_state(self, state: AppState) -> None:
        """Show the steps and keep the present one in view; nothing while the other tab is open."""
        about = (state.current_id, len(state.photos))
        is_same = state.history is self._history and about == self._about
        if is_same or not state.prefs.is_history_open:
            return
        self._history, self._about = state.history, about
        shown = steps(state)
        if self._steps.show_steps(shown):
            here = next(step.place for step in shown if step.is_current)
            self.setCurrentIndex(self._steps.index(here))
            self.scrollTo(self._steps.index(here))

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._delegate.look = look
        self.viewport().update()

    def _chosen(self, index: QModelIndex) -> None:
        step: Step = index.data(STEP_ROLE)
        if not step.is_current:
            self.step_wanted.emit(step.place)
