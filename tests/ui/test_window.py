"""The window's regions, and every wish that goes from a click, a key or a drop to the controller."""

import time
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QMimeData, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import (
    QAction,
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QPalette,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QMessageBox,
    QToolButton,
    QWidget,
)
from support.dropping import send_drag
from support.window import BLUE, CTRL, GREEN, RED, SHIFT

from sharpen_desktop.core.account import key_placed
from sharpen_desktop.core.errors import Charge, CloudError, KeyRefused, PhotoUnreadable, SaveFailed
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.notice import Notice
from sharpen_desktop.core.notices import noticed, status_said
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.running import run_ended
from sharpen_desktop.core.runs import Pause
from sharpen_desktop.core.variants import saving_changed, variant_saved
from sharpen_desktop.ui import notice_bar, theme, window_wishes
from sharpen_desktop.ui.key_table import COMMANDS
from sharpen_desktop.ui.left_rail import LeftRail
from sharpen_desktop.ui.variant_rows import ROW_ROLE

Key = Qt.Key


def urls(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag(desk, data, kind=QDragEnterEvent):
    return send_drag(desk.window, data, kind)


def notice(desk, kind="error", text="It did not work.", detail="HTTP 500", wishes=(), photo_id=""):
    made = Notice(f"notice-{time.monotonic_ns()}", kind, text, detail, wishes, photo_id)
    desk.store.apply(noticed, made)
    return made


def enabled(desk, *names):
    return {name for name in names if desk.action(name).isEnabled()}


def contrast(one, other):
    """WCAG 2.1, contrast ratio."""

    def luminance(name):
        parts = [QColor(name).redF(), QColor(name).greenF(), QColor(name).blueF()]
        r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# The primary button


def test_without_a_photo_the_button_opens_one(desk):
    desk.dialogs.files = (desk.lay_down("one.jpg"),)
    assert desk.button("primary").text() == "Open a photo"
    desk.click("primary")
    desk.until(lambda: desk.state.current and desk.state.current.name == "one.jpg")


def test_the_button_sharpens_on_this_computer(desk):
    path = desk.lay_down("one.jpg")
    desk.promise_result()
    desk.controller.open_paths([path])
    desk.until(lambda: desk.state.current and desk.state.current.original.master)
    assert desk.button("primary").text() == "Sharpen"
    assert not desk.button("primary").property("paid")
    desk.click("primary")
    desk.until(lambda: desk.photo.results)
    assert len(desk.local.requests) == 1
    assert desk.state.view == "split"


def test_while_it_runs_the_button_stops_and_shows_how_far_it_is(photo_desk):
    desk = photo_desk
    desk.local.hold()
    desk.local.progress = [Progress(Phase.SHARPENING, 0.4)]
    desk.click("primary")
    desk.until(lambda: desk.local.gate.waiting)
    assert desk.button("primary").text() == "Stop"
    assert desk.button("primary").fraction == 0.4
    desk.click("primary")
    desk.until(lambda: desk.local.stops)
    assert desk.button("primary").text() == "Sharpen"
    assert desk.text("status_text") == "Stopped"


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress(Phase.UPLOADING, 0.2), "Cancel (nothing billed yet)"),
        (Progress(Phase.WAITING, None, is_paid_risk=True), "Stop waiting…"),
    ],
)
def test_a_cloud_run_says_whether_stopping_it_may_still_cost(photo_desk, progress, text):
    photo_desk.start_run("cloud", progress)
    assert photo_desk.button("primary").text() == text
    assert photo_desk.button("primary").property("paid")


def test_the_cloud_without_a_key_asks_for_one_in_place(photo_desk):
    photo_desk.controller.choose_engine("cloud")
    photo_desk.inside.panel.key_card.hide()
    assert photo_desk.button("primary").text() == "Add a key to use the cloud"
    photo_desk.click("primary")
    assert photo_desk.find("key_field", QLineEdit).hasFocus()
    assert not photo_desk.cloud.requests


def test_the_cloud_asks_the_first_time_what_it_may_cost(photo_desk):
    desk = photo_desk
    desk.store.apply(key_placed, KeyPlace.KEYRING)
    desk.controller.choose_engine("cloud")
    desk.promise_result(BLUE, "cloud")
    desk.promise_result(GREEN, "cloud", 2)
    assert desk.button("primary").text() == "Sharpen in the cloud · price unknown"
    assert desk.button("primary").property("paid")
    assert not desk.button("primary").icon().isNull()
    desk.click("primary")
    desk.until(lambda: desk.dialogs.open_question)
    assert not desk.cloud.requests
    desk.dialogs.press("send")
    desk.until(lambda: desk.photo.results)
    desk.click("primary")
    desk.until(lambda: len(desk.photo.results) == 2)
    assert len(desk.dialogs.questions) == 1


