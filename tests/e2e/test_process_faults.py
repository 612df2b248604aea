"""The real program when things go wrong that no window can prevent: bugs, ends, sleep, memory, a second start."""

import json
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from support import api_answers
from support.api_server import ApiServer
from support.drive import Program, descendants, is_alive, wait_until

CANARY = "sk-canary-0123456789abcdef"
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a matter of Linux")


@pytest.fixture
def photo(photos, tmp_path):
    return Path(shutil.copy(photos / "two.png", tmp_path / "two.png"))


def scenario(name):
    return f"e2e.fault_scenarios:{name}"


def of(server):
    return {"SHARPEN_API_URL": server.url, "SHARPEN_API_KEY": CANARY}


def log_of(program):
    return "".join(file.read_text(encoding="utf-8") for file in (program.home / "log").iterdir())


def pause(seconds):
    threading.Event().wait(seconds)


@pytest.mark.fault(49)
def test_a_bug_in_a_slot_a_callback_or_a_task_is_one_notice_and_the_program_goes_on(photo, tmp_path):
    with Program(tmp_path, scenario("bugs"), photo) as program:
        for step in ("slot", "callback", "task"):
            seen = program.told()
            assert (seen["step"], seen["count"]) == (step, 1)
            assert "went wrong" in seen["notice"]
        assert program.told()["results"] == 1
        assert program.ended(within_s=10) == 0
        assert log_of(program).count("ZeroDivisionError: a bug") == 3


@pytest.mark.fault(50)
def test_an_open_dialog_does_not_hold_up_a_transfer(photo, tmp_path):
    with ApiServer() as server:
        server.deliver_with(api_answers.trickling(2.0))
        with Program(tmp_path, scenario("dialog_during_a_transfer"), photo, **of(server)) as program:
            seen = program.told()
            assert seen["is_open"]
            assert seen["results"] == 1
            assert program.ended(within_s=10) == 0


@pytest.mark.fault(48)
@pytest.mark.parametrize("way", ["close", "quit", "terminate"])
def test_the_end_during_a_request_is_orderly_quick_and_loses_nothing(photo, tmp_path, way):
    with ApiServer() as server:
        server.hold()
        with Program(tmp_path, scenario("at_the_service"), photo, **of(server)) as program:
            program.told()
            below = descendants(program.process.pid)
            if way == "terminate":
                program.process.send_signal(signal.SIGTERM)
            started = time.monotonic()
            program.go(way)
            assert program.ended(within_s=10) == 0
            assert time.monotonic() - started < 5
            wait_until(lambda: not any(map(is_alive, below)), 2)
            assert "Traceback" not in program.stderr
        server.release()
        assert server.wait_for(lambda it: it.charges)
        with Program(tmp_path, scenario("settle_everything"), **of(server)) as program:
            assert list(program.told().values()) == ["lost"]
            assert program.ended(within_s=10) == 0
        assert len(server.posts) == 1


@pytest.mark.fault(61)
@pytest.mark.parametrize("text", [b"\x00\xff garbage", b"[1, 2]", b'{"version": 99999}', b"[" * 100_000, b""])
def test_settings_that_cannot_be_read_are_kept_and_the_window_starts_with_the_defaults(photo, tmp_path, text):
    config = tmp_path / "home" / "config"
    config.mkdir(parents=True)
    (config / "preferences.json").write_bytes(text)
    with Program(tmp_path, scenario("start_and_work"), photo) as program:
        seen = program.told()
        assert any("settings could not be read" in each for each in seen["notices"])
        assert program.told()["results"] == 1
        program.go()
        assert program.ended(within_s=10) == 0
    assert (config / "preferences.damaged").read_bytes() == text
    assert json.loads((config / "preferences.json").read_text(encoding="utf-8"))["version"] > 0


@pytest.mark.fault(70)
@linux_only
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_the_workers_are_gone_two_seconds_after_the_window_however_it_died(photo, tmp_path, number):
    with Program(tmp_path, scenario("stay"), photo) as program:
        while "two.png" not in program.told()["photos"]:
            pass
        wait_until(lambda: descendants(program.process.pid), 10)
        below = descendants(program.process.pid)
        program.process.send_signal(number)
        program.process.wait(10)
        wait_until(lambda: not any(map(is_alive, below)), 2)


@pytest.mark.fault(73)
@linux_only
@pytest.mark.parametrize("moment", ["waiting", "downloading"])
def test_a_computer_that_sleeps_in_the_middle_of_a_run_gets_its_result(photo, tmp_path, moment):
    with ApiServer() as server:
        server.hold()
        if moment == "downloading":
            server.deliver_with(api_answers.stalled_download)
        with Program(tmp_path, scenario("at_the_service"), photo, **of(server)) as program:
            program.told()
            program.go("arrive")
            if moment == "downloading":
                server.release()  # what waits at the gate goes through, what comes later waits
                server.hold()
                assert server.wait_for(lambda it: it.downloads)
            program.process.send_signal(signal.SIGSTOP)
            pause(4)
            server.release()
            pause(0.5)
            program.process.send_signal(signal.SIGCONT)
            seen = program.told()
            assert (seen["results"], seen["notice"]) == (1, "")
            assert program.ended(within_s=10) == 0
        assert len(server.posts) == 1


@pytest.mark.fault(76)
@linux_only
def test_a_window_without_memory_to_show_a_photo_works_again_when_there_is_some(photo, large, tmp_path):
    with Program(tmp_path, scenario("little_memory"), photo, large) as program:
        after = program.told()
        assert (after["photo"], after["results"]) == ("two.png", 1)
        assert program.ended(within_s=10) == 0


@pytest.mark.fault(76)
@linux_only
def test_a_paid_answer_that_comes_while_there_is_no_memory_is_not_lost(photo, tmp_path):
    with ApiServer() as server:
        server.hold()
        with Program(tmp_path, scenario("little_memory_at_the_service"), photo, **of(server)) as program:
            program.told()
            server.release()
            assert list(program.told().values()) == ["stored"]
            program.process.terminate()
            program.go()  # the scenario waits for it
            assert program.ended(within_s=10) == 0
        assert len(server.charges) == 1


@pytest.mark.fault(59)
def test_a_second_start_hands_its_photos_over_and_after_a_kill_the_next_one_takes_over(
    photo, photos, tmp_path
):
    other = Path(shutil.copy(photos / "three.jpg", tmp_path / "three.jpg"))
    with Program(tmp_path, scenario("stay"), photo) as first:
        while "two.png" not in first.told()["photos"]:
            pass
        with Program(tmp_path, scenario("start_and_work"), other) as second:
            assert second.ended(within_s=15) == 0
        assert first.told()["photos"] == ["three.jpg", "two.png"]
        first.process.kill()
        first.process.wait(10)
    with Program(tmp_path, scenario("stay"), other) as third:
        while "three.jpg" not in third.told()["photos"]:
            pass
        third.go()
        assert third.ended(within_s=10) == 0
