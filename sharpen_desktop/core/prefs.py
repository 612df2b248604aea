"""What is remembered between starts: frozen, versioned; unknown or damaged parts fall back to defaults."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

Theme = Literal["dark", "light", "system"]
VERSION = 1


@dataclass(frozen=True, slots=True)
class Prefs:
    """``geometry`` and ``splitter`` are Qt's own saved states in base64; ``settings`` the last ones wanted.

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


def to_json(prefs: Prefs) -> dict[str, Any]:
    """Return the preferences as plain JSON values."""
    return {"version": VERSION, **asdict(prefs), "settings": dict(prefs.settings)}


def from_json(data: Mapping[str, Any]) -> Prefs:
    """Return preferences from JSON values; a value of the wrong kind is replaced by its default."""
    plain = Prefs()
    values: dict[str, Any] = {}
    for each in fields(Prefs):
        value, default = data.get(each.name), getattr(plain, each.name)
        values[each.name] = value if type(value) is type(default) else default
    values["settings"] = _settings(data.get("settings"))
    groups = data.get("open_groups")
    values["open_groups"] = tuple(map(str, groups)) if isinstance(groups, list) else ()
    values["theme"] = values["theme"] if values["theme"] in ("dark", "light", "system") else plain.theme
    values["save_quality"] = min(max(values["save_quality"], 1), 100)
    return Prefs(**values)


def _settings(data: object) -> tuple[tuple[str, str | float | bool], ...]:
    if not isinstance(data, Mapping):
        return ()
    return tuple(
        (str(key), value)
        for key, value in sorted(data.items())
        if isinstance(value, str | int | float | bool)
    )
