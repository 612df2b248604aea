"""Kills the program again and again while it spends money at a service that charges for real, and counts what is lost.

    python benchmarks/kill_loop.py --kills 200 [--seed 7] [--together 0.15] [--keep FOLDER]

About three seconds a kill. Ends with status 1 when anything was lost, paid twice, or left without a next step.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]


def main() -> int:
    """Do the loop and print its counts."""
    from support.kill_driver import KillDriver
    from support.paying_service import PayingService

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    parser.add_argument(
        "--together",
        type=float,
        default=0.15,
        help="part of the calls that are two at once with the same photos",
    )
    parser.add_argument(
        "--keep", type=Path, help="an empty folder for the program's home, kept for a look at it"
    )
    wishes = parser.parse_args()
    folder = wishes.keep or Path(tempfile.mkdtemp(prefix="kill-loop-"))
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    print(f"seed {wishes.seed}", flush=True)
    with PayingService(wishes.seed) as service:
        driver = KillDriver(folder, service, wishes.seed, wishes.together)
        driver.kill(wishes.kills, lambda text: print(f"\r\x1b[K{text}", end="", flush=True))
        print()
        driver.settle()
        problems = driver.problems()
        print(driver.tally())
    for problem in problems:
        print(f"  {problem}")
    print(f"{len(problems)} lost, doubled or undecided; {time.monotonic() - started:.0f} s")
    if wishes.keep is None:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
