"""The commands of the key table as actions: in menus, with their shortcuts and tooltips."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from sharpen_desktop.ui.key_table import BETWEEN, COMMANDS, Command

MENUS = {
    "&File": ("open", "open_folder", "paste", "sample", "", "save", "save_as", "", "compare_file", "close_photo", "", "quit"),
    "&Edit": ("undo", "redo", "", "copy", "", "copy_settings", "paste_settings", "reset_all", "", "preferences"),
    "&Photo": (
        "sharpen", "sharpen_elsewhere", "run_again", "stop", "preview", "",
        "sharpen_all", "pause_queue", "stop_all", "",
        "what_leaves", "cloud_runs", "",
        "previous_photo", "next_photo",
    ),
    "&View": (
        "single", "split", "side_by_side", "difference", "three_up", "four_up", "up", "",
        "turn", "swap", "blink", "before", "new_before", "previous_variant", "next_variant", "blind_test", "",
        "divider_left", "divider_centre", "divider_right", "",
        "zoom_in", "zoom_out", "zoom_fit", "zoom_100", "zoom_200", "loupe", "sharpness", "background", "",
        "navigator", "filmstrip", "left_panel", "right_panel", "side_panels", "full_screen", "second_window", "",
        "theme_dark", "theme_light", "theme_system",
    ),
    "&Help": ("keys", "about"),
}  # fmt: skip


class Actions(QObject):
    """The actions by name."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        for command in COMMANDS:
            self._actions[command.name] = self._made(command, window)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def tip(self, name: str, said: str = "") -> str:
        """Return a tooltip: what the action does (or ``said``), and its keys."""
        return tip(name, said or self._actions[name].toolTip())

    def fill(self, bar: QMenuBar) -> None:
        """Put the actions into the menu bar."""
        for title, names in MENUS.items():
            menu = bar.addMenu(title)
            for name in names:
                if name:
                    menu.addAction(self._actions[name])
                else:
                    menu.addSeparator()

    @staticmethod
    def _made(command: Command, window: QWidget) -> QAction:
        action = QAction(command.text, window)
        action.setObjectName(command.name)
        action.setIconText(command.short or command.text)
        action.setToolTip(command.what)
        action.setCheckable(command.is_choice)
        action.setShortcuts(_bound(command))
        if command.told and not command.bound:
            action.setText(f"{command.text}\t{command.told}")
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        window.addAction(action)
        return action


def tip(name: str, said: str) -> str:
    """Return ``said`` with the keys of a command behind it."""
    keys = key_text(_command(name))
    return f"{said} ({keys})" if keys else said


def first_key(name: str) -> str:
    """Return the usual key of a command as people read it on this system."""
    return key_text(_command(name)).partition(BETWEEN)[0]


def _command(name: str) -> Command:
    return next(each for each in COMMANDS if each.name == name)


def key_text(command: Command) -> str:
    """Return the keys of a command as people read them on this system."""
    native = QKeySequence.SequenceFormat.NativeText
    bound = [QKeySequence(keys).toString(native) for keys in command.bound]
    return BETWEEN.join(part for part in (*bound, command.told) if part)


def _bound(command: Command) -> list[QKeySequence]:
    """Return what is bound: the keys of the table first, then what else this system uses for the same."""
    own = [QKeySequence(keys) for keys in command.bound]
    if not command.standard:
        return own
    usual = QKeySequence.keyBindings(QKeySequence.StandardKey[command.standard])
    return [*own, *(each for each in usual if each not in own)]
