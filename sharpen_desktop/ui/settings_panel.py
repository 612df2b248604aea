"""The right panel: the engine switch, and a form built from the schema's fields."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.core.schema import Group, ModelSchema, Param
from sharpen_desktop.core.settings import reason_without_effect
from sharpen_desktop.core.state import AppState
from sharpen_desktop.ui import resources
from sharpen_desktop.ui.param_editors import ParamEditor, editor_for
from sharpen_desktop.ui.save_options import SaveOptionsEditor
from sharpen_desktop.ui.segments import Segments
from sharpen_desktop.ui.theme import DARK, Look

OUTPUT = "output"


class KeyCard(QWidget):
    """One field that asks for the key, in place, never a modal box."""

    key_given = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("key_card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        title = QLabel("Add your AI/ML API key")
        note = QLabel("Kept for this session only, in memory. It is sent to the service and nowhere else.")
        note.setProperty("quiet", True)
        note.setWordWrap(True)
        self._field = QLineEdit()
        self._field.setObjectName("key_field")
        self._field.setAccessibleName("AI/ML API key")
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setPlaceholderText("Paste the key")
        self._field.returnPressed.connect(self._give)
        use = QPushButton("Use key")
        use.setObjectName("use_key")
        use.clicked.connect(self._give)
        row = QHBoxLayout()
        row.addWidget(self._field)
        row.addWidget(use)
        column.addWidget(title)
        column.addLayout(row)
        column.addWidget(note)

    def focus_field(self) -> None:
        """Put the cursor into the field."""
        self._field.setFocus()

    def _give(self) -> None:
        text = self._field.text()
        self._field.clear()
        if text.strip():
            self.key_given.emit(text)


class GroupBox(QWidget):
    """A titled part of the form; a closed one opens at a click on its title."""

    opened = Signal(str, bool)

    def __init__(self, group: Group) -> None:
        super().__init__()
        self.setObjectName(f"group_{group.name}")
        self.group = group
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._title: QToolButton | None = None
        self._is_open = True
        self._color = DARK.secondary
        self._body = QWidget()
        self.content = QVBoxLayout(self._body)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(8)
        if group.is_closed:
            self._title = self._fold_button()
        self._column.addWidget(self._body)

    def add_heading(self, text: str) -> None:
        """Put a heading above the content."""
        label = QLabel(text.upper())
        label.setProperty("heading", True)
        self._column.insertWidget(0, label)

    def show_open(self, *, is_open: bool) -> None:
        """Show or hide the content of a group that can be closed."""
        self._body.setVisible(is_open)
        if self._title is not None:
            self._is_open = is_open
            self._draw_arrow()

    def _fold_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"fold_{self.group.name}")
        button.setText(self.group.title.upper())
        button.setIconSize(QSize(12, 12))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("fold", True)
        button.clicked.connect(self._toggle)
        self._column.addWidget(button)
        return button

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        self._color = look.secondary
        self._draw_arrow()

    def _draw_arrow(self) -> None:
        if self._title is not None:
            name = "chevron-down" if self._is_open else "chevron-right"
            self._title.setIcon(resources.icon(name, self._color, 12))

    def _toggle(self) -> None:
        self.opened.emit(self.group.name, self._body.isHidden())


class SettingsPanel(QWidget):
    """Shows the wanted settings; tells of every edit by hand."""

    value_edited = Signal(str, object)
    edit_ended = Signal()
    reset_wanted = Signal(str)
    reset_all_wanted = Signal()
    engine_wanted = Signal(str)
    key_given = Signal(str)
    save_format_wanted = Signal(str)
    save_quality_wanted = Signal(int)
    groups_opened = Signal(tuple)

    def __init__(self, schema: ModelSchema, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings_panel")
        self._schema = schema
        self._editors: dict[str, ParamEditor] = {}
        self._groups: dict[str, GroupBox] = {}
        self._open: tuple[str, ...] = ()
        self._was_key_wanted = False
        self.engines = self._engine_switch()
        self.key_card = KeyCard()
        self.save_options = SaveOptionsEditor()
        self._column = self._scrolled_column()
        self._build()
        self._connect()

    def render_state(self, state: AppState) -> None:
        """Show the settings, and which of them have an effect with the chosen engine."""
        self.engines.show_choice(state.engine)
        self.key_card.setVisible(state.is_key_wanted)
        if state.is_key_wanted and not self._was_key_wanted:
            self.key_card.focus_field()
        self._was_key_wanted = state.is_key_wanted
        for name, editor in self._editors.items():
            reason = reason_without_effect(self._schema, state.settings, name, state.engine)
            editor.render_value(state.settings.get(name), reason)
        self._note_local(state)
        self._render_prefs(state.prefs)

    def set_look(self, look: Look) -> None:
        """Use these colours."""
        for editor in self._editors.values():
            editor.set_look(look)
        for box in self._groups.values():
            box.set_look(look)
        self.engines.button("cloud").setIcon(resources.icon("cloud", look.text, 16))

    def editor(self, name: str) -> ParamEditor:
        """Return the editor of a schema field."""
        return self._editors[name]

    def needed_width(self) -> int:
        """Return the width below which something would be cut: the form and its scroll bar."""
        bar = self._area.verticalScrollBar().sizeHint().width()
        return self._area.widget().minimumSizeHint().width() + bar

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
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        body.setObjectName("panel_body")
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 12, 16, 12)
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
            if param.is_title_switch:
                box.content.addWidget(self._group_note(group.name, param.help))
        if group.name == OUTPUT:
            box.content.addWidget(self.save_options)
        box.show_open(is_open=not group.is_closed)
        self._groups[group.name] = box
        return box

    def _group_note(self, group: str, text: str) -> QLabel:
        note = QLabel(text)
        note.setObjectName(f"note_{group}")
        note.setProperty("quiet", True)
        note.setWordWrap(True)
        return note

    def _reset_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch()
        button = QPushButton("Reset all")
        button.setObjectName("reset_all")
        button.setProperty("flat_look", True)
        button.setToolTip("Give all settings their defaults (Ctrl+Shift+R)")
        button.clicked.connect(self.reset_all_wanted)
        row.addWidget(button)
        return row

    def _connect(self) -> None:
        self.engines.chosen.connect(self.engine_wanted)
        self.key_card.key_given.connect(self.key_given)
        self.save_options.format_wanted.connect(self.save_format_wanted)
        self.save_options.quality_wanted.connect(self.save_quality_wanted)
        for editor in self._editors.values():
            editor.value_edited.connect(self.value_edited)
            editor.edit_ended.connect(self.edit_ended)
            editor.reset_wanted.connect(self.reset_wanted)
        for box in self._groups.values():
            box.opened.connect(self._group_opened)

    # Showing

    def _note_local(self, state: AppState) -> None:
        """Say under a group's title switch why the group has no effect on this computer."""
        for group in self._schema.groups:
            note = self.findChild(QLabel, f"note_{group.name}")
            switch = next((p for p in self._schema.in_group(group.name) if p.is_title_switch), None)
            if note is not None and switch is not None:
                reason = reason_without_effect(self._schema, state.settings, switch.name, state.engine)
                note.setText(reason or switch.help)

    def _render_prefs(self, prefs: Prefs) -> None:
        self._open = prefs.open_groups
        for name, box in self._groups.items():
            if box.group.is_closed:
                box.show_open(is_open=name in prefs.open_groups)
        self.save_options.render_prefs(prefs)

    def _group_opened(self, name: str, is_open: bool) -> None:
        rest = tuple(each for each in self._open if each != name)
        self.groups_opened.emit((*rest, name) if is_open else rest)


def _rule() -> QFrame:
    line = QFrame()
    line.setProperty("rule", True)
    line.setFixedHeight(1)
    return line