def test_a_photo_that_cannot_be_read_leaves_nothing_to_press(desk):
    desk.list_photo(name="one.jpg")
    bad = desk.folder / "bad.jpg"
    desk.pictures.refuse("bad.jpg")
    good = desk.lay_down("good.jpg")
    desk.controller.open_paths([good, bad])
    desk.until(lambda: desk.photo.name == "good.jpg")
    desk.key(Key.Key_PageDown)
    desk.until(lambda: desk.button("primary").text() == "This photo cannot be read")
    assert not desk.button("primary").isEnabled()


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
def test_ctrl_enter_sharpens_and_escape_stops(photo_desk, key):
    photo_desk.local.hold()
    photo_desk.key(key, CTRL)
    photo_desk.until(lambda: photo_desk.local.gate.waiting)
    photo_desk.key(Key.Key_Escape)
    photo_desk.until(lambda: photo_desk.local.stops)


def test_shift_ctrl_enter_uses_the_other_engine_and_always_asks_when_it_costs(photo_desk):
    desk = photo_desk
    desk.store.apply(key_placed, KeyPlace.KEYRING)
    for number in (1, 2):
        desk.promise_result(BLUE, "cloud", number)
        desk.key(Key.Key_Return, CTRL | SHIFT)
        desk.until(lambda: desk.dialogs.open_question)
        desk.dialogs.press("send")
        desk.until(lambda number=number: len(desk.photo.results) == number)
    assert desk.state.engine == "local"


# Footer, top bar, status bar


def test_the_footer_says_where_it_happens_and_what_it_keeps(photo_desk):
    assert photo_desk.text("footer_where") == "On this computer · JPEG 8 bit · metadata kept"
    assert photo_desk.text("footer_cost") == "Free"
    photo_desk.controller.choose_engine("cloud")
    assert photo_desk.text("footer_where") == "Cloud · JPEG 8 bit · no location sent"
    assert photo_desk.text("footer_cost") == "Price unknown"


def test_the_top_bar_names_the_photo_its_size_its_place_and_that_it_is_unsaved(desk):
    desk.list_photo(name="one.jpg")
    assert desk.text("photo_name") == "one.jpg   600 × 400"
    desk.list_photo(name="two.jpg")
    desk.add_result()
    assert desk.text("photo_name") == "two.jpg •   600 × 400   2 of 2"
    assert desk.window.isWindowModified()
    desk.store.apply(variant_saved, desk.photo.id, desk.photo.side_b, "/somewhere/two-sharp.jpg")
    assert desk.text("photo_name") == "two.jpg   600 × 400   2 of 2"
    assert not desk.window.isWindowModified()
    assert desk.window.windowTitle() == "two.jpg[*] — Sharpen Desktop"


def test_the_status_bar_says_what_happens_and_what_is_shown(photo_desk):
    assert photo_desk.text("status_facts") == "8 bit · sRGB · 100 % · On this computer"
    photo_desk.controller.choose_engine("cloud")
    assert photo_desk.text("status_facts").endswith("no location is sent · Cloud")
    run = photo_desk.start_run(progress=Progress(Phase.SHARPENING, 0.4))
    assert photo_desk.text("status_text") == "Sharpening 40 %"
    photo_desk.store.apply(run_ended, run.id)
    photo_desk.store.apply(status_said, "Stopped")
    assert photo_desk.text("status_text") == "Stopped"


# Opening


@pytest.mark.parametrize("way", ["key", "top bar", "empty state"])
def test_open_asks_for_photos_and_shows_the_first(desk, way):
    desk.dialogs.files = (desk.lay_down("one.jpg"), desk.lay_down("two.jpg", BLUE))
    {
        "key": lambda: desk.key(Key.Key_O, CTRL),
        "top bar": lambda: desk.click("open_button", QPoint(12, 12)),
        "empty state": lambda: desk.click("empty_open"),
    }[way]()
    desk.until(lambda: desk.state.current and desk.state.current.name == "one.jpg")
    assert [photo.name for photo in desk.state.photos] == ["one.jpg", "two.jpg"]
    assert desk.canvas.isVisible()


def test_a_folder_is_opened_into_the_list(desk):
    desk.dialogs.folder = desk.folder
    desk.pictures.folders[desk.folder.name] = (desk.lay_down("one.jpg"), desk.lay_down("two.jpg"))
    desk.key(Key.Key_O, CTRL | SHIFT)
    desk.until(lambda: len(desk.state.photos) == 2)


def test_the_sample_opens_at_a_click(desk):
    desk.lay_down("sample.jpg", GREEN)
    desk.click("empty_sample")
    desk.until(lambda: desk.state.current and desk.state.current.name == "sample.jpg")


def test_page_keys_go_through_the_photos(desk):
    for name in ("one.jpg", "two.jpg"):
        desk.list_photo(name=name)
    desk.key(Key.Key_PageUp)
    assert desk.photo.name == "one.jpg"
    desk.key(Key.Key_PageDown)
    assert desk.photo.name == "two.jpg"
    desk.key(Key.Key_PageDown)
    assert desk.photo.name == "two.jpg"


