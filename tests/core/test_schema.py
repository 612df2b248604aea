"""The panel, the command line and the request follow the service's schema file, whatever it says."""

import copy
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core.errors import ValueRefused
from sharpen_desktop.core.schema import (
    MORE,
    Choice,
    Kind,
    Param,
    SchemaUnusable,
    check,
    clean,
    parse_model,
)
from sharpen_desktop.core.settings import defaults, effective, reason_without_effect

FOLDER = Path(__file__).parents[2] / "resources" / "schema"
PATH = "/v1/images/generations"


@pytest.fixture
def openapi():
    return json.loads((FOLDER / "topaz-labs-sharpen.json").read_text(encoding="utf-8"))


@pytest.fixture
def overlay():
    return json.loads((FOLDER / "topaz-labs-sharpen.overlay.json").read_text(encoding="utf-8"))


@pytest.fixture
def fields(openapi):
    """The fields of the file itself: a change of these is a change of the service."""
    return properties(openapi)


def properties(openapi):
    body = openapi["paths"][PATH]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return body["properties"]


# The bundled file


def test_the_bundled_file_gives_a_control_for_every_field_but_the_model_and_the_picture(
    openapi, overlay, fields
):
    schema = parse_model(openapi, overlay)
    assert {param.name for param in schema.params} == set(fields) - {"model", "image_url"}
    assert schema.model == "topaz-labs/sharpen"
    assert schema.path == PATH
    assert schema.picture_field == "image_url"


def test_kinds_limits_defaults_and_choices_are_those_of_the_bundled_file(openapi, overlay, fields):
    schema = parse_model(openapi, overlay)
    kinds = {"number": Kind.NUMBER, "boolean": Kind.SWITCH}
    for param in schema.params:
        spec = fields[param.name]
        assert param.kind is (Kind.CHOICE if "enum" in spec else kinds[spec["type"]])
        assert (param.minimum, param.maximum) == (spec.get("minimum"), spec.get("maximum"))
        if "default" in spec:
            assert param.default == spec["default"]
        spellings = [value for choice in param.choices for value in (choice.value, *choice.also)]
        assert sorted(spellings) == sorted(spec.get("enum", ()))


def test_only_the_fields_without_a_default_have_an_auto_state(openapi, overlay):
    schema = parse_model(openapi, overlay)
    assert [param.name for param in schema.params if param.is_auto_allowed] == ["strength", "minor_denoise"]


def test_a_required_choice_without_a_default_starts_with_its_first_value_instead_of_auto(openapi, overlay):
    mode = parse_model(openapi, overlay).param("mode")
    assert mode.default == "Standard"
    assert not mode.is_auto_allowed


def test_spellings_of_one_format_are_one_choice(openapi, overlay):
    chosen = parse_model(openapi, overlay).param("output_format")
    assert [choice.value for choice in chosen.choices] == ["jpeg", "png", "tiff"]
    assert clean(chosen, "jpg") == clean(chosen, "jpeg") == "jpeg"
    assert check(chosen, "tif") == "tiff"


def test_limits_in_words(openapi, overlay):
    schema = parse_model(openapi, overlay)
    assert schema.param("strength").limits == "0.01–1"
    assert schema.param("subject_detection").limits == "All, Foreground, Background"
    assert schema.param("face_enhancement").limits == "on, off"


@pytest.mark.parametrize(
    ("minimum", "maximum", "words"),
    [(2, None, "at least 2"), (None, 9.5, "at most 9.5"), (None, None, "any number"), (0, 0.5, "0–0.5")],
)
def test_limits_that_are_open_on_a_side_say_so(minimum, maximum, words):
    assert Param("x", Kind.NUMBER, "X", MORE, minimum=minimum, maximum=maximum).limits == words


@pytest.mark.parametrize(
    ("kind", "minimum", "maximum", "is_percent"),
    [
        (Kind.NUMBER, 0, 1, True),
        (Kind.NUMBER, 0.25, 1, True),
        (Kind.NUMBER, 0, 1.5, False),
        (Kind.NUMBER, -1, 1, False),
        (Kind.NUMBER, None, 1, False),
        (Kind.INTEGER, 0, 1, False),
    ],
)
def test_only_a_range_within_0_and_1_is_shown_as_percent(kind, minimum, maximum, is_percent):
    assert Param("x", kind, "X", MORE, minimum=minimum, maximum=maximum).is_percent is is_percent


def test_the_fields_of_a_group_come_in_order_with_the_switch_of_its_title_first(openapi, overlay):
    schema = parse_model(openapi, overlay)
    assert [param.name for param in schema.in_group("faces")] == [
        "face_enhancement",
        "face_enhancement_strength",
        "face_enhancement_creativity",
    ]
    assert [param.name for param in schema.in_group("amount")] == ["strength", "minor_denoise"]


def test_every_field_stands_in_a_group_that_the_panel_shows(openapi, overlay):
    schema = parse_model(openapi, overlay)
    assert {param.group for param in schema.params} <= {group.name for group in schema.groups}
    assert schema.groups[-1].name == MORE
    assert [group.name for group in schema.groups if group.is_closed] == ["output", MORE]


