"""A result that has come is looked at beside its photo: what is wrong is said, and sharpening alone never is."""

import asyncio
import functools
import io

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image
from support import images
from support.drive import ROOT

from sharpen_desktop.core.arrival import Arrival, Mend
from sharpen_desktop.core.errors import SaveFailed, SharpenError
from sharpen_desktop.core.picture import Master
from sharpen_desktop.engine import pipeline
from sharpen_desktop.engine.pipeline import Job
from sharpen_desktop.engine.transfer import SRGB
from sharpen_desktop.services.images import colour, image_io
from sharpen_desktop.services.pictures import WorkerPictures
from sharpen_desktop.services.workers import GIGABYTE, Worker

SAMPLES = ("coffee-camera-shake", "summer-palace-missed-focus")


@functools.cache
def sample(name):
    with Image.open(ROOT / "resources" / "samples" / f"{name}.jpg") as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.fixture(scope="module", params=SAMPLES)
def name(request):
    return request.param


@pytest.fixture
def photo(name):
    """A real photo, H×W×3."""
    return sample(name)


@pytest.fixture(scope="module")
def one_photo():
    return sample(SAMPLES[1])


@pytest.fixture
def compare(tmp_path):
    """Return the arrival check of a result, both given as arrays."""

    def compared(sent, came, **of_came) -> Arrival:
        return image_io.compare_arrival(
            master(tmp_path / "sent", sent), master(tmp_path / "came", came, **of_came)
        )

    return compared


def master(folder, pixels, alpha=None, profile=None):
    """Put an array down as an opened picture."""
    folder.mkdir(exist_ok=True)
    np.save(folder / "pixels.npy", np.ascontiguousarray(pixels))
    if alpha is not None:
        np.save(folder / "alpha.npy", alpha)
    if profile is not None:
        (folder / "profile.icc").write_bytes(profile)
    return Master(
        str(folder), pixels.shape[1], pixels.shape[0], 8 * pixels.itemsize, is_grey=pixels.ndim == 2,
        pixels=str(folder / "pixels.npy"),
        alpha="" if alpha is None else str(folder / "alpha.npy"),
        profile="" if profile is None else str(folder / "profile.icc"),
    )  # fmt: skip


def jpeg(pixels, quality=95):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out))


def unsharp(pixels, amount, sigma):
    soft = cv2.GaussianBlur(pixels.astype(np.float32), (0, 0), sigma)
    return np.clip(np.rint(pixels + amount * (pixels - soft)), 0, 255).astype(np.uint8)


def by_engine(pixels, mode):
    job = Job(mode=mode, strength=1.0, minor_denoise=None, jpeg_quality=None, threads=2)
    return pipeline.sharpen(
        pixels, job, transfer=SRGB, report=lambda *_: None, should_stop=lambda: False
    ).pixels


def shifted(pixels, right, down):
    """Move the content by Fourier's shift theorem: another way than the program's."""
    size = pixels.shape[:2]
    across, along = np.fft.fftfreq(size[1])[None, :], np.fft.fftfreq(size[0])[:, None]
    turn = np.exp(-2j * np.pi * (across * right + along * down))[..., None]
    moved = np.fft.ifft2(np.fft.fft2(pixels.astype(float), axes=(0, 1)) * turn, axes=(0, 1)).real
    return np.clip(np.rint(moved), 0, 255).astype(np.uint8)


def with_gains(pixels, *gains):
    light = SRGB.decode(pixels / 255) * np.array(gains)
    return np.rint(np.asarray(SRGB.encode(light)) * 255).astype(np.uint8)


SHARPENERS = {
    "nothing": lambda pixels: pixels,
    "weak": lambda pixels: unsharp(pixels, 0.6, 0.8),
    "usual": lambda pixels: unsharp(pixels, 1.0, 1.5),
    "strong": lambda pixels: unsharp(pixels, 3.0, 2.5),
    "broad": lambda pixels: unsharp(pixels, 1.0, 8.0),
    "brutal": lambda pixels: unsharp(pixels, 4.0, 1.5),
    "smoothing": lambda pixels: cv2.GaussianBlur(pixels, (0, 0), 1.5),
    **{
        mode: lambda pixels, mode=mode: by_engine(pixels, mode)
        for mode in ("Standard", "Strong", "Motion Blur")
    },
}


