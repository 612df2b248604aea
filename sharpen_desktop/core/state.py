"""The one value that holds what outlives a widget, and its transitions.

A transition takes a state and returns a state; nothing else changes it. Answers that come for a photo or
run that is gone change nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.blind import BlindTest
from sharpen_desktop.core.brush import Brush, Strokes, Target
from sharpen_desktop.core.derived import Derived
from sharpen_desktop.core.errors import Charge
from sharpen_desktop.core.history import History
from sharpen_desktop.core.jobs import Progress
from sharpen_desktop.core.keys import KeyPlace, KeyVerdict
from sharpen_desktop.core.mix import Mix
from sharpen_desktop.core.money import Balance, Quote, Spending
from sharpen_desktop.core.paid import PaidRun, asked_for
from sharpen_desktop.core.panes import Side
from sharpen_desktop.core.photo import Loading, Photo, Variant
from sharpen_desktop.core.picture import OpenedPicture
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.runs import Batch as Batch  # noqa: PLC0414 - a part of the state
from sharpen_desktop.core.runs import Outcome as Outcome  # noqa: PLC0414 - a part of the state
from sharpen_desktop.core.runs import Pause as Pause  # noqa: PLC0414 - a part of the state
from sharpen_desktop.core.runs import Run as Run  # noqa: PLC0414 - a part of the state
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.second import SecondView
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.core.sharpness import Overlay, Sharpness
from sharpen_desktop.core.shelf import arranged
from sharpen_desktop.core.study import Preview

MOST_NOTES = 5
PREVIEW = "preview"
"""What side B is asked to show instead of a variant's id."""
View = Literal["single", "split", "side_by_side", "difference", "up"]
"""``up``: three or four pictures at once."""
NoticeKind = Literal["error", "note", "offer"]
"""An error and an offer stay until they are dismissed or answered; a note leaves by itself."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One line in the banner. ``wishes``: its buttons as (wish, label), at most two.

    ``photo_id`` names the photo a wish is about, ``run_id`` the run of the journal, ``engine`` the engine that
    failed, ``charge`` what that may have cost, ``field`` the setting the service did not accept. The window itself answers "preferences" (their dialog) and
    "top_up" (the account's page); every other wish goes to ``Controller.act``.
    """

    id: str
    kind: NoticeKind
    text: str
    detail: str = ""
    wishes: tuple[tuple[str, str], ...] = ()
    photo_id: str = ""
    engine: EngineName | None = None
    charge: Charge | None = None
    run_id: str = ""
    field: str = ""
    most_bytes: int = 0


