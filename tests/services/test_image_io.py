"""Photos are opened upright, at their depth, in their colours, and what is left aside is said."""

import io
import os
import sys
from pathlib import Path

import exiv2
import imagecodecs
import numpy as np
import pytest
from PIL import Image, ImageCms

from sharpen_desktop.core.errors import PhotoUnreadable, SaveFailed
from sharpen_desktop.core.picture import Level, Master, OpenedPicture
from sharpen_desktop.services.images import image_io
from tests.support import images

PILLOW_FORMATS = ["jpg", "png", "tif", "webp"]


class Opened:
    """An opened photo with its arrays at hand."""

    def __init__(self, path: Path) -> None:
        folder = path.parent / f"{path.name}.cache"
        self.photo: OpenedPicture = image_io.open_photo(str(path), str(folder))
        assert self.photo.master is not None
        self.master = self.photo.master
        self.facts = self.photo.facts
        self.pixels = np.load(self.master.pixels)
        self.alpha = np.load(self.master.alpha) if self.master.alpha else None
        assert self.pixels.flags.c_contiguous
        assert self.pixels.shape[:2] == (self.master.height, self.master.width)
        assert (self.master.depth, self.master.is_grey) == (8 * self.pixels.itemsize, self.pixels.ndim == 2)

    def shown(self, number: int = 0) -> images.Array:
        return shown(self.photo.display.levels[number])


def shown(level: Level) -> images.Array:
    """Return a display level as H×W×4, blue first."""
    data = np.fromfile(level.path, np.uint8)
    return data.reshape(level.height, level.stride)[:, : 4 * level.width].reshape(
        level.height, level.width, 4
    )


def difference(a: images.Array, b: images.Array) -> int:
    assert a.shape == b.shape
    return int(np.abs(a.astype(int) - b.astype(int)).max())


def converted(pixels: images.Array, icc: bytes) -> images.Array:
    """Return 8-bit pixels in sRGB, by Pillow: another way than the program's."""
    source = ImageCms.getOpenProfile(io.BytesIO(icc))
    image = Image.fromarray(pixels)
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    target = ImageCms.createProfile("sRGB")
    return np.asarray(ImageCms.profileToProfile(image, source, target, 1, "RGB", flags=flags))


# Upright


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("extension", PILLOW_FORMATS)
def test_every_orientation_gives_the_same_upright_picture_once(
    tmp_path: Path, extension: str, orientation: int
) -> None:
    upright = images.quarters()
    lossless = {"jpg": {"quality": 95, "subsampling": 0}, "webp": {"lossless": True}}.get(extension, {})
    path = images.save(tmp_path / f"photo.{extension}", images.as_stored(upright, orientation), **lossless)
    opened = Opened(images.add_metadata(path, orientation))
    assert difference(opened.pixels, upright) <= 2
    assert difference(opened.shown()[..., 2::-1], upright) <= 2
    carried = images.metadata(Path(opened.master.metadata))
    assert (carried["Exif.Image.Orientation"], carried["Xmp.tiff.Orientation"]) == ("1", "1")


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["png", "tif"])
def test_every_orientation_is_right_at_16_bit_with_alpha(tmp_path: Path, kind: str, orientation: int) -> None:
    upright = images.smooth(60, 40, depth=16, channels=4)
    stored = images.as_stored(upright, orientation)
    path = tmp_path / f"photo.{kind}"
    if kind == "png":
        images.png16(path, stored)
    else:
        images.tiff(path, stored, photometric="rgb", extrasamples=["unassalpha"])
    opened = Opened(images.add_metadata(path, orientation))
    assert np.array_equal(opened.pixels, upright[..., :3])
    assert opened.alpha is not None
    assert np.array_equal(opened.alpha, upright[..., 3])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_right_for_tiffs_with_a_palette(tmp_path: Path, orientation: int) -> None:
    stored = Image.fromarray(images.as_stored(images.quarters(), orientation)).quantize(4)
    stored.save(tmp_path / "photo.tif")
    opened = Opened(images.add_metadata(tmp_path / "photo.tif", orientation))
    assert np.array_equal(opened.pixels, images.quarters())


