"""How a variant was made, and what settings are called, in words."""

from dataclasses import dataclass

from sharpen_desktop.core.mixing import mix_line
from sharpen_desktop.core.photo import Photo, Variant
from sharpen_desktop.core.phrases import count_of, duration
from sharpen_desktop.core.schema import ModelSchema, Param, Value
from sharpen_desktop.core.settings import EngineName, Settings, reason_without_effect
from sharpen_desktop.core.wording import ENGINE_LABELS, cost, facts_line


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a recipe."""

    name: str
    text: str


def value_text(param: Param, value: Value | None) -> str:
    """Return a setting's value as the panel shows it: "62 %", "Lens Blur", "on", "Auto"."""
    if value is None:
        return "Auto"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return next((each.label for each in param.choices if each.value == value), value)
    return f"{round(value * 100)} %" if param.is_percent else f"{value:g}"


def setting_text(param: Param, value: Value | None) -> str:
    """Return a setting with its value: "Strength 62 %"."""
    return f"{param.label} {value_text(param, value)}"


def recipe(photo: Photo, variant: Variant, schema: ModelSchema) -> tuple[Fact, ...]:
    """Return how a variant was made: engine, settings, strokes, time, cost, finding; of a file where it lies."""
    where = "" if variant.is_result else variant.file if variant.source else photo.path
    known = (
        ("Photo", photo.name),
        ("Engine", _engine(variant)),
        *((each.name, each.text) for each in _settings(schema, variant.made_with, variant.engine)),
        ("Painted", count_of(len(variant.strokes), "stroke") if variant.strokes else ""),
        ("Mix", mix_line(photo, variant)),
        ("Time", duration(variant.seconds) if variant.seconds else ""),
        ("Cost", cost(variant) if variant.is_result else ""),
        ("Found", variant.finding),
        ("To be known", variant.note),
        ("Reference", variant.request_id),
        ("Picture", facts_line(variant.facts) if variant.facts else ""),
        ("File", where),
        ("Saved as", variant.saved_to),
    )
    return tuple(Fact(name, text) for name, text in known if text)


def _engine(variant: Variant) -> str:
    return ENGINE_LABELS[variant.engine] if variant.engine else ""


def _settings(schema: ModelSchema, made_with: Settings | None, engine: EngineName | None) -> tuple[Fact, ...]:
    """Return every setting that had an effect; one that the schema no longer has under its own name."""
    if made_with is None or engine is None:
        return ()
    known = {param.name for param in schema.params}
    shown = [
        Fact(param.label, value_text(param, made_with.get(param.name)))
        for param in schema.params
        if not reason_without_effect(schema, made_with, param.name, engine)
    ]
    gone = [Fact(name, str(value)) for name, value in made_with.items if name not in known]
    return (*shown, *gone)
