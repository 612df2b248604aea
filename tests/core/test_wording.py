"""What the window says about a state."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharpen_desktop.core import wording
from sharpen_desktop.core.history import begun
from sharpen_desktop.core.jobs import Phase, Progress, SharpenResult
from sharpen_desktop.core.money import Balance, Quote, Spending
from sharpen_desktop.core.paid import PaidRun, Stage, asked_for
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import Display, Fingerprint, Master, PhotoFacts
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.runs import Batch, Outcome, Pause, Run
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.state import AppState
from sharpen_desktop.services.schema_file import load_schema

PLAIN = Settings((("mode", "Standard"),))
SCHEMA = load_schema()
NOON = datetime(2026, 5, 3, 12, 4).astimezone().timestamp()
DAY_S = 86_400.0
QUOTE = Quote(0.105, NOON)
PAYING = {"engine": "cloud", "has_key": True}


def photo(*, depth=8, kind="JPEG", width=60, height=40, loading=Loading.READY, master=True):
    own = Master("/cache/a", width, height, depth, is_grey=False, pixels="p") if master else None
    facts = PhotoFacts(kind, width, height, depth, "sRGB")
    return Photo("a", "a.jpg", loading=loading, variants=(Variant("o", facts=facts, master=own),), side_a="o")


def state(shown=None, **more):
    photos = () if shown is None else (shown,)
    return AppState(begun(PLAIN), photos, **{"current_id": "a" if photos else "", **more})


def run(engine, progress=None):
    return Run("r", "a", engine, "A run", PLAIN, progress)


def paid_run(stage=Stage.STORED, **more):
    known = PaidRun(
        "p", stage, "sd-1", SCHEMA.model, asked_for(SCHEMA, PLAIN), Fingerprint("f"), PLAIN, files=("/r.png",)
    )
    return replace(known, created_s=NOON, **more)


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


@pytest.mark.parametrize(
    ("usd", "said"),
    [(0.105, "≈ $0.11"), (0.1, "≈ $0.10"), (1.26, "≈ $1.26"), (0.004, "≈ $0.004"), (0.0002, "≈ $0.0002")],
)
def test_the_button_says_what_a_run_will_cost_about(usd, said):
    assert button(**PAYING, quote=Quote(usd, NOON)) == (f"Sharpen in the cloud · {said}", "run", True)


def test_the_price_on_the_button_is_that_of_the_photos_size():
    large = photo(width=8000, height=4500)
    assert button(shown=large, **PAYING, quote=QUOTE)[0] == "Sharpen in the cloud · ≈ $0.21"
    nobody_knows = photo(width=20_000, height=20_000)
    assert button(shown=nobody_knows, **PAYING, quote=QUOTE)[0] == "Sharpen in the cloud · price unknown"


def known_photo(*runs):
    return replace(photo(), fingerprint=Fingerprint("f"), paid_runs=runs)


def test_what_was_paid_for_is_shown_again_for_nothing_with_or_without_a_key():
    for has_key in (True, False):
        shown = {"shown": known_photo(paid_run()), "schema": SCHEMA, "engine": "cloud", "has_key": has_key}
        assert button(**shown, day_spending=Spending(99)) == ("Show stored result · free", "stored", False)


@pytest.mark.parametrize(
    "known",
    [
        paid_run(Stage.UNKNOWN),
        paid_run(Stage.LOST),
        paid_run(asked="{}"),
        paid_run(fingerprint=Fingerprint("another")),
        paid_run(model="another"),
        paid_run(files=()),
    ],
)
def test_only_the_same_request_with_a_result_that_is_there_is_a_stored_one(known):
    assert button(shown=known_photo(known), schema=SCHEMA, **PAYING)[1] == "run"


def test_a_photo_that_was_not_identified_since_it_was_read_has_no_stored_result():
    unknown = replace(known_photo(paid_run()), fingerprint=None)
    assert button(shown=unknown, schema=SCHEMA, **PAYING)[1] == "run"


def test_the_button_says_that_the_limit_is_reached_before_it_would_be_passed():
    spent = {"day_spending": Spending(4.9), "quote": QUOTE, **PAYING}
    assert button(**spent) == ("Limit of $5.00 reached · Change", "limit", True)
    assert button(**spent, prefs=Prefs(limit_usd=0.0))[1] == "run"
    assert button(**{**spent, "day_spending": Spending(4.8)})[1] == "run"


def test_a_photo_that_waits_can_be_taken_out_of_the_queue():
    waits = replace(run("cloud"), is_waiting=True)
    assert button(runs=(waits,), **PAYING) == ("Waiting · Take out of the queue", "waiting", True)


def test_a_run_that_was_left_gives_the_button_back():
    left = replace(run("cloud", Progress(Phase.WAITING, is_paid_risk=True)), is_left=True)
    assert button(runs=(left,), **PAYING)[1] == "run"


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


def test_a_price_is_shown_with_its_time_and_with_its_date_when_it_is_not_of_today():
    priced = state(photo(), **PAYING, quote=QUOTE)
    assert wording.cost_line(priced, NOON + 60)[0] == "≈ $0.11, price of 12:04"
    assert wording.cost_line(priced, NOON + DAY_S)[0] == "≈ $0.11, price of 3 May 12:04"
    large = state(photo(width=8000, height=4500), **PAYING, quote=QUOTE)
    assert wording.cost_line(large, NOON)[0] == "≈ $0.21 above 24 MP, price of 12:04"


@pytest.mark.parametrize(
    ("session", "balance", "line"),
    [
        (Spending(), None, "metadata kept in your file"),
        (Spending(0.32), None, "$0.32 spent"),
        (Spending(0.21, 0.105), None, "≈ $0.32 spent"),
        (Spending(0.21, 0.0, 1), None, "at least $0.21 spent"),
        (Spending(), Balance(12.4, "USD", NOON), "$12.40 left"),
        (Spending(0.32), Balance(12.4, "EUR", NOON), "$0.32 spent · 12.40 EUR left"),
    ],
)
def test_what_was_spent_and_what_is_left_is_said_as_far_as_it_is_known(session, balance, line):
    shown = state(photo(), **PAYING, session_spending=session, balance=balance)
    assert wording.cost_line(shown)[1] == line


def test_the_cost_line_of_a_stored_result_says_when_it_was_paid_for():
    shown = state(known_photo(paid_run(cost_usd=0.105)), schema=SCHEMA, **PAYING, quote=QUOTE)
    assert wording.cost_line(shown)[0] == "already paid on 3 May · $0.105"


def test_the_tip_says_everything_about_money_and_makes_nothing_up():
    unknown = wording.money_tip(state(photo(), **PAYING))
    assert unknown.splitlines() == [
        "The service has not said what a run costs.",
        "Since the start: $0.00",
        "In the last 24 hours: $0.00 of $5.00",
        "The balance has not been asked.",
    ]
    known = state(
        photo(),
        **PAYING,
        quote=QUOTE,
        balance=Balance(12.4, "USD", NOON),
        session_spending=Spending(0.32),
        day_spending=Spending(1.0, 0.5),
        prefs=Prefs(limit_usd=0.0),
    )
    assert wording.money_tip(known, NOON).splitlines() == [
        "A run of up to 24 MP: ≈ $0.11, price of 12:04",
        "Since the start: $0.32",
        "In the last 24 hours: ≈ $1.50, no limit",
        "In your account: $12.40, asked 12:04",
    ]


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


# Batches and marks


def outcomes(*problems):
    return tuple(Outcome(str(place), "x.jpg", problem) for place, problem in enumerate(problems))


@pytest.mark.parametrize(
    ("batch", "more", "line"),
    [
        (None, {}, ""),
        (Batch("local", ("1", "2", "3")), {}, "0 of 3 done"),
        (Batch("local", ("1", "2", "3"), outcomes("", "It broke.")), {}, "1 of 3 done · 1 failed"),
        (Batch("local", ("1",), outcomes("")), {}, ""),
        (
            Batch("cloud", ("1", "2"), outcomes(""), quote_usd=1.26),
            {"pause": Pause.CREDIT},
            "1 of 2 done · paused · ≈ $1.26 · limit $5",
        ),
        (
            Batch("cloud", ("1", "2")),
            {"prefs": Prefs(limit_usd=0.0)},
            "0 of 2 done · price unknown",
        ),
    ],
)
def test_the_footer_says_how_far_a_batch_is_and_what_was_agreed_to(batch, more, line):
    shown = state(photo(), batch=batch, **more)
    assert wording.batch_line(shown) == line
    assert (wording.footer_line(shown) == line) is bool(line)


CLOUD_RESULT = Variant("v", "cloud")
LOCAL_RESULT = Variant("v", "local")


@pytest.mark.parametrize(
    ("shown", "runs", "mark"),
    [
        (photo(), (), ""),
        (photo(loading=Loading.FAILED), (), "failed"),
        (photo(), (run("local"),), "running"),
        (photo(), (replace(run("cloud"), is_left=True),), "running"),
        (photo(), (replace(run("cloud"), is_waiting=True),), "waiting"),
        (photo(), (replace(run("cloud"), problem="It broke."),), "failed"),
        (photo(), (replace(run("cloud"), problem="Lost.", is_in_doubt=True),), "doubt"),
        (known_photo(paid_run(Stage.UNTRACED)), (), "doubt"),
        (known_photo(paid_run(Stage.REFUSED)), (), ""),
        (known_photo(paid_run()), (), "paid"),
        (replace(photo(), variants=(Variant("o"), LOCAL_RESULT)), (), "done"),
        (replace(photo(), variants=(Variant("o"), LOCAL_RESULT, CLOUD_RESULT)), (), "paid"),
        (replace(photo(), variants=(Variant("o"), LOCAL_RESULT)), (run("local"),), "running"),
        (photo(), (replace(run("local"), photo_id="another"),), ""),
    ],
)
def test_every_photo_has_one_mark_for_how_it_stands(shown, runs, mark):
    marked = state(shown, runs=runs)
    assert wording.photo_mark(marked, shown) == mark
    assert wording.photo_marks(marked) == {"a": mark}
    assert mark in wording.MARK_TEXTS


# Runs of the journal


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_of_a_paid_run_is_said_with_what_can_be_done_next(stage):
    where, step = wording.run_stage_text(paid_run(stage))
    assert where
    assert step.endswith(".")
    assert "_" not in where + step


def test_only_what_was_surely_not_billed_is_called_so():
    free = {
        stage for stage in Stage if "othing was billed" in " ".join(wording.run_stage_text(paid_run(stage)))
    }
    assert free == {Stage.PREPARED, Stage.REFUSED}
    assert wording.paid_run_cost(paid_run(Stage.REFUSED)) == "not billed"
    assert wording.paid_run_cost(paid_run(Stage.UNKNOWN)) == "cost unknown"
    assert wording.paid_run_cost(paid_run(cost_usd=0.105, is_cost_estimated=True)) == "≈ $0.105"


def test_a_result_the_user_has_deleted_is_not_offered():
    assert wording.run_stage_text(paid_run(files=()))[0] == "Deleted by you"


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


def test_the_row_of_a_run_that_does_not_go_on_says_why():
    waits = replace(run("cloud"), is_waiting=True)
    assert wording.run_line(waits, 2) == "Waiting in the queue"
    left = replace(run("cloud", Progress(Phase.WAITING, is_paid_risk=True)), is_left=True)
    assert wording.run_line(left, 14, usual_s=14) == (
        "14 s · Waiting for the service · usually 14 s · kept when it comes"
    )
    doubtful = replace(run("cloud"), problem="The answer was lost.", is_in_doubt=True)
    assert wording.run_line(doubtful, 2) == "The answer was lost. The service is being asked."


def test_how_long_a_run_usually_takes_is_said_only_while_the_service_is_waited_for():
    uploading = run("cloud", Progress(Phase.UPLOADING, 0.5))
    assert "usually" not in wording.run_line(uploading, 2, usual_s=14)
    assert "usually" not in wording.run_line(run("local"), 2, usual_s=14)


def test_the_wait_for_the_next_try_is_counted_down():
    said = [wording.progress_text(Progress(Phase.BUSY, again_in_s=left)) for left in (75.0, 4.2, 0.0)]
    assert said == [f"The service is busy · next try in {wait}" for wait in ("1 min 15 s", "5 s", "0 s")]


def test_a_stored_result_says_when_it_was_paid_for_wherever_its_cost_stands():
    stored = Variant("v", "cloud", cost_usd=0.105, paid_on=NOON)
    assert wording.variant_line(stored) == "already paid on 3 May · $0.105"
    assert wording.done_text(stored) == "Already paid on 3 May · $0.105. Nothing was sent."


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


def result_of(**more):
    return SharpenResult("r.jpg", 1.0, **more)


def test_the_line_of_a_saved_result_says_what_it_has_cost():
    assert wording.result_cost("local", result_of()) == ""
    paid = result_of(cost_usd=0.105, is_cost_estimated=True)
    assert wording.result_cost("cloud", paid) == "cost ≈ $0.105"
    assert wording.result_cost("cloud", result_of()) == "cost unknown"
    before = replace(paid, paid_on=NOON)
    assert wording.result_cost("cloud", before) == "already paid on 3 May · ≈ $0.105, nothing was sent"
