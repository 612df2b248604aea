"""What is dropped on the window: photos to open, a file to compare with, a variant for a half of the canvas."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QRect
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.core.naming import looks_readable
from sharpen_desktop.core.panes import SIDES, Side
from sharpen_desktop.ui.canvas.canvas import Canvas
from sharpen_desktop.ui.dropping import DropFrame, drop_text, local_paths, picture_writer, web_address
from sharpen_desktop.ui.variant_drag import dragged_variant

SHOWN: dict[Side, str] = {"a": "Show before", "b": "Show after", "c": "Show here", "d": "Show here"}
COMPARED: dict[Side, str] = {
    "a": "Compare: before", "b": "Compare: after", "c": "Compare here", "d": "Compare here",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Half:
    side: Side
    rect: QRect


class WindowDrops:
    """Says under the mouse what a drop would do, and does it. ``stack``: what the canvas lies in."""

    def __init__(self, window: QWidget, stack: QWidget, canvas: Canvas, do: Controller) -> None:
        self._window = window
        self._stack = stack
        self._canvas = canvas
        self._do = do
        self._frame = DropFrame(window)

    def entered(self, event: QDragEnterEvent) -> None:
        """Take note of a drag; a row is followed wherever it comes in, for the canvas may be its next place."""
        self.over(event)
        if dragged_variant(event.mimeData()):
            event.accept()

    def over(self, event: QDragMoveEvent) -> None:
        """Show what a drop here would do; refuse what would do nothing."""
        data, place = event.mimeData(), event.position().toPoint()
        if dragged_variant(data):
            self._show_half(event, self._half_at(place))
            return
        if (half := self._chip_at(data, place)) is not None:
            self._frame.show_over(half.rect, COMPARED[half.side], is_refused=False)
            event.acceptProposedAction()
            return
        paths = local_paths(data)
        if not paths and not data.hasImage() and not web_address(data):
            event.ignore()
            return
        text, is_readable = drop_text(paths) if paths else ("Open 1 photo", True)
        self._frame.show_over(self._in_window(self._stack), text, is_refused=not is_readable)
        event.acceptProposedAction()

    def _show_half(self, event: QDragMoveEvent, half: _Half | None) -> None:
        if half is None:
            self._frame.hide()
            event.ignore()
            return
        self._frame.show_over(half.rect, SHOWN[half.side], is_refused=False)
        event.acceptProposedAction()

    def left(self) -> None:
        """Say nothing any more: the mouse has gone elsewhere."""
        self._frame.hide()

    def dropped(self, event: QDropEvent) -> None:
        """Do it."""
        self._frame.hide()
        data, place = event.mimeData(), event.position().toPoint()
        event.acceptProposedAction()
        if variant_id := dragged_variant(data):
            if (half := self._half_at(place)) is not None:
                self._do.put_on_side(half.side, variant_id)
        elif (half := self._chip_at(data, place)) is not None:
            self._do.put_file_on_side(half.side, local_paths(data)[0])
        else:
            self._open(data, local_paths(data))

    def _open(self, data: QMimeData, paths: tuple[Path, ...]) -> None:
        if paths:
            self._do.open_paths(paths)
        elif address := web_address(data):
            self._do.open_web(address)
        elif data.hasImage():
            self._do.open_pasted(picture_writer(data))

    def _half_at(self, place: QPoint) -> _Half | None:
        """Return the half of the canvas under a place of the window: the sides as they are seen, else its halves."""
        on_canvas = self._canvas.mapFrom(self._window, place)
        if not self._canvas.isVisible() or not self._canvas.rect().contains(on_canvas):
            return None
        found = next((each for each in self._halves() if each.rect.contains(on_canvas)), None)
        if found is None:
            return None  # between two panes
        return _Half(found.side, found.rect.translated(self._canvas.mapTo(self._window, QPoint(0, 0))))

    def _halves(self) -> tuple[_Half, ...]:
        """Return both halves in canvas pixels, together they cover it; or the panes where several are seen at once."""
        whole, stage = self._canvas.rect(), self._canvas.stage
        clips = {pane.shows: pane.clip for pane in stage.panes}
        if len(clips) > 2:
            return tuple(
                _Half(side, QRect(clips[side].left, clips[side].top, clips[side].width, clips[side].height))
                for side in SIDES
                if side in clips
            )
        a, b = QRect(whole), QRect(whole)
        if stage.is_turned:
            at = clips["b"].top if {"a", "b"} <= clips.keys() else whole.height() // 2
            a.setHeight(at)
            b.setTop(at)
        else:
            at = clips["b"].left if {"a", "b"} <= clips.keys() else whole.width() // 2
            a.setWidth(at)
            b.setLeft(at)
        return _Half("a", a), _Half("b", b)

    def _chip_at(self, data: QMimeData, place: QPoint) -> _Half | None:
        """Return the half whose name one picture file is held over."""
        paths = local_paths(data)
        if len(paths) != 1 or not paths[0].suffix or not looks_readable(paths[0].name):
            return None
        side = self._canvas.chips.side_at(self._canvas.mapFrom(self._window, place))
        found = next((each for each in self._halves() if each.side == side), None)
        if found is None or not self._canvas.isVisible():
            return None
        return _Half(found.side, found.rect.translated(self._canvas.mapTo(self._window, QPoint(0, 0))))

    def _in_window(self, part: QWidget) -> QRect:
        return QRect(part.mapTo(self._window, QPoint(0, 0)), part.size())
