"""Fetching a photo that was dropped from a web page: from public https addresses only, without the key."""

from contextlib import aclosing
from pathlib import Path

from sharpen_desktop.core.errors import CloudError, PhotoUnreadable
from sharpen_desktop.services.cloud.fetch_trouble import FetchFailed
from sharpen_desktop.services.cloud.service_line import ServiceLine
from sharpen_desktop.services.cloud.spool_file import SpoolFailed, SpoolFile, SpoolFull
from sharpen_desktop.services.cloud.transfer_watch import TransferStalled, TransferWatch


async def fetch_web_photo(line: ServiceLine, url: str, target: Path) -> None:
    """Put the file at ``url`` to ``target``; PhotoUnreadable with a sentence when it does not come."""
    part = target.with_name(f"{target.name}.part")
    try:
        async with await line.client() as client, SpoolFile(part, line.limits.picture_bytes) as spool:
            limits = line.limits
            async with (
                TransferWatch(limits.moving_s, limits.download_s, limits.slowest_bytes_s) as watch,
                client.incoming(url, {}) as incoming,
            ):
                if incoming.status != 200:
                    raise _failed(f"its server answers HTTP {incoming.status}")
                if incoming.headers.get("content-encoding", "identity").strip().lower() != "identity":
                    raise _failed("its server compresses it, which was not asked for")
                async with aclosing(incoming.pieces) as pieces:
                    async for piece in pieces:
                        watch.moved(len(piece))
                        await spool.add(piece)
            await spool.keep_as(target)
    except (FetchFailed, TransferStalled, SpoolFailed, SpoolFull) as error:
        raise _failed(str(error)) from error
    except CloudError as error:
        raise PhotoUnreadable(f"The picture could not be fetched. {error.headline}") from error


def _failed(why: str) -> PhotoUnreadable:
    return PhotoUnreadable(
        f"The picture could not be fetched from its web page: {why}. Save it there as a file, and open that."
    )
