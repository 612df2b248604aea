"""Which bucket is the user's own, and with which key it is opened."""

from dataclasses import dataclass, field

from sharpen_desktop.core.prefs import Prefs
from sharpen_desktop.services.cloud.web_address import place_of

USUAL_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class BucketPlace:
    """Where a bucket is. ``endpoint``: an https address, empty for Amazon's own; ``region`` may be empty."""

    endpoint: str
    region: str
    name: str

    @property
    def address(self) -> str:
        """The endpoint as a whole address."""
        if not self.endpoint:
            return f"https://s3.{self.region or USUAL_REGION}.amazonaws.com"
        return self.endpoint if "://" in self.endpoint else f"https://{self.endpoint}"

    @property
    def host(self) -> str:
        """The endpoint's host, for messages."""
        return place_of(self.address).rpartition(":")[0]


@dataclass(frozen=True, slots=True)
class BucketKey:
    """Access key id and secret; never shown."""

    id: str = field(repr=False)
    secret: str = field(repr=False)


def place_from(prefs: Prefs) -> BucketPlace | None:
    """Return the bucket of the preferences; ``None`` when they name none."""
    name = prefs.bucket_name.strip()
    endpoint = prefs.bucket_endpoint.strip().rstrip("/")
    return BucketPlace(endpoint, prefs.bucket_region.strip(), name) if name else None
