"""No key, no signed address and no picture stands in a log."""

import faulthandler
import io
import logging
import subprocess
import sys
import threading

import pytest
from support import canary
from support.drive import ROOT

from sharpen_desktop.services.log_file import catch_crashes
from sharpen_desktop.services.log_redaction import HIDDEN, RedactingFilter, install_redaction, redacted

KEY = "sk-canary-0123456789"


@pytest.fixture
def log():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    handler.addFilter(RedactingFilter(lambda: KEY))
    logger = logging.getLogger("test of redaction")
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    yield logger, out
    logger.removeHandler(handler)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"key={KEY}", KEY),
        ("Authorization: Bearer abc.def-ghi", "abc.def-ghi"),
        ("b'bearer  xyz987'", "xyz987"),
        ("GET https://cdn.example/a.jpg?X-Amz-Date=1&X-Amz-Signature=5167 200", "5167"),
        ("https://cdn.example/a?Expires=1&Signature=s1g&Key=K", "s1g"),
        ("https://cdn.example/a?token=t0k", "t0k"),
        ('{"image_url": "data:image/png;base64,iVBORw0KGgo="}', "iVBORw0KGgo"),
        ("data:image/svg+xml,%3Csvg%3E", "svg%3E"),
        ("data:;base64,iVBORw0KGgo=", "iVBORw0KGgo"),
        ('{"data":[{"b64_json":"' + 30 * "iVBORw0KGgo" + '","url":null}]}', "iVBORw0KGgo"),
        ("{'b64_json': '" + 30 * "iVBORw0KGgo" + "'}", "iVBORw0KGgo"),
        ("PUT https://s3.example/b/o?x-id=PutObject&X-Amz-Credential=AKIDEXAMPLE%2F20260101", "AKIDEXAMPLE"),
        ("https://s3.example/b/o?AWSAccessKeyId=AKIDEXAMPLE&Expires=1", "AKIDEXAMPLE"),
        ("https://x.blob.example/a?sv=2020&sig=c1g%3D", "c1g"),
        ("https://s3.example/o?X-Amz-Security-Token=IQoJb3", "IQoJb3"),
        ("Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2026, Signature=fe5f80", "fe5f80"),
        ("proxy http://someone:pass-word@proxy.example:3128", "pass-word"),
    ],
)
def test_secrets_are_hidden_and_the_rest_stays(text, secret):
    cleaned = redacted(f"before {text} after", KEY)
    assert secret not in cleaned
    assert HIDDEN in cleaned
    assert cleaned.startswith("before ")
    assert "after" in cleaned


def test_plain_text_is_left_alone():
    text = "GET https://cdn.example/a.jpg?width=3 took 0.2 s, data: none"
    assert redacted(text, KEY) == text


def test_several_secrets_are_hidden_the_longer_before_its_part():
    cleaned = redacted(
        "AKIDEXAMPLE/hush-hush and hush-hush-hush", "hush-hush", "AKIDEXAMPLE", "hush-hush-hush"
    )
    assert cleaned == f"{HIDDEN}/{HIDDEN} and {HIDDEN}"


def test_what_is_too_short_to_be_a_secret_blackens_nothing():
    assert redacted("a plain sentence", "a", "", "pla") == "a plain sentence"


def test_the_filter_takes_several_secrets_at_once():
    redaction = RedactingFilter(lambda: frozenset({"first-secret", "second-secret"}))
    record = logging.LogRecord("n", logging.INFO, "f", 1, "%s, %s", ("first-secret", "second-secret"), None)
    assert redaction.filter(record)
    assert record.getMessage() == f"{HIDDEN}, {HIDDEN}"


def test_the_key_is_hidden_in_message_and_arguments(log):
    logger, out = log
    logger.info("one %s two %r", KEY, {"Authorization": f"Bearer {KEY}"})
    assert KEY not in out.getvalue()
    assert "one" in out.getvalue()


def test_the_key_is_hidden_in_tracebacks_and_stacks(log):
    logger, out = log
    try:
        int(f"Bearer {KEY}")
    except ValueError:
        logger.warning("failed", exc_info=True, stack_info=True)
    assert KEY not in out.getvalue()
    assert "Traceback" in out.getvalue()
    assert "ValueError" in out.getvalue()


def test_a_wrong_log_call_prints_no_secret(log, capsys):
    logger, out = log
    logger.info("one %d", KEY)
    logger.info("one %s %s", KEY)  # noqa: PLE1206  # the wrong call is the point
    assert KEY not in out.getvalue()
    assert KEY not in capsys.readouterr().err


def test_a_key_entered_later_is_hidden_too():
    keys = [""]
    redaction = RedactingFilter(lambda: keys[0])
    keys[0] = "another-key-123"
    record = logging.LogRecord("n", logging.INFO, "f", 1, "with %s", ("another-key-123",), None)
    assert redaction.filter(record)
    assert "another-key-123" not in record.getMessage()


def test_installing_covers_the_root_handlers_and_quietens_the_http_library():
    root = logging.getLogger()
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    root.addHandler(handler)
    before = {each: list(each.filters) for each in root.handlers}
    try:
        install_redaction(lambda: KEY)
        logging.getLogger("somewhere").warning("key %s", KEY)
        logging.getLogger("httpx").info("GET https://cdn.example/a?X-Amz-Signature=1")
    finally:
        for each, filters in before.items():
            each.filters = filters
        root.removeHandler(handler)
    assert KEY not in out.getvalue()
    assert HIDDEN in out.getvalue()
    assert "cdn.example" not in out.getvalue()
    for name in ("httpx", "httpcore", "obstore"):
        assert logging.getLogger(name).level == logging.WARNING


CRASH = """
import ctypes, logging, sys, threading
from pathlib import Path
from sharpen_desktop.services.log_file import catch_crashes, open_log
folder = Path(sys.argv[1])
open_log(folder, lambda: {key!r})
catch_crashes(folder)
def sent():
    key = {key!r}
    raise ValueError(f"Illegal header value b'Bearer {{key}}'")
thread = threading.Thread(target=sent, name="sender")
thread.start()
thread.join()
def crashed(key):
    ctypes.string_at(0)
crashed({key!r})
"""


def test_a_hard_crash_leaves_where_it_was_and_nothing_of_the_key(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", CRASH.format(key=KEY), str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode != 0
    assert KEY not in done.stdout + done.stderr
    assert "crashed" in (tmp_path / "crash.txt").read_text(encoding="utf-8")
    told = (tmp_path / "sharpen-desktop.log").read_text(encoding="utf-8")
    assert "Thread sender ended" in told
    assert "ValueError" in told
    assert canary.traces(tmp_path, KEY) == []


def test_who_catches_crashes_already_is_left_alone(tmp_path):
    hook = threading.excepthook
    assert faulthandler.is_enabled(), "pytest has enabled it"
    catch_crashes(tmp_path)
    assert threading.excepthook is hook
    assert list(tmp_path.iterdir()) == []
