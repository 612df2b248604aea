"""A result that was paid for is fetched whole, from where it broke off, and whatever comes instead is kept."""

import base64
import io
import json
from pathlib import Path

import pytest
from PIL import Image
from support import api_answers
from support.api_downloads import etag
from support.cloud_bench import noise

from sharpen_desktop.core.errors import Charge
from sharpen_desktop.core.jobs import Phase
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits
from sharpen_desktop.services.result_store import ResultStore

MADE = noise((1200, 900))
BILLED = Charge.BILLED
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
SLOW = TransferLimits(moving_s=0.4, answer_s=0.4)


@pytest.fixture
def offered(server):
    """The next answer names MADE by its address, which is returned."""
    url = server.keep_file("made.png", MADE)
    server.answer_with(api_answers.address(url))
    return url


def ranges(server):
    return [download.headers.get("range") for download in server.downloads]


def in_one_piece(result, data=MADE):
    return Path(result.file).read_bytes() == data


# --- what breaks off goes on ---


@pytest.mark.fault(37, 74)
def test_a_download_that_breaks_off_goes_on_where_it_ended(server, bench, offered):
    server.deliver_with(api_answers.cut_at(0.5), api_answers.cut_at(0.5))
    assert in_one_piece(bench.run())
    half, three_quarters = len(MADE) // 2, len(MADE) // 2 + (len(MADE) - len(MADE) // 2) // 2
    assert ranges(server) == [None, f"bytes={half}-", f"bytes={three_quarters}-"]
    assert {each.headers.get("if-range") for each in server.downloads[1:]} == {etag(MADE)}
    assert bench.waits == [1, 2]
    fractions = [each.fraction for each in bench.reports if each.phase is Phase.DOWNLOADING and each.fraction]
    assert fractions == sorted(fractions)
    assert len(server.posts) == 1


@pytest.mark.fault(36, 37, 74)
def test_a_download_that_never_ends_is_left_and_goes_on_when_it_is_settled(server, bench, offered):
    server.always_deliver = api_answers.cut_at(0.1)
    error = bench.failure()
    assert "could not be fetched" in error.headline
    assert "without paying again" in error.headline
    assert (error.charge, error.retryable) == (BILLED, True)
    assert len(server.downloads) == 5
    assert bench.row().stage is Stage.DOWNLOADING
    came = len(bench.kept("results/run-1-1.part"))
    assert came > len(MADE) // 3
    server.always_deliver = None
    settled = bench.settle()
    assert settled.stage is Stage.STORED
    assert Path(settled.files[0]).read_bytes() == MADE
    assert ranges(server)[-1] == f"bytes={came}-"
    assert len(server.posts) == 1


@pytest.mark.fault(36)
def test_a_stalled_download_is_tried_again_from_where_it_stands(server, bench):
    server.hold()
    url = server.keep_file("made.png", MADE)

    def at_once(exchange):
        exchange.read_body()
        exchange.reply(200, json.dumps({"data": [{"url": url}]}).encode())

    server.answer_with(at_once)
    server.deliver_with(api_answers.stalled_download)
    bench.limits = SLOW
    assert in_one_piece(bench.run())
    assert ranges(server) == [None, "bytes=100-"]
    server.release()


@pytest.mark.fault(36)
def test_a_download_slower_than_any_line_counts_as_standing_still(server, bench, offered):
    def drips(exchange):
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not exchange.server.closing.wait(0.05):
            exchange.send(b"x")

    server.deliver_with(drips)
    bench.limits = TransferLimits(moving_s=0.5)
    assert in_one_piece(bench.run())
    assert len(server.downloads) == 2


@pytest.mark.fault(38)
def test_a_server_that_ignores_the_range_sends_it_all_and_nothing_is_glued(server, bench, offered):
    server.deliver_with(api_answers.cut_at(0.5), api_answers.ignores_range)
    assert in_one_piece(bench.run())


@pytest.mark.fault(38)
def test_a_file_that_has_changed_meanwhile_is_fetched_anew(server, bench, offered):
    other = noise((1200, 900))
    server.deliver_with(api_answers.cut_at(0.5), api_answers.changed_to(other))
    assert in_one_piece(bench.run(), other)


def partial(start, data, tag, total=None):
    """A 206 with a range of the server's choosing."""

    def answer(exchange):
        span = f"bytes {start}-{len(data) - 1}/{total or len(data)}"
        exchange.reply(206, data[start:], {"ETag": tag, "Content-Range": span})

    return answer


