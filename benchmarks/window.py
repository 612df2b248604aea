"""Time what a user waits for in the window, on photos made here: 24 MP and 100 MP JPEGs.

``python benchmarks/window.py [--runs 3] [--json]`` prints seconds to the first photo and to the whole window, the
longest stall of the event loop while opening, sharpening, comparing, mixing, painting and saving, the time of a frame, and
seconds and peak memory of a local run. Each figure comes from a fresh process; the median of the runs is shown.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from skimage import data

ROOT = Path(__file__).resolve().parents[1]
PROBE = Path(__file__).with_name("window_probe.py")
SIZES = {"24 MP": (6000, 4000), "100 MP": (11600, 8700)}


def make_photo(path, width, height):
    """Write a soft, noisy JPEG of this size: a photo of scikit-image repeated, so that it has real texture."""
    tile = cv2.resize(data.astronaut(), (1500, 1500), interpolation=cv2.INTER_CUBIC)
    photo = np.tile(tile, (-(-height // 1500), -(-width // 1500), 1))[:height, :width]
    noise = np.random.default_rng(3).normal(0, 1.5, (1500, width, 3)).astype(np.float32)
    for top in range(0, height, 1500):
        part = photo[top : top + 1500].astype(np.float32)
        photo[top : top + 1500] = np.clip(part + noise[: part.shape[0]] + 0.5, 0, 255).astype(np.uint8)
    Image.fromarray(photo).save(path, quality=95, subsampling=0)


def probe(photo, job, folder, *more):
    """Run the program once, compiled as when it is installed, and return its figures."""
    environment = {**os.environ, "SHARPEN_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    target = folder / f"saved-{time.monotonic_ns()}.jpg"
    words = [sys.executable, str(PROBE), str(photo), *map(str, more), "--job", job, "--target", str(target)]
    run = subprocess.run(
        [*words, "--since", repr(time.time())], env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise RuntimeError(run.stderr)
    return json.loads(run.stdout.splitlines()[-1])


def local_run(photo, folder):
    """Sharpen on the command line and return seconds and the peak memory of its largest process, in MB."""
    environment = {**os.environ, "SHARPEN_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    target = folder / f"run-{time.monotonic_ns()}.jpg"
    words = [sys.executable, "-m", "sharpen_desktop", "run", str(photo), "--output", str(target), "--json"]
    watched = subprocess.Popen(
        [sys.executable, "-c", _CHILD_PEAK, *words], env=environment, stdout=subprocess.PIPE, text=True
    )
    out, _ = watched.communicate()
    lines = out.splitlines()
    return json.loads(lines[0])["seconds"], int(lines[-1]) / 1024


_CHILD_PEAK = """
import resource, subprocess, sys
print(subprocess.run(sys.argv[1:], capture_output=True, text=True, check=True).stdout.strip())
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def median(rows, *keys):
    """Return the median over the runs of a figure that may lie deeper."""
    values = []
    for row in rows:
        value = row
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        values.append(value)
    known = [value for value in values if value is not None]
    return round(statistics.median(known), 3) if known else None


def measure(runs, folder):
    """Return all figures by name."""
    figures = {}
    for name, (width, height) in SIZES.items():
        photo = folder / f"{name.replace(' ', '')}.jpg"
        make_photo(photo, width, height)
        probe(photo, "open", folder)  # the first start compiles and fills the caches
        opened = [probe(photo, "open", folder) for _ in range(runs)]
        figures[f"{name}: seconds to the first photo"] = median(opened, "first_photo_s")
        figures[f"{name}: seconds to the window with all that is in it"] = median(opened, "window_s")
        figures[f"{name}: seconds to the whole photo"] = median(opened, "whole_photo_s")
        figures[f"{name}: longest stall while opening, ms"] = median(opened, "stall_ms", "open")
    photo = folder / "24MP.jpg"
    worked = [probe(photo, "work", folder) for _ in range(runs)]
    for key in ("sharpen_s", "save_s"):
        figures[f"24 MP: {key.removesuffix('_s')}, seconds in the window"] = median(worked, key)
    for during in ("sharpen", "compare", "mix", "brush", "save"):
        figures[f"24 MP: longest stall during {during}, ms"] = median(worked, "stall_ms", during)
        figures[f"24 MP: of it processor time, during {during}, ms"] = median(worked, "stall_cpu_ms", during)
    figures["24 MP: memory of the window with two pictures, MB"] = median(worked, "window_mb", "resident")
    others = [photo.with_name(f"other-{number}.jpg") for number in range(3)]
    for each in others:
        shutil.copyfile(photo, each)
    stepped = [probe(photo, "next", folder, *others) for _ in range(runs)]
    figures["24 MP: next photo of a list, ms"] = median(stepped, "next_ms")
    painted = probe(photo, "paint", folder)["paint_ms"]
    for name, times in painted.items():
        figures[f"frame, two 24 MP pictures, {name}: median ms"] = times["median"]
        figures[f"frame, two 24 MP pictures, {name}: 95th percentile ms"] = times["p95"]
    local = [local_run(photo, folder) for _ in range(runs)]
    figures["24 MP: seconds of a local run"] = round(statistics.median(s for s, _ in local), 2)
    figures["24 MP: peak memory of a local run, MB"] = round(max(memory for _, memory in local))
    return figures


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(words.runs, Path(folder))
    if words.json:
        print(json.dumps(figures, indent=1))
    else:
        for name, value in figures.items():
            print(f"{value!s:>10}  {name}")


if __name__ == "__main__":
    main()
