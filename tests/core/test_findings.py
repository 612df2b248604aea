"""What the window says about a diagnosis, about Auto and about previews."""

from dataclasses import replace

import pytest

from sharpen_desktop.core import findings
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import Display, Level
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.settings import Settings, defaults
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.study import Area, Auto, Diagnosis, Preview
from sharpen_desktop.core.unchanged import WORDS
from sharpen_desktop.services.schema_file import load_schema

SCHEMA = load_schema()
PLAIN = defaults(SCHEMA)
DEFOCUS = Diagnosis(
    "defocus", "Defocus, radius 3.1 px", 0.8, "Lens Blur", 3.1, noise=0.012, compression="strong",
    autos=(
        ("Standard", Auto(0.62, 0.1, likeness="disk")), ("Lens Blur", Auto(0.7, 0.2, likeness="disk")),
        ("Natural", Auto(0.8, 0.1, likeness="gaussian")),
    ),
)  # fmt: skip
GUESS = Diagnosis(
    "defocus", "Not sure; start with Standard (perhaps defocus, radius 3.1 px)", 0.2, "Standard",
    is_guess=True,
)  # fmt: skip
SHARP = Diagnosis("none", "Already sharp", 0.9, "Standard")
PLAIN_WALL = Diagnosis("unknown", "Too small or too plain to tell", 0.0, "Standard", is_guess=True)
SHAKE = Diagnosis(
    "shake", "Camera shake along a curve, about 12 px", 0.8, "Motion Blur", 12.0,
    autos=(
        ("Standard", Auto(0.0, 0.1, "camera shake", "camera shake", "nothing")),
        ("Motion Blur", Auto(1.0, 0.1, likeness="path")),
    ),
)  # fmt: skip
PREVIEW = Preview("a", PLAIN, (), Area(0, 0, 8, 8), Display(8, 8, (Level("/cache/p", 8, 8, 32),)))


def state(diagnosis=None, settings=PLAIN, **more):
    photo = Photo("a", "a.jpg", loading=Loading.READY, variants=(Variant("o"),), side_a="o")
    return AppState(
        begun(settings), (replace(photo, diagnosis=diagnosis),), "a", **{"schema": SCHEMA, **more}
    )


def with_mode(mode):
    return PLAIN.replaced("mode", mode)


# The finding


@pytest.mark.parametrize(
    ("diagnosis", "text", "mark", "take"),
    [
        (None, "Looking at the photo…", "looking", ""),
        (DEFOCUS, "Found: defocus, radius 3.1 px", "found", ""),
        (replace(DEFOCUS, trust=0.4), "Probably: defocus, radius 3.1 px", "probable", ""),
        (SHAKE, "Found: camera shake along a curve, about 12 px", "found", "Motion Blur"),
        (GUESS, "Not sure; start with Standard (perhaps defocus, radius 3.1 px)", "unsure", ""),
        (SHARP, "Already sharp", "plain", ""),
        (PLAIN_WALL, "Too small or too plain to tell", "unsure", ""),
    ],
)
def test_a_finding_says_how_sure_it_is_in_words_and_by_its_mark(diagnosis, text, mark, take):
    said = findings.finding(state(diagnosis))
    assert (said.text, said.mark, said.take) == (text, mark, take)


def test_without_a_photo_that_can_be_read_nothing_is_said():
    assert findings.finding(AppState(begun(PLAIN))) is None
    failed = state()
    broken = replace(failed, photos=(replace(failed.photos[0], loading=Loading.FAILED),))
    assert findings.finding(broken) is None


def test_the_longer_text_tells_trust_noise_and_traces_and_where_it_was_measured():
    tip = findings.finding(state(DEFOCUS)).tip.splitlines()
    assert tip == [
        "Defocus, radius 3.1 px",
        "How far to trust this: 80 %",
        "Noise: 1.2 % of white",
        "Strong traces of JPEG compression",
        "Measured on this computer; nothing was sent.",
    ]


def test_nothing_is_claimed_about_the_cloud():
    said = findings.finding(state(DEFOCUS, engine="cloud"))
    assert (said.text, said.take) == ("Found: defocus, radius 3.1 px", "Lens Blur")
    assert said.tip.endswith("What the cloud service makes of the photo is its own.")


def test_the_chosen_mode_is_not_offered_again():
    assert findings.finding(state(DEFOCUS, with_mode("Lens Blur"))).take == ""
    assert findings.advised_mode(state(DEFOCUS, with_mode("Lens Blur"))) == "Lens Blur"


