"""The keys: which goes first, where they are kept, and that every sentence about it is true."""

import asyncio
import json
import os
import stat
from contextlib import contextmanager

import pytest
from keyring.errors import PasswordSetError
from support import keyrings

from sharpen_desktop.core.errors import KeyRefused
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.services.key_file import KeyFile
from sharpen_desktop.services.key_ring import KeyRing, Trouble
from sharpen_desktop.services.keys import FILE_NAME, NO_KEY, OVERRULED, KeptKeys

KEY, OTHER = "sk-0123456789abcdef", "sk-another-key-987"
SESSION = KeyPlace.SESSION.value


class Desk:
    """The keys on a temporary folder, with a keyring of our own."""

    def __init__(self, folder):
        self.folder = folder

    @property
    def file(self):
        return self.folder / FILE_NAME

    def keys(self, patience_s=5.0, **environment):
        """Return the keys as a new start of the program makes them."""
        return KeptKeys(environment, self.folder, KeyRing(patience_s))

    def loaded(self, **environment):
        keys = self.keys(**environment)
        place = asyncio.run(keys.load())
        assert place is keys.place
        return keys

    def with_key(self, key=KEY, **environment):
        keys = self.keys(**environment)
        keys.give(key)
        return keys


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@contextmanager
def keyring_is(backend):
    with keyrings.in_use(backend):
        yield backend


def kept(keys, place):
    return asyncio.run(keys.keep(place))


# Which key goes first


def test_without_a_key_there_is_none(desk):
    keys = desk.keys()
    assert (keys.value(), keys.place) == ("", KeyPlace.NONE)
    with keyring_is(keyrings.Working()):
        assert asyncio.run(keys.load()) is KeyPlace.NONE
        assert kept(keys, KeyPlace.KEYRING) == NO_KEY


def test_the_environment_goes_before_what_is_kept_and_the_keyring_is_not_asked(desk):
    with keyring_is(keyrings.Working()) as ring:
        kept(desk.with_key(), KeyPlace.KEYRING)
        assert ring.writes == 1
    with keyring_is(keyrings.Locked()):
        keys = desk.loaded(SHARPEN_API_KEY=f"Bearer {OTHER}")
    assert (keys.value(), keys.place) == (OTHER, KeyPlace.ENVIRONMENT)


def test_the_environments_key_is_only_read(desk):
    with keyring_is(keyrings.Working()) as ring:
        keys = desk.keys(SHARPEN_API_KEY=KEY)
        for place in (KeyPlace.KEYRING, KeyPlace.FILE, KeyPlace.SESSION):
            assert kept(keys, place) == KeyPlace.ENVIRONMENT.value
        assert asyncio.run(keys.forget()) == KeyPlace.ENVIRONMENT.value
        assert ring.writes == 0
    assert (keys.value(), keys.place) == (KEY, KeyPlace.ENVIRONMENT)
    assert not desk.file.exists()


def test_a_key_typed_in_goes_before_the_environments_for_this_session(desk):
    with keyring_is(keyrings.Working()):
        keys = desk.with_key(OTHER, SHARPEN_API_KEY=KEY)
        assert (keys.value(), keys.place) == (OTHER, KeyPlace.SESSION)
        assert kept(keys, KeyPlace.KEYRING) == f"{KeyPlace.KEYRING.value} {OVERRULED}"
        assert desk.loaded(SHARPEN_API_KEY=KEY).value() == KEY
        assert asyncio.run(keys.forget()) == KeyPlace.ENVIRONMENT.value
        assert (keys.value(), keys.place) == (KEY, KeyPlace.ENVIRONMENT)
        assert desk.loaded().value() == ""


def test_a_key_that_cannot_be_one_changes_nothing(desk):
    keys = desk.with_key()
    with pytest.raises(KeyRefused):
        keys.give("🔑" * 8)
    assert (keys.value(), keys.place) == (KEY, KeyPlace.SESSION)


