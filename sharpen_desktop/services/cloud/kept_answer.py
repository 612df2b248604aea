"""The service's raw answer on disk: where it lies, whether it is one at all, and what it holds."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sharpen_desktop.core.paid import PaidRun
from sharpen_desktop.services.cloud.cloud_refusal import is_page
from sharpen_desktop.services.cloud.content_coding import CodingRefused, uncoded
from sharpen_desktop.services.cloud.spool_file import SpoolFile
from sharpen_desktop.services.cloud.wire import Answer, AnswerUnreadable, Cost, parse_answer
from sharpen_desktop.services.durable import replace

CHUNK_BYTES = 1 << 18
PLAIN = ".plain"
"""Ending of a file whose content coding was undone."""

HELD_BYTES = 64 << 20
"""How much of an answer waits in memory while the disk does not take it."""

RESERVE_BYTES = 1 << 16
"""Taken on the disk before anything is sent: an answer with addresses fits, also when the disk is full by then."""


def answer_file(folder: Path, run_id: str) -> Path:
    """Return where the raw answer of a run is kept."""
    return folder / f"{run_id}.json"


def answer_spool(folder: Path, run_id: str, limit: int) -> SpoolFile:
    """Return where the raw answer of a run is received, to be kept as ``answer_file`` when it is whole."""
    return SpoolFile(
        _part(folder, run_id), limit, lasts=True, patience=HELD_BYTES, reserve=min(RESERVE_BYTES, limit)
    )


def remove_part(folder: Path, run_id: str) -> None:
    """Remove what was received of an answer that costs nothing or that is kept."""
    with suppress(OSError):
        _part(folder, run_id).unlink(missing_ok=True)


def read_answer(file: Path, coding: str, limit: int) -> Answer:
    """Return what a kept answer holds; AnswerUnreadable, CodingRefused or OSError when it cannot be used."""
    body = b"".join(uncoded(_pieces(file), coding, limit))
    return parse_answer(body.rstrip(b"\0"), {})


def rescued(folder: Path, run: PaidRun, limit: int) -> Path | None:
    """Return the file of an answer that came although the journal does not know, ``None`` when there is none.

    A crash may fall between the answer's last byte and the journal's next row. Only an answer with a picture
    counts: what a refusal has left there holds none. OSError when there is one that cannot be read.
    """
    kept = answer_file(folder, run.run_id)
    for file in (kept, _part(folder, run.run_id)):
        with suppress(FileNotFoundError, AnswerUnreadable, CodingRefused):
            read_answer(file, run.coding, limit)
            return _named(file, kept)
    return None


def is_page_file(file: Path, headers: Mapping[str, str]) -> bool:
    """Return whether a web page was kept where an answer was awaited."""
    return is_page(headers, beginning(file))


def beginning(file: Path, size: int = CHUNK_BYTES) -> bytes:
    """Return the first bytes of a file; none when it cannot be read."""
    try:
        with file.open("rb") as stream:
            return stream.read(size)
    except OSError:
        return b""


def uncoded_file(file: Path, coding: str, limit: int) -> Path:
    """Return a file of the bytes behind ``coding``: the file itself, or another one beside it."""
    if coding.strip().lower() in {"", "identity"}:
        return file
    beside = file.with_suffix(PLAIN)
    with beside.open("wb") as plain:
        plain.writelines(uncoded(_pieces(file), coding, limit))
    return beside


def facts_of(run: PaidRun, answer: Answer) -> dict[str, Any]:
    """Return what the answer adds to the run's row: a better cost, the service's id."""
    heard = Cost(run.cost_usd, run.is_cost_estimated)
    told = answer.cost
    is_better = heard.usd is None or (heard.is_estimated and not told.is_estimated)
    cost = told if told.usd is not None and is_better else heard
    return {
        "cost_usd": cost.usd,
        "is_cost_estimated": cost.is_estimated,
        "request_id": answer.request_id or run.request_id,
    }


def _named(file: Path, kept: Path) -> Path:
    with suppress(OSError):  # it is as good under its other name
        replace(file, kept)
        return kept
    return file


def _part(folder: Path, run_id: str) -> Path:
    return folder / f"{run_id}.part"


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(CHUNK_BYTES):
            yield piece
