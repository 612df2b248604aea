"""What the window says about a state."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core import wording
from sharpen_desktop.core.history import History
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import Display, Master, PhotoFacts
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.state import AppState, Run

PLAIN = Settings((("mode", "Standard"),))


def photo(*, depth=8, kind="JPEG", width=60, height=40, loading=Loading.READY, master=True):
    own = Master("/cache/a", width, height, depth, is_grey=False, pixels="p") if master else None
    facts = PhotoFacts(kind, width, height, depth, "sRGB")
    return Photo("a", "a.jpg", loading=loading, variants=(Variant("o", facts=facts, master=own),), side_a="o")


def state(shown=None, **more):
    photos = () if shown is None else (shown,)
    return AppState(History(PLAIN), photos, **{"current_id": "a" if photos else "", **more})


def run(engine, progress=None):
    return Run("r", "a", engine, "A run", PLAIN, progress)


# The primary button


def button(**more):
    made = wording.primary_button(state(**{"shown": photo(), **more}))
    return made.text, made.does, made.is_paid


def test_the_button_opens_a_photo_while_there_is_none():
    assert button(shown=None) == ("Open a photo", "open", False)
    assert button(shown=None, engine="cloud") == ("Open a photo", "open", False)


def test_the_button_sharpens_on_this_computer():
    assert button() == ("Sharpen", "run", False)
    assert button(shown=photo(loading=Loading.READING)) == ("Sharpen", "run", False)


def test_the_button_says_that_the_cloud_costs_money_and_that_nobody_knows_how_much():
    assert button(engine="cloud", has_key=True) == ("Sharpen in the cloud · price unknown", "run", True)


def test_the_button_asks_for_a_key_where_the_cloud_needs_one():
    assert button(engine="cloud") == ("Add a key to use the cloud", "key", True)


def test_the_button_does_nothing_for_a_photo_that_cannot_be_read():
    failed = photo(loading=Loading.FAILED)
    assert button(shown=failed) == ("This photo cannot be read", "nothing", False)
    assert button(shown=failed, engine="cloud", has_key=True)[1] == "nothing"


def test_the_button_stops_a_local_run():
    assert button(runs=(run("local", Progress(Phase.SHARPENING, 0.4)),)) == ("Stop", "stop", False)


@pytest.mark.parametrize("progress", [None, Progress(Phase.PREPARING), Progress(Phase.UPLOADING, 0.9)])
def test_the_button_cancels_a_cloud_run_before_it_can_cost(progress):
    assert button(runs=(run("cloud", progress),)) == ("Cancel (nothing billed yet)", "stop", True)


def test_the_button_stops_waiting_once_the_photo_has_been_sent():
    sent = Progress(Phase.WAITING, is_paid_risk=True)
    assert button(runs=(run("cloud", sent),)) == ("Stop waiting…", "stop", True)


def test_the_button_is_about_the_run_whatever_engine_is_chosen_meanwhile():
    assert button(runs=(run("local"),), engine="cloud") == ("Stop", "stop", False)


def test_the_button_carries_how_far_the_run_has_come():
    going = state(photo(), runs=(run("local", Progress(Phase.SHARPENING, 0.4)),))
    assert wording.primary_button(going).fraction == 0.4
    assert wording.primary_button(state(photo(), runs=(run("local"),))).fraction is None


def test_a_failed_run_gives_the_button_back():
    assert button(runs=(replace(run("local"), problem="It broke."),))[1] == "run"


# The footer


@pytest.mark.parametrize(
    ("kind", "depth", "wanted", "line"),
    [
        ("JPEG", 8, "same", "JPEG 8 bit"),
        ("PNG", 8, "same", "PNG 8 bit"),
        ("PNG", 16, "same", "PNG 16 bit"),
        ("TIFF", 16, "same", "TIFF 16 bit"),
        ("TIFF", 16, "jpeg", "JPEG 8 bit"),
        ("TIFF", 16, "webp", "WebP 8 bit"),
        ("WebP", 8, "same", "WebP 8 bit"),
        ("JPEG", 8, "tiff", "TIFF 8 bit"),
    ],
)
def test_the_footer_says_the_format_and_the_depth_a_save_will_have(kind, depth, wanted, line):
    shown = state(photo(kind=kind, depth=depth), prefs=Prefs(save_format=wanted))
    assert wording.footer_line(shown) == f"On this computer · {line} · metadata kept"


@pytest.mark.parametrize("wanted", ["same", "png", "tiff"])
def test_the_footer_says_8_bit_for_the_cloud_whatever_the_photo_has(wanted):
    shown = state(photo(kind="TIFF", depth=16), engine="cloud", prefs=Prefs(save_format=wanted))
    line = wording.footer_line(shown)
    assert " 8 bit " in line
    assert "16" not in line
    assert "no location sent" in line


def test_the_footer_never_promises_less_than_a_save_keeps_while_the_photo_is_being_read():
    reading = state(photo(kind="TIFF", depth=16, loading=Loading.READING, master=False))
    assert "8 bit" not in wording.footer_line(reading)


def test_the_footer_says_that_nothing_is_sent_before_a_photo_is_there():
    assert "nothing is sent" in wording.footer_line(state())


@given(st.sampled_from([8, 16]), st.sampled_from(["jpeg", "png", "tiff", "webp"]))
def test_16_bit_is_promised_only_where_picture_and_format_both_have_it(depth, save_format):
    master = photo(depth=depth).original.master
    kept = wording.saved_depth(master, save_format)
    assert kept == (16 if depth == 16 and save_format in {"png", "tiff"} else 8)
    assert wording.saved_depth(None, save_format) == 8


# Costs


@pytest.mark.parametrize(("width", "height", "warns"), [(6000, 4000, False), (6000, 4001, True)])
def test_a_photo_above_24_megapixels_is_warned_about_before_it_costs_more(width, height, warns):
    shown = state(photo(width=width, height=height), engine="cloud")
    assert ("24 MP" in wording.cost_line(shown)[0]) is warns


def test_the_cost_line_never_shows_a_price_nobody_knows():
    for shown in (state(engine="cloud"), state(photo(), engine="cloud")):
        assert wording.cost_line(shown)[0].startswith("Price unknown")
        assert "$" not in wording.cost_line(shown)[0]
    assert wording.cost_line(state(photo()))[0] == "Free"


@pytest.mark.parametrize(
    ("engine", "cost_usd", "is_estimated", "text"),
    [
        ("local", 0.0, False, "free"),
        ("local", None, False, "free"),
        ("cloud", None, False, "cost unknown"),
        ("cloud", 0.105, False, "$0.105"),
        ("cloud", 0.105, True, "≈ $0.105"),
    ],
)
def test_a_cost_is_said_as_it_is_known(engine, cost_usd, is_estimated, text):
    variant = Variant("v", engine, cost_usd=cost_usd, is_cost_estimated=is_estimated)
    assert wording.cost(variant) == text


def test_an_unknown_cost_is_never_shown_as_nothing():
    unknown = Variant("v", "cloud", seconds=3)
    for text in (wording.cost(unknown), wording.variant_line(unknown), wording.done_text(unknown)):
        assert "$" not in text
        assert "free" not in text
        assert "unknown" in text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "$0.000"), (0.0004, "$0.0004"), (0.00004, "$0.00004"), (0.0005, "$0.001"), (1.5, "$1.500")],
)
def test_an_amount_keeps_its_first_digit(amount, text):
    assert wording.dollars(amount) == text


def test_a_small_real_cost_is_never_shown_as_nothing():
    assert wording.cost(Variant("v", "cloud", cost_usd=0.0004)) != "$0.000"


# Times and rows


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"), (0.44, "0.4 s"), (9.94, "9.9 s"), (9.96, "10 s"), (14.2, "14 s"), (59.4, "59 s"),
        (59.6, "1 min 0 s"), (125, "2 min 5 s"), (3600, "60 min 0 s"),
    ],
)  # fmt: skip
def test_durations_are_said_as_people_say_them(seconds, text):
    assert wording.duration(seconds) == text


@given(st.floats(0, 20_000))
def test_no_duration_has_sixty_seconds(seconds):
    assert "60 s" not in wording.duration(seconds)


def test_a_run_is_named_after_its_engine_mode_and_strength():
    assert wording.run_title("local", PLAIN) == "Local · Standard"
    assert wording.run_title("cloud", PLAIN.replaced("strength", 0.42)) == "Cloud · Standard 42 %"


def test_the_row_of_the_original_says_what_the_file_is():
    facts = PhotoFacts("JPEG", 6000, 4000, 16, "Display P3")
    assert wording.variant_line(Variant("o", facts=facts)) == "24.0 MP · 16 bit · Display P3"
    assert wording.variant_line(Variant("o")) == "Reading…"


def test_the_row_of_a_result_says_how_long_it_took_what_it_cost_and_whether_it_is_saved():
    result = Variant("v", "cloud", seconds=14.2, cost_usd=0.105)
    assert wording.variant_line(result) == "14 s · $0.105"
    assert wording.variant_remark(result) == ""
    assert wording.variant_remark(replace(result, saved_to="/x.jpg")) == "saved"
    found = replace(result, saved_to="/x.jpg", finding="defocus, radius 3.1 px")
    assert wording.variant_line(found) == "14 s · $0.105 · saved"
    assert wording.variant_remark(found) == "defocus, radius 3.1 px"


def test_the_row_of_a_run_says_its_phase_and_how_long_it_has_been_going():
    going = run("local", Progress(Phase.SHARPENING, 0.4))
    assert wording.run_line(going, 2) == "2.0 s · Sharpening 40 %"
    assert wording.run_line(going, -1) == "0.0 s · Sharpening 40 %"
    assert wording.run_line(replace(going, problem="It broke."), 2) == "It broke."


def test_progress_is_said_with_a_number_only_when_there_is_one():
    assert wording.progress_text(None) == "Preparing"
    assert wording.progress_text(Progress(Phase.WAITING)) == "Waiting for the service"
    assert wording.progress_text(Progress(Phase.UPLOADING, 1.0)) == "Uploading 100 %"


def test_the_status_says_what_a_result_took_cost_and_found():
    local = Variant("v", "local", seconds=3.2, finding="defocus, radius 3.1 px")
    assert wording.done_text(local) == "Done in 3.2 s · defocus, radius 3.1 px"
    cloud = Variant("v", "cloud", seconds=14, cost_usd=0.105)
    assert wording.done_text(cloud) == "Done in 14 s · cost $0.105"
    assert wording.done_text(replace(cloud, cost_usd=None)) == "Done in 14 s · cost unknown"


def test_only_a_shown_result_in_no_file_of_the_users_is_unsaved():
    result = Variant("v", "local", display=Display(6, 4, ()))
    shown = replace(photo(), variants=(Variant("o"), result), side_b="v")
    assert wording.has_unsaved(shown)
    assert not wording.has_unsaved(replace(shown, side_b="o"))
    assert not wording.has_unsaved(replace(shown, variants=(Variant("o"), replace(result, saved_to="/x"))))
    assert not wording.has_unsaved(photo())
    assert not wording.has_unsaved(None)
