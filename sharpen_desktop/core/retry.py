"""How long to wait before which try. Only for failures that cannot have cost anything."""

from collections.abc import Callable

CONNECT_TRIES = 3
UPLOAD_TRIES = 2
BUSY_TRIES = 5
LONGEST_WAIT_S = 600.0
SETTLE_AFTER_S = (20.0, 60.0, 180.0, 600.0)
"""When the service's log is asked about a run whose answer was lost, counted from the loss."""


def connect_wait_s(failed: int, spread: Callable[[], float]) -> float | None:
    """Return the wait after the ``failed``-th failure to connect, ``None`` for no further try.

    ``spread`` gives a random number of 0–1: up to a quarter is added, so that clients do not come in step.
    """
    if failed >= CONNECT_TRIES:
        return None
    return float(2 ** (failed - 1)) * (1 + spread() / 4)


def busy_wait_s(refused: int, asked_s: float | None, spread: Callable[[], float]) -> float | None:
    """Return the wait after the ``refused``-th "busy", ``None`` for no further try.

    ``asked_s``: what the service's Retry-After asks for, if it does; at most ten minutes are waited.
    """
    if refused >= BUSY_TRIES:
        return None
    wait = asked_s if asked_s is not None else 5.0 * 2 ** (refused - 1)
    return min(wait * (1 + spread() / 4), LONGEST_WAIT_S)