@pytest.mark.parametrize("orientation", [1, 3, 6, 7, 8])
def test_a_first_look_is_upright_and_knows_the_full_size(tmp_path: Path, orientation: int) -> None:
    upright = np.kron(images.quarters(240, 160), np.ones((12, 12, 1), np.uint8))
    path = images.save(tmp_path / "photo.jpg", images.as_stored(upright, orientation), quality=90)
    images.add_metadata(path, orientation)
    look = image_io.first_look(str(path), str(tmp_path / "look"), 700)
    assert look is not None
    assert look.master is None
    assert (look.display.width, look.display.height) == (2880, 1920)
    assert not look.display.is_complete
    (level,) = look.display.levels
    assert (level.width, level.height) == (720, 480)
    small = np.ascontiguousarray(upright[2::4, 2::4])
    assert np.abs(shown(level)[..., 2::-1].astype(int) - small).mean() < 2
    assert (shown(level)[..., 3] == 255).all()


def test_a_first_look_shows_the_colours_the_full_picture_will(tmp_path: Path) -> None:
    pixels = np.kron(images.quarters(240, 160), np.ones((12, 12, 1), np.uint8))
    path = images.save(tmp_path / "photo.jpg", pixels, quality=95, icc_profile=images.adobe_rgb())
    look = image_io.first_look(str(path), str(tmp_path / "look"), 700)
    assert look is not None
    full = Opened(path)
    assert look.facts.profile_name == full.facts.profile_name == "Adobe RGB (compatible)"
    assert difference(shown(look.display.levels[0])[60, 60], full.shown()[240, 240]) <= 2


@pytest.mark.parametrize("name", ["small.jpg", "photo.png"])
def test_small_files_and_formats_without_a_quick_way_have_no_first_look(tmp_path: Path, name: str) -> None:
    path = images.save(tmp_path / name, images.quarters())
    assert image_io.first_look(str(path), str(tmp_path / "look"), 700) is None


# Pixels and depth


@pytest.mark.parametrize(
    ("extension", "name"),
    [
        ("jpg", "JPEG"),
        ("png", "PNG"),
        ("tif", "TIFF"),
        ("webp", "WebP"),
        ("avif", "AVIF"),
        ("bmp", "BMP"),
        ("gif", "GIF"),
    ],
)
def test_every_format_opens_with_its_size_and_name(tmp_path: Path, extension: str, name: str) -> None:
    opened = Opened(images.save(tmp_path / f"photo.{extension}", images.quarters()))
    assert opened.facts.format == name
    assert (opened.facts.width, opened.facts.height, opened.facts.depth) == (96, 64, 8)
    assert opened.facts.profile_name == "sRGB"
    assert opened.facts.notes == ()
    assert difference(opened.pixels[10:20, 10:20], images.quarters()[10:20, 10:20]) <= 4


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("kind", ["png", "tif"])
def test_16_bit_pixels_arrive_with_every_bit(tmp_path: Path, kind: str, channels: int) -> None:
    pixels = images.noise(50, 30, depth=16, channels=channels)
    path = tmp_path / f"photo.{kind}"
    if kind == "png":
        images.png16(path, pixels)
    else:
        alpha = {"extrasamples": ["unassalpha"]} if channels in {2, 4} else {}
        images.tiff(path, pixels, photometric="rgb" if channels > 2 else "minisblack", **alpha)
    opened = Opened(path)
    colours = pixels if channels in {1, 3} else pixels[..., 0] if channels == 2 else pixels[..., :3]
    assert opened.facts.depth == 16
    assert np.array_equal(opened.pixels, colours)
    if channels in {2, 4}:
        assert opened.alpha is not None
        assert np.array_equal(opened.alpha, pixels[..., -1])


@pytest.mark.parametrize("options", [
    {"byteorder": ">"}, {"compression": "lzw", "predictor": True}, {"compression": "zlib"}, {"tile": (32, 32)},
    {"planarconfig": "separate"}, {"bigtiff": True},
], ids=str)  # fmt: skip
@pytest.mark.parametrize("depth", [8, 16])
def test_every_way_tiff_stores_pixels_comes_out_the_same(
    tmp_path: Path, depth: int, options: dict[str, object]
) -> None:
    pixels = images.smooth(70, 50, depth=depth)
    stored = np.ascontiguousarray(np.moveaxis(pixels, -1, 0)) if "planarconfig" in options else pixels
    opened = Opened(images.tiff(tmp_path / "photo.tif", stored, photometric="rgb", **options))
    assert np.array_equal(opened.pixels, pixels)


