"""The left panel: the pictures the photo has, and the run that is making the next one."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from sharpen_desktop.core.picture import Display
from sharpen_desktop.core.settings import EngineName
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import run_line, variant_line, variant_remark
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.qt_image import thumbnail
from sharpen_desktop.ui.theme import DARK, Look

ROW_HEIGHT = 64
THUMB = 56
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a variant, or a run (``is_run``) that is going or has failed."""

    id: str
    title: str
    line: str
    tip: str = ""
    remark: str = ""
    engine: EngineName | None = None
    display: Display | None = None
    sides: str = ""
    is_run: bool = False
    has_failed: bool = False
    fraction: float | None = None


def rows_of(state: AppState, now_s: float) -> tuple[Row, ...]:
    """Return the rows for the current photo; ``now_s`` is the clock the runs' starts were read from."""
    photo = state.current
    if photo is None:
        return ()
    made = [
        Row(
            each.id,
            each.title,
            variant_line(each),
            "\n".join(part for part in (each.finding, each.note, each.request_id) if part),
            variant_remark(each),
            each.engine,
            each.display,
            ("A" if each.id == photo.side_a and photo.results else "")
            + ("B" if each.id == photo.side_b else ""),
        )
        for each in photo.variants
    ]
    runs = [
        Row(
            run.id,
            run.title,
            run_line(run, now_s - run.started_s),
            run.problem,
            engine=run.engine,
            is_run=True,
            has_failed=not run.is_going,
            fraction=run.progress.fraction if run.progress else None,
        )
        for run in state.runs
        if run.photo_id == photo.id
    ]
    return (*made, *runs)


class RowModel(QAbstractListModel):
    """The rows; only what changed is told to the view."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Row, ...] = ()

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Replace the rows."""
        if [row.id for row in rows] != [row.id for row in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows != self._rows:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            shown = {"A": ", shown before", "B": ", shown after"}.get(row.sides, "")
            remark = f", {row.remark}" if row.remark else ""
            return f"{row.title}, {row.line}{remark}{shown}"
        return row if role == ROW_ROLE else None


class RowDelegate(QStyledItemDelegate):
    """Draws a row: thumbnail, name, second line, badge, the sides it is shown on."""

    def __init__(self) -> None:
        super().__init__()
        self.look = DARK
        self._thumbs: dict[Display, QPixmap] = {}

    def forget_thumbnails(self, kept: set[Display]) -> None:
        """Drop the thumbnails of all other displays."""
        for gone in self._thumbs.keys() - kept:
            del self._thumbs[gone]

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW_ROLE)
        rect: QRectF = QRectF(option.rect).adjusted(1, 2, -1, -2)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter, rect, row, state)
        ratio = painter.device().devicePixelRatio()
        self._paint_thumb(painter, rect, row, ratio)
        self._paint_text(painter, rect, row)
        painter.restore()

    def _paint_frame(self, painter: QPainter, rect: QRectF, row: Row, state: QStyle.StateFlag) -> None:
        is_shown = "B" in row.sides
        if is_shown or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(QColor(self.look.accent if is_shown else self.look.border), 1))
            painter.setBrush(QColor(self.look.control))
            painter.drawRoundedRect(rect, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(self.look.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 6, 6)

    def _paint_thumb(self, painter: QPainter, rect: QRectF, row: Row, ratio: float) -> None:
        place = QRectF(rect.x() + 6, rect.center().y() - THUMB / 2, THUMB, THUMB)
        if row.display is not None:
            drawn = self._thumbs.get(row.display)
            if drawn is None:
                drawn = self._thumbs[row.display] = thumbnail(row.display, THUMB, ratio)
            size = drawn.deviceIndependentSize()
            x = place.x() + (THUMB - size.width()) / 2
            painter.drawPixmap(QPoint(round(x), round(place.center().y() - size.height() / 2)), drawn)
        elif row.has_failed:
            painter.drawPixmap(
                place.center().toPoint() - QPoint(12, 12), resources.pixmap("error", self.look.error, 24)
            )
        else:
            self._paint_ring(painter, place, row.fraction)

    def _paint_ring(self, painter: QPainter, place: QRectF, fraction: float | None) -> None:
        ring = QRectF(place.center().x() - 14, place.center().y() - 14, 28, 28)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.look.groove), 3))
        painter.drawEllipse(ring)
        painter.setPen(QPen(QColor(self.look.accent), 3))
        painter.drawArc(ring, 90 * 16, -round((0.25 if fraction is None else fraction) * 360 * 16))

    def _paint_text(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        """Draw two lines, three when there is a remark, and the sides the row is shown on."""
        left = rect.x() + 6 + THUMB + 8
        room, whole = rect.right() - left - 8 - (18 if row.sides else 0), rect.right() - left - 6
        top = rect.y() + (4 if row.remark else 11)
        font = painter.font()
        font.setPixelSize(13)
        painter.setFont(font)
        painter.setPen(QColor(self.look.text))
        painter.drawText(QRectF(left, top, room, 18), _elided(font, row.title, room))
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(self.look.error if row.has_failed else self.look.secondary))
        self._paint_line(painter, QRectF(left, top + 19, whole, 16), row)
        if row.remark:
            painter.drawText(QRectF(left, top + 35, whole, 16), _elided(font, row.remark, whole))
        if row.sides:
            font.setPixelSize(10)
            font.setBold(True)
            painter.setFont(font)
            corner = QRectF(rect.right() - 28, top + 1, 22, 16)
            painter.drawText(corner, Qt.AlignmentFlag.AlignRight, row.sides)

    def _paint_line(self, painter: QPainter, place: QRectF, row: Row) -> None:
        """Draw the second line behind its badge: a dot for this computer, a cloud for the service."""
        text = f"Failed: {row.line}" if row.has_failed else row.line
        badge = 0.0
        if row.engine == "local" and not row.has_failed:
            painter.save()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.look.local))
            painter.drawEllipse(QRectF(place.x(), place.center().y() - 3.5, 7, 7))
            painter.restore()
            badge = 12
        elif row.engine == "cloud" and not row.has_failed:
            mark = resources.pixmap("cloud", self.look.cloud, 14)
            painter.drawPixmap(QPoint(round(place.x()), round(place.center().y() - 7)), mark)
            badge = 18
        room = place.adjusted(badge, 0, 0, 0)
        painter.drawText(room, _elided(painter.font(), text, room.width()))


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


def _elided(font: QFont, text: str, room: float) -> str:
    return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(room))
