"""The preferences and the key: every field by hand, and that it is in force at once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QStackedWidget,
)
from support.window import CTRL

from sharpen_desktop.core.account import key_checked, key_placed, paid_runs_listed, spending_known
from sharpen_desktop.core.keys import KeyPlace, KeyVerdict
from sharpen_desktop.core.money import Spending
from sharpen_desktop.core.paid import Stage

Key = Qt.Key
SECTIONS = ["Cloud money", "Key", "What is sent", "Network", "Storage", "Appearance"]


@pytest.fixture
def prefs(desk):
    """The open preferences; a section is opened by its place in the list."""
    desk.key(Key.Key_Comma, CTRL)
    return desk.dialog("preferences")


def section(prefs, title):
    prefs.findChild(QListWidget, "preference_sections").setCurrentRow(SECTIONS.index(title))


def of(prefs, name, kind=QPushButton):
    return prefs.findChild(kind, name)


def type_into(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Key.Key_Return)


# The dialog


def test_it_opens_by_key_and_menu_once_and_escape_closes_it(desk, prefs):
    desk.action("preferences").trigger()
    assert desk.dialog("preferences") is prefs
    QTest.keyClick(prefs, Key.Key_Escape)
    desk.until(lambda: not prefs.isVisible())
    desk.action("preferences").trigger()
    assert desk.dialog("preferences").isVisible()


def test_its_sections_are_gone_through_with_the_arrow_keys(prefs):
    listed = of(prefs, "preference_sections", QListWidget)
    assert [listed.item(row).text() for row in range(listed.count())] == SECTIONS
    assert listed.hasFocus()
    QTest.keyClick(listed, Key.Key_Down)
    assert prefs.findChild(QStackedWidget).currentIndex() == 1


def test_it_fits_into_the_smallest_window(prefs):
    assert prefs.width() <= 960
    assert prefs.height() <= 620


def test_every_field_can_be_named_by_a_screen_reader(prefs):
    for kind in (QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox):
        for field in prefs.findChildren(kind):
            if not field.objectName().startswith("qt_"):
                assert field.accessibleName(), field.objectName()


# Money


def test_the_limit_is_set_and_in_force_at_once(desk, prefs):
    field = of(prefs, "pref_limit_usd", QDoubleSpinBox)
    assert field.value() == 5.0
    type_into(field, "2.50")
    assert desk.state.prefs.limit == 2.5


def test_without_a_limit_there_is_none_and_it_comes_back_as_it_was(desk, prefs):
    box, field = of(prefs, "pref_has_limit", QCheckBox), of(prefs, "pref_limit_usd", QDoubleSpinBox)
    type_into(field, "2.50")
    box.click()
    assert desk.state.prefs.limit is None
    assert not field.isEnabled()
    box.click()
    assert desk.state.prefs.limit == 2.5
    assert field.isEnabled()


def test_when_to_ask_is_set(desk, prefs):
    type_into(of(prefs, "pref_ask_above_usd", QDoubleSpinBox), "0.20")
    assert desk.state.prefs.ask_above_usd == 0.2


def test_what_was_spent_in_the_last_day_is_said_and_kept_up_to_date(desk, prefs):
    assert of(prefs, "pref_spent", QLabel).text() == "Spent in the last 24 hours: $0.00."
    desk.store.apply(spending_known, Spending(), Spending(0.43))
    assert of(prefs, "pref_spent", QLabel).text() == "Spent in the last 24 hours: $0.43."


# What is sent, network, storage, look


def test_the_size_of_what_is_sent_as_png_is_set(desk, prefs):
    section(prefs, "What is sent")
    type_into(of(prefs, "pref_upload_mb", QSpinBox), "25")
    assert desk.state.prefs.upload_mb == 25


def test_the_bucket_is_described_and_its_secrets_go_to_the_keys_alone(desk, prefs):
    section(prefs, "What is sent")
    for name, text in (
        ("bucket_endpoint", "https://s3.example.com"), ("bucket_region", "eu-1"), ("bucket_name", "mine"),
    ):  # fmt: skip
        type_into(of(prefs, f"pref_{name}", QLineEdit), text)
        assert getattr(desk.state.prefs, name) == text
    access, secret = (of(prefs, f"pref_bucket_{name}", QLineEdit) for name in ("access", "secret"))
    keep = of(prefs, "pref_bucket_keep")
    QTest.keyClicks(access, "made-up-access")
    assert not keep.isEnabled()
    QTest.keyClicks(secret, "made-up-secret")
    assert set(access.displayText() + secret.displayText()) == {"●"}
    keep.click()
    desk.until(lambda: desk.keys.bucket == ("made-up-access", "made-up-secret"))
    assert (access.text(), secret.text()) == ("", "")
    assert "made-up" not in repr(desk.state.prefs)


def test_a_field_that_is_left_is_taken_too(desk, prefs):
    section(prefs, "Network")
    field = of(prefs, "pref_proxy", QLineEdit)
    field.setFocus()
    QTest.keyClicks(field, " http://proxy.example:3128 ")
    of(prefs, "preference_sections", QListWidget).setFocus()
    assert desk.state.prefs.proxy == "http://proxy.example:3128"
    type_into(field, " ")
    assert desk.state.prefs.proxy == ""


def test_what_paid_results_take_up_is_asked_for_and_leads_to_the_list(desk, prefs):
    desk.until(lambda: not desk.tasks.is_going("paid-runs"))
    section(prefs, "Storage")
    assert (
        of(prefs, "pref_store_size", QLabel).text()
        == "They take up no room yet, and stay until you delete them."
    )
    desk.store.apply(paid_runs_listed, (desk.paid_run(Stage.STORED),), 31_400_000)
    assert (
        of(prefs, "pref_store_size", QLabel).text() == "They take up 31.4 MB, and stay until you delete them."
    )
    of(prefs, "pref_cloud_runs").click()
    assert desk.dialog("cloud_runs").isVisible()


def test_room_for_local_results_is_set(desk, prefs):
    section(prefs, "Storage")
    type_into(of(prefs, "pref_local_results_gb", QSpinBox), "20")
    assert desk.state.prefs.local_results_gb == 20


def test_the_look_is_chosen_here_as_well(desk, prefs):
    section(prefs, "Appearance")
    of(prefs, "pref_theme_light").click()
    assert desk.state.prefs.theme == "light"
    of(prefs, "pref_theme_dark").click()
    assert desk.state.prefs.theme == "dark"


# The key, in the preferences


@pytest.fixture
def key_page(prefs):
    section(prefs, "Key")
    return prefs


def choose_place(page, prefix, place):
    box = of(page, f"{prefix}_place", QComboBox)
    box.setCurrentIndex(box.findData(place.name))
    box.activated.emit(box.currentIndex())


@pytest.mark.parametrize("place", list(KeyPlace), ids=lambda place: place.name)
def test_where_the_key_is_kept_is_said(desk, key_page, place):
    desk.store.apply(key_placed, place)
    assert of(key_page, "pref_key_place_text", QLabel).text() == place.value
    is_ours = place not in (KeyPlace.NONE, KeyPlace.ENVIRONMENT)
    assert of(key_page, "pref_key_forget").isVisible() is is_ours


def test_a_key_is_given_and_kept_where_the_user_says(desk, key_page):
    choose_place(key_page, "pref_key", KeyPlace.KEYRING)
    field = of(key_page, "pref_key_field", QLineEdit)
    QTest.keyClicks(field, "sk-made-up-0123456789")
    of(key_page, "use_pref_key").click()
    desk.until(lambda: desk.state.key_place is KeyPlace.KEYRING)
    assert desk.keys.given == ["sk-made-up-0123456789"]
    assert field.text() == ""


def test_for_this_session_only_the_key_is_kept_nowhere(desk, key_page):
    QTest.keyClicks(of(key_page, "pref_key_field", QLineEdit), "sk-made-up-0123456789")
    of(key_page, "use_pref_key").click()
    assert desk.state.key_place is KeyPlace.SESSION
    assert not desk.tasks.is_going("keep-key")


def test_a_file_takes_a_plain_agreement_first(desk, key_page):
    QTest.keyClicks(of(key_page, "pref_key_field", QLineEdit), "sk-made-up-0123456789")
    use, agree = of(key_page, "use_pref_key"), of(key_page, "pref_key_agree", QCheckBox)
    assert not agree.isVisible()
    choose_place(key_page, "pref_key", KeyPlace.FILE)
    assert agree.isVisible()
    assert not use.isEnabled()
    agree.click()
    assert not desk.state.prefs.is_key_file_agreed
    use.click()
    desk.until(lambda: desk.state.key_place is KeyPlace.FILE)
    assert desk.state.prefs.is_key_file_agreed
    assert not agree.isVisible()


def test_the_key_in_use_is_moved_to_another_place(desk, key_page):
    desk.keys.give("sk-made-up-0123456789")
    desk.store.apply(key_placed, KeyPlace.SESSION)
    use = of(key_page, "use_pref_key")
    assert use.text() == "Keep it there"
    assert not use.isEnabled()
    choose_place(key_page, "pref_key", KeyPlace.KEYRING)
    use.click()
    desk.until(lambda: desk.state.key_place is KeyPlace.KEYRING)
    assert desk.keys.given == ["sk-made-up-0123456789"]


def test_a_new_key_for_this_session_does_not_leave_the_old_one_in_the_keyring(desk, key_page):
    desk.keys.give("sk-old-0123456789")
    desk.keys.place = KeyPlace.KEYRING
    desk.store.apply(key_placed, KeyPlace.KEYRING)
    choose_place(key_page, "pref_key", KeyPlace.SESSION)
    QTest.keyClicks(of(key_page, "pref_key_field", QLineEdit), "sk-new-0123456789")
    of(key_page, "use_pref_key").click()
    desk.until(lambda: desk.state.key_said == KeyPlace.SESSION.value)


def test_the_key_is_forgotten(desk, key_page):
    desk.keys.give("sk-made-up-0123456789")
    desk.store.apply(key_placed, KeyPlace.SESSION)
    of(key_page, "pref_key_forget").click()
    desk.until(lambda: not desk.state.has_key)
    assert of(key_page, "pref_key_place_text", QLabel).text() == "The key is removed."


@pytest.mark.parametrize("verdict", list(KeyVerdict), ids=lambda verdict: verdict.name)
def test_a_check_says_what_the_service_says(desk, key_page, verdict):
    desk.service.verdict = verdict
    desk.service.gate.hold()
    check, told = of(key_page, "pref_key_check"), of(key_page, "pref_key_verdict", QLabel)
    assert not check.isEnabled()
    QTest.keyClicks(of(key_page, "pref_key_field", QLineEdit), "sk-made-up-0123456789")
    check.click()
    desk.until(lambda: desk.service.gate.waiting)
    assert told.text() == "Asking the service…"
    assert not check.isEnabled()
    desk.service.gate.let_go()
    desk.until(lambda: told.text() == verdict.value)
    assert desk.service.checked == ["sk-made-up-0123456789"]
    assert desk.keys.given == []
    kinds = {KeyVerdict.WORKS: "good", KeyVerdict.WRONG: "bad", KeyVerdict.NO_MONEY: "bad"}
    assert told.property("verdict") == kinds.get(verdict, "unclear")


def test_with_an_empty_field_the_key_in_use_is_checked(desk, key_page):
    desk.store.apply(key_placed, KeyPlace.ENVIRONMENT)
    of(key_page, "pref_key_check").click()
    desk.until(lambda: desk.state.key_verdict is KeyVerdict.WORKS)
    assert desk.service.checked == [""]


# The key, on its card in the panel


def test_the_card_checks_a_key_before_it_is_used(desk):
    desk.click("engine_cloud")
    desk.service.verdict = KeyVerdict.WRONG
    QTest.keyClicks(desk.find("key_field", QLineEdit), "sk-made-up-0123456789")
    desk.click("key_check")
    desk.until(lambda: desk.text("key_verdict") == KeyVerdict.WRONG.value)
    assert desk.find("key_verdict").isVisible()
    assert desk.find("key_field", QLineEdit).text() == "sk-made-up-0123456789"


def test_the_card_keeps_the_key_where_the_user_says(desk):
    desk.click("engine_cloud")
    choose_place(desk.window, "key", KeyPlace.KEYRING)
    QTest.keyClicks(desk.find("key_field", QLineEdit), "sk-made-up-0123456789")
    desk.click("use_key")
    desk.until(lambda: desk.state.key_place is KeyPlace.KEYRING)
    assert not desk.find("key_card").isVisible()


def test_an_old_verdict_is_not_shown_for_another_key(desk):
    desk.click("engine_cloud")
    desk.store.apply(key_checked, KeyVerdict.WRONG)
    QTest.keyClicks(desk.find("key_field", QLineEdit), "sk-made-up-0123456789")
    desk.click("use_key")
    assert desk.state.key_verdict is None
