"""All figures at once: ``python benchmarks [--photos FOLDER] [--runs N] [--quick]``.

First what a user waits for (window.py), how fast a photo leaves for the cloud (upload.py), then what the local engine
gains (quality.py).
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main():
    """Run them all and return 0 when all did."""
    parser = argparse.ArgumentParser(prog="python benchmarks", description=__doc__)
    parser.add_argument("--photos", help="folder of sharp photos; default: those shipped with scikit-image")
    parser.add_argument("--runs", default="3", help="runs of each timing; the median is shown")
    parser.add_argument("--quick", action="store_true", help="fewer kinds of blur")
    words = parser.parse_args()
    quality = [*(["--photos", words.photos] if words.photos else []), *(["--quick"] if words.quick else [])]
    status = 0
    timed = ["--runs", words.runs]
    for name, more in (("window.py", timed), ("upload.py", timed), ("quality.py", quality)):
        print(f"\n== {name.removesuffix('.py')}", flush=True)
        status = max(
            status, subprocess.run([sys.executable, str(HERE / name), *more], check=False).returncode
        )
    return status


if __name__ == "__main__":
    sys.exit(main())
