"""One picture of an answer, on its way into the store: brought, looked at, and brought once more if damaged."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.paid import PaidRun, Stage
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.cloud_progress import CloudProgress
from sharpen_desktop.services.cloud.content_coding import CodingRefused
from sharpen_desktop.services.cloud.download import Download
from sharpen_desktop.services.cloud.fetch_trouble import FetchBroken, FetchExpired, FetchFailed
from sharpen_desktop.services.cloud.kept_answer import PLAIN, beginning, uncoded_file
from sharpen_desktop.services.cloud.part_file import PartFile
from sharpen_desktop.services.cloud.picture_kind import HEAD_BYTES, picture_kind
from sharpen_desktop.services.cloud.spool_file import SpoolFailed, SpoolFile, SpoolFull
from sharpen_desktop.services.cloud.wire import AnswerPicture, AnswerUnreadable, decoded_picture
from sharpen_desktop.services.safe_file import reason

if TYPE_CHECKING:  # httpx comes with it, and the window starts without httpx
    from sharpen_desktop.services.cloud.api_client import ApiClient
    from sharpen_desktop.services.cloud.cloud_tools import CloudTools

UNKNOWN_EXTENSION = ".bin"
UNVERIFIED = "The result's checksum is not the one its server announced: look at it closely."


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the store, and what the user should know of it."""

    file: Path
    note: str = ""


class Shortfall(Exception):
    """A picture that did not come to be. ``stage``: where that leaves the run; ``kept``: the bytes that are kept."""

    def __init__(self, stage: Stage, headline: str, detail: str = "", kept: Path | None = None) -> None:
        super().__init__(headline)
        self.stage = stage
        self.headline = headline
        self.detail = detail
        self.kept = kept


@dataclass(frozen=True, slots=True)
class _Look:
    """What came: a file, its extension (empty for what is no picture), and what is wrong with a picture."""

    file: Path
    extension: str
    wrong: str = ""
    detail: str = ""
    is_verified: bool = True


class PictureFetch:
    """Brings the pictures of one run's answer."""

    def __init__(
        self, tools: "CloudTools", run: PaidRun, client: "ApiClient", progress: CloudProgress
    ) -> None:
        self._tools = tools
        self._limits = tools.line.limits
        self._run = run
        self._progress = progress
        self._download = Download(client, self._limits, tools.pace, progress.downloading)

    async def bring(self, picture: AnswerPicture, place: int) -> Picture:
        """Return the picture, stored; Shortfall when it does not come or is none."""
        part = self._tools.places.results / f"{self._run.run_id}-{place + 1}.part"
        self._progress.downloading(None if picture.url else 1.0)
        try:
            if not picture.b64:
                return await self._from_server(picture.url, part)
            try:
                return await self._from_answer(picture.b64, part)
            except Shortfall:
                if not picture.url:
                    raise
                return await self._from_server(picture.url, part)
        except SpoolFailed as error:
            raise self._not_stored(str(error)) from error

    async def _from_answer(self, b64: str, path: Path) -> Picture:
        try:
            data = await in_thread(decoded_picture, b64)
            async with SpoolFile(path.with_suffix(".b64"), self._limits.picture_bytes) as spool:
                await spool.add(data)
                await spool.settle()
                return await self._kept(await self._looked_at(spool.path))
        except AnswerUnreadable as error:
            headline = f"The sharpened photo came damaged. {self._where}"
            raise Shortfall(Stage.PAID_UNREADABLE, headline, "broken base64") from error
        except SpoolFull as error:
            headline = f"What came is larger than any photo the service can have made. {self._where}"
            raise Shortfall(Stage.PAID_UNREADABLE, headline, str(error)) from error

    async def _from_server(self, url: str, path: Path) -> Picture:
        try:
            async with PartFile(path, self._limits.picture_bytes, url) as part:
                looked = await self._fetched(url, part)
                if looked.wrong or not looked.is_verified:
                    await part.forget()
                    looked = await self._fetched(url, part)
                await part.settle()
                return await self._kept_of(part, looked)
        finally:
            await in_thread(path.with_suffix(PLAIN).unlink, missing_ok=True)

    async def _kept_of(self, part: PartFile, looked: _Look) -> Picture:
        try:
            picture = await self._kept(looked)
        except Shortfall as shortfall:
            if shortfall.kept:
                await part.discard()
            raise
        await part.discard()
        return picture

    async def _fetched(self, url: str, part: PartFile) -> _Look:
        try:
            await self._download.fetch(url, part)
        except FetchExpired as error:
            raise Shortfall(Stage.EXPIRED, self._expired(), str(error)) from error
        except FetchBroken as error:
            raise Shortfall(Stage.DOWNLOADING, self._broken(str(error)), str(error.__cause__)) from error
        except FetchFailed as error:
            headline = f"The sharpened photo is ready, but could not be fetched: {error}. {self._where}"
            raise Shortfall(Stage.PAID_UNREADABLE, headline) from error
        await part.flush()
        looked = await self._looked_at(part.path, part.facts.coding)
        return replace(looked, is_verified=await part.is_as_announced())

    async def _looked_at(self, came: Path, coding: str = "") -> _Look:
        try:
            file = await in_thread(uncoded_file, came, coding, self._limits.picture_bytes)
        except CodingRefused as error:
            return _Look(came, "", detail=str(error))
        except OSError as error:
            raise SpoolFailed(reason(error)) from error
        head = await in_thread(beginning, file, HEAD_BYTES)
        kind = picture_kind(head)
        if kind is None:
            size = (await in_thread(file.stat)).st_size
            return _Look(file, "", detail=f"{size} bytes, beginning with {head!r}")
        return _Look(file, kind.extension, wrong=await self._tools.decode_check(file))

    async def _kept(self, looked: _Look) -> Picture:
        """Put what came into the store; Shortfall, with the file kept, when it cannot be shown."""
        try:
            kept = await in_thread(
                self._tools.store.keep, looked.file, looked.extension or UNKNOWN_EXTENSION, self._run
            )
        except OSError as error:
            raise SpoolFailed(reason(error)) from error
        except SharpenError as error:
            raise Shortfall(Stage.DOWNLOADING, f"{error.headline} {self._waits}", error.detail) from error
        if not looked.extension:
            raise self._unusable(kept, "is not a picture", looked.detail)
        if looked.wrong:
            raise self._unusable(kept, "is damaged, also when it was fetched a second time", looked.wrong)
        return Picture(kept, "" if looked.is_verified else UNVERIFIED)

    def _unusable(self, kept: Path, what: str, detail: str) -> Shortfall:
        headline = (
            f"The run is paid for, but what came back {what}. It is kept as {kept}: "
            "show it to the service's support."
        )
        return Shortfall(Stage.PAID_UNREADABLE, headline, detail, kept)

    def _not_stored(self, why: str) -> Shortfall:
        return Shortfall(Stage.DOWNLOADING, f"The sharpened photo could not be stored ({why}). {self._waits}")

    def _broken(self, why: str) -> str:
        return f"The sharpened photo is ready, but could not be fetched: {why}. {self._waits}"

    def _expired(self) -> str:
        theirs = f", theirs {self._run.request_id}" if self._run.request_id else ""
        return (
            "The address of the sharpened photo has expired. Ask the service's support for the photo; our "
            f"reference is {self._run.reference}{theirs}. {self._where}"
        )

    @property
    def _waits(self) -> str:
        return f"It is paid for: trying again later fetches it without paying again. {self._where}"

    @property
    def _where(self) -> str:
        return f"The service's answer is kept as {self._run.answer}."
