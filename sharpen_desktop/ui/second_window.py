"""The second window, for another screen: one side of the comparer, its picker and its pin."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from sharpen_desktop.core.photo import Photo
from sharpen_desktop.core.second import SecondView as Second
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.canvas.second_view import SecondView
from sharpen_desktop.ui.focus_ring import FocusRing

MARGIN_PX = 10
LEAST = (360, 260)
SIDES = {"a": "Before", "b": "After"}


class SecondWindow(QWidget):
    """Canvas, side picker and pin; nothing else. ``wished``: what it shall show, ``None`` to be closed."""

    wished = Signal(object)

    def __init__(self, view: SecondView) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("second_window")
        self.setMinimumSize(*LEAST)
        self.view = view
        self._second = Second()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(view)
        self._chip = _overlay(self, "second_side", "Click to choose what is shown here")
        self._chip.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._chip)
        menu.setObjectName("second_side_menu")
        self._chip.setMenu(menu)
        self._pin = _overlay(self, "second_pin", "")
        self._pin.setCheckable(True)
        self._pin.clicked.connect(self._toggle_pin)
        self.ring = FocusRing(self)
        menu.triggered.connect(lambda action: self._wish(replace(self._second, shows=action.data())))
        QWidget.setTabOrder(self._chip, self._pin)

    def render_state(self, state: AppState, second: Second) -> None:
        """Name what is shown and offer what could be."""
        photo, self._second = state.current, second
        self._chip.setVisible(photo is not None and not state.is_blind)
        self._pin.setText("Pinned" if second.is_pinned else "Pin")
        self._pin.setChecked(second.is_pinned)
        self._pin.setToolTip(
            "Zoom and place are this window's own. Follow the main window again (P)"
            if second.is_pinned
            else "Follows the main window. Keep this zoom and place instead (P)"
        )
        self._pin.setAccessibleName("Keep zoom and place of its own")
        self.setWindowTitle(f"{photo.name} — second window" if photo else "Second window")
        if photo is not None:
            self._name(state, photo, second)
        self._place_chips()

    def _name(self, state: AppState, photo: Photo, second: Second) -> None:
        side, variant = second.side(photo), second.variant(photo)
        label = variant.label if variant else ""
        if side == "b" and state.shown_preview is not None:
            label = "Preview"
        title = f"{SIDES[side]}: {label}" if side else label
        self._chip.setText(f"{title}  ▾")
        self._chip.setAccessibleName(f"{title}. Choose what is shown here")
        self.view.setAccessibleDescription("" if state.is_blind else f"{title}.")
        menu = self._chip.menu()
        menu.clear()
        entries = [(side, f"{name} of the main window") for side, name in SIDES.items()]
        for wish, text in (*entries, ("", ""), *((each.id, each.label) for each in photo.variants)):
            if not wish:
                menu.addSeparator()
                continue
            action = menu.addAction(text)
            action.setData(wish)
            action.setCheckable(True)
            action.setChecked(wish == (side or second.shows))

    def _wish(self, second: Second) -> None:
        self.wished.emit(second)

    def _toggle_pin(self) -> None:
        self._pin.setChecked(self._second.is_pinned)  # the wish is not the state
        self._wish(replace(self._second, is_pinned=not self._second.is_pinned))

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _place_chips(self) -> None:
        for chip in (self._chip, self._pin):
            chip.adjustSize()
            chip.raise_()
        self._chip.move(MARGIN_PX, MARGIN_PX)
        self._pin.move(self.width() - self._pin.width() - MARGIN_PX, MARGIN_PX)

    # Qt

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_chips()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_F11 if is_shifted:
                self.close()
            case Qt.Key.Key_F11 | Qt.Key.Key_F:
                self._toggle_full_screen()
            case Qt.Key.Key_Escape if self.isFullScreen():
                self._toggle_full_screen()
            case Qt.Key.Key_Escape:
                self.close()
            case Qt.Key.Key_P:
                self._toggle_pin()
            case _:
                super().keyPressEvent(event)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.wished.emit(None)


def _overlay(window: QWidget, name: str, tip: str) -> QToolButton:
    button = QToolButton(window)
    button.setObjectName(name)
    button.setProperty("overlay", True)
    button.setToolTip(tip)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
