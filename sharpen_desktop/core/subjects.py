"""Subject and faces of the current photo: what is said about them, and what can be done with them."""

from sharpen_desktop.core.brush import Brush, Strokes, Target
from sharpen_desktop.core.photo import Loading, Photo
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.study import SubjectMask

FIELD = "subject_detection"
BACKGROUND = "Background"
BY_SERVICE = "The service finds the subject itself."
UNKNOWN = "The subject could not be looked for."
LOOKING = "Looking for the subject…"
NO_SUBJECT = "No subject stands out, so all is sharpened. Paint it."
NO_BACKGROUND = "No subject stands out, so all is sharpened. Erase it."
LEGEND = "Red: will be sharpened"


def is_background_wanted(state: AppState) -> bool:
    """Whether what is not the subject is to be sharpened."""
    return state.settings.get(FIELD) == BACKGROUND


def can_paint(state: AppState, target: Target | None = None) -> bool:
    """Whether there is what can be painted on: ``target``, or what the brush paints on."""
    if (target or state.target) == "mix":
        return state.mixable is not None
    return state.has_subject_here and state.current is not None and state.current.subject is not None


def can_show_mask(state: AppState) -> bool:
    """Whether there is a mask that can be drawn over the picture."""
    return state.has_subject_here if state.target == "subject" else state.mixable is not None


def has_foreground(subject: SubjectMask, ink: Strokes) -> bool:
    """Whether anything stands out or, with these strokes too, was painted; without it all is sharpened."""
    return subject.is_found or any(stroke.adds for stroke in (*subject.strokes, *ink))


def brush_in_hand(state: AppState) -> Brush | None:
    """Return the brush that dragging paints with; ``None`` while it moves the picture."""
    return state.brush if state.brush.tool and can_paint(state) else None


def subject_line(state: AppState) -> str:
    """Return what is known of the current photo's subject, as seen from what is to be sharpened."""
    photo = state.current
    if photo is None or photo.loading is Loading.FAILED:
        return ""
    if photo.subject is None:
        return UNKNOWN if "subject" in photo.unanswered else LOOKING
    if not has_foreground(photo.subject, ()):
        return NO_BACKGROUND if is_background_wanted(state) else NO_SUBJECT
    share = photo.subject.share
    name, part = (BACKGROUND, 1 - share) if is_background_wanted(state) else ("Foreground", share)
    return f"{name}: {_percent(part)} of the picture"


def faces_line(photo: Photo | None, *, are_wanted: bool) -> str:
    """Return how many faces the photo has; empty while nobody has asked."""
    if photo is None or (photo.faces is None and not are_wanted):
        return ""
    if photo.faces is None:
        is_lost = "faces" in photo.unanswered
        return "Faces could not be looked for" if is_lost else "Looking for faces…"
    count = len(photo.faces)
    return f"{count or 'No'} face{'s' if count != 1 else ''} found"


def _percent(share: float) -> str:
    """Return a share in percent; some of it is never none of it, and not all of it never all."""
    percent = round(share * 100)
    if percent == 0 and share > 0:
        return "less than 1 %"
    return "more than 99 %" if percent == 100 and share < 1 else f"{percent} %"
