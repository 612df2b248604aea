"""What a run of the engine costs by the size of the photo: seconds, seconds of all cores, and memory.

python benchmarks/cost.py [--mode MODE …] [--sizes MP …] [--quick] [--threads N] [--cancels N] [--json]

Each figure comes from a fresh process, which reads the photo from a memory-mapped file as the program does. Last comes the
straight line through the seconds, and how far the figures lie from it; with ``--cancels``, after how long a run of
24 MP ends that is cancelled at random moments. Peak memory counts everything in the process: Python, libraries, the
pages of the photo, and the result.
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.degrade import MARGIN, Blur, degraded
from sharpen_desktop.engine.modes import MODES

SIZES = (2, 6, 12, 24, 50, 100, 150)
QUICK = (2, 6, 12)
SIDES = 1.5
"""Width by height."""
BLURS = {"Motion Blur": Blur("line", 15), "Refocus": Blur("ramp", 3.0), "Lens Blur V2": Blur("ramp", 3.0)}
"""What there is to undo for a mode, alike in a mirror; for the others a disk."""
CANCELLED_MEGAPIXELS = 24


def make_photo(file: Path, megapixels: float, blur: Blur) -> None:
    """Write a photo as H×W×3 values 0..255: one of scikit-image, blurred, and its mirror images beside each other.

    It is blurred as if they had always been there, so that no seam has to be told from what a blur leaves.
    """
    import skimage.data

    around = ((MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0))
    tile = degraded(np.pad(skimage.data.astronaut(), around, mode="symmetric"), blur, noise=0.006)[1]
    both = np.concatenate([tile, tile[:, ::-1]], axis=1)
    four = np.concatenate([both, both[::-1]], axis=0)
    height = round((megapixels * 1e6 / SIDES) ** 0.5)
    width = round(height * SIDES)
    whole = np.lib.format.open_memmap(file, "w+", np.uint8, (height, width, 3))
    across = np.tile(four, (1, -(-width // four.shape[1]), 1))[:, :width]
    for top in range(0, height, four.shape[0]):
        whole[top : top + four.shape[0]] = across[: min(four.shape[0], height - top)]
    whole.flush()


def one_run(file: Path, mode: str, threads: int) -> dict[str, float | str]:
    """Sharpen once in this process and return what it took."""
    from sharpen_desktop.engine.pipeline import Job, sharpen

    pixels = np.load(file, mmap_mode="r")
    before = resource.getrusage(resource.RUSAGE_SELF)
    begun = time.perf_counter()
    outcome = sharpen(pixels, Job(mode, threads=threads))
    seconds = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    kilobyte = 1 if sys.platform == "darwin" else 1024
    return {
        "megapixels": pixels.shape[0] * pixels.shape[1] / 1e6,
        "seconds": seconds,
        "cpu_seconds": busy,
        "peak_gb": after.ru_maxrss * kilobyte / 1e9,
        "finding": outcome.finding,
    }


def cancelled_runs(file: Path, mode: str, threads: int, count: int) -> dict[str, float]:
    """Cancel at moments spread at random over a whole run; return how long it took to end, in seconds."""
    from sharpen_desktop.engine.pipeline import Job, Stopped, sharpen

    pixels = np.load(file, mmap_mode="r")
    begun = time.perf_counter()
    sharpen(pixels, Job(mode, threads=threads))
    whole = time.perf_counter() - begun
    moments = random.Random(7)
    taken = []
    while len(taken) < count:
        deadline = time.perf_counter() + moments.uniform(0, whole)
        try:
            sharpen(
                pixels, Job(mode, threads=threads), should_stop=lambda due=deadline: time.perf_counter() > due
            )
        except Stopped:
            taken.append(time.perf_counter() - deadline)
    return {"cancels": count, "median_s": statistics.median(taken), "longest_s": max(taken)}


def in_fresh_process(job: str, file: Path, mode: str, options: argparse.Namespace) -> dict[str, float]:
    """Call this file again for one measurement."""
    words = [sys.executable, __file__, "--job", job, "--file", str(file), "--mode", mode]
    more = ["--threads", str(options.threads), "--cancels", str(options.cancels)]
    run = subprocess.run([*words, *more], capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(run.stderr)
    return json.loads(run.stdout)


def fitted(rows: list[dict[str, float]], what: str) -> dict[str, float]:
    """Return the straight line through a figure by megapixels, and the farthest any lies from it."""
    x, y = (np.array([row[key] for row in rows]) for key in ("megapixels", what))
    slope, start = np.polyfit(x, y, 1)
    off = y - (start + slope * x)
    return {"per_megapixel": float(slope), "start": float(start), "farthest_off": float(np.abs(off).max())}


def measured(mode: str, sizes: list[float], options: argparse.Namespace, folder: Path) -> dict[str, object]:
    """Return all figures of one mode, and print each as it comes."""
    rows = []
    for megapixels in sizes:
        file = folder / f"{megapixels:g}.npy"
        make_photo(file, megapixels, BLURS.get(mode, Blur("disk", 3)))
        rows.append(in_fresh_process("run", file, mode, options))
        file.unlink()
        if not options.json:
            row = rows[-1]
            print(
                f"{mode:14}{row['megapixels']:7.1f}{row['seconds']:9.2f}{row['cpu_seconds']:9.2f}"
                f"{row['seconds'] / row['megapixels']:8.3f}{row['peak_gb']:9.2f}  {row['finding']}",
                flush=True,
            )
    found: dict[str, object] = {"mode": mode, "runs": rows}
    if len(rows) > 2:
        found["lines"] = {what: fitted(rows, what) for what in ("seconds", "cpu_seconds", "peak_gb")}
    if options.cancels:
        file = folder / "cancelled.npy"
        make_photo(file, CANCELLED_MEGAPIXELS, BLURS.get(mode, Blur("disk", 3)))
        found["cancelled"] = in_fresh_process("cancel", file, mode, options)
        file.unlink()
    return found


def told(found: dict[str, dict]) -> str:
    """Return the lines and the cancelling in words."""
    units = {"seconds": "s", "cpu_seconds": "s of all cores", "peak_gb": "GB"}
    words = [
        f"  {line['start']:.2f} {units[what]} and {line['per_megapixel']:.3f} a megapixel; at most "
        f"{line['farthest_off']:.2f} off that line"
        for what, line in found.get("lines", {}).items()
    ]
    if "cancelled" in found:
        ended = found["cancelled"]
        words.append(
            f"  cancelled {ended['cancels']} times: ended after {ended['median_s']:.2f} s (median), "
            f"{ended['longest_s']:.2f} s at most"
        )
    return "\n".join(words)


def main() -> int:
    """Print a table for each mode, or JSON."""
    parser = argparse.ArgumentParser(description="Seconds and memory of the engine by the size of the photo.")
    parser.add_argument("--mode", nargs="*", default=["Standard"], help=f"of {', '.join(MODES)}, or all")
    parser.add_argument("--sizes", nargs="*", type=float, default=[], help="megapixels")
    parser.add_argument("--quick", action="store_true", help="up to 12 MP")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--cancels", type=int, default=0, help="cancel so many runs of 24 MP at random moments"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--job", choices=("run", "cancel"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        mode = options.mode[0]
        one = (
            one_run(options.file, mode, options.threads)
            if options.job == "run"
            else cancelled_runs(options.file, mode, options.threads, options.cancels)
        )
        print(json.dumps(one))
        return 0
    modes = list(MODES) if options.mode == ["all"] else options.mode
    sizes = options.sizes or list(QUICK if options.quick else SIZES)
    if not options.json:
        print(f"{'mode':14}{'MP':>7}{'s':>9}{'CPU s':>9}{'s/MP':>8}{'peak GB':>9}  found")
    with tempfile.TemporaryDirectory() as folder:
        for mode in modes:
            found = measured(mode, sizes, options, Path(folder))
            words = json.dumps(found) if options.json else told(found)
            if words:
                print(words, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
