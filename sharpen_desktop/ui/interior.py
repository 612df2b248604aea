"""What is in the window: its regions, what they show, and how they are connected."""

import time
from itertools import pairwise

from PySide6.QtCore import QByteArray, QObject, QPoint, QRect, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.prefs import Theme
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import defaults
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import has_unsaved
from sharpen_desktop.ui import theme
from sharpen_desktop.ui.action_states import can_stop, checked_actions, enabled_actions
from sharpen_desktop.ui.actions import Actions
from sharpen_desktop.ui.bars import CompareBar, StatusBar, TopBar
from sharpen_desktop.ui.blind_bar import BlindBar
from sharpen_desktop.ui.canvas.canvas import Canvas
from sharpen_desktop.ui.commands import Commands
from sharpen_desktop.ui.connections import connect_actions, connect_canvas, connect_panels, connect_strip
from sharpen_desktop.ui.dropping import can_paste
from sharpen_desktop.ui.empty_state import EmptyState
from sharpen_desktop.ui.filmstrip import Filmstrip
from sharpen_desktop.ui.first_sight import Margins
from sharpen_desktop.ui.focus_ring import FocusRing
from sharpen_desktop.ui.following_dialogs import FollowingDialogs
from sharpen_desktop.ui.footer import Footer
from sharpen_desktop.ui.left_rail import LeftRail
from sharpen_desktop.ui.main_window import MainWindow
from sharpen_desktop.ui.navigator import Navigator
from sharpen_desktop.ui.notice_bar import NoticeBar
from sharpen_desktop.ui.second_screen import SecondScreen
from sharpen_desktop.ui.settings_panel import SettingsPanel
from sharpen_desktop.ui.sides import FOLD_BELOW_PX, Sides, column, tab_stops
from sharpen_desktop.ui.theme import Look
from sharpen_desktop.ui.variants_panel import VariantsPanel
from sharpen_desktop.ui.window_drops import WindowDrops
from sharpen_desktop.ui.window_wishes import WindowWishes

TICK_MS = 250


