"""The cloud service behind the engine port: one request, never repeated, whose answer is never lost."""

import shutil
import time
import uuid
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sharpen_desktop.core.errors import Charge, CloudError
from sharpen_desktop.core.jobs import Progress, SharpenRequest, SharpenResult
from sharpen_desktop.core.picture import Master, Upload
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.services.api_key import clean_key
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.cloud_progress import CloudProgress
from sharpen_desktop.services.cloud.cloud_refusal import LOOK_FIRST, Refusal, explained
from sharpen_desktop.services.cloud.content_coding import CodingRefused, uncoded
from sharpen_desktop.services.cloud.paid_answer import PaidAnswer, Places, Sent
from sharpen_desktop.services.cloud.picture_kind import HEAD_BYTES, picture_kind
from sharpen_desktop.services.cloud.spool_file import SpoolFailed, SpoolFile
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits
from sharpen_desktop.services.cloud.upload_body import UploadBody
from sharpen_desktop.services.cloud.wire import body_head_and_tail
from sharpen_desktop.services.safe_file import reason

if TYPE_CHECKING:  # httpx comes with it, and the window starts without httpx
    from sharpen_desktop.services.cloud.api_client import ApiClient, Post, Received

DEFAULT_URL = "https://api.aimlapi.com"
REFUSAL_BYTES = 1 << 16
SPARE_BYTES = 16 << 20

Report = Callable[[Progress], None]


class CloudEngine:
    """Sharpens through the service at ``base_url``.

    ``key`` is asked at each run. ``prepare_upload`` writes the file that leaves this computer to the path it
    is given. Raw answers are kept in ``answers_folder`` before they are read, pictures in
    ``results_folder``; what only a run needs lies in ``spool_folder`` and is gone after it. ``trusted``:
    further "host:port" results may come from although they are local or plain http.
    """

    def __init__(
        self,
        schema: ModelSchema,
        key: Callable[[], str],
        prepare_upload: Callable[[Master, str], Awaitable[Upload]],
        answers_folder: Path,
        results_folder: Path,
        spool_folder: Path,
        base_url: str = DEFAULT_URL,
        limits: TransferLimits | None = None,
        trusted: Collection[str] = (),
    ) -> None:
        self._schema = schema
        self._key = key
        self._prepare_upload = prepare_upload
        self._places = Places(answers_folder, results_folder)
        self._spool = spool_folder
        self._base_url = base_url
        self._limits = limits or TransferLimits()
        self._trusted = trusted

    async def sharpen(self, request: SharpenRequest, report: Report) -> SharpenResult:
        """Do the run: prepare, send once, keep the answer, fetch the picture.

        Raises CloudError (KeyRefused, CreditExhausted) with what it cost, or what ``prepare_upload`` raises.
        Cancelling closes the connections and removes what is half done; whether it came too late for the
        money is what the last report's ``is_paid_risk`` says.
        """
        started = time.monotonic()
        key = clean_key(self._key())
        progress = CloudProgress(report)
        folder = self._spool / request.run_id
        try:
            progress.preparing()
            body = await self._prepared(request, folder)
            body.listeners.append(lambda: _tell_upload(body, progress))
            async with await in_thread(self._open_client) as client:
                return await self._run(client, request.run_id, key, body, progress, started)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def _prepared(self, request: SharpenRequest, folder: Path) -> UploadBody:
        try:
            await in_thread(folder.mkdir, parents=True, exist_ok=True)
            upload = await self._prepare_upload(request.source, str(folder / "photo"))
            return await in_thread(self._body, upload, request.settings)
        except OSError as error:
            raise _not_sent(f"The photo could not be made ready to send ({reason(error)}).") from error

    def _body(self, upload: Upload, settings: Settings) -> UploadBody:
        file = Path(upload.path)
        size = file.stat().st_size
        self._places.results.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self._places.results).free < 2 * size + SPARE_BYTES:
            raise _not_sent(
                "The disk is too full to keep the result, so nothing was sent. Make some room first."
            )
        with file.open("rb") as stream:
            kind = picture_kind(stream.read(HEAD_BYTES))
        media_type = kind.media_type if kind else upload.media_type
        return UploadBody(file, size, *body_head_and_tail(self._schema, settings, media_type))

    def _open_client(self) -> "ApiClient":
        from sharpen_desktop.services.cloud.api_client import ApiClient, warm_up

        warm_up()
        return ApiClient(self._base_url, self._limits, self._trusted)

    async def _run(
        self,
        client: "ApiClient",
        run_id: str,
        key: str,
        body: UploadBody,
        progress: CloudProgress,
        started: float,
    ) -> SharpenResult:
        from sharpen_desktop.services.cloud.api_client import Post

        post = Post(self._schema.path, key, f"sd-{uuid.uuid4()}", body)
        paid = await self._paid_answer(client, run_id, post)
        answer = await paid.read()
        files, note = await paid.fetch_all(client, answer, progress)
        return SharpenResult(
            file=str(files[0]),
            seconds=time.monotonic() - started,
            cost_usd=answer.cost.usd,
            is_cost_estimated=answer.cost.is_estimated,
            note=note,
            request_id=answer.request_id or post.reference,
            others=tuple(str(file) for file in files[1:]),
        )

    async def _paid_answer(self, client: "ApiClient", run_id: str, post: "Post") -> PaidAnswer:
        try:
            part = self._places.answers / f"{run_id}.part"
            async with SpoolFile(part, self._limits.answer_bytes) as spool:
                received = await client.post(post, spool)
                if not 200 <= received.status < 300:
                    await spool.flush()
                    raise await in_thread(self._refused, client.host, post, received, spool.path)
                sent = Sent(run_id, post.reference, post.key, post.body.is_complete)
                paid = PaidAnswer(self._places, sent, received, self._limits)
                await paid.keep(spool)
                return paid
        except SpoolFailed as error:
            raise _not_stored(error, post) from error

    def _refused(self, host: str, post: "Post", received: "Received", body: Path) -> CloudError:
        refusal = Refusal(
            status=received.status,
            headers=received.headers,
            body=_beginning(body, received.headers.get("content-encoding", "")),
            has_left=post.body.is_complete,
            reference=post.reference,
            host=host,
            key=post.key,
        )
        return explained(refusal, self._schema, datetime.now(UTC))


def _tell_upload(body: UploadBody, progress: CloudProgress) -> None:
    if body.is_complete:
        progress.waiting()
    else:
        progress.uploading(body.sent / body.length)


def _beginning(file: Path, coding: str) -> bytes:
    with file.open("rb") as stream:
        raw = stream.read(REFUSAL_BYTES)
    try:
        return b"".join(uncoded([raw], coding, REFUSAL_BYTES))
    except CodingRefused:
        return b""


def _not_sent(headline: str) -> CloudError:
    return CloudError(headline, charge=Charge.NONE, retryable=True)


def _not_stored(error: SpoolFailed, post: "Post") -> CloudError:
    if not post.body.is_complete:
        return _not_sent(
            f"There is no place to keep the answer of the service ({error}), so nothing was bought."
        )
    return CloudError(
        f"The service answered, but its answer could not be stored ({error}). {LOOK_FIRST}",
        charge=Charge.UNKNOWN,
        request_id=post.reference,
    )
