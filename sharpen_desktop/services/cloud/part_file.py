"""A picture that is being fetched: the bytes that came, and beside them what is needed to go on later.

Bytes of two different files must never be joined, so an earlier beginning is only continued when the server
names the same ETag for it.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from typing_extensions import override

from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.spool_file import SpoolFile

BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What a server has said of a file. ``source``: hash of its address; ``length``: in bytes, 0 when not told.

    ``digest``: "sha256:…" or "md5:…" of the whole as it comes over the wire, empty when not told.
    """

    source: str
    etag: str = ""
    length: int = 0
    coding: str = ""
    digest: str = ""


_USUAL = asdict(PartFacts(""))


class PartFile(SpoolFile):
    """Bytes of the file at ``url``, kept over cancels and crashes until they are a result or are discarded."""

    def __init__(self, path: Path, limit: int, url: str) -> None:
        super().__init__(path, limit, lasts=True)
        self._beside = path.with_name(f"{path.name}.facts")
        self.facts = PartFacts(hashlib.sha256(url.encode("utf-8", "replace")).hexdigest())

    @override
    async def __aenter__(self) -> Self:
        await super().__aenter__()
        known = await in_thread(_read, self._beside)
        if known is not None and known.source == self.facts.source and known.etag:
            self.facts = known
        elif self.size:
            await self.forget()
        return self

    @override
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await super().__aexit__(kind, error, trace)
        if not self.size:
            await self.discard()

    @property
    def is_whole(self) -> bool:
        """Whether all bytes are there, as far as their number was told."""
        return 0 < self.facts.length == self.size

    @property
    def wish(self) -> dict[str, str]:
        """The headers that ask for the rest only, if it is still the same file; none to ask for all of it."""
        if not self.size or not self.facts.etag:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.facts.etag}

    def is_continued_by(self, headers: Mapping[str, str]) -> bool:
        """Return whether a 206 with these headers goes on exactly where the bytes end."""
        found = re.fullmatch(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15}|\*)", headers.get("content-range", ""))
        if found is None or int(found[1]) != self.size:
            return False
        is_same_length = found[2] == "*" or int(found[2]) == self.facts.length
        return is_same_length and headers.get("etag", self.facts.etag) == self.facts.etag

    async def begin(self, headers: Mapping[str, str]) -> None:
        """Start with the file a 200 with these headers is about."""
        await self.forget()
        self.facts = replace(
            self.facts,
            etag=_strong(headers.get("etag", "")),
            length=length_of(headers),
            coding=headers.get("content-encoding", ""),
            digest=_digest(headers),
        )
        await in_thread(_write, self._beside, self.facts)

    async def forget(self) -> None:
        """Begin again from nothing."""
        self.facts = PartFacts(self.facts.source)
        await self.restart()
        await in_thread(_remove, self._beside)

    @override
    async def discard(self) -> None:
        """Remove the bytes and what was noted beside them."""
        await super().discard()
        await in_thread(_remove, self._beside)

    async def is_as_announced(self) -> bool:
        """Return whether the bytes, handed to the disk before, have the checksum the server named, if it named one."""
        kind, _, wanted = self.facts.digest.partition(":")
        return not wanted or await in_thread(_hashed, self.path, kind) == wanted


def length_of(headers: Mapping[str, str]) -> int:
    """Return the Content-Length, 0 when there is none that makes sense."""
    told = headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else 0


def _strong(etag: str) -> str:
    """Return an ETag that stands for exactly these bytes, else nothing."""
    return etag if re.fullmatch(r'"[\x21\x23-\x7e]{1,200}"', etag) else ""


def _digest(headers: Mapping[str, str]) -> str:
    with suppress(ValueError):
        told = base64.b64decode(headers.get("x-amz-checksum-sha256", ""), validate=True)
        if len(told) == hashlib.sha256().digest_size:
            return f"sha256:{told.hex()}"
    etag = _strong(headers.get("etag", "")).strip('"').lower()
    return f"md5:{etag}" if re.fullmatch(r"[0-9a-f]{32}", etag) else ""


def _hashed(file: Path, kind: str) -> str:
    sum_ = hashlib.new(kind, usedforsecurity=False)
    with file.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            sum_.update(block)
    return sum_.hexdigest()


def _read(file: Path) -> PartFacts | None:
    try:
        facts = PartFacts(**json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    values = asdict(facts)
    return facts if all(type(values[name]) is type(usual) for name, usual in _USUAL.items()) else None


def _write(file: Path, facts: PartFacts) -> None:
    with suppress(OSError):  # then the file is fetched from its beginning next time
        file.write_text(json.dumps(asdict(facts)), "utf-8")


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink(missing_ok=True)
