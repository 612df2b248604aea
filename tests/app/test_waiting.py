"""What waits survives the program, and nothing of it starts by itself."""

import asyncio
from pathlib import Path

import pytest
from support.fakes import on_desk

from sharpen_desktop.app import waiting
from sharpen_desktop.core.errors import JournalFailed
from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.settings import Settings

CLOUD = {"engine": "cloud", "has_key": True}
STRONG = Settings((("mode", "Strong"), ("output_format", "jpeg")))


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(waiting, "KEEP_DELAY_S", 0.01)


def names(kept):
    return [Path(each.path).name for each in kept]


def left_over(desk, *photos):
    desk.archive.kept = tuple(WaitingPhoto(str(desk.file(name)), engine, STRONG) for name, engine in photos)


async def started(desk):
    desk.controller.started()
    await desk.idle()


# Keeping


@on_desk()
async def test_what_waits_is_kept_at_each_change_and_forgotten_as_it_is_done(desk, soon):
    await started(desk)
    await desk.opened("a.jpg", "b.jpg", "c.jpg")
    desk.local.hold()
    desk.controller.sharpen_all()
    await desk.until(lambda: names(desk.archive.kept) == ["a.jpg", "b.jpg", "c.jpg"])
    assert {each.engine for each in desk.archive.kept} == {"local"}
    desk.local.let_go()
    await desk.until(lambda: desk.archive.kept == ())


@on_desk()
async def test_closing_the_window_keeps_what_waits_and_what_of_the_batch_was_cut_short(desk):
    await started(desk)
    await desk.opened("a.jpg", "b.jpg")
    desk.local.hold()
    desk.controller.sharpen_all()
    await desk.until(lambda: desk.local.gate.waiting)
    desk.controller.close()
    await asyncio.wait_for(desk.controller.closed.wait(), 5)
    await desk.controller.aclose()
    assert names(desk.archive.kept) == ["a.jpg", "b.jpg"]
    assert desk.dialogs.questions == []


@on_desk()
async def test_many_changes_are_written_once_they_rest(desk):
    await started(desk)
    await desk.opened(*(f"{number}.jpg" for number in range(30)))
    desk.controller.sharpen_all()
    await desk.batch_ended(30)
    assert desk.archive.keeps <= 5


@on_desk()
async def test_a_journal_that_does_not_take_the_queue_stops_nothing(desk, soon):
    await started(desk)
    await desk.opened("a.jpg", "b.jpg")
    desk.archive.problem = JournalFailed("The disk is full.")
    desk.controller.sharpen_all()
    await desk.batch_ended(2)
    await desk.idle()
    assert all(photo.results for photo in desk.state.photos)


@on_desk()
async def test_what_was_kept_is_not_overwritten_before_it_was_read(desk, soon):
    left_over(desk, ("x.jpg", "local"))
    await desk.opened("a.jpg", "b.jpg")
    await desk.running(desk.local)
    desk.controller.step_photo(1)
    desk.controller.sharpen()
    await asyncio.sleep(0.05)
    assert names(desk.archive.kept) == ["x.jpg"]
    desk.controller.started()
    await desk.until(lambda: names(desk.archive.kept) == ["x.jpg", "b.jpg"])


# The next start


@on_desk(**CLOUD)
async def test_what_waits_from_last_time_is_offered_and_nothing_starts_by_itself(desk):
    left_over(desk, ("a.jpg", "local"), ("b.jpg", "cloud"))
    await started(desk)
    assert desk.sentences == ["2 photos still wait from last time. Nothing was sent."]
    assert list(dict(desk.notices[0].wishes)) == ["kept", "forget_kept"]
    assert desk.state.kept_queue == 2
    assert (desk.local.requests, desk.cloud.requests, desk.state.photos) == ([], [], ())


@on_desk()
async def test_nothing_is_said_when_nothing_waited(desk):
    await started(desk)
    assert desk.notices == ()


@on_desk()
async def test_resuming_opens_the_photos_and_sharpens_them_with_the_settings_they_were_queued_with(
    desk, soon
):
    left_over(desk, ("a.jpg", "local"), ("b.jpg", "local"))
    await started(desk)
    desk.controller.act(desk.notices[0].id, "kept")
    await desk.batch_ended(2)
    await desk.idle()
    assert desk.names == ["a.jpg", "b.jpg"]
    assert desk.state.current is not None
    assert [request.settings for request in desk.local.requests] == [STRONG, STRONG]
    assert desk.dialogs.plans == []
    assert desk.state.kept_queue == 0
    await desk.until(lambda: desk.archive.kept == ())


@on_desk(has_key=True)
async def test_a_queue_for_the_cloud_asks_again_before_anything_is_sent(desk):
    left_over(desk, ("a.jpg", "cloud"), ("b.jpg", "cloud"))
    desk.dialogs.agrees = False
    await started(desk)
    desk.controller.resume_kept_queue()
    await desk.idle()
    assert [plan.names for plan in desk.dialogs.plans] == [("a.jpg", "b.jpg")]
    assert desk.dialogs.plans[0].engine == "cloud"
    assert (desk.cloud.requests, desk.state.kept_queue) == ([], 2)
    desk.dialogs.agrees = True
    desk.controller.resume_kept_queue()
    await desk.batch_ended(2)
    await desk.idle()
    assert len(desk.cloud.requests) == 2
    assert desk.state.kept_queue == 0


@on_desk()
async def test_without_a_key_what_waits_for_the_cloud_goes_on_waiting(desk):
    left_over(desk, ("a.jpg", "cloud"), ("b.jpg", "local"))
    await started(desk)
    desk.controller.resume_kept_queue()
    await desk.batch_ended(1)
    await desk.idle()
    assert desk.state.is_key_wanted
    assert (len(desk.local.requests), desk.cloud.requests) == (1, [])
    assert desk.state.kept_queue == 1


@on_desk()
async def test_a_photo_that_is_gone_since_last_time_is_named_in_the_table(desk):
    left_over(desk, ("a.jpg", "local"), ("b.jpg", "local"))
    desk.pictures.refuse("b.jpg", "there is no such file")
    await started(desk)
    desk.controller.resume_kept_queue()
    batch = await desk.batch_ended(2)
    assert [each.problem for each in batch.outcomes] == [
        "",
        "b.jpg cannot be opened: there is no such file.",
    ]


@on_desk()
async def test_a_photo_that_is_open_already_is_not_opened_twice(desk):
    left_over(desk, ("a.jpg", "local"))
    await started(desk)
    await desk.opened("a.jpg")
    desk.controller.resume_kept_queue()
    await desk.until(lambda: desk.current.results)
    assert desk.names == ["a.jpg"]


@on_desk()
async def test_forgetting_forgets_and_the_next_start_says_nothing(desk, soon):
    left_over(desk, ("a.jpg", "local"))
    await started(desk)
    desk.controller.act(desk.notices[0].id, "forget_kept")
    await desk.until(lambda: desk.archive.kept == ())
    assert desk.state.kept_queue == 0
    assert desk.notices == ()


@on_desk()
async def test_what_was_not_resumed_is_kept_beside_what_waits_now(desk, soon):
    left_over(desk, ("x.jpg", "cloud"))
    await started(desk)
    await desk.opened("a.jpg")
    desk.local.hold()
    desk.controller.sharpen_all()
    await desk.until(lambda: names(desk.archive.kept) == ["x.jpg", "a.jpg"])
    desk.local.let_go()
    await desk.until(lambda: names(desk.archive.kept) == ["x.jpg"])