class Interior(QObject):
    """Shows the state in a window and calls the controller; decides nothing."""

    def __init__(self, window: MainWindow, store: Store, controller: Controller, schema: ModelSchema) -> None:
        super().__init__(window)
        self.window = window
        self._store = store
        self._controller = controller
        self._defaults = defaults(schema)
        self._look: Look | None = None
        self.actions = Actions(window)
        self.canvas = Canvas()
        self.commands = Commands(store, controller, self.canvas)
        self.dialogs = FollowingDialogs(window, store, controller, self.commands)
        self.wishes = WindowWishes(window, self, store, controller, schema)
        self.panel = SettingsPanel(schema)
        self.footer = Footer()
        self.navigator = Navigator()
        self.variants = VariantsPanel()
        self.notices = NoticeBar()
        self.blind_bar = BlindBar()
        self.empty = EmptyState()
        self.filmstrip = Filmstrip()
        self.rail = LeftRail()
        self._top = TopBar(self.actions)
        self.compare = CompareBar(self.actions)
        self.status = StatusBar()
        self._stack = QStackedWidget()
        self._stack.setMinimumSize(320, 240)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.canvas)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._build()
        self.second = SecondScreen(window, self.canvas, controller)
        self._drops = WindowDrops(window, self._stack, self.canvas, controller)
        self.ring = FocusRing(window)
        window.furnish(self)
        self._connect()
        self.render_state(store.state)
        self._show_paste()
        self._restore()
        (self.canvas if store.state.current else self.empty).setFocus()

    # Building

    def _build(self) -> None:
        self.actions.fill(self.window.menuBar())
        self.window.setStatusBar(self.status)
        middle = column("middle", self.compare, self._stack, self.blind_bar, self.notices)
        self.sides = Sides(self.rail, self.navigator, self.variants, middle, self.panel, self.footer)
        self.window.setCentralWidget(column("central", self._top, self.sides, self.filmstrip))
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
        connect_actions(self.actions, self, self._controller)
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
        self.sides.show_sides(state.prefs, self.window.width())
        self.window.show_name(photo.name if photo else "")
        self.window.setWindowModified(has_unsaved(photo))
        self._run_clock(
            is_running=any(run.is_busy and run.photo_id == state.current_id for run in state.runs)
        )

    def _show_stack(self, shown: QWidget) -> None:
        if self._stack.currentWidget() is not shown:
            self._stack.setCurrentWidget(shown)
            shown.setFocus()

    def _render_actions(self, state: AppState) -> None:
        for name, is_enabled in enabled_actions(state, self._defaults).items():
            self.actions[name].setEnabled(is_enabled)
        for name, is_checked in checked_actions(state).items():
            self.actions[name].setChecked(is_checked)
        self._show_escape()
        self.compare.zoom_box.setEnabled(state.current is not None)

    def _show_escape(self) -> None:
        state = self._store.state
        is_shown = bool(state.brush.tool) or self.canvas.blinking.is_on or state.is_preview_wanted
        has_end = is_shown or state.blind_here is not None or self.window.isFullScreen() or can_stop(state)
        self.actions["stop"].setEnabled(has_end)

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
        self.ring.set_color(look.focus)
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
        self.actions["paste"].setEnabled(is_possible)
        self.empty.show_paste(is_possible=is_possible)

    def show_window_state(self) -> None:
        """Show whether the window fills the screen."""
        self.actions["full_screen"].setChecked(self.window.isFullScreen())
        self._show_escape()

    # The window's own events

    def end(self) -> None:
        """Close what belongs to the window: it is closed for good."""
        self.second.end()

    def may_close(self) -> bool:
        """Whether the window may close now; else the controller asks, and closes it then."""
        self.remember_place()
        if self._controller.may_close_at_once():
            self._controller.close_now()
            return True
        self._controller.close()
        return False

    def fit(self, width: int) -> None:
        """Be as wide as the window has become."""
        if width >= FOLD_BELOW_PX:
            self.sides.is_unfolded = False
        self.sides.show_sides(self._store.state.prefs, width)

    def drag_entered(self, event: QDragEnterEvent) -> None:
        """Take note of something that is dragged into the window."""
        self._drops.entered(event)

    def drag_moved(self, event: QDragMoveEvent) -> None:
        """Show what a drop here would do."""
        self._drops.over(event)

    def drag_left(self) -> None:
        """Show nothing of a drag any more."""
        self._drops.left()

    def dropped(self, event: QDropEvent) -> None:
        """Do what a drop here means."""
        self._drops.dropped(event)

    # Window place

    def _restore(self) -> None:
        prefs = self._store.state.prefs
        if prefs.splitter:
            self.sides.restore(QByteArray.fromBase64(prefs.splitter.encode()))

    def remember_place(self) -> None:
        """Put the window's place and its splitters into the preferences."""
        self._controller.change_prefs(
            geometry=bytes(self.window.saveGeometry().toBase64().data()).decode(),
            splitter=bytes(self.sides.saveState().toBase64().data()).decode(),
            second_place=self.second.place() or self._store.state.prefs.second_place,
            canvas_margins=self._margins(),
        )

    def _margins(self) -> str:
        """Return what lies round the canvas when nothing passing does; empty where the next start will differ."""
        if self.sides.is_unfolded or self.window.windowHandle() is None:
            return ""
        place = QRect(self._stack.mapTo(self.window, QPoint(0, 0)), self._stack.size())
        bars = (self.filmstrip, self.blind_bar, self.notices)
        passing = sum(each.height() for each in bars if not each.isHidden())
        window = self.window.rect()
        bottom = window.bottom() - place.bottom() - passing
        return Margins(place.left(), place.top(), window.right() - place.right(), bottom).text
