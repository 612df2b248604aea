"""The queue over the opened photos: what waits, what may start, and how a batch comes to its end.

The runs of a state in their order are the queue: those that wait, those an engine is at, and those that failed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.photo import Loading, Photo
from sharpen_desktop.core.running import runs_added
from sharpen_desktop.core.runs import Batch, Outcome, Pause, Run
from sharpen_desktop.core.settings import EngineName, Settings, effective
from sharpen_desktop.core.state import AppState

MOST_AT_ONCE: Mapping[EngineName, int] = {"local": 1, "cloud": 2}
"""How many runs an engine works on at a time. A run the user no longer waits for still counts."""

RESUME = "resume"
"""The wish of a notice that lets a paused queue go on."""


def startable(runs: Sequence[Run], pause: Pause, *, is_cloud_proven: bool) -> tuple[Run, ...]:
    """Return the waiting runs that may begin now, in the queue's order.

    What the user pauses is everything; any other pause is about the cloud. Until the service has answered
    once, a batch sends one photo at a time: a refused key or an empty account then costs one request, not two.
    """
    if pause is Pause.USER:
        return ()
    busy = {engine: sum(run.is_busy and run.engine == engine for run in runs) for engine in MOST_AT_ONCE}
    begun: list[Run] = []
    for run in runs:
        most = MOST_AT_ONCE[run.engine]
        if run.engine == "cloud":
            most = 0 if pause is not Pause.NONE else 1 if run.in_batch and not is_cloud_proven else most
        if run.is_waiting and busy[run.engine] < most:
            busy[run.engine] += 1
            begun.append(run)
    return tuple(begun)


def runs_queued(state: AppState, runs: tuple[Run, ...]) -> AppState:
    """Put runs at the end of the queue."""
    return runs_added(state, tuple(replace(run, is_waiting=True) for run in runs))


def run_begun(state: AppState, run_id: str, now_s: float) -> AppState:
    """Let a waiting run begin; ``now_s`` of a monotonic clock."""

    def change(run: Run) -> Run:
        return replace(run, is_waiting=False, started_s=now_s) if run.is_waiting else run

    return _run_changed(state, run_id, change)


def run_returned(state: AppState, run_id: str) -> AppState:
    """Put a run that has begun back to where it waited: it was refused before it could cost anything."""

    def change(run: Run) -> Run:
        return replace(run, is_waiting=True, is_left=False, progress=None, started_s=0.0, problem="")

    return _run_changed(state, run_id, change)


def run_taken_out(state: AppState, run_id: str) -> AppState:
    """Take a waiting run out of the queue; a pause ends with the last run it held up."""
    rest = tuple(run for run in state.runs if run.id != run_id or not run.is_waiting)
    after = replace(state, runs=rest)
    held = (run for run in rest if run.is_waiting)
    if any(run.engine == "cloud" or state.pause is Pause.USER for run in held):
        return after
    return queue_paused(after, Pause.NONE)


def run_left(state: AppState, run_id: str, *, is_left: bool) -> AppState:
    """Stop waiting for a run that is at the service, or wait for it again; its answer is kept either way."""
    return _run_changed(state, run_id, lambda run: replace(run, is_left=is_left and run.is_busy))


def doubt_changed(state: AppState, run_id: str, *, is_in_doubt: bool) -> AppState:
    """Note whether a failed run may have been charged and is being asked about."""
    return _run_changed(state, run_id, lambda run: replace(run, is_in_doubt=is_in_doubt))


def _run_changed(state: AppState, run_id: str, change: Callable[[Run], Run]) -> AppState:
    return replace(state, runs=tuple(change(run) if run.id == run_id else run for run in state.runs))


def queue_paused(state: AppState, pause: Pause) -> AppState:
    """Let nothing (the user's pause) or nothing in the cloud begin; ``Pause.NONE`` lets it go on.

    Notices that offer to go on leave with the pause.
    """
    is_proven = state.is_cloud_proven and pause in (Pause.NONE, Pause.USER)
    notices = state.notices
    if pause is Pause.NONE:
        notices = tuple(each for each in notices if RESUME not in dict(each.wishes))
    return replace(state, pause=pause, is_cloud_proven=is_proven, notices=notices)


def cloud_proven(state: AppState) -> AppState:
    """Note that the service has answered a run."""
    return replace(state, is_cloud_proven=True)


def waiting(state: AppState) -> tuple[Run, ...]:
    """Return what waits, in its order."""
    return tuple(run for run in state.runs if run.is_waiting)


def wanting(state: AppState) -> tuple[Photo, ...]:
    """Return the photos a batch with the present engine and settings has something to do for."""
    taken = {run.photo_id for run in state.runs if run.is_waiting or run.is_going}
    wanted = _asked(state, state.settings)

    def has_result(photo: Photo) -> bool:
        strokes = state.history.present.strokes_in_force(photo.id) if state.engine == "local" else ()
        made = (each for each in photo.results if each.engine == state.engine and each.strokes == strokes)
        return any(_asked(state, each.made_with) == wanted for each in made if each.made_with is not None)

    open_photos = (photo for photo in state.photos if photo.loading is not Loading.FAILED)
    return tuple(photo for photo in open_photos if photo.id not in taken and not has_result(photo))


def _asked(state: AppState, settings: Settings) -> object:
    """Return what settings come to: without the fields that have no effect."""
    return effective(state.schema, settings, state.engine) if state.schema else settings


def to_keep(state: AppState) -> tuple[WaitingPhoto, ...]:
    """Return what is kept for the next start: what waits, and what of a batch has begun and cannot cost yet.

    A pasted picture has no file that would still be there.
    """
    kept = (run for run in state.runs if run.is_waiting or (run.in_batch and _can_be_lost(run)))
    photos = {photo.id: photo for photo in state.photos if photo.path and not photo.is_pasted}
    return tuple(
        WaitingPhoto(photos[run.photo_id].path, run.engine, run.settings)
        for run in kept
        if run.photo_id in photos
    )


def _can_be_lost(run: Run) -> bool:
    is_at_risk = run.progress is not None and run.progress.is_paid_risk
    return run.is_going and not is_at_risk


def kept_counted(state: AppState, count: int) -> AppState:
    """Note how many photos of an earlier session still wait."""
    return replace(state, kept_queue=count)


def batch_begun(state: AppState, batch: Batch) -> AppState:
    """Begin a batch, or make the one that is going on longer."""
    old = state.batch
    if old is None or old.is_over:
        return replace(state, batch=batch)
    sums = (old.quote_usd, batch.quote_usd)
    total = None if None in sums else sum(each for each in sums if each is not None)
    longer = replace(old, run_ids=(*old.run_ids, *batch.run_ids), quote_usd=total)
    return replace(state, batch=longer)


def outcome_noted(state: AppState, run_id: str, outcome: Outcome) -> AppState:
    """Note how one run of the batch has ended; a run of no batch, or one that was noted before, changes nothing."""
    batch = state.batch
    if batch is None or run_id not in batch.run_ids or run_id in {each.run_id for each in batch.outcomes}:
        return state
    return replace(state, batch=replace(batch, outcomes=(*batch.outcomes, replace(outcome, run_id=run_id))))
