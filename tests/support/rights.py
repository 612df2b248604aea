"""A program without root's right to read and write everything: for tests that may run as root."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_PR_CAPBSET_DROP = 24
_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2


def drop_rights() -> None:
    """Give up, for this process's future programs, what lets root pass every permission."""
    if os.geteuid() == 0 and sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        for right in (_DAC_OVERRIDE, _DAC_READ_SEARCH):
            if libc.prctl(_PR_CAPBSET_DROP, right, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "the right could not be given up")


def run_without_rights(
    words: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a program for which permissions count, whoever runs the tests."""
    return subprocess.run(
        words, env=dict(environment), cwd=folder, capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=drop_rights if os.name == "posix" else None,
    )  # fmt: skip
