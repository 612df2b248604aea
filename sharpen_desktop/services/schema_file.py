"""The bundled model schema, and where the bundled resources lie."""

import json
from pathlib import Path

from sharpen_desktop.core.schema import ModelSchema, parse_model

MODEL_FILE = "topaz-labs-sharpen"


def resources_folder() -> Path:
    """Return the folder of bundled resources: inside an installed package, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def load_schema(folder: Path | None = None) -> ModelSchema:
    """Return the model described in ``folder`` (default: the bundled one).

    Raises SchemaUnusable when the file describes no picture request, OSError or ValueError when a file is
    missing or damaged: both are part of the program, so neither can happen to a complete installation.
    """
    place = folder or resources_folder() / "schema"
    openapi = json.loads((place / f"{MODEL_FILE}.json").read_text(encoding="utf-8"))
    overlay = json.loads((place / f"{MODEL_FILE}.overlay.json").read_text(encoding="utf-8"))
    return parse_model(openapi, overlay)
