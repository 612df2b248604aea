"""The installed package, away from the checkout: everything it needs came with it."""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution

import pytest

LOOK = """
import json, sys
from pathlib import Path
import sharpen_desktop
from sharpen_desktop.engine import nets
from sharpen_desktop.services.outfit import sample_photo
from sharpen_desktop.services.schema_file import load_schema, resources_folder
from sharpen_desktop.ui import resources
home = Path(sharpen_desktop.__file__).parent
assert resources_folder() == resources.folder() == home / "resources", resources_folder()
assert nets.folder() == home / "resources" / "nets"
assert load_schema().model == "topaz-labs/sharpen"
assert sample_photo(resources_folder()).stat().st_size > 10_000
for file in sorted(resources_folder().rglob("*")):
    if file.is_file():
        assert file.read_bytes(), file
print(home)
"""


def test_every_resource_comes_with_the_installed_package(tmp_path):
    try:
        files = distribution("sharpen-desktop").files or []
    except PackageNotFoundError:
        pytest.skip("not installed: this is a bare checkout")
    if not any(str(file).endswith("topaz-labs-sharpen.json") for file in files):
        pytest.skip("installed as a link to the checkout")
    done = subprocess.run(
        [sys.executable, "-P", "-c", LOOK], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "site-packages" in done.stdout
