"""What stands on the canvas, over the picture: the divider, the chips and the legend, each in its place."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from sharpen_desktop.core.sharpness import Sight

if TYPE_CHECKING:
    from sharpen_desktop.ui.canvas.canvas import Canvas


class Fittings(QObject):
    """Passes on what they wish for, and moves them where the panes are."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        canvas.divider.moved.connect(canvas.set_divider)
        canvas.divider.turn_wanted.connect(canvas.turn_wanted)
        canvas.divider.drag_changed.connect(canvas.chips.set_faded)
        canvas.chips.side_wanted.connect(canvas.side_wanted)
        canvas.chips.relink_wanted.connect(canvas.relink)
        for child in canvas.findChildren(QWidget):
            child.installEventFilter(self)

    def place(self) -> None:
        """Put everything where it belongs now."""
        canvas, stage = self._canvas, self._canvas.stage
        is_split = stage.view == "split" and not stage.is_before_shown
        if canvas.divider.hasFocus() and not is_split:
            canvas.setFocus()
        canvas.divider.setVisible(is_split)
        canvas.divider.setGeometry(canvas.rect())
        canvas.divider.place(stage.fraction, is_turned=stage.is_turned)
        self._place_chips()

    def show_link(self) -> None:
        """Offer to relink the sides while they are not linked."""
        self._canvas.chips.show_link(is_linked=self._canvas.stage.is_linked)
        self._place_chips()

    def show_legend(self) -> None:
        """Let the legend tell of what is in view now, above the notes along the lower edge."""
        canvas, stage = self._canvas, self._canvas.stage
        sight = Sight(*stage.seen(), stage.transform.zoom)
        canvas.legend.show_sight(sight, is_linked=stage.is_linked)
        canvas.legend.place(canvas.rect().adjusted(0, 0, 0, -canvas.chips.notes_px))

    def _place_chips(self) -> None:
        self._canvas.chips.place(self._canvas.stage.panes, is_turned=self._canvas.stage.is_turned)
        self.show_legend()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Enter:  # the brush's ring would stay behind
            self._canvas.brush.hover(None, is_turned=False)
        return super().eventFilter(watched, event)
