"""The key in use: from the environment, or typed in and kept in memory for this session only."""

from collections.abc import Mapping

from sharpen_desktop.core.errors import KeyRefused
from sharpen_desktop.services.api_key import clean_key, key_from_environment


class SessionKey:
    """Holds the key; never writes it anywhere."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._key = _cleaned(key_from_environment(environment))

    def give(self, text: str) -> None:
        """Use ``text`` as the key; KeyRefused when it cannot be one."""
        self._key = clean_key(text)

    def value(self) -> str:
        """Return the key, empty when there is none."""
        return self._key


def _cleaned(text: str) -> str:
    """Return the key as it would be sent; one that cannot be a key stays as it is and is refused later."""
    try:
        return clean_key(text)
    except KeyRefused:
        return text
