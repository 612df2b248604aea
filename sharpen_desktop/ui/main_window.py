"""The window: its regions, what they show, and what only a window can do."""

import time
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget
from typing_extensions import override

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.prefs import Theme
from sharpen_desktop.core.recipe import recipe
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import defaults
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import has_unsaved
from sharpen_desktop.ui import help_dialogs, theme
from sharpen_desktop.ui.action_states import can_stop, checked_actions, enabled_actions
from sharpen_desktop.ui.actions import Actions
from sharpen_desktop.ui.bars import CompareBar, StatusBar, TopBar
from sharpen_desktop.ui.blind_bar import BlindBar
from sharpen_desktop.ui.canvas.canvas import Canvas
from sharpen_desktop.ui.commands import Commands
from sharpen_desktop.ui.connections import connect_actions, connect_canvas, connect_panels, connect_strip
from sharpen_desktop.ui.copying import is_own
from sharpen_desktop.ui.dropping import can_paste, local_paths, picture_writer
from sharpen_desktop.ui.empty_state import EmptyState
from sharpen_desktop.ui.filmstrip import Filmstrip
from sharpen_desktop.ui.focus_ring import FocusRing
from sharpen_desktop.ui.following_dialogs import FollowingDialogs
from sharpen_desktop.ui.footer import Footer
from sharpen_desktop.ui.key_list import show_keys
from sharpen_desktop.ui.left_rail import LeftRail
from sharpen_desktop.ui.navigator import Navigator
from sharpen_desktop.ui.notice_bar import NoticeBar
from sharpen_desktop.ui.one_instance import bring_to_front
from sharpen_desktop.ui.recipe_sheet import RecipeSheet
from sharpen_desktop.ui.second_screen import SecondScreen
from sharpen_desktop.ui.settings_panel import SettingsPanel
from sharpen_desktop.ui.sides import FOLD_BELOW_PX, Sides, column, tab_stops
from sharpen_desktop.ui.theme import Look
from sharpen_desktop.ui.variants_panel import VariantsPanel
from sharpen_desktop.ui.window_drops import WindowDrops

TITLE = "Sharpen Desktop"
TICK_MS = 250
ACCOUNT_PAGE = "https://aimlapi.com/app/billing"
"""Where the service's users see and raise their balance, as its documentation says."""


