"""A picture that has come is decoded strictly: half of one, a gap or a wrong checksum is found."""

import io

import numpy as np
import pytest
from PIL import Image
from support import images
from support.drive import ROOT

from sharpen_desktop.services.images import image_io

KINDS = ("jpg", "progressive.jpg", "png", "tif", "zip.tif", "webp")


def made(kind, path):
    """Write a real photo as this kind of file."""
    with Image.open(ROOT / "resources" / "samples" / "summer-palace-missed-focus.jpg") as picture:
        pixels = np.asarray(picture.convert("RGB"))[:400, :600]
    options = {
        "jpg": {"quality": 92},
        "progressive.jpg": {"quality": 92, "progressive": True},
        "webp": {"quality": 92},
    }
    if kind.endswith("tif"):
        return images.tiff(path, pixels, photometric="rgb", compression="zlib" if kind == "zip.tif" else None)
    return images.save(path, pixels, **options.get(kind, {}))


@pytest.fixture(params=KINDS)
def picture(request, tmp_path):
    return made(request.param, tmp_path / f"came.{request.param}")


def test_a_whole_picture_has_nothing_wrong(picture):
    assert image_io.decode_check(str(picture)) == ""


def test_more_kinds_of_whole_pictures_have_nothing_wrong(tmp_path):
    assert image_io.decode_check(str(images.png16(tmp_path / "deep.png", images.smooth(depth=16)))) == ""
    grey = images.save(tmp_path / "grey.jpg", np.ascontiguousarray(images.quarters()[..., 0]))
    assert image_io.decode_check(str(images.add_metadata(grey))) == ""
    lying = images.save(tmp_path / "lying.jpg", images.quarters())
    assert image_io.decode_check(str(images.with_gain_map(lying))) == ""
    stored = Image.fromarray(images.quarters()).quantize(4)
    stored.save(tmp_path / "palette.tif")
    assert image_io.decode_check(str(tmp_path / "palette.tif")) == ""


@pytest.mark.fault(44)
@pytest.mark.parametrize("share", [0.02, 0.25, 0.5, 0.9, 0.999])
def test_a_cut_picture_is_found(picture, share):
    data = picture.read_bytes()
    picture.write_bytes(data[: int(len(data) * share)])
    assert image_io.decode_check(str(picture))


@pytest.mark.fault(44)
@pytest.mark.parametrize("kind", ["jpg", "png", "zip.tif"])
@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_middle_is_found_as_far_as_the_decoder_tells(tmp_path, kind, seed):
    path = made(kind, tmp_path / f"came.{kind}")
    data = bytearray(path.read_bytes())
    at = len(data) // 3 + 997 * seed
    data[at : at + 256] = np.random.default_rng(seed).bytes(256)
    path.write_bytes(bytes(data))
    said = image_io.decode_check(str(path))
    assert said.startswith("the file is damaged or incomplete ("), said


@pytest.mark.fault(44)
def test_a_wrong_checksum_in_a_png_that_decodes_all_the_same_is_found(tmp_path):
    path = images.save(tmp_path / "came.png", images.noise(96, 64))
    data = bytearray(path.read_bytes())
    data[data.rindex(b"IEND") - 8] ^= 1
    path.write_bytes(bytes(data))
    with Image.open(path) as picture:
        picture.load()  # nothing is raised
    assert image_io.decode_check(str(path)).startswith("the file is damaged or incomplete (")


@pytest.mark.fault(44)
def test_a_gap_in_a_jpeg_that_decodes_all_the_same_is_found(tmp_path):
    path = made("jpg", tmp_path / "came.jpg")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + data[len(data) // 2 + 4000 :])
    with Image.open(path) as picture:
        picture.load()  # nothing is raised
    assert "Corrupt JPEG data" in image_io.decode_check(str(path))


def test_the_decoders_words_go_nowhere_else(tmp_path, capfd):
    test_a_gap_in_a_jpeg_that_decodes_all_the_same_is_found(tmp_path)
    assert capfd.readouterr().err == ""


@pytest.mark.fault(43)
@pytest.mark.parametrize(
    "content", [b"", b"<html>no</html>", b"<svg/>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]
)
def test_what_is_no_picture_is_said(tmp_path, content):
    path = tmp_path / "came"
    path.write_bytes(content)
    said = image_io.decode_check(str(path))
    assert said
    assert not said.endswith(".")
    assert "could not be opened" not in said


def test_a_file_that_is_gone_is_said(tmp_path):
    assert image_io.decode_check(str(tmp_path / "gone.jpg")).startswith("the file is not there")


def test_a_picture_in_memory_is_read_as_it_is_named_by_its_bytes(tmp_path):
    out = io.BytesIO()
    Image.fromarray(images.quarters()).save(out, "PNG")
    path = tmp_path / "came.jpg"
    path.write_bytes(out.getvalue())
    assert image_io.decode_check(str(path)) == ""
