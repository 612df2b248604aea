"""What leaves this computer: pixels and a profile, in a file the service can take, and nothing else."""

import asyncio
import io
import struct
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from support import api_answers, images
from support.cloud_bench import SCHEMA

from sharpen_desktop.core.jobs import SharpenRequest
from sharpen_desktop.core.picture import Upload
from sharpen_desktop.core.settings import defaults
from sharpen_desktop.services.cloud.transport_memory import TransportMemory
from sharpen_desktop.services.cloud.transports import Transports
from sharpen_desktop.services.images import image_io

NAME = "harbour-at-dusk-0815"
SAMPLES = ["jpg", "png", "tif", "webp", "avif"]

TRACES = (
    b"Nippon", b"X 100", b"2021:05:04", b"Unknown maker", b"cccc", b"GPS", b"Exif", b"eXIf", b"Harbour", b"harbour",
    b"A harbour", b"Ada Example", b"boats", b"dusk", b"xmp", b"XMP", b"adobe", b"Photoshop", b"8BIM", b"tEXt", b"iTXt",
    b"zTXt", b"Kept secret", b"0815", b"tIME",
)  # fmt: skip


def photo_of(folder, extension):
    """A photo on disk with everything a camera, an archive and a careless program write into one."""
    path = folder / f"{NAME}.{extension}"
    upright = images.noise(96, 64)
    if extension == "avif":
        exif = Image.Exif()
        exif[0x010F], exif[0x0112] = "Nippon Cameras", 1
        exif.get_ifd(0x8825)[1] = "N"
        xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><title>Harbour at dusk</title></x:xmpmeta>'
        return images.save(path, upright, quality=90, exif=exif, xmp=xmp)
    stored = images.as_stored(upright, 6)
    more = {"jpg": {"comment": b"Kept secret", "quality": 95}, "webp": {"lossless": True}, "tif": {}}
    if extension == "png":
        more["png"] = {"pnginfo": PngImagePlugin.PngInfo()}
        more["png"]["pnginfo"].add_text("Comment", "Kept secret")
    images.save(path, stored, **more[extension], icc_profile=images.adobe_rgb())
    return images.add_metadata(path, 6, maker_note=200, comment=200)


def sent(server, folder, path, soft_cap):
    """Open the photo, hand it over as a run does, and return the picture file and the whole body that came."""
    master = image_io.open_photo(str(path), str(folder / "cache")).master

    async def prepare() -> Upload:
        return await asyncio.to_thread(image_io.prepare_upload, master, str(folder / "photo"), soft_cap)

    async def send():
        transports = Transports(SCHEMA, TransportMemory(folder / "memory.json"), lambda: None)
        request = SharpenRequest(
            "run-1", "cloud", defaults(SCHEMA), master, photo_name=path.name, photo_path=str(path)
        )
        async with transports.chain(request, prepare) as chain, httpx.AsyncClient(trust_env=False) as client:
            body = await (await chain.first()).body()
            headers = {"Content-Length": str(body.length)}
            await client.post(f"{server.url}{SCHEMA.path}", content=body, headers=headers)

    server.answer_with(api_answers.bad_key())
    asyncio.run(send())
    return server.posts[-1].picture, server.posts[-1].body


def png_parts(data):
    """The kinds of chunks of a PNG; it must end with the last one."""
    at, kinds = 8, []
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        kinds.append(data[at + 4 : at + 8])
        at += 12 + size
    assert at == len(data)
    return set(kinds)


def jpeg_parts(data):
    """The markers of a JPEG and what stands at the beginning of its application segments."""
    at, parts = 2, []
    while data[at + 1] != 0xDA:
        (size,) = struct.unpack_from(">H", data, at + 2)
        is_application = 0xE0 <= data[at + 1] <= 0xEF
        parts.append((data[at + 1], bytes(data[at + 4 : at + 8]) if is_application else b""))
        at += 2 + size
    assert data.endswith(b"\xff\xd9")
    return set(parts)


