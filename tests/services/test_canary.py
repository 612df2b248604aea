"""The search for the canary finds it however it is hidden, and finds nothing after whatever the services have done."""

import asyncio
import base64
import gzip
import json
import logging
import logging.handlers
import sqlite3
import traceback
import zipfile
import zlib

import pytest
from support import api_accounts, api_answers, api_downloads, canary, keyrings
from support.cloud_bench import Bench

from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits
from sharpen_desktop.services.key_ring import KeyRing
from sharpen_desktop.services.keys import FILE_NAME, KeptKeys
from sharpen_desktop.services.log_redaction import install_redaction
from sharpen_desktop.services.prefs_file import PrefsJson

KEY = canary.KEY
QUICK = TransferLimits(moving_s=0.4, answer_s=0.4)

# The search


def encoded(offset):
    return base64.b64encode(b"x" * offset + b"Bearer " + KEY.encode() + b" and more")


@pytest.mark.parametrize(
    "data",
    [
        KEY.encode(),
        f'{{"Authorization": "Bearer {KEY}"}}'.encode(),
        KEY.encode("utf-16-le"),
        KEY.encode().hex().encode(),
        *(encoded(offset) for offset in range(3)),
        base64.urlsafe_b64encode(KEY.encode()),
        KEY[:12].encode(),
        b"..." + KEY[-12:].encode(),
        KEY[7:20].encode(),
        gzip.compress(b"old log " + KEY.encode()),
        zlib.compress(KEY.encode()),
    ],
)
def test_the_canary_is_found_in_every_form(tmp_path, data):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file.log").write_bytes(
        b"some text, " + data if not data.startswith((b"\x1f", b"x")) else data
    )
    (found,) = canary.traces(tmp_path)
    assert found.startswith("deep/file.log")
    assert canary.traces(tmp_path, "another secret") == []
    assert canary.traces(tmp_path, but=[tmp_path / "deep" / "file.log"]) == []


def test_the_canary_is_found_in_a_database_and_in_what_it_has_not_yet_taken_over(tmp_path):
    base = sqlite3.connect(tmp_path / "runs.db")
    try:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("CREATE TABLE runs (problem TEXT)")
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        base.execute("INSERT INTO runs VALUES (?)", (f"the service said: {KEY}",))
        base.commit()
        assert [line.partition(":")[0] for line in canary.traces(tmp_path)] == ["runs.db-wal"]
    finally:
        base.close()
    assert [line.partition(":")[0] for line in canary.traces(tmp_path)] == ["runs.db"]


def test_the_canary_is_found_in_names_and_in_archives(tmp_path):
    (tmp_path / f"answer-{KEY}.json").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "support.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("log.txt", f"key {KEY}")
    assert len(canary.traces(tmp_path)) == 2


def test_nothing_is_found_where_nothing_is(tmp_path):
    (tmp_path / "photo.raw").write_bytes(bytes(range(256)) * 4096)
    assert canary.traces(tmp_path) == []
    assert canary.pieces_in("a plain sentence") == []
    assert canary.pieces_in(f"cut off: {KEY[:11]}") != []


# The services


@pytest.fixture
def home(tmp_path):
    """A home of the program, with its log as the program writes it, but of everything there is to say."""
    folder = tmp_path / "home"
    (folder / "log").mkdir(parents=True)
    handler = logging.handlers.RotatingFileHandler(folder / "log" / "sharpen-desktop.log", encoding="utf-8")
    root = logging.getLogger()
    filters = {each: list(each.filters) for each in root.handlers}
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    install_redaction(lambda: (KEY, canary.BUCKET_ID, canary.BUCKET_SECRET))
    yield folder
    root.setLevel(level)
    root.removeHandler(handler)
    handler.close()
    for each, before in filters.items():
        each.filters = before


def echoing(status):
    """A service, or something in between, that repeats what it was sent where people would read it."""

    def answer(exchange):
        exchange.read_body()
        sent = exchange.request.headers["authorization"]
        key = sent.removeprefix("Bearer ")
        body = json.dumps(
            {"statusCode": status, "message": f"No luck with {sent}, that is {key}", "requestId": key}
        )
        exchange.reply(status, body.encode(), {"X-Request-Id": key, "Retry-After": key})

    return answer


def echoing_page(status):
    def answer(exchange):
        exchange.read_body()
        exchange.reply(
            status, f"<html><title>{exchange.request.headers}</title>".encode(), {"Content-Type": "text/html"}
        )

    return answer


def redirecting_with_the_key(exchange):
    exchange.read_body()
    exchange.reply(307, b"", {"Location": f"https://elsewhere.example/?token={KEY}"})


