"""A run against the service from the press of the button to the picture on disk."""

import asyncio
import base64
import hashlib
import io
import json
import socket

import pytest
from PIL import Image
from support import api_answers
from support.cloud_bench import CANARY, SCHEMA, SIZE, Bench, heavy, noise

from sharpen_desktop.core.errors import Charge, CloudError, SaveFailed, StoreFull
from sharpen_desktop.core.jobs import Phase
from sharpen_desktop.core.paid import Stage
from sharpen_desktop.core.settings import defaults
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits

PLAIN = defaults(SCHEMA)


def named(data, extension):
    """Where the store keeps a picture."""
    return f"results/{hashlib.sha256(data).hexdigest()}{extension}"


def at_once(url):
    """A success that the gate does not hold back, with its picture at ``url``."""

    def answer(exchange):
        exchange.read_body()
        exchange.reply(200, json.dumps({"data": [{"url": url}]}).encode())

    return answer


def reads_then_waits(part):
    """Take a part of the request, 0–1, and leave the rest where it is."""

    def answer(exchange):
        exchange.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)  # or the system takes the rest
        exchange.read_body(int(int(exchange.request.headers["content-length"]) * part))
        exchange.server.changed()
        exchange.server.closing.wait(20)

    return answer


# --- the plain way ---


def test_a_run_brings_the_sharpened_picture_onto_the_disk(server, bench):
    result = bench.run()
    with Image.open(result.file) as picture:
        assert picture.size == SIZE
    assert result.cost_usd == pytest.approx(0.105)
    assert result.is_cost_estimated
    assert result.request_id == "inf-1"
    assert result.seconds > 0
    assert (result.others, result.note) == ((), "")
    assert len(server.posts) == len(server.downloads) == 1


@pytest.mark.parametrize(
    ("asked", "extension", "kind"),
    [("jpeg", ".jpg", "JPEG"), ("png", ".png", "PNG"), ("tiff", ".tif", "TIFF")],
)
def test_the_extension_follows_the_bytes_and_not_the_address(bench, asked, extension, kind):
    result = bench.run(PLAIN.replaced("output_format", asked))
    assert result.file.endswith(extension)
    with Image.open(result.file) as picture:
        assert picture.format == kind


def test_a_webp_that_nobody_asked_for_is_kept_as_one(server, bench):
    server.answer_with(api_answers.sharpened(picture=noise(kind="WEBP")))
    assert bench.run().file.endswith(".webp")


def test_the_raw_answer_is_kept_and_nothing_else_is_left_over(server, bench):
    made = noise(kind="JPEG")
    server.answer_with(api_answers.sharpened(picture=made))
    bench.run()
    assert bench.files() == ["answers/run-1.json", named(made, ".jpg")]
    kept = json.loads(bench.kept("answers/run-1.json"))
    assert kept["data"][0]["url"].startswith(server.url)
    assert not (bench.folder / "spool" / "run-1").exists()


def test_the_raw_answer_is_on_disk_before_the_picture_is_fetched(server, bench):
    seen = []

    def looking(exchange):
        seen.extend(bench.files())
        api_answers.deliver(exchange)

    server.deliver_with(looking)
    bench.run()
    assert "answers/run-1.json" in seen
    assert not any(name.endswith(".jpg") for name in seen)


def test_the_phases_come_in_order_and_the_risk_never_goes_back(server, bench):
    bench.picture = heavy()
    bench.is_checking = False
    server.answer_with(api_answers.sharpened(picture=heavy()))
    bench.run()
    assert bench.phases() == [Phase.PREPARING, Phase.UPLOADING, Phase.WAITING, Phase.DOWNLOADING]
    risks = [report.is_paid_risk for report in bench.reports]
    assert risks == sorted(risks)
    first = next(report for report in bench.reports if report.is_paid_risk)
    assert first.phase is Phase.WAITING
    for phase in (Phase.UPLOADING, Phase.DOWNLOADING):
        fractions = [r.fraction for r in bench.reports if r.phase is phase and r.fraction is not None]
        assert fractions == sorted(fractions)
        assert fractions[-1] > 0.99
        assert len(fractions) < 220


