"""How much sharper the engine makes photos whose sharp original is known, beside the best unsharp mask.

python benchmarks/quality.py [--photos FOLDER] [--set encoded|linear|both] [--classes NAME …] [--quick] [--json]

Every photo is degraded (``degrade.py``), restored blind with the same defaults throughout, and compared with
its original. The unsharp mask's radius and amount are chosen for each class with the originals at hand,
which no user can do: it is the best that unsharp masking could give.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.degrade import Blur, degraded
from sharpen_desktop.engine.pipeline import Job, sharpen

Picture = NDArray[np.uint8]

SHIPPED = ("astronaut", "chelsea", "coffee", "rocket", "motorcycle_left")
SUFFIXES = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}
RADII = (0.7, 1.0, 1.5, 2.0, 3.0, 5.0)
PLACES = {"ramp": 3.0, "subject": 2.2}
AMOUNTS = (0.3, 0.6, 1.0, 1.5, 2.5)


@dataclass(frozen=True, slots=True)
class Case:
    """One class of degradation; ``jpeg``: quality or None; ``linear``: blurred in linear light.

    ``mode``: the engine's mode for a blur that differs from place to place, whose PSNR is that of luma.
    """

    name: str
    blur: Blur
    noise: float
    jpeg: int | None = None
    linear: bool = False
    quick: bool = False
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Means over all photos. PSNR of RGB (place by place: of luma) in dB; SSIM of luma; ``worst`` is the smallest gain of any photo."""

    name: str
    given: float
    restored: float
    gain: float
    worst: float
    worst_photo: str
    mask_gain: float
    given_ssim: float
    restored_ssim: float
    mask_ssim: float
    seconds_per_megapixel: float


def cases() -> list[Case]:
    """Everything that is measured: blurred in encoded values, then in linear light."""
    quick = {"none", "gauss 1.5", "disk 3", "line 15", "disk 3 jpeg 85", "linear gauss 1.5", "linear disk 3"}
    encoded = [("none", Blur("none"))]
    encoded += [(f"gauss {s:g}", Blur("gauss", s)) for s in (1.0, 1.5, 2.0, 3.0)]
    encoded += [(f"disk {r:g}", Blur("disk", r)) for r in (2.0, 3.0, 4.0, 6.0)]
    lines = {"line 5": (5, 20), "line 9": (9, 30), "line 15": (15, 70), "line 25": (25, 130)}
    encoded += [(name, Blur("line", *at)) for name, at in lines.items()]
    found = [Case(name, blur, 0.0 if name == "none" else 0.008) for name, blur in encoded]
    for name in ("none", "gauss 1.5", "disk 3", "line 9"):
        blur = dict(encoded)[name]
        found += [Case(f"{name} jpeg 85", blur, 0.005, jpeg=85), Case(f"{name} noise .02", blur, 0.02)]
    light = [Blur("gauss", 1.5), Blur("disk", 3), Blur("disk", 5), Blur("line", 15, 70)]
    found += [Case(f"linear {b.name} {b.size:g}", b, 0.006, linear=True) for b in light]
    found += [Case(name, Blur(name, size), 0.008, mode="Refocus") for name, size in PLACES.items()]
    return [replace(c, quick=c.name in quick) for c in found]


def psnr(one: Picture, other: Picture) -> float:
    """Peak signal to noise ratio in dB; 99 where they are equal."""
    error = float(np.mean((one.astype(np.float64) - other) ** 2))
    return 10 * float(np.log10(255**2 / error)) if error else 99.0


def ssim(one: Picture, other: Picture) -> float:
    """Structural similarity of luma (Wang et al. 2004), gaussian window of 1.5 px."""
    a, b = (cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255 for p in (one, other))

    def mean(plane: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(plane, (11, 11), 1.5))

    ma, mb = mean(a), mean(b)
    covariance = mean(a * b) - ma * mb
    spread = mean(a * a) - ma * ma + mean(b * b) - mb * mb
    share = (2 * ma * mb + 1e-4) * (2 * covariance + 9e-4) / ((ma * ma + mb * mb + 1e-4) * (spread + 9e-4))
    return float(share.mean())


def masked(picture: Picture, radius: float, amount: float) -> Picture:
    """Unsharp mask."""
    soft = cv2.GaussianBlur(picture, (0, 0), radius)
    return np.asarray(cv2.addWeighted(picture, 1 + amount, soft, -amount, 0))


