"""Reading ahead: the neighbours of the shown photo are decoded before they are asked for.

What was asked for comes first: nothing is guessed until the shown photo is there whole, it is done by a process of its
own, and it is called off when the user goes elsewhere.
"""

from sharpen_desktop.app.reading import Reader
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.photo import Loading, Photo
from sharpen_desktop.core.state import AppState

AHEAD = "ahead"


class Ahead:
    """Follows the shown photo. The neighbour in the direction the user goes comes first, then the one behind."""

    def __init__(self, store: Store, reader: Reader, tasks: TaskScope) -> None:
        self._store = store
        self._reader = reader
        self._tasks = tasks
        self._place = 0
        self._direction = 1
        self._photos: tuple[Photo, ...] = ()
        self._current = ""
        self._seen: tuple[object, ...] = ()
        self._tried: set[str] = set()
        self._at = ""
        store.subscribe(self._look)

    def _look(self, state: AppState) -> None:
        """Begin when the shown photo or its neighbours are others."""
        photos, current = state.photos, state.current_id
        if photos is self._photos and current == self._current:
            return
        self._photos, self._current = photos, current
        place = next((i for i, photo in enumerate(photos) if photo.id == current), None)
        if place is None:
            return
        self._turn(place)
        is_ready = photos[place].loading is Loading.READY
        seen = (current, is_ready, self._neighbours())
        if seen == self._seen:
            return
        self._seen, self._tried = seen, set()
        if self._at and self._at not in (current, *self._neighbours()):
            self._tasks.cancel(AHEAD)
            self._at = ""
        if is_ready and not self._at and self._next():
            self._tasks.start(AHEAD, self._go())

    def _turn(self, place: int) -> None:
        """Note in which direction the user goes through the list."""
        if place != self._place:
            self._direction = 1 if place > self._place else -1
        self._place = place

    def _neighbours(self) -> tuple[str, ...]:
        """Return the ids of the photos before and after the shown one, that in the user's direction first."""
        places = (self._place + self._direction, self._place - self._direction)
        return tuple(self._photos[place].id for place in places if 0 <= place < len(self._photos))

    def _next(self) -> str:
        """Return which photo to read next, empty for none."""
        state = self._store.state
        photo = state.current
        if photo is None or photo.loading is not Loading.READY or not self._reader.has_room_beside(photo):
            return ""
        for photo_id in self._neighbours():
            other = state.photo(photo_id)
            if other is not None and other.loading is Loading.LISTED and photo_id not in self._tried:
                return photo_id
        return ""

    async def _go(self) -> None:
        while photo_id := self._next():
            self._at = photo_id
            self._tried.add(photo_id)
            try:
                await self._reader.guess(photo_id)
            finally:
                if self._at == photo_id:
                    self._at = ""
