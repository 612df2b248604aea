"""Where the result of a photo is saved, found out before anything is sharpened or sent."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from sharpen_desktop.core import naming
from sharpen_desktop.core.errors import SaveFailed


@dataclass(frozen=True, slots=True)
class Targets:
    """``output``: what the user named, a file or a folder; ``taken``: what this call has written so far."""

    output: Path | None
    may_overwrite: bool
    taken: set[Path] = field(default_factory=set)

    def find(self, path: Path, format_name: str) -> Path:
        """Return where the result of the photo ``path`` goes; SaveFailed when it cannot be written there.

        ``format_name``: the photo's format as people name it. Reads the disk.
        """
        output = self.output
        target = output if output is not None and _names_a_file(output) else None
        folder = target.parent if target else output or path.parent
        _make_writable(folder)
        if target is None:
            name = naming.suggested_name(
                path.name, naming.format_for("same", format_name), lambda each: self._is_taken(folder / each)
            )
            target = folder / name
        else:
            self._check_file(target, path)
        self.taken.add(target)
        return target

    def _is_taken(self, target: Path) -> bool:
        is_ours = any(str(target).casefold() == str(each).casefold() for each in self.taken)
        return is_ours or (not self.may_overwrite and os.path.lexists(target))

    def _check_file(self, output: Path, path: Path) -> None:
        if naming.format_of_name(output.name) is None:
            known = ", ".join(naming.SUFFIX_OF_FORMAT.values())
            raise SaveFailed(f"{output.name} has an ending that cannot be written. Known: {known}.")
        if not _is_there(output) or self.may_overwrite:
            return
        if output.samefile(path):
            raise SaveFailed(f"{output.name} is the photo itself. Add --overwrite to replace it.")
        raise SaveFailed(f"{output} is there already. Add --overwrite to replace it.")


def _is_there(output: Path) -> bool:
    try:
        output.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        why = error.strerror or type(error).__name__
        raise SaveFailed(
            f"{output.name[:60]} is no name to save under ({why}). Nothing was sharpened."
        ) from error
    return True


def _names_a_file(output: Path) -> bool:
    return not os.path.isdir(output) and (bool(output.suffix) or os.path.exists(output))


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise SaveFailed(f"The folder {folder} cannot be written to. Nothing was sharpened.")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SaveFailed(f"The folder {folder} cannot be made ({reason}). Nothing was sharpened.") from error
