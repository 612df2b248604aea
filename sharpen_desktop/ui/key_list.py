"""The list of all keys and gestures, searchable, beside the window while one works on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from sharpen_desktop.ui.actions import key_text
from sharpen_desktop.ui.key_table import BETWEEN, SECTIONS, Command
from sharpen_desktop.ui.sheet import Sheet, text_label

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE = Qt.ItemDataRole.UserRole + 1
LINE_PX, TITLE_PX, CAP_PX, GAP_PX = 30, 38, 22, 6
BEYOND = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
"""Keys that scroll the list while the search has the focus."""


@dataclass(frozen=True, slots=True)
class Line:
    """What something does and its keys as this system writes them; a section's title has no keys."""

    what: str
    keys: tuple[str, ...] = ()


def lines(wanted: str = "") -> tuple[Line, ...]:
    """Return the titles and lines in which every word of ``wanted`` stands, in any order."""
    words = wanted.lower().split()
    return tuple(_lines(words))


def _lines(words: list[str]) -> Iterator[Line]:
    for section in SECTIONS:
        found = []
        for entry in section.entries:
            how = key_text(entry) if isinstance(entry, Command) else entry.how
            text = f"{section.title} {entry.what} {how}".lower()
            if how and all(word in text for word in words):
                found.append(Line(entry.what, tuple(how.split(BETWEEN))))
        if found:
            yield Line(section.title)
            yield from found


class KeyModel(QAbstractListModel):
    """The lines that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = lines()

    def search(self, wanted: str) -> None:
        """Show only what has these words."""
        self.beginResetModel()
        self.lines = lines(wanted)
        self.endResetModel()

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.lines)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        is_title = not self.lines[index.row()].keys
        return Qt.ItemFlag.ItemIsEnabled if is_title else super().flags(index)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.what
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{line.what}: {' or '.join(line.keys)}" if line.keys else line.what
        return line if role == LINE_ROLE else None


class KeyDelegate(QStyledItemDelegate):
    """Draws what it does at the left, its keys as caps at the right."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, LINE_PX if index.data(LINE_ROLE).keys else TITLE_PX)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(LINE_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect).adjusted(12, 0, -12, 0)
        if line.keys:
            self._paint_line(painter, rect, line, option.palette)
        else:
            self._paint_title(painter, rect, line.what, option.palette)
        painter.restore()

    @staticmethod
    def _paint_title(painter: QPainter, rect: QRectF, text: str, palette: QPalette) -> None:
        painter.setFont(_sized(painter.font(), 11, is_bold=True))
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(
            rect.adjusted(0, 0, 0, -6),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom,
            text.upper(),
        )

    def _paint_line(self, painter: QPainter, rect: QRectF, line: Line, palette: QPalette) -> None:
        left = rect.right()
        for key in reversed(line.keys):
            left = self._paint_cap(painter, left, rect.center().y(), key, palette) - GAP_PX
        painter.setFont(_sized(painter.font(), 13, is_bold=False))
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        room = rect.adjusted(0, 0, left - rect.right() - GAP_PX, 0)
        what = QFontMetrics(painter.font()).elidedText(
            line.what, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, what)

    @staticmethod
    def _paint_cap(painter: QPainter, right: float, middle: float, key: str, palette: QPalette) -> float:
        """Draw one key that ends at ``right``; return where it begins."""
        painter.setFont(_sized(painter.font(), 12, is_bold=False))
        width = max(CAP_PX, QFontMetrics(painter.font()).horizontalAdvance(key) + 14)
        cap = QRectF(right - width, middle - CAP_PX / 2, width, CAP_PX)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.setBrush(palette.color(QPalette.ColorRole.Button))
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        return cap.left()


class SearchField(QLineEdit):
    """The search; keys that move in a list move in ``view``."""

    def __init__(self, view: QListView) -> None:
        super().__init__()
        self._view = view
        self.setObjectName("keys_search")
        self.setAccessibleName("Search the keys")
        self.setPlaceholderText("Search: what it does, or a key")
        self.setClearButtonEnabled(True)
        self.setMinimumHeight(30)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in BEYOND:
            bar = self._view.verticalScrollBar()
            step = bar.pageStep() if event.key() in BEYOND[2:] else LINE_PX
            bar.setValue(bar.value() + (step if event.key() in BEYOND[::2] else -step))
            return
        super().keyPressEvent(event)


class KeyList(Sheet):
    """The list; it stays open while one works, and Esc closes it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "keys_dialog", "Keys")
        self.resize(560, 640)
        self._model = KeyModel()
        self._view = self._made_view()
        self._search = SearchField(self._view)
        self._none = text_label("Nothing has this name or key.", "keys_none", is_quiet=True)
        self._none.hide()
        self.column.addWidget(self._search)
        self.column.addWidget(self._none)
        self.column.addWidget(self._view, 1)
        self.buttons.addStretch()
        self.add_close()
        self._search.textChanged.connect(self._find)
        self._search.setFocus()

    def _made_view(self) -> QListView:
        view = QListView()
        view.setObjectName("keys_table")
        view.setAccessibleName("Keys")
        view.setModel(self._model)
        view.setItemDelegate(KeyDelegate(view))
        view.setSelectionMode(QListView.SelectionMode.NoSelection)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return view

    def _find(self, text: str) -> None:
        self._model.search(text)
        self._view.scrollToTop()
        self._none.setVisible(not self._model.lines)

    def come_forward(self) -> None:
        """Show the list that is open already."""
        self.raise_()
        self.activateWindow()
        self._search.setFocus()


def show_keys(window: QWidget) -> None:
    """Open the list of keys, or bring it to the front."""
    shown = window.findChild(KeyList)
    if shown is not None:
        shown.come_forward()
        return
    dialog = KeyList(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()


def _sized(font: QFont, size_px: int, *, is_bold: bool) -> QFont:
    """Return the font at another size."""
    other = QFont(font)
    other.setPixelSize(size_px)
    other.setBold(is_bold)
    return other