def test_files_dropped_anywhere_are_opened(desk):
    paths = [desk.lay_down("one.jpg"), desk.lay_down("two.png", BLUE)]
    data = urls(*paths)
    assert drag(desk, data).isAccepted()
    assert desk.inside._drops._frame.isVisible()
    assert desk.inside._drops._frame._text == "Open 2 photos"
    assert drag(desk, data, QDropEvent).isAccepted()
    assert not desk.inside._drops._frame.isVisible()
    desk.until(lambda: desk.state.current and desk.state.current.name == "one.jpg")
    assert len(desk.state.photos) == 2


def test_a_drag_that_cannot_be_read_is_said_before_it_is_let_go(desk):
    assert drag(desk, urls(desk.folder / "song.mp3")).isAccepted()
    assert desk.inside._drops._frame._text == "Cannot read .mp3"
    assert desk.inside._drops._frame._color.name().upper() == "#B3261E"
    QApplication.sendEvent(desk.window, QDragLeaveEvent())
    assert not desk.inside._drops._frame.isVisible()


def test_text_is_not_taken_as_a_drop(desk):
    data = QMimeData()
    data.setText("hello")
    assert not drag(desk, data).isAccepted()


def test_a_dropped_picture_without_a_file_is_opened_like_a_pasted_one(desk):
    data = QMimeData()
    data.setImageData(QImage(30, 20, QImage.Format.Format_RGB32))
    assert drag(desk, data).isAccepted()
    opened = desk.pictures.whole
    desk.pictures.whole = _Any(desk.picture(RED), opened)
    drag(desk, data, QDropEvent)
    desk.until(lambda: desk.state.current and desk.state.current.is_pasted)


def test_a_picture_dropped_from_a_browser_is_fetched_from_its_address(desk):
    data = QMimeData()
    data.setUrls([QUrl("https://example.com/harbour%20one.jpg?size=2")])
    desk.pictures.whole = _Any(desk.picture(RED), desk.pictures.whole)
    assert drag(desk, data).isAccepted()
    drag(desk, data, QDropEvent)
    desk.until(lambda: desk.state.current)
    assert desk.photo.web_address == "https://example.com/harbour%20one.jpg?size=2"
    assert desk.photo.name == "harbour one.jpg"


class _Any(dict):
    """Reads every name as one picture."""

    def __init__(self, picture, known):
        super().__init__(known)
        self._picture = picture

    def get(self, name, default=None):
        return super().get(name, self._picture)


def _png(image):
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return kept


@pytest.mark.parametrize("form", ["pixels", "png"])
def test_a_copied_picture_is_pasted(desk, form):
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(*RED))
    data = QMimeData()
    if form == "pixels":
        data.setImageData(image)
    else:
        data.setData("image/png", _png(image))
        data.setImageData(image)
    assert not desk.action("paste").isEnabled()
    QGuiApplication.clipboard().setMimeData(data)
    desk.until(lambda: desk.button("empty_paste").isEnabled())
    desk.pictures.whole = _Any(desk.picture(RED), {})
    desk.key(Key.Key_V, CTRL)
    desk.until(lambda: desk.state.current and desk.state.current.is_pasted)
    written = QImage(desk.photo.path)
    assert (written.width(), written.height(), written.pixelColor(3, 3).red()) == (30, 20, 200)


def test_a_copied_file_is_pasted_as_that_file(desk):
    QGuiApplication.clipboard().setMimeData(urls(desk.lay_down("one.jpg")))
    desk.until(lambda: desk.button("empty_paste").isEnabled())
    desk.click("empty_paste")
    desk.until(lambda: desk.state.current and desk.state.current.name == "one.jpg")
    assert not desk.photo.is_pasted


def test_text_on_the_clipboard_cannot_be_pasted(desk):
    QGuiApplication.clipboard().setText("hello")
    assert not desk.action("paste").isEnabled()
    assert not desk.button("empty_paste").isEnabled()


def test_an_unreadable_file_leaves_the_current_photo_and_says_why(desk):
    desk.list_photo(name="one.jpg")
    desk.pictures.refuse("bad.jpg", "it is no picture")
    data = urls(desk.folder / "bad.jpg")
    drag(desk, data)
    drag(desk, data, QDropEvent)
    desk.until(lambda: desk.find("notice_bar").isVisible())
    assert desk.text("notice_text") == "bad.jpg cannot be opened: it is no picture."
    assert desk.photo.name == "one.jpg"
    assert len(desk.state.photos) == 1


# Saving


def test_save_asks_for_a_name_once_and_then_writes_the_same_file_again(split_desk):
    desk = split_desk
    desk.key(Key.Key_S, CTRL)
    desk.until(lambda: desk.photo.shown.saved_to)
    desk.until(lambda: not desk.tasks.is_going("save"))
    assert desk.dialogs.suggestions == [desk.folder / "harbour-sharp.jpg"]
    desk.click("save_button", QPoint(12, 12))
    desk.until(lambda: len(desk.pictures.saves) == 2)
    desk.until(lambda: not desk.tasks.is_going("save"))
    assert len(desk.dialogs.suggestions) == 1
    desk.key(Key.Key_S, CTRL | SHIFT)
    desk.until(lambda: len(desk.pictures.saves) == 3)
    assert len(desk.dialogs.suggestions) == 2
    desk.until(lambda: desk.text("status_text").startswith("Saved"))


