"""The command line: opens the window, or does the same job without one. Qt is imported only for a window."""

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path

import sharpen_desktop

EPILOG = (
    "“sharpen-desktop run --help” shows how to sharpen files without a window, "
    "“sharpen-desktop diagnose --help” how to learn what is the matter with them."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments ask for and return the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] in (["run"], ["diagnose"]):
        from sharpen_desktop.headless import words as without_window

        do = without_window.run if words[0] == "run" else without_window.diagnose
        return do(words[1:])
    files = _window_parser().parse_args(words).files
    gc.disable()  # as open_window says; loading it is a good part of the start
    from sharpen_desktop.main import open_window

    return open_window([Path(file).absolute() for file in files])


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sharpen-desktop", description="Takes the blur out of photographs.", epilog=EPILOG
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="photos or folders to open in the window")
    parser.add_argument("--version", action="version", version=sharpen_desktop.__version__)
    return parser