@pytest.mark.parametrize("depth", [8, 16])
def test_a_tiff_in_which_white_is_zero_is_not_a_negative(tmp_path: Path, depth: int) -> None:
    pixels = images.smooth(depth=depth, channels=1)
    stored = np.iinfo(pixels.dtype).max - pixels
    opened = Opened(images.tiff(tmp_path / "photo.tif", stored, photometric="miniswhite"))
    assert np.array_equal(opened.pixels, pixels)


def test_premultiplied_tiff_colours_are_divided_by_their_alpha(tmp_path: Path) -> None:
    pixels = np.full((20, 30, 4), (8000, 16000, 4000, 32768), np.uint16)
    path = images.tiff(tmp_path / "photo.tif", pixels, photometric="rgb", extrasamples=["assocalpha"])
    assert difference(Opened(path).pixels[0, 0], np.array([16000, 32000, 8000])) <= 1


@pytest.mark.parametrize("extension", ["png", "tif", "bmp"])
def test_black_and_white_pictures_open_as_grey(tmp_path: Path, extension: str) -> None:
    bits = images.smooth(channels=1) > 127
    Image.fromarray(bits).save(tmp_path / f"photo.{extension}")
    opened = Opened(tmp_path / f"photo.{extension}")
    assert np.array_equal(opened.pixels, bits * np.uint8(255))
    assert opened.facts.depth == 1


def test_palettes_become_colours_and_their_transparency_alpha(tmp_path: Path) -> None:
    image = Image.fromarray(images.quarters()).quantize(4)
    image.save(tmp_path / "plain.png")
    image.save(tmp_path / "clear.png", transparency=image.getpixel((0, 0)))
    image.save(tmp_path / "clear.gif", transparency=image.getpixel((0, 0)))
    assert np.array_equal(Opened(tmp_path / "plain.png").pixels, images.quarters())
    for name in ("clear.png", "clear.gif"):
        opened = Opened(tmp_path / name)
        assert np.array_equal(opened.pixels, images.quarters())
        assert opened.alpha is not None
        assert (opened.alpha[0, 0], opened.alpha[-1, -1]) == (0, 255)


@pytest.mark.parametrize("extension", ["png", "tif", "webp"])
def test_alpha_is_kept_beside_the_colours_and_shown_premultiplied(tmp_path: Path, extension: str) -> None:
    pixels = np.dstack([images.quarters(), images.smooth(channels=1)])
    lossless = {"lossless": True, "exact": True} if extension == "webp" else {}
    opened = Opened(images.save(tmp_path / f"photo.{extension}", pixels, **lossless))
    assert opened.facts.has_alpha
    assert opened.photo.display.has_alpha
    assert opened.alpha is not None
    assert np.array_equal(opened.alpha, pixels[..., 3])
    assert np.array_equal(opened.pixels, pixels[..., :3])
    wanted = pixels[..., 2::-1] * (pixels[..., 3:] / 255)
    assert np.abs(opened.shown()[..., :3] - wanted).max() <= 1
    assert np.array_equal(opened.shown()[..., 3], pixels[..., 3])


