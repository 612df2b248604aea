"""The list of cloud runs: what it says of each and what can be done with it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QTableView

from sharpen_desktop.core.account import settling_changed
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.core.running import runs_added
from sharpen_desktop.core.runs import Run
from sharpen_desktop.ui.paid_run_rows import UnderWay, next_step, steps

Key = Qt.Key
BUTTONS = ("check", "again", "show", "delete", "copy")


def opened(desk):
    desk.action("cloud_runs").trigger()
    desk.until(lambda: not desk.tasks.is_going("paid-runs"))
    return desk.dialog("cloud_runs")


def table(dialog):
    return dialog.findChild(QTableView, "runs_table")


def cells(dialog, row):
    model = table(dialog).model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def button(dialog, name):
    return dialog.findChild(QPushButton, f"run_{name}")


def usable(dialog):
    return {name for name in BUTTONS if button(dialog, name).isEnabled()}


def test_without_runs_it_says_so(desk):
    dialog = opened(desk)
    assert dialog.findChild(QLabel, "runs_nothing").isVisible()
    assert usable(dialog) == set()
    QTest.keyClick(dialog, Key.Key_Escape)
    desk.until(lambda: not dialog.isVisible())


def test_every_run_stands_there_with_date_photo_mode_state_and_cost_newest_first(photo_desk):
    desk = photo_desk
    desk.paid_run(Stage.REFUSED)
    desk.paid_run(Stage.STORED, desk.photo)
    dialog = opened(desk)
    first = cells(dialog, 0)
    assert first[0].startswith("3 May ")
    assert first[1:] == ["harbour.jpg", "Standard", "Kept in the program's store", "$0.105"]
    assert cells(dialog, 1)[1:] == ["gone.jpg", "Standard", "Not done", "not billed"]
    titles = [table(dialog).model().headerData(column, Qt.Orientation.Horizontal) for column in range(5)]
    assert titles == ["Date", "Photo", "Mode", "State", "Cost"]
    heading = dialog.findChildren(QLabel)[0].text()
    assert heading == "2 runs · results take up 2 KB"


@pytest.mark.parametrize(
    ("stage", "possible"),
    [
        (Stage.PREPARED, {"again"}),
        (Stage.SENDING, {"check"}),
        (Stage.ANSWERED, {"check"}),
        (Stage.DOWNLOADING, {"check"}),
        (Stage.STORED, {"show", "delete"}),
        (Stage.SAVED, {"show", "delete"}),
        (Stage.REFUSED, {"again"}),
        (Stage.UNKNOWN, {"check", "again"}),
        (Stage.PAID_UNREADABLE, {"delete"}),
        (Stage.EXPIRED, {"check", "delete"}),
        (Stage.LOST, set()),
        (Stage.UNTRACED, {"check", "again"}),
    ],
)
def test_only_what_makes_sense_is_offered_and_never_to_pay_again_for_what_was_charged(desk, stage, possible):
    has_answer = stage in (Stage.PAID_UNREADABLE, Stage.EXPIRED, Stage.ANSWERED, Stage.DOWNLOADING)
    desk.paid_run(stage, answer="/answers/1.json" if has_answer else "")
    assert usable(opened(desk)) == possible | {"copy"}


def test_of_a_run_that_is_going_on_or_being_asked_about_nothing_is_offered(desk):
    run = desk.paid_run(Stage.UNKNOWN)
    dialog = opened(desk)
    desk.store.apply(settling_changed, run.run_id, is_going=True)
    assert cells(dialog, 0)[3] == "Asking the service…"
    assert usable(dialog) == {"copy"}
    desk.store.apply(settling_changed, run.run_id, is_going=False)
    assert usable(dialog) == {"check", "again", "copy"}
    desk.store.apply(runs_added, (Run(run.run_id, "elsewhere", "cloud", "Cloud", desk.state.settings),))
    assert cells(dialog, 0)[3] == "Going on"
    assert usable(dialog) == {"copy"}


def test_nothing_is_offered_for_no_run():
    assert not any(steps(None, UnderWay()).values())


def test_what_was_not_billed_is_said_once(desk):
    run = desk.paid_run(
        Stage.REFUSED, problem="The service's log says that this run failed. Nothing was billed."
    )
    assert next_step(run).count("Nothing was billed.") == 1
    assert next_step(run).endswith("Send it again when you like.")


def test_the_next_step_of_the_chosen_run_is_said(desk):
    desk.paid_run(Stage.STORED)
    desk.paid_run(Stage.UNKNOWN, problem="The connection was lost.")
    dialog = opened(desk)
    told = dialog.findChild(QLabel, "runs_next")
    assert told.text() == "The connection was lost. Check again, or send it again, which may charge again."
    QTest.keyClick(table(dialog), Key.Key_Down)
    assert told.text() == "Show it, or save it."


def test_check_again_asks_the_service_and_the_row_tells_what_came_of_it(photo_desk):
    desk = photo_desk
    run = desk.paid_run(Stage.UNKNOWN, desk.photo)
    desk.service.settles[run.run_id] = [Stage.LOST]
    dialog = opened(desk)
    button(dialog, "check").click()
    desk.until(lambda: cells(dialog, 0)[3] == "Charged, and the picture never came")
    assert desk.service.settled == [run.run_id]
    assert usable(dialog) == {"copy"}


def test_delete_asks_first_and_the_row_stays_with_its_cost(desk):
    run = desk.paid_run(Stage.STORED)
    dialog = opened(desk)
    button(dialog, "delete").click()
    desk.until(lambda: desk.dialogs.open_question)
    desk.dialogs.press("keep")
    desk.until(lambda: not desk.tasks.is_going("discard"))
    assert desk.archive.discarded == []
    button(dialog, "delete").click()
    desk.until(lambda: desk.dialogs.open_question)
    desk.dialogs.press("delete")
    desk.until(lambda: cells(dialog, 0)[3] == "Its result was deleted")
    assert desk.archive.discarded == [run.run_id]
    assert cells(dialog, 0)[4] == "$0.105"
    assert usable(dialog) == {"copy"}


def test_show_shows_the_stored_result_beside_its_photo_and_closes_the_list(photo_desk):
    desk = photo_desk
    file = desk.folder / "stored.png"
    file.write_bytes(b"the result")
    desk.pictures.whole[file.name] = desk.picture((30, 40, 200))
    run = desk.paid_run(Stage.STORED, desk.photo, files=(str(file),))
    dialog = opened(desk)
    button(dialog, "show").click()
    desk.until(lambda: desk.photo.results)
    assert desk.photo.results[0].id == run.run_id
    assert not desk.window.findChildren(QDialog, "cloud_runs")
    assert desk.cloud.requests == []


def test_send_again_asks_first(photo_desk):
    desk = photo_desk
    desk.use_cloud()
    desk.promise_result(engine="cloud")
    desk.paid_run(Stage.UNKNOWN, desk.photo)
    dialog = opened(desk)
    button(dialog, "again").click()
    desk.until(lambda: desk.dialogs.open_question)
    assert "may charge again" in desk.dialogs.open_question.explanation
    assert desk.cloud.requests == []
    desk.dialogs.press("cancel")
    desk.until(lambda: not desk.controller._parts.orders.is_asking)
    assert desk.cloud.requests == []


def test_the_reference_for_support_is_copied(desk):
    desk.paid_run(Stage.LOST, reference="sd-77", request_id="inf-88")
    button(opened(desk), "copy").click()
    assert QGuiApplication.clipboard().text() == "sd-77\ninf-88"


def test_the_chosen_row_stays_chosen_when_the_list_changes(desk):
    runs = [desk.paid_run(Stage.STORED) for _ in range(3)]
    dialog = opened(desk)
    table(dialog).selectRow(2)
    desk.paid_run(Stage.REFUSED)
    desk.controller.list_paid_runs()
    desk.until(lambda: table(dialog).model().rowCount() == 4)
    assert table(dialog).currentIndex().row() == 3
    assert table(dialog).model().run_at(3).run_id == runs[0].run_id


def test_it_fits_into_the_smallest_window(desk):
    dialog = opened(desk)
    assert dialog.width() <= 960
    assert dialog.height() <= 620