def test_a_key_typed_in_while_the_keyring_prompts_stays_in_use(desk):
    async def scene():
        keys = desk.keys()
        loading = asyncio.create_task(keys.load())
        assert await asyncio.to_thread(ring.asked.wait, 5)
        keys.give(OTHER)
        ring.answered.set()
        return await loading, keys.value()

    with keyring_is(keyrings.Prompting()) as ring:
        ring.kept["sharpen-desktop", "api-key"] = KEY
        assert asyncio.run(scene()) == (KeyPlace.SESSION, OTHER)


def test_what_somebody_has_edited_by_hand_is_cleaned(desk):
    with keyring_is(keyrings.Working()) as ring:
        ring.kept["sharpen-desktop", "api-key"] = f' "{KEY}"\n'
        assert desk.loaded().value() == KEY


# In the keyring


def test_a_key_kept_in_the_keyring_is_there_at_the_next_start(desk):
    with keyring_is(keyrings.Working()) as ring:
        assert kept(desk.with_key(), KeyPlace.KEYRING) == KeyPlace.KEYRING.value
        keys = desk.loaded()
        assert (keys.value(), keys.place) == (KEY, KeyPlace.KEYRING)
        assert kept(keys, KeyPlace.KEYRING) == KeyPlace.KEYRING.value
        assert ring.writes == 1
    assert list(desk.folder.iterdir()) == []


@pytest.mark.fault(71)
@pytest.mark.parametrize(
    ("backend", "trouble"),
    [
        (keyrings.Locked(), Trouble.LOCKED),
        (keyrings.Forgetful(), Trouble.UNKEPT),
        (keyrings.Readable(), Trouble.MISSING),
        (keyrings.Failing(PasswordSetError(KEY)), Trouble.FAILED),
        (keyrings.Failing(OSError(1783, "CredWrite")), Trouble.TOO_LONG),
    ],
)
def test_a_keyring_that_fails_is_named_and_the_key_stays_for_this_session(desk, backend, trouble):
    with keyring_is(backend):
        keys = desk.with_key()
        assert kept(keys, KeyPlace.KEYRING) == f"{trouble.value} {SESSION}"
        assert (keys.value(), keys.place) == (KEY, KeyPlace.SESSION)
        assert desk.loaded().value() == ""
    assert list(desk.folder.iterdir()) == [], "never in plain text by itself"


@pytest.mark.fault(71)
def test_a_prompt_that_stands_open_is_said_and_an_answer_that_comes_late_counts(desk):
    with keyring_is(keyrings.Prompting()) as ring:
        keys = desk.keys(patience_s=0.05)
        keys.give(KEY)
        said = kept(keys, KeyPlace.KEYRING)
        assert said == f"{Trouble.SILENT.value} Until it does, the key is kept for this session only."
        assert (keys.value(), keys.place) == (KEY, KeyPlace.SESSION)
        ring.answered.set()
        keyrings.keyring_threads_end()
        assert keys.place is KeyPlace.KEYRING
        assert ring.texts == [KEY]


@pytest.mark.parametrize("wish", ["give", "forget", "session"])
def test_a_late_answer_does_not_keep_a_key_that_is_no_longer_wanted(desk, wish):
    async def scene(keys):
        await keys.keep(KeyPlace.KEYRING)
        if wish == "give":
            keys.give(OTHER)
        else:
            await (keys.forget() if wish == "forget" else keys.keep(KeyPlace.SESSION))

    with keyring_is(keyrings.Prompting()) as ring:
        keys = desk.keys(patience_s=0.05)
        keys.give(KEY)
        asyncio.run(scene(keys))
        ring.answered.set()
        keyrings.keyring_threads_end()
        assert ring.texts == []
        assert keys.place is not KeyPlace.KEYRING


# In a file