def test_a_failed_save_offers_to_save_elsewhere(split_desk):
    desk = split_desk
    desk.pictures.save_problem = SaveFailed("The disk is full.")
    desk.key(Key.Key_S, CTRL)
    desk.until(lambda: desk.find("notice_bar").isVisible())
    assert desk.button("notice_wish_0").text() == "Save elsewhere…"
    desk.pictures.save_problem = None
    desk.click("notice_wish_0")
    desk.until(lambda: desk.photo.shown.saved_to)
    assert not desk.find("notice_bar").isVisible()


# Notices


def test_an_error_stays_and_a_note_leaves(make_desk, monkeypatch):
    monkeypatch.setattr(notice_bar, "NOTE_MS", 60)
    desk = make_desk().show()
    notice(desk, "note", "Saved.", detail="")
    assert desk.text("notice_text") == "Saved."
    desk.until(lambda: not desk.state.notices)
    assert not desk.find("notice_bar").isVisible()
    notice(desk, "error", "Not saved.")
    QTest.qWait(200)
    assert desk.text("notice_text") == "Not saved."
    assert desk.find("notice_bar").isVisible()


def test_a_note_stays_while_the_pointer_is_on_it(make_desk, monkeypatch):
    monkeypatch.setattr(notice_bar, "NOTE_MS", 150)
    desk = make_desk().show()
    notice(desk, "note", "Saved.", detail="")
    desk.until(lambda: desk.find("notice_bar").height() > 0)
    bar = desk.find("notice_bar")
    QTest.mouseMove(desk.window.windowHandle(), bar.mapTo(desk.window, bar.rect().center()))
    QTest.qWait(300)
    assert bar.isVisible()
    QTest.mouseMove(desk.window.windowHandle(), QPoint(2, 2))
    desk.until(lambda: not desk.state.notices)


def test_the_newest_notice_is_shown_and_the_one_before_comes_back_when_it_is_dismissed(desk):
    notice(desk, text="First.")
    notice(desk, text="Second.")
    assert desk.text("notice_text") == "Second."
    assert desk.text("notice_more") == "+ 1 more"
    desk.click("notice_close")
    assert desk.text("notice_text") == "First."
    assert not desk.find("notice_more").isVisible()
    desk.click("notice_close")
    assert not desk.find("notice_bar").isVisible()


def test_a_failed_run_shows_its_sentence_what_it_cost_and_can_be_retried(photo_desk):
    desk = photo_desk
    desk.local.problem = CloudError(
        "The service is busy.", charge=Charge.NONE, retryable=True, detail="HTTP 429", request_id="req-1"
    )
    desk.click("primary")
    desk.until(lambda: desk.find("notice_bar").isVisible())
    assert desk.text("notice_text") == "The service is busy. Nothing was billed."
    desk.local.problem = None
    desk.promise_result(BLUE, number=2)
    desk.click("notice_wish_0")
    desk.until(lambda: desk.photo.results)
    assert not desk.find("notice_bar").isVisible()


def test_without_retry_or_details_there_are_no_such_buttons(desk):
    notice(desk, detail="")
    assert not desk.button("notice_wish_0").isVisible()
    assert not desk.button("notice_wish_1").isVisible()
    assert not desk.button("notice_details").isVisible()


def test_a_notice_has_up_to_two_buttons_and_each_tells_its_wish(desk, monkeypatch):
    told = []
    monkeypatch.setattr(desk.controller, "act", lambda *wish: told.append(wish))
    made = notice(desk, wishes=(("check", "Check again"), ("again", "Send again…")))
    assert [desk.button(f"notice_wish_{place}").text() for place in (0, 1)] == ["Check again", "Send again…"]
    desk.click("notice_wish_1")
    desk.click("notice_wish_0")
    assert told == [(made.id, "again"), (made.id, "check")]


def test_a_notice_leads_to_the_preferences(desk):
    notice(desk, wishes=(("preferences", "Change the limit…"),))
    desk.click("notice_wish_0")
    assert desk.dialog("preferences").isVisible()