def test_every_field_says_what_it_does(openapi, overlay):
    for param in parse_model(openapi, overlay).params:
        assert param.help or all(choice.help for choice in param.choices)


# A file that has changed


def test_a_changed_limit_is_followed(openapi, overlay, fields):
    fields["strength"]["maximum"] = 2
    strength = parse_model(openapi, overlay).param("strength")
    assert clean(strength, 1.5) == 1.5
    assert strength.limits == "0.01–2"
    assert not strength.is_percent


def test_a_changed_default_is_followed(openapi, overlay, fields):
    fields["strength"]["default"] = 0.3
    schema = parse_model(openapi, overlay)
    assert not schema.param("strength").is_auto_allowed
    assert defaults(schema).get("strength") == 0.3


def test_a_new_mode_is_offered_without_a_help_line(openapi, overlay, fields):
    fields["mode"]["enum"].append("Super Focus")
    mode = parse_model(openapi, overlay).param("mode")
    assert mode.choices[-1] == Choice("Super Focus", "Super Focus")
    assert check(mode, "Super Focus") == "Super Focus"


def test_a_choice_that_is_not_required_and_has_no_default_may_be_left_to_the_engine(openapi, overlay, fields):
    fields["look"] = {"type": "string", "enum": ["soft", "hard"]}
    look = parse_model(openapi, overlay).param("look")
    assert look.default is None
    assert look.is_auto_allowed
    assert clean(look, "no such look") is None


def test_a_new_field_appears_under_more_and_is_sent_to_the_service_only(openapi, overlay, fields):
    fields["focus_boost"] = {
        "type": "number",
        "minimum": 0.25,
        "maximum": 1,
        "default": 0.5,
        "description": "Hm.",
    }
    schema = parse_model(openapi, overlay)
    new = schema.in_group(MORE)[0]
    assert (new.name, new.label, new.help, new.limits) == ("focus_boost", "Focus boost", "Hm.", "0.25–1")
    assert ("focus_boost", 0.5) in effective(schema, defaults(schema), "cloud")
    assert reason_without_effect(schema, defaults(schema), "focus_boost", "local")


def test_a_whole_number_field_is_a_whole_number(openapi, overlay, fields):
    fields["seed"] = {"type": "integer", "minimum": 0, "maximum": 10}
    seed = parse_model(openapi, overlay).param("seed")
    assert seed.kind is Kind.INTEGER
    assert clean(seed, 3.4) == 3
    assert clean(seed, 99) == 10


def test_a_removed_field_is_gone(openapi, overlay, fields):
    del fields["minor_denoise"]
    schema = parse_model(openapi, overlay)
    with pytest.raises(KeyError):
        schema.param("minor_denoise")


@pytest.mark.parametrize(
    "spec",
    [
        {"type": "array", "items": {"type": "string"}, "default": ["a"]},
        {"type": "object"},
        {"type": "string"},
        {"enum": [1, 2, 4], "default": 2},
        {"$ref": "#/components/schemas/Mask"},
    ],
)
def test_a_kind_of_field_nobody_knows_is_kept_shown_and_never_sent(openapi, overlay, fields, spec):
    fields["mystery"] = copy.deepcopy(spec)
    schema = parse_model(openapi, overlay)
    assert schema.param("mystery").kind is Kind.UNKNOWN
    assert not schema.param("mystery").is_auto_allowed
    settings = defaults(schema).replaced("mystery", "something")
    assert reason_without_effect(schema, settings, "mystery", "cloud") == "Set by the service."
    assert "mystery" not in dict(effective(schema, settings, "cloud"))


def test_a_file_without_an_overlay_still_gives_every_field(openapi):
    schema = parse_model(openapi, {"fields": {"model": {"role": "model"}, "image_url": {"role": "picture"}}})
    assert len(schema.in_group(MORE)) == 8
    assert schema.title == "topaz-labs/sharpen"


@pytest.mark.parametrize(
    "damage",
    [
        lambda spec: spec.clear(),
        lambda spec: spec["paths"].clear(),
        lambda spec: spec.update(paths=None),
        lambda spec: spec["paths"][PATH].pop("post"),
        lambda spec: properties(spec).pop("model"),
        lambda spec: properties(spec)["model"].update(enum=[]),
    ],
)
def test_a_file_that_describes_no_picture_request_is_refused(openapi, overlay, damage):
    damage(openapi)
    with pytest.raises(SchemaUnusable):
        parse_model(openapi, overlay)


# clean and check


@st.composite
def number_params(draw):
    kind = draw(st.sampled_from([Kind.NUMBER, Kind.INTEGER]))
    numbers = st.integers(-50, 50) if kind is Kind.INTEGER else st.floats(-50, 50)
    low, high = sorted((draw(numbers) + 0, draw(numbers) + 0))  # no minus zero
    within = st.integers(low, high) if kind is Kind.INTEGER else st.floats(low, high)
    return Param(
        "x",
        kind,
        "X",
        MORE,
        default=draw(st.none() | within),
        minimum=draw(st.sampled_from([None, low])),
        maximum=draw(st.sampled_from([None, high])),
    )


