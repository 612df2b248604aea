"""The bundled schema is found and read, from a checkout and from an installed package."""

import json
import shutil

import pytest

from sharpen_desktop.core.schema import SchemaUnusable
from sharpen_desktop.services import schema_file


def test_the_bundled_schema_describes_the_model():
    schema = schema_file.load_schema()
    assert schema.model == "topaz-labs/sharpen"
    assert schema.path == "/v1/images/generations"
    assert schema.param("strength").limits == "0.01–1"


def test_resources_beside_the_package_are_used_in_a_checkout():
    assert (schema_file.resources_folder() / "schema" / "topaz-labs-sharpen.json").is_file()


def test_resources_inside_the_package_are_used_when_installed(tmp_path, monkeypatch):
    inside = tmp_path / "sharpen_desktop" / "resources"
    inside.mkdir(parents=True)
    (tmp_path / "resources").mkdir()
    module = tmp_path / "sharpen_desktop" / "services" / "schema_file.py"
    monkeypatch.setattr(schema_file, "__file__", str(module))
    assert schema_file.resources_folder() == inside.resolve()


def test_another_folder_can_hold_a_changed_schema(tmp_path):
    for file in (schema_file.resources_folder() / "schema").iterdir():
        shutil.copy(file, tmp_path)
    place = tmp_path / "topaz-labs-sharpen.json"
    place.write_text(place.read_text(encoding="utf-8").replace('"minimum": 0.01', '"minimum": 0.2'))
    assert schema_file.load_schema(tmp_path).param("strength").minimum == 0.2


def test_a_file_that_describes_no_request_is_refused(tmp_path):
    (tmp_path / "topaz-labs-sharpen.json").write_text(json.dumps({"paths": {}}))
    (tmp_path / "topaz-labs-sharpen.overlay.json").write_text("{}")
    with pytest.raises(SchemaUnusable):
        schema_file.load_schema(tmp_path)
