"""What a person is told when something goes wrong."""

import pytest

from sharpen_desktop.core.errors import Charge, CloudError, CreditExhausted, KeyRefused, SharpenError


@pytest.mark.parametrize("charge", Charge)
def test_the_sentence_says_what_it_cost_where_money_was_involved(charge):
    assert CloudError("It broke.", charge=charge).sentence == f"It broke. {charge.value}"


def test_the_sentence_says_nothing_of_money_where_none_was_involved():
    assert SharpenError("It broke.").sentence == "It broke."


def test_nobody_is_told_that_something_was_billed_when_nothing_was():
    assert "Nothing" in Charge.NONE.value
    assert "may have" in Charge.UNKNOWN.value
    assert len({charge.value for charge in Charge}) == 3


def test_an_error_can_be_repeated_only_when_it_says_so():
    assert not SharpenError("It broke.").retryable
    assert SharpenError("It broke.", retryable=True).retryable


def test_refused_keys_and_empty_accounts_are_troubles_of_the_cloud():
    assert issubclass(KeyRefused, CloudError)
    assert issubclass(CreditExhausted, CloudError)
    assert issubclass(CloudError, SharpenError)