def test_levels_halve_until_512_and_are_opaque(tmp_path: Path) -> None:
    opened = Opened(images.save(tmp_path / "photo.png", images.smooth(2100, 1301)))
    levels = opened.photo.display.levels
    assert [(level.width, level.height) for level in levels] == [
        (2100, 1301),
        (1050, 650),
        (525, 325),
        (262, 162),
    ]
    assert all(level.stride == 4 * level.width for level in levels)
    assert opened.photo.display.is_complete
    for number, level in enumerate(levels):
        assert Path(level.path).stat().st_size == level.stride * level.height
        assert (opened.shown(number)[..., 3] == 255).all()
    small = opened.shown(3)[..., 2::-1]
    assert np.abs(small.astype(int) - images.smooth(262, 162)).max() <= 3


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (700, 1), (2, 3), (1030, 7)])
@pytest.mark.parametrize("kind", ["grey", "colour", "clear", "tagged", "16"])
def test_thin_and_tiny_pictures_are_shown(tmp_path: Path, size: tuple[int, int], kind: str) -> None:
    channels = {"grey": 1, "clear": 4}.get(kind, 3)
    pixels = images.noise(*size, channels=channels, depth=16 if kind == "16" else 8)
    icc = {"icc_profile": images.adobe_rgb()} if kind == "tagged" else {}
    path = tmp_path / "photo.png"
    opened = Opened(images.png16(path, pixels) if kind == "16" else images.save(path, pixels, **icc))
    colours = pixels[..., :3] if channels > 1 else np.dstack([pixels] * 3)
    if kind == "16":
        colours = (colours / 257).round()
    if kind == "tagged":
        colours = converted(pixels, images.adobe_rgb())
    if kind == "clear":
        colours = colours * (pixels[..., 3:] / 255)
    assert np.abs(opened.shown()[..., 2::-1].astype(float) - colours).max() <= 1
    last = opened.photo.display.levels[-1]
    assert max(last.width, last.height) <= 512
    assert min(last.width, last.height) >= 1


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text")
def test_a_name_that_is_no_valid_text_opens_with_its_metadata_or_is_named_printably(tmp_path: Path) -> None:
    path = images.add_metadata(images.save(tmp_path / "plain.jpg", images.quarters()))
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/h\xe4fen.jpg"))
    path.rename(odd)
    master = image_io.open_photo(str(odd), str(tmp_path / "cache")).master
    assert master is not None
    assert images.metadata(Path(master.metadata))["Exif.Image.Model"] == "X 100"
    odd.write_bytes(b"")
    with pytest.raises(PhotoUnreadable) as caught:
        image_io.open_photo(str(odd), str(tmp_path / "cache"))
    assert caught.value.headline.encode() == b"h?fen.jpg could not be opened: the file is empty."


# Colour


def test_the_display_is_converted_and_the_pixels_are_not(tmp_path: Path) -> None:
    pixels = images.smooth(64, 48)
    opened = Opened(images.save(tmp_path / "photo.png", pixels, icc_profile=images.adobe_rgb()))
    assert np.array_equal(opened.pixels, pixels)
    assert Path(opened.master.profile).read_bytes() == images.adobe_rgb()
    assert opened.facts.profile_name == "Adobe RGB (compatible)"
    assert difference(opened.shown()[..., 2::-1], converted(pixels, images.adobe_rgb())) <= 1


def test_grey_is_shown_through_its_profile(tmp_path: Path) -> None:
    pixels = images.smooth(256, 4, channels=1)
    opened = Opened(images.save(tmp_path / "photo.png", pixels, icc_profile=images.grey_profile()))
    assert opened.facts.profile_name == "Grey ink"
    assert difference(opened.shown()[..., 2::-1], converted(pixels, images.grey_profile())) <= 1


def test_16_bit_is_shown_through_its_profile(tmp_path: Path) -> None:
    pixels = images.smooth(64, 48, depth=16)
    opened = Opened(images.png16(tmp_path / "photo.png", pixels, icc=images.adobe_rgb()))
    wanted = converted((pixels / 257).round().astype(np.uint8), images.adobe_rgb())
    assert difference(opened.shown()[..., 2::-1], wanted) <= 1


def test_srgb_profiles_change_nothing_on_the_screen(tmp_path: Path) -> None:
    opened = Opened(images.save(tmp_path / "photo.png", images.smooth(), icc_profile=images.srgb()))
    assert np.array_equal(opened.shown()[..., 2::-1], images.smooth())


@pytest.mark.parametrize(("icc", "said"), [
    (b"nonsense" * 40, "The embedded colour profile cannot be used; the colours are taken as sRGB."),
    (images.grey_profile(), "The embedded colour profile is not for this kind of picture; the colours are taken as sRGB."),
])  # fmt: skip
@pytest.mark.parametrize("extension", ["jpg", "png", "tif", "webp"])
def test_a_profile_that_cannot_be_used_is_dropped_and_said(
    tmp_path: Path, extension: str, icc: bytes, said: str
) -> None:
    path = images.save(
        tmp_path / f"photo.{extension}", images.quarters(), icc_profile=icc, exif=images.small_exif()
    )
    opened = Opened(path)
    assert opened.facts.notes == (said,)
    assert opened.facts.profile_name == "sRGB"
    assert opened.master.profile == ""
    assert images.metadata(Path(opened.master.metadata))["Exif.Image.Make"] == "Nippon Cameras"


