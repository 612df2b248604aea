"""A worker process that crashes, hangs, runs out of memory or answers nonsense takes nothing with it."""

import asyncio
import sys

import pytest
from support import bad_work, images

from sharpen_desktop.core.errors import EngineFailed, PhotoUnreadable, SaveFailed
from sharpen_desktop.core.jobs import SharpenRequest
from sharpen_desktop.core.picture import Master, SaveOptions
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.services import local_engine, pictures
from sharpen_desktop.services.local_engine import LocalEngine
from sharpen_desktop.services.pictures import WorkerPictures
from sharpen_desktop.services.workers import Worker, WorkerDied, WorkerTimeout

pytestmark = pytest.mark.fault(69)
SMALL = 700 << 20
MASTER = Master("", 30, 20, 8, is_grey=False, pixels="nowhere.npy")


@pytest.fixture
def worker():
    made = Worker("pictures", SMALL)
    yield made
    made.stop()
    made.join(5)


@pytest.fixture
def photo(tmp_path):
    return images.save(tmp_path / "photo.png", images.smooth(30, 20))


@pytest.fixture
def reader(worker, tmp_path):
    return WorkerPictures(worker, tmp_path / "pixels")


def called(worker, function, timeout_s=None):
    return asyncio.run(worker.call(function, timeout_s=timeout_s))


@pytest.mark.parametrize("function", [bad_work.crash, bad_work.vanish])
def test_a_crash_is_told_and_the_next_call_has_a_new_process(worker, function):
    before = called(worker, bad_work.number)
    with pytest.raises(WorkerDied, match="pictures process ended"):
        called(worker, function)
    assert called(worker, bad_work.number) != before


def test_a_call_that_hangs_is_killed_after_its_time(worker):
    with pytest.raises(WorkerTimeout, match="gave no answer"):
        called(worker, bad_work.hang, timeout_s=0.3)
    assert called(worker, bad_work.number) > 0


def test_a_call_nobody_waits_for_any_more_is_killed(worker):
    async def given_up():
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(worker.call(bad_work.hang), 0.5)
        return await worker.call(bad_work.number)

    assert asyncio.run(given_up()) > 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory")
@pytest.mark.parametrize("function", [bad_work.eat_memory, bad_work.eat_all_there_is])
def test_a_call_that_takes_too_much_memory_ends_with_that_and_nothing_else(worker, function):
    with pytest.raises((MemoryError, WorkerDied)):
        called(worker, function)
    assert called(worker, bad_work.number) > 0


def test_an_answer_that_cannot_be_sent_is_an_error_and_not_a_wait_for_ever(worker):
    with pytest.raises(WorkerDied):
        called(worker, bad_work.garbage, timeout_s=10)
    assert called(worker, bad_work.number) > 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_is_no_answer_at_all_ends_the_call_and_the_next_one_has_a_new_process(worker):
    with pytest.raises(WorkerDied, match="no answer"):
        called(worker, bad_work.babble)
    assert called(worker, bad_work.number) > 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_local_engine_does_not_wait_for_a_process_that_sends_nonsense(worker, tmp_path, monkeypatch):
    real = worker.submit
    monkeypatch.setattr(worker, "submit", lambda *_, **__: real(bad_work.babble))
    engine = LocalEngine(worker, tmp_path, tmp_path, lambda: None)
    request = SharpenRequest("run-1", "local", Settings(), MASTER)
    with pytest.raises(EngineFailed, match="stopped unexpectedly"):
        asyncio.run(asyncio.wait_for(engine.sharpen(request, lambda _: None), 10))
    assert called_after(worker, real) > 0


@pytest.mark.parametrize("function", [bad_work.crash, bad_work.hang])
def test_a_photo_that_kills_its_reader_is_named_and_the_next_one_opens(
    reader, worker, photo, monkeypatch, function
):
    monkeypatch.setattr(pictures, "READ_LIMIT_S", 5.0)
    real = worker.call

    async def bad(_, *arguments, timeout_s=None):
        return await real(function, timeout_s=0.3)

    monkeypatch.setattr(worker, "call", bad)
    with pytest.raises(PhotoUnreadable, match=r"photo\.png could not be read safely"):
        asyncio.run(reader.open(photo))
    monkeypatch.setattr(worker, "call", real)
    assert asyncio.run(reader.open(photo)).master.width == 30


def test_a_save_whose_process_dies_overwrites_nothing_and_says_so(reader, worker, tmp_path, monkeypatch):
    target = tmp_path / "old.png"
    target.write_bytes(b"old")
    real = worker.call

    async def bad(*_, timeout_s=None):
        return await real(bad_work.crash)

    monkeypatch.setattr(worker, "call", bad)
    with pytest.raises(SaveFailed, match=r"old\.png was not saved.*Nothing was overwritten"):
        asyncio.run(reader.save(MASTER, MASTER, target, SaveOptions("png", 95), None))
    assert target.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (bad_work.crash, "stopped unexpectedly and was restarted"),
        (bad_work.raise_memory_error, "more memory than there is"),
    ],
)
def test_the_local_engine_says_what_became_of_its_process(worker, tmp_path, monkeypatch, function, said):
    real = worker.submit
    monkeypatch.setattr(worker, "submit", lambda *_, **__: real(function))
    engine = LocalEngine(worker, tmp_path, tmp_path, lambda: None)
    request = SharpenRequest("run-1", "local", Settings(), MASTER)
    with pytest.raises(EngineFailed, match=said):
        asyncio.run(engine.sharpen(request, lambda _: None))
    assert called_after(worker, real) > 0
    assert not list(tmp_path.glob("*.progress"))


def called_after(worker, submit):
    return submit(bad_work.number).result(20)


def test_an_engine_that_hangs_is_gone_soon_after_stop(worker, tmp_path, monkeypatch):
    real = worker.submit
    monkeypatch.setattr(worker, "submit", lambda *_, **__: real(bad_work.hang))
    monkeypatch.setattr(local_engine, "STOP_GRACE_S", 0.1)
    engine = LocalEngine(worker, tmp_path, tmp_path, lambda: None)
    request = SharpenRequest("run-1", "local", Settings(), MASTER)

    async def stopped():
        run = asyncio.ensure_future(engine.sharpen(request, lambda _: None))
        await asyncio.sleep(0.3)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run

    asyncio.run(stopped())
    assert called_after(worker, real) > 0