def test_upload_progress_is_what_left_and_not_what_was_read(server, bench):
    server.always = api_answers.never_reads
    bench.picture = heavy(32 << 20)
    bench.limits = TransferLimits(moving_s=0.4)
    bench.failure()
    assert bench.reports[-1].phase is Phase.UPLOADING
    assert 0 < bench.reports[-1].fraction < 0.9


# --- what the service receives ---


def test_only_the_fields_meant_for_it_and_the_picture_leave(server, bench):
    bench.run()
    fields = server.posts[0].fields
    assert server.posts[0].path == "/v1/images/generations"
    assert fields.pop("image_url").startswith("data:image/png;base64,")
    assert fields == {
        "model": "topaz-labs/sharpen",
        "mode": "Standard",
        "subject_detection": "All",
        "face_enhancement": True,
        "face_enhancement_strength": 0.8,
        "face_enhancement_creativity": 0,
        "output_format": "jpeg",
    }


def test_the_picture_arrives_bit_for_bit_and_without_names_or_places(server, bench):
    bench.run()
    body = server.posts[0].body
    assert server.posts[0].picture == bench.picture
    with Image.open(io.BytesIO(server.posts[0].picture)) as picture:
        assert not picture.getexif()
        assert not {"exif", "xmp", "XML:com.adobe.xmp", "gps"} & {str(name) for name in picture.info}
    for trace in (b"run-1", str(bench.folder).encode(), b"filename", b"photo."):
        assert trace not in body
        assert trace not in server.posts[0].picture


def test_the_media_type_is_true_whatever_the_upload_was_called(server, bench):
    bench.picture = noise(kind="JPEG")
    bench.run()
    assert server.posts[0].fields["image_url"].startswith("data:image/jpeg;base64,")


# --- other shapes of answers ---


def test_a_picture_inside_the_answer_needs_no_download(server, bench):
    server.answer_with(api_answers.sharpened(in_body=True))
    with Image.open(bench.run().file) as picture:
        assert picture.size == SIZE
    assert server.downloads == []


def test_the_other_shape_in_use_works(server, bench):
    server.answer_with(api_answers.sharpened(shape="images"))
    assert bench.run().file.endswith(".jpg")


def test_a_created_answer_is_a_success_too(server, bench):
    server.answer_with(api_answers.status(201, {"data": [{"url": server.keep_file("a", noise())}]}))
    result = bench.run()
    assert result.file.endswith(".png")
    assert result.cost_usd is None
    assert result.request_id == server.posts[0].headers["x-client-request-id"]


@pytest.mark.fault(32)
def test_all_pictures_of_an_answer_are_kept_and_the_first_is_the_result(server, bench):
    pictures = [noise() for _ in range(3)]
    items = [{"url": server.keep_file(f"{place}", data)} for place, data in enumerate(pictures)]
    server.answer_with(api_answers.status(200, {"data": items}))
    result = bench.run()
    paths = [bench.folder / named(data, ".png") for data in pictures]
    assert [result.file, *result.others] == [str(path) for path in paths]
    assert bench.row().files == tuple(str(path) for path in paths)


@pytest.mark.fault(32, 40)
def test_one_useless_picture_of_two_is_said_and_does_not_cost_the_other(server, bench):
    server.answer_with(api_answers.sharpened(items=2))
    server.deliver_with(api_answers.expired)
    result = bench.run()
    assert result.others == ()
    assert "1 of 2" in result.note
    assert bench.row().stage is Stage.STORED


def test_base64_goes_before_an_address_beside_it(server, bench):
    item = {"b64_json": base64.b64encode(noise()).decode(), "url": server.keep_file("a", noise(kind="JPEG"))}
    server.answer_with(api_answers.status(200, {"data": [item]}))
    assert bench.run().file.endswith(".png")
    assert server.downloads == []


def test_broken_base64_beside_a_good_address_falls_back_to_the_address(server, bench):
    item = {"b64_json": "%%%", "url": server.keep_file("a", noise())}
    server.answer_with(api_answers.status(200, {"data": [item]}))
    assert bench.run().file.endswith(".png")


def test_an_answer_cut_after_its_last_brace_is_still_used(server, bench):
    def cut(exchange):
        exchange.read_body()
        body = json.dumps({"data": [{"url": server.keep_file("a", noise())}]}).encode()
        exchange.reply(200, body, length=len(body) + 100)

    server.answer_with(cut)
    assert bench.run().file.endswith(".png")