def test_a_file_is_written_only_when_asked_for_and_for_its_owner_alone(desk):
    with keyring_is(keyrings.Locked()):
        keys = desk.with_key()
        assert not desk.file.exists()
        said = kept(keys, KeyPlace.FILE)
        assert keys.place is KeyPlace.FILE
        assert str(desk.file) in said
        assert "not encrypted" in said or "unencrypted" in said
        assert json.loads(desk.file.read_text()) == {"api-key": KEY}
        if os.name == "posix":
            assert stat.S_IMODE(desk.file.stat().st_mode) == 0o600
        again = desk.loaded()
        assert (again.value(), again.place) == (KEY, KeyPlace.FILE)
    assert [each.name for each in desk.folder.iterdir()] == [FILE_NAME]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no permission bits")
def test_the_file_is_never_readable_for_others_while_it_is_written(desk, monkeypatch):
    seen = []

    def watched(source, target):
        seen.append((stat.S_IMODE(os.stat(source).st_mode), stat.S_IMODE(os.stat(target).st_mode)))
        return replace(source, target)

    replace = os.replace
    monkeypatch.setattr(os, "replace", watched)
    before = os.umask(0)
    try:
        desk.file.write_text("{}")
        desk.file.chmod(0o644)
        KeyFile(desk.file).write("api-key", KEY)
    finally:
        os.umask(before)
    assert seen == [(0o600, 0o600)]


def test_on_windows_the_sentence_says_what_protects_the_file(desk, monkeypatch):
    keys = desk.with_key()
    with keyring_is(keyrings.Locked()):
        kept(keys, KeyPlace.FILE)
    monkeypatch.setattr("sharpen_desktop.services.keys.os.name", "nt")
    said = keys._where(keys._key, "")
    assert "Windows" in said
    assert "administrators" in said
    assert "unencrypted" in said


def test_a_key_that_moves_leaves_no_copy_behind(desk):
    with keyring_is(keyrings.Working()) as ring:
        keys = desk.with_key()
        kept(keys, KeyPlace.FILE)
        kept(keys, KeyPlace.KEYRING)
        assert not desk.file.exists()
        assert ring.texts == [KEY]
        kept(keys, KeyPlace.FILE)
        assert ring.texts == []
        assert desk.file.exists()
        assert kept(keys, KeyPlace.SESSION) == SESSION
        assert not desk.file.exists()
        assert (keys.value(), keys.place) == (KEY, KeyPlace.SESSION)


def test_the_file_goes_before_a_keyring_that_holds_an_older_key(desk):
    with keyring_is(keyrings.Working()) as ring:
        ring.kept["sharpen-desktop", "api-key"] = OTHER
        KeyFile(desk.file).write("api-key", KEY)
        assert desk.loaded().value() == KEY


def test_a_folder_that_takes_no_file_is_said_and_the_key_stays_for_this_session(desk):
    desk.file.mkdir()
    keys = desk.with_key()
    said = kept(keys, KeyPlace.FILE)
    assert said.startswith(f"{FILE_NAME} could not be saved")
    assert said.endswith(SESSION)
    assert (keys.value(), keys.place) == (KEY, KeyPlace.SESSION)


