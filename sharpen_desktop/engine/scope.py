"""Where a plan is carried out: in the whole picture or one side of its subject, with faces like the rest or gentler."""

from dataclasses import dataclass

from sharpen_desktop.engine.crew import Check
from sharpen_desktop.engine.face_regions import TRUST, FaceBlocks, FaceWish
from sharpen_desktop.engine.framed import Framed
from sharpen_desktop.engine.plan import Work
from sharpen_desktop.engine.regions import Blocks, MaskedBlocks, MaskMap
from sharpen_desktop.engine.subject_brush import Stroke, with_strokes
from sharpen_desktop.engine.survey import Survey

SIDES = ("Foreground", "Background")


@dataclass(frozen=True, slots=True)
class Scope:
    """``blocks``: what makes the tiles, None where no pixel changes. ``words``: what was found, each to be added."""

    blocks: Blocks | None
    words: tuple[str, ...] = ()


def scoped(
    survey: Survey,
    work: Work,
    faces: FaceWish | None,
    subject: str,
    strokes: tuple[Stroke, ...],
    check: Check,
) -> Scope:
    """Return the work within its bounds; what is not wanted is not measured. ``check`` may raise."""
    size = survey.whole.shape[0], survey.whole.shape[1]

    def framed(inner: Blocks) -> Blocks:
        return inner if survey.size == size else Framed(inner, survey.inside, size)

    blocks = framed(work)
    words: tuple[str, ...] = ()
    if faces is not None and (found := survey.faces(check)):
        blocks = FaceBlocks(blocks, framed(work.eased(TRUST)), found, faces, size)
        words = (f"{len(found)} face{'s' if len(found) > 1 else ''}",)
    if subject not in SIDES:
        return Scope(blocks, words)
    found_subject = survey.subject(check)
    if not found_subject.is_found and not any(stroke.adds for stroke in strokes):
        return Scope(blocks, (*words, "no subject stands out, so the whole picture"))
    is_ground = subject == "Background"
    mask = with_strokes(found_subject.mask, strokes)
    share = abs(is_ground - float(mask.mean()) / 255)
    words = (*words, f"{subject.lower()} only, {_percent(share)} of the picture")
    mapped = MaskMap.of(
        found_subject.mask,
        survey.miniature(),
        strokes,
        size,
        survey.shown,
        is_inverted=is_ground,
    )
    return Scope(MaskedBlocks(blocks, mapped), words)


def _percent(share: float) -> str:
    """Return a share in whole percent, never 0 for what is something, nor 100 for what is not all."""
    whole = round(100 * share)
    return f"{min(max(whole, share > 0), 99 if share < 1 else 100)} %"
