"""Answers that are no success: the sentence, the cost, and what is kept of the text."""

import json
from datetime import UTC, datetime

import pytest
from support import api_answers
from support.cloud_bench import CANARY, SCHEMA

from sharpen_desktop.core.errors import Charge, CloudError, CreditExhausted, KeyRefused, ServiceBusy
from sharpen_desktop.services.cloud.cloud_refusal import Refusal, explained, message_of, retry_after_s

NOW = datetime(2026, 8, 1, 12, 0, 0, tzinfo=UTC)


def error_of(status, body=b"", headers=None, *, has_left=True, host="api.example"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    refusal = Refusal(status, headers or {}, raw, has_left, "sd-1", host, CANARY)
    return explained(refusal, SCHEMA, NOW)


@pytest.mark.parametrize(
    ("status", "charge", "is_retryable"),
    [
        (400, Charge.NONE, False),
        (401, Charge.NONE, False),
        (402, Charge.NONE, False),
        (403, Charge.NONE, False),
        (404, Charge.NONE, False),
        (413, Charge.NONE, False),
        (422, Charge.NONE, False),
        (429, Charge.NONE, True),
        (503, Charge.NONE, True),
        (500, Charge.UNKNOWN, False),
        (502, Charge.UNKNOWN, False),
        (504, Charge.UNKNOWN, False),
        (520, Charge.UNKNOWN, False),
        (524, Charge.UNKNOWN, False),
        (408, Charge.UNKNOWN, False),
        (307, Charge.NONE, False),
        (303, Charge.UNKNOWN, False),
    ],
)
def test_each_status_says_what_it_cost_and_whether_it_may_be_repeated(status, charge, is_retryable):
    error = error_of(status)
    assert (error.charge, error.retryable) == (charge, is_retryable)
    assert error.headline.endswith(".")
    assert error.request_id == "sd-1"


@pytest.mark.parametrize("status", [500, 502, 504, 524, 408, 303])
def test_nothing_is_billed_while_the_request_had_not_left_as_a_whole(status):
    assert error_of(status, has_left=False).charge is Charge.NONE


@pytest.mark.parametrize("envelope", [api_answers.old_envelope, api_answers.new_envelope])
def test_both_envelopes_give_message_and_class(envelope):
    error = error_of(401, envelope(401, "Invalid key"))
    assert isinstance(error, KeyRefused)
    assert "Invalid key" in error.detail


def test_the_kind_decides_before_the_status():
    for kind in ("err_insufficent_credits", "err_insufficient_credits"):
        assert isinstance(error_of(400, api_answers.new_envelope(400, "no", kind)), CreditExhausted)


@pytest.mark.parametrize("message", ["You ran out of credits", "Top-up your balance", "Insufficient funds"])
def test_a_403_that_speaks_of_money_is_about_money(message):
    assert isinstance(error_of(403, api_answers.old_envelope(403, message)), CreditExhausted)


def test_another_403_is_not_about_money_and_shows_the_text():
    error = error_of(403, api_answers.old_envelope(403, "Verify your account"))
    assert type(error) is CloudError
    assert "Verify your account" in error.headline


def test_a_message_may_be_a_list_and_names_the_field():
    error = error_of(400, api_answers.old_envelope(400, ["minor_denoise is too small", "and more"]))
    assert "“Minor denoise”" in error.headline
    assert error.field == "minor_denoise"
    assert "minor_denoise is too small; and more" in error.headline


@pytest.mark.parametrize("status", [401, 403, 404, 413, 500])
def test_only_a_refusal_of_values_names_a_field(status):
    assert error_of(status, api_answers.old_envelope(status, "strength of the mode")).field == ""


def test_what_the_service_says_is_read_further_than_it_is_shown():
    message = ["long " * 100, "image_url must be a URL"]
    raw = json.dumps(api_answers.old_envelope(400, message)).encode()
    assert "image_url" in message_of(Refusal(400, {}, raw, True, "sd-1"))


def test_a_refused_picture_is_called_the_photo():
    assert "the photo" in error_of(400, api_answers.old_envelope(400, "image_url must be a URL")).headline


@pytest.mark.parametrize(
    "body",
    [
        {"error": "plain text"},
        {"error": {"message": "plain text"}},
        {"message": "plain text"},
        {"message": [{"message": "plain text"}]},
        "plain text",
        b"<html><head><title>plain text</title></head></html>",
        b"<p>plain</p>\n<p>text</p>",
        b"plain text",
    ],
)
def test_the_text_is_found_wherever_it_stands(body):
    assert "plain text" in error_of(400, body).detail


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[" * 500 + b"]" * 500,
        b'{"message": ' + b"[" * 400 + b"]" * 400 + b"}",
        {"message": None, "error": None},
        {"message": 5, "error": [1, None, {"x": 1}]},
        {"error": {"data": "x", "message": {"a": 1}}},
        {"message": "\ud800\x00\x1b[31m red"},
        b'{"statusCode": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: repr(body)[:40],
)
def test_no_error_body_can_crash_the_reading(body):
    for status in (400, 403, 500, 502):
        error = error_of(status, body)
        (error.sentence + error.detail).encode("utf-8")
        assert "\x1b" not in error.sentence + error.detail