@dataclass(frozen=True, slots=True)
class AppState:
    """``has_key``: a key for the cloud is known; ``is_key_wanted``: the card that asks for one is open.

    Money: ``quote`` as last heard, ``balance`` as last read, ``session_spending`` since the start,
    ``day_spending`` in the last 24 hours over all windows. ``usual_s``: how long a cloud run usually takes.
    ``is_cloud_proven``: the service has answered since the queue last stood still.
    ``kept_queue``: how many photos of an earlier session still wait. ``open_runs``: runs of the journal that are
    not settled, and those that were charged and lost; ``settling`` names those that are being asked about now.
    ``paid_runs``: the journal for the list of cloud runs, newest first, and ``store_bytes`` what their results
    take up; both as last asked for. ``key_verdict``: what a check of the key has shown, ``key_said`` what was
    done with it. ``schema``: the model in use. ``preview``: what a run would make of what is in view, while previews
    are on (``prefs.is_preview_on``) and one has come; ``is_preview_due``: a newer one is being made;
    ``is_view_too_large``: there is none because too much is in view. ``brush``: in hand on the canvas;
    ``chosen_target``: what it was last taken for. ``is_mask_shown``: of what it paints on, ``are_faces_shown``: drawn over the
    picture. ``overlay``: of sharpness, as asked for; ``sharpness``: what was measured for it
    last, ``is_sharpness_due``: something newer is asked for.
    ``up_count``: how many pictures the view "up" has. ``blind``: the blind test that goes on or has just ended.
    ``second``: what the second window shows, ``None`` while it is closed. ``found``: what was derived so far.
    """

    history: History
    photos: tuple[Photo, ...] = ()
    current_id: str = ""
    engine: EngineName = "local"
    runs: tuple[Run, ...] = ()
    view: View = "single"
    up_count: int = 3
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
    is_cloud_proven: bool = False
    batch: Batch | None = None
    kept_queue: int = 0
    open_runs: tuple[PaidRun, ...] = ()
    settling: tuple[str, ...] = ()
    paid_runs: tuple[PaidRun, ...] = ()
    store_bytes: int = 0
    key_place: KeyPlace = KeyPlace.NONE
    key_verdict: KeyVerdict | None = None
    is_key_checking: bool = False
    key_said: str = ""
    schema: ModelSchema | None = None
    preview: Preview | None = None
    is_preview_due: bool = False
    is_view_too_large: bool = False
    brush: Brush = Brush()  # noqa: RUF009 - a frozen value
    chosen_target: Target = "subject"
    is_mask_shown: bool = False
    are_faces_shown: bool = False
    blind: BlindTest | None = None
    second: SecondView | None = None
    overlay: Overlay = "off"
    sharpness: Sharpness | None = None
    is_sharpness_due: bool = False
    found: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def settings(self) -> Settings:
        """The settings the user wants now."""
        return self.history.present.settings

    @property
    def strokes(self) -> Strokes:
        """What is painted on the subject of the current photo."""
        return self.history.present.strokes(self.current_id)

    @property
    def has_subject_here(self) -> bool:
        """Whether a part of the photo is to be sharpened on this computer; the service finds it by itself."""
        return self.engine == "local" and undo.has_subject(self.settings)

    @Derived
    def mixable(self) -> Variant | None:
        """The result on side B whose mix can be changed: one with pixels that no preview covers, and no blind test."""
        photo = self.current
        variant = photo.after if photo else None
        is_covered = self.shown_preview is not None or self.is_blind
        if photo is None or variant is None or not variant.is_result or is_covered:
            return None
        has_base = photo.original is not None and photo.original.master is not None
        return variant if has_base and variant.display is not None and variant.master is not None else None

    @Derived
    def target(self) -> Target:
        """What the brush paints on; a brush in hand stays with what it was taken for."""
        can_be = {"subject": self.has_subject_here, "mix": self.mixable is not None}
        other: Target = "mix" if self.chosen_target == "subject" else "subject"
        is_other = not self.brush.tool and not can_be[self.chosen_target] and can_be[other]
        return other if is_other else self.chosen_target

    @Derived
    def current(self) -> Photo | None:
        """The photo on the canvas."""
        return self.photo(self.current_id)

    def photo(self, photo_id: str) -> Photo | None:
        """Return the photo with this id."""
        return next((each for each in self.photos if each.id == photo_id), None)

    @Derived
    def going(self) -> Run | None:
        """The run of the current photo that is going on."""
        return self.run_of(self.current_id)

    def run_of(self, photo_id: str) -> Run | None:
        """Return the run of a photo that is going on."""
        return next((run for run in self.runs if run.is_going and run.photo_id == photo_id), None)

    def waiting_of(self, photo_id: str) -> Run | None:
        """Return the run of a photo that waits in the queue."""
        return next((run for run in self.runs if run.is_waiting and run.photo_id == photo_id), None)

    def run(self, run_id: str) -> Run | None:
        """Return the run with this id."""
        return next((run for run in self.runs if run.id == run_id), None)

    def stored_for(self, photo: Photo, settings: Settings | None = None) -> PaidRun | None:
        """Return the newest run that has answered exactly what would be asked now for the photo.

        ``settings``: others than the present ones.
        """
        runs = [run for run in photo.paid_runs if run.has_result and run.files]
        if not runs or self.schema is None or photo.fingerprint is None:
            return None
        asked = asked_for(self.schema, settings or self.settings)
        return next((run for run in runs if run.is_for(photo.fingerprint, self.schema.model, asked)), None)

    @property
    def refused_field(self) -> str:
        """The setting the service did not accept, until it is edited or the notice goes; empty for none."""
        return next((each.field for each in reversed(self.notices) if each.field), "")

    @Derived
    def can_swap(self) -> bool:
        """Whether two different variants of the current photo are on its sides, and both are seen."""
        photo = self.current
        is_covered = self.shown_preview is not None
        return (
            photo is not None and photo.after is not None and photo.side_a != photo.side_b and not is_covered
        )

    @Derived
    def can_compare(self) -> bool:
        """Whether the current photo has two different sides; a preview makes side B another one."""
        return self.is_blind or self.can_swap or self.shown_preview is not None

    @Derived
    def blind_here(self) -> BlindTest | None:
        """The blind test of the current photo, as long as both its variants are there."""
        test, photo = self.blind, self.current
        if test is None or photo is None or test.photo_id != photo.id:
            return None
        return test if photo.variant(test.side_a) and photo.variant(test.side_b) else None

    @Derived
    def is_blind(self) -> bool:
        """Whether a blind test goes on, so that nothing may tell which picture is which."""
        test = self.blind_here
        return test is not None and not test.is_over

    @Derived
    def seen_view(self) -> View:
        """How the canvas compares now."""
        if self.blind is not None and self.is_blind:
            return self.blind.view
        return self.view if self.can_compare else "single"

    @property
    def is_seen_turned(self) -> bool:
        """Whether what is compared stands above each other now."""
        return self.blind.is_turned if self.blind is not None and self.is_blind else self.is_turned

    @property
    def shows_before(self) -> bool:
        """Whether the before picture is shown in place of the after one."""
        return self.is_before_shown and self.can_compare

    @Derived
    def is_preview_wanted(self) -> bool:
        """Whether side B is to show what a run on this computer would make of what is in view.

        Not while a result is there that the user has chosen to look at, or that is what a run would make.
        """
        photo = self.current
        if photo is None or self.engine != "local" or not self.prefs.is_preview_on or self.is_blind:
            return False
        is_chosen = photo.chosen_over is not None and photo.chosen_over.asks_for_same(self.history.present)
        return not is_chosen and not self._is_made(photo.after)

    @Derived
    def shown_preview(self) -> Preview | None:
        """The preview that lies over side B, also one of settings that were changed since; never a result."""
        preview = self.preview
        is_of_it = preview is not None and preview.photo_id == self.current_id
        return preview if is_of_it and self.is_preview_wanted else None

    def _is_made(self, variant: Variant | None) -> bool:
        """Whether a variant is what a run on this computer would make now."""
        if variant is None or variant.engine != "local" or variant.made_with != self.settings:
            return False
        in_force = self.history.present.strokes_in_force(self.current_id)
        return not variant.is_mended and variant.strokes == in_force

    @Derived
    def unsaved(self) -> tuple[Variant, ...]:
        """Results no file of the user's holds."""
        return tuple(v for photo in self.photos for v in photo.variants if v.is_unsaved)


