"""The footer: the button in each of its states, the money beside it, and its quiet links."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from support.window import BLUE, MAY_3_S

from sharpen_desktop.core.account import balance_read, spending_known
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.money import Balance, Spending
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.core.queue import runs_queued
from sharpen_desktop.core.running import run_ended, run_progressed

LINKS = ("what_leaves_link", "run_again_link", "sharpen_all_link", "refresh_money")


def links(desk):
    return {name for name in LINKS if desk.find(name).isVisible()}


def stored(desk):
    """Let the result of the shown photo be paid for and in the store."""
    desk.use_cloud()
    file = desk.folder / "stored.png"
    file.write_bytes(b"the result")
    desk.pictures.whole[file.name] = desk.picture(BLUE)
    return desk.paid_run(Stage.STORED, desk.photo, files=(str(file),))


# The button


def test_a_known_price_stands_on_the_button(photo_desk):
    photo_desk.use_cloud(0.105)
    assert photo_desk.button("primary").text() == "Sharpen in the cloud · ≈ $0.11"
    assert photo_desk.button("primary").property("paid")


def test_a_stored_result_is_shown_again_for_free_and_nothing_is_sent(photo_desk):
    desk = photo_desk
    stored(desk)
    assert desk.button("primary").text() == "Show stored result · free"
    assert not desk.button("primary").property("paid")
    desk.click("primary")
    desk.until(lambda: desk.photo.results)
    assert desk.cloud.requests == []
    assert desk.dialogs.questions == []
    assert desk.photo.results[0].paid_on == MAY_3_S


def test_beside_a_stored_result_stands_a_plain_way_to_pay_again(photo_desk):
    desk = photo_desk
    assert not desk.action("run_again").isEnabled()
    stored(desk)
    assert desk.text("footer_cost") == "Paid on 3 May · $0.105"
    assert desk.action("run_again").isEnabled()
    desk.click("run_again_link")
    desk.until(lambda: desk.dialogs.open_question)
    assert desk.dialogs.open_question.text == f"Send {desk.photo.name} again?"
    desk.dialogs.press("cancel")
    desk.until(lambda: not desk.controller._parts.orders.is_asking)
    desk.promise_result(BLUE, "cloud")
    desk.action("run_again").trigger()
    desk.until(lambda: desk.dialogs.open_question)
    desk.dialogs.press("send")
    desk.until(lambda: desk.photo.results)
    assert [request.is_again for request in desk.cloud.requests] == [True]


def test_a_reached_limit_is_said_on_the_button_and_changed_from_there(photo_desk):
    desk = photo_desk
    desk.use_cloud()
    desk.store.apply(spending_known, Spending(), Spending(4.95))
    assert desk.button("primary").text() == "Limit of $5.00 reached · Change"
    assert desk.button("primary").property("muted")
    desk.click("primary")
    assert desk.dialog("preferences").isVisible()
    assert desk.cloud.requests == []
    desk.dialog("preferences").close()
    desk.change_prefs(limit_usd=10.0)
    assert desk.button("primary").text() == "Sharpen in the cloud · ≈ $0.11"
    assert not desk.button("primary").property("muted")


def test_a_photo_that_waits_is_taken_out_of_the_queue_by_the_button(photo_desk):
    desk = photo_desk
    run = desk.start_run("cloud")
    desk.store.apply(run_ended, run.id)
    desk.store.apply(runs_queued, (run,))
    assert desk.button("primary").text() == "Waiting · Take out of the queue"
    assert desk.action("stop").isEnabled()
    assert not desk.action("sharpen").isEnabled()
    desk.click("primary")
    assert not desk.state.runs
    assert desk.button("primary").text() == "Sharpen"


# Money


def test_price_spending_and_balance_are_said_and_asked_for_at_a_click(photo_desk):
    desk = photo_desk
    desk.use_cloud()
    assert desk.text("footer_cost").startswith("≈ $0.11, price of 3 May ")
    assert desk.text("footer_money") == ""
    assert desk.button("refresh_money").text() == "Check balance"
    asked = desk.service.quotes_asked
    desk.click("refresh_money")
    desk.until(lambda: desk.state.balance)
    assert desk.service.quotes_asked > asked
    desk.store.apply(balance_read, Balance(9.4, "USD", MAY_3_S))
    desk.store.apply(spending_known, Spending(0.21), Spending(0.43))
    assert desk.text("footer_money") == "$0.21 spent · $9.40 left"
    assert desk.button("refresh_money").text() == ""
    assert desk.button("refresh_money").accessibleName()
    tip = desk.find("footer_money").toolTip()
    assert "In the last 24 hours: $0.43 of $5.00" in tip


def test_an_unknown_price_is_said_to_be_so(photo_desk):
    photo_desk.use_cloud(None)
    assert photo_desk.button("primary").text() == "Sharpen in the cloud · price unknown"
    assert photo_desk.text("footer_cost") == "Price unknown"


# Links


def test_the_links_are_there_only_where_they_mean_something(photo_desk):
    desk = photo_desk
    assert links(desk) == set()
    desk.use_cloud()
    assert links(desk) == {"what_leaves_link", "refresh_money"}
    desk.list_photo(name="two.jpg")
    assert links(desk) == {"what_leaves_link", "refresh_money", "sharpen_all_link"}
    desk.paid_run(Stage.STORED, desk.photo)
    assert links(desk) == set(LINKS)
    desk.controller.choose_engine("local")
    assert links(desk) == {"sharpen_all_link"}


def test_what_leaves_is_shown_from_the_footer_and_nothing_is_sent(photo_desk):
    desk = photo_desk
    desk.use_cloud()
    desk.click("what_leaves_link")
    desk.until(lambda: desk.dialogs.outgoing)
    desk.action("what_leaves").trigger()
    desk.until(lambda: len(desk.dialogs.outgoing) == 2)
    assert desk.cloud.requests == []


@pytest.mark.parametrize("way", ["link", "menu", "key"])
def test_all_photos_are_sharpened_after_one_question(desk, way):
    desk.list_photo(name="one.jpg")
    desk.list_photo(name="two.jpg")
    for number in (1, 2):
        desk.promise_result(BLUE, "local", number)
    assert desk.button("sharpen_all_link").text() == "Sharpen all 2"
    {
        "link": lambda: desk.click("sharpen_all_link"),
        "menu": lambda: desk.action("sharpen_all").trigger(),
        "key": lambda: desk.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier),
    }[way]()  # fmt: skip
    desk.until(lambda: desk.dialogs.tables)
    assert [plan.names for plan in desk.dialogs.plans] == [("one.jpg", "two.jpg")]
    assert all(photo.results for photo in desk.state.photos)


def test_while_a_batch_goes_on_the_footer_says_how_far_it_is(desk):
    desk.list_photo(name="one.jpg")
    desk.list_photo(name="two.jpg")
    desk.local.hold()
    desk.click("sharpen_all_link")
    desk.until(lambda: desk.local.gate.waiting)
    assert desk.text("footer_where") == "0 of 2 done"
    assert not desk.find("sharpen_all_link").isVisible()
    desk.action("stop_all").trigger()
    desk.until(lambda: desk.local.stops)


def test_the_link_to_sharpen_all_says_how_many_are_left_and_leaves_when_none_is(desk):
    desk.list_photo(name="one.jpg")
    desk.list_photo(name="two.jpg")
    desk.promise_result(BLUE, "local", 1)
    desk.promise_result(BLUE, "local", 2)
    desk.click("primary")
    desk.until(lambda: any(photo.results for photo in desk.state.photos))
    desk.until(lambda: desk.button("sharpen_all_link").text() == "Sharpen the other one")
    desk.click("sharpen_all_link")
    desk.until(lambda: all(photo.results for photo in desk.state.photos))
    desk.until(lambda: not desk.find("sharpen_all_link").isVisible())


# Its size


@pytest.mark.parametrize("kind", ["fresh", "stored", "limit"])
def test_it_is_104_high_and_no_text_of_it_is_cut_at_its_narrowest(desk, kind):
    desk.list_photo(name="one.jpg")
    desk.list_photo(name="two.jpg")
    desk.use_cloud()
    desk.store.apply(balance_read, Balance(9.4, "USD", MAY_3_S))
    desk.store.apply(spending_known, Spending(0.21), Spending(4.99 if kind == "limit" else 0.43))
    if kind == "stored":
        desk.paid_run(Stage.STORED, desk.photo)
    desk.show(960, 620)
    desk.until(lambda: desk.window.width() == 960)
    QApplication.processEvents()
    footer = desk.find("footer")
    assert footer.height() == 104
    for label in footer.findChildren(QLabel):
        assert "…" not in label.text(), label.text()
    for button in footer.findChildren(QPushButton):
        if button.isVisible():
            room = button.width() - (button.iconSize().width() if not button.icon().isNull() else 0)
            assert QFontMetrics(button.font()).horizontalAdvance(button.text()) <= room, button.text()
    parts = [
        each for each in (*footer.findChildren(QLabel), *footer.findChildren(QPushButton)) if each.isVisible()
    ]
    for one in parts:
        for other in parts:
            assert one is other or not one.geometry().intersects(other.geometry()), (one, other)


def test_a_busy_service_counts_down_in_the_row_and_in_the_status_bar(photo_desk):
    desk = photo_desk
    run = desk.start_run("cloud", Progress(Phase.BUSY, again_in_s=12.0))
    assert desk.text("status_text") == "The service is busy · next try in 12 s"
    desk.store.apply(run_progressed, run.id, Progress(Phase.BUSY, again_in_s=11.0))
    assert desk.text("status_text") == "The service is busy · next try in 11 s"
    assert desk.button("primary").text() == "Cancel (nothing billed yet)"
