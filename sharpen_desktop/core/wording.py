"""What the window says about a state: the button, the footer, marks, names of variants. Pure and testable."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sharpen_desktop.core.jobs import Phase, Progress, SharpenResult
from sharpen_desktop.core.money import Spending, exceeds, price, units
from sharpen_desktop.core.naming import DEEP_FORMATS, LABELS, format_for
from sharpen_desktop.core.paid import PaidRun, Stage
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.phrases import (
    about,
    amount,
    clock,
    day,
    dollars,
    duration,
    megapixels,
)
from sharpen_desktop.core.picture import Master, PhotoFacts
from sharpen_desktop.core.queue import wanting
from sharpen_desktop.core.runs import Pause, Run
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.core.state import AppState

ENGINE_LABELS: dict[EngineName, str] = {"local": "Local", "cloud": "Cloud"}
ButtonDoes = Literal["open", "run", "stop", "key", "nothing", "stored", "limit", "waiting"]
Mark = Literal["", "waiting", "running", "done", "failed", "paid", "doubt"]


@dataclass(frozen=True, slots=True)
class PrimaryButton:
    """The one primary button: what it says, what a press does, and whether it is about paid work.

    ``does``: "run" and "stored" are Controller.sharpen; "stop" and "waiting" (the photo is in the queue, a
    press takes it out) are Controller.stop; "key" opens the card, "limit" the preferences.
    """

    text: str
    does: ButtonDoes
    is_paid: bool = False
    fraction: float | None = None


def primary_button(state: AppState) -> PrimaryButton:
    """Return what the primary button says and does."""
    photo = state.current
    if photo is None:
        return PrimaryButton("Open a photo", "open")
    if state.going is not None:
        return _stop_button(state.going)
    if (waits := state.waiting_of(photo.id)) is not None:
        return PrimaryButton("Waiting · Take out of the queue", "waiting", is_paid=waits.engine == "cloud")
    if photo.loading is Loading.FAILED:
        return PrimaryButton("This photo cannot be read", "nothing")
    if state.engine == "local":
        return PrimaryButton("Sharpen", "run")
    return _cloud_button(state, photo)


def _cloud_button(state: AppState, photo: Photo) -> PrimaryButton:
    if state.stored_for(photo) is not None:
        return PrimaryButton("Show stored result · free", "stored")
    if not state.has_key:
        return PrimaryButton("Add a key to use the cloud", "key", is_paid=True)
    usd, limit = price_of(state, photo), state.prefs.limit
    if limit is not None and exceeds(state.day_spending, usd, limit):
        return PrimaryButton(f"Limit of {amount(limit)} reached · Change", "limit", is_paid=True)
    said = "price unknown" if usd is None else about(usd)
    return PrimaryButton(f"Sharpen in the cloud · {said}", "run", is_paid=True)


def _stop_button(run: Run) -> PrimaryButton:
    fraction = run.progress.fraction if run.progress else None
    if run.is_receiving:
        return PrimaryButton("Opening the result…", "nothing", is_paid=True)
    if run.engine == "local":
        return PrimaryButton("Stop", "stop", fraction=fraction)
    if run.is_at_service:
        return PrimaryButton("Stop waiting…", "stop", is_paid=True, fraction=fraction)
    return PrimaryButton("Cancel (nothing billed yet)", "stop", is_paid=True, fraction=fraction)


def price_of(state: AppState, photo: Photo | None) -> float | None:
    """Return what a cloud run of the photo is expected to cost, ``None`` when nobody knows.

    A photo whose size is not known yet counts as one of the common price.
    """
    facts = photo.original.facts if photo and photo.original else None
    if facts is None:
        return state.quote.usd if state.quote else None
    return price(state.quote, facts.width, facts.height)


def saved_depth(master: Master | None, save_format: str) -> int:
    """Return the bits a channel a save in this format keeps."""
    return _kept_depth(master.depth, save_format) if master is not None else 8


def _kept_depth(depth: int, save_format: str) -> int:
    return 16 if depth > 8 and save_format in DEEP_FORMATS else 8


def save_format(state: AppState, photo: Photo | None) -> str:
    """Return the format a save of the photo would get by default."""
    facts = photo.original.facts if photo and photo.original else None
    return format_for(state.prefs.save_format, facts.format if facts else "JPEG")


def footer_line(state: AppState) -> str:
    """Return the line over the button: a batch that is going on, else where it happens and what a save keeps."""
    if line := batch_line(state):
        return line
    photo = state.current
    if state.engine == "cloud":
        return f"Cloud · {LABELS[save_format(state, photo)]} 8 bit · no location sent"
    if photo is None or photo.original is None:
        return "On this computer · nothing is sent"
    chosen = save_format(state, photo)
    facts = photo.original.facts
    depth = _kept_depth(facts.depth, chosen) if facts else 8
    return f"On this computer · {LABELS[chosen]} {depth} bit · metadata kept"


def batch_line(state: AppState) -> str:
    """Return how far a batch is, as in "3 of 12 done · 1 failed · ≈ $1.26 · limit $5"; empty without one."""
    batch = state.batch
    if batch is None or batch.is_over:
        return ""
    failed = sum(bool(each.problem) for each in batch.outcomes)
    parts = [f"{len(batch.outcomes) - failed} of {len(batch.run_ids)} done"]
    if failed:
        parts.append(f"{failed} failed")
    if state.pause is not Pause.NONE:
        parts.append("paused")
    if batch.engine == "cloud":
        parts.append("price unknown" if batch.quote_usd is None else about(batch.quote_usd))
        if state.prefs.limit is not None:
            parts.append(f"limit {amount(state.prefs.limit).removesuffix('.00')}")
    return " · ".join(parts)


def sharpen_all_text(state: AppState) -> str:
    """Return what the link says that sharpens all: how many are left; empty while none is, or a batch goes on."""
    if len(state.photos) < 2 or batch_line(state):
        return ""
    left = len(wanting(state))
    if left == len(state.photos):
        return f"Sharpen all {left}"
    return f"Sharpen the other {left if left > 1 else 'one'}" if left else ""


def cost_line(state: AppState, now_s: float = 0.0) -> tuple[str, str]:
    """Return the second line: left what a run costs, right what was spent and what is left.

    ``now_s`` (since 1970) shortens the date of the price when it is of today.
    """
    if state.engine == "local":
        return "Free", ""
    return _price_line(state, now_s), _account_line(state) or "metadata kept in your file"


def _price_line(state: AppState, now_s: float) -> str:
    photo = state.current
    stored = state.stored_for(photo) if photo else None
    if stored is not None:
        return already_paid(stored.created_s, stored.cost_usd, is_estimated=stored.is_cost_estimated)
    usd = price_of(state, photo)
    facts = photo.original.facts if photo and photo.original else None
    is_large = facts is not None and units(facts.width, facts.height) != 1
    if usd is None or state.quote is None:
        return "Price unknown · more above 24 MP" if is_large else "Price unknown"
    large = " above 24 MP" if is_large else ""
    return f"{about(usd)}{large}, price of {clock(state.quote.as_of_s, now_s)}"


def _account_line(state: AppState) -> str:
    spent = spent_text(state.session_spending)
    parts = [f"{spent} spent" if spent else "", f"{balance_text(state)} left" if state.balance else ""]
    return " · ".join(part for part in parts if part)


def spent_text(spending: Spending) -> str:
    """Return what was spent: "$0.32", "≈ $0.43" with runs of unknown cost in it, "at least …", or nothing."""
    if not spending.total_usd and not spending.unpriced:
        return ""
    if spending.unpriced:
        return f"at least {amount(spending.total_usd)}"
    return about(spending.total_usd) if spending.reserved_usd else amount(spending.total_usd)


def balance_text(state: AppState) -> str:
    """Return what is left in the account, empty when it was not asked."""
    if state.balance is None:
        return ""
    if state.balance.currency in {"USD", ""}:
        return amount(state.balance.amount)
    return f"{state.balance.amount:.2f} {state.balance.currency}"


def money_tip(state: AppState, now_s: float = 0.0) -> str:
    """Return what the footer's money means, line by line: price, session, 24 hours and limit, balance."""
    quote, limit, day_spent = state.quote, state.prefs.limit, spent_text(state.day_spending) or "$0.00"
    asked = f", asked {clock(state.balance.as_of_s, now_s)}" if state.balance else ""
    lines = (
        f"A run of up to 24 MP: {about(quote.usd)}, price of {clock(quote.as_of_s, now_s)}"
        if quote
        else "The service has not said what a run costs.",
        f"Since the start: {spent_text(state.session_spending) or '$0.00'}",
        f"In the last 24 hours: {day_spent}"
        + (f" of {amount(limit)}" if limit is not None else ", no limit"),
        f"In your account: {balance_text(state)}{asked}"
        if state.balance
        else "The balance has not been asked.",
    )
    return "\n".join(lines)


