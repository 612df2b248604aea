"""A frame of the comparer does not take long: the short form of benchmarks/canvas.py, with room for a busy machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "canvas.py"
MOST_MS = 25.0
"""Processor time of half of the frames: what the slowest of a hundred may take on a quiet machine, three times over."""


def test_no_view_takes_long_to_zoom_pan_or_drag(tmp_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(tmp_path)}
    words = [sys.executable, str(BENCHMARK), "--json", "--megapixels", "16", "--frames", "40"]
    run = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    rows = json.loads(run.stdout)["rows"]
    assert {(row["view"], row["action"]) for row in rows} >= {("split", "divider"), ("difference", "zoom")}
    assert [row for row in rows if row["cpu median"] > MOST_MS] == []
