"""The fake service itself: what other tests believe of its charges, its log and its downloads must be true."""

import base64
import io
import json
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from PIL import Image
from support import api_accounts, api_answers, api_downloads
from support.api_server import ApiServer

KEY = {"Authorization": "Bearer sk-canary-0123456789abcdef"}
ask = build_opener(ProxyHandler({})).open


@pytest.fixture
def server():
    with ApiServer() as made:
        yield made


def body(colour="grey"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    address = f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
    return json.dumps({"image_url": address, "output_format": "png"}).encode()


def post(server, reference="sd-1", colour="grey"):
    headers = KEY | {"X-Client-Request-Id": reference, "Content-Type": "application/json"}
    with ask(Request(f"{server.url}{api_answers.GENERATIONS}", body(colour), headers)) as answer:
        return json.load(answer)


def get(server, path, **headers):
    with ask(Request(f"{server.url}{path}", headers=KEY | headers)) as answer:
        return answer.status, answer.headers, answer.read()


def rows(server):
    done = server.finished
    _, _, text = get(server, f"{api_accounts.LOGS}?period=24h&model=topaz-labs/sharpen&limit=100")
    server.wait_for(lambda it: it.finished > done)
    return [(row["client_request_id"], row["status"], row["cost"]["usd"]) for row in json.loads(text)["data"]]


def test_a_picture_is_charged_once_and_equal_requests_are_told(server):
    for colour in ("grey", "grey", "red"):
        post(server, f"sd-{colour}", colour)
    first, second, third = server.charges
    assert first.asked == second.asked != third.asked
    assert [each.client_request_id for each in server.charges] == ["sd-grey", "sd-grey", "sd-red"]
    assert server.books.left == pytest.approx(25 - 3 * 0.105)


def test_a_charge_stands_although_the_client_never_hears_of_it(server):
    server.answer_with(api_answers.charged(api_answers.resets_after_body))
    with pytest.raises((URLError, ConnectionError)):
        post(server)
    assert len(server.charges) == 1
    assert server.wait_for(lambda it: it.books.entries)
    assert rows(server) == [("sd-1", "succeeded", 0.105)]


def test_refusals_cost_nothing_and_are_failures_in_the_log(server):
    for answer in (api_answers.broken(), api_answers.busy("1"), api_answers.resets_after_body):
        server.answer_with(answer)
        with pytest.raises((URLError, ConnectionError)):
            post(server)
    assert server.charges == []
    assert server.wait_for(lambda it: len(it.books.entries) == 3)
    assert rows(server) == [("sd-1", "failed", 0.0)] * 3


def test_the_log_says_what_a_test_wants_it_to_say(server):
    post(server)
    assert server.wait_for(lambda it: it.books.entries)
    server.books.says = "failed"
    assert rows(server) == [("sd-1", "failed", 0.0)]
    server.books.says = "missing"
    assert rows(server) == []
    server.books.says, server.books.lag_s = "truth", 60
    assert rows(server) == []
    server.tell_with(api_accounts.LOGS, api_accounts.absent(), api_accounts.refused())
    for status in (404, 403):
        with pytest.raises(HTTPError) as caught:
            rows(server)
        assert caught.value.code == status
        caught.value.close()


def test_questions_count_neither_as_requests_for_a_run_nor_as_downloads(server):
    for path in (f"{api_accounts.LOGS}?period=24h", api_accounts.BILLING, api_accounts.METRICS):
        assert get(server, path)[0] == 200
    _, _, text = get(server, f"{api_accounts.MODELS}?id=topaz-labs/sharpen&include=pricing")
    assert json.loads(text)["data"][0]["pricing"]["units"][0]["price"] == 0.105
    assert server.posts == server.downloads == []
    assert len(server.asked(api_accounts.LOGS)) == 1


def test_a_download_goes_on_where_it_was_cut_only_if_the_file_is_the_same(server):
    path = server.keep_file("a.jpeg", bytes(range(200)))[len(server.url) :]
    _, headers, _ = get(server, path)
    status, _, part = get(server, path, **{"Range": "bytes=150-", "If-Range": headers["ETag"]})
    assert (status, part) == (206, bytes(range(150, 200)))
    server.deliver_with(api_downloads.changed_to(b"something else"))
    status, _, whole = get(server, path, **{"Range": "bytes=150-", "If-Range": headers["ETag"]})
    assert (status, whole) == (200, b"something else")
    server.deliver_with(api_answers.ignores_range)
    status, _, whole = get(server, path, Range="bytes=3-")
    assert (status, whole) == (200, b"something else")


def test_an_address_works_only_as_signed_and_only_for_a_week(server):
    fresh = server.keep_file("a.jpeg", b"picture")[len(server.url) :]
    old = server.keep_file("b.jpeg", b"picture", made_s=1_000_000_000)[len(server.url) :]
    assert get(server, fresh)[2] == b"picture"
    for path in (old, fresh + "&more=1"):
        with pytest.raises(HTTPError) as caught:
            get(server, path)
        assert caught.value.code == 403
        caught.value.close()
