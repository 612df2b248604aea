"""What the window says about a state: the button, the footer, names of variants. Pure and testable."""

import math
from dataclasses import dataclass
from typing import Literal

from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.naming import DEEP_FORMATS, LABELS, format_for
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import Master, PhotoFacts
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.core.state import AppState, Run

ENGINE_LABELS: dict[EngineName, str] = {"local": "Local", "cloud": "Cloud"}
ButtonDoes = Literal["open", "run", "stop", "key", "nothing"]


@dataclass(frozen=True, slots=True)
class PrimaryButton:
    """The one primary button: what it says, what a press does, and whether it is about paid work."""

    text: str
    does: ButtonDoes
    is_paid: bool = False
    fraction: float | None = None


def primary_button(state: AppState) -> PrimaryButton:
    """Return what the primary button says and does."""
    if state.going is not None:
        return _stop_button(state.going)
    if state.current is None:
        return PrimaryButton("Open a photo", "open")
    if state.current.loading is Loading.FAILED:
        return PrimaryButton("This photo cannot be read", "nothing")
    if state.engine == "local":
        return PrimaryButton("Sharpen", "run")
    if not state.has_key:
        return PrimaryButton("Add a key to use the cloud", "key", is_paid=True)
    return PrimaryButton("Sharpen in the cloud · price unknown", "run", is_paid=True)


def _stop_button(run: Run) -> PrimaryButton:
    fraction = run.progress.fraction if run.progress else None
    if run.is_receiving:
        return PrimaryButton("Opening the result…", "nothing", is_paid=True)
    if run.engine == "local":
        return PrimaryButton("Stop", "stop", fraction=fraction)
    if run.is_at_service:
        return PrimaryButton("Stop waiting…", "stop", is_paid=True, fraction=fraction)
    return PrimaryButton("Cancel (nothing billed yet)", "stop", is_paid=True, fraction=fraction)


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
    """Return the line over the button: where it happens and what a save keeps."""
    photo = state.current
    if state.engine == "cloud":
        return f"Cloud · {LABELS[save_format(state, photo)]} 8 bit · no location sent"
    if photo is None or photo.original is None:
        return "On this computer · nothing is sent"
    chosen = save_format(state, photo)
    facts = photo.original.facts
    depth = _kept_depth(facts.depth, chosen) if facts else 8
    return f"On this computer · {LABELS[chosen]} {depth} bit · metadata kept"


def cost_line(state: AppState) -> tuple[str, str]:
    """Return the second line: left what a run costs, right what else is true of it."""
    if state.engine == "local":
        return "Free", ""
    master = state.current.original.master if state.current and state.current.original else None
    if master is not None and master.width * master.height > 24_000_000:
        return "Price unknown · more above 24 MP", "metadata kept"
    return "Price unknown", "metadata kept in your file"


def run_title(engine: EngineName, settings: Settings) -> str:
    """Return a run's name, as in "Local · Standard 42 %"."""
    strength = settings.number("strength")
    amount = "" if strength is None else f" {round(strength * 100)} %"
    return f"{ENGINE_LABELS[engine]} · {settings.text('mode', 'Standard')}{amount}"


def facts_line(facts: PhotoFacts) -> str:
    """Return "24.0 MP · 16 bit · Display P3"."""
    return f"{megapixels(facts.width, facts.height)} · {facts.depth} bit · {facts.profile_name}"


def megapixels(width: int, height: int) -> str:
    """Return "24.0 MP"."""
    return f"{width * height / 1e6:.1f} MP"


def variant_line(variant: Variant) -> str:
    """Return the second line of a variant's row."""
    if variant.is_original:
        return facts_line(variant.facts) if variant.facts else "Reading…"
    saved = " · saved" if variant.saved_to and variant.finding else ""
    return f"{duration(variant.seconds)} · {cost(variant)}{saved}"


def variant_remark(variant: Variant) -> str:
    """Return the third line of a variant's row: what was found, else whether it is saved."""
    return variant.finding or ("saved" if variant.saved_to else "")


def cost(variant: Variant) -> str:
    """Return what a variant has cost: "free", "$0.105", "≈ $0.105" or "cost unknown"."""
    if variant.engine == "local":
        return "free"
    if variant.cost_usd is None:
        return "cost unknown"
    return f"{'≈ ' if variant.is_cost_estimated else ''}{dollars(variant.cost_usd)}"


def dollars(amount: float) -> str:
    """Return "$0.105"; an amount too small for three decimals keeps its first digit: "$0.0002"."""
    if amount == 0 or amount >= 0.0005:
        return f"${amount:.3f}"
    return f"${amount:.{1 - math.floor(math.log10(abs(amount))) - 1}f}"


def duration(seconds: float) -> str:
    """Return "0.4 s", "14 s" or "2 min 5 s"."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def run_line(run: Run, elapsed_s: float) -> str:
    """Return the second line of a run's row."""
    if not run.is_going:
        return run.problem
    return f"{duration(max(elapsed_s, 0.0))} · {progress_text(run.progress)}"


def progress_text(progress: Progress | None) -> str:
    """Return "Sharpening 40 %"."""
    if progress is None:
        return Phase.PREPARING.value
    if progress.fraction is None:
        return progress.phase.value
    return f"{progress.phase.value} {round(progress.fraction * 100)} %"


def done_text(variant: Variant) -> str:
    """Return what the status bar says when a result has come."""
    price = "" if variant.engine == "local" else f" · cost {cost(variant).removeprefix('cost ')}"
    finding = f" · {variant.finding}" if variant.finding else ""
    return f"Done in {duration(variant.seconds)}{price}{finding}"


def has_unsaved(photo: Photo | None) -> bool:
    """Whether what Save would write of the photo is in no file of the user's."""
    return photo is not None and photo.shown is not None and photo.shown.is_unsaved
