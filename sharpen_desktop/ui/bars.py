"""The bars round the canvas: top bar, compare bar, status bar."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStatusBar,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.view_transform import STOPS
from sharpen_desktop.core.wording import has_unsaved, progress_text
from sharpen_desktop.ui.action_states import TELLING
from sharpen_desktop.ui.actions import Actions
from sharpen_desktop.ui.canvas.difference import GAINS
from sharpen_desktop.ui.canvas.pointed import Pointed
from sharpen_desktop.ui.combo import Combo
from sharpen_desktop.ui.icon_button import IconButton, icon_tool
from sharpen_desktop.ui.overlay_button import OverlayButton
from sharpen_desktop.ui.segments import Segments

MARGIN_PX = 10
VIEWS = {
    "single": ("Single", "One picture", "view_single"),
    "split": ("Split", "Before and after with a divider", "view_split"),
    "side_by_side": ("Side by side", "Before and after beside each other", "view_sides"),
    "difference": ("Difference", "Where before and after differ", "view_difference"),
    "up": ("Grid", "Three or four variants at once", "view_up"),
}
"""The ways to compare, named after their commands: label, what it shows, name of the button."""
LEAST_PX = {"single": 54, "split": 46, "up": 44}
ZOOMS = ("zoom_fit", "zoom_100", "zoom_200")
EXTRAS = ("turn", "swap", "blink", "divider_left", "divider_centre", "divider_right")
"""Buttons that fold into the menu of "⋯", the last first, where the bar is narrow."""


class ElidedLabel(QLabel):
    """One line, elided where it is too long; the whole text is the tooltip."""

    def __init__(self, mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__()
        self._whole = ""
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_text(self, text: str) -> None:
        """Show a text."""
        if text != self._whole:
            self._whole = text
            self.setToolTip(text)
            self._elide()

    def _elide(self) -> None:
        room = max(0, self.width() - 2)
        self.setText(QFontMetrics(self.font()).elidedText(self._whole, self._mode, room))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()


class TopBar(QWidget):
    """44 high: opening at the left, the photo's name in the middle, undo and saving at the right."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("top_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(44)
        self._name = ElidedLabel()
        self._name.setObjectName("photo_name")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(6)
        row.addWidget(split_button(actions, "open", ("open", "open_folder", "sample"), "Open"))
        row.addWidget(tool_button(actions, "paste"))
        row.addWidget(self._name, 1)
        row.addWidget(tool_button(actions, "undo", is_flat=True))
        row.addWidget(tool_button(actions, "redo", is_flat=True))
        row.addWidget(split_button(actions, "save", ("save", "save_as", "copy"), "Save"))

    def render_state(self, state: AppState) -> None:
        """Show the current photo's name and size, and its place in the list."""
        photo = state.current
        if photo is None:
            self._name.show_text("")
            return
        shown = photo.shown
        facts = shown.facts if shown else None
        size = f"   {facts.width} × {facts.height}" if facts else ""
        dot = " •" if has_unsaved(photo) else ""
        ids = [each.id for each in state.photos]
        place = f"   {ids.index(photo.id) + 1} of {len(ids)}" if len(ids) > 1 else ""
        self._name.show_text(f"{photo.name}{dot}{size}{place}")


class ZoomBox(Combo):
    """Shows the zoom; takes a typed one or a stop."""

    zoom_wanted = Signal(float)
    fit_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("zoom_box")
        self.setAccessibleName("Zoom")
        self.setToolTip("Zoom: type a percentage or choose one")
        self._field = QLineEdit()
        self.setLineEdit(self._field)
        self._field.setAccessibleName("Zoom")
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFixedSize(84, 28)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.addItem("Fit")
        self.addItems([f"{round(stop * 100)} %" for stop in STOPS])
        self.activated.connect(self._chosen)
        self._field.returnPressed.connect(self._typed)
        self._shown = ""

    def show_zoom(self, zoom: float) -> None:
        """Show a zoom."""
        percent = zoom * 100
        self._shown = f"{percent:.1f} %" if percent < 10 else f"{round(percent)} %"
        if not self._field.isModified():
            self.setEditText(self._shown)

    def show_nothing(self) -> None:
        """Show that there is no photo to zoom."""
        self._shown = ""
        self.setEditText("")

    def _chosen(self, index: int) -> None:
        self._field.setModified(False)
        if index == 0:
            self.fit_wanted.emit()
        else:
            self.zoom_wanted.emit(STOPS[index - 1])

    def _typed(self) -> None:
        if self._field.text() == self._shown:
            return  # Return comes twice: the combo box hands on what its field has left
        text = self._field.text().replace("%", "").replace(",", ".").strip()
        self._field.setModified(False)
        try:
            percent = float(text)
        except ValueError:
            percent = 0.0
        if 0 < percent < 1e6:
            self.zoom_wanted.emit(percent / 100)
        self.setEditText(self._shown)


