"""Pixels as the rest of the program knows them: where they lie and what they are, never the pixels.

Pixels travel between processes through memory-mapped files; these values describe such files.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Level:
    """One display copy: 8-bit BGRX (or premultiplied BGRA) rows of ``stride`` bytes in the file ``path``."""

    path: str
    width: int
    height: int
    stride: int


@dataclass(frozen=True, slots=True)
class Display:
    """What the window paints: sRGB levels from full size (or the best there is so far) downwards.

    ``width`` and ``height`` are the picture's own full size in pixels, also while only a scaled first
    look has been decoded.
    """

    width: int
    height: int
    levels: tuple[Level, ...] = field(hash=False)  # displays are looked up several times a frame
    has_alpha: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether the full-size level is there."""
        return bool(self.levels) and self.levels[0].width == self.width


@dataclass(frozen=True, slots=True)
class Master:
    """A picture at its full depth, upright, in its own colours, with its metadata beside it.

    ``pixels``: a NumPy file, H×W or H×W×3, uint8 or uint16, encoded values. ``alpha``: the same for the
    alpha channel, H×W, empty when there is none. ``profile``: ICC file, empty when there is none (sRGB).
    ``metadata``: the source's EXIF, XMP and IPTC as an Exiv2 carrier file, empty when it had none.
    ``jpeg_quality``: estimate for a JPEG source, 1–100. ``folder`` holds all of them.
    """

    folder: str
    width: int
    height: int
    depth: int
    is_grey: bool
    pixels: str
    alpha: str = ""
    profile: str = ""
    metadata: str = ""
    jpeg_quality: int | None = None


def bytes_held(display: Display | None, master: Master | None) -> int:
    """Return how many bytes the files of a decoded picture take up."""
    shown = sum(level.stride * level.height for level in display.levels) if display else 0
    if master is None:
        return shown
    channels = (1 if master.is_grey else 3) + bool(master.alpha)
    return shown + master.width * master.height * channels * master.depth // 8


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What the file itself is: ``format`` as people name it ("JPEG"), ``depth`` in bits a channel as stored.

    ``profile_name`` as the ICC file calls itself, "sRGB" when there is none. ``notes``: plain sentences
    about what is not kept or not shown ("Only the first of 12 frames is opened.").
    """

    format: str
    width: int
    height: int
    depth: int
    profile_name: str
    has_alpha: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaveOptions:
    """How a picture is written. ``format``: "jpeg", "png", "tiff" or "webp"; ``quality`` 1–100 (JPEG, WebP)."""

    format: str
    quality: int = 95


@dataclass(frozen=True, slots=True)
class Saved:
    """A finished save: where, and plain sentences about what could not be kept."""

    path: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedPicture:
    """A decoded picture; ``master`` is ``None`` for a first look, which has only something to show."""

    facts: PhotoFacts
    display: Display
    master: Master | None = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells one photo from another: SHA-256 of the file's bytes and of its decoded, upright pixels.

    Either may be empty when it is not known; two photos are the same when one of them agrees.
    """

    file: str = ""
    pixels: str = ""

    def is_same(self, other: "Fingerprint") -> bool:
        """Return whether both are of the same photo."""
        return bool((self.file and self.file == other.file) or (self.pixels and self.pixels == other.pixels))


@dataclass(frozen=True, slots=True)
class Upload:
    """The bytes that would leave this computer: a file without metadata, and what it is.

    ``media_type``: "image/png" or "image/jpeg". ``size``: bytes. ``note``: what had to be done to the picture.
    """

    path: str
    media_type: str
    size: int
    width: int
    height: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Exactly what a cloud run of the photo would send: the prepared file, decoded again for the eye.

    ``size``: bytes of the picture; ``body_size``: bytes of the whole request. ``fields``: the other fields of
    the request, by name. ``place``: the host it goes to. ``is_address``: only the photo's web address is sent.
    ``note``: what had to be done to the picture ("8 bit", "scaled down to …").
    """

    name: str
    display: Display
    width: int
    height: int
    media_type: str
    size: int
    body_size: int
    fields: tuple[tuple[str, str], ...]
    place: str
    is_address: bool = False
    note: str = ""