def test_a_download_that_was_compressed_all_the_same_is_unpacked(server, bench):
    made = noise()
    server.answer_with(api_answers.sharpened(picture=made))
    server.deliver_with(api_answers.zipped_download)
    bench.run()
    assert bench.files() == ["answers/run-1.json", named(made, ".png")]


def test_dollars_that_the_service_tells_are_no_estimate(server, bench):
    body = json.dumps({"data": [{"url": server.keep_file("a", noise())}]})
    server.answer_with(api_answers.status(200, body, {"x-aimlapi-usd-spent": "0.105"}))
    result = bench.run()
    assert (result.cost_usd, result.is_cost_estimated) == (0.105, False)


# --- patience ---


def test_the_service_may_think_longer_than_a_transfer_may_stand_still(server, bench):
    server.answer_with(api_answers.slow(0.9))
    bench.limits = TransferLimits(moving_s=0.3, answer_s=20)
    assert bench.run().file


def test_a_slow_download_that_moves_may_last_longer_than_one_that_stands(server, bench):
    server.answer_with(api_answers.sharpened(picture=noise()))
    server.deliver_with(api_answers.trickling(0.9))
    bench.limits = TransferLimits(moving_s=0.4)
    assert bench.run().file


def test_a_slow_upload_that_moves_may_last_longer_than_one_that_stands(server, bench):
    server.answer_with(api_answers.reads_slowly(0.9))
    bench.picture = heavy()
    bench.limits = TransferLimits(moving_s=0.4)
    assert bench.failure().charge is Charge.NONE  # it was taken whole, and then refused
    assert server.posts[0].is_whole


# --- before anything is sent ---


def test_an_upload_that_cannot_be_prepared_sends_nothing(server, bench, monkeypatch):
    async def refuse(self, picture, path, most_bytes):
        raise SaveFailed("The photo could not be made ready to send.")

    monkeypatch.setattr(Bench, "prepare_upload", refuse)
    assert "made ready" in bench.failure().headline
    assert server.requests == []
    assert bench.files() == []


def test_a_folder_for_answers_that_cannot_be_made_stops_the_run_before_it_costs(server, bench):
    (bench.folder / "answers").write_bytes(b"a file is in the way")
    error = bench.failure()
    assert "so nothing was bought" in error.headline
    assert error.charge is Charge.NONE
    assert server.requests == []