class GainBox(Combo):
    """How strongly the difference is shown."""

    gain_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("difference_gain")
        self.setAccessibleName("How strongly differences are shown")
        self.setToolTip("How strongly differences are shown")
        self.setFixedSize(78, 28)
        self.addItems([f"× {gain}" for gain in GAINS])
        self.setCurrentIndex(2)
        self.activated.connect(self._chosen)
        self.hide()

    def _chosen(self, index: int) -> None:
        self.gain_wanted.emit(GAINS[index])


class FoldButton(IconButton):
    """Offers in a menu what a bar has no room for; hidden where there is room for all."""

    def __init__(self, actions: Actions) -> None:
        super().__init__("more")
        self._actions = actions
        self._menu = QMenu(self)
        self.setObjectName("compare_more")
        self.setAccessibleName("More buttons of this bar")
        self.setToolTip("More: what this bar has no room for")
        self.clicked.connect(self._open)
        self.hide()

    def fold(self, names: list[str]) -> None:
        """Offer these actions, in this order."""
        wanted = [self._actions[name] for name in names]
        if self._menu.actions() != wanted:
            self._menu.clear()
            self._menu.addActions(wanted)
        self.setVisible(bool(wanted))

    def _open(self) -> None:
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))


class CompareBar(QWidget):
    """36 high, over the canvas it acts on."""

    view_wanted = Signal(str)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("compare_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(36)
        self.views = Segments(28)
        self.views.setAccessibleName("How to compare")
        self._tips = {view: actions.tip(view, said) for view, (_, said, _) in VIEWS.items()}
        for view, (label, _, name) in VIEWS.items():
            button = self.views.add(view, label, self._tips[view], name)
            button.setMinimumWidth(LEAST_PX.get(view, 58))
        self.zoom_box = ZoomBox()
        self._is_difference = False
        self._extras: dict[str, QPushButton] = {}
        self.gain = GainBox()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, 0)
        row.setSpacing(4)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        row.addWidget(self.views)
        turns = {name: icon_tool(actions, name) for name in EXTRAS}
        self._sharpness, second = OverlayButton(actions), icon_tool(actions, "second_window")
        self._fold = FoldButton(actions)
        for part in (*turns.values(), self._sharpness, second, self._fold, self.gain):
            row.addWidget(part)
        row.addStretch()
        zooms = {name: tool_button(actions, name, is_flat=True) for name in ZOOMS}
        for button in zooms.values():
            row.addWidget(button)
        self._extras = {**zooms, "sharpness": self._sharpness, "second_window": second, **turns}
        row.addWidget(self.zoom_box)
        self.views.chosen.connect(self.view_wanted)

    def render_state(self, state: AppState) -> None:
        """Show the view; Split needs something to compare."""
        self.views.show_choice(state.seen_view)
        for view, tip in self._tips.items():
            if view != "single":
                self.views.button(view).setEnabled(_is_open(state, view))
                self.views.button(view).setToolTip(tip if state.can_compare else "Nothing to compare yet")
        self._sharpness.render_state(state)
        self.views.button("single").setEnabled(not state.is_blind)
        self._is_difference = state.seen_view == "difference"
        self._make_room(self.width())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.height())  # not what all its buttons need: they leave where it is narrow

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, fold buttons into a menu."""
        super().resizeEvent(event)
        self._make_room(event.size().width())

    def _make_room(self, width: int) -> None:
        self.gain.setVisible(self._is_difference)
        left = width - 2 * MARGIN_PX - sum(self._needed(part) for part in self._parts())
        if sum(map(self._needed, self._extras.values())) > left:
            left -= self._needed(self._fold)
        folded = []
        for name, each in self._extras.items():
            left -= self._needed(each)
            each.setVisible(left >= 0)
            if left < 0:
                folded.append(name)
        self._fold.fold(folded)

    def _parts(self) -> list[QWidget]:
        """Return what is always there."""
        items = [self._row.itemAt(place) for place in range(self._row.count())]
        widgets = [item.widget() for item in items if item is not None]
        return [
            each
            for each in widgets
            if each is not None
            and each is not self._fold
            and each not in self._extras.values()
            and (each is not self.gain or self._is_difference)
        ]

    def _needed(self, part: QWidget) -> int:
        return max(part.sizeHint().width(), part.minimumWidth()) + self._row.spacing()


def _is_open(state: AppState, view: str) -> bool:
    """Return whether a view of two pictures or more can be chosen; in a blind test some would tell too much."""
    return state.can_compare and not (state.is_blind and view in TELLING)


class StatusBar(QStatusBar):
    """26 high: what happens, the pixel under the pointer, what is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(26)
        self.setSizeGripEnabled(False)
        self._what = ElidedLabel()
        self._what.setObjectName("status_text")
        self._what.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._pixel = QLabel()
        self._pixel.setObjectName("status_pixel")
        self._facts = QLabel()
        self._facts.setObjectName("status_facts")
        self.setContentsMargins(8, 0, 8, 0)
        self._pixel.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.addWidget(self._what, 3)
        self.addWidget(self._pixel, 4)
        self.addPermanentWidget(self._facts)
        self._zoom = ""
        self._about = ""
        self._engine = ""

    def render_state(self, state: AppState) -> None:
        """Show the phase of a run, else the last thing that happened; and facts of the shown picture."""
        run = state.going
        self._what.show_text(progress_text(run.progress) if run else state.status)
        shown = state.current.shown if state.current else None
        facts = shown.facts if shown else None
        self._about = f"{facts.depth} bit · {facts.profile_name} · " if facts else ""
        cloud = "no location is sent · Cloud"
        self._engine = cloud if state.engine == "cloud" else "On this computer"
        self._show_facts()

    def show_zoom(self, zoom: float) -> None:
        """Show the zoom."""
        self._zoom = f"{round(zoom * 100)} % · "
        self._show_facts()

    def show_pixel(self, pointed: Pointed | None) -> None:
        """Show a pixel's place and values on both sides."""
        if pointed is None:
            self._pixel.setText("")
            return
        values = [" ".join(map(str, each)) for each in (pointed.a, pointed.b) if each is not None]
        more = "".join(f" · {' '.join(map(str, each))}" for each in pointed.more if each is not None)
        self._pixel.setText(f"x {pointed.x}  y {pointed.y}    {' → '.join(values)}{more}")

    def _show_facts(self) -> None:
        zoom = self._zoom if self._about else ""
        self._facts.setText(f"{self._about}{zoom}{self._engine}")


def tool_button(actions: Actions, name: str, *, is_flat: bool = False) -> QPushButton:
    """Return a button that does an action and follows its state."""
    action = actions[name]
    button = QPushButton(action.iconText())
    button.setObjectName(f"{name}_button")
    button.setProperty("flat_look", is_flat)
    button.setFixedHeight(28)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setEnabled(action.isEnabled())
    button.setToolTip(actions.tip(name))
    button.setAccessibleName(action.toolTip())
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button


def split_button(actions: Actions, name: str, entries: tuple[str, ...], text: str) -> QToolButton:
    """Return a button with a list of related actions at its right."""
    button = QToolButton()
    button.setObjectName(f"{name}_button")
    button.setText(text)
    button.setFixedHeight(28)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(actions.tip(name))
    button.setAccessibleName(actions[name].toolTip())
    button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
    menu = QMenu(button)
    for entry in entries:
        menu.addAction(actions[entry])
    button.setMenu(menu)
    button.setEnabled(actions[name].isEnabled())
    button.clicked.connect(actions[name].trigger)
    actions[name].enabledChanged.connect(button.setEnabled)
    return button
