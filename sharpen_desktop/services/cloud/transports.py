"""How the picture of a run gets to the service: a chain of ways, tried in order, remembered per model.

1. The photo came from a public https address: that address as it is.
2. Inside the request, as a ``data:`` address made while it is sent.
3. Through the user's own bucket: uploaded, handed over as an address that soon expires, deleted after the run.

    async with transports.chain(request, prepare) as chain:
        transport = await chain.first()
        while True:
            body = await transport.body()            # a new one for each try; streamed, its length known
            …                                        # send it
            if refused and (following := await chain.after_refusal(transport, objection)):
                transport = following                # nothing was billed; chain.note tells the user
                continue
            await chain.worked(transport)
            break

Never an anonymous public host. Leaving the chain takes back what it has put anywhere, however the run ended.
"""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self

from sharpen_desktop.core.jobs import SharpenRequest
from sharpen_desktop.core.picture import Upload
from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.bucket import Bucket
from sharpen_desktop.services.cloud.transport_memory import Objection, TransportMemory, Way
from sharpen_desktop.services.cloud.transport_ways import ByAddress, ByBucket, InRequest, Prepare, Report
from sharpen_desktop.services.cloud.upload_body import UploadBody
from sharpen_desktop.services.cloud.web_address import AddressRefused, check_reach, checked

_WORDS = {
    Way.ADDRESS: "as its web address",
    Way.REQUEST: "inside the request",
    Way.BUCKET: "through your bucket",
}
_STEPPED = "The service did not take the photo {}, so it was sent {}."

LARGE_BYTES = 1 << 20
"""Only for requests larger than this a broken connection is taken for a service that does not want so much."""


class Transport(Protocol):
    """One way of handing over the picture of one run.

    ``way``: which; ``is_address``: only the photo's public address leaves this computer, nothing of the file;
    ``place``: the host that gets the picture besides the service, empty when there is none; ``length``: bytes
    of the last body, 0 before there was one.
    """

    way: Way
    is_address: bool
    place: str
    length: int

    async def upload(self) -> Upload | None:
        """Return the file that leaves this computer, made now at the latest; ``None`` when none does."""
        ...

    async def body_size(self) -> int:
        """Return how many bytes the request will have; nothing is sent anywhere."""
        ...

    async def body(self) -> UploadBody:
        """Return a new body for one try, after whatever must be in its place before; CloudError otherwise."""
        ...

    async def done(self) -> str:
        """Take back what was put anywhere; return a sentence when that did not work, else an empty text."""
        ...


def objection_to(status: int, message: str, picture_field: str) -> Objection | None:
    """Return what a refusal says against the way the picture came, ``None`` when it is about something else.

    A connection that broke while the request was being sent is ``Objection.RESET``, which only the caller knows.
    """
    if status == 413:
        return Objection.SIZE
    return Objection.KIND if status in {400, 422} and picture_field in message else None


class Transports:
    """Makes the chain of each run. ``bucket`` is asked at each run; ``None`` when the user has set none up."""

    def __init__(
        self, schema: ModelSchema, memory: TransportMemory, bucket: Callable[[], Bucket | None]
    ) -> None:
        self._schema = schema
        self._memory = memory
        self._bucket = bucket

    def chain(self, request: SharpenRequest, prepare: Prepare, report: Report | None = None) -> "Chain":
        """Return the ways for one run; an async context manager."""
        ways: list[Transport] = []
        if request.web_address:
            ways.append(ByAddress(self._schema, request))
        once = _once(prepare)
        ways.append(InRequest(self._schema, request, once))
        if bucket := self._bucket():
            ways.append(ByBucket(self._schema, request, once, bucket, report or _unheard))
        return Chain(self._schema.model, self._memory, request.web_address, ways)


class Chain:
    """The ways for one run. ``note``: sentences for the user about what was tried and left; may be empty."""

    def __init__(
        self, model: str, memory: TransportMemory, web_address: str, ways: Sequence[Transport]
    ) -> None:
        self._model = model
        self._memory = memory
        self._address = web_address
        self._ways = ways
        self._tried: set[Way] = set()
        self._notes: list[str] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for transport in self._ways:
            self._notes.append(await transport.done())

    @property
    def note(self) -> str:
        """What the user should know about the way the picture took; empty when all went as planned."""
        return " ".join(dict.fromkeys(each for each in self._notes if each))

    @property
    def advice(self) -> str:
        """What to do, as a sentence, when no way is left; empty when the user has done all there is to do."""
        if self._ways[-1].way is Way.BUCKET:
            return ""
        return "A place of your own (an S3-compatible bucket, in the preferences) may work instead."

    async def first(self) -> Transport:
        """Return the way to begin with: the first that is usable and was not refused lately, else the last."""
        usable = [each for each in self._ways if await self._is_usable(each)]
        for transport in usable:
            if not await self._is_refused(transport):
                return self._taken(transport)
        return self._taken(usable[0])

    async def after_refusal(self, refused: Transport, objection: Objection) -> Transport | None:
        """Remember the refusal and return the next way, each at most once in a run; ``None`` when there is none."""
        if objection is Objection.RESET and refused.length < LARGE_BYTES:
            return None
        await in_thread(self._memory.refused, self._model, refused.way, objection, refused.length)
        left = [each for each in self._ways if each.way not in self._tried]
        for transport in left:
            if await self._is_usable(transport):
                self._notes.append(_STEPPED.format(_WORDS[refused.way], _WORDS[transport.way]))
                return self._taken(transport)
        return None

    async def worked(self, transport: Transport) -> None:
        """Remember that the service took the picture this way; never raises, for the picture is paid for."""
        await in_thread(self._memory.worked, self._model, transport.way, transport.length)

    def _taken(self, transport: Transport) -> Transport:
        self._tried.add(transport.way)
        return transport

    async def _is_usable(self, transport: Transport) -> bool:
        return transport.way is not Way.ADDRESS or await is_public(self._address)

    async def _is_refused(self, transport: Transport) -> bool:
        size = await transport.body_size() if transport.way is Way.REQUEST else 0
        return await in_thread(self._memory.is_refused, self._model, transport.way, size)


async def is_public(url: str) -> bool:
    """Return whether the service may be sent this address: https, no user name, not in the user's own network."""
    try:
        await check_reach(checked(url, ()), ())
    except AddressRefused:
        return False
    return True


def _once(prepare: Prepare) -> Prepare:
    made: list[Upload] = []

    async def prepared() -> Upload:
        if not made:
            made.append(await prepare())
        return made[0]

    return prepared


def _unheard(_fraction: float) -> None:
    """Take a report nobody asked for."""
