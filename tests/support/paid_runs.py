"""Paid runs for tests: one with usual facts, any at all, and the way to a stage."""

from collections import deque
from typing import Any

from hypothesis import strategies as st

from sharpen_desktop.core.paid import STEPS, PaidRun, Stage
from sharpen_desktop.core.picture import Fingerprint
from sharpen_desktop.core.settings import Settings

PHOTO = Fingerprint("f" * 64, "a" * 64)
NOW_S = 1_800_000_000.0


def run_of(run_id: str, stage: Stage = Stage.PREPARED, **facts: Any) -> PaidRun:
    """A run of a photo of six megapixels at eleven cents, as the engine would write it down."""
    usual = {
        "reference": f"sd-{run_id}",
        "model": "topaz-labs/sharpen",
        "asked": '{"mode": "Standard"}',
        "fingerprint": PHOTO,
        "settings": Settings((("face_enhancement", True), ("mode", "Standard"), ("strength", 0.5))),
        "photo_name": "summer.jpg",
        "photo_path": "/photos/summer.jpg",
        "width": 3000,
        "height": 2000,
        "created_s": NOW_S,
        "changed_s": NOW_S,
        "quote_usd": 0.11,
    }
    return PaidRun(run_id, stage, **{**usual, **facts})


def way_to(stage: Stage) -> tuple[Stage, ...]:
    """Return the shortest way from PREPARED to a stage, without the first and with the last."""
    ways = deque([(Stage.PREPARED, ())])
    while True:
        here, way = ways.popleft()
        if here is stage:
            return way
        ways.extend((after, (*way, after)) for after in sorted(STEPS[here], key=lambda each: each.value))


def any_text(**limits: Any) -> st.SearchStrategy[str]:
    """Text with everything a file name may hold, lone surrogates too: a name need not be valid text."""
    return st.text(st.characters(), max_size=20, **limits)


def any_run(**known: Any) -> st.SearchStrategy[PaidRun]:
    """Any run at all; ``known``: strategies for some of its facts."""
    money = st.none() | st.floats(0, 100)
    seconds = st.floats(0, 4e9)
    value = st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | any_text()
    settings = st.dictionaries(any_text(min_size=1), value, max_size=4)
    facts = {
        "run_id": st.uuids().map(lambda each: each.hex),
        "stage": st.sampled_from(Stage),
        "reference": any_text(),
        "model": any_text(),
        "asked": any_text(),
        "fingerprint": st.builds(Fingerprint, st.sampled_from(["", "a", "b"]), st.sampled_from(["", "a"])),
        "settings": settings.map(lambda each: Settings(tuple(sorted(each.items())))),
        "photo_name": any_text(),
        "photo_path": any_text(),
        "created_s": seconds,
        "changed_s": seconds,
        "quote_usd": money,
        "cost_usd": money,
        "is_cost_estimated": st.booleans(),
        "request_id": any_text(),
        "saved_to": any_text(),
        "problem": any_text(),
        **known,
    }
    return st.builds(PaidRun, **facts)
