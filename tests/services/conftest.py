"""What the tests of the cloud services share: a server that plays the service, and an engine that talks to it."""

import pytest
from support.api_server import ApiServer
from support.cloud_bench import Bench, without_proxies


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    without_proxies(monkeypatch)


@pytest.fixture
def server():
    with ApiServer() as made:
        yield made


@pytest.fixture
def bench(server, tmp_path):
    return Bench(tmp_path, server.url)
