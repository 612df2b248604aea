"""Measured figures of one class over all photos, and what is kept of them between two calls."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from benchmarks.classes import Case
from benchmarks.measures import SAME_DB, Picture, Score

ENGINE, MASK, KNOWN, GIVEN = "engine", "best mask", "known kernel", "given"


@dataclass(frozen=True, slots=True)
class Figure:
    """One photo of one class after one method, and the processor seconds that took."""

    score: Score
    seconds_per_megapixel: float = 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """One class; ``figures``: by method, one for each of ``photos``. ``mask``: radius and amount of the best one."""

    case: Case
    photos: tuple[str, ...]
    figures: dict[str, list[Figure]]
    mask: tuple[float, float] | None = None

    def mean(self, method: str, measure: str) -> float:
        """Return the mean of psnr, ssim or gmsd over all photos."""
        return float(np.mean([getattr(each.score, measure) for each in self.figures[method]]))

    def seconds(self, method: str) -> float:
        """Return processor seconds per megapixel, all photos counting alike."""
        return float(np.mean([each.seconds_per_megapixel for each in self.figures[method]]))

    def gain(self, method: str) -> float:
        """Return by how many dB the mean PSNR rises over the given photos'."""
        return float(np.mean(self._gains(method)))

    def worst(self, method: str) -> tuple[float, str]:
        """Return the smallest gain of any photo, and which."""
        gains = self._gains(method)
        at = int(np.argmin(gains))
        return gains[at], self.photos[at]

    def _gains(self, method: str) -> list[float]:
        pairs = zip(self.figures[method], self.figures[GIVEN], strict=True)
        return [after.score.psnr - before.score.psnr for after, before in pairs]

    @property
    def others(self) -> list[str]:
        """Methods that are neither the engine nor an unsharp mask nor told the blur."""
        return [name for name in self.figures if name not in {ENGINE, MASK, KNOWN, GIVEN}]

    @property
    def best_other(self) -> str | None:
        """Whichever of them has the highest PSNR."""
        return max(self.others, key=self.gain, default=None)

    @property
    def is_lossless(self) -> bool:
        """Whether what was given is the original itself, so that a gain means nothing."""
        return self.mean(GIVEN, "psnr") >= SAME_DB

    def as_json(self) -> str:
        """Return everything as one line."""
        methods = {
            name: {
                "psnr": [round(each.score.psnr, 3) for each in figures],
                "ssim": [round(each.score.ssim, 4) for each in figures],
                "gmsd": [round(each.score.gmsd, 4) for each in figures],
                "gain": round(self.gain(name), 3),
                "worst": round(self.worst(name)[0], 3),
                "seconds_per_megapixel": round(self.seconds(name), 3),
            }
            for name, figures in self.figures.items()
        }
        return json.dumps(
            {"class": self.case.name, "photos": self.photos, "mask": self.mask, "methods": methods}
        )


class Memory:
    """Figures of the other methods by what they were given, in a file: they change only when a program does."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._figures: dict[str, dict[str, float]] = {}
        if file is not None and file.exists():
            self._figures = json.loads(file.read_text(encoding="utf-8"))

    @staticmethod
    def key(version: str, case: Case, given: Picture, sharp: Picture) -> str:
        """Return what names one figure: the method with its settings, how it is compared, and every pixel."""
        pixels = sha256(given.tobytes() + sharp.tobytes()).hexdigest()
        return f"{version}|{case.by_luma}|{case.shifting}|{pixels}"

    def get(self, key: str) -> Figure | None:
        """Return a figure that is known."""
        kept = self._figures.get(key)
        if kept is None:
            return None
        return Figure(Score(kept["psnr"], kept["ssim"], kept["gmsd"]), kept["seconds_per_megapixel"])

    def keep(self, key: str, figure: Figure) -> None:
        """Remember one."""
        self._figures[key] = {**asdict(figure.score), "seconds_per_megapixel": figure.seconds_per_megapixel}

    def save(self) -> None:
        """Write the file, where there is one."""
        if self._file is not None:
            self._file.write_text(json.dumps(self._figures), encoding="utf-8")
