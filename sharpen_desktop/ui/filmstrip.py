"""The filmstrip: the open photos side by side, and what the queue is doing."""

import re

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from sharpen_desktop.core.phrases import count_of
from sharpen_desktop.core.runs import Pause
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import batch_line
from sharpen_desktop.ui.filmstrip_cells import CELL_ROLE, Cell, CellModel
from sharpen_desktop.ui.filmstrip_delegate import CellDelegate
from sharpen_desktop.ui.first_sight import STRIP_PX
from sharpen_desktop.ui.theme import Look

QUEUE_WIDTH = 216
SCROLL_PX_PER_NOTCH = 104
NOTCH = 120
BEFORE_PRICE = re.compile(r" · (?=≈|price)")


class CellList(QListView):
    """One row of cells. The wheel goes along it; letters are the window's, not a search for a name."""

    remove_wanted = Signal()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels, angle = event.pixelDelta(), event.angleDelta()
        step = pixels.x() or pixels.y() or (angle.x() or angle.y()) / NOTCH * SCROLL_PX_PER_NOTCH
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - round(step))
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        elif event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), STRIP_PX - 1)


class QueueBox(QWidget):
    """What the queue is doing, and its two buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("queue_box")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(QUEUE_WIDTH)
        self._line = QLabel()
        self._line.setObjectName("batch_line")
        self._line.setProperty("quiet", True)
        self._line.setWordWrap(True)
        self._line.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.pause = _button("pause_queue_button", "Pause")
        self.stop_all = _button("stop_all_button", "Stop all")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addWidget(self._line, 1)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.pause)
        row.addWidget(self.stop_all)
        row.addStretch()
        column.addLayout(row)

    def render_state(self, state: AppState) -> None:
        """Show the queue, or nothing while there is none."""
        line = batch_line(state) or _waiting_line(state)
        self.setVisible(bool(line))
        self._line.setText(BEFORE_PRICE.sub("\n", line))
        self._line.setToolTip(state.pause.value)
        is_paused = state.pause is not Pause.NONE
        self.pause.setText("Resume" if is_paused else "Pause")
        self.pause.setToolTip("Let the waiting photos go on" if is_paused else "Begin no further photo")


def _waiting_line(state: AppState) -> str:
    """Return what waits where there is no batch: photos that were begun one by one."""
    count = sum(run.is_waiting for run in state.runs)
    if not count:
        return ""
    return f"{count_of(count, 'photo')} waiting{'' if state.pause is Pause.NONE else ' · paused'}"


class Filmstrip(QWidget):
    """104 high. A click or the arrow keys show a photo; the photos themselves come from the state."""

    photo_wanted = Signal(str)
    remove_wanted = Signal()
    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_all_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("filmstrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(STRIP_PX)
        self._model = CellModel()
        self._delegate = CellDelegate()
        self._is_paused = False
        self._current_id = ""
        self.list = self._make_list()
        self.queue = QueueBox()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.queue)
        row.addSpacing(6)
        row.addWidget(self.list, 1)
        self._connect()

    def _make_list(self) -> CellList:
        view = CellList()
        view.setObjectName("filmstrip_list")
        view.setAccessibleName("Open photos")
        view.setModel(self._model)
        view.setItemDelegate(self._delegate)
        view.setFlow(QListView.Flow.LeftToRight)
        view.setWrapping(False)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        return view

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.list.remove_wanted.connect(self.remove_wanted)
        self.queue.pause.clicked.connect(self._pause_pressed)
        self.queue.stop_all.clicked.connect(self.stop_all_wanted)

    def render_state(self, state: AppState) -> None:
        """Show the photos, which of them is on the canvas, and the queue. Hidden while one photo is open."""
        self._is_paused = state.pause is not Pause.NONE
        self._current_id = state.current_id
        self._model.show_state(state)
        self.queue.render_state(state)
        self.setVisible(len(state.photos) > 1 and state.prefs.is_filmstrip_open)
        place = self._model.place_of(state.current_id)
        if self.list.currentIndex().row() != place:
            self.list.setCurrentIndex(self._model.index(place))

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._delegate.look = look
        self.list.viewport().update()

    def _chosen(self, index: QModelIndex) -> None:
        cell: Cell | None = index.data(CELL_ROLE)
        if cell is not None and cell.photo_id != self._current_id:
            self.photo_wanted.emit(cell.photo_id)

    def _pause_pressed(self) -> None:
        (self.resume_wanted if self._is_paused else self.pause_wanted).emit()


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setFixedHeight(28)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