@functools.cache
def sharpened(name, sharpener):
    return SHARPENERS[sharpener](sample(name))


# Nothing is said of what is well


@pytest.mark.parametrize("sharpener", SHARPENERS)
def test_sharpening_alone_is_never_remarked_on(name, compare, sharpener):
    assert compare(sample(name), jpeg(sharpened(name, sharpener))) == Arrival()


def blurred_by_motion(pixels, length=13):
    line = np.zeros((length, length), np.float32)
    cv2.line(line, (0, length // 3), (length - 1, 2 * length // 3), 1.0, 1, cv2.LINE_AA)
    return cv2.filter2D(pixels, -1, line / line.sum(), borderType=cv2.BORDER_REFLECT)


def blurred_by_defocus(pixels, radius=6):
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disk = (x * x + y * y <= radius * radius).astype(np.float32)
    return cv2.filter2D(pixels, -1, disk / disk.sum(), borderType=cv2.BORDER_REFLECT)


@pytest.mark.parametrize("blur", [blurred_by_motion, blurred_by_defocus])
def test_undoing_a_blur_that_has_turned_the_sign_of_some_detail_is_no_shift(photo, compare, blur):
    assert compare(blur(photo), jpeg(photo)).shift is None


def test_pictures_with_nothing_to_hold_on_to_are_left_in_peace(compare):
    flat = np.full((600, 800, 3), 128, np.uint8)
    noisy = np.clip(flat + np.random.default_rng(1).normal(0, 6, flat.shape), 0, 255).astype(np.uint8)
    assert compare(flat, flat) == compare(noisy, cv2.GaussianBlur(noisy, (0, 0), 2)) == Arrival()


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (20, 20), (60, 40), (130, 90), (2000, 9), (9, 2000)])
def test_the_smallest_pictures_and_strips_are_compared_without_harm(compare, size):
    picture = images.noise(*size)
    assert compare(picture, picture) == Arrival()


def test_grey_and_deep_pictures_are_compared_as_well(one_photo, compare):
    grey = cv2.cvtColor(one_photo, cv2.COLOR_RGB2GRAY)
    deep = one_photo.astype(np.uint16) * 257
    assert compare(grey, one_photo_in_grey := np.dstack([unsharp(grey, 1, 1.5)] * 3)) == Arrival()
    assert compare(deep, deep) == Arrival()
    assert one_photo_in_grey.ndim == 3


def test_colours_are_compared_as_seen_not_as_written(one_photo, tmp_path):
    """Under another tone curve the same brightness has other numbers."""
    grey = cv2.cvtColor(one_photo, cv2.COLOR_RGB2GRAY)
    profile = colour.read_profile(images.grey_profile(1.2))
    sent = master(tmp_path / "sent", grey, profile=profile.data)
    same = master(tmp_path / "same", colour.to_srgb(grey, profile))
    assert image_io.compare_arrival(sent, same) == Arrival()
    misread = master(tmp_path / "misread", grey)
    assert "darker than the photo" in image_io.compare_arrival(sent, misread).notes[0]


# Size, turn, alpha, depth


@pytest.mark.fault(45)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: cv2.resize(p, None, fx=0.5, fy=0.5), "The result is {w2} × {h2}, the photo {w} × {h}."),
        (lambda p: cv2.resize(p, None, fx=2, fy=2), "The result is {W} × {H}, the photo {w} × {h}."),
        (np.rot90, "The result is turned by 90° to the left."),
        (lambda p: np.rot90(p, -1), "The result is turned by 90° to the right."),
        (lambda p: np.rot90(p, 2), "The result is turned by 180°."),
    ],
)
def test_another_size_and_a_turn_are_said(photo, compare, change, said):
    height, width = photo.shape[:2]
    sizes = {
        "w": width,
        "h": height,
        "w2": round(width / 2),
        "h2": round(height / 2),
        "W": 2 * width,
        "H": 2 * height,
    }
    found = compare(photo, change(unsharp(photo, 1, 1.5)))
    assert found == Arrival((said.format(**sizes),))


