"""What can be wished of the window itself: full screen, one step back by Escape, its dialogs, what is pasted."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMainWindow

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.recipe import recipe
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.ui import help_dialogs
from sharpen_desktop.ui.copying import is_own
from sharpen_desktop.ui.dropping import can_paste, local_paths, picture_writer
from sharpen_desktop.ui.key_list import show_keys
from sharpen_desktop.ui.one_instance import bring_to_front
from sharpen_desktop.ui.recipe_sheet import RecipeSheet

if TYPE_CHECKING:
    from sharpen_desktop.ui.interior import Interior

ACCOUNT_PAGE = "https://aimlapi.com/app/billing"
"""Where the service's users see and raise their balance, as its documentation says."""


class WindowWishes:
    """Slots for actions, bars and cards; they act on the window or ask the controller."""

    def __init__(
        self,
        window: QMainWindow,
        inside: "Interior",
        store: Store,
        controller: Controller,
        schema: ModelSchema,
    ) -> None:
        self._window = window
        self._inside = inside
        self._store = store
        self._controller = controller
        self._schema = schema

    def quit(self) -> None:
        """Close the window, and with it the program."""
        self._window.close()

    def unfold_left(self) -> None:
        """Bring the left panel back in a narrow window."""
        self._inside.sides.is_unfolded = True
        self._inside.sides.show_sides(self._store.state.prefs, self._window.width())

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._inside.show_window_state()

    def escape(self) -> None:
        """End one thing: a blind test, the brush, blinking, full screen, previews, what goes on; in this order."""
        if self._store.state.blind_here is not None:
            self._controller.end_blind()
        elif self._store.state.brush.tool:
            self._controller.choose_tool("")
        elif self._inside.canvas.blinking.is_on:
            self._inside.canvas.blinking.stop()
        elif self._window.isFullScreen():
            self.toggle_full_screen()
        elif self._store.state.is_preview_wanted:
            self._controller.set_previews(False)
        else:
            self._controller.stop()

    def give_key(self, text: str, place: KeyPlace) -> None:
        """Use a key and keep it there; the canvas gets the keyboard back."""
        self._inside.commands.give_key(text, place)
        if self._store.state.has_key:
            self._inside.canvas.setFocus()

    def want_key(self) -> None:
        """Open the card that asks for a key."""
        self._controller.choose_engine("cloud")
        self._inside.panel.key_card.focus_field()

    def answer_notice(self, notice_id: str, wish: str) -> None:
        """Do what a notice's button says."""
        if wish == "preferences":
            self._inside.dialogs.show_preferences()
        elif wish == "top_up":
            QDesktopServices.openUrl(QUrl(ACCOUNT_PAGE))
        else:
            self._controller.act(notice_id, wish)

    def open_given(self, files: tuple[Path, ...]) -> None:
        """Open what a later start of the program was given, and come to the front."""
        if files:
            self._controller.open_paths(files)
        bring_to_front(self._window)

    def show_keys(self) -> None:
        """Open the list of keys."""
        show_keys(self._window)

    def show_recipe(self, variant_id: str) -> None:
        """Open how a variant of the current photo was made."""
        photo = self._store.state.current
        variant = photo.variant(variant_id) if photo else None
        if photo is not None and variant is not None:
            sheet = RecipeSheet(self._window, variant.label, recipe(photo, variant, self._schema))
            sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            sheet.open()

    def show_about(self) -> None:
        """Open what the program is."""
        help_dialogs.show_about(self._window)

    def paste(self) -> None:
        """Open what is on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        if data is None or not can_paste(data):
            return
        if (paths := local_paths(data)) and not is_own(data):
            self._controller.open_paths(paths)
        else:
            self._controller.open_pasted(picture_writer(data))
