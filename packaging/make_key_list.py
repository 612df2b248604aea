"""Write docs/keys.md from the program's own table of keys. Run again, it writes the same file."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sharpen_desktop.ui.key_table import BETWEEN, SECTIONS  # noqa: E402 - from the checkout

TARGET = ROOT / "docs" / "keys.md"
INTRODUCTION = """# Keys and gestures

Written by `python packaging/make_key_list.py` from the table the program itself uses. *Keys* in the menu Help (F1) shows the
same list, searchable. On macOS Ctrl is ⌘ and Alt is ⌥. Single letters act while the photo or the filmstrip has the keyboard, never
in a field one types in.
"""


def text() -> str:
    """Return the whole file."""
    parts = [INTRODUCTION]
    for section in SECTIONS:
        rows = [f"| {each.what} | {_caps(each.how)} |" for each in section.entries if each.how]
        if rows:
            parts.append("\n".join((f"## {section.title}\n", "| What | Keys |", "|---|---|", *rows)) + "\n")
    return "\n".join(parts)


def _caps(how: str) -> str:
    """Return keys set as code, also the backslash."""
    return BETWEEN.join(f"`{key}`" for key in how.split(BETWEEN))


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
