"""The filmstrip: which photos it shows and how, and what a click, a key or a button in it does."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QWidget
from support.window import BLUE, GREEN, RED, rgb

from sharpen_desktop.core.account import photo_known
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.core.photo import Loading, Photo
from sharpen_desktop.core.photos import photo_changed, photo_chosen, photo_removed, photos_listed
from sharpen_desktop.core.queue import doubt_changed, run_left
from sharpen_desktop.core.running import run_ended, run_progressed, runs_added
from sharpen_desktop.core.runs import Run
from sharpen_desktop.ui.filmstrip_cells import CELL_ROLE, CellModel
from sharpen_desktop.ui.filmstrip_delegate import BADGES, CELL_HEIGHT, CELL_WIDTH, Thumbnails

Key = Qt.Key


@pytest.fixture
def strip_desk(desk):
    """Three photos, red, blue and green; the last is on the canvas."""
    for name, colour in (("one.jpg", RED), ("two.jpg", BLUE), ("three.jpg", GREEN)):
        desk.list_photo(colour, name)
    desk.until(lambda: desk.find("filmstrip").isVisible())
    return desk


def strip(desk):
    return desk.find("filmstrip_list", QListView)


def cell(desk, place):
    return strip(desk).model().index(place, 0).data(CELL_ROLE)


def middle(desk, place):
    return strip(desk).visualRect(strip(desk).model().index(place, 0)).center()


def pixel(desk, place, dx=0, dy=0):
    """What is painted in a cell, from its middle."""
    at = middle(desk, place) + QPoint(dx, dy)
    return rgb(strip(desk).viewport().grab().toImage().pixelColor(at))


def click(desk, place):
    QTest.mouseClick(strip(desk).viewport(), Qt.MouseButton.LeftButton, pos=middle(desk, place))


def list_many(desk, count):
    """List photos of which nothing was read."""
    photos = tuple(Photo(f"many-{number}", f"{number:03}.jpg", f"/{number}") for number in range(count))
    desk.store.apply(photos_listed, photos)


# When it is there


def test_it_is_there_from_two_photos_on(desk):
    assert not desk.find("filmstrip").isVisible()
    desk.list_photo(name="one.jpg")
    assert not desk.find("filmstrip").isVisible()
    desk.list_photo(name="two.jpg")
    assert desk.find("filmstrip").isVisible()
    assert desk.find("filmstrip").height() == 104
    desk.store.apply(photo_removed, desk.photo.id)
    assert not desk.find("filmstrip").isVisible()


def test_f6_hides_it_and_that_is_remembered(strip_desk):
    strip_desk.key(Key.Key_F6)
    assert not strip_desk.find("filmstrip").isVisible()
    assert not strip_desk.state.prefs.is_filmstrip_open
    assert not strip_desk.action("filmstrip").isChecked()
    strip_desk.key(Key.Key_F6)
    assert strip_desk.find("filmstrip").isVisible()
    assert strip_desk.action("filmstrip").isChecked()


# What is seen


def test_a_cell_shows_the_photo_and_is_96_by_80(strip_desk):
    assert [pixel(strip_desk, place) for place in range(3)] == [RED, BLUE, GREEN]
    left, right = middle(strip_desk, 0), middle(strip_desk, 1)
    assert right.x() - left.x() == CELL_WIDTH + 8
    assert (CELL_WIDTH, CELL_HEIGHT) == (96, 80)
    # 600 × 400 in 96 × 80: the picture is 64 high, the card goes on above and below it.
    card = QColor(strip_desk.inside._look.control)
    assert pixel(strip_desk, 0, dy=30) == RED
    assert pixel(strip_desk, 0, dy=36) == rgb(card)


def test_a_photo_that_was_not_read_is_a_card_with_its_name(strip_desk):
    list_many(strip_desk, 1)
    place = 3
    assert strip(strip_desk).model().index(place, 0).data() == "000.jpg"
    shown = strip(strip_desk).viewport().grab().toImage()
    seen = {
        rgb(shown.pixelColor(middle(strip_desk, place) + QPoint(dx, dy)))
        for dx in range(-40, 40)
        for dy in range(-10, 20)
    }
    assert rgb(QColor(strip_desk.inside._look.control)) in seen
    assert len(seen) > 3  # letters
    assert not seen & {RED, BLUE, GREEN}


def test_the_shown_photo_is_framed(strip_desk):
    frame = rgb(QColor(strip_desk.inside._look.focus))
    edge = CELL_HEIGHT // 2 + 2
    assert pixel(strip_desk, 2, dy=-edge) == frame
    assert pixel(strip_desk, 0, dy=-edge) != frame
    click(strip_desk, 0)
    assert pixel(strip_desk, 0, dy=-edge) == frame
    assert pixel(strip_desk, 2, dy=-edge) != frame


def marked(desk, kind):
    """Bring the second photo into a standing."""
    photo = desk.state.photos[1]
    run = Run(
        "run", photo.id, "cloud", "Cloud · Standard", desk.state.settings, Progress(Phase.WAITING),
        is_waiting=kind == "waiting",
    )  # fmt: skip
    if kind in ("waiting", "running", "left", "failed", "doubt"):
        desk.store.apply(runs_added, (run,))
    if kind == "left":
        desk.store.apply(run_left, "run", is_left=True)
    if kind in ("failed", "doubt"):
        desk.store.apply(run_ended, "run", "The connection was lost.")
    if kind == "doubt":
        desk.store.apply(doubt_changed, "run", is_in_doubt=True)
    if kind == "unreadable":
        desk.store.apply(
            photo_changed, photo.id,
            lambda old: replace(old, loading=Loading.FAILED, problem="two.jpg cannot be opened."),
        )  # fmt: skip
    if kind in ("paid", "done"):
        desk.store.apply(photo_chosen, photo.id)
        desk.add_result(engine="cloud" if kind == "paid" else "local")


@pytest.mark.parametrize(
    ("kind", "mark", "words"),
    [
        ("nothing", "", "two.jpg"),
        ("waiting", "waiting", "two.jpg\nwaits in the queue"),
        ("running", "running", "two.jpg\nbeing sharpened"),
        ("left", "running", "two.jpg\nbeing sharpened"),
        ("failed", "failed", "two.jpg\nThe connection was lost."),
        ("unreadable", "failed", "two.jpg\ntwo.jpg cannot be opened."),
        ("doubt", "doubt", "two.jpg\nThe connection was lost."),
        ("done", "done", "two.jpg\nsharpened"),
        ("paid", "paid", "two.jpg\nhas a paid result"),
    ],
)
def test_the_corner_says_how_a_photo_stands_by_its_icon_and_in_words(strip_desk, kind, mark, words):
    marked(strip_desk, kind)
    index = strip(strip_desk).model().index(1, 0)
    assert cell(strip_desk, 1).mark == mark
    assert index.data(Qt.ItemDataRole.ToolTipRole) == words
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == words.replace("\n", ", ")
    corner = pixel(strip_desk, 1, 48 - 3 - 3, -40 + 3 + 10)
    ground = rgb(QColor(BADGES[mark][1])) if mark else None
    assert (corner == ground) is bool(mark)


def test_a_photo_whose_run_may_have_been_billed_says_so_after_a_restart(strip_desk):
    photo = strip_desk.state.photos[0]
    run = strip_desk.paid_run(Stage.UNKNOWN, photo)
    assert cell(strip_desk, 0).mark == "doubt"
    strip_desk.store.apply(photo_known, photo.id, run.fingerprint, ())
    assert cell(strip_desk, 0).mark == ""


# What a click or a key does


def test_a_click_shows_the_photo(strip_desk):
    click(strip_desk, 0)
    assert strip_desk.photo.name == "one.jpg"
    assert strip(strip_desk).currentIndex().row() == 0


def test_the_arrow_keys_show_the_next_and_the_one_before(strip_desk):
    strip(strip_desk).setFocus()
    seen = []
    for key in (Key.Key_Left, Key.Key_Left, Key.Key_Left, Key.Key_Right, Key.Key_End, Key.Key_Home):
        strip_desk.key(key)
        seen.append(strip_desk.photo.name)
    assert seen == ["two.jpg", "one.jpg", "one.jpg", "two.jpg", "three.jpg", "one.jpg"]


def test_delete_takes_the_photo_off_the_list_and_letters_are_no_search(strip_desk):
    strip(strip_desk).setFocus()
    strip_desk.key(Key.Key_O)
    assert strip_desk.photo.name == "three.jpg"
    strip_desk.key(Key.Key_Delete)
    strip_desk.until(lambda: len(strip_desk.state.photos) == 2)
    assert strip_desk.photo.name == "two.jpg"


def test_a_photo_chosen_elsewhere_comes_into_view(strip_desk):
    list_many(strip_desk, 60)
    strip_desk.store.apply(photo_chosen, "many-59")
    shown = strip(strip_desk)
    assert shown.viewport().rect().contains(middle(strip_desk, 62))
    strip_desk.store.apply(photo_chosen, strip_desk.state.photos[0].id)
    assert shown.viewport().rect().contains(middle(strip_desk, 0))


def test_a_photo_chosen_while_the_strip_was_hidden_is_in_view_when_it_comes_back(strip_desk):
    list_many(strip_desk, 60)
    strip_desk.key(Key.Key_F6)
    strip_desk.store.apply(photo_chosen, "many-59")
    strip_desk.key(Key.Key_F6)
    shown = strip(strip_desk)
    strip_desk.until(lambda: shown.viewport().rect().contains(middle(strip_desk, 62)))


def test_the_wheel_goes_along_the_strip(strip_desk):
    list_many(strip_desk, 60)
    bar = strip(strip_desk).horizontalScrollBar()
    strip_desk.until(lambda: bar.maximum() > 0)
    before = bar.value()
    strip_desk.wheel(strip(strip_desk).viewport(), -2)
    assert bar.value() > before
    strip_desk.wheel(strip(strip_desk).viewport(), 2)
    assert bar.value() == before


def test_the_strip_can_be_reached_by_tab(strip_desk):
    strip_desk.find("primary").setFocus()
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    assert QApplication.focusWidget() is strip(strip_desk)


# Many photos


def test_five_hundred_photos_take_no_widgets_of_their_own(desk):
    before = len(desk.find("filmstrip").findChildren(QWidget))
    list_many(desk, 500)
    assert len(desk.find("filmstrip").findChildren(QWidget)) == before
    assert strip(desk).model().rowCount() == 500


def test_what_a_run_reports_makes_no_cell_anew(strip_desk):
    run = strip_desk.start_run()
    told = []
    strip(strip_desk).model().dataChanged.connect(lambda *_: told.append(1))
    for step in range(20):
        strip_desk.store.apply(run_progressed, run.id, Progress(Phase.SHARPENING, step / 20))
    assert told == []
    strip_desk.store.apply(run_ended, run.id, "It did not work.")
    assert told == [1]


def test_added_and_removed_photos_leave_the_others_where_they_are(desk):
    model, told = CellModel(), []
    model.rowsInserted.connect(lambda _, first, last: told.append(("come", first, last)))
    model.rowsRemoved.connect(lambda _, first, last: told.append(("gone", first, last)))
    model.modelReset.connect(lambda: told.append("reset"))
    list_many(desk, 5)
    model.show_state(desk.state)
    list_many_more = tuple(Photo(f"more-{number}", "x.jpg") for number in range(2))
    desk.store.apply(photos_listed, list_many_more)
    model.show_state(desk.state)
    desk.store.apply(photo_removed, "many-2")
    model.show_state(desk.state)
    assert told == [("come", 0, 4), ("come", 5, 6), ("gone", 2, 2)]
    assert [model.index(row, 0).data(CELL_ROLE).photo_id for row in range(model.rowCount())] == [
        photo.id for photo in desk.state.photos
    ]


def test_only_so_many_bytes_of_thumbnails_are_kept(strip_desk):
    one = 96 * 64 * 4
    kept = Thumbnails(most_bytes=2 * one)
    cells = [cell(strip_desk, place) for place in range(3)]
    for each in cells:
        assert not kept.of(each, 1.0).isNull()
        assert kept.held_bytes <= 2 * one
    assert kept.of(replace(cells[0], display=None), 1.0) is None  # the oldest has gone
    assert kept.of(replace(cells[2], display=None), 1.0) is not None


def test_a_photo_whose_pixels_were_given_back_keeps_its_picture(strip_desk):
    assert pixel(strip_desk, 0) == RED
    photo = strip_desk.state.photos[0]
    strip_desk.store.apply(
        photo_changed, photo.id, lambda old: replace(old, variants=(), loading=Loading.LISTED)
    )
    assert pixel(strip_desk, 0) == RED


# The queue


def test_a_batch_says_how_far_it_is_and_can_be_paused_resumed_and_stopped(strip_desk):
    desk = strip_desk
    assert not desk.find("queue_box").isVisible()
    desk.local.hold()
    desk.click("sharpen_all_link")
    desk.until(lambda: desk.local.gate.waiting)
    assert desk.text("batch_line") == "0 of 3 done"
    assert desk.button("pause_queue_button").text() == "Pause"
    desk.click("pause_queue_button")
    assert desk.text("batch_line") == "0 of 3 done · paused"
    assert desk.button("pause_queue_button").text() == "Resume"
    assert desk.action("pause_queue").isChecked()
    desk.click("pause_queue_button")
    assert desk.text("batch_line") == "0 of 3 done"
    desk.click("stop_all_button")
    desk.until(lambda: not desk.find("queue_box").isVisible())
    desk.until(lambda: desk.local.stops == 1)


def test_the_price_of_a_batch_stands_in_a_line_of_its_own(strip_desk):
    desk = strip_desk
    desk.use_cloud()
    desk.cloud.hold()
    desk.click("sharpen_all_link")
    desk.until(lambda: desk.cloud.gate.waiting)
    assert desk.text("batch_line") == "0 of 3 done\n≈ $0.32 · limit $5"
    assert [cell(desk, place).mark for place in range(3)] == ["running", "waiting", "waiting"]
    desk.action("stop_all").trigger()
    desk.until(lambda: not any(run.is_waiting or run.is_busy for run in desk.state.runs))