def test_a_failed_writing_leaves_neither_an_empty_file_nor_a_damaged_one(desk, monkeypatch):
    file = KeyFile(desk.file)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    keys = desk.with_key()
    assert "the disk is full" in kept(keys, KeyPlace.FILE)
    assert list(desk.folder.iterdir()) == []
    monkeypatch.undo()
    file.write("api-key", OTHER)
    monkeypatch.setattr(os, "fsync", full)
    assert "the disk is full" in kept(keys, KeyPlace.FILE)
    assert file.read("api-key") == OTHER


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[1, 2]", b'{"api-key": 3}', b"[" * 200_000])
def test_a_damaged_file_is_no_key(desk, content):
    desk.file.write_bytes(content)
    with keyring_is(keyrings.Working()):
        assert desk.loaded().place is KeyPlace.NONE
        keys = desk.with_key()
        kept(keys, KeyPlace.FILE)
        assert desk.loaded().value() == KEY


# Forgetting


def test_forgetting_removes_the_key_from_everywhere(desk):
    with keyring_is(keyrings.Working()) as ring:
        keys = desk.with_key()
        kept(keys, KeyPlace.KEYRING)
        KeyFile(desk.file).write("api-key", OTHER)
        assert asyncio.run(keys.forget()) == "The key is no longer used."
        assert (keys.value(), keys.place) == ("", KeyPlace.NONE)
        assert ring.texts == []
        assert not desk.file.exists()
        assert asyncio.run(keys.forget()) == "The key is no longer used."


def test_forgetting_says_when_the_keyring_may_still_hold_the_key(desk):
    with keyring_is(keyrings.Locked()):
        keys = desk.with_key()
        said = asyncio.run(keys.forget())
    assert said == f"The key is no longer used. {Trouble.LOCKED.value} It may still hold the key."
    assert keys.value() == ""


# The bucket's key


def test_the_buckets_key_is_kept_beside_the_services(desk):
    with keyring_is(keyrings.Working()) as ring:
        keys = desk.with_key()
        kept(keys, KeyPlace.KEYRING)
        said = asyncio.run(keys.keep_bucket_secrets(" AKIDEXAMPLE ", "wJalrXUtnFEMI/K7MDENG\n"))
        assert said == "The bucket's key is kept in this system's keyring."
        assert len(ring.texts) == 2
        again = desk.keys()
        assert again.bucket_secrets() == ("", "")
        assert asyncio.run(again.load_bucket_secrets()) == ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG")
        assert again.bucket_secrets() == ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG")
        asyncio.run(again.keep_bucket_secrets("", ""))
        assert ring.texts == [KEY]
        assert again.bucket_secrets() == ("", "")


def test_the_buckets_key_shares_the_file_with_the_services(desk):
    with keyring_is(keyrings.Locked()):
        keys = desk.with_key()
        said = asyncio.run(keys.keep_bucket_secrets("AKIDEXAMPLE", "secret-of-it"))
        assert said == f"{Trouble.LOCKED.value} The bucket's key is kept for this session only."
        kept(keys, KeyPlace.FILE)
        said = asyncio.run(keys.keep_bucket_secrets("AKIDEXAMPLE", "secret-of-it", KeyPlace.FILE))
        assert said.startswith("The bucket's key is kept in a file only you can read.")
        asyncio.run(keys.forget())
        assert asyncio.run(desk.keys().load_bucket_secrets()) == ("AKIDEXAMPLE", "secret-of-it")
        assert desk.loaded().value() == ""


def test_the_buckets_key_may_come_from_the_environment(desk):
    keys = desk.keys(SHARPEN_BUCKET_KEY_ID="AKIDEXAMPLE", SHARPEN_BUCKET_SECRET="secret-of-it")
    assert keys.bucket_secrets() == ("AKIDEXAMPLE", "secret-of-it")


@pytest.mark.parametrize(
    "pair", [("AKID", ""), ("", "secret"), ("AKID", "sécret"), ("AKID", "a b"), ("A" * 999, "bb")]
)
def test_half_a_bucket_key_or_a_strange_one_is_refused(desk, pair):
    with pytest.raises(KeyRefused):
        asyncio.run(desk.keys().keep_bucket_secrets(*pair))
    assert not desk.file.exists()


def test_a_strange_entry_is_no_bucket_key(desk):
    KeyFile(desk.file).write("bucket", '{"a": 1}')
    assert asyncio.run(desk.keys().load_bucket_secrets()) == ("", "")


# What must never be shown


def test_every_secret_there_ever_was_is_known_to_whom_must_hide_it(desk):
    keys = desk.keys(
        AIMLAPI_KEY=f'"{KEY}"', SHARPEN_BUCKET_KEY_ID="AKIDEXAMPLE", SHARPEN_BUCKET_SECRET="hush"
    )
    keys.give(OTHER)
    keys.give("sk-the-third-one")
    assert keys.secrets() >= {KEY, f'"{KEY}"', OTHER, "sk-the-third-one", "AKIDEXAMPLE", "hush"}
    assert "" not in keys.secrets()
