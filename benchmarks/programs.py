"""Programs that sharpen photos and may be installed: ImageMagick, G'MIC, darktable, RawTherapee.

Each gets a PNG in a folder of its own and is called with the words its manual gives. What is timed holds its start and
the way through files.
"""

import os
import re
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.measures import Picture

TIMEOUT_S = 600

PP3 = "[Version]\nAppVersion=5.9\nVersion=349\n\n[Sharpening]\nEnabled=true\nMethod={method}\n"
"""RawTherapee's sharpening as it is once switched on; everything else as it was."""

DARKTABLE_SHARPEN = struct.pack("<fff", 2.0, 0.5, 0.5).hex()
"""Radius, amount and threshold that darktable's sharpen module begins with, as its history holds them."""
XMP = f"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:darktable="http://darktable.sf.net/"
    darktable:xmp_version="4" darktable:raw_params="0" darktable:auto_presets_applied="1"
    darktable:history_end="1" darktable:iop_order_version="2">
   <darktable:history>
    <rdf:Seq>
     <rdf:li darktable:num="0" darktable:operation="sharpen" darktable:enabled="1"
       darktable:modversion="1" darktable:params="{DARKTABLE_SHARPEN}"
       darktable:multi_name="" darktable:multi_priority="0"/>
    </rdf:Seq>
   </darktable:history>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""


@dataclass(frozen=True, slots=True)
class Program:
    """One program with one setting; ``words``: its call, run where ``given.png`` is read and ``result.png`` written.

    ``files``: what else must lie there, text by name.
    """

    name: str
    version: str
    words: tuple[str, ...]
    files: dict[str, str] = field(default_factory=dict)

    def run(self, picture: Picture) -> Picture:
        """Return what the program makes of an H×W×3 picture; RuntimeError where it makes nothing of that size."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in self.files.items():
                (Path(folder) / name).write_text(text, encoding="utf-8")
            Image.fromarray(picture).save(Path(folder) / "given.png", compress_level=1)
            told = subprocess.run(
                self.words, cwd=folder, env={**os.environ, "HOME": folder}, capture_output=True, text=True,
                check=False, timeout=TIMEOUT_S,
            )  # fmt: skip
            made = Path(folder) / "result.png"
            if not made.exists():
                raise RuntimeError(f"{self.name} made nothing: {told.stdout}{told.stderr}")
            result = np.asarray(Image.open(made).convert("RGB"))
        if result.shape != picture.shape:
            raise RuntimeError(f"{self.name} made {result.shape} of {picture.shape}")
        return result


def installed() -> Iterator[Program]:
    """Yield what can be called here, each program with the settings that sharpen."""
    yield from _imagemagick()
    yield from _gmic()
    yield from _darktable()
    yield from _rawtherapee()


def _said(*words: str) -> str:
    """Return what a program says of itself, without colours; nothing where it is not there."""
    if shutil.which(words[0]) is None:
        return ""
    told = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    return re.sub(r"\x1b\[[0-9;]*m", " ", told.stdout + told.stderr)


def _number_after(word: str, text: str) -> str:
    """Return the version number that follows a word, or nothing."""
    _, found, rest = text.partition(word)
    return rest.split()[0].strip(",.") if found and rest.split() else ""


def _imagemagick() -> Iterator[Program]:
    for call in ("magick", "convert"):
        version = _number_after("ImageMagick", _said(call, "-version"))
        if version:
            for name, words in (
                ("IM unsharp", ("-unsharp", "0x1.5+1+0.02")),
                ("IM sharpen", ("-sharpen", "0x1.5")),
            ):
                told = f"ImageMagick {version} {' '.join(words)}"
                yield Program(name, told, (call, "given.png", *words, "result.png"))
            return


def _gmic() -> Iterator[Program]:
    version = _number_after("Version", _said("gmic", "version"))
    if version:
        for name, words in (
            ("G'MIC sharpen", ("sharpen", "30")),
            ("G'MIC RL", ("deblur_richardsonlucy", "1.5,10")),
        ):
            call = ("gmic", "given.png", *words, "cut", "0,255", "output", "result.png")
            yield Program(name, f"G'MIC {version} {' '.join(words)}", call)


def _darktable() -> Iterator[Program]:
    version = _number_after("darktable-cli", _said("darktable-cli", "--version"))
    if version:
        own = ("--core", "--configdir", "settings", "--library", ":memory:")
        call = (
            "darktable-cli",
            "given.png",
            "sharpen.xmp",
            "result.png",
            "--apply-custom-presets",
            "0",
            *own,
        )
        yield Program("darktable", f"darktable {version} sharpen as it begins", call, {"sharpen.xmp": XMP})


def _rawtherapee() -> Iterator[Program]:
    version = _number_after("version", _said("rawtherapee-cli", "-v"))
    if version:
        for name, method, told in (
            ("RawTherapee", "usm", "sharpening switched on"),
            ("RawTherapee RL", "rld", "sharpening by RL deconvolution"),
        ):
            call = ("rawtherapee-cli", "-q", "-a", "-o", "result.png", "-p", "sharpen.pp3", "-n", "-b8", "-Y")
            files = {"sharpen.pp3": PP3.format(method=method)}
            yield Program(name, f"RawTherapee {version} {told}", (*call, "-c", "given.png"), files)
