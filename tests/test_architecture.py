"""What holds for the code as a whole: who may know whom, what is never called, what a start loads."""

import ast
import dataclasses
import importlib
import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

import sharpen_desktop

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sharpen_desktop"
MODULES = sorted(PACKAGE.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

QT = {"PySide6", "shiboken6", "qasync"}
PIXELS = {"numpy", "scipy", "cv2", "PIL", "tifffile", "imagecodecs"}
OUTSIDE = {"httpx", "exiv2", "pebble"}

DIALOGS = {"QMessageBox": {"question", "warning", "information", "critical", "about", "aboutQt"}}
CHOOSERS = re.compile(r"QFileDialog\.get|QInputDialog\.get|QColorDialog\.get|QFontDialog\.get")
ASYNC_SLOTS = {"asyncSlot", "asyncClose"}
QT_THREADS = {"QThread", "QRunnable", "QThreadPool"}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "stuff"}


def name_of(path):
    """Return a module's dotted name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules_of(*packages):
    return [name_of(path) for path in MODULES if path.relative_to(PACKAGE).parts[0] in packages]


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


# Who may know whom


def test_dependencies_point_one_way_and_every_contract_is_kept():
    tool = Path(sysconfig.get_path("scripts")) / ("lint-imports.exe" if os.name == "nt" else "lint-imports")
    done = subprocess.run(
        [tool, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    kept = len(PROJECT["tool"]["importlinter"]["contracts"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {kept} kept, 0 broken." in done.stdout


def test_every_module_stands_in_a_layer():
    layers = {"core", "engine", "services", "app", "ui"}
    roots = {"__init__", "__main__", "cli", "headless", "main", "window_life", "window_start"}
    assert {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES} == layers | roots


# What a start loads


def loaded_by(modules):
    """Return the top-level packages that a fresh interpreter has loaded after importing ``modules``."""
    code = f"""
import importlib, json, sys
for name in {modules!r}:
    importlib.import_module(name)
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_core_loads_nothing_but_the_standard_library():
    assert loaded_by(modules_of("core")) & (QT | PIXELS | OUTSIDE | {"asyncio", "sqlite3"}) == set()


def test_core_engine_services_app_and_the_job_without_a_window_load_no_qt():
    assert loaded_by(modules_of("core", "engine", "services", "app", "headless")) & QT == set()


def test_what_asks_the_processes_loads_no_pixel_library_itself():
    asking = ("local_engine", "outfit", "pictures", "study", "workers")
    assert loaded_by([f"sharpen_desktop.services.{name}" for name in asking]) & PIXELS == set()
    assert loaded_by(["sharpen_desktop.headless.diagnosing"]) & PIXELS == set()


def test_the_engine_loads_no_network_and_no_files():
    assert loaded_by(modules_of("engine")) & (QT | OUTSIDE | {"PIL", "tifffile"}) == set()


@pytest.mark.parametrize(
    "module",
    [
        "sharpen_desktop.cli",
        "sharpen_desktop.main",
        "sharpen_desktop.window_start",
        "sharpen_desktop.window_life",
    ],
)
def test_the_command_line_and_the_composition_root_load_nothing_heavy_by_themselves(module):
    assert loaded_by([module]) & (QT | PIXELS | (OUTSIDE - {"pebble"})) == set()


def test_the_window_loads_no_network_and_no_pixel_library():
    loaded = loaded_by([*modules_of("ui"), "sharpen_desktop.window_life"])
    assert "PySide6" in loaded
    assert loaded & (PIXELS | (OUTSIDE - {"pebble"})) == set()


# What is never called


def calls_of(tree):
    """Yield every call in a module as written, without its arguments, and the line it stands in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def banned(path):
    """Return the banned calls of a module, each with its line."""
    found = []
    is_start = path.name in {"__main__.py", "cli.py"}
    for call, line in calls_of(tree_of(path)):
        owner, _, method = call.rpartition(".")
        if (
            (method in {"exec", "exec_"} and owner and not owner.lower().endswith("drag"))
            or method == "processEvents"
            or method in DIALOGS.get(owner.rpartition(".")[2], ())
            or CHOOSERS.search(call)
            or call in {"asyncSlot", "asyncClose", "qasync.asyncSlot", "qasync.asyncClose"}
            or (call in {"app.exit", "qApp.exit", "QApplication.exit", "QCoreApplication.exit"})
            or (call in {"sys.exit", "exit"} and not is_start)
        ):
            found.append(f"{path.name}:{line} {call}")
    return found


def test_nothing_blocks_the_loop_or_ends_the_program_from_within():
    assert [each for path in MODULES for each in banned(path)] == []


@pytest.mark.parametrize(
    "line",
    [
        "dialog.exec()",
        "self.dialog.exec_()",
        "QMessageBox.question(self, 'a', 'b')",
        "QtWidgets.QMessageBox.critical(self, 'a', 'b')",
        "QFileDialog.getOpenFileName(self)",
        "QFileDialog.getSaveFileName(self)",
        "QApplication.processEvents()",
        "loop.processEvents()",
        "sys.exit(1)",
        "app.exit(0)",
        "QApplication.exit(0)",
        "@asyncSlot()\nasync def clicked(): ...",
        "@qasync.asyncClose\nasync def closeEvent(): ...",
    ],
)
def test_the_rule_finds_what_it_is_for(tmp_path, line):
    path = tmp_path / "window.py"
    path.write_text(line, encoding="utf-8")
    if line.startswith("@qasync.asyncClose"):
        assert names_of(tree_of(path)) & ASYNC_SLOTS
    else:
        assert banned(path) or names_of(tree_of(path)) & ASYNC_SLOTS


def test_dragging_out_of_the_window_is_the_one_exception(tmp_path):
    path = tmp_path / "window.py"
    path.write_text("drag.exec(Qt.DropAction.CopyAction)", encoding="utf-8")
    assert banned(path) == []


def names_of(tree):
    """Return every name a module speaks, imported ones as well."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.alias):
            names.add(node.name.rpartition(".")[2])
    return names