def expected(usd: float | None) -> str:
    """Return what a run is about to cost, in the middle of a sentence: "about $0.11", or "money"."""
    return "money" if usd is None else f"about {amount(usd)}"


def already_paid(when_s: float, usd: float | None, *, is_estimated: bool) -> str:
    """Return "already paid on 3 May · $0.11"."""
    return f"already paid on {day(when_s)} · {_cost(usd, is_estimated=is_estimated)}"


def photo_marks(state: AppState) -> Mapping[str, Mark]:
    """Return the marks of all photos by id, for the filmstrip; one pass over the runs."""
    runs: dict[str, list[Run]] = {}
    for run in state.runs:
        runs.setdefault(run.photo_id, []).append(run)
    return {photo.id: _mark(photo, runs.get(photo.id, ())) for photo in state.photos}


def photo_mark(state: AppState, photo: Photo) -> Mark:
    """Return the mark of one photo; for all of them ``photo_marks`` is cheaper."""
    return _mark(photo, [run for run in state.runs if run.photo_id == photo.id])


def _mark(photo: Photo, runs: Iterable[Run]) -> Mark:
    mine = tuple(runs)
    paid = photo.paid_runs
    claims: tuple[tuple[Mark, bool], ...] = (
        ("running", any(run.is_busy for run in mine)),
        ("waiting", any(run.is_waiting for run in mine)),
        ("doubt", any(run.is_in_doubt for run in mine) or any(run.stage in _DOUBTFUL for run in paid)),
        ("failed", photo.loading is Loading.FAILED or any(run.problem for run in mine)),
        ("paid", any(v.engine == "cloud" for v in photo.results) or any(run.has_result for run in paid)),
        ("done", any(v.is_result for v in photo.results)),
    )
    return next((mark for mark, holds in claims if holds), "")


