"""The labels of the sides, which are also pickers: click for the list of variants."""

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QWidget

from sharpen_desktop.core.findings import preview_badge
from sharpen_desktop.core.panes import Pane, Rect, Side
from sharpen_desktop.core.photo import Photo
from sharpen_desktop.core.several import sides_seen, variant_on
from sharpen_desktop.core.sides import PREVIEW
from sharpen_desktop.core.state import AppState

MARGIN_PX = 10
NAMES: dict[Side, str] = {"a": "Before", "b": "After", "c": "Third", "d": "Fourth"}
FILE = "file"
"""What a side is asked to show when a file is to be chosen for it."""


class SideChips(QObject):
    """Chips over the canvas; each in the corner of its own pane, hidden when that is too narrow.

    In a blind test two numbers stand in their place.
    """

    side_wanted = Signal(str, str)
    file_wanted = Signal(str)
    relink_wanted = Signal()

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._chips = {side: _chip(canvas, f"{name.lower()}_chip", name) for side, name in NAMES.items()}
        self._numbers: dict[Side, QLabel] = {
            "a": _note(canvas, "blind_first"),
            "b": _note(canvas, "blind_second"),
        }
        for number, label in enumerate(self._numbers.values(), start=1):
            label.setText(str(number))
            label.setProperty("number", True)
        self._link = _relink_button(canvas)
        self._link.clicked.connect(self.relink_wanted)
        self._size_note = _note(canvas, "size_note")
        self._badge = _note(canvas, "preview_badge")
        self._is_visible = dict.fromkeys(NAMES, False)
        self._are_numbered = self._is_grid = False
        self._entries: dict[Side, list[tuple[str, str, bool]]] = {}
        for side, chip in self._chips.items():
            menu = QMenu(chip)
            menu.setObjectName(f"side_{side}_menu")
            menu.triggered.connect(self._chosen)
            chip.setMenu(menu)

    def render_state(self, state: AppState, *, is_linked: bool) -> None:
        """Name the variants on both sides, and say it when their sizes differ."""
        photo = state.current
        self.show_link(is_linked=is_linked)
        is_paired, self._are_numbered = state.seen_view != "single", state.is_blind
        seen = sides_seen(state)
        self._is_grid = len(seen) > len(self._numbers)
        self._is_visible = {side: self._is_grid and side in seen and not state.shows_before for side in NAMES}
        self._is_visible |= {"a": is_paired or state.shows_before, "b": state.can_compare}
        has_note = is_paired and state.shown_preview is None and not state.is_blind
        self._size_note.setText(size_note(photo, seen) if photo and has_note else "")
        self._badge.setText(preview_badge(state))
        if photo is None or state.is_blind:
            self._is_visible = dict.fromkeys(NAMES, False)
            self._canvas.setAccessibleDescription("Pictures 1 and 2 of a blind test." if photo else "")
            return
        titles = {side: self._titled(state, photo, side) for side in seen}
        for side, title in titles.items():
            self._chips[side].setText(f"{title}  ▾")
            self._chips[side].setAccessibleName(f"{title}. Choose a variant")
        shown = titles["b"].partition(": ")[2]
        self._canvas.setAccessibleDescription(". ".join(titles.values()) + "." if is_paired else f"{shown}.")
        self._fill_menus(state, photo)

    def _titled(self, state: AppState, photo: Photo, side: Side) -> str:
        variant = variant_on(photo, side)
        name = (
            "Preview" if side == "b" and state.shown_preview else variant.label if variant else "nothing yet"
        )
        return f"{side.upper() if self._is_grid else NAMES[side]}: {name}"

    def place(self, panes: tuple[Pane, ...], *, is_turned: bool) -> None:
        """Put the chips into the corners of their panes, in canvas pixels."""
        clips = {pane.shows: _qrect(pane.clip) for pane in panes}
        both = clips.get("difference", QRect())
        is_stacked = self._is_grid or (len(panes) > 1 and is_turned)
        for side, chip in self._chips.items():
            is_right = side == "b" and not is_stacked
            self._put(chip, clips.get(side, both), is_right=is_right, is_wanted=self._is_visible[side])
        for side, number in self._numbers.items():
            is_right = side == "b" and not is_stacked and len(panes) > 1
            self._put(number, clips.get(side, both), is_right=is_right, is_wanted=self._are_numbered)
        after = clips.get("b", both)
        self._size_note.adjustSize()
        self._link.adjustSize()
        bottom = self._canvas.height() - MARGIN_PX
        self._size_note.move(MARGIN_PX, bottom - self._size_note.height())
        self._size_note.setVisible(bool(self._size_note.text()))
        self._put_badge(after)
        self._link.move((self._canvas.width() - self._link.width()) // 2, bottom - self._link.height())

    def side_at(self, place: QPoint) -> Side | None:
        """Return the side whose chip lies under a place of the canvas."""
        for side, chip in self._chips.items():
            if chip.isVisible() and chip.geometry().contains(place):
                return side
        return None

    def show_link(self, *, is_linked: bool) -> None:
        """Show the button that relinks the sides while one of them was moved by itself."""
        self._link.setVisible(not is_linked)

    @property
    def notes_px(self) -> int:
        """How much room the notes along the lower edge take, with the margins."""
        notes = [each for each in (self._size_note, self._badge, self._link) if each.isVisible()]
        return max((each.height() for each in notes), default=0) + (2 if notes else 1) * MARGIN_PX

    def set_faded(self, is_faded: bool) -> None:
        """Fade to 40 % while the divider is dragged."""
        for chip in self._chips.values():
            chip.setProperty("faded", is_faded)
            chip.style().unpolish(chip)
            chip.style().polish(chip)

    @staticmethod
    def _put(chip: QWidget, half: QRect, *, is_right: bool, is_wanted: bool) -> None:
        chip.adjustSize()
        fits = half.width() >= chip.width() + 2 * MARGIN_PX and half.height() >= chip.height() + 2 * MARGIN_PX
        chip.setVisible(is_wanted and fits)
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

    def _fill_menus(self, state: AppState, photo: Photo) -> None:
        for side, chip in self._chips.items():
            variant = variant_on(photo, side)
            is_covered = side == "b" and state.is_preview_wanted
            entries = [(each.label, each.id, each is variant and not is_covered) for each in photo.variants]
            if side == "b" and state.engine == "local" and state.prefs.is_preview_on:
                entries.append(("Preview", PREVIEW, is_covered))
            if entries == self._entries.get(side):
                continue  # making a menu takes longer than everything else here
            self._entries[side] = entries
            chip.menu().clear()
            for title, wish, is_shown in entries:
                self._entry(side, title, wish, is_shown=is_shown)
            self._offer_file(side)

    def _entry(self, side: Side, title: str, wish: str, *, is_shown: bool) -> None:
        action = self._chips[side].menu().addAction(title)
        action.setCheckable(True)
        action.setChecked(is_shown)
        action.setData((side, wish))

    def _offer_file(self, side: Side) -> None:
        menu = self._chips[side].menu()
        menu.addSeparator()
        menu.addAction("Choose file…").setData((side, FILE))

    def _chosen(self, action: QAction) -> None:
        side, wish = action.data()
        if wish == FILE:
            self.file_wanted.emit(side)
        else:
            self.side_wanted.emit(side, wish)


def size_note(photo: Photo, seen: tuple[Side, ...]) -> str:
    """Return the pictures' sizes where they differ, and that they are shown in each other's place all the same."""
    shown = {side: variant_on(photo, side) for side in seen}
    sizes = {
        side: (each.display.width, each.display.height)
        for side, each in shown.items()
        if each and each.display
    }
    if len(set(sizes.values())) < 2:
        return ""
    told = (f"{side.upper()} {width} × {height}" for side, (width, height) in sizes.items())
    return f"{' · '.join(told)} · shown at the same size"


def _qrect(rect: Rect) -> QRect:
    return QRect(rect.left, rect.top, rect.width, rect.height)


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