def test_a_notice_leads_to_the_account_page(desk, monkeypatch):
    opened = []
    monkeypatch.setattr(window_wishes.QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    notice(desk, wishes=(("top_up", "Top up…"), ("resume", "Resume")))
    desk.click("notice_wish_0")
    assert opened == ["https://aimlapi.com/app/billing"]


def test_an_offer_stays_like_an_error_but_is_none(make_desk, monkeypatch):
    monkeypatch.setattr(notice_bar, "NOTE_MS", 30)
    desk = make_desk().show()
    notice(desk, "offer", "3 photos waited when the program last ended.", "", (("kept", "Go on"),))
    QTest.qWait(100)
    assert desk.text("notice_text") == "3 photos waited when the program last ended."
    assert desk.button("notice_wish_0").isVisible()


def test_details_show_the_technical_text_and_copy_it(desk):
    notice(desk, text="It failed.", detail="HTTP 500\nreq-77")
    desk.click("notice_details")
    box = desk.find("notice_details_box", QMessageBox)
    *technical, since = box.informativeText().splitlines()
    assert technical == ["HTTP 500", "req-77"]
    assert abs(datetime.fromisoformat(since) - datetime.now()) < timedelta(minutes=1)  # noqa: DTZ005
    copy = next(each for each in box.buttons() if each.text() == "Copy")
    copy.click()
    assert QGuiApplication.clipboard().text() == f"It failed.\nHTTP 500\nreq-77\n{since}"
    box.close()


def test_a_refused_key_opens_the_card_again(photo_desk):
    desk = photo_desk
    desk.store.apply(key_placed, KeyPlace.KEYRING)
    desk.controller.choose_engine("cloud")
    desk.cloud.problem = KeyRefused("The service does not accept the key.", charge=Charge.NONE)
    desk.click("primary")
    desk.until(lambda: desk.dialogs.open_question)
    desk.dialogs.press("send")
    desk.until(lambda: desk.find("key_card").isVisible())
    assert desk.text("notice_text") == "The service does not accept the key. Nothing was billed."


# Variants


def row_place(view, row):
    return view.visualRect(view.model().index(row, 0)).center()


def choose(desk, row, text):
    """Click an entry of a row's menu."""
    view = desk.find("variants", QListView)
    view.customContextMenuRequested.emit(row_place(view, row))
    menu = QApplication.activePopupWidget()
    entry = next(action for action in menu.actions() if action.text() == text)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())


def test_a_click_on_a_variant_puts_it_after(split_desk):
    desk, view = split_desk, split_desk.find("variants", QListView)
    first = desk.photo.side_b
    desk.add_result(GREEN)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=row_place(view, 1))
    assert desk.photo.side_b == first
    view.setCurrentIndex(view.model().index(2, 0))
    desk.key(Key.Key_Return, target=view)
    assert desk.photo.side_b == desk.photo.variants[2].id


def test_a_variants_menu_puts_it_before_or_after_or_saves_it(split_desk):
    desk = split_desk
    first, newest = desk.photo.side_b, desk.add_result(GREEN)
    choose(desk, 1, "Show before")
    assert desk.photo.side_a == first
    choose(desk, 1, "Save as…")
    desk.until(lambda: desk.pictures.saves)
    desk.until(lambda: not desk.state.saving)
    assert desk.photo.side_b == first
    assert not desk.photo.variant(first).is_unsaved
    assert desk.photo.variant(newest.id).is_unsaved
    choose(desk, 2, "Show after")
    assert desk.photo.side_b == newest.id


def test_a_failed_run_stays_in_the_list_until_it_is_dismissed(photo_desk):
    desk, view = photo_desk, photo_desk.find("variants", QListView)
    run = desk.start_run()
    assert view.model().rowCount() == 2
    desk.store.apply(run_ended, run.id, "It did not work.")
    assert view.model().index(1, 0).data(ROW_ROLE).has_failed
    assert "It did not work." in view.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    choose(desk, 1, "Dismiss")
    assert view.model().rowCount() == 1


def test_a_run_that_goes_on_has_no_menu_and_cannot_be_chosen(photo_desk):
    desk, view = photo_desk, photo_desk.find("variants", QListView)
    desk.start_run()
    view.customContextMenuRequested.emit(row_place(view, 1))
    assert QApplication.activePopupWidget() is None
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=row_place(view, 1))
    assert desk.photo.side_b == ""


def test_a_running_row_counts_the_time(photo_desk):
    view = photo_desk.find("variants", QListView)
    photo_desk.start_run()
    before = view.model().index(1, 0).data(ROW_ROLE).remark
    photo_desk.until(lambda: view.model().index(1, 0).data(ROW_ROLE).remark != before)


# Actions


def test_actions_can_be_used_when_and_only_when_they_can_act(desk):
    compare = ("split", "turn", "divider_left", "divider_centre", "divider_right", "before")
    zoom = ("zoom_fit", "zoom_100", "zoom_200", "zoom_in", "zoom_out")
    photo = ("close_photo", "single", "sharpen", "sharpen_elsewhere", *zoom)
    saving = ("save", "save_as")
    several = ("next_photo", "previous_photo")
    edits = ("undo", "redo")
    everything = (*compare, *photo, *saving, *several, *edits)
    assert enabled(desk, *everything) == set()
    desk.list_photo(name="one.jpg")
    assert enabled(desk, *everything) == set(photo)
    run = desk.start_run()
    assert enabled(desk, "sharpen", "sharpen_elsewhere") == set()
    desk.store.apply(run_ended, run.id)
    desk.add_result()
    assert enabled(desk, *everything) == {*photo, *saving, *compare}
    desk.list_photo(name="two.jpg")
    assert enabled(desk, *everything) == {*photo, *several}
    desk.controller.edit_setting("mode", "Refocus")
    assert enabled(desk, *edits) == {"undo"}
    desk.controller.undo()
    assert enabled(desk, *edits) == {"redo"}
    desk.store.apply(saving_changed, "something")
    assert enabled(desk, "save", "save_as") == set()


