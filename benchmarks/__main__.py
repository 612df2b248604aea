"""All figures at once: ``python benchmarks [--photos FOLDER] [--runs N] [--quick]``.

First what a user waits for (window.py), how fast a photo leaves for the cloud (upload.py), what the local engine costs by
the size of a photo (cost.py), then what it gains (quality.py).
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
    parser.add_argument(
        "--quick", action="store_true", help="smaller photos, fewer kinds of blur, no other methods"
    )
    words = parser.parse_args()
    quick = ["--quick"] if words.quick else []
    quality = [*(["--photos", words.photos] if words.photos else []), *quick, *(["--alone"] if quick else [])]
    status = 0
    timed = ["--runs", words.runs]
    jobs = (("window.py", timed), ("upload.py", timed), ("cost.py", quick), ("quality.py", quality))
    for name, more in jobs:
        print(f"\n== {name.removesuffix('.py')}", flush=True)
        status = max(
            status, subprocess.run([sys.executable, str(HERE / name), *more], check=False).returncode
        )
    return status


if __name__ == "__main__":
    sys.exit(main())