@st.composite
def choice_params(draw):
    words = draw(st.lists(st.text("abcdef", min_size=1), min_size=1, max_size=6, unique=True))
    kept = draw(st.integers(1, len(words)))
    first = Choice(words[0], "First", also=tuple(words[kept:]))
    choices = (first, *(Choice(word, word) for word in words[1:kept]))
    default = draw(st.none() | st.sampled_from([choice.value for choice in choices]))
    return Param("x", Kind.CHOICE, "X", MORE, default=default, choices=choices)


PARAMS = st.one_of(
    number_params(),
    choice_params(),
    st.builds(
        lambda on: Param("x", Kind.SWITCH, "X", MORE, default=on), st.sampled_from([None, True, False])
    ),
    st.just(Param("x", Kind.UNKNOWN, "X", MORE, default="as it is")),
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(-1e12, 1e12) | st.just(math.nan),
    st.text("abcdef"),
)


@given(PARAMS, VALUES)
def test_cleaning_twice_is_cleaning_once(param, value):
    once = clean(param, value)
    assert clean(param, once) == once


@given(PARAMS, VALUES)
def test_a_cleaned_value_is_always_allowed_or_auto(param, value):
    cleaned = clean(param, value)
    if cleaned is None:
        assert param.default is None
        return
    if param.kind in {Kind.NUMBER, Kind.INTEGER}:
        assert not isinstance(cleaned, bool)
        assert isinstance(cleaned, int | float)
        assert param.minimum is None or cleaned >= param.minimum
        assert param.maximum is None or cleaned <= param.maximum
        assert param.kind is Kind.NUMBER or isinstance(cleaned, int)
    elif param.kind is Kind.CHOICE:
        assert cleaned in {choice.value for choice in param.choices}
    elif param.kind is Kind.SWITCH:
        assert isinstance(cleaned, bool)


@given(PARAMS, VALUES)
def test_what_check_lets_pass_is_what_clean_would_make_of_it(param, value):
    refused = None
    try:
        passed = check(param, value)
    except ValueRefused as error:
        refused = error.headline
    if refused is None:
        assert passed == clean(param, value)
    else:
        assert param.name in refused
        assert param.limits in refused


@given(number_params(), st.floats(-1e12, 1e12))
def test_a_number_within_the_limits_is_kept_as_it_is(param, value):
    low = -math.inf if param.minimum is None else param.minimum
    high = math.inf if param.maximum is None else param.maximum
    if param.kind is Kind.NUMBER and low <= value <= high:
        assert clean(param, value) == value == check(param, value)


@pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.INTEGER])
@pytest.mark.parametrize("value", [math.inf, -math.inf, 10**400], ids=["inf", "-inf", "huge"])
def test_a_number_beyond_all_measure_is_clamped_where_there_are_limits(kind, value):
    cleaned = clean(Param("x", kind, "X", MORE, minimum=0, maximum=8), value)
    assert cleaned == (8 if value > 0 else 0)


@pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.INTEGER])
@pytest.mark.parametrize("value", [math.inf, -math.inf, 10**400], ids=["inf", "-inf", "huge"])
def test_a_number_beyond_all_measure_never_becomes_a_setting_where_there_are_no_limits(kind, value):
    cleaned = clean(Param("x", kind, "X", MORE, default=3), value)
    assert math.isfinite(cleaned)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("strength", 0, "0.01–1"),
        ("strength", 1.01, "0.01–1"),
        ("face_enhancement_strength", -0.1, "0–1"),
        ("mode", "Sharpest", "Standard, Strong"),
        ("output_format", "webp", "jpeg, png, tiff"),
        ("face_enhancement", 2, "on, off"),
    ],
)
def test_a_value_outside_the_schema_is_refused_with_the_field_the_value_and_what_is_allowed(
    openapi, overlay, name, value, allowed
):
    with pytest.raises(ValueRefused) as refused:
        check(parse_model(openapi, overlay).param(name), value)
    assert refused.value.headline.startswith(f"{name}: {value} is not allowed")
    assert allowed in refused.value.headline


def test_auto_is_allowed_only_where_there_is_no_default(openapi, overlay):
    schema = parse_model(openapi, overlay)
    assert check(schema.param("strength"), None) is None
    assert clean(schema.param("strength"), None) is None
    with pytest.raises(ValueRefused):
        check(schema.param("mode"), None)
    assert clean(schema.param("mode"), None) == "Standard"


@pytest.mark.parametrize("value", ["1", True, math.nan])
def test_what_is_no_number_becomes_the_default_of_a_number_field(value):
    assert clean(Param("x", Kind.NUMBER, "X", MORE, default=0.8, minimum=0, maximum=1), value) == 0.8


def test_a_bool_is_not_taken_for_a_number(openapi, overlay):
    with pytest.raises(ValueRefused):
        check(parse_model(openapi, overlay).param("strength"), True)
