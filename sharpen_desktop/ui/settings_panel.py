"""The right panel: the engine switch, and a form built from the schema's fields."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sharpen_desktop.core.findings import advice, advised_mode, auto_idle, auto_value
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.schema import Group, ModelSchema, Param
from sharpen_desktop.core.settings import defaults, reason_without_effect
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.actions import tip
from sharpen_desktop.ui.diagnosis_line import DiagnosisLine
from sharpen_desktop.ui.editors.form import editor_for
from sharpen_desktop.ui.editors.param_editor import ParamEditor
from sharpen_desktop.ui.group_box import GroupBox
from sharpen_desktop.ui.key_card import KeyCard
from sharpen_desktop.ui.mix_tools import MixTools
from sharpen_desktop.ui.save_options import SaveOptionsEditor
from sharpen_desktop.ui.segments import Segments
from sharpen_desktop.ui.subject_tools import FaceTools, SubjectTools
from sharpen_desktop.ui.theme import SCROLL_BAR_PX, Look

OUTPUT = "output"
MODE = "mode"
FACES = "faces"
MIX = Group("mix", "Mix & mask", is_closed=True)
BELOW_PX = 12
MARGIN_PX = 16
REFUSED = "The service did not accept this value."


class SettingsPanel(QWidget):
    """Shows the wanted settings; tells of every edit by hand."""

    value_edited = Signal(str, object)
    edit_ended = Signal()
    reset_wanted = Signal(str)
    reset_all_wanted = Signal()
    engine_wanted = Signal(str)
    key_given = Signal(str, KeyPlace)
    key_check_wanted = Signal(str)
    key_file_agreed = Signal()
    save_format_wanted = Signal(str)
    save_quality_wanted = Signal(int)
    groups_opened = Signal(tuple)

    def __init__(self, schema: ModelSchema, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings_panel")
        self._schema = schema
        self._editors: dict[str, ParamEditor] = {}
        self._refusals: dict[str, QLabel] = {}
        self._groups: dict[str, GroupBox] = {}
        self._open: tuple[str, ...] = ()
        self._was_key_wanted = False
        self._shown: object = None
        self.engines = self._engine_switch()
        self.key_card = KeyCard()
        self.save_options = SaveOptionsEditor()
        self.diagnosis = DiagnosisLine()
        self.subject_tools = SubjectTools()
        self.face_tools = FaceTools()
        self.mix_tools = MixTools()
        self._column = self._scrolled_column()
        self._build()
        self._connect()

    def render_state(self, state: AppState) -> None:
        """Show the settings, and which of them have an effect with the chosen engine."""
        key = (state.is_key_wanted, state.key_place, state.key_verdict, state.is_key_checking)
        self.diagnosis.render_state(state)
        self.subject_tools.render_state(state)
        self.face_tools.render_state(state)
        self.mix_tools.render_state(state)
        diagnosis = state.current.diagnosis if state.current else None
        shown = (state.settings, state.engine, state.prefs, key, state.refused_field, diagnosis)
        if shown == self._shown:
            return  # a run reports twenty times a second, and none of that is shown here
        self._shown = shown
        self.engines.show_choice(state.engine)
        self.key_card.render_state(state)
        if state.is_key_wanted and not self._was_key_wanted:
            self.key_card.focus_field()
        self._was_key_wanted = state.is_key_wanted
        for name, editor in self._editors.items():
            reason = reason_without_effect(self._schema, state.settings, name, state.engine)
            editor.show_place(is_local=state.engine == "local")
            editor.show_auto(auto_value(state, name), auto_idle(state, name))
            editor.render_value(state.settings.get(name), reason)
            editor.show_refused(is_refused=name == state.refused_field)
            self._refusals[name].setVisible(name == state.refused_field)
        if MODE in self._editors:
            self._editors[MODE].show_advice(advised_mode(state), advice(state))
        self._reset_all.setEnabled(state.settings != defaults(self._schema))
        self._note_local(state)
        self._render_prefs(state.prefs, state.refused_field)

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        for editor in self._editors.values():
            editor.set_look(look)
        for box in self._groups.values():
            box.set_look(look)
        for part in (self.diagnosis, self.subject_tools, self.face_tools, self.mix_tools):
            part.set_look(look)
        self.engines.button("cloud").setIcon(resources.toggled_icon("cloud", look.text, "#FFFFFF", 16))

    def editor(self, name: str) -> ParamEditor:
        """Return the editor of a schema field."""
        return self._editors[name]

    def needed_width(self) -> int:
        """Return the width below which something would be cut: the form and its scroll bar."""
        bar = self._area.verticalScrollBar().sizeHint().width()
        return self._body.minimumSizeHint().width() + bar

    # Building

    def _engine_switch(self) -> Segments:
        switch = Segments(36)
        switch.setObjectName("engine_switch")
        switch.setAccessibleName("Where to sharpen")
        switch.add("local", "On this computer — free", "Free and offline", "engine_local")
        switch.add("cloud", f"Cloud — {self._schema.title}", "Paid, needs a key", "engine_cloud")
        return switch

    def _scrolled_column(self) -> QVBoxLayout:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = area = QScrollArea()
        area.setObjectName("settings_scroll")
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it takes the keys, and scrolls it
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # It is drawn only when it is needed, but always has its room, so that nothing moves.
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._body = body = QWidget()
        body.setObjectName("panel_body")
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN_PX, 12, MARGIN_PX - SCROLL_BAR_PX, 12)
        column.setSpacing(12)
        area.setWidget(body)
        outer.addWidget(area)
        return column

    def _build(self) -> None:
        self._column.addWidget(self.engines)
        self._column.addWidget(self.key_card)
        for group in self._schema.groups:
            params = self._schema.in_group(group.name)
            if params or group.name == OUTPUT:
                if group.name not in ("mode", "amount"):
                    self._column.addWidget(_rule())
                self._column.addWidget(self._group_box(group, params))
            if group.name == FACES:
                self._column.addWidget(_rule())
                self._column.addWidget(self._mix_box())
        self._column.addStretch()
        self._column.addLayout(self._reset_row())

    def _group_box(self, group: Group, params: Iterable[Param]) -> GroupBox:
        box = GroupBox(group)
        members = tuple(params)
        has_own_title = any(param.is_title_switch for param in members)
        if group.title and not group.is_closed and not has_own_title:
            box.add_heading(group.title)
        for param in members:
            editor = editor_for(param, has_label=group.is_closed or not group.title or len(members) > 1)
            self._editors[param.name] = editor
            box.content.addWidget(editor)
            box.content.addWidget(self._refusal(param.name))
            if param.is_title_switch:
                box.content.addWidget(self._group_note(group.name, param.help))
        further: dict[str, QWidget] = {
            MODE: self.diagnosis, "subject": self.subject_tools, "faces": self.face_tools,
            OUTPUT: self.save_options,
        }  # fmt: skip
        if group.name in further:
            box.content.addWidget(further[group.name])
        box.show_open(is_open=not group.is_closed)
        self._groups[group.name] = box
        return box

    def _mix_box(self) -> GroupBox:
        box = self._groups[MIX.name] = GroupBox(MIX)
        box.content.addWidget(self.mix_tools)
        box.show_open(is_open=False)
        return box

    def _refusal(self, name: str) -> QLabel:
        """Return the line that says, under a field, that the service did not take its value."""
        line = QLabel(REFUSED)
        line.setObjectName(f"refused_{name}")
        line.setProperty("problem", True)
        line.setWordWrap(True)
        line.hide()
        self._refusals[name] = line
        return line

    def _group_note(self, group: str, text: str) -> QLabel:
        note = QLabel(text)
        note.setObjectName(f"note_{group}")
        note.setProperty("quiet", True)
        note.setWordWrap(True)
        return note

    def _reset_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch()
        self._reset_all = button = QPushButton("Reset all")
        button.setObjectName("reset_all")
        button.setProperty("flat_look", True)
        button.setToolTip(tip("reset_all", "Give all settings their defaults"))
        button.clicked.connect(self.reset_all_wanted)
        row.addWidget(button)
        return row

    def _connect(self) -> None:
        self.engines.chosen.connect(self.engine_wanted)
        self.key_card.key_given.connect(self.key_given)
        self.key_card.check_wanted.connect(self.key_check_wanted)
        self.key_card.file_agreed.connect(self.key_file_agreed)
        self.save_options.format_wanted.connect(self.save_format_wanted)
        self.save_options.quality_wanted.connect(self.save_quality_wanted)
        self.diagnosis.mode_wanted.connect(self._mode_taken)
        for editor in self._editors.values():
            editor.value_edited.connect(self.value_edited)
            editor.edit_ended.connect(self.edit_ended)
            editor.reset_wanted.connect(self.reset_wanted)
        for box in self._groups.values():
            box.opened.connect(self._group_opened)

    def _mode_taken(self, mode: str) -> None:
        self.value_edited.emit(MODE, mode)
        self.edit_ended.emit()

    # Showing

    def _note_local(self, state: AppState) -> None:
        """Say under a group's title switch why the group has no effect on this computer."""
        for group in self._schema.groups:
            note = self.findChild(QLabel, f"note_{group.name}")
            switch = next((p for p in self._schema.in_group(group.name) if p.is_title_switch), None)
            if note is not None and switch is not None:
                reason = reason_without_effect(self._schema, state.settings, switch.name, state.engine)
                note.setText(reason or switch.help)

    def _render_prefs(self, prefs: Prefs, refused: str) -> None:
        """Open the groups that were left open, and the one a refused field lies in."""
        self._open = prefs.open_groups
        needed = self._schema.param(refused).group if refused in self._editors else ""
        for name, box in self._groups.items():
            if box.group.is_closed:
                box.show_open(is_open=name in (*prefs.open_groups, needed))
        self.save_options.render_prefs(prefs)

    def _group_opened(self, name: str, is_open: bool) -> None:
        rest = tuple(each for each in self._open if each != name)
        self.groups_opened.emit((*rest, name) if is_open else rest)
        if is_open:
            QTimer.singleShot(0, lambda: self._bring_up(self._groups[name]))  # when it has its height

    def _bring_up(self, box: GroupBox) -> None:
        """Scroll as far as it takes to see all of a group, its title at least."""
        place, bar = box.geometry().translated(self._body.pos()), self._area.verticalScrollBar()
        below = place.bottom() + BELOW_PX - self._area.viewport().height()
        bar.setValue(bar.value() + max(0, min(below, place.top())))


def _rule() -> QFrame:
    line = QFrame()
    line.setProperty("rule", True)
    line.setFixedHeight(1)
    return line
