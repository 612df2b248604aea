"""Paid results are stored by content, safe against a power cut, with the run's record beside each."""

import errno
import hashlib
import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.full_disk import fill, give_room, memory_folder, small_disk
from support.nth_operation import FileOperations
from support.paid_runs import any_run, run_of

from sharpen_desktop.core.errors import Charge, CloudError, SaveFailed
from sharpen_desktop.core.paid import PaidRun, Stage
from sharpen_desktop.services.result_store import ResultStore

__all__ = ["small_disk"]

PICTURE = b"picture" * 1000
OTHER = b"another" * 1000


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    return ResultStore(tmp_path / "results")


def part(store: ResultStore, data: bytes = PICTURE) -> Path:
    """A finished download beside the results."""
    store.folder.mkdir(parents=True, exist_ok=True)
    file = store.folder / "run-1.part"
    file.write_bytes(data)
    return file


def bought(store: ResultStore, run_id: str, *pictures: bytes, stage: Stage = Stage.STORED) -> PaidRun:
    """Keep pictures as the engine does and write the run down beside the first."""
    run = run_of(run_id, Stage.DOWNLOADING)
    files = tuple(str(store.keep(part(store, data), ".png", run)) for data in pictures)
    run = replace(run, stage=stage, files=files)
    store.write_sidecar(run)
    return run


def names(store: ResultStore, ending: str = "") -> list[str]:
    return sorted(file.name for file in store.folder.iterdir() if file.name.endswith(ending))


def test_a_result_is_named_by_its_content_and_only_the_record_lies_beside_it(store):
    came = part(store)
    file = store.keep(came, ".png", run_of("one"))
    digest = hashlib.sha256(PICTURE).hexdigest()
    assert file == store.folder / f"{digest}.png"
    assert file.read_bytes() == PICTURE
    assert names(store) == [f"{digest}.png", f"{digest}.png.one.kept.json"]


def test_the_same_content_is_kept_once_for_several_runs(store):
    first, second = bought(store, "one", PICTURE), bought(store, "two", PICTURE)
    assert first.files == second.files
    assert len(names(store, ".png")) == 1
    assert {run.run_id for run in store.sidecars()} == {"one", "two"}


def test_a_file_of_that_name_with_other_content_is_replaced(store):
    (run,) = [bought(store, "one", PICTURE)]
    Path(run.files[0]).write_bytes(b"rotten")
    store.keep(part(store), ".png", run)
    assert Path(run.files[0]).read_bytes() == PICTURE


@pytest.mark.fault(47)
def test_everything_is_on_the_disk_before_its_name_is_and_the_name_before_the_call_returns(store):
    came = part(store)
    with FileOperations() as files:
        store.keep(came, ".png", run_of("one"))
    order = [name for name in files.seen if name in {"fsync", "replace"}]
    # the picture; the record, its name, its folder; the picture's name, its folder
    assert order == ["fsync", "fsync", "replace", "fsync", "replace", "fsync"]


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_disk_that_cannot_confirm_keeps_results_all_the_same(store, code, monkeypatch):
    came = part(store)

    def refuse(_descriptor: int) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(os, "fsync", refuse)
    assert store.keep(came, ".png", run_of("one")).read_bytes() == PICTURE


def test_a_disk_that_fails_to_confirm_is_told_and_what_came_stays(store, monkeypatch):
    came = part(store)

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(os, "fsync", refuse)
    run = run_of("one", request_id="theirs")
    with pytest.raises(CloudError, match=r"could not be stored \(the disk reported an error\)\.") as failed:
        store.keep(came, ".png", run)
    assert (failed.value.charge, failed.value.request_id) == (Charge.BILLED, "theirs")
    assert came.read_bytes() == PICTURE


@pytest.mark.fault(52)
@pytest.mark.parametrize("small_disk", [512], indirect=True)
def test_a_result_that_does_not_fit_stays_where_it_came_and_is_stored_when_there_is_room(
    small_disk, tmp_path
):
    store = ResultStore(small_disk / "results")
    came = part(store)
    fill(small_disk)
    with pytest.raises(CloudError, match="the disk is full") as failed:
        store.keep(came, ".png", run_of("one"))
    assert failed.value.charge is Charge.BILLED
    assert came.read_bytes() == PICTURE
    assert store.sidecars() == []
    with pytest.raises(SaveFailed, match="the disk is full"):
        store.write_sidecar(run_of("one", Stage.STORED, files=("a.png",)))
    give_room(small_disk)
    assert store.keep(came, ".png", run_of("one")).read_bytes() == PICTURE
    assert not came.exists()


@settings(max_examples=40)
@given(
    run=any_run(
        files=st.lists(st.sampled_from(["a.png", "b.tif", "c.jpg"]), min_size=1, unique=True).map(tuple)
    )
)
def test_a_run_is_read_from_its_sidecar_as_it_was_written(run):
    with memory_folder() as folder:
        store = ResultStore(folder)
        assert not store.has_sidecar(run)
        store.write_sidecar(run)
        assert store.has_sidecar(run)
        assert store.sidecars() == [run]
        assert names(store) == [f"{run.files[0]}.{run.run_id}.json"]


