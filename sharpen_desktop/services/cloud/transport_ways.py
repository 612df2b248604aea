"""The ways themselves: how each hands over the picture of one run. See ``transports`` for the chain they make."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from sharpen_desktop.core.errors import Charge, CloudError
from sharpen_desktop.core.jobs import SharpenRequest
from sharpen_desktop.core.picture import Upload
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.bucket import Bucket
from sharpen_desktop.services.cloud.picture_kind import HEAD_BYTES, picture_kind
from sharpen_desktop.services.cloud.transport_memory import Way
from sharpen_desktop.services.cloud.upload_body import UploadBody
from sharpen_desktop.services.cloud.wire import body_head_and_tail, request_fields
from sharpen_desktop.services.safe_file import reason

Prepare = Callable[[], Awaitable[Upload]]
"""Makes the file that would leave this computer; called at most once for each run, and only when it is needed."""

Report = Callable[[float], None]
"""Gets the fraction of the picture that is in the user's bucket, while it goes there."""


class ByAddress:
    """The photo's own public address, as it is."""

    way = Way.ADDRESS
    is_address = True
    place = ""

    def __init__(self, schema: ModelSchema, request: SharpenRequest) -> None:
        self._text = _request_with_address(schema, request, request.web_address)
        self.length = len(self._text)

    async def upload(self) -> Upload | None:
        """Return ``None``: nothing of the file leaves this computer."""
        return None

    async def body_size(self) -> int:
        """Return the length of the request."""
        return len(self._text)

    async def body(self) -> UploadBody:
        """Return the request as text."""
        return UploadBody.of_text(self._text)

    async def done(self) -> str:
        """Do nothing: nothing was put anywhere."""
        return ""


class InRequest:
    """The picture inside the request, as base64 made while it is sent."""

    way = Way.REQUEST
    is_address = False
    place = ""

    def __init__(self, schema: ModelSchema, request: SharpenRequest, prepare: Prepare) -> None:
        self._schema = schema
        self._request = request
        self._prepare = prepare
        self._bodies: list[UploadBody] = []
        self.length = 0

    async def upload(self) -> Upload | None:
        """Return the prepared file."""
        return await self._prepare()

    async def body_size(self) -> int:
        """Return the length of the request with the picture in it."""
        return (await self._made()).length

    async def body(self) -> UploadBody:
        """Return the request around the prepared file."""
        body = await self._made()
        self._bodies.append(body)
        self.length = body.length
        return body

    async def done(self) -> str:
        """Let go of the prepared file."""
        for body in self._bodies:
            await body.close()
        return ""

    async def _made(self) -> UploadBody:
        upload = await self._prepare()
        size, media_type = await in_thread(_size_and_type, upload)
        ends = body_head_and_tail(self._schema, self._request.settings, media_type)
        return UploadBody(Path(upload.path), size, *ends)


class ByBucket:
    """The picture in the user's own bucket, and an address of it that soon expires."""

    way = Way.BUCKET
    is_address = False

    def __init__(
        self, schema: ModelSchema, request: SharpenRequest, prepare: Prepare, bucket: Bucket, report: Report
    ) -> None:
        self._schema = schema
        self._request = request
        self._prepare = prepare
        self._deposit = bucket.deposit()
        self._report = report
        self.place = bucket.host
        self.length = 0

    async def upload(self) -> Upload | None:
        """Return the prepared file."""
        return await self._prepare()

    async def body_size(self) -> int:
        """Return the length of the request, which holds only an address."""
        address = await self._deposit.expected_address()
        return len(_request_with_address(self._schema, self._request, address))

    async def body(self) -> UploadBody:
        """Put the prepared file into the bucket, if it is not there yet, and return the request with its address."""
        upload = await self._prepare()
        _, media_type = await in_thread(_size_and_type, upload)
        address = await self._deposit.address(Path(upload.path), media_type, self._report)
        body = UploadBody.of_text(_request_with_address(self._schema, self._request, address))
        self.length = body.length
        return body

    async def done(self) -> str:
        """Delete the object."""
        return await self._deposit.remove()


def _request_with_address(schema: ModelSchema, request: SharpenRequest, address: str) -> bytes:
    fields = {**request_fields(schema, request.settings), schema.picture_field: address}
    return json.dumps(fields).encode("ascii")


def _size_and_type(upload: Upload) -> tuple[int, str]:
    try:
        file = Path(upload.path)
        size = file.stat().st_size
        with file.open("rb") as stream:
            kind = picture_kind(stream.read(HEAD_BYTES))
    except OSError as error:
        raise CloudError(
            f"The photo could not be made ready to send ({reason(error)}).",
            charge=Charge.NONE,
            retryable=True,
        ) from error
    return size, kind.media_type if kind else upload.media_type
