"""Fetching a photo that was dropped from a web page."""

import asyncio

import pytest
from support import api_answers

from sharpen_desktop.core.errors import PhotoUnreadable
from sharpen_desktop.services.cloud.service_line import ServiceLine
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits
from sharpen_desktop.services.cloud.web_photo import fetch_web_photo


def fetch(server, folder, url, limits=None):
    target = folder / "photo.jpg"
    asyncio.run(fetch_web_photo(ServiceLine(server.url, limits), url, target))
    return target


def test_the_bytes_of_the_address_arrive_without_the_key_being_sent(server, tmp_path):
    url = server.keep_file("photo.jpg", b"some picture" * 1000)
    assert fetch(server, tmp_path, url).read_bytes() == b"some picture" * 1000
    assert "authorization" not in server.downloads[0].headers
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://user@example.com/a.jpg",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_is_not_public_is_refused(server, tmp_path, url):
    with pytest.raises(PhotoUnreadable, match="unsafe"):
        fetch(server, tmp_path, url)
    assert not server.downloads


def test_an_answer_that_is_no_picture_file_is_told_with_its_status(server, tmp_path):
    server.deliver_with(api_answers.status(404))
    with pytest.raises(PhotoUnreadable, match="HTTP 404"):
        fetch(server, tmp_path, f"{server.url}/nothing.jpg")
    assert not list(tmp_path.iterdir())


def test_a_file_beyond_the_limit_is_refused(server, tmp_path):
    url = server.keep_file("photo.jpg", bytes(5000))
    with pytest.raises(PhotoUnreadable):
        fetch(server, tmp_path, url, TransferLimits(picture_bytes=4000))
