"""The labels of the two sides, which are also pickers: click for the list of variants."""

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QWidget

from sharpen_desktop.core.findings import preview_badge
from sharpen_desktop.core.photo import Photo
from sharpen_desktop.core.state import PREVIEW, AppState

MARGIN_PX = 10
FILE = "file"
"""What a side is asked to show when a file is to be chosen for it."""


class SideChips(QObject):
    """Two chips over the canvas; each in the corner of its own half, hidden when that is too narrow."""

    side_wanted = Signal(str, str)
    file_wanted = Signal(str)
    relink_wanted = Signal()

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._before = _chip(canvas, "before_chip", "Before")
        self._after = _chip(canvas, "after_chip", "After")
        self._link = _relink_button(canvas)
        self._link.clicked.connect(self.relink_wanted)
        self._size_note = _note(canvas, "size_note")
        self._badge = _note(canvas, "preview_badge")
        self._is_visible = {"a": False, "b": False}
        for side, chip in (("a", self._before), ("b", self._after)):
            menu = QMenu(chip)
            menu.setObjectName(f"side_{side}_menu")
            menu.triggered.connect(self._chosen)
            chip.setMenu(menu)

    def render_state(self, state: AppState, *, is_linked: bool) -> None:
        """Name the variants on both sides, and say it when their sizes differ."""
        photo = state.current
        self.show_link(is_linked=is_linked)
        is_paired = state.view != "single" and state.can_compare
        self._is_visible = {"a": is_paired or state.shows_before, "b": state.can_compare}
        self._size_note.setText(_size_note(photo) if is_paired and state.shown_preview is None else "")
        self._badge.setText(preview_badge(state))
        if photo is None:
            self._is_visible = {"a": False, "b": False}
            return
        before, after = photo.before, photo.after or photo.original
        self._before.setText(f"Before: {before.label}  ▾" if before else "")
        after_title = "Preview" if state.shown_preview is not None else after.label if after else ""
        self._after.setText(f"After: {after_title}  ▾" if after_title else "")
        self._tell(f"Before: {before.label}" if before else "", f"After: {after_title}", is_paired=is_paired)
        self._fill("a", photo, photo.side_a)
        self._fill("b", photo, "" if state.is_preview_wanted else photo.side_b)
        if state.engine == "local" and state.prefs.is_preview_on:
            self._entry("b", "Preview", PREVIEW, is_shown=state.is_preview_wanted)
        for side in ("a", "b"):
            self._offer_file(side)

    def _tell(self, before: str, after: str, *, is_paired: bool) -> None:
        """Tell a screen reader what the chips and the canvas show."""
        self._before.setAccessibleName(f"{before}. Choose a variant")
        self._after.setAccessibleName(f"{after}. Choose a variant")
        shown = after.removeprefix("After: ")
        self._canvas.setAccessibleDescription(f"{before}. {after}." if is_paired else f"{shown}.")

    def place(self, before: QRect, after: QRect, *, is_turned: bool) -> None:
        """Put the chips into the corners of their halves, in canvas pixels."""
        self._put(self._before, "a", before, is_right=False)
        self._put(self._after, "b", after, is_right=not is_turned)
        self._size_note.adjustSize()
        self._link.adjustSize()
        bottom = self._canvas.height() - MARGIN_PX
        self._size_note.move(MARGIN_PX, bottom - self._size_note.height())
        self._size_note.setVisible(bool(self._size_note.text()))
        self._put_badge(after)
        self._link.move((self._canvas.width() - self._link.width()) // 2, bottom - self._link.height())

    def side_at(self, place: QPoint) -> str:
        """Return the side whose chip lies under a place of the canvas, empty for none."""
        for side, chip in (("a", self._before), ("b", self._after)):
            if chip.isVisible() and chip.geometry().contains(place):
                return side
        return ""

    def show_link(self, *, is_linked: bool) -> None:
        """Show the button that relinks the sides while one of them was moved by itself."""
        self._link.setVisible(not is_linked)

    def set_faded(self, is_faded: bool) -> None:
        """Fade to 40 % while the divider is dragged."""
        for chip in (self._before, self._after):
            chip.setProperty("faded", is_faded)
            chip.style().unpolish(chip)
            chip.style().polish(chip)

    def _put(self, chip: QToolButton, side: str, half: QRect, *, is_right: bool) -> None:
        chip.adjustSize()
        fits = half.width() >= chip.width() + 2 * MARGIN_PX and half.height() >= chip.height() + 2 * MARGIN_PX
        chip.setVisible(self._is_visible[side] and fits)
        x = half.right() - chip.width() - MARGIN_PX + 1 if is_right else half.left() + MARGIN_PX
        chip.move(x, half.top() + MARGIN_PX)

    def _put_badge(self, half: QRect) -> None:
        """Say in the lower right corner of side B what there is to say about its preview."""
        self._badge.adjustSize()
        size = self._badge.size()
        fits = half.width() >= size.width() + 2 * MARGIN_PX and half.height() >= size.height() + 2 * MARGIN_PX
        self._badge.move(
            half.right() - size.width() - MARGIN_PX + 1, half.bottom() - size.height() - MARGIN_PX + 1
        )
        self._badge.setVisible(bool(self._badge.text()) and fits)

    def _fill(self, side: str, photo: Photo, shown: str) -> None:
        (self._before if side == "a" else self._after).menu().clear()
        for variant in photo.variants:
            self._entry(side, variant.label, variant.id, is_shown=variant.id == shown)

    def _entry(self, side: str, title: str, wish: str, *, is_shown: bool) -> None:
        action = (self._before if side == "a" else self._after).menu().addAction(title)
        action.setCheckable(True)
        action.setChecked(is_shown)
        action.setData((side, wish))

    def _offer_file(self, side: str) -> None:
        menu = (self._before if side == "a" else self._after).menu()
        menu.addSeparator()
        menu.addAction("Choose file…").setData((side, FILE))

    def _chosen(self, action: QAction) -> None:
        side, wish = action.data()
        if wish == FILE:
            self.file_wanted.emit(side)
        else:
            self.side_wanted.emit(side, wish)


def _size_note(photo: Photo | None) -> str:
    a, b = (photo.before, photo.after) if photo else (None, None)
    if a is None or b is None or a.display is None or b.display is None:
        return ""
    sizes = [(each.width, each.height) for each in (a.display, b.display)]
    if sizes[0] == sizes[1]:
        return ""
    return " · ".join(f"{side} {w} × {h}" for side, (w, h) in zip(("A", "B"), sizes, strict=True))


def _note(canvas: QWidget, name: str) -> QLabel:
    """Return a line over the picture that the mouse goes through."""
    note = QLabel(canvas)
    note.setObjectName(name)
    note.setProperty("overlay", True)
    note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    note.hide()
    return note


def _relink_button(canvas: QWidget) -> QToolButton:
    button = QToolButton(canvas)
    button.setObjectName("relink")
    button.setText("Sides unlinked · Relink")
    button.setProperty("overlay", True)
    button.setToolTip("One side was moved by itself (Shift+drag). Show the same place on both again.")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.hide()
    return button


def _chip(canvas: QWidget, name: str, accessible: str) -> QToolButton:
    chip = QToolButton(canvas)
    chip.setObjectName(name)
    chip.setAccessibleName(f"{accessible}: choose a variant")
    chip.setProperty("overlay", True)
    chip.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    chip.setToolTip(f"{accessible}: click to choose what is shown on this side")
    chip.setCursor(Qt.CursorShape.PointingHandCursor)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    chip.hide()
    return chip
