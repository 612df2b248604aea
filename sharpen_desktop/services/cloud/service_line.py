"""The way to the service: its address and limits, and a client for each conversation with it."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sharpen_desktop.services.cloud.awaited_thread import in_thread
from sharpen_desktop.services.cloud.transfer_watch import TransferLimits

if TYPE_CHECKING:  # httpx comes with it, and the window starts without httpx
    from sharpen_desktop.services.cloud.api_client import ApiClient

DEFAULT_URL = "https://api.aimlapi.com"


class ServiceLine:
    """Opens clients for the service at ``base_url``.

    ``trusted``: further "host:port" results may come from although they are local or plain http. ``proxy`` is
    asked each time: an address from the preferences that overrides the environment's, empty for none.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_URL,
        limits: TransferLimits | None = None,
        trusted: Collection[str] = (),
        proxy: Callable[[], str] = str,
    ) -> None:
        self._base_url = base_url
        self.limits = limits or TransferLimits()
        self._trusted = trusted
        self._proxy = proxy

    @property
    def host(self) -> str:
        """The service's host, for messages; empty when the address is none."""
        try:
            return urlsplit(self._base_url).hostname or ""
        except ValueError:
            return ""

    async def client(self) -> "ApiClient":
        """Return a new client, an async context manager; Unreachable when a setting keeps it from being made."""
        return await in_thread(self._open)

    def _open(self) -> "ApiClient":
        from sharpen_desktop.services.cloud.api_client import ApiClient, warm_up

        warm_up()
        return ApiClient(self._base_url, self.limits, self._trusted, self._proxy())
