"""The words of the command line after ``run`` and ``diagnose``."""

import argparse
import math
import os
from collections.abc import Sequence
from pathlib import Path

from sharpen_desktop.core.errors import ValueRefused
from sharpen_desktop.core.schema import Kind, ModelSchema, Param, Value, check
from sharpen_desktop.core.settings import Settings, defaults


def run_parser(schema: ModelSchema) -> argparse.ArgumentParser:
    """Return the parser of ``run``; the options for settings are made from the schema's fields."""
    parser = argparse.ArgumentParser(
        prog="sharpen-desktop run", description="Sharpen photos without a window.", allow_abbrev=False
    )
    parser.add_argument("inputs", nargs="+", metavar="INPUT", type=Path, help="photos to sharpen")
    parser.add_argument(
        "--output", type=Path, metavar="FILE|FOLDER", help="where to save; default: beside each photo"
    )
    parser.add_argument("--engine", choices=("local", "cloud"), default="local", help="default: local, free")
    fields = parser.add_argument_group("settings", "a setting that is left out has the engine's default")
    for param in schema.params:
        _add_field(fields, param)
    parser.add_argument("--overwrite", action="store_true", help="replace files that are there already")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line for each photo")
    _add_money(parser.add_argument_group("the paid service", "only with --engine cloud"))
    return parser


def _add_money(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--yes", action="store_true", help="agree to sending the photos")
    group.add_argument(
        "--max-cost",
        type=_dollars,
        metavar="USD",
        help="send nothing that would take the cost of this call above this; the limit for 24 hours that is set in "
        "the window holds as well",
    )
    group.add_argument(
        "--again",
        action="store_true",
        help="pay again for photos whose results are stored, or whose earlier runs may have been charged",
    )


def _dollars(text: str) -> float:
    """Return an amount of money; ArgumentTypeError, which argparse tells, when it is none."""
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not (math.isfinite(amount) and amount >= 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no amount in dollars, such as 1.50")
    return amount


def _add_field(group: "argparse._ArgumentGroup", param: Param) -> None:
    option = f"--{param.name.replace('_', '-')}"
    text = f"{param.help} ({param.limits})".replace("%", "%%")
    if param.kind is Kind.SWITCH:
        group.add_argument(
            option, dest=param.name, action=argparse.BooleanOptionalAction, default=None, help=text
        )
    elif param.kind in (Kind.NUMBER, Kind.INTEGER):
        group.add_argument(option, dest=param.name, type=float, metavar="X", help=text)
    elif param.kind is Kind.CHOICE:
        group.add_argument(option, dest=param.name, metavar="NAME", help=text)


def settings_from(schema: ModelSchema, words: argparse.Namespace) -> Settings:
    """Return the settings the words ask for; ValueRefused naming a field and its limits."""
    settings = defaults(schema)
    for param in schema.params:
        given: Value | None = getattr(words, param.name, None)
        if given is not None:
            settings = settings.replaced(param.name, check(param, given))
    return settings


def diagnose(words: Sequence[str]) -> int:
    """Do what the words after ``diagnose`` ask for and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="sharpen-desktop diagnose",
        description="Tell what is the matter with photos, how far that is to be trusted, and which mode suits them. "
        "Everything is measured on this computer; nothing is changed or sent.",
        allow_abbrev=False,
    )
    parser.add_argument("inputs", nargs="+", metavar="FILE", type=Path, help="photos to look at")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line for each photo")
    wishes = parser.parse_args(words)
    from sharpen_desktop.headless.diagnosing import diagnose_all

    return diagnose_all(wishes.inputs, is_json=wishes.json)


def run(words: Sequence[str]) -> int:
    """Do what the words after ``run`` ask for and return the exit status."""
    from sharpen_desktop.services.schema_file import load_schema

    schema = load_schema()
    parser = run_parser(schema)
    wishes = parser.parse_args(words)
    try:
        settings = settings_from(schema, wishes)
    except ValueRefused as error:
        parser.error(error.headline)
    if wishes.engine == "cloud" and not wishes.yes:
        count = len(wishes.inputs)
        parser.error(
            f"this may send {count} {'picture' if count == 1 else 'pictures'} to the cloud service, which "
            "costs money; what is paid for already is not sent again. Nothing was sent. Add --yes to agree."
        )
    if (
        wishes.output is not None
        and len(wishes.inputs) > 1
        and wishes.output.suffix
        and not os.path.isdir(wishes.output)
    ):
        parser.error("--output names one file, but there are several photos; name a folder")
    from sharpen_desktop.headless.call import sharpen_all

    return sharpen_all(schema, settings, wishes)
