"""The cloud in the real program against a real server: what leaves this computer, what each fault says and costs."""

import io
import shutil
import time

import exiv2
import pytest
from PIL import Image
from support import api_answers
from support.api_server import ApiServer
from support.drive import Program, descendants, is_alive, wait_until

CANARY = "sk-canary-0123456789abcdef"
TYPED = "sk-typed-canary-0123456789"
FREE, UNKNOWN = "Nothing was billed.", "It may have been billed."
FAULTS = {
    "403 credits": (api_answers.out_of_credit(), "Out of credit", FREE),
    "413": (api_answers.too_large(), "too large", FREE),
    "401": (api_answers.bad_key(), "does not accept the key", FREE),
    "500": (api_answers.broken(), "failed on its side", UNKNOWN),
    "HTML 502": (api_answers.bad_gateway(), "HTTP 502", UNKNOWN),
    "broken JSON": (api_answers.unreadable_json(), "holds no photo", UNKNOWN),
    "null picture": (api_answers.no_picture(), "holds no photo", UNKNOWN),
}
SUCCESSES = {
    "usual": [api_answers.sharpened()],
    "slow": [api_answers.slow(1.5)],
    "busy": [api_answers.busy("1"), api_answers.sharpened()],
}
ORDER = ("403 credits", "413", "401", *SUCCESSES, "500", "HTML 502", "broken JSON", "null picture")
"""Those whose end is asked for later come last, so that the answer does not come in between."""


@pytest.fixture(scope="module")
def runs(photos, tmp_path_factory):
    """A run for each fault and each success: what was shown, and what the server got."""
    folder = tmp_path_factory.mktemp("cloud")
    photo = shutil.copy(photos / "one.jpg", folder / "one.jpg")
    answers = SUCCESSES | {name: [answer] for name, (answer, _, _) in FAULTS.items()}
    seen, requests = {}, {}
    with ApiServer() as server:
        environment = {"SHARPEN_API_URL": server.url, "SHARPEN_API_KEY": CANARY}
        server.answer_with(*(answer for name in ORDER for answer in answers[name]))
        with Program(folder, "cloud_faults", photo, **environment) as program:
            for name in ORDER:
                before = len(server.posts)
                seen[name] = program.told()
                requests[name] = server.posts[before:]
                program.go("enough" if name == ORDER[-1] else "")
            status = program.ended(within_s=15)
        downloads = server.downloads
    return folder, seen, requests, status, program.stderr, downloads


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_said_in_a_sentence_with_what_it_cost(runs, name):
    _, said, cost = FAULTS[name]
    shown = runs[1][name]
    assert said in shown["notice"]
    assert shown["notice"].endswith(cost), shown["notice"]
    assert len(shown["notice"]) > len(cost) + 10
    assert shown["detail"]


@pytest.mark.parametrize("name", ORDER)
def test_the_server_saw_one_request_for_each_run_and_another_only_after_it_was_busy(runs, name):
    assert len(runs[2][name]) == (2 if name == "busy" else 1)


@pytest.mark.parametrize("name", FAULTS)
def test_only_what_cannot_cost_twice_can_be_tried_again_at_a_press(runs, name):
    is_free = FAULTS[name][2] == FREE
    assert "again" not in runs[1][name]["wishes"]
    assert is_free or "sharpen" not in runs[1][name]["wishes"]


def test_a_refused_key_opens_the_card_and_the_typed_one_is_used_from_then_on(runs):
    assert runs[1]["401"]["is_key_wanted"]
    keys = [requests[0].headers["authorization"] for requests in runs[2].values()]
    after = list(runs[2]).index("401") + 1
    assert set(keys[:after]) == {f"Bearer {CANARY}"}
    assert set(keys[after:]) == {f"Bearer {TYPED}"}


@pytest.mark.parametrize("name", ["slow", "busy"])
def test_a_slow_answer_and_a_busy_service_are_waited_for(runs, name):
    assert runs[1][name]["results"] == 1 + list(SUCCESSES).index(name)
    assert runs[1][name]["notice"] == ""


