"""Price, usual time, balance and the check of a key: asked for nothing, believed with care, never in the way."""

import json

import pytest
from support import api_accounts
from support.api_accounts import BILLING, METRICS, MODELS, told
from support.cloud_bench import CANARY, SCHEMA

from sharpen_desktop.core.errors import Charge, CloudError, CreditExhausted, KeyRefused, Unreachable
from sharpen_desktop.core.keys import KeyVerdict
from sharpen_desktop.services.cloud.price_list import price_of
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits

MODEL = SCHEMA.model
OFFLINE = "http://127.0.0.1:1"
NONSENSE = {
    "absent": api_accounts.absent(),
    "broken": api_accounts.broken(),
    "a page": api_accounts.page(),
    "other JSON": api_accounts.other_json(),
    "not JSON": told(200, "{"),
    "a number": told(200, 5),
    "deep": told(200, "[" * 100_000),
    "moved": told(307, "", {"Location": "http://login.example/"}),
}


def quote(bench):
    return bench.together(lambda engine: engine.quote())


def balance(bench):
    return bench.together(lambda engine: engine.balance())


def verdict(bench, key=""):
    return bench.together(lambda engine: engine.check_key(key))


# --- the price ---


def test_the_price_is_asked_without_the_key_and_kept_with_its_date(server, bench):
    heard = quote(bench)
    assert heard.usd == pytest.approx(0.105)
    assert heard.as_of_s == pytest.approx(bench.now(), abs=60)
    asked = server.asked(MODELS)
    assert [each.path for each in asked] == [f"{MODELS}?id=topaz-labs%2Fsharpen&include=pricing"]
    assert "authorization" not in asked[0].headers
    assert CANARY not in str(asked[0].headers)
    bench.url = OFFLINE
    assert quote(bench) == heard


def test_a_price_of_an_hour_ago_is_asked_for_again_and_shown_if_nobody_answers(server, bench):
    old = quote(bench)
    assert len(server.asked(MODELS)) == 1
    quote(bench)
    assert len(server.asked(MODELS)) == 1
    bench.ahead_s += 2 * 3600
    server.tell_with(MODELS, api_accounts.price(0.2), api_accounts.broken())
    new = quote(bench)
    assert (new.usd, new.as_of_s > old.as_of_s) == (0.2, True)
    bench.ahead_s += 2 * 3600
    assert quote(bench) == new


@pytest.mark.fault(73)
def test_a_price_from_the_future_is_asked_for_again(server, bench):
    bench.wrong_s = 315_360_000.0
    quote(bench)
    bench.wrong_s = 0.0
    quote(bench)
    assert len(server.asked(MODELS)) == 2


@pytest.mark.parametrize("name", NONSENSE)
def test_without_a_price_there_is_none_and_never_zero(server, bench, name):
    server.tell_always(MODELS, NONSENSE[name])
    assert quote(bench) is None


@pytest.mark.fault(1)
def test_without_a_network_there_is_no_price_and_no_error(bench):
    bench.url = OFFLINE
    assert quote(bench) is None
    bench.url, bench.proxy = "https://api.example", "garbage://"
    assert quote(bench) is None


@pytest.mark.parametrize(
    "kept", ["", "{", "[]", '{"%s": 5}', '{"%s": {"usd": 0, "as_of_s": 1}}', '{"%s": {"usd": "x"}}']
)
def test_a_damaged_record_of_prices_is_no_price(server, bench, kept):
    (bench.folder / "prices").mkdir()
    (bench.folder / "prices" / "prices.json").write_text(kept.replace("%s", MODEL))
    server.tell_with(MODELS, api_accounts.broken())
    assert quote(bench) is None
    assert quote(bench).usd == pytest.approx(0.105)
    assert json.loads(bench.kept("prices/prices.json"))[MODEL]["usd"] == pytest.approx(0.105)


