"""The photo in the window before the window is complete: in its place, to the pixel, or not at all."""

from importlib import import_module

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from support.window import patchwork

from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.ui.first_sight import FirstSight, Margins, margins_from
from sharpen_desktop.ui.main_window import MainWindow
from sharpen_desktop.window_start import MEANWHILE


def seen_first(qtbot, desk, display, *, has_strip=False):
    """Return what a window like the desk's shows of a photo first."""
    desk.inside.remember_place()
    prefs = desk.state.prefs
    window = MainWindow(prefs.geometry)
    qtbot.addWidget(window)
    window.setCentralWidget(FirstSight(display, prefs, margins_from(prefs, has_strip=has_strip)))
    window.resize(desk.window.size())
    window.show()
    return window.grab().toImage()


def in_canvas(desk, picture):
    """Return what of a picture of the window lies where the canvas is."""
    return picture.copy(QRect(desk.canvas.mapTo(desk.window, QPoint(0, 0)), desk.canvas.size()))


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [(1440, 900), (960, 620)])
def test_it_is_what_the_canvas_shows_later(qtbot, make_desk, theme, size):
    desk = make_desk(prefs=Prefs(theme=theme)).show(*size)
    desk.list_photo(patchwork(1501, 1000))
    first = seen_first(qtbot, desk, desk.photo.original.display)
    desk.canvas.settling.finish()
    assert in_canvas(desk, first) == in_canvas(desk, desk.window.grab().toImage())
    assert len(np.unique(np.frombuffer(in_canvas(desk, first).constBits(), np.uint32))) > 1000


@pytest.mark.parametrize("is_strip_open", [True, False])
def test_with_several_photos_it_leaves_room_for_the_filmstrip(qtbot, make_desk, is_strip_open):
    desk = make_desk(prefs=Prefs(is_filmstrip_open=is_strip_open)).show()
    for name in ("one.jpg", "two.jpg"):
        desk.list_photo(patchwork(1501, 1000), name)
    first = seen_first(qtbot, desk, desk.photo.original.display, has_strip=True)
    desk.canvas.settling.finish()
    assert in_canvas(desk, first) == in_canvas(desk, desk.window.grab().toImage())


def test_what_lies_round_the_canvas_is_remembered_without_what_passes(make_desk):
    desk = make_desk().show()
    desk.list_photo()
    desk.inside.remember_place()
    alone = desk.state.prefs.canvas_margins
    desk.list_photo(name="two.jpg")
    desk.controller.board.note("Something that is said over the photo.")
    assert desk.find("notice_bar").isVisible()
    desk.inside.remember_place()
    assert desk.state.prefs.canvas_margins == alone
    assert margins_from(desk.state.prefs, has_strip=False).text == alone


def test_in_a_narrow_window_with_the_left_panel_unfolded_nothing_is_remembered(make_desk):
    desk = make_desk().show(1000, 700)
    desk.inside.wishes.unfold_left()
    desk.inside.remember_place()
    assert desk.state.prefs.canvas_margins == ""


@pytest.mark.parametrize(
    "text",
    ["", "1 2 3", "1 2 3 4 5", "left top right bottom", "1 2 3 4.5", "1 2 3 99999999999", "-30000 0 0 0"],
)
def test_where_the_canvas_lies_is_not_guessed(text):
    assert margins_from(Prefs(canvas_margins=text), has_strip=False) is None


def test_all_that_is_loaded_meanwhile_is_there():
    for name in MEANWHILE:
        import_module(f"sharpen_desktop.{name}")


def test_a_window_that_is_closed_while_there_is_only_the_photo_closes_when_there_is_more(qtbot, make_desk):
    asked = []

    class Inside:
        def may_close(self):
            asked.append("may it close?")
            return True

    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    assert not window.close()
    assert window.isVisible()
    window.furnish(Inside())
    qtbot.waitUntil(lambda: not window.isVisible())
    assert asked == ["may it close?"]


def test_a_window_that_has_become_too_small_for_the_canvas_shows_none(qtbot, make_desk):
    desk = make_desk().show()
    desk.list_photo()
    window = MainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(FirstSight(desk.photo.original.display, Prefs(), Margins(600, 400, 600, 400)))
    window.resize(960, 620)
    window.show()
    picture = window.grab().toImage()
    assert {picture.pixel(x, 310) for x in range(0, 960, 7)} == {picture.pixel(0, 0)}
