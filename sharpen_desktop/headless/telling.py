"""What a call tells while it runs: lines and progress on standard error, records on standard output."""

import json
import sys
from collections.abc import Mapping

from sharpen_desktop.core import wording
from sharpen_desktop.core.jobs import Progress


class ProgressLine:
    """One line on standard error that is written over while it is a terminal, and only at phases elsewhere."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._shown = ""
        self._is_terminal = sys.stderr.isatty()
        self.is_paid_risk = False

    def show(self, progress: Progress) -> None:
        """Show how far the photo is."""
        self.is_paid_risk = progress.is_paid_risk
        text = wording.progress_text(progress) if self._is_terminal else progress.phase.value
        if text == self._shown:
            return
        self._shown = text
        if self._is_terminal:
            sys.stderr.write(f"\r\x1b[K{self._name}: {text}")
        else:
            sys.stderr.write(f"{self._name}: {text}\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        self.is_paid_risk = False
        if self._is_terminal and self._shown:
            sys.stderr.write("\r\x1b[K")


def tell(text: str) -> None:
    """Write a line for the user."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def record(values: Mapping[str, object]) -> None:
    """Write one JSON object on a line."""
    sys.stdout.write(f"{json.dumps(values)}\n")
    sys.stdout.flush()
