"""Python for which every socket is an error, and so for every Python that it starts.

    done = run_offline(["-c", "import this"], tmp_path)
    assert done.returncode == 0, done.stderr

Nothing of it reaches the process of the tests. Sockets that a library opens in C, past Python, are not seen.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

REFUSAL = "no network here"
TIMEOUT_S = 150

# Python runs a module of this name when it starts; a hook once added cannot be taken away again.
_GUARD = f"""
import sys

def refuse(event, arguments):
    if event.startswith("socket."):
        raise RuntimeError(f"{REFUSAL}: {{event}} {{arguments}}")

sys.addaudithook(refuse)
"""


def offline_environment(folder: Path) -> dict[str, str]:
    """Return an environment whose Pythons have no sockets; the guard lies in ``folder`` as long as they run."""
    (folder / "sitecustomize.py").write_text(_GUARD, encoding="utf-8")
    paths = [str(folder), *(path for path in sys.path if path)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def run_offline(words: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run this Python with ``words`` after its name, without sockets, and return how it ended and what it said."""
    return subprocess.run(
        [sys.executable, *words], env=offline_environment(folder), capture_output=True, text=True,
        timeout=TIMEOUT_S, check=False,
    )  # fmt: skip
