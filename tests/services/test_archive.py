"""What was paid for stays: the journal, the store and the answers agree whatever fails between them."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from support.full_disk import memory_disk
from support.nth_operation import Outcome, every_fault
from support.paid_runs import NOW_S, PHOTO, run_of, way_to

from sharpen_desktop.app import ports
from sharpen_desktop.core.errors import CloudError, JournalFailed, SaveFailed
from sharpen_desktop.core.jobs import WaitingPhoto
from sharpen_desktop.core.money import Spending
from sharpen_desktop.core.paid import PaidRun, Stage
from sharpen_desktop.core.settings import Settings
from sharpen_desktop.services.archive import DELETED, Archive
from sharpen_desktop.services.journal import Journal
from sharpen_desktop.services.result_store import ResultStore

__all__ = ["memory_disk"]

PICTURE = b"picture" * 1000
DAY_S = 86_400.0


class House:
    """An archive with its parts, as the composition puts them together."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers = folder / "answers"
        self.store = ResultStore(folder / "results")
        self.journal = Journal(folder / "journal", lambda: NOW_S, self.store.sidecars)
        self.archive = Archive(self.journal, self.store, self.answers, lambda: NOW_S)

    async def bought(self, run_id: str, data: bytes = PICTURE, *, is_noted: bool = True) -> PaidRun:
        """Do what the engine does for a run, to its end."""
        await self.journal.add(run_of(run_id))
        await self.journal.step(run_id, Stage.SENDING)
        self.answers.mkdir(exist_ok=True)
        answer = self.answers / f"{run_id}.json"
        answer.write_bytes(b"{}")
        run = await self.journal.step(run_id, Stage.ANSWERED, answer=str(answer), cost_usd=0.105)
        run = await self.journal.step(run_id, Stage.DOWNLOADING)
        part = self.store.folder / f"{run_id}-1.part"
        part.parent.mkdir(exist_ok=True)
        part.write_bytes(data)
        file = self.store.keep(part, ".png", run)
        run = await self.journal.step(run_id, Stage.STORED, files=(str(file),))
        if is_noted:
            self.store.write_sidecar(run)
        return run


def living(folder: Path, scene: Callable[[House], Awaitable[Any]]) -> Any:
    """Play a scene in the house, from its opening to its close."""

    async def all_of_it() -> Any:
        house = House(folder)
        try:
            await house.archive.open()
            return await scene(house)
        finally:
            await house.journal.close()

    return asyncio.run(all_of_it())


def files_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def test_the_archive_is_what_the_controller_asks_for(tmp_path):
    async def scene(house: House) -> None:
        port: ports.Archive = house.archive
        await house.bought("one")
        await house.journal.add(run_of("two", quote_usd=0.5))
        assert await port.of_photo(PHOTO) == await port.runs()
        assert [each.run_id for each in await port.runs(1)] == ["two"]
        assert [each.run_id for each in await port.open_runs()] == ["two"]
        assert await port.spending(NOW_S - DAY_S) == Spending(0.105, 0.5, 0)
        assert await port.size_bytes() > len(PICTURE)
        photo = WaitingPhoto("/a.jpg", "cloud", Settings((("mode", "Strong"),)))
        await port.keep_queue([photo])
        assert await port.kept_queue() == (photo,)

    living(tmp_path, scene)


# Whatever fails


@pytest.mark.fault(47)
def test_whichever_disk_operation_fails_a_paid_result_is_in_the_store_or_can_still_be_fetched(
    memory_disk, injected
):
    reached: dict[Path, list[str]] = {}

    def prepare(folder: Path) -> None:
        async def scene(house: House) -> None:
            await house.journal.add(run_of("one"))
            await house.journal.step("one", Stage.SENDING)
            await house.journal.step(
                "one", Stage.ANSWERED, answer=str(house.answers / "one.json"), cost_usd=0.105
            )
            await house.journal.step("one", Stage.DOWNLOADING)
            house.answers.mkdir()
            (house.answers / "one.json").write_bytes(b"{}")
            house.store.folder.mkdir()
            (house.store.folder / "one-1.part").write_bytes(PICTURE)

        living(folder, scene)

    async def collecting(folder: Path) -> None:
        house = House(folder)
        try:
            run = await house.journal.run("one")
            file = house.store.keep(house.store.folder / "one-1.part", ".png", run)
            reached[folder].append("kept")
            run = await house.journal.step("one", Stage.STORED, files=(str(file),))
            reached[folder].append("stored")
            house.store.write_sidecar(run)
            reached[folder].append("noted")
        finally:
            await house.journal.close()

    def scenario(folder: Path) -> None:
        reached[folder] = []
        asyncio.run(collecting(folder))

    def check(folder: Path, outcome: Outcome) -> None:
        assert isinstance(outcome.error, CloudError | JournalFailed | SaveFailed | None), repr(outcome.error)
        assert (outcome.error is None) == ("noted" in reached[folder])
        run = living(folder, lambda house: house.journal.run("one"))
        results = ResultStore(folder / "results")
        assert run.cost_usd == 0.105
        assert (folder / "answers" / "one.json").exists()
        if "stored" in reached[folder]:
            assert run.stage is Stage.STORED
        if run.stage is Stage.STORED:
            assert Path(run.files[0]).read_bytes() == PICTURE
            assert results.sidecars() == [run]  # the next start has written what was missing
        else:
            assert run.stage is Stage.DOWNLOADING
            pictures = [*results.folder.glob("*.png"), *results.folder.glob("*.part")]
            assert any(file.read_bytes() == PICTURE for file in pictures if "one.json" not in file.name)

    tally = every_fault(memory_disk, scenario, check, prepare=prepare)
    injected(tally.faults)
    assert tally.faults > 100