def entry(pricing, **more):
    return {
        "object": "list",
        "data": [{"id": "other", "pricing": {"price": 9}}, {"id": MODEL, "pricing": pricing} | more],
    }


@pytest.mark.parametrize(
    ("catalogue", "usd"),
    [
        (entry({"kind": "fixed", "units": [{"price": 0.105, "unit": "image", "per": 1}]}), 0.105),
        (entry({"kind": "fixed", "units": [{"price": 105, "unit": "images", "per": 1000}]}), 0.105),
        (
            entry(
                {"kind": "variants", "variants": [{"when": {}, "price": 0.2, "unit": "request", "per": 1}]}
            ),
            0.2,
        ),
        (
            entry(
                {
                    "kind": "variants",
                    "variants": [{"price": 0.2, "unit": "image"}, {"price": 0.2, "unit": "image"}],
                }
            ),
            0.2,
        ),
        (entry({"price": "0.105", "currency": "USD", "unit": "image"}), 0.105),
        (entry({"per_image": "$0.105"}), 0.105),
        (entry({"credits": 210_000}), 0.105),
        (entry(0.105), 0.105),
        (entry([{"usd": 0.3}]), 0.3),
        ({"id": MODEL, "price": 0.4}, 0.4),
        ([{"id": MODEL, "pricing": {"price": 0.4}}], 0.4),
        ({"models": [{"id": "new-name", "aliases": [MODEL], "pricing": {"price": 0.4}}]}, 0.4),
        (entry({"kind": "variable"}), None),
        (entry({"kind": "fixed", "units": [{"price": 0.01, "unit": "megapixel", "per": 1}]}), None),
        (entry({"kind": "fixed", "units": [{"price": 0.01, "unit": "second", "per": 1}]}), None),
        (entry({"variants": [{"price": 0.1, "unit": "image"}, {"price": 0.2, "unit": "image"}]}), None),
        (entry({"price": 0.1, "currency": "EUR"}), None),
        (entry({"price": 0}), None),
        (entry({"price": -1}), None),
        (entry({"price": None}), None),
        (entry({"price": True}), None),
        (entry({"price": 0.1, "per": 0}), None),
        (entry({"price": "free"}), None),
        (entry(None), None),
        (entry([]), None),
        ({"data": [{"id": "other", "pricing": {"price": 9}}]}, None),
        ({"data": None}, None),
        (None, None),
        ("text", None),
    ],
    ids=lambda value: str(value)[:70],
)
def test_a_price_is_found_in_whatever_form_and_only_when_it_is_sure(catalogue, usd):
    assert price_of(catalogue, MODEL) == (None if usd is None else pytest.approx(usd))


# --- how long a run takes ---


def test_the_usual_time_is_what_half_of_all_runs_stay_below(server, bench):
    assert bench.together(lambda engine: engine.usual_s()) == 9.2
    asked = server.asked(METRICS)
    assert [each.path for each in asked] == [f"{METRICS}?aliases=topaz-labs%2Fsharpen"]
    assert "authorization" not in asked[0].headers


@pytest.mark.parametrize(
    "answer",
    [
        *NONSENSE.values(),
        api_accounts.usual_time({}),
        api_accounts.usual_time({"p50": 0}),
        api_accounts.usual_time({"p50": "soon"}),
        told(200, {"models": [{"alias": "other", "metrics": {"duration_ms": {"p50": 5}}}]}),
        told(200, {"models": [None, {"alias": MODEL, "metrics": None}]}),
    ],
)
def test_without_a_usual_time_there_is_none(server, bench, answer):
    server.tell_always(METRICS, answer)
    assert bench.together(lambda engine: engine.usual_s()) is None


# --- the balance ---


