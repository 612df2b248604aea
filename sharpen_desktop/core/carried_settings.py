"""Settings as text, to be carried to another photo, window or computer by the clipboard."""

import json

from sharpen_desktop.core.schema import ModelSchema
from sharpen_desktop.core.settings import Settings, from_mapping

MARK = "sharpen-desktop-settings"
"""The name the settings stand under; text without it holds none."""
LONGEST = 100_000
"""More letters than settings ever take."""


def settings_text(settings: Settings) -> str:
    """Return settings as JSON; a field that is Auto is left out."""
    return json.dumps({MARK: dict(settings.items)}, indent=1)


def settings_in(text: str, schema: ModelSchema) -> Settings | None:
    """Return the settings in a text, cleaned; ``None`` when it holds none. Unknown fields are left out."""
    if len(text) > LONGEST or MARK not in text:
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    values = data.get(MARK) if isinstance(data, dict) else None
    return from_mapping(schema, values) if isinstance(values, dict) else None