def test_the_queues_actions_can_be_used_while_there_is_a_queue(desk):
    names = ("sharpen_all", "pause_queue", "stop_all", "what_leaves", "run_again")
    assert enabled(desk, *names, "cloud_runs", "preferences", "filmstrip") == {
        "cloud_runs", "preferences", "filmstrip",
    }  # fmt: skip
    desk.list_photo(name="one.jpg")
    assert enabled(desk, *names) == {"sharpen_all", "what_leaves"}
    desk.list_photo(name="two.jpg")
    desk.local.hold()
    desk.action("sharpen_all").trigger()
    desk.until(lambda: desk.local.gate.waiting)
    assert enabled(desk, *names) == {"sharpen_all", "what_leaves", "pause_queue", "stop_all"}
    desk.action("pause_queue").trigger()
    assert desk.state.pause is Pause.USER
    assert desk.action("pause_queue").isChecked()
    desk.action("pause_queue").trigger()
    assert desk.state.pause is Pause.NONE
    desk.action("stop_all").trigger()
    desk.until(lambda: desk.local.stops)
    assert enabled(desk, *names) == {"sharpen_all", "what_leaves"}


def test_buttons_are_off_and_on_with_their_actions(desk):
    names = ("undo", "redo", "save", "zoom_fit", "zoom_100", "turn", "divider_centre")

    def usable():
        return {name for name in names if desk.find(f"{name}_button").isEnabled()}

    assert usable() == set()
    desk.list_photo()
    assert usable() == {"zoom_fit", "zoom_100"}
    desk.controller.edit_setting("mode", "Refocus")
    desk.add_result()
    assert usable() == {"undo", "save", "zoom_fit", "zoom_100", "turn", "divider_centre"}
    desk.controller.undo()
    assert usable() == {"redo", "save", "zoom_fit", "zoom_100", "turn", "divider_centre"}


def test_reset_all_and_stop_can_be_used_only_when_there_is_something_to_reset_or_stop(desk):
    assert enabled(desk, "reset_all", "stop") == set()


def test_every_command_stands_in_a_menu(desk):
    in_menus = {
        action.objectName()
        for menu in desk.window.menuBar().actions()
        for action in menu.menu().actions()
        if action.objectName()
    }
    assert in_menus == {command.name for command in COMMANDS}


def test_split_is_off_with_its_reason_until_there_is_something_to_compare(photo_desk):
    split = photo_desk.button("view_split")
    assert not split.isEnabled()
    assert split.toolTip() == "Nothing to compare yet"
    photo_desk.add_result()
    assert split.isEnabled()
    photo_desk.click("view_single")
    assert photo_desk.state.view == "single"
    photo_desk.click("view_split")
    assert photo_desk.state.view == "split"
    assert photo_desk.canvas.hasFocus()


def test_before_and_turn_act_from_the_menu(split_desk):
    split_desk.action("before").trigger()
    assert split_desk.state.is_before_shown
    assert split_desk.action("before").isChecked()
    split_desk.action("before").trigger()
    assert not split_desk.state.is_before_shown
    split_desk.click("turn_button")
    assert split_desk.state.is_turned


@pytest.mark.parametrize("name", ["single", "split"])
def test_the_views_act_from_the_menu(split_desk, name):
    split_desk.action("single" if name == "split" else "split").trigger()
    split_desk.action(name).trigger()
    assert split_desk.state.view == name


# Panels, looks, sizes


def test_f7_f8_and_f9_hide_and_show_the_panels(desk):
    left, right = desk.find("left_panel"), desk.find("right_panel")
    for key, expected in (
        (Key.Key_F7, (False, True)), (Key.Key_F8, (False, False)), (Key.Key_F9, (True, True)),
        (Key.Key_F9, (False, False)), (Key.Key_F7, (True, False)), (Key.Key_F9, (False, False)),
    ):  # fmt: skip
        desk.key(key)
        assert (left.isVisible(), right.isVisible()) == expected
        assert desk.action("left_panel").isChecked() == expected[0]
        assert desk.action("side_panels").isChecked() == (expected == (False, False))


def test_below_1180_pixels_the_left_panel_folds_to_a_rail_that_brings_it_back(desk):
    assert desk.find("variants_panel").isVisible()
    assert not desk.find("left_rail").isVisible()
    desk.show(1100, 700)
    desk.until(lambda: desk.find("left_rail").isVisible())
    assert not desk.find("variants_panel").isVisible()
    assert desk.find("left_panel").width() == 36
    desk.click(desk.find("unfold_left", QToolButton))
    assert desk.find("variants_panel").isVisible()
    assert desk.find("left_panel").width() >= 180
    desk.show(1300, 700)
    desk.until(lambda: desk.window.width() == 1300)
    desk.show(1100, 700)
    desk.until(lambda: desk.find("left_rail").isVisible())


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_look_is_chosen_in_the_menu_and_changes_every_colour(desk, name):
    desk.action(f"theme_{'light' if name == 'dark' else 'dark'}").trigger()
    desk.action(f"theme_{name}").trigger()
    look = theme.DARK if name == "dark" else theme.LIGHT
    assert desk.state.prefs.theme == name
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(look.panel)
    assert desk.action(f"theme_{name}").isChecked()
    panel = desk.find("footer").grab().toImage().pixelColor(3, 50)
    assert panel == QColor(look.panel)
    desk.list_photo()
    assert desk.grab().pixelColor(5, desk.canvas.height() - 5) == QColor(look.canvas)
    desk.action("theme_dark").trigger()


