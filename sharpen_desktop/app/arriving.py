"""Results that have come: opened, looked at beside the photo they were made from, made into variants."""

import asyncio
import logging
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Literal

from sharpen_desktop.app.notices import NoticeBoard
from sharpen_desktop.app.ports import Pictures
from sharpen_desktop.app.reading import Reader
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.arrival import Arrival, Mend
from sharpen_desktop.core.errors import Charge, CloudError, PhotoUnreadable, SharpenError
from sharpen_desktop.core.notices import status_said
from sharpen_desktop.core.photo import Variant
from sharpen_desktop.core.picture import Master, OpenedPicture
from sharpen_desktop.core.sides import side_chosen
from sharpen_desktop.core.variants import variant_added

log = logging.getLogger(__name__)
Mending = Literal["align", "colour"]
_MENDED = {"align": "aligned", "colour": "colour matched"}


class Arrivals:
    """Opens results. ``scratch``: where mended copies lie, for this session."""

    def __init__(
        self, store: Store, pictures: Pictures, reader: Reader, board: NoticeBoard, scratch: Path
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._reader = reader
        self._board = board
        self._scratch = scratch

    async def opened(self, bare: Variant, source: Master) -> Variant:
        """Return a variant with its pixels and with what the arrival check has to say.

        ``bare`` has everything else. CloudError when a paid picture cannot be read, PhotoUnreadable when a
        local one cannot.
        """
        picture = await self._open(bare)
        whole = replace(bare, facts=picture.facts, display=picture.display, master=picture.master)
        if picture.master is None:
            return whole
        if bare.engine == "local":
            return replace(whole, note=_joined(bare.note, _size_note(source, picture.master)))
        arrival = await self._compared(source, picture.master)
        return replace(
            whole,
            note=_joined(bare.note, *arrival.notes),
            can_align=arrival.shift is not None,
            can_match_colour=arrival.gains is not None,
        )

    async def mend(self, photo_id: str, variant_id: str, what: Mending) -> None:
        """Make a new free variant from a result: moved back in place, or with the photo's colours."""
        variant = await self._reader.result_pixels(photo_id, variant_id)
        photo = self._store.state.photo(photo_id)
        source = photo.original.master if photo and photo.original else None
        if photo is None or variant is None or variant.master is None or source is None:
            return
        arrival = await self._pictures.compare_arrival(source, variant.master)
        mend = Mend(shift=arrival.shift) if what == "align" else Mend(gains=arrival.gains)
        if mend == Mend():
            self._board.note("There is nothing to take back any more.")
            return
        made = await self._mended(source, variant, mend, _MENDED[what])
        self._store.apply(variant_added, photo_id, made, takes_side=True)
        if self._store.state.current_id == photo_id:
            self._store.apply(side_chosen, "b", made.id)
        if made.note:
            self._board.note(made.note)

    async def _mended(self, source: Master, variant: Variant, mend: Mend, how: str) -> Variant:
        target = self._scratch / f"mended-{uuid.uuid4().hex}.tif"
        if variant.master is None:
            raise PhotoUnreadable("The result has no pixels.")
        self._store.apply(status_said, "Working on the result")
        try:
            await self._pictures.mended(source, variant.master, mend, target)
        finally:
            self._store.apply(status_said, "")
        title = f"{variant.label}, {how}"
        bare = Variant(
            uuid.uuid4().hex, "local", title, made_with=variant.made_with, file=str(target), is_mended=True
        )
        return await self.opened(bare, source)

    async def _open(self, bare: Variant) -> OpenedPicture:
        try:
            return await self._pictures.open(Path(bare.file))
        except PhotoUnreadable as error:
            if bare.engine == "local":
                raise
            raise CloudError(
                "The service's picture cannot be read. The file is kept as it came, for support.",
                detail=f"{error.headline}\n{bare.file}",
                charge=Charge.BILLED,
                request_id=bare.request_id,
            ) from error

    async def _compared(self, source: Master, came: Master) -> Arrival:
        try:
            return await self._pictures.compare_arrival(source, came)
        except SharpenError as error:  # the result is good to look at all the same
            log.warning("No arrival check: %s (%s)", error.headline, error.detail)
            return Arrival()


async def file_is_there(path: str) -> bool:
    """Return whether a file is at its place."""
    return bool(path) and await asyncio.to_thread(Path(path).is_file)


def _size_note(source: Master, came: Master) -> str:
    if (came.width, came.height) == (source.width, source.height):
        return ""
    return f"The result is {came.width} × {came.height}, the photo {source.width} × {source.height}."


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
