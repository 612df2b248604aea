"""Wishes about settings, comparing, preferences and notices."""

import pytest
from support.fakes import on_desk

from sharpen_desktop.app import remembering
from sharpen_desktop.app.notices import SETTLE, NoticeBoard, wishes_after
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.errors import (
    AlreadyPaid,
    Charge,
    CloudError,
    CreditExhausted,
    KeyRefused,
    LimitReached,
    SharpenError,
    StoreFull,
    Unreachable,
)
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.settings import Settings, defaults
from sharpen_desktop.core.state import AppState


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(remembering, "PREFS_DELAY_S", 0.01)


# Settings


@on_desk()
async def test_an_edited_value_is_cleaned_to_the_limits_of_its_field(desk):
    desk.controller.edit_setting("strength", 7)
    assert desk.state.settings.get("strength") == 1.0
    desk.controller.edit_setting("output_format", "jpg")
    assert desk.state.settings.get("output_format") == "jpeg"
    desk.controller.edit_setting("mode", "No such mode")
    assert desk.state.settings.get("mode") == "Standard"


@on_desk()
async def test_auto_takes_the_value_away_where_there_is_no_default(desk):
    desk.controller.edit_setting("strength", 0.5)
    desk.controller.edit_setting("strength", None)
    assert desk.state.settings.get("strength") is None
    desk.controller.edit_setting("mode", None)
    assert desk.state.settings.get("mode") == "Standard"


@on_desk()
async def test_a_drag_is_one_step_of_undo(desk):
    for value in (0.2, 0.3, 0.4):
        desk.controller.edit_setting("strength", value)
    desk.controller.end_edit()
    desk.controller.edit_setting("strength", 0.9)
    desk.controller.undo()
    assert desk.state.settings.get("strength") == 0.4
    desk.controller.undo()
    assert desk.state.settings.get("strength") is None
    desk.controller.redo()
    assert desk.state.settings.get("strength") == 0.4


@on_desk()
async def test_reset_of_a_field_is_a_step_of_its_own(desk):
    desk.controller.edit_setting("face_enhancement_strength", 0.1)
    desk.controller.reset_setting("face_enhancement_strength")
    assert desk.state.settings.get("face_enhancement_strength") == 0.8
    desk.controller.edit_setting("face_enhancement_strength", 0.3)
    desk.controller.undo()
    assert desk.state.settings.get("face_enhancement_strength") == 0.8
    desk.controller.undo()
    assert desk.state.settings.get("face_enhancement_strength") == 0.1


@on_desk()
async def test_reset_of_a_field_without_a_default_is_auto(desk):
    desk.controller.edit_setting("strength", 0.1)
    desk.controller.reset_setting("strength")
    assert desk.state.settings.get("strength") is None


@on_desk()
async def test_reset_of_all_fields_can_be_undone(desk):
    desk.controller.edit_setting("mode", "Strong")
    desk.controller.edit_setting("strength", 0.1)
    desk.controller.reset_settings()
    assert desk.state.settings == defaults(desk.schema)
    desk.controller.undo()
    assert desk.state.settings.get("strength") == 0.1
    assert desk.state.settings.get("mode") == "Strong"


@on_desk()
async def test_undo_leaves_results_alone(desk):
    await desk.opened("a.jpg")
    desk.controller.edit_setting("strength", 0.4)
    result = await desk.sharpened()
    desk.controller.undo()
    assert desk.current.results == (result,)
    assert desk.current.results[0].made_with.get("strength") == 0.4


# Comparing


@on_desk()
async def test_split_is_for_photos_with_a_result_only(desk):
    await desk.opened("a.jpg")
    desk.controller.choose_view("split")
    assert desk.state.view == "single"
    await desk.sharpened()
    desk.controller.choose_view("single")
    assert desk.state.view == "single"
    desk.controller.choose_view("split")
    assert desk.state.view == "split"


@on_desk()
async def test_before_is_shown_while_wanted(desk):
    await desk.opened("a.jpg")
    await desk.sharpened()
    desk.controller.show_before(True)
    assert desk.state.is_before_shown
    desk.controller.show_before(False)
    assert not desk.state.is_before_shown


@on_desk()
async def test_the_divider_turns_and_the_sides_can_be_chosen(desk):
    await desk.opened("a.jpg")
    first = await desk.sharpened()
    second = await desk.sharpened()
    desk.controller.turn_view()
    desk.controller.choose_side("a", first.id)
    assert desk.state.is_turned
    assert (desk.current.side_a, desk.current.side_b) == (first.id, second.id)


# Preferences


@on_desk()
async def test_changed_preferences_and_settings_are_written_once_they_rest(desk, soon):
    desk.controller.change_prefs(theme="light")
    for value in (0.2, 0.3, 0.4):
        desk.controller.edit_setting("strength", value)
    assert desk.state.prefs.theme == "light"
    assert desk.prefs_file.written == []
    await desk.until(lambda: desk.prefs_file.written)
    written = desk.prefs_file.written
    assert len(written) == 1
    assert written[0].theme == "light"
    assert dict(written[0].settings)["strength"] == 0.4


