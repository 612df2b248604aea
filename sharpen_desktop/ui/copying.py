"""A picture on the clipboard: its pixels for editors and a file for file managers, in one entry."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication

GNOME = "x-special/gnome-copied-files"
"""How some file managers want to be told that a file was copied."""
OWN = "application/x-sharpen-desktop-copy"
"""Tells that the file is one of this session's, which goes with it."""


def is_own(data: QMimeData) -> bool:
    """Whether this program has put it on the clipboard: its file is not to be opened as a photo of the user's."""
    return data.hasFormat(OWN)


def put_on_clipboard(png: bytes, file: Path) -> None:
    """Offer the bytes of a PNG, and a file of the same picture.

    The bytes are handed on as they are: an image of Qt's would be encoded in the window's thread, once for each
    program that looks.
    """
    url = QUrl.fromLocalFile(str(file))
    data = QMimeData()
    data.setData("image/png", png)
    data.setUrls([url])
    data.setData(GNOME, b"copy\n" + bytes(url.toEncoded().data()))
    data.setData(OWN, b"1")
    QGuiApplication.clipboard().setMimeData(data)
