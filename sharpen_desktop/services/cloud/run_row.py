"""One run's row in the journal, with its present state at hand."""

from typing import TYPE_CHECKING, Any

from sharpen_desktop.core.paid import PaidRun, Stage

if TYPE_CHECKING:
    from sharpen_desktop.services.journal import Journal


class RunRow:
    """Steps and notes of one run. JournalFailed when the disk does not take them."""

    def __init__(self, journal: "Journal", run: PaidRun) -> None:
        self._journal = journal
        self.run = run

    async def step(self, stage: Stage, **changes: Any) -> PaidRun:  # noqa: ANN401 - PaidRun's fields
        """Commit the next stage together with changed facts."""
        self.run = await self._journal.step(self.run.run_id, stage, **changes)
        return self.run

    async def note(self, **changes: Any) -> PaidRun:  # noqa: ANN401 - PaidRun's fields
        """Commit changed facts; the stage stays, and since when it stands."""
        self.run = await self._journal.note(self.run.run_id, **changes)
        return self.run
