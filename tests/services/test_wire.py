"""What is sent and how answers are read, without any network."""

import base64
import json

import pytest
from support.cloud_bench import SCHEMA

from sharpen_desktop.core.settings import Settings, defaults
from sharpen_desktop.services.cloud.wire import (
    AnswerUnreadable,
    body_head_and_tail,
    cost_of,
    decoded_picture,
    parse_answer,
    request_fields,
)

PLAIN = defaults(SCHEMA)
PICTURE = bytes(range(256))
B64 = base64.b64encode(PICTURE).decode()


def answer_of(value, headers=None):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return parse_answer(body, headers or {})


# --- the request ---


def test_fields_left_to_the_service_are_absent():
    fields = request_fields(SCHEMA, PLAIN)
    assert "strength" not in fields
    assert "minor_denoise" not in fields
    assert fields["model"] == "topaz-labs/sharpen"
    assert fields["mode"] == "Standard"


def test_the_face_sliders_go_with_the_face_switch():
    fields = request_fields(SCHEMA, PLAIN)
    assert fields["face_enhancement"] is True
    assert fields["face_enhancement_strength"] == 0.8
    assert fields["face_enhancement_creativity"] == 0


def test_faces_switched_off_are_said_and_their_sliders_left_out():
    fields = request_fields(SCHEMA, PLAIN.replaced("face_enhancement", value=False))
    assert fields["face_enhancement"] is False
    assert "face_enhancement_strength" not in fields
    assert "face_enhancement_creativity" not in fields


def test_the_face_switch_and_the_mode_are_sent_even_when_nobody_set_them():
    fields = request_fields(SCHEMA, Settings())
    assert fields["face_enhancement"] is True
    assert fields["mode"] == "Standard"


def test_a_field_without_effect_in_the_mode_is_not_sent():
    settings = PLAIN.replaced("minor_denoise", 0.4).replaced("strength", 0.65)
    assert request_fields(SCHEMA, settings)["minor_denoise"] == 0.4
    strong = request_fields(SCHEMA, settings.replaced("mode", "Strong"))
    assert "minor_denoise" not in strong
    assert strong["strength"] == 0.65


def test_a_value_outside_the_limits_never_leaves():
    assert request_fields(SCHEMA, Settings((("strength", 0.0),)))["strength"] == 0.01


def test_head_and_tail_make_json_around_the_picture():
    head, tail = body_head_and_tail(SCHEMA, PLAIN, "image/PNG")
    body = json.loads(head + B64.encode() + tail)
    assert body.pop("image_url") == f"data:image/png;base64,{B64}"
    assert body == request_fields(SCHEMA, PLAIN)


@pytest.mark.parametrize("media_type", ["", "text/html", 'image/png","x":"', "image/png; name=me.jpg"])
def test_only_a_bare_picture_media_type_is_put_into_a_request(media_type):
    with pytest.raises(ValueError, match="media type"):
        body_head_and_tail(SCHEMA, PLAIN, media_type)


# --- the answer ---


def test_base64_goes_before_the_address_and_both_are_kept():
    picture = answer_of({"data": [{"url": "https://a/b", "b64_json": B64}]}).pictures[0]
    assert (picture.b64, picture.url) == (B64, "https://a/b")


@pytest.mark.parametrize("empty", [None, "", "  ", 5, [], {}])
def test_empty_base64_leaves_the_address(empty):
    picture = answer_of({"data": [{"url": "https://a/b", "b64_json": empty}]}).pictures[0]
    assert (picture.b64, picture.url) == ("", "https://a/b")


def test_the_other_shape_in_use_is_read():
    assert answer_of({"images": [{"url": "https://a/b"}]}).pictures[0].url == "https://a/b"
    assert answer_of({"data": None, "images": [{"url": "https://a/b"}]}).pictures[0].url == "https://a/b"


def test_every_item_is_kept_in_order_and_useless_ones_are_passed_over():
    data = [{"url": None}, {"url": "https://a/1"}, None, "x", {"b64_json": B64}, {"url": "https://a/2"}]
    assert [each.url or "b64" for each in answer_of({"data": data}).pictures] == [
        "https://a/1",
        "b64",
        "https://a/2",
    ]


