"""The window's three columns: left panel or its rail, what is in the middle, settings and footer."""

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.ui.footer import Footer
from sharpen_desktop.ui.left_rail import LeftRail
from sharpen_desktop.ui.navigator import Navigator
from sharpen_desktop.ui.settings_panel import SettingsPanel
from sharpen_desktop.ui.variants_panel import VariantsPanel

FOLD_BELOW_PX = 1180
LEFT, RIGHT = (180, 232, 360), (300, 336, 440)
"""Least, usual and greatest width of the two sides."""


class Sides(QSplitter):
    """Below 1180 px of window width the left panel is a rail, until the user unfolds it."""

    def __init__(
        self,
        rail: LeftRail,
        navigator: Navigator,
        variants: VariantsPanel,
        middle: QWidget,
        panel: SettingsPanel,
        footer: Footer,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.is_unfolded = False
        self._is_folded: bool | None = None
        self._rail = rail
        self._navigator = navigator
        self._unfolded = column("left_unfolded", navigator, variants)
        self.left = self._left_side()
        self.right = column("right_panel", panel, footer)
        self.right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._panel, self._footer = panel, footer
        self.right.setMaximumWidth(RIGHT[2])
        self.keep_room()
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        for part in (self.left, middle, self.right):
            self.addWidget(part)
        self.setStretchFactor(1, 1)
        self.setSizes([LEFT[1], 1440 - LEFT[1] - RIGHT[1], RIGHT[1]])

    def _left_side(self) -> QWidget:
        left = QWidget()
        left.setObjectName("left_panel")
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(left)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addWidget(self._unfolded)
        return left

    def keep_room(self) -> None:
        """Let the right panel become no narrower than its text needs in the present fonts."""
        least = max(RIGHT[0], self._panel.needed_width(), self._footer.needed_width())
        self.right.setMinimumWidth(min(least, RIGHT[2]))

    def show_sides(self, prefs: Prefs, window_width: int) -> None:
        """Show or hide both sides, and fold the left one where there is no room for it."""
        is_narrow = window_width < FOLD_BELOW_PX
        if not prefs.is_left_open:
            self.is_unfolded = False  # shown again, it is a rail again
        is_folded = is_narrow and not self.is_unfolded
        self.left.setVisible(prefs.is_left_open)
        self.right.setVisible(prefs.is_right_open)
        self._navigator.setVisible(prefs.is_navigator_open)
        if is_folded == self._is_folded:
            return
        self._is_folded = is_folded
        self._rail.setVisible(is_folded)
        self._unfolded.setVisible(not is_folded)
        self.left.setMinimumWidth(LeftRail.WIDTH if is_folded else LEFT[0])
        self.left.setMaximumWidth(LeftRail.WIDTH if is_folded else LEFT[2])
        unfolded = LEFT[0] if is_narrow else LEFT[1]
        left, right = LeftRail.WIDTH if is_folded else unfolded, max(self.right.width(), RIGHT[1])
        self.setSizes([left, max(1, window_width - left - right - 2), right])

    def restore(self, state: QByteArray) -> None:
        """Take back the widths that ``saveState`` has told; of a left panel that is a rail now only the rail's."""
        self.restoreState(state)
        left, middle, right = self.sizes()
        if self._is_folded:
            self.setSizes([LeftRail.WIDTH, middle + left - LeftRail.WIDTH, right])


def column(name: str, *parts: QWidget) -> QWidget:
    """Return a widget with parts one below the other; those that can grow take the room."""
    holder = QWidget()
    holder.setObjectName(name)
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for part in parts:
        layout.addWidget(
            part, 1 if isinstance(part, QSplitter | QStackedWidget | SettingsPanel | VariantsPanel) else 0
        )
    return holder


def tab_stops(region: QWidget) -> list[QWidget]:
    """Return what of a region takes the focus by Tab, in the order it was made."""
    return [
        each
        for each in (region, *region.findChildren(QWidget))
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
        and each.window() is region.window()  # not the lists and menus that pop up
    ]
