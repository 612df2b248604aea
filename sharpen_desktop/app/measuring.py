"""Measuring the sharpness of what is in view, while the overlay shows it: the newest view calls the last one off."""

import asyncio
import logging

from sharpen_desktop.app.ports import Study
from sharpen_desktop.app.store import Store
from sharpen_desktop.app.tasks import TaskScope
from sharpen_desktop.core.errors import SharpenError
from sharpen_desktop.core.sharpness import SharpnessWish, Sight
from sharpen_desktop.core.sharpness_overlay import (
    sharpness_came,
    sharpness_due,
    sharpness_failed,
    sharpness_wanted,
)
from sharpen_desktop.core.state import AppState

log = logging.getLogger(__name__)
DELAY_S = 0.06
"""The view must have stood still for so long: between two steps of a drag nothing is measured."""
SHARPNESS = "study-sharpness"


class Measuring:
    """Asks for what the overlay is to show."""

    def __init__(self, store: Store, study: Study, tasks: TaskScope) -> None:
        self._store = store
        self._study = study
        self._tasks = tasks
        self._sight: Sight | None = None
        self._asked: SharpnessWish | None = None
        store.subscribe(self._look)

    def see(self, sight: Sight | None) -> None:
        """Take note of what of the current photo is in view, and at which zoom."""
        self._sight = sight
        self._look(self._store.state)

    def _look(self, state: AppState) -> None:
        wish = sharpness_wanted(state, self._sight)
        if wish == self._asked:
            return
        self._asked = wish
        if wish is None:
            self._tasks.cancel(SHARPNESS)
        else:
            self._tasks.start(SHARPNESS, self._measure(wish))

    async def _measure(self, wish: SharpnessWish) -> None:
        await asyncio.sleep(DELAY_S)
        self._store.apply(
            sharpness_due
        )  # what has time waits: the process answers one question after the other
        try:
            found = await self._study.sharpness(wish)
        except SharpenError as error:
            log.warning("The sharpness was not measured: %s (%s)", error.headline, error.detail)
            self._store.apply(sharpness_failed)
        else:
            self._store.apply(sharpness_came, found)