def test_a_data_address_counts_as_base64():
    picture = answer_of({"data": [{"url": f"data:image/png;base64,{B64}"}]}).pictures[0]
    assert picture.url == ""
    assert decoded_picture(picture.b64) == PICTURE


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"   ",
        b"not json",
        b'{"data": [{"url": "https://cdn',
        b"\xff\xfe\xfa bad bytes",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        {},
        [],
        None,
        5,
        "text",
        {"data": None},
        {"data": []},
        {"data": "https://a/b"},
        {"data": 7},
        {"data": {"url": "https://a/b"}},
        {"data": [None]},
        {"data": [[]]},
        {"data": [{"url": None, "b64_json": None}]},
        {"data": [{"url": 5, "b64_json": {}}]},
        {"images": [{"url": ""}]},
        {"message": "odd \ud800 text", "\ud800": 1},
    ],
    ids=lambda value: repr(value)[:40],
)
def test_an_answer_without_a_picture_is_unreadable_and_never_a_crash(value):
    with pytest.raises(AnswerUnreadable) as caught:
        answer_of(value)
    str(caught.value).encode("utf-8")


def test_odd_json_beside_a_good_picture_does_not_cost_the_picture():
    odd = b'"huge": ' + b"9" * 5000 + b', "n": NaN, "x": "\\ud800", "meta": {"usage": {"usd_spent": NaN}}'
    answer = answer_of(b'{"data": [], "data": [{"url": "https://a/b"}], ' + odd + b"}")
    assert answer.pictures[0].url == "https://a/b"
    assert answer.cost.usd is None


@pytest.mark.parametrize(
    "text",
    [B64, f"data:image/png;base64,{B64}", f"DATA:image/PNG;base64,{B64}", f" {B64[:9]}\r\n {B64[9:]}\n"],
)
def test_prefix_and_white_space_around_base64_are_fine(text):
    assert decoded_picture(text) == PICTURE


@pytest.mark.parametrize("text", [f"{B64}!", "<html>", "héllo", B64[:40] + "\x00" + B64[40:], "\ud800"])
def test_garbage_in_base64_is_unreadable(text):
    with pytest.raises(AnswerUnreadable):
        decoded_picture(text)


# --- money and ids ---

USAGE = {"usd_spent": 0.2, "credits_used": 600_000, "tokens_used": 800_000}


def meta(**usage):
    return {"meta": {"usage": usage}}


def test_the_cost_comes_from_the_first_place_that_tells():
    headers = {"x-aimlapi-usd-spent": "0.1", "x-aimlapi-credits-used": "500000"}
    told = []
    usage = dict(USAGE)
    for name in ("x-aimlapi-usd-spent", "usd_spent", "x-aimlapi-credits-used", "credits_used", "tokens_used"):
        cost = cost_of(meta(**usage), headers)
        told.append((round(cost.usd, 4), cost.is_estimated))
        headers.pop(name, None)
        usage.pop(name, None)
    assert told == [(0.1, False), (0.2, False), (0.25, True), (0.3, True), (0.4, True)]
    assert cost_of(meta(**usage), headers).usd is None


def test_the_documented_example_costs_what_the_documentation_says():
    assert cost_of(meta(tokens_used=210_000), {}).usd == pytest.approx(0.105)


@pytest.mark.parametrize("odd", [None, "", "free", True, -1, "nan", "inf", [], {}, "1" * 5000])
def test_an_odd_cost_is_unknown_and_never_zero(odd):
    assert cost_of(meta(usd_spent=odd), {}).usd is None


@pytest.mark.parametrize("odd", [None, [], {"meta": None}, {"meta": {"usage": None}}, {"meta": {"usage": 5}}])
def test_missing_usage_is_unknown_cost(odd):
    assert cost_of(odd, {}).usd is None


def test_the_request_id_is_taken_from_the_body_or_the_headers():
    data = {"data": [{"url": "https://a/b"}]}
    assert answer_of({**data, "requestId": "r1"}, {"x-request-id": "r2"}).request_id == "r1"
    assert answer_of(data, {"x-inference-id": "i1"}).request_id == "i1"
    assert answer_of(data).request_id == ""
