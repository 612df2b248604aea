"""A saved file holds the result's pixels and the original's metadata, and says what it could not keep."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import exiv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from sharpen_desktop.core.errors import SaveFailed
from sharpen_desktop.core.picture import Master, Saved, SaveOptions
from sharpen_desktop.services.images import encoding, image_io, saving
from tests.support import images

FORMATS = ["jpeg", "png", "tiff", "webp"]
CHANGED = {
    "Exif.Image.Orientation", "Exif.Photo.PixelXDimension", "Exif.Photo.PixelYDimension", "Exif.Image.ExifTag",
    "Exif.Image.GPSTag", "Xmp.tiff.Orientation", "Xmp.tiff.ImageWidth",
}  # fmt: skip
has_exiftool = shutil.which("exiftool") is not None


def master_of(path: Path) -> Master:
    master = image_io.open_photo(str(path), str(path.parent / f"{path.name}.cache")).master
    assert master is not None
    return master


def save(master: Master, target: Path, quality: int = 95, received: Path | None = None) -> Saved:
    options = SaveOptions(target.suffix.removeprefix("."), quality)
    return image_io.save_photo(master, master, str(target), options, str(received) if received else None)


def camera_photo(folder: Path, kind: str = "jpg", orientation: int = 6, **metadata: int) -> Path:
    path = folder / f"harbour.{kind}"
    options: dict[str, Any] = {"quality": 95, "subsampling": 0} if kind == "jpg" else {}
    images.save(
        path, images.as_stored(images.quarters(), orientation), icc_profile=images.adobe_rgb(), **options
    )
    return images.add_metadata(path, orientation, **metadata)


def exiftool(path: Path) -> dict[str, Any]:
    run = subprocess.run(
        ["exiftool", "-json", "-n", "-G1", "-struct", str(path)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(run.stdout)[0]
    return found


# Metadata


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("source", ["jpg", "png", "tif", "webp"])
def test_exif_xmp_and_iptc_go_from_every_format_into_every_other(
    tmp_path: Path, source: str, target: str
) -> None:
    path = camera_photo(tmp_path, source)
    before = images.metadata(path)
    saved = save(master_of(path), tmp_path / f"saved.{target}")
    after = images.metadata(Path(saved.path))
    structure = {key for key in before if key in images.TIFF_STRUCTURE or key.startswith("Exif.Thumbnail")}
    wanted = {key: value for key, value in before.items() if key not in structure | CHANGED}
    if target == "webp":
        wanted = {key: value for key, value in wanted.items() if not key.startswith("Iptc")}
    assert {key: after.get(key) for key in wanted} == wanted
    assert after["Exif.Image.Orientation"] == after["Xmp.tiff.Orientation"] == "1"
    assert (after["Exif.Photo.PixelXDimension"], after["Exif.Photo.PixelYDimension"]) == ("96", "64")
    assert after["Xmp.tiff.ImageWidth"] == "96"
    assert not [key for key in after if key.startswith("Exif.Thumbnail")]


@pytest.mark.skipif(not has_exiftool, reason="ExifTool is not installed")
@pytest.mark.parametrize("target", FORMATS)
def test_exiftool_finds_the_same_in_the_saved_file(tmp_path: Path, target: str) -> None:
    path = camera_photo(tmp_path)
    saved = save(master_of(path), tmp_path / f"saved.{target}")
    before, after = exiftool(path), exiftool(Path(saved.path))
    groups = ("IFD0:", "ExifIFD:", "GPS:", "XMP-", "IPTC:", "ICC")
    skipped = {"IFD0:Orientation", "XMP-tiff:Orientation", "XMP-tiff:ImageWidth"}
    for key, value in before.items():
        if key.startswith("IPTC:") and target == "webp":
            continue
        if key.startswith(groups) and key not in skipped and "ExifImage" not in key:
            assert after.get(key) == value, key
    assert after["IFD0:Orientation"] == 1
    assert (after["ExifIFD:ExifImageWidth"], after["ExifIFD:ExifImageHeight"]) == (96, 64)
    assert after["IFD0:XResolution"] == 240
    assert not [key for key in after if "Thumbnail" in key]
    if target == "webp":
        assert after["XMP-dc:Subject"] == ["boats", "dusk"]
        assert after["XMP-dc:Description"] == "A harbour"
        assert after["XMP-dc:Creator"] == ["Ada Example"]


def test_webp_takes_iptc_as_xmp_and_that_is_said(tmp_path: Path) -> None:
    saved = save(master_of(camera_photo(tmp_path)), tmp_path / "saved.webp")
    assert saved.notes == ("WebP has no place for IPTC; its fields were written as XMP.",)
    after = images.metadata(Path(saved.path))
    assert after["Xmp.dc.subject"] == "boats, dusk"
    assert after["Xmp.dc.title"] == 'lang="x-default" Harbour at dusk'


def test_the_metadata_is_of_the_original_and_the_pixels_of_the_result(tmp_path: Path) -> None:
    original = master_of(camera_photo(tmp_path))
    result = master_of(images.save(tmp_path / "result.png", 255 - images.quarters(192, 128)))
    options = SaveOptions("png")
    saved = image_io.save_photo(result, original, str(tmp_path / "saved.png"), options, None)
    after = images.metadata(Path(saved.path))
    assert after["Exif.Image.Model"] == "X 100"
    assert (after["Exif.Photo.PixelXDimension"], after["Exif.Photo.PixelYDimension"]) == ("192", "128")
    with Image.open(saved.path) as image:
        assert np.array_equal(np.asarray(image), 255 - images.quarters(192, 128))
        assert "icc_profile" not in image.info


@pytest.mark.parametrize("target", FORMATS)
def test_a_photo_without_metadata_gets_none(tmp_path: Path, target: str) -> None:
    master = master_of(images.save(tmp_path / "plain.png", images.quarters()))
    saved = save(master, tmp_path / f"saved.{target}")
    assert saved.notes == ()
    left = {key for key in images.metadata(Path(saved.path)) if key not in images.TIFF_STRUCTURE}
    assert left <= {"Exif.Image.XResolution", "Exif.Image.YResolution", "Exif.Image.ResolutionUnit"}


@pytest.mark.parametrize("target", ["jpeg", "png", "tiff"])
@pytest.mark.parametrize("source", ["jpg", "png", "bmp", "tif"])
def test_the_resolution_is_kept(tmp_path: Path, source: str, target: str) -> None:
    path = images.save(tmp_path / f"photo.{source}", images.quarters(), dpi=(300, 300))
    saved = save(master_of(path), tmp_path / f"saved.{target}")
    with Image.open(saved.path) as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


@pytest.mark.parametrize("target", ["jpeg", "png", "webp"])
def test_exif_that_does_not_fit_loses_the_makers_notes_and_that_is_said(tmp_path: Path, target: str) -> None:
    path = camera_photo(tmp_path, "tif", maker_note=90_000)
    master = master_of(path)
    saved = save(master, tmp_path / f"saved.{target}")
    assert "The camera maker's own notes did not fit and were left out." in saved.notes
    after = images.metadata(Path(saved.path))
    assert after["Exif.Image.Model"] == "X 100"
    assert "Exif.GPSInfo.GPSLatitude" in after
    assert "Exif.Photo.MakerNote" not in after
    again = save(master, tmp_path / "saved.tiff")
    assert again.notes == ()
    assert len(images.metadata(Path(again.path))["Exif.Photo.MakerNote"]) > 90_000


def test_other_long_exif_that_does_not_fit_is_said_too(tmp_path: Path) -> None:
    saved = save(master_of(camera_photo(tmp_path, "tif", comment=90_000)), tmp_path / "saved.jpeg")
    assert saved.notes == ("Very long EXIF fields did not fit and were left out.",)
    assert images.metadata(Path(saved.path))["Exif.Image.Model"] == "X 100"


@pytest.mark.parametrize("length", [70_000, 400_000])
def test_xmp_that_does_not_fit_into_a_jpeg_loses_its_longest_fields(tmp_path: Path, length: int) -> None:
    path = camera_photo(tmp_path, "png")
    image = exiv2.ImageFactory.open(str(path))
    image.readMetadata()
    image.xmpData()["Xmp.photoshop.History"] = "h" * length
    image.writeMetadata()
    master = master_of(path)
    saved = save(master, tmp_path / "saved.jpeg")
    assert saved.notes == ("Very long XMP fields did not fit into a JPEG and were left out.",)
    after = images.metadata(Path(saved.path))
    assert after["Xmp.xmp.Rating"] == "4"
    assert "Xmp.photoshop.History" not in after
    kept = save(master, tmp_path / "saved.png")
    assert len(images.metadata(Path(kept.path))["Xmp.photoshop.History"]) == length


@pytest.mark.parametrize("order", ["II", "MM"])
def test_a_jpegs_exif_keeps_the_byte_order_that_maker_notes_rely_on(tmp_path: Path, order: str) -> None:
    path = camera_photo(tmp_path, maker_note=40, is_big_endian=order == "MM")
    assert exif_block(path)[:2] == order.encode()
    saved = save(master_of(path), tmp_path / "saved.jpeg")
    assert exif_block(Path(saved.path))[:2] == order.encode()
    assert images.metadata(Path(saved.path))["Exif.Photo.ExposureTime"] == "1/250"


def exif_block(path: Path) -> bytes:
    with Image.open(path) as image:
        block: bytes = image.info["exif"]
        return block.removeprefix(b"Exif\0\0")


@pytest.mark.parametrize("name", ["-", "data:,x.jpg", "file:x.jpg", "photo with 'quotes' & 🌊.jpg"])
def test_names_that_mean_something_elsewhere_are_just_names(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    camera_photo(tmp_path).rename(tmp_path / name)
    opened = image_io.open_photo(name, str(tmp_path / "cache"))
    assert opened.facts.notes == ()
    assert opened.master is not None
    saved = image_io.save_photo(opened.master, opened.master, "out.jpg", SaveOptions("jpeg"), None)
    assert images.metadata(Path(saved.path))["Exif.Image.Model"] == "X 100"


# Pixels


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("target", ["png", "tiff"])
def test_png_and_tiff_keep_every_bit(tmp_path: Path, target: str, channels: int, depth: int) -> None:
    icc = images.grey_profile() if channels < 3 else images.adobe_rgb()
    pixels = images.noise(70, 50, depth=depth, channels=channels)
    path = tmp_path / "photo.png"
    images.png16(path, pixels, icc) if depth == 16 else images.save(path, pixels, icc_profile=icc)
    images.add_metadata(path)
    master = master_of(path)
    saved = save(master, tmp_path / f"saved.{target}")
    again = master_of(Path(saved.path))
    assert saved.notes == ()
    assert np.array_equal(np.load(again.pixels), np.load(master.pixels))
    assert again.depth == depth
    assert Path(again.profile).read_bytes() == icc
    assert bool(again.alpha) == (channels in {2, 4})
    if again.alpha:
        assert np.array_equal(np.load(again.alpha), np.load(master.alpha))


@pytest.mark.parametrize("target", ["jpeg", "webp"])
def test_16_bit_in_a_format_of_8_is_rounded_and_said(tmp_path: Path, target: str) -> None:
    pixels = images.smooth(depth=16)
    saved = save(master_of(images.png16(tmp_path / "a.png", pixels)), tmp_path / f"saved.{target}", 100)
    name = {"jpeg": "JPEG", "webp": "WebP"}[target]
    assert saved.notes == (f"{name} keeps 8 of the 16 bits a channel.",)
    with Image.open(saved.path) as image:
        assert np.abs(np.asarray(image) - pixels / 257).max() < 8


@pytest.mark.parametrize(("quality", "sampling"), [(100, (1, 1)), (90, (1, 1)), (89, (2, 2)), (60, (2, 2))])
def test_jpeg_keeps_full_colour_resolution_from_90_up(
    tmp_path: Path, quality: int, sampling: tuple[int, int]
) -> None:
    master = master_of(camera_photo(tmp_path))
    saved = save(master, tmp_path / "saved.jpeg", quality)
    with Image.open(saved.path) as image:
        assert image.layer[0][1:3] == sampling
        assert image.info["icc_profile"] == images.adobe_rgb()
    assert master_of(Path(saved.path)).jpeg_quality == pytest.approx(quality, abs=1)


def test_grey_stays_grey_in_a_jpeg(tmp_path: Path) -> None:
    path = images.save(tmp_path / "a.png", images.smooth(channels=1), icc_profile=images.grey_profile())
    saved = save(master_of(path), tmp_path / "saved.jpeg")
    with Image.open(saved.path) as image:
        assert image.mode == "L"
        assert image.info["icc_profile"] == images.grey_profile()


def test_transparency_is_put_on_white_in_a_jpeg_and_said(tmp_path: Path) -> None:
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[:, 30:, 3] = 255
    master = master_of(images.save(tmp_path / "a.png", pixels))
    saved = save(master, tmp_path / "saved.jpeg")
    assert saved.notes == ("JPEG knows no transparency; see-through parts were put on white.",)
    with Image.open(saved.path) as image:
        assert (image.getpixel((5, 5)), image.getpixel((50, 5))) == ((255, 255, 255), (0, 0, 0))


def test_opaque_alpha_is_nothing_to_speak_of(tmp_path: Path) -> None:
    pixels = np.dstack([images.quarters(), np.full((64, 96), 255, np.uint8)])
    assert save(master_of(images.save(tmp_path / "a.png", pixels)), tmp_path / "saved.jpeg").notes == ()


@pytest.mark.parametrize("channels", [2, 4])
def test_webp_keeps_alpha_and_profile(tmp_path: Path, channels: int) -> None:
    pixels = images.smooth(channels=channels)
    icc = {} if channels == 2 else {"icc_profile": images.adobe_rgb()}
    saved = save(master_of(images.save(tmp_path / "a.png", pixels, **icc)), tmp_path / "saved.webp")
    with Image.open(saved.path) as image:
        assert image.mode == "RGBA"
        assert np.abs(np.asarray(image)[..., 3].astype(int) - pixels[..., -1]).max() <= 1
        assert image.info.get("icc_profile") == icc.get("icc_profile")


@pytest.mark.parametrize(("target", "limit"), [("webp", "16,383"), ("jpeg", "65,500")])
def test_a_picture_too_long_for_its_format_is_refused_with_the_limit(
    tmp_path: Path, target: str, limit: str
) -> None:
    long = replace(master_of(camera_photo(tmp_path)), width=70_000)
    with pytest.raises(SaveFailed, match=f"takes at most {limit} pixels on a side"):
        save(long, tmp_path / f"saved.{target}")


def test_converted_cmyk_is_saved_as_srgb(tmp_path: Path) -> None:
    Image.fromarray(images.quarters()).convert("CMYK").save(tmp_path / "a.jpg")
    saved = save(master_of(tmp_path / "a.jpg"), tmp_path / "saved.png")
    with Image.open(saved.path) as image:
        profile = ImageCms.getOpenProfile(io.BytesIO(image.info["icc_profile"]))
        assert ImageCms.getProfileDescription(profile).startswith("sRGB")


# What came from the service


def pixel_bytes(path: Path) -> bytes:
    """Return the coded pixels of a JPEG or PNG, as they lie in the file."""
    data = path.read_bytes()
    return data[data.index(b"\xff\xda") :] if data[:2] == b"\xff\xd8" else data[data.index(b"IDAT") :]


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_received_file_of_the_wanted_format_keeps_its_pixels_as_they_came(
    tmp_path: Path, kind: str
) -> None:
    original = master_of(camera_photo(tmp_path))
    received = images.save(tmp_path / f"received.{kind}", images.noise(96, 64))
    options = SaveOptions(kind, 50)
    saved = image_io.save_photo(
        master_of(received), original, str(tmp_path / f"saved.{kind}"), options, str(received)
    )
    assert pixel_bytes(Path(saved.path)) == pixel_bytes(received)
    assert images.metadata(Path(saved.path))["Exif.Image.Model"] == "X 100"


def test_a_received_tiff_keeps_its_pixels_and_gets_the_metadata(tmp_path: Path) -> None:
    original = master_of(camera_photo(tmp_path))
    received = images.tiff(
        tmp_path / "received.tiff", images.noise(96, 64), photometric="rgb", compression="lzw"
    )
    result = master_of(received)
    saved = image_io.save_photo(
        result, original, str(tmp_path / "s.tiff"), SaveOptions("tiff"), str(received)
    )
    with Image.open(saved.path) as image:
        assert image.info["compression"] == "tiff_lzw"
        assert np.array_equal(np.asarray(image), images.noise(96, 64))
    assert images.metadata(Path(saved.path))["Exif.Image.Model"] == "X 100"


@pytest.mark.parametrize("turn", [3, 6])
@pytest.mark.parametrize("kind", ["jpeg", "tiff"])
def test_a_received_file_that_is_not_upright_is_encoded_anew(tmp_path: Path, kind: str, turn: int) -> None:
    stored = images.as_stored(images.quarters(), turn)
    received = images.add_metadata(images.save(tmp_path / f"received.{kind}", stored), turn)
    saved = save(master_of(received), tmp_path / f"saved.{kind}", received=received)
    assert images.metadata(Path(saved.path))["Exif.Image.Orientation"] == "1"
    with Image.open(saved.path) as image:
        assert image.size == (96, 64)
        assert np.abs(np.asarray(image)[5, 5].astype(int) - images.CORNERS[0]).max() < 9


def test_a_received_file_of_another_format_is_encoded_anew(tmp_path: Path) -> None:
    received = images.save(tmp_path / "received.jpeg", images.quarters())
    save(master_of(received), tmp_path / "saved.png", received=received)
    with Image.open(tmp_path / "saved.png") as image:
        assert image.format == "PNG"


# Whole or not at all


def test_a_file_that_does_not_read_back_is_never_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = encoding.jpeg
    monkeypatch.setattr(encoding, "jpeg", lambda *args: really(*args)[:-300])
    target = tmp_path / "saved.jpeg"
    target.write_bytes(b"old")
    with pytest.raises(
        SaveFailed, match=r"saved\.jpeg could not be saved: the written file could not be read back"
    ):
        save(master_of(images.save(tmp_path / "a.png", images.quarters())), target)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_a_file_of_another_size_is_never_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = encoding.png(saving.picture_pixels.Picture(images.quarters(10, 10)))
    monkeypatch.setattr(encoding, "png", lambda _picture: small)
    with pytest.raises(SaveFailed, match="the written file has another size"):
        save(master_of(images.save(tmp_path / "a.png", images.quarters())), tmp_path / "saved.png")
    assert not (tmp_path / "saved.png").exists()


def test_pixels_that_are_gone_are_said(tmp_path: Path) -> None:
    master = master_of(camera_photo(tmp_path))
    Path(master.pixels).unlink()
    with pytest.raises(SaveFailed, match=r"saved\.png could not be saved"):
        save(master, tmp_path / "saved.png")


def test_nothing_is_left_in_the_picture_folder(tmp_path: Path) -> None:
    master = master_of(camera_photo(tmp_path))
    before = sorted(os.listdir(master.folder))
    save(master, tmp_path / "saved.tiff")
    assert sorted(os.listdir(master.folder)) == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KB, where root can mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if (
        not is_root
        or sys.platform != "linux"
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("no small disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.fault(51)
@pytest.mark.parametrize("target", FORMATS)
def test_a_full_disk_is_named_and_the_old_file_stays(tmp_path: Path, small_disk: Path, target: str) -> None:
    path = small_disk / f"saved.{target}"
    path.write_bytes(b"old")
    master = master_of(images.save(tmp_path / "a.png", images.noise(400, 300)))
    with pytest.raises(SaveFailed, match=rf"saved\.{target} could not be saved: the disk is full\."):
        save(master, path)
    assert path.read_bytes() == b"old"
    assert os.listdir(small_disk) == [path.name]


@pytest.mark.fault(51)
def test_a_result_that_does_not_fit_on_the_disk_leaves_nothing(tmp_path: Path, small_disk: Path) -> None:
    pixels = images.noise(400, 300, depth=16)
    master = master_of(images.png16(tmp_path / "a.png", pixels))
    with pytest.raises(SaveFailed, match="the disk is full"):
        image_io.store_result(pixels, master, str(small_disk / "result.tif"))
    assert os.listdir(small_disk) == []
