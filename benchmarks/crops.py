"""Crops side by side: the original, what was given, the engine, the best unsharp mask, and the best of the others."""

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.classes import Case
from benchmarks.measures import Picture, psnr
from benchmarks.methods import Method, masked
from benchmarks.results import Result
from sharpen_desktop.engine.pipeline import Job, sharpen

WIDTH, HEIGHT = 190, 150
"""Of one crop, px; shown pixel for pixel."""
MOST_ROWS = 6
GAP, LINE = 6, 17
PAPER, INK, FAINT = (255, 255, 255), (30, 30, 30), (110, 110, 110)


def sheet(
    results: Sequence[Result], photos: dict[str, Picture], methods: Sequence[Method], mode: str
) -> Picture:
    """Return a picture with one row a class, each class on the next of the photos; of many classes a few."""
    rows = []
    for place, result in enumerate(results[:: -(-len(results) // MOST_ROWS)]):
        name = list(photos)[place % len(photos)]
        rows.append(_row(result, name, photos[name], methods, mode))
    columns = max(len(row) for row in rows)
    whole = Image.new(
        "RGB",
        (columns * (WIDTH + GAP) + GAP, len(rows) * (HEIGHT + 2 * LINE + GAP) + GAP),
        PAPER,
    )
    draw, font = ImageDraw.Draw(whole), ImageFont.load_default(13)
    for down, row in enumerate(rows):
        for across, (title, told, crop) in enumerate(row):
            x, y = GAP + across * (WIDTH + GAP), GAP + down * (HEIGHT + 2 * LINE + GAP)
            draw.text((x, y), title, fill=INK, font=font)
            draw.text((x, y + LINE), told, fill=FAINT, font=font)
            whole.paste(Image.fromarray(crop), (x, y + 2 * LINE))
    return np.asarray(whole)


def _row(
    result: Result, name: str, photo: Picture, methods: Sequence[Method], mode: str
) -> list[tuple[str, str, Picture]]:
    """Return title, PSNR and crop of each column."""
    case = result.case
    sharp, given = case.pair(photo, 0)
    job = Job(case.mode or mode, jpeg_quality=case.jpeg)
    pictures = {f"given: {case.name}": given, "engine": np.asarray(sharpen(given, job).pixels, np.uint8)}
    if result.mask is not None:
        radius, amount = result.mask
        pictures[f"best mask: {radius:g} px, {amount:g}"] = masked(given, radius, amount)
    best = next((each for each in methods if each.name == result.best_other), None)
    if best is not None:
        pictures[best.name] = best.run(given)
    part = _busiest(sharp)
    cells = [(title, _told(picture, sharp, case), picture[part]) for title, picture in pictures.items()]
    return [(f"{name}: original", "", sharp[part]), *cells]


def _told(picture: Picture, sharp: Picture, case: Case) -> str:
    """Return the PSNR of the whole picture."""
    return f"{psnr(picture, sharp, shifting=case.shifting, by_luma=case.by_luma):.2f} dB"


def _busiest(sharp: Picture) -> tuple[slice, slice]:
    """Return the place of a crop with the most structure, of any size from eyelashes to limbs."""
    grey = cv2.cvtColor(sharp, cv2.COLOR_RGB2GRAY).astype(np.float32)
    structure = np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 4))
    height, width = min(HEIGHT, grey.shape[0]), min(WIDTH, grey.shape[1])
    within = cv2.boxFilter(structure, -1, (width, height), anchor=(0, 0), borderType=cv2.BORDER_ISOLATED)
    room = within[: grey.shape[0] - height + 1, : grey.shape[1] - width + 1]
    top, left = np.unravel_index(int(room.argmax()), room.shape)
    return slice(int(top), int(top) + height), slice(int(left), int(left) + width)