def test_a_run_without_a_picture_has_no_sidecar(store):
    store.write_sidecar(run_of("one"))
    assert not store.folder.exists()
    assert not store.has_sidecar(run_of("one"))
    assert store.sidecars() == []
    assert store.size_bytes() == 0


def test_a_run_with_several_pictures_is_written_down_once(store):
    run = bought(store, "one", PICTURE, OTHER)
    assert len(names(store, ".json")) == 1
    assert store.sidecars() == [run]


def test_a_kept_picture_names_its_run_before_the_journal_has_noted_it(store):
    run = run_of("one", Stage.DOWNLOADING)
    file = store.keep(part(store), ".png", run)
    kept = replace(run, files=(str(file),))
    assert store.sidecars() == [kept]
    assert not store.has_sidecar(kept)
    store.write_sidecar(replace(kept, stage=Stage.STORED))
    assert names(store, ".json") == [f"{file.name}.one.json"]


def test_of_two_records_of_a_run_the_one_with_the_result_counts(store):
    run = bought(store, "one", PICTURE)
    store.keep(part(store, OTHER), ".png", replace(run, stage=Stage.DOWNLOADING, files=(), changed_s=9e9))
    assert len(names(store, ".json")) == 2
    assert store.sidecars() == [run]


def test_sidecars_know_their_pictures_after_the_folder_was_moved(store, tmp_path):
    run = bought(store, "one", PICTURE, OTHER)
    store.folder.rename(tmp_path / "moved")
    (moved,) = ResultStore(tmp_path / "moved").sidecars()
    assert moved == replace(run, files=tuple(str(tmp_path / "moved" / Path(file).name) for file in run.files))


def test_a_sidecar_outlives_its_picture(store):
    run = bought(store, "one", PICTURE)
    Path(run.files[0]).unlink()
    assert store.sidecars() == [run]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", "{}", "[" * 100_000, '{"run_id": "x", "stage": "gone"}', "\udcff"]
)
def test_a_sidecar_that_cannot_be_read_is_left_out_and_left_alone(store, text, caplog):
    run = bought(store, "one", PICTURE)
    bad = store.folder / "bad.png.two.json"
    bad.write_bytes(text.encode(errors="surrogateescape"))
    assert store.sidecars() == [run]
    assert "bad.png.two.json" in caplog.text
    assert bad.exists()


def test_results_of_before_there_was_a_journal_are_counted_and_kept(store):
    store.folder.mkdir(parents=True)
    old = store.folder / "run-of-old.png"
    old.write_bytes(PICTURE)
    assert store.size_bytes() == len(PICTURE)
    store.discard(bought(store, "one", OTHER))
    assert names(store) == ["run-of-old.png"]


def test_the_size_is_that_of_everything_in_the_store(store):
    bought(store, "one", PICTURE, OTHER)
    assert store.size_bytes() == sum(file.stat().st_size for file in store.folder.iterdir()) > 14_000


def test_discarding_deletes_the_pictures_and_the_record(store):
    run = bought(store, "one", PICTURE, OTHER)
    store.discard(run)
    assert names(store) == []
    store.discard(run)


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_discarding_leaves_pictures_that_another_run_has_paid_for(store, order):
    runs = {"one": bought(store, "one", PICTURE, OTHER), "two": bought(store, "two", OTHER)}
    store.discard(runs[order[0]])
    assert all(Path(file).exists() for file in runs[order[1]].files)
    assert store.sidecars() == [runs[order[1]]]
    store.discard(runs[order[1]])
    assert names(store) == []


def test_discarding_leaves_a_picture_whose_run_is_not_yet_noted_as_stored(store):
    old = bought(store, "old", PICTURE)
    again = store.keep(part(store), ".png", run_of("again", Stage.DOWNLOADING))
    store.discard(old)
    assert again.read_bytes() == PICTURE


def test_discarding_touches_nothing_outside_the_store(store, tmp_path):
    outside = tmp_path / "photo.jpg"
    outside.write_bytes(PICTURE)
    store.discard(run_of("one", Stage.STORED, files=(str(outside), "../photo.jpg")))
    assert outside.exists()


def test_results_that_come_at_the_same_time_are_all_kept(store):
    store.folder.mkdir(parents=True)
    runs, threads = [], []

    def buy(number: int) -> None:
        came = store.folder / f"run-{number}.part"
        came.write_bytes(PICTURE if number % 2 else OTHER)
        run = run_of(f"run-{number}", Stage.STORED)
        run = replace(run, files=(str(store.keep(came, ".png", run)),))
        store.write_sidecar(run)
        runs.append(run)
        if number % 3 == 0:
            store.discard(run)

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [run for run in runs if int(run.run_id[4:]) % 3]
    assert all(Path(run.files[0]).exists() for run in kept)
    assert {run.run_id for run in store.sidecars()} == {run.run_id for run in kept}


def test_a_sidecar_is_plain_json_a_person_can_read(store):
    bought(store, "one", PICTURE)
    (sidecar,) = store.folder.glob("*.json")
    record = json.loads(sidecar.read_text("utf-8"))
    assert (record["photo_name"], record["quote_usd"], record["stage"]) == ("summer.jpg", 0.11, "stored")