@pytest.mark.parametrize(
    ("chosen", "offered"), [("Standard", ""), ("Natural", "Lens Blur"), ("Strong", "Lens Blur")]
)
def test_the_advised_mode_is_not_offered_where_the_chosen_one_is_known_to_do_the_same(chosen, offered):
    assert findings.finding(state(DEFOCUS, with_mode(chosen))).take == offered
    assert findings.advised_mode(state(DEFOCUS, with_mode(chosen))) == "Lens Blur"


def test_a_mode_the_model_does_not_have_is_not_advised():
    said = state(replace(DEFOCUS, mode="Moon Shot"))
    assert (findings.advised_mode(said), findings.advice(said), findings.finding(said).take) == ("", "", "")


def test_the_reason_of_an_advice_is_the_finding():
    assert findings.advice(state(DEFOCUS)) == "Advised: defocus, radius 3.1 px"
    assert findings.advice(state(GUESS)) == ""
    assert findings.advice(state()) == ""


# Auto


def test_auto_takes_what_the_diagnosis_says_for_the_chosen_mode():
    assert findings.auto_value(state(DEFOCUS), "strength") == 0.62
    assert findings.auto_value(state(DEFOCUS, with_mode("Lens Blur")), "minor_denoise") == 0.2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("strength", state()),
        ("strength", state(DEFOCUS, engine="cloud")),
        ("strength", state(DEFOCUS, with_mode("Strong"))),
        ("face_enhancement_strength", state(DEFOCUS)),
    ],
)
def test_what_auto_takes_is_not_said_where_it_is_not_known(name, shown):
    assert findings.auto_value(shown, name) is None


def doing(auto, **settings):
    """A photo of which that is known of Standard's Auto."""
    wanted = PLAIN
    for name, value in settings.items():
        wanted = wanted.replaced(name, value)
    return state(replace(SHARP, autos=(("Standard", auto),)), wanted)


def test_where_nothing_would_be_done_no_values_are_claimed_and_it_says_why():
    shown = doing(Auto(1.0, 0.1, unchanged="sharp"))
    for name in ("strength", "minor_denoise"):
        assert findings.auto_value(shown, name) is None
        assert findings.auto_idle(shown, name) == "Nothing would be done in this mode: already sharp."
    assert findings.auto_idle(shown, "face_enhancement_strength") == ""
    assert findings.auto_idle(replace(shown, engine="cloud"), "strength") == ""
    assert findings.auto_idle(state(DEFOCUS), "strength") == findings.auto_idle(state(), "strength") == ""


def test_why_nothing_would_be_done_tells_what_to_do_where_that_is_known():
    told = {why: findings.auto_idle(doing(Auto(1.0, 0.1, unchanged=why)), "strength") for why in WORDS}
    assert told["no motion"].endswith("no motion found. Another mode may find more.")
    assert told["camera shake"].endswith("it looks like camera shake. Motion Blur may undo it.")
    assert len(set(told.values())) == len(WORDS)


def test_minor_denoise_by_hand_is_done_though_nothing_is_sharpened():
    shown = doing(Auto(1.0, 0.1, unchanged="sharp"), minor_denoise=0.5)
    assert findings.auto_idle(shown, "strength") == "Nothing would be sharpened in this mode: already sharp."


@pytest.mark.parametrize(("why", "value"), [("several motions", 0.1), ("sharp", None)])
def test_a_strength_by_hand_may_do_what_auto_does_not(why, value):
    assert findings.auto_value(doing(Auto(0.0, 0.1, unchanged=why), strength=0.5), "minor_denoise") == value


# Previews


def previewing(**more):
    return state(prefs=Prefs(is_preview_on=True), **more)


@pytest.mark.parametrize(
    ("shown", "badge"),
    [
        (previewing(), ""),
        (previewing(preview=PREVIEW), "Preview"),
        (previewing(preview=replace(PREVIEW, unchanged="no motion")), "Preview · no motion found"),
        (
            previewing(preview=replace(PREVIEW, unchanged="several motions")),
            "Preview · unchanged, several motions",
        ),
        (
            previewing(preview=replace(PREVIEW, unchanged="sharp", settings=Settings())),
            "Preview of earlier settings",
        ),
        (previewing(preview=PREVIEW, is_preview_due=True), "Preview · working…"),
        (previewing(is_preview_due=True), "Preview · working…"),
        (previewing(is_view_too_large=True), "Zoom in for a preview"),
        (previewing(preview=replace(PREVIEW, settings=Settings())), "Preview of earlier settings"),
        (previewing(preview=PREVIEW, engine="cloud"), ""),
        (state(preview=PREVIEW, is_preview_due=True), ""),
    ],
)
def test_the_badge_says_what_there_is_to_say_about_the_preview(shown, badge):
    assert findings.preview_badge(shown) == badge
