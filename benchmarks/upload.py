"""Time the upload of a 100 MB request on loopback, as the program does it and as a bare HTTP client would.

``python benchmarks/upload.py [--runs 7] [--json]`` prints, for each way, megabytes a second and the peak memory over
idle. *program*: the request as every run at the cloud service sends it, streamed from a file and watched; *window*:
the same in the event loop of the window; *bare*: httpx alone with all bytes in memory. The ways take turns, each time
in a fresh process; the medians are shown. The bytes go to another process, which only swallows them.
"""

import argparse
import asyncio
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
BODY_BYTES = 100_000_000
WARM_BYTES = 1_000_000
WAYS = ("program", "window", "bare")
HEAD, TAIL = b'{"image_url": "data:image/png;base64,', b'"}'
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
)


def swallow():
    """Print a port, take requests there and answer each when it has come whole, until the process is ended."""
    buffer = bytearray(1 << 20)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            visitor, _ = listener.accept()
            with visitor:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += visitor.recv(1 << 16)
                head, _, beginning = head.partition(b"\r\n\r\n")
                left = int(head.lower().partition(b"content-length:")[2].split()[0]) - len(beginning)
                while left > 0 and (taken := visitor.recv_into(buffer)):
                    left -= taken
                visitor.sendall(ANSWER)


async def by_the_program(url, folder, size):
    """Send a request of ``size`` bytes as a run at the service does, and return the seconds it took."""
    from sharpen_desktop.services.cloud.api_client import ApiClient, warm_up
    from sharpen_desktop.services.cloud.cloud_progress import CloudProgress
    from sharpen_desktop.services.cloud.messages import Post
    from sharpen_desktop.services.cloud.spool_file import SpoolFile
    from sharpen_desktop.services.cloud.transfer_watch import TransferLimits
    from sharpen_desktop.services.cloud.upload_body import UploadBody

    picture = folder / f"{size}.png"
    body = UploadBody(picture, picture.stat().st_size, HEAD, TAIL)
    progress = CloudProgress(lambda _: None)
    body.listeners.append(lambda: progress.uploading(body.sent / body.length))
    await asyncio.to_thread(warm_up)
    async with (
        ApiClient(url, TransferLimits()) as client,
        SpoolFile(folder / "answer.part", 1 << 20) as spool,
    ):
        since = time.perf_counter()
        received = await client.post(Post("/", "sk-benchmark-key", "sd-benchmark", body, _unheard), spool)
        took = time.perf_counter() - since
    assert (received.status, body.sent) == (200, body.length)
    return took


async def _unheard(_status, _headers):
    """Take the answer's headers, which nobody needs here."""


async def bare(url, _folder, size):
    """Send ``size`` bytes that are in memory and return the seconds it took."""
    import httpx

    data = bytes(size)
    async with httpx.AsyncClient(timeout=None, trust_env=False) as client:
        since = time.perf_counter()
        answer = await client.post(url, content=data)
        took = time.perf_counter() - since
    assert answer.status_code == 200
    return took


def memory_mb(field):
    """Return what the process takes (VmRSS) or has taken at most (VmHWM), where the system tells."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def forget_peak():
    """Let the peak begin anew, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        print("this system does not forget a peak: memory over idle is too small here", file=sys.stderr)


async def one(way, url, folder):
    """Send a small request and then the large one; return the figures of the second."""
    send = bare if way == "bare" else by_the_program
    await send(url, folder, WARM_BYTES)
    idle = memory_mb("VmRSS")
    forget_peak()
    took = await send(url, folder, BODY_BYTES)
    return {"mb_s": BODY_BYTES / 1e6 / took, "peak_mb": memory_mb("VmHWM") - idle}


def in_a_loop(way, work):
    """Run ``work`` in the event loop of the command line, or in the window's."""
    if way != "window":
        return asyncio.run(work)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        return runner.run(work)


def measure(runs, folder):
    """Return all figures by name."""
    for size in (WARM_BYTES, BODY_BYTES):
        (folder / f"{size}.png").write_bytes(os.urandom((size - len(HEAD) - len(TAIL)) // 4 * 3))
    words = [sys.executable, __file__]
    rows = {way: [] for way in WAYS}
    with subprocess.Popen([*words, "--swallow"], stdout=subprocess.PIPE, text=True) as sink:
        try:
            url = f"http://127.0.0.1:{sink.stdout.readline().strip()}"
            for _ in range(runs):
                for way in WAYS:
                    done = subprocess.run(
                        [*words, "--one", way, url, str(folder)], capture_output=True, text=True, check=True
                    )
                    rows[way].append(json.loads(done.stdout))
        finally:
            sink.kill()
    return figures(rows)


def figures(rows):
    """Return the medians, and how much of the bare client's speed the program has."""
    found = {}
    for way, measured in rows.items():
        for key, name in (("mb_s", "MB a second"), ("peak_mb", "peak memory over idle, MB")):
            found[f"100 MB upload, {way}: {name}"] = round(statistics.median(row[key] for row in measured), 1)
    for way in ("program", "window"):
        part = found[f"100 MB upload, {way}: MB a second"] / found["100 MB upload, bare: MB a second"]
        found[f"100 MB upload, {way}: part of the bare client's speed, %"] = round(100 * part)
    return found


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--swallow", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.swallow:
        swallow()
    if words.one:
        way, url, folder = words.one
        print(json.dumps(in_a_loop(way, one(way, url, Path(folder)))))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = measure(words.runs, Path(folder))
    if words.json:
        print(json.dumps(found, indent=1))
    else:
        for name, value in found.items():
            print(f"{value!s:>10}  {name}")


if __name__ == "__main__":
    main()
