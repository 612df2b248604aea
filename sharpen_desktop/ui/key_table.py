"""Every command, key and mouse gesture, in one table; what stands here works.

It feeds the menus, shortcuts, tooltips, the list of keys, and ``docs/keys.md``, which
``packaging/make_key_list.py`` writes.
"""

from dataclasses import dataclass

CANVAS, LIST = "canvas", "variants"
BETWEEN = " · "
"""Parts two keys that do the same."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something with a place in a menu: ``text`` there, ``short`` on a button, ``keys`` that work in the whole window.

    ``standard``: what Qt calls it where every system has keys of its own for it; the first of ``keys`` is the usual
    one. ``told``: keys that only the canvas takes, shown but not bound, parted by ``BETWEEN``. ``is_choice``: it is
    on or off.
    """

    name: str
    text: str
    keys: str | tuple[str, ...] = ()
    short: str = ""
    told: str = ""
    is_choice: bool = False
    standard: str = ""

    @property
    def bound(self) -> tuple[str, ...]:
        """The keys that work in the whole window."""
        return (self.keys,) if isinstance(self.keys, str) else self.keys

    @property
    def what(self) -> str:
        """What it does, in the list of keys and in tooltips."""
        return self.text.rstrip("…")

    @property
    def how(self) -> str:
        """Its keys as written in the documentation; empty when it has none."""
        return BETWEEN.join(part for part in (*self.bound, self.told) if part)


