"""The one value that holds what outlives a widget, and its transitions.

A transition takes a state and returns a state; nothing else changes it. Answers that come for a photo or
run that is gone change nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.errors import Charge
from sharpen_desktop.core.history import History
from sharpen_desktop.core.jobs import Phase, Progress
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.money import Balance, Quote, Spending
from sharpen_desktop.core.paid import PaidRun
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import OpenedPicture
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.settings import EngineName, Settings

MOST_NOTES = 5
View = Literal["single", "split"]
NoticeKind = Literal["error", "note"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One line in the banner. ``retry`` names the wish that can be repeated, empty for none.

    ``photo_id`` names the photo a repeated wish is about, ``engine`` the engine that failed,
    ``charge`` what that may have cost.
    """

    id: str
    kind: NoticeKind
    text: str
    detail: str = ""
    retry: Literal["", "sharpen", "save"] = ""
    photo_id: str = ""
    engine: EngineName | None = None
    charge: Charge | None = None


class Pause(Enum):
    """Why waiting cloud runs do not start; the value says what to do, in one sentence."""

    NONE = ""
    USER = "The queue is paused."
    KEY = "The queue waits for a key the service accepts."
    CREDIT = "The queue waits: the account at the service has no money left. Top it up, then resume."
    LIMIT = "The queue waits: the limit you set for 24 hours is reached."
    DISK = "The queue waits: the disk is too full to keep results. Make some room, then resume."
    SERVICE = "The queue waits: the service cannot be reached."


@dataclass(frozen=True, slots=True)
class Run:
    """A run in the list of variants: waiting in the queue, going on, or ended badly. Good ends are variants.

    ``is_waiting``: in the queue, not begun. ``is_left``: the user no longer waits for it; its answer is kept
    when it comes. ``is_again``: the user has agreed that it may be paid for a second time. ``in_batch``: one
    of *Sharpen all*. ``is_in_doubt``: it failed and may have been charged; the service's log is being asked.
    """

    id: str
    photo_id: str
    engine: EngineName
    title: str
    settings: Settings
    progress: Progress | None = None
    started_s: float = 0.0
    problem: str = ""
    is_waiting: bool = False
    is_left: bool = False
    is_again: bool = False
    in_batch: bool = False
    is_in_doubt: bool = False

    @property
    def is_going(self) -> bool:
        """Whether the run has begun and not ended, and the user waits for it."""
        return not (self.problem or self.is_waiting or self.is_left)

    @property
    def is_busy(self) -> bool:
        """Whether an engine is at work on it, whether or not the user still waits."""
        return not (self.problem or self.is_waiting)

    @property
    def is_receiving(self) -> bool:
        """Whether a paid picture has come and is being opened."""
        return self.engine == "cloud" and self.progress is not None and self.progress.phase is Phase.FINISHING

    @property
    def is_at_service(self) -> bool:
        """Whether the whole request has left and its answer has not come: stopping may cost."""
        has_left = self.progress is not None and self.progress.is_paid_risk
        return self.engine == "cloud" and has_left and not self.is_receiving


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one photo of a batch ended. ``problem`` is empty for success."""

    photo_id: str
    name: str
    problem: str = ""
    cost_usd: float | None = None
    charge: Charge | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """*Sharpen all*: what it is made of and how its photos have ended so far.

    ``quote_usd``: the total that was agreed to, ``None`` when no price was known or it is free.
    """

    engine: EngineName
    run_ids: tuple[str, ...]
    outcomes: tuple[Outcome, ...] = ()
    quote_usd: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether every photo has ended."""
        return len(self.outcomes) >= len(self.run_ids)


