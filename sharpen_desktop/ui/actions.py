"""Every command that has a key or a place in a menu, in one table."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

Keys = str | QKeySequence.StandardKey | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """``text`` for the menu, ``short`` for a button, ``keys`` that work in the whole window.

    ``told`` is a key that only the canvas takes, shown but not bound.
    """

    name: str
    text: str
    keys: Keys = ""
    short: str = ""
    told: str = ""
    is_choice: bool = False


COMMANDS = (
    Command("open", "Open…", QKeySequence.StandardKey.Open, "Open"),
    Command("open_folder", "Open Folder…", "Ctrl+Shift+O"),
    Command("paste", "Paste", QKeySequence.StandardKey.Paste, "Paste"),
    Command("sample", "Try a Sample"),
    Command("save", "Save", QKeySequence.StandardKey.Save, "Save"),
    Command("save_as", "Save As…", "Ctrl+Shift+S"),
    Command("close_photo", "Remove Photo from List", told="Delete"),
    Command("quit", "Quit", "Ctrl+Q"),
    Command("undo", "Undo", "Ctrl+Z", "Undo"),
    Command("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Redo"),
    Command("reset_all", "Reset All Settings", "Ctrl+Shift+R"),
    Command("preferences", "Preferences…", "Ctrl+,"),
    Command("single", "Single", told="S"),
    Command("split", "Split", told="Shift+Y"),
    Command("side_by_side", "Side by Side", told="Y"),
    Command("difference", "Difference", told="D"),
    Command("turn", "Turn", "Alt+Y", "Turn"),
    Command("swap", "Swap Sides", told="X", short="Swap"),
    Command("blink", "Blink", told="K", short="Blink"),
    Command("new_before", "Make the Shown One Before", told="M"),
    Command("previous_variant", "Previous Variant", told=","),
    Command("next_variant", "Next Variant", told="."),
    Command("loupe", "Loupe", told="Q"),
    Command("background", "Next Background", told="L"),
    Command("navigator", "Navigator", told="N", is_choice=True),
    Command("divider_left", "Divider to the Left Edge", told="1", short="⇤"),
    Command("divider_centre", "Divider to the Centre", told="2", short="↔"),
    Command("divider_right", "Divider to the Right Edge", told="3", short="⇥"),
    Command("before", "Show Before", told="\\ or P", is_choice=True),
    Command("zoom_fit", "Fit", "Ctrl+0", "Fit"),
    Command("zoom_100", "100 %", "Ctrl+1", "100 %"),
    Command("zoom_200", "200 %", "Ctrl+2", "200 %"),
    Command("zoom_in", "Zoom In", ("Ctrl++", "Ctrl+=")),
    Command("zoom_out", "Zoom Out", "Ctrl+-"),
    Command("next_photo", "Next Photo", "PgDown"),
    Command("previous_photo", "Previous Photo", "PgUp"),
    Command("theme_dark", "Dark", is_choice=True),
    Command("theme_light", "Light", is_choice=True),
    Command("theme_system", "Follow System", is_choice=True),
    Command("left_panel", "Left Panel", "F7", is_choice=True),
    Command("right_panel", "Right Panel", "F8", is_choice=True),
    Command("side_panels", "Hide Side Panels", "F9", is_choice=True),
    Command("filmstrip", "Filmstrip", "F6", is_choice=True),
    Command("full_screen", "Full Screen", "F11", is_choice=True),
    Command("sharpen", "Sharpen", ("Ctrl+Return", "Ctrl+Enter")),
    Command("sharpen_elsewhere", "Sharpen with the Other Engine", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter")),
    Command("stop", "Stop", "Esc"),
    Command("sharpen_all", "Sharpen All…", "Ctrl+Shift+A"),
    Command("run_again", "Run Again Anyway…"),
    Command("pause_queue", "Pause Queue", is_choice=True),
    Command("stop_all", "Stop All"),
    Command("what_leaves", "What Leaves This Computer…"),
    Command("cloud_runs", "Cloud Runs…"),
    Command("keys", "Keys", ("F1", "Ctrl+/")),
    Command("about", "About Sharpen Desktop"),
)
MENUS = {
    "&File": ("open", "open_folder", "paste", "sample", "", "save", "save_as", "", "close_photo", "", "quit"),
    "&Edit": ("undo", "redo", "", "reset_all", "", "preferences"),
    "&Photo": (
        "sharpen", "sharpen_elsewhere", "run_again", "stop", "",
        "sharpen_all", "pause_queue", "stop_all", "",
        "what_leaves", "cloud_runs", "",
        "previous_photo", "next_photo",
    ),
    "&View": (
        "single", "split", "side_by_side", "difference", "",
        "turn", "swap", "blink", "before", "new_before", "previous_variant", "next_variant", "",
        "divider_left", "divider_centre", "divider_right", "",
        "zoom_in", "zoom_out", "zoom_fit", "zoom_100", "zoom_200", "loupe", "background", "",
        "navigator", "filmstrip", "left_panel", "right_panel", "side_panels", "full_screen", "",
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

    def tip(self, name: str) -> str:
        """Return a tooltip: what the action does, and its key."""
        keys = key_text(self._actions[name], next(each for each in COMMANDS if each.name == name))
        text = self._actions[name].toolTip()
        return f"{text} ({keys})" if keys else text

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
        action.setToolTip(command.text.rstrip("…"))
        action.setCheckable(command.is_choice)
        if isinstance(command.keys, tuple):
            action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        elif isinstance(command.keys, QKeySequence.StandardKey):
            action.setShortcuts(command.keys)
        elif command.keys:
            action.setShortcut(QKeySequence(command.keys))
        if command.told:
            action.setText(f"{command.text}\t{command.told}")
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        window.addAction(action)
        return action


def key_text(action: QAction, command: Command) -> str:
    """Return the keys of a command as people read them."""
    most = len(command.keys) if isinstance(command.keys, tuple) else 1  # of a standard key the usual one
    bound = [keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in action.shortcuts()[:most]]
    return " · ".join(part for part in (*bound, command.told) if part)
