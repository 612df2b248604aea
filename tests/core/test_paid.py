"""Paid runs: which steps there are, what is the same request, and what becomes of them as text."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core import paid
from sharpen_desktop.core.account import UNSETTLED
from sharpen_desktop.core.paid import PaidRun, Stage, asked_for, from_json, stepped, to_json
from sharpen_desktop.core.picture import Fingerprint
from sharpen_desktop.core.settings import Settings, defaults
from sharpen_desktop.services.schema_file import load_schema

SCHEMA = load_schema()
PLAIN = defaults(SCHEMA)
STAGES = st.sampled_from(list(Stage))
SETTLED_FOR_GOOD = {Stage.REFUSED}


def run(stage=Stage.PREPARED, **more):
    return PaidRun("r", stage, "sd-1", "topaz-labs/sharpen", "{}", **more)


# Steps


@given(st.lists(STAGES, max_size=12))
def test_whatever_is_tried_a_result_that_is_stored_stays_one_and_nothing_is_sent_twice_unseen(stages):
    now = run()
    for stage in stages:
        before = now
        try:
            now = stepped(now, stage, 1.0)
        except ValueError:
            assert stage not in paid.STEPS[before.stage]
            continue
        assert not before.has_result or now.has_result
        assert stage is not Stage.SENDING or before.stage in (Stage.PREPARED, Stage.SENDING)


def test_a_refused_run_never_becomes_anything_else_and_every_other_end_can_still_be_answered():
    for stage in Stage:
        assert (not paid.STEPS[stage]) is (stage in SETTLED_FOR_GOOD)


def test_nothing_is_stored_that_was_not_answered():
    for stage in (Stage.PREPARED, Stage.SENDING, Stage.UNKNOWN, Stage.LOST, Stage.UNTRACED):
        assert Stage.STORED not in paid.STEPS[stage]


def test_a_default_of_the_schema_and_the_same_value_from_a_slider_ask_the_same():
    as_default = PLAIN.replaced("face_enhancement_creativity", 0)
    from_slider = PLAIN.replaced("face_enhancement_creativity", 0.0)
    assert asked_for(SCHEMA, as_default) == asked_for(SCHEMA, from_slider)


def test_a_row_that_was_written_with_the_other_form_of_a_number_is_the_same_request():
    mark = Fingerprint("f")
    row = PaidRun("r", Stage.STORED, "sd-1", "m", '{"a": 0, "mode": "Natural"}', mark)
    assert row.is_for(mark, "m", '{"a": 0.0, "mode": "Natural"}')
    assert not row.is_for(mark, "m", '{"a": 0.5, "mode": "Natural"}')
    assert not replace(row, asked="no json").is_for(mark, "m", '{"a": 0.0}')


def test_a_step_notes_when_it_was_and_what_changed():
    answered = stepped(run(Stage.SENDING), Stage.ANSWERED, 7.0, answer="answer.json", cost_usd=0.1)
    assert (answered.changed_s, answered.answer, answered.cost_usd) == (7.0, "answer.json", 0.1)


def test_runs_without_an_end_are_exactly_those_the_program_has_something_to_do_for():
    assert {stage for stage in Stage if stage in paid.OPEN} == {
        Stage.PREPARED,
        Stage.SENDING,
        Stage.ANSWERED,
        Stage.DOWNLOADING,
        Stage.UNKNOWN,
        Stage.UNTRACED,
    }
    assert {Stage.LOST} == UNSETTLED - paid.OPEN


# The same request


def test_jpg_is_jpeg_and_tif_is_tiff():
    def asked(output_format):
        return asked_for(SCHEMA, PLAIN.replaced("output_format", output_format))

    assert asked("jpg") == asked("jpeg")
    assert asked("tif") == asked("tiff")
    assert asked("png") != asked("jpeg")


def test_auto_is_absent_and_differs_from_every_value():
    assert "strength" not in json.loads(asked_for(SCHEMA, PLAIN))
    assert asked_for(SCHEMA, PLAIN.replaced("strength", 0.5)) != asked_for(SCHEMA, PLAIN)


def test_what_has_no_effect_does_not_make_another_request():
    off = PLAIN.replaced("face_enhancement", False)
    assert asked_for(SCHEMA, off) == asked_for(SCHEMA, off.replaced("face_enhancement_strength", 0.1))
    on = PLAIN.replaced("face_enhancement", True)
    assert asked_for(SCHEMA, on) != asked_for(SCHEMA, on.replaced("face_enhancement_strength", 0.1))


@given(st.floats(0.01, 1))
def test_a_number_that_differs_by_rounding_only_is_the_same(strength):
    nudged = strength + 1e-12
    one, other = (asked_for(SCHEMA, PLAIN.replaced("strength", each)) for each in (strength, nudged))
    assert one == other or round(strength, 6) != round(nudged, 6)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Fingerprint("f", "p"), Fingerprint("f", "q"), True),
        (Fingerprint("f", "p"), Fingerprint("g", "p"), True),
        (Fingerprint("f", "p"), Fingerprint("g", "q"), False),
        (Fingerprint(), Fingerprint(), False),
        (Fingerprint("", "p"), Fingerprint("", "p"), True),
        (Fingerprint("f", ""), Fingerprint("", "f"), False),
    ],
)
def test_photos_are_the_same_when_file_or_pixels_agree(one, other, same):
    assert one.is_same(other) is same
    assert replace(run(), fingerprint=one).is_for(other, "topaz-labs/sharpen", "{}") is same


def test_another_model_or_other_settings_are_another_request():
    known = run(fingerprint=Fingerprint("f"))
    assert known.is_for(Fingerprint("f"), "topaz-labs/sharpen", "{}")
    assert not known.is_for(Fingerprint("f"), "topaz-labs/sharpen-gen", "{}")
    assert not known.is_for(Fingerprint("f"), "topaz-labs/sharpen", '{"mode": "Strong"}')


# As text


RUNS = st.builds(
    PaidRun,
    run_id=st.text(min_size=1),
    stage=STAGES,
    reference=st.text(),
    model=st.text(),
    asked=st.text(),
    fingerprint=st.builds(Fingerprint, st.text(), st.text()),
    settings=st.dictionaries(st.text(), st.text() | st.booleans() | st.floats(0, 1)).map(
        lambda values: Settings(tuple(sorted(values.items())))
    ),
    cost_usd=st.none() | st.floats(0, 10),
    files=st.lists(st.text()).map(tuple),
    created_s=st.floats(0, 1e10),
)


@given(RUNS)
def test_a_run_comes_back_from_its_text_as_it_was(known):
    assert from_json(json.loads(json.dumps(to_json(known)))) == known


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"run_id": "r"},
        {**to_json(run()), "stage": "no such stage"},
        {**to_json(run()), "fingerprint": 5},
        {**to_json(run()), "settings": [1]},
        {**to_json(run()), "files": 5},
    ],
)
def test_what_is_no_record_is_refused(data):
    with pytest.raises(ValueError, match="no record"):
        from_json(data)


def test_a_stage_nobody_knows_is_refused_and_a_field_nobody_knows_is_dropped():
    assert from_json({**to_json(run()), "of_a_later_version": 1}) == run()
