"""The rows of the left panel: what each says, its menu and buttons, its name, and dragging it away."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QMenu, QToolButton
from support.dropping import send_drag
from support.window import CTRL, GREEN, MAY_3_S, rgb

from sharpen_desktop.core.account import usual_heard
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.core.photos import photo_changed
from sharpen_desktop.core.queue import doubt_changed, run_left, runs_queued
from sharpen_desktop.core.running import run_ended, runs_added
from sharpen_desktop.core.runs import Run
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.ui.variant_drag import VARIANT, VariantDrag
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

    desk.store.apply(photo_changed, desk.photo.id, changed)
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
    desk.store.apply(runs_queued if kind == "waiting" else runs_added, (run,))
    if kind == "left":
        desk.store.apply(run_left, "run", is_left=True)
    if kind in ("failed", "doubt"):
        desk.store.apply(run_ended, "run", "The engine did not finish.")
    if kind == "doubt":
        desk.store.apply(doubt_changed, "run", is_in_doubt=True)
    assert (row(desk, 1).line, row(desk, 1).remark) == (line, remark)
    assert line in spoken(desk, 1)
    rows(desk).viewport().grab()


def test_a_run_that_was_left_still_counts_in_the_row(photo_desk):
    """The clock goes on for a run the user no longer waits for: its answer is still to come."""
    run = photo_desk.start_run("cloud", Progress(Phase.WAITING, None, is_paid_risk=True))
    photo_desk.store.apply(run_left, run.id, is_left=True)
    assert photo_desk.inside._tick.isActive()


# The note


def test_what_is_to_be_known_of_a_result_stands_on_it(split_desk):
    desk = split_desk
    before = _mark_pixels(desk)
    change(desk, note="The result is shifted by 3 pixels.", finding="defocus, radius 3.1 px")
    index = rows(desk).model().index(1, 0)
    assert "The result is shifted by 3 pixels." in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "The result is shifted by 3 pixels." in spoken(desk, 1)
    colour = rgb(QColor(desk.inside._look.note))
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
    plain = ["Show before", "Show after", "Save as…", "Rename…", "Show recipe…", "Delete"]
    assert menu_of(desk, 1) == plain
    QApplication.activePopupWidget().close()
    change(desk, can_align=True, can_match_colour=True, made_with=Settings((("mode", "Strong"),)))
    assert menu_of(desk, 1) == [
        "Show before", "Show after", "Save as…", "Use its settings", "Rename…", "Show recipe…",
        "Align with the original", "Match the original's colour", "Delete",
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
    desk.controller.undo()
    assert desk.state.settings.text("mode") == "Refocus"


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


def test_a_result_is_deleted_and_comes_back_where_it_was(split_desk):
    desk = split_desk
    first, second = desk.photo.side_b, desk.add_result(GREEN).id
    choose(desk, 1, "Delete")
    desk.until(lambda: rows(desk).model().rowCount() == 2)
    assert "Undo brings it back" in desk.text("status_text")
    choose(desk, 1, "Delete")
    desk.until(lambda: not desk.photo.results)
    assert not desk.state.can_compare
    assert desk.canvas.stage.view == "single"
    desk.action("undo").trigger()
    assert [each.id for each in desk.photo.results] == [second]
    assert desk.photo.side_b == second
    assert desk.canvas.stage.view == "split"
    desk.action("undo").trigger()
    assert [each.id for each in desk.photo.results] == [first, second]
    desk.action("redo").trigger()
    assert [each.id for each in desk.photo.results] == [second]


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


# Buttons and keys


def hover(desk, number):
    QTest.mouseMove(
        desk.window.windowHandle(), rows(desk).viewport().mapTo(desk.window, place_of(desk, number))
    )
    desk.until(desk.find("variant_side_a").isVisible)


def test_two_buttons_of_the_row_under_the_pointer_put_it_on_a_side(split_desk):
    desk = split_desk
    second = desk.add_result(GREEN)
    hover(desk, 1)
    assert not desk.find("variant_side_a", QToolButton).isChecked()
    desk.click("variant_side_a")
    assert desk.photo.side_a == desk.photo.variants[1].id
    assert desk.find("variant_side_a", QToolButton).isChecked()
    assert desk.photo.side_b == second.id
    desk.click("variant_side_b")
    assert desk.photo.side_b == desk.photo.variants[1].id
    QTest.mouseMove(desk.window.windowHandle(), QPoint(2, 2))
    desk.until(lambda: not desk.find("variant_side_a").isVisible())


def test_the_keys_a_and_b_put_the_row_with_the_focus_on_a_side(split_desk):
    desk = split_desk
    desk.add_result(GREEN)
    rows(desk).setFocus()
    rows(desk).setCurrentIndex(rows(desk).model().index(1, 0))
    desk.key(Key.Key_A, target=rows(desk))
    assert desk.photo.side_a == desk.photo.variants[1].id
    rows(desk).setCurrentIndex(rows(desk).model().index(0, 0))
    desk.key(Key.Key_B, target=rows(desk))
    assert desk.photo.side_b == desk.photo.variants[0].id


def test_delete_takes_the_row_with_the_focus_and_spares_the_original(split_desk):
    desk = split_desk
    rows(desk).setCurrentIndex(rows(desk).model().index(0, 0))
    desk.key(Key.Key_Delete, target=rows(desk))
    assert not desk.tasks.is_going("delete")
    rows(desk).setCurrentIndex(rows(desk).model().index(1, 0))
    desk.key(Key.Key_Delete, target=rows(desk))
    desk.until(lambda: not desk.photo.results)


def test_tab_into_the_list_gives_the_first_row_its_buttons(split_desk):
    desk = split_desk
    rows(desk).setFocus(Qt.FocusReason.TabFocusReason)
    assert desk.find("variant_side_a").isVisible()


# Names


def test_a_result_is_renamed_in_place_and_called_so_everywhere(split_desk):
    desk = split_desk
    choose(desk, 1, "Rename…")
    field = desk.find("variant_name", QLineEdit)
    assert field.text() == desk.photo.variants[1].title
    assert field.selectedText() == field.text()
    QTest.keyClicks(field, "The best")
    desk.inside.variants.render_state(desk.state, time.monotonic())  # the clock's tick
    assert field.text() == "The best"
    QTest.keyClick(field, Key.Key_Return)
    desk.until(lambda: desk.photo.variants[1].label == "The best")
    assert row(desk, 1).title == "The best"
    assert desk.find("after_chip", QToolButton).text().startswith("After: The best")
    assert "The best" in [action.text() for action in desk.find("side_a_menu", QMenu).actions()]
    assert desk.photo.variants[1].title in row(desk, 1).tip
    desk.action("undo").trigger()
    assert row(desk, 1).title == desk.photo.variants[1].title


def test_escape_leaves_the_name_and_the_original_keeps_its_own(split_desk):
    desk = split_desk
    rows(desk).setFocus()
    rows(desk).setCurrentIndex(rows(desk).model().index(1, 0))
    desk.key(Key.Key_F2, target=rows(desk))
    field = desk.find("variant_name", QLineEdit)
    QTest.keyClicks(field, "Other")
    QTest.keyClick(field, Key.Key_Escape)
    assert desk.photo.variants[1].name == ""
    rows(desk).setCurrentIndex(rows(desk).model().index(0, 0))
    assert not rows(desk).model().flags(rows(desk).currentIndex()) & Qt.ItemFlag.ItemIsEditable


def test_a_name_being_typed_stays_open_when_a_result_comes(split_desk):
    desk = split_desk
    choose(desk, 1, "Rename…")
    QTest.keyClicks(desk.find("variant_name", QLineEdit), "Hal")
    desk.add_result(GREEN)
    assert desk.find("variant_name", QLineEdit).text() == "Hal"


# The recipe


def test_a_recipe_is_shown_and_copied(split_desk):
    desk = split_desk
    change(desk, made_with=Settings((("mode", "Strong"), ("strength", 0.62))), finding="motion, 9 px")
    choose(desk, 1, "Show recipe…")
    sheet = desk.dialog("recipe_sheet")
    words = [label.text() for label in sheet.findChildren(QLabel)]
    assert {"Mode", "Strong", "Strength", "62 %", "motion, 9 px", "free"} <= {*words}
    desk.click("recipe_copy")
    assert "Strength: 62 %" in QApplication.clipboard().text()
    sheet.close()


# Dragging


@pytest.fixture
def drags(monkeypatch):
    """What is dragged, in place of following a mouse."""
    begun = []

    def run(under_way):
        begun.append(under_way)

    monkeypatch.setattr(VariantDrag, "run", run)
    return begun


def drag(desk, number):
    """Drag a row far enough for a drag to begin."""
    view, place = rows(desk).viewport(), place_of(desk, number)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseMove(view, place + QPoint(60, 10))
    QTest.mouseMove(view, place + QPoint(90, 10))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place + QPoint(90, 10))


def test_a_row_is_dragged_with_its_file_once_that_is_written(split_desk, drags):
    desk = split_desk
    drag(desk, 1)
    assert drags[0].variant_id == desk.photo.variants[1].id
    assert drags[0]._data.hasFormat("text/uri-list")  # told at once, for it cannot be told later
    assert drags[0]._data.urls() == []
    desk.until(lambda: desk.photo.variants[1].handout)
    drag(desk, 1)
    assert [url.toLocalFile() for url in drags[1]._data.urls()] == [desk.photo.variants[1].handout]


def test_a_file_that_comes_while_the_row_is_under_way_goes_along(split_desk, monkeypatch):
    desk, seen = split_desk, []

    def run(under_way):
        desk.until(lambda: desk.photo.variants[1].handout)
        seen.extend(url.toLocalFile() for url in under_way._data.urls())

    monkeypatch.setattr(VariantDrag, "run", run)
    drag(desk, 1)
    assert seen == [desk.photo.variants[1].handout]


def test_a_pointer_that_rests_on_a_row_gets_its_file_ready(split_desk):
    desk = split_desk
    desk.pictures.writes.hold()
    hover(desk, 1)
    desk.until(lambda: row(desk, 1).is_handing_out)
    rows(desk).viewport().grab()
    desk.pictures.writes.let_go()
    desk.until(lambda: row(desk, 1).handout and not row(desk, 1).is_handing_out)


def test_a_run_cannot_be_dragged(photo_desk, drags):
    photo_desk.start_run()
    drag(photo_desk, 1)
    assert drags == []


def variant_data(variant_id):
    data = QMimeData()
    data.setData(VARIANT, variant_id.encode())
    return data


def drop_on_canvas(desk, data, x_part, y_part=0.5):
    canvas = desk.canvas
    place = canvas.mapTo(desk.window, QPoint(int(canvas.width() * x_part), int(canvas.height() * y_part)))
    send_drag(desk.window, data)
    send_drag(desk.window, data, QDragMoveEvent, place)
    frame = desk.inside._drops._frame
    said = frame._text if frame.isVisible() else ""
    send_drag(desk.window, data, QDropEvent, place)
    assert not frame.isVisible()
    return said


def test_a_row_dropped_on_a_half_is_shown_there(split_desk):
    desk = split_desk
    first = desk.photo.variants[1].id
    second = desk.add_result(GREEN).id
    assert drop_on_canvas(desk, variant_data(first), 0.2) == "Show before"
    assert (desk.photo.side_a, desk.photo.side_b) == (first, second)
    own = desk.photo.variants[0].id
    assert drop_on_canvas(desk, variant_data(own), 0.8) == "Show after"
    assert (desk.photo.side_a, desk.photo.side_b) == (first, own)


def test_the_halves_are_those_the_divider_makes(split_desk):
    desk = split_desk
    first = desk.photo.variants[1].id
    desk.add_result(GREEN)
    desk.canvas.set_divider(0.1)
    assert drop_on_canvas(desk, variant_data(first), 0.2) == "Show after"
    desk.canvas.set_divider(0.5)
    desk.controller.turn_view()
    assert drop_on_canvas(desk, variant_data(first), 0.8, 0.2) == "Show before"
    desk.controller.turn_view()


def test_a_row_dropped_beside_the_canvas_or_of_another_photo_does_nothing(split_desk):
    desk = split_desk
    before = desk.photo
    send_drag(desk.window, variant_data(before.variants[0].id))
    send_drag(desk.window, variant_data(before.variants[0].id), QDropEvent, QPoint(5, 5))
    drop_on_canvas(desk, variant_data("gone"), 0.2)
    assert desk.photo == before
    assert len(desk.state.photos) == 1


def test_one_picture_file_dropped_on_a_sides_name_is_compared_with(split_desk):
    desk = split_desk
    path = desk.lay_down("other.png", GREEN)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    chip = desk.find("before_chip")
    place = chip.mapTo(desk.window, chip.rect().center())
    send_drag(desk.window, data)
    send_drag(desk.window, data, QDragMoveEvent, place)
    assert desk.inside._drops._frame._text == "Compare: before"
    send_drag(desk.window, data, QDropEvent, place)
    desk.until(lambda: desk.photo.before.label == "other.png")
    assert len(desk.state.photos) == 1
    assert desk.colour_at(desk.canvas.width() // 2 - 90, desk.canvas.height() // 2) == GREEN
    assert row(desk, 2).line.startswith("0.2 MP")


def test_a_file_is_chosen_from_a_sides_menu(split_desk):
    desk = split_desk
    desk.dialogs.files = (desk.lay_down("other.png", GREEN),)
    menu = desk.find("side_b_menu", QMenu)
    next(each for each in menu.actions() if each.text() == "Choose file…").trigger()
    desk.until(lambda: desk.photo.after.label == "other.png")
    assert not desk.action("save").isEnabled()
    assert desk.action("copy").isEnabled()


def test_a_photo_without_results_is_compared_with_a_file(photo_desk):
    desk = photo_desk
    desk.dialogs.files = (desk.lay_down("other.png", GREEN),)
    desk.action("compare_file").trigger()
    desk.until(lambda: desk.state.view == "split")
    assert desk.photo.after.label == "other.png"


# Copying


def test_copy_puts_pixels_and_a_file_on_the_clipboard_in_one_entry(split_desk):
    desk = split_desk
    desk.key(Key.Key_C, CTRL)
    desk.until(lambda: desk.state.status.startswith("Copied"))
    data = QApplication.clipboard().mimeData()
    assert bytes(data.data("image/png").data()).startswith(b"png of ")
    assert [Path(url.toLocalFile()).name for url in data.urls()] == ["harbour-sharp.jpg"]
    assert bytes(data.data("x-special/gnome-copied-files").data()).startswith(b"copy\nfile:///")


def test_a_copy_pasted_back_is_a_picture_without_a_file(split_desk):
    """Its file goes with the session: what is saved beside it would be lost."""
    desk = split_desk
    desk.key(Key.Key_C, CTRL)
    desk.until(lambda: desk.state.status.startswith("Copied"))
    desk.key(Key.Key_V, CTRL)
    desk.until(lambda: len(desk.state.photos) == 2)
    assert desk.photo.is_pasted
    assert desk.photo.name == "Pasted picture"


def test_copy_in_a_field_copies_its_text(split_desk):
    field = split_desk.find("zoom_box").lineEdit()
    field.setFocus()
    field.selectAll()
    split_desk.key(Key.Key_C, CTRL, target=field)
    assert QApplication.clipboard().text() == field.text()
    assert not split_desk.pictures.saves
