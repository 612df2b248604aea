"""How a cloud run tells where it stands."""

from collections.abc import Callable

from sharpen_desktop.core.jobs import Phase, Progress

STEP = 0.005
"""Smallest change of a fraction that is told: no bar shows less."""


class CloudProgress:
    """Tells ``report`` the phases of one run.

    Once the money is at risk, every later report says so, until the service has refused the request unprocessed.
    """

    def __init__(self, report: Callable[[Progress], None]) -> None:
        self._report = report
        self._last: Progress | None = None
        self._is_paid_risk = False

    def preparing(self) -> None:
        """Tell that the photo is made ready to send."""
        self._tell(Phase.PREPARING, None)

    def uploading(self, fraction: float) -> None:
        """Tell how much of the request has left."""
        self._tell(Phase.UPLOADING, fraction)

    def waiting(self) -> None:
        """Tell that the whole request has left: from here on it may be paid for."""
        self._is_paid_risk = True
        self._tell(Phase.WAITING, None)

    def busy(self, again_in_s: float) -> None:
        """Tell that the service has refused for now, and when it is asked again: nothing is at risk meanwhile."""
        self._is_paid_risk = False
        self._tell(Phase.BUSY, None, again_in_s)

    def interrupted(self, again_in_s: float) -> None:
        """Tell that nothing, or only a part, has left, and when that is tried again."""
        self._is_paid_risk = False
        self._tell(Phase.UPLOADING, None, again_in_s)

    def downloading(self, fraction: float | None) -> None:
        """Tell how much of the result has come; ``None`` when its size is not known."""
        self._tell(Phase.DOWNLOADING, fraction)

    def _tell(self, phase: Phase, fraction: float | None, again_in_s: float | None = None) -> None:
        told = Progress(phase, fraction, self._is_paid_risk, again_in_s)
        if self._last is None or _differs(self._last, told):
            self._last = told
            self._report(told)


def _differs(old: Progress, new: Progress) -> bool:
    if old.phase is not new.phase or old.is_paid_risk is not new.is_paid_risk:
        return True
    if old.again_in_s != new.again_in_s:
        return True
    if old.fraction is None or new.fraction is None:
        return old.fraction is not new.fraction
    return abs(new.fraction - old.fraction) >= STEP or (new.fraction == 1 and old.fraction != 1)
