"""The sheets that are awaited: before a batch, after it, and what leaves this computer."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton, QTableWidget
from support.window import MAY_3_S, RED, rgb

from sharpen_desktop.app.ports import BatchPlan
from sharpen_desktop.core.errors import Charge
from sharpen_desktop.core.picture import Outgoing
from sharpen_desktop.core.runs import Batch, Outcome
from sharpen_desktop.ui.batch_sheet import go_text, heading, lines
from sharpen_desktop.ui.dialogs import QtDialogs
from sharpen_desktop.ui.outgoing_sheet import PROMISE
from sharpen_desktop.ui.picture_view import PictureView
from sharpen_desktop.ui.results_table import summary

Key = Qt.Key
CLOUD = BatchPlan("cloud", "Cloud · Standard", ("one.jpg", "two.jpg", "three.jpg"), 0, 0.315, MAY_3_S, 4.0)
LOCAL = BatchPlan("local", "Local · Standard", ("one.jpg", "two.jpg"))


class Asker:
    """The real dialogs over the window."""

    def __init__(self, desk, loop):
        self.desk, self.loop = desk, loop
        self.dialogs = QtDialogs()
        self.retried = 0
        self.dialogs.attach(desk.window, self._retry)
        self.answer = None

    def _retry(self):
        self.retried += 1

    def open(self, name, question):
        """Ask, and return the dialog once it is there."""
        self.answer = self.loop.create_task(question)
        self.desk.until(lambda: self._shown(name))
        return self.desk.dialog(name)

    def _shown(self, name):
        from PySide6.QtWidgets import QDialog

        return [each for each in self.desk.window.findChildren(QDialog, name) if each.isVisible()]

    def result(self):
        self.desk.until(self.answer.done)
        return self.answer.result()


@pytest.fixture
def asker(desk, loop):
    return Asker(desk, loop)


def button(dialog, name):
    return dialog.findChild(QPushButton, name)


def text(dialog, name):
    return dialog.findChild(QLabel, name).text()


# Before a batch


def test_a_batch_that_costs_begins_only_at_a_press_of_its_button(asker):
    sheet = asker.open("batch_sheet", asker.dialogs.confirm_batch(CLOUD))
    assert button(sheet, "sheet_close").hasFocus()
    QTest.keyClick(sheet, Key.Key_Return)
    assert asker.result() is False
    sheet = asker.open("batch_sheet", asker.dialogs.confirm_batch(CLOUD))
    button(sheet, "batch_go").click()
    assert asker.result() is True


def test_a_free_batch_begins_at_return(asker):
    sheet = asker.open("batch_sheet", asker.dialogs.confirm_batch(LOCAL))
    assert button(sheet, "batch_go").hasFocus()
    QTest.keyClick(sheet, Key.Key_Return)
    assert asker.result() is True


def test_escape_begins_nothing(asker):
    sheet = asker.open("batch_sheet", asker.dialogs.confirm_batch(LOCAL))
    QTest.keyClick(sheet, Key.Key_Escape)
    assert asker.result() is False


def test_a_batch_names_its_photos_its_price_and_its_limit(asker):
    plan = replace(CLOUD, stored=1, large=2)
    sheet = asker.open("batch_sheet", asker.dialogs.confirm_batch(plan))
    names = sheet.findChild(QListWidget, "batch_names")
    assert [names.item(row).text() for row in range(names.count())] == list(plan.names)
    told = text(sheet, "batch_text")
    assert "≈ $0.32 in all, by the price of 3 May " in told
    assert "1 of them is already paid for: shown from the store, at no further cost." in told
    assert "2 photos are above 24 MP, where a run costs more." in told
    assert "Your limit leaves $4.00." in told
    assert "no location, no camera data, no file names" in told
    assert button(sheet, "batch_go").text() == "Sharpen 3 · ≈ $0.32"
    assert button(sheet, "batch_go").property("paid")
    sheet.close()
    assert asker.result() is False


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (replace(CLOUD, quote_usd=None), "The price is not known before the service answers."),
        (replace(CLOUD, limit_usd=0.2), "Your limit leaves $0.20: when it is reached, the rest waits."),
        (replace(CLOUD, limit_usd=-0.1), "Your limit leaves $0.00: when it is reached, the rest waits."),
        (replace(CLOUD, stored=3), "All are already paid for: shown from the store, at no further cost."),
        (replace(CLOUD, large=1), "1 photo is above 24 MP, where a run costs more."),
        (LOCAL, "Local · Standard. Free, and nothing leaves this computer."),
    ],
)
def test_what_is_said_before_a_batch_is_true_of_it(plan, said):
    assert any(said in line for line in lines(plan, MAY_3_S + 60))


def test_without_a_limit_none_is_spoken_of():
    assert not any("limit" in line for line in lines(replace(CLOUD, limit_usd=None), MAY_3_S))


@pytest.mark.parametrize(
    ("plan", "question", "go"),
    [
        (CLOUD, "Sharpen 3 photos in the cloud?", "Sharpen 3 · ≈ $0.32"),
        (replace(CLOUD, quote_usd=None), "Sharpen 3 photos in the cloud?", "Sharpen 3 · price unknown"),
        (replace(CLOUD, stored=3, quote_usd=0.0), "Sharpen 3 photos in the cloud?", "Show 3 · free"),
        (replace(LOCAL, names=("one.jpg",)), "Sharpen 1 photo on this computer?", "Sharpen 1"),
    ],
)
def test_the_question_and_its_button_say_how_many_where_and_for_how_much(plan, question, go):
    assert heading(plan) == question
    assert go_text(plan) == go


# After a batch


GOOD = Outcome("1", "one.jpg", "", 0.105)
BAD = Outcome("2", "two.jpg", "The connection was lost. It may have been billed.", None, Charge.UNKNOWN)
FREE = Outcome("3", "three.jpg", "", 0.0)
ENDED = Batch("cloud", ("a", "b", "c"), (GOOD, BAD, FREE), 0.315)


def test_the_results_tell_how_each_photo_ended_the_failed_ones_first(asker):
    sheet = asker.open("results_table", asker.dialogs.show_results(ENDED))
    table = sheet.findChild(QTableWidget, "results")
    rows = [[table.item(row, column).text() for column in range(4)] for row in range(table.rowCount())]
    assert rows == [
        ["two.jpg", "Failed", "", "The connection was lost. It may have been billed."],
        ["one.jpg", "Sharpened", "$0.105", ""],
        ["three.jpg", "Sharpened", "free", ""],
    ]
    button(sheet, "results_copy").click()
    assert QGuiApplication.clipboard().text().splitlines() == [
        "Photo\tEnded\tCost\tReason", *("\t".join(row) for row in rows),
    ]  # fmt: skip
    QTest.keyClick(sheet, Key.Key_Escape)
    assert asker.result() is None
    assert asker.retried == 0


def test_the_failed_ones_are_tried_again_at_a_click(asker):
    sheet = asker.open("results_table", asker.dialogs.show_results(ENDED))
    assert button(sheet, "results_retry").text() == "Retry 1 failed…"
    button(sheet, "results_retry").click()
    asker.result()
    assert asker.retried == 1


def test_with_no_failure_there_is_nothing_to_retry(asker):
    sheet = asker.open("results_table", asker.dialogs.show_results(replace(ENDED, outcomes=(GOOD, FREE))))
    assert button(sheet, "results_retry") is None
    sheet.close()
    asker.result()


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (ENDED, "2 photos sharpened, 1 failed · at least $0.11"),
        (replace(ENDED, outcomes=(GOOD, FREE)), "2 photos sharpened · $0.11"),
        (Batch("local", ("a",), (FREE,)), "1 photo sharpened"),
    ],
)
def test_the_results_are_summed_up(batch, said):
    assert summary(batch) == said


def test_a_long_reason_is_shown_whole(asker):
    long = replace(BAD, problem="The connection was lost after the photo had been sent. " * 4)
    sheet = asker.open("results_table", asker.dialogs.show_results(replace(ENDED, outcomes=(long, GOOD))))
    table = sheet.findChild(QTableWidget, "results")
    asker.desk.until(lambda: table.rowHeight(0) > 1.5 * table.rowHeight(1))
    sheet.close()
    asker.result()


# What leaves


@pytest.fixture
def outgoing(desk):
    return Outgoing(
        "harbour.jpg", desk.picture(RED).display, 600, 400, "image/png", 4_312_345, 5_749_800,
        (("mode", "Lens Blur V2"), ("strength", "0.62")), "api.example.com", note="16 bit became 8 bit.",
    )  # fmt: skip


def test_what_leaves_is_shown_with_everything_that_goes_with_it(asker, outgoing):
    sheet = asker.open("outgoing_sheet", asker.dialogs.show_outgoing(outgoing))
    assert text(sheet, "outgoing_promise") == PROMISE == "No location, no camera data, no file name."
    assert text(sheet, "outgoing_size") == "600 × 400 pixels"
    assert text(sheet, "outgoing_format") == "PNG"
    assert text(sheet, "outgoing_picture") == "4.3 MB (4,312,345 bytes)"
    assert text(sheet, "outgoing_whole_request") == "5.7 MB"
    assert text(sheet, "outgoing_goes_to") == "api.example.com"
    assert text(sheet, "outgoing_note") == "16 bit became 8 bit."
    assert (text(sheet, "field_mode"), text(sheet, "field_strength")) == ("Lens Blur V2", "0.62")
    assert not any("harbour" in label.text() for label in sheet.findChildren(QLabel))
    sheet.close()
    asker.result()


def test_where_only_the_address_is_sent_nothing_is_claimed_of_the_picture(asker, outgoing):
    sheet = asker.open("outgoing_sheet", asker.dialogs.show_outgoing(replace(outgoing, is_address=True)))
    assert sheet.findChild(QLabel, "outgoing_promise") is None
    assert text(sheet, "outgoing_sent") == "The photo's own web address; the service fetches it there"
    sheet.close()
    asker.result()


def test_the_picture_is_looked_at_fitted_and_at_100_percent(asker, outgoing):
    large = replace(
        outgoing, display=asker.desk.picture(_half_red_half_blue()).display, width=2000, height=1000
    )
    sheet = asker.open("outgoing_sheet", asker.dialogs.show_outgoing(large))
    view = sheet.findChild(PictureView)
    fit, full = button(sheet, "outgoing_fit"), button(sheet, "outgoing_100")
    asker.desk.until(lambda: view.width() > 300)

    def seen(x, y):
        return rgb(view.grab().toImage().pixelColor(x, y))

    middle = view.height() // 2
    assert fit.isChecked()
    assert seen(20, middle) == RED
    assert seen(view.width() - 20, middle) == (30, 40, 200)
    assert seen(view.width() // 2, 5) not in (RED, (30, 40, 200))
    full.click()
    assert full.isChecked()
    assert not fit.isChecked()
    assert seen(view.width() // 2, 5) in (RED, (30, 40, 200))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(view, QPoint(100 + view.width() // 2, 100))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(100 + view.width() // 2, 100))
    assert seen(view.width() - 40, middle) == RED
    view.setFocus()
    for _ in range(12):
        QTest.keyClick(view, Key.Key_Right)
    assert seen(view.width() // 2, middle) == (30, 40, 200)
    asker.desk.wheel(view, 3, QPointF(50, 50))
    assert not full.isChecked()
    assert not fit.isChecked()
    fit.click()
    assert seen(20, middle) == RED
    sheet.close()
    asker.result()


def _half_red_half_blue():
    import numpy as np

    pixels = np.full((1000, 2000, 3), RED, np.uint8)
    pixels[:, 1000:] = (30, 40, 200)
    return pixels


@pytest.mark.parametrize("name", ["batch", "results", "outgoing"])
def test_the_sheets_fit_into_the_smallest_window(asker, outgoing, name):
    sheet = {
        "batch": lambda: asker.open("batch_sheet", asker.dialogs.confirm_batch(CLOUD)),
        "results": lambda: asker.open("results_table", asker.dialogs.show_results(ENDED)),
        "outgoing": lambda: asker.open("outgoing_sheet", asker.dialogs.show_outgoing(outgoing)),
    }[name]()
    assert sheet.width() <= 960
    assert sheet.height() <= 620
    sheet.close()
    asker.result()


def test_a_sheet_does_not_hold_up_what_goes_on(asker, loop):
    """The transfer behind an open dialog goes on: it is awaited, not waited for."""
    import asyncio

    sheet = asker.open("batch_sheet", asker.dialogs.confirm_batch(CLOUD))
    moved = []

    async def transfer():
        for step in range(5):
            await asyncio.sleep(0.01)
            moved.append(step)

    task = loop.create_task(transfer())
    asker.desk.until(task.done)
    assert len(moved) == 5
    assert sheet.isVisible()
    sheet.close()
    asker.result()