def test_long_messages_are_cut_and_secrets_hidden():
    message = f"key {CANARY} data:image/png;base64,AAAA https://x/?X-Amz-Signature=1 " + "long " * 5000
    error = error_of(400, api_answers.old_envelope(400, message))
    assert len(error.headline) < 400
    for secret in (CANARY, "AAAA", "Signature=1"):
        assert secret not in error.headline + error.detail


def test_the_services_own_reference_is_kept_beside_ours():
    error = error_of(500, api_answers.old_envelope(500, "x"))
    assert error.request_id == "req-500"
    assert "sd-1" in error.detail


def date(text):
    return {"retry-after": text}


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        (date("30"), 30),
        (date(" 2.5 "), 2.5),
        (date("0"), None),
        (date("-5"), None),
        (date("1e9"), None),
        (date("nan"), None),
        (date("soon"), None),
        (date("9" * 5000), None),
        (date("99999999"), None),
        (date("Sat, 01 Aug 2026 12:02:00 GMT"), 120),
        (date("Sat, 01 Aug 2026 11:00:00 GMT"), None),
        (date("Sat, 01 Aug 2126 12:00:00 GMT"), None),
        (date("Sat, 99 Aug 2026 12:00:00 GMT"), None),
        (date("Fri, 01 Jan 2010 00:01:00 GMT") | {"date": "Fri, 01 Jan 2010 00:00:00 GMT"}, 60),
    ],
    ids=lambda value: str(value)[:60],
)
def test_the_time_to_wait_is_read_and_nonsense_ignored(headers, wait):
    assert retry_after_s(headers, NOW) == wait


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("30", "in 30 seconds."),
        ("1", "in 1 second."),
        ("200", "in 4 minutes."),
        ("5000", "in 10 minutes or later."),
        ("", "in a few minutes."),
    ],
)
def test_a_busy_service_says_when_to_try_again(told, words):
    for status in (429, 503):
        error = error_of(status, headers=date(told))
        assert error.headline.endswith(words)
        assert isinstance(error, ServiceBusy)


def test_a_redirect_to_a_stranger_is_the_network_speaking():
    login = {"location": "http://login.example/?x"}
    assert "network answered instead" in error_of(302, headers=login).headline
    assert "network answered instead" in error_of(307, headers=login).headline


def test_a_lasting_redirect_is_the_service_moving():
    assert "moved" in error_of(301, headers={"location": "https://new.example/"}).headline
    assert "moved" in error_of(307, headers={"location": "/v2/images"}).headline
    assert "moved" in error_of(308, headers={"location": "https://[broken"}).headline
