"""The service's JSON schema as values the panel, the command line and the request are made from.

Two documents go in: the service's own OpenAPI file, which alone holds limits, defaults and choices, and
a small overlay with what OpenAPI cannot say (labels, help lines, groups, which mode ignores which field).
A field the overlay does not know is kept in the group ``more``; a kind of field that is not understood is
kept with kind ``UNKNOWN``, shown as "set by the service" and never sent.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sharpen_desktop.core.errors import ValueRefused

Value = str | float | bool
"""A field's value; a field that is Auto has none."""

MORE = "more"
"""Name of the group for fields the overlay does not mention."""


class SchemaUnusable(ValueError):
    """The OpenAPI file does not describe a picture request."""


class Kind(Enum):
    """How a field's value is chosen."""

    CHOICE = "choice"
    NUMBER = "number"
    INTEGER = "integer"
    SWITCH = "switch"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a field of kind CHOICE; ``also`` are other spellings of the same value.

    ``help_local``: what it does on this computer, where that is not what it does at the service.
    """

    value: str
    label: str
    help: str = ""
    also: tuple[str, ...] = ()
    help_local: str = ""

    def told(self, *, is_local: bool) -> str:
        """Return its help line for this computer or for the service."""
        return (self.help_local if is_local else "") or self.help


@dataclass(frozen=True, slots=True)
class Ignored:
    """The field has no effect while ``field`` has one of ``values``."""

    field: str
    values: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Param:
    """One field of the request the user may set.

    ``default`` is ``None`` for a field without one: its third state is Auto, and Auto means not sent.
    ``needs`` names the switch without which the field is not sent. ``not_local`` is why the local engine
    does not honour the field, empty where it does.
    """

    name: str
    kind: Kind
    label: str
    group: str
    help: str = ""
    default: Value | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Choice, ...] = ()
    needs: str | None = None
    ignored: Ignored | None = None
    not_local: str = ""
    is_title_switch: bool = False

    @property
    def is_auto_allowed(self) -> bool:
        """Whether the field may be left to the engine."""
        return self.default is None and self.kind is not Kind.UNKNOWN

    @property
    def is_percent(self) -> bool:
        """Whether the range lies within 0–1, so that it is shown as 0–100 %."""
        return (
            self.kind is Kind.NUMBER
            and self.minimum is not None
            and self.maximum is not None
            and self.minimum >= 0
            and self.maximum <= 1
        )

    @property
    def limits(self) -> str:
        """The allowed values in words, as in "0.01–1" or "All, Foreground, Background"."""
        if self.kind is Kind.CHOICE:
            return ", ".join(choice.value for choice in self.choices)
        if self.kind is Kind.SWITCH:
            return "on, off"
        low = "" if self.minimum is None else f"{self.minimum:g}"
        high = "" if self.maximum is None else f"{self.maximum:g}"
        if low and high:
            return f"{low}–{high}"
        return f"at least {low}" if low else f"at most {high}" if high else "any number"


@dataclass(frozen=True, slots=True)
class Group:
    """A titled part of the panel."""

    name: str
    title: str
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class ModelSchema:
    """One model: where its requests go and which fields they have."""

    model: str
    title: str
    path: str
    picture_field: str
    params: tuple[Param, ...]
    groups: tuple[Group, ...] = ()
    _by_name: Mapping[str, Param] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {param.name: param for param in self.params})

    def param(self, name: str) -> Param:
        """Return the field called ``name``; KeyError when the schema has none."""
        return self._by_name[name]

    def in_group(self, group: str) -> tuple[Param, ...]:
        """Return the group's fields in the schema's order, its title switch first."""
        members = [param for param in self.params if param.group == group]
        return tuple(sorted(members, key=lambda param: not param.is_title_switch))


def parse_model(openapi: Mapping[str, Any], overlay: Mapping[str, Any]) -> ModelSchema:
    """Read one model from its OpenAPI document and overlay; SchemaUnusable when there is no such request."""
    path, body = _request_body(openapi)
    fields: Mapping[str, Any] = overlay.get("fields", {})
    required = set(body.get("required", ()))
    roles = {fields.get(name, {}).get("role", ""): name for name in body["properties"]}
    params = _panel_order(
        [
            _parse_param(name, spec, fields.get(name, {}), is_required=name in required)
            for name, spec in body["properties"].items()
            if "role" not in fields.get(name, {})
        ],
        fields,
    )
    groups = [
        Group(str(each["name"]), str(each["title"]), bool(each.get("closed")))
        for each in overlay.get("groups", ())
    ]
    return ModelSchema(
        model=str(body["properties"][roles.get("model", "model")]["enum"][0]),
        title=str(overlay.get("title", body.get("title", ""))),
        path=path,
        picture_field=roles.get("picture", "image_url"),
        params=tuple(params),
        groups=(*groups, Group(MORE, "More", is_closed=True)),
    )


def _panel_order(params: list[Param], fields: Mapping[str, Any]) -> list[Param]:
    order = {name: place for place, name in enumerate(fields)}
    return sorted(params, key=lambda param: order.get(param.name, len(order)))


def _request_body(openapi: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    try:
        path, methods = next(iter(openapi["paths"].items()))
        body = methods["post"]["requestBody"]["content"]["application/json"]["schema"]
        body["properties"]["model"]["enum"][0]
    except (KeyError, IndexError, StopIteration, TypeError, AttributeError) as error:
        raise SchemaUnusable("The schema file describes no request for a picture.") from error
    return str(path), body


def _parse_param(name: str, spec: Mapping[str, Any], extra: Mapping[str, Any], *, is_required: bool) -> Param:
    kind = _kind(spec)
    choices = _choices(spec.get("enum", ()), extra.get("choices", {})) if kind is Kind.CHOICE else ()
    default = spec.get("default")
    if default is None and is_required and choices:
        default = choices[0].value  # a required choice is never Auto
    ignored = extra.get("ignored")
    return Param(
        name=name,
        kind=kind,
        label=str(extra.get("label", name.replace("_", " ").capitalize())),
        group=str(extra.get("group", MORE)),
        help=str(extra.get("help", spec.get("description", ""))),
        default=_same_as(choices, default) if isinstance(default, str) else default,
        minimum=spec.get("minimum"),
        maximum=spec.get("maximum"),
        choices=choices,
        needs=extra.get("needs"),
        ignored=Ignored(ignored["field"], tuple(ignored["values"]), ignored["note"]) if ignored else None,
        not_local=str(extra.get("not_local", "" if extra else "Only the cloud service has this setting.")),
        is_title_switch=bool(extra.get("title_switch")) and kind is Kind.SWITCH,
    )


def _kind(spec: Mapping[str, Any]) -> Kind:
    values = spec.get("enum")
    if values and all(isinstance(value, str) for value in values):
        return Kind.CHOICE
    if values:
        return Kind.UNKNOWN
    kinds = {"number": Kind.NUMBER, "integer": Kind.INTEGER, "boolean": Kind.SWITCH}
    return kinds.get(str(spec.get("type")), Kind.UNKNOWN)


def _choices(values: Iterable[str], extra: Mapping[str, Any]) -> tuple[Choice, ...]:
    spelled = {other for each in extra.values() for other in each.get("also", ())}
    kept = [value for value in values if value not in spelled]
    return tuple(
        Choice(
            value,
            str(extra.get(value, {}).get("label", value)),
            str(extra.get(value, {}).get("help", "")),
            tuple(extra.get(value, {}).get("also", ())),
            str(extra.get(value, {}).get("help_local", "")),
        )
        for value in kept
    )


def _same_as(choices: tuple[Choice, ...], value: str) -> str:
    for choice in choices:
        if value == choice.value or value in choice.also:
            return choice.value
    return value


def clean(param: Param, value: Value | None) -> Value | None:
    """Return the allowed value nearest to ``value``: clamped, respelled, or the default.

    ``None`` (Auto) stays ``None`` where the field may be Auto and becomes the default elsewhere.
    """
    if value is None or param.kind is Kind.UNKNOWN:
        return param.default
    if param.kind is Kind.SWITCH:
        return value if isinstance(value, bool) else param.default
    if param.kind is Kind.CHOICE:
        chosen = _same_as(param.choices, str(value))
        return chosen if any(chosen == choice.value for choice in param.choices) else param.default
    return _clamped(param, value)


def _clamped(param: Param, value: Value) -> Value | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return param.default
    low = value if param.minimum is None else max(value, param.minimum)
    both = low if param.maximum is None else min(low, param.maximum)
    try:
        number = float(both)
    except OverflowError:
        return param.default
    if not math.isfinite(number):
        return param.default
    return round(both) if param.kind is Kind.INTEGER else number


def check(param: Param, value: Value | None) -> Value | None:
    """Return ``value`` respelled; ValueRefused, naming the field and its limits, when it is not allowed."""
    if value is None and param.is_auto_allowed:
        return None
    cleaned = clean(param, value)
    is_same = cleaned == value or (isinstance(value, str) and _same_as(param.choices, value) == cleaned)
    if cleaned is None or not is_same:
        raise ValueRefused(f"{param.name}: {value} is not allowed. Allowed: {param.limits}.")
    return cleaned
