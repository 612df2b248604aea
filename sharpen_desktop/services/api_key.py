"""The key of the cloud service: where it may come from and what a usable one looks like.

The check comes before the HTTP library sees the key: that library quotes a malformed one in its errors.
"""

import re
from collections.abc import Mapping

from sharpen_desktop.core.errors import Charge, KeyRefused

VARIABLES = ("SHARPEN_API_KEY", "AIMLAPI_API_KEY", "AIMLAPI_KEY", "AIML_API_KEY")
"""Environment variables in the order they are asked; the later ones are in use elsewhere."""

SHORTEST, LONGEST = 8, 512

_INVISIBLE = re.compile("[\\s\\u00ad\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\ufeff]+")
_QUOTES = "\"'`‘’‚“”„«»‹›"
_BEARER = re.compile(r"(authorization\s*:\s*)?bearer\s+", re.IGNORECASE)


def key_from_environment(environ: Mapping[str, str]) -> str:
    """Return the first key that is set, as it stands there; empty when there is none."""
    return next((environ[name] for name in VARIABLES if environ.get(name, "").strip()), "")


def clean_key(text: str) -> str:
    """Return the key without what copying adds: white space, quotes, invisible characters, "Bearer ".

    Raises KeyRefused, with a sentence that does not contain the key, when what is left cannot be a key.
    """
    bare = text.strip().strip(_QUOTES).strip()
    key = _INVISIBLE.sub("", _BEARER.sub("", bare, count=1) if _BEARER.match(bare) else bare).strip(_QUOTES)
    if not key:
        raise _refused("There is no key for the cloud service. Enter one, or sharpen on this computer.")
    if not all("!" <= letter <= "~" for letter in key):
        raise _refused("The key has characters no key has. Copy it again from your account at the service.")
    if not SHORTEST <= len(key) <= LONGEST:
        length = "short" if len(key) < SHORTEST else "long"
        raise _refused(f"The key is too {length} to be one. Copy it again from your account at the service.")
    return key


def _refused(sentence: str) -> KeyRefused:
    return KeyRefused(sentence, charge=Charge.NONE)
