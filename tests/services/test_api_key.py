"""The key: where it comes from, what is cleaned, what is refused."""

import pytest

from sharpen_desktop.core.errors import Charge, KeyRefused
from sharpen_desktop.services.api_key import VARIABLES, clean_key, key_from_environment

KEY = "sk-0123456789abcdef"


def test_the_programs_own_variable_goes_before_the_vendors():
    environ = {name: f"key-of-{name}" for name in VARIABLES}
    assert VARIABLES == ("SHARPEN_API_KEY", "AIMLAPI_API_KEY", "AIMLAPI_KEY", "AIML_API_KEY")
    for name in VARIABLES:
        assert key_from_environment(environ) == f"key-of-{name}"
        del environ[name]
    assert key_from_environment(environ) == ""


def test_a_variable_that_is_set_to_nothing_does_not_hide_the_next():
    assert key_from_environment({"SHARPEN_API_KEY": " ", "AIMLAPI_KEY": KEY}) == KEY


@pytest.mark.fault(72)
@pytest.mark.parametrize(
    "pasted",
    [
        KEY,
        f"  {KEY}\r\n",
        f'"{KEY}"',
        f"'{KEY}' ",
        f"“{KEY}”",
        f"Bearer {KEY}",
        f"bearer   {KEY}\n",
        f'"Bearer {KEY}"',
        f"Authorization: Bearer {KEY}",
        f"\ufeff{KEY}\u200b",
        f"{KEY[:6]}\u200d{KEY[6:]}",
        f"{KEY[:6]}\n{KEY[6:]}",
    ],
)
def test_what_copying_adds_is_taken_off(pasted):
    assert clean_key(pasted) == KEY
    assert clean_key(clean_key(pasted)) == KEY


@pytest.mark.fault(72)
@pytest.mark.parametrize(
    ("pasted", "word"),
    [
        ("", "no key"),
        (" \n\t", "no key"),
        ("''", "no key"),
        ("abcdefg", "short"),
        ("k" * 513, "long"),
        ("k" * 5_000, "long"),
        (200 * " secret\n", "long"),
        ("sk-secret-🔑🔑🔑", "characters"),
        ("sk-secret-ключ", "characters"),
        ("sk-secret\x00-value", "characters"),
    ],
)
def test_what_cannot_be_a_key_is_refused_without_repeating_it(pasted, word):
    with pytest.raises(KeyRefused) as caught:
        clean_key(pasted)
    assert word in caught.value.headline
    assert caught.value.charge is Charge.NONE
    assert "secret" not in caught.value.sentence + caught.value.detail


def test_the_shortest_and_the_longest_key_pass():
    assert clean_key("k" * 8) == "k" * 8
    assert clean_key("k" * 512) == "k" * 512
