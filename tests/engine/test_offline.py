"""The engine needs no network: it runs in a process of its own in which every socket is an error."""

from pathlib import Path

import numpy as np
from support.offline import REFUSAL, run_offline

from benchmarks.degrade import Blur
from engine.photos import pair
from sharpen_desktop.engine.modes import MODES

EVERY_MODE = """
import sys
import numpy as np
from sharpen_desktop.engine.advice import diagnose
from sharpen_desktop.engine.modes import MODES
from sharpen_desktop.engine.pipeline import Job, sharpen
from sharpen_desktop.engine.survey import Survey

pixels = np.load(sys.argv[1], mmap_mode="r")
print(diagnose(Survey(pixels)).kind)
for mode in MODES:
    print(mode, sharpen(pixels, Job(mode)).changed)
"""
OPENS_A_SOCKET = "import socket; socket.create_server(('127.0.0.1', 0))"
STARTS_ANOTHER = (
    f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {OPENS_A_SOCKET!r}]))"
)


def test_every_mode_and_the_diagnosis_run_without_a_socket(tmp_path: Path) -> None:
    np.save(tmp_path / "photo.npy", pair(Blur("disk", 3))[1][:300, :300])
    done = run_offline(["-c", EVERY_MODE, str(tmp_path / "photo.npy")], tmp_path)
    assert done.returncode == 0, done.stderr
    kind, *modes = done.stdout.splitlines()
    assert kind == "defocus"
    assert modes == [f"{mode} {mode != 'Motion Blur'}" for mode in MODES]


def test_a_socket_would_have_been_seen(tmp_path: Path) -> None:
    for program in (OPENS_A_SOCKET, STARTS_ANOTHER):
        done = run_offline(["-c", program], tmp_path)
        assert done.returncode == 1
        assert REFUSAL in done.stderr