@pytest.mark.fault(45)
def test_other_proportions_are_said(one_photo, compare):
    square = cv2.resize(one_photo, (500, 500))
    (note,) = compare(one_photo, square).notes
    assert note.endswith("Its proportions differ, too.")


@pytest.mark.fault(45)
def test_a_picture_of_one_pixel_is_not_the_photo(one_photo, compare):
    notes = compare(one_photo, np.full((1, 1, 3), 90, np.uint8)).notes
    assert "The result does not look like the photo." in notes
    assert any("The result is 1 × 1" in note for note in notes)


def test_quite_another_picture_is_said(compare):
    assert "The result does not look like the photo." in compare(sample(SAMPLES[0]), sample(SAMPLES[1])).notes


def test_transparency_that_is_lost_or_new_is_said_and_opaque_alpha_is_nothing(one_photo, tmp_path):
    hole = np.full(one_photo.shape[:2], 255, np.uint8)
    opaque = hole.copy()
    hole[50:150, 50:150] = 0
    see_through = master(tmp_path / "a", one_photo, hole)
    plain, full = master(tmp_path / "b", one_photo), master(tmp_path / "c", one_photo, opaque)
    lost = ("The photo's see-through parts are not see-through in the result.",)
    assert image_io.compare_arrival(see_through, plain).notes == lost
    assert image_io.compare_arrival(see_through, full).notes == lost
    new = ("Parts of the result are see-through, and none of the photo.",)
    assert image_io.compare_arrival(plain, see_through).notes == new
    assert image_io.compare_arrival(see_through, see_through) == Arrival()
    assert image_io.compare_arrival(plain, full) == image_io.compare_arrival(full, plain) == Arrival()


def test_what_lies_under_see_through_parts_is_nobodys_business(one_photo, tmp_path):
    """A service that knows no transparency gets and returns those parts on white."""
    hole = np.full(one_photo.shape[:2], 255, np.uint8)
    hole[:, 200:] = 0
    flattened = one_photo.copy()
    flattened[:, 200:] = 255
    sent, came = master(tmp_path / "a", one_photo, hole), master(tmp_path / "b", flattened)
    (note,) = image_io.compare_arrival(sent, came).notes
    assert "see-through" in note
    tinted = with_gains(one_photo, 1.2, 1.0, 1.0)
    tinted[:, :200] = one_photo[:, :200]
    assert image_io.compare_arrival(sent, master(tmp_path / "c", tinted, hole)) == Arrival()


def test_eight_bits_for_sixteen_are_said(one_photo, compare):
    found = compare(one_photo.astype(np.uint16) * 257, one_photo)
    assert found == Arrival(("The result has 8 of the photo's 16 bits a channel.",))


# Place


@pytest.mark.parametrize(("sharpener", "exact_px"), [("nothing", 0.03), ("strong", 0.1), ("Standard", 0.3)])
@pytest.mark.parametrize("shift", [(1.0, 0.0), (-0.7, 0.7), (2.5, -1.3), (7.0, 4.0), (-40.0, 25.0)])
def test_a_shift_is_found_to_parts_of_a_pixel(name, compare, sharpener, exact_px, shift):
    found = compare(sample(name), jpeg(shifted(sharpened(name, sharpener), *shift)))
    assert found.shift == pytest.approx(shift, abs=exact_px)
    assert found.gains is None


def test_the_sentence_says_how_far_and_where_to(one_photo, compare):
    assert compare(one_photo, shifted(one_photo, 2.5, -1.3)).notes == (
        "The result is shifted by 2.5 pixels to the right and 1.3 up.",
    )
    assert compare(one_photo, shifted(one_photo, -3.0, 0.0)).notes == (
        "The result is shifted by 3.0 pixels to the left.",
    )
    assert compare(one_photo, shifted(one_photo, 0.0, 3.0)).notes == (
        "The result is shifted by 3.0 pixels down.",
    )