@on_desk()
async def test_what_is_not_remembered_writes_nothing(desk, soon):
    desk.controller.change_prefs(theme="light")
    await desk.until(lambda: desk.prefs_file.written)
    await desk.opened("a.jpg")
    desk.controller.turn_view()
    desk.controller.choose_engine("cloud")
    await desk.pause()
    assert len(desk.prefs_file.written) == 1


@on_desk()
async def test_a_change_right_before_the_end_is_written(desk):
    desk.controller.change_prefs(theme="light")
    await desk.controller.aclose()
    assert desk.prefs_file.written[-1].theme == "light"


# Notices


def board_and_store():
    store = Store(AppState(begun(Settings()), status="Working"))
    return NoticeBoard(store), store


@pytest.mark.parametrize("charge", [None, *Charge])
def test_an_error_is_one_notice_with_its_sentence_and_what_it_cost(charge):
    board, store = board_and_store()
    board.fail(CloudError("It broke.", charge=charge))
    assert [each.text for each in store.state.notices] == [
        f"It broke. {charge.value}" if charge else "It broke."
    ]
    assert store.state.notices[0].kind == "error"


@pytest.mark.parametrize(
    ("error", "is_paused", "offered"),
    [
        (SharpenError("It broke.", retryable=True), False, ["sharpen"]),
        (SharpenError("It broke."), False, []),
        (CloudError("It broke.", charge=Charge.UNKNOWN), False, []),
        (KeyRefused("No.", retryable=True), False, ["key", "sharpen"]),
        (KeyRefused("No."), True, ["key", "resume"]),
        (CreditExhausted("No."), False, ["top_up"]),
        (CreditExhausted("No."), True, ["top_up", "resume"]),
        (LimitReached("No."), True, ["preferences", "resume"]),
        (StoreFull("No."), True, ["resume"]),
        (Unreachable("No.", retryable=True), True, ["resume"]),
        (Unreachable("No.", retryable=True), False, ["sharpen"]),
        (AlreadyPaid("No.", charge=Charge.UNKNOWN), False, ["check", "again"]),
    ],
)
def test_what_a_failure_offers_is_what_mends_it_and_a_retry_only_where_repeating_is_safe(
    error, is_paused, offered
):
    assert [wish for wish, _ in wishes_after(error, is_paused=is_paused)] == offered


def test_a_notice_carries_its_wishes_and_what_they_are_about():
    board, store = board_and_store()
    board.fail(CloudError("It broke.", field="strength"), wishes=SETTLE, photo_id="a", run_id="r")
    notice = store.state.notices[0]
    assert (notice.wishes, notice.photo_id, notice.run_id, notice.field) == (SETTLE, "a", "r", "strength")


def test_an_offer_stays_however_many_notes_come_after_it():
    board, store = board_and_store()
    board.offer("5 photos still wait.", (("kept", "Resume"),))
    for number in range(20):
        board.note(f"Note {number}.")
    assert store.state.notices[0].text == "5 photos still wait."


def test_what_was_said_of_a_run_is_taken_back_and_nothing_else():
    board, store = board_and_store()
    board.fail(CloudError("The answer was lost."), run_id="r")
    board.fail(CloudError("Another."), run_id="other")
    board.note("A note.")
    board.withdraw("r")
    assert [each.text for each in store.state.notices] == ["Another.", "A note."]


def test_the_same_error_twice_is_one_notice():
    board, store = board_and_store()
    for _ in range(2):
        board.fail(SharpenError("It broke."))
    assert len(store.state.notices) == 1


def test_details_hold_the_technical_text_and_the_request_id():
    board, store = board_and_store()
    board.fail(SharpenError("It broke.", detail="HTTP 500", request_id="req-1"))
    board.fail(SharpenError("It broke again."))
    assert [each.detail for each in store.state.notices] == ["HTTP 500\nreq-1", ""]


def test_an_error_is_in_the_log_with_its_details(caplog):
    board, _ = board_and_store()
    board.fail(CloudError("It broke.", charge=Charge.NONE, detail="HTTP 500"))
    board.fail(SharpenError("It broke again."))
    assert [record.getMessage() for record in caplog.records] == [
        "It broke. Nothing was billed. (HTTP 500)",
        "It broke again. (SharpenError)",
    ]
    assert {record.levelname for record in caplog.records} == {"WARNING"}


def test_a_note_is_a_note():
    board, store = board_and_store()
    board.note("IPTC was kept as XMP.")
    assert (store.state.notices[0].kind, store.state.notices[0].wishes) == ("note", ())


def test_a_bug_is_logged_with_its_trace_and_told_in_one_plain_notice(caplog):
    board, store = board_and_store()
    board.crashed(ZeroDivisionError("division by zero"))
    assert "untouched" in store.state.notices[0].text
    assert "division" not in store.state.notices[0].text
    assert store.state.notices[0].detail == "ZeroDivisionError: division by zero"
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]
    caplog.clear()


@on_desk()
async def test_a_dismissed_notice_is_gone(desk):
    desk.controller.board.note("One.")
    desk.controller.board.note("Two.")
    desk.controller.dismiss_notice(desk.notices[0].id)
    assert desk.sentences == ["Two."]


@on_desk()
async def test_an_error_while_reporting_ends_what_the_status_said(desk):
    async def work():
        raise SharpenError("It broke.")

    await desk.controller.board.reporting(work)
    assert desk.sentences == ["It broke."]
    assert desk.state.status == ""