def photos_listed(state: AppState, photos: tuple[Photo, ...]) -> AppState:
    """Add photos to the list and show the first of them."""
    if not photos:
        return state
    return replace(state, photos=(*state.photos, *photos), current_id=photos[0].id, is_before_shown=False)


def photos_added(state: AppState, photos: tuple[Photo, ...]) -> AppState:
    """Add photos to the list; the shown one stays."""
    return replace(state, photos=(*state.photos, *photos))


def photo_chosen(state: AppState, photo_id: str) -> AppState:
    """Show another photo of the list."""
    if state.photo(photo_id) is None:
        return state
    return replace(state, current_id=photo_id, is_before_shown=False)


def photo_removed(state: AppState, photo_id: str) -> AppState:
    """Take a photo off the list; its neighbour is shown. A run of it an engine is still at stays."""
    place = next((i for i, photo in enumerate(state.photos) if photo.id == photo_id), None)
    if place is None:
        return state
    rest = (*state.photos[:place], *state.photos[place + 1 :])
    current = state.current_id
    if current == photo_id:
        current = rest[min(place, len(rest) - 1)].id if rest else ""
    runs = tuple(run for run in state.runs if run.photo_id != photo_id or run.is_busy)
    history = undo.forgotten(state.history, photo_id)
    return replace(state, photos=rest, current_id=current, runs=runs, is_before_shown=False, history=history)


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
    """Put a photo's own picture in place: a first look, or the whole with its master.

    The whole may be another than what was read before, so its fingerprint and what was found out about it have to
    be worked out again.
    """

    def change(photo: Photo) -> Photo:
        old = photo.original or Variant(f"{photo.id}-original")
        if picture.master is None and old.master is not None:
            return photo  # a first look that came after the whole picture
        own = replace(old, facts=picture.facts, display=picture.display, master=picture.master)
        loading = Loading.READY if picture.master else Loading.READING
        return replace(
            photo,
            loading=loading,
            variants=(own, *photo.results),
            side_a=photo.side_a or own.id,
            fingerprint=None if picture.master else photo.fingerprint,
            diagnosis=None if picture.master else photo.diagnosis,
            subject=None if picture.master else photo.subject,
            faces=None if picture.master else photo.faces,
            unanswered=() if picture.master else photo.unanswered,
        )

    return photo_changed(state, photo_id, change)


