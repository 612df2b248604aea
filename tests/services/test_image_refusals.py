"""Files that are no photos, damaged or hostile are refused with a sentence, at once and without harm."""

import contextlib
import errno
import os
import struct
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from sharpen_desktop.core.errors import PhotoUnreadable
from sharpen_desktop.core.picture import OpenedPicture
from sharpen_desktop.services.images import image_io, pixel_files
from tests.support import images

CAN_BE_OPENED = "JPEG, PNG, TIFF, WebP, AVIF, BMP and GIF can be opened"


def opened(path: Path) -> OpenedPicture:
    return image_io.open_photo(str(path), str(path.parent / f"{path.name}.cache"))


def refusal(path: Path) -> str:
    with pytest.raises(PhotoUnreadable) as caught:
        opened(path)
    assert caught.value.headline.startswith(f"{path.name} could not be opened: ")
    assert caught.value.headline.endswith(".")
    return caught.value.headline.split(": ", 1)[1]


def file(tmp_path: Path, name: str, data: bytes) -> Path:
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


# Not a photo at all


def test_a_missing_file_an_empty_one_and_a_folder_are_named_as_such(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.jpg") == "the file is not there."
    assert refusal(file(tmp_path, "harbour.jpg", b"")) == "the file is empty."
    (tmp_path / "folder.jpg").mkdir()
    assert refusal(tmp_path / "folder.jpg") == "it is a folder."


@pytest.mark.skipif(os.name != "posix", reason="POSIX files")
def test_a_pipe_and_a_device_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "zero.jpg").symlink_to("/dev/zero")
    for name in ("pipe.jpg", "zero.jpg"):
        assert refusal(tmp_path / name) == "it is not a regular file."
        with pytest.raises(PhotoUnreadable):
            image_io.first_look(str(tmp_path / name), str(tmp_path / "look"), 800)


