"""The keys: that of the cloud service and that of the user's bucket, in use and kept.

From the environment, from the file the user agreed to, from the system's keyring, or typed in for this session.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from sharpen_desktop.core.errors import Charge, KeyRefused
from sharpen_desktop.core.keys import KeyPlace
from sharpen_desktop.services.api_key import VARIABLES, clean_key, key_from_environment
from sharpen_desktop.services.kept_secret import KeptSecret
from sharpen_desktop.services.key_file import KeyFile
from sharpen_desktop.services.key_ring import KeyRing, Trouble

FILE_NAME = "keys.json"
BUCKET_VARIABLES = ("SHARPEN_BUCKET_KEY_ID", "SHARPEN_BUCKET_SECRET")
NO_KEY = "There is no key to keep."
FORGOTTEN = "The key is no longer used."
OVERRULED = "At the next start the key of this computer's environment goes first."


class KeptKeys:
    """The Keys port of the app, and the bucket's key besides.

    ``folder`` takes the file, if it comes to one. Nothing is read from the keyring before ``load``.
    """

    def __init__(self, environment: Mapping[str, str], folder: Path, ring: KeyRing | None = None) -> None:
        ring, self._file = ring or KeyRing(), KeyFile(folder / FILE_NAME)
        given = _cleaned(key_from_environment(environment))
        self._key = KeptSecret("api-key", "the key", given, ring, self._file)
        bucket = _joined(*(environment.get(name, "").strip() for name in BUCKET_VARIABLES))
        self._bucket = KeptSecret("bucket", "the bucket's key", bucket, ring, self._file)
        self._secrets = {environment.get(name, "").strip() for name in (*VARIABLES, *BUCKET_VARIABLES)}
        self._has_environment = bool(given)
        self._note(given)

    @property
    def place(self) -> KeyPlace:
        """Where the key in use is kept."""
        return self._key.place

    def value(self) -> str:
        """Return the key in use, empty when there is none."""
        return self._key.text

    def secrets(self) -> frozenset[str]:
        """Return every secret there was in this session, for what must not show them."""
        return frozenset(self._secrets - {""})

    def give(self, text: str) -> None:
        """Use ``text`` as the key for this session; KeyRefused when it cannot be one."""
        key = clean_key(text)
        self._note(key)
        self._key.use(key)

    async def load(self) -> KeyPlace:
        """Look for a kept key where none is in use; an answer may take minutes or never come."""
        await self._key.load()
        self._key.text = _cleaned(self._key.text)
        self._note(self._key.text)
        return self.place

    async def keep(self, place: KeyPlace) -> str:
        """Keep the key in use there (KEYRING, FILE or SESSION); return a sentence on where it now is."""
        if self.place in (KeyPlace.NONE, KeyPlace.ENVIRONMENT):
            return NO_KEY if self.place is KeyPlace.NONE else self.place.value
        trouble = await self._key.keep(place)
        sentence = self._where(self._key, trouble)
        return f"{sentence} {OVERRULED}" if self._has_environment else sentence

    async def forget(self) -> str:
        """Remove the key from everywhere the program has put it; return a sentence on what was done."""
        trouble = await self._key.forget()
        done = KeyPlace.ENVIRONMENT.value if self._has_environment else FORGOTTEN
        return f"{done} {trouble}".strip()

    def bucket_secrets(self) -> tuple[str, str]:
        """Return the bucket's access key id and secret, both empty when there are none."""
        return _parted(self._bucket.text)

    async def load_bucket_secrets(self) -> tuple[str, str]:
        """Look for a kept key of the bucket where none is in use, as ``load``."""
        await self._bucket.load()
        self._secrets.update(self.bucket_secrets())
        return self.bucket_secrets()

    async def keep_bucket_secrets(self, access: str, secret: str, place: KeyPlace = KeyPlace.KEYRING) -> str:
        """Use and keep the bucket's key; two empty texts forget it. Return a sentence on where it now is.

        KeyRefused when only one of them is there, or they have characters no key has.
        """
        access, secret = access.strip(), secret.strip()
        _require_fit(access, secret)
        if not access:
            return f"The bucket's key is no longer used. {await self._bucket.forget()}".strip()
        self._secrets.update((access, secret))
        self._bucket.use(_joined(access, secret))
        return self._where(self._bucket, await self._bucket.keep(place), "The bucket's key")

    def _note(self, key: str) -> None:
        self._secrets.add(key)

    def _where(self, secret: KeptSecret, trouble: str, called: str = "The key") -> str:
        """Return where a secret is kept now, after what went wrong."""
        where = self._in_the_file() if secret.place is KeyPlace.FILE else secret.place.value
        where = where.replace("The key", called)
        if trouble == Trouble.SILENT.value:
            return f"{trouble} Until it does, {where[0].lower()}{where[1:]}"
        return f"{trouble} {where}".strip()

    def _in_the_file(self) -> str:
        if os.name == "nt":  # no permission bits; the folder's rights are inherited
            return (
                f"The key is kept unencrypted in {self._file.path}. Windows lets those read it who may read that "
                "folder: normally you and this computer's administrators."
            )
        return f"{KeyPlace.FILE.value} It is {self._file.path}, and not encrypted."


def _cleaned(text: str) -> str:
    """Return the key as it would be sent; one that cannot be a key stays as it is and is refused later."""
    try:
        return clean_key(text)
    except KeyRefused:
        return text


def _joined(access: str, secret: str) -> str:
    return json.dumps([access, secret]) if access and secret else ""


def _parted(text: str) -> tuple[str, str]:
    """Return access key id and secret from their entry; both empty when it holds something else."""
    try:
        access, secret = json.loads(text) if text else ("", "")
    except (ValueError, TypeError):
        return "", ""
    return (access, secret) if isinstance(access, str) and isinstance(secret, str) else ("", "")


def _require_fit(access: str, secret: str) -> None:
    if bool(access) != bool(secret):
        raise KeyRefused("The bucket needs both an access key and its secret.", charge=Charge.NONE)
    if not all("!" <= letter <= "~" for letter in access + secret) or len(access + secret) > 1_000:
        raise KeyRefused(
            "The bucket's key has characters no key has, or too many. Copy it again.", charge=Charge.NONE
        )
