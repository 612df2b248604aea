"""What the user wants, and what of it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core.settings import (
    Settings,
    defaults,
    effective,
    from_mapping,
    reason_without_effect,
)
from sharpen_desktop.services.schema_file import load_schema

SCHEMA = load_schema()
FACES = {"face_enhancement", "face_enhancement_strength", "face_enhancement_creativity"}


def sent(engine="cloud", **changes):
    settings = defaults(SCHEMA)
    for name, value in changes.items():
        settings = settings.replaced(name, value)
    return dict(effective(SCHEMA, settings, engine))


def test_auto_means_not_sent():
    assert {"strength", "minor_denoise"}.isdisjoint(sent())
    assert sent(strength=0.4)["strength"] == 0.4
    assert "strength" not in sent(strength=None)


def test_faces_on_sends_all_three_face_fields_with_the_defaults_of_the_schema():
    fields = sent()
    assert fields["face_enhancement"] is True
    assert fields["face_enhancement_strength"] == 0.8
    assert fields["face_enhancement_creativity"] == 0


def test_faces_off_is_said_and_the_face_sliders_keep_their_values_unsent():
    settings = defaults(SCHEMA).replaced("face_enhancement_strength", 0.3).replaced("face_enhancement", False)
    assert dict(effective(SCHEMA, settings, "cloud"))["face_enhancement"] is False
    assert FACES & set(dict(effective(SCHEMA, settings, "cloud"))) == {"face_enhancement"}
    assert settings.get("face_enhancement_strength") == 0.3
    assert reason_without_effect(SCHEMA, settings, "face_enhancement_strength", "cloud") == "Faces is off."


@pytest.mark.parametrize("mode", [choice.value for choice in SCHEMA.param("mode").choices])
def test_minor_denoise_is_sent_in_every_mode_but_strong(mode):
    assert ("minor_denoise" in sent(mode=mode, minor_denoise=0.5)) is (mode != "Strong")


def test_a_field_that_strong_ignores_says_so():
    settings = defaults(SCHEMA).replaced("mode", "Strong")
    assert reason_without_effect(SCHEMA, settings, "minor_denoise", "cloud") == "No effect in Strong."


def test_a_request_without_changes_is_the_defaults_in_the_order_of_the_panel():
    assert sent() == {
        "mode": "Standard",
        "subject_detection": "All",
        "face_enhancement": True,
        "face_enhancement_strength": 0.8,
        "face_enhancement_creativity": 0,
        "output_format": "jpeg",
    }
    assert list(sent()) == [param.name for param in SCHEMA.params if param.name in sent()]


def test_the_local_engine_gets_only_what_it_honours():
    assert sent("local", strength=0.4, minor_denoise=0.2) == {
        "mode": "Standard",
        "subject_detection": "All",
        "strength": 0.4,
        "minor_denoise": 0.2,
        "face_enhancement": True,
        "face_enhancement_strength": 0.8,
        "face_enhancement_creativity": 0,
    }


def test_a_field_the_local_engine_does_not_honour_gives_a_reason_in_one_line():
    for param in SCHEMA.params:
        reason = reason_without_effect(SCHEMA, defaults(SCHEMA), param.name, "local")
        assert bool(reason) is bool(param.not_local)
        assert "\n" not in reason


def test_a_field_with_an_effect_gives_no_reason():
    assert reason_without_effect(SCHEMA, defaults(SCHEMA), "strength", "cloud") == ""


def test_a_number_is_read_only_from_a_number():
    settings = Settings((("mode", "Strong"), ("on", True), ("strength", 1)))
    assert settings.number("strength") == 1.0
    assert settings.number("on") is None
    assert settings.number("mode") is None
    assert settings.number("missing") is None


def test_a_text_is_read_only_from_a_text():
    settings = Settings((("mode", "Strong"), ("strength", 0.5)))
    assert settings.text("mode") == "Strong"
    assert settings.text("strength", "Standard") == "Standard"


names = st.sampled_from([param.name for param in SCHEMA.params] + ["gone"])
anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text("abc"), st.lists(st.integers())
)


@given(st.dictionaries(names, anything))
def test_stored_values_whatever_they_are_become_settings_within_the_schema(values):
    settings = from_mapping(SCHEMA, values)
    assert from_mapping(SCHEMA, dict(settings.items)) == settings
    assert settings.get("gone") is None
    for engine in ("local", "cloud"):
        assert dict(effective(SCHEMA, settings, engine)).items() <= dict(settings.items).items()


@given(st.dictionaries(names, st.sampled_from([0.1, 0.5, True, "Strong"])), names)
def test_a_field_made_auto_and_given_its_value_again_is_as_it_was(values, name):
    settings = Settings(tuple(sorted(values.items())))
    assert settings.replaced(name, None).replaced(name, settings.get(name)) == settings
    assert settings.replaced(name, None).get(name) is None


def test_defaults_are_those_of_the_schema():
    assert dict(defaults(SCHEMA).items) == {
        param.name: param.default for param in SCHEMA.params if param.default is not None
    }
