"""The questions before anything is sent that costs money."""

import time

from sharpen_desktop.app.ports import Dialogs, Question
from sharpen_desktop.app.store import Store
from sharpen_desktop.core.money import units
from sharpen_desktop.core.paid import IN_DOUBT, PaidRun, Stage
from sharpen_desktop.core.photo import Photo
from sharpen_desktop.core.phrases import clock, day
from sharpen_desktop.core.wording import expected, price_of

ONLY_PIXELS = "Only the picture leaves this computer, without its name, place or other metadata."


class Consent:
    """Remembers that the user knows what a run costs, until there is a reason to look again."""

    def __init__(self, store: Store, dialogs: Dialogs) -> None:
        self._store = store
        self._dialogs = dialogs
        self._is_given = False

    def withdraw(self) -> None:
        """Ask before the next run, whatever was agreed to: look before paying again."""
        self._is_given = False

    async def to_send(self, photo: Photo, *, always_ask: bool) -> bool:
        """Return whether the photo may be sent: asks the first time, above the threshold, or always."""
        if not always_ask and self._is_given and not self._is_dear(photo):
            return True
        is_agreed = await self._is_agreed(f"Send {photo.name} to the cloud service?", self._terms(photo))
        self._is_given = self._is_given or is_agreed
        return is_agreed

    async def to_send_again(self, photo: Photo, earlier: PaidRun | None) -> bool:
        """Return whether a photo may be paid for although it was sent before; always asks."""
        text = f"Send {photo.name} again?"
        return await self._is_agreed(text, f"{_past(earlier)} {self._terms(photo)}")

    async def to_send_smaller(self, photo: Photo) -> bool:
        """Return whether the photo may be sent scaled down; always asks."""
        text = f"Send a smaller copy of {photo.name}?"
        return await self._is_agreed(
            text,
            f"The copy is scaled down, and so is the result. Your photo stays as it is. {self._terms(photo)}",
        )

    async def _is_agreed(self, text: str, explanation: str) -> bool:
        question = Question(text, explanation, (("cancel", "Cancel"), ("send", "Send")), escape="cancel")
        return await self._dialogs.ask(question) == "send"

    def _is_dear(self, photo: Photo) -> bool:
        usd = price_of(self._store.state, photo)
        return usd is not None and usd >= self._store.state.prefs.ask_above_usd

    def _terms(self, photo: Photo) -> str:
        state = self._store.state
        usd, facts = price_of(state, photo), photo.original.facts if photo.original else None
        if usd is None or state.quote is None:
            price = "This costs money. The price is not known before the service answers."
        else:
            large = facts is not None and units(facts.width, facts.height) != 1
            more = " It is above 24 MP, where a run costs more." if large else ""
            price = (
                f"This costs {expected(usd)}, the price of {clock(state.quote.as_of_s, time.time())}.{more}"
            )
        return f"{price} {ONLY_PIXELS}"


def _past(earlier: PaidRun | None) -> str:
    """Return what the first sending has come to."""
    if earlier is None:
        return "It was sent before."
    when = day(earlier.created_s)
    if earlier.has_result:
        return f"Its result, paid for on {when}, is kept and can be shown at no cost."
    if earlier.stage in (Stage.REFUSED, Stage.PREPARED):
        return f"The run of {when} was not billed."
    if earlier.stage in IN_DOUBT:
        return f"The run of {when} may have been billed, so this may charge again."
    return f"The run of {when} was billed, and its picture did not come. This charges again."