def reading_failed(state: AppState, photo_id: str, problem: str) -> AppState:
    """Mark a photo as one that cannot be read."""
    return photo_changed(
        state, photo_id, lambda photo: replace(photo, loading=Loading.FAILED, problem=problem)
    )


def reading_started(state: AppState, photo_id: str) -> AppState:
    """Mark a photo as being read."""
    return photo_changed(state, photo_id, lambda photo: replace(photo, loading=Loading.READING, problem=""))


def run_started(state: AppState, run: Run) -> AppState:
    """Add a run; failed ones of the same photo leave the list."""
    return runs_added(state, (run,))


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


def variant_added(state: AppState, photo_id: str, variant: Variant, *, takes_side: bool) -> AppState:
    """Add a variant to a photo; ``takes_side``: on side B unless the user has chosen another there.

    A preview on side B is nothing the user has chosen to keep there. The photo's first result opens the split view;
    later ones leave the view as it is.
    """
    photo = state.photo(photo_id)
    if photo is None:
        return state
    added = replace(photo, variants=(*photo.variants, variant))
    is_followed = photo_id == state.current_id and state.shown_preview is not None
    if takes_side and (is_followed or not photo.is_b_chosen):
        added = replace(added, side_b=variant.id, is_b_chosen=False, chosen_over=state.history.present)
    after = photo_changed(state, photo.id, lambda _: added)
    if takes_side and not photo.results and photo.id == state.current_id:
        return replace(after, view="split", is_before_shown=False)
    return after


def variant_read(state: AppState, photo_id: str, variant_id: str, picture: OpenedPicture) -> AppState:
    """Put the pixels of a result in place again."""

    def change(variant: Variant) -> Variant:
        return replace(variant, facts=picture.facts, display=picture.display, master=picture.master)

    return variant_changed(state, photo_id, variant_id, change)


def variant_removed(state: AppState, photo_id: str, variant_id: str) -> AppState:
    """Take a result off a photo; where it was shown, side A shows the original and B the newest that is left."""

    def change(photo: Photo) -> Photo:
        rest = tuple(each for each in photo.variants if each.id != variant_id or each.is_original)
        newest = rest[-1].id if len(rest) > 1 else ""
        return replace(
            photo,
            variants=rest,
            side_a=rest[0].id if photo.side_a == variant_id else photo.side_a,
            side_b=newest if photo.side_b == variant_id else photo.side_b,
        )

    photo = state.photo(photo_id)
    if photo is None or photo.variant(variant_id) is None:
        return state
    after = photo_changed(state, photo_id, change)
    if photo_id != state.current_id or after.can_compare:
        return after
    return replace(after, view="single", is_before_shown=False)