def luma(picture: Picture) -> Picture:
    """Return encoded luma, H×W."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def best_mask(
    pairs: list[tuple[Picture, Picture]], seen: Callable[[Picture], Picture]
) -> tuple[float, float]:
    """Mean PSNR and SSIM of the radius and amount that suit these pairs best; ``seen``: what PSNR looks at."""
    tried = [(radius, amount) for radius in RADII for amount in AMOUNTS]
    means = [
        float(np.mean([psnr(seen(masked(given, *at)), seen(sharp)) for sharp, given in pairs]))
        for at in tried
    ]
    best = tried[int(np.argmax(means))]
    return max(means), float(np.mean([ssim(masked(given, *best), sharp) for sharp, given in pairs]))


def measured(case: Case, photos: dict[str, Picture], mode: str) -> Row:
    """Degrade, restore and compare all photos of one class."""
    pairs = [
        degraded(photo, case.blur, noise=case.noise, linear=case.linear, jpeg=case.jpeg, seed=seed)
        for seed, photo in enumerate(photos.values())
    ]
    if case.blur.name == "none":
        pairs = [(given, given) for _, given in pairs]
    begun = time.perf_counter()
    job = Job(case.mode or mode, jpeg_quality=case.jpeg)
    results = [np.asarray(sharpen(given, job).pixels, np.uint8) for _, given in pairs]
    seconds = time.perf_counter() - begun
    seen = luma if case.mode else np.asarray
    before = [psnr(seen(given), seen(sharp)) for sharp, given in pairs]
    after = [psnr(seen(result), seen(sharp)) for result, (sharp, _) in zip(results, pairs, strict=True)]
    gains = np.subtract(after, before)
    mask_psnr, mask_ssim = best_mask(pairs, seen)
    return Row(
        case.name,
        float(np.mean(before)),
        float(np.mean(after)),
        float(gains.mean()),
        float(gains.min()),
        list(photos)[int(gains.argmin())],
        mask_psnr - float(np.mean(before)),
        float(np.mean([ssim(given, sharp) for sharp, given in pairs])),
        float(np.mean([ssim(result, sharp) for result, (sharp, _) in zip(results, pairs, strict=True)])),
        mask_ssim,
        seconds / (sum(given.shape[0] * given.shape[1] for _, given in pairs) / 1e6),
    )


def photos_in(folder: Path | None) -> dict[str, Picture]:
    """Photos of a folder by name; without one, those that come inside scikit-image."""
    from PIL import Image

    if folder is None:
        import skimage.data

        home = Path(skimage.data.__file__).parent
        files = [path for name in SHIPPED for path in home.glob(f"{name}.*")]
    else:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return {path.stem: np.asarray(Image.open(path).convert("RGB")) for path in files}


def wanted(options: argparse.Namespace) -> Iterator[Case]:
    """Return the classes the command line asks for."""
    for case in cases():
        if options.set != "both" and case.linear != (options.set == "linear"):
            continue
        if options.quick and not case.quick:
            continue
        if not options.classes or any(case.name.startswith(name) for name in options.classes):
            yield case


def line(row: Row) -> str:
    """One row of the table."""
    return (
        f"{row.name:20} {row.given:6.2f} {row.restored:6.2f} {row.gain:+6.2f} {row.worst:+6.2f} {row.worst_photo:16}"
        f" {row.mask_gain:+6.2f}  {row.given_ssim:.3f} {row.restored_ssim:.3f} {row.mask_ssim:.3f}"
        f" {row.seconds_per_megapixel:6.2f}"
    )


def main() -> int:
    """Print the table, or one JSON object a line."""
    parser = argparse.ArgumentParser(
        description="Quality of the local engine on photos with a known original."
    )
    parser.add_argument("--photos", type=Path, help="folder of sharp photos (default: those in scikit-image)")
    parser.add_argument(
        "--set", choices=("encoded", "linear", "both"), default="both", help="where the blur is made"
    )
    parser.add_argument("--classes", nargs="*", default=[], help="only classes whose name begins so")
    parser.add_argument("--mode", default="Standard")
    parser.add_argument("--quick", action="store_true", help="seven classes instead of all")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    photos = photos_in(options.photos)
    if not photos:
        parser.error(f"no photos in {options.photos}")
    if not options.json:
        print(
            f"{len(photos)} photos, mode {options.mode}; PSNR of RGB in dB; mask: best unsharp mask of each class"
        )
        print(
            f"{'class':20} {'given':>6} {'result':>6} {'gain':>6} {'worst':>6} {'photo':16} {'mask':>6}  SSIM: given, result, mask; s/MP"
        )
    for case in wanted(options):
        row = measured(case, photos, options.mode)
        print(json.dumps(asdict(row)) if options.json else line(row), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
