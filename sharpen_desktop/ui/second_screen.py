"""Opens, feeds and closes the second window, which follows the main one unless it is pinned."""

from PySide6.QtCore import QObject, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.core.mixing import is_settled
from sharpen_desktop.core.second import SecondView as Second
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.view_transform import ViewTransform
from sharpen_desktop.ui import theme
from sharpen_desktop.ui.canvas.canvas import Canvas
from sharpen_desktop.ui.canvas.layer import Look
from sharpen_desktop.ui.canvas.second_view import SecondView
from sharpen_desktop.ui.canvas.shown import after_under, blend_of, cover_of, display_of
from sharpen_desktop.ui.second_window import LEAST, SecondWindow

USUAL = (960, 640)
PART_OF_SCREEN = 0.8
BLIND = "Nothing is shown here while a blind test goes on."
NO_PHOTO = "There is no photo to show."


class SecondScreen(QObject):
    """Keeper of the second window. It shares the main canvas' mapped pixels."""

    def __init__(self, window: QWidget, canvas: Canvas, controller: Controller) -> None:
        super().__init__(window)
        self._main, self._canvas, self._do = window, canvas, controller
        self._window: SecondWindow | None = None
        self._is_pinned = False
        canvas.seen_changed.connect(self._follow)

    def render_state(self, state: AppState) -> None:
        """Show what the state says, or close the window."""
        second = state.second
        if second is None:
            self.end()
            return
        if self._window is None:
            self._open(state)
        if self._window is not None:
            self._feed(self._window, state, second)

    def end(self) -> None:
        """Close the window; its pixels stay with the canvas that shows them too."""
        window, self._window = self._window, None
        if window is not None:
            window.wished.disconnect()
            window.close()
            window.deleteLater()
            self._canvas.images.keep_only(set(), "second")

    def place(self) -> str:
        """Return where the window stands, empty while it is closed."""
        if self._window is None:
            return ""
        rect = self._window.normalGeometry()
        return f"{rect.x()} {rect.y()} {rect.width()} {rect.height()}"

    def _open(self, state: AppState) -> None:
        self._window = window = SecondWindow(SecondView(self._canvas.images))
        window.wished.connect(self._wished)
        window.view.moved.connect(self._moved)
        window.setGeometry(remembered_place(state.prefs.second_place) or self._usual_place())
        window.setWindowIcon(self._main.windowIcon())
        window.show()

    def _wished(self, second: Second | None) -> None:
        if second is None:
            self._do.change_prefs(second_place=self.place())
        self._do.change_second(second)

    def _feed(self, window: SecondWindow, state: AppState, second: Second) -> None:
        photo, prefs = state.current, state.prefs
        look = theme.look_for(prefs.theme)
        canvas = Look(theme.canvas_color(prefs.theme, prefs.background), look.outline)
        window.view.set_look(canvas, look.focus)
        window.ring.set_color(look.focus)
        window.render_state(state, second)
        variant = second.variant(photo) if photo else None
        is_after = photo is not None and second.side(photo) == "b"
        cover = cover_of(state) if is_after else None
        display = (after_under(cover, photo) or display_of(variant)) if is_after else display_of(variant)
        blend = blend_of(photo, variant) if photo and variant and not is_settled(photo, variant) else None
        if state.is_blind:
            display, cover, blend = None, None, None
        needed = (display, cover.display if cover else None, blend.base if blend else None)
        self._canvas.images.keep_only({each for each in needed if each is not None}, "second")
        window.view.show_picture(display, cover, blend, BLIND if state.is_blind else NO_PHOTO)
        is_released, self._is_pinned = self._is_pinned and not second.is_pinned, second.is_pinned
        if not second.is_pinned or is_released:
            self._follow()

    def _follow(self) -> None:
        if self._window is not None and not self._is_pinned:
            self._show_place(self._canvas.transform)

    def _moved(self, transform: ViewTransform) -> None:
        """Move this window alone while it is pinned, else the main one, which is followed."""
        if self._is_pinned:
            self._show_place(transform)
        elif transform.is_fit:
            self._canvas.fit()
        else:
            self._canvas.show_place(transform)

    def _show_place(self, transform: ViewTransform) -> None:
        if self._window is not None:
            self._window.view.show_place(transform, self._canvas.stage.picture)

    def _usual_place(self) -> QRect:
        """Return a place on another screen, beside the main window's middle when there is only one."""
        here = self._main.screen()
        others = [each for each in QGuiApplication.screens() if each is not here]
        room = (others[0] if others else here).availableGeometry()
        size = room.size() * PART_OF_SCREEN if others else room.size().boundedTo(QSize(*USUAL))
        place = QRect(room.topLeft(), size)
        place.moveCenter(room.center())
        return place


def remembered_place(text: str) -> QRect | None:
    """Return a place as ``SecondScreen.place`` has told it, if its middle still lies on a screen."""
    try:
        rect = QRect(*map(int, text.split()))
    except (TypeError, ValueError, OverflowError):
        return None
    is_there = any(each.availableGeometry().contains(rect.center()) for each in QGuiApplication.screens())
    return rect if is_there and rect.width() >= LEAST[0] and rect.height() >= LEAST[1] else None
