"""Waits between tries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core import retry

SPREADS = st.floats(0, 1)


def none():
    return 0.0


def test_connecting_is_tried_three_times_with_growing_waits():
    assert [retry.connect_wait_s(failed, none) for failed in (1, 2, 3, 4)] == [1.0, 2.0, None, None]


def test_a_busy_service_is_tried_five_times_with_growing_waits():
    waits = [retry.busy_wait_s(refused, None, none) for refused in (1, 2, 3, 4, 5)]
    assert waits == [5.0, 10.0, 20.0, 40.0, None]


@pytest.mark.parametrize(("asked_s", "waited_s"), [(0.0, 0.0), (7.0, 7.0), (599.0, 599.0), (86_400.0, 600.0)])
def test_what_the_service_asks_for_is_waited_but_never_more_than_ten_minutes(asked_s, waited_s):
    assert retry.busy_wait_s(1, asked_s, none) == waited_s


@given(st.integers(1, 10), st.none() | st.floats(0, 1e9), SPREADS)
def test_the_spread_adds_at_most_a_quarter_and_no_wait_is_longer_than_the_longest(refused, asked_s, spread):
    plain, spread_out = (retry.busy_wait_s(refused, asked_s, each) for each in (none, lambda: spread))
    assert (plain is None) is (spread_out is None) is (refused >= retry.BUSY_TRIES)
    if plain is not None:
        assert plain <= spread_out <= min(plain * 1.25 + 1e-6, retry.LONGEST_WAIT_S)
