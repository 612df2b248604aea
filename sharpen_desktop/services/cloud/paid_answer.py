"""What follows a success of the service: from here on money is spent, so nothing that came may get lost.

The raw answer is on disk before it is read, a picture is on disk under its own name before it is shown, and
whatever cannot be used is kept beside them and named in the error.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sharpen_desktop.core.errors import Charge, CloudError
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.cloud_progress import CloudProgress
from sharpen_desktop.services.cloud.cloud_refusal import LOOK_FIRST, is_page, page_text
from sharpen_desktop.services.cloud.content_coding import CodingRefused, uncoded
from sharpen_desktop.services.cloud.picture_kind import HEAD_BYTES, picture_kind
from sharpen_desktop.services.cloud.spool_file import SpoolFailed, SpoolFile, SpoolFull
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits
from sharpen_desktop.services.cloud.wire import (
    Answer,
    AnswerPicture,
    AnswerUnreadable,
    cost_of,
    decoded_picture,
    parse_answer,
    request_id_of,
)
from sharpen_desktop.services.log_redaction import redacted

if TYPE_CHECKING:  # httpx comes with it, and the window starts without httpx
    from sharpen_desktop.services.cloud.api_client import ApiClient, Received

CHUNK_BYTES = 1 << 18
UNKNOWN_EXTENSION = ".bin"


@dataclass(frozen=True, slots=True)
class Places:
    """Where answers and pictures of all runs are kept."""

    answers: Path
    results: Path


@dataclass(frozen=True, slots=True)
class Sent:
    """What the answer belongs to. ``reference``: our own id of the request; ``key`` to keep it out of texts.

    ``has_left``: whether the whole request had been sent.
    """

    run_id: str
    reference: str
    key: str
    has_left: bool


class PaidAnswer:
    """One successful answer on its way to pictures on disk."""

    def __init__(self, places: Places, sent: Sent, received: "Received", limits: TransferLimits) -> None:
        self._places = places
        self._sent = sent
        self._received = received
        self._limits = limits
        self._kept = places.answers / f"{sent.run_id}.json"

    async def keep(self, spool: SpoolFile) -> None:
        """Put the raw answer on disk as it came; CloudError when the disk does not take it."""
        try:
            await spool.keep_as(self._kept)
        except SpoolFailed as error:
            raise self._failed(
                f"The service answered, but its answer could not be stored ({error}). {LOOK_FIRST}",
                self._charge(),
            ) from error

    async def read(self) -> Answer:
        """Return what the kept answer holds; CloudError, which names the file, when it cannot be used."""
        try:
            return await in_thread(self._parsed)
        except (AnswerUnreadable, CodingRefused) as error:
            head = await in_thread(_head, self._kept, CHUNK_BYTES)
            raise self._unreadable(error, head) from error

    async def fetch_all(
        self, client: "ApiClient", answer: Answer, progress: CloudProgress
    ) -> tuple[list[Path], str]:
        """Return the files of all pictures and a note about those that are missing.

        Raises CloudError when there is none. A file that is no picture is kept, named in the error.
        """
        files: list[Path] = []
        failures: list[CloudError] = []
        for place, picture in enumerate(answer.pictures):
            try:
                files.append(await self._fetched(client, picture, place, progress))
            except CloudError as error:
                failures.append(error)
        if not files:
            raise failures[0]
        missing = f"{len(failures)} of {len(answer.pictures)} pictures of the answer could not be used; "
        return files, f"{missing}the answer is kept as {self._kept}." if failures else ""

    def _parsed(self) -> Answer:
        coding = self._received.headers.get("content-encoding", "")
        body = b"".join(uncoded(_pieces(self._kept), coding, self._limits.answer_bytes))
        return parse_answer(body, self._received.headers)

    async def _fetched(
        self, client: "ApiClient", picture: AnswerPicture, place: int, progress: CloudProgress
    ) -> Path:
        stem = self._sent.run_id + (f"-{place + 1}" if place else "")
        progress.downloading(None if picture.url else 1.0)
        try:
            async with SpoolFile(self._places.results / f"{stem}.part", self._limits.picture_bytes) as spool:
                coding = await self._filled(spool, client, picture, progress)
                await spool.flush()
                if coding.strip().lower() in {"", "identity"}:
                    return await self._named(spool, stem)
                return await self._uncoded(spool, coding, stem)
        except (SpoolFailed, SpoolFull) as error:
            raise self._failed(
                f"The sharpened photo could not be stored ({error}). {self._where()}", Charge.BILLED
            ) from error

    async def _filled(
        self, spool: SpoolFile, client: "ApiClient", picture: AnswerPicture, progress: CloudProgress
    ) -> str:
        from sharpen_desktop.services.cloud.api_client import FetchFailed

        if picture.b64:
            with suppress(AnswerUnreadable):
                await spool.add(await in_thread(decoded_picture, picture.b64))
                return ""
        if not picture.url:
            raise self._failed(
                f"The sharpened photo came damaged. {self._where()}", Charge.BILLED, "broken base64"
            )
        try:
            return await client.fetch(picture.url, spool, progress.downloading)
        except FetchFailed as error:
            raise self._failed(
                f"The sharpened photo is ready, but could not be fetched: {error}. {self._where()}",
                Charge.BILLED,
            ) from error

    async def _uncoded(self, spool: SpoolFile, coding: str, stem: str) -> Path:
        limit = self._limits.picture_bytes
        try:
            async with SpoolFile(spool.path.with_suffix(".plain.part"), limit) as plain:
                for piece in uncoded(_pieces(spool.path), coding, limit):
                    await plain.add(piece)
                await plain.flush()
                return await self._named(plain, stem)
        except CodingRefused as error:
            kept = await spool.keep_as(self._places.results / f"{stem}{UNKNOWN_EXTENSION}")
            raise self._no_picture(kept, str(error)) from error

    async def _named(self, spool: SpoolFile, stem: str) -> Path:
        head = await in_thread(_head, spool.path, HEAD_BYTES)
        kind = picture_kind(head)
        extension = kind.extension if kind else UNKNOWN_EXTENSION
        kept = await spool.keep_as(self._places.results / f"{stem}{extension}")
        if kind is None:
            raise self._no_picture(kept, f"{spool.size} bytes, beginning with {head!r}")
        return kept

    def _no_picture(self, kept: Path, detail: str) -> CloudError:
        return self._failed(
            f"The run is paid for, but what came back is not a picture. It is kept as {kept}: "
            "show it to the service's support.",
            Charge.BILLED,
            detail,
        )

    def _unreadable(self, error: Exception, head: bytes) -> CloudError:
        if is_page(self._received.headers, head):
            return self._failed(
                "The network answered instead of the service: a web page came back. Open a web page in a "
                f"browser to see whether the network wants you to log in. {LOOK_FIRST} "
                f"The page is kept as {self._kept}.",
                self._charge(),
                page_text(head),
            )
        what = "broke off" if self._received.cut else "holds no photo that can be read"
        return self._failed(
            f"The service reported success, but its answer {what}. {self._where()}",
            self._charge(),
            f"{error}\n{self._received.cut}".strip(),
        )

    def _where(self) -> str:
        return f"Its answer is kept as {self._kept}: show it to the service's support."

    def _charge(self) -> Charge:
        if cost_of(None, self._received.headers).usd:
            return Charge.BILLED
        return Charge.UNKNOWN if self._sent.has_left else Charge.NONE

    def _failed(self, headline: str, charge: Charge, detail: str = "") -> CloudError:
        theirs = request_id_of(None, self._received.headers)
        lines = (f"HTTP {self._received.status}", detail, f"Our reference: {self._sent.reference}")
        return CloudError(
            headline,
            detail=redacted("\n".join(line for line in lines if line), self._sent.key),
            charge=charge,
            retryable=charge is Charge.NONE,
            request_id=theirs or self._sent.reference,
        )


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(CHUNK_BYTES):
            yield piece


def _head(file: Path, size: int) -> bytes:
    with file.open("rb") as stream:
        return stream.read(size)
