"""An S3-compatible bucket, through ``obstore``: an optional extra (``s3``), imported only when it is used."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.request import proxy_bypass

from sharpen_desktop.core.errors import Charge, CloudError
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.bucket_place import USUAL_REGION, BucketKey, BucketPlace
from sharpen_desktop.services.cloud.connections import routes
from sharpen_desktop.services.cloud.web_address import (
    AddressRefused,
    check_reach,
    checked,
    is_loopback,
    place_of,
)
from sharpen_desktop.services.log_redaction import HIDDEN, redacted

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Credential, S3Store

VALID_FOR = timedelta(minutes=50)
"""How long an address works: a run takes at most a quarter of an hour, and the promise is one hour."""

WHOLE_BYTES = 16 << 20
"""Up to this size a file goes in one request; a larger one in parts, and a crash may leave hidden ones."""

PART_BYTES = 8 << 20
PIECE_BYTES = 1 << 20
REMOVE_LIMIT_S = 10.0

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")
_REGION = re.compile(r"[A-Za-z0-9-]{0,40}")
_CORRECT = "Correct it in the preferences."


class BucketStore:
    """Puts, signs and removes objects. Raises CloudError, with nothing billed, when that is not possible.

    Nothing is looked at before ``check``. ``proxy``: an address, or empty; ``limit_s`` for one upload.
    """

    def __init__(self, place: BucketPlace, key: BucketKey, proxy: str = "", limit_s: float = 900) -> None:
        self.place = place
        self._key = key
        self._proxy = proxy
        self._limit_s = limit_s

    async def check(self) -> None:
        """Raise CloudError when the place cannot be a bucket that the service can fetch from; nothing is sent."""
        await in_thread(lambda: self._store)
        await in_thread(self._check_proxy)
        trusted = self._trusted()
        try:
            await check_reach(checked(self.place.address, trusted), trusted)
        except AddressRefused as error:
            raise _not_sent(f"The service cannot fetch from your bucket: {error}. {_CORRECT}") from error

    async def put(self, name: str, file: Path, media_type: str, report: Callable[[float], None]) -> None:
        """Upload ``file``; ``report`` gets the fraction that was handed over, where it goes in parts."""
        store = await in_thread(lambda: self._store)
        try:
            async with asyncio.timeout(self._limit_s):
                await self._put(store, name, file, media_type, report)
        except _foreign() as error:
            self._fail(error)

    async def sign(self, name: str) -> str:
        """Return an https address at which anybody can fetch the object for less than an hour."""
        store = await in_thread(lambda: self._store)
        import obstore

        try:
            return str(await obstore.sign_async(store, "GET", name, VALID_FOR))
        except _foreign() as error:
            self._fail(error)

    async def remove(self, name: str) -> None:
        """Delete the object; one that is not there, or whose bucket is not there, is no failure."""
        store = await in_thread(lambda: self._store)
        try:
            import obstore

            async with asyncio.timeout(REMOVE_LIMIT_S):
                await obstore.delete_async(store, name)
        except FileNotFoundError:
            return
        except _foreign() as error:
            self._fail(error)

    async def _put(
        self, store: "S3Store", name: str, file: Path, media_type: str, report: Callable[[float], None]
    ) -> None:
        import obstore

        kind = {"Content-Type": media_type}
        size = (await in_thread(file.stat)).st_size
        if size <= WHOLE_BYTES:
            data = await in_thread(file.read_bytes)
            await obstore.put_async(store, name, data, attributes=kind, use_multipart=False)
        else:
            parts = _pieces(file, size, report)
            await obstore.put_async(
                store, name, parts, attributes=kind, chunk_size=PART_BYTES, max_concurrency=1
            )
        report(1.0)

    @cached_property
    def _store(self) -> "S3Store":
        try:
            from obstore.store import S3Store
        except ImportError as error:
            raise _not_sent(
                "Your own bucket cannot be used: the package “obstore” is not installed. "
                "Install it (pip install obstore), or remove the bucket from the preferences."
            ) from error
        self._check()
        options: ClientConfig = {
            "allow_http": is_loopback(self.place.host),
            "connect_timeout": "10s",
            "timeout": f"{max(1, round(self._limit_s))}s",
        }
        if self._proxy:
            options["proxy_url"] = self._proxy
        return S3Store(
            self.place.name,
            endpoint=self.place.address,
            region=self.place.region or USUAL_REGION,
            # Not by access_key_id=: AWS_SESSION_TOKEN of the environment would be mixed with the user's key.
            credential_provider=self._credential,
            skip_signature=False,
            virtual_hosted_style_request=False,
            client_options=options,
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=30)},
        )

    def _credential(self) -> "S3Credential":
        return {
            "access_key_id": self._key.id,
            "secret_access_key": self._key.secret,
            "token": None,
            "expires_at": None,
        }

    def _check(self) -> None:
        try:
            checked(self.place.address, self._trusted())
        except AddressRefused as error:
            raise _not_sent(f"The address of your bucket cannot be used: {error}. {_CORRECT}") from error
        if not _NAME.fullmatch(self.place.name):
            raise _not_sent(f"The name of your bucket cannot be one. {_CORRECT}")
        if not _REGION.fullmatch(self.place.region):
            raise _not_sent(f"The region of your bucket cannot be one. {_CORRECT}")
        if not self._key.id or not self._key.secret:
            raise _not_sent("The access key of your bucket is missing. Enter it in the preferences.")

    def _check_proxy(self) -> None:
        ways = routes(self._proxy, os.environ)
        leading = ways.get("https://") or ways.get("all://") or ""
        is_exempt = not self._proxy and proxy_bypass(self.place.host)
        if leading.lower().startswith("socks") and not is_exempt:
            raise _not_sent(
                "Your own bucket cannot be reached through a SOCKS proxy; an http proxy can be used."
            )

    def _trusted(self) -> tuple[str, ...]:
        return (place_of(self.place.address),) if is_loopback(self.place.host) else ()

    def _fail(self, error: Exception) -> NoReturn:
        detail = redacted(str(error).partition("Debug source")[0].strip(), self._key.secret)
        raise _not_sent(_sentence(error, self.place), detail.replace(self._key.id, HIDDEN)) from None


def _foreign() -> tuple[type[Exception], ...]:
    from obstore.exceptions import BaseError

    return (BaseError, OSError, ValueError)


def _sentence(error: Exception, place: BucketPlace) -> str:
    from obstore import exceptions

    if isinstance(error, TimeoutError):
        return f"Your bucket at {place.host} did not take the photo in time. Try again later."
    if isinstance(error, FileNotFoundError | exceptions.NotFoundError):
        return f"There is no bucket “{place.name}” at {place.host}. {_CORRECT}"
    refused = (PermissionError, exceptions.PermissionDeniedError, exceptions.UnauthenticatedError)
    if isinstance(error, refused) or " 403 " in str(error)[:400]:
        return (
            f"Your bucket at {place.host} refuses the access key. "
            "Check the key in the preferences, and this computer's clock."
        )
    return f"Your bucket at {place.host} could not be reached. Check its address in the preferences, or try again."


async def _pieces(file: Path, size: int, report: Callable[[float], None]) -> AsyncIterator[bytes]:
    for offset in range(0, size, PIECE_BYTES):
        yield await in_thread(_piece, file, offset)
        report(min(1.0, (offset + PIECE_BYTES) / size))


def _piece(file: Path, offset: int) -> bytes:
    with file.open("rb") as stream:
        stream.seek(offset)
        return stream.read(PIECE_BYTES)


def _not_sent(headline: str, detail: str = "") -> CloudError:
    return CloudError(f"{headline} Nothing was sent to the service.", detail=detail, charge=Charge.NONE)