@pytest.mark.parametrize("extension", SAMPLES)
@pytest.mark.parametrize("soft_cap", [10_000_000, 4], ids=["as PNG", "as JPEG"])
def test_nothing_but_pixels_and_a_profile_reaches_the_service(server, tmp_path, extension, soft_cap):
    path = photo_of(tmp_path, extension)
    source = path.read_bytes()
    known = [trace for trace in TRACES if trace in source]
    assert b"Nippon" in known, "the sample holds what must not leave"
    picture, body = sent(server, tmp_path, path, soft_cap)
    for trace in TRACES:
        assert trace not in picture
        assert len(trace) < 6 or trace not in body  # shorter ones come about by chance in base64
    assert str(tmp_path).encode() not in body
    if soft_cap == 4:
        kinds = {0xDB, 0xC0, 0xC4}
        assert {kind for kind, _ in jpeg_parts(picture)} <= kinds | {0xE0, 0xE2}
        assert {text for _, text in jpeg_parts(picture)} <= {b"", b"JFIF", b"ICC_"}
    else:
        assert png_parts(picture) == {b"IHDR", b"iCCP", b"IDAT", b"IEND"}
    with Image.open(io.BytesIO(picture)) as image:
        assert image.size == (96, 64)
        assert not image.getexif()


def test_the_soft_cap_counts_what_the_picture_takes_in_the_request(tmp_path):
    path = images.save(tmp_path / "photo.png", images.noise(200, 200))
    master = image_io.open_photo(str(path), str(tmp_path / "cache")).master
    size = image_io.prepare_upload(master, str(tmp_path / "a")).size
    as_text = 4 * -(-size // 3)
    fits = image_io.prepare_upload(master, str(tmp_path / "b"), as_text)
    assert (fits.media_type, fits.size) == ("image/png", size)
    too_large = image_io.prepare_upload(master, str(tmp_path / "c"), as_text - 4)
    assert too_large.media_type == "image/jpeg"


def test_a_photo_that_is_too_long_for_the_service_is_scaled_down_and_that_is_said(tmp_path):
    path = images.save(tmp_path / "photo.png", images.smooth(32_100, 40))
    master = image_io.open_photo(str(path), str(tmp_path / "cache")).master
    upload = image_io.prepare_upload(master, str(tmp_path / "a"))
    with Image.open(upload.path) as image:
        assert image.size == (upload.width, upload.height) == (32_000, 39)
    assert "Scaled down to 32,000 × 39 pixels" in upload.note


def test_a_jpeg_above_the_hard_cap_is_scaled_down_until_it_fits(tmp_path):
    pixels = np.dstack([images.noise(300, 200), np.full((200, 300), 128, np.uint8)])
    path = images.save(tmp_path / "photo.png", pixels)
    master = image_io.open_photo(str(path), str(tmp_path / "cache")).master
    upload = image_io.prepare_upload(master, str(tmp_path / "a"), 4, 30_000)
    assert upload.size == Path(upload.path).stat().st_size <= 30_000
    with Image.open(upload.path) as image:
        assert image.size == (upload.width, upload.height)
        assert 100 < upload.width < 300
        assert upload.width / upload.height == pytest.approx(1.5, abs=0.02)
    assert "Scaled down" in upload.note
    assert "See-through parts are sent on white." in upload.note


def test_the_loss_of_depth_is_said_and_an_ordinary_photo_needs_no_words(tmp_path):
    deep = images.png16(tmp_path / "deep.png", images.smooth(depth=16))
    plain = images.save(tmp_path / "plain.png", images.smooth())
    notes = []
    for path in (deep, plain):
        master = image_io.open_photo(str(path), f"{path}.cache").master
        notes.append(image_io.prepare_upload(master, str(tmp_path / "a")).note)
    assert notes == ["Sent with 8 bits a channel.", ""]
