"""The window: its regions, and every connection between what is shown and what can be wished."""

import time
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.photo import Loading
from sharpen_desktop.core.prefs import Theme
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import defaults
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import has_unsaved
from sharpen_desktop.ui import help_dialogs, theme
from sharpen_desktop.ui.actions import Actions
from sharpen_desktop.ui.bars import CompareBar, StatusBar, TopBar
from sharpen_desktop.ui.canvas.canvas import Canvas
from sharpen_desktop.ui.commands import Commands
from sharpen_desktop.ui.dropping import DropFrame, can_paste, drop_text, local_paths, picture_writer
from sharpen_desktop.ui.empty_state import EmptyState
from sharpen_desktop.ui.focus_ring import FocusRing
from sharpen_desktop.ui.footer import Footer
from sharpen_desktop.ui.left_rail import LeftRail
from sharpen_desktop.ui.notice_bar import NoticeBar
from sharpen_desktop.ui.settings_panel import SettingsPanel
from sharpen_desktop.ui.theme import Look
from sharpen_desktop.ui.variants_panel import VariantsPanel

TITLE = "Sharpen Desktop"
FOLD_BELOW_PX = 1180
LEFT, RIGHT = (180, 232, 360), (300, 336, 440)
TICK_MS = 250


class MainWindow(QMainWindow):
    """Shows the state and calls the controller; decides nothing."""

    def __init__(self, store: Store, controller: Controller, schema: ModelSchema) -> None:
        super().__init__()
        self._store = store
        self._controller = controller
        self._defaults = defaults(schema)
        self._may_close = False
        self._is_left_unfolded = False
        self._is_left_folded: bool | None = None
        self._look: Look | None = None
        self._actions = Actions(self)
        self.canvas = Canvas()
        self._commands = Commands(store, controller, self.canvas)
        self.panel = SettingsPanel(schema)
        self.footer = Footer()
        self.variants = VariantsPanel()
        self.notices = NoticeBar()
        self.empty = EmptyState()
        self._rail = LeftRail()
        self._top = TopBar(self._actions)
        self._compare = CompareBar(self._actions)
        self._status = StatusBar()
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._build()
        self._drop_frame = DropFrame(self)
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
        self.setStatusBar(self._status)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        for part in (self._left_side(), self._middle(), self._right_side()):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([LEFT[1], 1440 - LEFT[1] - RIGHT[1], RIGHT[1]])
        self.setCentralWidget(_column("central", self._top, self._splitter))
        self._order_tabs()

    def _left_side(self) -> QWidget:
        self._left = QWidget()
        self._left.setObjectName("left_panel")
        self._left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self._left)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addWidget(self.variants)
        return self._left

    def _middle(self) -> QWidget:
        self._stack = QStackedWidget()
        self._stack.setMinimumSize(320, 240)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.canvas)
        return _column("middle", self._compare, self._stack, self.notices)

    def _right_side(self) -> QWidget:
        self._right = _column("right_panel", self.panel, self.footer)
        self._right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._right.setMinimumWidth(max(RIGHT[0], self.panel.needed_width(), self.footer.needed_width()))
        self._right.setMaximumWidth(RIGHT[2])
        return self._right

    def _order_tabs(self) -> None:
        regions = (self._top, self._compare, self.canvas, self._left, self.panel, self.footer, self.notices)
        stops = [stop for region in regions for stop in _tab_stops(region)]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    # Connections

    def _connect(self) -> None:
        self._connect_actions()
        self._connect_canvas()
        self._connect_panels()
        self._tick.timeout.connect(self._show_elapsed)
        QGuiApplication.clipboard().dataChanged.connect(self._show_paste)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress_again)
        self._store.subscribe(self.render_state)

    def _connect_actions(self) -> None:
        do = self._controller
        wishes = {
            "open": do.choose_files, "open_folder": do.choose_folder, "paste": self._paste,
            "sample": do.open_sample, "save": do.save, "save_as": do.save_as, "close_photo": do.close_photo,
            "quit": self.close, "undo": do.undo, "redo": do.redo, "reset_all": do.reset_settings,
            "single": self._commands.view_single, "split": self._commands.view_split, "turn": do.turn_view,
            "divider_left": self._commands.divider_left, "divider_centre": self._commands.divider_centre,
            "divider_right": self._commands.divider_right, "zoom_fit": self.canvas.fit, "zoom_100": self._commands.zoom_100,
            "zoom_200": self._commands.zoom_200, "zoom_in": self.canvas.zoom_in, "zoom_out": self.canvas.zoom_out,
            "next_photo": self._commands.next_photo, "previous_photo": self._commands.previous_photo,
            "theme_dark": self._commands.theme_dark, "theme_light": self._commands.theme_light,
            "theme_system": self._commands.theme_system, "left_panel": self._commands.toggle_left,
            "right_panel": self._commands.toggle_right, "side_panels": self._commands.toggle_sides,
            "full_screen": self._toggle_full_screen, "sharpen": do.sharpen,
            "sharpen_elsewhere": do.sharpen_elsewhere, "stop": self._escape, "keys": self._show_keys,
            "about": self._show_about, "before": self._commands.toggle_before,
        }  # fmt: skip
        for name, wish in wishes.items():
            self._actions[name].triggered.connect(wish)

    def _connect_canvas(self) -> None:
        canvas = self.canvas
        canvas.zoom_changed.connect(self._zoom_shown)
        canvas.pointed.connect(self._status.show_pixel)
        canvas.side_wanted.connect(self._controller.choose_side)
        canvas.before_wanted.connect(self._controller.show_before)
        canvas.turn_wanted.connect(self._controller.turn_view)
        canvas.view_wanted.connect(self._commands.choose_view)
        canvas.photo_step_wanted.connect(self._controller.step_photo)
        canvas.full_screen_wanted.connect(self._toggle_full_screen)
        canvas.close_wanted.connect(self._controller.close_photo)
        self._compare.view_wanted.connect(self._commands.choose_view)
        self._compare.zoom_box.zoom_wanted.connect(self._commands.zoom_to)
        self._compare.zoom_box.fit_wanted.connect(canvas.fit)

    def _connect_panels(self) -> None:
        do = self._controller
        self.panel.value_edited.connect(do.edit_setting)
        self.panel.edit_ended.connect(do.end_edit)
        self.panel.reset_wanted.connect(do.reset_setting)
        self.panel.reset_all_wanted.connect(do.reset_settings)
        self.panel.engine_wanted.connect(do.choose_engine)
        self.panel.key_given.connect(self._give_key)
        self.panel.save_format_wanted.connect(self._commands.choose_save_format)
        self.panel.save_quality_wanted.connect(self._commands.choose_save_quality)
        self.panel.groups_opened.connect(self._commands.open_groups)
        self.footer.open_wanted.connect(do.choose_files)
        self.footer.run_wanted.connect(do.sharpen)
        self.footer.stop_wanted.connect(do.stop)
        self.footer.key_wanted.connect(self._want_key)
        self.variants.side_wanted.connect(do.choose_side)
        self.variants.save_wanted.connect(do.save_as)
        self.variants.dismiss_wanted.connect(do.dismiss_run)
        self._rail.unfold_wanted.connect(self._unfold_left)
        self.notices.dismissed.connect(do.dismiss_notice)
        self.notices.retry_wanted.connect(do.retry)
        self.empty.open_wanted.connect(do.choose_files)
        self.empty.paste_wanted.connect(self._paste)
        self.empty.sample_wanted.connect(do.open_sample)

    # Showing

    def render_state(self, state: AppState) -> None:
        """Show a state."""
        self._dress(state.prefs.theme)
        photo = state.current
        self._show_stack(self.canvas if photo else self.empty)
        self.canvas.render_state(state)
        self.panel.render_state(state)
        self.footer.render_state(state)
        self.variants.render_state(state, time.monotonic())
        self.notices.render_state(state)
        self._top.render_state(state)
        self._compare.render_state(state)
        self._status.render_state(state)
        self._render_actions(state)
        self._fold(state)
        self.setWindowTitle(f"{photo.name}[*] — {TITLE}" if photo else f"{TITLE}[*]")
        self.setWindowModified(has_unsaved(photo))
        self._run_clock(is_running=state.going is not None)

    def _show_stack(self, shown: QWidget) -> None:
        if self._stack.currentWidget() is not shown:
            self._stack.setCurrentWidget(shown)
            shown.setFocus()

    def _render_actions(self, state: AppState) -> None:
        photo, history = state.current, state.history
        shown = photo.shown if photo else None
        is_shown = shown is not None and not shown.is_original and shown.master is not None
        enabled = {
            "reset_all": state.settings != self._defaults,
            "stop": self._can_stop(state),
            "undo": bool(history.past), "redo": bool(history.future),
            "save": is_shown and not state.saving, "save_as": is_shown and not state.saving,
            "close_photo": photo is not None, "single": photo is not None, "split": state.can_compare,
            "turn": state.can_compare, "divider_left": state.can_compare,
            "divider_centre": state.can_compare, "divider_right": state.can_compare,
            "before": state.can_compare, "sharpen": photo is not None and state.going is None,
            "sharpen_elsewhere": photo is not None and state.going is None,
            "next_photo": len(state.photos) > 1, "previous_photo": len(state.photos) > 1,
            **dict.fromkeys(
                ("zoom_fit", "zoom_100", "zoom_200", "zoom_in", "zoom_out"), photo is not None
            ),
        }  # fmt: skip
        for name, is_enabled in enabled.items():
            self._actions[name].setEnabled(is_enabled)
        self._compare.zoom_box.setEnabled(photo is not None)
        for choice in ("dark", "light", "system"):
            self._actions[f"theme_{choice}"].setChecked(state.prefs.theme == choice)
        self._actions["left_panel"].setChecked(state.prefs.is_left_open)
        self._actions["right_panel"].setChecked(state.prefs.is_right_open)
        self._actions["side_panels"].setChecked(not (state.prefs.is_left_open or state.prefs.is_right_open))
        self._actions["before"].setChecked(state.is_before_shown)

    def _can_stop(self, state: AppState) -> bool:
        is_reading = state.current is not None and state.current.loading is Loading.READING
        return state.going is not None or is_reading or self.isFullScreen()

    def _dress(self, chosen: Theme) -> None:
        look = theme.look_for(chosen)
        app = QApplication.instance()
        if look is self._look or not isinstance(app, QApplication):
            return
        self._look = look
        theme.apply(app, look)
        self.canvas.set_look(look.canvas, look.outline, look.focus)
        for part in (self.panel, self.variants, self.notices, self.empty, self._rail):
            part.set_look(look)
        self._ring.set_color(look.focus)

    def _dress_again(self) -> None:
        self._dress(self._store.state.prefs.theme)

    def _fold(self, state: AppState) -> None:
        is_narrow = self.width() < FOLD_BELOW_PX
        if not state.prefs.is_left_open:
            self._is_left_unfolded = False  # shown again, it is a rail again
        is_folded = is_narrow and not self._is_left_unfolded
        self._left.setVisible(state.prefs.is_left_open)
        self._right.setVisible(state.prefs.is_right_open)
        if is_folded == self._is_left_folded:
            return
        self._is_left_folded = is_folded
        self._rail.setVisible(is_folded)
        self.variants.setVisible(not is_folded)
        self._left.setMinimumWidth(LeftRail.WIDTH if is_folded else LEFT[0])
        self._left.setMaximumWidth(LeftRail.WIDTH if is_folded else LEFT[2])
        unfolded = LEFT[0] if is_narrow else LEFT[1]
        left, right = LeftRail.WIDTH if is_folded else unfolded, max(self._right.width(), RIGHT[1])
        self._splitter.setSizes([left, max(1, self.width() - left - right - 2), right])

    def _run_clock(self, *, is_running: bool) -> None:
        if is_running and not self._tick.isActive():
            self._tick.start()
        elif not is_running:
            self._tick.stop()

    def _show_elapsed(self) -> None:
        self.variants.render_state(self._store.state, time.monotonic())

    def _zoom_shown(self, zoom: float) -> None:
        if self._store.state.current is None:
            self._compare.zoom_box.show_nothing()
            return
        self._compare.zoom_box.show_zoom(zoom)
        self._status.show_zoom(zoom)

    def _show_paste(self) -> None:
        is_possible = can_paste(QGuiApplication.clipboard().mimeData())
        self._actions["paste"].setEnabled(is_possible)
        self.empty.show_paste(is_possible=is_possible)

    # Wishes

    def _unfold_left(self) -> None:
        self._is_left_unfolded = True
        self._fold(self._store.state)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._actions["full_screen"].setChecked(self.isFullScreen())

    def _escape(self) -> None:
        if self.isFullScreen():
            self._toggle_full_screen()
        else:
            self._controller.stop()

    def _give_key(self, text: str) -> None:
        self._controller.give_key(text)
        if self._store.state.has_key:
            self.canvas.setFocus()

    def _want_key(self) -> None:
        self._controller.choose_engine("cloud")
        self.panel.key_card.focus_field()

    def _show_keys(self) -> None:
        help_dialogs.show_keys(self)

    def _show_about(self) -> None:
        help_dialogs.show_about(self)

    def _paste(self) -> None:
        data = QGuiApplication.clipboard().mimeData()
        if data is None or not can_paste(data):
            return
        if paths := local_paths(data):
            self._controller.open_paths(paths)
        else:
            self._controller.open_pasted(picture_writer(data))

    # Window place

    def _restore(self) -> None:
        prefs = self._store.state.prefs
        if prefs.geometry:
            self.restoreGeometry(QByteArray.fromBase64(prefs.geometry.encode()))
        if prefs.splitter:
            self._splitter.restoreState(QByteArray.fromBase64(prefs.splitter.encode()))

    def remember_place(self) -> None:
        """Put the window's place and its splitters into the preferences."""
        self._controller.change_prefs(
            geometry=bytes(self.saveGeometry().toBase64().data()).decode(),
            splitter=bytes(self._splitter.saveState().toBase64().data()).decode(),
        )

    def close_for_good(self) -> None:
        """Close without asking again."""
        self._may_close = True
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
            self._is_left_unfolded = False
        self._fold(self._store.state)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self._actions["full_screen"].setChecked(self.isFullScreen())
            self._actions["stop"].setEnabled(self._can_stop(self._store.state))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = local_paths(event.mimeData())
        if not paths and not event.mimeData().hasImage():
            event.ignore()
            return
        text, is_readable = drop_text(paths) if paths else ("Open 1 photo", True)
        self._drop_frame.show_over(self._stack_rect(), text, is_refused=not is_readable)
        event.acceptProposedAction()

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_frame.hide()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_frame.hide()
        data = event.mimeData()
        paths: tuple[Path, ...] = local_paths(data)
        if paths:
            self._controller.open_paths(paths)
        elif data.hasImage():
            self._controller.open_pasted(picture_writer(data))
        event.acceptProposedAction()

    def _stack_rect(self) -> QRect:
        return QRect(self._stack.mapTo(self, QPoint(0, 0)), self._stack.size())


def _column(name: str, *parts: QWidget) -> QWidget:
    holder = QWidget()
    holder.setObjectName(name)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in parts:
        column.addWidget(part, 1 if isinstance(part, QSplitter | QStackedWidget | SettingsPanel) else 0)
    return holder


def _tab_stops(region: QWidget) -> list[QWidget]:
    """Return what of a region takes the focus by Tab, in the order it was made."""
    return [
        each
        for each in (region, *region.findChildren(QWidget))
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
        and each.window() is region.window()  # not the lists and menus that pop up
    ]
