"""Prices and limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core.money import Quote, Spending, exceeds, price, units

QUOTE = Quote(0.1, 0.0)
AMOUNTS = st.floats(0, 100)


@pytest.mark.parametrize(
    ("megapixels", "count"),
    [(1, 1), (24, 1), (24.1, 2), (40, 2), (40.1, 3), (64, 3), (64.1, 5), (100, 5), (100.1, None)],
)
def test_a_large_photo_costs_more_in_steps_and_above_the_last_nobody_knows(megapixels, count):
    assert units(round(megapixels * 1e6), 1) == count


def test_a_price_is_known_only_with_a_quote_and_a_size_that_has_one():
    assert price(QUOTE, 1000, 1000) == 0.1
    assert price(QUOTE, 6000, 6000) == pytest.approx(0.2)
    assert price(QUOTE, 20_000, 20_000) is None
    assert price(None, 1000, 1000) is None


def test_what_is_out_and_what_nobody_knows_counts_against_the_limit():
    assert Spending(1.0, 0.5).total_usd == 1.5
    assert not exceeds(Spending(4.0, 0.5), 0.5, 5.0)
    assert exceeds(Spending(4.0, 0.6), 0.5, 5.0)


def test_without_a_limit_nothing_is_too_much():
    assert not exceeds(Spending(1e6), 1e6, None)


def test_a_run_of_unknown_price_goes_only_while_something_is_left():
    assert not exceeds(Spending(4.99), None, 5.0)
    assert exceeds(Spending(5.0), None, 5.0)
    assert exceeds(Spending(), None, 0.0)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_spending_up_to_the_limit_exactly_is_allowed_and_a_cent_more_is_not(spent, reserved, usd):
    spending = Spending(spent, reserved)
    limit = spending.total_usd + usd
    assert not exceeds(spending, usd, limit)
    assert exceeds(spending, usd + 0.01, limit)


@given(st.lists(st.floats(0.01, 1), max_size=60), st.floats(0.01, 10))
def test_however_many_runs_are_tried_the_limit_is_never_passed(prices, limit):
    spent = 0.0
    for usd in prices:
        if not exceeds(Spending(spent), usd, limit):
            spent += usd
    assert spent <= limit + 1e-6