@dataclass(frozen=True, slots=True)
class AppState:
    """``has_key``: a key for the cloud is known; ``is_key_wanted``: the card that asks for one is open.

    Money: ``quote`` as last heard, ``balance`` as last read, ``session_spending`` since the start,
    ``day_spending`` in the last 24 hours over all windows. ``usual_s``: how long a cloud run usually takes.
    ``kept_queue``: how many photos of an earlier session still wait. ``open_runs``: runs of the journal that are
    not settled, and those that were charged and lost.
    """

    history: History
    photos: tuple[Photo, ...] = ()
    current_id: str = ""
    engine: EngineName = "local"
    runs: tuple[Run, ...] = ()
    view: View = "single"
    is_turned: bool = False
    is_before_shown: bool = False
    notices: tuple[Notice, ...] = ()
    has_key: bool = False
    is_key_wanted: bool = False
    saving: str = ""
    status: str = ""
    prefs: Prefs = Prefs()  # noqa: RUF009 - a frozen value
    quote: Quote | None = None
    balance: Balance | None = None
    usual_s: float | None = None
    session_spending: Spending = Spending()  # noqa: RUF009 - a frozen value
    day_spending: Spending = Spending()  # noqa: RUF009 - a frozen value
    pause: Pause = Pause.NONE
    batch: Batch | None = None
    kept_queue: int = 0
    open_runs: tuple[PaidRun, ...] = ()
    key_place: KeyPlace = KeyPlace.NONE

    @property
    def settings(self) -> Settings:
        """The settings the user wants now."""
        return self.history.present

    @property
    def current(self) -> Photo | None:
        """The photo on the canvas."""
        return self.photo(self.current_id)

    def photo(self, photo_id: str) -> Photo | None:
        """Return the photo with this id."""
        return next((each for each in self.photos if each.id == photo_id), None)

    @property
    def going(self) -> Run | None:
        """The run of the current photo that is going on."""
        return self.run_of(self.current_id)

    def run_of(self, photo_id: str) -> Run | None:
        """Return the run of a photo that is going on."""
        return next((run for run in self.runs if run.is_going and run.photo_id == photo_id), None)

    def waiting_of(self, photo_id: str) -> Run | None:
        """Return the run of a photo that waits in the queue."""
        return next((run for run in self.runs if run.is_waiting and run.photo_id == photo_id), None)

    @property
    def can_compare(self) -> bool:
        """Whether the current photo has two different sides."""
        photo = self.current
        return photo is not None and photo.after is not None and photo.side_a != photo.side_b

    @property
    def unsaved(self) -> tuple[Variant, ...]:
        """Results no file of the user's holds."""
        return tuple(v for photo in self.photos for v in photo.variants if v.is_unsaved)


def photos_listed(state: AppState, photos: tuple[Photo, ...]) -> AppState:
    """Add photos to the list and show the first of them."""
    if not photos:
        return state
    return replace(state, photos=(*state.photos, *photos), current_id=photos[0].id, is_before_shown=False)


def photo_chosen(state: AppState, photo_id: str) -> AppState:
    """Show another photo of the list."""
    if state.photo(photo_id) is None:
        return state
    return replace(state, current_id=photo_id, is_before_shown=False)


def photo_removed(state: AppState, photo_id: str) -> AppState:
    """Take a photo off the list; its neighbour is shown."""
    place = next((i for i, photo in enumerate(state.photos) if photo.id == photo_id), None)
    if place is None:
        return state
    rest = (*state.photos[:place], *state.photos[place + 1 :])
    current = state.current_id
    if current == photo_id:
        current = rest[min(place, len(rest) - 1)].id if rest else ""
    runs = tuple(run for run in state.runs if run.photo_id != photo_id)
    return replace(state, photos=rest, current_id=current, runs=runs, is_before_shown=False)


def neighbour(state: AppState, step: int) -> str:
    """Return the id of the photo ``step`` places on in the list, empty at its ends."""
    ids = [photo.id for photo in state.photos]
    if state.current_id not in ids:
        return ""
    place = ids.index(state.current_id) + step
    return ids[place] if 0 <= place < len(ids) else ""


def photo_changed(state: AppState, photo_id: str, change: Callable[[Photo], Photo]) -> AppState:
    """Replace one photo; nothing when it is gone."""
    photos = tuple(change(photo) if photo.id == photo_id else photo for photo in state.photos)
    return replace(state, photos=photos)


def picture_read(state: AppState, photo_id: str, picture: OpenedPicture) -> AppState:
    """Put a photo's own picture in place: a first look, or the whole with its master."""

    def change(photo: Photo) -> Photo:
        old = photo.original or Variant(f"{photo.id}-original")
        if picture.master is None and old.master is not None:
            return photo  # a first look that came after the whole picture
        own = replace(old, facts=picture.facts, display=picture.display, master=picture.master)
        loading = Loading.READY if picture.master else Loading.READING
        return replace(photo, loading=loading, variants=(own, *photo.results), side_a=photo.side_a or own.id)

    return photo_changed(state, photo_id, change)


def reading_started(state: AppState, photo_id: str) -> AppState:
    """Mark a photo as being read."""
    return photo_changed(state, photo_id, lambda photo: replace(photo, loading=Loading.READING, problem=""))


def run_started(state: AppState, run: Run) -> AppState:
    """Add a run; failed ones of the same photo leave the list."""
    kept = tuple(old for old in state.runs if old.is_going or old.photo_id != run.photo_id)
    notices = tuple(each for each in state.notices if not _is_settled(each, run.photo_id))
    return replace(state, runs=(*kept, run), notices=notices)


def _is_settled(notice: Notice, photo_id: str) -> bool:
    """Whether a notice is about an earlier run of the photo that cost nothing: the new run answers it."""
    is_free = notice.charge in (None, Charge.NONE)
    return notice.photo_id == photo_id and notice.engine is not None and is_free


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
    return replace(state, runs=tuple(run for run in state.runs if run.id != run_id or run.is_going))


