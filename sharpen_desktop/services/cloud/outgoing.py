"""What a run would send, prepared exactly as it would be sent, for the user to look at first."""

import json
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from sharpen_desktop.core.errors import Charge, CloudError
from sharpen_desktop.core.jobs import SharpenRequest
from sharpen_desktop.core.picture import Display, Outgoing, Upload
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.wire import request_fields
from sharpen_desktop.services.safe_file import reason

if TYPE_CHECKING:
    from sharpen_desktop.services.cloud.cloud_tools import CloudTools


async def outgoing_of(tools: "CloudTools", request: SharpenRequest) -> Outgoing:
    """Return what the run would send, by the way it would go first; nothing is sent, nothing of it stays."""
    folder = tools.places.spool / f"outgoing-{uuid.uuid4().hex}"
    try:
        await in_thread(folder.mkdir, parents=True, exist_ok=True)
        return await _prepared(tools, request, folder)
    except OSError as error:
        raise CloudError(
            f"What would be sent could not be prepared ({reason(error)}).", charge=Charge.NONE
        ) from error
    finally:
        await in_thread(shutil.rmtree, folder, ignore_errors=True)


async def _prepared(tools: "CloudTools", request: SharpenRequest, folder: Path) -> Outgoing:
    async def prepare() -> Upload:
        return await tools.prepare_upload(request.source, str(folder / "photo"), request.most_bytes)

    async with tools.transports.chain(request, prepare) as chain:
        transport = await chain.first()
        upload = await transport.upload()
        body_size = await transport.body_size()
    source = request.source
    fields = request_fields(tools.schema, request.settings)
    host = tools.line.host
    return Outgoing(
        name=request.photo_name,
        display=await tools.look(Path(upload.path)) if upload else Display(source.width, source.height, ()),
        width=upload.width if upload else source.width,
        height=upload.height if upload else source.height,
        media_type=upload.media_type if upload else "",
        size=upload.size if upload else 0,
        body_size=body_size,
        fields=tuple(
            (name, value if isinstance(value, str) else json.dumps(value)) for name, value in fields.items()
        ),
        place=f"{transport.place}, then {host}" if transport.place else host,
        is_address=transport.is_address,
        note=upload.note if upload else "",
    )
