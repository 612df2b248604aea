"""What cannot have cost anything is tried again by itself, with the wait in view; nothing else ever is."""

import asyncio
import socket
import time
from email.utils import formatdate

import pytest
from support import api_answers
from support.api_server import ApiServer
from support.cloud_bench import Bench, noise

from sharpen_desktop.core.errors import (
    Charge,
    CloudError,
    CreditExhausted,
    KeyRefused,
    ServiceBusy,
    Unreachable,
)
from sharpen_desktop.core.jobs import Phase
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.services.cloud.transport_memory import Way


def whole_waits(bench):
    """The lengths of the waits between tries, whose seconds are told one by one."""
    told = [report.again_in_s or 0.0 for report in bench.reports]
    return [round(after, 6) for before, after in zip([0.0, *told], told, strict=False) if after > before]


# --- no connection ---


@pytest.mark.fault(1, 2)
def test_a_service_that_cannot_be_reached_is_tried_three_times_and_costs_nothing(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        bench = Bench(tmp_path, f"http://127.0.0.1:{closed.getsockname()[1]}")
        error = bench.failure()
    assert isinstance(error, Unreachable)
    assert (error.charge, error.retryable) == (Charge.NONE, True)
    assert whole_waits(bench) == [1, 2]
    assert not any(report.is_paid_risk for report in bench.reports)
    assert bench.row().stage is Stage.REFUSED
    assert bench.files() == []


@pytest.mark.fault(1, 2)
def test_a_service_that_comes_back_meanwhile_gets_the_photo(tmp_path):
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    bench = Bench(tmp_path, f"http://127.0.0.1:{port}")
    servers = []

    async def sleep(seconds):
        if not servers:
            servers.append(ApiServer(port).__enter__())
        await asyncio.sleep(0)

    bench.sleep = sleep
    try:
        assert bench.run().file
        assert len(servers[0].posts) == 1
    finally:
        servers[0].__exit__()
    assert bench.row().tries == 2


@pytest.mark.fault(5)
@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "ftp://127.0.0.1"], ids=["proxy", "address"])
def test_what_waiting_cannot_mend_is_not_tried_again(bench, url):
    bench.url, bench.proxy = url, "garbage://proxy"
    error = bench.failure()
    assert isinstance(error, Unreachable)
    assert not error.retryable
    assert bench.waits == []
    assert bench.rows() == ()


# --- busy ---


@pytest.mark.fault(18, 22)
@pytest.mark.parametrize("code", [429, 503])
def test_a_busy_service_is_waited_for_and_each_second_is_told(server, bench, code):
    server.answer_with(*[api_answers.status(code, b"", {"Retry-After": "3"})] * 2)
    assert bench.run().file
    told = [report for report in bench.reports if report.phase is Phase.BUSY]
    assert [report.again_in_s for report in told] == [3, 2, 1, 3, 2, 1]
    assert not any(report.is_paid_risk for report in told)
    assert bench.waits == [1.0] * 6
    assert bench.reports[-1].is_paid_risk
    assert len(server.posts) == 3
    assert len(server.charges) == 1
    assert len({post.headers["idempotency-key"] for post in server.posts}) == 1
    assert bench.row().tries == 3


@pytest.mark.fault(18)
@pytest.mark.parametrize(
    ("told", "waits"),
    [
        ("7", [7]),
        ("2.5", [2.5]),
        ("100000000", [5]),
        ("-3", [5]),
        ("soon", [5]),
        ("", [5]),
        ("5000", [600]),
    ],
)
def test_the_service_is_believed_how_long_within_reason(server, bench, told, waits):
    server.answer_with(api_answers.busy(told))
    assert bench.run().file
    assert whole_waits(bench) == waits


@pytest.mark.fault(18, 73)
@pytest.mark.parametrize("wrong_s", [0.0, -315_360_000.0, 315_360_000.0], ids=["right", "slow", "fast"])
def test_a_date_to_wait_for_is_read_by_the_services_own_clock(server, bench, wrong_s):
    bench.wrong_s = wrong_s
    now = time.time()
    headers = {"Retry-After": formatdate(now + 40, usegmt=True), "Date": formatdate(now, usegmt=True)}
    server.answer_with(api_answers.status(503, b"", headers))
    assert bench.run().file
    assert whole_waits(bench) == [40]


@pytest.mark.fault(19)
def test_a_service_that_stays_busy_is_left_after_five_tries(server, bench):
    server.always = api_answers.busy()
    error = bench.failure()
    assert isinstance(error, ServiceBusy)
    assert (error.charge, error.retryable) == (Charge.NONE, True)
    assert "Try again in a few minutes" in error.headline
    assert len(server.posts) == 5
    assert whole_waits(bench) == [5, 10, 20, 40]
    assert bench.row().stage is Stage.REFUSED
    assert server.charges == []


