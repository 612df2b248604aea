"""The ways a picture can take to the service: in order, each once, remembered for each model."""

import asyncio
import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from support.cloud_bench import MASTER, SCHEMA, noise
from support.s3_server import KEY_ID, SECRET, S3Server

from sharpen_desktop.core.errors import Charge, CloudError
from sharpen_desktop.core.jobs import SharpenRequest
from sharpen_desktop.core.picture import Upload
from sharpen_desktop.core.settings import defaults
from sharpen_desktop.services.cloud import transports as module
from sharpen_desktop.services.cloud.bucket import Bucket
from sharpen_desktop.services.cloud.bucket_place import BucketKey, BucketPlace
from sharpen_desktop.services.cloud.transport_memory import (
    REFUSED_FOR_S,
    Objection,
    TransportMemory,
    Way,
)
from sharpen_desktop.services.cloud.transports import Transports, is_public, objection_to

PLAIN = SharpenRequest("run-1", "cloud", defaults(SCHEMA), MASTER)
PUBLIC = "https://photos.example/harbour.jpg?size=full&sig=%41"
FROM_WEB = replace(PLAIN, web_address=PUBLIC)
MODEL = SCHEMA.model


class Desk:
    """Transports over a temporary folder; ``prepared`` counts the files that were made."""

    def __init__(self, folder: Path, bucket: Bucket | None = None, picture: bytes = b"") -> None:
        self.folder = folder
        self.now_s = 1_800_000_000.0
        self.memory = TransportMemory(folder / "transports.json", lambda: self.now_s)
        self.transports = Transports(SCHEMA, self.memory, lambda: bucket)
        self.picture = picture or noise()
        self.prepared = 0

    async def prepare(self) -> Upload:
        self.prepared += 1
        path = self.folder / "photo"
        path.write_bytes(self.picture)
        return Upload(str(path), "image/png", len(self.picture), 300, 200)

    def chain(self, request=PLAIN):
        return self.transports.chain(request, self.prepare)

    def first(self, request=PLAIN):
        """The way a run would begin with."""

        async def begun():
            async with self.chain(request) as chain:
                return (await chain.first()).way

        return asyncio.run(begun())

    def taken(self, *objections, request=PLAIN):
        """The ways a run takes whose first tries are objected to so, and what it tells the user."""

        async def run():
            async with self.chain(request) as chain:
                transport = await chain.first()
                ways = [transport.way]
                await transport.body()
                for objection in objections:
                    following = await chain.after_refusal(transport, objection)
                    if following is None:
                        return ways, chain
                    transport = following
                    ways.append(transport.way)
                    await transport.body()
                await chain.worked(transport)
                return ways, chain

        return asyncio.run(run())


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.fixture(scope="module")
def s3():
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    pytest.importorskip("moto", reason="moto plays the S3 server")
    with S3Server() as server:
        server.make_bucket("mine")
        yield server


@pytest.fixture
def with_bucket(s3, tmp_path):
    bucket = Bucket(BucketPlace(s3.url, "", "mine"), BucketKey(KEY_ID, SECRET), tmp_path / "notes")
    return Desk(tmp_path, bucket)


async def sent(transport):
    """What would leave, as the service would get it."""
    body = await transport.body()
    data = b"".join([piece async for piece in body])
    assert len(data) == body.length
    assert body.is_complete
    return json.loads(data)


# --- which way ---


def test_a_photo_from_a_file_goes_inside_the_request(desk):
    assert desk.first() is Way.REQUEST


def test_a_photo_from_the_web_goes_as_its_address_and_no_file_is_made(desk):
    async def run():
        async with desk.chain(FROM_WEB) as chain:
            transport = await chain.first()
            assert (transport.way, transport.is_address, transport.place) == (Way.ADDRESS, True, "")
            assert await transport.upload() is None
            fields = await sent(transport)
            assert await transport.body_size() == len(json.dumps(fields))
            return fields

    fields = asyncio.run(run())
    assert fields["image_url"] == PUBLIC
    assert fields["model"] == MODEL
    assert fields["face_enhancement"] is True
    assert desk.prepared == 0


@pytest.mark.parametrize(
    "address",
    [
        "http://photos.example/a.jpg",
        "https://user:pw@photos.example/a.jpg",
        "https://192.168.0.4/a.jpg",
        "https://localhost/a.jpg",
        "https://nas.local/a.jpg",
        "https://photos.example/" + "a" * 9000,
        "file:///home/a.jpg",
        "data:image/png;base64,AAAA",
        "https://photos.example/a b.jpg",
    ],
    ids=lambda each: each[:40],
)
def test_an_address_the_service_should_not_see_is_not_sent(desk, address):
    assert desk.first(replace(PLAIN, web_address=address)) is Way.REQUEST


