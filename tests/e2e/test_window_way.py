"""The whole way in the real program without a network: open, sharpen, compare, save, leave, come back."""

import json
import shutil
import subprocess
import time

import numpy as np
import pytest
from PIL import Image
from support import images
from support.api_server import ApiServer
from support.drive import ROOT, Program, descendants, is_alive, wait_until

from e2e.conftest import blurred

GAP_LIMIT_MS = 250


@pytest.fixture(scope="module")
def walked(photos, tmp_path_factory):
    """One walk through the window: the folder, and what was seen at each step."""
    folder = tmp_path_factory.mktemp("walk")
    place = folder / "photos"
    shutil.copytree(photos, place)
    steps = {}
    with Program(folder, "walk", place / "one.jpg") as program:
        while "changed" not in steps:
            facts = program.told()
            steps[facts["step"]] = facts
        steps["status"] = program.ended(within_s=15)
        steps["stderr"] = program.stderr
    return folder, steps


def sharpness(pixels):
    grey = pixels.astype(float).mean(axis=2)
    return float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean())


def upright(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def test_nothing_heavy_is_imported_before_the_first_paint(walked):
    assert walked[1]["painted"]["loaded"] == []
    assert walked[1]["opened"]["loaded"] == []


def test_garbage_is_looked_for_once_the_photo_is_there_but_not_among_what_was_loaded(walked):
    garbage = walked[1]["sharpened"]["garbage"]
    assert garbage["is_looked_for"]
    assert garbage["left_out"] > 10_000


def test_a_photo_named_on_the_command_line_is_opened(walked):
    assert walked[1]["opened"]["photo"] == "one.jpg"
    assert walked[1]["opened"]["button"] == "Sharpen"
    assert walked[1]["opened"]["notice"] == ""


def test_ctrl_enter_sharpens_it_on_this_computer_for_nothing(walked):
    seen = walked[1]["sharpened"]
    assert (seen["results"], seen["view"], seen["cost"]) == (1, "split", 0.0)
    assert seen["finding"]
    assert seen["finding"] in seen["status"]


def test_ctrl_s_saves_beside_the_photo_under_the_next_free_name(walked):
    folder, steps = walked
    assert steps["saved"]["suggested"].endswith("one-sharp.jpg")
    assert steps["saved"]["path"] == str(folder / "photos" / "one-sharp.jpg")
    assert steps["saved"]["status"] == "Saved one-sharp.jpg · JPEG 8 bit"


def test_the_saved_picture_stands_upright_and_is_sharper(walked):
    folder, _ = walked
    source = upright(folder / "photos" / "one-sharp.jpg")
    assert source.shape == (360, 480, 3)
    before = blurred(480, 360)
    assert np.abs(source.astype(int) - before).mean() > 0.5
    assert np.abs(source.astype(int) - before).mean() < 20
    assert sharpness(source) > 1.1 * sharpness(before)


def test_the_saved_file_keeps_exif_place_xmp_iptc_and_profile(walked):
    folder, _ = walked
    before, after = (images.metadata(folder / "photos" / name) for name in ("one.jpg", "one-sharp.jpg"))
    for key in (
        "Exif.Image.Make", "Exif.Image.Model", "Exif.Photo.DateTimeOriginal", "Exif.Photo.ExposureTime",
        "Exif.GPSInfo.GPSLatitude", "Exif.GPSInfo.GPSLatitudeRef", "Xmp.dc.title", "Xmp.xmp.Rating",
        "Iptc.Application2.Caption", "Iptc.Application2.Keywords",
    ):  # fmt: skip
        assert after[key] == before[key], key
    with Image.open(folder / "photos" / "one-sharp.jpg") as picture:
        assert picture.info["icc_profile"] == images.adobe_rgb()


def test_orientation_is_reset_and_sizes_are_those_of_the_saved_picture(walked):
    folder, _ = walked
    after = images.metadata(folder / "photos" / "one-sharp.jpg")
    assert after.get("Exif.Image.Orientation", "1") == "1"
    assert after.get("Xmp.tiff.Orientation", "1") == "1"
    assert after["Exif.Photo.PixelXDimension"] == "480"
    assert after["Exif.Photo.PixelYDimension"] == "360"


@pytest.mark.skipif(not shutil.which("exiftool"), reason="needs exiftool")
def test_exiftool_finds_the_same_and_nothing_wrong(walked):
    folder, _ = walked
    file = folder / "photos" / "one-sharp.jpg"
    told = subprocess.run(
        ["exiftool", "-j", "-n", "-G0", str(file)],
        capture_output=True, check=True, timeout=30,
    )  # fmt: skip
    found = json.loads(told.stdout)[0]
    assert found["EXIF:Make"] == "Nippon Cameras"
    assert found["EXIF:GPSLatitude"] == pytest.approx(52.52)
    assert found.get("EXIF:Orientation", 1) == 1
    assert found["XMP:Title"] == "Harbour at dusk"
    assert found["IPTC:Caption-Abstract"] == "A harbour"
    assert "EXIF:ThumbnailImage" not in found
    assert not {"ExifTool:Error", "ExifTool:Warning"} & found.keys()


def test_the_photo_itself_is_untouched(walked, photos):
    folder, _ = walked
    assert (folder / "photos" / "one.jpg").read_bytes() == (photos / "one.jpg").read_bytes()


def test_dropped_photos_are_listed_and_leafed_through_with_the_page_keys(walked):
    assert walked[1]["dropped"]["photo"] == "two.png"
    assert walked[1]["dropped"]["photos"] == 3
    assert walked[1]["leafed"]["photo"] == "one.jpg"
    assert walked[1]["leafed"]["results"] == 1


def test_a_file_that_cannot_be_read_is_named_with_its_reason_and_the_photo_stays(walked):
    seen = walked[1]["refused"]
    assert seen["notice"].startswith("broken.jpg ")
    assert seen["photo"] == "one.jpg"
    assert seen["photos"] == 3


def test_the_program_ends_well_and_says_nothing_on_standard_error(walked):
    assert walked[1]["status"] == 0
    assert "Traceback" not in walked[1]["stderr"]


def test_after_the_end_no_decoded_pixels_are_left_and_results_are(walked):
    folder, _ = walked
    assert not list((folder / "home" / "cache").glob("session-*"))
    assert len(list((folder / "home" / "data" / "results" / "local").iterdir())) == 1


def test_settings_look_and_size_are_remembered_and_the_engine_is_not(walked, tmp_path):
    folder, steps = walked
    shutil.copytree(folder / "home", tmp_path / "home")
    with Program(tmp_path, "look_round") as program:
        seen = program.told()
        assert program.ended() == 0
    assert (seen["width"], seen["height"], seen["theme"]) == (1234, 777, "light")
    assert seen["strength"] == pytest.approx(steps["changed"]["strength"])
    assert seen["engine"] == "local"
    assert seen["empty"] is True


def test_from_the_second_start_on_the_photo_is_seen_before_the_window_is_complete_and_does_not_jump(
    large, tmp_path
):
    """Where the canvas lies is known then; not a pixel of the photo moves when the rest comes."""
    photo = shutil.copy(large, tmp_path / "large.jpg")
    seen = []
    for _ in range(2):
        with Program(tmp_path, "e2e.start_scenarios:second_start", photo) as program:
            seen.append(program.told() | program.told())
            assert program.ended() == 0
    assert seen[0] == {"is_seen": False, "shown": "large.jpg"}
    assert seen[1].pop("colors") > 20
    assert seen[1] == {
        "focus": "canvas",
        "is_seen": True,
        "title": "large.jpg[*] — Sharpen Desktop",
        "is_same": True,
        "shown": "large.jpg",
    }


def test_on_a_dense_screen_100_percent_is_one_picture_pixel_a_device_pixel(tmp_path):
    pixels = np.random.default_rng(3).integers(0, 256, (200, 300, 3), np.uint8)
    photo = images.save(tmp_path / "patchwork.png", pixels)
    with Program(tmp_path, "exact_pixels", photo, QT_SCALE_FACTOR="1.5") as program:
        seen = program.told()
        assert program.ended() == 0
    assert (seen["ratio"], seen["zoom"]) == (1.5, 1.0)
    canvas = upright(tmp_path / "seen.png")
    corner = np.argwhere((canvas[:-200, :-300] == pixels[0, 0]).all(axis=2))
    assert any(np.array_equal(canvas[y : y + 200, x : x + 300], pixels) for y, x in corner)


def test_the_window_answers_while_it_opens_sharpens_saves_and_sends_12_megapixels(
    large, tmp_path, record_property, capsys
):
    photo = shutil.copy(large, tmp_path / "large.jpg")
    with ApiServer() as server:
        environment = {"SHARPEN_API_URL": server.url, "SHARPEN_API_KEY": "sk-canary-0123456789abcdef"}
        with Program(tmp_path, "gaps", photo, **environment) as program:
            seen = program.told()
            program.go("cloud")
            seen |= program.told()
            assert program.ended() == 0
    record_property("gaps", seen)
    with capsys.disabled():
        print(f"\nlongest gaps of the event loop, 12 MP: {seen}")
    assert max(seen[name] for name in ("open_ms", "sharpen_ms", "save_ms", "cloud_ms")) < GAP_LIMIT_MS


def test_a_photo_is_diagnosed_and_previewed_and_the_preview_is_what_a_run_then_makes(tmp_path):
    sample = ROOT / "resources" / "samples" / "summer-palace-missed-focus.jpg"
    with Program(tmp_path, "preview", sample) as program:
        found = program.told()
        seen = program.told()
        assert program.ended() == 0
    assert found["found"].startswith("Defocus")
    assert found["loaded"] == []
    assert seen["is_changed"]
    assert seen["is_same"]
    assert seen["megapixels"] == pytest.approx(640 * 427 / 1e6)
    assert not seen["is_covered"]
    assert seen["seconds"] < 5
    assert seen["gap_ms"] < GAP_LIMIT_MS
    assert not list((tmp_path / "home" / "cache").glob("session-*"))


def test_a_copy_is_a_whole_file_and_pixels_that_tell_nothing_else(photos, tmp_path):
    place = tmp_path / "photos"
    shutil.copytree(photos, place)
    with Program(tmp_path, "hand_out", place / "one.jpg") as program:
        seen = program.told()
        assert program.ended() == 0
    assert seen["name"] == "one-sharp.jpg"
    assert seen["is_same_file"]
    assert seen["saved_to"] == ""
    assert seen["loaded"] == []
    assert seen["gap_ms"] < GAP_LIMIT_MS
    before, after = (images.metadata(place / name) for name in ("one.jpg", "handed-one-sharp.jpg"))
    assert after["Exif.GPSInfo.GPSLatitude"] == before["Exif.GPSInfo.GPSLatitude"]
    assert upright(place / "pasted.png").shape == upright(place / "handed-one-sharp.jpg").shape
    assert not images.metadata(place / "pasted.png")
    assert not list((tmp_path / "home" / "cache").glob("session-*"))


def test_closing_during_a_local_run_asks_nothing_and_leaves_no_process(large, tmp_path):
    with Program(tmp_path, "close_while_sharpening", large) as program:
        assert program.told()["button"] == "Stop"
        below = descendants(program.process.pid)
        assert below
        program.go()
        assert program.ended(within_s=5) == 0
        wait_until(lambda: not any(map(is_alive, below)), 2)
    assert not list((program.home / "cache").glob("session-*"))


@pytest.mark.fault(70)
def test_after_a_kill_no_worker_lives_on(large, tmp_path):
    with Program(tmp_path, "close_while_sharpening", large) as program:
        program.told()
        below = descendants(program.process.pid)
        assert below
        program.process.kill()
        program.process.wait(5)
        assert wait_until(lambda: not any(map(is_alive, below)), 2) < 2


@pytest.mark.fault(48)
def test_a_polite_kill_ends_in_order(large, tmp_path):
    with Program(tmp_path, "close_while_sharpening", large) as program:
        program.told()
        below = descendants(program.process.pid)
        started = time.monotonic()
        program.process.terminate()
        program.go()  # a scenario that waits for it must not hold the end up
        assert program.process.wait(10) == 0
        assert time.monotonic() - started < 5
        wait_until(lambda: not any(map(is_alive, below)), 2)
    assert not list((program.home / "cache").glob("session-*"))
    assert (program.home / "config" / "preferences.json").is_file()
