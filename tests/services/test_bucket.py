"""A picture in the user's own bucket: there while it is needed, gone afterwards whatever happens."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from support.s3_server import KEY_ID, SECRET, S3Server

from sharpen_desktop.core.errors import Charge, CloudError
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.services.cloud import bucket_store
from sharpen_desktop.services.cloud.bucket import Bucket
from sharpen_desktop.services.cloud.bucket_place import BucketKey, BucketPlace, place_from
from sharpen_desktop.services.cloud.bucket_store import BucketStore

pytest.importorskip("obstore", reason="the extra s3 is not installed")
pytest.importorskip("moto", reason="moto plays the S3 server")

KEY = BucketKey(KEY_ID, SECRET)
TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def s3():
    with S3Server() as server:
        server.make_bucket("mine")
        yield server


@pytest.fixture(autouse=True)
def _no_foreign_key(monkeypatch):
    for name in tuple(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)


@pytest.fixture
def bucket(s3, tmp_path):
    return bucket_at(s3.url, tmp_path)


def bucket_at(url, folder, name="mine", key=KEY, region="", proxy=""):
    return Bucket(BucketPlace(url, region, name), key, folder / "notes", proxy, limit_s=20)


def picture(folder, size=50_000):
    file = folder / "harbour.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(size))
    return file


def fetched(url):
    """What anybody gets who knows the address, without any header of ours."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read()


def nothing(_fraction):
    pass


async def address_of(bucket, file):
    deposit = bucket.deposit()
    try:
        return await deposit.address(file, "image/png", nothing)
    finally:
        assert await deposit.remove() == ""


def refusal(bucket, file):
    """The error of a picture that cannot be put there; nobody's secret stands in it."""
    with pytest.raises(CloudError) as caught:
        asyncio.run(address_of(bucket, file))
    error = caught.value
    assert error.charge is Charge.NONE
    assert error.headline.endswith("Nothing was sent to the service.")
    assert SECRET not in error.headline + error.detail
    assert KEY_ID not in error.headline + error.detail
    return error.headline


# --- there, and gone again ---


def test_the_address_can_be_fetched_by_anybody_for_less_than_an_hour(s3, bucket, tmp_path):
    file = picture(tmp_path)

    async def there_and_back():
        deposit = bucket.deposit()
        address = await deposit.address(file, "image/png", nothing)
        content = await asyncio.to_thread(fetched, address)
        assert await deposit.remove() == ""
        return address, content

    address, content = asyncio.run(there_and_back())
    assert content == ("image/png", file.read_bytes())
    assert 600 <= int(re.search(r"X-Amz-Expires=(\d+)", address)[1]) < 3600
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetched(address)
    assert s3.objects("mine") == []
    assert list((tmp_path / "notes").iterdir()) == []


def test_the_name_of_the_object_says_nothing_of_the_photo(s3, bucket, tmp_path):
    async def named():
        deposit = bucket.deposit()
        await deposit.address(picture(tmp_path), "image/png", nothing)
        names = await asyncio.to_thread(s3.objects, "mine")
        await deposit.remove()
        return names

    (name,) = asyncio.run(named())
    assert re.fullmatch(r"sharpen-desktop/[0-9a-f]{32}", name)


def test_a_second_try_of_a_run_gets_a_fresh_address_and_no_second_upload(bucket, tmp_path, monkeypatch):
    puts = []
    put = BucketStore.put

    async def counted(self, *args):
        puts.append(args[0])
        await put(self, *args)

    monkeypatch.setattr(BucketStore, "put", counted)

    async def twice():
        deposit = bucket.deposit()
        for _ in range(2):
            assert await deposit.address(picture(tmp_path), "image/png", nothing)
        await deposit.remove()

    asyncio.run(twice())
    assert len(puts) == 1


def test_a_large_picture_goes_in_parts_and_tells_how_far_it_is(bucket, tmp_path):
    file = picture(tmp_path, bucket_store.WHOLE_BYTES + 1_000_000)
    told = []

    async def there_and_back():
        deposit = bucket.deposit()
        address = await deposit.address(file, "image/png", told.append)
        content = await asyncio.to_thread(fetched, address)
        await deposit.remove()
        return content

    assert asyncio.run(there_and_back()) == ("image/png", file.read_bytes())
    assert told == sorted(told)
    assert len(told) > 10
    assert told[-1] == 1