def test_a_shift_too_small_to_matter_is_not_worth_a_word(photo, compare):
    assert compare(photo, shifted(photo, 0.4, -0.4)) == Arrival()


def test_a_picture_that_is_bent_has_no_shift(one_photo, compare):
    height, width = one_photo.shape[:2]
    bend = np.float32([[1.02, 0, -0.01 * width], [0, 1.02, -0.01 * height]])
    bent = cv2.warpAffine(one_photo, bend, (width, height), borderMode=cv2.BORDER_REFLECT)
    assert compare(one_photo, bent).shift is None


# Colour


@pytest.mark.parametrize("sharpener", ["usual", "Standard"])
@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ((1.04, 1.0, 1.0), "redder"),
        ((1.0, 1.04, 1.0), "greener"),
        ((1.0, 1.0, 1.05), "bluer"),
        ((0.96, 1.0, 1.0), "more cyan"),
        ((1.0, 0.96, 1.0), "more magenta"),
        ((1.0, 1.0, 0.95), "yellower"),
    ],
)
def test_a_colour_cast_is_found_and_named(name, compare, sharpener, gains, said):
    found = compare(sample(name), jpeg(with_gains(sharpened(name, sharpener), *gains)))
    assert [note for note in found.notes if said in note], found
    assert len(found.notes) == 1
    assert found.gains == pytest.approx(gains, abs=0.015)
    assert found.shift is None


def test_a_cast_of_a_hundredth_is_not_worth_a_word(photo, compare):
    assert compare(photo, with_gains(photo, 1.01, 1.0, 1.0)) == Arrival()


def test_a_change_of_brightness_is_said(photo, compare):
    found = compare(photo, jpeg(with_gains(unsharp(photo, 1, 1.5), 0.85, 0.85, 0.85)))
    assert found.notes == ("The result is 15 % darker than the photo.",)
    assert found.gains == pytest.approx((0.85, 0.85, 0.85), abs=0.02)


def test_burnt_and_sunken_tones_are_said(one_photo, compare):
    burnt = np.clip(one_photo.astype(int) * 2, 0, 255).astype(np.uint8)
    assert [note for note in compare(one_photo, burnt).notes if "lost its brightest tones" in note]
    sunken = np.clip(one_photo.astype(int) * 1.6 - 140, 0, 255).astype(np.uint8)
    assert [note for note in compare(one_photo, sunken).notes if "lost its darkest tones" in note]


# Mending


def mended(tmp_path, sent, came, mend, name="mended.tif"):
    target = tmp_path / name
    image_io.mended(sent, came, mend, str(target))
    with tifffile.TiffFile(target) if name.endswith("tif") else Image.open(target) as file:
        return file.asarray() if name.endswith("tif") else np.asarray(file)


def error(first, second, margin=8):
    inside = np.s_[margin:-margin, margin:-margin]
    return float(np.abs(first[inside].astype(float) - second[inside].astype(float)).mean())


@pytest.mark.parametrize("shift", [(1.0, 0.0), (2.5, -1.3), (-7.25, 4.0), (0.0, -3.5)])
def test_an_aligned_result_lies_on_the_photo_and_its_edges_are_the_photos(
    one_photo, tmp_path, compare, shift
):
    came = shifted(one_photo, *shift)
    found = compare(one_photo, came)
    sent, arrived = master(tmp_path / "s", one_photo), master(tmp_path / "c", came)
    back = mended(tmp_path, sent, arrived, Mend(shift=found.shift))
    assert back.shape == one_photo.shape
    assert back.dtype == np.uint8
    assert error(back, one_photo) < 1.0 < error(came, one_photo)
    assert compare(one_photo, back) == Arrival()
    right, down = shift
    columns = np.s_[:, -int(right) :] if right >= 1 else np.s_[:, : int(-right)]
    rows = np.s_[-int(down) :, :] if down >= 1 else np.s_[: int(-down), :]
    assert np.array_equal(back[columns], one_photo[columns])
    assert np.array_equal(back[rows], one_photo[rows])


