"""Many photos in one call, a poisoned one among them, at a service with moods: one bad photo or answer never costs the others."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import api_answers, images
from support.drive import environment_of
from support.paying_service import PayingService

CANARY = "sk-canary-0123456789abcdef"
PHOTOS = 12
MOODS = {"lost": 0.1, "gave_up": 0.1, "broken": 0.1, "busy": 0.15, "refused": 0.1}


@pytest.fixture
def folder(tmp_path):
    """Photos, the seventh of which is none."""
    place = tmp_path / "photos"
    place.mkdir()
    pixels = np.random.default_rng(75)
    for number in range(PHOTOS):
        images.save(place / f"{number:02}.png", pixels.integers(0, 256, (48, 64, 3), np.uint8))
    (place / "06.png").write_bytes((place / "06.png").read_bytes()[:100] + b"poison" * 50)
    return place


@pytest.fixture
def call(tmp_path, folder):
    """Call the program over all photos and return its status and what it says of each."""

    def called(service, *words):
        inputs = [str(file) for file in sorted(folder.iterdir())]
        done = subprocess.run(
            [sys.executable, "-m", "sharpen_desktop", "run", *inputs, "--engine", "cloud", "--yes", "--json",
             "--overwrite", "--output", str(tmp_path / "out"), *words],
            env=environment_of(tmp_path, SHARPEN_API_URL=service.url, SHARPEN_API_KEY=CANARY),
            cwd=tmp_path, capture_output=True, text=True, timeout=150, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    return called


def whole(record):
    with Image.open(record["output"]) as picture:
        picture.load()
        return picture.size == (64, 48)


@pytest.mark.fault(75)
def test_every_photo_is_done_or_has_its_reason_and_none_is_paid_twice(call, folder, injected):
    with PayingService(75, MOODS) as service:
        status, told = call(service)
        assert status == 1
        assert [Path(each["input"]).name for each in told] == sorted(each.name for each in folder.iterdir())
        assert "06.png" in told[6]["error"]
        assert all(whole(each) if "output" in each else each["error"] for each in told)
        assert sum("output" in each for each in told) >= PHOTOS // 4
        paid, failed = len(service.charges), [each for each in told if "error" in each]

        status, again = call(service)
        assert all("output" in new for new, old in zip(again, told, strict=True) if "output" in old)
        assert len(service.charges) - paid <= len(failed) - 1
        assert max(Counter(each.asked for each in service.charges).values()) == 1
        injected(1 + sum(service.injected.values()))


@pytest.mark.fault(15, 16)
@pytest.mark.parametrize(
    ("answer", "said"), [(api_answers.out_of_credit(), "credit"), (api_answers.bad_key(), "key")]
)
def test_what_concerns_every_photo_stops_the_call_after_one_request(call, answer, said):
    with PayingService(16, {}) as service:
        service.always = answer
        status, told = call(service)
        assert status == 1
        assert len(service.posts) == 1
    assert len(told) == PHOTOS
    assert all(said in each["error"] for each in told)
    assert all("Nothing was billed." in each["error"] for each in told)
