"""What the commands of the window do that is more than a call of the controller."""

from PySide6.QtGui import QGuiApplication

from sharpen_desktop.app.controller import Controller
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.carried_settings import settings_text
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.prefs import BACKGROUNDS
from sharpen_desktop.core.runs import Pause
from sharpen_desktop.core.sharpness import Sight
from sharpen_desktop.core.state import View
from sharpen_desktop.core.study import seen_area
from sharpen_desktop.ui.canvas.canvas import Canvas
from sharpen_desktop.ui.copying import put_on_clipboard


class Commands:
    """Slots for actions and bars; they act on the canvas or ask the controller."""

    def __init__(self, store: Store, controller: Controller, canvas: Canvas) -> None:
        self._store = store
        self._controller = controller
        self.canvas = canvas

    def choose_view(self, view: View) -> None:
        """Choose how the canvas compares, and give it the keys."""
        self._controller.choose_view(view)
        self.canvas.setFocus()

    def view_single(self) -> None:
        """Show one picture."""
        self.choose_view("single")

    def view_split(self) -> None:
        """Show before and after with a divider."""
        self.choose_view("split")

    def view_side_by_side(self) -> None:
        """Show before and after beside each other."""
        self.choose_view("side_by_side")

    def view_difference(self) -> None:
        """Show where before and after differ."""
        self.choose_view("difference")

    def view_up(self) -> None:
        """Show three or four variants at once."""
        self.choose_view("up")

    def three_up(self) -> None:
        """Show three variants at once."""
        self._controller.show_up(3)
        self.canvas.setFocus()

    def four_up(self) -> None:
        """Show four variants at once."""
        self._controller.show_up(4)
        self.canvas.setFocus()

    def begin_blind(self) -> None:
        """Compare both sides blindly; the canvas gets the keys."""
        self._controller.begin_blind()
        self.canvas.setFocus()

    def next_variant(self) -> None:
        """Show the next variant after."""
        self._controller.step_variant("b", 1)

    def previous_variant(self) -> None:
        """Show the previous variant after."""
        self._controller.step_variant("b", -1)

    def next_background(self) -> None:
        """Paint the canvas with the next of its colours."""
        place = BACKGROUNDS.index(self._store.state.prefs.background)
        self._controller.change_prefs(background=BACKGROUNDS[(place + 1) % len(BACKGROUNDS)])

    def toggle_navigator(self) -> None:
        """Show or hide the navigator."""
        self._controller.change_prefs(is_navigator_open=not self._store.state.prefs.is_navigator_open)

    def toggle_before(self) -> None:
        """Show the before picture in place, or go back."""
        self._controller.show_before(not self._store.state.shows_before)

    def divider_left(self) -> None:
        """Put the divider to the left edge."""
        self.canvas.set_divider(0.0)

    def divider_centre(self) -> None:
        """Put the divider to the centre."""
        self.canvas.set_divider(0.5)

    def divider_right(self) -> None:
        """Put the divider to the right edge."""
        self.canvas.set_divider(1.0)

    def zoom_to(self, zoom: float) -> None:
        """Zoom to a factor, and give the canvas the keys."""
        self.canvas.zoom_to(zoom)
        self.canvas.setFocus()

    def zoom_100(self) -> None:
        """Show one picture pixel a screen pixel."""
        self.canvas.zoom_to(1.0)

    def zoom_200(self) -> None:
        """Show one picture pixel on two by two."""
        self.canvas.zoom_to(2.0)

    def next_photo(self) -> None:
        """Show the next photo."""
        self._controller.step_photo(1)

    def previous_photo(self) -> None:
        """Show the previous photo."""
        self._controller.step_photo(-1)

    def theme_dark(self) -> None:
        """Use the dark look."""
        self._controller.change_prefs(theme="dark")

    def theme_light(self) -> None:
        """Use the light look."""
        self._controller.change_prefs(theme="light")

    def theme_system(self) -> None:
        """Follow the system's look."""
        self._controller.change_prefs(theme="system")

    def toggle_left(self) -> None:
        """Show or hide the left panel."""
        self._controller.change_prefs(is_left_open=not self._store.state.prefs.is_left_open)

    def toggle_right(self) -> None:
        """Show or hide the right panel."""
        self._controller.change_prefs(is_right_open=not self._store.state.prefs.is_right_open)

    def toggle_sides(self) -> None:
        """Hide both side panels, or show both."""
        prefs = self._store.state.prefs
        is_open = not (prefs.is_left_open or prefs.is_right_open)
        self._controller.change_prefs(is_left_open=is_open, is_right_open=is_open)

    def copy_shown(self) -> None:
        """Copy what is shown."""
        self._controller.copy_shown(put_on_clipboard)

    def copy_settings(self) -> None:
        """Copy the settings as text."""
        QGuiApplication.clipboard().setText(settings_text(self._store.state.settings))

    def paste_settings(self) -> None:
        """Want the settings that were copied."""
        self._controller.paste_settings(QGuiApplication.clipboard().text())

    def compare_file(self) -> None:
        """Ask for a picture from the disk: to show before a result, after a photo that has none."""
        photo = self._store.state.current
        self._controller.choose_side_file("a" if photo is not None and photo.after is not None else "b")

    def show_history(self, is_open: bool) -> None:
        """Show the history at the left, or the variants."""
        self._controller.change_prefs(is_history_open=is_open)

    def toggle_filmstrip(self) -> None:
        """Show or hide the filmstrip."""
        self._controller.change_prefs(is_filmstrip_open=not self._store.state.prefs.is_filmstrip_open)

    def toggle_queue(self) -> None:
        """Pause the queue, or let it go on."""
        if self._store.state.pause is Pause.NONE:
            self._controller.pause_queue()
        else:
            self._controller.resume_queue()

    def toggle_previews(self) -> None:
        """Sharpen what is in view while settings change, or no longer."""
        self._controller.set_previews(not self._store.state.prefs.is_preview_on)

    def look_at(self, left: float, top: float, width: float, height: float) -> None:
        """Tell what of the current photo is in view, from fractions of it: whole pixels, a little more than less."""
        photo = self._store.state.current
        whole = photo.original.display if photo and photo.original else None
        area = seen_area(whole.width, whole.height, (left, top, width, height)) if whole else None
        self._controller.look_at(area)

    def see(self, left: float, top: float, width: float, height: float) -> None:
        """Tell what of the shown picture is in view, as fractions of it, and how large it is shown."""
        self._controller.see(Sight(left, top, width, height, self.canvas.transform.zoom))

    def change_pref(self, name: str, value: object) -> None:
        """Put one preference in force."""
        self._controller.change_prefs(**{name: value})

    def agree_to_key_file(self) -> None:
        """Note that the key may be kept in a file."""
        self._controller.change_prefs(is_key_file_agreed=True)

    def give_key(self, text: str, place: KeyPlace) -> None:
        """Use a key and keep it where the user said; one that is refused is kept nowhere."""
        before = self._store.state.key_place
        self._controller.give_key(text)
        is_taken = self._store.state.key_place is KeyPlace.SESSION
        if is_taken and (place is not KeyPlace.SESSION or before in (KeyPlace.KEYRING, KeyPlace.FILE)):
            self._controller.keep_key(place)

    def choose_save_format(self, save_format: str) -> None:
        """Choose the format Save As suggests."""
        self._controller.change_prefs(save_format=save_format)

    def choose_save_quality(self, quality: int) -> None:
        """Choose the quality of JPEG and WebP."""
        self._controller.change_prefs(save_quality=quality)

    def open_groups(self, names: tuple[str, ...]) -> None:
        """Remember which closed groups of the settings are open."""
        self._controller.change_prefs(open_groups=names)