def test_a_name_that_is_no_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhotoUnreadable, match="the name is not a valid file name"):
        image_io.open_photo("a\0b.jpg", str(tmp_path / "cache"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read anything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = images.save(tmp_path / "a.jpg", images.quarters())
    path.chmod(0)
    assert refusal(path) == "there is no permission to read it."


@pytest.mark.parametrize(("data", "what"), [
    (b"These are my notes.", "it is not a picture in a known format"),
    (b"8BPS\0\1" + bytes(40), "it is a Photoshop file"),
    (b"%PDF-1.7\n", "it is a PDF file"),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "it is a HEIC file"),
    (b"\xff\x0a" + bytes(40), "it is a JPEG XL file"),
    (b"%!PS-Adobe-3.0 EPSF-3.0\n", "it is not a picture in a known format"),
    (bytes(1000), "it is not a picture in a known format"),
])  # fmt: skip
def test_other_formats_are_named_with_those_that_can_be_opened(
    tmp_path: Path, data: bytes, what: str
) -> None:
    assert refusal(file(tmp_path, "photo.jpg", data)) == f"{what}; {CAN_BE_OPENED}."


def test_camera_raw_files_are_not_opened_as_their_thumbnail(tmp_path: Path) -> None:
    path = images.tiff(tmp_path / "photo.nef", images.quarters(), photometric="rgb")
    assert "camera raw file" in refusal(path)
    dng = [(50706, "B", 4, (1, 4, 0, 0), True)]
    path = images.tiff(tmp_path / "photo.tif", images.quarters(), photometric="rgb", extratags=dng)
    assert "camera raw file (DNG)" in refusal(path)


def test_a_photo_with_the_wrong_extension_opens_as_what_it_is(tmp_path: Path) -> None:
    images.save(tmp_path / "a.png", images.quarters()).rename(tmp_path / "a.jpg")
    assert opened(tmp_path / "a.jpg").facts.format == "PNG"


# Kinds of pixels that are not supported


@pytest.mark.parametrize(("dtype", "said"), [
    ("float32", "32-bit floating-point TIFFs are not supported yet; save it with 16 bit."),
    ("float64", "64-bit floating-point TIFFs are not supported yet; save it with 16 bit."),
    ("uint32", "its kind of pixels (32-bit) is not supported yet."),
    ("int16", "its kind of pixels (16-bit) is not supported yet."),
])  # fmt: skip
def test_numbers_a_photo_does_not_have_are_refused_by_name(tmp_path: Path, dtype: str, said: str) -> None:
    path = images.tiff(tmp_path / "photo.tif", images.smooth().astype(dtype), photometric="rgb")
    assert refusal(path) == said


# Too large


@pytest.mark.parametrize(("name", "data", "megapixels"), [
    ("lie.png", images.png(100_000, 100_000), "10,000"),
    ("lie16.png", images.png(100_000, 100_000, depth=16, colour=2), "10,000"),
    ("lie.jpg", images.lying_jpeg(), "4,295"),
    ("lie.webp", images.lying_webp(60_000, 60_000), "3,600"),
    ("lie.gif", images.gif(2)[:6] + struct.pack("<HH", 60_000, 50_000) + images.gif(2)[10:], "3,000"),
    ("lie.bmp", b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 30_000, 30_000, 1, 24, 0, 0, 1, 1, 0, 0), "900"),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_a_header_that_claims_too_much_is_refused_naming_the_megapixels(
    tmp_path: Path, name: str, data: bytes, megapixels: str
) -> None:
    said = refusal(file(tmp_path, name, data))
    assert said == f"it has {megapixels} megapixels, and more than 200 cannot be worked on."
    assert not list((tmp_path / f"{name}.cache").glob("*"))


def test_a_tiff_that_claims_too_much_is_refused(tmp_path: Path) -> None:
    path = images.tiff(tmp_path / "lie.tif", images.quarters(), photometric="rgb")
    data = bytearray(path.read_bytes())
    (first,) = struct.unpack_from("<I", data, 4)
    for index in range(struct.unpack_from("<H", data, first)[0]):
        at = first + 2 + 12 * index
        if struct.unpack_from("<H", data, at)[0] in {256, 257}:
            struct.pack_into("<HII", data, at + 2, 4, 1, 90_000)
    path.write_bytes(data)
    assert refusal(path).startswith("it has 8,100 megapixels")


def test_a_hundred_megapixels_in_a_few_kilobytes_open(tmp_path: Path) -> None:
    path = file(tmp_path, "black.png", images.black_png(10_000, 10_000))
    assert path.stat().st_size < 30_000
    found = opened(path)
    assert (found.display.width, found.facts.depth) == (10_000, 1)
    assert found.master is not None
    assert np.load(found.master.pixels, mmap_mode="r")[::1000, ::1000].max() == 0


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_text_that_inflates_without_end_is_refused(tmp_path: Path, kind: bytes) -> None:
    assert (
        refusal(file(tmp_path, "bomb.png", images.text_bomb_png(kind)))
        == "the file is damaged or incomplete."
    )


PEAK = """
import resource, sys
from sharpen_desktop.core.errors import PhotoUnreadable
from sharpen_desktop.services.images import image_io
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
for number, path in enumerate(sys.argv[2:]):
    try:
        image_io.open_photo(path, f"{sys.argv[1]}/{number}")
    except PhotoUnreadable:
        pass
    if path.endswith("warm.png"):
        before = peak()
print(peak() - before)
"""


@pytest.mark.skipif(os.name != "posix", reason="a measure of memory")
def test_hostile_files_take_no_memory(tmp_path: Path) -> None:
    warm = [
        images.save(tmp_path / f"warm.{kind}", images.smooth(900, 900))
        for kind in ("webp", "jpg", "tif", "png")
    ]
    bombs = [
        file(tmp_path, "a.png", images.png(100_000, 100_000, depth=16, colour=2)),
        file(tmp_path, "b.jpg", images.lying_jpeg()),
        file(tmp_path, "c.webp", images.lying_webp(60_000, 60_000)),
        file(tmp_path, "d.png", images.text_bomb_png(b"zTXt")),
        file(tmp_path, "e.png", images.text_bomb_png(b"iCCP")),
        images.tiff_strip_bomb(tmp_path / "f.tif"),
    ]
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PEAK), str(tmp_path / "cache"), *map(str, warm + bombs)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(run.stdout) < 60


def test_a_gif_of_a_hundred_thousand_frames_opens_its_first(tmp_path: Path) -> None:
    found = opened(file(tmp_path, "many.gif", images.gif(100_000)))
    assert found.facts.notes == ("Only the first of 100,000 frames is opened.",)


def test_a_tiff_whose_directories_go_in_a_circle_opens(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = opened(file(tmp_path, "loop.tif", images.looping_tiff()))
    assert (found.facts.width, found.facts.notes) == (16, ())
    assert capfd.readouterr().err == ""


# Damaged


def whole(tmp_path: Path, kind: str) -> bytes:
    path = tmp_path / f"whole.{kind.removesuffix('16')}"
    if kind == "png16":
        images.png16(path, images.noise(80, 60, depth=16))
    elif kind == "tif16":
        images.tiff(path, images.noise(80, 60, depth=16), photometric="rgb", compression="lzw")
    elif kind == "tif":
        images.tiff(path, images.noise(80, 60), photometric="rgb")
    else:
        images.save(path, images.noise(80, 60))
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["jpg", "png", "png16", "tif", "tif16", "webp", "avif", "bmp", "gif"])
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, kind: str) -> None:
    data = whole(tmp_path, kind)
    for sixteenth in range(1, 16):
        path = file(tmp_path, f"cut{sixteenth}", data[: len(data) * sixteenth // 16])
        assert refusal(path) == "the file is damaged or incomplete."
    if kind not in {"gif", "png", "png16"}:  # their pixels are whole without the last bytes
        assert refusal(file(tmp_path, "almost", data[:-2])) == "the file is damaged or incomplete."


@pytest.mark.parametrize("kind", ["jpg", "png", "png16", "tif", "tif16", "webp", "avif", "bmp", "gif"])
def test_flipped_bytes_open_or_are_refused_but_nothing_else(tmp_path: Path, kind: str) -> None:
    data = whole(tmp_path, kind)
    random = np.random.default_rng(5)
    for number in range(40):
        broken = bytearray(data)
        for at in random.integers(0, min(len(data), 600 if number % 2 else len(data)), 6):
            broken[at] ^= int(random.integers(1, 256))
        with contextlib.suppress(PhotoUnreadable):
            opened(file(tmp_path, f"broken{number}", bytes(broken)))


def test_a_tiff_without_some_of_its_pixels_is_refused(tmp_path: Path) -> None:
    path = images.tiff(tmp_path / "sparse.tif", images.quarters(), photometric="rgb", rowsperstrip=8)
    with tifffile.TiffFile(path, mode="r+") as tiff:
        tag = tiff.pages[0].tags["StripByteCounts"]
        tag.overwrite((*tag.value[:-1], 0))
    assert refusal(path) == "the file is damaged or incomplete."


# No room


def test_a_disk_without_room_for_the_pixels_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(path: Path, size: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    path = images.save(tmp_path / "a.png", images.quarters())
    monkeypatch.setattr(pixel_files, "_reserve", no_room)
    assert (
        refusal(path)
        == "the disk for temporary files has no room for its pixels. Make some room, then open it again."
    )


LIMITED = """
import resource, sys
from sharpen_desktop.services.images import decoding, image_io, metadata, tiff_reading
import cv2, imagecodecs, tifffile
limit = 1_000_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    image_io.open_photo(sys.argv[1], sys.argv[2])
    print("opened")
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on memory")
def test_a_photo_that_does_not_fit_into_memory_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (14_000, 14_000)).save(tmp_path / "large.jpg", quality=50)
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(LIMITED), str(tmp_path / "large.jpg"), str(tmp_path / "cache")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.startswith("PhotoUnreadable large.jpg could not be opened: there is not enough memory")
