"""Contrast in both themes, measured from the colours themselves: 4.5:1 for text, 3:1 for marks and frames of focus.

The ratio is that of WCAG 2.2. What cannot be used at present is exempt there, and here.
"""

import re

import pytest
from PySide6.QtGui import QColor, QPalette

from sharpen_desktop.ui import theme
from sharpen_desktop.ui.theme import DARK, LIGHT, Look

TEXT, MARK = 4.5, 3.0
LOOKS = [pytest.param(DARK, id="dark"), pytest.param(LIGHT, id="light")]
GROUNDS = ("panel", "control", "hover", "field")
"""What text stands on: panels, buttons and rows, the same under the pointer, fields and lists."""
ON = {
    "text": (*GROUNDS, "groove", "canvas"),
    "secondary": ("panel", "control", "field", "canvas"),
    "error": ("panel", "control", "field"),
    "focus": ("panel", "field"),  # links
    "local": ("panel", "field"),
}
MARKS = {
    "focus": (*GROUNDS, "canvas"),
    "note": ("panel", "control"),
    "cloud": ("panel", "control"),
    "local": ("panel", "control"),
    "error": ("panel", "control"),
}
EXEMPT = re.compile("disabled|overlay")
"""Rules about what cannot be used, and about what lies on the picture, which has a test of its own."""
WHITE_ON = ("accent", "accent_hover", "accent_pressed", "paid", "paid_hover")


def luminance(color: QColor) -> float:
    channels = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1–21."""
    dark, light = sorted((luminance(QColor(one)), luminance(QColor(other))))
    return (light + 0.05) / (dark + 0.05)


def too_low(look: Look, pairs: dict[str, tuple[str, ...]], least: float) -> list[str]:
    return [
        f"{front} on {ground}: {contrast(getattr(look, front), getattr(look, ground)):.2f}"
        for front, grounds in pairs.items()
        for ground in grounds
        if contrast(getattr(look, front), getattr(look, ground)) < least
    ]


def test_the_ratio_is_the_standards_own():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("look", LOOKS)
def test_text_can_be_read_on_everything_it_stands_on(look):
    assert too_low(look, ON, TEXT) == []


@pytest.mark.parametrize("look", LOOKS)
def test_white_can_be_read_on_what_is_chosen_or_primary_or_paid(look):
    low = [name for name in WHITE_ON if contrast("#FFFFFF", getattr(look, name)) < TEXT]
    assert low == []


@pytest.mark.parametrize("look", LOOKS)
def test_marks_and_the_focus_ring_can_be_seen(look):
    assert too_low(look, MARKS, MARK) == []


def rules(look: Look) -> list[tuple[str, str, str]]:
    """Selector, colour and background of every rule of the style sheet that says a colour."""
    found = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", theme._style_sheet(look)):
        said = dict(re.findall(r"(?:^|[;\s])(color|background)\s*:\s*(#[0-9A-Fa-f]{6})", body))
        if "color" in said:
            found.append((" ".join(selector.split()), said["color"], said.get("background", "")))
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_every_rule_of_the_style_sheet_can_be_read(look):
    """A rule without a ground of its own stands on the panel."""
    low = [
        f"{selector}: {contrast(color, ground or look.panel):.2f}"
        for selector, color, ground in rules(look)
        if not EXEMPT.search(selector) and contrast(color, ground or look.panel) < TEXT
    ]
    assert low == []
    assert len(rules(look)) > 40


@pytest.mark.parametrize("look", LOOKS)
def test_the_palette_can_be_read(look):
    roles = QPalette.ColorRole
    palette = theme._palette(look)
    for front, ground in (
        (roles.WindowText, roles.Window), (roles.Text, roles.Base), (roles.ButtonText, roles.Button),
        (roles.ToolTipText, roles.ToolTipBase), (roles.PlaceholderText, roles.Base),
        (roles.HighlightedText, roles.Highlight), (roles.Link, roles.Window),
    ):  # fmt: skip
        assert contrast(palette.color(front).name(), palette.color(ground).name()) >= TEXT, front


def test_the_names_of_the_sides_can_be_read_on_any_picture():
    """White on 70 % black: worst where the picture is white."""
    ground = QColor.fromRgbF(1 - 178 / 255, 1 - 178 / 255, 1 - 178 / 255)
    assert contrast("#FFFFFF", ground.name()) >= TEXT
