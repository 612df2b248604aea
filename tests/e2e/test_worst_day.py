"""No network, a wrong clock, a full disk, a locked keyring: the window starts, photos are sharpened here, all told is true."""

import shutil
import subprocess
from pathlib import Path

import pytest
from support.api_server import ApiServer
from support.clock import WrongClock
from support.drive import Program
from support.full_disk import fill, small_disk

__all__ = ["small_disk"]

CANARY = "sk-canary-0123456789abcdef"
NOWHERE = {"SHARPEN_API_URL": "https://service.invalid", "SHARPEN_API_KEY": CANARY}
UNPLUGGED = ("unshare", "--net")
YEARS = (10, -10)


def can_unplug():
    try:
        return subprocess.run([*UNPLUGGED, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def photo(photos, tmp_path):
    return Path(shutil.copy(photos / "two.png", tmp_path / "two.png"))


def worked(folder, photo, word="", scenario="start_and_work", under=(), **environment):
    """Let the window start, sharpen here, save, and with the word "cloud" send: what was seen at each step."""
    steps = {}
    with Program(folder, f"e2e.fault_scenarios:{scenario}", photo, under=under, **environment) as program:
        while len(steps) < 2:
            facts = program.told()
            steps[facts["step"]] = facts
        program.go(word)
        if word:
            steps["sent"] = program.told()
            program.go()
            program.process.terminate()
        assert program.ended(within_s=15) == 0
        assert "Traceback" not in program.stderr
    assert (steps["started"]["photo"], steps["saved"]["results"]) == ("two.png", 1)
    assert photo.with_name("two-sharp.png").is_file()
    return steps


@pytest.mark.fault(1)
@pytest.mark.parametrize("is_unplugged", [True, False])
def test_without_a_network_it_works_here_and_says_that_nothing_was_sent(photo, tmp_path, is_unplugged):
    if is_unplugged and not can_unplug():
        pytest.skip("a program cannot be cut off from the network here")
    steps = worked(tmp_path, photo, "cloud", under=UNPLUGGED if is_unplugged else (), **NOWHERE)
    assert steps["started"]["notices"] == steps["saved"]["notices"] == []
    (said,) = steps["sent"]["notices"]
    assert "service.invalid" in said
    assert said.endswith("Nothing was billed.")
    assert steps["sent"]["results"] == 1


@pytest.mark.fault(73)
@pytest.mark.parametrize("years", YEARS)
def test_with_the_clock_ten_years_off_it_works_here_and_at_the_service(photo, tmp_path, years):
    with ApiServer() as server:
        environment = {"SHARPEN_API_URL": server.url, "SHARPEN_API_KEY": CANARY} | WrongClock(
            tmp_path, years
        ).environment
        steps = worked(tmp_path, photo, "cloud", **environment)
        assert steps["started"]["notices"] == steps["saved"]["notices"] == []
        assert (steps["sent"]["results"], steps["sent"]["notices"]) == (2, [])
        assert len(server.charges) == 1


@pytest.mark.fault(73)
@pytest.mark.parametrize("years", YEARS)
def test_a_clock_that_jumps_during_a_run_changes_nothing_for_it(photo, tmp_path, years):
    clock = WrongClock(tmp_path)
    with ApiServer() as server:
        server.hold()
        environment = {"SHARPEN_API_URL": server.url, "SHARPEN_API_KEY": CANARY} | clock.environment
        with Program(tmp_path, "e2e.fault_scenarios:at_the_service", photo, **environment) as program:
            program.told()
            program.go("arrive")
            clock.set(years)
            server.release()
            seen = program.told()
            assert (seen["results"], seen["notice"]) == (1, "")
            assert program.ended(within_s=15) == 0
        assert len(server.posts) == 1


@pytest.mark.fault(71)
@pytest.mark.parametrize("keyring", ["Locked", "Silent", "missing"])
def test_with_a_keyring_that_does_not_open_it_works_here(photo, tmp_path, keyring):
    backend = "keyring.backends.fail.Keyring" if keyring == "missing" else f"support.keyrings.{keyring}"
    steps = worked(tmp_path, photo, PYTHON_KEYRING_BACKEND=backend)
    assert steps["saved"]["notices"] == []


def on_disk(disk, folder):
    """All folders of the program on that disk, but for the pixels of open photos."""
    places = {"SHARPEN_HOME": "", "XDG_CACHE_HOME": str(folder / "cache")}
    return places | {f"XDG_{name}_HOME": str(disk / name) for name in ("CONFIG", "DATA", "STATE")}


@pytest.mark.fault(52, 53)
def test_with_the_disk_full_it_works_here_and_says_where_the_result_is(photo, small_disk, tmp_path):
    fill(small_disk)
    steps = worked(tmp_path, photo, "cloud", **on_disk(small_disk, tmp_path), **NOWHERE)
    said = steps["started"]["notices"] + steps["saved"]["notices"]  # the photo does not wait for the records
    assert any("full" in each for each in said)
    assert "full" in steps["sent"]["notices"][-1]
    assert steps["sent"]["results"] == 1


@pytest.mark.fault(1, 53, 71, 73)
@pytest.mark.parametrize("years", YEARS)
def test_with_all_of_it_at_once_it_works_here(photo, small_disk, tmp_path, years):
    fill(small_disk)
    environment = on_disk(small_disk, tmp_path) | {"PYTHON_KEYRING_BACKEND": "support.keyrings.Locked"}
    environment |= WrongClock(tmp_path, years).environment | {"SHARPEN_API_URL": "https://service.invalid"}
    worked(tmp_path, photo, under=UNPLUGGED if can_unplug() else (), **environment)
