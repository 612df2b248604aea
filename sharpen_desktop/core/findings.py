"""What the window says about a diagnosis, about what Auto takes, and about previews. Pure and testable."""

from dataclasses import dataclass
from typing import Literal

from sharpen_desktop.core.photo import Loading
from sharpen_desktop.core.questions import diagnosis_wanted
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import EngineName
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.study import Auto, Diagnosis
from sharpen_desktop.core.unchanged import BY_STRENGTH, WORDS, sentence

FIRM_FROM = 0.6
"""From this trust on a finding is said without "probably"."""
PREVIEW_TIP = "Sharpens what is in view on this computer while you change settings; free"
NO_RESULT = "What is shown is a preview. Sharpen the photo first, or choose a result under Variants."
HERE = "Measured on this computer; nothing was sent."
ELSEWHERE = f"{HERE}\nWhat the cloud service makes of the photo is its own."

Mark = Literal["looking", "found", "probable", "unsure", "plain"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line about the photo: its text, a mark of how sure that is, and a longer text.

    ``take``: the mode to offer, empty when none is advised, it is chosen already, or the chosen one does the same.
    """

    text: str
    mark: Mark
    tip: str = ""
    take: str = ""


def finding(state: AppState) -> Finding | None:
    """Return what is said about the current photo; ``None`` while there is none that can be read."""
    photo = state.current
    if photo is None or photo.loading is Loading.FAILED:
        return None
    diagnosis = photo.diagnosis
    if diagnosis is None:
        return Finding("Looking at the photo…", "looking", HERE)
    tip = _tip(diagnosis, state.engine)
    if not diagnosis.is_sure:
        return Finding(diagnosis.sentence, "unsure" if diagnosis.is_guess else "plain", tip)
    is_firm = diagnosis.trust >= FIRM_FROM
    text = f"{'Found' if is_firm else 'Probably'}: {_inside(diagnosis.sentence)}"
    return Finding(text, "found" if is_firm else "probable", tip, _offered(state, diagnosis))


def advised_mode(state: AppState) -> str:
    """Return the mode the diagnosis of the current photo advises, if the model has it; empty for none."""
    diagnosis = state.current.diagnosis if state.current else None
    if diagnosis is None or not diagnosis.is_sure or not _has_mode(state.schema, diagnosis.mode):
        return ""
    return diagnosis.mode


def advice(state: AppState) -> str:
    """Return why the advised mode is, as in "Advised: defocus, radius 3.1 px"; empty when none is."""
    diagnosis = state.current.diagnosis if state.current else None
    return f"Advised: {_inside(diagnosis.sentence)}" if diagnosis and advised_mode(state) else ""


def _offered(state: AppState, diagnosis: Diagnosis) -> str:
    """Return the advised mode, unless it is chosen or the chosen one is known to do the same."""
    mode, chosen = advised_mode(state), state.settings.text("mode")
    is_same = chosen == mode or (state.engine == "local" and diagnosis.is_as_advised(chosen))
    return "" if is_same else mode


def auto_value(state: AppState, name: str) -> float | None:
    """Return what Auto of a field takes on this computer, 0–1; ``None`` when that is not known or is the cloud's.

    ``None`` too where nothing would be done.
    """
    takes = _auto(state)
    by_name = {"strength": takes.strength, "minor_denoise": takes.minor_denoise} if takes else {}
    return None if auto_idle(state, name) else by_name.get(name)


def auto_idle(state: AppState, name: str) -> str:
    """Return why Auto of a field would do nothing to the photo on this computer; empty where it would, or is not known."""
    takes = _auto(state)
    if takes is None or name not in ("strength", "minor_denoise"):
        return ""
    is_by_hand = state.settings.get("strength") is not None
    if is_by_hand and takes.unchanged in BY_STRENGTH:
        return ""
    is_calmed = state.settings.get("minor_denoise") is not None and state.settings.text("mode") != "Strong"
    done = "sharpened" if is_calmed else "done"  # grain is calmed all the same where that is set by hand
    return sentence(f"Nothing would be {done} in this mode", takes.unchanged)


def _auto(state: AppState) -> Auto | None:
    """Return what Auto takes in the chosen mode on this computer, where that is known."""
    photo = state.current
    if state.engine != "local" or photo is None or photo.diagnosis is None:
        return None
    return photo.diagnosis.auto(state.settings.text("mode", "Standard"))


def preview_badge(state: AppState) -> str:
    """Return what is said over side B about its preview; empty when there is nothing to say."""
    if not state.is_preview_wanted:
        return ""
    shown = state.shown_preview
    if state.is_preview_due or (shown is None and not state.is_view_too_large and diagnosis_wanted(state)):
        return "Preview · working…"
    if shown is None:
        return "Zoom in for a preview" if state.is_view_too_large else ""
    if shown.settings != state.settings:
        return "Preview of earlier settings"
    why = WORDS.get(shown.unchanged, "")
    found = f"unchanged, {why}" if shown.unchanged in BY_STRENGTH else why
    return " · ".join(part for part in ("Preview", found) if part)


def _has_mode(schema: ModelSchema | None, mode: str) -> bool:
    params = schema.params if schema else ()
    choices = next((param.choices for param in params if param.name == "mode"), ())
    return any(choice.value == mode for choice in choices)


def _inside(sentence: str) -> str:
    """Return a sentence as it stands in the middle of another."""
    return sentence[:1].lower() + sentence[1:]


def _tip(diagnosis: Diagnosis, engine: EngineName) -> str:
    lines = [diagnosis.sentence, f"How far to trust this: {round(diagnosis.trust * 100)} %"]
    if diagnosis.noise > 0:
        lines.append(f"Noise: {diagnosis.noise * 100:.1f} % of white")
    if diagnosis.compression in ("light", "strong"):
        lines.append(f"{diagnosis.compression.capitalize()} traces of JPEG compression")
    return "\n".join((*lines, HERE if engine == "local" else ELSEWHERE))