def test_a_record_that_a_crash_has_kept_from_being_written_is_written_at_the_next_start(tmp_path):
    run = living(tmp_path, lambda house: house.bought("one", is_noted=False))
    living(tmp_path, lambda house: house.archive.runs())
    assert ResultStore(tmp_path / "results").sidecars() == [run]


@pytest.mark.fault(60)
def test_a_lost_journal_is_made_from_the_records_beside_the_results(tmp_path):
    async def scene(house: House) -> tuple[PaidRun, ...]:
        await house.bought("one")
        await house.bought("two", b"other")
        await house.archive.saved("one", "/photos/summer-sharp.jpg")
        return await house.archive.runs()

    runs = living(tmp_path, scene)
    for file in (tmp_path / "journal").rglob("*"):
        if file.is_file():
            file.unlink()

    async def again(house: House) -> None:
        assert set(await house.archive.runs()) == set(runs)
        assert (await house.archive.spending(0)).spent_usd == 0.21

    living(tmp_path, again)


def test_opening_says_what_was_wrong(tmp_path):
    living(tmp_path, lambda house: house.bought("one"))
    (tmp_path / "journal" / "database" / "journal.sqlite3").write_bytes(b"garbage" * 1000)

    async def scene() -> str:
        house = House(tmp_path)
        said = await house.archive.open()
        await house.journal.close()
        return said

    assert "was damaged and has been put together again, with 1 run." in asyncio.run(scene())
    assert asyncio.run(scene()) == ""


# Saving


@pytest.mark.fault(78)
def test_a_saved_result_stays_in_the_store_when_the_users_file_is_gone(tmp_path):
    async def scene(house: House) -> None:
        run = await house.bought("one")
        saved = house.folder / "summer-sharp.jpg"
        saved.write_bytes(b"jpeg")
        await house.archive.saved("one", str(saved))
        saved.unlink()
        kept = await house.journal.run("one")
        assert (kept.stage, kept.saved_to, kept.files) == (Stage.SAVED, str(saved), run.files)
        assert [file.read_bytes() for file in house.store.folder.glob("*.png")] == [PICTURE]
        assert house.store.sidecars() == [kept]
        await house.archive.saved("one", "/elsewhere.jpg")
        assert (await house.journal.run("one")).saved_to == "/elsewhere.jpg"

    living(tmp_path, scene)


def test_a_save_of_a_run_the_journal_has_no_result_of_is_logged(tmp_path, caplog):
    async def scene(house: House) -> None:
        await house.journal.add(run_of("one"))
        for name in ("one", "none"):
            await house.archive.saved(name, "/photos/a.jpg")
        assert (await house.journal.run("one")).stage is Stage.PREPARED

    living(tmp_path, scene)
    assert caplog.text.count("the journal knows no result") == 2


def test_a_record_that_cannot_be_written_keeps_no_save_from_being_noted(tmp_path, monkeypatch, caplog):
    def refuse(_run: PaidRun) -> None:
        raise SaveFailed("The disk is full.")

    async def scene(house: House) -> None:
        await house.bought("one")
        monkeypatch.setattr(house.store, "write_sidecar", refuse)
        await house.archive.saved("one", "/photos/a.jpg")
        assert (await house.journal.run("one")).stage is Stage.SAVED

    living(tmp_path, scene)
    assert "could not be written: The disk is full." in caplog.text


# Deleting


def test_discarding_deletes_picture_answer_and_record_and_leaves_row_and_cost(tmp_path):
    async def scene(house: House) -> None:
        await house.bought("one")
        other = await house.bought("two", b"other")
        (house.answers / "one.part").write_bytes(b"half")
        (house.store.folder / "one-1.part.facts").write_bytes(b"{}")
        await house.archive.discard("one")
        run = await house.journal.run("one")
        assert (run.stage, run.files, run.answer, run.problem) == (Stage.STORED, (), "", DELETED)
        assert run.cost_usd == 0.105
        assert (await house.archive.spending(0)).spent_usd == 0.21
        assert files_in(house.answers) == ["two.json"]
        assert files_in(house.store.folder) == sorted(
            [Path(other.files[0]).name, f"{Path(other.files[0]).name}.two.json"]
        )
        await house.archive.discard("one")

    living(tmp_path, scene)