@pytest.mark.fault(52)
def test_a_full_disk_stops_the_run_before_it_costs(server, bench, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    error = bench.failure()
    assert isinstance(error, StoreFull)
    assert "disk is too full" in error.headline
    assert error.charge is Charge.NONE
    assert server.requests == []
    assert bench.rows() == ()


# --- stopping ---


async def stopped(bench, server, is_time):
    """Start a run, cancel it when ``is_time``, and return how long it took to end."""
    async with bench.opened() as engine:
        task = asyncio.create_task(engine.sharpen(bench.request(), bench.reports.append))
        assert await asyncio.to_thread(server.wait_for, is_time)
        await asyncio.sleep(0.05)
        loop = asyncio.get_running_loop()
        before = loop.time()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return loop.time() - before


@pytest.mark.fault(12)
@pytest.mark.parametrize("part", [0.1, 0.9])
def test_stopping_during_the_upload_is_prompt_and_costs_nothing(server, bench, part):
    server.answer_with(reads_then_waits(part))
    bench.picture = heavy(64 << 20)
    wanted = part * 64 * (1 << 20)
    seconds = asyncio.run(stopped(bench, server, lambda it: it.posts and len(it.posts[0].body) >= wanted))
    assert seconds < 0.5
    assert bench.files() == []
    assert not bench.reports[-1].is_paid_risk
    assert bench.row().stage is Stage.REFUSED
    assert "Stopped" in bench.row().problem
    server.closing.set()
    assert not server.posts[0].is_whole


@pytest.mark.fault(13)
def test_stopping_while_the_service_works_leaves_the_run_in_doubt(server, bench):
    server.hold()
    seconds = asyncio.run(stopped(bench, server, lambda it: it.posts and it.posts[0].is_whole))
    assert seconds < 0.5
    assert bench.reports[-1].is_paid_risk
    assert bench.row().stage is Stage.SENDING
    server.release()
    assert server.wait_for(lambda it: it.finished == 1)
    assert bench.settle().stage in {Stage.LOST, Stage.REFUSED, Stage.UNKNOWN}


@pytest.mark.fault(13, 74)
def test_stopping_during_the_download_keeps_what_came_and_goes_on_there_later(server, bench):
    made = noise((1200, 900))
    server.hold()
    server.answer_with(at_once(server.keep_file("a.png", made)))
    server.deliver_with(api_answers.stalled_download)
    seconds = asyncio.run(stopped(bench, server, lambda it: it.downloads))
    assert seconds < 0.5
    assert bench.row().stage is Stage.DOWNLOADING
    assert bench.kept("results/run-1-1.part") == made[:100]
    server.release()
    assert bench.settle().stage is Stage.STORED
    assert server.downloads[1].headers["range"] == "bytes=100-"
    assert bench.files() == ["answers/run-1.json", named(made, ".png")]


def test_stopping_while_a_busy_service_is_waited_for_costs_nothing(server, bench):
    server.always = api_answers.busy("300")
    bench.sleep = lambda _: asyncio.sleep(30)
    asyncio.run(stopped(bench, server, lambda it: it.finished))
    assert bench.reports[-1].phase is Phase.BUSY
    assert not bench.reports[-1].is_paid_risk
    assert bench.row().stage is Stage.REFUSED
    assert bench.files() == []


# --- several at once ---


def test_runs_side_by_side_do_not_disturb_each_other(server, bench):
    async def all_of_them(engine):
        server.answer_with(api_answers.sharpened(), api_answers.bad_key(), api_answers.sharpened())
        requests = [bench.request(photo=f"photo {number}") for number in range(5)]
        runs = (engine.sharpen(request, bench.reports.append) for request in requests)
        return await asyncio.gather(*runs, return_exceptions=True)

    results = bench.together(all_of_them)
    assert len([each for each in results if isinstance(each, BaseException)]) == 1
    assert len(server.posts) == 5
    assert len({post.headers["x-client-request-id"] for post in server.posts}) == 5
    assert sorted(run.stage.value for run in bench.rows()) == [
        "refused",
        "stored",
        "stored",
        "stored",
        "stored",
    ]


def test_a_key_entered_between_two_runs_is_used_by_the_second(server, bench):
    async def twice(engine):
        for photo in ("one", "two"):
            await engine.sharpen(bench.request(photo=photo), bench.reports.append)
            bench.key = "sk-another-key-9876543210"

    bench.together(twice)
    assert [post.headers["authorization"] for post in server.posts] == [
        f"Bearer {CANARY}",
        "Bearer sk-another-key-9876543210",
    ]


# --- what would leave ---


def outgoing(bench, **more):
    return bench.together(lambda engine: engine.outgoing(bench.request(**more)))


def test_what_would_be_sent_is_shown_exactly_and_nothing_is_sent(server, bench):
    shown = outgoing(bench, photo_name="harbour.jpg")
    assert server.requests == []
    assert bench.rows() == ()
    assert bench.files() == []
    bench.run()
    sent = server.posts[0]
    fields = sent.fields
    assert fields.pop("image_url").startswith(f"data:{shown.media_type};base64,")
    assert (shown.size, shown.body_size) == (len(sent.picture), len(sent.body))
    assert dict(shown.fields) == {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()
    }
    assert (shown.width, shown.height) == (shown.display.width, shown.display.height) == SIZE
    assert (shown.name, shown.place, shown.is_address) == ("harbour.jpg", "127.0.0.1", False)


def test_of_a_photo_from_the_web_only_its_address_would_be_sent(bench, monkeypatch):
    async def anywhere(address, trusted):
        return None

    monkeypatch.setattr("sharpen_desktop.services.cloud.transports.check_reach", anywhere)
    shown = outgoing(bench, web_address="https://photos.example/harbour.jpg")
    assert shown.is_address
    assert (shown.size, shown.media_type, shown.display.levels) == (0, "", ())
    assert 0 < shown.body_size < 1000


def test_what_cannot_be_prepared_is_said(bench):
    (bench.folder / "spool").write_bytes(b"a file is in the way")
    with pytest.raises(CloudError) as caught:
        outgoing(bench)
    assert "could not be prepared" in caught.value.headline
