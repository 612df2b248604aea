"""How much sharper the engine makes photos whose sharp original is known, beside what else there is.

python benchmarks/quality.py [--photos FOLDER] [--set gamma|linear|both] [--classes NAME …] [--only PHOTO …]
    [--mode MODE] [--quick] [--alone] [--jobs N] [--targets] [--json] [--out FOLDER] [--remember FILE]

Every photo is degraded (``degrade.py``), restored blind with the same defaults throughout, and compared with its
original. Beside the engine: the best unsharp mask, its radius and amount chosen for each class with the originals at
hand, which no user can do; the engine when told the blur; scikit-image; and the programs that are installed
(``programs.py``), each called as its users call it.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import crops, tables
from benchmarks.classes import QUICK, Case, cases, photos_in
from benchmarks.known import knows, restored_knowing
from benchmarks.measures import Picture, Score, scored
from benchmarks.methods import MASKS, Method, mask_psnrs, masked, others
from benchmarks.results import ENGINE, GIVEN, KNOWN, MASK, Figure, Memory, Result
from benchmarks.targets import judged
from sharpen_desktop.engine.pipeline import Job, sharpen

Pair = tuple[Picture, Picture]


@lru_cache(maxsize=1)
def _methods() -> dict[str, Method]:
    """Return the other methods by name: once in each process."""
    return {each.name: each for each in others()}


def figures(
    case: Case, pair: Pair, seed: int, mode: str, names: list[str]
) -> tuple[dict[str, Figure], list[float]]:
    """Return the figures of one photo for the engine, the known kernel and the methods named, and each mask's PSNR."""
    sharp, given = pair

    def engine(picture: Picture) -> Picture:
        job = Job(case.mode or mode, jpeg_quality=case.jpeg)
        return np.asarray(sharpen(picture, job).pixels, np.uint8)

    runs = {ENGINE: engine, **{name: _methods()[name].run for name in names}}
    if knows(case):
        runs[KNOWN] = lambda picture: restored_knowing(case, picture, seed)
    found = {GIVEN: Figure(_score(case, given, sharp))}
    for name, run in runs.items():
        begun = _busy()
        result = run(given)
        found[name] = Figure(_score(case, result, sharp), _per_megapixel(begun, given))
    return found, mask_psnrs(given, sharp, shifting=case.shifting, by_luma=case.by_luma)


def _score(case: Case, result: Picture, sharp: Picture) -> Score:
    return scored(result, sharp, shifting=case.shifting, by_luma=case.by_luma)