def test_following_the_system_takes_its_scheme(desk):
    desk.action("theme_system").trigger()
    assert desk.state.prefs.theme == "system"
    expected = theme.look_for("system")
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(expected.panel)
    desk.action("theme_dark").trigger()


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT], ids=lambda look: look.name)
def test_text_stands_out_from_what_it_lies_on(look):
    for text in (look.text, look.secondary, look.error):
        assert contrast(text, look.panel) >= 4.5
    for text in (look.text, look.secondary):
        assert contrast(text, look.control) >= 4.5
    for ground in (look.accent, look.paid):
        assert contrast("#FFFFFF", ground) >= 4.5


def needs_width(widget):
    """Whether the widget would be cut if it were narrower than it asks for."""
    return not isinstance(widget, QLabel) or not (widget.wordWrap() or widget.minimumWidth() == 0)


@pytest.mark.parametrize("engine", ["local", "cloud"])
def test_at_its_smallest_nothing_in_the_right_panel_is_cut(desk, engine):
    desk.list_photo()
    desk.change_prefs(open_groups=("output", "more"))
    desk.controller.choose_engine(engine)
    desk.controller.edit_setting("strength", 0.5)
    desk.show(960, 620)
    desk.until(lambda: desk.window.size().width() == 960)
    QApplication.processEvents()
    panel = desk.find("right_panel")
    cut = []
    for each in panel.findChildren(QWidget):
        if not each.isVisible() or each.objectName().startswith("qt_"):
            continue
        right = each.mapTo(panel, each.rect().topRight()).x()
        if right >= panel.width() or (needs_width(each) and each.width() < each.minimumSizeHint().width()):
            cut.append((type(each).__name__, each.objectName(), each.width(), each.minimumSizeHint().width()))
    assert not cut


def test_at_960_by_620_all_regions_are_in_view(desk):
    desk.list_photo()
    desk.show(960, 620)
    desk.until(lambda: desk.window.width() == 960)
    for name in ("top_bar", "compare_bar", "canvas", "footer", "right_panel", "left_rail"):
        part = desk.find(name)
        assert part.isVisible(), name
        right = part.mapTo(desk.window, part.rect().bottomRight())
        assert right.x() < 960, name
        assert right.y() < 620, name
    assert desk.canvas.width() >= 480
    assert desk.canvas.height() >= 320


def test_at_1440_by_900_everything_from_engine_to_faces_is_in_view_unscrolled(desk):
    desk.controller.choose_engine("cloud")
    area = desk.find("settings_scroll")
    last = desk.find("editor_face_enhancement_creativity")
    assert last.mapTo(area, last.rect().bottomLeft()).y() <= area.height()


def test_the_sides_have_their_usual_widths(make_desk):
    desk = make_desk().show()
    assert desk.find("right_panel").width() == pytest.approx(336, abs=12)
    assert desk.find("left_panel").width() == pytest.approx(232, abs=2)
    assert [desk.find(name).height() for name in ("top_bar", "compare_bar", "footer")] == [44, 36, 104]
    assert desk.window.statusBar().height() == 26


def test_every_button_can_be_named_by_a_screen_reader(split_desk):
    for kind in (QToolButton,):
        for each in split_desk.window.findChildren(kind):
            if each.isVisible() and not each.objectName().startswith("qt_"):
                assert each.accessibleName() or each.text(), each.objectName()


# The keyboard


def test_the_focus_goes_round_in_the_order_the_window_is_read(split_desk):
    desk = split_desk
    desk.find("open_button").setFocus()
    seen = []
    for _ in range(60):
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        name = QApplication.focusWidget().objectName()
        if name in seen:
            break
        seen.append(name)
    wanted = ["turn_button", "canvas", "divider", "variants", "mode", "primary"]
    places = [seen.index(name) for name in wanted if name in seen]
    assert len(places) == len(wanted), seen
    assert places == sorted(places), seen


def test_a_ring_stands_round_the_control_with_the_focus(desk):
    ring = desk.inside.ring
    for name in ("primary", "engine_cloud", "strength"):
        target = desk.find(name)
        target.setFocus(Qt.FocusReason.TabFocusReason)
        assert ring.isVisible()
        around = target.mapTo(desk.window, QPoint(0, 0))
        host = ring.parentWidget()
        assert host.mapTo(desk.window, ring.pos()) == around - QPoint(3, 3)


def test_about_says_the_version(desk):
    desk.action("about").trigger()
    box = desk.find("about_box", QMessageBox)
    assert "Sharpen Desktop" in box.text()
    box.close()