_DOUBTFUL = frozenset({Stage.UNKNOWN, Stage.UNTRACED})
MARK_TEXTS: Mapping[Mark, str] = {
    "": "",
    "waiting": "waits in the queue",
    "running": "being sharpened",
    "done": "sharpened",
    "failed": "failed",
    "paid": "has a paid result",
    "doubt": "may have been charged: not settled",
}

_STAGE_TEXTS: Mapping[Stage, tuple[str, str]] = {
    Stage.PREPARED: ("Not sent", "Nothing was billed. Send it again when you like."),
    Stage.SENDING: ("Sent, no answer yet", "Check again: the service is asked whether it was charged."),
    Stage.ANSWERED: ("Answered, not fetched yet", "Check again: the picture is fetched, at no further cost."),
    Stage.DOWNLOADING: ("Partly fetched", "Check again: the rest is fetched, at no further cost."),
    Stage.STORED: ("Kept in the program's store", "Show it, or save it."),
    Stage.SAVED: ("Saved", "Show it again when you like, at no further cost."),
    Stage.REFUSED: ("Not done", "Nothing was billed. Send it again when you like."),
    Stage.UNKNOWN: (
        "Unknown: it may have been charged",
        "Check again, or send it again, which may charge again.",
    ),
    Stage.PAID_UNREADABLE: (
        "Charged, but the answer holds no picture",
        "The answer is kept. Give its reference to the service's support.",
    ),
    Stage.EXPIRED: (
        "Charged, but the picture's address no longer works",
        "Check again, or give the reference to the service's support.",
    ),
    Stage.LOST: ("Charged, and the picture never came", "Give the reference to the service's support."),
    Stage.UNTRACED: (
        "No trace of it at the service",
        "It was probably not charged. Check again, or send it again.",
    ),
}


def run_stage_text(run: PaidRun) -> tuple[str, str]:
    """Return where a paid run stands, in words, and what can be done next."""
    if run.has_result and not run.files:
        return "Deleted by you", "To have it again it has to be paid for again."
    return _STAGE_TEXTS[run.stage]


