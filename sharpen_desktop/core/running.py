"""Transitions of runs: how they come into the list, how far they are, and how they end."""

from dataclasses import replace

from sharpen_desktop.core.errors import Charge
from sharpen_desktop.core.jobs import Progress
from sharpen_desktop.core.notice import Notice
from sharpen_desktop.core.photo import Variant
from sharpen_desktop.core.runs import Run
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.variants import variant_added


def runs_added(state: AppState, runs: tuple[Run, ...]) -> AppState:
    """Add runs; failed ones of the same photos leave the list, and notices of those that cost nothing."""
    photo_ids = {run.photo_id for run in runs}
    kept = tuple(old for old in state.runs if not old.problem or old.photo_id not in photo_ids)
    notices = tuple(each for each in state.notices if not _is_settled(each, photo_ids))
    return replace(state, runs=(*kept, *runs), notices=notices)


def _is_settled(notice: Notice, photo_ids: set[str]) -> bool:
    """Whether a notice is about an earlier run of a photo that cost nothing: the new run answers it."""
    is_free = notice.charge in (None, Charge.NONE)
    return notice.photo_id in photo_ids and notice.engine is not None and is_free


def run_progressed(state: AppState, run_id: str, progress: Progress) -> AppState:
    """Note how far a run has come."""
    runs = tuple(replace(run, progress=progress) if run.id == run_id else run for run in state.runs)
    return replace(state, runs=runs)


def run_ended(state: AppState, run_id: str, problem: str = "") -> AppState:
    """End a run: with a problem it stays in the list as failed, without one it leaves it."""
    runs = tuple(
        replace(run, problem=problem) if run.id == run_id else run
        for run in state.runs
        if run.id != run_id or problem
    )
    return replace(state, runs=runs)


def run_dismissed(state: AppState, run_id: str) -> AppState:
    """Take a failed run off the list."""
    return replace(state, runs=tuple(run for run in state.runs if run.id != run_id or not run.problem))


def result_arrived(state: AppState, run: Run, variant: Variant) -> AppState:
    """End a run with its result, which is shown on side B unless the user has chosen another there.

    One the user no longer waits for is only added.
    """
    now = state.run(run.id)
    if now is None:
        return state
    added = variant_added(state, run.photo_id, variant, takes_side=not now.is_left)
    return run_ended(added, run.id)