# Closing


def test_closing_with_everything_saved_asks_nothing(photo_desk):
    photo_desk.window.close()
    photo_desk.until(photo_desk.controller.closed.is_set)
    assert not photo_desk.dialogs.questions


@pytest.mark.parametrize(("answer", "is_closed"), [("close", True), ("cancel", False)])
def test_closing_with_an_unsaved_result_asks_once(split_desk, answer, is_closed):
    desk = split_desk
    desk.window.close()
    desk.until(lambda: desk.dialogs.open_question)
    desk.window.close()
    assert len(desk.dialogs.questions) == 1
    assert desk.window.isVisible()
    assert [name for name, _ in desk.dialogs.questions[0].buttons] == ["save", "close", "cancel"]
    desk.dialogs.press(answer)
    desk.until(lambda: not desk.tasks.is_going("close"))
    assert desk.controller.closed.is_set() is is_closed


def test_closing_can_save_first(split_desk):
    desk = split_desk
    desk.key(Key.Key_Q, CTRL)
    desk.until(lambda: desk.dialogs.open_question)
    desk.dialogs.press("save")
    desk.until(desk.controller.closed.is_set)
    assert len(desk.pictures.saves) == 1


def test_closing_while_a_photo_is_at_the_service_asks_whether_to_wait(photo_desk):
    desk = photo_desk
    desk.start_run("cloud", Progress(Phase.WAITING, None, is_paid_risk=True))
    desk.window.close()
    desk.until(lambda: desk.dialogs.open_question)
    assert [label for _, label in desk.dialogs.questions[0].buttons] == [
        "Wait",
        "Close: it may still cost, and the answer is lost",
    ]
    desk.dialogs.press("wait")
    desk.until(lambda: not desk.tasks.is_going("close"))
    assert not desk.controller.closed.is_set()


def test_while_a_window_is_made_no_part_of_it_is_seen_as_a_window_of_its_own(qapp, make_desk):
    class Eye(QObject):
        seen = ()

        def eventFilter(self, watched, event):  # noqa: N802 - Qt's name
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                self.seen += (f"{type(watched).__name__} {watched.objectName()}",)
            return False

    eye = Eye()
    qapp.installEventFilter(eye)
    make_desk()
    qapp.removeEventFilter(eye)
    assert eye.seen == ()


def test_size_splitters_and_open_panels_are_remembered(make_desk):
    first = make_desk().show(1250, 760)
    first.inside.sides.setSizes([300, 560, 390])
    wanted = first.inside.sides.sizes()
    first.inside.remember_place()
    second = make_desk(prefs=first.state.prefs)
    second.window.show()
    second.until(lambda: second.window.width() == 1250)
    assert second.window.height() == 760
    assert second.inside.sides.sizes() == pytest.approx(wanted, abs=2)


def test_a_panel_unfolded_in_a_narrow_window_is_a_rail_at_the_next_start_and_leaves_no_gap(make_desk):
    first = make_desk().show(1040, 700)
    first.inside.wishes.unfold_left()
    first.inside.remember_place()
    second = make_desk(prefs=first.state.prefs)
    second.window.show()
    second.until(lambda: second.window.width() == 1040)
    middle = second.find("middle")
    second.until(lambda: middle.mapTo(second.window, QPoint(0, 0)).x() == LeftRail.WIDTH + 1)


def test_a_panel_that_was_hidden_is_hidden_at_the_next_start(make_desk):
    desk = make_desk(prefs=Prefs(is_right_open=False, theme="light")).show()
    assert not desk.find("right_panel").isVisible()
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(theme.LIGHT.panel)
    desk.action("theme_dark").trigger()


def test_what_a_later_start_was_given_is_opened_in_front(desk):
    desk.window.showMinimized()
    desk.inside.wishes.open_given((desk.lay_down("one.jpg"),))
    desk.until(lambda: desk.state.current and desk.state.current.name == "one.jpg")
    assert not desk.window.isMinimized()
    desk.inside.wishes.open_given(())
    assert len(desk.state.photos) == 1


def test_an_unexpected_error_is_said_plainly_and_logged(photo_desk, caplog):
    photo_desk.local.problem = RuntimeError("a bug")
    photo_desk.click("primary")
    photo_desk.until(lambda: photo_desk.find("notice_bar").isVisible())
    assert photo_desk.text("notice_text").startswith("Something in the program went wrong.")
    assert any(record.exc_info for record in caplog.records)
    caplog.clear()


def test_actions_are_named_after_what_they_do(desk):
    assert {each.objectName() for each in desk.window.findChildren(QAction)} >= {c.name for c in COMMANDS}


def test_an_unreadable_photo_is_not_raised_into_the_loop(desk):
    desk.pictures.whole["bad.jpg"] = PhotoUnreadable("bad.jpg cannot be opened.")
    desk.controller.open_paths([desk.folder / "bad.jpg"])
    desk.until(lambda: desk.find("notice_bar").isVisible())
    assert desk.find("empty_state").isVisible()