def test_no_slot_is_a_coroutine_and_no_thread_is_qts():
    for path in MODULES:
        assert names_of(tree_of(path)) & (ASYNC_SLOTS | QT_THREADS) == set(), path


def test_nothing_sleeps_but_in_a_thread_of_its_own():
    """``time.sleep`` stands only where it is marked as meant; never in the window's own layers."""
    for path in MODULES:
        source = path.read_text(encoding="utf-8").splitlines()
        slept = [line for call, line in calls_of(tree_of(path)) if call in {"time.sleep", "sleep"}]
        is_outside = path.relative_to(PACKAGE).parts[0] in {"services", "engine"}
        assert all(is_outside and "noqa: TID251" in source[line - 1] for line in slept), f"{path}:{slept}"


def test_no_catch_takes_everything_in_silence():
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{path}:{node.lineno}: a bare except"
                is_wide = ast.unparse(node.type) in {"Exception", "BaseException"}
                is_passed_on = any(isinstance(each, ast.Raise | ast.Call) for each in ast.walk(node))
                assert not is_wide or is_passed_on, f"{path}:{node.lineno}"


def test_the_values_of_core_and_the_ports_can_not_be_changed():
    found = []
    for name in [*modules_of("core"), "sharpen_desktop.app.ports"]:
        module = importlib.import_module(name)
        found += [each for each in vars(module).values() if dataclasses.is_dataclass(each)]
    assert len(found) > 20
    for each in found:
        assert each.__dataclass_params__.frozen, each
        assert "__slots__" in vars(each), each


# Names and docstrings


def test_no_module_has_a_name_that_says_nothing():
    parts = {part for path in MODULES for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert parts & EMPTY_NAMES == set()
    assert not [
        part for part in parts if part.endswith(("_utils", "_helpers", "_common", "_misc", "_manager"))
    ]


def test_every_module_says_in_a_sentence_what_it_is():
    for path in MODULES:
        text = ast.get_docstring(tree_of(path))
        assert text, path
        assert text.split("\n\n")[0].rstrip().endswith((".", "?", "!", ":", "…")), path


@pytest.mark.parametrize("layer", ["core", "engine", "services", "app", "ui"])
def test_every_layer_begins_with_its_rule_and_holds_nothing_else(layer):
    tree = tree_of(PACKAGE / layer / "__init__.py")
    assert ast.get_docstring(tree).startswith("RULE: ")
    assert len(tree.body) == 1


def test_every_folder_of_code_is_a_package():
    assert {path.parent for path in MODULES} == {path.parent for path in PACKAGE.rglob("__init__.py")}


# One place for each fact


def test_the_version_stands_in_one_place():
    assert re.fullmatch(r"\d+\.\d+\.\d+([.a-z0-9]+)?", sharpen_desktop.__version__)
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert "version" not in PROJECT["project"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "sharpen_desktop/__init__.py"
    others = [path for path in MODULES if path != PACKAGE / "__init__.py"]
    quoted = re.compile(rf"[\"']v?{re.escape(sharpen_desktop.__version__)}[\"']")
    assert [path.name for path in others if quoted.search(path.read_text(encoding="utf-8"))] == []
    assert [path.name for path in others if "__version__ =" in path.read_text(encoding="utf-8")] == []


def test_the_licence_is_named_once_and_its_text_is_there():
    assert PROJECT["project"]["license"] == "GPL-3.0-or-later"
    assert not [each for each in PROJECT["project"]["classifiers"] if each.startswith("License")]
    for name in PROJECT["project"]["license-files"]:
        if not (ROOT / name).exists():
            pytest.skip(f"{name} is not there yet")
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "GNU GENERAL PUBLIC LICENSE" in text
        assert "Version 3" in text


def test_the_readme_names_the_command_that_the_checks_run():
    readme, checks = ROOT / "README.md", ROOT / ".ci" / "run"
    if not readme.exists():
        pytest.skip("there is no README.md yet")
    blocks = re.findall(r"^```\w*\n(.*?)^```", readme.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    commands = [line.strip() for block in blocks for line in block.splitlines() if "pytest" in line]
    assert commands, "no command in the README runs the tests"
    script = checks.read_text(encoding="utf-8")
    assert [command for command in commands if command in script], f"{checks} runs none of {commands}"


def test_every_script_of_the_project_leads_to_a_function():
    for target in PROJECT["project"]["scripts"].values():
        module, _, function = target.partition(":")
        assert callable(getattr(importlib.import_module(module), function))


# The window's library


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_calls_that_return_nothing_do_not_use_up_the_references_of_none():
    """PySide6 6.12.0 loses one for each call; some thousand calls later the process aborts."""
    code = """
import sys
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel()
label.setText("warm")
before = sys.getrefcount(None)
for number in range(200):
    label.setText("text")
print(sys.getrefcount(None) - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > -100