def test_matched_colours_are_the_photos_and_the_place_stays(one_photo, tmp_path, compare):
    came = with_gains(one_photo, 1.06, 1.0, 0.95)
    found = compare(one_photo, came)
    sent, arrived = master(tmp_path / "s", one_photo), master(tmp_path / "c", came)
    back = mended(tmp_path, sent, arrived, Mend(gains=found.gains))
    assert error(back, one_photo) < 1.0 < error(came, one_photo)
    assert compare(one_photo, back) == Arrival()


def test_both_can_be_taken_back_at_once_at_sixteen_bits_with_alpha_into_a_png(one_photo, tmp_path):
    deep = one_photo.astype(np.uint16) * 257
    alpha = np.full(deep.shape[:2], 65_535, np.uint16)
    alpha[100:200, 100:200] = 0
    came = master(tmp_path / "c", np.roll(deep, 3, axis=1), np.roll(alpha, 3, axis=1))
    sent = master(tmp_path / "s", deep, alpha)
    target = tmp_path / "both.png"
    image_io.mended(sent, came, Mend(shift=(3.0, 0.0), gains=(1.0, 1.0, 1.0)), str(target))
    again = image_io.open_photo(str(target), str(tmp_path / "again")).master
    assert again is not None
    assert again.depth == 16
    assert np.array_equal(np.load(again.pixels), deep)
    assert np.array_equal(np.load(again.alpha), alpha)


def test_grey_stays_grey_and_a_profile_stays_with_its_pixels(one_photo, tmp_path):
    grey = cv2.cvtColor(one_photo, cv2.COLOR_RGB2GRAY)
    profile = images.grey_profile()
    sent = master(tmp_path / "s", grey, profile=profile)
    came = master(tmp_path / "c", np.roll(grey, -2, axis=0), profile=profile)
    target = tmp_path / "grey.tif"
    image_io.mended(sent, came, Mend(shift=(0.0, -2.0), gains=(1.0, 1.0, 1.0)), str(target))
    again = image_io.open_photo(str(target), str(tmp_path / "again")).master
    assert again is not None
    assert again.is_grey
    assert np.array_equal(np.load(again.pixels), grey)
    with tifffile.TiffFile(target) as file:
        assert file.pages[0].iccprofile == profile


@pytest.mark.fault(51)
def test_a_place_that_cannot_be_written_is_said(one_photo, tmp_path):
    picture = master(tmp_path / "s", one_photo)
    with pytest.raises(SaveFailed, match="folder is not there"):
        image_io.mended(picture, picture, Mend(shift=(1.0, 0.0)), str(tmp_path / "gone" / "x.tif"))


def test_pixels_that_are_gone_are_said(one_photo, tmp_path):
    picture = master(tmp_path / "s", one_photo)
    (tmp_path / "s" / "pixels.npy").unlink()
    with pytest.raises(SharpenError, match="open it again"):
        image_io.compare_arrival(picture, picture)


# In the process


@pytest.fixture
def pictures(tmp_path):
    worker = Worker("pictures", 16 * GIGABYTE)
    yield WorkerPictures(worker, tmp_path / "pictures")
    worker.stop()
    worker.join(5)


def test_the_process_of_pictures_compares_mends_and_checks(one_photo, tmp_path, pictures):
    photo = images.save(tmp_path / "photo.png", one_photo)
    came = images.save(tmp_path / "came.jpg", shifted(one_photo, 2.0, 1.0), quality=95)
    target = tmp_path / "back.tif"

    async def scene():
        sent, result = (await pictures.open(photo)).master, (await pictures.open(came)).master
        assert sent is not None
        assert result is not None
        found = await pictures.compare_arrival(sent, result)
        await pictures.mended(sent, result, Mend(shift=found.shift), target)
        back = (await pictures.open(target)).master
        assert back is not None
        whole = await pictures.decode_check(came)
        came.write_bytes(came.read_bytes()[:2000])
        return found, await pictures.compare_arrival(sent, back), whole, await pictures.decode_check(came)

    found, after, whole, cut = asyncio.run(scene())
    assert found.shift == pytest.approx((2.0, 1.0), abs=0.1)
    assert after.shift is None
    assert whole == ""
    assert "damaged or incomplete" in cut