def paid_run_cost(run: PaidRun) -> str:
    """Return what a run of the journal has cost: "$0.105", "≈ $0.105", "not billed", "cost unknown"."""
    if run.stage in (Stage.REFUSED, Stage.PREPARED):
        return "not billed"
    return _cost(run.cost_usd, is_estimated=run.is_cost_estimated)


def run_title(engine: EngineName, settings: Settings) -> str:
    """Return a run's name, as in "Local · Standard 42 %"."""
    strength = settings.number("strength")
    amount = "" if strength is None else f" {round(strength * 100)} %"
    return f"{ENGINE_LABELS[engine]} · {settings.text('mode', 'Standard')}{amount}"


def facts_line(facts: PhotoFacts) -> str:
    """Return "24.0 MP · 16 bit · Display P3"."""
    return f"{megapixels(facts.width, facts.height)} · {facts.depth} bit · {facts.profile_name}"


def variant_line(variant: Variant) -> str:
    """Return the second line of a variant's row."""
    if not variant.is_result:
        return facts_line(variant.facts) if variant.facts else "Reading…"
    saved = "saved" if not variant.is_unsaved and variant.finding else ""
    took = duration(variant.seconds) if variant.paid_on is None else ""
    return " · ".join(part for part in (took, cost(variant), variant.mix.text, saved) if part)


def variant_remark(variant: Variant) -> str:
    """Return the third line of a variant's row: what was found, else whether it is saved."""
    return variant.finding or ("" if variant.is_unsaved or not variant.saved_to else "saved")


def cost(variant: Variant) -> str:
    """Return what a variant has cost: "free", "$0.105", "cost unknown", "already paid on 3 May · $0.105"."""
    if variant.engine == "local":
        return "free"
    if variant.paid_on is not None:
        return already_paid(variant.paid_on, variant.cost_usd, is_estimated=variant.is_cost_estimated)
    return _cost(variant.cost_usd, is_estimated=variant.is_cost_estimated)


def result_cost(engine: EngineName, result: SharpenResult) -> str:
    """Return what a saved result has cost, for the line that names its file; empty when it is free."""
    if engine == "local":
        return ""
    if result.paid_on is None:
        spent = _cost(result.cost_usd, is_estimated=result.is_cost_estimated)
        return spent if result.cost_usd is None else f"cost {spent}"
    before = already_paid(result.paid_on, result.cost_usd, is_estimated=result.is_cost_estimated)
    return f"{before}, nothing was sent"


def _cost(usd: float | None, *, is_estimated: bool) -> str:
    if usd is None:
        return "cost unknown"
    return f"{'≈ ' if is_estimated else ''}{dollars(usd)}"


def run_line(run: Run, elapsed_s: float, usual_s: float | None = None) -> str:
    """Return the second line of a run's row; ``usual_s``: how long a cloud run usually takes."""
    if run.problem:
        return f"{run.problem} The service is being asked." if run.is_in_doubt else run.problem
    if run.is_waiting:
        return "Waiting in the queue"
    usual = f" · usually {duration(usual_s)}" if usual_s and run.is_at_service else ""
    left = " · kept when it comes" if run.is_left else ""
    return f"{duration(max(elapsed_s, 0.0))} · {progress_text(run.progress)}{usual}{left}"


def progress_text(progress: Progress | None) -> str:
    """Return "Sharpening 40 %", or "The service is busy · next try in 12 s"."""
    if progress is None:
        return Phase.PREPARING.value
    if progress.again_in_s is not None:
        seconds = math.ceil(progress.again_in_s)
        wait = f"{seconds} s" if seconds < 60 else duration(seconds)
        return f"{progress.phase.value} · next try in {wait}"
    if progress.fraction is None:
        return progress.phase.value
    return f"{progress.phase.value} {round(progress.fraction * 100)} %"


def done_text(variant: Variant) -> str:
    """Return what the status bar says when a result has come."""
    if variant.paid_on is not None:
        said = cost(variant)
        return f"{said[0].upper()}{said[1:]}. Nothing was sent."
    price = "" if variant.engine == "local" else f" · cost {cost(variant).removeprefix('cost ')}"
    finding = f" · {variant.finding}" if variant.finding else ""
    return f"Done in {duration(variant.seconds)}{price}{finding}"


def has_unsaved(photo: Photo | None) -> bool:
    """Whether what Save would write of the photo is in no file of the user's."""
    return photo is not None and photo.shown is not None and photo.shown.is_unsaved