@pytest.mark.parametrize("kind", ["jpeg", "tiff", "tiff16"])
def test_cmyk_is_converted_to_srgb_and_said(tmp_path: Path, kind: str) -> None:
    image = Image.fromarray(images.quarters()).convert("CMYK")
    path = tmp_path / "photo"
    if kind == "tiff16":
        images.tiff(path, np.asarray(image).astype(np.uint16) * 257, photometric="separated")
    else:
        image.save(path, kind, **({"quality": 95} if kind == "jpeg" else {}))
    opened = Opened(path)
    assert opened.facts.notes == ("The CMYK colours are converted to sRGB.",)
    assert opened.facts.depth == (16 if kind == "tiff16" else 8)
    assert difference(opened.shown()[5, 5, 2::-1], np.array(images.CORNERS[0])) <= 3
    assert ImageCms.getOpenProfile(opened.master.profile).profile.profile_description.startswith("sRGB")
    assert image_io.tone_curve(opened.master) is None


@pytest.mark.parametrize("depth", [8, 16])
def test_lab_is_converted_to_srgb_and_said(tmp_path: Path, depth: int) -> None:
    to_lab = (ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB", 5000))
    lab = ImageCms.profileToProfile(Image.fromarray(images.quarters()), *to_lab, outputMode="LAB")
    assert lab is not None
    stored = np.frombuffer(lab.tobytes(), np.uint8).reshape(64, 96, 3)
    if depth == 16:
        fine = stored.astype(np.uint16) * 257
        fine[..., 1:] = (stored[..., 1:].view(np.int8).astype(np.int16) * 256).view(np.uint16)
        stored = fine
    opened = Opened(images.tiff(tmp_path / "photo.tif", stored, photometric="cielab"))
    assert opened.facts.notes == ("The L*a*b* colours are converted to sRGB.",)
    assert opened.master.depth == depth
    assert difference(opened.shown()[..., 2::-1], images.quarters()) <= 4  # 8-bit L*a*b* is coarse


# What is left aside


@pytest.mark.parametrize("extension", ["gif", "webp", "png", "avif"])
def test_only_the_first_frame_of_an_animation_is_opened_and_that_is_said(
    tmp_path: Path, extension: str
) -> None:
    first = Image.fromarray(images.quarters())
    others = [first.rotate(90 * turns) for turns in range(1, 12)]
    path = tmp_path / f"photo.{extension}"
    first.save(path, save_all=True, append_images=others)
    opened = Opened(path)
    assert opened.facts.notes == ("Only the first of 12 frames is opened.",)
    assert difference(opened.pixels[5, 5], np.array(images.CORNERS[0])) <= 4


def test_only_the_first_page_of_a_tiff_is_opened_and_that_is_said(tmp_path: Path) -> None:
    pages = np.stack([images.quarters(), 255 - images.quarters(), images.quarters()])
    opened = Opened(images.tiff(tmp_path / "photo.tif", pages, photometric="rgb"))
    assert opened.facts.notes == ("Only the first of 3 pages is opened.",)
    assert np.array_equal(opened.pixels, images.quarters())


def test_further_pictures_in_a_jpeg_are_said(tmp_path: Path) -> None:
    image = Image.fromarray(images.quarters())
    image.save(tmp_path / "photo.jpg", "MPO", save_all=True, append_images=[image])
    opened = Opened(tmp_path / "photo.jpg")
    assert opened.facts.format == "JPEG"
    assert opened.facts.notes == ("Only the first of 2 pictures in the file is opened.",)


def test_an_hdr_gain_map_is_said_and_its_description_is_not_carried(tmp_path: Path) -> None:
    opened = Opened(images.with_gain_map(images.save(tmp_path / "photo.jpg", images.quarters())))
    assert opened.facts.notes == ("The HDR gain map in the file is not used and not kept.",)
    assert opened.master.metadata == ""


@pytest.mark.parametrize("depth", [10, 12])
def test_avif_with_finer_steps_is_opened_with_8_bit_and_that_is_said(tmp_path: Path, depth: int) -> None:
    stored = images.smooth(depth=16) >> (16 - depth)
    path = tmp_path / "photo.avif"
    path.write_bytes(imagecodecs.avif_encode(stored, level=95, bitspersample=depth))
    opened = Opened(path)
    assert opened.facts.depth == depth
    assert opened.facts.notes == (f"The file stores {depth} bits a channel; it is opened with 8.",)
    assert difference(opened.pixels, images.smooth()) <= 12


def test_damaged_exif_is_dropped_and_said(tmp_path: Path) -> None:
    opened = Opened(images.with_broken_exif(images.save(tmp_path / "photo.jpg", images.quarters())))
    assert opened.facts.notes == ("The metadata in the file is damaged and was left out.",)


@pytest.mark.parametrize("quality", [30, 75, 92, 100])
def test_the_quality_of_a_jpeg_is_estimated(tmp_path: Path, quality: int) -> None:
    opened = Opened(images.save(tmp_path / "photo.jpg", images.quarters(), quality=quality))
    assert opened.master.jpeg_quality == pytest.approx(quality, abs=1)


# The tone curve


@pytest.mark.parametrize(
    ("icc", "gamma"), [(images.adobe_rgb(), 563 / 256), (images.grey_profile(1.75), 1.75)]
)
def test_the_tone_curve_is_the_profiles_own(tmp_path: Path, icc: bytes, gamma: float) -> None:
    pixels = images.smooth(channels=1 if b"GRAY" in icc else 3)
    opened = Opened(images.save(tmp_path / "photo.png", pixels, icc_profile=icc))
    curve = image_io.tone_curve(opened.master)
    assert curve is not None
    assert curve.shape == (4096,)
    assert np.abs(curve - np.linspace(0, 1, 4096) ** gamma).max() < 0.001


def test_there_is_no_tone_curve_for_srgb_and_untagged(tmp_path: Path) -> None:
    for number, options in enumerate(({}, {"icc_profile": images.srgb()})):
        path = images.save(tmp_path / f"photo{number}.png", images.quarters(), **options)
        assert image_io.tone_curve(Opened(path).master) is None


# The local engine's result


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_a_stored_result_opens_with_identical_pixels(tmp_path: Path, channels: int, depth: int) -> None:
    icc = images.grey_profile() if channels < 3 else images.adobe_rgb()
    pixels = images.noise(70, 50, depth=depth, channels=channels)
    path = tmp_path / "photo.png"
    images.png16(path, pixels, icc) if depth == 16 else images.save(path, pixels, icc_profile=icc)
    source = Opened(path)
    result = source.pixels[::-1].copy()
    image_io.store_result(result, source.master, str(tmp_path / "result.tif"))
    again = Opened(tmp_path / "result.tif")
    assert np.array_equal(again.pixels, result)
    assert again.pixels.dtype == result.dtype
    assert Path(again.master.profile).read_bytes() == icc
    assert again.facts.notes == ()
    assert (again.alpha is None) == (source.alpha is None)
    if again.alpha is not None and source.alpha is not None:
        assert np.array_equal(again.alpha, source.alpha)


# The upload


def test_the_upload_is_upright_srgb_without_metadata_or_name(tmp_path: Path) -> None:
    path = tmp_path / "secret harbour.jpg"
    stored = images.as_stored(images.quarters(), 6)
    images.save(path, stored, quality=95, subsampling=0, icc_profile=images.adobe_rgb())
    master = Opened(images.add_metadata(path, 6)).master
    upload = image_io.prepare_upload(master, str(tmp_path / "upload"))
    data = Path(upload.path).read_bytes()
    assert (upload.media_type, upload.size) == ("image/png", len(data))
    assert (upload.width, upload.height) == (96, 64)
    for trace in (
        b"Exif",
        b"eXIf",
        b"harbour",
        b"Harbour",
        b"Nippon",
        b"GPS",
        b"xmp",
        b"Photoshop",
        b"2021",
        b"tEXt",
    ):
        assert trace not in data
    with Image.open(io.BytesIO(data)) as image:
        assert ImageCms.getProfileDescription(
            ImageCms.getOpenProfile(io.BytesIO(image.info["icc_profile"]))
        ).startswith("sRGB")
        sent = np.asarray(image)
    assert difference(sent, converted(Opened(path).pixels, images.adobe_rgb())) <= 1
    assert len(exiv2.ImageFactory.open(data).exifData()) == 0


def test_pixels_for_the_clipboard_are_a_plain_srgb_png(tmp_path: Path) -> None:
    path = tmp_path / "secret harbour.jpg"
    stored = images.as_stored(images.quarters(), 6)
    images.save(path, stored, quality=95, subsampling=0, icc_profile=images.adobe_rgb())
    master = Opened(images.add_metadata(path, 6)).master
    image_io.plain_png(master, str(tmp_path / "copy.png"))
    data = (tmp_path / "copy.png").read_bytes()
    assert not [trace for trace in (b"Exif", b"eXIf", b"arbour", b"GPS", b"xmp", b"tEXt") if trace in data]
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (96, 64))
        copied = np.asarray(image)
    assert difference(copied, converted(Opened(path).pixels, images.adobe_rgb())) <= 1


