"""The system's keyring is asked in threads of its own, and what it does not do is said truly."""

import asyncio
import os
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

import pytest
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordSetError
from support import keyrings
from support.drive import ROOT

from sharpen_desktop.services.key_ring import SERVICE, KeyRing, KeyRingTrouble, Trouble

KEY = "sk-0123456789abcdef"


def written(ring, text=KEY, is_wanted=lambda: True):
    kept = []
    asyncio.run(ring.write("api-key", text, is_wanted, lambda: kept.append(text)))
    return kept


def trouble_of(work):
    with pytest.raises(KeyRingTrouble) as caught:
        work()
    assert KEY not in "".join(traceback.format_exception(caught.value)), "the backend's own words held it"
    return caught.value.trouble


def test_what_is_written_can_be_read_and_removed():
    with keyrings.in_use(keyrings.Working()) as backend:
        ring = KeyRing()
        assert asyncio.run(ring.read("api-key")) == ""
        assert written(ring) == [KEY]
        assert backend.kept == {(SERVICE, "api-key"): KEY}
        assert asyncio.run(ring.read("api-key")) == KEY
        asyncio.run(ring.remove("api-key", lambda: True))
        assert backend.kept == {}
        asyncio.run(ring.remove("api-key", lambda: True))


def test_it_is_written_only_when_it_changes():
    with keyrings.in_use(keyrings.Working()) as backend:
        ring = KeyRing()
        assert written(ring) == written(ring) == [KEY]
        assert backend.writes == 1
        written(ring, "sk-another-key")
        assert backend.writes == 2


@pytest.mark.fault(71)
def test_a_keyring_that_keeps_nothing_is_found_out_by_reading_back():
    with keyrings.in_use(keyrings.Forgetful()) as backend:
        assert trouble_of(lambda: written(KeyRing())) is Trouble.UNKEPT
        assert backend.writes == 1


def test_a_keyring_that_everybody_can_read_is_none():
    with keyrings.in_use(keyrings.Readable()) as backend:
        assert trouble_of(lambda: written(KeyRing())) is Trouble.MISSING
        assert backend.writes == 0


class WindowsError1783(Exception):
    """What the Credential Manager raises for a text of more than 1,280 characters; no KeyringError."""

    def __init__(self):
        super().__init__(1783, "CredWrite", "The stub received bad data.")


@pytest.mark.fault(71)
@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (KeyringLocked(f"cannot write {KEY}"), Trouble.LOCKED),
        (InitError("Failed to create the collection: no prompter"), Trouble.CLOSED),
        (NoKeyringError("No recommended backend was available."), Trouble.MISSING),
        (ModuleNotFoundError("No module named 'somebodys_keyring'"), Trouble.MISSING),
        (WindowsError1783(), Trouble.TOO_LONG),
        (PasswordSetError(f"Can't store password {KEY}"), Trouble.FAILED),
        (OSError(5, f"D-Bus went away with {KEY}"), Trouble.FAILED),
        (AttributeError("a bug in a backend"), Trouble.FAILED),
    ],
)
def test_whatever_a_keyring_raises_becomes_a_true_sentence_without_the_key(error, trouble, caplog):
    caplog.set_level(0)
    with keyrings.in_use(keyrings.Failing(error)):
        assert trouble_of(lambda: written(KeyRing())) is trouble
    assert KEY not in caplog.text
    assert type(error).__name__ in caplog.text


@pytest.mark.fault(71)
def test_a_locked_keyring_can_neither_be_read_nor_emptied():
    with keyrings.in_use(keyrings.Locked()):
        assert trouble_of(lambda: asyncio.run(KeyRing().read("api-key"))) is Trouble.LOCKED
        remove = KeyRing().remove("api-key", lambda: True)
        assert trouble_of(lambda: asyncio.run(remove)) is Trouble.LOCKED


def test_the_loop_goes_on_while_a_prompt_stands_open():
    async def scene():
        ring, ticks = KeyRing(), 0
        reading = asyncio.create_task(ring.read("api-key"))
        assert await asyncio.to_thread(backend.asked.wait, 5)
        for _ in range(20):
            await asyncio.sleep(0.001)
            ticks += 1
        assert not reading.done()
        backend.answered.set()
        assert await reading == ""
        assert ticks == 20

    with keyrings.in_use(keyrings.Prompting()) as backend:
        asyncio.run(scene())


@pytest.mark.fault(71)
def test_nobody_waits_for_ever_for_a_prompt():
    with keyrings.in_use(keyrings.Prompting()):
        started = time.monotonic()
        assert trouble_of(lambda: asyncio.run(KeyRing(0.05).read("api-key"))) is Trouble.SILENT
        assert time.monotonic() - started < 2


