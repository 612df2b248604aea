"""The store of paid results: pictures named by their content, and beside each who paid for it.

A sidecar is the run's record as JSON, ``<picture's name>.<run's id>.json``, and ``….kept.json`` until the journal
has noted the result. A lost journal is made from them, and a picture that several runs have come to stays until the
last of them is discarded.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock

from sharpen_desktop.core.errors import Charge, CloudError, SaveFailed
from sharpen_desktop.core.paid import PaidRun, from_json, to_json
from sharpen_desktop.services.durable import make_folder, synced_file, synced_folder
from sharpen_desktop.services.durable import replace as renamed
from sharpen_desktop.services.safe_file import reason, write_bytes_whole

log = logging.getLogger(__name__)


class ResultStore:
    """The store in ``folder``. Its methods block, and may be called from several threads at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._lock = Lock()

    def keep(self, part: Path, extension: str, run: PaidRun) -> Path:
        """Make the finished file ``part`` a result of ``run`` and return where it is now, safe against a power cut.

        ``extension`` with its full stop. The run is written down beside the picture before that is in place, so that
        discarding another run with the same picture leaves it. CloudError when the disk does not take it;
        ``part`` is then where it was.
        """
        try:
            with self._lock:
                return self._kept(part, extension, run)
        except (OSError, SaveFailed) as error:
            cause = error if isinstance(error, OSError) else error.__cause__
            why = reason(cause) if isinstance(cause, OSError) else str(error)
            raise CloudError(
                f"The sharpened photo could not be stored ({why}).",
                detail=str(cause),
                charge=Charge.BILLED,
                retryable=True,
                request_id=run.request_id or run.reference,
            ) from error

    def write_sidecar(self, run: PaidRun) -> None:
        """Write the run down beside its first picture, whole or not at all; SaveFailed when the disk refuses.

        Nothing is done for a run without a picture.
        """
        if run.files:
            with self._lock:
                self._write(self._sidecar(run), run)
                for old in self._sidecars_of(run.run_id) - {self._sidecar(run)}:
                    with suppress(OSError):
                        old.unlink()

    def has_sidecar(self, run: PaidRun) -> bool:
        """Return whether the run was written down beside its first picture with ``write_sidecar``."""
        return bool(run.files) and self._sidecar(run).exists()

    def sidecars(self) -> list[PaidRun]:
        """Return the runs that are written down beside results; what cannot be read is left out."""
        runs: dict[str, PaidRun] = {}
        for file in self._files("*.json"):
            run = self._read(file)
            if run is not None:
                runs[run.run_id] = max(runs.get(run.run_id, run), run, key=_knowledge)
        return list(runs.values())

    def size_bytes(self) -> int:
        """Return how much everything in the store takes up."""
        total = 0
        for file in self._files("*"):
            with suppress(OSError):
                total += file.stat().st_size
        return total

    def discard(self, run: PaidRun) -> None:
        """Delete the run's sidecar and those of its pictures that no other run names; OSError when one stays."""
        with self._lock:
            for sidecar in self._sidecars_of(run.run_id):
                sidecar.unlink(missing_ok=True)
            needed = {Path(name).name for other in self.sidecars() for name in other.files}
            for name in {Path(name).name for name in run.files} - needed:
                (self.folder / name).unlink(missing_ok=True)
            if self.folder.exists():
                synced_folder(self.folder)

    def _kept(self, part: Path, extension: str, run: PaidRun) -> Path:
        make_folder(self.folder)
        synced_file(part)
        digest = _sha256(part)
        target = self.folder / f"{digest}{extension}"
        kept = replace(run, files=(*run.files, str(target)))
        self._write(self.folder / f"{target.name}.{run.run_id}.kept.json", kept)
        if target.exists() and _sha256(target) == digest:
            part.unlink()
        else:
            renamed(part, target)
        synced_folder(self.folder)
        return target

    def _sidecar(self, run: PaidRun) -> Path:
        return self.folder / f"{Path(run.files[0]).name}.{run.run_id}.json"

    def _sidecars_of(self, run_id: str) -> set[Path]:
        endings = (f".{run_id}.json", f".{run_id}.kept.json")
        return {file for file in self._files("*.json") if file.name.endswith(endings)}

    def _files(self, pattern: str) -> Iterator[Path]:
        return self.folder.glob(pattern)

    def _write(self, sidecar: Path, run: PaidRun) -> None:
        write_bytes_whole(sidecar, json.dumps(to_json(run), indent=1).encode())

    def _read(self, sidecar: Path) -> PaidRun | None:
        """Return the run of a sidecar; its pictures are those beside it, also when the folder was moved."""
        try:
            run = from_json(json.loads(sidecar.read_text("utf-8")))
        except (OSError, ValueError, RecursionError) as error:
            log.warning("%s cannot be read: %s", sidecar, error)
            return None
        beside = (self.folder / Path(name).name for name in run.files)
        files = (str(here) if here.exists() else name for here, name in zip(beside, run.files, strict=True))
        return replace(run, files=tuple(files))


def _knowledge(run: PaidRun) -> tuple[bool, float, int]:
    """Return what is compared when a run was written down beside several of its pictures."""
    return run.has_result, run.changed_s, len(run.files)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
