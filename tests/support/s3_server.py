"""A real S3 server (moto's) in a process of its own on loopback, which plays the user's bucket.

    with S3Server() as s3:
        s3.make_bucket("mine")
        …  # s3.url is the endpoint; s3.objects("mine") the names in a bucket
        s3.refuse_everybody()  # any key is a wrong one from here on

By hand: ``python -m support.s3_server`` prints the address and serves until its input ends.
"""

import subprocess
import sys
import urllib.request
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Self

KEY_ID, SECRET = "AKCANARY0123456789", "bucket-canary-secret-0123456789"
ANYBODY = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
)


class S3Server:
    """The server process; a context manager that ends it."""

    def __init__(self) -> None:
        self.url = ""
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "support.s3_server"],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()
        assert self.url, "the S3 server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process
        self._process.communicate(timeout=20)

    def make_bucket(self, name: str) -> None:
        self._ask("PUT", f"/{name}")

    def objects(self, bucket: str) -> list[str]:
        listed = ET.fromstring(self._ask("GET", f"/{bucket}?list-type=2"))
        return [each.text or "" for each in listed.iter() if each.tag.endswith("}Key")]

    def refuse_everybody(self) -> None:
        """Check keys from here on; there is none."""
        self._ask("POST", "/moto-api/reset-auth", b"0")

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(
            self.url + path, body, {"Authorization": ANYBODY, "Content-Type": "text/plain"}, method=method
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            return bytes(answer.read())


def main() -> None:
    """Serve until the input ends."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(f"http://{host}:{port}", flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