FAULTS = {
    **{
        f"{status} that repeats the key": echoing(status)
        for status in (400, 401, 402, 403, 404, 413, 429, 500, 503, 504)
    },
    "a page that repeats the key": echoing_page(502),
    "moved": redirecting_with_the_key,
    "a login page": api_answers.login_page(),
    "broken JSON": api_answers.unreadable_json(),
    "no picture": api_answers.no_picture(),
    "cut answer": api_answers.cut_answer,
    "reset in the middle": api_answers.resets_half_way,
    "reset after the body": api_answers.resets_after_body,
    "closed": api_answers.closes_without_answer,
    "never answers": api_answers.slow(3),
}


def told(work):
    """Do some work that may fail and return everything about the failure that is shown or logged."""
    try:
        work()
    except SharpenError as error:
        logging.getLogger("test").warning("It failed", exc_info=error)
        return "".join([error.headline, error.detail, error.request_id, *traceback.format_exception(error)])
    return ""


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_of_the_service_brings_the_key_onto_the_disk_or_the_screen(server, home, fault):
    bench = Bench(home, server.url, key=KEY, limits=QUICK)
    server.always = FAULTS[fault]
    server.tell_always(api_accounts.LOGS, echoing(500))
    server.tell_always(api_accounts.BILLING, echoing(401))
    said = told(bench.run)
    assert said
    assert server.posts[0].headers["authorization"] == f"Bearer {KEY}"
    if bench.row().is_in_doubt:
        said += told(bench.settle)
    assert canary.pieces_in(said + bench.row().problem) == []
    asyncio.run(asked_about_money(bench))
    assert canary.traces(home) == []
    assert (home / "log" / "sharpen-desktop.log").stat().st_size > 0


async def asked_about_money(bench):
    async with bench.opened() as engine:
        await engine.check_key("")
        await engine.check_key(KEY)
        await engine.quote()
        with pytest.raises(SharpenError) as caught:
            await engine.balance()
    assert canary.pieces_in("".join(traceback.format_exception(caught.value))) == []


DOWNLOADS = {
    "cut": api_downloads.cut_download,
    "expired": api_downloads.expired,
    "a page": api_downloads.page_for_picture,
    "damaged": api_downloads.damaged_download,
    "elsewhere": api_downloads.redirected(f"https://127.0.0.1:1/?X-Amz-Signature={KEY}"),
}


@pytest.mark.parametrize("fault", DOWNLOADS)
def test_no_fault_of_a_download_does_either_and_the_key_never_goes_there(server, home, fault):
    bench = Bench(home, server.url, key=KEY, limits=QUICK)
    server.always_deliver = DOWNLOADS[fault]
    assert canary.pieces_in(told(bench.run)) == []
    assert server.downloads
    for request in server.downloads:
        assert canary.pieces_in(f"{request.path} {request.headers}") == []
    assert canary.traces(home) == []


def test_a_run_that_goes_well_leaves_nothing_of_the_key(server, home):
    bench = Bench(home, server.url, key=KEY)
    assert bench.run().file
    assert canary.traces(home) == []


def test_keys_that_are_given_kept_and_forgotten_lie_in_their_one_file_alone(home):
    async def scene():
        keys = KeptKeys(
            {"SHARPEN_BUCKET_KEY_ID": canary.BUCKET_ID, "SHARPEN_BUCKET_SECRET": canary.BUCKET_SECRET}, home
        )
        keys.give(f"Bearer {KEY}\n")
        said = [await keys.keep(place) for place in (KeyPlace.KEYRING, KeyPlace.SESSION)]
        said.append(await keys.keep_bucket_secrets(canary.BUCKET_ID, canary.BUCKET_SECRET))
        await PrefsJson(home / "preferences.json").write(Prefs(bucket_name="pictures"))
        assert canary.traces(home, KEY, canary.BUCKET_ID, canary.BUCKET_SECRET) == []
        said.append(await keys.keep(KeyPlace.FILE))
        assert canary.traces(home, KEY) != []
        assert canary.traces(home, KEY, but=[home / FILE_NAME]) == []
        logging.getLogger("test").warning("keys: %s %r", keys.secrets(), keys)
        said.append(await keys.forget())
        return said

    failing = keyrings.Failing(OSError(f"cannot write {KEY}, {canary.BUCKET_SECRET}"))
    with keyrings.in_use(failing):
        said = asyncio.run(scene())
    assert canary.pieces_in(" ".join(said), KEY, canary.BUCKET_ID, canary.BUCKET_SECRET) == []
    assert canary.traces(home, KEY, canary.BUCKET_ID, canary.BUCKET_SECRET) == []


def test_a_ring_that_is_given_up_waiting_for_leaves_nothing_either(home):
    with keyrings.in_use(keyrings.Prompting()):
        keys = KeptKeys({}, home, KeyRing(0.02))
        keys.give(KEY)
        assert canary.pieces_in(asyncio.run(keys.keep(KeyPlace.KEYRING))) == []
    assert canary.traces(home) == []
