"""Everything that can go wrong and be told to a person: one root class.

A service translates foreign exceptions into these where they enter; the controller turns them into
notices. ``headline`` is shown as it is, so it is plain, true and says what to do next where that helps.
"""

from enum import Enum


class Charge(Enum):
    """What a failed cloud request has cost, as far as anyone knows."""

    NONE = "Nothing was billed."
    UNKNOWN = "It may have been billed."
    BILLED = "It was billed."


class SharpenError(Exception):
    """Root of the errors a person is told about.

    ``headline``: one sentence for the screen. ``detail``: technical text for the Details view.
    ``charge``: what it cost; ``None`` where no money could be involved (files, the local engine).
    ``retryable``: whether the same wish can be repeated safely.
    ``request_id``: the service's or our own id of the request, where there is one.
    ``field``: the setting the service did not accept, by its name in the schema, where it named one.
    """

    def __init__(
        self,
        headline: str,
        *,
        detail: str = "",
        charge: Charge | None = None,
        retryable: bool = False,
        request_id: str = "",
        field: str = "",
    ) -> None:
        super().__init__(headline)
        self.headline = headline
        self.detail = detail
        self.charge = charge
        self.retryable = retryable
        self.request_id = request_id
        self.field = field

    @property
    def sentence(self) -> str:
        """Headline, followed by what it cost where money was involved."""
        return f"{self.headline} {self.charge.value}" if self.charge else self.headline


class PhotoUnreadable(SharpenError):
    """A file could not be opened as a photo."""


class SaveFailed(SharpenError):
    """A file could not be written; whatever stood at its place is untouched."""


class EngineFailed(SharpenError):
    """The local engine did not finish a run."""


class RunStopped(SharpenError):
    """The user stopped a run."""


class CloudError(SharpenError):
    """The cloud service, or the way to it, refused or failed.

    ``smaller_bytes``: a copy of the photo of at most so many bytes may get through, 0 when size is not the trouble.
    """

    smaller_bytes: int = 0


class KeyRefused(CloudError):
    """The service does not accept the key (401), or the key cannot be used at all."""


class CreditExhausted(CloudError):
    """The key works, the account has no money left (402, or 403 of the credits kind)."""


class ServiceBusy(CloudError):
    """The service was busy (429, 503) at every try."""


class Unreachable(CloudError):
    """No connection to the service came about; nothing was sent."""


class LimitReached(CloudError):
    """One more run would go over the limit on spending; nothing was sent."""


class AlreadyPaid(CloudError):
    """The same request may have been charged before and is not settled; nothing was sent now."""


class StoreFull(CloudError):
    """There is no room to keep a result, so nothing was sent."""


class JournalFailed(SharpenError):
    """The journal cannot be written or read; nothing is sent without it."""


class ValueRefused(SharpenError):
    """A value lies outside its field's limits or choices."""


class PrefsUnreadable(SharpenError):
    """The settings file cannot be used; defaults are in force and a copy was kept."""