def test_a_prompt_answered_late_still_keeps_what_is_still_wanted():
    with keyrings.in_use(keyrings.Prompting()) as backend:
        kept = threading.Event()
        write = KeyRing(0.05).write("api-key", KEY, lambda: True, kept.set)
        assert trouble_of(lambda: asyncio.run(write)) is Trouble.SILENT
        assert not kept.is_set()
        backend.answered.set()
        assert kept.wait(5)
        assert backend.texts == [KEY]


def test_a_prompt_answered_late_keeps_nothing_that_is_no_longer_wanted():
    with keyrings.in_use(keyrings.Prompting()) as backend:
        is_wanted, kept = threading.Event(), threading.Event()
        is_wanted.set()
        write = KeyRing(0.05).write("api-key", KEY, is_wanted.is_set, kept.set)
        assert trouble_of(lambda: asyncio.run(write)) is Trouble.SILENT
        is_wanted.clear()
        backend.answered.set()
        keyrings.keyring_threads_end()
        assert backend.writes == 1
        assert backend.texts == []
        assert not kept.is_set()


def test_a_later_call_waits_for_the_one_before_so_that_they_cannot_undo_each_other():
    async def scene():
        ring, wanted = KeyRing(), ["old"]
        old = asyncio.create_task(ring.write("api-key", "old", lambda: wanted == ["old"], lambda: None))
        assert await asyncio.to_thread(backend.asked.wait, 5)
        wanted[:] = ["new"]
        new = asyncio.create_task(ring.write("api-key", "new", lambda: wanted == ["new"], lambda: None))
        await asyncio.sleep(0.02)
        backend.answered.set()
        await asyncio.gather(old, new)

    with keyrings.in_use(keyrings.Prompting()) as backend:
        asyncio.run(scene())
        assert backend.texts == ["new"]
        assert backend.prompts == 1


def test_what_was_overtaken_before_its_turn_touches_nothing():
    with keyrings.in_use(keyrings.Working()) as backend:
        backend.set_password(SERVICE, "api-key", "kept since")
        assert written(KeyRing(), is_wanted=lambda: False) == []
        asyncio.run(KeyRing().remove("api-key", lambda: False))
        assert backend.texts == ["kept since"]


def alone(code: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run code in a fresh interpreter that has no session bus."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    home = {"HOME": str(folder), "PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), str(ROOT)))}
    return subprocess.run(
        [sys.executable, "-c", code], env={**kept, **home, **environment},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


ASKED = """
import asyncio, sys
from sharpen_desktop.services.key_ring import KeyRing, KeyRingTrouble
try:
    asyncio.run(KeyRing(float(sys.argv[1]) if sys.argv[1:] else 0.3).write(
        "api-key", "sk-0123456789", lambda: True, lambda: print("kept")))
except KeyRingTrouble as trouble:
    print(trouble.trouble.name)
"""


@pytest.mark.fault(71)
@pytest.mark.parametrize(
    ("backend", "answer"),
    [
        ("keyring.backends.null.Keyring", "MISSING"),
        ("keyring.backends.fail.Keyring", "MISSING"),
        ("no_such_package.Keyring", "MISSING"),
        ("support.keyrings.Forgetful", "UNKEPT"),
        ("support.keyrings.Locked", "LOCKED"),
        ("support.keyrings.Working", "kept"),
    ],
)
def test_the_keyring_of_the_environment_is_the_one_that_is_asked(backend, answer, tmp_path):
    done = alone(ASKED.replace("0.3", "30"), tmp_path, PYTHON_KEYRING_BACKEND=backend)
    assert done.stdout.split() == [answer], done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a matter of D-Bus")
def test_without_a_session_bus_there_is_no_keyring(tmp_path):
    assert alone(ASKED.replace("0.3", "30"), tmp_path).stdout.split() == ["MISSING"]


@pytest.mark.fault(71)
def test_a_program_whose_keyring_never_answers_ends_all_the_same(tmp_path):
    started = time.monotonic()
    done = alone(ASKED, tmp_path, PYTHON_KEYRING_BACKEND="support.keyrings.Silent")
    assert done.stdout.split() == ["SILENT"], done.stderr
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - started < 15


def test_the_library_is_not_loaded_before_the_keyring_is_asked(tmp_path):
    code = """
import sys
from sharpen_desktop.services.keys import KeptKeys
from pathlib import Path
KeptKeys({}, Path(sys.argv[0])).value()
print("keyring" in sys.modules)
"""
    assert alone(code, tmp_path).stdout.split() == ["False"]