def test_pixels_that_are_gone_are_not_copied(tmp_path: Path) -> None:
    master = Opened(images.save(tmp_path / "a.png", images.quarters())).master
    Path(master.pixels).unlink()
    with pytest.raises(SaveFailed, match="could not be copied"):
        image_io.plain_png(master, str(tmp_path / "copy.png"))


def test_an_upload_above_the_cap_is_a_jpeg_at_full_colour_resolution(tmp_path: Path) -> None:
    pixels = np.dstack([images.noise(300, 200), np.full((200, 300), 128, np.uint8)])
    master = Opened(images.save(tmp_path / "photo.png", pixels)).master
    kept = image_io.prepare_upload(master, str(tmp_path / "a"))
    upload = image_io.prepare_upload(master, str(tmp_path / "b"), soft_cap=100_000)
    assert (kept.media_type, upload.media_type) == ("image/png", "image/jpeg")
    with Image.open(kept.path) as image:
        assert image.mode == "RGBA"
    with Image.open(upload.path) as image:
        assert image.mode == "RGB"
        assert image.layer[0][1:3] == (1, 1)
        on_white = pixels[..., :3] * (128 / 255) + 255 * (127 / 255)
        assert np.abs(np.asarray(image) - on_white).mean() < 4


def test_a_large_photo_that_will_not_fit_is_sent_as_jpeg_and_a_plain_one_as_png(tmp_path: Path) -> None:
    noisy = master_of_png(tmp_path, images.noise(3000, 2500))
    assert image_io.prepare_upload(noisy, str(tmp_path / "a")).media_type == "image/jpeg"
    plain = master_of_png(tmp_path, images.quarters(3000, 2500))
    assert image_io.prepare_upload(plain, str(tmp_path / "b")).media_type == "image/png"


