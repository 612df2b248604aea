"""What the second window shows: one side of the comparer, or one variant, for another screen."""

from dataclasses import dataclass

from sharpen_desktop.core.photo import Photo, Variant


@dataclass(frozen=True, slots=True)
class SecondView:
    """``shows``: "a" or "b" for what is on that side, else a variant's id; one the photo does not have means "b".

    ``is_pinned``: it keeps a zoom and place of its own instead of following the main window's.
    """

    shows: str = "b"
    is_pinned: bool = False

    def variant(self, photo: Photo) -> Variant | None:
        """Return the variant of a photo that is shown."""
        if self.shows == "a":
            return photo.before
        return photo.variant(self.shows) or photo.shown

    def side(self, photo: Photo) -> str:
        """Return the side that is followed, empty when a variant was chosen."""
        if self.shows == "a":
            return "a"
        return "" if photo.variant(self.shows) else "b"