class MainWindow(QMainWindow):
    """Shows the state and calls the controller; decides nothing."""

    def __init__(self, store: Store, controller: Controller, schema: ModelSchema) -> None:
        super().__init__()
        self._store = store
        self._controller = controller
        self._schema = schema
        self._defaults = defaults(schema)
        self._may_close = False
        self._look: Look | None = None
        self._actions = Actions(self)
        self.canvas = Canvas()
        self.commands = Commands(store, controller, self.canvas)
        self.dialogs = FollowingDialogs(self, store, controller, self.commands)
        self.panel = SettingsPanel(schema)
        self.footer = Footer()
        self.navigator = Navigator()
        self.variants = VariantsPanel()
        self.notices = NoticeBar()
        self.blind_bar = BlindBar()
        self.empty = EmptyState()
        self.filmstrip = Filmstrip()
        self.rail = LeftRail()
        self._top = TopBar(self._actions)
        self.compare = CompareBar(self._actions)
        self.status = StatusBar()
        self._stack = QStackedWidget()
        self._stack.setMinimumSize(320, 240)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.canvas)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._build()
        self.second = SecondScreen(self, self.canvas, controller)
        self._drops = WindowDrops(self, self._stack, self.canvas, controller)
        self._ring = FocusRing(self)
        self._connect()
        self.render_state(store.state)
        self._show_paste()
        self._restore()
        self.empty.setFocus()

    # Building

    def _build(self) -> None:
        self.setObjectName("main_window")
        self.setMinimumSize(960, 620)
        self.resize(1440, 900)
        self.setAcceptDrops(True)
        self._actions.fill(self.menuBar())
        self.setStatusBar(self.status)
        middle = column("middle", self.compare, self._stack, self.blind_bar, self.notices)
        self.sides = Sides(self.rail, self.navigator, self.variants, middle, self.panel, self.footer)
        self.setCentralWidget(column("central", self._top, self.sides, self.filmstrip))
        self._order_tabs()

    def _order_tabs(self) -> None:
        regions = (
            self._top, self.compare, self.canvas, self.sides.left, self.panel, self.footer, self.filmstrip,
            self.blind_bar, self.notices,
        )  # fmt: skip
        stops = [stop for region in regions for stop in tab_stops(region)]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    # Connections

    def _connect(self) -> None:
        connect_actions(self._actions, self, self._controller)
        connect_canvas(self, self._controller)
        connect_panels(self, self._controller)
        connect_strip(self, self._controller)
        self._tick.timeout.connect(self._show_elapsed)
        QGuiApplication.clipboard().dataChanged.connect(self._show_paste)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress_again)
        self._store.subscribe(self.render_state)

    # Showing

    def render_state(self, state: AppState) -> None:
        """Show a state."""
        self._dress(state.prefs.theme)
        self.canvas.set_background(theme.canvas_color(state.prefs.theme, state.prefs.background))
        photo = state.current
        self._show_stack(self.canvas if photo else self.empty)
        self.canvas.render_state(state)
        self.panel.render_state(state)
        self.footer.render_state(state)
        self.navigator.render_state(state)
        self.variants.render_state(state, time.monotonic())
        self.filmstrip.render_state(state)
        self.blind_bar.render_state(state)
        self.notices.render_state(state)
        self.dialogs.render_state(state)
        self.second.render_state(state)
        self._top.render_state(state)
        self.compare.render_state(state)
        self.status.render_state(state)
        self._render_actions(state)
        self.sides.show_sides(state.prefs, self.width())
        self.setWindowTitle(f"{photo.name}[*] — {TITLE}" if photo else f"{TITLE}[*]")
        self.setWindowModified(has_unsaved(photo))
        self._run_clock(
            is_running=any(run.is_busy and run.photo_id == state.current_id for run in state.runs)
        )

    def _show_stack(self, shown: QWidget) -> None:
        if self._stack.currentWidget() is not shown:
            self._stack.setCurrentWidget(shown)
            shown.setFocus()

    def _render_actions(self, state: AppState) -> None:
        for name, is_enabled in enabled_actions(state, self._defaults).items():
            self._actions[name].setEnabled(is_enabled)
        for name, is_checked in checked_actions(state).items():
            self._actions[name].setChecked(is_checked)
        self._show_escape()
        self.compare.zoom_box.setEnabled(state.current is not None)

    def _show_escape(self) -> None:
        state = self._store.state
        is_shown = bool(state.brush.tool) or self.canvas.blinking.is_on or state.is_preview_wanted
        has_end = is_shown or state.blind_here is not None or self.isFullScreen() or can_stop(state)
        self._actions["stop"].setEnabled(has_end)

    def _dress(self, chosen: Theme) -> None:
        look = theme.look_for(chosen)
        app = QApplication.instance()
        if look is self._look or not isinstance(app, QApplication):
            return
        self._look = look
        theme.apply(app, look)
        self.canvas.set_look(look.outline, look.focus)
        self.navigator.set_focus_color(look.focus)
        for part in (
            self.panel, self.footer, self.variants, self.filmstrip, self.notices, self.empty, self.rail,
        ):  # fmt: skip
            part.set_look(look)
        self._ring.set_color(look.focus)
        self.sides.keep_room()

    def _dress_again(self) -> None:
        self._dress(self._store.state.prefs.theme)

    def _run_clock(self, *, is_running: bool) -> None:
        if is_running and not self._tick.isActive():
            self._tick.start()
        elif not is_running:
            self._tick.stop()

    def _show_elapsed(self) -> None:
        self.variants.render_state(self._store.state, time.monotonic())

    def show_zoom(self, zoom: float) -> None:
        """Show the canvas' zoom in the bars."""
        if self._store.state.current is None:
            self.compare.zoom_box.show_nothing()
            return
        self.compare.zoom_box.show_zoom(zoom)
        self.status.show_zoom(zoom)

    def _show_paste(self) -> None:
        is_possible = can_paste(QGuiApplication.clipboard().mimeData())
        self._actions["paste"].setEnabled(is_possible)
        self.empty.show_paste(is_possible=is_possible)

    # Wishes

    def unfold_left(self) -> None:
        """Bring the left panel back in a narrow window."""
        self.sides.is_unfolded = True
        self.sides.show_sides(self._store.state.prefs, self.width())

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._actions["full_screen"].setChecked(self.isFullScreen())

    def escape(self) -> None:
        """End one thing: a blind test, the brush, blinking, full screen, previews, what goes on; in this order."""
        if self._store.state.blind_here is not None:
            self._controller.end_blind()
        elif self._store.state.brush.tool:
            self._controller.choose_tool("")
        elif self.canvas.blinking.is_on:
            self.canvas.blinking.stop()
        elif self.isFullScreen():
            self.toggle_full_screen()
        elif self._store.state.is_preview_wanted:
            self._controller.set_previews(False)
        else:
            self._controller.stop()

    def give_key(self, text: str, place: KeyPlace) -> None:
        """Use a key and keep it there; the canvas gets the keyboard back."""
        self.commands.give_key(text, place)
        if self._store.state.has_key:
            self.canvas.setFocus()

    def want_key(self) -> None:
        """Open the card that asks for a key."""
        self._controller.choose_engine("cloud")
        self.panel.key_card.focus_field()

    def answer_notice(self, notice_id: str, wish: str) -> None:
        """Do what a notice's button says."""
        if wish == "preferences":
            self.dialogs.show_preferences()
        elif wish == "top_up":
            QDesktopServices.openUrl(QUrl(ACCOUNT_PAGE))
        else:
            self._controller.act(notice_id, wish)

    def open_given(self, files: tuple[Path, ...]) -> None:
        """Open what a later start of the program was given, and come to the front."""
        if files:
            self._controller.open_paths(files)
        bring_to_front(self)

    def show_keys(self) -> None:
        """Open the list of keys."""
        show_keys(self)

    def show_recipe(self, variant_id: str) -> None:
        """Open how a variant of the current photo was made."""
        photo = self._store.state.current
        variant = photo.variant(variant_id) if photo else None
        if photo is not None and variant is not None:
            sheet = RecipeSheet(self, variant.label, recipe(photo, variant, self._schema))
            sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            sheet.open()

    def show_about(self) -> None:
        """Open what the program is."""
        help_dialogs.show_about(self)

    def paste(self) -> None:
        """Open what is on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        if data is None or not can_paste(data):
            return
        if (paths := local_paths(data)) and not is_own(data):
            self._controller.open_paths(paths)
        else:
            self._controller.open_pasted(picture_writer(data))

    # Window place

    def _restore(self) -> None:
        prefs = self._store.state.prefs
        if prefs.geometry:
            self.restoreGeometry(QByteArray.fromBase64(prefs.geometry.encode()))
        if prefs.splitter:
            self.sides.restoreState(QByteArray.fromBase64(prefs.splitter.encode()))

    def remember_place(self) -> None:
        """Put the window's place and its splitters into the preferences."""
        self._controller.change_prefs(
            geometry=bytes(self.saveGeometry().toBase64().data()).decode(),
            splitter=bytes(self.sides.saveState().toBase64().data()).decode(),
            second_place=self.second.place() or self._store.state.prefs.second_place,
        )

    def close_for_good(self) -> None:
        """Close without asking again."""
        self._may_close = True
        self.second.end()
        self.close()

    # Qt

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            return
        self.remember_place()
        if self._controller.may_close_at_once():
            event.accept()  # the system, logging off, is not kept waiting for a question that is not asked
            self._controller.close_now()
            return
        event.ignore()
        self._controller.close()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() >= FOLD_BELOW_PX:
            self.sides.is_unfolded = False
        self.sides.show_sides(self._store.state.prefs, self.width())

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self._actions["full_screen"].setChecked(self.isFullScreen())
            self._show_escape()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drops.entered(event)

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drops.over(event)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drops.left()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._drops.dropped(event)