def pixels_given_back(state: AppState, photo_id: str) -> AppState:
    """Forget the pixels of a photo; its results stay listed and are read from their files when shown."""

    def change(photo: Photo) -> Photo:
        if not photo.results and not photo.set_aside:
            return replace(photo, loading=Loading.LISTED, variants=(), side_a="", side_b="", subject=None)
        bare = tuple(_bare(each) for each in photo.variants)
        aside = tuple(replace(each, variant=_bare(each.variant)) for each in photo.set_aside)
        return replace(photo, loading=Loading.LISTED, variants=bare, set_aside=aside, subject=None)

    return photo_changed(state, photo_id, change)


def _bare(variant: Variant) -> Variant:
    return replace(variant, display=None, master=None, mixed=None)


def side_chosen(state: AppState, side: Side, variant_id: str) -> AppState:
    """Put a variant of the current photo on a side; ``PREVIEW`` on side B shows previews again."""
    photo = state.current
    if photo is not None and (side, variant_id) == ("b", PREVIEW):
        return photo_changed(state, photo.id, lambda old: replace(old, chosen_over=None))
    if photo is None or photo.variant(variant_id) is None:
        return state
    if side != "b":
        return photo_changed(state, photo.id, lambda old: old.with_side(side, variant_id))
    if photo.variants and variant_id == photo.variants[-1].id:
        chosen = replace(photo, side_b=variant_id, is_b_chosen=False)  # the newest: follow newer ones
    else:
        chosen = replace(photo, side_b=variant_id, is_b_chosen=True)
    chosen = replace(chosen, chosen_over=state.history.present)
    return photo_changed(state, photo.id, lambda _: chosen)


def variant_saved(state: AppState, photo_id: str, variant_id: str, path: str, mix: Mix = Mix()) -> AppState:  # noqa: B008
    """Note where a variant was saved, and how it was mixed then."""

    def change(variant: Variant) -> Variant:
        return replace(variant, saved_to=path, saved_mix=mix)

    return variant_changed(state, photo_id, variant_id, change)


def variant_changed(
    state: AppState, photo_id: str, variant_id: str, change: Callable[[Variant], Variant]
) -> AppState:
    """Replace one variant of a photo; nothing when either is gone."""

    def change_photo(photo: Photo) -> Photo:
        variants = tuple(change(each) if each.id == variant_id else each for each in photo.variants)
        return replace(photo, variants=variants)

    return photo_changed(state, photo_id, change_photo)


def setting_edited(state: AppState, settings: Settings, edit: str) -> AppState:
    """Put new settings in force; ``edit`` names what grows into one undo step, empty for a change of all."""
    notices = tuple(
        replace(each, field="") if each.field and edit in ("", each.field) else each for each in state.notices
    )
    wanted = state.history.present.with_settings(settings)
    after = replace(state, history=undo.edited(state.history, wanted, edit), notices=notices)
    return without_idle_tool(after)


def edit_sealed(state: AppState) -> AppState:
    """End the growing undo step."""
    return replace(state, history=undo.sealed(state.history))


def settings_undone(state: AppState) -> AppState:
    """Go one step of what was wanted back."""
    return with_history(state, undo.undone(state.history))


def settings_redone(state: AppState) -> AppState:
    """Go one step of what was wanted forward."""
    return with_history(state, undo.redone(state.history))


def with_history(state: AppState, history: History) -> AppState:
    """Put a history in force: the variants' names, and those that were deleted, follow it."""
    photos = arranged(state.photos, history.present)
    after = without_idle_tool(replace(state, history=history, photos=photos))
    return replace(after, is_before_shown=after.shows_before)


def engine_chosen(state: AppState, engine: EngineName) -> AppState:
    """Choose where to sharpen; the cloud without a key opens the card that asks for one."""
    after = replace(state, engine=engine, is_key_wanted=engine == "cloud" and not state.has_key)
    return without_idle_tool(after)


def without_idle_tool(state: AppState) -> AppState:
    """Put the brush away while there is nothing it could paint on: dragging then moves the picture again."""
    has_any = state.has_subject_here if state.target == "subject" else state.mixable is not None
    return state if has_any else replace(state, brush=replace(state.brush, tool=""))


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


def second_changed(state: AppState, second: SecondView | None) -> AppState:
    """Open the second window, change what it shows, or close it."""
    return replace(state, second=second)


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
