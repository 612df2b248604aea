"""Settings as text: there and back, and text that holds none."""

import json

import pytest

from sharpen_desktop.core.carried_settings import MARK, settings_in, settings_text
from sharpen_desktop.core.settings import Settings, defaults
from sharpen_desktop.services.schema_file import load_schema

SCHEMA = load_schema()


def test_settings_come_back_as_they_were():
    settings = defaults(SCHEMA).replaced("mode", "Strong").replaced("strength", 0.62)
    assert settings_in(settings_text(settings), SCHEMA) == settings


def test_auto_stays_auto():
    settings = defaults(SCHEMA)
    assert settings.get("strength") is None
    assert settings_in(settings_text(settings), SCHEMA) == settings


def test_settings_of_another_version_are_put_right():
    text = json.dumps({MARK: {"mode": "Gone", "strength": 7, "unknown": 1, "face_enhancement": "yes"}})
    assert settings_in(text, SCHEMA) == defaults(SCHEMA).replaced("strength", 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "{}",
        "[1]",
        f'"{MARK}"',
        json.dumps({MARK: 3}),
        f'{{"{MARK}": {{}}',
        f"{MARK}{'[' * 99_000}",
    ],
)
def test_other_text_holds_none(text):
    assert settings_in(text, SCHEMA) is None


def test_a_long_text_is_not_even_read():
    assert settings_in(settings_text(Settings()) + " " * 200_000, SCHEMA) is None
