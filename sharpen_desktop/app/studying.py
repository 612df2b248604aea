"""Finding out about the photo on the canvas: a diagnosis by itself, subject, faces and previews when wanted.

A failure here disturbs nobody: it is logged, and asked again only when something has changed.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from sharpen_desktop.app.ports import Study
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.photo import Photo
from sharpen_desktop.core.picture import Master
from sharpen_desktop.core.questions import (
    NoPreview,
    PreviewWish,
    Taken,
    View,
    Whole,
    auto_wanted,
    diagnosis_wanted,
    faces_wanted,
    preview_wanted,
    subject_wanted,
)
from sharpen_desktop.core.state import AppState
from sharpen_desktop.core.study import Area, Diagnosis
from sharpen_desktop.core.studying import (
    auto_found,
    diagnosed,
    faces_found,
    left_unanswered,
    preview_came,
    preview_dropped,
    preview_due,
    preview_settled,
    subject_found,
)

log = logging.getLogger(__name__)
DIAGNOSIS_DELAY_S = 0.3
"""A photo must have been shown for so long: who leafs through many need not wait for each."""
PREVIEW_DELAY_S = 0.15
"""Settings, strokes and view must have stood still for so long."""
NOT_DIAGNOSED = Diagnosis(
    "unknown", "This photo could not be measured; start with Standard", 0.0, "Standard", is_guess=True
)
DIAGNOSIS, AUTO, PREVIEW = "study-diagnosis", "study-auto", "study-preview"
SUBJECT, FACES = "study-subject", "study-faces"


class Studying:
    """Asks what the state wants to be known, one question of a kind at a time; a newer one calls off the old."""

    def __init__(self, store: Store, study: Study, tasks: TaskScope) -> None:
        self._store = store
        self._study = study
        self._tasks = tasks
        self._area: Area | None = None
        self._asked: dict[str, object] = {}
        self._photos: tuple[Photo, ...] = ()
        self._pictures: frozenset[Master] = frozenset()
        store.subscribe(self._look)

    def look_at(self, area: Area | None) -> None:
        """Take note of what of the current photo is in view."""
        if area != self._area:
            self._area = area
            self._look(self._store.state)

    def _look(self, state: AppState) -> None:
        self._follow(DIAGNOSIS, diagnosis_wanted(state), self._diagnose)
        self._follow(PREVIEW, preview_wanted(state, self._area), self._preview)
        self._follow(AUTO, auto_wanted(state), self._find_auto)
        self._follow(SUBJECT, subject_wanted(state), self._find_subject)
        self._follow(FACES, faces_wanted(state), self._find_faces)
        if state.photos is not self._photos:
            self._photos = state.photos
            self._give_back()

    def _follow(self, name: str, wish: object, work: Callable[[Any], Coroutine[Any, Any, None]]) -> None:
        """Begin what is newly wished, in place of what was wished before."""
        if wish == self._asked.get(name):
            return
        self._asked[name] = wish
        if wish is None:
            self._tasks.cancel(name)
        else:
            self._tasks.start(name, work(wish))

    async def _diagnose(self, wish: Whole) -> None:
        await asyncio.sleep(DIAGNOSIS_DELAY_S)
        try:
            found = await self._study.diagnose(wish.picture)
        except SharpenError as error:
            _log("diagnosed", error)
            found = NOT_DIAGNOSED
        self._store.apply(diagnosed, wish.photo_id, found)

    async def _find_auto(self, wish: Taken) -> None:
        try:
            found = await self._study.auto(wish.picture, wish.mode)
        except SharpenError as error:
            _log(f"measured for {wish.mode}", error)
        else:
            self._store.apply(auto_found, wish.photo_id, wish.mode, found)

    async def _find_subject(self, wish: Whole) -> None:
        try:
            found = await self._study.subject(wish.picture, wish.strokes)
        except SharpenError as error:
            _log("searched for its subject", error)
            self._store.apply(left_unanswered, wish.photo_id, "subject")
        else:
            self._store.apply(subject_found, wish.photo_id, found)

    async def _find_faces(self, wish: Whole) -> None:
        try:
            found = await self._study.faces(wish.picture)
        except SharpenError as error:
            _log("searched for faces", error)
            self._store.apply(left_unanswered, wish.photo_id, "faces")
        else:
            self._store.apply(faces_found, wish.photo_id, found)

    async def _preview(self, wish: PreviewWish) -> None:
        match wish:
            case NoPreview.OFF:
                self._store.apply(preview_dropped)
            case NoPreview.TOO_LARGE:
                self._store.apply(preview_dropped, is_view_too_large=True)
            case NoPreview.HOLDS:
                self._store.apply(preview_settled)
            case View():
                await self._make_preview(wish)

    async def _make_preview(self, wish: View) -> None:
        self._store.apply(preview_due)
        await asyncio.sleep(PREVIEW_DELAY_S)
        try:
            made = await self._study.preview(
                wish.photo_id, wish.picture, wish.settings, wish.strokes, wish.area
            )
        except SharpenError as error:
            _log("previewed", error)
            self._store.apply(preview_dropped)
        else:
            self._store.apply(preview_came, made)

    def _give_back(self) -> None:
        """Let what is kept of pictures go that no photo has any more."""
        own = (photo.original.master for photo in self._photos if photo.original)
        pictures = frozenset(each for each in own if each is not None)
        for gone in self._pictures - pictures:
            self._study.forget(gone)
        self._pictures = pictures


def _log(what: str, error: SharpenError) -> None:
    log.warning("The photo was not %s: %s (%s)", what, error.headline, error.detail)
