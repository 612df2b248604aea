"""The button of the sharpness overlay: an icon in the theme's text colour; the legend on the photo says what is on."""

from sharpen_desktop.core.sharpness_overlay import can_overlay, overlay_tip, overlay_title, shown_overlay
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.actions import Actions
from sharpen_desktop.ui.icon_button import IconButton


class OverlayButton(IconButton):
    """Each press shows the next kind."""

    def __init__(self, actions: Actions) -> None:
        super().__init__("sharpness")
        self._actions = actions
        self.setObjectName("sharpness_button")
        self.setCheckable(True)
        self.clicked.connect(self._pressed)

    def render_state(self, state: AppState) -> None:
        """Show whether the overlay is on, and say what it shows."""
        self.setEnabled(can_overlay(state))
        self.setChecked(shown_overlay(state) != "off")
        self.setAccessibleName(f"Sharpness overlay: {overlay_title(state)}")
        self.setToolTip(self._actions.tip("sharpness", overlay_tip(state)))

    def _pressed(self) -> None:
        self.setChecked(
            not self.isChecked()
        )  # the wish is not the state: that comes back through render_state
        self._actions["sharpness"].trigger()