@pytest.mark.fault(9, 20, 21)
@pytest.mark.parametrize(
    "answer",
    [
        api_answers.broken(),
        api_answers.bad_gateway(),
        api_answers.gave_up(),
        api_answers.status(524),
        api_answers.resets_after_body,
        api_answers.closes_without_answer,
    ],
    ids=["500", "502", "504", "524", "reset", "close"],
)
def test_after_a_busy_answer_a_lost_one_still_ends_the_trying(server, bench, answer):
    server.answer_with(api_answers.busy(), answer)
    error = bench.failure()
    assert error.charge is Charge.UNKNOWN
    assert len(server.posts) == 2
    assert bench.row().stage is Stage.UNKNOWN
    assert bench.reports[-1].is_paid_risk


# --- another way to hand the photo over ---


class Bucket:
    """A place of the user's own that takes nothing and gives an address; ``deposits`` counts what came."""

    host = "bucket.example"

    def __init__(self):
        self.deposits, self.removed = [], 0

    def deposit(self):
        return self

    async def address(self, file, media_type, report):
        self.deposits.append(file.read_bytes())
        return "https://bucket.example/one?X-Amz-Signature=5167"

    async def expected_address(self):
        return "https://bucket.example/one?X-Amz-Signature=5167"

    async def remove(self):
        self.removed += 1
        return ""


@pytest.fixture
def bucket(bench):
    bench.bucket = Bucket()
    return bench.bucket


@pytest.mark.fault(8)
@pytest.mark.parametrize(
    "answer",
    [api_answers.too_large(), api_answers.refused_field("image_url")],
    ids=["413", "400 about the address"],
)
def test_a_photo_that_is_not_taken_one_way_goes_the_next_and_this_is_told(server, bench, bucket, answer):
    made = noise()
    server.answer_with(answer, api_answers.address(server.keep_file("a", made)))
    result = bench.run()
    assert "through your bucket" in result.note
    assert bucket.deposits == [bench.picture]
    assert bucket.removed == 1
    assert server.posts[1].fields["image_url"].startswith("https://bucket.example/")
    assert len(server.posts) == 2
    assert len(server.charges) == 1


@pytest.mark.fault(8)
def test_a_reset_of_a_large_upload_goes_the_next_way_after_a_second_try(server, bench, bucket):
    bench.picture = noise((2200, 1600))
    server.answer_with(
        *[api_answers.resets_half_way] * 2, api_answers.address(server.keep_file("a", noise()))
    )
    assert "through your bucket" in bench.run().note
    assert len(server.posts) == 3


@pytest.mark.fault(8)
def test_without_another_way_the_refusal_says_what_may_help(server, bench):
    server.always = api_answers.too_large()
    error = bench.failure()
    assert "too large" in error.headline
    assert "bucket" in error.headline
    assert error.charge is Charge.NONE
    assert error.smaller_bytes == pytest.approx(len(bench.picture) / 2, rel=0.05)
    assert len(server.posts) == 1


def test_a_picture_of_the_wrong_kind_is_not_helped_by_a_smaller_copy(server, bench):
    server.always = api_answers.refused_field("image_url")
    assert bench.failure().smaller_bytes == 0


def test_a_way_that_was_refused_is_remembered(server, bench, bucket):
    server.answer_with(
        api_answers.refused_field("image_url"), *[api_answers.address(server.keep_file("a", noise()))] * 2
    )
    bench.run()
    bench.run(photo="another")
    assert len(server.posts) == 3
    assert len(bucket.deposits) == 2
    assert Way.REQUEST.value in bench.kept("transports.json").decode()


def test_a_bucket_that_fails_sends_nothing(server, bench, bucket):
    server.answer_with(api_answers.too_large())

    async def fail(file, media_type, report):
        raise CloudError("The bucket refused the photo.", charge=Charge.NONE)

    bucket.address = fail
    assert "bucket refused" in bench.failure().headline
    assert len(server.posts) == 1
    assert bench.row().stage is Stage.REFUSED


@pytest.mark.fault(16)
@pytest.mark.parametrize(
    ("refusal", "kind"), [(api_answers.out_of_credit(), CreditExhausted), (api_answers.bad_key(), KeyRefused)]
)
def test_a_run_that_waits_for_a_busy_service_is_not_sent_once_another_was_refused(
    server, bench, refusal, kind
):
    server.answer_with(api_answers.busy("30"), refusal)
    refused, engines = [], []

    async def meanwhile(seconds):
        if not refused:
            refused.append(seconds)
            with pytest.raises(kind):
                await engines[0].sharpen(bench.request(photo="another"), bench.reports.append)

    async def both(engine):
        engines.append(engine)
        with pytest.raises(kind) as caught:
            await engine.sharpen(bench.request(), bench.reports.append)
        return caught.value

    bench.sleep = meanwhile
    error = bench.together(both)
    assert error.charge is Charge.NONE
    assert len(server.posts) == 2
