"""The bar of a blind test under the canvas: which picture is preferred, and at the end what they were."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from sharpen_desktop.core.blind import BlindTest, verdict
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui.canvas.keys import BLIND

ANSWERS = {
    "first": ("blind_pick_1", "1", "Picture 1, at the left or the top, is the better one (1)"),
    "second": ("blind_pick_2", "2", "Picture 2, at the right or the bottom, is the better one (2)"),
    "none": ("blind_pick_0", "No difference", "Neither is better (0)"),
}


class BlindBar(QWidget):
    """Pushes, never covers. ``answered``: the preferred picture, "first", "second" or "none"."""

    answered = Signal(str)
    again_wanted = Signal()
    end_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("blind_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(44)
        self._text = QLabel()
        self._text.setObjectName("blind_text")
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._picks = {answer: _button(*ANSWERS[answer]) for answer in ANSWERS}
        self._again = _button("blind_again", "Test again", "Five rounds more, shuffled anew")
        self._end = _button("blind_end", "End", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        for part in (self._text, *self._picks.values(), self._again, self._end):
            row.addWidget(part)
        for answer, button in self._picks.items():
            button.clicked.connect(lambda _=False, answer=answer: self.answered.emit(answer))
        self._again.clicked.connect(self.again_wanted)
        self._end.clicked.connect(self.end_wanted)
        self.hide()

    def render_state(self, state: AppState) -> None:
        """Show the round, or what the test has come to; nothing without a test."""
        test = state.blind_here
        self.setVisible(test is not None)
        if test is None:
            return
        text = verdict(test) if test.is_over else _question(test)
        if text != self._text.text():
            self._text.setText(text)
            self.setAccessibleName(text)
        for button in self._picks.values():
            button.setVisible(not test.is_over)
        self._again.setVisible(test.is_over)
        self._again.setEnabled(state.can_swap)
        self._end.setText("Done" if test.is_over else "End")
        self._end.setToolTip("Put this away (Esc)" if test.is_over else "End the test without a result (Esc)")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        answer = BLIND.get(Qt.Key(event.key()))
        if answer is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self.answered.emit(answer)


def _question(test: BlindTest) -> str:
    number, rounds = len(test.picked) + 1, len(test.shuffles)
    return f"Blind test, round {number} of {rounds}. Which picture is better?"


def _button(name: str, text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the canvas its keys
    button.setMinimumSize(44, 28)
    return button
