"""What the user wants: a value for some fields of the schema, Auto for the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sharpen_desktop.core.schema import Kind, ModelSchema, Param, Value, clean

EngineName = Literal["local", "cloud"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's values by field name, in the schema's order; a field that is missing is Auto."""

    items: tuple[tuple[str, Value], ...] = ()

    def get(self, name: str) -> Value | None:
        """Return the field's value, ``None`` for Auto."""
        return dict(self.items).get(name)

    def number(self, name: str) -> float | None:
        """Return a number field's value, ``None`` for Auto or a field that is no number."""
        value = self.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def text(self, name: str, otherwise: str = "") -> str:
        """Return a choice field's value."""
        value = self.get(name)
        return value if isinstance(value, str) else otherwise

    def replaced(self, name: str, value: Value | None) -> "Settings":
        """Return the settings with one field changed; ``None`` makes it Auto."""
        rest = {key: old for key, old in self.items if key != name}
        if value is not None:
            rest[name] = value
        return Settings(tuple(sorted(rest.items())))


def defaults(schema: ModelSchema) -> Settings:
    """Return the schema's own defaults; fields without one are Auto."""
    return from_mapping(schema, {})


def from_mapping(schema: ModelSchema, values: Mapping[str, object]) -> Settings:
    """Return settings from stored values: unknown fields dropped, values outside the limits cleaned."""
    items = ((param.name, _stored(param, values)) for param in schema.params)
    return Settings(tuple(sorted((name, value) for name, value in items if value is not None)))


def _stored(param: Param, values: Mapping[str, object]) -> Value | None:
    value = values.get(param.name)
    return clean(param, value if isinstance(value, str | float | int | bool) else None)


def reason_without_effect(schema: ModelSchema, settings: Settings, name: str, engine: EngineName) -> str:
    """Return why the field changes nothing at present, in one line; empty when it does."""
    param = schema.param(name)
    if param.kind is Kind.UNKNOWN:
        return "Set by the service."
    if engine == "local" and param.not_local:
        return param.not_local
    if param.ignored and settings.get(param.ignored.field) in param.ignored.values:
        return param.ignored.note
    if param.needs and settings.get(param.needs) is not True:
        return f"{schema.param(param.needs).label} is off."
    return ""


def effective(schema: ModelSchema, settings: Settings, engine: EngineName) -> tuple[tuple[str, Value], ...]:
    """Return the fields that are sent: those with a value and an effect, in the schema's order."""
    pairs: Iterable[tuple[str, Value | None]] = ((p.name, settings.get(p.name)) for p in schema.params)
    return tuple(
        (name, value)
        for name, value in pairs
        if value is not None and not reason_without_effect(schema, settings, name, engine)
    )
