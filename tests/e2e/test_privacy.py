"""What leaves this computer for the cloud, by the bytes the service has received: the picture and nothing about it."""

import io
import subprocess
import sys

import pytest
from PIL import Image
from support import canary, images
from support.api_server import ApiServer
from support.drive import environment_of

from e2e.conftest import blurred

KINDS = ("jpg", "png", "tif", "webp", "avif")
TRACES = (
    b"Exif\x00", b"eXIf", b"Nippon", b"arbour", b"ns.adobe.com", b"8BIM", b"holiday", b"W5M0MpCehiHzreSzNTczkc9d",
)  # fmt: skip
"""What Exif, XMP, IPTC, their content and the file's name look like in a file."""


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """What the service got of a photo of each kind, all of them with a place, a camera and a title."""
    folder = tmp_path_factory.mktemp("privacy")
    pixels = blurred(160, 120)
    exif = Image.Exif()
    exif[271], exif[34853] = "Nippon Cameras", {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 0.0)}
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><!--http://ns.adobe.com/ Harbour--></x:xmpmeta>'
    for kind in KINDS:
        file = folder / f"holiday.{kind}"
        if kind == "avif":
            Image.fromarray(pixels).save(file, exif=exif, xmp=xmp)
        else:
            images.add_metadata(images.save(file, pixels), 1)
        assert b"Nippon" in file.read_bytes(), kind
    with ApiServer() as server:
        done = subprocess.run(
            [sys.executable, "-m", "sharpen_desktop", "run", *(str(folder / f"holiday.{kind}") for kind in KINDS),
             "--engine", "cloud", "--yes", "--again", "--output", str(folder / "out")],
            env=environment_of(folder, SHARPEN_API_URL=server.url, SHARPEN_API_KEY=canary.KEY),
            cwd=folder, capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return folder, done, dict(zip(KINDS, server.posts, strict=True)), server.requests


@pytest.mark.fault(68)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_about_a_photo_leaves_with_it(sent, kind):
    request = sent[2][kind]
    others = {name: value for name, value in request.fields.items() if name != "image_url"}
    whole = request.picture + f"{request.path} {request.headers} {others}".encode()
    assert [trace for trace in TRACES if trace in whole] == []
    with Image.open(io.BytesIO(request.picture)) as picture:
        assert picture.size == (160, 120)
        assert not picture.getexif()
        assert not {"xmp", "exif", "photoshop", "comment", "dpi"} & picture.info.keys()


@pytest.mark.fault(68)
def test_only_the_service_itself_ever_gets_the_key(sent):
    for request in sent[3]:
        has_key = "authorization" in request.headers
        assert has_key == request.path.startswith(("/v1/images/", "/v2/")), request.path


def test_no_file_and_no_line_of_the_program_holds_the_key(sent):
    folder, done, _, _ = sent
    assert canary.traces(folder) == []
    assert canary.pieces_in(done.stdout + done.stderr) == []
