"""Which actions can act in a state, and which of them are checked."""

from sharpen_desktop.core.photo import Loading
from sharpen_desktop.core.runs import Pause
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.core.sharpness_overlay import can_overlay
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.wording import primary_button

COMPARING = (
    "split", "side_by_side", "difference", "turn", "swap", "blink", "new_before", "previous_variant", "next_variant",
    "divider_left", "divider_centre", "divider_right", "before", "up", "three_up", "four_up",
)  # fmt: skip
TELLING = (
    "difference", "up", "three_up", "four_up", "new_before", "previous_variant", "next_variant",
)  # fmt: skip
"""What would tell the pictures of a blind test apart."""
ZOOMING = ("zoom_fit", "zoom_100", "zoom_200", "zoom_in", "zoom_out", "loupe")


def enabled_actions(state: AppState, defaults: Settings) -> dict[str, bool]:
    """Return whether each action that is not always possible is so now; "stop" also ends full screen and painting."""
    photo, history = state.current, state.history
    shown = photo.shown if photo else None
    is_result = shown is not None and shown.is_result and shown.master is not None
    is_free = photo is not None and state.going is None and state.waiting_of(photo.id) is None
    has_queue = any(run.is_waiting for run in state.runs)
    return {
        "reset_all": state.settings != defaults,
        "undo": bool(history.past),
        "redo": bool(history.future),
        "stop": can_stop(state),
        "single": photo is not None and not state.is_blind,
        "close_photo": photo is not None,
        "sharpen": is_free,
        "sharpen_elsewhere": is_free,
        "run_again": primary_button(state).does == "stored",
        "sharpen_all": photo is not None,
        "pause_queue": has_queue or state.pause is not Pause.NONE,
        "stop_all": has_queue or any(run.is_busy for run in state.runs),
        "what_leaves": photo is not None and photo.loading is Loading.READY,
        "copy": shown is not None and shown.master is not None,
        "compare_file": photo is not None and not state.is_blind,
        "second_window": photo is not None or state.second is not None,
        **dict.fromkeys(("save", "save_as"), is_result and not state.saving),
        **dict.fromkeys(("next_photo", "previous_photo"), len(state.photos) > 1),
        **dict.fromkeys(COMPARING, state.can_compare),
        **dict.fromkeys(TELLING, state.can_compare and not state.is_blind),
        **dict.fromkeys(("swap", "blind_test"), state.can_swap and not state.is_blind),
        **dict.fromkeys(ZOOMING, photo is not None),
        "sharpness": can_overlay(state),
    }


def can_stop(state: AppState) -> bool:
    """Return whether there is something of the current photo to stop."""
    photo = state.current
    if photo is None:
        return False
    is_waiting = state.waiting_of(photo.id) is not None
    return state.going is not None or is_waiting or photo.loading is Loading.READING


def checked_actions(state: AppState) -> dict[str, bool]:
    """Return which of the actions that stand for a choice are checked."""
    prefs = state.prefs
    return {
        **{f"theme_{name}": prefs.theme == name for name in ("dark", "light", "system")},
        "left_panel": prefs.is_left_open,
        "right_panel": prefs.is_right_open,
        "side_panels": not (prefs.is_left_open or prefs.is_right_open),
        "filmstrip": prefs.is_filmstrip_open,
        "navigator": prefs.is_navigator_open,
        "before": state.shows_before,
        "pause_queue": state.pause is not Pause.NONE,
        "preview": prefs.is_preview_on,
        "second_window": state.second is not None,
    }