def result_arrived(state: AppState, run: Run, variant: Variant) -> AppState:
    """Add a run's result and show it on side B unless the user has chosen another there.

    The photo's first result opens the split view; later ones leave the view as it is.
    """
    photo = state.photo(run.photo_id)
    if photo is None or all(each.id != run.id for each in state.runs):
        return run_ended(state, run.id)
    is_first = not photo.results
    side_b = photo.side_b if photo.is_b_chosen else variant.id
    added = replace(photo, variants=(*photo.variants, variant), side_b=side_b)
    ended = run_ended(photo_changed(state, photo.id, lambda _: added), run.id)
    if is_first and photo.id == state.current_id:
        return replace(ended, view="split", is_before_shown=False)
    return ended


def side_chosen(state: AppState, side: Literal["a", "b"], variant_id: str) -> AppState:
    """Put a variant of the current photo on a side."""
    photo = state.current
    if photo is None or photo.variant(variant_id) is None:
        return state
    if side == "a":
        return photo_changed(state, photo.id, lambda old: replace(old, side_a=variant_id))
    if photo.variants and variant_id == photo.variants[-1].id:
        chosen = replace(photo, side_b=variant_id, is_b_chosen=False)  # the newest: follow newer ones
    else:
        chosen = replace(photo, side_b=variant_id, is_b_chosen=True)
    return photo_changed(state, photo.id, lambda _: chosen)


def variant_saved(state: AppState, photo_id: str, variant_id: str, path: str) -> AppState:
    """Note where a variant was saved."""

    def change(photo: Photo) -> Photo:
        return replace(
            photo,
            variants=tuple(replace(v, saved_to=path) if v.id == variant_id else v for v in photo.variants),
        )

    return photo_changed(state, photo_id, change)


def setting_edited(state: AppState, settings: Settings, edit: str) -> AppState:
    """Put new settings in force; ``edit`` names what grows into one undo step."""
    return replace(state, history=undo.edited(state.history, settings, edit))


def edit_sealed(state: AppState) -> AppState:
    """End the growing undo step."""
    return replace(state, history=undo.sealed(state.history))


def settings_undone(state: AppState) -> AppState:
    """Go one step of settings back."""
    return replace(state, history=undo.undone(state.history))


def settings_redone(state: AppState) -> AppState:
    """Go one step of settings forward."""
    return replace(state, history=undo.redone(state.history))


def engine_chosen(state: AppState, engine: EngineName) -> AppState:
    """Choose where to sharpen; the cloud without a key opens the card that asks for one."""
    return replace(state, engine=engine, is_key_wanted=engine == "cloud" and not state.has_key)


def key_known(state: AppState, *, has_key: bool) -> AppState:
    """Note whether there is a key."""
    return replace(
        state,
        has_key=has_key,
        is_key_wanted=state.engine == "cloud" and not has_key,
    )


def key_asked(state: AppState) -> AppState:
    """Open the card that asks for a key; the chosen engine stays."""
    return replace(state, is_key_wanted=True)


def key_refused(state: AppState) -> AppState:
    """Forget a key the service did not take, and ask for another."""
    return replace(state, has_key=False, is_key_wanted=True)


def view_chosen(state: AppState, view: View) -> AppState:
    """Choose how the canvas compares."""
    return replace(state, view=view, is_before_shown=False)


def view_turned(state: AppState) -> AppState:
    """Turn the divider by 90°."""
    return replace(state, is_turned=not state.is_turned)


def before_shown(state: AppState, *, is_shown: bool) -> AppState:
    """Show the before picture in place of the after one, or go back."""
    return replace(state, is_before_shown=is_shown and state.can_compare)


def noticed(state: AppState, notice: Notice) -> AppState:
    """Show a notice; one that says the same is replaced, and notes beyond a few leave. Errors stay."""
    kept = [old for old in state.notices if (old.text, old.kind) != (notice.text, notice.kind)]
    notes = [old for old in kept if old.kind == "note"]
    gone = notes[: max(0, len(notes) - MOST_NOTES + 1)]
    return replace(state, notices=(*(old for old in kept if old not in gone), notice))


def notice_dismissed(state: AppState, notice_id: str) -> AppState:
    """Take a notice away."""
    return replace(state, notices=tuple(each for each in state.notices if each.id != notice_id))


def saving_changed(state: AppState, variant_id: str) -> AppState:
    """Note which variant is being saved; empty for none."""
    return replace(state, saving=variant_id)


def status_said(state: AppState, text: str) -> AppState:
    """Say something in the status bar."""
    return replace(state, status=text)


def prefs_changed(state: AppState, prefs: Prefs) -> AppState:
    """Put preferences in force."""
    return replace(state, prefs=prefs)
