"""Why a result could not be fetched; the texts continue "… could not be fetched: "."""


class FetchFailed(Exception):
    """It cannot be fetched, also not when it is tried again."""


class FetchExpired(FetchFailed):
    """Its address no longer leads to it."""


class FetchBroken(FetchFailed):
    """It did not come this time; what came is kept, and trying again may bring the rest."""