@dataclass(frozen=True, slots=True)
class Gesture:
    """A key or a movement of the mouse that stands in no menu. ``where``: the part of the window that takes it."""

    what: str
    how: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One titled part of the list."""

    title: str
    entries: tuple[Command | Gesture, ...]


SECTIONS = (
    Section("Photos and files", (
        Command("open", "Open…", "Ctrl+O", "Open", standard="Open"),
        Command("open_folder", "Open Folder…", "Ctrl+Shift+O"),
        Command("paste", "Paste", "Ctrl+V", "Paste", standard="Paste"),
        Command("sample", "Try a Sample"),
        Command("save", "Save", "Ctrl+S", "Save", standard="Save"),
        Command("save_as", "Save As…", "Ctrl+Shift+S"),
        Command("copy", "Copy", "Ctrl+C", "Copy", standard="Copy"),
        Command("close_photo", "Remove Photo from List", told="Delete"),
        Command("next_photo", "Next Photo", "PgDown"),
        Command("previous_photo", "Previous Photo", "PgUp"),
        Gesture("Next or previous photo while the whole photo is in view", "← · →", CANVAS),
        Command("quit", "Quit", "Ctrl+Q"),
    )),
    Section("Settings", (
        Command("undo", "Undo", "Ctrl+Z", "Undo"),
        Command("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Redo"),
        Command("copy_settings", "Copy Settings", "Ctrl+Shift+C"),
        Command("paste_settings", "Paste Settings", "Ctrl+Shift+V"),
        Command("reset_all", "Reset All Settings", "Ctrl+Shift+R"),
        Gesture("One step of a slider; ten with Shift", "← · →"),
        Gesture("Ten steps of a slider", "PgUp · PgDown"),
        Gesture("A slider's least or greatest value", "Home · End"),
        Gesture("Put a slider back to its default", "Double-click"),
        Command("preferences", "Preferences…", "Ctrl+,"),
    )),
    Section("Sharpening", (
        Command("sharpen", "Sharpen", ("Ctrl+Enter", "Ctrl+Return")),
        Command("sharpen_elsewhere", "Sharpen with the Other Engine", ("Ctrl+Shift+Enter", "Ctrl+Shift+Return")),
        Command("preview", "Preview What Is in View", "Ctrl+Shift+P", is_choice=True),
        Command("sharpen_all", "Sharpen All…", "Ctrl+Shift+A"),
        Command("stop", "Stop", "Esc"),
        Gesture("End one thing: brush, blinking, full screen, previews, then a run", "Esc"),
        Command("run_again", "Run Again Anyway…"),
        Command("pause_queue", "Pause Queue", is_choice=True),
        Command("stop_all", "Stop All"),
        Command("what_leaves", "What Leaves This Computer…"),
        Command("cloud_runs", "Cloud Runs…"),
    )),
    Section("Comparing", (
        Command("single", "Single", told="S"),
        Command("split", "Split", told="Shift+Y"),
        Command("side_by_side", "Side by Side", told="Y"),
        Command("difference", "Difference", told="D"),
        Command("up", "Three or Four Up", told="U"),
        Command("three_up", "Three Up", "Alt+3"),
        Command("four_up", "Four Up", "Alt+4"),
        Command("turn", "Turn", "Alt+Y"),
        Command("swap", "Swap Sides", told="X"),
        Command("blink", "Blink", told="K"),
        Command("before", "Show Before", told="\\ · P", is_choice=True),
        Gesture("Show before only while the key is held", "Hold \\ or P", CANVAS),
        Command("new_before", "Make the Shown One Before", told="M"),
        Command("previous_variant", "Previous Variant", told=","),
        Command("next_variant", "Next Variant", told="."),
        Gesture("Previous or next variant before", "Shift+, · Shift+.", CANVAS),
        Command("compare_file", "Compare with a File…"),
        Command("blind_test", "Blind Test", "Ctrl+Shift+B"),
        Gesture("Prefer picture 1, picture 2 or neither in a blind test", "1 · 2 · 0"),
        Gesture("End the blind test", "Esc"),
        Command("divider_left", "Divider to the Left Edge", told="1"),
        Command("divider_centre", "Divider to the Centre", told="2"),
        Command("divider_right", "Divider to the Right Edge", told="3"),
        Gesture("Move the divider that has the focus by 1 %; by 10 % with Shift", "Arrows"),
        Gesture("Turn the divider that has the focus", "Enter"),
        Command("loupe", "Loupe", told="Q"),
        Command("sharpness", "Sharpness Overlay", told="Shift+F", short="Sharpness"),
    )),
    Section("Painting the subject, or where a mix applies", (
        Gesture("Take the brush that paints, or put it away", "B", CANVAS),
        Gesture("Take the brush that erases, or put it away", "E", CANVAS),
        Gesture("Smaller or larger brush", "[ · ]", CANVAS),
        Gesture("Harder or softer brush", "Shift+[ · Shift+]", CANVAS),
        Gesture("Show what is painted on as a red mask, or no longer", "O", CANVAS),
        Gesture("Erase with the brush that paints, and paint with the other", "Alt+Drag"),
        Gesture("Put the brush away", "Esc"),
    )),
    Section("Zoom", (
        Command("zoom_fit", "Fit", "Ctrl+0", "Fit"),
        Command("zoom_100", "100 %", "Ctrl+1", "100 %"),
        Command("zoom_200", "200 %", "Ctrl+2", "200 %"),
        Command("zoom_in", "Zoom In", ("Ctrl++", "Ctrl+="), told="+ · ="),
        Command("zoom_out", "Zoom Out", "Ctrl+-", told="-"),
        Gesture("Fit, or the last close zoom, at the pointer", "Z · Space", CANVAS),
        Gesture("Move the photo when zoomed", "← · → · ↑ · ↓", CANVAS),
    )),
    Section("List of variants", (
        Gesture("Show the variant after", "Enter · B"),
        Gesture("Show the variant before", "A"),
        Gesture("Rename the variant", "F2"),
        Gesture("Delete the variant", "Delete"),
        Gesture("What else can be done with the variant", "Menu key"),
    )),
    Section("Window", (
        Command("navigator", "Navigator", told="N", is_choice=True),
        Command("background", "Next Background", told="L"),
        Command("filmstrip", "Filmstrip", "F6", is_choice=True),
        Command("left_panel", "Left Panel", "F7", is_choice=True),
        Command("right_panel", "Right Panel", "F8", is_choice=True),
        Command("side_panels", "Hide Side Panels", "F9", is_choice=True),
        Command("full_screen", "Full Screen", "F11", is_choice=True, told="F"),
        Command("second_window", "Second Window", "Shift+F11", is_choice=True),
        Command("theme_dark", "Dark", is_choice=True),
        Command("theme_light", "Light", is_choice=True),
        Command("theme_system", "Follow System", is_choice=True),
        Gesture("Next or previous control", "Tab · Shift+Tab"),
        Command("keys", "Keys", ("F1", "Ctrl+/")),
        Command("about", "About Sharpen Desktop"),
    )),
    Section("Second window", (
        Gesture("Keep its own zoom and place, or follow the main window again", "P"),
        Gesture("Zoom in or out", "+ · -"),
        Gesture("Fit, or the last close zoom", "Z"),
        Gesture("Move the photo", "← · → · ↑ · ↓"),
        Gesture("Full screen", "F11 · F"),
        Gesture("Leave full screen, else close it", "Esc"),
    )),
    Section("Mouse and trackpad", (
        Gesture("Zoom about the pointer; finer with Ctrl", "Wheel · Pinch"),
        Gesture("Move the photo sideways", "Shift+Wheel"),
        Gesture("Next or previous variant on the side under the pointer", "Alt+Wheel"),
        Gesture("Move the photo", "Drag · Two fingers"),
        Gesture("Move one side by itself", "Shift+Drag"),
        Gesture("Move the photo with Space held", "Space+Drag"),
        Gesture("Fit, or 100 % at the spot", "Double-click the photo"),
        Gesture("Divider to the centre", "Double-click its grip"),
        Gesture("Turn the divider", "Double-click its line"),
        Gesture("Show the place under the pointer", "Click the navigator"),
        Gesture("Choose what is shown on a side", "Click its name on the photo"),
        Gesture("Show a variant on a side", "Drag its row there"),
        Gesture("A variant as a file for another program", "Drag its row out"),
        Gesture("Open photos and folders", "Drop them on the window"),
        Gesture("Compare with a picture from the disk", "Drop it on a side's name"),
    )),
)  # fmt: skip
COMMANDS = tuple(each for part in SECTIONS for each in part.entries if isinstance(each, Command))
