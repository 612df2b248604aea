"""The desk of the widget tests: the real window, closed and looked after at the end."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication


@pytest.fixture
def make_desk(qtbot, loop, tmp_path):
    """Make desks with a window of their own; each is closed at the end of the test."""
    from support.window import Desk

    desks = []
    QGuiApplication.clipboard().clear()

    def make(schema=None, **state):
        desks.append(Desk(qtbot, tmp_path, schema, **state))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close(loop)
    _leave_nothing()


@pytest.fixture(scope="session")
def shared_window(session_loop, tmp_path_factory):
    """The desk whose window serves most tests."""
    desks = []
    yield desks
    for desk in desks:
        desk.window.close_for_good()
        desk.window.deleteLater()


@pytest.fixture
def desk(qtbot, loop, tmp_path, shared_window):
    """An empty window of the usual size, shown, as new."""
    from support.window import Desk

    QGuiApplication.clipboard().clear()
    if not shared_window:
        shared_window.append(Desk(qtbot, tmp_path))
        shared_window[0].window.setProperty("shared_by_tests", True)
    desk = shared_window[0]
    desk.qtbot, desk.folder = qtbot, tmp_path
    yield desk.show()
    _leave_nothing()
    desk.renew(loop)


@pytest.fixture
def photo_desk(desk):
    """A red photo on the canvas, without a result."""
    desk.list_photo()
    return desk


@pytest.fixture
def split_desk(photo_desk):
    """Red before, blue after, a divider between them."""
    photo_desk.add_result()
    photo_desk.canvas.setFocus()
    return photo_desk


def _leave_nothing():
    # A clipboard of no system is torn down after Python, and with it what Python has put there.
    QGuiApplication.clipboard().clear()
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
