"""100 % is one picture pixel a device pixel, on every scale of the screen."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "support" / "scaled_canvas.py"


@pytest.mark.parametrize("scale", ["1", "1.25", "1.5", "2"])
def test_at_100_percent_each_device_pixel_is_one_of_the_picture_and_from_200_on_a_square_of_them(
    scale, tmp_path
):
    environment = {
        **os.environ,
        "QT_SCALE_FACTOR": scale,
        "QT_SCALE_FACTOR_ROUNDING_POLICY": "PassThrough",
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path)],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["ratio"] == float(scale)
    assert {view: wrong for view, wrong in told["wrong"].items() if wrong} == {}
