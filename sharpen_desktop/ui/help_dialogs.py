"""What the program is, in a box."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

import sharpen_desktop
from sharpen_desktop.ui import resources


def show_about(window: QWidget) -> None:
    """Open what the program is."""
    box = QMessageBox(window)
    box.setObjectName("about_box")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("About Sharpen Desktop")
    box.setIconPixmap(resources.pixmap("app", "#FFFFFF", 64))
    box.setText(f"<b>Sharpen Desktop {sharpen_desktop.__version__}</b>")
    box.setInformativeText(
        "Takes the blur out of photographs.\n\n"
        "Free software under the GNU General Public License, version 3 or later. It comes without any warranty."
    )
    box.open()
