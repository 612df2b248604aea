"""After everything the command line can meet, the key is in no file of the program's and nowhere on the screen."""

import json
import subprocess
import sys

import pytest
from PIL import Image
from support import api_answers, api_downloads, canary
from support.api_server import ApiServer
from support.drive import environment_of

from e2e.conftest import blurred

SECRETS = (canary.KEY, canary.BUCKET_ID, canary.BUCKET_SECRET)


def repeating(status):
    """Refuse, and repeat the key where people would read it."""

    def answer(exchange):
        exchange.read_body()
        key = exchange.request.headers["authorization"].removeprefix("Bearer ")
        body = {"statusCode": status, "message": f"Bearer {key} or {key} will not do", "requestId": key}
        exchange.reply(status, json.dumps(body).encode(), {"X-Request-Id": key})

    return answer


GOING_ON = (
    repeating(400), repeating(404), repeating(413), repeating(413), repeating(500), repeating(504),
    api_answers.login_page(), api_answers.unreadable_json(), api_answers.no_picture(), api_answers.cut_answer,
    api_answers.resets_after_body, api_answers.closes_without_answer, api_answers.busy("1"), api_answers.sharpened(),
)  # fmt: skip
"""What concerns one photo; the others are sent all the same."""

STOPPING = (repeating(401), repeating(402), repeating(403))
DOWNLOADS = (api_downloads.expired, api_downloads.page_for_picture)


@pytest.fixture
def call(tmp_path):
    """Call the program on photos never sent before; it must have ended with 1, or with 0 when that is meant."""
    made = 0

    def called(server, count, *words, key=canary.KEY, status=1):
        nonlocal made
        photos = []
        for _ in range(count):
            made += 1
            photos.append(str(tmp_path / f"photo-{made}.png"))
            Image.fromarray(blurred(64 + made, 48)).save(photos[-1])
        done = subprocess.run(
            [sys.executable, "-m", "sharpen_desktop", "run", *photos, "--engine", "cloud", "--yes", "--json", *words],
            env=environment_of(
                tmp_path, SHARPEN_API_URL=server.url, SHARPEN_API_KEY=key,
                SHARPEN_BUCKET_KEY_ID=canary.BUCKET_ID, SHARPEN_BUCKET_SECRET=canary.BUCKET_SECRET,
            ),
            cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stderr
        assert canary.pieces_in(done.stdout + done.stderr, *SECRETS) == []
        return done

    return called


def test_no_failure_of_a_call_leaves_anything_of_the_key(call, tmp_path):
    with ApiServer() as server:
        server.answer_with(*GOING_ON)
        call(server, len(GOING_ON) - 1)
        for answer in STOPPING:
            server.answer_with(answer)
            call(server, 1)
        server.deliver_with(*DOWNLOADS)
        call(server, len(DOWNLOADS))
        call(server, 1, status=0)
        assert len(server.posts) >= len(GOING_ON) + len(STOPPING) + len(DOWNLOADS)
        assert all(canary.KEY in request.headers["authorization"] for request in server.posts)
    call(server, 1)  # nobody there any more
    home = tmp_path / "home"
    names = {path.relative_to(home).parts[0] for path in home.rglob("*") if path.is_file()}
    assert {"data", "log"} <= names
    assert canary.traces(tmp_path, *SECRETS) == []


@pytest.mark.fault(72)
@pytest.mark.parametrize("key", [f"{canary.KEY}\n", f"“{canary.KEY}”", f"{canary.KEY}🔑", 170 * canary.KEY])
def test_a_strange_key_is_cleaned_or_refused_and_left_nowhere(call, tmp_path, key):
    is_usable = "🔑" not in key and len(key) < 100
    with ApiServer() as server:
        call(server, 1, key=key, status=0 if is_usable else 1)
        assert [request.headers["authorization"] for request in server.posts] == is_usable * [
            f"Bearer {canary.KEY}"
        ]
    assert canary.traces(tmp_path) == []
