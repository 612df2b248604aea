"""No key, no signed address and no picture stands in a log."""

import io
import logging

import pytest

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
    assert logging.getLogger("httpx").level == logging.WARNING
    assert logging.getLogger("httpcore").level == logging.WARNING
