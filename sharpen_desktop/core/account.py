"""What becomes known of money, of the key and of paid runs: transitions of the state."""

from collections.abc import Sequence
from dataclasses import replace

from sharpen_desktop.core.keys import KeyPlace, KeyVerdict
from sharpen_desktop.core.money import Balance, Quote, Spending
from sharpen_desktop.core.paid import OPEN, PaidRun, Stage
from sharpen_desktop.core.photo import Photo
from sharpen_desktop.core.photos import photo_changed
from sharpen_desktop.core.picture import Fingerprint
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.state import AppState

UNSETTLED = OPEN | {Stage.LOST}


def model_known(state: AppState, schema: ModelSchema) -> AppState:
    """Put the model in use in place."""
    return replace(state, schema=schema)


# Money


def quote_heard(state: AppState, quote: Quote | None) -> AppState:
    """Note what a run costs; when the service does not say, what it said last stays with its date."""
    return replace(state, quote=quote or state.quote)


def usual_heard(state: AppState, usual_s: float | None) -> AppState:
    """Note how long a cloud run usually takes."""
    return replace(state, usual_s=usual_s or state.usual_s)


def balance_read(state: AppState, balance: Balance | None) -> AppState:
    """Note what is left in the account."""
    return replace(state, balance=balance)


def spending_known(state: AppState, session: Spending, day: Spending) -> AppState:
    """Note what runs have cost since the start and in the last 24 hours."""
    return replace(state, session_spending=session, day_spending=day)


# The key


def key_asked(state: AppState) -> AppState:
    """Open the card that asks for a key; the chosen engine stays."""
    return replace(state, is_key_wanted=True)


def key_refused(state: AppState) -> AppState:
    """Forget a key the service did not take, and ask for another."""
    return replace(state, has_key=False, is_key_wanted=True)


def key_placed(state: AppState, place: KeyPlace, said: str = "") -> AppState:
    """Note where the key in use is kept, and what was done with it; a balance belongs to the key it was read with."""
    has_key = place is not KeyPlace.NONE
    is_wanted = state.engine == "cloud" and not has_key
    return replace(
        state, key_place=place, has_key=has_key, is_key_wanted=is_wanted, key_said=said, balance=None
    )


def key_check_begun(state: AppState) -> AppState:
    """Note that the service is being asked about a key."""
    return replace(state, is_key_checking=True, key_verdict=None)


def key_checked(state: AppState, verdict: KeyVerdict | None) -> AppState:
    """Note what the service says of the key."""
    return replace(state, is_key_checking=False, key_verdict=verdict)


# Paid runs


def photo_known(
    state: AppState, photo_id: str, fingerprint: Fingerprint, runs: Sequence[PaidRun]
) -> AppState:
    """Note what tells a photo from others, and the journal's runs of it."""
    return photo_changed(
        state, photo_id, lambda photo: replace(photo, fingerprint=fingerprint, paid_runs=tuple(runs))
    )


def paid_runs_listed(state: AppState, runs: Sequence[PaidRun], store_bytes: int) -> AppState:
    """Put the list of cloud runs in place, newest first."""
    return replace(state, paid_runs=tuple(runs), store_bytes=store_bytes)


def open_runs_found(state: AppState, runs: Sequence[PaidRun]) -> AppState:
    """Put the runs in place that are not settled."""
    return replace(state, open_runs=tuple(runs))


def settling_changed(state: AppState, run_id: str, *, is_going: bool) -> AppState:
    """Note whether a run is being asked about."""
    others = tuple(each for each in state.settling if each != run_id)
    return replace(state, settling=(*others, run_id) if is_going else others)


def paid_run_changed(state: AppState, run: PaidRun) -> AppState:
    """Put what has become of a run in place wherever it is shown."""
    others = tuple(each for each in state.open_runs if each.run_id != run.run_id)
    return replace(
        state,
        open_runs=(*others, run) if run.stage in UNSETTLED else others,
        paid_runs=_renewed(state.paid_runs, run),
        photos=tuple(_with_renewed(photo, run) for photo in state.photos),
    )


def _with_renewed(photo: Photo, run: PaidRun) -> Photo:
    runs = _renewed(photo.paid_runs, run)
    return photo if runs == photo.paid_runs else replace(photo, paid_runs=runs)


def _renewed(runs: tuple[PaidRun, ...], run: PaidRun) -> tuple[PaidRun, ...]:
    return tuple(run if each.run_id == run.run_id else each for each in runs)
