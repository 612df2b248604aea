"""Preferences: kept as they are, and never a reason to fail."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core.prefs import VERSION, Prefs, from_json, to_json

texts = st.text('aZ0 /\\"äß日\u0301\U0001f4f7\n', max_size=8)
values = st.one_of(st.booleans(), st.integers(-100, 100), st.floats(allow_nan=False), texts)
prefs = st.builds(
    Prefs,
    theme=st.sampled_from(["dark", "light", "system"]),
    geometry=texts,
    splitter=texts,
    is_left_open=st.booleans(),
    is_right_open=st.booleans(),
    settings=st.dictionaries(texts, values).map(lambda each: tuple(sorted(each.items()))),
    save_format=st.sampled_from(["same", "jpeg", "png", "tiff", "webp"]),
    save_quality=st.integers(1, 100),
    last_folder=texts,
    open_groups=st.lists(texts).map(tuple),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
field_names = st.sampled_from([*Prefs.__dataclass_fields__, "version", "unknown"])


@given(prefs)
def test_preferences_come_back_from_json_as_they_were(before):
    assert from_json(json.loads(json.dumps(to_json(before)))) == before


@given(st.dictionaries(field_names | texts, json_values))
def test_garbage_never_raises_and_becomes_usable_preferences(garbage):
    read = from_json(garbage)
    assert read.theme in {"dark", "light", "system"}
    assert 1 <= read.save_quality <= 100
    assert from_json(json.loads(json.dumps(to_json(read)))) == read or "NaN" in json.dumps(to_json(read))


@given(st.sampled_from(list(Prefs.__dataclass_fields__)), json_values)
def test_a_damaged_value_costs_only_itself(name, value):
    good = to_json(Prefs(theme="light", save_quality=80, last_folder="/photos", is_left_open=False))
    plain = from_json(good)
    read = from_json({**good, name: value})
    for other in Prefs.__dataclass_fields__:
        if other != name:
            assert getattr(read, other) == getattr(plain, other)


def test_nothing_stored_means_the_defaults():
    assert from_json({}) == Prefs()


def test_values_outside_their_range_are_brought_back():
    assert from_json({"save_quality": 0}).save_quality == 1
    assert from_json({"save_quality": 999}).save_quality == 100
    assert from_json({"theme": "purple"}).theme == "dark"


def test_a_value_of_another_kind_is_replaced_by_its_default():
    assert from_json({"is_left_open": 0, "save_quality": True, "geometry": 3}) == Prefs()


def test_the_version_is_written():
    assert to_json(Prefs())["version"] == VERSION


def test_every_start_is_local_and_free():
    assert "engine" not in to_json(Prefs())