def test_the_first_run_asks_before_anything_is_sent(runs):
    assert "Send one.jpg to the cloud service?" in runs[1]["403 credits"]["asked"]


def test_the_answer_is_shown_with_its_real_cost(runs):
    usual = runs[1]["usual"]
    assert usual["results"] == 1
    assert usual["view"] == "split"
    assert usual["cost"] == pytest.approx(0.105)
    assert "cost" in usual["status"]
    assert len(runs[5]) == len(SUCCESSES)


@pytest.mark.fault(68)
def test_the_picture_that_leaves_carries_no_metadata(runs):
    (request,) = runs[2]["usual"]
    picture = request.picture
    for trace in (
        b"Exif",
        b"GPS",
        b"Nippon",
        b"Harbour",
        b"harbour",
        b"http://ns.adobe.com",
        b"8BIM",
        b"one.jpg",
    ):
        assert trace not in picture, trace
    image = exiv2.ImageFactory.open(picture)
    image.readMetadata()
    assert (image.exifData().count(), image.xmpData().count(), image.iptcData().count()) == (0, 0, 0)
    with Image.open(io.BytesIO(picture)) as opened:
        assert opened.size == (480, 360)
        assert not opened.getexif()


def test_nothing_but_the_fields_of_the_panel_leaves(runs):
    (request,) = runs[2]["usual"]
    fields = request.fields
    assert fields.pop("image_url").startswith("data:image/")
    assert fields == {
        "model": "topaz-labs/sharpen",
        "mode": "Standard",
        "subject_detection": "All",
        "face_enhancement": True,
        "face_enhancement_strength": 0.8,
        "face_enhancement_creativity": 0,
        "output_format": "jpeg",
        "strength": pytest.approx(fields["strength"]),
    }
    said = str(request.headers).lower()
    for trace in ("one.jpg", "cookie", "referer"):
        assert trace not in said


def test_the_key_stands_in_no_file_and_no_word_of_the_program(runs):
    folder, seen, _, _, stderr, _ = runs
    for key in (CANARY, TYPED):
        assert key not in stderr
        assert key not in str(seen)
        holders = [file for file in folder.rglob("*") if file.is_file() and key.encode() in file.read_bytes()]
        assert not holders


def test_the_log_tells_of_the_faults_without_the_picture(runs):
    log = (runs[0] / "home" / "log" / "sharpen-desktop.log").read_text(encoding="utf-8")
    assert "Out of credit" in log
    assert "base64" not in log
    assert "ERROR" not in log


def test_what_was_paid_for_is_kept_and_the_program_ends_well(runs):
    folder, _, _, status, stderr, _ = runs
    assert status == 0
    assert "Traceback" not in stderr
    assert (
        len([each for each in (folder / "home" / "data" / "results" / "cloud").rglob("*") if each.is_file()])
        >= 2
    )
    assert not list((folder / "home" / "cache").glob("session-*"))


def test_closing_during_a_cloud_run_asks_and_ends_within_five_seconds(photos, tmp_path):
    photo = shutil.copy(photos / "three.jpg", tmp_path / "three.jpg")
    with ApiServer() as server:
        server.hold()
        environment = {"SHARPEN_API_URL": server.url, "AIMLAPI_KEY": CANARY}
        with Program(tmp_path, "close_while_at_the_service", photo, **environment) as program:
            seen = program.told()
            below = descendants(program.process.pid)
            assert "still at the cloud service" in seen["asked"]
            assert seen["button"] == "Stop waiting…"
            assert program.process.poll() is None
            started = time.monotonic()
            program.go()
            assert program.ended(within_s=8) == 0
            assert time.monotonic() - started < 5
            wait_until(lambda: not any(map(is_alive, below)), 2)
        assert len(server.posts) == 1
    assert "Traceback" not in program.stderr
