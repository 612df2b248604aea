"""The rows of the left panel: what each says, its menu, and the note on a result."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QToolButton
from support.window import GREEN, MAY_3_S, rgb

from sharpen_desktop.core import state as states
from sharpen_desktop.core.account import usual_heard
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.core.queue import doubt_changed, run_left, runs_queued
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.state import Run
from sharpen_desktop.ui.variant_rows import ROW_ROLE

Key = Qt.Key


def rows(desk):
    return desk.find("variants", QListView)


def row(desk, place):
    return rows(desk).model().index(place, 0).data(ROW_ROLE)


def spoken(desk, place):
    return rows(desk).model().index(place, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def place_of(desk, number):
    return rows(desk).visualRect(rows(desk).model().index(number, 0)).center()


def change(desk, **changes):
    """Change the newest variant of the shown photo."""
    newest = desk.photo.variants[-1].id

    def changed(photo):
        return replace(
            photo, variants=tuple(replace(v, **changes) if v.id == newest else v for v in photo.variants)
        )

    desk.store.apply(states.photo_changed, desk.photo.id, changed)
    return newest


def menu_of(desk, number):
    rows(desk).customContextMenuRequested.emit(place_of(desk, number))
    menu = QApplication.activePopupWidget()
    return [action.text() for action in menu.actions() if action.text()] if menu else []


def choose(desk, number, text):
    if QApplication.activePopupWidget() is None:
        menu_of(desk, number)
    menu = QApplication.activePopupWidget()
    entry = next(action for action in menu.actions() if action.text() == text)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())


# What a row says


def test_a_stored_result_says_what_it_cost_and_when_it_was_paid(photo_desk):
    photo_desk.add_result(engine="cloud")
    change(photo_desk, cost_usd=0.105, paid_on=MAY_3_S)
    assert (row(photo_desk, 1).line, row(photo_desk, 1).remark) == ("$0.105", "paid 3 May")
    change(photo_desk, is_cost_estimated=True, saved_to="/somewhere.jpg")
    assert (row(photo_desk, 1).line, row(photo_desk, 1).remark) == ("≈ $0.105", "paid 3 May · saved")
    change(photo_desk, cost_usd=None)
    assert row(photo_desk, 1).line == "cost unknown"


def test_a_cloud_run_says_its_phase_its_time_and_how_long_it_usually_takes(photo_desk):
    photo_desk.store.apply(usual_heard, 14.0)
    photo_desk.start_run("cloud", Progress(Phase.WAITING, None, is_paid_risk=True))
    assert row(photo_desk, 1).line == "Waiting for the service"
    assert row(photo_desk, 1).remark.endswith(" s · usually 14 s")


def test_a_local_run_says_no_usual_time(photo_desk):
    photo_desk.store.apply(usual_heard, 14.0)
    photo_desk.start_run("local", Progress(Phase.SHARPENING, 0.4))
    assert row(photo_desk, 1).line == "Sharpening 40 %"
    assert "usually" not in row(photo_desk, 1).remark


@pytest.mark.parametrize(
    ("kind", "line", "remark"),
    [
        ("busy", "The service is busy", "next try in 12 s"),
        ("left", "Waiting for the service", "kept when it comes"),
        ("waiting", "Waiting in the queue", ""),
        ("failed", "Failed", "The engine did not finish."),
        ("doubt", "May have been billed", "being checked"),
    ],
)
def test_a_run_says_how_it_stands(photo_desk, kind, line, remark):
    desk = photo_desk
    progress = Progress(Phase.BUSY, again_in_s=11.4) if kind == "busy" else Progress(Phase.WAITING)
    run = Run("run", desk.photo.id, "cloud", "A run", Settings(), progress, time.monotonic())
    desk.store.apply(
        runs_queued if kind == "waiting" else states.run_started, (run,) if kind == "waiting" else run
    )
    if kind == "left":
        desk.store.apply(run_left, "run", is_left=True)
    if kind in ("failed", "doubt"):
        desk.store.apply(states.run_ended, "run", "The engine did not finish.")
    if kind == "doubt":
        desk.store.apply(doubt_changed, "run", is_in_doubt=True)
    assert (row(desk, 1).line, row(desk, 1).remark) == (line, remark)
    assert line in spoken(desk, 1)
    rows(desk).viewport().grab()


def test_a_run_that_was_left_still_counts_in_the_row(photo_desk):
    """The clock goes on for a run the user no longer waits for: its answer is still to come."""
    run = photo_desk.start_run("cloud", Progress(Phase.WAITING, None, is_paid_risk=True))
    photo_desk.store.apply(run_left, run.id, is_left=True)
    assert photo_desk.window._tick.isActive()


# The note


def test_what_is_to_be_known_of_a_result_stands_on_it(split_desk):
    desk = split_desk
    before = _mark_pixels(desk)
    change(desk, note="The result is shifted by 3 pixels.", finding="defocus, radius 3.1 px")
    index = rows(desk).model().index(1, 0)
    assert "The result is shifted by 3 pixels." in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "The result is shifted by 3 pixels." in spoken(desk, 1)
    colour = rgb(QColor(desk.window._look.note))
    assert colour not in before
    assert colour in _mark_pixels(desk)


def _mark_pixels(desk):
    shown = rows(desk).viewport().grab().toImage()
    place = rows(desk).visualRect(rows(desk).model().index(1, 0))
    corner = [(place.right() - dx, place.bottom() - dy) for dx in range(4, 24) for dy in range(4, 22)]
    return {rgb(shown.pixelColor(x, y)) for x, y in corner}


# The menu


def test_the_menu_offers_what_can_be_done_with_the_row(split_desk):
    desk = split_desk
    assert menu_of(desk, 0) == ["Show before", "Show after"]
    QApplication.activePopupWidget().close()
    assert menu_of(desk, 1) == ["Show before", "Show after", "Save as…", "Delete…"]
    QApplication.activePopupWidget().close()
    change(desk, can_align=True, can_match_colour=True, made_with=Settings((("mode", "Strong"),)))
    assert menu_of(desk, 1) == [
        "Show before", "Show after", "Save as…", "Use its settings", "Align with the original",
        "Match the original's colour", "Delete…",
    ]  # fmt: skip
    QApplication.activePopupWidget().close()


def test_a_button_on_the_row_under_the_pointer_opens_the_menu(split_desk):
    desk = split_desk
    more = desk.find("variant_more", QToolButton)
    assert not more.isVisible()
    QTest.mouseMove(desk.window.windowHandle(), rows(desk).viewport().mapTo(desk.window, place_of(desk, 1)))
    desk.until(more.isVisible)
    assert rows(desk).visualRect(rows(desk).model().index(1, 0)).contains(more.geometry())
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    assert QApplication.activePopupWidget().objectName() == "variant_menu"
    QApplication.activePopupWidget().close()
    QTest.mouseMove(desk.window.windowHandle(), QPoint(2, 2))
    desk.until(lambda: not more.isVisible())


def test_the_arrow_keys_bring_the_button_to_the_row_with_the_focus(split_desk):
    desk = split_desk
    rows(desk).setFocus()
    rows(desk).setCurrentIndex(rows(desk).model().index(0, 0))
    desk.key(Key.Key_Down)
    assert desk.find("variant_more", QToolButton).isVisible()
    desk.canvas.setFocus()
    assert not desk.find("variant_more", QToolButton).isVisible()


def test_the_button_goes_when_the_rows_change(split_desk):
    desk = split_desk
    rows(desk).setFocus()
    rows(desk).setCurrentIndex(rows(desk).model().index(0, 0))
    desk.key(Key.Key_Down)
    desk.add_result(GREEN)
    assert not desk.find("variant_more", QToolButton).isVisible()


def test_the_settings_of_a_result_are_used_again(split_desk):
    desk = split_desk
    desk.controller.edit_setting("mode", "Refocus")
    desk.controller.edit_setting("strength", 0.9)
    wanted = desk.state.settings.replaced("mode", "Strong").replaced("strength", None)
    change(desk, made_with=wanted)
    choose(desk, 1, "Use its settings")
    assert desk.state.settings == wanted
    while desk.state.history.past:
        desk.controller.undo()
    assert desk.state.settings == desk._first.settings


@pytest.mark.parametrize(
    ("entry", "claim"),
    [("Align with the original", "can_align"), ("Match the original's colour", "can_match_colour")],
)
def test_a_result_that_came_shifted_or_with_a_cast_is_mended_into_a_new_free_one(split_desk, entry, claim):
    from sharpen_desktop.core.arrival import Arrival

    desk = split_desk
    desk.pictures.arrival = Arrival(("It is off.",), (3.0, 0.0), (1.1, 1.0, 0.9))
    newest = change(desk, **{claim: True})
    choose(desk, 1, entry)
    desk.until(lambda: len(desk.pictures.mends) == 1)
    desk.until(
        lambda: not desk.tasks.is_going(f"mend-{newest}-{'align' if claim == 'can_align' else 'colour'}")
    )


def test_a_result_is_deleted_after_a_question(split_desk):
    desk = split_desk
    choose(desk, 1, "Delete…")
    desk.until(lambda: desk.dialogs.open_question)
    desk.dialogs.press("keep")
    desk.until(lambda: not desk.tasks.is_going("delete"))
    assert desk.photo.results
    choose(desk, 1, "Delete…")
    desk.until(lambda: desk.dialogs.open_question)
    desk.dialogs.press("delete")
    desk.until(lambda: not desk.photo.results)
    assert rows(desk).model().rowCount() == 1


def test_a_waiting_run_is_taken_out_of_the_queue_from_its_row(photo_desk):
    desk = photo_desk
    run = Run("run", desk.photo.id, "cloud", "A run", Settings())
    desk.store.apply(runs_queued, (run,))
    choose(desk, 1, "Take out of the queue")
    assert not desk.state.runs


def test_the_journal_of_a_photo_is_no_row(photo_desk):
    photo_desk.paid_run(Stage.STORED, photo_desk.photo)
    assert rows(photo_desk).model().rowCount() == 1


def test_a_row_that_is_shown_on_a_side_says_so(split_desk):
    split_desk.add_result(GREEN)
    assert spoken(split_desk, 0).endswith("shown before")
    assert spoken(split_desk, 2).endswith("shown after")