@pytest.mark.parametrize("stage", Stage)
def test_a_run_in_any_stage_can_be_discarded_unless_it_may_be_at_the_service(tmp_path, stage):
    async def scene(house: House) -> None:
        await house.journal.add(run_of("one"))
        for each in way_to(stage):
            await house.journal.step("one", each)
        house.answers.mkdir()
        answer = house.answers / "one.json"
        answer.write_bytes(b"{}")
        before = await house.journal.note("one", answer=str(answer), cost_usd=0.1)
        await house.archive.discard("one")
        run = await house.journal.run("one")
        if stage in {Stage.PREPARED, Stage.SENDING}:
            assert run == before
            assert answer.exists()
            return
        ended = {Stage.ANSWERED: Stage.PAID_UNREADABLE, Stage.DOWNLOADING: Stage.PAID_UNREADABLE}
        assert (run.stage, run.answer, run.cost_usd) == (ended.get(stage, stage), "", 0.1)
        assert not answer.exists()

    living(tmp_path, scene)


def test_discarding_leaves_a_picture_of_another_run_whose_record_was_never_written(tmp_path):
    async def scene(house: House) -> None:
        await house.bought("one")
        await house.bought("two", is_noted=False)
        for sidecar in house.store.folder.glob("*.two.*json"):
            sidecar.unlink()
        await house.archive.discard("one")
        assert [file.read_bytes() for file in house.store.folder.glob("*.png")] == [PICTURE]

    living(tmp_path, scene)


def test_discarding_what_cannot_be_deleted_is_told_and_can_be_tried_again(tmp_path, monkeypatch):
    async def scene(house: House) -> None:
        run = await house.bought("one")
        with monkeypatch.context() as patch:
            patch.setattr(os, "unlink", _refused)
            with pytest.raises(JournalFailed, match="could be deleted \\(there is no permission"):
                await house.archive.discard("one")
        assert (await house.journal.run("one")).files == run.files
        await house.archive.discard("one")
        assert files_in(house.store.folder) == []

    living(tmp_path, scene)


def _refused(path: object, **_: object) -> None:
    raise PermissionError(13, "no", path)


def test_discarding_a_run_nobody_knows_is_harmless(tmp_path):
    living(tmp_path, lambda house: house.archive.discard("none"))


def test_a_discarded_result_does_not_come_back_with_a_lost_journal(tmp_path):
    async def scene(house: House) -> None:
        await house.bought("one")
        await house.archive.discard("one")

    living(tmp_path, scene)
    (tmp_path / "journal" / "database" / "journal.sqlite3").unlink()
    (run,) = living(tmp_path, lambda house: house.archive.runs())
    assert (run.files, run.answer, run.problem) == ((), "", DELETED)


# What is left over


def test_what_was_half_received_goes_after_a_month_when_no_run_needs_it(tmp_path):
    async def scene(house: House) -> None:
        await house.bought("done")
        for run_id, stage in (("open", Stage.UNKNOWN), ("lost", Stage.LOST)):
            await house.journal.add(run_of(run_id))
            for each in way_to(stage):
                await house.journal.step(run_id, each)

    living(tmp_path, scene)
    old, young = NOW_S - 31 * DAY_S, NOW_S - 29 * DAY_S
    laid_down = {
        "answers/open.part": old,
        "answers/lost.part": old,
        "answers/lost.json": old,
        "answers/young.part": young,
        "results/open-2.part": old,
        "results/open-2.part.facts": old,
        "results/lost-1.part": old,
        "results/lost-1.part.facts": old,
        "results/lost-1.b64": old,
        "results/lost-1.plain": old,
        "results/opener-1.part": old,
        "results/run-of-old.png": old,
        "results/.a.png.x.json.0.part": old,
    }
    for name, when_s in laid_down.items():
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (when_s, when_s))
    living(tmp_path, lambda house: house.archive.runs())
    assert {name for name in laid_down if (tmp_path / name).exists()} == {
        "answers/open.part",
        "answers/lost.json",
        "answers/young.part",
        "results/open-2.part",
        "results/open-2.part.facts",
        "results/run-of-old.png",
    }
    assert len(list((tmp_path / "results").glob("*.png"))) == 2


def test_pictures_and_their_records_are_never_taken_for_what_is_left_over(tmp_path):
    living(tmp_path, lambda house: house.bought("one"))
    before = files_in(tmp_path / "results")
    for file in (tmp_path / "results").iterdir():
        os.utime(file, (0, 0))
    living(tmp_path, lambda house: house.archive.runs())
    assert files_in(tmp_path / "results") == before
