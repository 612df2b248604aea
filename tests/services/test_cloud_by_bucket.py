"""Whole runs over the user's own bucket, with a service that really fetches the picture from there."""

import asyncio
import json
import urllib.request

import pytest
from support import api_answers
from support.api_exchange import Exchange
from support.cloud_bench import Bench
from support.s3_server import KEY_ID, SECRET, S3Server

from sharpen_desktop.core.errors import Charge
from sharpen_desktop.services.cloud.bucket import Bucket
from sharpen_desktop.services.cloud.bucket_place import BucketKey, BucketPlace

pytest.importorskip("obstore", reason="the extra s3 is not installed")
pytest.importorskip("moto", reason="moto plays the S3 server")


@pytest.fixture(scope="module")
def s3():
    with S3Server() as made:
        made.make_bucket("mine")
        yield made


@pytest.fixture
def bench(server, s3, tmp_path):
    bucket = Bucket(BucketPlace(s3.url, "", "mine"), BucketKey(KEY_ID, SECRET), tmp_path / "notes")
    return Bench(tmp_path / "bench", server.url, bucket=bucket)


class Service:
    """Takes no picture inside a request; fetches one from its address, as anybody could, and then answers."""

    def __init__(self, answer=None):
        self.fetched = []
        self.answer = answer

    def __call__(self, exchange: Exchange) -> None:
        exchange.read_body()
        url = exchange.request.fields["image_url"]
        if url.startswith("data:"):
            message = ["image_url must be a URL address"]
            exchange.reply(400, json.dumps(api_answers.old_envelope(400, message)).encode())
            return
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as picture:
            self.fetched.append((picture.headers["Content-Type"], picture.read()))
        (self.answer or api_answers.sharpened(picture=self.fetched[-1][1]))(exchange)


def test_a_service_that_wants_an_address_gets_one_and_the_copy_is_gone_after_the_run(
    server, bench, s3, tmp_path
):
    server.always = service = Service()
    result = bench.run()
    assert service.fetched == [("image/png", bench.picture)]
    assert result.note == (
        "The service did not take the photo inside the request, so it was sent through your bucket."
    )
    assert s3.objects("mine") == []
    assert list((tmp_path / "notes").iterdir()) == []
    assert len(server.posts) == 2
    assert KEY_ID.encode() in server.posts[1].body  # part of every presigned address, and no secret
    assert all(SECRET.encode() not in post.body for post in server.posts)


def test_the_next_run_takes_the_bucket_at_once_and_says_nothing_of_it(server, bench):
    server.always = Service()
    bench.run()
    assert bench.run(photo="another").note == ""
    assert len(server.posts) == 3


@pytest.mark.parametrize(
    ("answer", "charge"),
    [
        (api_answers.refused_field("strength"), Charge.NONE),
        (api_answers.closes_without_answer, Charge.UNKNOWN),
    ],
    ids=["refused", "lost"],
)
def test_the_copy_is_gone_after_a_run_that_failed(server, bench, s3, answer, charge):
    server.always = service = Service(answer)
    assert bench.failure().charge is charge
    assert len(service.fetched) == 1
    assert s3.objects("mine") == []


def test_the_copy_is_gone_after_a_run_that_was_cancelled(server, bench, s3):
    server.hold()
    server.always = Service(lambda exchange: exchange.server.wait_at_gate())

    async def cancelled(engine):
        task = asyncio.create_task(engine.sharpen(bench.request(), bench.reports.append))
        assert await asyncio.to_thread(
            server.wait_for, lambda it: len(it.posts) == 2 and it.posts[1].is_whole
        )
        assert len(await asyncio.to_thread(s3.objects, "mine")) == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    bench.together(cancelled)
    server.release()
    assert s3.objects("mine") == []


def test_a_bucket_that_does_not_take_the_photo_costs_nothing(server, bench, tmp_path):
    server.always = service = Service()
    nowhere = BucketPlace("http://127.0.0.1:1", "", "mine")
    bench.bucket = Bucket(nowhere, BucketKey(KEY_ID, SECRET), tmp_path / "notes")
    error = bench.failure()
    assert "Your bucket at 127.0.0.1 could not be reached" in error.headline
    assert error.charge is Charge.NONE
    assert service.fetched == []
    assert SECRET not in error.headline + error.detail