def test_an_upload_that_is_cancelled_ends_at_once(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(bucket_store, "REMOVE_LIMIT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        bucket = bucket_at(f"http://127.0.0.1:{deaf.getsockname()[1]}", tmp_path)

        async def cancelled():
            deposit = bucket.deposit()
            task = asyncio.create_task(deposit.address(picture(tmp_path, 8 << 20), "image/png", nothing))
            visitor, _ = await asyncio.to_thread(deaf.accept)
            task.cancel()
            since = asyncio.get_running_loop().time()
            with pytest.raises(asyncio.CancelledError):
                await task
            took = asyncio.get_running_loop().time() - since
            assert await deposit.remove() == ""  # it is noted, and nothing says that it is there
            visitor.close()
            return took

        assert asyncio.run(cancelled()) < 1


# --- what a crash leaves ---

CRASHING = """
import asyncio, sys
from pathlib import Path
from support.s3_server import KEY_ID, SECRET
from sharpen_desktop.services.cloud.bucket import Bucket
from sharpen_desktop.services.cloud.bucket_place import BucketKey, BucketPlace
url, folder = sys.argv[1], Path(sys.argv[2])
bucket = Bucket(BucketPlace(url, "", "mine"), BucketKey(KEY_ID, SECRET), folder / "notes")
deposit = bucket.deposit()
print(asyncio.run(deposit.address(folder / "harbour.png", "image/png", lambda _: None)), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other_program(s3, tmp_path):
    """Another process of the program, in the middle of a run: its picture is in the bucket."""
    picture(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-c", CRASHING, s3.url, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline().startswith(s3.url)
    assert len(s3.objects("mine")) == 1
    yield process
    process.kill()
    process.communicate()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_what_a_killed_program_has_left_is_deleted_at_the_next_start(s3, bucket, tmp_path, other_program):
    other_program.send_signal(signal.SIGKILL)
    other_program.wait(10)
    assert len(s3.objects("mine")) == 1
    assert asyncio.run(bucket.remove_left_over()) == 0
    assert s3.objects("mine") == []
    assert list((tmp_path / "notes").iterdir()) == []


def test_what_a_living_program_needs_is_let_alone(s3, bucket, tmp_path, other_program):
    assert asyncio.run(bucket.remove_left_over()) == 0
    assert len(s3.objects("mine")) == 1
    other_program.kill()
    other_program.wait(10)
    assert asyncio.run(bucket.remove_left_over()) == 0


def test_a_copy_that_cannot_be_deleted_is_said_and_deleted_at_the_next_start(
    s3, bucket, tmp_path, monkeypatch, caplog
):
    async def refused(self, name):
        raise CloudError("The bucket is not there just now.")

    async def run():
        deposit = bucket.deposit()
        await deposit.address(picture(tmp_path), "image/png", nothing)
        return await deposit.remove()

    with monkeypatch.context() as broken:
        broken.setattr(BucketStore, "remove", refused)
        said = asyncio.run(run())
        assert asyncio.run(bucket.remove_left_over()) == 1
    assert "could not be deleted yet" in said
    assert s3.objects("mine")[0] in said
    assert asyncio.run(bucket.remove_left_over()) == 0
    assert s3.objects("mine") == []


def test_no_key_is_ever_written_down(bucket, tmp_path, caplog, other_program):
    kept = b"".join(file.read_bytes() for file in (tmp_path / "notes").rglob("*") if file.is_file())
    assert b"sharpen-desktop/" in kept
    assert SECRET.encode() not in kept
    assert KEY_ID.encode() not in kept
    assert SECRET not in repr(KEY) + repr(bucket)
    other_program.kill()
    other_program.wait(10)
    asyncio.run(bucket.remove_left_over())


def test_nothing_is_put_anywhere_when_it_cannot_be_noted_down(s3, bucket, tmp_path):
    (tmp_path / "notes").write_bytes(b"a file is in the way")
    with pytest.raises(CloudError, match="noted down") as caught:
        asyncio.run(address_of(bucket, picture(tmp_path)))
    assert caught.value.charge is Charge.NONE
    assert s3.objects("mine") == []


def test_a_note_that_was_never_finished_is_no_object(bucket, tmp_path):
    for name, content in (("a", b""), ("b", b"[]"), ("c", b'{"endpoint": ""}')):
        folder = tmp_path / "notes" / name
        folder.mkdir(parents=True)
        (folder / "alive.lock").touch()
        (folder / "object.json").write_bytes(content)
    assert asyncio.run(bucket.remove_left_over()) == 0
    assert list((tmp_path / "notes").iterdir()) == []


# --- what cannot be used ---


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (BucketPlace("http://s3.example", "", "mine"), "not encrypted"),
        (BucketPlace("https://192.168.1.5", "", "mine"), "your own network"),
        (BucketPlace("https://user:pw@s3.example", "", "mine"), "user name"),
        (BucketPlace("ftp://s3.example", "", "mine"), "no web address"),
        (BucketPlace("https://", "", "mine"), "no web address"),
        (BucketPlace("https://[x", "", "mine"), "no web address"),
        (BucketPlace("https://s3.example", "", "a/b"), "name of your bucket"),
        (BucketPlace("https://s3.example", "", "x"), "name of your bucket"),
        (BucketPlace("https://s3.example", "here and there", "mine"), "region of your bucket"),
    ],
    ids=lambda each: each.address if isinstance(each, BucketPlace) else "",
)
def test_a_place_that_cannot_be_one_is_said_before_anything_leaves(tmp_path, place, words):
    headline = refusal(Bucket(place, KEY, tmp_path / "notes"), picture(tmp_path))
    assert words in headline
    assert "in the preferences" in headline


def test_a_name_that_leads_into_the_users_own_network_is_refused(tmp_path, monkeypatch):
    async def resolved(self, host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", port))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolved)
    headline = refusal(bucket_at("https://s3.example", tmp_path), picture(tmp_path))
    assert "The service cannot fetch from your bucket: it lies inside your own network" in headline


def test_a_key_that_is_missing_is_asked_for(s3, tmp_path):
    headline = refusal(bucket_at(s3.url, tmp_path, key=BucketKey("", "")), picture(tmp_path))
    assert "access key of your bucket is missing" in headline


def test_a_bucket_that_is_not_there_is_named(s3, tmp_path):
    headline = refusal(bucket_at(s3.url, tmp_path, "yours"), picture(tmp_path))
    assert "no bucket “yours” at 127.0.0.1" in headline


def test_a_key_that_is_refused_is_said_to_be(tmp_path):
    with S3Server() as strict:
        strict.make_bucket("mine")
        strict.refuse_everybody()
        headline = refusal(bucket_at(strict.url, tmp_path), picture(tmp_path))
    assert "refuses the access key" in headline


def test_a_bucket_that_cannot_be_reached_is_said_to_be(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        headline = refusal(
            bucket_at(f"http://127.0.0.1:{closed.getsockname()[1]}", tmp_path), picture(tmp_path)
        )
    assert "could not be reached" in headline


def test_a_bucket_that_takes_too_long_is_given_up(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(bucket_store, "REMOVE_LIMIT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        place = BucketPlace(f"http://127.0.0.1:{deaf.getsockname()[1]}", "", "mine")
        headline = refusal(Bucket(place, KEY, tmp_path / "notes", limit_s=0.5), picture(tmp_path))
    assert "did not take the photo in time" in headline


def test_a_missing_package_is_said_in_plain_words(bucket, tmp_path, monkeypatch):
    for name in [each for each in sys.modules if each.split(".")[0] == "obstore"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "obstore", None)
    headline = refusal(bucket, picture(tmp_path))
    assert "the package “obstore” is not installed" in headline
    with pytest.raises(CloudError, match="is not installed"):
        asyncio.run(bucket.deposit().expected_address())


# --- what is used ---


def test_the_environments_own_key_has_no_say(s3, bucket, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_SESSION_TOKEN", "foreign-token")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "foreign-id")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    async def there_and_back():
        deposit = bucket.deposit()
        address = await deposit.address(picture(tmp_path), "image/png", nothing)
        await deposit.remove()
        return address

    address = asyncio.run(there_and_back())
    assert address.startswith(f"{s3.url}/mine/")
    assert KEY_ID in address
    assert "foreign" not in address
    assert "Token" not in address


def test_the_preferences_say_which_bucket():
    assert place_from(Prefs()) is None
    amazon = place_from(Prefs(bucket_name=" mine ", bucket_region="eu-west-1"))
    assert amazon.address == "https://s3.eu-west-1.amazonaws.com"
    other = place_from(Prefs(bucket_name="mine", bucket_endpoint="s3.example/ "))
    assert (other.address, other.host) == ("https://s3.example", "s3.example")


def test_the_proxy_of_the_preferences_is_used(tmp_path, caplog):
    heard = []

    def proxy():
        with suppress(OSError):
            while True:
                with listener.accept()[0] as visitor:
                    heard.append(visitor.recv(100))
                    visitor.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=proxy)
        thread.start()
        at = f"http://127.0.0.1:{listener.getsockname()[1]}"
        refusal(bucket_at("https://s3.example", tmp_path, proxy=at), picture(tmp_path))
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)
    assert heard[0].startswith(b"CONNECT s3.example:443")


@pytest.mark.parametrize("is_preference", [True, False])
def test_a_socks_proxy_is_said_to_lead_to_no_bucket(tmp_path, monkeypatch, is_preference):
    at = "socks5h://127.0.0.1:1"
    if not is_preference:
        monkeypatch.setenv("ALL_PROXY", at)
    bucket = bucket_at("https://s3.example", tmp_path, proxy=at if is_preference else "")
    assert "SOCKS" in refusal(bucket, picture(tmp_path))
    assert not list((tmp_path / "notes").glob("*")), "nothing was put anywhere"


def test_a_bucket_that_needs_no_proxy_is_reached_without(s3, bucket, tmp_path, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "socks5h://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert asyncio.run(address_of(bucket, picture(tmp_path))).startswith(s3.url)
