"""What is remembered between starts: frozen, versioned; unknown or damaged parts fall back to defaults."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

Theme = Literal["dark", "light", "system"]
Background = Literal["theme", "black", "grey", "white"]
"""What the canvas is painted with round the picture."""

BACKGROUNDS: tuple[Background, ...] = ("theme", "black", "grey", "white")
VERSION = 1
MOST_USD = 10_000.0


@dataclass(frozen=True, slots=True)
class Prefs:
    """``geometry`` and ``splitter`` are Qt's own saved states in base64; ``settings`` the last ones wanted.

    ``second_place``: left, top, width and height of the second window on all screens together, parted by spaces.
    ``canvas_margins``: what lay left of the canvas, over, right of and under it, the filmstrip left out, in logical pixels, parted by spaces.

    Money: ``limit_usd`` may be spent on the cloud in 24 hours, 0 for no limit; a question is asked before
    anything at or above ``ask_above_usd``. ``upload_mb``: the soft cap of what is sent as PNG. ``local_results_gb``:
    room for results that can be made again. ``proxy``: an address that overrides the environment's, empty for none.
    ``bucket_…``: an S3-compatible place of the user's own; its secrets are with the key, never here.
    ``is_key_file_agreed``: the user has agreed to keeping the key in a file. ``is_preview_on``: what is in view is
    sharpened on this computer while settings change. ``is_history_open``: the left panel shows the history instead of
    the variants.

    ``save_format`` is "same" or a format of core.naming; ``save_quality`` 1–100. The engine is not
    remembered: every start is local and free.
    """

    theme: Theme = "dark"
    geometry: str = ""
    splitter: str = ""
    is_left_open: bool = True
    is_right_open: bool = True
    settings: tuple[tuple[str, str | float | bool], ...] = ()
    save_format: str = "same"
    save_quality: int = 95
    last_folder: str = ""
    open_groups: tuple[str, ...] = ()
    is_filmstrip_open: bool = True
    is_navigator_open: bool = True
    background: Background = "theme"
    limit_usd: float = 5.0
    ask_above_usd: float = 0.5
    upload_mb: int = 10
    local_results_gb: int = 8
    proxy: str = ""
    bucket_endpoint: str = ""
    bucket_region: str = ""
    bucket_name: str = ""
    is_key_file_agreed: bool = False
    is_preview_on: bool = False
    is_history_open: bool = False
    second_place: str = ""
    canvas_margins: str = ""

    @property
    def limit(self) -> float | None:
        """What may be spent in 24 hours, ``None`` without limit."""
        return self.limit_usd or None


def to_json(prefs: Prefs) -> dict[str, Any]:
    """Return the preferences as plain JSON values."""
    return {"version": VERSION, **asdict(prefs), "settings": dict(prefs.settings)}


def from_json(data: Mapping[str, Any]) -> Prefs:
    """Return preferences from JSON values; a value of the wrong kind is replaced by its default."""
    plain = Prefs()
    values: dict[str, Any] = {}
    for each in fields(Prefs):
        value, default = data.get(each.name), getattr(plain, each.name)
        if type(default) is float and type(value) is int:
            value = float(value)
        values[each.name] = value if type(value) is type(default) else default
    values["settings"] = _settings(data.get("settings"))
    groups = data.get("open_groups")
    values["open_groups"] = tuple(map(str, groups)) if isinstance(groups, list) else ()
    values["theme"] = values["theme"] if values["theme"] in ("dark", "light", "system") else plain.theme
    values["background"] = values["background"] if values["background"] in BACKGROUNDS else plain.background
    values["save_quality"] = min(max(values["save_quality"], 1), 100)
    values["upload_mb"] = min(max(values["upload_mb"], 1), 500)
    values["local_results_gb"] = min(max(values["local_results_gb"], 1), 1000)
    for name in ("limit_usd", "ask_above_usd"):
        is_amount = math.isfinite(values[name]) and 0 <= values[name] <= MOST_USD
        values[name] = values[name] if is_amount else getattr(plain, name)
    return Prefs(**values)


def _settings(data: object) -> tuple[tuple[str, str | float | bool], ...]:
    if not isinstance(data, Mapping):
        return ()
    return tuple(
        (str(key), value)
        for key, value in sorted(data.items())
        if isinstance(value, str | int | float | bool)
    )