def _busy() -> float:
    """Return for how many seconds processors have worked for this process and for those it started."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def _per_megapixel(begun: float, given: Picture) -> float:
    """Return processor seconds since ``begun``, of all cores: they do not depend on what else runs."""
    return (_busy() - begun) / (given.shape[0] * given.shape[1] / 1e6)


class Bench:
    """All photos, in one process or several; ``memory`` knows figures of the other methods from earlier calls."""

    def __init__(
        self, photos: dict[str, Picture], mode: str, jobs: int, memory: Memory, *, alone: bool
    ) -> None:
        self.photos, self.mode, self._memory = photos, mode, memory
        self.methods = {} if alone else _methods()
        self._pool = ProcessPoolExecutor(jobs) if jobs > 1 else None

    def measured(self, case: Case) -> Result:
        """Degrade, restore and compare all photos of one class."""
        pairs = [case.pair(photo, seed) for seed, photo in enumerate(self.photos.values())]
        kept = [self._kept(case, pair) for pair in pairs]
        missing = [[name for name in self.methods if name not in known] for known in kept]
        todo = [
            (case, pair, seed, self.mode, names)
            for seed, (pair, names) in enumerate(zip(pairs, missing, strict=True))
        ]
        found = list((self._pool.map if self._pool else map)(figures, *zip(*todo, strict=True)))
        by_photo = [{**known, **new} for known, (new, _) in zip(kept, found, strict=True)]
        for pair, names, new in zip(pairs, missing, by_photo, strict=True):
            for name in names:
                self._memory.keep(self._key(name, case, pair), new[name])
        self._memory.save()
        by_method = {name: [one[name] for one in by_photo] for name in by_photo[0]}
        best = MASKS[int(np.argmax(np.mean([tried for _, tried in found], axis=0)))]
        by_method[MASK] = [_mask_figure(case, pair, best) for pair in pairs]
        return Result(case, tuple(self.photos), by_method, best)

    def _kept(self, case: Case, pair: Pair) -> dict[str, Figure]:
        """Return what is known of one photo already."""
        found = {name: self._memory.get(self._key(name, case, pair)) for name in self.methods}
        return {name: figure for name, figure in found.items() if figure is not None}

    def _key(self, name: str, case: Case, pair: Pair) -> str:
        return Memory.key(self.methods[name].version, case, pair[1], pair[0])


def _mask_figure(case: Case, pair: Pair, at: tuple[float, float]) -> Figure:
    """Return the figures of one unsharp mask."""
    sharp, given = pair
    begun = _busy()
    result = masked(given, *at)
    return Figure(_score(case, result, sharp), _per_megapixel(begun, given))


def wanted(options: argparse.Namespace) -> Iterator[Case]:
    """Return the classes the command line asks for."""
    names = {case.name for case in cases()}
    for case in cases():
        if options.set != "both" and case.linear != (options.set == "linear"):
            continue
        if options.quick and case.name not in QUICK:
            continue
        if not options.classes or any(_is_meant(case.name, asked, names) for asked in options.classes):
            yield case


def _is_meant(name: str, asked: str, names: set[str]) -> bool:
    """Whether a class is asked for: by its name, or by the first words of several names."""
    return name == asked if asked in names else name.startswith(f"{asked} ")


def arguments() -> argparse.ArgumentParser:
    """Return what the command line takes."""
    parser = argparse.ArgumentParser(
        description="Quality of the local engine on photos with a known original."
    )
    parser.add_argument("--photos", type=Path, help="folder of sharp photos (default: those in scikit-image)")
    parser.add_argument(
        "--set",
        choices=("gamma", "linear", "both"),
        default="both",
        help="where the blur is made: encoded values or light",
    )
    parser.add_argument(
        "--classes", nargs="*", default=[], help="only these classes, or those whose names begin so"
    )
    parser.add_argument(
        "--only", nargs="*", default=[], help="only these photos of the folder, without suffix"
    )
    parser.add_argument("--mode", default="Standard")
    parser.add_argument("--quick", action="store_true", help="eight classes instead of all")
    parser.add_argument(
        "--alone", action="store_true", help="beside the engine only masks and the known kernel"
    )
    parser.add_argument("--jobs", type=int, default=1, help="photos at a time")
    parser.add_argument(
        "--targets", action="store_true", help="end with the targets; status 1 where one is missed"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--out", type=Path, help="folder for quality.md, quality.json and quality.png")
    parser.add_argument(
        "--remember", type=Path, help="file that keeps the other methods' figures between calls"
    )
    return parser


def main() -> int:
    """Print the table, or one JSON object a line."""
    parser = arguments()
    options = parser.parse_args()
    photos = photos_in(options.photos)
    photos = {name: photo for name, photo in photos.items() if not options.only or name in options.only}
    chosen = list(wanted(options))
    if not photos or not chosen:
        parser.error("no such photos" if chosen else "no such classes")
    bench = Bench(photos, options.mode, options.jobs, Memory(options.remember), alone=options.alone)
    setting = f"{len(photos)} photos ({', '.join(photos)}), mode {options.mode} with its defaults."
    if not options.json:
        print(f"{setting}\n{tables.HEAD_LINE}", flush=True)
    results = []
    for case in chosen:
        results.append(bench.measured(case))
        print(results[-1].as_json() if options.json else tables.line(results[-1]), flush=True)
    if options.out:
        _write(options.out, results, bench, setting)
    if not options.targets:
        return 0
    print(tables.targets(results), file=sys.stderr if options.json else sys.stdout)
    return int(not all(judged(each).holds for each in results))


def _write(folder: Path, results: list[Result], bench: Bench, setting: str) -> None:
    """Write tables, figures and crops."""
    folder.mkdir(parents=True, exist_ok=True)
    methods = list(bench.methods.values())
    (folder / "quality.md").write_text(tables.document(results, methods, setting), encoding="utf-8")
    (folder / "quality.json").write_text("".join(f"{each.as_json()}\n" for each in results), encoding="utf-8")
    picture = crops.sheet(results, bench.photos, methods, bench.mode)
    Image.fromarray(picture).save(folder / "quality.png", optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
