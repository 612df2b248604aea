"""What a life of the window begins with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.ui.main_window import MainWindow
from sharpen_desktop.ui.one_instance import OneInstance


@dataclass(frozen=True, slots=True)
class Start:
    """``window``: nothing is in it yet, at most a first sight; ``files``: to be opened in it.

    ``problem``: what was wrong with the preferences.
    """

    app: QApplication
    one: OneInstance
    window: MainWindow
    files: Sequence[Path]
    prefs: Prefs
    problem: SharpenError | None