def test_a_name_that_stands_for_the_users_own_network_is_not_public(monkeypatch):
    async def resolved(self, host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", port))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolved)
    assert not asyncio.run(is_public("https://intranet.example/a.jpg"))


def test_the_picture_is_made_once_and_is_the_same_for_every_try(desk):
    async def run():
        async with desk.chain() as chain:
            transport = await chain.first()
            assert (await transport.upload()).size == len(desk.picture)
            assert await transport.body_size() == (await transport.body()).length
            return [await sent(transport) for _ in range(2)]

    first, second = asyncio.run(run())
    assert first == second
    assert first["image_url"].startswith("data:image/png;base64,")
    assert desk.prepared == 1


def test_the_media_type_follows_the_bytes(tmp_path):
    desk = Desk(tmp_path, picture=noise(kind="JPEG"))

    async def run():
        async with desk.chain() as chain:
            return await sent(await chain.first())

    assert asyncio.run(run())["image_url"].startswith("data:image/jpeg;base64,")


def test_a_prepared_file_that_vanished_is_said_and_costs_nothing(desk):
    async def run():
        async with desk.chain() as chain:
            transport = await chain.first()
            await transport.upload()
            (desk.folder / "photo").unlink()
            await transport.body()

    with pytest.raises(CloudError, match="could not be made ready") as caught:
        asyncio.run(run())
    assert caught.value.charge is Charge.NONE


# --- one step down after a refusal ---


def test_what_speaks_of_the_picture_or_its_size_is_an_objection():
    field = SCHEMA.picture_field
    assert objection_to(400, "image_url must be a URL address", field) is Objection.KIND
    assert objection_to(422, "image_url is invalid", field) is Objection.KIND
    assert objection_to(413, "", field) is Objection.SIZE
    for status, message in ((400, "strength must be a number"), (500, "image_url"), (403, "image_url")):
        assert objection_to(status, message, field) is None


def test_a_refused_address_is_followed_by_the_picture_and_that_is_said(desk):
    ways, chain = desk.taken(Objection.KIND, request=FROM_WEB)
    assert ways == [Way.ADDRESS, Way.REQUEST]
    assert chain.note == (
        "The service did not take the photo as its web address, so it was sent inside the request."
    )


def test_without_a_bucket_the_chain_ends_with_the_request_and_advises_one(desk):
    ways, chain = desk.taken(Objection.SIZE)
    assert ways == [Way.REQUEST]
    assert "bucket" in chain.advice
    assert chain.note == ""


def test_every_way_is_tried_once_and_the_bucket_is_the_last(with_bucket, s3):
    ways, chain = with_bucket.taken(Objection.KIND, Objection.KIND, Objection.KIND, request=FROM_WEB)
    assert ways == [Way.ADDRESS, Way.REQUEST, Way.BUCKET]
    assert chain.note.endswith("inside the request, so it was sent through your bucket.")
    assert chain.advice == ""
    assert s3.objects("mine") == []


def test_the_bucket_hands_over_an_address_anybody_can_fetch(with_bucket, s3, tmp_path):
    with_bucket.memory.refused(MODEL, Way.REQUEST, Objection.KIND, 1000)

    async def run():
        async with with_bucket.chain() as chain:
            transport = await chain.first()
            assert (transport.way, transport.is_address, transport.place) == (Way.BUCKET, False, "127.0.0.1")
            assert await transport.body_size() > 0
            assert s3.objects("mine") == [], "nothing leaves before it is asked for"
            fields = await sent(transport)
            assert await transport.body_size() == len(json.dumps(fields))
            return fields, s3.objects("mine")

    fields, there = asyncio.run(run())
    assert fields["image_url"].startswith(f"{s3.url}/mine/{there[0]}?")
    assert s3.objects("mine") == []


@pytest.mark.parametrize("ends", [KeyError, asyncio.CancelledError])
def test_the_bucket_is_empty_again_however_the_run_ends(with_bucket, s3, tmp_path, ends):
    with_bucket.memory.refused(MODEL, Way.REQUEST, Objection.KIND, 1000)

    async def run():
        async with with_bucket.chain() as chain:
            await (await chain.first()).body()
            assert len(s3.objects("mine")) == 1
            raise ends

    with pytest.raises(ends):
        asyncio.run(run())
    assert s3.objects("mine") == []
    assert list((tmp_path / "notes").iterdir()) == []


def test_a_connection_that_breaks_during_a_small_request_is_no_objection(desk):
    assert len(desk.picture) < module.LARGE_BYTES
    desk.taken(Objection.RESET)
    assert not desk.memory.is_refused(MODEL, Way.REQUEST, 1 << 30)


def test_a_connection_that_breaks_during_a_large_request_is_a_matter_of_size(tmp_path):
    desk = Desk(tmp_path, picture=b"\x89PNG\r\n\x1a\n" + bytes(2 << 20))
    desk.taken(Objection.RESET)
    assert desk.memory.is_refused(MODEL, Way.REQUEST, 3 << 20)
    assert not desk.memory.is_refused(MODEL, Way.REQUEST, 1 << 20)


# --- what is remembered ---


def test_a_way_that_was_refused_is_not_tried_first_again(with_bucket):
    with_bucket.taken(Objection.KIND)
    assert with_bucket.first() is Way.BUCKET


def test_only_what_is_as_large_as_the_refused_one_takes_another_way(with_bucket):
    size = 4 * -(-len(with_bucket.picture) // 3)
    with_bucket.memory.refused(MODEL, Way.REQUEST, Objection.SIZE, 2 * size)
    assert with_bucket.first() is Way.REQUEST
    with_bucket.memory.refused(MODEL, Way.REQUEST, Objection.SIZE, size // 2)
    assert with_bucket.first() is Way.BUCKET


def test_a_refused_way_is_taken_all_the_same_when_it_is_the_only_one(desk):
    desk.taken(Objection.KIND)
    assert desk.first() is Way.REQUEST


def test_one_useless_address_does_not_spoil_a_way_that_has_worked(desk):
    desk.taken(request=FROM_WEB)
    desk.taken(Objection.KIND, request=FROM_WEB)
    assert desk.first(FROM_WEB) is Way.ADDRESS


def test_what_works_after_all_is_believed(with_bucket):
    with_bucket.memory.refused(MODEL, Way.REQUEST, Objection.KIND, 100)
    with_bucket.memory.refused(MODEL, Way.REQUEST, Objection.SIZE, 100)
    with_bucket.memory.worked(MODEL, Way.REQUEST, 1 << 20)
    assert with_bucket.first() is Way.REQUEST


def test_a_small_success_says_nothing_of_what_was_too_large(desk):
    desk.memory.refused(MODEL, Way.REQUEST, Objection.SIZE, 5000)
    desk.memory.worked(MODEL, Way.REQUEST, 1000)
    assert desk.memory.is_refused(MODEL, Way.REQUEST, 6000)


@pytest.mark.parametrize("days", [31, -31])
def test_a_refusal_is_forgotten_after_a_month_also_when_the_clock_was_wrong(with_bucket, days):
    with_bucket.taken(Objection.KIND)
    with_bucket.now_s += days * 86_400
    assert abs(days) * 86_400 > REFUSED_FOR_S
    assert with_bucket.first() is Way.REQUEST


def test_each_model_is_remembered_by_itself(desk):
    desk.memory.refused("another/model", Way.REQUEST, Objection.KIND, 100)
    assert not desk.memory.is_refused(MODEL, Way.REQUEST, 100)
    assert desk.memory.is_refused("another/model", Way.REQUEST, 100)


def test_the_memory_outlives_the_program(tmp_path):
    Desk(tmp_path).memory.refused(MODEL, Way.REQUEST, Objection.KIND, 100)
    assert Desk(tmp_path).memory.is_refused(MODEL, Way.REQUEST, 1)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"topaz-labs/sharpen": {"request": 3}}', b"[" * 100_000]
)
def test_a_damaged_memory_is_an_empty_one_and_is_mended(tmp_path, content):
    (tmp_path / "transports.json").write_bytes(content)
    desk = Desk(tmp_path)
    assert not desk.memory.is_refused(MODEL, Way.REQUEST, 100)
    desk.memory.refused(MODEL, Way.REQUEST, Objection.KIND, 100)
    assert desk.memory.is_refused(MODEL, Way.REQUEST, 100)


def test_a_memory_that_cannot_be_written_stops_nothing(tmp_path, caplog):
    (tmp_path / "transports.json").mkdir()
    ways, _ = Desk(tmp_path).taken(Objection.SIZE)
    assert ways == [Way.REQUEST]
