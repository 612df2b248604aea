"""The one value that holds what outlives a widget.

Its transitions stand in modules by subject (photos, runs, variants, sides …). A transition takes a state and returns
a state; nothing else changes it. Answers that come for a photo or run that is gone change nothing.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from sharpen_desktop.core import history as undo
from sharpen_desktop.core.blind import BlindTest
from sharpen_desktop.core.brush import Brush, Strokes, Target
from sharpen_desktop.core.derived import Derived
from sharpen_desktop.core.history import History
from sharpen_desktop.core.keys import KeyPlace, KeyVerdict
from sharpen_desktop.core.money import Balance, Quote, Spending
from sharpen_desktop.core.notice import Notice
from sharpen_desktop.core.paid import PaidRun, asked_for
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.runs import Batch, Pause, Run
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.second import SecondView
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.core.sharpness import Overlay, Sharpness
from sharpen_desktop.core.study import Preview

View = Literal["single", "split", "side_by_side", "difference", "up"]
"""``up``: three or four pictures at once."""


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