def test_the_balance_is_asked_with_the_key(server, bench):
    left = balance(bench)
    assert (left.amount, left.currency) == (25.0, "USD")
    assert left.as_of_s == pytest.approx(bench.now(), abs=60)
    assert server.asked(BILLING)[0].headers["authorization"] == f"Bearer {CANARY}"


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (api_accounts.bad_key(), KeyRefused, "does not accept the key"),
        (api_accounts.no_money(), CreditExhausted, "Out of credit"),
        (told(402), CreditExhausted, "Out of credit"),
        (api_accounts.refused(), CloudError, "does not allow this"),
        (api_accounts.absent(), CloudError, "newer version"),
        (api_accounts.page(), CloudError, "did not say"),
        (api_accounts.other_json(), CloudError, "did not say"),
        (told(200, {"current_balance": "nan", "currency": "USD"}), CloudError, "did not say"),
        (told(200, {"current_balance": True}), CloudError, "did not say"),
        (told(200, {"current_balance": [1]}), CloudError, "did not say"),
    ],
)
def test_a_balance_that_is_not_told_says_why_and_costs_nothing(server, bench, answer, kind, words):
    server.tell_always(BILLING, answer)
    with pytest.raises(kind) as caught:
        balance(bench)
    assert words in caught.value.headline
    assert caught.value.charge is Charge.NONE
    assert CANARY not in caught.value.headline + caught.value.detail


def test_a_balance_may_come_as_text_and_in_another_currency(server, bench):
    server.tell_always(BILLING, told(200, {"current_balance": "-3.5", "currency": "EUR\n"}))
    left = balance(bench)
    assert (left.amount, left.currency) == (-3.5, "EUR")


@pytest.mark.fault(36)
def test_a_service_that_answers_too_slowly_is_not_waited_for(server, bench):
    server.tell_always(BILLING, api_accounts.late(10))
    bench.limits = TransferLimits(ask_s=0.3)
    with pytest.raises(Unreachable):
        balance(bench)


def test_an_answer_larger_than_any_balance_is_not_read_to_its_end(server, bench):
    server.tell_always(BILLING, told(200, b" " * 300_000))
    bench.limits = TransferLimits(ask_bytes=100_000)
    with pytest.raises(CloudError):
        balance(bench)


# --- a key ---


@pytest.mark.fault(15, 16)
@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (None, KeyVerdict.WORKS),
        (api_accounts.bad_key(), KeyVerdict.WRONG),
        (api_accounts.no_money(), KeyVerdict.NO_MONEY),
        (told(200, {"current_balance": 0, "currency": "USD"}), KeyVerdict.NO_MONEY),
        (api_accounts.refused(), KeyVerdict.UNCLEAR),
        (api_accounts.absent(), KeyVerdict.UNCLEAR),
        (api_accounts.broken(), KeyVerdict.UNCLEAR),
        (api_accounts.page(), KeyVerdict.UNCLEAR),
        (told(302, "", {"Location": "http://login.example/"}), KeyVerdict.UNCLEAR),
    ],
)
def test_a_wrong_key_no_money_and_anything_else_are_told_apart(server, bench, answer, shown):
    if answer:
        server.tell_always(BILLING, answer)
    assert verdict(bench) is shown
    assert server.posts == []


@pytest.mark.fault(1, 2)
def test_without_a_network_nothing_is_said_of_the_key(bench):
    bench.url = OFFLINE
    assert verdict(bench) is KeyVerdict.NO_NETWORK


def test_the_key_that_is_given_is_checked_and_not_the_one_in_use(server, bench):
    assert verdict(bench, "  Bearer sk-typed-0123456789 \n") is KeyVerdict.WORKS
    assert server.asked(BILLING)[0].headers["authorization"] == "Bearer sk-typed-0123456789"


@pytest.mark.fault(72)
@pytest.mark.parametrize("key", ["short", "sk-sécret-canary", "sk-secret\x00canary", "x" * 5000])
def test_what_cannot_be_a_key_is_wrong_and_never_leaves(server, bench, key):
    assert verdict(bench, key) is KeyVerdict.WRONG
    bench.key = ""
    assert verdict(bench, " ") is KeyVerdict.WRONG
    assert server.requests == []
