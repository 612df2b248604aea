"""The command line: the job without a window, wrong calls, and no screen."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from support import api_answers, images
from support.api_server import ApiServer
from support.drive import ROOT, environment_of

import sharpen_desktop

CANARY = "sk-canary-0123456789abcdef"


@pytest.fixture
def place(photos, tmp_path):
    """Copies of the photos, free to be used up."""
    return shutil.copytree(photos, tmp_path / "photos")


@pytest.fixture
def call(tmp_path):
    """Call the program and return the finished process."""

    def called(*words, drop=(), **environment):
        environment = {k: v for k, v in environment_of(tmp_path, **environment).items() if k not in drop}
        return subprocess.run(
            [sys.executable, "-m", "sharpen_desktop", *map(str, words)],
            env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return called


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_one_photo_is_sharpened_and_described_in_one_json_line(call, place):
    done = call("run", place / "one.jpg", "--json", "--mode", "Refocus", "--strength", "0.5")
    assert done.returncode == 0, done.stderr
    (record,) = lines(done)
    assert list(record) == [
        "input",
        "output",
        "engine",
        "mode",
        "seconds",
        "width",
        "height",
        "cost_usd",
        "paid_on",
        "stage",
        "blur",
    ]
    assert record["input"] == str(place / "one.jpg")
    assert record["output"] == str(place / "one-sharp.jpg")
    assert (record["engine"], record["mode"], record["cost_usd"]) == ("local", "Refocus", 0.0)
    assert (record["paid_on"], record["stage"]) == (None, None)
    assert (record["width"], record["height"]) == (480, 360)
    assert record["seconds"] > 0
    assert record["blur"] is None or isinstance(record["blur"], str)
    saved = images.metadata(place / "one-sharp.jpg")
    assert saved["Exif.Image.Make"] == "Nippon Cameras"
    assert saved["Exif.GPSInfo.GPSLatitude"]
    assert saved.get("Exif.Image.Orientation", "1") == "1"
    with Image.open(place / "one-sharp.jpg") as picture:
        assert picture.size == (480, 360)
    assert "one.jpg (1 of 1): " in done.stderr


def test_several_photos_with_a_bad_one_the_others_are_done_and_the_status_is_1(call, place, tmp_path):
    out = tmp_path / "out"
    done = call(
        "run", place / "two.png", place / "broken.jpg", place / "three.jpg", "--json", "--output", out
    )
    assert done.returncode == 1
    two, broken, three = lines(done)
    assert two["output"] == str(out / "two-sharp.png")
    assert three["output"] == str(out / "three-sharp.jpg")
    assert "broken.jpg" in broken["error"]
    assert broken["error"] in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(each.name for each in out.iterdir()) == ["three-sharp.jpg", "two-sharp.png"]


def test_a_file_that_is_there_is_replaced_only_when_that_is_asked_for(call, place, tmp_path):
    target = tmp_path / "mine.png"
    target.write_bytes(b"precious")
    done = call("run", place / "two.png", "--output", target)
    assert done.returncode == 1
    assert "--overwrite" in done.stderr
    assert target.read_bytes() == b"precious"
    done = call("run", place / "two.png", "--output", target, "--overwrite")
    assert done.returncode == 0, done.stderr
    with Image.open(target) as picture:
        assert picture.size == (300, 200)
    done = call("run", place / "two.png", "--output", place / "two.png")
    assert done.returncode == 1
    assert "the photo itself" in done.stderr


def test_without_an_output_the_next_free_name_beside_the_photo_is_used(call, place):
    (place / "two-sharp.png").write_bytes(b"precious")
    done = call("run", place / "two.png")
    assert done.returncode == 0, done.stderr
    assert (place / "two-sharp.png").read_bytes() == b"precious"
    assert (place / "two-sharp-2.png").is_file()
    assert done.stdout == ""


def test_sixteen_bits_stay_sixteen_bits(call, tmp_path):
    photo = images.tiff(tmp_path / "deep.tif", images.smooth(120, 80, depth=16), photometric="rgb")
    done = call("run", photo, "--output", tmp_path / "deep-out.tif")
    assert done.returncode == 0, done.stderr
    import tifffile

    assert tifffile.imread(tmp_path / "deep-out.tif").dtype == np.uint16


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("--strength", "1.5"), ("strength", "0.01–1")),
        (("--mode", "Moon"), ("mode", "Standard", "Refocus")),
        (("--face-enhancement-creativity", "-1"), ("face_enhancement_creativity", "0–1")),
        (("--output-format", "gif"), ("output_format", "jpeg", "png", "tiff")),
        (("--strength", "much"), ("strength",)),
    ],
)
def test_a_value_outside_the_schema_is_refused_naming_the_field_and_its_limits(call, place, words, names):
    done = call("run", place / "two.png", *words)
    assert done.returncode == 2
    for name in names:
        assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert not (place / "two-sharp.png").exists()


def test_the_cloud_needs_yes_and_says_how_many_pictures_it_would_send(call, place):
    with ApiServer() as server:
        environment = {"SHARPEN_API_URL": server.url, "SHARPEN_API_KEY": CANARY}
        done = call("run", place / "two.png", place / "three.jpg", "--engine", "cloud", **environment)
        assert done.returncode == 2
        assert "2 pictures" in done.stderr
        assert "--yes" in done.stderr
        assert server.requests == []


def test_with_yes_the_cloud_does_the_job(call, place, tmp_path):
    with ApiServer() as server:
        environment = {"SHARPEN_API_URL": server.url, "SHARPEN_API_KEY": CANARY}
        words = ("--engine", "cloud", "--yes", "--json", "--no-face-enhancement", "--output-format", "png")
        done = call("run", place / "one.jpg", *words, **environment)
        assert done.returncode == 0, done.stderr
        (request,) = server.posts
    (record,) = lines(done)
    assert record["engine"] == "cloud"
    assert record["cost_usd"] == pytest.approx(0.105)
    assert (record["paid_on"], record["stage"]) == (None, "saved")
    assert request.fields["face_enhancement"] is False
    assert request.fields["output_format"] == "png"
    assert not {"strength", "minor_denoise"} & request.fields.keys()
    assert b"Nippon" not in request.body
    assert images.metadata(place / "one-sharp.jpg")["Exif.Image.Make"] == "Nippon Cameras"
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file
    assert CANARY not in done.stdout + done.stderr


def test_the_cloud_is_not_paid_when_the_result_could_not_be_written(call, place, tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("no folder")
    with ApiServer() as server:
        done = call(
            "run", place / "one.jpg", "--engine", "cloud", "--yes", "--json", "--output", blocked / "x.jpg",
            SHARPEN_API_URL=server.url, SHARPEN_API_KEY=CANARY,
        )  # fmt: skip
        assert server.posts == []
    assert done.returncode == 1
    assert "cannot be made" in lines(done)[0]["error"]
    assert lines(done)[0]["stage"] == "not_sent"
    assert "Traceback" not in done.stderr


# Money


@pytest.fixture
def server():
    with ApiServer() as server:
        yield server


@pytest.fixture
def pay(call, server):
    """Call the paid service for photos and return the finished process and its records."""

    def paid(*words, **environment):
        environment = {"SHARPEN_API_URL": server.url, "SHARPEN_API_KEY": CANARY, **environment}
        done = call("run", *words, "--engine", "cloud", "--yes", "--json", "--overwrite", **environment)
        assert "Traceback" not in done.stderr
        return done, lines(done)

    return paid


def test_a_photo_that_was_paid_for_is_saved_again_for_nothing_and_paid_again_only_when_that_is_asked(
    pay, place, server
):
    pay(place / "two.png")
    again, (record,) = pay(place / "two.png", SHARPEN_API_KEY="")
    assert again.returncode == 0
    assert len(server.charges) == 1
    assert "already paid on" in again.stderr
    assert "nothing was sent" in again.stderr
    assert record["paid_on"].endswith("+00:00")
    assert record["cost_usd"] == pytest.approx(0.105)
    assert record["stage"] == "saved"
    with Image.open(record["output"]) as picture:
        assert picture.size == (300, 200)
    _, (record,) = pay(place / "two.png", "--again")
    assert len(server.charges) == 2
    assert record["paid_on"] is None


def test_the_same_picture_under_another_name_was_paid_for_too_and_other_settings_were_not(pay, place, server):
    pay(place / "two.png")
    shutil.copy(place / "two.png", place / "copy.png")
    _, (record,) = pay(place / "copy.png")
    assert record["paid_on"]
    _, (record,) = pay(place / "two.png", "--strength", "0.3")
    assert record["paid_on"] is None
    assert len(server.charges) == 2


def test_a_call_never_costs_more_than_its_limit(pay, place, server):
    done, records = pay(place / "one.jpg", place / "two.png", place / "three.jpg", "--max-cost", "0.25")
    assert done.returncode == 1
    assert len(server.charges) == 2
    assert [record.get("stage") for record in records] == ["saved", "saved", "not_sent"]
    assert "$0.25" in records[2]["error"]


def test_what_is_not_in_the_limit_of_the_call_is_free_when_it_is_stored(pay, place, server):
    pay(place / "one.jpg")
    done, records = pay(place / "one.jpg", place / "two.png", "--max-cost", "0")
    assert done.returncode == 1
    assert [record["stage"] for record in records] == ["saved", "not_sent"]
    assert len(server.charges) == 1


def test_the_limit_for_24_hours_that_was_set_in_the_window_holds_here_too(pay, place, server, tmp_path):
    prefs = tmp_path / "home" / "config" / "preferences.json"
    prefs.parent.mkdir(parents=True)
    prefs.write_text(json.dumps({"version": 1, "limit_usd": 0.15}), encoding="utf-8")
    pay(place / "one.jpg")
    done, (record,) = pay(place / "two.png")
    assert done.returncode == 1
    assert record["stage"] == "not_sent"
    assert "24 hours" in record["error"]
    assert len(server.charges) == 1


@pytest.mark.parametrize("amount", ["-1", "nan", "inf", "much"])
def test_a_limit_that_is_no_amount_ends_the_call_before_anything_is_sent(pay, place, server, amount):
    done, records = pay(place / "one.jpg", "--max-cost", amount)
    assert done.returncode == 2
    assert "no amount in dollars" in done.stderr
    assert (records, server.requests) == ([], [])


@pytest.mark.parametrize(
    ("answer", "says"),
    [(api_answers.bad_key, "key"), (api_answers.out_of_credit, "no money")],
    ids=["key", "credit"],
)
def test_what_concerns_every_photo_ends_the_call_after_one_request(pay, place, server, answer, says):
    server.always = answer()
    done, records = pay(place / "one.jpg", place / "two.png", place / "three.jpg")
    assert done.returncode == 1
    assert len(server.posts) == 1
    assert [record["stage"] for record in records] == ["refused", "not_sent", "not_sent"]
    assert says in records[0]["error"]
    assert records[2]["error"].startswith("Not sent: ")
    assert "The remaining 2 photos were not sent." in done.stderr


def test_what_concerns_one_photo_does_not_keep_the_others_back(pay, place, server):
    server.answer_with(api_answers.refused_field("mode"))
    done, records = pay(place / "one.jpg", place / "two.png")
    assert done.returncode == 1
    assert [record["stage"] for record in records] == ["refused", "saved"]


def test_a_lost_answer_is_looked_into_by_the_next_call_and_never_sent_again_by_itself(pay, place, server):
    server.answer_with(api_answers.charged(api_answers.closes_without_answer))
    _, (record,) = pay(place / "two.png")
    assert record["stage"] == "unknown"
    assert "may have been billed" in record["error"]
    done, records = pay(place / "two.png", place / "three.jpg")
    assert "Earlier run of two.png" in done.stderr
    assert "Charged, and the picture never came" in done.stderr
    assert [each["stage"] for each in records] == ["not_sent", "saved"]
    assert len(server.posts) == 2
    _, (record,) = pay(place / "two.png", "--again")
    assert record["stage"] == "saved"


def test_a_damaged_journal_is_told_and_stored_results_are_still_free(pay, place, server, tmp_path):
    pay(place / "two.png")
    journal = next(file for file in (tmp_path / "home" / "data").rglob("*.sqlite*") if "journal" in str(file))
    for file in journal.parent.glob(f"{journal.stem}*"):
        if file.is_file():
            file.write_bytes(b"no database" * 1000)
    done, (record,) = pay(place / "two.png")
    assert done.returncode == 0, done.stderr
    assert record["paid_on"]
    assert len(server.charges) == 1


def test_two_photos_of_one_name_never_overwrite_each_other(call, place, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(place / "one.jpg", other / "one.jpg")
    done = call(
        "run", place / "one.jpg", other / "one.jpg", "--output", tmp_path / "o", "--overwrite", "--json"
    )
    assert done.returncode == 0, done.stderr
    assert len({record["output"] for record in lines(done)}) == 2


def test_a_name_that_is_not_utf_8_does_not_end_the_call(call, place, tmp_path):
    odd = os.fsencode(str(place)) + b"/\xff.jpg"
    shutil.copy(os.fsencode(str(place / "one.jpg")), odd)
    done = call("run", os.fsdecode(odd), place / "one.jpg", "--json", "--output", tmp_path / "o")
    assert len(lines(done)) == 2
    assert "Traceback" not in done.stderr


def test_without_a_key_the_cloud_says_so_and_nothing_is_sent(call, place):
    with ApiServer() as server:
        done = call("run", place / "two.png", "--engine", "cloud", "--yes", SHARPEN_API_URL=server.url)
        assert server.posts == []
    assert done.returncode == 1
    assert "Set SHARPEN_API_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_photos_are_diagnosed_in_json_lines_without_qt_and_nothing_is_written_beside_them(
    call, place, tmp_path
):
    (tmp_path / "PySide6.py").write_text("raise ImportError('no Qt here')", encoding="utf-8")
    before = sorted(place.iterdir())
    path = f"{tmp_path}{os.pathsep}{environment_of(tmp_path)['PYTHONPATH']}"
    words = ("diagnose", place / "broken.jpg", place / "one.jpg", "--json")
    done = call(*words, PYTHONPATH=path)
    assert done.returncode == 1
    broken, one = lines(done)
    assert list(one) == [
        "input",
        "finding",
        "kind",
        "size_px",
        "direction_deg",
        "domain",
        "noise",
        "jpeg",
        "trust",
        "mode",
        "auto",
        "nothing_to_do",
    ]
    assert one["input"] == str(place / "one.jpg")
    assert one["finding"]
    assert 0 <= one["trust"] <= 1
    assert (one["auto"] is None) == (one["nothing_to_do"] is not None)
    assert one["auto"] is None or set(one["auto"]) == {"strength", "minor_denoise"}
    assert list(broken) == ["input", "error"]
    assert "broken.jpg" in broken["error"]
    assert broken["error"] in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(place.iterdir()) == before
    assert not list((tmp_path / "home" / "cache").glob("session-*"))


def test_a_diagnosis_of_a_photo_that_would_stay_as_it_is_names_no_values(call, tmp_path):
    wall = images.save(tmp_path / "wall.png", images.smooth(20, 20))
    told = call("diagnose", wall)
    assert "Standard; nothing to do, too small to measure" in told.stdout
    (one,) = lines(call("diagnose", wall, "--json"))
    assert (one["auto"], one["nothing_to_do"]) == (None, "too small")


def test_a_diagnosis_for_a_person_says_what_it_is_how_sure_and_what_suits_it(call):
    done = call("diagnose", ROOT / "resources" / "samples" / "summer-palace-missed-focus.jpg")
    assert done.returncode == 0, done.stderr
    first, *rows = done.stdout.splitlines()
    assert first.startswith("summer-palace-missed-focus.jpg: Defocus, radius ")
    said = {row.split()[0]: " ".join(row.split()[1:]) for row in rows}
    assert set(said) >= {"Kind", "Noise", "JPEG", "Trust", "Mode"}
    assert said["Trust"].endswith("%)")
    assert said["Mode"].startswith("Lens Blur; Auto takes strength ")


def test_version_and_help(call):
    assert call("--version").stdout.strip() == sharpen_desktop.__version__
    assert "sharpen-desktop run" in call("--help").stdout
    told = call("run", "--help").stdout
    for option in (
        "--output", "--engine", "--mode", "--subject-detection", "--strength", "--minor-denoise",
        "--face-enhancement", "--no-face-enhancement", "--face-enhancement-strength",
        "--face-enhancement-creativity", "--output-format", "--overwrite", "--json", "--yes", "--max-cost",
        "--again",
    ):  # fmt: skip
        assert option in told


@pytest.mark.parametrize("words", [("run",), ("run", "--frobnicate"), ("--frobnicate",)])
def test_a_wrong_call_ends_with_2_and_a_sentence(call, words):
    done = call(*words)
    assert done.returncode == 2
    assert "usage:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_without_a_screen_the_window_says_so_in_one_sentence(call):
    done = call(drop=("QT_QPA_PLATFORM",))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "needs a screen" in done.stderr
    assert "sharpen-desktop run" in done.stderr
    assert done.stdout == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a matter of X11")
def test_a_wanted_screen_that_is_not_there_is_said_in_one_sentence(call):
    done = call(QT_QPA_PLATFORM="xcb", drop=("DISPLAY", "WAYLAND_DISPLAY"))
    assert done.returncode == 2
    assert "needs a screen" in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a matter of X11")
def test_a_screen_that_does_not_answer_is_said_in_one_sentence(call):
    done = call(drop=("QT_QPA_PLATFORM",), DISPLAY=":4711")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_an_unusable_home_is_said_in_one_sentence(call, place, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, no folder", encoding="utf-8")
    done = call("run", place / "two.png", SHARPEN_HOME=os.fspath(blocked))
    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
