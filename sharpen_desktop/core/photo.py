"""An opened photo and the pictures it has."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal

from sharpen_desktop.core.brush import Strokes
from sharpen_desktop.core.history import Wanted
from sharpen_desktop.core.mix import Mix, Mixed
from sharpen_desktop.core.paid import PaidRun
from sharpen_desktop.core.panes import Side
from sharpen_desktop.core.picture import Display, Fingerprint, Master, PhotoFacts
from sharpen_desktop.core.settings import EngineName, Settings
from sharpen_desktop.core.study import Auto, Diagnosis, FaceBox, SubjectMask

Question = Literal["subject", "faces"]
"""What may be asked about a photo."""


class Loading(Enum):
    """How much of a photo has been read."""

    LISTED = "listed"
    READING = "reading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Variant:
    """A picture the photo has: the original, the result of a run with the settings that made it, or a file.

    ``title`` says what it is, ``name`` is what the user calls it instead. ``source``: "file" for a picture from
    the disk that was put on a side to compare with; ``file`` is where it lies then.

    ``display`` is ``None`` until there is something to show. ``file`` is the result in the data folder;
    ``saved_to`` the file the user saved it to, empty while it is unsaved. ``paid_on``: when a stored result,
    that was not bought now, was paid for (seconds since 1970). ``can_align`` and ``can_match_colour``: the
    arrival check found a shift or a colour cast that can be taken back; ``is_mended``: it was, in this copy.
    ``strokes``: what was painted on the subject it was made with. ``took``: the strength and minor denoise the local
    engine has used. ``mix``: how it is laid over another picture to be seen and saved, ``saved_mix`` how it was in
    ``saved_to``; ``mixed``: what that came to when it was made last.
    """

    id: str
    engine: EngineName | None = None
    title: str = "Original"
    facts: PhotoFacts | None = None
    display: Display | None = None
    master: Master | None = None
    made_with: Settings | None = None
    seconds: float = 0.0
    cost_usd: float | None = None
    is_cost_estimated: bool = False
    finding: str = ""
    note: str = ""
    request_id: str = ""
    file: str = ""
    saved_to: str = ""
    paid_on: float | None = None
    can_align: bool = False
    can_match_colour: bool = False
    strokes: Strokes = ()
    took: Auto | None = None
    is_mended: bool = False
    name: str = ""
    source: Literal["", "file"] = ""
    handout: str = ""
    is_handing_out: bool = False
    mix: Mix = Mix()  # noqa: RUF009 - a frozen value
    saved_mix: Mix = Mix()  # noqa: RUF009 - a frozen value
    mixed: Mixed | None = None

    @property
    def look(self) -> Display | None:
        """What it looks like with its mix; a mix that was changed is there a moment later."""
        return self.mixed.display if self.mixed and not self.mix.is_whole else self.display

    @property
    def label(self) -> str:
        """What it is called on the screen."""
        return self.name or self.title

    @property
    def is_original(self) -> bool:
        """Whether this is the photo itself."""
        return self.engine is None and not self.source

    @property
    def is_result(self) -> bool:
        """Whether a run has made it."""
        return self.engine is not None

    @property
    def is_unsaved(self) -> bool:
        """Whether this is a result no file of the user's holds as it is mixed now."""
        return self.is_result and not (self.saved_to and self.mix.looks_like(self.saved_mix))


@dataclass(frozen=True, slots=True)
class SetAside:
    """A deleted variant that undo brings back: to its ``place`` in the list, and to the ``sides`` it was on."""

    variant: Variant
    place: int
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of the list. ``path`` is its file; ``is_pasted`` when that file is only a copy of ours.

    ``variants[0]`` is the original. ``side_a`` and ``side_b`` name the variants shown before and after, ``side_c`` and
    ``side_d`` those chosen for the third and fourth pane where several are seen at once;
    ``is_b_chosen`` is true when the user picked side B, so that a new result does not replace it.
    ``fingerprint`` is ``None`` until it was worked out; ``paid_runs`` are the journal's runs of this photo,
    newest first. ``web_address``: where it was dropped from, if that is a public https address. ``diagnosis``,
    ``subject`` and ``faces`` are ``None`` until they were looked for; ``unanswered``: which of these two could not
    be found out. ``chosen_over``: what was wanted when side B got its variant; until something else is wanted no
    preview covers it. ``set_aside``: deleted variants that can come back, in the order they went.
    """

    id: str
    name: str
    path: str = ""
    is_pasted: bool = False
    loading: Loading = Loading.LISTED
    problem: str = ""
    variants: tuple[Variant, ...] = ()
    side_a: str = ""
    side_b: str = ""
    side_c: str = ""
    side_d: str = ""
    is_b_chosen: bool = False
    fingerprint: Fingerprint | None = None
    paid_runs: tuple[PaidRun, ...] = ()
    web_address: str = ""
    diagnosis: Diagnosis | None = None
    subject: SubjectMask | None = None
    faces: tuple[FaceBox, ...] | None = None
    chosen_over: Wanted | None = None
    unanswered: tuple[Question, ...] = ()
    set_aside: tuple[SetAside, ...] = ()

    @property
    def original(self) -> Variant | None:
        """The photo's own picture, once something of it is known."""
        return self.variants[0] if self.variants else None

    @property
    def all_variants(self) -> tuple[Variant, ...]:
        """The variants with those that are set aside."""
        return (
            (*self.variants, *(each.variant for each in self.set_aside)) if self.set_aside else self.variants
        )

    def variant(self, variant_id: str) -> Variant | None:
        """Return the variant with this id, if the photo has it."""
        return next((each for each in self.variants if each.id == variant_id), None)

    def side(self, side: Side) -> str:
        """Return the id of the variant chosen for a side, empty for none."""
        return {"a": self.side_a, "b": self.side_b, "c": self.side_c, "d": self.side_d}[side]

    def with_side(self, side: Side, variant_id: str) -> "Photo":
        """Return the photo with another variant chosen for a side."""
        return replace(
            self,
            side_a=variant_id if side == "a" else self.side_a,
            side_b=variant_id if side == "b" else self.side_b,
            side_c=variant_id if side == "c" else self.side_c,
            side_d=variant_id if side == "d" else self.side_d,
        )

    @property
    def before(self) -> Variant | None:
        """The variant on side A."""
        return self.variant(self.side_a)

    @property
    def after(self) -> Variant | None:
        """The variant on side B; ``None`` while there is only the original."""
        return self.variant(self.side_b)

    @property
    def shown(self) -> Variant | None:
        """What Save writes and single view shows: side B, else the original."""
        return self.after or self.original

    @property
    def results(self) -> tuple[Variant, ...]:
        """The variants beside the original: what runs have made, and files to compare with."""
        return self.variants[1:]