@pytest.mark.fault(38)
@pytest.mark.parametrize(
    "odd",
    [
        partial(7, MADE, etag(MADE)),
        partial(len(MADE) // 2, MADE, etag(b"another")),
        partial(len(MADE) // 2, MADE, etag(MADE), total=len(MADE) + 1),
        lambda exchange: exchange.reply(206, MADE, {"Content-Range": "nonsense"}),
        lambda exchange: exchange.reply(416, b""),
    ],
    ids=["other place", "other entity", "other length", "nonsense", "416"],
)
def test_a_part_that_does_not_fit_is_never_joined_to_what_came(server, bench, offered, odd):
    server.deliver_with(api_answers.cut_at(0.5), odd)
    assert in_one_piece(bench.run())
    assert ranges(server)[2] is None


@pytest.mark.fault(38)
@pytest.mark.parametrize("tag", ["", 'W/"weak"', "bare", '"a"b"'])
def test_without_an_entity_tag_to_trust_it_begins_again(server, bench, offered, tag):
    def cut(exchange):
        exchange.reply(200, MADE[:5000], {"ETag": tag}, length=len(MADE))

    server.deliver_with(cut)
    assert in_one_piece(bench.run())
    assert ranges(server) == [None, None]


@pytest.mark.fault(37)
def test_the_beginning_of_another_picture_is_not_continued(server, bench):
    server.answer_with(api_answers.address(server.keep_file("one.png", MADE)))
    server.always_deliver = api_answers.cut_at(0.1)
    bench.failure()
    server.always_deliver = None
    other = noise((1200, 900))
    answer = json.loads(bench.kept("answers/run-1.json"))
    answer["data"][0]["url"] = server.keep_file("two.png", other)
    (bench.folder / "answers" / "run-1.json").write_text(json.dumps(answer))
    assert Path(bench.settle().files[0]).read_bytes() == other


def test_a_picture_that_had_come_whole_before_the_end_is_not_fetched_again(
    server, bench, offered, monkeypatch
):
    def crash(self, part, extension, run):
        raise ZeroDivisionError

    monkeypatch.setattr(ResultStore, "keep", crash)
    with pytest.raises(ZeroDivisionError):
        bench.run()
    monkeypatch.undo()
    assert bench.settle().stage is Stage.STORED
    assert len(server.downloads) == 1


# --- cut in silence, or damaged ---


@pytest.mark.fault(39)
def test_a_picture_cut_in_silence_is_fetched_once_more(server, bench, offered):
    server.deliver_with(api_answers.cut_without_length)
    assert in_one_piece(bench.run())
    assert len(server.downloads) == 2


@pytest.mark.fault(44)
def test_a_damaged_picture_is_fetched_once_more(server, bench, offered):
    server.deliver_with(api_answers.damaged_download)
    assert in_one_piece(bench.run())
    assert ranges(server) == [None, None]


@pytest.mark.fault(39, 44)
def test_a_picture_that_is_damaged_twice_is_kept_and_told(server, bench, offered):
    server.always_deliver = api_answers.cut_without_length
    error = bench.failure()
    assert "is damaged" in error.headline
    assert error.charge is BILLED
    row = bench.row()
    assert row.stage is Stage.PAID_UNREADABLE
    assert Path(row.files[0]).read_bytes() == MADE[: len(MADE) // 2]
    assert str(row.files[0]) in error.headline
    server.always_deliver = None
    settled = bench.settle()
    assert settled.stage is Stage.STORED
    assert Path(settled.files[0]).read_bytes() == MADE


@pytest.mark.fault(44)
def test_a_checksum_that_is_wrong_twice_is_told_with_a_picture_that_can_be_shown(server, bench):
    made = noise(kind="TIFF")  # which decodes with a damaged middle, too
    server.answer_with(api_answers.address(server.keep_file("made.tif", made)))
    server.always_deliver = api_answers.damaged_download
    result = bench.run()
    assert "checksum" in result.note
    assert len(server.downloads) == 2
    assert bench.row().stage is Stage.STORED


@pytest.mark.fault(44)
def test_the_stores_own_checksum_is_believed_too(server, bench, offered):
    wrong = base64.b64encode(bytes(32)).decode()
    server.deliver_with(
        lambda exchange: exchange.reply(200, MADE, {"x-amz-checksum-sha256": wrong, "ETag": '"x"'})
    )
    assert in_one_piece(bench.run())
    assert len(server.downloads) == 2


# --- not there, not any more ---


@pytest.mark.fault(41)
def test_a_result_that_is_not_there_yet_is_waited_for(server, bench, offered):
    server.deliver_with(*[api_answers.not_there_yet] * 3)
    assert in_one_piece(bench.run())
    assert bench.waits == [5, 15, 35]


@pytest.mark.fault(40, 41)
def test_a_result_that_never_appears_counts_as_expired_after_two_minutes(server, bench, offered):
    server.always_deliver = api_answers.not_there_yet
    error = bench.failure()
    assert "has expired" in error.headline
    assert sum(bench.waits) == 120
    assert len(server.downloads) == 5
    assert bench.row().stage is Stage.EXPIRED


@pytest.mark.fault(40)
@pytest.mark.parametrize("code", [400, 401, 403, 410])
def test_an_expired_address_is_told_with_the_reference_for_support(server, bench, offered, code):
    server.always_deliver = lambda exchange: exchange.reply(code, b"<Error/>")
    error = bench.failure()
    row = bench.row()
    assert "has expired" in error.headline
    assert row.reference in error.headline
    assert (error.charge, error.retryable) == (BILLED, False)
    assert row.stage is Stage.EXPIRED
    assert row.problem == error.headline
    assert len(server.downloads) == 1
    assert bench.files() == ["answers/run-1.json"]


@pytest.mark.fault(40, 73)
@pytest.mark.parametrize("wrong_s", [-315_360_000.0, 315_360_000.0], ids=["slow", "fast"])
def test_the_server_decides_what_has_expired_and_not_this_computers_clock(server, bench, offered, wrong_s):
    bench.wrong_s = wrong_s
    assert in_one_piece(bench.run())


@pytest.mark.fault(40)
def test_a_run_of_eight_days_ago_has_expired_when_it_is_settled(server, bench, offered):
    server.always_deliver = api_answers.cut_at(0.1)
    bench.failure()
    path = "/files/made.png"
    old = server.keep_file("made.png", MADE, bench.now() - 8 * 86_400)
    answer = (bench.folder / "answers" / "run-1.json").read_text().replace(offered, old)
    (bench.folder / "answers" / "run-1.json").write_text(answer)
    server.always_deliver = None
    settled = bench.settle()
    assert settled.stage is Stage.EXPIRED
    assert server.downloads[-1].path.startswith(path)


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_server_of_results_that_fails_is_asked_again(server, bench, offered, code):
    server.deliver_with(*[lambda exchange: exchange.reply(code)] * 2)
    assert in_one_piece(bench.run())
    assert bench.waits == [1, 2]


# --- something else than a picture ---


@pytest.mark.fault(42)
def test_a_result_larger_than_the_cap_is_said_before_it_is_loaded(server, bench, offered):
    server.deliver_with(api_answers.huge_download)
    error = bench.failure()
    assert "larger than any photo" in error.headline
    assert "10,000 MB" in error.headline
    assert bench.row().stage is Stage.PAID_UNREADABLE
    assert bench.files() == ["answers/run-1.json"]


@pytest.mark.fault(42)
def test_a_result_that_grows_beyond_the_cap_is_stopped(server, bench, offered):
    server.deliver_with(api_answers.cut_without_length)
    bench.limits = TransferLimits(picture_bytes=50_000)
    assert "larger than any photo" in bench.failure().headline
    assert sum(path.stat().st_size for path in bench.results()) <= 51_000
    assert bench.row().stage is Stage.PAID_UNREADABLE


OTHER = {
    "a page": api_answers.page_for_picture,
    "SVG": lambda exchange: exchange.reply(200, SVG, {"Content-Type": "image/svg+xml"}),
    "PDF": lambda exchange: exchange.reply(200, PDF, {"Content-Type": "application/pdf"}),
    "nothing": lambda exchange: exchange.reply(200),
    "a compression bomb": api_answers.bomb_download,
}


@pytest.mark.fault(34, 43)
@pytest.mark.parametrize("name", OTHER)
def test_what_is_no_picture_is_kept_and_told(server, bench, offered, name):
    server.deliver_with(OTHER[name])
    error = bench.failure()
    assert "not a picture" in error.headline
    assert (error.charge, error.retryable) == (BILLED, False)
    row = bench.row()
    assert row.stage is Stage.PAID_UNREADABLE
    assert row.files[0].endswith(".bin")
    assert bench.files() == ["answers/run-1.json", f"results/{Path(row.files[0]).name}"]
    assert len(server.posts) == len(server.downloads) == 1


@pytest.mark.fault(43)
def test_another_format_than_asked_for_is_taken_for_what_it_is(server, bench):
    server.answer_with(api_answers.address(server.keep_file("made.jpeg", noise(kind="WEBP"))))
    assert bench.run().file.endswith(".webp")


@pytest.mark.fault(45)
@pytest.mark.parametrize("size", [(600, 400), (200, 300), (1, 1)], ids=["twice", "turned", "one pixel"])
def test_a_result_of_another_size_is_stored_and_left_to_be_looked_at(server, bench, size):
    server.answer_with(api_answers.address(server.keep_file("made.png", noise(size))))
    with Image.open(bench.run().file) as picture:
        assert picture.size == size


# --- inside the answer ---


@pytest.mark.fault(30)
def test_a_picture_inside_the_answer_is_a_usual_result(server, bench):
    server.answer_with(
        api_answers.status(200, {"data": [{"url": None, "b64_json": base64.b64encode(MADE).decode()}]})
    )
    assert in_one_piece(bench.run())


@pytest.mark.fault(31)
@pytest.mark.parametrize(
    "wrapped",
    [
        lambda text: f"data:image/png;base64,{text}",
        lambda text: "\n".join(text[i : i + 76] for i in range(0, len(text), 76)),
        lambda text: f"  {text} \n",
        lambda text: text.rstrip("="),
    ],
    ids=["data address", "lines", "space", "no padding"],
)
def test_base64_may_be_wrapped_in_what_people_wrap_it_in(server, bench, wrapped):
    text = wrapped(base64.b64encode(MADE).decode())
    server.answer_with(api_answers.status(200, {"data": [{"b64_json": text}]}))
    assert in_one_piece(bench.run())


@pytest.mark.fault(31, 44)
def test_a_damaged_picture_inside_the_answer_is_kept(server, bench):
    text = base64.b64encode(MADE[:5000]).decode()
    server.answer_with(api_answers.status(200, {"data": [{"b64_json": text}]}))
    error = bench.failure()
    assert "is damaged" in error.headline
    row = bench.row()
    assert row.stage is Stage.PAID_UNREADABLE
    assert Path(row.files[0]).read_bytes() == MADE[:5000]


@pytest.mark.fault(31)
def test_a_damaged_picture_inside_gives_way_to_the_address_beside_it(server, bench):
    item = {"b64_json": base64.b64encode(MADE[:5000]).decode(), "url": server.keep_file("made.png", MADE)}
    server.answer_with(api_answers.status(200, {"data": [item]}))
    assert in_one_piece(bench.run())


@pytest.mark.fault(43)
def test_a_picture_inside_the_answer_that_is_none_is_kept(server, bench):
    server.answer_with(api_answers.sharpened(picture=SVG, in_body=True))
    assert "not a picture" in bench.failure().headline
    assert Path(bench.row().files[0]).read_bytes() == SVG


@pytest.mark.fault(33)
@pytest.mark.parametrize(
    "text",
    [
        '{{"data": [{{"url": "{url}"}}], "n": NaN}}',
        '{{"data": [], "data": [{{"url": "{url}"}}]}}',
        '{{"data": [{{"url": "{url}"}}], "n": 99999999999999999999999999999999999999}}',
        '{{"data": [null, 5, {{"url": "{url}"}}]}}',
    ],
    ids=["NaN", "duplicate keys", "large number", "odd items"],
)
def test_odd_json_with_a_picture_is_used(server, bench, text):
    url = server.keep_file("made.png", MADE)
    server.answer_with(api_answers.status(200, text.format(url=url)))
    assert in_one_piece(bench.run())


# --- where it may be fetched from ---


@pytest.mark.fault(25, 26)
@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example/a",
        "http://127.0.0.1:1/a",
        "https://169.254.169.254/a",
        "https://user:pw@cdn.example/a",
        "https://cdn.example/a\r\nX: 1",
        "https://cdn.example/" + "a" * 100_000,
        "file:///etc/passwd",
        "ftp://cdn.example/a",
        "javascript:alert(1)",
        "not an address",
        "https://cdn.example/\ud800",
    ],
    ids=lambda url: repr(url)[:40],
)
def test_an_unsafe_address_in_a_paid_answer_is_refused_and_the_answer_kept(server, bench, url):
    server.answer_with(api_answers.address(url))
    error = bench.failure()
    assert "unsafe" in error.headline
    assert error.charge is BILLED
    assert "answers/run-1.json" in bench.files()
    assert bench.row().stage is Stage.PAID_UNREADABLE
    assert server.downloads == []


def test_the_picture_is_only_shown_when_it_is_stored(server, bench, offered):
    seen = []
    bench.reports = type("Looking", (list,), {"append": lambda *_: seen.append(bench.results())})()
    result = bench.run()
    assert all(str(path) != result.file for paths in seen for path in paths)
    with Image.open(io.BytesIO(Path(result.file).read_bytes())) as picture:
        picture.load()
