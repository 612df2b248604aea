"""Where the key of the cloud service is kept, and what a check of it has shown."""

from enum import Enum


class KeyPlace(Enum):
    """Where the key in use comes from; the value is what the window says."""

    NONE = "There is no key."
    ENVIRONMENT = "The key comes from this computer's environment. It is changed there."
    KEYRING = "The key is kept in this system's keyring."
    SESSION = "The key is kept for this session only."
    FILE = "The key is kept in a file only you can read."


class KeyVerdict(Enum):
    """What the service says of a key; the value is what the window says."""

    WORKS = "The key works."
    WRONG = "The service does not accept this key."
    NO_MONEY = "The key works, but your account at the service has no money left."
    NO_NETWORK = "The service could not be reached, so the key could not be checked."
    UNCLEAR = "The service did not say whether the key works."