def master_of_png(folder: Path, pixels: images.Array) -> Master:
    return Opened(images.save(folder / "photo.png", pixels, compress_level=1)).master


def test_an_upload_of_a_16_bit_grey_photo_is_8_bit_rgb(tmp_path: Path) -> None:
    pixels = images.smooth(depth=16, channels=1)
    master = Opened(images.png16(tmp_path / "photo.png", pixels)).master
    with Image.open(image_io.prepare_upload(master, str(tmp_path / "a")).path) as image:
        assert image.mode == "RGB"
        assert difference(np.asarray(image)[..., 1], (pixels / 257).round()) == 0


# Folders


def test_folders_are_replaced_by_their_photos_in_natural_order(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    (folder / "more.jpg").mkdir(parents=True)
    for name in ("img10.jpg", "img2.JPG", "Img1.png", ".hidden.jpg", "notes.txt", "scan.tiff", "b.webp"):
        (folder / name).touch()
    single = str(tmp_path / "other.xyz")
    found = image_io.readable_files([single, str(folder)])
    assert found[0] == single
    assert [Path(path).name for path in found[1:]] == [
        "b.webp",
        "Img1.png",
        "img2.JPG",
        "img10.jpg",
        "scan.tiff",
    ]


def test_a_smaller_copy_keeps_within_the_bytes_it_was_given(tmp_path: Path) -> None:
    noisy = master_of_png(tmp_path, images.noise(3000, 2500))
    usual = image_io.prepare_upload(noisy, str(tmp_path / "a"))
    smaller = image_io.prepare_upload(noisy, str(tmp_path / "b"), 0, usual.size // 2)
    assert smaller.size <= usual.size // 2
    assert smaller.width < 3000
    assert smaller.width / smaller.height == pytest.approx(3000 / 2500, rel=0.01)
    assert smaller.note
